//! Reading the open folder again, and what other parts find out about its files meanwhile.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    part::{LibraryPart, News},
    scan_worker::Target,
    state::Library,
};
use crate::session::error_words::vanished;
use crate::{
    audio::{
        decode::ClipInfo,
        folder::{Cause, Skipped},
    },
    jobs::scan::{Listing, Recording},
    names::escaped,
    regular_file::FileStamp,
    session::{notices::Severity, spoken::said},
};

/// What reading a folder again has found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Difference {
    new: usize,
    changed: usize,
    vanished: Vec<PathBuf>,
}

impl Difference {
    fn between(before: &Library, now: &Listing) -> Self {
        let stamps: BTreeMap<&PathBuf, Option<FileStamp>> =
            files(before).map(|file| (&file.path, file.stamp)).collect();
        let found: BTreeMap<&PathBuf, Option<FileStamp>> =
            now.recordings.iter().map(|file| (&file.path, file.stamp)).collect();
        let unusable = |path: &PathBuf| now.skipped.iter().any(|skipped| skipped.path == *path);
        let gone = stamps.keys().filter(|path| !found.contains_key(*path) && !unusable(path));
        Self {
            new: found.keys().filter(|path| !stamps.contains_key(*path)).count(),
            changed: found
                .iter()
                .filter(|(path, stamp)| stamps.get(*path).is_some_and(|before| before != *stamp))
                .count(),
            vanished: gone.map(|path| (*path).clone()).collect(),
        }
    }
}

/// The files of the list, which may be cut into pieces.
fn files(library: &Library) -> Box<dyn Iterator<Item = &Recording> + '_> {
    if library.pieces.files.is_empty() {
        Box::new(library.recordings.iter())
    } else {
        Box::new(library.pieces.files.iter().map(|file| &file.file))
    }
}

impl LibraryPart<'_> {
    /// Reads the open folder again, unless it is being read.
    pub(super) fn read_again(&mut self) {
        if self.state.scanning.is_some() || self.state.root.is_none() {
            return;
        }
        match self.ctx.settings.last_folder.clone().filter(|_| !self.state.is_demo) {
            Some(path) => self.scan(Target::Path(path.clone()), Some(path)),
            None => self.open_demo(),
        }
        self.control.scan.is_again = true;
    }

    /// Shows what was found by reading the folder again; returns whether that is all to do, because nothing has changed.
    pub(super) fn compare_with(&mut self, listing: &mut Listing) -> bool {
        let difference = Difference::between(self.state, listing);
        let is_read = self.state.unread == 0 && !listing.recordings.iter().any(Recording::is_unread);
        let is_same = is_read
            && difference == Difference::default()
            && listing.skipped == self.state.skipped
            && self.state.failures.is_empty();
        let words = if difference == Difference::default() {
            said!("message-nothing-has-changed")
        } else {
            let vanished = difference.vanished.len();
            said!(
                "message-read-again",
                new = difference.new,
                changed = difference.changed,
                vanished = vanished
            )
        };
        self.control.scan.news = Some(words);
        let gone = |path| Skipped { path, cause: vanished().into() };
        listing.skipped.extend(difference.vanished.into_iter().map(gone));
        listing.skipped.sort();
        if is_same {
            self.read_left_out();
            self.ctx.tell(News::LeftOut);
            self.tell_comparison();
        }
        is_same
    }

    /// Tells what reading again has found.
    pub(super) fn tell_comparison(&mut self) {
        if let Some(words) = self.control.scan.news.take() {
            self.ctx.notify(Severity::Info, words);
        }
    }

    /// Selects the recording at `path`, if it is still there, else the first one.
    pub(super) fn select_again(&mut self, path: Option<PathBuf>) {
        let place = |path| self.state.recordings.iter().position(|recording| recording.path == path);
        let place = path.and_then(place).unwrap_or(0);
        self.select(place);
    }

    /// A recording cannot be decoded, or can again.
    pub(in crate::session) fn set_failure(&mut self, index: usize, cause: Option<Cause>) {
        let Some(recording) = self.state.recordings.get(index) else { return };
        let path = recording.path.clone();
        match cause {
            Some(cause) => self.state.failures.insert(path, cause),
            None => self.state.failures.remove(&path),
        };
    }

    /// All recordings were decoded; those of `skipped` could not be.
    pub(in crate::session) fn set_failures(&mut self, skipped: &[Skipped]) {
        let library = &mut *self.state;
        let known = |skip: &&Skipped| !library.skipped.iter().any(|other| other.path == skip.path);
        library.failures =
            skipped.iter().filter(known).map(|skip| (skip.path.clone(), skip.cause.clone())).collect();
    }

    /// The file of a recording was replaced after the folder was read.
    pub(in crate::session) fn on_replaced(&mut self, index: usize, stamp: FileStamp, info: Option<ClipInfo>) {
        let Some(recording) = self.state.recordings.get_mut(index) else { return };
        recording.stamp = Some(stamp);
        recording.info = info.or(recording.info);
        let name = escaped(&recording.name).into_owned();
        self.ctx.notify(Severity::Warning, said!("message-file-replaced", name = name));
    }
}
