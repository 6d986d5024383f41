//! im2col and col2im for some channels and some rows of the map: the patch of each map position as a column, and the
//! adjoint, which adds each column to its patch.
//!
//! Blocks are small enough to stay in the cache between the copy and the matrix product.

use std::ops::Range;

use multiversion::multiversion;

use super::{axis::Axis, channels::Channels, geometry::Geometry, scratch::with_scratch};

/// Rearranges the images of one geometry.
#[derive(Debug)]
pub(super) struct Patches<'a> {
    geometry: &'a Geometry,
    frames: Axis,
}

/// A block of columns: rows are ordered `[channels, kernel, kernel]`, each holding the positions of some rows of the map.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Image channels.
    pub channels: Range<usize>,
    /// Rows of the map.
    pub bins: Range<usize>,
}

impl<'a> Patches<'a> {
    pub fn new(geometry: &'a Geometry) -> Self {
        let Geometry { image_size, map_size, kernel, strides, .. } = *geometry;
        let (_, left) = geometry.padding();
        Self { geometry, frames: Axis::new(image_size.1, map_size.1, kernel, strides.1, left) }
    }

    /// Positions of the block.
    pub fn positions(&self, block: &Block) -> usize {
        block.bins.len() * self.geometry.map_size.1
    }

    /// Rows of the block's columns.
    pub fn rows(&self, block: &Block) -> usize {
        block.channels.len() * self.geometry.taps()
    }

    /// Rows of the image that belong to these rows of the map: those from one stride to the next.
    fn own_rows(&self, bins: &Range<usize>) -> Range<usize> {
        let (map, image) = (self.geometry.map_size.0, self.geometry.image_size.0);
        let at = |bin: usize| if bin == map { image } else { (bin * self.geometry.strides.0).min(image) };
        at(bins.start)..at(bins.end)
    }

    /// Rows of the image that the patches at these rows of the map touch, with [`Self::own_rows`].
    fn touched_rows(&self, bins: &Range<usize>) -> Range<usize> {
        let Geometry { strides, kernel, image_size, .. } = *self.geometry;
        let (top, _) = self.geometry.padding();
        let own = self.own_rows(bins);
        let start = (bins.start * strides.0).saturating_sub(top).min(own.start);
        let end = ((bins.end - 1) * strides.0 + kernel).saturating_sub(top).max(own.end);
        start..end.min(image_size.0)
    }

    /// Writes the columns of a block, each row of them `stride` elements from the next, and calls
    /// `inspect(channel, rows)` with the image rows that belong to the block: each row of the image once, whatever the
    /// blocks.
    pub fn write(
        &self,
        image: Channels<'_>,
        block: &Block,
        columns: &mut [f32],
        stride: usize,
        mut inspect: impl FnMut(usize, &[f32]),
    ) {
        let frames = self.geometry.image_size.1;
        let (rows, own) = (self.touched_rows(&block.bins), self.own_rows(&block.bins));
        let elements = rows.start * frames..rows.end * frames;
        let len = self.frames.row_len();
        with_scratch(elements.len() + rows.len() * len, |scratch| {
            let (buffer, phases) = scratch.split_at_mut(elements.len());
            let taps = self.geometry.taps();
            for (channel, columns) in block.channels.clone().zip(columns.chunks_mut(taps * stride)) {
                let values = image.part(channel, self.geometry.plane_len(), elements.clone(), buffer);
                inspect(channel, &values[(own.start - rows.start) * frames..(own.end - rows.start) * frames]);
                self.write_channel(values, &rows, &block.bins, phases, columns, stride);
            }
        });
    }

    /// [`Self::write`] of one channel from its touched rows.
    fn write_channel(
        &self,
        values: &[f32],
        rows: &Range<usize>,
        bins: &Range<usize>,
        phases: &mut [f32],
        columns: &mut [f32],
        stride: usize,
    ) {
        split_rows(&self.frames, values, self.geometry.image_size.1, phases);
        let (map_frames, kernel) = (self.geometry.map_size.1, self.geometry.kernel);
        let positions = bins.len() * map_frames;
        for (tap, columns) in columns.chunks_mut(stride).take(kernel * kernel).enumerate() {
            let inside = self.bins_inside(tap / kernel, bins);
            let first = (inside.start - bins.start) * map_frames;
            let end = (inside.end - bins.start) * map_frames;
            // Zeros where this tap reads padding above or below the image.
            columns[..first].fill(0.0);
            columns[end..positions].fill(0.0);
            if first < end {
                let (source, step) = self.tap_in_phases(tap, &inside, rows);
                copy_rows(&phases[source..], step, map_frames, &mut columns[first..end]);
            }
        }
    }

