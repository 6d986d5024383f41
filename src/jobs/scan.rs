//! The recordings of a folder with their classes, for listing.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use rayon::prelude::*;

use super::{JobError, JobEvent, Sink};
use crate::{
    audio::{
        decode::{self, ClipInfo},
        folder::{self, Skipped},
    },
    interrupt::Interrupt,
    pipeline::labels,
};

/// A sound file of the open folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Where it lies.
    pub path: PathBuf,
    /// Path below the folder, with `/` between parts.
    pub name: String,
    /// Class, or empty.
    pub class: String,
    /// Its header, once read.
    pub info: Option<ClipInfo>,
}

/// The recordings of a folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The folder.
    pub root: PathBuf,
    /// Sound files, sorted by name; files whose header cannot be read are in `skipped`.
    pub recordings: Vec<Recording>,
    /// What was left out, and why.
    pub skipped: Vec<Skipped>,
    /// The pattern that gave the classes; empty for parent folders.
    pub label_pattern: String,
}

/// Lists `root`; `label_pattern` of `None` guesses one.
///
/// # Errors
/// When the folder cannot be read.
pub fn run(
    root: &Path,
    label_pattern: Option<&str>,
    sink: &dyn Sink,
    interrupt: &Interrupt,
) -> Result<Listing, JobError> {
    let scan = folder::scan(root, interrupt, &mut |found| {
        sink.event(JobEvent::Progress { stage: "scanning", done: found, total: found });
    })?;
    let label_pattern = label_pattern
        .map_or_else(|| labels::guess_pattern(scan.files.iter().map(PathBuf::as_path)), str::to_owned);
    let (read, total) = (AtomicUsize::new(0), scan.files.len());
    let headers: Vec<Result<Recording, Skipped>> = scan
        .files
        .par_iter()
        .filter(|_| !interrupt.is_stopped())
        .map(|relative| {
            let recording = recording(&scan.root, relative, &label_pattern);
            let done = read.fetch_add(1, Ordering::Relaxed) + 1;
            if done.is_multiple_of(64) || done == total {
                sink.event(JobEvent::Progress { stage: "reading headers", done, total });
            }
            recording
        })
        .collect();
    let mut listing = Listing {
        root: scan.root,
        recordings: Vec::with_capacity(headers.len()),
        skipped: scan.skipped,
        label_pattern,
    };
    for header in headers {
        match header {
            Ok(recording) => listing.recordings.push(recording),
            Err(skipped) => listing.skipped.push(skipped),
        }
    }
    Ok(listing)
}

/// The pattern of classes that fits the names below `root`, without opening a file; empty where none does.
///
/// # Errors
/// When the folder cannot be read.
pub fn guess_label_pattern(root: &Path, interrupt: &Interrupt) -> Result<String, JobError> {
    let scan = folder::scan(root, interrupt, &mut |_| {})?;
    Ok(labels::guess_pattern(scan.files.iter().map(PathBuf::as_path)))
}

fn recording(root: &Path, relative: &Path, label_pattern: &str) -> Result<Recording, Skipped> {
    let path = root.join(relative);
    match decode::probe(&path) {
        Ok(info) => Ok(Recording {
            name: name_of(relative),
            class: labels::class_of(relative, label_pattern),
            info: Some(info),
            path,
        }),
        Err(error) => Err(Skipped { path, cause: error.to_string() }),
    }
}

/// A relative path as people see it, with `/` on every system.
pub fn name_of(relative: &Path) -> String {
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
