//! Convolutions of many channels without copies of patches.
//!
//! With strides `s`, the image is split into its `s.0 · s.1` *phases*, each holding every `s`-th element. Under one kernel
//! element all map positions then see one phase, shifted: a matrix that is already in memory. So a convolution is one
//! matrix product a kernel element, on `[channels, positions]` views, and the nine-fold copies of the image that
//! [`super::columns`] makes (over half of the memory traffic of a step) are not needed.
//!
//! Positions are counted on a grid whose rows are as long as those of a phase, so that a shift is an offset; what lies
//! in the gaps behind the map's own frames is left out when the map is taken from the grid.

use rayon::prelude::*;

use super::{
    geometry::{Geometry, gather, place},
    matrix::{Matrix, MatrixMut, Threads, multiply},
};

/// Blocks of channels for each thread, where the threads share one sample: enough to even out who comes late.
const BLOCKS_PER_THREAD: usize = 2;

/// One axis of the phases.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Axis {
    /// Elements of the image, and the stride.
    size: usize,
    stride: usize,
    /// Zeros before a phase's first element, and its length with zeros on both sides.
    lead: usize,
    len: usize,
    /// For each kernel element: the phase that it sees, and the first position there.
    taps: Vec<(usize, usize)>,
}

impl Axis {
    fn new(size: usize, map: usize, kernel: usize, stride: usize, padding: usize) -> Self {
        let seen = |tap: usize| tap as isize - padding as isize;
        let shift = |tap: usize| seen(tap).div_euclid(stride as isize);
        let (least, most) = (shift(0), shift(kernel - 1));
        let taps = (0..kernel)
            .map(|tap| (seen(tap).rem_euclid(stride as isize) as usize, (shift(tap) - least) as usize))
            .collect();
        Self { size, stride, lead: least.unsigned_abs(), len: map + (most - least) as usize, taps }
    }

    /// Where the elements of `phase` lie: `start..end` of its places.
    fn filled(&self, phase: usize) -> (usize, usize) {
        let count = self.size.saturating_sub(phase).div_ceil(self.stride);
        (self.lead, (self.lead + count).min(self.len))
    }
}

