//! Fifth stage: images to files.

use std::{
    ffi::OsString,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use ndarray::{Array2, ArrayView1};
use ndarray_npy::{WritableElement, WriteNpyExt as _};

use super::{config::PreprocessingConfig, error::PipelineError};
use timbrespace_base::atomic_file::{self, Durability};

/// Folder of the features in a preprocessed folder.
pub const FEATURES: &str = "spectrograms";
/// Folder of the padded signals.
pub const SIGNALS: &str = "signals";
/// Folder of the magnitudes.
pub const MAGNITUDES: &str = "magnitudes";

/// What there is to save of one recording.
#[derive(Clone, Copy, Debug)]
pub struct Arrays<'a> {
    /// The normalised feature, `[bins, frames]`.
    pub feature: &'a Array2<f32>,
    /// The padded signal, when [`Saver::wants_stages`].
    pub padded: Option<&'a [f32]>,
    /// The magnitude, `[bins, frames]`, when [`Saver::wants_stages`].
    pub magnitude: Option<&'a Array2<f32>>,
}

/// Saves what came of one recording; shared by all threads.
pub trait Saver: Send + Sync {
    /// Whether signal and magnitude are to be handed over as well.
    fn wants_stages(&self) -> bool;

    /// Saves the arrays of the recording `relative` in the preprocessed folder `out`.
    ///
    /// # Errors
    /// When the disk refuses; the file is named.
    fn save(&self, out: &Path, relative: &Path, arrays: &Arrays<'_>) -> Result<(), PipelineError>;

    /// The files that [`Self::save`] writes for the recording `relative`.
    fn files(&self, out: &Path, relative: &Path) -> Vec<PathBuf>;
}

/// One `.npy` file a recording: `out/spectrograms/<relative path with extension>.npy`, float32 in C order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NpySaver {
    signal: bool,
    magnitude: bool,
}

impl NpySaver {
    /// A saver with the settings of `config`.
    pub fn new(config: &PreprocessingConfig) -> Self {
        Self { signal: config.save_signal, magnitude: config.save_magnitude }
    }
}

/// `out/<kind>/<relative>.npy`: the extension stays, so `x.wav` and `x.flac` never meet.
pub fn npy_path(out: &Path, kind: &str, relative: &Path) -> PathBuf {
    let mut name: OsString = relative.as_os_str().to_owned();
    name.push(".npy");
    out.join(kind).join(name)
}

impl Saver for NpySaver {
    fn wants_stages(&self) -> bool {
        self.signal || self.magnitude
    }

    fn save(&self, out: &Path, relative: &Path, arrays: &Arrays<'_>) -> Result<(), PipelineError> {
        if let (true, Some(padded)) = (self.signal, arrays.padded) {
            write_npy(&npy_path(out, SIGNALS, relative), &ArrayView1::from(padded))?;
        }
        if let (true, Some(magnitude)) = (self.magnitude, arrays.magnitude) {
            write_npy(&npy_path(out, MAGNITUDES, relative), magnitude)?;
        }
        write_npy(&npy_path(out, FEATURES, relative), arrays.feature)
    }

    fn files(&self, out: &Path, relative: &Path) -> Vec<PathBuf> {
        let kinds = [(FEATURES, true), (SIGNALS, self.signal), (MAGNITUDES, self.magnitude)];
        let written = kinds.into_iter().filter(|(_, written)| *written);
        written.map(|(kind, _)| npy_path(out, kind, relative)).collect()
    }
}

/// Writes an array in C order, creating its folder; the old file stays until the new one is complete.
///
/// # Errors
/// When the disk refuses; the file is named.
pub fn write_npy<A, S, D>(path: &Path, array: &ndarray::ArrayBase<S, D>) -> Result<(), PipelineError>
where
    A: WritableElement,
    S: ndarray::Data<Elem = A>,
    D: ndarray::Dimension,
{
    atomic_file::write(path, Durability::Renamed, |file| array.write_npy(file).map_err(std::io::Error::other))
        .map_err(|error| match (error.kind(), path.file_stem()) {
            (ErrorKind::InvalidFilename, Some(name)) => PipelineError::NameTooLong { bytes: name.len() },
            _ => PipelineError::write(path, error),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray_npy::ReadNpyExt as _;

    #[test]
    fn one_name_in_two_folders_is_two_files() {
        let out = tempfile::tempdir().unwrap();
        let saver = NpySaver { signal: true, magnitude: false };
        let feature = ndarray::array![[0.0_f32, 1.0]];
        let arrays = Arrays { feature: &feature, padded: Some(&[0.5, 0.25]), magnitude: None };
        for name in ["a/x.wav", "b/x.wav", "b/x.flac"] {
            saver.save(out.path(), Path::new(name), &arrays).unwrap();
            let path = out.path().join("spectrograms").join(format!("{name}.npy"));
            let back = Array2::<f32>::read_npy(std::fs::File::open(path).unwrap()).unwrap();
            assert_eq!(back, feature);
            let files =
                ["spectrograms", "signals"].map(|kind| out.path().join(kind).join(format!("{name}.npy")));
            assert_eq!(saver.files(out.path(), Path::new(name)), files);
            assert!(files.iter().all(|file| file.is_file()), "{files:?}");
        }
    }
}
