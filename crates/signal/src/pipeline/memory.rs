//! How much memory recordings may take, and the errors for those that would take more.
//!
//! A few bytes can stand for hours: silence in a FLAC file, a header with a rate of 100 Hz, one long recording to whose length all
//! others are padded. So sizes are computed from lengths before anything is made, everywhere by the functions of this file and
//! against one limit, [`LIMIT`].

use std::path::{Path, PathBuf};

use super::{config::PreprocessingConfig, error::PipelineError, extractor::Extractor};
use crate::audio::decode::{self, DecodeError};

/// Bytes that one recording may take in memory, with everything that is made of it at once; also the bytes that the padded images
/// of a folder of whole recordings may take, unless the recordings need nearly as much without padding ([`MOST_PADDING`]).
pub const LIMIT: usize = decode::MOST_BYTES;
/// How many times larger than without padding the images of a folder may be, where they take more than [`LIMIT`].
pub const MOST_PADDING: usize = 4;

/// Bytes that the images of a data set may take in memory.
pub const MOST_BYTES: usize = 16 << 30;

const SAMPLE: usize = size_of::<f32>();

/// What is made of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Its image.
    Image,
    /// Every stage, for a view of them.
    Stages,
}

/// How large what a pipeline makes of a recording is.
#[derive(Clone, Copy)]
pub(super) struct Sizes<'a> {
    pub config: &'a PreprocessingConfig,
    pub extractor: &'a dyn Extractor,
}

impl Sizes<'_> {
    /// The padded length of a signal of `len` samples: the setting's, or its own, long enough for one frame.
    pub(super) fn padded_len(self, len: usize) -> usize {
        self.config.padded_len().unwrap_or_else(|| self.whole_len(len))
    }

    /// The padded length of a whole file of `len` samples: long enough for one frame.
    pub(super) fn whole_len(self, len: usize) -> usize {
        self.config.whole_len(len)
    }

    /// Bytes of one image of `padded_len` samples.
    pub(super) fn image_bytes(self, padded_len: usize) -> usize {
        let (rows, frames) = self.extractor.image_shape(padded_len);
        rows.saturating_mul(frames).saturating_mul(SAMPLE)
    }

    /// Bytes of everything that is held of a signal of `len` samples.
    fn held_bytes(self, len: usize, held: Held) -> usize {
        let padded_len = self.padded_len(len);
        let signals = padded_len.saturating_mul(SAMPLE);
        let image = self.image_bytes(padded_len);
        match held {
            Held::Image => signals.saturating_add(image),
            Held::Stages => {
                let frames = self.extractor.image_shape(padded_len).1;
                // Of each of frame_size / 2 + 1 bins a complex number and a magnitude.
                let bins = self.config.frame_size / 2 + 1;
                let transform = frames.saturating_mul(bins).saturating_mul(3 * SAMPLE);
                let loaded = len.saturating_mul(SAMPLE);
                let signals = signals.saturating_add(loaded);
                signals.saturating_add(transform).saturating_add(image.saturating_mul(2))
            }
        }
    }

    /// Refuses a signal of `len` samples of which more than [`LIMIT`] bytes would be held.
    pub(super) fn check_held(self, path: &Path, len: usize, held: Held) -> Result<(), DecodeError> {
        let words = match held {
            Held::Image => "as signal and image",
            Held::Stages => "as stages",
        };
        let secs = len as f64 / f64::from(self.config.sample_rate_hz.max(1));
        within_limit(path, secs, words, self.held_bytes(len, held))
    }
}

/// Refuses a signal that would take more than [`LIMIT`] bytes while it is resampled.
pub(super) fn check_resampling(path: &Path, len: usize, from_hz: u32, to_hz: u32) -> Result<(), DecodeError> {
    let secs = len as f64 / f64::from(from_hz.max(1));
    let output = (secs * f64::from(to_hz)).ceil() as usize;
    let what = "while it is resampled";
    within_limit(path, secs, what, len.saturating_add(output).saturating_mul(SAMPLE))
}

fn within_limit(path: &Path, secs: f64, held: &'static str, bytes: usize) -> Result<(), DecodeError> {
    if bytes <= LIMIT {
        return Ok(());
    }
    Err(DecodeError::TooLong { path: path.into(), secs, held, bytes: bytes as u64, limit: LIMIT as u64 })
}

/// The longest of a folder's whole recordings, and how much padding to its length adds.
#[derive(Clone, Debug, Default)]
pub(super) struct Padding {
    longest: Option<(usize, PathBuf)>,
    files: usize,
    /// Bytes of all images without padding.
    own_bytes: usize,
}

impl Padding {
    /// Adds a recording of `len` samples at the configuration's rate.
    pub(super) fn add(&mut self, sizes: Sizes<'_>, len: usize, path: &Path) {
        self.files += 1;
        self.own_bytes = self.own_bytes.saturating_add(sizes.image_bytes(sizes.whole_len(len)));
        if self.longest.as_ref().is_none_or(|(longest, _)| *longest < len) {
            self.longest = Some((len, path.into()));
        }
    }

