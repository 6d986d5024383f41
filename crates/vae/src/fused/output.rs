//! From the decoder's last layer to the image: the linear path, or the sigmoid; the reconstruction error and its
//! gradients.
//!
//! The linear path's weights are the largest of the smaller models. Each block of pixels is finished while its weights
//! are in the cache: image, error and all gradients.

use std::sync::Arc;

use rayon::prelude::*;

use super::{
    dense::Dense,
    network::{LinearPlaces, Network},
};
use crate::{
    conv::matrix::{Matrix, MatrixMut, multiply},
    elementwise::{clamp, clamped_error, sigmoid, sigmoid_error},
    tasks::share,
    workspace::{Buffer, Workspace},
};

/// Pixels per block, rounded to whole rows of the image.
const BLOCK: usize = 1024;

/// What follows the decoder's last layer.
pub(super) struct Output<'a> {
    network: &'a Network,
    /// `[pixels, latent]` and `[pixels]`, if there is a linear path.
    path: Option<Dense<'a>>,
}

/// Operands of the reconstruction error.
#[derive(Clone, Copy)]
pub(super) struct Comparison<'a> {
    /// Output of the decoder's last layer, `[batch, padded bins, padded frames]`.
    pub decoded: &'a [f32],
    /// Latent vectors, `[batch, latent]`.
    pub vectors: &'a [f32],
    /// `[batch, bins, frames]`.
    pub targets: &'a [f32],
    /// Factor of the mean squared error in the loss.
    pub weight: f64,
}

/// The reconstruction error and its gradients.
pub(super) struct Compared {
    /// Mean squared error per pixel.
    pub error: f64,
    /// Gradient of the weighted error by the decoder's output, `[batch, padded bins, padded frames]`.
    pub decoded: Buffer,
    /// Gradient by the latent vectors, as far as it comes through the linear path, `[batch, latent]`.
    pub vectors: Vec<f32>,
}

/// The gradients of one block of pixels.
struct Block<'a> {
    /// `[batch, pixels of the block]`.
    image: &'a mut [f32],
    /// `[batch, latent]`.
    vectors: &'a mut [f32],
    /// Of the path's weight, `[pixels of the block, latent]`, and bias.
    path: Option<(&'a mut [f32], &'a mut [f32])>,
    /// Sum of the squared errors.
    squares: &'a mut f64,
}

