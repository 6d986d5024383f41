//! Crossfades spectrograms in sequence into one longer spectrogram.
//!
//! Magnitudes are faded and phases recovered for the whole afterwards, so no seam exists: faded samples of
//! two sounds can cancel each other where they overlap, and cut samples click.

use std::f32::consts::FRAC_PI_2;

use ndarray::{Array2, ArrayRef2, s};

/// Start frames of `count` pieces of `piece` frames each, spaced evenly so that the first starts at 0 and the
/// last ends at `total`.
pub fn starts(count: usize, piece: usize, total: usize) -> Vec<usize> {
    let way = total.saturating_sub(piece) as f64;
    let gaps = count.saturating_sub(1).max(1) as f64;
    (0..count).map(|index| (way * index as f64 / gaps).round() as usize).collect()
}

/// Accumulates pieces, weighted by their fades.
#[derive(Clone, Debug)]
pub struct Crossfade {
    /// Weighted sum of the pieces, `[bins, frames]`.
    sum: Array2<f32>,
    /// Sum of the weights in each frame, `[frames]`.
    weights: Vec<f32>,
}

impl Crossfade {
    /// All zero, `[bins, frames]`.
    pub fn new(bins: usize, frames: usize) -> Self {
        Self { sum: Array2::zeros((bins, frames)), weights: vec![0.0; frames] }
    }

    /// Adds `piece`, `[bins, frames]`, from frame `start` on. Its first and last `fade` frames (at most half
    /// of it) are weighted with a rising and falling squared sine. Anything beyond the end is cut off.
    pub fn add(&mut self, piece: &ArrayRef2<f32>, start: usize, fade: usize) {
        let fade = fade.min(piece.ncols() / 2).max(1);
        let last = piece.ncols().saturating_sub(1);
        let bins = piece.nrows().min(self.sum.nrows());
        for (frame, column) in piece.columns().into_iter().enumerate() {
            let place = start + frame;
            let Some(total) = self.weights.get_mut(place) else { break };
            let weight = rise(frame, fade).min(rise(last - frame, fade));
            *total += weight;
            let mut target = self.sum.slice_mut(s![..bins, place]);
            target.scaled_add(weight, &column.slice(s![..bins]));
        }
    }

    /// The result, `[bins, frames]`: in each frame the weighted mean of its pieces. The first piece therefore
    /// does not fade in, nor the last one out.
    pub fn finish(mut self) -> Array2<f32> {
        for (mut column, weight) in self.sum.columns_mut().into_iter().zip(self.weights) {
            if weight > 0.0 {
                column.mapv_inplace(|value| value / weight);
            }
        }
        self.sum
    }
}

/// Weight of the frame `distance` frames from an end, above 0 and at most 1. The weights of two pieces that
/// overlap by `fade` frames add up to 1.
fn rise(distance: usize, fade: usize) -> f32 {
    let part = (distance as f32 + 0.5) / fade as f32;
    if part >= 1.0 { 1.0 } else { (FRAC_PI_2 * part).sin().powi(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_spread_from_the_beginning_to_the_end() {
        assert_eq!(starts(4, 10, 34), [0, 8, 16, 24]);
        assert_eq!(starts(3, 10, 15), [0, 3, 5]);
        assert_eq!(starts(1, 10, 30), [0]);
    }

    #[test]
    fn equal_pieces_stay_as_loud_as_they_are_however_they_overlap() {
        for (count, total) in [(4, 34), (3, 15), (9, 30), (1, 10)] {
            let mut whole = Crossfade::new(2, total);
            for start in starts(count, 10, total) {
                whole.add(&Array2::from_elem((2, 10), 3.0).view(), start, 3);
            }
            let whole = whole.finish();
            assert!(whole.iter().all(|value| (value - 3.0).abs() < 1e-5), "{count} {total}: {whole}");
        }
    }

    #[test]
    fn one_piece_fades_into_the_next_without_a_jump() {
        let mut whole = Crossfade::new(1, 16);
        whole.add(&Array2::from_elem((1, 10), 1.0).view(), 0, 4);
        whole.add(&Array2::from_elem((1, 10), 0.0).view(), 6, 4);
        let row: Vec<f32> = whole.finish().into_iter().collect();
        assert_eq!((row[5], row[10]), (1.0, 0.0));
        assert!(row.is_sorted_by(|a, b| a >= b), "{row:?}");
        assert!((row[7] + row[8] - 1.0).abs() < 1e-6, "the fade is symmetric: {row:?}");
        let steepest = timbrespace_base::differences::largest(row.windows(2).map(|pair| pair[0] - pair[1]));
        assert!(steepest < 0.4, "{steepest}");
    }

    #[test]
    fn what_nothing_reaches_is_silent_and_what_reaches_beyond_is_left_out() {
        let mut whole = Crossfade::new(3, 6);
        whole.add(&Array2::from_elem((2, 4), 1.0).view(), 4, 1);
        assert_eq!(whole.finish().sum(), 4.0);
    }
}
