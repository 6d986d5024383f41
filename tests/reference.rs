//! Timbrespace's signal path against librosa's, within the tolerances that the project promises.
//!
//! Two sets of vectors: a few of our own in `tests/vectors` (made by `scripts/make_vectors.py`), and the larger
//! set in `../shared/reference`; where the latter is absent, its tests are ignored (`build.rs`).
//! So are those that need a Python with NumPy or librosa, where there is none.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]
#![expect(clippy::print_stdout, reason = "figures are read in the output of tests")]

#[path = "reference/decode_with_python.rs"]
mod decode_with_python;
#[path = "reference/differences.rs"]
mod differences_fail;
#[path = "reference/griffin_lim.rs"]
mod griffin_lim;
#[path = "reference/interpreter.rs"]
mod interpreter;
#[path = "reference/librosa_code.rs"]
mod librosa_code;
#[path = "reference/log_frequency.rs"]
mod log_frequency;
#[path = "reference/mel_inverse.rs"]
mod mel_inverse;
#[path = "reference/python.rs"]
mod python;
#[path = "reference/resample.rs"]
mod resample;
#[path = "reference/signal_path.rs"]
mod signal_path;
#[path = "reference/vectors.rs"]
mod vectors;
