//! Writes WAV files.

use std::{
    io::{Seek, Write},
    path::{Path, PathBuf},
};

use hound::{SampleFormat, WavSpec, WavWriter};

use super::clip::Clip;
use crate::dsp::fade::soften_ends;
use timbrespace_base::{
    atomic_file::{self, Durability},
    names::shown,
};

/// Full scale of 24-bit samples.
pub(super) const FULL_SCALE_24: f32 = 8_388_608.0;

/// Sample format of a WAV file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BitDepth {
    /// 16-bit PCM.
    #[default]
    Int16,
    /// 24-bit PCM.
    Int24,
    /// 32-bit float.
    Float32,
}

/// Why a WAV file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {cause}", shown(path))]
pub struct EncodeError {
    /// Path of the file.
    pub path: PathBuf,
    /// Cause.
    pub cause: String,
}

/// Writes a clip as a WAV file, atomically.
///
/// Integer formats clip samples beyond full scale and turn NaN into silence; floats are written unchanged.
///
/// # Errors
/// When the file cannot be written.
pub fn write_wav(path: &Path, clip: &Clip, depth: BitDepth) -> Result<(), EncodeError> {
    let fail = |cause: String| EncodeError { path: path.into(), cause };
    atomic_file::write(path, Durability::Renamed, |file| write_samples(file, clip, depth).map_err(io_error))
        .map_err(|error| fail(error.to_string()))
}

/// Writes a sound that a model made as a WAV file: ends that do not lie at zero are faded, as when it is played here
/// ([`crate::dsp::fade`]), or other players would click there.
///
/// # Errors
/// As [`write_wav`].
pub fn write_generated(path: &Path, clip: &Clip, depth: BitDepth) -> Result<(), EncodeError> {
    let rate_hz = clip.sample_rate_hz();
    let mut channels = clip.channels().to_vec();
    for samples in &mut channels {
        soften_ends(samples, rate_hz);
    }
    write_wav(path, &Clip::from_channels(channels, rate_hz), depth)
}

/// Unwraps a system error, whose kind determines the advice in the message.
pub(super) fn io_error(error: hound::Error) -> std::io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => std::io::Error::other(other),
    }
}

/// Writes a clip to `target` in WAV format.
///
/// # Errors
/// When `target` fails, or a WAV file cannot have that many channels.
pub fn wav_bytes(target: impl Write + Seek, clip: &Clip, depth: BitDepth) -> std::io::Result<()> {
    write_samples(target, clip, depth).map_err(std::io::Error::other)
}

fn write_samples(target: impl Write + Seek, clip: &Clip, depth: BitDepth) -> hound::Result<()> {
    let (bits_per_sample, sample_format) = match depth {
        BitDepth::Int16 => (16, SampleFormat::Int),
        BitDepth::Int24 => (24, SampleFormat::Int),
        BitDepth::Float32 => (32, SampleFormat::Float),
    };
    let Ok(channels) = u16::try_from(clip.channels().len().max(1)) else {
        return Err(hound::Error::TooWide);
    };
    let spec = WavSpec { channels, sample_rate: clip.sample_rate_hz(), bits_per_sample, sample_format };
    let mut writer = WavWriter::new(target, spec)?;
    let full_scale = if depth == BitDepth::Int24 { FULL_SCALE_24 } else { 32_768.0 };
    for n in 0..clip.len() {
        for channel in clip.channels() {
            let sample = channel.get(n).copied().unwrap_or(0.0);
            match depth {
                BitDepth::Float32 => writer.write_sample(sample)?,
                _ => writer.write_sample(integer_sample(sample, full_scale))?,
            }
        }
    }
    writer.finalize()
}

/// Rounds to an integer sample; the cast turns NaN into 0.
pub(super) fn integer_sample(sample: f32, full_scale: f32) -> i32 {
    (f64::from(sample) * f64::from(full_scale))
        .round()
        .clamp(-f64::from(full_scale), f64::from(full_scale) - 1.0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::decode;

    #[test]
    fn every_depth_comes_back_within_its_own_rounding() {
        let folder = tempfile::tempdir().unwrap();
        let left: Vec<f32> = (0..500).map(|n| (n as f32 * 0.1).sin()).collect();
        let right: Vec<f32> = left.iter().map(|s| s * -0.3).collect();
        let clip = Clip::from_channels(vec![left, right], 44_100);
        for (depth, rounding) in
            [(BitDepth::Int16, 3.1e-5), (BitDepth::Int24, 1.3e-7), (BitDepth::Float32, 0.0)]
        {
            let path = folder.path().join("x.wav");
            write_wav(&path, &clip, depth).unwrap();
            let back = decode::decode(&path).unwrap();
            assert_eq!(back.sample_rate_hz(), 44_100);
            for (a, b) in clip.channels().iter().flatten().zip(back.channels().iter().flatten()) {
                assert!((a - b).abs() <= rounding, "{depth:?}: {a} {b}");
            }
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn loud_samples_are_clipped_and_nan_is_silent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loud.wav");
        write_wav(&path, &Clip::mono(vec![2.0, -2.0, f32::NAN], 8000), BitDepth::Int16).unwrap();
        let back = decode::decode(&path).unwrap();
        assert_eq!(back.channels()[0], [32_767.0 / 32_768.0, -1.0, 0.0]);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), b"").unwrap();
        let path = folder.path().join("file/x.wav");
        let error = write_wav(&path, &Clip::mono(vec![0.0], 8000), BitDepth::Int16);
        assert!(error.unwrap_err().to_string().contains("x.wav"));
    }
}
