//! The recordings as points: coloured, drawn, and found under the pointer.

use eframe::egui::{Mesh, Painter, Pos2, Rect, Shape, Stroke, Vec2};

use crate::{
    app::{
        context::PanelContext,
        memory::map::{Points, PointsKey},
        theme::Palette,
    },
    explore::layout::Layout,
    jobs::latent::encoded_set::EncodedSet,
};

/// Largest distance of the pointer from a point that it hits, in points.
const HIT_RADIUS: f32 = 9.0;
/// Up to this number, points are outlined discs; above it, small squares in one mesh.
const MAX_DISCS: usize = 6000;

/// Updates the cached colours and counts when map, classes, theme or filter changed.
pub fn update(context: &mut PanelContext<'_>, palette: &Palette, dark: bool) {
    let state = context.state;
    let key = PointsKey {
        generation: state.space.generation,
        label_pattern: state.library.label_pattern.clone(),
        hidden: context.memory.latent.map.hidden.clone(),
        dark,
    };
    if context.memory.latent.map.points.key.as_ref() == Some(&key) {
        return;
    }
    let mut points = Points::default();
    let rows = state.space.set.iter().flat_map(|set| &set.recordings);
    for listed in rows {
        let recording = state.library.recordings.get(listed.index);
        let class = recording.map_or("", |recording| recording.class.as_str());
        match points.classes.get_mut(class) {
            Some(count) => *count += 1,
            None => {
                points.classes.insert(class.to_owned(), 1);
            }
        }
        let colour = (!key.hidden.contains(class)).then(|| context.memory.classes.colour(palette, class));
        points.colours.push(colour);
    }
    points.key = Some(key);
    context.memory.latent.map.points = points;
}

/// Radius of a point on the screen, smaller for larger sets.
pub fn radius(count: usize) -> f32 {
    match count {
        0..=600 => 4.5,
        601..=MAX_DISCS => 3.0,
        6001..=30_000 => 2.0,
        _ => 1.5,
    }
}

/// Draws the visible points.
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
    let rows = map.points.colours.iter().enumerate().filter_map(|(row, colour)| Some((row, (*colour)?)));
    let places = rows
        .map(|(row, colour)| (map.view.to_screen(layout.place(row), rect), colour))
        .filter(|(at, _)| seen.contains(*at));
    if layout.len() <= MAX_DISCS {
        for (at, colour) in places {
            painter.circle_filled(at, radius + 1.0, colours.well);
            painter.circle_filled(at, radius, colour);
        }
    } else {
        let mut mesh = Mesh::default();
        for (at, colour) in places {
            mesh.add_colored_rect(Rect::from_center_size(at, Vec2::splat(2.0 * radius)), colour);
        }
        painter.add(Shape::mesh(mesh));
    }
    // Points chosen with the lasso are highlighted, on top.
    for row in map.chosen.iter().filter_map(|&recording| set.row_of(recording)) {
        let at = map.view.to_screen(layout.place(row), rect);
        if seen.contains(at) {
            painter.circle_stroke(at, radius + 2.0, Stroke::new(1.5, colours.text_strong));
        }
    }
}

/// The row of the point nearest to the pointer, within reach and not hidden.
pub fn under(pointer: Pos2, context: &PanelContext<'_>, layout: &Layout, rect: Rect) -> Option<usize> {
    let map = &context.memory.latent.map;
    let mut nearest = (HIT_RADIUS * HIT_RADIUS, None);
    for row in 0..layout.len() {
        let distance = map.view.to_screen(layout.place(row), rect).distance_sq(pointer);
        if distance < nearest.0 && map.points.shows(row) {
            nearest = (distance, Some(row));
        }
    }
    nearest.1
}
