//! A plot of training curves over steps, epochs or time, on a linear or logarithmic axis.

use eframe::egui::{Color32, Id, Sense, Ui, Vec2b};
use egui_plot::{
    GridInput, GridMark, HLine, Line, LineStyle, MarkerShape, Plot, PlotPoints, PlotResponse, Points, VLine,
};

use crate::{
    app::{
        format,
        theme::palette,
        widgets::{
            described,
            marks::{self, nice_step},
            plot_axes::{self, Axis},
        },
    },
    language::text,
};

/// Largest distance of the pointer from a mark that shows its tooltip, in points.
const HIT_RADIUS: f32 = 6.0;
/// The egui link group of the horizontal axes of a run's plots.
const LINK: &str = "run plots";

/// A baseline: a horizontal line to stay below.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    pub name: String,
    pub value: f64,
    pub colour: Color32,
}

/// How a curve is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// A thin line.
    Thin,
    /// The raw values, behind their smoothed curve.
    Faint,
    /// A line with a dot at every point.
    Dotted,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Name in the colour key; empty for a curve without an entry.
    pub name: String,
    /// X positions and values.
    pub points: Vec<[f64; 2]>,
    pub colour: Color32,
    /// Line style.
    pub stroke: Stroke,
}

impl Curve {
    /// The value nearest to the x position `at`, or the newest one.
    pub fn value_at(&self, at: Option<f64>) -> Option<f64> {
        let nearest =
            |at: f64| self.points.iter().min_by(|a, b| (a[0] - at).abs().total_cmp(&(b[0] - at).abs()));
        at.map_or_else(|| self.points.last(), nearest).map(|point| point[1])
    }
}

/// An event of the run, such as a changed setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// X position.
    pub at: f64,
    /// Tooltip.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RunPlot<'a> {
    /// Unique name of the plot, the same in every language.
    pub name: &'a str,
    /// Title of the card that it stands in, for screen readers.
    pub title: &'a str,
    /// Title of the vertical axis, unit included.
    pub axis: &'a str,
    /// Title of the horizontal axis, unit included.
    pub along: String,
    /// Whether the vertical axis is logarithmic.
    pub is_logarithmic: bool,
    /// Curves, the last one on top.
    pub curves: Vec<Curve>,
    /// Dashed horizontal lines.
    pub baselines: Vec<Baseline>,
    /// Vertical lines.
    pub marks: Vec<Mark>,
}

