//! Detail: what a model leaves out of its images, borrowed from the recordings nearest to a place of the latent space.
//!
//! A model's image of a recording differs from the recording's own by a *residual*: hiss, attacks, fine partials. A place
//! between recordings has no residual of its own, but those of its neighbours, weighted by closeness, are a good guess at the
//! kind of thing that is missing. Several neighbours average out what only one of them has: the error against a real
//! recording is smaller, the texture smoother. One neighbour keeps its whole texture, though it is not this sound's own.
//!
//! What is added is not the model's work, so nothing that measures a model may use it, and whatever shows it says so.

use std::borrow::Cow;

use half::{f16, slice::HalfFloatSliceExt as _};
use ndarray::ArrayRef1;
use serde::{Deserialize, Serialize};

use super::neighbours::{Neighbours, local_weights, weights};

/// How much detail can be added.
pub const AMOUNTS: std::ops::RangeInclusive<f32> = 0.0..=1.0;
/// How many recordings it can come from.
pub const RECORDINGS: std::ops::RangeInclusive<usize> = 1..=64;
/// How many recordings it comes from where nobody chose: most of the texture of one, less of what is wrong in it.
pub const DEFAULT_RECORDINGS: usize = 4;
/// Bytes of a half float.
pub const HALF_BYTES: usize = size_of::<f16>();

/// A neighbour nearer than this part of the others' distance is the recording itself (or a copy of it): its vector differs
/// by rounding alone.
const ITSELF: f64 = 1e-3;
/// Copies of the recording itself that are left out at most.
const MOST_COPIES: usize = 4;
/// Pixels that are converted at a time: both buffers stay in the first-level cache.
const STRETCH: usize = 1024;
/// Exponent bits of a half float; all of them are set in infinity and NaN.
const EXPONENT: u16 = 0x7c00;

/// How much detail is added, and from how many recordings.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mix {
    /// Factor of the residuals, from 0 (the model alone) to 1.
    pub amount: f32,
    /// The nearest recordings whose residuals are mixed.
    pub recordings: usize,
}

impl Default for Mix {
    fn default() -> Self {
        Self { amount: 0.0, recordings: DEFAULT_RECORDINGS }
    }
}

impl Mix {
    /// Whether anything is added.
    pub fn is_on(self) -> bool {
        self.amount > 0.0
    }

    /// The same within the limits; an amount that is not a number is 0.
    #[must_use]
    pub fn checked(self) -> Self {
        let amount = if self.amount.is_finite() { self.amount } else { 0.0 };
        Self {
            amount: amount.clamp(*AMOUNTS.start(), *AMOUNTS.end()),
            recordings: self.recordings.clamp(*RECORDINGS.start(), *RECORDINGS.end()),
        }
    }
}

/// What a recording that lies exactly at the place does to its own detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Itself {
    /// It counts, with all the weight: with an amount of 1 the image is the recording's own. For playing.
    Counts,
    /// It is left out: what other recordings know about it is heard. For reconstructions.
    LeftOut,
}

/// What was added to an image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Added {
    /// Factor of the residuals.
    pub amount: f32,
    /// Recordings that they came from; fewer than asked for where there are fewer.
    pub recordings: usize,
    /// Whether all of it came from the recording that lies exactly there.
    pub is_itself: bool,
}

/// Images of half floats, row after row somewhere within the bytes of a file.
#[derive(Clone, Debug)]
pub struct HalfImages {
    /// The file.
    bytes: Cow<'static, [u8]>,
    /// Byte at which the first image starts.
    start: usize,
    count: usize,
    pixels: usize,
}

impl HalfImages {
    /// `count` images of `pixels` little-endian half floats from byte `start` of `bytes` on. `None` where the bytes do not
    /// reach so far, or a value is infinite or NaN.
    pub fn new(bytes: Cow<'static, [u8]>, start: usize, (count, pixels): (usize, usize)) -> Option<Self> {
        let length = count.checked_mul(pixels)?.checked_mul(HALF_BYTES)?;
        let (values, _) = bytes.get(start..start.checked_add(length)?)?.as_chunks::<HALF_BYTES>();
        let is_finite = |value: &[u8; HALF_BYTES]| u16::from_le_bytes(*value) & EXPONENT != EXPONENT;
        values.iter().all(is_finite).then_some(Self { bytes, start, count, pixels })
    }

