//! A waveform over time: minimum and maximum per pixel column zoomed out, samples zoomed in; padding is shaded.

use eframe::egui::Ui;
use egui_plot::{FilledArea, HLine, Line, PlotPoints, PlotUi, Points};

use super::{
    described,
    extremes::{Extremes, samples_per_column},
    steep_line,
    strip::Strip,
    time_plot::{self, TimePlot, Vertical},
    viewport::Range,
};
use crate::{
    app::theme::{AXIS_WIDTH, COLOUR_BAR_WIDTH, GAP, Palette, palette},
    inspect::envelope::Envelope,
    language::text,
};

/// Below this many samples per pixel, the curve itself is drawn.
const NEAR: f64 = 2.0;
/// Below this many samples per pixel, every sample gets a dot.
const VERY_NEAR: f64 = 0.15;
/// Least width of padding with a label, in points.
const PADDING_LABEL: f64 = 72.0;
/// Vertical extent as a multiple of the largest amplitude.
const HEADROOM: f64 = 1.08;

/// The analysis frame under the crosshair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameSpan<'a> {
    /// Seconds at its first sample and after its last.
    pub secs: Range,
    /// The analysis window, 0 to 1, sampled at any number of points.
    pub window: &'a [f32],
}

/// The contents of a waveform plot.
#[derive(Clone, Copy, Debug)]
pub struct WaveformPlot<'a> {
    /// Unique name of the plot, the same in every language.
    pub name: &'a str,
    /// Title of the row or card that it stands in, for screen readers.
    pub title: &'a str,
    /// The samples, full scale −1..1.
    pub samples: &'a [f32],
    /// Minima and maxima of the samples at coarser resolutions.
    pub envelope: &'a Envelope,
    /// Sample rate.
    pub rate_hz: u32,
    /// Time of the first sample on the strip's axis, in seconds.
    pub start_secs: f64,
    /// Vertical extent, symmetric about 0.
    pub peak: f32,
    /// Samples `[start, end)` of the recording itself; the rest is padding.
    pub own: (usize, usize),
    /// The analysis frame to draw.
    pub frame: Option<FrameSpan<'a>>,
    /// Whether the time axis has tick labels.
    pub has_time_labels: bool,
    /// Playback position in seconds.
    pub playhead: Option<f64>,
}

