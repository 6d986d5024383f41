//! Textures of images: one per slot, rebuilt only when its source or display changes.

use std::collections::BTreeMap;

use eframe::egui::{
    self, Color32, ColorImage, TextureFilter, TextureHandle, TextureOptions, TextureWrapMode,
};
use ndarray::{ArrayRef2, ArrayView1, Axis};

use super::image_axes::ImageAxes;
use crate::{
    dsp::frequency_scale::FrequencyScale,
    inspect::colour_map::{ColourMap, diverging_rgb},
};

/// Steps between the lowest and the highest colour: enough for the steep start of a root scale.
const SHADES: usize = 4096;

/// Least width of a texture in pixels, about.
const LEAST_WIDTH: usize = 1024;

/// The slots that show an image; each keeps one texture, so the cache is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImageSlot {
    /// STFT magnitude.
    Magnitude,
    /// The feature before normalisation.
    Feature,
    /// Normalised image.
    Normalised,
    /// The first of two pinned recordings.
    PinnedA,
    /// The second of two pinned recordings.
    PinnedB,
    /// Difference of the pinned recordings.
    Difference,
    /// Decoded spectrogram.
    Decoded,
    /// Spectrogram of the original of the latent vector.
    Original,
    /// Mean image of a class, by its index below [`crate::jobs::survey::MOST_CLASSES`].
    ClassMean(usize),
    /// Standard deviation of a class's images, by its index.
    ClassSpread(usize),
    /// Our image in a comparison with Python's.
    ParityOurs,
    /// A replay's image by index; `true` for the original, `false` for the decoded one.
    Replay(usize, bool),
    /// Python's image in that comparison.
    ParityTheirs,
    /// Ours minus theirs.
    ParityDifference,
}

/// An image's place among the textures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The place.
    pub image: ImageSlot,
    /// Which image is there: another number for another image.
    pub generation: u64,
}

/// Colours for values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// A colour map.
    Map(ColourMap),
    /// A diverging map: blue below the middle, nearly white in the middle, red above.
    Signed,
}

impl Colours {
    /// The colour at `position`, 0 to 1.
    pub fn at(self, position: f32) -> Color32 {
        let [r, g, b] = match self {
            Self::Map(map) => map.rgb(position),
            Self::Signed => diverging_rgb(2.0 * position - 1.0),
        };
        Color32::from_rgb(r, g, b)
    }
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
        self.share(value).powf(self.exponent)
    }

    /// The value at `position` on the colour map.
    pub fn value(self, position: f32) -> f32 {
        self.low + (self.high - self.low) * position.clamp(0.0, 1.0).powf(1.0 / self.exponent)
    }

    fn share(self, value: f32) -> f32 {
        let span = if self.high > self.low { self.high - self.low } else { 1.0 };
        ((value - self.low) / span).clamp(0.0, 1.0)
    }
}

/// Display settings of an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Display {
    /// Colours.
    pub colours: Colours,
    /// Value range of the colours.
    pub scale: ColourScale,
    /// Frequency scale of the rows.
    pub frequency: FrequencyScale,
}

#[derive(Clone, Copy, PartialEq)]
struct Key {
    generation: u64,
    display: Display,
}

/// The textures of the window.
#[derive(Default)]
pub struct Textures {
    slots: BTreeMap<ImageSlot, (Key, TextureHandle)>,
}

impl Textures {
    /// The texture of `image`, `[bins, columns]`, low bins at the bottom; built when its generation or `display` changed.
    pub fn get(
        &mut self,
        ctx: &egui::Context,
        slot: Slot,
        image: &ArrayRef2<f32>,
        axes: &ImageAxes,
        display: Display,
    ) -> TextureHandle {
        let key = Key { generation: slot.generation, display };
        if let Some((known, texture)) = self.slots.get(&slot.image)
            && *known == key
        {
            return texture.clone();
        }
        let side = ctx.input(|input| input.max_texture_side).max(1);
        let rows = axes.picture_rows(display.frequency);
        let picture = widened(coloured(image, rows.as_deref(), display, side), side);
        let texture = ctx.load_texture(format!("{:?}", slot.image), picture, options());
        self.slots.insert(slot.image, (key, texture.clone()));
        texture
    }
}

/// Sharp cells when enlarged, linear filtering when reduced.
fn options() -> TextureOptions {
    TextureOptions {
        magnification: TextureFilter::Nearest,
        minification: TextureFilter::Linear,
        wrap_mode: TextureWrapMode::ClampToEdge,
        mipmap_mode: None,
    }
}

/// Repeats the columns of a narrow picture. One that is enlarged in time but slightly reduced in frequency is filtered in both
/// directions: its frames would be smooth, and cells in a picture a little higher.
fn widened(picture: ColorImage, side: usize) -> ColorImage {
    let [width, height] = picture.size;
    let times = (LEAST_WIDTH.min(side) / width.max(1)).max(1);
    if times == 1 {
        return picture;
    }
    let pixels = picture.pixels.iter().flat_map(|&pixel| std::iter::repeat_n(pixel, times)).collect();
    ColorImage::new([width * times, height], pixels)
}

