//! Min-max normalisation to a target range, and its inverse.

use multiversion::multiversion;
use serde::{Deserialize, Serialize};

/// Extremes of an image before normalisation, in the feature's unit (dB for the log spectrogram).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MinMax {
    /// Smallest value.
    pub min: f32,
    /// Largest value.
    pub max: f32,
}

impl MinMax {
    /// Whether both values are finite and in order.
    pub fn is_usable(self) -> bool {
        self.min.is_finite() && self.max.is_finite() && self.min <= self.max
    }

    /// Extremes of `values`; zeros for an empty slice.
    pub fn of(values: &[f32]) -> Self {
        if values.is_empty() { Self { min: 0.0, max: 0.0 } } else { extremes(values) }
    }

    /// `max - min`.
    pub fn span(self) -> f32 {
        self.max - self.min
    }

    /// Whether the span is 0, as for silence, so that nothing can be divided by it.
    pub fn is_constant(self) -> bool {
        self.span() <= 0.0
    }
}

/// Extremes, taken in independent lanes to hide the latency of comparisons.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn extremes(values: &[f32]) -> MinMax {
    const LANES: usize = 32;
    let (mut least, mut most) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES]);
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for ((least, most), value) in least.iter_mut().zip(&mut most).zip(block) {
            *least = if *value < *least { *value } else { *least };
            *most = if *value > *most { *value } else { *most };
        }
    }
    MinMax {
        min: least.iter().chain(rest).copied().fold(f32::INFINITY, f32::min),
        max: most.iter().chain(rest).copied().fold(f32::NEG_INFINITY, f32::max),
    }
}

/// Maps `values` linearly onto `target` in place; returns their original extremes.
///
/// A constant image (silence) becomes `target.min` everywhere, never NaN.
///
/// ```
/// use timbrespace_signal::dsp::normalise::{MinMax, denormalise, normalise};
/// let mut image = [-60.0, -20.0, 20.0];
/// let unit = MinMax { min: 0.0, max: 1.0 };
/// let original = normalise(&mut image, unit);
/// assert_eq!(image, [0.0, 0.5, 1.0]);
/// denormalise(&mut image, unit, original);
/// assert_eq!(image, [-60.0, -20.0, 20.0]);
/// ```
pub fn normalise(values: &mut [f32], target: MinMax) -> MinMax {
    let original = MinMax::of(values);
    normalise_between(values, original, target);
    original
}

/// Maps `values` linearly so that `original` maps onto `target`: for a part of an image with known extremes.
pub fn normalise_between(values: &mut [f32], original: MinMax, target: MinMax) {
    if original.is_constant() {
        values.fill(target.min);
        return;
    }
    map_linearly(values, original, target);
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn map_linearly(values: &mut [f32], original: MinMax, target: MinMax) {
    let (span, scale) = (original.span(), target.span());
    for value in values {
        *value = (*value - original.min) / span * scale + target.min;
    }
}

/// Inverse of [`normalise`]: `(x - min) / (max - min) * (original_max - original_min) + original_min`.
pub fn denormalise(values: &mut [f32], target: MinMax, original: MinMax) {
    let span = target.span();
    for value in values {
        let unit = if span > 0.0 { (*value - target.min) / span } else { 0.0 };
        *value = unit * original.span() + original.min;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn extremes_are_usable_where_they_are_finite_and_in_order() {
        let usable = |min: f32, max: f32| MinMax { min, max }.is_usable();
        assert!(usable(-55.0, 25.0) && usable(0.0, 0.0));
        assert!(!usable(25.0, -55.0) && !usable(f32::NAN, 1.0) && !usable(0.0, f32::INFINITY));
    }

    #[test]
    fn a_constant_image_becomes_the_lower_end_and_comes_back() {
        let mut image = [-100.0; 3];
        let target = MinMax { min: 0.0, max: 1.0 };
        let original = normalise(&mut image, target);
        assert_eq!(image, [0.0; 3]);
        denormalise(&mut image, target, original);
        assert_eq!(image, [-100.0; 3]);
    }

    #[test]
    fn no_value_at_all_is_no_accident() {
        assert!(normalise(&mut [], MinMax { min: 0.0, max: 1.0 }).is_constant());
    }

    proptest! {
        #[test]
        fn normalising_and_denormalising_returns_every_value(
            image in prop::collection::vec(-120.0_f32..40.0, 1..200),
            low in -3.0_f32..3.0,
            width in 0.1_f32..5.0,
        ) {
            let target = MinMax { min: low, max: low + width };
            let mut values = image.clone();
            let original = normalise(&mut values, target);
            prop_assert!(values.iter().all(|v| *v >= low - 1e-4 && *v <= low + width + 1e-4));
            denormalise(&mut values, target, original);
            for (a, b) in values.iter().zip(&image) {
                prop_assert!((a - b).abs() < 1e-2, "{a} {b}");
            }
        }
    }
}
