//! Files for a person or for other programs: figures, sounds, tables, models for ONNX and Keras, and TensorBoard's event files.

pub(crate) mod event_file;
pub mod figures;
pub mod keras;
pub mod map_list;
pub mod onnx;
pub(crate) mod tensorboard;
pub mod vector_files;

/// What jobs here call their progress.
const STAGE: &str = "exporting";
