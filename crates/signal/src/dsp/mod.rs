//! Pure signal mathematics on slices and arrays: no files, no threads.
//!
//! The signal path is librosa's: [`stft`] frames and transforms, [`decibel`], [`mel`] and [`log_frequency`]
//! turn magnitudes into perceptual features, [`normalise`] maps them to a model's range, and [`griffin_lim`] returns to samples.
//! [`resample`] converts sample rates without a shift in time.

pub mod bank_inverse;
pub mod crossfade;
pub mod decibel;
pub mod envelope;
pub mod fade;
pub mod filter_bank;
mod frame_pairs;
pub mod frequency_scale;
pub mod griffin_lim;
pub mod level;
pub mod log_frequency;
pub mod logarithm;
pub mod mel;
mod mirror;
pub mod normalise;
pub mod onset;
pub mod pad;
pub mod phase_estimate;
pub mod phase_gradient;
pub mod pitch;
mod real_transform;
pub mod resample;
pub mod spectral_distance;
pub mod stft;
pub mod unit_circle;
pub mod window;
