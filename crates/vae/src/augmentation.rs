//! Random variations of training images.

use rand::{Rng as _, rngs::StdRng};
use rand_distr::StandardNormal;
use timbrespace_base::{setting::Unit, settings};

use super::limits::MAX_IMAGE_SIDE;

/// The heading over flags that say which recordings train.
pub(super) const DATA: &str = "Recordings that train";

settings! {
    /// Random variations of training images; each is drawn independently, and 0 turns it off.
    ///
    /// Gain and time shift change what the model is to rebuild. Noise and masks (Park et al. 2019, "`SpecAugment`") are put on
    /// what the encoder sees alone: the decoder is still asked for the clean image.
    #[derive(Copy)]
    pub struct Augmentation, AugmentationChoices, AugmentationTable, AUGMENTATION {
        /// Augmentation: largest gain or attenuation within the image's range
        gain_db: f64 = 0.0, .label("Gain").flag("augment-gain").from_to(0.0, 60.0).unit(Unit::Decibels).group(DATA);
        /// Augmentation: largest shift in time, either way
        shift_frames: usize = 0, .label("Time shift").flag("augment-shift").count(0, MAX_IMAGE_SIDE).unit(Unit::Frames).group(DATA);
        /// Augmentation of the encoder's input: standard deviation of Gaussian noise added to the 0..1 values
        noise: f64 = 0.0, .label("Noise").flag("augment-noise").from_to(0.0, 1.0).group(DATA);
        /// Augmentation of the encoder's input: most adjacent bins that are masked (set to 0)
        mask_bins: usize = 0, .label("Blank bins").flag("augment-mask-bins").count(0, MAX_IMAGE_SIDE).unit(Unit::Bins).group(DATA);
        /// Augmentation of the encoder's input: most adjacent frames that are masked (set to 0)
        mask_frames: usize = 0, .label("Blank frames").flag("augment-mask-frames").count(0, MAX_IMAGE_SIDE).unit(Unit::Frames).group(DATA);
    }
}

impl Augmentation {
    /// Whether every variation is turned off.
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }

    /// Augments one image in place in `target` and writes the encoder's version of it to `input`.
    ///
    /// # Shapes
    /// `input`, `target`: `[bins, frames]` row after row, in 0..1, where the whole range spans `span_db`
    /// decibels.
    ///
    /// A variation that is off draws nothing from `random`, so turning it off leaves the other draws
    /// unchanged.
    pub fn apply(
        &self,
        input: &mut [f32],
        target: &mut [f32],
        frames: usize,
        span_db: f32,
        random: &mut StdRng,
    ) {
        if self.gain_db > 0.0 && span_db > 0.0 {
            let gain = random.random_range(-self.gain_db..=self.gain_db) as f32 / span_db;
            for value in target.iter_mut() {
                *value = (*value + gain).clamp(0.0, 1.0);
            }
        }
        if self.shift_frames > 0 {
            let most = self.shift_frames.min(frames) as i64;
            shift(target, frames, random.random_range(-most..=most));
        }
        input.copy_from_slice(target);
        if self.noise > 0.0 {
            for value in input.iter_mut() {
                let noise: f32 = random.sample(StandardNormal);
                *value = (*value + self.noise as f32 * noise).clamp(0.0, 1.0);
            }
        }
        let bins = input.len() / frames.max(1);
        if let Some((first, count)) = random_mask(self.mask_bins, bins, random) {
            input[first * frames..(first + count) * frames].fill(0.0);
        }
        if let Some((first, count)) = random_mask(self.mask_frames, frames, random) {
            for row in input.chunks_exact_mut(frames) {
                row[first..first + count].fill(0.0);
            }
        }
    }
}

/// Shifts every row by `by` frames (positive: later) and fills the gap with 0, the noise floor.
fn shift(image: &mut [f32], frames: usize, by: i64) {
    let distance = (by.unsigned_abs() as usize).min(frames);
    for row in image.chunks_exact_mut(frames) {
        if by > 0 {
            row.copy_within(..frames - distance, distance);
            row[..distance].fill(0.0);
        } else {
            row.copy_within(distance.., 0);
            row[frames - distance..].fill(0.0);
        }
    }
}