    /// The adjoint of [`Self::write`]: adds the columns to the channels of the block, `[channels, bins, frames]`. Rows of
    /// the image from `written` on are overwritten; returns the first row that blocks further down will overwrite.
    pub fn add_back(
        &self,
        block: &Block,
        columns: &[f32],
        stride: usize,
        written: usize,
        image: &mut [f32],
    ) -> usize {
        let frames = self.geometry.image_size.1;
        let rows = self.touched_rows(&block.bins);
        let (taps, plane) = (self.geometry.taps(), self.geometry.plane_len());
        with_scratch(rows.len() * self.frames.row_len(), |phases| {
            for (columns, image) in columns.chunks(taps * stride).zip(image.chunks_exact_mut(plane)) {
                self.phases_of_columns(columns, stride, &block.bins, &rows, phases);
                let image = &mut image[rows.start * frames..rows.end * frames];
                join_rows(&self.frames, phases, written.saturating_sub(rows.start), frames, image);
            }
        });
        rows.end.max(written)
    }

    fn phases_of_columns(
        &self,
        columns: &[f32],
        stride: usize,
        bins: &Range<usize>,
        rows: &Range<usize>,
        phases: &mut [f32],
    ) {
        let (map_frames, kernel) = (self.geometry.map_size.1, self.geometry.kernel);
        phases.fill(0.0);
        for (tap, columns) in columns.chunks(stride).take(kernel * kernel).enumerate() {
            let inside = self.bins_inside(tap / kernel, bins);
            if !inside.is_empty() {
                let (target, step) = self.tap_in_phases(tap, &inside, rows);
                let columns = &columns[(inside.start - bins.start) * map_frames..];
                add_rows(&columns[..inside.len() * map_frames], map_frames, step, &mut phases[target..]);
            }
        }
    }

    /// The rows of the map among `bins` at which a kernel row reads inside the image, not the padding.
    fn bins_inside(&self, kernel_row: usize, bins: &Range<usize>) -> Range<usize> {
        let Geometry { strides, map_size, image_size, .. } = *self.geometry;
        let (top, _) = self.geometry.padding();
        let (start, end) = Geometry::inside(kernel_row, top, strides.0, map_size.0, image_size.0);
        let start = start.clamp(bins.start, bins.end);
        start..end.clamp(start, bins.end)
    }

    /// Where a tap reads in the phases of `rows` at the first row of the map in `bins`, and how far the next row is.
    fn tap_in_phases(&self, tap: usize, bins: &Range<usize>, rows: &Range<usize>) -> (usize, usize) {
        let Geometry { strides, kernel, .. } = *self.geometry;
        let (top, _) = self.geometry.padding();
        let row = bins.start * strides.0 + tap / kernel - top - rows.start;
        let (phase, shift) = self.frames.taps[tap % kernel];
        let len = self.frames.row_len();
        (row * len + phase * self.frames.len + shift, strides.0 * len)
    }
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn split_rows(axis: &Axis, values: &[f32], frames: usize, phases: &mut [f32]) {
    for (row, phases) in values.chunks_exact(frames).zip(phases.chunks_exact_mut(axis.row_len())) {
        axis.split(row, phases);
    }
}

/// Writes rows from their phases; the first `add` rows are added to.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn join_rows(axis: &Axis, phases: &[f32], add: usize, frames: usize, values: &mut [f32]) {
    let rows = values.chunks_exact_mut(frames).zip(phases.chunks_exact(axis.row_len()));
    for (index, (row, phases)) in rows.enumerate() {
        axis.join(phases, index < add, row);
    }
}

/// Copies rows of `len` elements that lie `step` apart to lie one behind the other.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn copy_rows(source: &[f32], step: usize, len: usize, out: &mut [f32]) {
    match len {
        4 => copy_short_rows::<4>(source, step, out),
        8 => copy_short_rows::<8>(source, step, out),
        16 => copy_short_rows::<16>(source, step, out),
        32 => copy_short_rows::<32>(source, step, out),
        _ => {
            for (out, source) in out.chunks_exact_mut(len).zip(source.chunks(step)) {
                out.copy_from_slice(&source[..len]);
            }
        }
    }
}

/// [`copy_rows`] of a length known to the compiler, which spares a call for each row.
#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
fn copy_short_rows<const LEN: usize>(source: &[f32], step: usize, out: &mut [f32]) {
    let (rows, _) = out.as_chunks_mut::<LEN>();
    for (out, source) in rows.iter_mut().zip(source.chunks(step)) {
        if let Some(source) = source.first_chunk::<LEN>() {
            *out = *source;
        }
    }
}

