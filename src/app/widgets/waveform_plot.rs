//! A waveform over time: extremes a pixel column when far, samples when near; padding shaded.

use eframe::egui::{Id, RichText, Ui, Vec2b};
use egui_plot::{AxisHints, FilledArea, HLine, Line, Plot, PlotPoints, PlotUi, Points, Span};

use super::{envelope::Envelope, marks, spectrogram_plot::playhead};
use crate::app::{
    format,
    theme::{self, AXIS_WIDTH, Palette, palette},
};

/// Below this many samples a pixel the curve itself is drawn.
const NEAR: f64 = 2.0;
/// Below this many samples a pixel every sample gets a dot.
const VERY_NEAR: f64 = 0.15;

/// Padding narrower than this, in points, has no room for its name.
const PADDING_LABEL: f64 = 72.0;

/// A time axis that several plots share.
#[derive(Clone, Copy, Debug)]
pub struct TimeAxis {
    /// Plots of one link move together.
    pub link: Id,
    /// The whole extent in seconds, from 0.
    pub secs: f64,
    /// Whether to go back to the whole extent in this frame.
    pub reset: bool,
}

impl TimeAxis {
    /// Gives `plot` this axis: drag pans, control with the wheel zooms, a double click shows everything.
    pub fn apply(self, plot: Plot<'_>) -> Plot<'_> {
        let plot = plot
            .default_x_bounds(0.0, self.secs.max(1e-3))
            .link_axis(self.link, Vec2b::new(true, false))
            .link_cursor(self.link, Vec2b::new(true, false))
            .allow_drag(Vec2b::new(true, false))
            .allow_zoom(Vec2b::new(true, false))
            .allow_scroll(Vec2b::new(true, false))
            .allow_boxed_zoom(false)
            .x_grid_spacer(marks::wide)
            .label_formatter(|_| None);
        if self.reset { plot.reset() } else { plot }
    }

    /// Keeps the visible range within the sound, so that nobody gets lost outside it.
    pub fn keep_inside(self, plot_ui: &mut PlotUi<'_>) {
        let (secs, bounds) = (self.secs.max(1e-3), plot_ui.plot_bounds());
        let (left, right) = (bounds.min()[0], bounds.max()[0]);
        if left < -1e-9 || right > secs + 1e-9 {
            let width = (right - left).min(secs);
            let left = left.clamp(0.0, secs - width);
            plot_ui.set_plot_bounds_x(left..=left + width);
        }
    }
}

/// The time axis's ticks and title.
pub fn time_axis<'a>(ui: &Ui) -> AxisHints<'a> {
    AxisHints::new_x()
        .label(RichText::new("Time (s)").small())
        .formatter(|mark, _| format::tick(mark.value))
        .tick_label_font(theme::small_mono().resolve(ui.style()))
        .tick_label_color(palette(ui).text_weak)
        .label_spacing(24.0..=40.0)
}

/// A vertical axis of the common width, so that all time axes begin at the same place.
pub fn y_axis<'a>(ui: &Ui, label: &str) -> AxisHints<'a> {
    AxisHints::new_y()
        .label(RichText::new(label).small())
        .tick_label_font(theme::small_mono().resolve(ui.style()))
        .tick_label_color(palette(ui).text_weak)
        .min_thickness(AXIS_WIDTH)
        .label_spacing(12.0..=16.0)
}

/// What a waveform plot shows.
#[derive(Clone, Copy, Debug)]
pub struct WaveformPlot<'a> {
    /// Tells plots apart.
    pub name: &'a str,
    /// The samples, full scale −1..1.
    pub samples: &'a [f32],
    /// Their summary.
    pub envelope: &'a Envelope,
    /// Samples a second.
    pub rate_hz: u32,
    /// Vertical extent, symmetric about 0.
    pub peak: f32,
    /// Samples `[start, end)` that are the recording's own; the rest is padding.
    pub own: (usize, usize),
    /// The time axis it shares with other plots.
    pub time: TimeAxis,
    /// Where playback is, in seconds.
    pub playhead: Option<f64>,
}

