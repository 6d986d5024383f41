//! The open recordings: opening folders, filtering, selecting, leaving out, and cutting into pieces.

mod again;
mod cut_words;
mod cutting;
mod cutting_worker;
mod left_out;
pub(super) mod part;
pub mod pieces_state;
mod scan_worker;
pub mod state;

use std::{path::PathBuf, sync::PoisonError};

use self::{
    part::{LibraryEvent, LibraryPart, News},
    pieces_state::PiecesCommand,
    scan_worker::{InSight, ScanEvent, ScanRequest, Target},
    state::Library,
};
use crate::{
    audio::{
        decode::ClipInfo,
        folder::{Cause, Skipped},
    },
    interrupt::Interrupt,
    jobs::{
        JobError,
        runs::{bundle::Bundle, keras::model_path},
        scan::Listing,
    },
    names::shown,
    pipeline::{dataset::Dataset, labels},
    session::{
        notices::Severity,
        settings::RECENT_LIMIT,
        spoken::{Spoken, said},
    },
};

/// Commands about the list of recordings.
#[derive(Clone, Debug, PartialEq)]
pub enum LibraryCommand {
    /// Opens a folder of recordings, a sound file, a preprocessed folder's recordings, or a bundle.
    Open(PathBuf),
    /// Opens the built-in demo sounds.
    OpenDemo,
    /// Reads the open folder again: new files, files that were replaced, files that are gone.
    ReadAgain,
    /// Stops the current scan; what was found stays.
    CancelScan,
    /// Recordings, by index in the library, that are visible and whose headers are not read yet.
    RowsInSight(Vec<usize>),
    /// Filters the list by words in name or class.
    Search(String),
    /// Reads classes by another pattern; empty for parent folders.
    SetLabelPattern(String),
    /// Selects a recording by its index in the library.
    Select(usize),
    /// Moves the selection within the filtered list: −1 up, 1 down.
    MoveSelection(isize),
    /// Commands about recordings in pieces.
    Pieces(PiecesCommand),
    /// Leaves the recordings of these names, with `/` between parts, out of training, of the data set and of the doctor.
    LeaveOut(Vec<String>),
    /// Takes the recordings of these names in again.
    TakeIn(Vec<String>),
}

