//! Live loss curves on a logarithmic axis that shows real values.

use eframe::egui::{Id, RichText, Ui, Vec2b};
use egui_plot::{
    AxisHints, GridInput, GridMark, HLine, HoverPosition, Line, LineStyle, MarkerShape, Plot, PlotPoints,
    Points,
};

use crate::app::{
    format,
    theme::{self, palette},
    widgets::{
        marks::{self, nice_step},
        time_plot,
    },
};

/// A horizontal line to beat.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// For the legend.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Its colour.
    pub colour: eframe::egui::Color32,
}

/// One loss over steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LossPlot<'a> {
    /// Tells plots apart.
    pub name: &'a str,
    /// Title of the vertical axis, unit included.
    pub axis: &'a str,
    /// `(step, value)` of the training curve.
    pub training: Vec<(usize, f64)>,
    /// `(step, value)` of every epoch's validation.
    pub validation: Vec<(usize, f64)>,
    /// Lines to beat.
    pub baselines: Vec<Baseline>,
}

impl LossPlot<'_> {
    /// Draws the plot into the room that is left.
    pub fn show(&self, ui: &mut Ui) {
        let colours = palette(ui);
        let y_axis =
            time_plot::y_axis(ui, self.axis).formatter(|mark, _| format::tick(10f64.powf(mark.value)));
        Plot::new(self.name)
            .custom_x_axes(vec![step_axis(ui)])
            .custom_y_axes(vec![y_axis])
            .x_grid_spacer(marks::wide)
            .y_grid_spacer(log_marks)
            .include_x(0.0)
            .link_axis(Id::unique("loss steps"), Vec2b::new(true, false))
            .link_cursor(Id::unique("loss steps"), Vec2b::new(true, false))
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .grid_color(colours.grid)
            .label_formatter(words)
            .show(ui, |plot_ui| {
                let training = Line::new("training", log_points(&self.training));
                plot_ui.line(training.color(colours.curve_training).width(1.2));
                let validation = log_points(&self.validation);
                plot_ui.line(Line::new("validation", validation).color(colours.curve_validation).width(2.0));
                let dots = Points::new("validation", log_points(&self.validation));
                plot_ui.points(dots.shape(MarkerShape::Circle).radius(3.5).color(colours.curve_validation));
                for baseline in self.baselines.iter().filter(|baseline| baseline.value > 0.0) {
                    plot_ui.hline(
                        HLine::new(baseline.name.clone(), baseline.value.log10())
                            .color(baseline.colour)
                            .style(LineStyle::dashed_loose())
                            .width(1.5),
                    );
                }
            });
    }
}

fn step_axis<'a>(ui: &Ui) -> AxisHints<'a> {
    AxisHints::new_x()
        .label(RichText::new("Step").small())
        .formatter(|mark, _| {
            if mark.value.fract() == 0.0 && mark.value >= 0.0 {
                format::count(mark.value as usize)
            } else {
                String::new()
            }
        })
        .tick_label_font(theme::small_mono().resolve(ui.style()))
        .tick_label_color(palette(ui).text_weak)
        .label_spacing(24.0..=40.0)
}

/// Points on the logarithmic axis; values that have no logarithm are left out.
fn log_points(points: &[(usize, f64)]) -> PlotPoints<'static> {
    points
        .iter()
        .filter(|(_, value)| *value > 0.0)
        .map(|&(step, value)| [step as f64, value.log10()])
        .collect()
}

fn words(position: &HoverPosition<'_>) -> Option<String> {
    match position {
        HoverPosition::NearDataPoint { plot_name, position, .. } => {
            let value = format::significant(10f64.powf(position.y));
            Some(format!("{plot_name}\nstep {}\n{value}", format::count(position.x.max(0.0) as usize)))
        }
        HoverPosition::Elsewhere { .. } => None,
    }
}

/// Marks at round values: 1, 2 and 5 of every decade where decades are in sight, else even steps.
#[expect(clippy::needless_pass_by_value, reason = "the signature that egui_plot asks for")]
fn log_marks(input: GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    if !(high - low).is_finite() || high <= low || low < -30.0 || high > 30.0 {
        return Vec::new();
    }
    if high - low < 1.0 {
        return even_marks(low, high);
    }
    let mut marks = Vec::new();
    for decade in low.floor() as i32..=high.ceil() as i32 {
        for (factor, step_size) in [(1.0, 1.0), (2.0, 0.3), (5.0, 0.3)] {
            let value = f64::from(decade) + f64::log10(factor);
            if (low..=high).contains(&value) {
                marks.push(GridMark { value, step_size });
            }
        }
    }
    marks
}

fn even_marks(low: f64, high: f64) -> Vec<GridMark> {
    let (least, most) = (10f64.powf(low), 10f64.powf(high));
    let step = nice_step((most - least) / 5.0);
    let first = (least / step).ceil() as i64;
    let last = (most / step).floor() as i64;
    (first.max(1)..=last)
        .map(|index| GridMark { value: (index as f64 * step).log10(), step_size: (high - low) / 5.0 })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_a_wide_range_are_round_values_of_each_decade() {
        let marks = log_marks(GridInput { bounds: (-2.0, 0.0), base_step_size: 0.1 });
        let values: Vec<String> = marks.iter().map(|mark| format::tick(10f64.powf(mark.value))).collect();
        assert_eq!(values, ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]);
    }

    #[test]
    fn marks_of_a_narrow_range_are_even_in_real_values() {
        let bounds = (0.011f64.log10(), 0.019f64.log10());
        let values: Vec<String> = log_marks(GridInput { bounds, base_step_size: 0.1 })
            .iter()
            .map(|mark| format::tick(10f64.powf(mark.value)))
            .collect();
        assert_eq!(values, ["0.012", "0.014", "0.016", "0.018"]);
    }

    #[test]
    fn a_loss_of_zero_is_left_out_of_the_logarithm() {
        assert_eq!(log_points(&[(1, 0.0), (2, 100.0)]).points()[0].y, 2.0);
    }
}
