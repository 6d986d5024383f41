//! Same-padded strided convolution and transposed convolution on slices, forward and backward.
//!
//! candle's convolution has one stride for both axes, symmetric padding only, and a slow backward pass on the
//! CPU. Here everything is a matrix product: `lowering` cuts one sample into products, `patches` arranges their
//! operands, `batch` runs a batch, and `channels` fuses elementwise operations into reading and writing. Weights are
//! `[map channels, image channels, kernel, kernel]`:
//! `[out, in, ..]` for a convolution, `[in, out, ..]` for a transposed one, as in PyTorch.

mod axis;
pub(super) mod batch;
pub(super) mod channels;
pub mod geometry;
mod gradients;
mod lowering;
pub(crate) mod matrix;
mod patches;
mod scratch;
mod split;

use self::geometry::Geometry;

/// Direction of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From image to map: a convolution.
    Down,
    /// From map to image: a transposed convolution.
    Up,
}

impl Direction {
    /// The direction of the gradient.
    fn reversed(self) -> Self {
        match self {
            Self::Down => Self::Up,
            Self::Up => Self::Down,
        }
    }
}

/// One convolutional layer: sizes and direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// Sizes of both sides and of the kernel.
    pub geometry: Geometry,
    /// Convolution or transposed convolution.
    pub direction: Direction,
}

impl Convolution {
    /// `(channels, bins, frames)` of the input.
    pub fn input_shape(&self) -> (usize, usize, usize) {
        self.shape_of(self.direction == Direction::Down)
    }

    /// `(channels, bins, frames)` of the output.
    pub fn output_shape(&self) -> (usize, usize, usize) {
        self.shape_of(self.direction == Direction::Up)
    }

    fn shape_of(&self, image: bool) -> (usize, usize, usize) {
        let geometry = &self.geometry;
        if image {
            (geometry.image_channels, geometry.image_size.0, geometry.image_size.1)
        } else {
            (geometry.map_channels, geometry.map_size.0, geometry.map_size.1)
        }
    }

    /// Shape of the weights, `[map channels, image channels, kernel, kernel]` in both directions.
    pub fn weight_shape(&self) -> [usize; 4] {
        let geometry = &self.geometry;
        [geometry.map_channels, geometry.image_channels, geometry.kernel, geometry.kernel]
    }

    /// Multiplications and additions of one forward pass on one sample.
    pub fn flops(&self) -> f64 {
        2.0 * self.geometry.weight_len() as f64 * self.geometry.map_pixels() as f64
    }
}
