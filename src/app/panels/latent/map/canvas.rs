//! The map's canvas: drawing, pointer and keyboard input.

use eframe::egui::{
    self, Color32, ColorImage, Id, Image, Key, Modifiers, Pos2, Rect, Response, Sense, Shape, Stroke,
    StrokeKind, TextureHandle, TextureOptions, Ui, Vec2, WidgetInfo,
};

use super::{lasso, points, view::MapView};
use crate::{
    app::{
        theme::{HALF_GAP, ROUNDING, palette},
        window::PanelContext,
    },
    explore::layout::Layout,
    inspect::{colour_map::ColourMap, thumbnail::Thumbnail},
    jobs::latent::encoded_set::EncodedSet,
    names::escaped,
    session::{Command, LatentCommand, LibraryCommand, space::SpaceCommand, state::Source},
};

/// Seconds that the pointer rests on a point before its preview shows and plays.
const PREVIEW_DELAY_SECS: f64 = 0.12;
/// Seconds that the visible region must be still before its atlas is decoded.
const ATLAS_DELAY_SECS: f64 = 0.25;
/// Size of the preview image at the pointer, in points.
const PREVIEW: Vec2 = Vec2::new(128.0, 96.0);
/// Zoom factor of one press of + or −.
const KEY_ZOOM: f32 = 1.25;
/// Step of the arrow keys, as a part of the canvas.
const KEY_STEP: f32 = 0.02;
/// Radius of the ring at the vector's position.
const RING: f32 = 9.0;

/// What a drag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drag {
    /// Decodes the vector under the pointer.
    Play,
    /// Moves the visible region.
    Pan,
    /// Draws a lasso.
    Lasso,
}

/// Draws the canvas with `size` points.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, size: Vec2) {
    let space = &context.state.space;
    let (Some(set), Some(layout)) = (space.set.clone(), space.layout.clone()) else { return };
    let rect = Rect::from_min_size(ui.cursor().min, size);
    let id = Id::unique("map");
    ui.allocate_rect(rect, Sense::hover());
    let response = ui.interact(rect, id, Sense::click_and_drag());
    response.widget_info(|| {
        WidgetInfo::labeled(egui::Role::Canvas, true, format!("Map of {} recordings", set.recordings.len()))
    });
    let map = &mut context.memory.latent.map;
    let is_fitted = map.fitted.is_some_and(|(generation, canvas)| {
        generation == space.generation && canvas.is_none_or(|canvas| canvas == rect.size())
    });
    if !is_fitted {
        map.view = MapView::fitted(layout.bounds(), rect);
        map.fitted = Some((space.generation, Some(rect.size())));
        map.chosen.retain(|&recording| set.row_of(recording).is_some());
    }
    let fitted = map.view;
    let hovered = response
        .hover_pos()
        .filter(|_| context.memory.latent.map.drag.is_none())
        .and_then(|pointer| points::under(pointer, context, &layout, rect));
    act(ui, context, &response, (&set, &layout), hovered);
    let map = &mut context.memory.latent.map;
    if map.view != fitted {
        map.fitted = map.fitted.map(|(generation, _)| (generation, None));
    }
    rest(ui, context, &set, hovered);
    ask_atlas(ui, context, rect);
    paint(ui, context, &response, (&set, &layout), hovered);
}

