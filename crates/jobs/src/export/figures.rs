//! What a person takes away from the window: figures, arrays of single stages, parts of sounds.

use std::{path::Path, sync::Arc};
use timbrespace_base::sentence;

use ndarray::{ArrayView1, Axis, stack};
use resvg::{tiny_skia, usvg};
use serde::{Deserialize, Serialize};

use crate::{
    JobError,
    files::{named, write_array, write_text},
};
use timbrespace_base::atomic_file::{self, Durability};
use timbrespace_signal::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    },
    pipeline::stages::Stages,
};

/// Most pixels of a picture: 256 MiB of memory.
const MOST_PIXELS: u64 = 64 << 20;

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FigureFormat {
    /// Scalable, with the text as text.
    Svg,
    /// Pixels.
    Png,
}

impl FigureFormat {
    /// The file name's ending.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

/// A drawing, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The drawing.
    pub svg: Arc<str>,
    /// How it is written.
    pub format: FigureFormat,
    /// Pixels a point of the drawing, for PNG.
    pub scale: u32,
}

/// A step of preprocessing whose numbers can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageArray {
    /// The loaded signal, `[samples]`.
    Loaded,
    /// The padded signal, `[samples]`.
    Padded,
    /// The transform, `[2, bins, frames]`: real parts, then imaginary ones.
    Stft,
    /// Its magnitude, `[bins, frames]`.
    Magnitude,
    /// Log magnitude in dB, or log-mel, `[bins, frames]`.
    Feature,
    /// The model's input, `[bins, frames]`.
    Normalised,
}

impl StageArray {
    /// All of them, in their order.
    pub const ALL: [Self; 6] =
        [Self::Loaded, Self::Padded, Self::Stft, Self::Magnitude, Self::Feature, Self::Normalised];

    /// A word for a file's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Loaded => "signal",
            Self::Padded => "padded",
            Self::Stft => "stft",
            Self::Magnitude => "magnitude",
            Self::Feature => "feature",
            Self::Normalised => "normalised",
        }
    }
}

/// Writes a figure.
///
/// # Errors
/// When the picture would be too large, or the folder cannot be written to.
pub fn save_figure(path: &Path, figure: &Figure) -> Result<(), JobError> {
    match figure.format {
        FigureFormat::Svg => write_text(path, Durability::Renamed, &figure.svg),
        FigureFormat::Png => {
            let bytes = png(figure).map_err(|cause| JobError::file(path, cause))?;
            named(path, atomic_file::write_bytes(path, Durability::Renamed, &bytes))
        }
    }
}

/// The bytes of a PNG file of the figure, `scale` pixels a point.
fn png(figure: &Figure) -> Result<Vec<u8>, String> {
    let mut options = usvg::Options::default();
    let fonts = options.fontdb_mut();
    // The fonts of the window; the system's for what these have no letters for.
    fonts.load_system_fonts();
    fonts.load_font_data(epaint_default_fonts::UBUNTU_LIGHT.to_vec());
    fonts.load_font_data(epaint_default_fonts::HACK_REGULAR.to_vec());
    let tree = usvg::Tree::from_str(&figure.svg, &options).map_err(|error| error.to_string())?;
    let size = tree.size().to_int_size();
    let (width, height) =
        (size.width().saturating_mul(figure.scale), size.height().saturating_mul(figure.scale));
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(format!("{width} × {height} pixels are too many; choose a smaller size or scale"));
    }
    let mut pixels = tiny_skia::Pixmap::new(width, height).ok_or("a picture needs at least one pixel")?;
    let scale = figure.scale as f32;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}

/// Writes the numbers of one stage as a NumPy file of 32-bit floats.
///
/// # Errors
/// When the folder cannot be written to.
pub fn save_stage(path: &Path, stages: &Stages, stage: StageArray) -> Result<(), JobError> {
    match stage {
        StageArray::Loaded => write_array(path, &ArrayView1::from(stages.signal.as_slice())),
        StageArray::Padded => write_array(path, &ArrayView1::from(stages.padded.as_slice())),
        StageArray::Stft => {
            let (real, imaginary) = (stages.stft.mapv(|value| value.re), stages.stft.mapv(|value| value.im));
            let both = stack(Axis(0), &[real.view(), imaginary.view()])
                .map_err(|error| JobError::Other(error.to_string()))?;
            write_array(path, &both)
        }
        StageArray::Magnitude => write_array(path, &stages.magnitude),
        StageArray::Feature => write_array(path, &stages.feature),
        StageArray::Normalised => write_array(path, &stages.normalised),
    }
}

/// Writes the part of `samples` from `secs.0` to `secs.1` as a WAV file of 24 bits.
///
/// # Errors
/// When the part is empty or the folder cannot be written to.
pub fn save_part(path: &Path, samples: &[f32], rate_hz: u32, secs: (f64, f64)) -> Result<(), JobError> {
    let place = |secs: f64| ((secs * f64::from(rate_hz)).round().max(0.0) as usize).min(samples.len());
    let part = samples.get(place(secs.0)..place(secs.1)).unwrap_or_default();
    if part.is_empty() {
        return Err(JobError::file(
            path,
            sentence!("error-nothing-selected", "nothing is selected that could be exported"),
        ));
    }
    Ok(write_wav(path, &Clip::mono(part.to_vec(), rate_hz), BitDepth::Int24)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_signal::audio::decode;

    const DRAWING: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20' viewBox='0 0 40 20'>\
                           <rect width='40' height='20' fill='#ff0000'/></svg>";

    fn figure(format: FigureFormat, scale: u32) -> Figure {
        Figure { svg: DRAWING.into(), format, scale }
    }

    #[test]
    fn a_figure_has_as_many_pixels_as_were_asked_for() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("figure.png");
        save_figure(&path, &figure(FigureFormat::Png, 3)).unwrap();
        let picture = image::open(&path).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (120, 60));
        assert_eq!(picture.get_pixel(60, 30).0, [255, 0, 0]);
        save_figure(&path, &figure(FigureFormat::Svg, 3)).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), DRAWING);
    }

    #[test]
    fn a_figure_too_large_for_memory_is_refused_with_its_size() {
        let error = save_figure(Path::new("x.png"), &figure(FigureFormat::Png, 10_000)).unwrap_err();
        assert!(error.to_string().contains("400000 × 200000 pixels"), "{error}");
    }

    #[test]
    fn a_part_of_a_sound_has_its_samples_and_its_rate() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("part.wav");
        let samples: Vec<f32> = (0..1000_u16).map(|n| f32::from(n) / 1000.0).collect();
        save_part(&path, &samples, 1000, (0.25, 0.5)).unwrap();
        let clip = decode::decode(&path).unwrap();
        assert_eq!((clip.sample_rate_hz(), clip.channels()[0].len()), (1000, 250));
        assert!((clip.channels()[0][0] - 0.25).abs() < 1e-6);
        assert!(save_part(&path, &samples, 1000, (2.0, 3.0)).is_err());
    }
}
