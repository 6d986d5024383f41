//! Convolution of many channels as one matrix product per kernel element, without im2col.
//!
//! With strides `s`, the image is split into its `s.0 · s.1` *phases*, each holding every `s`-th element. For
//! one kernel element (*tap*), all map positions read one phase at a constant shift, and that view is already
//! a matrix in memory. So a convolution is one matrix product per tap on `[channels, positions]` views, and
//! the nine-fold copies of the image that [`super::columns`] makes (over half of the memory traffic of a
//! step) are not needed.
//!
//! Positions are counted on a *grid* whose rows are as long as those of a phase, so that a shift is an
//! offset. Each grid row ends in a gap behind the map's own frames; the gaps are skipped when the map is
//! copied from the grid.

use multiversion::multiversion;
use rayon::prelude::*;

use super::{
    channels::{Channels, Target, block},
    geometry::{Geometry, gather, scatter},
    gradients::Gradients,
    matrix::{Matrix, MatrixMut, Threads, multiply},
    scratch::with_scratch,
};
use crate::elementwise::{Sums, sum};

/// Image channels per block: few enough that their phases stay in the cache, many enough that the map is not
/// packed too often for the products.
const IMAGE_BLOCK: usize = 256;

/// Layout of the phases along one axis.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Axis {
    /// Image elements along the axis; `stride` is the number of phases.
    size: usize,
    stride: usize,
    /// Zeros before a phase's first element; `len` counts the padding on both sides.
    lead: usize,
    len: usize,
    /// For each tap along the axis: the phase it reads, and its offset within that phase.
    taps: Vec<(usize, usize)>,
}

impl Axis {
    fn new(size: usize, map: usize, kernel: usize, stride: usize, padding: usize) -> Self {
        // The first position of tap t is image element t − padding: Euclidean division by the stride gives
        // its shift within a phase, the remainder gives the phase.
        let first_element = |tap: usize| tap as isize - padding as isize;
        let shift = |tap: usize| first_element(tap).div_euclid(stride as isize);
        // Offsets are relative to the smallest shift, because `lead` zeros precede each phase.
        let (least, most) = (shift(0), shift(kernel - 1));
        let taps = (0..kernel)
            .map(|tap| {
                (first_element(tap).rem_euclid(stride as isize) as usize, (shift(tap) - least) as usize)
            })
            .collect();
        Self { size, stride, lead: least.unsigned_abs(), len: map + (most - least) as usize, taps }
    }

    /// Range of a phase's positions that hold image elements; the rest is padding.
    fn filled(&self, phase: usize) -> (usize, usize) {
        let count = self.size.saturating_sub(phase).div_ceil(self.stride);
        (self.lead, (self.lead + count).min(self.len))
    }
}

/// A convolution lowered to products on phases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phases<'a> {
    geometry: &'a Geometry,
    bins: Axis,
    frames: Axis,
}

impl<'a> Phases<'a> {
    pub(super) fn new(geometry: &'a Geometry) -> Self {
        let Geometry { image_size, map_size, kernel, strides, .. } = *geometry;
        let (top, left) = geometry.padding();
        Self {
            geometry,
            bins: Axis::new(image_size.0, map_size.0, kernel, strides.0, top),
            frames: Axis::new(image_size.1, map_size.1, kernel, strides.1, left),
        }
    }

    /// Kernel elements per channel pair.
    pub(super) fn taps(&self) -> usize {
        self.geometry.taps()
    }

    /// Positions of one phase of one channel, padding included.
    fn plane_len(&self) -> usize {
        self.bins.len * self.frames.len
    }

    /// Elements of all phases of one channel.
    fn channel_len(&self) -> usize {
        self.bins.stride * self.frames.stride * self.plane_len()
    }

    /// Grid positions up to the map's last one; the last row has no gap.
    fn grid_len(&self) -> usize {
        (self.geometry.map_size.0 - 1) * self.frames.len + self.geometry.map_size.1
    }

    /// Offset within a channel's phases of the first element that `tap` reads.
    fn tap_start(&self, tap: usize) -> usize {
        let (bin_phase, bin) = self.bins.taps[tap / self.geometry.kernel];
        let (frame_phase, frame) = self.frames.taps[tap % self.geometry.kernel];
        // Phases are ordered [bin phases, frame phases]; each holds [bins, frames] with padding.
        (bin_phase * self.frames.stride + frame_phase) * self.plane_len() + bin * self.frames.len + frame
    }

