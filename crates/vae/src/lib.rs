//! The convolutional variational autoencoder. It knows tensors only, no audio.
//!
//! [`config`] describes a model. The layers ([`conv`], [`batch_norm`], `stack`, `fused`) compute in main
//! memory; `portable` is the same by candle's operations, for GPUs. [`trainer`] trains; everything else computes with a [`snapshot`].
//!
//! *The tutorial*, wherever it is mentioned, is [Generating Sound with Neural
//! Networks](https://www.youtube.com/playlist?list=PL-wATfeyAMNpEyENTc-tVH5tfLGKtSWPp) by Valerio Velardo; `docs/tutorial.md` has more.

pub mod advice;
mod architecture;
pub mod augmentation;
pub mod batch_norm;
mod batch_source;
mod batches;
pub mod checkpoint;
pub mod config;
pub mod conv;
pub mod device;
mod elementwise;
pub mod error;
pub mod events;
mod fused;
mod initial;
pub mod keras;
mod limits;
pub mod linear_path;
pub mod loss;
mod model;
pub mod moving_folder;
pub mod onnx;
mod optimiser;
mod passes;
mod portable;
mod precise;
pub mod preset;
pub mod random;
pub mod schedule;
mod schedule_kinds;
pub mod snapshot;
#[cfg(feature = "spans")]
pub mod spans;
pub mod split;
mod stack;
mod state;
pub mod steering;
mod step_memory;
mod tasks;
mod tensors;
pub mod trainer;
pub mod training_config;
mod weight_average;
mod weights;
mod workspace;
