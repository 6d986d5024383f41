//! Where the gradients of one sample go.

use std::ops::Range;

use super::channels::Target;

/// Destinations of the gradients of one sample.
pub(super) struct Gradients<'a, F> {
    /// Gradient of the weights of some image channels, `[their patch, map channels]`; overwritten or added to, as `accumulate`
    /// says.
    pub weight: &'a mut [f32],
    /// These image channels: all of them where the gradient of the input is needed.
    pub channels: Range<usize>,
    pub accumulate: bool,
    /// Sum of the output's gradient over each channel; always added to. Where the output is the image, of these channels; where
    /// it is the map, only with the first ones.
    pub bias: &'a mut [f64],
    /// Gradient of the input, if it is needed.
    pub input: Option<Target<'a, F>>,
}
