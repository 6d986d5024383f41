//! What the map's canvas shows: atlas, points, slots, the vector, and the tooltip of a recording.

use eframe::egui::{
    self, Color32, ColorImage, Image, Pos2, Rect, Response, Shape, Stroke, StrokeKind, TextureHandle,
    TextureOptions, Ui, Vec2,
};

use super::{errors, points};
use crate::{
    app::{
        context::PanelContext,
        memory::map::MapTexture,
        theme::{HALF_GAP, ROUNDING, palette},
    },
    explore::layout::Layout,
    inspect::{colour_map::ColourMap, thumbnail::Thumbnail},
    jobs::latent::encoded_set::EncodedSet,
    language::text,
    names::escaped,
    session::{space::travel::Slot, state::Source},
};

/// Size of the preview image at the pointer, in points.
const PREVIEW: Vec2 = Vec2::new(128.0, 96.0);
/// Radius of the ring at the vector's position.
const RING: f32 = 9.0;

/// Draws the canvas, with the tooltip of the recording under the pointer.
pub fn paint(
    ui: &Ui,
    context: &mut PanelContext<'_>,
    response: &Response,
    set: &EncodedSet,
    layout: &Layout,
    hovered: Option<usize>,
) {
    let (rect, colours) = (response.rect, palette(ui));
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, ROUNDING, colours.well);
    paint_atlas(ui, context, &painter, rect);
    points::draw(&painter, context, set, layout, rect, colours);
    let map = &context.memory.latent.map;
    let view = map.view;
    let vectors = set.vectors();
    // Dropped or recorded sounds are squares, empty ones where the model has trained further since.
    for guest in &context.state.space.guests {
        let vector = &guest.original.vector;
        if vector.len() == vectors.vectors().ncols() {
            let place = layout.place_of(&ndarray::Array1::from(vector.clone()), vectors);
            let square = Rect::from_center_size(view.to_screen(place, rect), Vec2::splat(10.0));
            if guest.is_earlier {
                painter.rect_stroke(square, 1.0, Stroke::new(1.5, colours.frame), StrokeKind::Inside);
            } else {
                painter.rect(square, 1.0, colours.frame, Stroke::new(1.0, colours.well), StrokeKind::Outside);
            }
        }
    }
    paint_slots(ui, context, &painter, set, layout, rect);
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
        Some(row) => tooltip(ui, context, response, set, row),
        None if !response.dragged() && context.state.latent.decoded.is_none() => {
            response.clone().on_hover_text(text!("map-drag-help"));
        }
        None => {}
    }
}

/// The slots A, B and C at their positions, and the path from A to B.
fn paint_slots(
    ui: &Ui,
    context: &PanelContext<'_>,
    painter: &egui::Painter,
    set: &EncodedSet,
    layout: &Layout,
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
    let travel = &context.state.space.travel;
    for (place, slot) in places.into_iter().zip(Slot::ALL) {
        if let Some(at) = place {
            let is_earlier = travel.are_earlier[slot as usize];
            let ring = if is_earlier { colours.warning } else { colours.accent };
            painter.circle(at, RING, colours.card, Stroke::new(1.5, ring));
            painter.text(at, egui::Align2::CENTER_CENTER, slot.name(), font.clone(), colours.text_strong);
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
    let source = std::sync::Arc::as_ptr(&atlas) as usize;
    let texture = match &map.atlas {
        Some(known) if known.shows(source, colour_map) => known.texture.clone(),
        _ => {
            let texture =
                ui.load_texture("atlas", coloured(&atlas.picture, colour_map), TextureOptions::LINEAR);
            map.atlas = Some(MapTexture { source, colour_map, texture: texture.clone() });
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
fn tooltip(ui: &Ui, context: &mut PanelContext<'_>, response: &Response, set: &EncodedSet, row: usize) {
    let Some(recording) = set
        .recordings
        .get(row)
        .and_then(|listed| Some((listed.index, context.state.library.recordings.get(listed.index)?)))
    else {
        return;
    };
    let (index, recording) = recording;
    let picture = preview_texture(ui, context, index);
    let measure = errors::measure_of(context, row);
    response.clone().on_hover_ui_at_pointer(|ui| {
        ui.spacing_mut().item_spacing.y = HALF_GAP;
        ui.strong(escaped(&recording.name));
        if !recording.class.is_empty() {
            ui.label(text!("map-class", class = escaped(&recording.class)));
        }
        if let Some(measure) = &measure {
            ui.label(measure);
        }
        match &picture {
            Some(texture) => {
                ui.add(Image::new((texture.id(), PREVIEW)));
            }
            None => {
                ui.allocate_space(PREVIEW);
            }
        }
        ui.small(text!("map-click-help"));
    });
}

fn preview_texture(ui: &Ui, context: &mut PanelContext<'_>, recording: usize) -> Option<TextureHandle> {
    let (shown, thumbnail) = context.state.space.preview.as_ref().filter(|(shown, _)| *shown == recording)?;
    let (source, colour_map) = (*shown, context.state.settings.colour_map);
    let map = &mut context.memory.latent.map;
    if map.preview.as_ref().is_none_or(|known| !known.shows(source, colour_map)) {
        let texture = ui.load_texture("preview", coloured(thumbnail, colour_map), TextureOptions::LINEAR);
        map.preview = Some(MapTexture { source, colour_map, texture });
    }
    map.preview.as_ref().map(|known| known.texture.clone())
}
