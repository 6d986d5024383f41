//! Sounds of more than a minute, looked at part by part.
//!
//! All stages of an hour of sound would take gigabytes. A [`LongSound`] keeps the samples, one picture of the whole and what
//! belongs to the whole file (its extremes), and computes images for the part that is seen: [`LongSound::tile`]. A tile has
//! at most a given number of columns; where it covers more frames, a column shows the largest value of several.

use std::{ops::Range, path::Path};

use ndarray::{Array2, s};
use rayon::prelude::*;

use super::{
    config::PreprocessingConfig,
    extractor::{self, Extractor},
    preprocessing::{PipelineError, PreprocessingPipeline},
    stages::{Flag, MinMax, Stages},
};
use crate::dsp::normalise::normalise_between;

/// Sounds longer than this are looked at part by part, in seconds.
pub const LONG_SECS: f64 = 60.0;
/// Most columns of a tile.
pub const MOST_COLUMNS: usize = 2048;
/// Frames that one thread transforms at a time.
const FRAMES_AT_ONCE: usize = 1024;
/// A dynamic range that no sound has, so that no part is floored by its own maximum.
const NO_FLOOR_DB: f32 = 200.0;

/// A sound as the stage view gets it.
#[derive(Clone, Debug)]
pub enum Inspected {
    /// Every stage of it.
    Whole(Stages),
    /// A long one, part by part.
    Long(LongSound),
}

/// Images of a part of a long sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// The frame of the first column.
    pub first_frame: usize,
    /// Frames whose largest values one column shows.
    pub frames_per_column: usize,
    /// Magnitudes without the Nyquist row, `[bins, columns]`.
    pub magnitude: Array2<f32>,
    /// The feature, `[bins or mels, columns]`.
    pub feature: Array2<f32>,
    /// The feature in the normalised range.
    pub normalised: Array2<f32>,
}

impl Tile {
    /// The frames that it shows, of a sound of `frames` frames.
    pub fn frames(&self, frames: usize) -> Range<usize> {
        let after = self.first_frame + self.magnitude.ncols() * self.frames_per_column;
        self.first_frame..after.min(frames)
    }
}

/// A long sound, its extremes, and a picture of the whole.
#[derive(Clone, Debug)]
pub struct LongSound {
    /// Rate of the file, in Hz.
    pub native_rate_hz: u32,
    /// Channels of the file.
    pub native_channels: usize,
    /// Length of the whole file in seconds.
    pub native_duration_secs: f64,
    /// The settings.
    pub config: PreprocessingConfig,
    /// The padded signal; the loaded one is a part of it.
    pub padded: Vec<f32>,
    /// Where in `padded` the loaded signal lies.
    pub signal: Range<usize>,
    /// Frames of the whole sound.
    pub frames: usize,
    /// Extremes of the whole sound's feature.
    pub min_max: MinMax,
    /// The largest magnitude.
    pub loudest: f32,
    /// Remarks on the recording.
    pub flags: Vec<Flag>,
    /// The whole sound.
    pub overview: Tile,
}

/// Images of some frames before the sound's floor and extremes are applied, and the extremes found on the way.
struct Raw {
    magnitude: Array2<f32>,
    feature: Array2<f32>,
    extremes: MinMax,
}

impl PreprocessingPipeline {
    /// Every stage of a file, or, where it gives more than [`LONG_SECS`] of padded signal, what is needed to look at it
    /// part by part.
    ///
    /// # Errors
    /// When the file cannot be decoded.
    pub fn inspect(&self, path: &Path) -> Result<Inspected, PipelineError> {
        let loaded = self.load(path)?;
        let config = self.config();
        let len = self.padded_len_of(loaded.signal.len());
        if len as f64 <= LONG_SECS * f64::from(config.sample_rate_hz) {
            return Ok(Inspected::Whole(self.stages_of(loaded)));
        }
        let signal_len = loaded.signal.len().min(len);
        let padded = self.pad(loaded.signal, len);
        let signal = padded.signal_start..padded.signal_start + signal_len;
        let (_, frames) = config.image_shape_of(len);
        let extractor = unfloored(config);
        let per_column = frames.div_ceil(MOST_COLUMNS).max(1);
        let raw = transform(extractor.as_ref(), config, &padded.samples, 0..frames, per_column);
        let max = raw.extremes.max;
        let min_max = MinMax { min: floor_of(config, max).max(raw.extremes.min), max };
        let loudest = raw.magnitude.iter().copied().fold(0.0, f32::max);
        let mut flags = loaded.flags;
        if min_max.is_constant() {
            flags.push(Flag::Silent);
        }
        Ok(Inspected::Long(LongSound {
            native_rate_hz: loaded.native_rate_hz,
            native_channels: loaded.native_channels,
            native_duration_secs: loaded.native_duration_secs,
            config: config.clone(),
            padded: padded.samples,
            signal,
            frames,
            min_max,
            loudest,
            flags,
            overview: finished(raw, config, min_max, (0, per_column)),
        }))
    }
}

