//! Where the gradients of one sample go.

use super::channels::Target;

/// Destinations of the gradients of one sample.
pub(super) struct Gradients<'a, F> {
    /// Gradient of the weights, `[patch, map channels]`; overwritten or added to, as `accumulate` says.
    pub weight: &'a mut [f32],
    pub accumulate: bool,
    /// Sum of the output's gradient over each channel; always added to.
    pub bias: &'a mut [f64],
    /// Gradient of the input, if it is needed.
    pub input: Option<Target<'a, F>>,
}
