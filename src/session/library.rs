//! Opening folders, filtering and selecting recordings.

use std::path::PathBuf;

use super::{
    Session,
    scan_worker::{ScanRequest, Target},
    state::{Library, Severity},
    worker::Worker,
};
use crate::{
    interrupt::Interrupt,
    jobs::{JobError, bundle::Bundle, scan::Listing},
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
}

impl LibraryControl {
    pub(super) fn new(worker: Worker<ScanRequest>) -> Self {
        Self { worker, interrupt: Interrupt::new(), serial: 0, opening: None }
    }
}

impl Drop for LibraryControl {
    fn drop(&mut self) {
        self.interrupt.stop();
    }
}

impl Session {
    pub(super) fn open(&mut self, path: PathBuf) {
        if Bundle::is_bundle(&path) {
            self.open_bundle(path);
        } else if Dataset::is_preprocessed(&path) {
            self.notify(
                Severity::Warning,
                format!(
                    "{} holds images, not recordings. Open the folder of recordings here; \
                     `timbrespace train` on the command line trains on the images as they are.",
                    path.display()
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
        self.library.opening = opening;
        self.state.library.scanning = Some(0);
        let (serial, interrupt) = (self.library.serial, self.library.interrupt.clone());
        self.library.worker.request(ScanRequest { serial, target, interrupt });
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
        match result {
            Ok(listing) => self.show_listing(listing),
            Err(error) if error.is_stopped() => {}
            Err(error) => {
                let text = error.to_string();
                self.notify(Severity::Error, text);
                if self.state.library.root.is_none() && self.library.opening.is_some() {
                    self.open_demo();
                }
            }
        }
    }

    fn show_listing(&mut self, listing: Listing) {
        let opening = self.library.opening.take();
        self.stop_playback();
        self.state.library = Library {
            is_demo: opening.is_none(),
            root: Some(listing.root),
            recordings: listing.recordings,
            skipped: listing.skipped,
            label_pattern: listing.label_pattern,
            ..Library::default()
        };
        self.forget_stages();
        self.state.settings.last_folder.clone_from(&opening);
        if let Some(path) = opening {
            let recent = &mut self.state.settings.recent;
            recent.retain(|other| *other != path);
            recent.insert(0, path);
            recent.truncate(RECENT_LIMIT);
        }
        let skipped = self.state.library.skipped.len();
        if skipped > 0 {
            self.notify(
                Severity::Warning,
                format!("{skipped} files could not be read; the list names each with its cause"),
            );
        }
        self.filter();
        if !self.state.library.recordings.is_empty() {
            self.select(0);
        }
        self.ask_estimate();
    }

    pub(super) fn search(&mut self, words: String) {
        self.state.library.search = words;
        self.filter();
    }

    fn filter(&mut self) {
        let library = &mut self.state.library;
        let words: Vec<String> = library.search.split_whitespace().map(str::to_lowercase).collect();
        library.visible = library
            .recordings
            .iter()
            .enumerate()
            .filter(|(_, recording)| {
                let name = recording.name.to_lowercase();
                let class = recording.class.to_lowercase();
                words.iter().all(|word| name.contains(word) || class.contains(word))
            })
            .map(|(index, _)| index)
            .collect();
    }

    pub(super) fn set_label_pattern(&mut self, pattern: String) {
        let library = &mut self.state.library;
        let root = library.root.clone().unwrap_or_default();
        for recording in &mut library.recordings {
            let relative = recording.path.strip_prefix(&root).unwrap_or(&recording.path);
            recording.class = labels::class_of(relative, &pattern);
        }
        library.label_pattern = pattern;
        self.filter();
    }

    pub(super) fn select(&mut self, index: usize) {
        if index < self.state.library.recordings.len() && self.state.library.selected != Some(index) {
            self.state.library.selected = Some(index);
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
