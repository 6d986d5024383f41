//! Rows that are filtered magnitudes.

use ndarray::Array2;

use super::transform::{Transform, write_norms};
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

    /// The rows of every frame of `signal`, `[rows, frames]`: of its magnitude, the root of its power plus `offset`.
    pub fn image(&mut self, transform: &mut Transform, signal: &[f32], offset: f32) -> Array2<f32> {
        let mut image = Array2::zeros((self.rows.len(), transform.frames(signal.len())));
        transform.each_frame(signal, |t, spectrum| {
            write_norms(spectrum, offset, &mut self.magnitude);
            self.filters.apply(&self.magnitude, &mut self.rows);
            for (target, row) in image.column_mut(t).iter_mut().zip(&self.rows) {
                *target = *row;
            }
        });
        image
    }
}