/// Handles clicks, drags, wheel and keys.
fn act(
    ui: &Ui,
    context: &mut PanelContext<'_>,
    response: &Response,
    (set, layout): (&EncodedSet, &Layout),
    hovered: Option<usize>,
) {
    let rect = response.rect;
    let modifiers = ui.input(|input| input.modifiers);
    if response.double_clicked() && hovered.is_none() {
        context.memory.latent.map.fitted = None;
        return;
    }
    if response.clicked()
        && let Some(pointer) = response.interact_pointer_pos()
    {
        response.request_focus();
        if let Some(listed) = hovered.and_then(|row| set.recordings.get(row)) {
            context.send(LibraryCommand::Select(listed.index));
            context.send(LatentCommand::EncodeRecording(listed.index));
        } else {
            let place = context.memory.latent.map.view.to_map(pointer, rect);
            context.send(Command::Space(SpaceCommand::MoveTo(place)));
        }
    }
    drag(ui, context, response, (set, layout));
    if let Some(pointer) = response.hover_pos() {
        let (wheel, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
        let factor = (wheel / 200.0).exp() * if modifiers.command { 1.0 } else { pinch };
        if (factor - 1.0).abs() > f32::EPSILON {
            context.memory.latent.map.view.zoom(factor, pointer, rect);
        }
    }
    keys(ui, context, response);
}

fn drag(ui: &Ui, context: &mut PanelContext<'_>, response: &Response, (set, layout): (&EncodedSet, &Layout)) {
    let rect = response.rect;
    if response.drag_started() {
        let (secondary, shift) = ui.input(|input| {
            (input.pointer.secondary_down() || input.pointer.middle_down(), input.modifiers.shift)
        });
        let drag = if secondary {
            Drag::Pan
        } else if shift {
            Drag::Lasso
        } else {
            Drag::Play
        };
        context.memory.latent.map.drag = Some(drag);
        // The lasso begins where the button was pressed, not where the movement became a drag.
        let press = ui.input(|input| input.pointer.press_origin());
        let map = &mut context.memory.latent.map;
        map.lasso.clear();
        map.lasso.extend(press.map(|press| map.view.to_map(press, rect)));
        if drag == Drag::Play {
            context.send(LatentCommand::BeginDrag);
        }
    }
    let Some(drag) = context.memory.latent.map.drag else { return };
    if let Some(pointer) = response.interact_pointer_pos() {
        let place = context.memory.latent.map.view.to_map(pointer, rect);
        let moved = response.drag_delta() != Vec2::ZERO || response.drag_started();
        match drag {
            Drag::Play if moved => context.send(Command::Space(SpaceCommand::MoveTo(place))),
            Drag::Pan => context.memory.latent.map.view.pan(response.drag_delta()),
            Drag::Lasso if moved => context.memory.latent.map.lasso.push(place),
            Drag::Play | Drag::Lasso => {}
        }
    }
    if response.drag_stopped() || !response.dragged() {
        let map = &mut context.memory.latent.map;
        map.drag = None;
        match drag {
            Drag::Play => context.send(LatentCommand::EndDrag),
            Drag::Pan => {}
            Drag::Lasso => {
                let corners = std::mem::take(&mut map.lasso);
                map.chosen = (0..set.recordings.len())
                    .filter(|&row| map.points.shows(row) && lasso::encloses(&corners, layout.place(row)))
                    .map(|row| set.recordings[row].index)
                    .collect();
            }
        }
    }
}

/// With the keyboard focus on the map, arrow keys move the vector and + and − zoom.
fn keys(ui: &Ui, context: &mut PanelContext<'_>, response: &Response) {
    if !response.has_focus() {
        return;
    }
    let arrows = egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    let rect = response.rect;
    let (mut by, mut zoom) = (Vec2::ZERO, 1.0_f32);
    ui.input_mut(|input| {
        let none = Modifiers::NONE;
        for (key, step) in [
            (Key::ArrowLeft, Vec2::LEFT),
            (Key::ArrowRight, Vec2::RIGHT),
            (Key::ArrowUp, Vec2::UP),
            (Key::ArrowDown, Vec2::DOWN),
        ] {
            by += step * input.count_and_consume_key(none, key) as f32;
        }
        for (key, factor) in [(Key::Plus, KEY_ZOOM), (Key::Equals, KEY_ZOOM), (Key::Minus, 1.0 / KEY_ZOOM)] {
            zoom *= factor.powi(input.count_and_consume_key(none, key) as i32);
        }
    });
    let map = &mut context.memory.latent.map;
    if (zoom - 1.0).abs() > f32::EPSILON {
        map.view.zoom(zoom, rect.center(), rect);
    }
    if by != Vec2::ZERO
        && let Some(place) = context.state.latent.decoded.as_ref().and_then(|decoded| decoded.place)
    {
        let at = map.view.to_screen(place, rect) + by * rect.size().min_elem() * KEY_STEP;
        let place = map.view.to_map(at, rect);
        context.send(Command::Space(SpaceCommand::MoveTo(place)));
    }
}

/// Requests image and sound of the recording that the pointer rests on.
fn rest(ui: &Ui, context: &mut PanelContext<'_>, set: &EncodedSet, hovered: Option<usize>) {
    let now = ui.input(|input| input.time);
    let map = &mut context.memory.latent.map;
    if map.hovered.map(|(row, _)| row) != hovered {
        map.hovered = hovered.map(|row| (row, now));
        map.previewed = false;
    }
    let Some((row, since)) = map.hovered.filter(|_| !map.previewed) else { return };
    if now - since < PREVIEW_DELAY_SECS {
        ui.request_repaint_after(std::time::Duration::from_secs_f64(PREVIEW_DELAY_SECS));
        return;
    }
    map.previewed = true;
    // A looping sound is not interrupted.
    let heard = map.hears && !context.state.latent.looping;
    if let Some(listed) = set.recordings.get(row) {
        context.send(Command::Space(SpaceCommand::Preview { recording: listed.index, heard }));
    }
}

/// Requests the atlas of the visible region once that is still.
fn ask_atlas(ui: &Ui, context: &mut PanelContext<'_>, rect: Rect) {
    let now = ui.input(|input| input.time);
    let map = &mut context.memory.latent.map;
    if map.still_since.0 != map.view {
        map.still_since = (map.view, now);
    }
    if !map.shows_atlas {
        return;
    }
    let region = map.view.region(rect);
    if context.state.space.atlas_asked == Some(region) {
        return;
    }
    if now - map.still_since.1 < ATLAS_DELAY_SECS {
        ui.request_repaint_after(std::time::Duration::from_secs_f64(ATLAS_DELAY_SECS));
    } else {
        context.send(Command::Space(SpaceCommand::ShowAtlas(Some(region))));
    }
}

fn paint(
    ui: &Ui,
    context: &mut PanelContext<'_>,
    response: &Response,
    (set, layout): (&EncodedSet, &Layout),
    hovered: Option<usize>,
) {
    let (rect, colours) = (response.rect, palette(ui));
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, ROUNDING, colours.well);
    paint_atlas(ui, context, &painter, rect);
    points::draw(&painter, context, (set, layout), rect, colours);
    let map = &context.memory.latent.map;
    let view = map.view;
    let vectors = set.vectors();
    // Dropped or recorded sounds are squares.
    for guest in &context.state.space.guests {
        if guest.vector.len() == vectors.vectors().ncols() {
            let place = layout.place_of(&ndarray::Array1::from(guest.vector.clone()), vectors);
            let square = Rect::from_center_size(view.to_screen(place, rect), Vec2::splat(10.0));
            painter.rect(square, 1.0, colours.frame, Stroke::new(1.0, colours.well), StrokeKind::Outside);
        }
    }
    paint_slots(ui, context, &painter, (set, layout), rect);
    if let Some(place) = context.state.latent.decoded.as_ref().and_then(|decoded| decoded.place) {
        let at = view.to_screen(place, rect);
        painter.circle_stroke(at, RING, Stroke::new(3.0, colours.well));
        painter.circle_stroke(at, RING, Stroke::new(1.5, colours.text_strong));
        painter.circle_filled(at, 1.5, colours.text_strong);
    }
    if let Some((Source::Preview(recording) | Source::Recording(recording), _)) =
        context.state.playback.playing
        && let Some(row) = set.row_of(recording)
    {
        let at = view.to_screen(layout.place(row), rect);
        painter.circle_stroke(at, points::radius(layout.len()) + 4.0, Stroke::new(1.5, colours.accent));
    }
    if map.lasso.len() > 1 {
        let line: Vec<Pos2> = map.lasso.iter().map(|&place| view.to_screen(place, rect)).collect();
        painter.add(Shape::closed_line(line, Stroke::new(1.5, colours.accent)));
    }
    painter.rect_stroke(rect, ROUNDING, Stroke::new(1.0, colours.border), StrokeKind::Inside);
    if response.has_focus() {
        painter.rect_stroke(rect, ROUNDING, Stroke::new(1.0, colours.accent), StrokeKind::Inside);
    }
    match hovered {
        Some(row) => tooltip(ui, context, response, (set, row)),
        None if !response.dragged() && context.state.latent.decoded.is_none() => {
            response.clone().on_hover_text("Drag to hear sounds between the recordings");
        }
        None => {}
    }
}

