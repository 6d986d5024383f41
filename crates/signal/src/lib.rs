//! Timbrespace's signal path: from a file's bytes to a normalised image and back to sound, with librosa's numbers.
//!
//! [`dsp`] is mathematics on slices and arrays, [`audio`] clips, decoding, encoding, folders and the demo sounds, [`pipeline`] the
//! stages that make recordings images and images sounds. Nothing here knows of models, windows or sound cards.
//!
//! *The tutorial*, wherever it is mentioned, is [Generating Sound with Neural
//! Networks](https://www.youtube.com/playlist?list=PL-wATfeyAMNpEyENTc-tVH5tfLGKtSWPp) by Valerio Velardo; `docs/tutorial.md` has more.

pub mod audio;
pub mod dsp;
pub mod pipeline;
