//! The visible range of time and frequency that several plots share.
//!
//! All rows of a strip draw the same viewport, so they stay aligned. It outlives the recording on show, so that
//! recordings can be compared with the same axes.

use crate::dsp::frequency_scale::FrequencyScale;

use super::room::between;

/// Movement of one key press, as a part of the visible width.
pub const PAN_STEP: f64 = 0.25;
/// Zoom factor of one key press.
pub const ZOOM_STEP: f64 = 0.5;
/// Narrowest visible range, in samples.
const MIN_SAMPLES: f64 = 8.0;
/// Narrowest visible range, as a part of the frequency axis.
const MIN_FREQUENCY_PART: f64 = 0.01;

/// A range of an axis, lower end first.
pub type Range = (f64, f64);

/// Visible ranges within the whole extent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    whole_secs: Range,
    /// The whole extent in Hz.
    whole_hz: Range,
    /// Visible range in seconds.
    secs: Range,
    /// Visible range in Hz.
    hz: Range,
    /// Least visible width in seconds.
    finest_secs: f64,
}

impl Default for Viewport {
    fn default() -> Self {
        Self {
            whole_secs: (0.0, 1.0),
            whole_hz: (0.0, 1.0),
            secs: (0.0, 1.0),
            hz: (0.0, 1.0),
            finest_secs: 1e-4,
        }
    }
}

impl Viewport {
    /// Adapts to the extent of another sound. The visible range stays where possible; a view of the whole stays whole.
    pub fn fit(&mut self, secs: f64, hz: Range, rate_hz: u32) {
        let before = *self;
        self.whole_secs = (0.0, secs.max(1e-3));
        self.whole_hz = hz;
        self.finest_secs = MIN_SAMPLES / f64::from(rate_hz.max(1));
        self.secs = if before.secs == before.whole_secs { self.whole_secs } else { self.secs };
        self.hz = if before.hz == before.whole_hz { self.whole_hz } else { self.hz };
        self.keep_inside();
    }

    pub fn secs(&self) -> Range {
        self.secs
    }

    pub fn hz(&self) -> Range {
        self.hz
    }

    pub fn whole_secs(&self) -> Range {
        self.whole_secs
    }

    pub fn reset(&mut self) {
        self.secs = self.whole_secs;
        self.hz = self.whole_hz;
    }

    pub fn show_secs(&mut self, secs: Range) {
        self.secs = (secs.0.min(secs.1), secs.0.max(secs.1));
        self.keep_inside();
    }

    pub fn show_hz(&mut self, hz: Range) {
        self.hz = (hz.0.min(hz.1), hz.0.max(hz.1));
        self.keep_inside();
    }

    /// Multiplies the visible time range by `factor`; the time `around` keeps its position.
    pub fn zoom_time(&mut self, factor: f64, around: f64) {
        self.secs = scaled(self.secs, factor, around);
        self.keep_inside();
    }

    /// Multiplies the visible part of the frequency axis by `factor`; `around_hz` keeps its position.
    pub fn zoom_frequency(&mut self, factor: f64, around_hz: f64, scale: FrequencyScale) {
        let shown = self.positions(scale);
        let (low, high) = scaled(shown, factor, scale.position(around_hz));
        self.hz = (scale.hz(low), scale.hz(high));
        self.keep_inside();
    }

    /// Moves by a part of the visible width; positive is later.
    pub fn pan_time(&mut self, part: f64) {
        let width = self.secs.1 - self.secs.0;
        self.secs = (self.secs.0 + part * width, self.secs.1 + part * width);
        self.keep_inside();
    }

    /// Moves by a part of the visible height; positive is higher.
    pub fn pan_frequency(&mut self, part: f64, scale: FrequencyScale) {
        let (low, high) = self.positions(scale);
        let (bottom, top) = (scale.position(self.whole_hz.0), scale.position(self.whole_hz.1));
        let by = (part * (high - low)).clamp(bottom - low, (top - high).max(bottom - low));
        self.hz = (scale.hz(low + by), scale.hz(high + by));
        self.keep_inside();
    }

    /// The visible frequency range in coordinates of `scale`.
    pub fn positions(&self, scale: FrequencyScale) -> Range {
        (scale.position(self.hz.0), scale.position(self.hz.1))
    }

    fn keep_inside(&mut self) {
        self.secs = inside(self.secs, self.whole_secs, self.finest_secs);
        let least = (self.whole_hz.1 - self.whole_hz.0) * MIN_FREQUENCY_PART;
        self.hz = inside(self.hz, self.whole_hz, least);
    }
}

fn scaled((low, high): Range, factor: f64, around: f64) -> Range {
    (around - (around - low) * factor, around + (high - around) * factor)
}

/// The range moved and narrowed to lie within `whole`, at least `least` wide.
fn inside((low, high): Range, whole: Range, least: f64) -> Range {
    let width = (high - low).max(least);
    if !width.is_finite() || width >= whole.1 - whole.0 {
        return whole;
    }
    let middle = f64::midpoint(low, high);
    let low = between(middle - width / 2.0, whole.0, whole.1 - width);
    (low, low + width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewport() -> Viewport {
        let mut view = Viewport::default();
        view.fit(2.0, (0.0, 11_025.0), 22_050);
        view
    }

    #[test]
    fn the_next_recording_keeps_the_zoom_and_a_whole_view_stays_whole() {
        let mut view = viewport();
        assert_eq!(view.secs(), (0.0, 2.0));
        view.fit(3.0, (0.0, 11_025.0), 22_050);
        assert_eq!(view.secs(), (0.0, 3.0));
        view.show_secs((1.0, 1.5));
        view.fit(2.0, (0.0, 11_025.0), 22_050);
        assert_eq!(view.secs(), (1.0, 1.5));
        view.fit(1.2, (0.0, 11_025.0), 22_050);
        assert_eq!(view.secs(), (0.7, 1.2));
        view.reset();
        assert_eq!(view.secs(), (0.0, 1.2));
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let mut view = viewport();
        view.zoom_time(0.5, 0.5);
        assert_eq!(view.secs(), (0.25, 1.25));
        view.zoom_time(0.5, 0.5);
        assert_eq!(view.secs(), (0.375, 0.875));
        for _ in 0..100 {
            view.zoom_time(0.5, 0.5);
        }
        let width = view.secs().1 - view.secs().0;
        assert!((width - 8.0 / 22_050.0).abs() < 1e-9, "{width}");
        view.zoom_time(1e9, 0.5);
        assert_eq!(view.secs(), view.whole_secs());
    }

    #[test]
    fn panning_ends_at_the_ends_of_the_sound() {
        let mut view = viewport();
        view.show_secs((0.0, 0.5));
        view.pan_time(-1.0);
        assert_eq!(view.secs(), (0.0, 0.5));
        view.pan_time(0.5);
        assert_eq!(view.secs(), (0.25, 0.75));
        view.pan_time(99.0);
        assert_eq!(view.secs(), (1.5, 2.0));
    }

    #[test]
    fn frequencies_are_zoomed_in_the_spacing_that_is_seen() {
        let scale = FrequencyScale::Log;
        let mut view = viewport();
        view.show_hz((100.0, 6400.0));
        view.zoom_frequency(0.5, 800.0, scale);
        let (low, high) = view.hz();
        assert!((low - 282.84).abs() < 0.01 && (high - 2262.7).abs() < 0.1, "{low} {high}");
        view.pan_frequency(1.0, scale);
        let (low, high) = view.hz();
        assert!((low - 11_025.0 / 8.0).abs() < 1.0 && (high - 11_025.0).abs() < 1.0, "{low} {high}");
    }
}
