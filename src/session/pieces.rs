//! Long recordings in pieces: the list of recordings follows the settings, and the thread that cuts.

use std::{
    io,
    ops::Range,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    Session,
    event::{Event, Mailbox},
    state::Severity,
    worker::Worker,
};
use crate::{
    audio::{decode::ClipInfo, piece},
    interrupt::Interrupt,
    jobs::{
        JobContext, JobError, JobEvent,
        data::cutting::{self, CutFile},
        guarded,
        scan::Recording,
    },
    pipeline::{
        config::{ChannelChoice, PreprocessingConfig},
        labels,
        pieces::{Cut, Piece, PieceConfig},
    },
};

/// Time between two reports of progress.
const REPORT_EVERY: Duration = Duration::from_millis(50);

/// The files of the open folder, where the recordings are their pieces.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    /// The files, in the order of their names; empty where recordings are whole files.
    pub files: Vec<FileInPieces>,
    /// How many pieces there are, and how many are left out by which rule.
    pub summary: String,
    /// The file that is shown with its pieces, instead of a recording's stages.
    pub shown: Option<usize>,
    /// Seconds of sound that were looked at, and all, while cutting goes on.
    pub cutting: Option<(usize, usize)>,
    /// Whether the last cutting was cancelled, so that the list is not what the settings say.
    pub was_cancelled: bool,
}

impl Pieces {
    /// The recording that the file in sight has at `secs`, and the seconds from its start to there.
    pub fn shown_at(&self, secs: f64) -> Option<(usize, f64)> {
        let file = self.files.get(self.shown?)?;
        let pieces = file.cut.as_ref()?.pieces().zip(file.recordings.clone());
        let (piece, recording) = pieces.take_while(|(piece, _)| piece.start_secs() <= secs).last()?;
        (secs < piece.end_secs()).then_some((recording, secs - piece.start_secs()))
    }

    /// The piece that the recording with this index is, and its file.
    pub fn piece_of(&self, recording: usize) -> Option<(&FileInPieces, Piece)> {
        let file = self.files.get(self.file_of(recording)?)?;
        let piece = file.cut.as_ref()?.pieces().nth(recording - file.recordings.start)?;
        Some((file, piece))
    }

    /// The file in which the recording with this index is.
    pub fn file_of(&self, recording: usize) -> Option<usize> {
        let place = self.files.partition_point(|file| file.recordings.end <= recording);
        self.files.get(place).filter(|file| file.recordings.contains(&recording)).map(|_| place)
    }
}

/// One file and its pieces.
#[derive(Clone, Debug)]
pub struct FileInPieces {
    /// The whole file, as a scan lists it.
    pub file: Recording,
    /// Its pieces, by their place in the list of recordings.
    pub recordings: Range<usize>,
    /// Where it is cut; `None` where it could not be.
    pub cut: Option<Arc<Cut>>,
    /// Why it has no piece, where it has none.
    pub problem: Option<String>,
    /// Whether the list shows the file without its pieces.
    pub is_folded: bool,
}

/// What the person does with files in pieces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PiecesCommand {
    /// Shows a file with its pieces.
    ShowFile(usize),
    /// Folds a file's pieces in the list, or shows them.
    Fold(usize, bool),
    /// Plays a recording from so many seconds after its start, while what is in sight stays.
    Play(usize, f64),
    /// Ends the cutting under way; the list stays as it is.
    Cancel,
    /// Cuts as the settings say, after that was cancelled.
    Cut,
}

/// News from the thread that cuts.
pub(super) enum PiecesEvent {
    /// Seconds of sound that were looked at.
    Progress { serial: u64, done: usize, total: usize },
    /// All files are cut.
    Cut { serial: u64, config: Box<PreprocessingConfig>, result: Result<Vec<CutFile>, JobError> },
}

/// What a list of pieces depends on besides the files.
#[derive(Clone, Debug, PartialEq)]
struct Rule(PieceConfig, ChannelChoice, Option<f64>);

impl Rule {
    fn of(config: &PreprocessingConfig) -> Option<Self> {
        config.pieces.is_on().then(|| Self(config.pieces.clone(), config.channel, config.max_secs()))
    }
}

/// Files to cut.
pub(super) struct CutRequest {
    serial: u64,
    root: PathBuf,
    files: Vec<PathBuf>,
    config: PreprocessingConfig,
    interrupt: Interrupt,
}