/// Adds rows of `len` elements to rows that lie `step` apart.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn add_rows(rows: &[f32], len: usize, step: usize, out: &mut [f32]) {
    match len {
        4 => add_short_rows::<4>(rows, step, out),
        8 => add_short_rows::<8>(rows, step, out),
        16 => add_short_rows::<16>(rows, step, out),
        32 => add_short_rows::<32>(rows, step, out),
        _ => {
            for (row, out) in rows.chunks_exact(len).zip(out.chunks_mut(step)) {
                out.iter_mut().zip(row).for_each(|(out, value)| *out += value);
            }
        }
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the CPU at hand")]
fn add_short_rows<const LEN: usize>(rows: &[f32], step: usize, out: &mut [f32]) {
    let (rows, _) = rows.as_chunks::<LEN>();
    for (row, out) in rows.iter().zip(out.chunks_mut(step)) {
        if let Some(out) = out.first_chunk_mut::<LEN>() {
            out.iter_mut().zip(row).for_each(|(out, value)| *out += value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of a whole image as one block, `[patch, positions]`.
    fn columns(geometry: &Geometry, image: &[f32]) -> Vec<f32> {
        let block = Block { channels: 0..geometry.image_channels, bins: 0..geometry.map_size.0 };
        let mut columns = vec![f32::NAN; geometry.patch_len() * geometry.map_pixels()];
        let stride = geometry.map_pixels();
        Patches::new(geometry).write(Channels::Plain(image), &block, &mut columns, stride, |_, _| ());
        columns
    }

    #[test]
    fn patches_hold_the_elements_around_each_position() {
        let geometry = Geometry::same(1, (2, 3), 1, 3, (1, 2));
        assert_eq!(geometry.map_size, (2, 2));
        let columns = columns(&geometry, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        // The centre tap sees the positions themselves, the first tap what lies above and to the left.
        assert_eq!(columns[4 * 4..5 * 4], [1.0, 3.0, 4.0, 6.0]);
        assert_eq!(columns[..4], [0.0, 0.0, 0.0, 2.0]);
        assert_eq!(columns[8 * 4..], [5.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn the_two_rearrangements_are_adjoint_in_blocks_of_any_size() {
        for (size, kernel, strides) in [
            ((5, 7), 3, (2, 2)),
            ((4, 6), 3, (2, 1)),
            ((9, 2), 5, (3, 1)),
            ((1, 1), 3, (2, 2)),
            ((6, 5), 1, (2, 2)),
            ((3, 8), 3, (1, 4)),
            ((16, 32), 3, (2, 2)),
        ] {
            let geometry = Geometry::same(2, size, 1, kernel, strides);
            let patches = Patches::new(&geometry);
            let value = |i: usize| ((i * 37 % 23) as f32 - 11.0) / 7.0;
            let image: Vec<f32> = (0..geometry.image_len()).map(value).collect();
            let whole = columns(&geometry, &image);
            let (map_bins, map_frames) = geometry.map_size;
            for bins in 1..=map_bins {
                let stride = bins * map_frames + 3;
                let (mut left, mut right, mut seen, mut written) = (0.0, 0.0, Vec::new(), 0);
                let mut back = vec![f32::NAN; image.len()];
                let mut others = Vec::new();
                for start in (0..map_bins).step_by(bins) {
                    let block = Block { channels: 0..2, bins: start..map_bins.min(start + bins) };
                    let mut columns = vec![0.0; geometry.patch_len() * stride];
                    patches.write(Channels::Plain(&image), &block, &mut columns, stride, |channel, rows| {
                        seen.extend(rows.iter().map(|row| (channel, row.to_bits())));
                    });
                    let other: Vec<f32> = (0..columns.len()).map(|i| value(i + start + 5)).collect();
                    for row in 0..geometry.patch_len() {
                        let positions = patches.positions(&block);
                        let found = &columns[row * stride..][..positions];
                        let expected = &whole[row * map_bins * map_frames + start * map_frames..];
                        assert_eq!(found, &expected[..positions], "{size:?} {strides:?}, {bins} at {start}");
                        let pairs = found.iter().zip(&other[row * stride..]);
                        left += pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
                    }
                    written = patches.add_back(&block, &other, stride, written, &mut back);
                    others.push(other);
                }
                right += image.iter().zip(&back).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
                assert!((left - right).abs() < 1e-4, "{size:?} {strides:?}: {left} {right}");
                seen.sort_unstable();
                let mut all: Vec<_> = image
                    .iter()
                    .enumerate()
                    .map(|(index, value)| (index / geometry.plane_len(), value.to_bits()))
                    .collect();
                all.sort_unstable();
                assert_eq!(seen, all, "each row is seen once: {size:?} {strides:?}, {bins}");
            }
        }
    }
}