impl LongSound {
    /// Images of `frames`, in at most `columns` columns; frames beyond the sound's end are left out.
    pub fn tile(&self, frames: Range<usize>, columns: usize) -> Tile {
        let frames = frames.start.min(self.frames)..frames.end.min(self.frames);
        let per_column = frames.len().div_ceil(columns.clamp(1, MOST_COLUMNS)).max(1);
        // Columns begin at multiples of their width, so that neighbouring tiles show the same columns.
        let start = frames.start / per_column * per_column;
        let extractor = unfloored(&self.config);
        let raw = transform(extractor.as_ref(), &self.config, &self.padded, start..frames.end, per_column);
        finished(raw, &self.config, self.min_max, (start, per_column))
    }

    /// The loaded signal.
    pub fn signal(&self) -> &[f32] {
        self.padded.get(self.signal.clone()).unwrap_or_default()
    }
}

/// The loaded signal, for whoever plays it.
impl AsRef<[f32]> for LongSound {
    fn as_ref(&self) -> &[f32] {
        self.signal()
    }
}

/// The extractor of `config`, without a floor that depends on what it is given.
fn unfloored(config: &PreprocessingConfig) -> Box<dyn Extractor> {
    extractor::standard(&PreprocessingConfig { top_db: NO_FLOOR_DB, ..config.clone() })
}

/// The lowest value that a feature whose largest value is `max` can have.
fn floor_of(config: &PreprocessingConfig, max: f32) -> f32 {
    match config.feature {
        super::config::Feature::LogSpectrogram => max - config.top_db,
        super::config::Feature::LogMel => f32::NEG_INFINITY,
    }
}

/// Transforms `frames` in parallel; every `per_column` of them give one column of their largest values.
fn transform(
    extractor: &dyn Extractor,
    config: &PreprocessingConfig,
    padded: &[f32],
    frames: Range<usize>,
    per_column: usize,
) -> Raw {
    let columns = frames.len().div_ceil(per_column);
    let columns_at_once = FRAMES_AT_ONCE.div_ceil(per_column);
    let parts: Vec<Range<usize>> = (0..columns)
        .step_by(columns_at_once)
        .map(|column| {
            let start = frames.start + column * per_column;
            start..(start + columns_at_once * per_column).min(frames.end)
        })
        .collect();
    let raws: Vec<Raw> = parts
        .into_par_iter()
        .map_init(
            || extractor.worker(),
            |extractor, part| raw_part(extractor.as_mut(), config, padded, part, per_column),
        )
        .collect();
    let bins = config.frame_size / 2;
    let mut whole = Raw {
        magnitude: Array2::zeros((bins, columns)),
        feature: Array2::zeros((config.image_shape_of(padded.len()).0, columns)),
        extremes: MinMax { min: f32::INFINITY, max: f32::NEG_INFINITY },
    };
    let mut column = 0;
    for raw in raws {
        let end = column + raw.magnitude.ncols();
        whole.magnitude.slice_mut(s![.., column..end]).assign(&raw.magnitude);
        whole.feature.slice_mut(s![.., column..end]).assign(&raw.feature);
        whole.extremes.min = whole.extremes.min.min(raw.extremes.min);
        whole.extremes.max = whole.extremes.max.max(raw.extremes.max);
        column = end;
    }
    whole
}

/// The same for a few frames, on one thread.
fn raw_part(
    extractor: &mut dyn Extractor,
    config: &PreprocessingConfig,
    padded: &[f32],
    frames: Range<usize>,
    per_column: usize,
) -> Raw {
    // Frames before and after have the samples that these share with them; what the ends of the cut make of those is left out.
    let (hop, context) = (config.hop_length, config.frame_size.div_ceil(config.hop_length));
    let first = frames.start.saturating_sub(context);
    let start = (first * hop).min(padded.len());
    let end = ((frames.end + context) * hop + config.frame_size).min(padded.len());
    let extracted = extractor.extract_stages(padded.get(start..end).unwrap_or_default());
    let own = |image: &Array2<f32>| {
        let from = (frames.start - first).min(image.ncols());
        let to = (from + frames.len()).min(image.ncols());
        image.slice(s![.., from..to]).to_owned()
    };
    let (magnitude, feature) = (own(&extracted.magnitude), own(&extracted.feature));
    let extremes = feature.as_slice().map_or(MinMax { min: 0.0, max: 0.0 }, MinMax::of);
    Raw { magnitude: merged(&magnitude, per_column), feature: merged(&feature, per_column), extremes }
}

