//! Sounds of more than a minute, looked at part by part.
//!
//! All stages of an hour of sound would take gigabytes. A [`LongSound`] keeps the samples, one picture of the whole and what
//! belongs to the whole file (its extremes), and computes images for the part that is seen: [`LongSound::tile`]. A tile has
//! at most a given number of columns; where it covers more frames, a column shows the largest value of several.

mod parts;

use std::{ops::Range, path::Path};

use ndarray::Array2;

use super::{
    config::PreprocessingConfig,
    memory::Held,
    preprocessing::{PipelineError, PreprocessingPipeline},
    stages::{Flag, MinMax, Stages},
    watch::Watch,
};

pub use self::parts::PartImages;

/// Sounds longer than this are looked at part by part, in seconds.
pub const LONG_SECS: f64 = 60.0;
/// Part of the time that opening a long sound takes until it is decoded, about.
const DECODING: f32 = 0.45;
/// Most columns of a tile.
pub const MOST_COLUMNS: usize = 2048;

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
    /// The feature, `[rows, columns]`.
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
    /// Makes images of its parts.
    pub images: PartImages,
}

impl PreprocessingPipeline {
    /// Every stage of a file, or, where it gives more than [`LONG_SECS`] of padded signal, what is needed to look at it
    /// part by part; `None` once `watch` is stopped.
    ///
    /// # Errors
    /// When the file cannot be decoded.
    pub fn inspect(&self, path: &Path, watch: &Watch) -> Result<Option<Inspected>, PipelineError> {
        let goes_on = |decoded| watch.goes_on(decoded * DECODING);
        let Some(loaded) = self.load_watched(path, &goes_on)? else { return Ok(None) };
        let config = self.config();
        let len = self.padded_len_of(loaded.signal.len());
        if len as f64 <= LONG_SECS * f64::from(config.sample_rate_hz) {
            return Ok(Some(Inspected::Whole(self.stages_of(loaded))));
        }
        let signal_len = loaded.signal.len().min(len);
        let extractor = self.extractor();
        if extractor.for_parts().is_none() {
            self.sizes().check_held(path, loaded.signal.len(), Held::Stages)?;
        }
        let padded = self.pad(loaded.signal, len);
        let signal = padded.signal_start..padded.signal_start + signal_len;
        let (_, frames) = self.image_shape(len);
        let images = PartImages::new(extractor, self.normaliser(), &padded.samples);
        let per_column = frames.div_ceil(MOST_COLUMNS).max(1);
        let goes_on = |transformed| watch.goes_on(DECODING + transformed * (1.0 - DECODING));
        let raw = images.raw(config, &padded.samples, 0..frames, per_column, &goes_on);
        if watch.is_stopped() {
            return Ok(None);
        }
        let max = raw.extremes.max;
        let min_max = MinMax { min: images.floor(max).max(raw.extremes.min), max };
        let loudest = raw.magnitude.iter().copied().fold(0.0, f32::max);
        let mut flags = loaded.flags;
        if min_max.is_constant() {
            flags.push(Flag::Silent);
        }
        Ok(Some(Inspected::Long(LongSound {
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
            overview: images.finished(raw, min_max, 0, per_column),
            images,
        })))
    }
}

impl LongSound {
    /// Images of `frames`, in at most `columns` columns; frames beyond the sound's end are left out.
    pub fn tile(&self, frames: Range<usize>, columns: usize) -> Tile {
        let frames = frames.start.min(self.frames)..frames.end.min(self.frames);
        let per_column = frames.len().div_ceil(columns.clamp(1, MOST_COLUMNS)).max(1);
        // Columns begin at multiples of their width, so that neighbouring tiles show the same columns.
        let start = frames.start / per_column * per_column;
        let raw = self.images.raw(&self.config, &self.padded, start..frames.end, per_column, &|_| true);
        self.images.finished(raw, self.min_max, start, per_column)
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use ndarray::s;
    use timbrespace_base::interrupt::Interrupt;

    use super::*;
    use crate::{
        audio::{
            clip::Clip,
            encode::{BitDepth, write_wav},
        },
        pipeline::{
            config::ClipDuration,
            extractor::{Extracted, Extractor},
            feature::Feature,
            normaliser::Normaliser,
            preprocessing::PipelineStages,
        },
    };

    /// Makes the stages of a pipeline.
    type MakeStages = fn(&PreprocessingConfig) -> PipelineStages;

    /// A minute and two seconds of tones that grow and fade, with silence in between.
    fn long_sound(base: PreprocessingConfig) -> (LongSound, Stages) {
        long_sound_of(base, PipelineStages::standard)
    }

    fn long_sound_of(base: PreprocessingConfig, stages: MakeStages) -> (LongSound, Stages) {
        let rate = 8000;
        let mut config = PreprocessingConfig { sample_rate_hz: rate, duration: ClipDuration::Full, ..base };
        config.fit_to_rate();
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
        let pipeline = PreprocessingPipeline::with_stages(&config, stages(&config)).unwrap();
        let Inspected::Long(long) = pipeline.inspect(&path, &Watch::default()).unwrap().unwrap() else {
            panic!("not long")
        };
        (long, pipeline.stages(&path).unwrap())
    }

    #[test]
    fn the_one_who_waits_is_told_how_far_it_is_and_may_give_up() {
        let rate = 44_100;
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("long.wav");
        // Long enough to be resampled while it is decoded: more than 2^22 samples.
        let samples = (0..100 * rate).map(|n| (n as f32 * 0.01).sin() * 0.4).collect();
        write_wav(&path, &Clip::mono(samples, rate), BitDepth::Int16).unwrap();
        let config = PreprocessingConfig { duration: ClipDuration::Full, ..PreprocessingConfig::default() };
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&told);
        let watch = Watch::new(move |done| ear.lock().unwrap().push(done), Interrupt::new());
        assert!(matches!(pipeline.inspect(&path, &watch), Ok(Some(Inspected::Long(_)))));
        let told = told.lock().unwrap();
        assert!(told.iter().all(|done| (0.0..=1.0).contains(done)), "{told:?}");
        let (decoded, transformed): (Vec<f32>, Vec<f32>) = told.iter().partition(|done| **done < DECODING);
        assert!(decoded.len() > 10 && transformed.len() > 5, "{} {}", decoded.len(), transformed.len());
        for stopped_at in [0.1, 0.7] {
            let interrupt = Interrupt::new();
            let stop = interrupt.clone();
            let tell = move |done| {
                if done > stopped_at {
                    stop.stop();
                }
            };
            assert!(pipeline.inspect(&path, &Watch::new(tell, interrupt)).unwrap().is_none(), "{stopped_at}");
        }
    }

