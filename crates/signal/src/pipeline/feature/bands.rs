//! Rows that are filtered magnitudes.

use ndarray::Array2;
use rustfft::num_complex::Complex32;

use crate::dsp::filter_bank::FilterBank;

/// Filters with their buffers.
#[derive(Clone)]
pub(super) struct Bands {
    filters: FilterBank,
    /// One frame's magnitude.
    magnitude: Vec<f32>,
    /// One frame's rows.
    rows: Vec<f32>,
}

impl Bands {
    /// The rows of `filters`.
    pub fn new(filters: FilterBank) -> Self {
        let (rows, bins) = filters.weights().dim();
        Self { filters, magnitude: vec![0.0; bins], rows: vec![0.0; rows] }
    }

    /// The image of a transform, `[frames, bins]`: `[rows, frames]`. `magnitude` is taken of each bin, `value` of each row.
    pub fn image(
        &mut self,
        spectra: &Array2<Complex32>,
        magnitude: impl Fn(Complex32) -> f32,
        value: impl Fn(f32) -> f32,
    ) -> Array2<f32> {
        let mut image = Array2::zeros((self.rows.len(), spectra.nrows()));
        for (mut column, frame) in image.columns_mut().into_iter().zip(spectra.outer_iter()) {
            let bins = frame.to_slice().unwrap_or_default();
            for (target, bin) in self.magnitude.iter_mut().zip(bins) {
                *target = magnitude(*bin);
            }
            self.filters.apply(&self.magnitude, &mut self.rows);
            for (target, row) in column.iter_mut().zip(&self.rows) {
                *target = value(*row);
            }
        }
        image
    }
}
