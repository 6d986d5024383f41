//! Files for a person or for other programs: figures, sounds, tables, ONNX models and TensorBoard's event files.

pub(crate) mod event_file;
pub mod figures;
pub mod map_list;
pub mod onnx;
pub(crate) mod tensorboard;
pub mod vector_files;
