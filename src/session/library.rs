//! Opening folders, filtering and selecting recordings.

use std::{path::PathBuf, sync::PoisonError};

use super::{
    Session,
    scan_worker::{InSight, ScanRequest, Target},
    state::{Library, Severity},
    worker::Worker,
};
use crate::{
    audio::{decode::ClipInfo, folder::Skipped},
    interrupt::Interrupt,
    jobs::{
        JobError,
        runs::{bundle::Bundle, keras},
        scan::Listing,
    },
    names::shown,
    pipeline::{dataset::Dataset, labels},
};

/// Folders remembered at most.
const RECENT_LIMIT: usize = 10;

/// The scan under way.
pub(super) struct LibraryControl {
    worker: Worker<ScanRequest>,
    pub(super) interrupt: Interrupt,
    serial: u64,
    opening: Option<PathBuf>,
    in_sight: InSight,
}

impl LibraryControl {
    pub(super) fn new(worker: Worker<ScanRequest>) -> Self {
        Self { worker, interrupt: Interrupt::new(), serial: 0, opening: None, in_sight: InSight::default() }
    }

    /// Has the headers of these recordings read next.
    pub(super) fn look_at(&self, rows: Vec<usize>) {
        *self.in_sight.lock().unwrap_or_else(PoisonError::into_inner) = rows;
    }
}

impl Drop for LibraryControl {
    fn drop(&mut self) {
        self.interrupt.stop();
    }
}

impl Session {
    pub(super) fn open(&mut self, path: PathBuf) {
        if Bundle::is_bundle(&path) || keras::is_model(&path) {
            self.open_bundle(path);
        } else if Dataset::is_preprocessed(&path) {
            self.notify(
                Severity::Warning,
                format!(
                    "{} holds images, not recordings. Open the folder of recordings here; \
                     `timbrespace train` on the command line trains on the images as they are.",
                    shown(&path)
                ),
            );
        } else {
            self.scan(Target::Path(path.clone()), Some(path));
        }
    }

    pub(super) fn open_demo(&mut self) {
        let dir = self.data_dir.join("demo-sounds");
        self.scan(Target::Demo(dir), None);
    }

    fn scan(&mut self, target: Target, opening: Option<PathBuf>) {
        self.library.interrupt.stop();
        self.library.interrupt = Interrupt::new();
        self.library.serial += 1;
        self.state.library.opening.clone_from(&opening);
        self.library.opening = opening;
        self.library.in_sight = InSight::default();
        self.state.library.scanning = Some(0);
        let (serial, interrupt) = (self.library.serial, self.library.interrupt.clone());
        let in_sight = InSight::clone(&self.library.in_sight);
        self.library.worker.request(ScanRequest { serial, target, interrupt, in_sight });
    }

    pub(super) fn hear_scanning(&mut self, serial: u64, found: usize) {
        if serial == self.library.serial {
            self.state.library.scanning = Some(found);
        }
    }

    pub(super) fn hear_scanned(&mut self, serial: u64, result: Result<Listing, JobError>) {
        if serial != self.library.serial {
            return;
        }
        self.state.library.scanning = None;
        self.state.library.opening = None;
        match result {
            Ok(listing) => self.show_listing(listing),
            Err(error) if error.is_stopped() => {}
            Err(error) => {
                // The scan that failed has ended the reading of headers.
                self.state.library.unread = 0;
                let text = error.to_string();
                self.notify(Severity::Error, text);
                if self.state.library.root.is_none() && self.library.opening.is_some() {
                    self.open_demo();
                }
            }
        }
    }

    pub(super) fn hear_headers(&mut self, serial: u64, headers: Vec<(usize, Result<ClipInfo, String>)>) {
        if serial != self.library.serial {
            return;
        }
        let library = &mut self.state.library;
        for (place, header) in headers {
            let recording = if library.pieces.files.is_empty() {
                library.recordings.get_mut(place)
            } else {
                library.pieces.files.get_mut(place).map(|file| &mut file.file)
            };
            let Some(recording) = recording else { continue };
            library.unread = library.unread.saturating_sub(1);
            match header {
                Ok(info) => recording.info = Some(info),
                Err(cause) => {
                    library.skipped.push(Skipped { path: recording.path.clone(), cause: cause.clone() });
                    recording.problem = Some(cause);
                }
            }
        }
        if library.unread == 0 {
            library.skipped.sort();
            self.tell_skipped();
        }
    }

