//! The effect of each latent axis on the image: small signed pictures side by side in one texture.

use eframe::egui::{self, Color32, ColorImage, Rect, TextureHandle, TextureOptions, pos2};

use super::textures::Colours;
use crate::jobs::axis_effects::Effect;

/// Pictures per row of the texture: with 32 pixels each, far below the limit of any graphics card.
const PER_ROW: usize = 16;
/// Exponent below 1 that lifts small changes, so that weak axes are visible next to strong ones.
const EXPONENT: f32 = 0.6;

/// The cached texture with the pictures.
#[derive(Default)]
pub struct EffectPictures {
    made: Option<Made>,
}

/// A texture, and the effects that it shows.
struct Made {
    /// Generation of the effects.
    generation: u64,
    /// Number of effects.
    count: usize,
    texture: TextureHandle,
}

impl EffectPictures {
    /// The texture of `effects`, rebuilt when `generation` changes; `None` while there are none.
    pub fn get(&mut self, ctx: &egui::Context, generation: u64, effects: &[Effect]) -> Option<TextureHandle> {
        if effects.is_empty() {
            return None;
        }
        match &self.made {
            Some(made) if made.generation == generation && made.count == effects.len() => {
                Some(made.texture.clone())
            }
            _ => {
                let texture = ctx.load_texture("effects", picture(effects), TextureOptions::LINEAR);
                self.made = Some(Made { generation, count: effects.len(), texture: texture.clone() });
                Some(texture)
            }
        }
    }
}

/// UV rectangle of picture `index` of `count`, inset by half a pixel so that neighbours do not bleed in.
pub fn part(index: usize, count: usize, texture: &TextureHandle) -> Rect {
    let [width, height] = texture.size().map(|side| side.max(1) as f32);
    let (columns, rows) = (count.clamp(1, PER_ROW) as f32, count.div_ceil(PER_ROW).max(1) as f32);
    let (column, row) = ((index % PER_ROW) as f32, (index / PER_ROW) as f32);
    let inside = (0.5 / width, 0.5 / height);
    Rect::from_min_max(
        pos2(column / columns + inside.0, row / rows + inside.1),
        pos2((column + 1.0) / columns - inside.0, (row + 1.0) / rows - inside.1),
    )
}

fn picture(effects: &[Effect]) -> ColorImage {
    let (height, width) = effects.first().map_or((1, 1), |effect| effect.change.dim());
    let (columns, rows) = (effects.len().clamp(1, PER_ROW), effects.len().div_ceil(PER_ROW));
    let size = [columns * width, rows * height];
    let mut pixels = vec![Color32::TRANSPARENT; size[0] * size[1]];
    let largest = effects
        .iter()
        .flat_map(|effect| effect.change.iter())
        .fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
    for (index, effect) in effects.iter().enumerate() {
        let corner = (index / PER_ROW * height, index % PER_ROW * width);
        for ((bin, frame), &value) in effect.change.indexed_iter() {
            let signed = (value.abs() / largest).powf(EXPONENT).copysign(value);
            let place = (corner.0 + height - 1 - bin) * size[0] + corner.1 + frame;
            if let Some(pixel) = pixels.get_mut(place) {
                *pixel = Colours::Signed.at(f32::midpoint(signed, 1.0));
            }
        }
    }
    ColorImage::new(size, pixels)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn pictures_lie_side_by_side_with_low_bins_below_and_one_scale() {
        let effect = |low: f32, high: f32| Effect { change: array![[low, low], [high, high]], strength: 0.0 };
        let effects: Vec<Effect> =
            (0..17).map(|index| effect(if index == 16 { -1.0 } else { 0.0 }, 0.5)).collect();
        let picture = picture(&effects);
        assert_eq!(picture.size, [32, 4]);
        let at = |x: usize, y: usize| picture.pixels[y * 32 + x];
        assert_eq!(at(0, 1), Colours::Signed.at(0.5), "nothing changes in the low bin of the first");
        assert_eq!(at(0, 3), Colours::Signed.at(0.0), "the 17th is the strongest, downward");
        assert_eq!(at(0, 0), at(0, 2), "equal changes have equal colours in every picture");
        assert_eq!(at(2, 2), Color32::TRANSPARENT, "there is no 18th");
    }
}
