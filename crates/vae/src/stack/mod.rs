//! Stacks of convolution, bias, `ReLU` and batch norm: the convolutional parts of encoder and decoder, on slices.
//!
//! A whole stack is one operation, because its tensors are the largest of the model and each avoided pass over them
//! saves time. `layer` says which parameters a layer has, `pass` computes forward and backward.

pub(crate) mod layer;
pub(crate) mod pass;
#[cfg(test)]
mod tests;
