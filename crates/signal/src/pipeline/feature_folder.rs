//! A folder of images as the tutorial's Python or `preprocess` wrote it, opened file by file.
//!
//! [`super::dataset::Dataset::open`] reads such a folder whole and wants images of one size; here nothing but the
//! names and extremes are read, so that a folder with something wrong in it can be looked at, too.

use std::path::{Path, PathBuf};

use ndarray::Array2;

pub use super::manifest::display_name;
use super::{
    config::PreprocessingConfig,
    dataset::{feature_files, read_image},
    manifest::{self, Manifest},
    min_max_values::{self, MinMaxValues},
    preprocessing::PipelineError,
    saver::FEATURES,
    stages::MinMax,
};
use timbrespace_base::{names::shown, sentence, sentence::Sentence};

/// What became of `min_max_values.pkl`.
#[derive(Clone, Debug, PartialEq)]
pub enum Extremes {
    /// It was read.
    Read(PathBuf),
    /// It holds one entry under the key None: the save function that wrote it returned no path.
    OnlyNone(PathBuf, MinMax),
    /// It cannot be read: why, with its path.
    Damaged(PathBuf, Sentence),
    /// There is none.
    Missing,
}

impl Extremes {
    /// What a person should know about them, unless they were simply read.
    pub fn note(&self) -> Option<Sentence> {
        match self {
            Self::Read(_) => None,
            Self::Damaged(path, cause) => {
                let note = sentence!(
                    "parity-note-unreadable-extremes",
                    "cannot read {path}: {cause}; so minimum and maximum before normalisation cannot be compared",
                    path = shown(path),
                    cause = cause
                );
                Some(note.nesting("cause", cause.clone()))
            }
            Self::Missing => Some(sentence!(
                "parity-note-no-extremes",
                "there is no min_max_values.pkl beside the images: their minimum and maximum before normalisation are \
                 unknown, so another reference level cannot be seen"
            )),
            Self::OnlyNone(path, last) => Some(sentence!(
                "parity-note-slip",
                "{path} holds one entry under the key None: the Python that wrote it returned no path from its save function, \
                 so every file overwrote the one before. Its one entry ({min} to {max}) is the last file's, so minimum and \
                 maximum cannot be compared; return save_path from the save function and run it again",
                path = shown(path),
                min = format!("{:.2}", last.min),
                max = format!("{:.2}", last.max)
            )),
        }
    }
}

/// A folder of `.npy` images with what lies beside them.
#[derive(Debug)]
pub struct FeatureFolder {
    /// Where the images lie: the folder itself or its `spectrograms`.
    pub features: PathBuf,
    /// The images, relative to [`Self::features`], sorted.
    pub files: Vec<PathBuf>,
    /// The settings of `preprocessing.json`, with its images' length, where there is one.
    pub settings: Option<PreprocessingConfig>,
    /// What became of the extremes.
    pub extremes: Extremes,
    values: MinMaxValues,
}

impl FeatureFolder {
    /// Opens a folder that holds `spectrograms/` with `min_max_values.pkl` beside it, or the `.npy` files themselves; the
    /// pickle may lie in either of the two folders.
    ///
    /// # Errors
    /// When there is no such folder, no image in it, or a pickle or `preprocessing.json` that cannot be read.
    pub fn open(folder: &Path) -> Result<Self, PipelineError> {
        if !folder.is_dir() {
            let cause = sentence!("error-no-folder", "there is no such folder; check the path");
            return Err(PipelineError::refused(folder, cause));
        }
        let below = folder.join(FEATURES);
        let (features, beside) = if below.is_dir() {
            (below, folder.to_path_buf())
        } else {
            (folder.to_path_buf(), parent_of(folder))
        };
        let files = feature_files(&features)?;
        if files.is_empty() {
            let cause = sentence!(
                "parity-no-images",
                "there is no .npy file in it; name the folder that the Python pipeline wrote, which holds `spectrograms` and \
                 `min_max_values.pkl`"
            );
            return Err(PipelineError::refused(&features, cause));
        }
        let places = if features == folder {
            vec![
                features.join(min_max_values::FILE_NAME),
                beside.join(min_max_values::FILE_NAME),
                beside.join(min_max_values::FOLDER).join(min_max_values::FILE_NAME),
            ]
        } else {
            vec![min_max_values::find(folder)]
        };
        let (extremes, values) = read_extremes(&places);
        let mut settings = None;
        for place in [&features, &beside] {
            if let (None, Some(manifest)) = (&settings, Manifest::read(&place.join(manifest::FILE_NAME))?) {
                let mut found = manifest.settings;
                found.duration = found.duration_of(manifest.padded_samples);
                settings = Some(found);
            }
        }
        Ok(Self { features, files, settings, extremes, values })
    }