/// The cutting under way.
pub(super) struct PiecesControl {
    worker: Worker<CutRequest>,
    interrupt: Interrupt,
    serial: u64,
    /// What the list was made with, or is being made with.
    rule: Option<Rule>,
}

impl PiecesControl {
    pub(super) fn new(worker: Worker<CutRequest>) -> Self {
        Self { worker, interrupt: Interrupt::new(), serial: 0, rule: None }
    }
}

impl Drop for PiecesControl {
    fn drop(&mut self) {
        self.interrupt.stop();
    }
}

/// Starts the thread.
pub(super) fn spawn(mailbox: Mailbox) -> io::Result<Worker<CutRequest>> {
    Worker::spawn("cutting", move |request: CutRequest| {
        let serial = request.serial;
        let (reported, most) = (Mutex::new(Instant::now()), AtomicUsize::new(0));
        let sink = |event: JobEvent| {
            let JobEvent::Progress { done, total, .. } = event else { return };
            let done = most.fetch_max(done, Ordering::Relaxed).max(done);
            let mut reported = reported.lock().unwrap_or_else(PoisonError::into_inner);
            if reported.elapsed() >= REPORT_EVERY {
                *reported = Instant::now();
                mailbox.send_latest(Event::Pieces(PiecesEvent::Progress { serial, done, total }));
            }
        };
        let CutRequest { root, files, config, interrupt, .. } = request;
        let request = cutting::Request { root, files, config };
        let result = guarded(|| cutting::run(&request, &JobContext::new(&sink, &interrupt)));
        mailbox.send(Event::Pieces(PiecesEvent::Cut { serial, config: Box::new(request.config), result }));
    })
}

impl Session {
    pub(super) fn apply_to_pieces(&mut self, command: PiecesCommand) {
        match command {
            PiecesCommand::ShowFile(file) => {
                if file < self.state.library.pieces.files.len() {
                    self.state.library.pieces.shown = Some(file);
                }
            }
            PiecesCommand::Fold(file, is_folded) => {
                if let Some(file) = self.state.library.pieces.files.get_mut(file) {
                    file.is_folded = is_folded;
                }
            }
            PiecesCommand::Play(recording, from_secs) => self.play_recording(recording, from_secs),
            PiecesCommand::Cut => self.cut_anew(),
            PiecesCommand::Cancel => {
                // Another setting, or the same one again, begins anew.
                self.pieces.rule = None;
                self.state.library.pieces.was_cancelled = true;
                self.pieces.interrupt.stop();
                self.pieces.serial += 1;
                self.state.library.pieces.cutting = None;
            }
        }
    }

    /// Selects a recording and plays it.
    fn play_recording(&mut self, recording: usize, from_secs: f64) {
        self.stop_playback();
        let shown = self.state.library.pieces.shown;
        self.select(recording);
        self.state.library.pieces.shown = shown;
        self.toggle_play(Some(from_secs).filter(|secs| *secs > 0.0));
    }

    /// Brings the list in line with the settings, where these cut otherwise than the list was made.
    pub(super) fn follow_pieces(&mut self) {
        let rule = Rule::of(&self.state.settings.preprocessing);
        if rule != self.pieces.rule || self.state.library.pieces.was_cancelled {
            self.cut_anew();
        }
    }

    /// Cuts the open folder's files, or makes the list one of whole files, as the settings say.
    pub(super) fn cut_anew(&mut self) {
        self.pieces.interrupt.stop();
        self.pieces.interrupt = Interrupt::new();
        self.pieces.serial += 1;
        let config = self.state.settings.preprocessing.clone();
        self.pieces.rule = Rule::of(&config);
        let library = &mut self.state.library;
        library.pieces.cutting = None;
        library.pieces.was_cancelled = false;
        let Some(root) = library.root.clone() else { return };
        if self.pieces.rule.is_none() {
            if !library.pieces.files.is_empty() {
                let selected = library.selected.and_then(|selected| library.pieces.file_of(selected));
                let files = std::mem::take(&mut library.pieces).files;
                self.replace_recordings(files.into_iter().map(|file| file.file).collect(), selected);
            }
            return;
        }
        let relative = |file: &Recording| {
            file.path.strip_prefix(&root).map_or_else(|_| file.path.clone(), PathBuf::from)
        };
        let files: Vec<PathBuf> = if library.pieces.files.is_empty() {
            library.recordings.iter().map(relative).collect()
        } else {
            library.pieces.files.iter().map(|file| relative(&file.file)).collect()
        };
        library.pieces.cutting = Some((0, 0));
        let (serial, interrupt) = (self.pieces.serial, self.pieces.interrupt.clone());
        self.pieces.worker.request(CutRequest { serial, root, files, config, interrupt });
    }

