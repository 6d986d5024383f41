//! Convolution by im2col, for few image channels: patches are copied to columns, followed by one matrix
//! product per block of map channels.
//!
//! With `W` the weights `[map channels, patch]` and `C(x)` the patches of image `x` as columns, the map is `W
//! · C(x)`, the image is the adjoint of `C` applied to `Wᵀ · y`, and the weight gradient is `y · C(x)ᵀ`.

use super::{
    channels::{Channels, Target},
    geometry::Geometry,
    gradients::Gradients,
    matrix::{Matrix, MatrixMut, Threads, multiply, multiply_on},
    scratch::with_scratch,
};
use crate::elementwise::{Sums, sum};

/// Map channels per product, few enough to stay in the L2 cache until they are finished.
const MAP_BLOCK: usize = 64;

/// A convolution lowered to im2col products.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns<'a>(pub &'a Geometry);

impl Columns<'_> {
    fn columns_len(self) -> usize {
        self.0.patch_len() * self.0.map_pixels()
    }

    fn columns(self, values: &[f32]) -> Matrix<'_> {
        Matrix::new(values, self.0.patch_len(), self.0.map_pixels())
    }

    /// Weights of `count` map channels from `first` on, `[count, patch]`.
    fn weights(self, weight: &[f32], first: usize, count: usize) -> Matrix<'_> {
        let patch = self.0.patch_len();
        Matrix::new(&weight[first * patch..][..count * patch], count, patch)
    }

    /// Writes the patches of an image to `columns` and calls `inspect` on each of its channels.
    fn write_patches(self, image: Channels<'_>, columns: &mut [f32], mut inspect: impl FnMut(usize, &[f32])) {
        let plane = self.0.plane_len();
        with_scratch(self.0.image_len(), |buffer| {
            let image = image.block(0, self.0.image_channels, plane, buffer);
            image.chunks_exact(plane).enumerate().for_each(|(index, channel)| inspect(index, channel));
            self.0.columns_from_image(image, columns);
        });
    }

    /// Convolution of one sample: image to map.
    pub(super) fn map_from_image<F>(
        self,
        image: Channels<'_>,
        weight: &[f32],
        map: Target<'_, F>,
        threads: Threads,
    ) where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        let pixels = self.0.map_pixels();
        with_scratch(self.columns_len(), |columns| {
            // im2col: [patch, positions]
            self.write_patches(image, columns, |_, _| ());
            let columns = &*columns;
            map.fill(pixels, MAP_BLOCK, threads, |first, map| {
                let count = map.len() / pixels;
                let out = &mut MatrixMut::new(map, count, pixels);
                // [count, patch] x [patch, positions]
                multiply(self.weights(weight, first, count), self.columns(columns), out, false);
            });
        });
    }

    /// Transposed convolution of one sample: map to image, the adjoint of [`Self::map_from_image`].
    pub(super) fn image_from_map<F>(
        self,
        map: Channels<'_>,
        weight: &[f32],
        image: Target<'_, F>,
        threads: Threads,
    ) where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        let (map_channels, pixels) = (self.0.map_channels, self.0.map_pixels());
        with_scratch(self.columns_len(), |columns| {
            let mut add = |first: usize, count: usize, map: &[f32]| {
                let weights = self.weights(weight, first, count).transposed();
                let out = &mut MatrixMut::new(columns, self.0.patch_len(), pixels);
                // [patch, count] x [count, positions]; blocks of map channels add up
                multiply_on(weights, Matrix::new(map, count, pixels), out, first > 0, threads);
            };
            if let Channels::Plain(map) = map {
                add(0, map_channels, map);
            } else {
                with_scratch(MAP_BLOCK * pixels, |buffer| {
                    // Computed channels: one block at a time, so that the buffer stays small.
                    for first in (0..map_channels).step_by(MAP_BLOCK) {
                        let count = MAP_BLOCK.min(map_channels - first);
                        add(first, count, map.block(first, count, pixels, buffer));
                    }
                });
            }
            // col2im: overlapping patches add up.
            self.0.image_from_columns(columns, image.values);
        });
        image.finish(self.0.plane_len());
    }

    /// Backward pass of [`Self::map_from_image`] for one sample.
    pub(super) fn map_gradients<F>(
        self,
        image: Channels<'_>,
        map_gradient: Channels<'_>,
        weight: &[f32],
        gradients: Gradients<'_, F>,
    ) where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        let (pixels, patch) = (self.0.map_pixels(), self.0.patch_len());
        let Gradients { weight: weight_gradient, accumulate, bias, input } = gradients;
        let len = self.columns_len();
        with_scratch(2 * len + MAP_BLOCK * pixels, |scratch| {
            let (columns, rest) = scratch.split_at_mut(len);
            let (input_columns, buffer) = rest.split_at_mut(len);
            // im2col of the input: [patch, positions]
            self.write_patches(image, columns, |_, _| ());
            for first in (0..self.0.map_channels).step_by(MAP_BLOCK) {
                let count = MAP_BLOCK.min(self.0.map_channels - first);
                let map = map_gradient.block(first, count, pixels, buffer);
                // Bias gradient: sums over the positions
                for (bias, channel) in bias[first..].iter_mut().zip(map.chunks_exact(pixels)) {
                    *bias += sum(channel);
                }
                let map = Matrix::new(map, count, pixels);
                let out = &mut weight_gradient[first * patch..][..count * patch];
                let columns = self.columns(columns).transposed();
                // Weight gradient: [count, positions] x [positions, patch]
                multiply(map, columns, &mut MatrixMut::new(out, count, patch), accumulate);
                if input.is_some() {
                    let out = &mut MatrixMut::new(input_columns, patch, pixels);
                    // Patches of the input gradient: [patch, count] x [count, positions]
                    multiply(self.weights(weight, first, count).transposed(), map, out, first > 0);
                }
            }
            if let Some(target) = input {
                self.0.image_from_columns(input_columns, target.values);
                target.finish(self.0.plane_len());
            }
        });
    }

    /// Backward pass of [`Self::image_from_map`] for one sample.
    pub(super) fn image_gradients<F>(
        self,
        map: Channels<'_>,
        image_gradient: Channels<'_>,
        weight: &[f32],
        gradients: Gradients<'_, F>,
    ) where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        let (pixels, patch) = (self.0.map_pixels(), self.0.patch_len());
        let Gradients { weight: weight_gradient, accumulate, bias, input } = gradients;
        let mut targets = input.into_iter().flat_map(|input| input.blocks(pixels, MAP_BLOCK));
        let len = self.columns_len();
        with_scratch(len + MAP_BLOCK * pixels, |scratch| {
            let (columns, buffer) = scratch.split_at_mut(len);
            // im2col of the output's gradient, whose sums are the bias gradient
            self.write_patches(image_gradient, columns, |channel, values| bias[channel] += sum(values));
            for first in (0..self.0.map_channels).step_by(MAP_BLOCK) {
                let count = MAP_BLOCK.min(self.0.map_channels - first);
                let map = Matrix::new(map.block(first, count, pixels, buffer), count, pixels);
                let out = &mut weight_gradient[first * patch..][..count * patch];
                let columns = self.columns(columns);
                // Weight gradient: [count, positions] x [positions, patch]
                multiply(map, columns.transposed(), &mut MatrixMut::new(out, count, patch), accumulate);
                if let Some(target) = targets.next() {
                    let out = &mut MatrixMut::new(target.values, count, pixels);
                    // Input gradient, a convolution: [count, patch] x [patch, positions]
                    multiply(self.weights(weight, first, count), columns, out, false);
                    target.finish(pixels);
                }
            }
        });
    }
}