impl<'a> Output<'a> {
    pub fn new(network: &'a Network, values: &[&'a [f32]]) -> Self {
        Self { network, path: network.linear.as_ref().map(|linear| linear.decoder.of(values)) }
    }

    /// Pixels per block.
    fn block(&self) -> usize {
        let frames = self.network.image.1;
        ((BLOCK / frames).max(1) * frames).min(self.network.pixels())
    }

    /// Images `[batch, bins, frames]` in 0..1.
    pub fn images(&self, decoded: &[f32], vectors: &[f32], workspace: &Arc<Workspace>) -> Vec<f32> {
        let (pixels, block) = (self.network.pixels(), self.block());
        let batch = decoded.len() / self.network.padded_pixels();
        let mut blocks = workspace.take(batch * pixels);
        share(blocks.par_chunks_mut(batch * block).enumerate(), |(index, image)| {
            self.image(index * block, decoded, vectors, image);
            if self.path.is_some() { clamp(image) } else { sigmoid(image) }
        });
        let mut images = vec![0.0; batch * pixels];
        for (index, values) in blocks.chunks(batch * block).enumerate() {
            let width = values.len() / batch;
            for (image, values) in images.chunks_exact_mut(pixels).zip(values.chunks_exact(width)) {
                image[index * block..][..width].copy_from_slice(values);
            }
        }
        images
    }

    /// The decoder's output at a block of pixels from `first` on, with the linear path's added: `[batch, pixels of
    /// the block]`.
    fn image(&self, first: usize, decoded: &[f32], vectors: &[f32], image: &mut [f32]) {
        let ((_, frames), (_, stride)) = (self.network.image, self.network.padded);
        let padded = self.network.padded_pixels();
        let width = image.len() * padded / decoded.len();
        let bin = first / frames;
        for (image, decoded) in image.chunks_exact_mut(width).zip(decoded.chunks_exact(padded)) {
            let rows = decoded[bin * stride..].chunks(stride);
            for (row, decoded) in image.chunks_exact_mut(frames).zip(rows) {
                row.copy_from_slice(&decoded[..frames]);
            }
        }
        if let Some(path) = &self.path {
            let latent = self.network.latent;
            let batch = image.len() / width;
            for row in image.chunks_exact_mut(width) {
                row.iter_mut().zip(&path.bias[first..]).for_each(|(value, bias)| *value += bias);
            }
            // [batch, latent] x [latent, pixels of the block]
            let weight = Matrix::new(&path.weight[first * latent..][..width * latent], width, latent);
            let out = &mut MatrixMut::new(image, batch, width);
            multiply(Matrix::new(vectors, batch, latent), weight.transposed(), out, true);
        }
    }

    /// Compares the images with `comparison.targets` and writes the linear path's gradients among `gradients`.
    ///
    /// With a linear path, gradients pass straight through the clamping: a pixel clamped to its target has no error
    /// and so no gradient; any other clamped pixel is still pulled back.
    pub fn compare(
        &self,
        comparison: Comparison<'_>,
        gradients: &mut [Buffer],
        workspace: &Arc<Workspace>,
    ) -> Compared {
        let (pixels, latent, block) = (self.network.pixels(), self.network.latent, self.block());
        let batch = comparison.targets.len() / pixels;
        let count = pixels.div_ceil(block);
        let mut images = workspace.take(batch * pixels);
        let mut vectors = vec![0.0; count * batch * latent];
        let mut squares = vec![0.0; count];
        let place = self.network.linear.as_ref().map(|LinearPlaces { decoder, .. }| decoder);
        let paths: Vec<Option<(&mut [f32], &mut [f32])>> = match place {
            Some(place) => {
                let (weight, bias) = place.gradients(gradients);
                weight.chunks_mut(block * latent).zip(bias.chunks_mut(block)).map(Some).collect()
            }
            None => (0..count).map(|_| None).collect(),
        };
        let blocks = images
            .par_chunks_mut(batch * block)
            .zip(vectors.par_chunks_mut(batch * latent))
            .zip(paths.into_par_iter().zip(&mut squares));
        share(blocks.enumerate(), |(index, ((image, vectors), (path, squares)))| {
            let gradients = Block { image, vectors, path, squares };
            self.compare_block(index * block, comparison, gradients);
        });
        let mut decoded = workspace.take(comparison.decoded.len());
        self.spread(&images, &mut decoded);
        // Sums over the blocks, in their order
        let mut total = vec![0.0; batch * latent];
        for part in vectors.chunks_exact((batch * latent).max(1)) {
            total.iter_mut().zip(part).for_each(|(total, value)| *total += value);
        }
        let error = squares.iter().sum::<f64>() / (batch * pixels).max(1) as f64;
        Compared { error, decoded, vectors: total }
    }

    fn compare_block(&self, first: usize, comparison: Comparison<'_>, gradients: Block<'_>) {
        let Comparison { decoded, vectors, targets, weight } = comparison;
        let (pixels, latent) = (self.network.pixels(), self.network.latent);
        let Block { image, vectors: vector_gradient, path, squares } = gradients;
        let batch = targets.len() / pixels;
        let width = image.len() / batch;
        self.image(first, decoded, vectors, image);
        // The derivative of the mean of squares, times the weight
        let factor = (2.0 * weight / (batch * pixels) as f64) as f32;
        let to_gradient = if self.path.is_some() { clamped_error } else { sigmoid_error };
        for (image, targets) in image.chunks_exact_mut(width).zip(targets.chunks_exact(pixels)) {
            *squares += to_gradient(image, &targets[first..][..width], factor);
        }
        let (Some(layer), Some((weight_gradient, bias_gradient))) = (&self.path, path) else { return };
        let gradient = Matrix::new(image, batch, width);
        gradient.sum_rows(bias_gradient);
        // [pixels, batch] x [batch, latent]
        let out = &mut MatrixMut::new(weight_gradient, width, latent);
        multiply(gradient.transposed(), Matrix::new(vectors, batch, latent), out, false);
        // [batch, pixels] x [pixels, latent]
        let weight = Matrix::new(&layer.weight[first * latent..][..width * latent], width, latent);
        multiply(gradient, weight, &mut MatrixMut::new(vector_gradient, batch, latent), false);
    }

    /// Copies blocks `[blocks, batch, pixels]` to the decoder's inner size, with zeros in the padding.
    fn spread(&self, blocks: &[f32], out: &mut [f32]) {
        let ((bins, frames), (_, stride)) = (self.network.image, self.network.padded);
        let block = self.block();
        let batch = blocks.len() / self.network.pixels();
        let padded = out.par_chunks_mut(self.network.padded_pixels());
        share(padded.enumerate(), |(sample, out)| {
            let (inside, behind) = out.split_at_mut(bins * stride);
            for (index, rows) in inside.chunks_mut(block / frames * stride).enumerate() {
                let width = rows.len() / stride * frames;
                let values = &blocks[index * batch * block + sample * width..][..width];
                for (row, values) in rows.chunks_exact_mut(stride).zip(values.chunks_exact(frames)) {
                    let (own, gap) = row.split_at_mut(frames);
                    own.copy_from_slice(values);
                    gap.fill(0.0);
                }
            }
            behind.fill(0.0);
        });
    }
}
