//! Small pictures of many images, a byte a pixel, so that a whole data set fits into memory.

use std::ops::Range;

use ndarray::{ArrayRef2, s};

/// An image made small; the first row is the highest bin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thumbnail {
    /// Pixels of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Values from 0 (0.0) to 255 (1.0), row by row from the top.
    pub values: Box<[u8]>,
}

impl Thumbnail {
    /// Averages `image`, `[bins, frames]` in 0..1 with low bins first, to at most `side` pixels in each direction.
    pub fn of(image: &ArrayRef2<f32>, side: usize) -> Self {
        let (bins, frames) = image.dim();
        let (height, width) = (bins.min(side), frames.min(side));
        let mut values = Vec::with_capacity(height * width);
        let mut sums = vec![0.0_f32; frames];
        for row in (0..height).rev() {
            let rows = part(row, height, bins);
            sums.fill(0.0);
            for bin in image.slice(s![rows.clone(), ..]).rows() {
                for (sum, value) in sums.iter_mut().zip(bin) {
                    *sum += value;
                }
            }
            for column in 0..width {
                let columns = part(column, width, frames);
                let cells = (rows.len() * columns.len()).max(1) as f32;
                let sum: f32 = sums.get(columns).unwrap_or_default().iter().sum();
                values.push(byte(sum / cells));
            }
        }
        Self { width, height, values: values.into() }
    }
}

/// The cells that pixel `index` of `count` covers, of `cells` in all.
fn part(index: usize, count: usize, cells: usize) -> Range<usize> {
    index * cells / count..(index + 1) * cells / count
}

fn byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn cells_are_averaged_and_the_highest_bin_comes_first() {
        let image =
            array![[0.0, 0.0, 0.2, 0.4], [0.0, 0.0, 0.2, 0.4], [1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0]];
        let small = Thumbnail::of(&image, 2);
        assert_eq!((small.width, small.height), (2, 2));
        assert_eq!(*small.values, [255, 0, 0, 77]);
    }

    #[test]
    fn small_images_stay_as_they_are_and_no_cell_is_left_out() {
        assert_eq!(*Thumbnail::of(&array![[0.0, 1.0]], 64).values, [0, 255]);
        let odd = Thumbnail::of(&Array2::from_elem((7, 5), 1.0), 3);
        assert_eq!(*odd.values, [255; 9]);
    }

    #[test]
    fn values_outside_the_range_and_no_numbers_are_still_pixels() {
        assert_eq!(*Thumbnail::of(&array![[-1.0, 2.0, f32::NAN]], 3).values, [0, 255, 0]);
        assert_eq!(Thumbnail::of(&Array2::zeros((0, 0)), 3).values.len(), 0);
    }
}