    /// The positions that `tap` reads: a `[channels, grid]` view of the phases.
    fn tap_view<'d>(&self, planes: &'d [f32], tap: usize) -> Matrix<'d> {
        // Consecutive rows of the view belong to consecutive channels.
        let channels = planes.len() / self.channel_len();
        Matrix::strided(&planes[self.tap_start(tap)..], channels, self.grid_len(), self.channel_len())
    }

    /// Mutable [`Self::tap_view`].
    fn tap_view_mut<'d>(&self, planes: &'d mut [f32], tap: usize) -> MatrixMut<'d> {
        let channels = planes.len() / self.channel_len();
        MatrixMut::strided(&mut planes[self.tap_start(tap)..], channels, self.grid_len(), self.channel_len())
    }

    /// Weights of `tap` between all map channels and image channels `first..first + count`: `[map channels,
    /// count]`.
    fn weights<'d>(&self, sorted: &'d [f32], tap: usize, first: usize, count: usize) -> Matrix<'d> {
        let Geometry { image_channels, map_channels, .. } = *self.geometry;
        Matrix::strided(&sorted[self.weights_start(tap) + first..], map_channels, count, image_channels)
    }

    /// [`Self::weights`], to be written.
    fn weights_mut<'d>(
        &self,
        sorted: &'d mut [f32],
        tap: usize,
        first: usize,
        count: usize,
    ) -> MatrixMut<'d> {
        let Geometry { image_channels, map_channels, .. } = *self.geometry;
        let start = self.weights_start(tap) + first;
        MatrixMut::strided(&mut sorted[start..], map_channels, count, image_channels)
    }

    /// Offset of the weights of `tap` in `sorted`, `[taps, map channels, image channels]`.
    fn weights_start(&self, tap: usize) -> usize {
        tap * self.geometry.map_channels * self.geometry.image_channels
    }

    /// Convolution of one sample: image to map. `sorted` are the prepared weights.
    pub(super) fn map_from_image<F>(
        &self,
        image: Channels<'_>,
        sorted: &[f32],
        map: Target<'_, F>,
        threads: Threads,
    ) where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        let Geometry { image_channels, map_channels, .. } = *self.geometry;
        let pixels = self.geometry.map_pixels();
        // Image to phases, [image channels, phases]; all threads share the channels if there is one sample.
        with_scratch(image_channels * self.channel_len(), |planes| {
            let count = block(image_channels, image_channels, threads);
            let to_phases = |(index, planes): (usize, &mut [f32])| {
                self.phases_from_image(image, index * count, planes, |_, _| ());
            };
            match threads {
                Threads::One => to_phases((0, planes)),
                Threads::Pool => {
                    planes.par_chunks_mut(count * self.channel_len()).enumerate().for_each(to_phases);
                }
            }
            let planes = &*planes;
            // Blocks of map channels: each needs all image channels, read through shifted views.
            map.fill(pixels, map_channels, threads, |first, map| {
                let rows = map.len() / pixels;
                with_scratch(rows * self.grid_len(), |grid| {
                    for tap in 0..self.taps() {
                        let start = self.weights_start(tap) + first * image_channels;
                        let weights =
                            Matrix::new(&sorted[start..][..rows * image_channels], rows, image_channels);
                        let out = &mut MatrixMut::new(grid, rows, self.grid_len());
                        // [rows, image channels] x [image channels, grid]; the taps add up. Positions in the
                        // gaps get meaningless values, which the copy to the map leaves out.
                        multiply(weights, self.tap_view(planes, tap), out, tap > 0);
                    }
                    self.map_from_grid(grid, map);
                });
            });
        });
    }

    /// Transposed convolution of one sample: map to image, the adjoint of [`Self::map_from_image`].
    pub(super) fn image_from_map<F>(
        &self,
        map: Channels<'_>,
        sorted: &[f32],
        image: Target<'_, F>,
        threads: Threads,
    ) where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        let plane = self.geometry.plane_len();
        // The map with zero gaps, [map channels, grid], is an operand of all products.
        with_scratch(self.geometry.map_channels * self.grid_len(), |grid| {
            self.grid_from_map(map, grid, |_, _| ());
            let grid = &*grid;
            // Blocks of image channels, each with phases of its own: [count, phases]
            image.fill(plane, IMAGE_BLOCK, threads, |first, image| {
                let count = image.len() / plane;
                with_scratch(count * self.channel_len(), |planes| {
                    self.phases_from_grid(grid, sorted, first, planes);
                    self.image_from_phases(planes, image);
                });
            });
        });
    }

    /// Phases of the image channels from `first` on, `[count, phases]`: the transposed convolution of a map
    /// on the grid.
    fn phases_from_grid(&self, grid: &[f32], sorted: &[f32], first: usize, planes: &mut [f32]) {
        let count = planes.len() / self.channel_len();
        let grid = Matrix::new(grid, self.geometry.map_channels, self.grid_len());
        planes.fill(0.0);
        for tap in 0..self.taps() {
            let weights = self.weights(sorted, tap, first, count).transposed();
            // [count, map channels] x [map channels, grid], added where the tap would have read
            multiply(weights, grid, &mut self.tap_view_mut(planes, tap), true);
        }
    }

    /// Backward pass of [`Self::map_from_image`] for one sample.
    pub(super) fn map_gradients<F>(
        &self,
        image: Channels<'_>,
        map_gradient: Channels<'_>,
        sorted: &[f32],
        gradients: Gradients<'_, F>,
    ) where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        let Geometry { image_channels, map_channels, .. } = *self.geometry;
        let plane = self.geometry.plane_len();
        let Gradients { weight, accumulate, bias, input } = gradients;
        let mut targets = input.into_iter().flat_map(|input| input.blocks(plane, IMAGE_BLOCK));
        // The output's gradient on the grid, [map channels, grid]; its sums are the bias gradient.
        with_scratch(map_channels * self.grid_len(), |grid| {
            self.grid_from_map(map_gradient, grid, |channel, values| bias[channel] += sum(values));
            let grid = &*grid;
            // Blocks of image channels keep the phases in the cache for both products.
            for first in (0..image_channels).step_by(IMAGE_BLOCK) {
                let count = IMAGE_BLOCK.min(image_channels - first);
                with_scratch(count * self.channel_len(), |planes| {
                    // Phases of the input, [count, phases]
                    self.phases_from_image(image, first, planes, |_, _| ());
                    for tap in 0..self.taps() {
                        // Weight gradient: [map channels, grid] x [grid, count]. The grid's gaps are zero and
                        // add nothing.
                        let out = &mut self.weights_mut(weight, tap, first, count);
                        let grid = Matrix::new(grid, map_channels, self.grid_len());
                        multiply(grid, self.tap_view(planes, tap).transposed(), out, accumulate);
                    }
                    if let Some(target) = targets.next() {
                        // Input gradient, a transposed convolution: the image's phases are no longer needed
                        // and are overwritten.
                        self.phases_from_grid(grid, sorted, first, planes);
                        self.image_from_phases(planes, target.values);
                        target.finish(plane);
                    }
                });
            }
        });
    }

    /// Backward pass of [`Self::image_from_map`] for one sample.
    pub(super) fn image_gradients<F>(
        &self,
        map: Channels<'_>,
        image_gradient: Channels<'_>,
        sorted: &[f32],
        gradients: Gradients<'_, F>,
    ) where
        F: Fn(usize, &mut [f32]) -> Sums + Sync,
    {
        let Geometry { image_channels, map_channels, .. } = *self.geometry;
        let Gradients { weight, accumulate, bias, input } = gradients;
        let grid_len = map_channels * self.grid_len();
        with_scratch(2 * grid_len, |grids| {
            // The input on the grid, and its gradient on the grid: [map channels, grid] each
            let (grid, input_grid) = grids.split_at_mut(grid_len);
            self.grid_from_map(map, grid, |_, _| ());
            for first in (0..image_channels).step_by(IMAGE_BLOCK) {
                let count = IMAGE_BLOCK.min(image_channels - first);
                with_scratch(count * self.channel_len(), |planes| {
                    // Phases of the output's gradient; here the output is the image, so its sums are the bias
                    // gradient.
                    self.phases_from_image(image_gradient, first, planes, |channel, values| {
                        bias[channel] += sum(values);
                    });
                    for tap in 0..self.taps() {
                        let view = self.tap_view(planes, tap);
                        let grid = Matrix::new(grid, map_channels, self.grid_len());
                        let out = &mut self.weights_mut(weight, tap, first, count);
                        // Weight gradient: [map channels, grid] x [grid, count]
                        multiply(grid, view.transposed(), out, accumulate);
                        if input.is_some() {
                            let out = &mut MatrixMut::new(input_grid, map_channels, self.grid_len());
                            // Input gradient, a convolution: [map channels, count] x [count, grid], over all
                            // taps and channel blocks
                            multiply(self.weights(sorted, tap, first, count), view, out, first + tap > 0);
                        }
                    }
                });
            }
            // The input gradient is complete only after the last block of image channels.
            if let Some(target) = input {
                self.map_from_grid(input_grid, target.values);
                target.finish(self.geometry.map_pixels());
            }
        });
    }

    /// Copies a map's channels from the grid, without the gaps.
    fn map_from_grid(&self, grid: &[f32], map: &mut [f32]) {
        let (frames, row) = (self.geometry.map_size.1, self.frames.len);
        let channels = map.chunks_exact_mut(self.geometry.map_pixels());
        for (channel, grid) in channels.zip(grid.chunks_exact(self.grid_len())) {
            for (line, grid) in channel.chunks_exact_mut(frames).zip(grid.chunks(row)) {
                line.copy_from_slice(&grid[..frames]);
            }
        }
    }

    /// Copies a map to the grid, with zeros in the gaps, and calls `inspect` on each channel.
    fn grid_from_map(&self, map: Channels<'_>, grid: &mut [f32], mut inspect: impl FnMut(usize, &[f32])) {
        let (frames, row) = (self.geometry.map_size.1, self.frames.len);
        let pixels = self.geometry.map_pixels();
        with_scratch(pixels, |buffer| {
            for (index, grid) in grid.chunks_exact_mut(self.grid_len()).enumerate() {
                let channel = map.block(index, 1, pixels, buffer);
                inspect(index, channel);
                for (line, grid) in channel.chunks_exact(frames).zip(grid.chunks_mut(row)) {
                    // A zero gap contributes nothing to any product.
                    let (own, gap) = grid.split_at_mut(frames);
                    own.copy_from_slice(line);
                    gap.fill(0.0);
                }
            }
        });
    }

    /// Splits channels from `first` on into zero-padded phases and calls `inspect` on each channel.
    fn phases_from_image(
        &self,
        image: Channels<'_>,
        first: usize,
        planes: &mut [f32],
        mut inspect: impl FnMut(usize, &[f32]),
    ) {
        let plane = self.geometry.plane_len();
        with_scratch(plane, |buffer| {
            for (index, planes) in planes.chunks_exact_mut(self.channel_len()).enumerate() {
                let channel = image.block(first + index, 1, plane, buffer);
                inspect(first + index, channel);
                split_channel(self, channel, planes);
            }
        });
    }

    /// Interleaves the phases of some channels; every image element lies in exactly one phase.
    fn image_from_phases(&self, planes: &[f32], channels: &mut [f32]) {
        let channels = channels.chunks_exact_mut(self.geometry.plane_len());
        for (channel, planes) in channels.zip(planes.chunks_exact(self.channel_len())) {
            join_channel(self, planes, channel);
        }
    }

    /// Calls `visit(source, at, start, end)` for each row of a channel's phases.
    ///
    /// `source` is the index in the channel of the row's first element (`None` for a row of padding), `at`
    /// the offset of the row in the phases, and `start..end` its positions that hold image elements.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
    fn for_each_row(&self, mut visit: impl FnMut(Option<usize>, usize, usize, usize)) {
        let frames = self.geometry.image_size.1;
        let mut at = 0;
        for bin_phase in 0..self.bins.stride {
            let (first, last) = self.bins.filled(bin_phase);
            // Each row of a phase is every stride-th frame of one image bin.
            for frame_phase in 0..self.frames.stride {
                let (start, end) = self.frames.filled(frame_phase);
                for bin in 0..self.bins.len {
                    let source = (first..last)
                        .contains(&bin)
                        .then(|| ((bin - first) * self.bins.stride + bin_phase) * frames + frame_phase);
                    visit(source, at, start, end);
                    at += self.frames.len;
                }
            }
        }
    }
}