impl WaveformPlot<'_> {
    /// Draws the plot into the available space, less the width of a colour bar, so that it lines up with images.
    pub fn show(self, ui: &mut Ui, strip: &mut Strip) {
        let colours = palette(ui);
        ui.set_max_width(ui.available_width() - COLOUR_BAR_WIDTH - GAP);
        let peak = f64::from(self.peak.max(1e-3)) * HEADROOM;
        let width = f64::from(ui.available_width() - AXIS_WIDTH).max(1.0);
        let secs = strip.viewport.secs();
        let row = TimePlot {
            name: self.name,
            title: text!("reader-waveform", title = self.title),
            value: described::of_waveform(self.samples.len() as f64 / self.rate(), self.envelope.peak()),
            vertical: Vertical::Amplitude(peak),
            has_time_labels: self.has_time_labels,
            playhead: self.playhead,
        };
        row.show(ui, strip, |plot_ui: &mut PlotUi<'_>| {
            self.padding(plot_ui, colours, width / (secs.1 - secs.0));
            plot_ui.hline(HLine::new("zero", 0.0).color(colours.grid).width(1.0).allow_hover(false));
            self.curve(plot_ui, colours, secs, width, peak);
            self.analysis_frame(plot_ui, colours, peak);
        });
    }

    /// Index and value of the sample nearest to `secs_from_first`.
    pub fn sample_at(samples: &[f32], secs_from_first: f64, rate_hz: u32) -> Option<(usize, f32)> {
        let index = (secs_from_first * f64::from(rate_hz)).round();
        if index < 0.0 {
            return None;
        }
        samples.get(index as usize).map(|&sample| (index as usize, sample))
    }

    fn rate(&self) -> f64 {
        f64::from(self.rate_hz.max(1))
    }

    fn padding(&self, plot_ui: &mut PlotUi<'_>, colours: &Palette, points_per_second: f64) {
        let rate = self.rate();
        for (start, end) in [(0, self.own.0), (self.own.1, self.samples.len())] {
            let (left, right) = (self.start_secs + start as f64 / rate, self.start_secs + end as f64 / rate);
            let has_room = (right - left) * points_per_second >= PADDING_LABEL;
            let name = if has_room { text!("strip-padding") } else { String::new() };
            time_plot::padding(plot_ui, (left, right), &name, colours.padding);
        }
    }

    /// The curve over `secs`, which are `width` points wide.
    fn curve(&self, plot_ui: &mut PlotUi<'_>, colours: &Palette, secs: Range, width: f64, peak: f64) {
        let rate = self.rate();
        let samples_per_pixel = (secs.1 - secs.0) * rate / width;
        let index = |secs: f64| ((secs - self.start_secs) * rate).max(0.0);
        let first = (index(secs.0).floor() as usize).min(self.samples.len());
        let last = (index(secs.1).ceil() as usize + 2).min(self.samples.len());
        if first >= last {
            return;
        }
        if samples_per_pixel > NEAR {
            let frame_px = f64::from(plot_ui.transform().frame().width() * plot_ui.ctx().pixels_per_point());
            let step = samples_per_column((secs.1 - secs.0) * rate / frame_px.max(1.0));
            plot_ui.add(self.extremes((first, last), step, peak, colours));
            return;
        }
        let points: Vec<[f64; 2]> = (first..last)
            .map(|index| [self.start_secs + index as f64 / rate, f64::from(self.samples[index])])
            .collect();
        if samples_per_pixel < VERY_NEAR {
            let dots =
                Points::new("samples", PlotPoints::from(points.clone())).radius(2.5).color(colours.wave);
            plot_ui.points(dots.allow_hover(false));
        }
        steep_line::draw(plot_ui, "signal", &points, |line| line.color(colours.wave).width(1.2));
    }

    /// Columns of `step` samples, at fixed positions in time so that the curve does not shimmer while panning.
    fn extremes(
        &self,
        (first, last): (usize, usize),
        step: usize,
        peak: f64,
        colours: &Palette,
    ) -> FilledArea {
        let rate = self.rate();
        let hair = peak * 0.006;
        let secs = |sample: usize| self.start_secs + sample.min(self.samples.len()) as f64 / rate;
        let mut columns = Extremes::default();
        for start in (first / step * step..last).step_by(step) {
            // With the first sample of the next column, so that both touch.
            if let Some((low, high)) = self.envelope.range(self.samples, start, start + step + 1) {
                let (low, high) = (f64::from(low) - hair, f64::from(high) + hair);
                columns.push((secs(start), secs(start + step)), (low, high));
            }
        }
        columns.area("signal", colours.wave)
    }

    /// The analysis window at full height, mirrored: the weight of the frame's samples.
    fn analysis_frame(&self, plot_ui: &mut PlotUi<'_>, colours: &Palette, peak: f64) {
        let Some(frame) = self.frame else { return };
        if frame.window.is_empty() {
            return;
        }
        let (left, right) = frame.secs;
        let height = peak / HEADROOM;
        // A periodic window ends where it begins.
        let weights = frame.window.iter().chain(frame.window.first());
        for sign in [1.0, -1.0] {
            let place = |(index, &weight): (usize, &f32)| {
                let part = index as f64 / frame.window.len() as f64;
                [left + part * (right - left), sign * height * f64::from(weight)]
            };
            let points: Vec<[f64; 2]> = weights.clone().enumerate().map(place).collect();
            let curve = Line::new("analysis window", PlotPoints::from(points)).color(colours.frame);
            plot_ui.line(curve.width(1.3).allow_hover(false));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_under_the_crosshair_is_the_nearest_one() {
        let samples = [0.0, 0.1, 0.2];
        assert_eq!(WaveformPlot::sample_at(&samples, 0.000_14, 8000), Some((1, 0.1)));
        assert_eq!(WaveformPlot::sample_at(&samples, -0.001, 8000), None);
        assert_eq!(WaveformPlot::sample_at(&samples, 0.001, 8000), None);
    }
}