/// Colours `image`, with its own rows or the ranges `rows` (from the top; first and one past the last), in at most `side` columns
/// and rows, because graphics cards limit the size of a texture: several of them become one with their largest values.
pub fn coloured(
    image: &ArrayRef2<f32>,
    rows: Option<&[(usize, usize)]>,
    display: Display,
    side: usize,
) -> ColorImage {
    let (bins, frames) = image.dim();
    let per_column = frames.div_ceil(side).max(1);
    let columns = frames.div_ceil(per_column);
    let palette: Vec<Color32> = (0..SHADES)
        .map(|shade| {
            let share = shade as f32 / (SHADES - 1) as f32;
            display.colours.at(share.powf(display.scale.exponent))
        })
        .collect();
    let shade = |value: f32| palette[(display.scale.share(value) * (SHADES - 1) as f32) as usize];
    let paint = |pixels: &mut Vec<Color32>, row: ArrayView1<'_, f32>| {
        if per_column == 1 {
            pixels.extend(row.iter().map(|&value| shade(value)));
        } else {
            let chunks = row.axis_chunks_iter(Axis(0), per_column);
            pixels.extend(chunks.map(|chunk| shade(chunk.iter().copied().fold(f32::NEG_INFINITY, f32::max))));
        }
    };
    let own_rows: Vec<(usize, usize)>;
    let rows = if let Some(rows) = rows {
        rows
    } else {
        own_rows = (0..bins).rev().map(|bin| (bin, bin + 1)).collect();
        &own_rows
    };
    let groups = rows.chunks(rows.len().div_ceil(side).max(1));
    let mut pixels = Vec::with_capacity(groups.len() * columns);
    let size = [columns, groups.len()];
    for group in groups {
        let first = group.iter().map(|row| row.0).min().unwrap_or_default();
        let after = group.iter().map(|row| row.1).max().unwrap_or_default();
        if after - first == 1 {
            paint(&mut pixels, image.row(first));
        } else {
            let merged =
                image
                    .slice(ndarray::s![first..after, ..])
                    .fold_axis(Axis(0), f32::NEG_INFINITY, |a, b| a.max(*b));
            paint(&mut pixels, merged.view());
        }
    }
    ColorImage::new(size, pixels)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    fn grey(scale: ColourScale) -> Display {
        Display { colours: Colours::Map(ColourMap::Grey), scale, frequency: FrequencyScale::Linear }
    }

    #[test]
    fn the_first_row_of_pixels_is_the_highest_bin() {
        let image = coloured(&array![[0.0, 0.0], [1.0, 1.0]], None, grey(ColourScale::linear(0.0, 1.0)), 64);
        assert_eq!(image.size, [2, 2]);
        assert_eq!(image.pixels[0], Color32::WHITE);
        assert_eq!(image.pixels[3], Color32::BLACK);
    }

    #[test]
    fn rows_in_another_spacing_repeat_cells_or_show_the_largest_of_several() {
        let image = array![[0.0], [1.0], [0.0]];
        let rows = [(1, 3), (0, 1), (0, 1)];
        let picture = coloured(&image, Some(&rows), grey(ColourScale::linear(0.0, 1.0)), 64);
        assert_eq!(picture.size, [1, 3]);
        assert_eq!(picture.pixels, [Color32::WHITE, Color32::BLACK, Color32::BLACK]);
    }

    #[test]
    fn long_sounds_fit_the_graphics_card_and_keep_their_peaks() {
        let mut long = Array2::zeros((1, 10));
        long[[0, 7]] = 1.0;
        let image = coloured(&long, None, grey(ColourScale::linear(0.0, 1.0)), 4);
        assert_eq!(image.size, [4, 1]);
        assert_eq!(image.pixels[2], Color32::WHITE);
    }

    #[test]
    fn long_frames_fit_the_graphics_card_and_keep_their_peaks() {
        let mut high = Array2::zeros((10, 1));
        high[[7, 0]] = 1.0;
        let picture = coloured(&high, None, grey(ColourScale::linear(0.0, 1.0)), 4);
        assert_eq!(picture.size, [1, 4]);
        assert_eq!(picture.pixels, [Color32::WHITE, Color32::BLACK, Color32::BLACK, Color32::BLACK]);
        let rows: Vec<(usize, usize)> = (0..10).rev().map(|bin| (bin, bin + 1)).collect();
        assert_eq!(coloured(&high, Some(&rows), grey(ColourScale::linear(0.0, 1.0)), 4), picture);
    }

    #[test]
    fn a_narrow_picture_is_as_wide_as_others_with_each_column_repeated() {
        let picture = ColorImage::new([2, 1], vec![Color32::WHITE, Color32::BLACK]);
        let wide = widened(picture.clone(), 6);
        assert_eq!(wide.size, [6, 1]);
        assert_eq!(wide.pixels[..3], [Color32::WHITE; 3]);
        assert_eq!(wide.pixels[3..], [Color32::BLACK; 3]);
        assert_eq!(widened(picture, 3).size, [2, 1]);
    }

    #[test]
    fn a_silent_image_has_no_span_and_is_still_an_image() {
        let scale = ColourScale::linear(0.0, 0.0);
        assert_eq!(scale.position(0.0), 0.0);
        assert_eq!(coloured(&array![[f32::NAN]], None, grey(scale), 4).pixels[0], Color32::BLACK);
    }

    #[test]
    fn a_position_on_the_colour_bar_leads_back_to_its_value() {
        for exponent in [1.0, 1.0 / 3.0] {
            let scale = ColourScale { low: -60.0, high: 20.0, exponent };
            for value in [-60.0, -13.0, 20.0] {
                assert!((scale.value(scale.position(value)) - value).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn no_difference_is_nearly_white_and_its_sides_are_blue_and_red() {
        let zero = Colours::Signed.at(0.5);
        assert!(zero.r() > 225 && zero.g() > 225 && zero.b() > 225);
        let (below, above) = (Colours::Signed.at(0.0), Colours::Signed.at(1.0));
        assert!(below.b() > 2 * below.r() && above.r() > 2 * above.b());
    }
}
