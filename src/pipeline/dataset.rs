//! Images in memory, with what is known about each.

use std::{
    collections::HashMap,
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use ndarray::{Array2, Array3, ArrayD, ArrayView2, Axis, Ix2};
use ndarray_npy::{ReadNpyError, ReadNpyExt as _};
use rayon::prelude::*;
use walkdir::WalkDir;

use super::{
    config::{ClipDuration, PreprocessingConfig},
    labels,
    manifest::{self, Manifest, ManifestItem, display_name},
    min_max_values::{self, MinMaxValues, SLIP},
    preprocessing::{PipelineError, check_size},
    saver::FEATURES,
    stages::{Flag, MinMax},
};
use crate::audio::folder::Skipped;

/// What is known about one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Path below the folder, with `/` between parts: the name people see.
    pub name: String,
    /// The recording, where it is known.
    pub source: Option<PathBuf>,
    /// Class, or empty.
    pub class: String,
    /// Values before normalisation.
    pub min_max: MinMax,
    /// Remarks.
    pub flags: Vec<Flag>,
}

/// Normalised images of one size, `[items, bins, frames]`.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// The settings that made the images.
    pub config: PreprocessingConfig,
    /// One entry an image.
    pub items: Vec<Item>,
    /// The images, in the configuration's normalised range.
    pub images: Array3<f32>,
    /// Recordings that were left out, with their causes.
    pub skipped: Vec<Skipped>,
    /// Remarks on the whole, for a person: what was missing and what was assumed instead.
    pub notes: Vec<String>,
}

/// Assumed for images whose extremes nobody kept: the level of a loud recording, 80 dB deep.
const ASSUMED_MIN_MAX: MinMax = MinMax { min: -55.0, max: 25.0 };

impl Dataset {
    /// Opens what `preprocess` or the tutorial's Python wrote.
    ///
    /// Python's folder has no `preprocessing.json`: the tutorial's settings are assumed and [`Self::notes`] says
    /// so, as it does where minimum and maximum of the images are not known.
    ///
    /// # Errors
    /// When the folder holds no images, images of different sizes, or values that cannot be read.
    pub fn open(folder: &Path) -> Result<Self, PipelineError> {
        Ok(Self::open_with(folder, read_images)?.0)
    }

    /// [`Self::open`] without the images, and the file of each: all that is known of a data set that does not fit in
    /// memory. `images` is `[0, bins, frames]`; only the first file is looked into.
    ///
    /// # Errors
    /// When the folder holds no images, or the first cannot be read.
    pub fn open_index(folder: &Path) -> Result<(Self, Vec<PathBuf>), PipelineError> {
        Self::open_with(folder, |features, files| {
            let (bins, frames) = first_size(features, files)?;
            Ok(Array3::zeros((0, bins, frames)))
        })
    }

    fn open_with(
        folder: &Path,
        read: impl FnOnce(&Path, &[PathBuf]) -> Result<Array3<f32>, PipelineError>,
    ) -> Result<(Self, Vec<PathBuf>), PipelineError> {
        let features = folder.join(FEATURES);
        if !features.is_dir() {
            let cause =
                "there is no folder `spectrograms` in it; name the folder that `preprocess --out` wrote";
            return Err(PipelineError::read(folder, cause));
        }
        let manifest_path = folder.join(manifest::FILE_NAME);
        let manifest = Manifest::read(&manifest_path)?;
        if manifest.as_ref().is_some_and(|manifest| !manifest.complete) {
            let cause = "preprocessing was interrupted before its end; run it again";
            return Err(PipelineError::read(&manifest_path, cause));
        }
        let files = feature_files(&features)?;
        let mut dataset = Self { images: read(&features, &files)?, ..Self::default() };
        let values = dataset.read_min_max(folder)?;
        dataset.take_settings(manifest.as_ref(), &files);
        dataset.take_items(&features, &files, manifest, &values);
        Ok((dataset, files.into_iter().map(|file| features.join(file)).collect()))
    }

    /// Whether `folder` looks like a preprocessed folder rather than one of recordings.
    pub fn is_preprocessed(folder: &Path) -> bool {
        folder.join(FEATURES).is_dir()
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// `(bins, frames)`.
    pub fn image_shape(&self) -> (usize, usize) {
        (self.images.len_of(Axis(1)), self.images.len_of(Axis(2)))
    }

    /// One image, `[bins, frames]`, in the normalised range.
    pub fn image(&self, index: usize) -> ArrayView2<'_, f32> {
        self.images.index_axis(Axis(0), index)
    }

