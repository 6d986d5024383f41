//! Images in memory, with what is known about each.

mod images;
mod settings;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use ndarray::{Array3, ArrayView2, Axis};

pub(super) use self::images::feature_files;
pub use self::images::{read_image, read_image_of};
use self::{
    images::{Found, Reading},
    settings::Settings,
};
use super::{
    config::PreprocessingConfig,
    error::PipelineError,
    labels,
    manifest::{self, Manifest, ManifestItem, display_name},
    min_max_values::{self, MinMaxValues},
    saver::FEATURES,
    stages::{Flag, MinMax},
};
use crate::audio::{folder::Skipped, left_out::LeftOut};
use timbrespace_base::{
    names::{self, shown},
    sentence,
    sentence::Sentence,
};

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
    /// Names of recordings that a list left out, here or when the folder was preprocessed, sorted.
    pub left_out: Vec<String>,
    /// Images that cannot be used, with their causes.
    pub unreadable: Vec<Skipped>,
    /// Whether [`Self::config`] is what the images were made with, not an assumption.
    pub settings_recorded: bool,
    /// Remarks on the whole, for a person: what was missing and what was assumed instead.
    pub notes: Vec<Sentence>,
}

/// Assumed for images without recorded minimum and maximum: the level of a loud recording, 80 dB deep.
const ASSUMED_MIN_MAX: MinMax = MinMax { min: -55.0, max: 25.0 };

/// Names of images that a remark gives.
const NAMED: usize = 3;

impl Dataset {
    /// Opens what `preprocess` or the tutorial's Python wrote.
    ///
    /// Python's folder has no `preprocessing.json`: the tutorial's settings are assumed and [`Self::notes`] says
    /// so, as it does where minimum and maximum of the images are not known. An image that cannot be used is left out
    /// ([`Self::unreadable`]).
    ///
    /// # Errors
    /// When the folder holds no image that can be used, or the images are not in their normalised range.
    pub fn open(folder: &Path) -> Result<Self, PipelineError> {
        Self::open_assuming(folder, &PreprocessingConfig::default(), &LeftOut::default())
    }

