//! What a strip draws, be it a short sound with all of its stages or a part of a long one.

use ndarray::Array2;

use crate::{
    app::pictures::image_axes::ImageAxes,
    inspect::envelope::Envelope,
    pipeline::{
        config::PreprocessingConfig,
        stages::{MinMax, Stages},
    },
    session::long_view::LongView,
};

/// An image and where its cells lie.
pub(super) struct ImageRow<'a> {
    pub image: &'a Array2<f32>,
    pub axes: ImageAxes,
}

/// One recording's stages as the strip needs them.
pub(super) struct StripSource<'a> {
    /// The settings that made them.
    pub config: &'a PreprocessingConfig,
    /// Rate of the samples in Hz.
    pub rate_hz: u32,
    /// The loaded signal.
    pub signal: &'a [f32],
    /// The signal filled to its full length.
    pub padded: &'a [f32],
    /// Where in `padded` the signal starts.
    pub signal_start: usize,
    /// Frames of the whole sound.
    pub frames: usize,
    pub magnitude: ImageRow<'a>,
    pub feature: ImageRow<'a>,
    pub normalised: ImageRow<'a>,
    /// Extremes of the whole sound's feature.
    pub min_max: MinMax,
    /// The whole sound's largest magnitude, where it is known.
    pub loudest: Option<f32>,
    /// Summaries of the loaded and the padded signal, where they are known.
    pub envelopes: Option<(&'a Envelope, &'a Envelope)>,
    /// Another number for other images.
    pub generation: u64,
}

/// Parts of one sound that are told apart: far more than anybody computes.
const MOST_PARTS: u64 = 1 << 32;

impl<'a> StripSource<'a> {
    /// A sound with all of its stages.
    pub fn whole(stages: &'a Stages, config: &'a PreprocessingConfig, generation: u64) -> Self {
        let row = |image: &'a Array2<f32>| ImageRow { image, axes: ImageAxes::feature(config, image.dim()) };
        Self {
            config,
            rate_hz: stages.sample_rate_hz,
            signal: &stages.signal,
            padded: &stages.padded,
            signal_start: stages.signal_start,
            frames: stages.normalised.ncols(),
            magnitude: ImageRow {
                image: &stages.magnitude,
                axes: ImageAxes::linear(config, stages.magnitude.dim()),
            },
            feature: row(&stages.feature),
            normalised: row(&stages.normalised),
            min_max: stages.min_max,
            loudest: None,
            envelopes: None,
            generation: generation.wrapping_mul(MOST_PARTS),
        }
    }

    /// A long sound, with the images of the part that is looked at.
    pub fn long(view: &'a LongView, generation: u64) -> Self {
        let sound = &*view.sound;
        let config = &sound.config;
        let (tile, part) = view.shown();
        let place = |axes: ImageAxes| axes.part(tile.first_frame, tile.frames_per_column);
        let row =
            |image: &'a Array2<f32>| ImageRow { image, axes: place(ImageAxes::feature(config, image.dim())) };
        Self {
            config,
            rate_hz: config.sample_rate_hz,
            signal: sound.signal(),
            padded: &sound.padded,
            signal_start: sound.signal.start,
            frames: sound.frames,
            magnitude: ImageRow {
                image: &tile.magnitude,
                axes: place(ImageAxes::linear(config, tile.magnitude.dim())),
            },
            feature: row(&tile.feature),
            normalised: row(&tile.normalised),
            min_max: sound.min_max,
            loudest: Some(sound.loudest),
            envelopes: Some((&view.signal, &view.padded)),
            generation: generation.wrapping_mul(MOST_PARTS) + part,
        }
    }

    fn rate(&self) -> f64 {
        f64::from(self.rate_hz.max(1))
    }

    /// Seconds of padding before the sound.
    pub fn start_secs(&self) -> f64 {
        self.signal_start as f64 / self.rate()
    }

    /// Seconds of the whole padded sound.
    pub fn secs(&self) -> f64 {
        self.padded.len().max(self.signal.len()) as f64 / self.rate()
    }

    /// Seconds where padding ends before and begins after the sound, where there is some.
    pub fn padding_edges(&self) -> [Option<f64>; 2] {
        let end = self.signal_start + self.signal.len();
        [
            (self.signal_start > 0).then(|| self.start_secs()),
            (end < self.padded.len()).then(|| end as f64 / self.rate()),
        ]
    }

    /// Seconds of the first sample and after the last of frame `frame`, as the transform takes it.
    pub fn frame_span(&self, frame: usize) -> (f64, f64) {
        let half = self.config.frame_size as f64 / self.rate() / 2.0;
        let middle = self.magnitude.axes.frame_secs(frame);
        (middle - half, middle + half)
    }
}
