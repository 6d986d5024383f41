//! Arrays as PNG pictures.

use std::io;

use image::{ImageFormat, RgbImage};
use ndarray::ArrayRef2;

use super::colour_map::{ColourMap, diverging_rgb};

/// Height of a waveform picture in pixels.
const WAVEFORM_HEIGHT: u32 = 256;
/// Largest width of a waveform picture in pixels.
const WAVEFORM_MAX_WIDTH: usize = 1024;
/// Pictures of images are enlarged by this factor so that single cells can be seen.
const CELL_PIXELS: u32 = 3;

const PAPER: [u8; 3] = [255, 255, 255];
const INK: [u8; 3] = [38, 84, 124];
const ZERO_LINE: [u8; 3] = [200, 200, 200];

/// An image `[bins, frames]` with low bins at the bottom, its values from `low` to `high` coloured by `map`.
pub fn heat_map(image: &ArrayRef2<f32>, low: f32, high: f32, map: ColourMap) -> RgbImage {
    let span = if high > low { high - low } else { 1.0 };
    cells(image, |value| map.rgb((value - low) / span))
}

/// A signed image `[bins, frames]` with low bins at the bottom; blue is −`limit`, red is `limit`.
pub fn signed_map(image: &ArrayRef2<f32>, limit: f32) -> RgbImage {
    let limit = if limit > 0.0 { limit } else { 1.0 };
    cells(image, |value| diverging_rgb(value / limit))
}

fn cells(image: &ArrayRef2<f32>, colour: impl Fn(f32) -> [u8; 3]) -> RgbImage {
    let (bins, frames) = image.dim();
    RgbImage::from_fn(frames as u32 * CELL_PIXELS, bins as u32 * CELL_PIXELS, |x, y| {
        let bin = bins - 1 - (y / CELL_PIXELS) as usize;
        image::Rgb(colour(image[[bin, (x / CELL_PIXELS) as usize]]))
    })
}

/// The envelope of `samples`, full scale −1..1 from bottom to top.
pub fn waveform(samples: &[f32]) -> RgbImage {
    let width = samples.len().clamp(1, WAVEFORM_MAX_WIDTH);
    let mut picture = RgbImage::from_pixel(width as u32, WAVEFORM_HEIGHT, image::Rgb(PAPER));
    let row = |sample: f32| (((1.0 - sample.clamp(-1.0, 1.0)) / 2.0) * (WAVEFORM_HEIGHT - 1) as f32) as u32;
    for x in 0..width {
        picture.put_pixel(x as u32, row(0.0), image::Rgb(ZERO_LINE));
        let part = &samples[x * samples.len() / width..((x + 1) * samples.len() / width).min(samples.len())];
        let high = part.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let low = part.iter().copied().fold(f32::INFINITY, f32::min);
        if low <= high {
            for y in row(high)..=row(low) {
                picture.put_pixel(x as u32, y, image::Rgb(INK));
            }
        }
    }
    picture
}

/// The bytes of a PNG file.
///
/// # Errors
/// When the picture has no pixels.
pub fn png(picture: &RgbImage) -> io::Result<Vec<u8>> {
    let mut bytes = io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(io::Error::other)?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn low_bins_lie_at_the_bottom() {
        let picture = heat_map(&array![[0.0, 0.0], [1.0, 1.0]].view(), 0.0, 1.0, ColourMap::Grey);
        assert_eq!(picture.get_pixel(0, 0).0, [255; 3]);
        assert_eq!(picture.get_pixel(0, picture.height() - 1).0, [0; 3]);
    }

    #[test]
    fn a_waveform_of_no_samples_is_still_a_picture() {
        assert!(png(&waveform(&[])).unwrap().starts_with(b"\x89PNG"));
        assert_eq!(waveform(&vec![0.5; 5000]).width(), 1024);
    }
}
