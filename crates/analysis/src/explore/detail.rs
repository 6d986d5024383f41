//! Detail: what a model omits from its images, borrowed from the recordings nearest to a latent vector.
//!
//! A decoded recording differs from the original by a *residual*: hiss, attacks, fine partials. A vector
//! between recordings has no residual of its own, but the distance-weighted residuals of its neighbours
//! approximate what is missing. Averaging several neighbours gives a smaller error against a real recording
//! but a smoother texture; a single neighbour keeps its whole texture, though it is that of another sound.
//!
//! Detail is not the model's work, so no measurement of a model may include it, and displays must mark it.

use std::borrow::Cow;

use half::{f16, slice::HalfFloatSliceExt as _};
use ndarray::ArrayRef1;
use serde::{Deserialize, Serialize};

use super::neighbours::{Neighbours, local_weights, weights};

/// Range of [`Mix::amount`].
pub const AMOUNTS: std::ops::RangeInclusive<f32> = 0.0..=1.0;
/// Range of [`Mix::recordings`].
pub const RECORDINGS: std::ops::RangeInclusive<usize> = 1..=64;
/// Default number of recordings: keeps most of one recording's texture with less of its error.
pub const DEFAULT_RECORDINGS: usize = 4;
/// Bytes per half-precision float.
pub const HALF_BYTES: usize = size_of::<f16>();

/// A neighbour closer than this fraction of the others' distance is the recording itself or a copy: its
/// vector differs only by rounding.
const SAME_DISTANCE: f64 = 1e-3;
/// Most copies of the recording itself that are excluded.
const MOST_COPIES: usize = 4;
/// Pixels per conversion block: both buffers fit into the L1 cache.
const BLOCK: usize = 1024;
/// Exponent bits of a half float, all set for infinity and NaN.
const EXPONENT: u16 = 0x7c00;

/// How much detail to add, and from how many recordings.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mix {
    /// Factor on the residuals, from 0 (the model's image alone) to 1.
    pub amount: f32,
    /// Number of nearest recordings whose residuals are mixed.
    pub recordings: usize,
}

impl Default for Mix {
    fn default() -> Self {
        Self { amount: 0.0, recordings: DEFAULT_RECORDINGS }
    }
}

impl Mix {
    /// Whether any detail is added.
    pub fn is_on(self) -> bool {
        self.amount > 0.0
    }

    /// Clamps to the allowed ranges; an amount that is not finite becomes 0.
    #[must_use]
    pub fn checked(self) -> Self {
        let amount = if self.amount.is_finite() { self.amount } else { 0.0 };
        Self {
            amount: amount.clamp(*AMOUNTS.start(), *AMOUNTS.end()),
            recordings: self.recordings.clamp(*RECORDINGS.start(), *RECORDINGS.end()),
        }
    }
}

/// Treatment of a recording that lies exactly at the vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExactMatch {
    /// Included, with full weight: at an amount of 1 the image becomes the recording's own. For playing.
    Included,
    /// Excluded: only other recordings contribute. For reconstructions.
    Excluded,
}

/// The detail that was added to an image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Added {
    /// Factor on the residuals.
    pub amount: f32,
    /// Number of recordings used; fewer than requested if there are not enough.
    pub recordings: usize,
    /// Whether all detail came from the recording at this exact vector.
    pub is_itself: bool,
}

/// Half-precision images stored in a file's bytes.
#[derive(Clone, Debug)]
pub struct HalfImages {
    /// Content of the file.
    bytes: Cow<'static, [u8]>,
    /// Byte offset of the first image.
    start: usize,
    count: usize,
    pixels: usize,
}

impl HalfImages {
    /// `count` images of `pixels` little-endian half floats from byte `start` on. `None` if there are not
    /// enough bytes, or a value is infinite or NaN.
    pub fn new(bytes: Cow<'static, [u8]>, start: usize, count: usize, pixels: usize) -> Option<Self> {
        let length = count.checked_mul(pixels)?.checked_mul(HALF_BYTES)?;
        let (values, _) = bytes.get(start..start.checked_add(length)?)?.as_chunks::<HALF_BYTES>();
        let is_finite = |value: &[u8; HALF_BYTES]| u16::from_le_bytes(*value) & EXPONENT != EXPONENT;
        values.iter().all(is_finite).then_some(Self { bytes, start, count, pixels })
    }