#[multiversion(targets = "simd")]
fn split_channel<'p>(phases: &'p Phases<'p>, channel: &[f32], planes: &mut [f32]) {
    if phases.frames.stride == 2 {
        return phases.split_pairs(channel, planes);
    }
    phases.for_each_row(|source, at, start, end| {
        let row = &mut planes[at..][..phases.frames.len];
        // Padding before and behind the image
        row[..start].fill(0.0);
        row[end..].fill(0.0);
        if let Some(source) = source
            && start < end
        {
            gather(&channel[source..], phases.frames.stride, &mut row[start..end]);
        } else {
            row[start..end].fill(0.0);
        }
    });
}

#[multiversion(targets = "simd")]
fn join_channel<'p>(phases: &'p Phases<'p>, planes: &[f32], channel: &mut [f32]) {
    if phases.frames.stride == 2 {
        return phases.join_pairs(planes, channel);
    }
    phases.for_each_row(|source, at, start, end| {
        if let Some(source) = source
            && start < end
        {
            scatter(&planes[at + start..at + end], phases.frames.stride, &mut channel[source..]);
        }
    });
}

/// The common stride of 2 along the frames: both phases of an image row in one go.
impl Phases<'_> {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
    fn split_pairs(&self, channel: &[f32], planes: &mut [f32]) {
        let (frames, len) = (self.geometry.image_size.1, self.frames.len);
        let ((start, even_end), (_, odd_end)) = (self.frames.filled(0), self.frames.filled(1));
        for (bin_phase, planes) in planes.chunks_exact_mut(2 * self.plane_len()).enumerate() {
            let (first, last) = self.bins.filled(bin_phase);
            let (even, odd) = planes.split_at_mut(self.plane_len());
            for (bin, (even, odd)) in even.chunks_exact_mut(len).zip(odd.chunks_exact_mut(len)).enumerate() {
                if !(first..last).contains(&bin) {
                    even.fill(0.0);
                    odd.fill(0.0);
                    continue;
                }
                // Padding before and behind the image
                for (row, end) in [(&mut *even, even_end), (&mut *odd, odd_end)] {
                    row[..start].fill(0.0);
                    row[end..].fill(0.0);
                }
                let row = &channel[((bin - first) * self.bins.stride + bin_phase) * frames..][..frames];
                split_row(row, &mut even[start..even_end], &mut odd[start..odd_end]);
            }
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
    fn join_pairs(&self, planes: &[f32], channel: &mut [f32]) {
        let (frames, len) = (self.geometry.image_size.1, self.frames.len);
        let ((start, even_end), (_, odd_end)) = (self.frames.filled(0), self.frames.filled(1));
        for (bin_phase, planes) in planes.chunks_exact(2 * self.plane_len()).enumerate() {
            let (first, last) = self.bins.filled(bin_phase);
            let (even, odd) = planes.split_at(self.plane_len());
            for bin in first..last {
                let row = &mut channel[((bin - first) * self.bins.stride + bin_phase) * frames..][..frames];
                let (even, odd) = (&even[bin * len..][..len], &odd[bin * len..][..len]);
                join_row(&even[start..even_end], &odd[start..odd_end], row);
            }
        }
    }
}

/// Writes the elements of even and of odd index apart.
#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
fn split_row(row: &[f32], even: &mut [f32], odd: &mut [f32]) {
    let (pairs, last) = row.as_chunks::<2>();
    for ((pair, even), odd) in pairs.iter().zip(even.iter_mut()).zip(odd.iter_mut()) {
        (*even, *odd) = (pair[0], pair[1]);
    }
    // A row of odd length ends with an element of even index.
    if let ([last], Some(even)) = (last, even.get_mut(pairs.len())) {
        *even = *last;
    }
}

/// The inverse of [`split_row`].
#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
fn join_row(even: &[f32], odd: &[f32], row: &mut [f32]) {
    let (pairs, last) = row.as_chunks_mut::<2>();
    for ((pair, even), odd) in pairs.iter_mut().zip(even).zip(odd) {
        *pair = [*even, *odd];
    }
    if let ([last], Some(even)) = (last, even.get(pairs.len())) {
        *last = *even;
    }
}