    fn show_listing(&mut self, listing: Listing) {
        let opening = self.library.opening.take();
        self.stop_playback();
        self.state.library = Library {
            is_demo: opening.is_none(),
            root: Some(listing.root),
            unread: if self.library.interrupt.is_stopped() {
                0
            } else {
                listing.recordings.iter().filter(|recording| recording.is_unread()).count()
            },
            recordings: listing.recordings,
            skipped: listing.skipped,
            label_pattern: listing.label_pattern,
            ..Library::default()
        };
        self.read_left_out();
        self.forget_stages();
        self.forget_pins();
        self.space_library_changed();
        self.state.settings.last_folder.clone_from(&opening);
        if let Some(path) = opening {
            let recent = &mut self.state.settings.recent;
            recent.retain(|other| *other != path);
            recent.insert(0, path);
            recent.truncate(RECENT_LIMIT);
        }
        if self.state.library.unread == 0 {
            self.tell_skipped();
        }
        self.filter();
        if !self.state.library.recordings.is_empty() {
            self.select(0);
        }
        self.ask_estimate();
        self.cut_anew();
    }

    fn tell_skipped(&mut self) {
        let skipped = self.state.library.skipped.len();
        if skipped > 0 {
            self.notify(
                Severity::Warning,
                format!(
                    "{} could not be read; the list names each with its cause",
                    if skipped == 1 { "1 file".to_owned() } else { format!("{skipped} files") }
                ),
            );
        }
    }

    pub(super) fn search(&mut self, words: String) {
        self.state.library.search = words;
        self.filter();
    }

    pub(super) fn filter(&mut self) {
        let library = &mut self.state.library;
        let words: Vec<String> = library.search.split_whitespace().map(str::to_lowercase).collect();
        library.visible = library
            .recordings
            .iter()
            .enumerate()
            .filter(|(_, recording)| words.iter().all(|word| recording.key.contains(word)))
            .map(|(index, _)| index)
            .collect();
    }

    pub(super) fn set_label_pattern(&mut self, pattern: String) {
        let library = &mut self.state.library;
        let root = library.root.clone().unwrap_or_default();
        let files = library.pieces.files.iter_mut().map(|file| &mut file.file);
        for recording in library.recordings.iter_mut().chain(files) {
            let relative = recording.path.strip_prefix(&root).unwrap_or(&recording.path);
            let class = labels::class_of(relative, &pattern);
            recording.set_class(class);
        }
        library.label_pattern = pattern;
        self.filter();
    }

    pub(super) fn select(&mut self, index: usize) {
        let library = &mut self.state.library;
        if index >= library.recordings.len() {
            return;
        }
        library.pieces.shown = None;
        if let Some(file) = library.pieces.file_of(index)
            && let Some(file) = library.pieces.files.get_mut(file)
        {
            file.is_folded = false;
        }
        if library.selected != Some(index) {
            library.selected = Some(index);
            self.ask_stages();
        }
    }

    pub(super) fn move_selection(&mut self, by: isize) {
        let library = &self.state.library;
        let Some(last) = library.visible.len().checked_sub(1) else {
            return;
        };
        let current =
            library.selected.and_then(|selected| library.visible.iter().position(|&index| index == selected));
        let target = current.map_or(0, |position| position.saturating_add_signed(by).min(last));
        self.select(self.state.library.visible[target]);
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Arc};

    use super::*;
    use crate::session::Instruments;
    use crate::{
        jobs::scan::Recording,
        playback::test_backend::TestBackend,
        session::{SessionOptions, state::Settings},
    };

    #[test]
    fn headers_that_come_later_fill_the_rows_and_name_what_is_bad() {
        let place = tempfile::tempdir().unwrap();
        let mut session = Session::new(SessionOptions {
            wake: Arc::new(|| {}),
            backend: Box::new(TestBackend::new(48_000, 2)),
            instruments: Instruments::none(),
            data_dir: place.path().to_owned(),
            settings: Settings::default(),
        })
        .unwrap();
        let recording = |name: &str| Recording::new(place.path(), Path::new(name), String::new());
        let listing = Listing {
            root: place.path().to_owned(),
            recordings: vec![recording("a.wav"), recording("b.wav")],
            ..Listing::default()
        };
        let serial = session.library.serial;
        session.hear_scanned(serial, Ok(listing));
        assert_eq!(session.state.library.unread, 2);
        let info = ClipInfo { sample_rate_hz: 8000, channels: 1, duration_secs: Some(0.5) };
        session.hear_headers(serial + 1, vec![(0, Ok(info))]);
        assert_eq!(session.state.library.unread, 2, "of another folder");
        session.hear_headers(serial, vec![(1, Err("b.wav: empty".to_owned())), (0, Ok(info))]);
        let library = &session.state.library;
        assert_eq!((library.unread, library.recordings[0].info), (0, Some(info)));
        assert_eq!(library.recordings[1].problem.as_deref(), Some("b.wav: empty"));
        assert_eq!(library.skipped[0].cause, "b.wav: empty");
        assert!(session.state.notices.iter().any(|notice| notice.text.starts_with("1 file could not")));
    }
}
