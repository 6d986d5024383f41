//! Sizes of a "same"-padded strided convolution.
//!
//! A convolution goes from an *image* (the larger side) to a *map* (the smaller side, one value per stride).
//! A transposed convolution is its adjoint and goes from map to image, so one geometry describes both.

/// Leading padding and output count of TensorFlow's "same" rule along one axis.
///
/// `outputs = ceil(size / stride)`; the total padding is split in halves, with the odd element behind
/// (<https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2>).
pub fn same_padding(size: usize, kernel: usize, stride: usize) -> (usize, usize) {
    let outputs = size.div_ceil(stride);
    let total = (outputs.saturating_sub(1) * stride + kernel).saturating_sub(size);
    (total / 2, outputs)
}

/// Sizes of one convolution; axes are `(bins, frames)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Channels of the image side.
    pub image_channels: usize,
    /// `(bins, frames)` of the image side.
    pub image_size: (usize, usize),
    /// Channels of the map side.
    pub map_channels: usize,
    /// `(bins, frames)` of the map side.
    pub map_size: (usize, usize),
    /// Height and width of the square kernel.
    pub kernel: usize,
    /// Image elements per map element along each axis.
    pub strides: (usize, usize),
    padding: (usize, usize),
}

impl Geometry {
    /// Geometry of a "same"-padded convolution; the map size follows from image size and strides.
    pub fn same(
        image_channels: usize,
        image_size: (usize, usize),
        map_channels: usize,
        kernel: usize,
        strides: (usize, usize),
    ) -> Self {
        let (top, map_bins) = same_padding(image_size.0, kernel, strides.0);
        let (left, map_frames) = same_padding(image_size.1, kernel, strides.1);
        Self {
            image_channels,
            image_size,
            map_channels,
            map_size: (map_bins, map_frames),
            kernel,
            strides,
            padding: (top, left),
        }
    }

    /// Zeros before the first bin and before the first frame.
    pub(crate) const fn padding(&self) -> (usize, usize) {
        self.padding
    }

    /// Kernel elements (taps) per channel pair.
    pub(super) const fn taps(&self) -> usize {
        self.kernel * self.kernel
    }

    /// Elements of one image, all channels.
    pub fn image_len(&self) -> usize {
        self.image_channels * self.image_size.0 * self.image_size.1
    }

    /// Elements of one map, all channels.
    pub fn map_len(&self) -> usize {
        self.map_channels * self.map_pixels()
    }

    /// Positions of one map channel.
    pub fn map_pixels(&self) -> usize {
        self.map_size.0 * self.map_size.1
    }

    /// Elements of one patch: the kernel over all image channels.
    pub fn patch_len(&self) -> usize {
        self.image_channels * self.kernel * self.kernel
    }

    /// Elements of the weights `[map channels, image channels, kernel, kernel]`.
    pub fn weight_len(&self) -> usize {
        self.map_channels * self.patch_len()
    }

    /// Range of map positions along one axis for which kernel element `offset` reads inside the image, not
    /// the padding.
    pub(super) fn inside(
        offset: usize,
        padding: usize,
        stride: usize,
        map: usize,
        image: usize,
    ) -> (usize, usize) {
        let start = padding.saturating_sub(offset).div_ceil(stride).min(map);
        let end = (image + padding).saturating_sub(offset).div_ceil(stride).min(map);
        (start, end.max(start))
    }

    /// Elements of one image channel.
    pub(super) fn plane_len(&self) -> usize {
        self.image_size.0 * self.image_size.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_padding_follows_tensorflow() {
        // (size, kernel, stride) -> (before, outputs)
        assert_eq!(same_padding(256, 3, 2), (0, 128));
        assert_eq!(same_padding(255, 3, 2), (1, 128));
        assert_eq!(same_padding(4, 3, 1), (1, 4));
        assert_eq!(same_padding(1, 3, 2), (1, 1));
        assert_eq!(same_padding(7, 5, 3), (2, 3));
    }
}