    /// The median minimum and maximum, for a latent vector that came from no file.
    pub fn median_min_max(&self) -> MinMax {
        let median = |value: fn(&Item) -> f32| {
            let mut values: Vec<f32> = self.items.iter().map(value).collect();
            values.sort_by(f32::total_cmp);
            let middle = values.len() / 2;
            match (values.get(middle.saturating_sub(1)), values.get(middle)) {
                (Some(below), Some(above)) if values.len().is_multiple_of(2) => Some(below.midpoint(*above)),
                (_, middle) => middle.copied(),
            }
        };
        match (median(|item| item.min_max.min), median(|item| item.min_max.max)) {
            (Some(min), Some(max)) => MinMax { min, max },
            _ => ASSUMED_MIN_MAX,
        }
    }

    /// Reads `min_max_values.pkl`, noting what is wrong with it.
    fn read_min_max(&mut self, folder: &Path) -> Result<MinMaxValues, PipelineError> {
        let path = folder.join(min_max_values::FILE_NAME);
        let Some(values) = MinMaxValues::read(&path)? else {
            self.notes.push(format!(
                "{} is missing: the images can be learnt, but the level of sounds made from them is a guess",
                path.display()
            ));
            return Ok(MinMaxValues::default());
        };
        if values.slip().is_some() {
            self.notes.push(format!(
                "{} {SLIP}. That last file's minimum and maximum serve all images; preprocess the recordings again for \
                 their own",
                path.display()
            ));
        }
        Ok(values)
    }

    /// The settings of the manifest, or those that the images suggest.
    fn take_settings(&mut self, manifest: Option<&Manifest>, files: &[PathBuf]) {
        if let Some(manifest) = manifest {
            self.config = manifest.settings.clone();
            self.config.duration = self.config.duration_of(manifest.padded_samples);
            return;
        }
        let (bins, frames) = self.image_shape();
        if self.config.image_shape() != Some((bins, frames)) {
            self.config.frame_size = bins * 2;
            self.config.hop_length = bins;
            self.config.duration = ClipDuration::Full;
            self.config.duration = self.config.duration_of((frames.saturating_sub(1)) * bins);
        }
        let recordings: Vec<PathBuf> = files.iter().map(|file| file.with_extension("")).collect();
        self.config.labels = labels::guess_pattern(recordings.iter().map(PathBuf::as_path));
        self.notes.push(format!(
            "there is no preprocessing.json: log spectrograms at {} Hz, frame {} and hop {} are assumed",
            self.config.sample_rate_hz, self.config.frame_size, self.config.hop_length
        ));
    }

    /// One item an image, from the manifest where it lists it.
    fn take_items(
        &mut self,
        features: &Path,
        files: &[PathBuf],
        manifest: Option<Manifest>,
        values: &MinMaxValues,
    ) {
        let has_manifest = manifest.is_some();
        let mut listed: HashMap<String, ManifestItem> = HashMap::new();
        let mut source = None;
        if let Some(manifest) = manifest {
            source = Some(PathBuf::from(manifest.source));
            listed.extend(manifest.items.into_iter().map(|item| (item.name.clone(), item)));
            self.skipped.extend(
                manifest
                    .skipped
                    .into_iter()
                    .map(|skip| Skipped { path: skip.path.into(), cause: skip.cause }),
            );
        }
        let (mut unlisted, mut assumed) = (0, 0);
        for file in files {
            let recording = file.with_extension("");
            let name = display_name(&recording);
            let item = listed.remove(&name);
            unlisted += usize::from(has_manifest && item.is_none());
            let kept = item.as_ref().and_then(|item| item.min_max);
            let found =
                values.get(&features.join(file), &display_name(file)).or_else(|| values.slip()).or(kept);
            assumed += usize::from(found.is_none());
            let class = item.as_ref().map(|item| item.class.clone());
            self.items.push(Item {
                source: source.as_ref().map(|folder| folder.join(&recording)),
                class: class.unwrap_or_else(|| labels::class_of(&recording, &self.config.labels)),
                min_max: found.unwrap_or(ASSUMED_MIN_MAX),
                flags: item.map(|item| item.flags).unwrap_or_default(),
                name,
            });
        }
        let mut note = |count: usize, text: &str| {
            if count > 0 {
                self.notes.push(format!("{count} of {} images {text}", files.len()));
            }
        };
        note(unlisted, "are not listed in preprocessing.json");
        note(assumed, "have no known minimum and maximum: typical ones are assumed");
        if !listed.is_empty() {
            self.notes.push(format!("{} images that preprocessing.json lists are gone", listed.len()));
        }
    }
}