impl LibraryPart<'_> {
    pub(super) fn apply(&mut self, command: LibraryCommand) {
        use LibraryCommand as C;
        match command {
            C::Open(path) => self.open(path),
            C::OpenDemo => self.open_demo(),
            C::ReadAgain => self.read_again(),
            C::CancelScan => self.control.scan.interrupt.stop(),
            C::RowsInSight(rows) => {
                *self.control.scan.in_sight.lock().unwrap_or_else(PoisonError::into_inner) = rows;
            }
            C::Search(words) => {
                self.state.search = words;
                self.filter();
            }
            C::SetLabelPattern(pattern) => self.set_label_pattern(pattern),
            C::Select(index) => self.select(index),
            C::MoveSelection(by) => self.move_selection(by),
            C::Pieces(command) => self.apply_to_pieces(command),
            C::LeaveOut(names) => self.set_left_out(&names, true),
            C::TakeIn(names) => self.set_left_out(&names, false),
        }
    }

    pub(super) fn on(&mut self, event: LibraryEvent) {
        match event {
            LibraryEvent::Scan(ScanEvent::Scanning { serial, found }) => {
                if serial == self.control.scan.serial {
                    self.state.scanning = Some(found);
                }
            }
            LibraryEvent::Scan(ScanEvent::Scanned { serial, result }) => self.on_scanned(serial, result),
            LibraryEvent::Scan(ScanEvent::Headers { serial, headers }) => self.on_headers(serial, headers),
            LibraryEvent::Pieces(event) => self.on_pieces_event(event),
        }
    }

    fn open(&mut self, path: PathBuf) {
        if Bundle::is_bundle(&path) || model_path::is_model(&path) {
            self.ctx.tell(News::Model(path));
        } else if Dataset::is_preprocessed(&path) || Dataset::whole_folder(&path).is_some() {
            let path = shown(&path).to_string();
            // About what was not opened, so not about the folder that is open.
            self.ctx.notify_of_program(Severity::Warning, said!("message-holds-images", path = path));
        } else {
            self.scan(Target::Path(path.clone()), Some(path));
        }
    }

    fn open_demo(&mut self) {
        let dir = self.ctx.data_dir.join("demo-sounds");
        self.scan(Target::Demo(dir), None);
    }

    fn scan(&mut self, target: Target, opening: Option<PathBuf>) {
        self.control.scan.interrupt.stop();
        self.control.scan.interrupt = Interrupt::new();
        self.control.scan.serial += 1;
        self.control.scan.is_again = false;
        self.state.opening.clone_from(&opening);
        self.control.scan.opening = opening;
        self.control.scan.in_sight = InSight::default();
        self.state.scanning = Some(0);
        let (serial, interrupt) = (self.control.scan.serial, self.control.scan.interrupt.clone());
        let in_sight = InSight::clone(&self.control.scan.in_sight);
        self.control.scan.worker.request(ScanRequest { serial, target, interrupt, in_sight });
    }

    fn on_scanned(&mut self, serial: u64, result: Result<Listing, JobError>) {
        if serial != self.control.scan.serial {
            return;
        }
        self.state.scanning = None;
        self.state.opening = None;
        match result {
            Ok(listing) if self.is_nothing(&listing) => {
                self.keep_list();
                let path = shown(&listing.root).to_string();
                self.ctx.notify(Severity::Warning, said!("message-holds-nothing", path = path));
            }
            Ok(listing) => self.show_listing(listing),
            Err(error) if error.is_stopped() => {}
            Err(error) if self.control.scan.is_again => {
                // What was read before is still listed.
                let words = said!("message-not-read-again", cause = Spoken::from(error));
                self.ctx.notify(Severity::Error, words);
            }
            Err(error) => {
                self.keep_list();
                self.ctx.notify_of_program(Severity::Error, error);
                if self.state.root.is_none() && self.control.scan.opening.is_some() {
                    self.open_demo();
                }
            }
        }
    }

    /// Whether a folder without a single sound was chosen while recordings are open: hardly what was meant.
    fn is_nothing(&self, listing: &Listing) -> bool {
        let is_chosen = self.control.scan.opening.is_some() && !self.control.scan.is_again;
        let is_empty = listing.recordings.is_empty() && listing.skipped.is_empty();
        is_chosen
            && is_empty
            && !self.state.recordings.is_empty()
            && !self.control.scan.interrupt.is_stopped()
    }

    /// The open list stays. The scan of the other folder has ended the reading of its headers.
    fn keep_list(&mut self) {
        self.state.unread = 0;
    }

    fn on_headers(&mut self, serial: u64, headers: Vec<(usize, Result<ClipInfo, Cause>)>) {
        if serial != self.control.scan.serial {
            return;
        }
        let library = &mut *self.state;
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
            self.notify_skipped();
            self.ctx.tell(News::HeadersRead);
        }
    }

    fn show_listing(&mut self, mut listing: Listing) {
        let opening = self.control.scan.opening.take();
        let is_again = std::mem::take(&mut self.control.scan.is_again);
        if is_again && self.compare_with(&mut listing) {
            return;
        }
        let before = is_again.then(|| std::mem::take(self.state));
        self.ctx.leave_folder();
        *self.state = Library {
            is_demo: opening.is_none(),
            root: Some(listing.root),
            unread: if self.control.scan.interrupt.is_stopped() {
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
        self.ctx.tell(News::Replaced);
        self.ctx.settings.last_folder.clone_from(&opening);
        if let Some(path) = opening {
            let recent = &mut self.ctx.settings.recent;
            recent.retain(|other| *other != path);
            recent.insert(0, path);
            recent.truncate(RECENT_LIMIT);
        }
        if self.state.unread == 0 {
            self.notify_skipped();
        }
        self.filter();
        let selected = before.and_then(|before| self.go_on_as(before));
        if !self.state.recordings.is_empty() {
            self.select_again(selected);
        }
        self.cut_anew();
        self.tell_comparison();
    }

    /// Keeps the person's search and pattern of classes; returns the path of the recording that was selected.
    fn go_on_as(&mut self, before: Library) -> Option<PathBuf> {
        self.state.search = before.search;
        self.set_label_pattern(before.label_pattern);
        let selected = before.selected.and_then(|index| before.recordings.get(index));
        selected.map(|recording| recording.path.clone())
    }

    fn notify_skipped(&mut self) {
        let skipped = self.state.skipped.len();
        if skipped > 0 {
            self.ctx.notify(Severity::Warning, said!("message-files-unreadable", count = skipped));
        }
    }

    fn filter(&mut self) {
        let library = &mut *self.state;
        let words: Vec<String> = library.search.split_whitespace().map(str::to_lowercase).collect();
        library.visible = library
            .recordings
            .iter()
            .enumerate()
            .filter(|(_, recording)| words.iter().all(|word| recording.key.contains(word)))
            .map(|(index, _)| index)
            .collect();
    }

    fn set_label_pattern(&mut self, pattern: String) {
        let library = &mut *self.state;
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

    fn select(&mut self, index: usize) {
        let library = &mut *self.state;
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
            self.ctx.tell(News::Selected);
        }
    }

    fn move_selection(&mut self, by: isize) {
        let library = &*self.state;
        let Some(last) = library.visible.len().checked_sub(1) else {
            return;
        };
        let current =
            library.selected.and_then(|selected| library.visible.iter().position(|&index| index == selected));
        let target = current.map_or(0, |position| position.saturating_add_signed(by).min(last));
        self.select(self.state.visible[target]);
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Arc};

    use super::*;
    use crate::{
        jobs::scan::Recording,
        pipeline::config::ClipDuration,
        playback::test_backend::TestBackend,
        session::{Instruments, Session, SessionOptions, event::Event, state::Settings},
    };

    fn session(data_dir: &Path, settings: Settings) -> Session {
        Session::new(SessionOptions {
            wake: Arc::new(|| {}),
            backend: Box::new(TestBackend::new(48_000, 2)),
            instruments: Instruments::none(),
            data_dir: data_dir.to_owned(),
            settings,
        })
        .unwrap()
    }

    #[test]
    fn headers_that_come_later_fill_the_rows_and_name_what_is_bad() {
        let place = tempfile::tempdir().unwrap();
        let mut session = session(place.path(), Settings::default());
        let recording = |name: &str| Recording::new(place.path(), Path::new(name), String::new());
        let listing = Listing {
            root: place.path().to_owned(),
            recordings: vec![recording("a.wav"), recording("b.wav")],
            ..Listing::default()
        };
        let serial = session.library.scan.serial;
        let scanned =
            |serial, result| Event::Library(LibraryEvent::Scan(ScanEvent::Scanned { serial, result }));
        session.on(scanned(serial, Ok(listing)));
        assert_eq!(session.state.library.unread, 2);
        let info = ClipInfo { sample_rate_hz: 8000, channels: 1, duration_secs: Some(0.5) };
        let headers =
            |serial, headers| Event::Library(LibraryEvent::Scan(ScanEvent::Headers { serial, headers }));
        session.on(headers(serial + 1, vec![(0, Ok(info))]));
        assert_eq!(session.state.library.unread, 2, "of another folder");
        session.on(headers(serial, vec![(1, Err("empty".into())), (0, Ok(info))]));
        let library = &session.state.library;
        assert_eq!((library.unread, library.recordings[0].info), (0, Some(info)));
        assert_eq!(library.recordings[1].problem, Some("empty".into()));
        assert_eq!(library.skipped[0].cause, "empty".into());
        assert!(session.state.notices.iter().any(|notice| notice.text().starts_with("1 file could not")));
    }

    #[test]
    fn a_model_of_whole_files_is_described_once_all_lengths_are_read() {
        let place = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.preprocessing.duration = ClipDuration::Full;
        let mut session = session(place.path(), settings);
        let recording = |name: &str| Recording::new(place.path(), Path::new(name), String::new());
        let listing = Listing {
            root: place.path().to_owned(),
            recordings: vec![recording("a.wav"), recording("b.wav")],
            ..Listing::default()
        };
        let serial = session.library.scan.serial;
        let scan = |event| Event::Library(LibraryEvent::Scan(event));
        session.on(scan(ScanEvent::Scanned { serial, result: Ok(listing) }));
        assert!(session.state.training.layers.is_empty(), "the lengths are unknown");
        let info = |secs| ClipInfo { sample_rate_hz: 8000, channels: 1, duration_secs: Some(secs) };
        let headers = vec![(0, Ok(info(0.5))), (1, Ok(info(2.0)))];
        session.on(scan(ScanEvent::Headers { serial, headers }));
        // Two seconds at 22,050 Hz are 172 steps of 256 and a frame at the start.
        let shape = session.state.library.training_shape(&session.state.settings.preprocessing);
        assert_eq!(shape, Some((256, 173)));
        assert!(!session.state.training.layers.is_empty());
        assert!(session.state.training.form_error.is_none());
    }
}