    /// Adds image `row`, scaled, to `image`, `[pixels]`. A row that is not there adds nothing.
    fn add_to(&self, image: &mut [f32], row: usize, scale: f32) {
        let length = self.pixels * HALF_BYTES;
        let start = self.start + row * length;
        let Some(bytes) = self.bytes.get(start..start + length).filter(|_| row < self.count) else { return };
        let (mut halves, mut singles) = ([f16::ZERO; STRETCH], [0.0_f32; STRETCH]);
        for (bytes, image) in bytes.chunks(STRETCH * HALF_BYTES).zip(image.chunks_mut(STRETCH)) {
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

/// Residuals of recordings, and where these lie in the latent space.
#[derive(Clone, Debug)]
pub struct Residuals {
    places: Neighbours,
    images: HalfImages,
}

impl Residuals {
    /// Residuals `images` of the recordings at `places`, `[recordings, latent]`; `None` unless there is one for each.
    pub fn new(places: Neighbours, images: HalfImages) -> Option<Self> {
        (places.len() == images.count).then_some(Self { places, images })
    }

    /// Recordings.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Their latent vectors.
    pub fn places(&self) -> &Neighbours {
        &self.places
    }

    /// The bytes of the file that they came from.
    pub fn bytes(&self) -> &[u8] {
        &self.images.bytes
    }

    /// Adds to `image`, `[pixels]` in 0..1, the residuals of the recordings nearest to `place`, and keeps it in 0..1.
    ///
    /// Closeness is the Euclidean distance of mu. (In a whitened space that is better than to weigh each dimension by what
    /// it does to the image: a residual is what the strong dimensions do not explain.) The weights are local ones
    /// ([`local_weights`]): they keep about half of four recordings' texture, where equal ones would average it out.
    ///
    /// An image or place of another size stays as it is, with 0 recordings added.
    pub fn add_to(&self, image: &mut [f32], place: &ArrayRef1<f32>, mix: Mix, itself: Itself) -> Added {
        let mix = mix.checked();
        let mut added = Added { amount: mix.amount, recordings: 0, is_itself: false };
        if !mix.is_on() || image.len() != self.images.pixels {
            return added;
        }
        // More than are mixed: enough where every copy is left out, and the farthest is the scale of the distances.
        let mut near = self.places.nearest(place, mix.recordings + MOST_COPIES + 1);
        let scale = near.last().map_or(0.0, |farthest| farthest.distance);
        let copies = near.iter().take_while(|near| near.distance <= ITSELF * scale).count();
        match itself {
            Itself::Counts => added.is_itself = copies > 0,
            Itself::LeftOut => drop(near.drain(..copies)),
        }
        // The next recording's distance: there a recording has no weight left, so that nothing jumps where two change places.
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

    /// Residuals of constant images: 0.25, -0.5 and 0.125 at 0, 3 and 4 on a line, after three bytes of something else.
    fn residuals() -> Residuals {
        let values = [0.25_f32, -0.5, 0.125].into_iter().flat_map(|value| [value; 3]);
        let bytes: Vec<u8> = [1, 2, 3]
            .into_iter()
            .chain(values.flat_map(|value| f16::from_f32(value).to_le_bytes()))
            .collect();
        let images = HalfImages::new(Cow::Owned(bytes), 3, (3, 3)).unwrap();
        Residuals::new(Neighbours::new(&array![[0.0], [3.0], [4.0]]), images).unwrap()
    }

    fn added(place: f32, mix: Mix, itself: Itself) -> (Vec<f32>, Added) {
        let mut image = vec![0.5; 3];
        let added = residuals().add_to(&mut image, &array![place], mix, itself);
        (image, added)
    }

    fn mix(amount: f32, recordings: usize) -> Mix {
        Mix { amount, recordings }
    }

    #[test]
    fn the_nearest_recording_gives_its_residual_by_the_amount() {
        assert_eq!(added(1.0, mix(1.0, 1), Itself::Counts).0, [0.75; 3]);
        assert_eq!(added(1.0, mix(0.5, 1), Itself::Counts).0, [0.625; 3]);
        let (image, none) = added(1.0, mix(0.0, 1), Itself::Counts);
        assert_eq!((image, none.recordings), (vec![0.5; 3], 0), "the model alone");
    }

    #[test]
    fn closer_recordings_weigh_more() {
        // Distances 1 and 2, the next one at 3.
        let (image, added) = added(1.0, mix(1.0, 2), Itself::Counts);
        let expected = 0.5 + 16.0 / 17.0 * 0.25 + 1.0 / 17.0 * -0.5;
        assert!(image.iter().all(|pixel| (pixel - expected).abs() < 1e-6), "{image:?}");
        assert_eq!(added, Added { amount: 1.0, recordings: 2, is_itself: false });
    }

    #[test]
    fn nothing_jumps_where_one_recording_takes_the_place_of_another() {
        // At 2 the recordings at 0 and 4 are equally far.
        let [before, after] = [1.9999, 2.0001].map(|place| added(place, mix(1.0, 2), Itself::Counts).0[0]);
        assert!((before - after).abs() < 1e-3, "{before} {after}");
        assert!((before - 0.5 + 0.5).abs() < 1e-3, "the one at 3 has all the weight there: {before}");
    }

    #[test]
    fn a_recording_at_the_place_gives_all_or_nothing() {
        let (image, of_itself) = added(3.0, mix(1.0, 2), Itself::Counts);
        assert!(image.iter().all(|pixel| pixel.abs() < 1e-6) && of_itself.is_itself, "{image:?}");
        // Without it the nearest is at 4.
        let (image, of_others) = added(3.0, mix(1.0, 1), Itself::LeftOut);
        assert_eq!((image, of_others.is_itself), (vec![0.625; 3], false));
        assert_eq!(added(3.001, mix(1.0, 1), Itself::LeftOut).0, [0.625; 3], "rounding apart");
        assert_eq!(added(3.1, mix(1.0, 1), Itself::LeftOut).0, [0.0; 3], "another place");
    }

    #[test]
    fn the_image_stays_in_its_range_and_more_recordings_than_there_are_are_all() {
        let mut image = vec![0.9, 0.1, 0.5];
        let added = residuals().add_to(&mut image, &array![0.0], mix(1.0, 1), Itself::Counts);
        assert_eq!((image, added.recordings), (vec![1.0, 0.35, 0.75], 1));
        assert_eq!(self::added(1.0, mix(1.0, 64), Itself::Counts).1.recordings, 3);
    }

    #[test]
    fn other_sizes_change_nothing() {
        let mut image = vec![0.5; 2];
        let none = residuals().add_to(&mut image, &array![1.0], mix(1.0, 1), Itself::Counts);
        assert_eq!((image, none.recordings), (vec![0.5; 2], 0));
        let mut image = vec![0.5; 3];
        let none = residuals().add_to(&mut image, &Array1::zeros(2), mix(1.0, 1), Itself::Counts);
        assert_eq!((image, none.recordings), (vec![0.5; 3], 0));
    }

    #[test]
    fn bytes_that_end_early_or_hold_no_numbers_are_refused() {
        let bytes = |value: f32| Cow::Owned(f16::from_f32(value).to_le_bytes().repeat(6));
        assert!(HalfImages::new(bytes(0.5), 0, (2, 3)).is_some());
        assert!(HalfImages::new(bytes(0.5), 2, (2, 3)).is_none(), "one value too few");
        assert!(HalfImages::new(bytes(0.5), 0, (usize::MAX, 3)).is_none());
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert!(HalfImages::new(bytes(value), 0, (2, 3)).is_none(), "{value}");
        }
        let images = HalfImages::new(bytes(0.5), 0, (2, 3)).unwrap();
        assert!(Residuals::new(Neighbours::new(&array![[0.0]]), images).is_none(), "one place, two images");
    }

    #[test]
    fn long_images_are_added_stretch_by_stretch() {
        let pixels = 2 * STRETCH + 7;
        let values = (0..pixels).flat_map(|index| f16::from_f32(index as f32 / 8192.0).to_le_bytes());
        let images = HalfImages::new(Cow::Owned(values.collect()), 0, (1, pixels)).unwrap();
        let residuals = Residuals::new(Neighbours::new(&array![[0.0]]), images).unwrap();
        let mut image = vec![0.0; pixels];
        residuals.add_to(&mut image, &array![1.0], mix(1.0, 1), Itself::Counts);
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