    /// Adds another part's recordings.
    pub(super) fn join(mut self, other: Self) -> Self {
        self.files += other.files;
        self.own_bytes = self.own_bytes.saturating_add(other.own_bytes);
        if let Some((len, path)) = other.longest
            && self.longest.as_ref().is_none_or(|(longest, _)| *longest < len)
        {
            self.longest = Some((len, path));
        }
        self
    }

    /// Samples of the longest recording.
    pub(super) fn longest(&self) -> usize {
        self.longest.as_ref().map_or(0, |(len, _)| *len)
    }

    /// Refuses a folder that padding would make many times larger, and larger than `limit`.
    pub(super) fn check(&self, sizes: Sizes<'_>, limit: usize) -> Result<(), PipelineError> {
        let Some((len, path)) = &self.longest else { return Ok(()) };
        let bytes = sizes.image_bytes(sizes.whole_len(*len)).saturating_mul(self.files);
        if bytes <= limit || bytes <= self.own_bytes.saturating_mul(MOST_PADDING) {
            return Ok(());
        }
        Err(PipelineError::TooMuchPadding {
            longest: path.clone(),
            secs: *len as f64 / f64::from(sizes.config.sample_rate_hz.max(1)),
            images: self.files,
            bytes: bytes as u64,
            own_bytes: self.own_bytes as u64,
            limit: limit as u64,
        })
    }
}

/// Refuses images that would not fit into memory.
pub(super) fn check_size(images: usize, bins: usize, frames: usize) -> Result<(), PipelineError> {
    let bytes = images.saturating_mul(bins).saturating_mul(frames).saturating_mul(size_of::<f32>());
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    let gib = |bytes: usize| bytes as f64 / f64::from(1 << 30);
    Err(PipelineError::TooLarge { images, bins, frames, gib: gib(bytes), limit_gib: gib(MOST_BYTES) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::config::ClipDuration;

    /// Calls `check` with the sizes of the tutorial's images of whole files.
    fn with_whole_files(check: impl FnOnce(Sizes<'_>)) {
        let config = PreprocessingConfig { duration: ClipDuration::Full, ..PreprocessingConfig::default() };
        let extractor = config.feature.extractor(&config);
        check(Sizes { config: &config, extractor: extractor.as_ref() });
    }

    #[test]
    fn one_long_recording_among_short_ones_is_named() {
        with_whole_files(|sizes| {
            let mut padding = Padding::default();
            for _ in 0..99 {
                padding.add(sizes, 22_050, Path::new("short.wav"));
            }
            padding.check(sizes, 1 << 20).unwrap();
            padding.add(sizes, 100 * 22_050, Path::new("long.wav"));
            let message = padding.check(sizes, 1 << 20).unwrap_err().to_string();
            // 256 x 8614 values of 4 bytes for each of 100 images.
            for part in ["long.wav", "100 s", "841.2 MiB", "1.0 MiB", "--duration SECONDS"] {
                assert!(message.contains(part), "{part}: {message}");
            }
            padding.check(sizes, 1 << 30).unwrap();
        });
    }

    #[test]
    fn a_large_folder_of_recordings_of_one_length_is_not_refused_for_its_padding() {
        with_whole_files(|sizes| {
            let parts = (0..2).map(|_| {
                let mut part = Padding::default();
                for len in [22_050, 30_000, 44_100] {
                    part.add(sizes, len, Path::new("x.wav"));
                }
                part
            });
            let whole = parts.fold(Padding::default(), Padding::join);
            assert_eq!((whole.longest(), whole.files), (44_100, 6));
            whole.check(sizes, 1).unwrap();
        });
    }

    #[test]
    fn stages_of_an_hour_are_refused_and_its_image_is_not() {
        with_whole_files(|sizes| {
            let hour = 3600 * 22_050;
            sizes.check_held(Path::new("hour.wav"), hour, Held::Image).unwrap();
            let error = sizes.check_held(Path::new("hour.wav"), hour, Held::Stages).unwrap_err();
            let message = error.to_string();
            for part in ["hour.wav", "3600 s", "as stages", "1.0 GiB", "--duration SECONDS"] {
                assert!(message.contains(part), "{part}: {message}");
            }
        });
    }

    #[test]
    fn a_rate_that_makes_a_small_file_long_is_refused_by_its_length_at_the_other_rate() {
        let path = Path::new("slow.wav");
        check_resampling(path, 1_000_000, 100, 22_050).unwrap();
        let message = check_resampling(path, 2_000_000, 100, 22_050).unwrap_err().to_string();
        for part in ["slow.wav", "20000 s", "1.7 GiB", "--duration SECONDS"] {
            assert!(message.contains(part), "{part}: {message}");
        }
        assert!(check_resampling(path, usize::MAX, 1, u32::MAX).is_err());
    }
}
