//! The rows of the strip: every stage of one recording on one time axis.

use std::borrow::Cow;

use eframe::egui::Ui;
use ndarray::Array2;

use super::source::{ImageRow, StripSource};
use crate::{
    app::{
        context::PanelContext,
        format,
        kinds::stage::Stage,
        memory::Loudest,
        pictures::textures::{ColourScale, Colours, Display, ImageSlot, Slot},
        widgets::{
            colour_bar::ColourChange,
            row::{HEAD, RowHead},
            spectrogram_plot::SpectrogramPlot,
            strip::Strip,
            waveform_plot::{FrameSpan, WaveformPlot},
        },
    },
    language::text,
    session::{InspectionCommand, state::StageDisplay},
};

/// Magnitudes are shown by their cube root, close to perceived loudness, so that quiet partials are visible.
const MAGNITUDE_EXPONENT: f32 = 1.0 / 3.0;
/// Least heights of plots, in points.
const WAVE_HEIGHT: f32 = 54.0;
const IMAGE_HEIGHT: f32 = 92.0;
/// The same in a figure, which does not scroll.
const FIGURE_WAVE_HEIGHT: f32 = 36.0;
const FIGURE_IMAGE_HEIGHT: f32 = 60.0;
/// Height of an image as a multiple of a waveform's.
const IMAGE_SHARE: f32 = 1.7;
/// Height of the time axis below the lowest plot, in points.
pub(super) const TIME_AXIS: f32 = 38.0;
/// The colour bar extends this far beyond a file's range, so that its handles can be moved outwards.
const LIMIT_STEP: f32 = 10.0;

/// The least heights of a waveform and of an image, in points.
pub(super) fn least_heights(strip: &Strip) -> (f32, f32) {
    if strip.is_figure { (FIGURE_WAVE_HEIGHT, FIGURE_IMAGE_HEIGHT) } else { (WAVE_HEIGHT, IMAGE_HEIGHT) }
}

/// The strip of one recording.
pub(super) struct StageRows<'a, 'b> {
    pub context: &'a mut PanelContext<'b>,
    pub strip: &'a mut Strip,
    pub source: &'a StripSource<'a>,
    /// Playback position on the strip's axis in seconds, while the recording plays.
    pub playhead: Option<f64>,
    /// The analysis frame under the crosshair.
    pub frame: Option<FrameSpan<'a>>,
    /// For a figure of one stage, the only row to draw.
    pub only: Option<Stage>,
}

impl StageRows<'_, '_> {
    /// Draws all rows into `height` points, or more if they would become too low.
    pub fn show(mut self, ui: &mut Ui, height: f32) {
        let folded = self.context.memory.folded_stages;
        let only = self.only;
        let is_open = |stage: &Stage| match only {
            Some(only) => *stage == only,
            None => !folded[*stage as usize],
        };
        // A figure has no headings of folded stages.
        let has_head = |stage: &Stage| is_open(stage) || !self.strip.is_figure;
        let shown: Vec<Stage> = Stage::ALL.into_iter().filter(has_head).collect();
        let (waves, images): (Vec<Stage>, Vec<Stage>) =
            Stage::ALL.into_iter().filter(is_open).partition(|stage| stage.is_wave());
        let spacing = ui.spacing().item_spacing.y;
        let heads = shown.len() as f32 * (HEAD + spacing) + TIME_AXIS;
        let parts = waves.len() as f32 + IMAGE_SHARE * images.len() as f32;
        let unit = (height - heads) / parts.max(1.0);
        let lowest = Stage::ALL.into_iter().rfind(is_open);
        for stage in shown {
            let has_time_labels = lowest == Some(stage);
            let (wave, image) = least_heights(self.strip);
            let plot = if stage.is_wave() { unit.max(wave) } else { (IMAGE_SHARE * unit).max(image) };
            let height = plot + if has_time_labels { TIME_AXIS } else { 0.0 };
            if self.row(ui, stage, height, has_time_labels) {
                self.context.memory.folded_stages[stage as usize] ^= true;
            }
        }
    }

    /// Draws one row; returns whether its heading was clicked.
    fn row(&mut self, ui: &mut Ui, stage: Stage, height: f32, has_time_labels: bool) -> bool {
        let feature = self.source.config.feature;
        let (explanation, details) = stage.explanations(feature);
        let head = RowHead {
            title: &stage.title(feature),
            explanation: &explanation,
            details: &details,
            figures: self.figures(stage),
            folded: (!self.strip.is_figure).then_some(self.context.memory.folded_stages[stage as usize]),
        };
        head.show(ui, height, |ui| match stage {
            Stage::Loaded | Stage::Padded => self.waveform(ui, stage, has_time_labels),
            Stage::Magnitude | Stage::Feature | Stage::Normalised => {
                self.image(ui, stage, has_time_labels);
            }
        })
    }