/// Draws a mask of at most `most` out of `all` positions: `(first, count)`.
fn random_mask(most: usize, all: usize, random: &mut StdRng) -> Option<(usize, usize)> {
    if most == 0 || all == 0 {
        return None;
    }
    let count = random.random_range(0..=most.min(all));
    Some((random.random_range(0..=all - count), count))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    const FRAMES: usize = 8;

    /// Sixteen bins of eight frames, all above the floor and below the top.
    fn image() -> Vec<f32> {
        (0..128).map(|place| 0.3 + place as f32 / 512.0).collect()
    }

    fn varied(augmentation: Augmentation, seed: u64) -> (Vec<f32>, Vec<f32>) {
        let (mut input, mut target) = (vec![9.0; 128], image());
        let mut random = StdRng::seed_from_u64(seed);
        augmentation.apply(&mut input, &mut target, FRAMES, 80.0, &mut random);
        (input, target)
    }

    #[test]
    fn settings_of_zero_leave_an_image_as_it_is() {
        assert!(Augmentation::default().is_off());
        assert_eq!(varied(Augmentation::default(), 1), (image(), image()));
    }

    #[test]
    fn a_gain_is_in_decibels_of_the_images_range_and_both_ways() {
        let augmentation = Augmentation { gain_db: 8.0, ..Augmentation::default() };
        let gains: Vec<f32> = (0..400)
            .map(|seed| {
                let (input, target) = varied(augmentation, seed);
                assert_eq!(input, target);
                let gain = target[40] - image()[40];
                assert!(target.iter().zip(image()).all(|(new, old)| (new - old - gain).abs() < 1e-6));
                gain * 80.0
            })
            .collect();
        assert!(gains.iter().all(|gain| gain.abs() <= 8.001));
        let mean = gains.iter().sum::<f32>() / 400.0;
        let square = gains.iter().map(|gain| gain * gain).sum::<f32>() / 400.0;
        // Uniform over 16 dB: mean 0, variance 64 / 3.
        assert!(mean.abs() < 0.8 && (square - 64.0 / 3.0).abs() < 3.0, "{mean} {square}");
        let loud = Augmentation { gain_db: 60.0, ..Augmentation::default() };
        assert!((0..50).all(|seed| varied(loud, seed).1.iter().all(|value| (0.0..=1.0).contains(value))));
    }

    #[test]
    fn a_shift_moves_whole_frames_and_fills_with_the_floor() {
        let mut row = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        shift(&mut row, 4, 1);
        assert_eq!(row, [0.0, 1.0, 2.0, 3.0, 0.0, 5.0, 6.0, 7.0]);
        shift(&mut row, 4, -2);
        assert_eq!(row, [2.0, 3.0, 0.0, 0.0, 6.0, 7.0, 0.0, 0.0]);
        shift(&mut row, 4, 9);
        assert_eq!(row, [0.0; 8]);
        let augmentation = Augmentation { shift_frames: 2, ..Augmentation::default() };
        let firsts: Vec<usize> = (0..60)
            .map(|seed| {
                varied(augmentation, seed).1.iter().take(FRAMES).filter(|value| **value == 0.0).count()
            })
            .collect();
        assert!(
            [0, 1, 2].iter().all(|count| firsts.contains(count)) && firsts.iter().all(|count| *count <= 2)
        );
    }

    #[test]
    fn noise_and_masks_are_seen_by_the_encoder_alone() {
        let noisy = Augmentation { noise: 0.05, ..Augmentation::default() };
        let (input, target) = varied(noisy, 3);
        assert_eq!(target, image());
        let squares = input.iter().zip(&target).map(|(a, b)| (a - b).powi(2)).sum::<f32>() / 128.0;
        assert!((squares.sqrt() - 0.05).abs() < 0.015, "{squares}");
        let masked = Augmentation { mask_bins: 3, mask_frames: 2, ..Augmentation::default() };
        let mut largest = (0, 0);
        for seed in 0..100 {
            let (input, target) = varied(masked, seed);
            assert_eq!(target, image());
            let rows = input.chunks_exact(FRAMES).filter(|row| row.iter().all(|value| *value == 0.0)).count();
            let columns = (0..FRAMES)
                .filter(|frame| input.iter().skip(*frame).step_by(FRAMES).all(|v| *v == 0.0))
                .count();
            let blank = input.iter().filter(|value| **value == 0.0).count();
            assert_eq!(blank, rows * FRAMES + columns * 16 - rows * columns, "one band and one stretch");
            largest = (largest.0.max(rows), largest.1.max(columns));
        }
        assert_eq!(largest, (3, 2));
    }
}
