//! The recordings as points: coloured, drawn, and found under the pointer.

use eframe::egui::{Mesh, Painter, Pos2, Rect, Shape, Stroke, Vec2};
use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

use crate::{
    app::{
        context::PanelContext,
        memory::map::{ColourBy, Points, PointsKey},
        pictures::{textures::ColourScale, visible_colours::VisibleColours},
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
    let coloured_by = context.memory.latent.map.coloured_by;
    let key = PointsKey {
        generation: state.space.generation,
        label_pattern: state.library.label_pattern.clone(),
        hidden: context.memory.latent.map.hidden.clone(),
        dark,
        coloured_by,
        colour_map: state.settings.colour_map,
        has_errors: coloured_by == ColourBy::Error && state.space.errors.by_row.is_some(),
        // Only durations change while headers are read.
        unread: if coloured_by == ColourBy::Duration { state.library.unread } else { 0 },
    };
    if context.memory.latent.map.points.key.as_ref() == Some(&key) {
        return;
    }
    let mut points = Points::default();
    let rows = state.space.set.iter().flat_map(|set| &set.recordings);
    let values = measured(context);
    points.range = range_of(&values);
    points.exceeded = points.range.map_or((false, false), |range| exceeded(&values, range));
    points.scale = VisibleColours::on(palette.well, key.colour_map);
    for (row, listed) in rows.enumerate() {
        let recording = state.library.recordings.get(listed.index);
        let class = recording.map_or("", |recording| recording.class.as_str());
        match points.classes.get_mut(class) {
            Some(count) => *count += 1,
            None => {
                points.classes.insert(class.to_owned(), 1);
            }
        }
        let colour = match (key.coloured_by, points.range) {
            (ColourBy::Class, _) | (_, None) => context.memory.classes.colour(palette, class),
            (_, Some((low, high))) => values[row].map_or(palette.text_weak, |value| {
                points.scale.at(ColourScale::linear(low, high).position(value))
            }),
        };
        points.colours.push((!key.hidden.contains(class)).then_some(colour));
    }
    points.order = (0..points.colours.len()).collect();
    points.values = values;
    points.order.shuffle(&mut StdRng::seed_from_u64(0));
    points.key = Some(key);
    context.memory.latent.map.points = points;
}

/// The values of the measure that the colours show, by row; none for classes.
fn measured(context: &PanelContext<'_>) -> Vec<Option<f32>> {
    let state = context.state;
    let Some(set) = &state.space.set else { return Vec::new() };
    let rows = set.recordings.iter().zip(&set.measures);
    match context.memory.latent.map.coloured_by {
        ColourBy::Class => Vec::new(),
        ColourBy::Duration => rows
            .map(|(listed, _)| Some(state.library.recordings.get(listed.index)?.info?.duration_secs? as f32))
            .collect(),
        ColourBy::Level => rows.map(|(_, measures)| measures.level_db).collect(),
        ColourBy::Brightness => rows.map(|(_, measures)| measures.brightness_hz).collect(),
        ColourBy::Error => {
            state.space.errors.by_row.as_ref().map(|errors| errors.to_vec()).unwrap_or_default()
        }
    }
}

/// From the 2nd to the 98th percentile: a few extreme recordings do not take the colours from all others.
fn range_of(values: &[Option<f32>]) -> Option<(f32, f32)> {
    let mut known: Vec<f32> = values.iter().copied().flatten().collect();
    known.sort_by(f32::total_cmp);
    let at = |share: f64| known.get(((known.len() as f64 - 1.0) * share).round() as usize).copied();
    Some((at(0.02)?, at(0.98)?))
}

/// Whether values lie below and above `range`.
fn exceeded(values: &[Option<f32>], (low, high): (f32, f32)) -> (bool, bool) {
    let known = || values.iter().flatten();
    (known().any(|value| *value < low), known().any(|value| *value > high))
}

/// Opacity of a point: where many lie on each other, their number is seen.
fn opacity(count: usize) -> f32 {
    match count {
        0..=600 => 1.0,
        601..=MAX_DISCS => 0.75,
        _ => 0.5,
    }
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
    set: &EncodedSet,
    layout: &Layout,
    rect: Rect,
    colours: &Palette,
) {
    let map = &context.memory.latent.map;
    let radius = radius(layout.len());
    let seen = rect.expand(radius);
    let opacity = opacity(layout.len());
    let rows = map
        .points
        .order
        .iter()
        .filter_map(|&row| Some((row, (*map.points.colours.get(row)?)?.gamma_multiply(opacity))));
    let places = rows
        .map(|(row, colour)| (map.view.to_screen(layout.place(row), rect), colour))
        .filter(|(at, _)| seen.contains(*at));
    if layout.len() <= MAX_DISCS {
        for (at, colour) in places {
            if opacity == 1.0 {
                painter.circle_filled(at, radius + 1.0, colours.well);
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extreme_values_lie_beyond_the_colours_and_few_values_do_not() {
        let values: Vec<Option<f32>> = (0..100).map(|value| Some(value as f32)).chain([None]).collect();
        let range = range_of(&values).unwrap();
        assert_eq!((range, exceeded(&values, range)), ((2.0, 97.0), (true, true)));
        let few = [Some(1.0), None, Some(3.0)];
        let range = range_of(&few).unwrap();
        assert_eq!((range, exceeded(&few, range)), ((1.0, 3.0), (false, false)));
        assert_eq!(range_of(&[None]), None);
    }
}