    /// Compares tiles with the same frames of the whole images.
    fn assert_tiles_are_parts(name: &str, (long, stages): &(LongSound, Stages)) {
        let frames = stages.feature.ncols();
        assert_eq!(long.frames, frames);
        let (ours, whole) = (long.min_max, stages.min_max);
        assert!((ours.min - whole.min).abs() < 1e-5, "{name}: {ours:?} {whole:?}");
        assert!((ours.max - whole.max).abs() < 1e-5, "{name}: {ours:?} {whole:?}");
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
                assert_eq!(ours.dim(), whole.dim(), "{name}");
                let largest = timbrespace_base::differences::largest_difference(ours, whole);
                assert!(largest < 1e-4, "{name} {part:?}: {largest}");
            }
        }
    }

    #[test]
    fn a_tile_is_a_part_of_the_whole_image() {
        for feature in Feature::ALL {
            assert_tiles_are_parts(feature.name(), &long_sound(feature.defaults()));
        }
    }

    /// Half as many rows, made frame by frame: the means of neighbours.
    struct Halved(Box<dyn Extractor>);

    impl Extractor for Halved {
        fn extract(&mut self, padded: &[f32]) -> Array2<f32> {
            self.extract_stages(padded).feature
        }

        fn extract_stages(&mut self, padded: &[f32]) -> Extracted {
            let mut extracted = self.0.extract_stages(padded);
            let rows = &extracted.feature;
            extracted.feature = (&rows.slice(s![..;2, ..]) + &rows.slice(s![1..;2, ..])) / 2.0;
            extracted
        }

        fn image_shape(&self, padded_len: usize) -> (usize, usize) {
            let (rows, frames) = self.0.image_shape(padded_len);
            (rows / 2, frames)
        }

        fn worker(&self) -> Box<dyn Extractor> {
            Box::new(Self(self.0.worker()))
        }

        fn for_parts(&self) -> Option<Box<dyn Extractor>> {
            Some(Box::new(Self(self.0.for_parts()?)))
        }
    }

    /// Without the mean of the whole sound: no part gives it.
    struct Centred(Box<dyn Extractor>);

    impl Extractor for Centred {
        fn extract(&mut self, padded: &[f32]) -> Array2<f32> {
            self.extract_stages(padded).feature
        }

        fn extract_stages(&mut self, padded: &[f32]) -> Extracted {
            let mut extracted = self.0.extract_stages(padded);
            extracted.feature -= extracted.feature.mean().unwrap_or_default();
            extracted
        }

        fn image_shape(&self, padded_len: usize) -> (usize, usize) {
            self.0.image_shape(padded_len)
        }

        fn worker(&self) -> Box<dyn Extractor> {
            Box::new(Self(self.0.worker()))
        }
    }

    /// Squares of the normalised range.
    struct Squared(Box<dyn Normaliser>);

    impl Normaliser for Squared {
        fn normalise_part(&self, image: &mut Array2<f32>, original: MinMax) {
            self.0.normalise_part(image, original);
            image.mapv_inplace(|value| value * value);
        }

        fn denormalise(&self, image: &mut Array2<f32>, original: MinMax) {
            image.mapv_inplace(f32::sqrt);
            self.0.denormalise(image, original);
        }
    }

    #[test]
    fn a_stage_of_one_s_own_makes_the_images_of_long_sounds_too() {
        let own: [(&str, MakeStages); 3] = [
            ("frame by frame", |config| {
                let standard = PipelineStages::standard(config);
                PipelineStages { extractor: Box::new(Halved(standard.extractor)), ..standard }
            }),
            ("of the whole", |config| {
                let standard = PipelineStages::standard(config);
                PipelineStages { extractor: Box::new(Centred(standard.extractor)), ..standard }
            }),
            ("normaliser", |config| {
                let standard = PipelineStages::standard(config);
                PipelineStages { normaliser: Box::new(Squared(standard.normaliser)), ..standard }
            }),
        ];
        for (name, stages) in own {
            assert_tiles_are_parts(name, &long_sound_of(PreprocessingConfig::log_mel(), stages));
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