impl RunPlot<'_> {
    /// Draws the plot into the available space; returns the pointer's x position. `shows_all` resets the zoom.
    pub fn show(&self, ui: &mut Ui, shows_all: bool) -> Option<f64> {
        let colours = palette(ui);
        let is_logarithmic = self.is_logarithmic;
        let y_axis = Axis::vertical(ui, self.axis, move |mark| {
            if is_logarithmic { log_figure(mark) } else { format::tick_at(mark) }
        });
        let x_axis = Axis::horizontal(ui, &self.along, x_figure);
        let mut plot = Plot::new(self.name)
            .x_grid_spacer(marks::wide)
            .include_x(0.0)
            .link_axis(Id::unique(LINK), Vec2b::new(true, false))
            .link_cursor(Id::unique(LINK), Vec2b::new(true, false))
            .allow_scroll(false)
            .sense(Sense::CLICK | Sense::DRAG)
            .grid_color(colours.grid)
            .label_formatter(|_| None);
        plot = if is_logarithmic { plot.y_grid_spacer(log_marks) } else { plot.y_grid_spacer(marks::loose) };
        if shows_all {
            plot = plot.reset();
        }
        let drawn = plot_axes::show(ui, plot, (Some(x_axis), y_axis), |plot_ui| {
            for mark in &self.marks {
                let line = VLine::new(mark.text.clone(), mark.at).color(colours.text_weak).width(1.0);
                plot_ui.vline(line.style(LineStyle::dashed_dense()).allow_hover(false));
            }
            for curve in &self.curves {
                self.draw(plot_ui, curve);
            }
            for baseline in self.baselines.iter().filter(|baseline| baseline.value > 0.0) {
                let line = HLine::new(baseline.name.clone(), self.height(baseline.value));
                let line = line.color(baseline.colour).style(LineStyle::dashed_loose());
                plot_ui.hline(line.width(1.5).allow_hover(false));
            }
            plot_ui.response().hovered().then(|| plot_ui.pointer_coordinate()).flatten()
        });
        described::picture(&drawn.response, &text!("reader-plot", title = self.title), &self.words());
        self.show_mark_tooltip(&drawn);
        drawn.inner.map(|point| point.x)
    }

    /// The newest values of all curves, for screen readers.
    fn words(&self) -> String {
        let named = || self.curves.iter().filter(|curve| !curve.name.is_empty());
        let Some(last) =
            named().filter_map(|curve| curve.points.last()).map(|point| point[0]).reduce(f64::max)
        else {
            return text!("reader-nothing");
        };
        let value = |curve: &Curve| {
            let value = curve.value_at(None).map(format::significant)?;
            Some(text!("reader-curve", name = curve.name.as_str(), value = value))
        };
        let values = described::list(named().filter_map(value));
        text!("reader-curves", along = self.along.as_str(), at = format::tick(last), values = values)
    }

    fn draw(&self, plot_ui: &mut egui_plot::PlotUi<'_>, curve: &Curve) {
        let points = || -> PlotPoints<'static> {
            let there = |point: &&[f64; 2]| point[1].is_finite() && (point[1] > 0.0 || !self.is_logarithmic);
            curve.points.iter().filter(there).map(|&[at, value]| [at, self.height(value)]).collect()
        };
        let (colour, width) = match curve.stroke {
            Stroke::Thin => (curve.colour, 1.3),
            Stroke::Faint => (curve.colour.gamma_multiply(0.35), 1.0),
            Stroke::Dotted => (curve.colour, 2.0),
        };
        plot_ui.line(Line::new(curve.name.clone(), points()).color(colour).width(width).allow_hover(false));
        if curve.stroke == Stroke::Dotted {
            let dots = Points::new(curve.name.clone(), points()).shape(MarkerShape::Circle);
            plot_ui.points(dots.radius(3.0).color(colour).allow_hover(false));
        }
    }

    fn height(&self, value: f64) -> f64 {
        if self.is_logarithmic { value.log10() } else { value }
    }

    /// Shows the tooltip of the mark under the pointer.
    fn show_mark_tooltip<R>(&self, drawn: &PlotResponse<R>) {
        let Some(pointer) = drawn.response.hover_pos() else { return };
        let near = |mark: &&Mark| {
            let place = drawn.transform.position_from_point(&egui_plot::PlotPoint::new(mark.at, 0.0));
            (place.x - pointer.x).abs() <= HIT_RADIUS
        };
        let text: Vec<&str> = self.marks.iter().filter(near).map(|mark| mark.text.as_str()).collect();
        if !text.is_empty() {
            drawn.response.clone().on_hover_text_at_pointer(text.join("\n"));
        }
    }
}

/// Exponential moving average; `weight` is that of the past, 0 for no smoothing.
pub fn smoothed(points: &[[f64; 2]], weight: f64) -> Vec<[f64; 2]> {
    let (mut mean, mut known) = (0.0, 0.0);
    let smooth = |&[at, value]: &[f64; 2]| {
        mean = weight * mean + (1.0 - weight) * value;
        // Bias correction, as in Adam: without it the curve would begin at zero.
        known = weight * known + (1.0 - weight);
        [at, mean / known]
    };
    points.iter().filter(|point| point[1].is_finite()).map(smooth).collect()
}

fn x_figure(mark: GridMark) -> String {
    if mark.value < 0.0 { String::new() } else { format::tick_at(mark) }
}

/// Decades beyond which marks are powers of ten in one notation, and what is seen of them at most.
const MANY_DECADES: f64 = 6.0;

