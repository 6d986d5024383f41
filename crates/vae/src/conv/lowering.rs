//! Chooses how a convolution becomes matrix products, one sample at a time.

use rayon::prelude::*;

use super::{
    channels::{Channels, Target},
    columns::Columns,
    geometry::Geometry,
    gradients::Gradients,
    matrix::Threads,
    phases::Phases,
};
use crate::elementwise::Sums;

/// Fewest image channels for which one product per kernel element pays.
const PHASE_CHANNELS: usize = 16;
/// Elements of a weight gradient that one thread sums at a time.
const SUM_BLOCK: usize = 1 << 14;

/// Strategy of a convolution.
pub(super) enum Lowering<'a> {
    /// im2col: one product on copies of all patches.
    Columns(Columns<'a>),
    /// One product per kernel element on shifted views, without copies.
    Phases(Phases<'a>),
}

impl<'a> Lowering<'a> {
    /// The faster strategy for `geometry`.
    pub fn of(geometry: &'a Geometry) -> Self {
        if geometry.image_channels < PHASE_CHANNELS {
            Self::Columns(Columns(geometry))
        } else {
            Self::Phases(Phases::new(geometry))
        }
    }

    /// Kernel elements by which prepared weights are grouped; 1 where they keep their order.
    fn taps(&self) -> usize {
        match self {
            Self::Columns(_) => 1,
            Self::Phases(phases) => phases.taps(),
        }
    }

    /// Copies weights `[map channels, image channels, kernel, kernel]` in the order that the products read:
    /// unchanged, or as `[kernel, kernel, map channels, image channels]`.
    pub fn prepare(&self, weight: &[f32], out: &mut [f32]) {
        let taps = self.taps();
        if taps == 1 {
            return out.copy_from_slice(weight);
        }
        // [map channels × image channels, taps] to [taps, map channels × image channels]
        out.par_chunks_mut((weight.len() / taps).max(1)).enumerate().for_each(|(tap, sorted)| {
            for (sorted, weights) in sorted.iter_mut().zip(weight.chunks_exact(taps)) {
                *sorted = weights[tap];
            }
        });
    }

    /// Sums partial gradients of prepared weights, `[parts, weights]`, in their order, and writes the result
    /// in the order of the original weights.
    pub fn summed_in_weight_order(&self, parts: &[f32], out: &mut [f32]) {
        let (taps, len) = (self.taps(), out.len());
        let pairs = len / taps;
        let block = SUM_BLOCK.div_ceil(taps);
        out.par_chunks_mut(block * taps).enumerate().for_each(|(index, out)| {
            let count = out.len() / taps;
            for tap in 0..taps {
                // Within a part, tap `tap` holds [map channels, image channels]; `out` interleaves the taps.
                let start = tap * pairs + index * block;
                // The first part initialises the block, the others add to it.
                for (part, gradient) in parts.chunks_exact(len).enumerate() {
                    let values = out.iter_mut().skip(tap).step_by(taps).zip(&gradient[start..][..count]);
                    if part == 0 {
                        values.for_each(|(out, value)| *out = *value);
                    } else {
                        values.for_each(|(out, value)| *out += value);
                    }
                }
            }
        });
    }

    /// Convolution of one sample: image to map.
    pub fn map_from_image<F>(&self, image: Channels<'_>, weight: &[f32], map: Target<'_, F>, threads: Threads)
    where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        match self {
            Self::Columns(columns) => columns.map_from_image(image, weight, map, threads),
            Self::Phases(phases) => phases.map_from_image(image, weight, map, threads),
        }
    }

    /// Transposed convolution of one sample: map to image.
    pub fn image_from_map<F>(&self, map: Channels<'_>, weight: &[f32], image: Target<'_, F>, threads: Threads)
    where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        match self {
            Self::Columns(columns) => columns.image_from_map(map, weight, image, threads),
            Self::Phases(phases) => phases.image_from_map(map, weight, image, threads),
        }
    }

    /// Backward pass of [`Self::map_from_image`].
    pub fn map_gradients<F>(
        &self,
        image: Channels<'_>,
        map_gradient: Channels<'_>,
        weight: &[f32],
        gradients: Gradients<'_, F>,
    ) where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        match self {
            Self::Columns(columns) => columns.map_gradients(image, map_gradient, weight, gradients),
            Self::Phases(phases) => phases.map_gradients(image, map_gradient, weight, gradients),
        }
    }

    /// Backward pass of [`Self::image_from_map`].
    pub fn image_gradients<F>(
        &self,
        map: Channels<'_>,
        image_gradient: Channels<'_>,
        weight: &[f32],
        gradients: Gradients<'_, F>,
    ) where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        match self {
            Self::Columns(columns) => columns.image_gradients(map, image_gradient, weight, gradients),
            Self::Phases(phases) => phases.image_gradients(map, image_gradient, weight, gradients),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::scratch::spoil, *};
    use timbrespace_base::differences::{largest, largest_difference};

    /// Deterministic values without a pattern that could hide a shift.
    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|index| ((index * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0).collect()
    }

    /// Results of both directions: map, image, and their gradients (weights twice over, biases, input).
    fn run(lowering: &Lowering<'_>, geometry: &Geometry, threads: Threads) -> Vec<Vec<f32>> {
        let image = values(geometry.image_len(), 1);
        let map = values(geometry.map_len(), 2);
        let mut prepared = vec![f32::NAN; geometry.weight_len()];
        lowering.prepare(&values(geometry.weight_len(), 3), &mut prepared);
        let affine: Vec<(f32, f32)> =
            (0..image.len()).map(|index| (1.5 - index as f32, index as f32)).collect();
        let image = Channels::Affine { values: &image, affine: &affine };
        let map = Channels::Affine { values: &map, affine: &affine };
        let finish = |channel: usize, values: &mut [f32]| {
            for value in values.iter_mut() {
                *value += channel as f32;
            }
            (channel as f64, f64::from(values[0]))
        };
        let mut all = Vec::new();
        for to_map in [true, false] {
            let (inputs, outputs) = if to_map {
                ((geometry.image_len(), geometry.image_channels), (geometry.map_len(), geometry.map_channels))
            } else {
                ((geometry.map_len(), geometry.map_channels), (geometry.image_len(), geometry.image_channels))
            };
            spoil(1 << 16);
            let (mut out, mut sums) = (vec![f32::NAN; outputs.0], vec![(f64::NAN, f64::NAN); outputs.1]);
            let target = Target { first: 0, values: &mut out, sums: &mut sums, finish: &finish };
            if to_map {
                lowering.map_from_image(image, &prepared, target, threads);
            } else {
                lowering.image_from_map(map, &prepared, target, threads);
            }
            all.push(out);
            all.push(sums.iter().flat_map(|sums| [sums.0 as f32, sums.1 as f32]).collect());
            let mut weight = vec![f32::NAN; prepared.len()];
            let mut bias = vec![0.0; outputs.1];
            for accumulate in [false, true] {
                spoil(1 << 16);
                let (mut out, mut sums) = (vec![f32::NAN; inputs.0], vec![(f64::NAN, f64::NAN); inputs.1]);
                let input = Target { first: 0, values: &mut out, sums: &mut sums, finish: &finish };
                let gradients =
                    Gradients { weight: &mut weight, accumulate, bias: &mut bias, input: Some(input) };
                if to_map {
                    lowering.map_gradients(image, map, &prepared, gradients);
                } else {
                    lowering.image_gradients(map, image, &prepared, gradients);
                }
                all.push(out);
            }
            let mut restored = vec![f32::NAN; weight.len()];
            lowering.summed_in_weight_order(&[weight.clone(), weight].concat(), &mut restored);
            all.push(restored);
            all.push(bias.iter().map(|bias| *bias as f32).collect());
        }
        all
    }

    #[test]
    fn phases_give_what_columns_give() {
        for (size, image_channels, map_channels, kernel, strides) in [
            ((8, 6), 2, 3, 3, (2, 2)),
            ((7, 5), 4, 2, 3, (2, 2)),
            ((6, 5), 3, 2, 3, (2, 1)),
            ((5, 4), 2, 5, 3, (1, 1)),
            ((9, 3), 2, 2, 3, (1, 2)),
            ((1, 1), 3, 3, 3, (2, 2)),
            ((7, 11), 2, 2, 5, (3, 2)),
            ((13, 4), 1, 4, 5, (4, 5)),
            ((4, 4), 2, 2, 1, (1, 1)),
            ((4, 3), 70, 65, 3, (2, 2)),
        ] {
            let geometry = Geometry::same(image_channels, size, map_channels, kernel, strides);
            let columns = Lowering::Columns(Columns(&geometry));
            let expected = run(&columns, &geometry, Threads::One);
            let phases = Lowering::Phases(Phases::new(&geometry));
            for (lowering, threads) in
                [(&columns, Threads::Pool), (&phases, Threads::One), (&phases, Threads::Pool)]
            {
                for (index, (one, other)) in
                    expected.iter().zip(&run(lowering, &geometry, threads)).enumerate()
                {
                    let scale = largest(one.iter().map(|value| value.abs())).max(1.0);
                    let difference = largest_difference(one, other) / scale;
                    assert!(difference < 1e-5, "{geometry:?}, {threads:?}, {index}: {difference}");
                }
            }
        }
    }
}