/// The slots A, B and C at their positions, and the path from A to B.
fn paint_slots(
    ui: &Ui,
    context: &PanelContext<'_>,
    painter: &egui::Painter,
    (set, layout): (&EncodedSet, &Layout),
    rect: Rect,
) {
    let colours = palette(ui);
    let view = context.memory.latent.map.view;
    let places = context.state.space.travel.slots.each_ref().map(|slot| {
        let named = slot.as_ref().filter(|named| named.vector.len() == set.vectors().vectors().ncols())?;
        let place = layout.place_of(&ndarray::Array1::from(named.vector.clone()), set.vectors());
        Some(view.to_screen(place, rect))
    });
    if let [Some(a), Some(b), _] = places {
        painter.extend(Shape::dashed_line(&[a, b], Stroke::new(1.0, colours.text_weak), 5.0, 4.0));
    }
    let font = egui::TextStyle::Body.resolve(ui.style());
    for (place, name) in places.into_iter().zip(["A", "B", "C"]) {
        if let Some(at) = place {
            painter.circle(at, RING, colours.card, Stroke::new(1.5, colours.accent));
            painter.text(at, egui::Align2::CENTER_CENTER, name, font.clone(), colours.text_strong);
        }
    }
}

fn paint_atlas(ui: &Ui, context: &mut PanelContext<'_>, painter: &egui::Painter, rect: Rect) {
    let (Some(atlas), true) = (context.state.space.atlas.clone(), context.memory.latent.map.shows_atlas)
    else {
        return;
    };
    let colour_map = context.state.settings.colour_map;
    let map = &mut context.memory.latent.map;
    let key = (std::sync::Arc::as_ptr(&atlas) as usize, colour_map);
    let texture = match &map.atlas {
        Some((known, texture)) if *known == key => texture.clone(),
        _ => {
            let texture =
                ui.load_texture("atlas", coloured(&atlas.picture, colour_map), TextureOptions::LINEAR);
            map.atlas = Some((key, texture.clone()));
            texture
        }
    };
    let [low, high] = atlas.region;
    let area = Rect::from_two_pos(map.view.to_screen(low, rect), map.view.to_screen(high, rect));
    let whole = Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(1.0, 1.0));
    // Dimmed, so that the points stand out.
    painter.image(texture.id(), area, whole, Color32::from_white_alpha(170));
}