/// The value at a mark of a logarithmic axis, with the digits in which it differs from the next.
fn log_figure(mark: GridMark) -> String {
    if mark.step_size >= MANY_DECADES {
        return format::power_of_ten(mark.value.round() as i32);
    }
    let value = 10f64.powf(mark.value);
    format::tick_in_steps(value, value * (10f64.powf(mark.step_size) - 1.0))
}

/// Ticks at 1, 2 and 5 of every decade, or at even steps when less than a decade is visible.
#[expect(clippy::needless_pass_by_value, reason = "the signature that egui_plot asks for")]
fn log_marks(input: GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    if !(high - low).is_finite() || high <= low || low < -30.0 || high > 30.0 {
        return Vec::new();
    }
    if high - low < 1.0 {
        return even_marks(low, high);
    }
    if high - low > MANY_DECADES {
        return decades(low, high);
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

/// At most seven powers of ten. Their steps are large, so that egui shows the figures of all.
fn decades(low: f64, high: f64) -> Vec<GridMark> {
    let apart = [1, 2, 5, 10, 20]
        .into_iter()
        .find(|apart| high - low <= f64::from(*apart) * MANY_DECADES)
        .unwrap_or(20);
    let first = (low / f64::from(apart)).ceil() as i32;
    let last = (high / f64::from(apart)).floor() as i32;
    (first..=last)
        .map(|index| GridMark {
            value: f64::from(index * apart),
            step_size: f64::from(apart).max(MANY_DECADES),
        })
        .collect()
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
        let values: Vec<String> = marks.into_iter().map(log_figure).collect();
        assert_eq!(values, ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]);
    }

    #[test]
    fn marks_of_many_decades_are_few_powers_of_ten_in_one_notation() {
        let figures = |bounds| -> Vec<String> {
            log_marks(GridInput { bounds, base_step_size: 0.1 }).into_iter().map(log_figure).collect()
        };
        assert_eq!(figures((-2.3, 5.0)), ["1e−2", "1e0", "1e2", "1e4"]);
        assert_eq!(figures((2.0, 35.4 - 6.0)), ["1e5", "1e10", "1e15", "1e20", "1e25"]);
    }

    #[test]
    fn marks_of_a_narrow_range_are_even_in_real_values() {
        let bounds = (0.011f64.log10(), 0.019f64.log10());
        let values: Vec<String> =
            log_marks(GridInput { bounds, base_step_size: 0.1 }).into_iter().map(log_figure).collect();
        assert_eq!(values, ["0.012", "0.014", "0.016", "0.018"]);
        let bounds = (0.012_341f64.log10(), 0.012_349f64.log10());
        let marks = log_marks(GridInput { bounds, base_step_size: 0.000_1 });
        let values: Vec<String> = marks.into_iter().map(log_figure).collect();
        assert_eq!(values, ["0.012342", "0.012344", "0.012346", "0.012348"]);
    }

    #[test]
    fn smoothing_begins_at_the_first_value_and_lags_behind() {
        let points = [[1.0, 10.0], [2.0, 10.0], [3.0, 0.0], [4.0, f64::NAN]];
        let smooth = smoothed(&points, 0.5);
        assert_eq!(smooth[..2], [[1.0, 10.0], [2.0, 10.0]]);
        // (0.25 * 10 * 0.5 + 0.5 * 10 * 0.5) / (1 - 0.125)
        assert!((smooth[2][1] - 3.75 / 0.875).abs() < 1e-12);
        assert_eq!(smooth.len(), 3);
        assert_eq!(smoothed(&points[..3], 0.0), points[..3]);
    }

    #[test]
    fn the_key_tells_the_value_under_the_pointer_or_the_newest() {
        let points = vec![[1.0, 5.0], [2.0, 4.0], [3.0, 3.0]];
        let curve = Curve { name: String::new(), points, colour: Color32::WHITE, stroke: Stroke::Thin };
        assert_eq!([curve.value_at(None), curve.value_at(Some(1.2))], [Some(3.0), Some(5.0)]);
    }
}