impl WaveformPlot<'_> {
    /// Draws the plot into the room that is left; returns the seconds and the sample under the pointer.
    pub fn show(self, ui: &mut Ui) -> Option<(f64, f32)> {
        let colours = palette(ui);
        let peak = f64::from(self.peak.max(1e-3)) * 1.08;
        let width = f64::from(ui.available_width() - AXIS_WIDTH).max(1.0);
        let plot = Plot::new(self.name)
            .default_y_bounds(-peak, peak)
            .y_grid_spacer(marks::narrow)
            .custom_x_axes(vec![time_axis(ui)])
            .custom_y_axes(vec![y_axis(ui, "Amplitude").formatter(|mark, _| format::tick(mark.value))])
            .grid_color(colours.grid)
            .show_grid(Vec2b::new(true, true));
        let response = self.time.apply(plot).show(ui, |plot_ui: &mut PlotUi<'_>| {
            self.time.keep_inside(plot_ui);
            self.padding(plot_ui, colours, width);
            plot_ui.hline(HLine::new("zero", 0.0).color(colours.grid).width(1.0).allow_hover(false));
            self.curve(plot_ui, colours, width, peak);
            if let Some(secs) = self.playhead {
                plot_ui.vline(playhead(secs, colours));
            }
        });
        let pos = response.response.hover_pos()?;
        let secs = response.transform.value_from_position(pos).x;
        let sample = (secs * f64::from(self.rate_hz)).round();
        let sample = if sample < 0.0 { None } else { self.samples.get(sample as usize) };
        sample.map(|&sample| (secs, sample))
    }

    fn padding(&self, plot_ui: &mut PlotUi<'_>, colours: &Palette, width: f64) {
        let rate = f64::from(self.rate_hz.max(1));
        let points_per_second = width / plot_ui.plot_bounds().width().max(1e-9);
        let total = self.samples.len();
        for (start, end) in [(0, self.own.0), (self.own.1, total)] {
            if start >= end {
                continue;
            }
            let (left, right) = (start as f64 / rate, end as f64 / rate);
            let name = if (right - left) * points_per_second < PADDING_LABEL { "" } else { "padding" };
            plot_ui.span(Span::new(name, left..=right).fill(colours.padding));
        }
    }

    fn curve(&self, plot_ui: &mut PlotUi<'_>, colours: &Palette, width: f64, peak: f64) {
        let rate = f64::from(self.rate_hz.max(1));
        let bounds = plot_ui.plot_bounds();
        let samples_per_pixel = bounds.width() * rate / width;
        let first = ((bounds.min()[0] * rate).floor().max(0.0) as usize).min(self.samples.len());
        let last = ((bounds.max()[0] * rate).ceil().max(0.0) as usize + 2).min(self.samples.len());
        if first >= last {
            return;
        }
        if samples_per_pixel > NEAR {
            plot_ui.add(self.extremes((first, last), samples_per_pixel, peak, colours));
            return;
        }
        let points: Vec<[f64; 2]> =
            (first..last).map(|index| [index as f64 / rate, f64::from(self.samples[index])]).collect();
        if samples_per_pixel < VERY_NEAR {
            let dots =
                Points::new("samples", PlotPoints::from(points.clone())).radius(2.5).color(colours.wave);
            plot_ui.points(dots.allow_hover(false));
        }
        plot_ui.line(
            Line::new("signal", PlotPoints::from(points)).color(colours.wave).width(1.2).allow_hover(false),
        );
    }

    /// One column a pixel, at columns that stay put while panning so that the picture does not shimmer.
    fn extremes(
        &self,
        (first, last): (usize, usize),
        per_pixel: f64,
        peak: f64,
        colours: &Palette,
    ) -> FilledArea {
        let rate = f64::from(self.rate_hz.max(1));
        let step = (per_pixel.round() as usize).max(1);
        let hair = peak * 0.006;
        let (mut xs, mut lows, mut highs) = (Vec::new(), Vec::new(), Vec::new());
        for start in (first / step * step..last).step_by(step) {
            if let Some((low, high)) = self.envelope.range(self.samples, start, start + step + 1) {
                xs.push((start as f64 + step as f64 / 2.0) / rate);
                lows.push(f64::from(low) - hair);
                highs.push(f64::from(high) + hair);
            }
        }
        FilledArea::new("signal", &xs, &lows, &highs).fill_color(colours.wave).allow_hover(false)
    }
}