/// The phases of one convolution's images, and the products on them.
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

    /// Places of one channel in one phase.
    fn plane_len(&self) -> usize {
        self.bins.len * self.frames.len
    }

    /// Elements of all phases of one channel.
    fn channel_len(&self) -> usize {
        self.bins.stride * self.frames.stride * self.plane_len()
    }

    /// Elements of all phases of an image.
    fn planes_len(&self) -> usize {
        self.geometry.image_channels * self.channel_len()
    }

    /// Positions of the grid, up to the map's last one.
    fn grid_len(&self) -> usize {
        (self.geometry.map_size.0 - 1) * self.frames.len + self.geometry.map_size.1
    }

    /// Elements of the buffer that every product here needs.
    pub(super) fn scratch_len(&self) -> usize {
        self.planes_len() + self.geometry.map_channels * self.grid_len()
    }

    /// Where the part of a channel's phases begins that kernel element `tap` sees.
    fn tap_start(&self, tap: usize) -> usize {
        let (bin_phase, bin) = self.bins.taps[tap / self.geometry.kernel];
        let (frame_phase, frame) = self.frames.taps[tap % self.geometry.kernel];
        (bin_phase * self.frames.stride + frame_phase) * self.plane_len() + bin * self.frames.len + frame
    }

    fn seen_by<'d>(&self, planes: &'d [f32], tap: usize) -> Matrix<'d> {
        let channels = self.geometry.image_channels;
        Matrix::strided(&planes[self.tap_start(tap)..], channels, self.grid_len(), self.channel_len())
    }

    /// Where the weights of kernel element `tap` begin among weights sorted by element.
    fn weights_start(&self, tap: usize) -> usize {
        tap * self.geometry.map_channels * self.geometry.image_channels
    }

    /// Weights `[map channels, image channels, kernel, kernel]` as `[kernel, kernel, map channels, image channels]`.
    pub(super) fn sorted(&self, weight: &[f32]) -> Vec<f32> {
        let taps = self.geometry.taps();
        let pairs = weight.len() / taps;
        let mut sorted = vec![0.0; weight.len()];
        for (pair, weights) in weight.chunks_exact(taps).enumerate() {
            for (tap, weight) in weights.iter().enumerate() {
                sorted[tap * pairs + pair] = *weight;
            }
        }
        sorted
    }

    /// The inverse of [`Self::sorted`].
    pub(super) fn unsorted(&self, sorted: &[f32]) -> Vec<f32> {
        let taps = self.geometry.taps();
        let pairs = sorted.len() / taps;
        (0..sorted.len()).map(|index| sorted[index % taps * pairs + index / taps]).collect()
    }

    /// The map of one image.
    pub(super) fn map_from_image(
        &self,
        image: &[f32],
        sorted: &[f32],
        map: &mut [f32],
        scratch: &mut [f32],
        threads: Threads,
    ) {
        let Geometry { image_channels, map_channels, .. } = *self.geometry;
        let (planes, grid) = scratch.split_at_mut(self.planes_len());
        let (plane, pixels) = (self.geometry.plane_len(), self.geometry.map_pixels());
        let channels = block(image_channels, threads);
        match threads {
            Threads::One => self.split(image, planes),
            Threads::Pool => planes
                .par_chunks_mut(channels * self.channel_len())
                .zip(image.par_chunks(channels * plane))
                .for_each(|(planes, image)| self.split(image, planes)),
        }
        let planes = &*planes;
        let channels = block(map_channels, threads);
        let work = |index: usize, (grid, map): (&mut [f32], &mut [f32])| {
            let rows = map.len() / pixels;
            for tap in 0..self.geometry.taps() {
                let start = self.weights_start(tap) + index * channels * image_channels;
                let weights = Matrix::new(&sorted[start..][..rows * image_channels], rows, image_channels);
                let out = &mut MatrixMut::new(grid, rows, self.grid_len());
                multiply(weights, self.seen_by(planes, tap), out, tap > 0);
            }
            self.gather_map(grid, map);
        };
        let blocks = (channels * self.grid_len(), channels * pixels);
        match threads {
            Threads::One => work(0, (grid, map)),
            Threads::Pool => grid
                .par_chunks_mut(blocks.0)
                .zip(map.par_chunks_mut(blocks.1))
                .enumerate()
                .for_each(|(index, parts)| work(index, parts)),
        }
    }

    /// The adjoint of [`Self::map_from_image`].
    pub(super) fn image_from_map(
        &self,
        map: &[f32],
        sorted: &[f32],
        image: &mut [f32],
        scratch: &mut [f32],
        threads: Threads,
    ) {
        let Geometry { image_channels, map_channels, .. } = *self.geometry;
        let (planes, grid) = scratch.split_at_mut(self.planes_len());
        self.spread(map, grid);
        let grid = Matrix::new(grid, map_channels, self.grid_len());
        let plane = self.geometry.plane_len();
        let channels = block(image_channels, threads);
        let work = |index: usize, (planes, image): (&mut [f32], &mut [f32])| {
            let rows = image.len() / plane;
            planes.fill(0.0);
            for tap in 0..self.geometry.taps() {
                let weights = &sorted[self.weights_start(tap) + index * channels..];
                let weights = Matrix::strided(weights, map_channels, rows, image_channels).transposed();
                let seen = &mut planes[self.tap_start(tap)..];
                let out = &mut MatrixMut::strided(seen, rows, self.grid_len(), self.channel_len());
                multiply(weights, grid, out, true);
            }
            self.join(planes, image);
        };
        match threads {
            Threads::One => work(0, (planes, image)),
            Threads::Pool => planes
                .par_chunks_mut(channels * self.channel_len())
                .zip(image.par_chunks_mut(channels * plane))
                .enumerate()
                .for_each(|(index, parts)| work(index, parts)),
        }
    }

    /// Gradient of the sorted weights from one sample, added to `gradient` or in its place.
    pub(super) fn weight_gradient(
        &self,
        image: &[f32],
        map: &[f32],
        gradient: &mut [f32],
        accumulate: bool,
        scratch: &mut [f32],
    ) {
        let (planes, grid) = scratch.split_at_mut(self.planes_len());
        self.split(image, planes);
        self.spread(map, grid);
        let Geometry { image_channels, map_channels, .. } = *self.geometry;
        let grid = Matrix::new(grid, map_channels, self.grid_len());
        for (tap, gradient) in gradient.chunks_exact_mut(image_channels * map_channels).enumerate() {
            let out = &mut MatrixMut::new(gradient, map_channels, image_channels);
            multiply(grid, self.seen_by(planes, tap).transposed(), out, accumulate);
        }
    }

    /// Channels of a map from those on the grid.
    fn gather_map(&self, grid: &[f32], map: &mut [f32]) {
        let (frames, row) = (self.geometry.map_size.1, self.frames.len);
        let channels = map.chunks_exact_mut(self.geometry.map_pixels());
        for (channel, grid) in channels.zip(grid.chunks_exact(self.grid_len())) {
            for (line, grid) in channel.chunks_exact_mut(frames).zip(grid.chunks(row)) {
                line.copy_from_slice(&grid[..frames]);
            }
        }
    }

    /// A map on the grid, zeros in its gaps.
    fn spread(&self, map: &[f32], grid: &mut [f32]) {
        let (frames, row) = (self.geometry.map_size.1, self.frames.len);
        let channels = map.chunks_exact(self.geometry.map_pixels());
        for (channel, grid) in channels.zip(grid.chunks_exact_mut(self.grid_len())) {
            for (line, grid) in channel.chunks_exact(frames).zip(grid.chunks_mut(row)) {
                let (own, gap) = grid.split_at_mut(frames);
                own.copy_from_slice(line);
                gap.fill(0.0);
            }
        }
    }

    /// The phases of some channels, zeros around them.
    fn split(&self, channels: &[f32], planes: &mut [f32]) {
        let images = channels.chunks_exact(self.geometry.plane_len());
        for (image, planes) in images.zip(planes.chunks_exact_mut(self.channel_len())) {
            self.for_each_row(|source, at, start, end| {
                let row = &mut planes[at..][..self.frames.len];
                row[..start].fill(0.0);
                row[end..].fill(0.0);
                if let Some(source) = source
                    && start < end
                {
                    gather(&image[source..], self.frames.stride, &mut row[start..end]);
                } else {
                    row[start..end].fill(0.0);
                }
            });
        }
    }

    /// Some channels from their phases.
    fn join(&self, planes: &[f32], channels: &mut [f32]) {
        let images = channels.chunks_exact_mut(self.geometry.plane_len());
        for (image, planes) in images.zip(planes.chunks_exact(self.channel_len())) {
            self.for_each_row(|source, at, start, end| {
                if let Some(source) = source
                    && start < end
                {
                    place(&planes[at + start..at + end], self.frames.stride, &mut image[source..]);
                }
            });
        }
    }

    /// Hands `visit` every row of a channel's phases: where its first element lies in the channel (none for a row of
    /// zeros), where the row lies in the phases, and which of its places are filled.
    fn for_each_row(&self, mut visit: impl FnMut(Option<usize>, usize, usize, usize)) {
        let frames = self.geometry.image_size.1;
        let mut at = 0;
        for bin_phase in 0..self.bins.stride {
            let (first, last) = self.bins.filled(bin_phase);
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

/// Channels that are worked on together: all of them, or an even share of the pool's threads.
fn block(channels: usize, threads: Threads) -> usize {
    match threads {
        Threads::One => channels,
        Threads::Pool => channels.div_ceil(BLOCKS_PER_THREAD * rayon::current_num_threads()),
    }
}