    /// [`Self::open`], where a folder without `preprocessing.json` is taken to be made with `assumed`, if that gives images
    /// of as many bins, and without the images of `left_out`.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_assuming(
        folder: &Path,
        assumed: &PreprocessingConfig,
        left_out: &LeftOut,
    ) -> Result<Self, PipelineError> {
        Ok(Self::open_with(folder, assumed, left_out, Reading::Kept)?.0)
    }

    /// [`Self::open_assuming`] without the images, and the file of each: all that is known of a data set that does not fit
    /// in memory. `images` is `[0, bins, frames]`. Only sizes are looked at: see [`Self::open_checked`].
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_index(
        folder: &Path,
        assumed: &PreprocessingConfig,
        left_out: &LeftOut,
    ) -> Result<(Self, Vec<PathBuf>), PipelineError> {
        Self::open_with(folder, assumed, left_out, Reading::Sizes)
    }

    /// [`Self::open_index`] after a look at every value: images that would end a run later are left out now.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_checked(
        folder: &Path,
        assumed: &PreprocessingConfig,
        left_out: &LeftOut,
    ) -> Result<(Self, Vec<PathBuf>), PipelineError> {
        Self::open_with(folder, assumed, left_out, Reading::Checked)
    }

    fn open_with(
        folder: &Path,
        assumed: &PreprocessingConfig,
        left_out: &LeftOut,
        reading: Reading,
    ) -> Result<(Self, Vec<PathBuf>), PipelineError> {
        let features = folder.join(FEATURES);
        if !features.is_dir() {
            let cause = sentence!(
                "images-no-folder",
                "there is no folder `spectrograms` in it; name the folder that preprocessing wrote"
            );
            return Err(PipelineError::refused(folder, cause));
        }
        let manifest = complete_manifest(&folder.join(manifest::FILE_NAME))?;
        let expected = manifest.as_ref().map(|manifest| manifest.image_shape.into());
        let (all, left_out) = chosen_files(&features, left_out)?;
        let sized = images::sized(&features, all.clone(), expected)?;
        let settings = Settings::of(manifest.as_ref(), assumed, &all, sized.shape);
        let Found { files, unreadable, images } =
            images::read(&features, sized, settings.config.range(), reading)?;
        let mut dataset = Self {
            left_out,
            images,
            config: settings.config,
            settings_recorded: manifest.is_some(),
            notes: settings.note.into_iter().collect(),
            ..Self::default()
        };
        if !unreadable.is_empty() {
            let (count, all) = (unreadable.len(), all.len());
            dataset.notes.push(sentence!(
                "images-note-unusable",
                "{count} of {all} images cannot be used and are left out",
                count = count,
                all = all
            ));
        }
        let values = dataset.read_min_max(folder);
        dataset.take_items(&features, &files, &unreadable, manifest, &values);
        dataset.unreadable = unreadable;
        Ok((dataset, files.into_iter().map(|file| features.join(file)).collect()))
    }

    /// Whether `folder` looks like a preprocessed folder rather than one of recordings.
    pub fn is_preprocessed(folder: &Path) -> bool {
        folder.join(FEATURES).is_dir()
    }

    /// The preprocessed folder whose images lie in `folder`, if `folder` is the part with the images alone.
    pub fn whole_folder(folder: &Path) -> Option<&Path> {
        let parent = folder.parent().filter(|_| folder.ends_with(FEATURES))?;
        Self::is_preprocessed(parent).then_some(parent)
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
        median_of(self.items.iter().map(|item| item.min_max)).unwrap_or(ASSUMED_MIN_MAX)
    }

    /// Reads `min_max_values.pkl`, noting what is wrong with it.
    fn read_min_max(&mut self, folder: &Path) -> MinMaxValues {
        let path = min_max_values::find(folder);
        let values = match MinMaxValues::open(&path) {
            Ok(Some(values)) => values,
            Ok(None) => {
                self.notes.push(sentence!(
                    "images-note-no-extremes",
                    "{path} is missing: the images can be learnt, but the level of sounds made from them is a guess",
                    path = shown(&path)
                ));
                return MinMaxValues::default();
            }
            Err(cause) => {
                let note = sentence!(
                    "images-note-unreadable-extremes",
                    "cannot read {path}: {cause}: the images can be learnt, but the level of sounds made from them is a guess",
                    path = shown(&path),
                    cause = cause
                );
                self.notes.push(note.nesting("cause", cause));
                return MinMaxValues::default();
            }
        };
        self.notes.extend(values.notes.iter().cloned());
        if values.slip().is_some() {
            self.notes.push(sentence!(
                "images-note-slip",
                "{path} holds one entry under the key None: the Python that wrote it returned no path from its save function, \
                 so every file overwrote the one before. That last file's minimum and maximum serve all images; preprocess \
                 the recordings again for their own",
                path = shown(&path)
            ));
        }
        values
    }

    /// One item an image of `files`, from the manifest where it lists it.
    fn take_items(
        &mut self,
        features: &Path,
        files: &[PathBuf],
        unreadable: &[Skipped],
        manifest: Option<Manifest>,
        values: &MinMaxValues,
    ) {
        let has_manifest = manifest.is_some();
        let mut listed: BTreeMap<String, ManifestItem> = BTreeMap::new();
        let mut source = None;
        if let Some(manifest) = manifest {
            source = Some(names::path_from(&manifest.source));
            listed.extend(manifest.items.into_iter().map(|item| (item.name.clone(), item)));
            for name in &self.left_out {
                listed.remove(name);
            }
            self.left_out.extend(manifest.left_out);
            self.left_out.sort();
            self.left_out.dedup();
            let skipped = manifest.skipped.into_iter();
            self.skipped.extend(
                skipped.map(|skip| Skipped { path: names::path_from(&skip.path), cause: skip.cause.into() }),
            );
        }
        let mut unlisted = 0;
        let mut known = Vec::new();
        for file in files {
            let recording = file.with_extension("");
            let name = display_name(&recording);
            let item = listed.remove(&name);
            unlisted += usize::from(has_manifest && item.is_none());
            let kept = item.as_ref().and_then(|item| item.min_max);
            let found = values.get(&features.join(file), &display_name(file)).or_else(|| values.slip());
            known.push(found.or(kept.filter(|kept| kept.is_usable())));
            let class = item.as_ref().map(|item| item.class.clone());
            self.items.push(Item {
                source: source.as_ref().map(|folder| folder.join(&recording)),
                class: class.unwrap_or_else(|| labels::class_of(&recording, &self.config.labels)),
                min_max: ASSUMED_MIN_MAX,
                flags: item.map(|item| item.flags).unwrap_or_default(),
                name,
            });
        }
        for file in unreadable {
            let relative = file.path.strip_prefix(features).unwrap_or(&file.path);
            listed.remove(&display_name(&relative.with_extension("")));
        }
        self.take_extremes(&known);
        if unlisted > 0 {
            let all = files.len();
            self.notes.push(sentence!(
                "images-note-unlisted",
                "{count} of {all} images are not listed in preprocessing.json",
                count = unlisted,
                all = all
            ));
        }
        self.note_gone(listed.keys().map(String::as_str).collect());
    }

    /// Notes the images `gone`, which the manifest lists and which are not there.
    fn note_gone(&mut self, mut gone: Vec<&str>) {
        let count = gone.len();
        if count == 0 {
            return;
        }
        gone.sort_unstable();
        gone.truncate(NAMED);
        let more = if count > NAMED { ", ..." } else { "" };
        self.notes.push(sentence!(
            "images-note-gone",
            "{count} images that preprocessing.json lists are gone ({names}); preprocess the recordings again",
            count = count,
            names = format!("{}{more}", gone.join(", "))
        ));
    }

    /// Gives every item its extremes; unknown ones are the median of the others, or typical.
    fn take_extremes(&mut self, known: &[Option<MinMax>]) {
        let with_known = self.items.iter_mut().zip(known);
        with_known.for_each(|(item, known)| item.min_max = known.unwrap_or(ASSUMED_MIN_MAX));
        let unknown = known.iter().filter(|known| known.is_none()).count();
        if unknown == 0 {
            return;
        }
        let others = median_of(known.iter().flatten().copied());
        let assumed = others.unwrap_or(ASSUMED_MIN_MAX);
        for (item, _) in self.items.iter_mut().zip(known).filter(|(_, known)| known.is_none()) {
            item.min_max = assumed;
        }
        let (all, min, max) = (known.len(), assumed.min, assumed.max);
        self.notes.push(if others.is_some() {
            sentence!(
                "images-note-median-extremes",
                "{count} of {all} images have no known minimum and maximum: the median of the others is assumed ({min} to \
                 {max})",
                count = unknown,
                all = all,
                min = min,
                max = max
            )
        } else {
            sentence!(
                "images-note-typical-extremes",
                "{count} of {all} images have no known minimum and maximum: typical ones are assumed ({min} to {max})",
                count = unknown,
                all = all,
                min = min,
                max = max
            )
        });
    }
}

