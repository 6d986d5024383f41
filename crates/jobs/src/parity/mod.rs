//! A folder of images that the Python pipeline wrote, against the images that this program makes of the same
//! recordings: how far apart they are, which file is worst, and what may be behind it.

mod csv;
mod file;
mod report;
mod summary;
mod view;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use rayon::prelude::*;

pub use csv::{csv, write_csv};
pub use file::FileReport;
use file::Sides;
pub use report::Report;
pub use summary::Summary;
pub use view::{View, view};

use crate::{
    JobContext, JobError,
    data::chosen::{self, Chosen},
    in_pool,
};
use timbrespace_analysis::inspect::parity::pairing::{self, Pairing};
use timbrespace_base::{names::shown, sentence, sentence::Sentence};
use timbrespace_signal::{
    audio::left_out::LeftOut,
    pipeline::{
        config::PreprocessingConfig, feature_folder::FeatureFolder, preprocessing::PreprocessingPipeline,
    },
};

/// What the job does.
pub const COMPARING: &str = "comparing";

/// Differences up to this need no explanation: a few roundings of single precision at 80 dB of range.
pub const DEFAULT_TOLERANCE: f64 = 1e-4;

/// What to compare.
#[derive(Clone, Debug)]
pub struct Request {
    /// Folder of recordings.
    pub folder: PathBuf,
    /// Recordings to leave out.
    pub left_out: LeftOut,
    /// Folder that Python wrote: `spectrograms/` with `min_max_values.pkl` beside it, or the `.npy` files themselves.
    pub python_folder: PathBuf,
    /// Settings that our images are made with.
    pub config: PreprocessingConfig,
    /// Largest difference, in the normalised range, that needs no explanation.
    pub tolerance: f64,
    /// Threads, or `None` for the program's own.
    pub threads: Option<usize>,
}

/// The settings that lie beside the images as `preprocessing.json`, if they do; Python writes none.
///
/// # Errors
/// When the folder holds no image, or a file in it cannot be read.
pub fn settings_of(python_folder: &Path) -> Result<Option<PreprocessingConfig>, JobError> {
    Ok(FeatureFolder::open(python_folder)?.settings)
}

/// Compares every recording that has an image with that image.
///
/// # Errors
/// When a folder cannot be read, or no name of an image fits a recording's.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let start = Instant::now();
    let pipeline = PreprocessingPipeline::from_config(&request.config)?;
    let images = FeatureFolder::open(&request.python_folder)?;
    let scan = chosen::scan(Chosen::new(&request.folder, &request.left_out), &request.config, context)?;
    context.check_stopped()?;
    let Pairing { pairs, without_image, without_recording } = pairing::pair(&scan.files, &images.files);
    if pairs.is_empty() {
        return Err(no_pairs(request, &scan.files, &images.files));
    }
    let sides =
        Sides { root: &scan.root, pipeline: &pipeline, images: &images, tolerance: request.tolerance };
    let compared = AtomicUsize::new(0);
    let compare = |&(recording, image): &(usize, usize)| {
        context.wait_while_paused()?;
        let report = sides.compare(&scan.files[recording], &images.files[image]);
        let done = compared.fetch_add(1, Ordering::Relaxed) + 1;
        context.progress(COMPARING, done, pairs.len());
        Ok(report)
    };
    let files: Result<Vec<FileReport>, JobError> =
        in_pool(request.threads, || pairs.par_iter().map(compare).collect())?;
    let mut files = files?;
    // Stable: files that are equally far off stay in the order of their names.
    files.sort_by(|one, other| other.badness().total_cmp(&one.badness()));
    let named = |paths: &[PathBuf], places: Vec<usize>| {
        places.into_iter().filter_map(|place| paths.get(place).cloned()).collect()
    };
    Ok(Report {
        folder: request.folder.clone(),
        python_folder: images.features.clone(),
        settings: request.config.clone(),
        tolerance: request.tolerance,
        summary: Summary::of(&files, request.tolerance),
        files,
        without_image: named(&scan.files, without_image),
        without_recording: named(&images.files, without_recording),
        notes: notes(&images),
        seconds: start.elapsed().as_secs_f64(),
    })
}

/// Says which names were looked for, with one of each side.
fn no_pairs(request: &Request, recordings: &[PathBuf], images: &[PathBuf]) -> JobError {
    let first = |paths: &[PathBuf]| paths.first().map_or("none".to_owned(), |path| shown(&path).to_string());
    let (first_image, first_recording) = (first(images), first(recordings));
    JobError::file(
        &request.python_folder,
        sentence!(
            "error-no-pairs",
            "none of its {images} images bears the name of one of the {recordings} recordings in {folder} (first image: \
             {image}; first recording: {recording}); x.wav is found as x.wav.npy or x.npy",
            images = images.len(),
            recordings = recordings.len(),
            folder = shown(&request.folder),
            image = first_image,
            recording = first_recording
        ),
    )
}

fn notes(images: &FeatureFolder) -> Vec<Sentence> {
    let mut notes = images.notes();
    if images.settings.is_none() {
        notes.push(sentence!(
            "parity-note-no-settings",
            "there is no preprocessing.json beside the images, as Python writes none: ours are made with the settings that \
             were chosen"
        ));
    }
    notes
}

#[cfg(test)]
mod tests;
