//! The recordings of a folder with their classes, for listing.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rayon::prelude::*;

use crate::{JobContext, JobError, data::other_folders};
use timbrespace_base::{interrupt::Interrupt, names, regular_file::FileStamp};
use timbrespace_signal::{
    audio::{
        decode::{self, ClipInfo},
        folder::{self, Cause, Skipped},
    },
    pipeline::labels,
};

/// Headers that are read between two looks at the clock and the interrupt.
pub const HEADERS_AT_ONCE: usize = 256;

/// A sound file of the open folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Where it lies.
    pub path: PathBuf,
    /// Path below the folder, with `/` between parts.
    pub name: String,
    /// Class, or empty.
    pub class: String,
    /// Name and class in lower case, for searching.
    pub key: Box<str>,
    /// Its header, once read.
    pub info: Option<ClipInfo>,
    /// Length and time of the file when it was listed; `None` for pieces.
    pub stamp: Option<FileStamp>,
    /// Why the header could not be read, once that was tried after the listing was made.
    pub problem: Option<Cause>,
}

impl Recording {
    /// A recording of class `class` at `relative` below `root`, whose header was not read yet.
    pub fn new(root: &Path, relative: &Path, class: String) -> Self {
        let name = name_of(relative);
        let mut recording = Self {
            path: root.join(relative),
            name,
            class: String::new(),
            key: Box::default(),
            info: None,
            stamp: None,
            problem: None,
        };
        recording.set_class(class);
        recording
    }

    /// Gives it another class.
    pub fn set_class(&mut self, class: String) {
        self.key = format!("{}\n{class}", self.name).to_lowercase().into();
        self.class = class;
    }

    /// Whether nobody tried to read the header yet.
    pub fn is_unread(&self) -> bool {
        self.info.is_none() && self.problem.is_none()
    }
}

/// The recordings of a folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The folder.
    pub root: PathBuf,
    /// Sound files, sorted by name. Of those whose header was read, only the ones that can be used.
    pub recordings: Vec<Recording>,
    /// What was left out, and why.
    pub skipped: Vec<Skipped>,
    /// The pattern that gave the classes; empty for parent folders.
    pub label_pattern: String,
}

/// What to list.
pub struct Request {
    /// The folder.
    pub root: PathBuf,
    /// The pattern of classes; `None` guesses one.
    pub label_pattern: Option<String>,
    /// For how long headers are read, in the order of the list; the rest is left to [`headers`].
    pub patience: Duration,
}

/// Lists a folder.
///
/// # Errors
/// When the folder cannot be read.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Listing, JobError> {
    let Request { root, label_pattern, patience } = request;
    let scan = folder::scan(root, context.interrupt, &mut |found| {
        context.progress("scanning", found, found);
    })?;
    other_folders::refuse(&scan)?;
    let start = Instant::now();
    let label_pattern = label_pattern
        .clone()
        .unwrap_or_else(|| labels::guess_pattern(scan.files.iter().map(PathBuf::as_path)));
    let mut recordings: Vec<Recording> = scan
        .files
        .into_par_iter()
        .map(|relative| {
            let class = labels::class_of(&relative, &label_pattern);
            let recording = Recording::new(&scan.root, &relative, class);
            Recording { stamp: FileStamp::of(&recording.path), ..recording }
        })
        .collect();
    let mut skipped = scan.skipped;
    let (mut read, total) = (0, recordings.len());
    for chunk in recordings.chunks_mut(HEADERS_AT_ONCE) {
        if context.interrupt.is_stopped() || start.elapsed() > *patience {
            break;
        }
        chunk.par_iter_mut().for_each(Recording::read_header);
        read += chunk.len();
        context.progress("reading headers", read, total);
    }
    recordings.retain_mut(|recording| match recording.problem.take() {
        Some(cause) => {
            skipped.push(Skipped { path: std::mem::take(&mut recording.path), cause });
            false
        }
        None => true,
    });
    skipped.sort();
    Ok(Listing { root: scan.root, recordings, skipped, label_pattern })
}

/// Reads the headers at `paths`, in their order.
pub fn headers(paths: &[PathBuf]) -> Vec<Result<ClipInfo, Cause>> {
    paths.par_iter().map(|path| decode::probe(path).map_err(Cause::from)).collect()
}

impl Recording {
    fn read_header(&mut self) {
        match decode::probe(&self.path) {
            Ok(info) => self.info = Some(info),
            Err(error) => self.problem = Some(error.into()),
        }
    }
}

/// The pattern of classes that fits the names below `root`, without opening a file; empty where none does.
///
/// # Errors
/// When the folder cannot be read.
pub fn guess_label_pattern(root: &Path, interrupt: &Interrupt) -> Result<String, JobError> {
    let scan = folder::scan(root, interrupt, &mut |_| {})?;
    Ok(labels::guess_pattern(scan.files.iter().map(PathBuf::as_path)))
}

/// A relative path as a name that no other path has, with `/` on every system.
pub fn name_of(relative: &Path) -> String {
    names::name_of(relative)
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_signal::audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    };

    fn folder() -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        for name in ["b_1.wav", "a_2.wav", "a_1.wav"] {
            write_wav(&place.path().join(name), &Clip::mono(vec![0.1; 800], 8000), BitDepth::Int16).unwrap();
        }
        std::fs::write(place.path().join("c_1.wav"), "no sound").unwrap();
        place
    }

    fn list(root: &Path, patience: Duration) -> Listing {
        let label_pattern = Some("{class}_{index}".to_owned());
        let request = Request { root: root.to_owned(), label_pattern, patience };
        run(&request, &JobContext::silent(&Interrupt::new())).unwrap()
    }

    #[test]
    fn with_patience_every_header_is_read_and_bad_files_are_left_out() {
        let place = folder();
        let listing = list(place.path(), Duration::MAX);
        let names: Vec<&str> = listing.recordings.iter().map(|recording| recording.name.as_str()).collect();
        assert_eq!(names, ["a_1.wav", "a_2.wav", "b_1.wav"]);
        assert!(listing.recordings.iter().all(|recording| recording.info.is_some()));
        assert_eq!(listing.skipped.len(), 1);
        assert!(listing.skipped[0].path.ends_with("c_1.wav"), "{:?}", listing.skipped);
    }

    #[test]
    fn without_patience_all_are_listed_and_headers_come_later() {
        let place = folder();
        let listing = list(place.path(), Duration::ZERO);
        assert_eq!(listing.recordings.len(), 4);
        assert!(listing.skipped.is_empty() && listing.recordings.iter().all(Recording::is_unread));
        let paths: Vec<PathBuf> = listing.recordings.iter().map(|recording| recording.path.clone()).collect();
        let headers = headers(&paths);
        assert_eq!(headers[0].as_ref().unwrap().sample_rate_hz, 8000);
        assert!(matches!(&headers[3], Err(Cause::Decode(error)) if error.path() == paths[3]), "{headers:?}");
    }

    #[test]
    fn the_search_key_follows_the_class() {
        let mut recording = Recording::new(Path::new("/x"), Path::new("Sub/A_1.wav"), "Bell".to_owned());
        assert_eq!(&*recording.key, "sub/a_1.wav\nbell");
        recording.set_class("Drum".to_owned());
        assert_eq!(&*recording.key, "sub/a_1.wav\ndrum");
    }
}
