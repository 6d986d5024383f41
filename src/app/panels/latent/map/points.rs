//! The recordings as points: drawn, and found under the pointer.

use eframe::egui::{Painter, Pos2, Rect, Stroke};

use crate::{
    app::{theme::Palette, window::PanelContext},
    explore::layout::Layout,
    jobs::encoded_set::EncodedSet,
};

/// Farthest from a point's middle at which the pointer still finds it.
const REACH: f32 = 9.0;

/// Radius of a point, in points of the screen: many points are drawn small.
pub fn radius(count: usize) -> f32 {
    match count {
        0..=600 => 4.5,
        601..=6000 => 3.0,
        6001..=30_000 => 2.0,
        _ => 1.5,
    }
}

/// Draws the points that are in sight and not filtered out.
pub fn draw(
    painter: &Painter,
    context: &PanelContext<'_>,
    (set, layout): (&EncodedSet, &Layout),
    rect: Rect,
    colours: &Palette,
) {
    let map = &context.memory.latent.map;
    let radius = radius(layout.len());
    let seen = rect.expand(radius);
    let recordings = &context.state.library.recordings;
    let outlined = layout.len() <= 6000;
    for (row, listed) in set.recordings.iter().enumerate() {
        let at = map.view.to_screen(layout.place(row), rect);
        if !seen.contains(at) {
            continue;
        }
        let class = recordings.get(listed.index).map_or("", |recording| recording.class.as_str());
        if map.hidden.contains(class) {
            continue;
        }
        let colour = context.memory.classes.colour(colours, class);
        if outlined {
            painter.circle_filled(at, radius + 1.0, colours.well);
        }
        painter.circle_filled(at, radius, colour);
    }
    // What was chosen with the lasso stands out, above all others.
    for row in map.chosen.iter().filter_map(|&recording| set.row_of(recording)) {
        let at = map.view.to_screen(layout.place(row), rect);
        if seen.contains(at) {
            painter.circle_stroke(at, radius + 2.0, Stroke::new(1.5, colours.text_strong));
        }
    }
}

/// The row whose point is under the pointer, the nearest of several; filtered ones are not found.
pub fn under(
    pointer: Pos2,
    context: &PanelContext<'_>,
    (set, layout): (&EncodedSet, &Layout),
    rect: Rect,
) -> Option<usize> {
    let map = &context.memory.latent.map;
    let recordings = &context.state.library.recordings;
    let mut nearest = (REACH * REACH, None);
    for (row, listed) in set.recordings.iter().enumerate() {
        let distance = map.view.to_screen(layout.place(row), rect).distance_sq(pointer);
        if distance >= nearest.0 {
            continue;
        }
        let class = recordings.get(listed.index).map_or("", |recording| recording.class.as_str());
        if !map.hidden.contains(class) {
            nearest = (distance, Some(row));
        }
    }
    nearest.1
}