    /// Adds image `row`, scaled, to `image`, `[pixels]`; does nothing if the row does not exist.
    fn add_to(&self, image: &mut [f32], row: usize, scale: f32) {
        let length = self.pixels * HALF_BYTES;
        let start = self.start + row * length;
        let Some(bytes) = self.bytes.get(start..start + length).filter(|_| row < self.count) else { return };
        let (mut halves, mut singles) = ([f16::ZERO; BLOCK], [0.0_f32; BLOCK]);
        for (bytes, image) in bytes.chunks(BLOCK * HALF_BYTES).zip(image.chunks_mut(BLOCK)) {
            let (values, _) = bytes.as_chunks::<HALF_BYTES>();
            let (halves, singles) = (&mut halves[..values.len()], &mut singles[..values.len()]);
            for (half, value) in halves.iter_mut().zip(values) {
                *half = f16::from_le_bytes(*value);
            }
            halves.convert_to_f32_slice(singles);
            for (pixel, residual) in image.iter_mut().zip(singles) {
                *pixel += scale * *residual;
            }
        }
    }
}

/// Residuals of recordings with their latent vectors.
#[derive(Clone, Debug)]
pub struct Residuals {
    places: Neighbours,
    images: HalfImages,
}

impl Residuals {
    /// Residual `images` of the recordings at `places`, `[recordings, latent]`; `None` if the counts differ.
    pub fn new(places: Neighbours, images: HalfImages) -> Option<Self> {
        (places.len() == images.count).then_some(Self { places, images })
    }

    /// Number of recordings.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are no recordings.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Latent vectors of the recordings.
    pub fn places(&self) -> &Neighbours {
        &self.places
    }

    /// Content of the file with the residuals.
    pub fn bytes(&self) -> &[u8] {
        &self.images.bytes
    }

