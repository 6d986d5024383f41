//! From a feature's image back to a magnitude.

use ndarray::Array2;

use crate::dsp::{bank_inverse::BankInverse, decibel::db_to_amplitude, filter_bank::FilterBank};

/// The way back of a feature; keeps its matrices and buffers between calls.
pub trait Inverse: Send {
    /// The magnitude behind an image in the feature's unit.
    ///
    /// # Shapes
    /// `image` is `[rows, frames]`; the magnitude is `[frame_size / 2 + 1, frames]`, or without its Nyquist row, `[frame_size / 2, frames]`.
    fn magnitude(&mut self, image: Array2<f32>) -> Array2<f32>;
}

/// The way back of an image whose rows are bins in dB.
pub(super) struct Amplitudes;

impl Inverse for Amplitudes {
    fn magnitude(&mut self, mut image: Array2<f32>) -> Array2<f32> {
        image.mapv_inplace(db_to_amplitude);
        image
    }
}

/// The way back of an image whose rows are logarithms of filtered magnitudes: for each frame a spectrum that is not negative
/// and has those rows.
pub(super) struct Filtered {
    inverse: BankInverse,
    bins: usize,
    /// Undoes the logarithm.
    exponential: fn(f32) -> f32,
}

impl Filtered {
    /// The way back through `bank` by so many updates; `exponential` undoes the logarithm.
    pub fn new(bank: FilterBank, updates: usize, exponential: fn(f32) -> f32) -> Self {
        let bins = bank.weights().ncols();
        Self { inverse: BankInverse::new(bank, updates), bins, exponential }
    }
}

impl Inverse for Filtered {
    fn magnitude(&mut self, mut image: Array2<f32>) -> Array2<f32> {
        image.mapv_inplace(self.exponential);
        let mut magnitude = Array2::zeros((self.bins, image.ncols()));
        let mut spectrum = vec![0.0; self.bins];
        let mut bands = vec![0.0; image.nrows()];
        for (frame, mut column) in image.columns().into_iter().zip(magnitude.columns_mut()) {
            for (band, &value) in bands.iter_mut().zip(frame) {
                *band = value;
            }
            self.inverse.invert(&bands, &mut spectrum);
            for (target, &value) in column.iter_mut().zip(&spectrum) {
                *target = value;
            }
        }
        magnitude
    }
}
