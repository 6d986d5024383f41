//! A convolution as matrix products, one sample at a time.
//!
//! With `W` the weights `[map channels, patch]` and `C(x)` the patches of image `x` as columns, the map is `W · C(x)`, the
//! image is the adjoint of `C` applied to `Wᵀ · y`, and the weight gradient is `y · C(x)ᵀ`. The columns are never whole in
//! memory: they are made and used in blocks of some image channels and some rows of the map, as large as the cache holds.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    Direction,
    channels::{Channels, Target},
    geometry::Geometry,
    gradients::Gradients,
    matrix::{Matrix, MatrixMut, multiply},
    patches::{Block, Patches},
    scratch::with_scratch,
    split::Split,
};
use crate::{
    elementwise::{Sums, sum},
    tasks::share,
};

/// Elements of a block of columns, and of the map beside it: both stay in the cache of a core.
const CACHED: usize = 1 << 17;
/// Most and fewest positions of a block that is not the whole map.
const MOST_POSITIONS: usize = 1024;
const FEWEST_POSITIONS: usize = 128;

/// Sizes of the blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tiles {
    /// Rows of the map.
    bins: usize,
    /// Image channels.
    channels: usize,
}

impl Tiles {
    fn of(geometry: &Geometry) -> Self {
        let (map_bins, map_frames) = geometry.map_size;
        let wanted = (CACHED / geometry.map_channels).clamp(FEWEST_POSITIONS, MOST_POSITIONS);
        let bins = evenly(map_bins, (wanted / map_frames).max(1));
        let channels = CACHED / (geometry.taps() * bins * map_frames);
        Self { bins, channels: evenly(geometry.image_channels, channels.max(1)) }
    }
}

/// The size of equal parts of `count`, at most `most` each.
fn evenly(count: usize, most: usize) -> usize {
    count.div_ceil(count.div_ceil(most.min(count))).max(1)
}

/// A convolution in blocks.
pub(super) struct Lowering<'a> {
    geometry: &'a Geometry,
    patches: Patches<'a>,
    tiles: Tiles,
}

impl<'a> Lowering<'a> {
    pub fn of(geometry: &'a Geometry) -> Self {
        Self::with_tiles(geometry, Tiles::of(geometry))
    }

    fn with_tiles(geometry: &'a Geometry, tiles: Tiles) -> Self {
        Self { geometry, patches: Patches::new(geometry), tiles }
    }

    /// How the channels of a sample that is convolved in this direction can be parted.
    pub fn split_of(&self, direction: Direction) -> Split {
        let Geometry { image_channels, map_channels, .. } = *self.geometry;
        let positions = self.strips().map(|bins| self.positions(&bins).len()).min().unwrap_or_default();
        let taps = self.geometry.taps();
        match direction {
            // [map channels, patch] x [patch, positions]
            Direction::Down => Split {
                channels: map_channels,
                tile: map_channels,
                fewest: Split::fewest(1, positions, self.tiles.channels * taps),
            },
            // [patch, map channels] x [map channels, positions]
            Direction::Up => Split {
                channels: image_channels,
                tile: self.tiles.channels.min(image_channels),
                fewest: Split::fewest(taps, positions, map_channels),
            },
        }
    }

    /// How the image channels can be parted for the gradient of the weights.
    pub fn split_of_weights(&self) -> Split {
        let Geometry { image_channels, map_channels, .. } = *self.geometry;
        let positions = self.strips().map(|bins| self.positions(&bins).len()).max().unwrap_or_default();
        // [patch, positions] x [positions, map channels]
        let fewest = Split::fewest(self.geometry.taps(), map_channels, positions);
        Split { channels: image_channels, tile: self.tiles.channels.min(image_channels), fewest }
    }

    /// Rows of the map, strip by strip.
    fn strips(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        ranges(0..self.geometry.map_size.0, self.tiles.bins)
    }

