//! The map's canvas: pointer and keyboard input, and requests for previews and the atlas.

use eframe::egui::{self, Id, Key, Modifiers, Rect, Response, Sense, Ui, Vec2};

use super::{drawing, lasso, points};
use crate::{
    app::{
        context::PanelContext,
        format,
        memory::map::{Drag, FittedView, HoveredRow, StillView},
        widgets::{described, escape, map_view::MapView, wheel_turn},
    },
    explore::layout::Layout,
    jobs::latent::encoded_set::EncodedSet,
    language::text,
    names::escaped,
    session::{Command, LatentCommand, LibraryCommand, space::SpaceCommand},
};

/// Seconds that the pointer rests on a point before its preview shows and plays.
const PREVIEW_DELAY_SECS: f64 = 0.12;
/// Seconds that the visible region must be still before its atlas is decoded.
const ATLAS_DELAY_SECS: f64 = 0.25;
/// Zoom factor of one press of + or −.
const KEY_ZOOM: f32 = 1.25;
/// Step of the arrow keys, as a part of the canvas.
const KEY_STEP: f32 = 0.02;

/// Draws the canvas with `size` points.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, size: Vec2) {
    let space = &context.state.space;
    let (Some(set), Some(layout)) = (space.set.clone(), space.layout.clone()) else { return };
    let rect = Rect::from_min_size(ui.cursor().min, size);
    let id = Id::unique("map");
    ui.allocate_rect(rect, Sense::hover());
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let name = text!("map-label", count = set.recordings.len());
    described::with_role(&response, egui::Role::Canvas, &name, &position(context));
    let map = &mut context.memory.latent.map;
    let is_fitted = map.fitted.is_some_and(|fitted| {
        fitted.generation == space.generation && fitted.canvas.is_none_or(|canvas| canvas == rect.size())
    });
    if !is_fitted {
        map.view = MapView::fitted(layout.bounds(), rect);
        map.fitted = Some(FittedView { generation: space.generation, canvas: Some(rect.size()) });
        map.chosen.retain(|&recording| set.row_of(recording).is_some());
    }
    let fitted = map.view;
    let hovered = response
        .hover_pos()
        .filter(|_| context.memory.latent.map.drag.is_none())
        .and_then(|pointer| points::under(pointer, context, &layout, rect));
    act(ui, context, &response, &set, &layout, hovered);
    let map = &mut context.memory.latent.map;
    if map.view != fitted {
        map.fitted = map.fitted.map(|fitted| FittedView { canvas: None, ..fitted });
    }
    rest(ui, context, &set, hovered);
    ask_atlas(ui, context, rect);
    drawing::paint(ui, context, &response, &set, &layout, hovered);
}

/// Where the vector is on the map, for screen readers.
fn position(context: &PanelContext<'_>) -> String {
    let decoded = context.state.latent.decoded.as_ref();
    let Some((decoded, [x, y])) = decoded.and_then(|decoded| Some((decoded, decoded.place?))) else {
        return text!("reader-map-nowhere");
    };
    let [x, y] = [x, y].map(|value| format::fixed(value, 2));
    let position = text!("reader-map-value", x = x, y = y);
    let nearest =
        decoded.nearest.first().and_then(|near| context.state.library.recordings.get(near.recording));
    match nearest {
        Some(near) => {
            text!("reader-map-nearest", position = position, name = escaped(&near.name).into_owned())
        }
        None => position,
    }
}

/// Handles clicks, drags, wheel and keys.
fn act(
    ui: &Ui,
    context: &mut PanelContext<'_>,
    response: &Response,
    set: &EncodedSet,
    layout: &Layout,
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
    drag(ui, context, response, set, layout);
    let takes_wheel = wheel_turn::is_for(ui, response.id, response.hover_pos().is_some());
    if let Some(pointer) = response.hover_pos() {
        // Consumed, so that a scroll area around the map does not move as well.
        let take = |wheel: &mut Vec2| if takes_wheel { std::mem::take(wheel) } else { Vec2::ZERO };
        let (wheel, pinch) = ui.input_mut(|input| (take(&mut input.smooth_scroll_delta), input.zoom_delta()));
        let factor = (wheel.y / 200.0).exp() * if modifiers.command { 1.0 } else { pinch };
        if (factor - 1.0).abs() > f32::EPSILON {
            context.memory.latent.map.view.zoom(factor, pointer, rect);
        }
    }
    keys(ui, context, response);
}

fn drag(ui: &Ui, context: &mut PanelContext<'_>, response: &Response, set: &EncodedSet, layout: &Layout) {
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
        let is_taken_back = escape::ends_drag(response);
        let map = &mut context.memory.latent.map;
        map.drag = None;
        match drag {
            Drag::Play if is_taken_back => context.send(LatentCommand::TakeBackDrag),
            Drag::Play => context.send(LatentCommand::EndDrag),
            Drag::Pan => {}
            // What was chosen before stays.
            Drag::Lasso if is_taken_back => map.lasso.clear(),
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
    if map.hovered.map(|known| known.row) != hovered {
        map.hovered = hovered.map(|row| HoveredRow { row, since_secs: now });
        map.previewed = false;
    }
    let Some(HoveredRow { row, since_secs }) = map.hovered.filter(|_| !map.previewed) else { return };
    if now - since_secs < PREVIEW_DELAY_SECS {
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
    if map.still.view != map.view {
        map.still = StillView { view: map.view, since_secs: now };
    }
    if !map.shows_atlas {
        return;
    }
    let region = map.view.region(rect);
    if context.state.space.atlas_asked == Some(region) {
        return;
    }
    if now - map.still.since_secs < ATLAS_DELAY_SECS {
        ui.request_repaint_after(std::time::Duration::from_secs_f64(ATLAS_DELAY_SECS));
    } else {
        context.send(Command::Space(SpaceCommand::ShowAtlas(Some(region))));
    }
}
