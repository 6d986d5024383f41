//! One card a stage: plot, explanation, and the value under the pointer.

use eframe::egui::{Ui, Vec2};
use ndarray::Array2;

use crate::{
    app::{
        format,
        textures::{ColourScale, ImageSlot},
        widgets::{
            card::Card,
            filter_bank_plot::FilterBankPlot,
            image_axes::ImageAxes,
            spectrogram_plot::{SpectrogramPlot, cell_words},
            waveform_plot::{TimeAxis, WaveformPlot},
        },
        window::PanelContext,
    },
    pipeline::{config::Feature, stages::Stages},
};

/// Magnitudes are shown by their cube root, near how loudness is heard, so that quiet partials can be seen.
const MAGNITUDE_EXPONENT: f32 = 1.0 / 3.0;

/// The cards of one recording.
pub struct StageCards<'a, 'b> {
    /// State, memory and commands.
    pub context: &'a mut PanelContext<'b>,
    /// What is shown.
    pub stages: &'a Stages,
    /// The time axis of all cards.
    pub time: TimeAxis,
    /// Seconds into the loaded signal, while it plays.
    pub playhead: Option<f64>,
}

/// One of the three images.
struct ImageCard<'a> {
    title: &'a str,
    explanation: &'a str,
    details: &'a str,
    slot: ImageSlot,
    image: &'a Array2<f32>,
    axes: ImageAxes,
    scale: ColourScale,
    unit: &'a str,
    resting: String,
}

impl StageCards<'_, '_> {
    /// Seconds of padding before the sound.
    fn shift(&self) -> f64 {
        self.stages.signal_start as f64 / f64::from(self.stages.sample_rate_hz.max(1))
    }

    /// The signal as loaded.
    pub fn loaded(&mut self, ui: &mut Ui, size: Vec2) {
        let card = Card {
            title: "1  Loaded",
            explanation: "Cut to length, one channel, one sample rate",
            details: "Cut to the duration, mixed to one channel, resampled: all sounds are alike from here on.",
            size,
        };
        let stages = self.stages;
        self.waveform(ui, card, ("loaded", &stages.signal), (0, stages.signal.len()), 0.0);
    }

    /// The signal filled to its full length.
    pub fn padded(&mut self, ui: &mut Ui, size: Vec2) {
        let card = Card {
            title: "2  Padded",
            explanation: "Filled up, so that all images have one size",
            details: "Short sounds are filled to the full length, because a model needs images of one size.",
            size,
        };
        let stages = self.stages;
        let start = stages.signal_start;
        let own = (start, start + stages.signal.len());
        self.waveform(ui, card, ("padded", &stages.padded), own, self.shift());
    }