    /// One image, `[bins, frames]`.
    ///
    /// # Errors
    /// When the file cannot be read or holds no image.
    pub fn image(&self, file: &Path) -> Result<Array2<f32>, PipelineError> {
        read_image(&self.features.join(file))
    }

    /// What a person should know about the extremes.
    pub fn notes(&self) -> Vec<Sentence> {
        self.extremes.note().into_iter().chain(self.values.notes.iter().cloned()).collect()
    }

    /// What the pickle says about one image: found by its whole path, its path below `spectrograms`, or its name.
    pub fn min_max(&self, file: &Path) -> Option<MinMax> {
        self.values.get(&self.features.join(file), &display_name(file))
    }
}

fn parent_of(folder: &Path) -> PathBuf {
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => folder.join(".."),
    }
}

fn read_extremes(paths: &[PathBuf]) -> (Extremes, MinMaxValues) {
    for path in paths {
        match MinMaxValues::open(path) {
            Ok(None) => {}
            Err(cause) => return (Extremes::Damaged(path.clone(), cause), MinMaxValues::default()),
            Ok(Some(values)) => {
                let extremes = match values.slip() {
                    Some(last) => Extremes::OnlyNone(path.clone(), last),
                    None => Extremes::Read(path.clone()),
                };
                return (extremes, values);
            }
        }
    }
    (Extremes::Missing, MinMaxValues::default())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ShapeBuilder as _};
    use ndarray_npy::write_npy;

    use super::*;

    const A: MinMax = MinMax { min: -55.0, max: 25.0 };

    fn images(folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        let image = Array2::from_shape_fn((4, 3).f(), |(bin, frame)| bin as f32 + 10.0 * frame as f32);
        write_npy(folder.join("x.wav.npy"), &image).unwrap();
    }

    #[test]
    fn the_folder_may_be_the_whole_or_the_images_alone() {
        let place = tempfile::tempdir().unwrap();
        images(&place.path().join(FEATURES));
        let key = "/elsewhere/spectrograms/x.wav.npy".to_owned();
        min_max_values::write(&place.path().join(min_max_values::FILE_NAME), &[(key, A)]).unwrap();
        for folder in [place.path().to_path_buf(), place.path().join(FEATURES)] {
            let opened = FeatureFolder::open(&folder).unwrap();
            assert_eq!(opened.files, [PathBuf::from("x.wav.npy")]);
            assert_eq!(opened.min_max(&opened.files[0]), Some(A));
            assert_eq!(opened.image(&opened.files[0]).unwrap()[[3, 2]], 23.0);
            assert!(opened.settings.is_none() && matches!(opened.extremes, Extremes::Read(_)));
        }
    }

    #[test]
    fn a_pickle_of_one_nameless_entry_is_told_apart_from_none_at_all() {
        let place = tempfile::tempdir().unwrap();
        images(place.path());
        assert_eq!(FeatureFolder::open(place.path()).unwrap().extremes, Extremes::Missing);
        let path = place.path().join(min_max_values::FILE_NAME);
        // pickle.dumps({None: {"min": -55.0, "max": 25.0}}, 0)
        std::fs::write(&path, b"(dp0\nN(dp1\nVmin\np2\nF-55.0\nsVmax\np3\nF25.0\nss.").unwrap();
        let opened = FeatureFolder::open(place.path()).unwrap();
        assert_eq!(opened.extremes, Extremes::OnlyNone(path, A));
        assert_eq!(opened.min_max(&opened.files[0]), None, "it belongs to one image, nobody knows which");
    }

    #[test]
    fn a_folder_without_images_says_what_to_name() {
        let place = tempfile::tempdir().unwrap();
        let error = FeatureFolder::open(place.path()).unwrap_err().to_string();
        assert!(error.contains("no .npy file") && error.contains("min_max_values.pkl"), "{error}");
        let error = FeatureFolder::open(&place.path().join("none")).unwrap_err().to_string();
        assert!(error.contains("no such folder"), "{error}");
    }
}