    /// Positions of some rows of the map.
    fn positions(&self, bins: &Range<usize>) -> Range<usize> {
        let frames = self.geometry.map_size.1;
        bins.start * frames..bins.end * frames
    }

    /// Elements of the largest block of columns of `channels` image channels.
    fn columns_len(&self, channels: usize) -> usize {
        let positions = self.tiles.bins * self.geometry.map_size.1;
        channels.min(self.geometry.image_channels) * self.geometry.taps() * row_stride(positions)
    }

    /// Weights of some map channels for the patches of some image channels, `[map channels, rows of the block]`.
    fn weights<'d>(&self, weight: &'d [f32], map: &Range<usize>, image: &Range<usize>) -> Matrix<'d> {
        let (patch, taps) = (self.geometry.patch_len(), self.geometry.taps());
        let start = map.start * patch + image.start * taps;
        Matrix::strided(&weight[start..], map.len(), image.len() * taps, patch)
    }

    /// Elements of a buffer for [`Self::map_strip`].
    fn strip_len(&self) -> usize {
        self.geometry.map_channels * row_stride(self.tiles.bins * self.geometry.map_size.1)
    }

    /// A map at some positions, `[map channels, positions]`; computed into `buffer` unless it is stored.
    fn map_strip<'b>(
        &self,
        map: Channels<'b>,
        positions: &Range<usize>,
        buffer: &'b mut [f32],
    ) -> Matrix<'b> {
        let (channels, pixels) = (self.geometry.map_channels, self.geometry.map_pixels());
        if let Channels::Plain(values) = map {
            return Matrix::strided(&values[positions.start..], channels, positions.len(), pixels);
        }
        let stride = row_stride(positions.len());
        for (channel, row) in buffer.chunks_mut(stride).take(channels).enumerate() {
            map.compute(channel, pixels, positions.clone(), &mut row[..positions.len()]);
        }
        Matrix::strided(buffer, channels, positions.len(), stride)
    }

    /// Convolution of one sample: image to map. `weight` is `[map channels, image channels, kernel, kernel]`.
    pub fn map_from_image<F>(&self, image: Channels<'_>, weight: &[f32], mut map: Target<'_, F>)
    where
        F: Fn(usize, usize, &mut [f32]) -> Sums,
    {
        let pixels = self.geometry.map_pixels();
        map.sums.fill((0.0, 0.0));
        let own = map.first..map.first + map.sums.len();
        with_scratch(self.columns_len(self.tiles.channels), |columns| {
            for bins in self.strips() {
                let positions = self.positions(&bins);
                let stride = row_stride(positions.len());
                for channels in ranges(0..self.geometry.image_channels, self.tiles.channels) {
                    let accumulate = channels.start > 0;
                    let weights = self.weights(weight, &own, &channels);
                    let block = Block { channels, bins: bins.clone() };
                    self.patches.write(image, &block, columns, stride, |_, _| ());
                    let rows = self.patches.rows(&block);
                    let columns = Matrix::strided(columns, rows, positions.len(), stride);
                    let values = &mut map.values[positions.start..];
                    let out = &mut MatrixMut::strided(values, own.len(), positions.len(), pixels);
                    // [map channels, patch] x [patch, positions]
                    multiply(weights, columns, out, accumulate);
                }
                map.finish(pixels, positions);
            }
        });
    }

    /// Transposed convolution of one sample: map to image, the adjoint of [`Self::map_from_image`].
    pub fn image_from_map<F>(&self, map: Channels<'_>, weight: &[f32], image: Target<'_, F>)
    where
        F: Fn(usize, usize, &mut [f32]) -> Sums,
    {
        let plane = self.geometry.plane_len();
        let count = self.tiles.channels.min(image.sums.len()).max(1);
        image.for_each_block(plane, count, |mut image| {
            image.sums.fill((0.0, 0.0));
            let mut written = 0;
            with_scratch(self.columns_len(count) + self.strip_len(), |scratch| {
                let (columns, buffer) = scratch.split_at_mut(self.columns_len(count));
                for bins in self.strips() {
                    let positions = self.positions(&bins);
                    let block = Block { channels: image.first..image.first + image.sums.len(), bins };
                    let map = self.map_strip(map, &positions, buffer);
                    self.add_image(map, weight, &block, columns, &mut written, image.values);
                }
            });
            image.finish(plane, 0..plane);
        });
    }

    /// Adds the image of a strip of the map to the channels of a block.
    fn add_image(
        &self,
        map: Matrix<'_>,
        weight: &[f32],
        block: &Block,
        columns: &mut [f32],
        written: &mut usize,
        image: &mut [f32],
    ) {
        let (rows, positions) = (self.patches.rows(block), self.patches.positions(block));
        let stride = row_stride(positions);
        let weights = self.weights(weight, &(0..self.geometry.map_channels), &block.channels);
        let out = &mut MatrixMut::strided(columns, rows, positions, stride);
        // [patch, map channels] x [map channels, positions]
        multiply(weights.transposed(), map, out, false);
        *written = self.patches.add_back(block, columns, stride, *written, image);
    }

    /// Adds to the weight gradient of a block, the part of the `[patch, map channels]` from image channel `first` on, from a
    /// strip of the map (or its gradient) and the columns of the image's gradient (or of the image).
    fn add_weight_gradient(
        &self,
        map: Matrix<'_>,
        columns: &[f32],
        block: &Block,
        accumulate: bool,
        (weight, first): (&mut [f32], usize),
    ) {
        let (rows, positions) = (self.patches.rows(block), self.patches.positions(block));
        let (channels, taps) = (self.geometry.map_channels, self.geometry.taps());
        let own = &mut weight[(block.channels.start - first) * taps * channels..][..rows * channels];
        let columns = Matrix::strided(columns, rows, positions, row_stride(positions));
        // [patch, positions] x [positions, map channels]: the smaller operand is the one that gemm rearranges.
        multiply(columns, map.transposed(), &mut MatrixMut::new(own, rows, channels), accumulate);
    }

    /// Backward pass of [`Self::map_from_image`] for one sample.
    pub fn map_gradients<F>(
        &self,
        image: Channels<'_>,
        map_gradient: Channels<'_>,
        weight: &[f32],
        gradients: Gradients<'_, F>,
    ) where
        F: Fn(usize, usize, &mut [f32]) -> Sums,
    {
        let plane = self.geometry.plane_len();
        let Gradients { weight: weight_gradient, channels: wanted, accumulate, bias, mut input } = gradients;
        if let Some(input) = &mut input {
            input.sums.fill((0.0, 0.0));
        }
        let len = self.columns_len(self.tiles.channels);
        with_scratch(len + self.strip_len(), |scratch| {
            let (columns, buffer) = scratch.split_at_mut(len);
            let mut written = 0;
            for bins in self.strips() {
                let positions = self.positions(&bins);
                let map = self.map_strip(map_gradient, &positions, buffer);
                // Bias gradient: sums over the positions
                if wanted.start == 0 {
                    bias.iter_mut().zip(map.rows()).for_each(|(bias, row)| *bias += sum(row));
                }
                let before = written;
                for channels in ranges(wanted.clone(), self.tiles.channels) {
                    let block = Block { channels: channels.clone(), bins: bins.clone() };
                    self.patches.write(image, &block, columns, row_stride(positions.len()), |_, _| ());
                    let add = accumulate || bins.start > 0;
                    self.add_weight_gradient(map, columns, &block, add, (weight_gradient, wanted.start));
                    if let Some(input) = &mut input {
                        let own = &mut input.values[channels.start * plane..channels.end * plane];
                        written = before;
                        self.add_image(map, weight, &block, columns, &mut written, own);
                    }
                }
            }
        });
        if let Some(mut input) = input {
            input.finish(plane, 0..plane);
        }
    }

    /// Backward pass of [`Self::image_from_map`] for one sample.
    pub fn image_gradients<F>(
        &self,
        map: Channels<'_>,
        image_gradient: Channels<'_>,
        weight: &[f32],
        gradients: Gradients<'_, F>,
    ) where
        F: Fn(usize, usize, &mut [f32]) -> Sums,
    {
        let (map_channels, pixels) = (self.geometry.map_channels, self.geometry.map_pixels());
        let Gradients { weight: weight_gradient, channels: wanted, accumulate, bias, mut input } = gradients;
        if let Some(input) = &mut input {
            input.sums.fill((0.0, 0.0));
        }
        let len = self.columns_len(self.tiles.channels);
        with_scratch(len + self.strip_len(), |scratch| {
            let (columns, buffer) = scratch.split_at_mut(len);
            for bins in self.strips() {
                let positions = self.positions(&bins);
                let stride = row_stride(positions.len());
                let map = self.map_strip(map, &positions, buffer);
                for channels in ranges(wanted.clone(), self.tiles.channels) {
                    let block = Block { channels: channels.clone(), bins: bins.clone() };
                    // Here the output is the image, so its sums are the bias gradient.
                    self.patches.write(image_gradient, &block, columns, stride, |channel, rows| {
                        bias[channel - wanted.start] += sum(rows);
                    });
                    let add = accumulate || bins.start > 0;
                    self.add_weight_gradient(map, columns, &block, add, (weight_gradient, wanted.start));
                    if let Some(input) = &mut input {
                        let weights = self.weights(weight, &(0..map_channels), &channels);
                        let rows = self.patches.rows(&block);
                        let columns = Matrix::strided(columns, rows, positions.len(), stride);
                        let values = &mut input.values[positions.start..];
                        let out = &mut MatrixMut::strided(values, map_channels, positions.len(), pixels);
                        // Input gradient, a convolution: [map channels, patch] x [patch, positions]
                        multiply(weights, columns, out, channels.start > 0);
                    }
                }
                if let Some(input) = &mut input {
                    input.finish(pixels, positions);
                }
            }
        });
    }

    /// Sums partial weight gradients `[parts, patch, map channels]`, in their order, and writes them as `[map channels,
    /// patch]`.
    pub fn summed(&self, parts: &mut [f32], out: &mut [f32]) {
        let (channels, patch) = (self.geometry.map_channels, self.geometry.patch_len());
        let (sum, others) = parts.split_at_mut(out.len());
        share(sum.par_chunks_mut(channels).enumerate(), |(row, sum)| {
            for part in others.chunks_exact(channels * patch) {
                let part = &part[row * channels..][..channels];
                sum.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
            }
        });
        let sum = &*sum;
        share(out.par_chunks_mut(patch).enumerate(), |(channel, out)| {
            let column = sum.iter().skip(channel).step_by(channels);
            out.iter_mut().zip(column).for_each(|(out, value)| *out = *value);
        });
    }
}

