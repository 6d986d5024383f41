//! Sizes of a "same"-padded strided convolution; im2col and col2im.
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
    fn inside(offset: usize, padding: usize, stride: usize, map: usize, image: usize) -> (usize, usize) {
        let start = padding.saturating_sub(offset).div_ceil(stride).min(map);
        let end = (image + padding).saturating_sub(offset).div_ceil(stride).min(map);
        (start, end.max(start))
    }

    /// im2col: writes the patch of each map position as a column of `columns`, `[patch_len, map_pixels]`.
    pub(super) fn columns_from_image(&self, image: &[f32], columns: &mut [f32]) {
        let (map_bins, map_frames) = self.map_size;
        self.for_each_row(|plane, ky, kx, row| {
            let image = &image[plane * self.plane_len()..][..self.plane_len()];
            let row = &mut columns[row * map_bins * map_frames..][..map_bins * map_frames];
            let (bin_start, bin_end) =
                Self::inside(ky, self.padding.0, self.strides.0, map_bins, self.image_size.0);
            let (start, end) =
                Self::inside(kx, self.padding.1, self.strides.1, map_frames, self.image_size.1);
            // Zeros where this kernel element reads padding above, below, left or right of the image.
            row[..bin_start * map_frames].fill(0.0);
            row[bin_end * map_frames..].fill(0.0);
            // The positions that read the image: every stride-th element of an image row
            for (bin, line) in
                (bin_start..bin_end).zip(row[bin_start * map_frames..].chunks_exact_mut(map_frames))
            {
                line[..start].fill(0.0);
                line[end..].fill(0.0);
                if start < end {
                    let source = &image[self.offset(bin, ky, start, kx)..];
                    gather(source, self.strides.1, &mut line[start..end]);
                }
            }
        });
    }

    /// col2im, the adjoint of [`Self::columns_from_image`]: adds each column to its patch of `image`.
    pub(super) fn image_from_columns(&self, columns: &[f32], image: &mut [f32]) {
        let (map_bins, map_frames) = self.map_size;
        image.fill(0.0);
        self.for_each_row(|plane, ky, kx, row| {
            let image = &mut image[plane * self.plane_len()..][..self.plane_len()];
            let row = &columns[row * map_bins * map_frames..][..map_bins * map_frames];
            let (bin_start, bin_end) =
                Self::inside(ky, self.padding.0, self.strides.0, map_bins, self.image_size.0);
            let (start, end) =
                Self::inside(kx, self.padding.1, self.strides.1, map_frames, self.image_size.1);
            if start == end {
                return;
            }
            // Patches overlap, so elements add up.
            for (bin, line) in
                (bin_start..bin_end).zip(row[bin_start * map_frames..].chunks_exact(map_frames))
            {
                let target = &mut image[self.offset(bin, ky, start, kx)..];
                scatter_add(&line[start..end], self.strides.1, target);
            }
        });
    }

    /// Elements of one image channel.
    pub(super) fn plane_len(&self) -> usize {
        self.image_size.0 * self.image_size.1
    }

    /// Index within an image channel of kernel element `(ky, kx)` at map position `(bin, frame)`.
    fn offset(&self, bin: usize, ky: usize, frame: usize, kx: usize) -> usize {
        (bin * self.strides.0 + ky - self.padding.0) * self.image_size.1 + frame * self.strides.1 + kx
            - self.padding.1
    }

    fn for_each_row(&self, mut visit: impl FnMut(usize, usize, usize, usize)) {
        // Rows of the columns are ordered [image channels, ky, kx].
        let taps = self.kernel * self.kernel;
        for row in 0..self.patch_len() {
            let tap = row % taps;
            visit(row / taps, tap / self.kernel, tap % self.kernel, row);
        }
    }
}

/// Copies every `stride`-th element of `source` to `out`. The common strides 1 and 2 vectorise.
#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
pub(super) fn gather(source: &[f32], stride: usize, out: &mut [f32]) {
    match stride {
        1 => out.copy_from_slice(&source[..out.len()]),
        2 => {
            // The image may end after the first element of the last pair, so that one is read separately.
            if let Some((last, out)) = out.split_last_mut() {
                *last = source[2 * out.len()];
                for (value, pair) in out.iter_mut().zip(source.chunks_exact(2)) {
                    *value = pair[0];
                }
            }
        }
        _ => {
            for (value, source) in out.iter_mut().zip(source.iter().step_by(stride)) {
                *value = *source;
            }
        }
    }
}

/// Writes `values` to every `stride`-th element of `target`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
pub(super) fn scatter(values: &[f32], stride: usize, target: &mut [f32]) {
    match stride {
        1 => target[..values.len()].copy_from_slice(values),
        2 => {
            if let Some((last, values)) = values.split_last() {
                target[2 * values.len()] = *last;
                for (pair, value) in target.chunks_exact_mut(2).zip(values) {
                    pair[0] = *value;
                }
            }
        }
        _ => {
            for (target, value) in target.iter_mut().step_by(stride).zip(values) {
                *target = *value;
            }
        }
    }
}

/// Adds `values` to every `stride`-th element of `target`.
fn scatter_add(values: &[f32], stride: usize, target: &mut [f32]) {
    match stride {
        1 => {
            for (target, value) in target.iter_mut().zip(values) {
                *target += value;
            }
        }
        2 => {
            if let Some((last, values)) = values.split_last() {
                target[2 * values.len()] += last;
                for (pair, value) in target.chunks_exact_mut(2).zip(values) {
                    pair[0] += value;
                }
            }
        }
        _ => {
            for (target, value) in target.iter_mut().step_by(stride).zip(values) {
                *target += value;
            }
        }
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

    #[test]
    fn patches_hold_the_elements_around_each_position() {
        let geometry = Geometry::same(1, (2, 3), 1, 3, (1, 2));
        assert_eq!(geometry.map_size, (2, 2));
        let image = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut columns = vec![f32::NAN; 9 * 4];
        geometry.columns_from_image(&image, &mut columns);
        // The centre tap sees the positions themselves, the first tap what lies above and to the left.
        assert_eq!(columns[4 * 4..5 * 4], [1.0, 3.0, 4.0, 6.0]);
        assert_eq!(columns[..4], [0.0, 0.0, 0.0, 2.0]);
        assert_eq!(columns[8 * 4..], [5.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn the_two_rearrangements_are_adjoint() {
        for (size, kernel, strides) in [
            ((5, 7), 3, (2, 2)),
            ((4, 6), 3, (2, 1)),
            ((9, 2), 5, (3, 1)),
            ((1, 1), 3, (2, 2)),
            ((6, 5), 1, (2, 2)),
            ((3, 8), 3, (1, 4)),
        ] {
            let geometry = Geometry::same(2, size, 1, kernel, strides);
            let value = |i: usize| ((i * 37 % 23) as f32 - 11.0) / 7.0;
            let image: Vec<f32> = (0..geometry.image_len()).map(value).collect();
            let other: Vec<f32> =
                (0..geometry.patch_len() * geometry.map_pixels()).map(|i| value(i + 5)).collect();
            let mut columns = vec![0.0; other.len()];
            let mut back = vec![0.0; image.len()];
            geometry.columns_from_image(&image, &mut columns);
            geometry.image_from_columns(&other, &mut back);
            let dot = |a: &[f32], b: &[f32]| -> f64 {
                a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
            };
            let (left, right) = (dot(&columns, &other), dot(&image, &back));
            assert!((left - right).abs() < 1e-4, "{size:?} {strides:?}: {left} {right}");
        }
    }
}