fn coloured(picture: &Thumbnail, map: ColourMap) -> ColorImage {
    let table = map.table().map(|[r, g, b]| Color32::from_rgb(r, g, b));
    let pixels = picture.values.iter().map(|&value| table[usize::from(value)]).collect();
    ColorImage::new([picture.width, picture.height], pixels)
}

/// Tooltip with name, class and image of the recording under the pointer.
fn tooltip(ui: &Ui, context: &mut PanelContext<'_>, response: &Response, (set, row): (&EncodedSet, usize)) {
    let Some(recording) = set
        .recordings
        .get(row)
        .and_then(|listed| Some((listed.index, context.state.library.recordings.get(listed.index)?)))
    else {
        return;
    };
    let (index, recording) = recording;
    let picture = preview_texture(ui, context, index);
    response.clone().on_hover_ui_at_pointer(|ui| {
        ui.spacing_mut().item_spacing.y = HALF_GAP;
        ui.strong(escaped(&recording.name));
        if !recording.class.is_empty() {
            ui.label(format!("Class {}", escaped(&recording.class)));
        }
        match &picture {
            Some(texture) => {
                ui.add(Image::new((texture.id(), PREVIEW)));
            }
            None => {
                ui.allocate_space(PREVIEW);
            }
        }
        ui.small("Click to go there");
    });
}

fn preview_texture(ui: &Ui, context: &mut PanelContext<'_>, recording: usize) -> Option<TextureHandle> {
    let (shown, thumbnail) = context.state.space.preview.as_ref().filter(|(shown, _)| *shown == recording)?;
    let key = (*shown, context.state.settings.colour_map);
    let map = &mut context.memory.latent.map;
    if map.preview.as_ref().is_none_or(|(known, _)| *known != key) {
        let texture = ui.load_texture("preview", coloured(thumbnail, key.1), TextureOptions::LINEAR);
        map.preview = Some((key, texture));
    }
    map.preview.as_ref().map(|(_, texture)| texture.clone())
}
