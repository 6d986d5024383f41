//! Where the vectors lie and how they are read.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use ndarray::{Array1, Array2, ArrayD};
use ndarray_npy::ReadNpyExt as _;
use timbrespace::pipeline::config::{ClipDuration, PreprocessingConfig};

/// One set of vectors.
pub struct Vectors {
    pub name: &'static str,
    pub root: PathBuf,
    /// How much of every recording its spectrograms show.
    duration_secs: f64,
}

impl Vectors {
    /// Our own vectors, which are always there.
    pub fn own() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
        Self { name: "own", root, duration_secs: 0.25 }
    }

    /// The shared vectors; tests that need them are ignored where they are absent.
    pub fn shared() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
        Self { name: "shared", root, duration_secs: 0.74 }
    }

    /// The settings of its spectrograms.
    pub fn config(&self) -> PreprocessingConfig {
        PreprocessingConfig {
            duration: ClipDuration::Seconds(self.duration_secs),
            ..PreprocessingConfig::default()
        }
    }

    /// The folders below `kind`, one a recording, sorted.
    pub fn recordings(&self, kind: &str) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> =
            std::fs::read_dir(self.root.join(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        assert!(!folders.is_empty());
        folders
    }

    /// The sound file of a recording's folder.
    pub fn sound_file(&self, recording: &Path) -> PathBuf {
        let stem = recording.file_name().unwrap();
        std::fs::read_dir(self.root.join("audio"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| {
                path.file_stem() == Some(stem) && !["aiff", "mp3"].map(Some).contains(&extension(path))
            })
            .unwrap()
    }
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|extension| extension.to_str())
}

pub fn stem(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

pub fn array(folder: &Path, name: &str) -> ArrayD<f32> {
    let path = folder.join(format!("{name}.npy"));
    ArrayD::read_npy(File::open(&path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn signal(folder: &Path, name: &str) -> Vec<f32> {
    let array: Array1<f32> = array(folder, name).into_dimensionality().unwrap();
    array.to_vec()
}

pub fn image(folder: &Path, name: &str) -> Array2<f32> {
    array(folder, name).into_dimensionality().unwrap()
}