    fn waveform(
        &mut self,
        ui: &mut Ui,
        card: Card<'_>,
        (name, samples): (&'static str, &[f32]),
        own: (usize, usize),
        shift: f64,
    ) {
        let generation = self.context.state.inspection.generation;
        let envelope = self.context.memory.envelopes.get(name, generation, samples);
        let rate_hz = self.stages.sample_rate_hz;
        let padding = samples.len().saturating_sub(own.1 - own.0);
        let plot = WaveformPlot {
            name,
            samples,
            envelope,
            rate_hz,
            peak: envelope.peak(),
            own,
            time: self.time,
            playhead: self.playhead.map(|secs| secs + shift),
        };
        card.show(ui, |ui| {
            if let Some((secs, sample)) = plot.show(ui) {
                return format!(
                    "{secs:7.4} s  sample {:<7} amplitude {sample:+.4}",
                    (secs * f64::from(rate_hz)).round()
                );
            }
            let (count, peak) = (format::count(samples.len()), plot.peak);
            if padding > 0 {
                return format!("{count} samples, {} padding, peak {peak:.3}", format::count(padding));
            }
            format!("{count} samples at {}, peak {peak:.3}", format::rate(rate_hz))
        });
    }

    /// The largest magnitude; looked for once a generation, because whole files have millions of cells.
    fn loudest(&mut self, image: &Array2<f32>) -> f32 {
        let generation = self.context.state.inspection.generation;
        match self.context.memory.loudest {
            Some((known, loudest)) if known == generation => loudest,
            _ => {
                let loudest = image.iter().copied().fold(0.0, f32::max);
                self.context.memory.loudest = Some((generation, loudest));
                loudest
            }
        }
    }

    /// Magnitude of the short-time Fourier transform.
    pub fn magnitude(&mut self, ui: &mut Ui, size: Vec2) {
        let (stages, state) = (self.stages, self.context.state);
        let image = &stages.magnitude;
        let loudest = self.loudest(image);
        let config = &state.inspection.config;
        let card = ImageCard {
            title: "3  STFT magnitude",
            explanation: "Strength of each frequency in each frame",
            details: "How strong each frequency is in each frame, from the short-time Fourier transform. Brightness is \
                      the cube root of the magnitude, near how loudness is heard.",
            slot: ImageSlot::Magnitude,
            image,
            axes: ImageAxes::linear(config, image.dim()),
            scale: ColourScale { low: 0.0, high: loudest, exponent: MAGNITUDE_EXPONENT },
            unit: "magnitude",
            resting: format!("{}, frame {}, hop {}", dimensions(image), config.frame_size, config.hop_length),
        };
        self.image(ui, size, &card, |value| format!("magnitude {}", format::significant(f64::from(value))));
    }

    /// Whether a filter bank stands between magnitude and feature.
    pub fn has_filters(&self) -> bool {
        self.context.state.inspection.config.feature == Feature::LogMel
    }

    /// The mel filters, for the log-mel feature.
    pub fn filters(&self, ui: &mut Ui, size: Vec2) {
        let config = &self.context.state.inspection.config;
        let card = Card {
            title: "Mel filters",
            explanation: "From 3 to 4: narrow bands below, wide ones above",
            details: "Each triangle weighs the magnitudes below it and adds them up to one row of the log-mel image. The bands \
                      are spaced as the ear hears pitch; all triangles have the same area. Point at one for its frequencies, \
                      zoom with Ctrl and the wheel.",
            size,
        };
        let plot = FilterBankPlot::new(config);
        card.show(ui, |ui| {
            plot.show(ui).unwrap_or_else(|| {
                format!("{} bands, 0 to {}", config.mel_bands, format::hertz(config.mel_max_hz.into()))
            })
        });
    }

    /// Log-dB or log-mel.
    pub fn feature(&mut self, ui: &mut Ui, size: Vec2) {
        let (stages, state) = (self.stages, self.context.state);
        let image = &stages.feature;
        let config = &state.inspection.config;
        let min_max = stages.min_max;
        let (title, (explanation, details), unit, extremes) = match config.feature {
            Feature::LogSpectrogram => (
                "4  Log magnitude",
                (
                    "Decibels re 1: ratios, as the ear hears",
                    "Decibels re 1, floored at the file's maximum − top dB: the ear hears ratios, and so does the model.",
                ),
                "dB",
                format!("{:.1} to {:.1} dB re 1", min_max.min, min_max.max),
            ),
            Feature::LogMel => (
                "4  Log-mel",
                (
                    "Bands as the ear hears pitch, in logarithms",
                    "Mel bands are spaced as the ear hears pitch; natural logarithm of their magnitude.",
                ),
                "ln",
                format!("{:.2} to {:.2} (natural log)", min_max.min, min_max.max),
            ),
        };
        let card = ImageCard {
            title,
            explanation,
            details,
            slot: ImageSlot::Feature,
            image,
            axes: ImageAxes::feature(config, image.dim()),
            scale: ColourScale::linear(min_max.min, min_max.max),
            unit,
            resting: format!("{}, {extremes}", dimensions(image)),
        };
        let natural = config.feature == Feature::LogMel;
        self.image(ui, size, &card, |value| {
            if natural { format!("ln {value:+.3}") } else { format!("{value:+.1} dB") }
        });
    }

    /// The model's input.
    pub fn normalised(&mut self, ui: &mut Ui, size: Vec2) {
        let (stages, state) = (self.stages, self.context.state);
        let image = &stages.normalised;
        let config = &state.inspection.config;
        let min_max = stages.min_max;
        let unit = if config.feature == Feature::LogMel { "" } else { " dB" };
        let card = ImageCard {
            title: "5  Normalised",
            explanation: "One range for all files: the model's input",
            details: "Stretched to one range, file by file: the model's input. The original extremes are kept for the way back.",
            slot: ImageSlot::Normalised,
            image,
            axes: ImageAxes::feature(config, image.dim()),
            scale: ColourScale::linear(config.range_min, config.range_max),
            unit: "0..1",
            resting: format!("{}, was {:.1} to {:.1}{unit}", dimensions(image), min_max.min, min_max.max),
        };
        let card = ImageCard {
            unit: if (config.range_min, config.range_max) == (0.0, 1.0) { card.unit } else { "value" },
            ..card
        };
        self.image(ui, size, &card, |value| format!("value {value:.4}"));
    }

    fn image(&mut self, ui: &mut Ui, size: Vec2, image: &ImageCard<'_>, value: impl Fn(f32) -> String) {
        let state = self.context.state;
        let map = state.settings.colour_map;
        let generation = state.inspection.generation;
        let colours = (map, image.scale);
        let texture =
            self.context.memory.textures.get(ui.ctx(), image.slot, generation, image.image, colours);
        let playhead = self.playhead.map(|secs| secs + self.shift());
        let plot = SpectrogramPlot {
            name: image.title,
            texture: texture.id(),
            axes: image.axes,
            time: self.time,
            map,
            scale: image.scale,
            unit: image.unit,
            playhead,
        };
        let card = Card { title: image.title, explanation: image.explanation, details: image.details, size };
        card.show(ui, |ui| match plot.show(ui) {
            Some(hovered) => {
                let value =
                    image.image.get([hovered.0.bin, hovered.0.frame]).map_or_else(String::new, |&v| value(v));
                cell_words(&image.axes, hovered, &value)
            }
            None => image.resting.clone(),
        });
    }
}

fn dimensions(image: &Array2<f32>) -> String {
    format!("{} × {}", image.nrows(), image.ncols())
}