/// `all` in parts of `size`.
fn ranges(all: Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> + use<> {
    let end = all.end;
    all.step_by(size).map(move |start| start..end.min(start + size))
}

/// Elements from one row of a block to the next: whole cache lines, and no power of two, at which rows would push each
/// other out of the cache.
fn row_stride(len: usize) -> usize {
    len.next_multiple_of(16) + 16
}

#[cfg(test)]
mod tests {
    use super::{super::scratch::spoil, *};
    use timbrespace_base::differences::{largest, largest_difference};

    /// Deterministic values without a pattern that could hide a shift.
    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|index| ((index * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0).collect()
    }

    /// Results of both directions, computed for `count` channels at a time: map, image, and their gradients (weights twice over,
    /// biases, input).
    fn run(lowering: &Lowering<'_>, geometry: &Geometry, count: usize) -> Vec<Vec<f32>> {
        let image = values(geometry.image_len(), 1);
        let map = values(geometry.map_len(), 2);
        let weights = values(geometry.weight_len(), 3);
        let affine: Vec<(f32, f32)> =
            (0..image.len()).map(|index| (1.5 - index as f32, index as f32)).collect();
        let image = Channels::Affine { values: &image, affine: &affine };
        let map = Channels::Affine { values: &map, affine: &affine };
        let finish = |channel: usize, offset: usize, values: &mut [f32]| {
            let (mut first, mut second) = (0.0, 0.0);
            for (index, value) in values.iter_mut().enumerate() {
                *value += channel as f32;
                first += f64::from(*value);
                second += f64::from(*value) * (offset + index) as f64;
            }
            (first, second)
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
            target.for_each_block(outputs.0 / outputs.1, count, |target| {
                if to_map {
                    lowering.map_from_image(image, &weights, target);
                } else {
                    lowering.image_from_map(map, &weights, target);
                }
            });
            all.push(out);
            all.push(sums.iter().flat_map(|sums| [sums.0 as f32, sums.1 as f32]).collect());
            let mut weight = vec![f32::NAN; weights.len()];
            let mut bias = vec![0.0; outputs.1];
            for accumulate in [false, true] {
                spoil(1 << 16);
                let (mut out, mut sums) = (vec![f32::NAN; inputs.0], vec![(f64::NAN, f64::NAN); inputs.1]);
                let input = Target { first: 0, values: &mut out, sums: &mut sums, finish: &finish };
                let (channels, input) = (0..geometry.image_channels, Some(input));
                let gradients =
                    Gradients { weight: &mut weight, channels, accumulate, bias: &mut bias, input };
                if to_map {
                    lowering.map_gradients(image, map, &weights, gradients);
                } else {
                    lowering.image_gradients(map, image, &weights, gradients);
                }
                all.push(out);
            }
            let mut restored = vec![f32::NAN; weight.len()];
            lowering.summed(&mut [weight.clone(), weight].concat(), &mut restored);
            all.push(restored);
            all.push(bias.iter().map(|bias| *bias as f32).collect());
        }
        all
    }

    #[test]
    fn blocks_of_any_size_give_what_one_gives() {
        /// As many channels at a time as there are.
        const MOST: usize = 1 << 10;
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
            ((32, 64), 3, 5, 3, (2, 2)),
        ] {
            let geometry = Geometry::same(image_channels, size, map_channels, kernel, strides);
            let whole = Tiles { bins: geometry.map_size.0, channels: image_channels };
            let expected = run(&Lowering::with_tiles(&geometry, whole), &geometry, MOST);
            let tiles = [
                (whole, 1),
                (Tiles { bins: 1, ..whole }, MOST),
                (Tiles { bins: 2, channels: 1 }, MOST),
                (Tiles { bins: 3, channels: 2 }, 2),
                (Tiles::of(&geometry), MOST),
            ];
            for (tiles, count) in tiles {
                let found = run(&Lowering::with_tiles(&geometry, tiles), &geometry, count);
                for (index, (one, other)) in expected.iter().zip(&found).enumerate() {
                    let scale = largest(one.iter().map(|value| value.abs())).max(1.0);
                    let difference = largest_difference(one, other) / scale;
                    assert!(difference < 1e-5, "{geometry:?}, {tiles:?}, {index}: {difference}");
                }
            }
        }
    }

    #[test]
    fn blocks_fit_the_cache_and_are_of_even_size() {
        let tiles = |image_channels, size, map_channels, strides| {
            Tiles::of(&Geometry::same(image_channels, size, map_channels, 3, strides))
        };
        // Small maps are one strip, with as many channels as fit.
        assert_eq!(tiles(128, (16, 4), 128, (2, 1)), Tiles { bins: 8, channels: 128 });
        assert_eq!(tiles(512, (128, 32), 256, (2, 2)), Tiles { bins: 32, channels: 27 });
        assert_eq!(tiles(1, (256, 64), 512, (2, 2)), Tiles { bins: 8, channels: 1 });
        assert_eq!((evenly(10, 4), evenly(1, 9), evenly(16, 16), evenly(17, 16)), (4, 1, 16, 9));
    }
}
