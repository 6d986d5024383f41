//! Images on the graphics card: one a place in the window, rebuilt only when its source or colours change.

use std::collections::BTreeMap;

use eframe::egui::{
    self, Color32, ColorImage, TextureFilter, TextureHandle, TextureOptions, TextureWrapMode,
};
use ndarray::{Array2, Axis};

use crate::inspect::colour_map::ColourMap;

/// The places of the window that show an image; each keeps one texture, so the cache is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImageSlot {
    /// STFT magnitude.
    Magnitude,
    /// Log-dB or log-mel.
    Feature,
    /// Normalised image.
    Normalised,
    /// What the decoder made.
    Decoded,
    /// Mean image of a class, by its place among the at most [`crate::jobs::survey::MOST_CLASSES`] classes.
    ClassMean(usize),
    /// Spread of its images.
    ClassSpread(usize),
}

/// How values become positions on the colour map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourScale {
    /// The value of the first colour.
    pub low: f32,
    /// The value of the last colour.
    pub high: f32,
    /// Exponent applied to the position: 1 is linear, below 1 lifts quiet parts.
    pub exponent: f32,
}

impl ColourScale {
    /// A linear scale; an empty span counts as 1 wide.
    pub fn linear(low: f32, high: f32) -> Self {
        Self { low, high, exponent: 1.0 }
    }

    /// Position of `value` on the colour map, 0 to 1.
    pub fn position(self, value: f32) -> f32 {
        let span = if self.high > self.low { self.high - self.low } else { 1.0 };
        ((value - self.low) / span).clamp(0.0, 1.0).powf(self.exponent)
    }
}

#[derive(Clone, Copy, PartialEq)]
struct Key {
    generation: u64,
    map: ColourMap,
    scale: ColourScale,
}

/// The textures of the window.
#[derive(Default)]
pub struct Textures {
    slots: BTreeMap<ImageSlot, (Key, TextureHandle)>,
}

impl Textures {
    /// The texture of `image`, `[bins, frames]`, low bins at the bottom; built when `generation`, map or scale changed.
    pub fn get(
        &mut self,
        ctx: &egui::Context,
        slot: ImageSlot,
        generation: u64,
        image: &Array2<f32>,
        (map, scale): (ColourMap, ColourScale),
    ) -> TextureHandle {
        let key = Key { generation, map, scale };
        if let Some((known, texture)) = self.slots.get(&slot)
            && *known == key
        {
            return texture.clone();
        }
        let side = ctx.input(|input| input.max_texture_side).max(1);
        let texture = ctx.load_texture(format!("{slot:?}"), coloured(image, map, scale, side), options());
        self.slots.insert(slot, (key, texture.clone()));
        texture
    }
}

/// Cells stay cells when enlarged, and blend when there are more of them than pixels.
fn options() -> TextureOptions {
    TextureOptions {
        magnification: TextureFilter::Nearest,
        minification: TextureFilter::Linear,
        wrap_mode: TextureWrapMode::ClampToEdge,
        mipmap_mode: None,
    }
}

/// Colours `image`; frames beyond `side` are merged to their largest value, because a graphics card has limits.
fn coloured(image: &Array2<f32>, map: ColourMap, scale: ColourScale, side: usize) -> ColorImage {
    let (bins, frames) = image.dim();
    let per_column = frames.div_ceil(side).max(1);
    let columns = frames.div_ceil(per_column);
    let table = map.table().map(|[r, g, b]| Color32::from_rgb(r, g, b));
    let mut pixels = Vec::with_capacity(bins * columns);
    for row in image.axis_iter(Axis(0)).rev() {
        for column in row.axis_chunks_iter(Axis(0), per_column) {
            let value = column.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            pixels.push(table[(scale.position(value) * 255.0) as usize]);
        }
    }
    ColorImage::new([columns, bins], pixels)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_first_row_of_pixels_is_the_highest_bin() {
        let image =
            coloured(&array![[0.0, 0.0], [1.0, 1.0]], ColourMap::Grey, ColourScale::linear(0.0, 1.0), 64);
        assert_eq!(image.size, [2, 2]);
        assert_eq!(image.pixels[0], Color32::WHITE);
        assert_eq!(image.pixels[3], Color32::BLACK);
    }

    #[test]
    fn long_sounds_fit_the_graphics_card_and_keep_their_peaks() {
        let mut long = Array2::zeros((1, 10));
        long[[0, 7]] = 1.0;
        let image = coloured(&long, ColourMap::Grey, ColourScale::linear(0.0, 1.0), 4);
        assert_eq!(image.size, [4, 1]);
        assert_eq!(image.pixels[2], Color32::WHITE);
    }

    #[test]
    fn a_silent_image_has_no_span_and_is_still_an_image() {
        let scale = ColourScale::linear(0.0, 0.0);
        assert_eq!(scale.position(0.0), 0.0);
        assert_eq!(coloured(&array![[f32::NAN]], ColourMap::Grey, scale, 4).pixels[0], Color32::BLACK);
    }
}