    /// Adds to `image`, `[pixels]` in 0..1, the residuals of the recordings nearest to `place`, clamped to
    /// 0..1.
    ///
    /// Distances are Euclidean in mu. (In a whitened space this works better than weighting dimensions by
    /// their effect on the image, since residuals are what the strong dimensions do not explain.) Weights are
    /// local ([`local_weights`]): they keep about half of the texture of four recordings, which equal weights
    /// would average out.
    ///
    /// If the image or vector has another size, nothing changes and 0 recordings are reported.
    pub fn add_to(
        &self,
        image: &mut [f32],
        place: &ArrayRef1<f32>,
        mix: Mix,
        exact_match: ExactMatch,
    ) -> Added {
        let mix = mix.checked();
        let mut added = Added { amount: mix.amount, recordings: 0, is_itself: false };
        if !mix.is_on() || image.len() != self.images.pixels {
            return added;
        }
        // More than are mixed, so that enough remain without copies; the farthest sets the scale of
        // distances.
        let mut near = self.places.nearest(place, mix.recordings + MOST_COPIES + 1);
        let scale = near.last().map_or(0.0, |farthest| farthest.distance);
        let copies = near.iter().take_while(|near| near.distance <= SAME_DISTANCE * scale).count();
        match exact_match {
            ExactMatch::Included => added.is_itself = copies > 0,
            ExactMatch::Excluded => drop(near.drain(..copies)),
        }
        // Weights vanish at the distance of the next recording, so nothing jumps when two recordings change
        // order.
        let radius = near.get(mix.recordings).map(|next| next.distance);
        near.truncate(mix.recordings);
        let shares = radius.map_or_else(|| weights(&near), |radius| local_weights(&near, radius));
        for (neighbour, share) in near.iter().zip(shares) {
            self.images.add_to(image, neighbour.index, mix.amount * share as f32);
        }
        for pixel in image.iter_mut() {
            *pixel = pixel.clamp(0.0, 1.0);
        }
        added.recordings = near.len();
        added
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;

    /// Residuals of constant images: 0.25, -0.5 and 0.125 at 0, 3 and 4 on a line, after three unrelated
    /// bytes.
    fn residuals() -> Residuals {
        let values = [0.25_f32, -0.5, 0.125].into_iter().flat_map(|value| [value; 3]);
        let bytes: Vec<u8> = [1, 2, 3]
            .into_iter()
            .chain(values.flat_map(|value| f16::from_f32(value).to_le_bytes()))
            .collect();
        let images = HalfImages::new(Cow::Owned(bytes), 3, 3, 3).unwrap();
        Residuals::new(Neighbours::new(&array![[0.0], [3.0], [4.0]]), images).unwrap()
    }

    fn added(place: f32, mix: Mix, exact_match: ExactMatch) -> (Vec<f32>, Added) {
        let mut image = vec![0.5; 3];
        let added = residuals().add_to(&mut image, &array![place], mix, exact_match);
        (image, added)
    }

    fn mix(amount: f32, recordings: usize) -> Mix {
        Mix { amount, recordings }
    }

    #[test]
    fn the_nearest_recording_gives_its_residual_by_the_amount() {
        assert_eq!(added(1.0, mix(1.0, 1), ExactMatch::Included).0, [0.75; 3]);
        assert_eq!(added(1.0, mix(0.5, 1), ExactMatch::Included).0, [0.625; 3]);
        let (image, none) = added(1.0, mix(0.0, 1), ExactMatch::Included);
        assert_eq!((image, none.recordings), (vec![0.5; 3], 0), "the model alone");
    }

    #[test]
    fn closer_recordings_weigh_more() {
        // Distances 1 and 2, the next one at 3.
        let (image, added) = added(1.0, mix(1.0, 2), ExactMatch::Included);
        let expected = 0.5 + 16.0 / 17.0 * 0.25 + 1.0 / 17.0 * -0.5;
        assert!(image.iter().all(|pixel| (pixel - expected).abs() < 1e-6), "{image:?}");
        assert_eq!(added, Added { amount: 1.0, recordings: 2, is_itself: false });
    }

    #[test]
    fn nothing_jumps_where_one_recording_takes_the_place_of_another() {
        // At 2 the recordings at 0 and 4 are equally distant.
        let [before, after] =
            [1.9999, 2.0001].map(|place| added(place, mix(1.0, 2), ExactMatch::Included).0[0]);
        assert!((before - after).abs() < 1e-3, "{before} {after}");
        assert!((before - 0.5 + 0.5).abs() < 1e-3, "the one at 3 has all the weight there: {before}");
    }

    #[test]
    fn a_recording_at_the_place_gives_all_or_nothing() {
        let (image, of_itself) = added(3.0, mix(1.0, 2), ExactMatch::Included);
        assert!(image.iter().all(|pixel| pixel.abs() < 1e-6) && of_itself.is_itself, "{image:?}");
        // Without it the nearest is at 4.
        let (image, of_others) = added(3.0, mix(1.0, 1), ExactMatch::Excluded);
        assert_eq!((image, of_others.is_itself), (vec![0.625; 3], false));
        assert_eq!(added(3.001, mix(1.0, 1), ExactMatch::Excluded).0, [0.625; 3], "rounding apart");
        assert_eq!(added(3.1, mix(1.0, 1), ExactMatch::Excluded).0, [0.0; 3], "another place");
    }

    #[test]
    fn the_image_stays_in_its_range_and_more_recordings_than_there_are_are_all() {
        let mut image = vec![0.9, 0.1, 0.5];
        let added = residuals().add_to(&mut image, &array![0.0], mix(1.0, 1), ExactMatch::Included);
        assert_eq!((image, added.recordings), (vec![1.0, 0.35, 0.75], 1));
        assert_eq!(self::added(1.0, mix(1.0, 64), ExactMatch::Included).1.recordings, 3);
    }

    #[test]
    fn other_sizes_change_nothing() {
        let mut image = vec![0.5; 2];
        let none = residuals().add_to(&mut image, &array![1.0], mix(1.0, 1), ExactMatch::Included);
        assert_eq!((image, none.recordings), (vec![0.5; 2], 0));
        let mut image = vec![0.5; 3];
        let none = residuals().add_to(&mut image, &Array1::zeros(2), mix(1.0, 1), ExactMatch::Included);
        assert_eq!((image, none.recordings), (vec![0.5; 3], 0));
    }

    #[test]
    fn bytes_that_end_early_or_hold_no_numbers_are_refused() {
        let bytes = |value: f32| Cow::Owned(f16::from_f32(value).to_le_bytes().repeat(6));
        assert!(HalfImages::new(bytes(0.5), 0, 2, 3).is_some());
        assert!(HalfImages::new(bytes(0.5), 2, 2, 3).is_none(), "one value too few");
        assert!(HalfImages::new(bytes(0.5), 0, usize::MAX, 3).is_none());
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert!(HalfImages::new(bytes(value), 0, 2, 3).is_none(), "{value}");
        }
        let images = HalfImages::new(bytes(0.5), 0, 2, 3).unwrap();
        assert!(Residuals::new(Neighbours::new(&array![[0.0]]), images).is_none(), "one place, two images");
    }

    #[test]
    fn long_images_are_added_stretch_by_stretch() {
        let pixels = 2 * BLOCK + 7;
        let values = (0..pixels).flat_map(|index| f16::from_f32(index as f32 / 8192.0).to_le_bytes());
        let images = HalfImages::new(Cow::Owned(values.collect()), 0, 1, pixels).unwrap();
        let residuals = Residuals::new(Neighbours::new(&array![[0.0]]), images).unwrap();
        let mut image = vec![0.0; pixels];
        residuals.add_to(&mut image, &array![1.0], mix(1.0, 1), ExactMatch::Included);
        assert!(image.iter().enumerate().all(|(index, pixel)| (pixel - index as f32 / 8192.0).abs() < 1e-3));
        assert_eq!(image[4], 4.0 / 8192.0);
    }

    #[test]
    fn settings_from_elsewhere_are_brought_within_their_limits() {
        assert_eq!(mix(7.0, 0).checked(), mix(1.0, 1));
        assert_eq!(mix(f32::NAN, 1000).checked(), mix(0.0, 64));
        assert!(!Mix::default().is_on());
    }
}