/// The largest value of every `per_column` neighbours of a row.
fn merged(image: &Array2<f32>, per_column: usize) -> Array2<f32> {
    if per_column == 1 {
        return image.clone();
    }
    let columns = image.ncols().div_ceil(per_column);
    let mut largest = Array2::from_elem((image.nrows(), columns), f32::NEG_INFINITY);
    for (mut to, from) in largest.rows_mut().into_iter().zip(image.rows()) {
        for (column, value) in from.iter().enumerate() {
            let target = &mut to[column / per_column];
            *target = target.max(*value);
        }
    }
    largest
}

/// Applies the sound's floor and normalises by its extremes.
fn finished(
    raw: Raw,
    config: &PreprocessingConfig,
    min_max: MinMax,
    (first_frame, per_column): (usize, usize),
) -> Tile {
    let mut feature = raw.feature;
    feature.mapv_inplace(|value| value.max(min_max.min));
    let mut normalised = feature.clone();
    if let Some(values) = normalised.as_slice_mut() {
        normalise_between(values, min_max, config.range());
    }
    Tile { first_frame, frames_per_column: per_column, magnitude: raw.magnitude, feature, normalised }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audio::{
            clip::Clip,
            encode::{BitDepth, write_wav},
        },
        pipeline::config::ClipDuration,
    };

    /// A minute and two seconds of tones that grow and fade, with silence in between.
    fn long_sound(base: PreprocessingConfig) -> (LongSound, Stages) {
        let rate = 8000;
        let config = PreprocessingConfig {
            sample_rate_hz: rate,
            duration: ClipDuration::Full,
            mel_max_hz: 4000.0,
            ..base
        };
        let samples: Vec<f32> = (0..62 * rate)
            .map(|n| {
                let secs = f64::from(n) / f64::from(rate);
                let level = (secs * 0.7).sin().max(0.0) * 0.4;
                (level * (secs * (300.0 + 20.0 * secs) * 6.0).sin()) as f32
            })
            .collect();
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("long.wav");
        write_wav(&path, &Clip::mono(samples, rate), BitDepth::Int16).unwrap();
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        let Inspected::Long(long) = pipeline.inspect(&path).unwrap() else { panic!("not long") };
        (long, pipeline.stages(&path).unwrap())
    }

    #[test]
    fn a_tile_is_a_part_of_the_whole_image() {
        for base in [PreprocessingConfig::default(), PreprocessingConfig::log_mel()] {
            let (long, stages) = long_sound(base);
            let frames = stages.feature.ncols();
            assert_eq!(long.frames, frames);
            assert!(
                (long.min_max.min - stages.min_max.min).abs() < 1e-5,
                "{:?} {:?}",
                long.min_max,
                stages.min_max
            );
            assert!((long.min_max.max - stages.min_max.max).abs() < 1e-5);
            assert_eq!(long.signal(), stages.signal);
            for part in [0..40, 700..900, frames - 30..frames] {
                let tile = long.tile(part.clone(), MOST_COLUMNS);
                assert_eq!((tile.first_frame, tile.frames_per_column), (part.start, 1));
                let images = [
                    (&tile.magnitude, &stages.magnitude),
                    (&tile.feature, &stages.feature),
                    (&tile.normalised, &stages.normalised),
                ];
                for (ours, whole) in images {
                    let whole = whole.slice(s![.., part.clone()]);
                    let largest = timbrespace_base::differences::largest_difference(ours, whole);
                    assert!(largest < 1e-4, "{part:?}: {largest}");
                }
            }
        }
    }

    #[test]
    fn a_column_of_several_frames_shows_their_largest_values() {
        let (long, stages) = long_sound(PreprocessingConfig::default());
        let tile = long.tile(101..1101, 100);
        assert_eq!((tile.first_frame, tile.frames_per_column), (100, 10));
        assert_eq!(tile.frames(long.frames), 100..1110);
        let expected =
            timbrespace_base::differences::largest(stages.feature.slice(s![20, 200..210]).iter().copied());
        assert!((tile.feature[[20, 10]] - expected).abs() < 1e-4);
        assert!(long.overview.magnitude.ncols() <= MOST_COLUMNS);
        assert_eq!(long.overview.frames(long.frames), 0..long.frames);
    }

    #[test]
    fn a_part_beyond_the_end_is_empty() {
        let (long, _) = long_sound(PreprocessingConfig::default());
        assert_eq!(long.tile(long.frames + 5..long.frames + 9, 10).magnitude.ncols(), 0);
    }
}