    fn figures(&self, stage: Stage) -> String {
        let source = self.source;
        let unit = source.config.feature.unit().suffix();
        let (least, most) = (format::fixed(source.min_max.min, 1), format::fixed(source.min_max.max, 1));
        let size = |row: &ImageRow<'_>| format!("{} × {}", row.image.nrows(), format::count(source.frames));
        match stage {
            Stage::Loaded => {
                let rate = format::rate(source.rate_hz);
                text!("stages-loaded-figures", count = source.signal.len(), rate = rate)
            }
            Stage::Padded => match source.padded.len().saturating_sub(source.signal.len()) {
                0 => text!("stages-unpadded-figures", count = source.padded.len()),
                padding => {
                    let padding = format::count(padding);
                    text!("stages-padded-figures", count = source.padded.len(), padding = padding)
                }
            },
            Stage::Magnitude => text!(
                "stages-magnitude-figures",
                size = size(&source.magnitude),
                frame = format::count(source.config.frame_size),
                hop = format::count(source.config.hop_length)
            ),
            Stage::Feature => text!(
                "stages-feature-figures",
                size = size(&source.feature),
                least = least,
                most = most,
                unit = unit
            ),
            Stage::Normalised => text!(
                "stages-normalised-figures",
                size = size(&source.normalised),
                least = least,
                most = most,
                unit = unit
            ),
        }
    }

    fn waveform(&mut self, ui: &mut Ui, stage: Stage, has_time_labels: bool) {
        let source = self.source;
        let (samples, start_secs, own) = if stage == Stage::Loaded {
            (source.signal, source.start_secs(), (0, source.signal.len()))
        } else {
            (source.padded, 0.0, (source.signal_start, source.signal_start + source.signal.len()))
        };
        let envelope = match source.envelopes {
            Some((signal, padded)) => {
                if stage == Stage::Loaded {
                    signal
                } else {
                    padded
                }
            }
            None => self.context.memory.envelopes.get(stage.word(), source.generation, samples),
        };
        let plot = WaveformPlot {
            name: stage.word(),
            title: &stage.title(source.config.feature),
            samples,
            envelope,
            rate_hz: source.rate_hz,
            start_secs,
            peak: self.context.state.settings.stage_display.amplitude.unwrap_or_else(|| envelope.peak()),
            own,
            frame: self.frame,
            has_time_labels,
            playhead: self.playhead,
        };
        plot.show(ui, self.strip);
    }

    fn image(&mut self, ui: &mut Ui, stage: Stage, has_time_labels: bool) {
        let source = self.source;
        let state = self.context.state;
        let display = state.settings.stage_display;
        let (row, image, scale, unit) = match stage {
            Stage::Feature => {
                let (low, high) = display.feature_range.unwrap_or((source.min_max.min, source.min_max.max));
                let unit = Cow::Borrowed(source.config.feature.unit().symbol());
                (&source.feature, ImageSlot::Feature, ColourScale::linear(low, high), unit)
            }
            Stage::Normalised => {
                let config = source.config;
                let is_unit = (config.range_min, config.range_max) == (0.0, 1.0);
                let unit = if is_unit { "0..1".into() } else { text!("stages-value").into() };
                let scale = ColourScale::linear(config.range_min, config.range_max);
                (&source.normalised, ImageSlot::Normalised, scale, unit)
            }
            Stage::Loaded | Stage::Padded | Stage::Magnitude => {
                let high = display.magnitude.unwrap_or_else(|| self.loudest(source.magnitude.image));
                let scale = ColourScale { low: 0.0, high, exponent: MAGNITUDE_EXPONENT };
                (&source.magnitude, ImageSlot::Magnitude, scale, text!("stages-magnitude-unit").into())
            }
        };
        let shown =
            Display { colours: Colours::Map(state.settings.colour_map), scale, frequency: display.frequency };
        let slot = Slot { image, generation: source.generation };
        let texture = self.context.memory.textures.get(ui.ctx(), slot, row.image, &row.axes, shown);
        let plot = SpectrogramPlot {
            name: stage.word(),
            title: &stage.title(source.config.feature),
            texture: texture.id(),
            axes: row.axes,
            display: shown,
            unit: &unit,
            limits: (stage == Stage::Feature)
                .then(|| limits(scale, (source.min_max.min, source.min_max.max))),
            padding_edges: source.padding_edges(),
            has_time_labels,
            playhead: self.playhead,
        };
        if let Some(change) = plot.show(ui, self.strip) {
            let feature_range = match change {
                ColourChange::Range(low, high) => Some((low, high)),
                ColourChange::Fit => None,
            };
            self.context.send(InspectionCommand::SetStageDisplay(StageDisplay { feature_range, ..display }));
        }
    }

    /// The largest magnitude, cached by generation because whole files have millions of cells.
    fn loudest(&mut self, image: &Array2<f32>) -> f32 {
        if let Some(loudest) = self.source.loudest {
            return loudest;
        }
        let generation = self.context.state.inspection.generation;
        match self.context.memory.loudest {
            Some(known) if known.generation == generation => known.magnitude,
            _ => {
                let magnitude = image.iter().copied().fold(0.0, f32::max);
                self.context.memory.loudest = Some(Loudest { generation, magnitude });
                magnitude
            }
        }
    }
}

/// Round limits that enclose both the colour range and the file's range.
pub(super) fn limits(scale: ColourScale, own: (f32, f32)) -> (f32, f32) {
    let low = (scale.low.min(own.0) / LIMIT_STEP - 0.5).floor() * LIMIT_STEP;
    let high = (scale.high.max(own.1) / LIMIT_STEP + 0.5).ceil() * LIMIT_STEP;
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colour_bar_reaches_round_values_beyond_the_file() {
        assert_eq!(limits(ColourScale::linear(-60.0, 14.0), (-60.0, 14.0)), (-70.0, 20.0));
        assert_eq!(limits(ColourScale::linear(-100.0, 0.0), (-60.0, 14.0)), (-110.0, 20.0));
    }
}