    pub(super) fn on_pieces_event(&mut self, event: PiecesEvent) {
        match event {
            PiecesEvent::Progress { serial, done, total } => {
                let cutting = &mut self.state.library.pieces.cutting;
                if serial == self.pieces.serial && cutting.is_some() {
                    *cutting = Some((done, total));
                }
            }
            PiecesEvent::Cut { serial, config, result } => {
                if serial != self.pieces.serial {
                    return;
                }
                self.state.library.pieces.cutting = None;
                match result {
                    Ok(files) => self.show_pieces(files, &config),
                    Err(error) if error.is_stopped() => {}
                    Err(error) => self.notify(Severity::Error, error.to_string()),
                }
            }
        }
    }

    /// Makes the pieces of `cut` the list of recordings.
    fn show_pieces(&mut self, cut: Vec<CutFile>, config: &PreprocessingConfig) {
        let library = &mut self.state.library;
        let root = library.root.clone().unwrap_or_default();
        let pattern = library.label_pattern.clone();
        let selected_file = match library.selected {
            Some(selected) if library.pieces.files.is_empty() => Some(selected),
            Some(selected) => library.pieces.file_of(selected),
            None => None,
        };
        let was_whole = library.pieces.files.is_empty();
        let before: Vec<(Recording, bool)> = if was_whole {
            let is_folded = library.recordings.len() > 1;
            library.recordings.drain(..).map(|file| (file, is_folded)).collect()
        } else {
            library.pieces.files.drain(..).map(|file| (file.file, file.is_folded)).collect()
        };
        let summary = cutting::summary(&cut, config);
        let mut recordings = Vec::new();
        let mut files = Vec::new();
        for ((place, (file, is_folded)), cut) in before.into_iter().enumerate().zip(cut) {
            let first = recordings.len();
            recordings.extend(recordings_of(&root, &cut, &pattern));
            files.push(FileInPieces {
                file,
                recordings: first..recordings.len(),
                problem: cut.problem(config),
                cut: cut.cut.ok(),
                is_folded: is_folded && selected_file != Some(place),
            });
        }
        let shown = selected_file.or(Some(0)).filter(|file| *file < files.len());
        let first_of_shown = shown.and_then(|file| files.get(file)).map(|file| file.recordings.start);
        library.pieces = Pieces { files, summary, shown, ..Pieces::default() };
        self.replace_recordings(recordings, first_of_shown);
    }

    /// Other recordings of the same folder.
    fn replace_recordings(&mut self, recordings: Vec<Recording>, selected: Option<usize>) {
        self.stop_playback();
        let library = &mut self.state.library;
        library.recordings = recordings;
        library.selected = None;
        let list = Arc::clone(&library.left_out);
        library.set_left_out(list);
        self.forget_stages();
        self.forget_pins();
        self.space_library_changed();
        self.filter();
        if !self.state.library.recordings.is_empty() {
            let shown = self.state.library.pieces.shown;
            self.select(selected.unwrap_or(0).min(self.state.library.recordings.len() - 1));
            self.state.library.pieces.shown = shown;
        }
        self.describe_split();
        self.ask_estimate();
    }
}

/// The recordings that the pieces of a file are.
fn recordings_of(root: &std::path::Path, cut: &CutFile, pattern: &str) -> Vec<Recording> {
    let Ok(found) = &cut.cut else { return Vec::new() };
    let with_piece = cut.pieces.iter().zip(found.pieces());
    with_piece
        .map(|(path, piece)| {
            let mut recording = Recording::new(root, path, labels::class_of(path, pattern));
            recording.info = Some(ClipInfo {
                sample_rate_hz: found.measured.sample_rate_hz,
                channels: 1,
                duration_secs: Some(piece.secs()),
            });
            recording
        })
        .collect()
}

/// What a piece is called below the name of its file: `@12.500`.
pub fn short_name(name: &str) -> &str {
    name.get(piece::file_name_of(name).len()..).filter(|start| !start.is_empty()).unwrap_or(name)
}
