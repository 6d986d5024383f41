//! How far two images of one recording are apart: ours and the one that the Python pipeline wrote.
//!
//! [`compare`] measures cell by cell, [`cause`] guesses what may be behind a difference, and [`pairing`] says which
//! image belongs to which recording.

pub mod cause;
pub mod pairing;

use ndarray::{Array2, ArrayRef2, Zip};
use serde::Serialize;

/// The differences of two images of one size, in the unit of their values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Largest absolute difference of a cell.
    pub largest: f64,
    /// Mean absolute difference of all cells.
    pub mean: f64,
    /// Row of the largest difference, 0 the lowest frequency.
    pub bin: usize,
    /// Column of the largest difference.
    pub frame: usize,
    /// Our value there.
    pub ours: f32,
    /// Their value there.
    pub theirs: f32,
    /// Cells that are NaN or infinite in theirs; they count in neither figure.
    pub not_finite: usize,
}

impl Difference {
    /// Whether no cell differs by more than `tolerance`, and every cell is a number.
    pub fn is_within(&self, tolerance: f64) -> bool {
        self.not_finite == 0 && self.largest <= tolerance
    }
}

/// Two images side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    /// They are of one size.
    Measured(Difference),
    /// They are not: `[bins, frames]` of each.
    Shapes {
        /// Of ours.
        ours: [usize; 2],
        /// Of theirs.
        theirs: [usize; 2],
    },
}

/// Compares two images `[bins, frames]` cell by cell.
///
/// ```
/// use ndarray::array;
/// use timbrespace_analysis::inspect::parity::{Comparison, compare};
///
/// let ours = array![[0.0, 0.5], [1.0, 0.25]];
/// let theirs = array![[0.0, 0.5], [1.0, 0.75]];
/// let Comparison::Measured(difference) = compare(&ours, &theirs) else { panic!("one size") };
/// assert_eq!((difference.largest, difference.mean), (0.5, 0.125));
/// assert_eq!((difference.bin, difference.frame), (1, 1));
/// ```
pub fn compare(ours: &ArrayRef2<f32>, theirs: &ArrayRef2<f32>) -> Comparison {
    if ours.dim() != theirs.dim() {
        return Comparison::Shapes { ours: ours.dim().into(), theirs: theirs.dim().into() };
    }
    let mut worst = Difference {
        largest: 0.0,
        mean: 0.0,
        bin: 0,
        frame: 0,
        ours: ours.first().copied().unwrap_or_default(),
        theirs: theirs.first().copied().unwrap_or_default(),
        not_finite: 0,
    };
    let mut sum = 0.0;
    for (((bin, frame), &our), &their) in ours.indexed_iter().zip(theirs) {
        let size = (f64::from(our) - f64::from(their)).abs();
        if !size.is_finite() {
            worst.not_finite += 1;
            continue;
        }
        sum += size;
        if size > worst.largest {
            worst = Difference { largest: size, bin, frame, ours: our, theirs: their, ..worst };
        }
    }
    worst.mean = sum / (ours.len() - worst.not_finite).max(1) as f64;
    Comparison::Measured(worst)
}

/// Ours minus theirs, cell by cell; `None` where they are not of one size.
pub fn signed_difference(ours: &ArrayRef2<f32>, theirs: &ArrayRef2<f32>) -> Option<Array2<f32>> {
    (ours.dim() == theirs.dim())
        .then(|| Zip::from(ours).and(theirs).map_collect(|&ours, &theirs| ours - theirs))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn equal_images_differ_nowhere_by_nothing() {
        let image = Array2::from_shape_fn((5, 4), |(bin, frame)| (bin * frame) as f32 / 20.0);
        let Comparison::Measured(difference) = compare(&image, &image) else { panic!("one size") };
        assert!(difference.is_within(0.0));
        assert_eq!((difference.largest, difference.mean), (0.0, 0.0));
    }

    #[test]
    fn one_changed_cell_is_found_where_it_is() {
        let ours = Array2::<f32>::zeros((256, 64));
        let mut theirs = ours.clone();
        theirs[[17, 40]] = -0.5;
        let Comparison::Measured(difference) = compare(&ours, &theirs) else { panic!("one size") };
        assert_eq!((difference.bin, difference.frame), (17, 40));
        assert_eq!((difference.ours, difference.theirs, difference.largest), (0.0, -0.5, 0.5));
        assert_eq!(difference.mean, 0.5 / (256.0 * 64.0));
        let signed = signed_difference(&ours, &theirs).unwrap();
        assert_eq!((signed[[17, 40]], signed.sum()), (0.5, 0.5));
    }

    #[test]
    fn what_is_no_number_is_counted_and_never_within_a_tolerance() {
        let (ours, theirs) = (array![[0.0, 0.0, 0.25]], array![[f32::NAN, f32::INFINITY, 0.0]]);
        let Comparison::Measured(difference) = compare(&ours, &theirs) else { panic!("one size") };
        assert_eq!((difference.not_finite, difference.largest, difference.mean), (2, 0.25, 0.25));
        assert!(!difference.is_within(1.0));
    }

    #[test]
    fn images_of_two_sizes_have_no_difference() {
        let (ours, theirs) = (Array2::zeros((256, 64)), Array2::zeros((257, 64)));
        assert_eq!(compare(&ours, &theirs), Comparison::Shapes { ours: [256, 64], theirs: [257, 64] });
        assert!(signed_difference(&ours, &theirs).is_none());
    }
}
