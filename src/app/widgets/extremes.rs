//! The extremes of a signal as an area: every pixel column shows the least and the largest of its samples.
//!
//! Columns are rectangles. Through their middles alone, a lone peak would be a triangle, which covers the centre of a pixel only
//! where it is wide, far below its tip.

use eframe::egui::Color32;
use egui_plot::FilledArea;

/// Columns from left to right, in the coordinates of a plot.
#[derive(Debug, Default)]
pub struct Extremes {
    edges: Vec<f64>,
    lows: Vec<f64>,
    highs: Vec<f64>,
}

impl Extremes {
    /// Adds a column between `left` and `right` that reaches from `low` to `high`.
    pub fn push(&mut self, (left, right): (f64, f64), (low, high): (f64, f64)) {
        for edge in [left, right] {
            self.edges.push(edge);
            self.lows.push(low);
            self.highs.push(high);
        }
    }

    /// The columns as one area.
    pub fn area(&self, name: &str, colour: Color32) -> FilledArea {
        FilledArea::new(name, &self.edges, &self.lows, &self.highs).fill_color(colour).allow_hover(false)
    }
}

/// Whole samples per column: no column is narrower than a pixel, or it could lie between the centres of two.
pub fn samples_per_column(samples_per_pixel: f64) -> usize {
    (samples_per_pixel.ceil() as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The highest value at the centres of pixels from `offset` on, as a graphics card fills the area between the edges.
    fn highest_pixel(columns: &Extremes, pixel: f64, offset: f64) -> f64 {
        let edges = columns.edges.windows(2).zip(columns.highs.windows(2));
        let mut highest = f64::NEG_INFINITY;
        for (edge, high) in edges.filter(|(edge, _)| edge[1] > edge[0]) {
            let first = ((edge[0] - offset) / pixel - 0.5).ceil();
            let centre = offset + (first + 0.5) * pixel;
            if centre < edge[1] {
                let part = (centre - edge[0]) / (edge[1] - edge[0]);
                highest = highest.max(high[0] + part * (high[1] - high[0]));
            }
        }
        highest
    }

    #[test]
    fn a_peak_of_one_sample_is_drawn_at_its_height_wherever_the_pixels_lie() {
        for samples_per_pixel in [2.1, 2.49, 7.3, 40.0] {
            let step = samples_per_column(samples_per_pixel);
            let mut columns = Extremes::default();
            for column in 0..40 {
                let high = if column == 20 { 0.99 } else { 0.05 };
                let (left, right) = (column * step, (column + 1) * step);
                columns.push((left as f64, right as f64), (-0.05, high));
            }
            for tenth in 0..10 {
                let offset = samples_per_pixel * f64::from(tenth) / 10.0;
                let drawn = highest_pixel(&columns, samples_per_pixel, offset);
                assert!(drawn >= 0.99, "{samples_per_pixel} samples a pixel, {tenth}: {drawn}");
            }
        }
    }
}
