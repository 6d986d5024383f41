//! The legend of an image: its colours with values beside them.

use eframe::egui::{Align2, Color32, Mesh, Rect, Shape, Stroke, StrokeKind, Ui, pos2};

use super::marks::nice_step;
use crate::{
    app::{
        format,
        textures::ColourScale,
        theme::{self, palette},
    },
    inspect::colour_map::ColourMap,
};

const BAR_WIDTH: f32 = 10.0;
const STEPS: usize = 64;
/// Least distance of two figures, in points.
const FIGURE_DISTANCE: f32 = 26.0;

/// Paints the bar into `rect`, highest value on top, `unit` in the corner above the figures.
pub fn paint(ui: &Ui, rect: Rect, map: ColourMap, scale: ColourScale, unit: &str) {
    let colours = palette(ui);
    let bar = Rect::from_min_max(rect.min, pos2(rect.left() + BAR_WIDTH, rect.bottom()));
    ui.painter().add(gradient(bar, map));
    ui.painter().rect_stroke(bar, 0.0, Stroke::new(1.0, colours.border), StrokeKind::Outside);
    let font = theme::small_mono().resolve(ui.style());
    for value in figures(scale, rect.height()) {
        let y = bar.bottom() - scale.position(value as f32) * bar.height();
        ui.painter().hline(bar.right()..=bar.right() + 3.0, y, Stroke::new(1.0, colours.text_weak));
        let y = y.clamp(bar.top() + 6.0, bar.bottom() - 6.0);
        ui.painter().text(
            pos2(bar.right() + 6.0, y),
            Align2::LEFT_CENTER,
            format::tick(value),
            font.clone(),
            colours.text_weak,
        );
    }
    ui.painter().text(
        pos2(rect.left(), rect.bottom() + 6.0),
        Align2::LEFT_TOP,
        unit,
        eframe::egui::TextStyle::Small.resolve(ui.style()),
        colours.text_weak,
    );
}

fn gradient(bar: Rect, map: ColourMap) -> Shape {
    let mut mesh = Mesh::default();
    for step in 0..=STEPS {
        let part = step as f32 / STEPS as f32;
        let [r, g, b] = map.rgb(part);
        let y = bar.bottom() - part * bar.height();
        mesh.colored_vertex(pos2(bar.left(), y), Color32::from_rgb(r, g, b));
        mesh.colored_vertex(pos2(bar.right(), y), Color32::from_rgb(r, g, b));
        if step > 0 {
            let last = 2 * step as u32;
            mesh.add_triangle(last - 2, last - 1, last);
            mesh.add_triangle(last - 1, last, last + 1);
        }
    }
    Shape::mesh(mesh)
}

/// Round values to write beside a bar that is `height` points tall, far enough apart to be read.
fn figures(scale: ColourScale, height: f32) -> Vec<f64> {
    let (low, high) = (f64::from(scale.low), f64::from(scale.high));
    if high <= low || !(high - low).is_finite() {
        return vec![low];
    }
    let wanted = f64::from(height / FIGURE_DISTANCE).clamp(1.0, 8.0);
    let step = nice_step((high - low) / wanted);
    let first = (low / step).ceil() as i64;
    let mut figures: Vec<f64> = Vec::new();
    let mut last = f32::NEG_INFINITY;
    for index in first..=(high / step).floor() as i64 {
        let value = index as f64 * step;
        let position = scale.position(value as f32) * height;
        if position - last >= FIGURE_DISTANCE * 0.6 {
            figures.push(value);
            last = position;
        }
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_round_and_inside_the_scale() {
        assert_eq!(figures(ColourScale::linear(-60.3, 19.7), 120.0), [-60.0, -40.0, -20.0, 0.0]);
        assert_eq!(figures(ColourScale::linear(0.0, 1.0), 60.0), [0.0, 0.5, 1.0]);
        assert_eq!(figures(ColourScale::linear(0.0, 0.0), 60.0), [0.0]);
    }
}