/// The `.npy` files below `features`, relative to it, sorted.
pub(super) fn feature_files(features: &Path) -> Result<Vec<PathBuf>, PipelineError> {
    let mut files = Vec::new();
    for entry in WalkDir::new(features) {
        let entry = entry.map_err(|error| PipelineError::read(features, error))?;
        let hidden = entry.file_name().as_encoded_bytes().first() == Some(&b'.');
        if entry.file_type().is_file() && !hidden && entry.path().extension().is_some_and(|e| e == "npy") {
            files.push(entry.path().strip_prefix(features).unwrap_or(entry.path()).to_path_buf());
        }
    }
    // The order of the recordings, whose names lack `.npy`.
    files.sort_by_cached_key(|file| file.with_extension(""));
    Ok(files)
}

/// `(bins, frames)` of the first image.
fn first_size(features: &Path, files: &[PathBuf]) -> Result<(usize, usize), PipelineError> {
    let Some(first) = files.first() else {
        return Err(PipelineError::read(features, "there is no .npy file in it; run `preprocess` first"));
    };
    Ok(read_image(&features.join(first))?.dim())
}

/// All images, which must be of one size.
fn read_images(features: &Path, files: &[PathBuf]) -> Result<Array3<f32>, PipelineError> {
    let (bins, frames) = first_size(features, files)?;
    check_size(files.len(), bins, frames)?;
    let mut images = Array3::zeros((files.len(), bins, frames));
    let rows: Vec<_> = images.outer_iter_mut().collect();
    rows.into_par_iter().zip(files).try_for_each(|(mut row, file)| {
        let path = features.join(file);
        row.assign(&read_image_of((bins, frames), &path)?);
        Ok::<(), PipelineError>(())
    })?;
    Ok(images)
}

/// [`read_image`] of a data set whose images are `bins` × `frames`.
///
/// # Errors
/// When the file cannot be read, or holds an image of another size or values that are no numbers.
pub fn read_image_of((bins, frames): (usize, usize), path: &Path) -> Result<Array2<f32>, PipelineError> {
    let image = read_image(path)?;
    if image.dim() != (bins, frames) {
        let (other_bins, other_frames) = image.dim();
        let cause = format!(
            "it is {other_bins} x {other_frames}, but others are {bins} x {frames}; preprocess all recordings with the \
             same settings"
        );
        return Err(PipelineError::read(path, cause));
    }
    if image.iter().any(|value| !value.is_finite()) {
        return Err(PipelineError::read(path, "it holds NaN or infinity; preprocess this recording again"));
    }
    Ok(image)
}

/// Reads one image, `[bins, frames]`: float32 or float64, in either memory order, with or without an axis for
/// one channel, as Timbrespace and Python write them.
///
/// # Errors
/// When the file cannot be read or holds no image.
pub fn read_image(path: &Path) -> Result<Array2<f32>, PipelineError> {
    let open = || File::open(path).map(BufReader::new).map_err(|error| PipelineError::read(path, error));
    let array = match ArrayD::<f32>::read_npy(open()?) {
        Err(ReadNpyError::WrongDescriptor(_)) => ArrayD::<f64>::read_npy(open()?)
            .map(|array| array.mapv(|value| value as f32))
            .map_err(|error| PipelineError::read(path, error))?,
        other => other.map_err(|error| PipelineError::read(path, error))?,
    };
    let shape = array.shape().to_vec();
    let array = match shape.as_slice() {
        [_, _, 1] => array.index_axis_move(Axis(2), 0),
        [1, _, _] => array.index_axis_move(Axis(0), 0),
        _ => array,
    };
    match array.into_dimensionality::<Ix2>() {
        Ok(image) if !image.is_empty() => Ok(image),
        _ => {
            Err(PipelineError::read(path, format!("its shape is {shape:?}, but an image has [bins, frames]")))
        }
    }
}

#[cfg(test)]
mod tests;
