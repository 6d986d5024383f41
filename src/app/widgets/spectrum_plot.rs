//! A plot of one frame's spectrum, with the peak under the pointer.

use eframe::egui::{Sense, Ui, Vec2b};
use egui_plot::{FilledArea, GridInput, Plot, PlotBounds, PlotPoints, PlotUi, Points, VLine};

use super::{
    described, marks,
    plot_axes::{self, Axis},
    viewport::Range,
};
use crate::{
    app::{
        format,
        theme::{GAP, palette},
    },
    dsp::frequency_scale::FrequencyScale,
    inspect::spectrum::{Peak, Spectrum},
    language::text,
};

/// Width of the peak search around the pointer, as a part of the plot's width.
const SEARCH_WIDTH: f64 = 0.06;
/// Least height of the level axis, in dB.
const MIN_SPAN: f64 = 40.0;
/// Headroom above the highest level, in dB.
const HEADROOM: f64 = 6.0;
/// Opacity of the area below the curve, so that the grid shows through.
const FILL: f32 = 0.75;
/// The level axis is rounded outwards to this step in dB, so that it does not move from frame to frame.
const AXIS_STEP: f64 = 10.0;

/// The contents of a spectrum plot.
#[derive(Clone, Copy, Debug)]
pub struct SpectrumPlot<'a> {
    pub spectrum: &'a Spectrum,
    /// Visible frequencies in Hz.
    pub hz: Range,
    /// Frequency scale.
    pub frequency: FrequencyScale,
    /// Lowest and highest level of the whole sound in dB: all frames share one axis.
    pub levels_db: (f32, f32),
    /// Frequency of the crosshair, to mark.
    pub marked_hz: Option<f64>,
}

fn peak_words(peak: Peak) -> String {
    text!("reader-peak", frequency = format::hertz(peak.hz), level = format::signed(peak.db, 1) + " dB")
}

impl SpectrumPlot<'_> {
    /// Draws the plot into the available space; returns the peak under the pointer, or the strongest one.
    pub fn show(self, ui: &mut Ui) -> Option<Peak> {
        let colours = palette(ui);
        // Leaves space for the right half of the frequency axis's last label.
        ui.set_max_width(ui.available_width() - GAP);
        let scale = self.frequency;
        let (left, right) = (scale.position(self.hz.0), scale.position(self.hz.1));
        let high = ((f64::from(self.levels_db.1) + HEADROOM) / AXIS_STEP).ceil() * AXIS_STEP;
        let low = (f64::from(self.levels_db.0) / AXIS_STEP).floor() * AXIS_STEP;
        let low = low.min(high - MIN_SPAN);
        let x_axis = Axis::horizontal(ui, "Hz", move |mark| format::tick_hz(scale.hz(mark.value)));
        let y_axis = Axis::vertical(ui, &text!("axis-level"), format::tick_at);
        let plot = Plot::new("spectrum")
            .sense(Sense::hover())
            .allow_drag(false)
            .allow_zoom(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .show_x(false)
            .show_y(false)
            .label_formatter(|_| None)
            .x_grid_spacer(move |input: GridInput| match scale {
                FrequencyScale::Linear => marks::labelled(&input, |mark| format::tick_hz(mark.value)),
                _ => marks::hertz(
                    (scale.hz(input.bounds.0), scale.hz(input.bounds.1)),
                    input.base_step_size * 2.0,
                    |hz| scale.position(hz),
                ),
            })
            .y_grid_spacer(marks::narrow)
            .grid_color(colours.grid)
            .show_grid(Vec2b::TRUE);
        let axes = (Some(x_axis.spacing(20.0..=36.0)), y_axis);
        let shown = plot_axes::show(ui, plot, axes, |plot_ui: &mut PlotUi<'_>| {
            plot_ui.set_plot_bounds(PlotBounds::from_min_max([left, low], [right, high]));
            plot_ui.add(self.area(low).fill_color(colours.wave.gamma_multiply(FILL)).allow_hover(false));
            if let Some(hz) = self.marked_hz {
                let line = VLine::new("crosshair", scale.position(hz)).color(colours.crosshair).width(1.0);
                let style = egui_plot::LineStyle::Dashed { length: 4.0 };
                plot_ui.vline(line.style(style).allow_hover(false));
            }
            let peak = match plot_ui.pointer_coordinate().filter(|_| plot_ui.response().hovered()) {
                Some(pointer) => {
                    let reach = SEARCH_WIDTH * (right - left);
                    let around = (scale.hz(pointer.x - reach), scale.hz(pointer.x + reach));
                    self.spectrum.strongest_between(around.0, around.1)
                }
                None => self.spectrum.strongest_between(self.hz.0, self.hz.1),
            };
            if let Some(peak) = peak {
                let dot = Points::new("peak", PlotPoints::from(vec![[scale.position(peak.hz), peak.db]]));
                plot_ui.points(dot.radius(3.5).color(colours.frame).allow_hover(false));
            }
            peak
        });
        let peak = shown.inner;
        let value = peak.map_or_else(|| text!("reader-nothing"), peak_words);
        described::picture(&shown.response, &text!("reader-spectrum"), &value);
        peak
    }

    /// The levels as an area above `floor`. Where bins are denser than pixels, a line's mitred corners would overshoot the
    /// peaks.
    fn area(&self, floor: f64) -> FilledArea {
        let levels = self.spectrum.levels_db.iter();
        let (xs, highs): (Vec<f64>, Vec<f64>) = levels
            .enumerate()
            .map(|(bin, &level)| {
                let hz = bin as f64 * self.spectrum.hz_per_bin;
                (self.frequency.position(hz), f64::from(level).max(floor))
            })
            .unzip();
        let lows = vec![floor; xs.len()];
        FilledArea::new("level", &xs, &lows, &highs)
    }
}