/// The images below `features` that are not left out, and the names of those that are.
fn chosen_files(features: &Path, left_out: &LeftOut) -> Result<(Vec<PathBuf>, Vec<String>), PipelineError> {
    let (mut files, mut names) = (feature_files(features)?, Vec::new());
    let count = files.len();
    files.retain(|file| {
        let name = display_name(&file.with_extension(""));
        let stays = !left_out.contains(&name);
        if !stays {
            names.push(name);
        }
        stays
    });
    if files.is_empty() && count > 0 {
        let cause = sentence!(
            "images-all-left-out",
            "the list of recordings to leave out names all {count} of its images",
            count = count
        );
        return Err(PipelineError::refused(features, cause));
    }
    Ok((files, names))
}

/// The manifest of a folder whose preprocessing came to its end; `None` where there is none.
fn complete_manifest(path: &Path) -> Result<Option<Manifest>, PipelineError> {
    let Some(manifest) = Manifest::read(path)? else {
        return Ok(None);
    };
    if !manifest.complete {
        let cause =
            sentence!("images-incomplete", "preprocessing was interrupted before its end; run it again");
        return Err(PipelineError::refused(path, cause));
    }
    manifest.settings.validate().map_err(|error| PipelineError::read(path, error))?;
    Ok(Some(manifest))
}

/// The medians of minima and of maxima, each for itself; `None` of nothing.
fn median_of(extremes: impl Iterator<Item = MinMax> + Clone) -> Option<MinMax> {
    let median = |mut values: Vec<f32>| {
        values.sort_by(f32::total_cmp);
        let middle = values.len() / 2;
        match (values.get(middle.saturating_sub(1)), values.get(middle)) {
            (Some(below), Some(above)) if values.len().is_multiple_of(2) => Some(below.midpoint(*above)),
            (_, middle) => middle.copied(),
        }
    };
    let min = median(extremes.clone().map(|extremes| extremes.min).collect())?;
    Some(MinMax { min, max: median(extremes.map(|extremes| extremes.max).collect())? })
}

#[cfg(test)]
mod tests;
