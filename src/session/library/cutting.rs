//! Long recordings in pieces: the list of recordings follows the settings.

use std::{path::PathBuf, sync::Arc};

use super::{
    cut_words,
    cutting_worker::{CutRequest, PiecesEvent, Rule},
    part::{LibraryPart, News},
    pieces_state::{FileInPieces, NotCut, Pieces, PiecesCommand},
};
use crate::{
    audio::decode::ClipInfo,
    interrupt::Interrupt,
    jobs::{data::cutting::CutFile, scan::Recording},
    pipeline::{config::PreprocessingConfig, labels},
    session::{
        notices::Severity,
        spoken::{Spoken, said},
    },
};

impl LibraryPart<'_> {
    pub(super) fn apply_to_pieces(&mut self, command: PiecesCommand) {
        match command {
            PiecesCommand::ShowFile(file) => {
                if file < self.state.pieces.files.len() {
                    self.state.pieces.shown = Some(file);
                }
            }
            PiecesCommand::Fold(file, is_folded) => {
                if let Some(file) = self.state.pieces.files.get_mut(file) {
                    file.is_folded = is_folded;
                }
            }
            PiecesCommand::Play(recording, from_secs) => self.play_recording(recording, from_secs),
            PiecesCommand::Cut => self.cut_anew(),
            PiecesCommand::Cancel => {
                self.control.pieces.interrupt.stop();
                self.control.pieces.serial += 1;
                self.end_without_pieces(NotCut::Cancelled);
            }
        }
    }

    /// Leaves the list as it is. The next change of settings, or the same settings again, cuts anew.
    fn end_without_pieces(&mut self, cause: NotCut) {
        self.control.pieces.rule = None;
        self.state.pieces.cutting = None;
        self.state.pieces.not_cut = Some(cause);
    }

    /// Selects a recording and plays it.
    fn play_recording(&mut self, recording: usize, from_secs: f64) {
        let shown = self.state.pieces.shown;
        self.select(recording);
        self.state.pieces.shown = shown;
        self.ctx.tell(News::PlayFrom(from_secs));
    }

    /// Cuts again if the settings of pieces have changed since the list was made.
    pub(in crate::session) fn follow_pieces(&mut self) {
        let rule = Rule::of(&self.ctx.settings.preprocessing);
        if rule != self.control.pieces.rule || self.state.pieces.not_cut.is_some() {
            self.cut_anew();
        }
    }

    /// Cuts the files of the open folder, or lists whole files, depending on the settings.
    pub(super) fn cut_anew(&mut self) {
        self.control.pieces.interrupt.stop();
        self.control.pieces.interrupt = Interrupt::new();
        self.control.pieces.serial += 1;
        let config = self.ctx.settings.preprocessing.clone();
        self.control.pieces.rule = Rule::of(&config);
        let library = &mut *self.state;
        library.pieces.cutting = None;
        library.pieces.not_cut = None;
        let Some(root) = library.root.clone() else { return };
        if self.control.pieces.rule.is_none() {
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
        let (serial, interrupt) = (self.control.pieces.serial, self.control.pieces.interrupt.clone());
        self.control.pieces.worker.request(CutRequest { serial, root, files, config, interrupt });
    }

    pub(super) fn on_pieces_event(&mut self, event: PiecesEvent) {
        match event {
            PiecesEvent::Progress { serial, done, total } => {
                let cutting = &mut self.state.pieces.cutting;
                if serial == self.control.pieces.serial && cutting.is_some() {
                    *cutting = Some((done, total));
                }
            }
            PiecesEvent::Cut { serial, config, result } => {
                if serial != self.control.pieces.serial {
                    return;
                }
                self.state.pieces.cutting = None;
                match result {
                    Ok(files) => self.show_pieces(files, &config),
                    Err(error) if error.is_stopped() => {}
                    Err(error) => {
                        self.end_without_pieces(NotCut::Failed);
                        self.ctx
                            .notify(Severity::Error, said!("message-not-cut", cause = Spoken::from(error)));
                    }
                }
            }
        }
    }

    /// Lists the pieces of `cut` as recordings.
    fn show_pieces(&mut self, cut: Vec<CutFile>, config: &PreprocessingConfig) {
        let library = &mut *self.state;
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
        let summary = cut_words::summary(&cut, config);
        let mut recordings = Vec::new();
        let mut files = Vec::new();
        for ((place, (file, is_folded)), cut) in before.into_iter().enumerate().zip(cut) {
            let first = recordings.len();
            recordings.extend(recordings_of(&root, &cut, &pattern));
            files.push(FileInPieces {
                file,
                recordings: first..recordings.len(),
                problem: cut_words::problem(&cut, config),
                cut: cut.cut.ok(),
                is_folded: is_folded && selected_file != Some(place),
            });
        }
        let shown = selected_file.or(Some(0)).filter(|file| *file < files.len());
        let first_of_shown = shown.and_then(|file| files.get(file)).map(|file| file.recordings.start);
        library.pieces = Pieces { files, summary, shown, ..Pieces::default() };
        self.replace_recordings(recordings, first_of_shown);
    }

    /// Lists other recordings of the same folder.
    fn replace_recordings(&mut self, recordings: Vec<Recording>, selected: Option<usize>) {
        let library = &mut *self.state;
        library.recordings = recordings;
        library.selected = None;
        let list = Arc::clone(&library.left_out);
        library.set_left_out(list);
        self.ctx.tell(News::Replaced);
        self.filter();
        if !self.state.recordings.is_empty() {
            let shown = self.state.pieces.shown;
            self.select(selected.unwrap_or(0).min(self.state.recordings.len() - 1));
            self.state.pieces.shown = shown;
        }
    }
}

/// The pieces of a file as recordings.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audio::{
            clip::Clip,
            encode::{BitDepth, write_wav},
        },
        jobs::JobError,
        pipeline::pieces::Cutting,
        session::{
            InspectionCommand, LibraryCommand,
            testing::{session, wait},
        },
    };

    #[test]
    fn cutting_that_failed_can_be_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let sounds = folder.path().join("sounds");
        let tone = |_| (0..4096).map(|n| 0.4 * (n as f32 * 0.2).sin()).chain(std::iter::repeat_n(0.0, 8192));
        let clip = Clip::mono((0..3).flat_map(tone).collect(), 8000);
        write_wav(&sounds.join("a.wav"), &clip, BitDepth::Int16).unwrap();
        let mut session = session(&folder.path().join("data"));
        session.apply(LibraryCommand::Open(sounds));
        wait(&mut session, "recording", |state| state.library.recordings.len() == 1);
        let mut config = session.state().settings.preprocessing.clone();
        config.pieces.at = Cutting::Silences;
        session.apply(InspectionCommand::SetPreprocessing(config.clone()));
        // Its answer, before that of the thread.
        session.library(|library| {
            let serial = library.control.pieces.serial;
            library.control.pieces.interrupt.stop();
            let result = Err(JobError::Other("the disk is gone".to_owned()));
            library.on_pieces_event(PiecesEvent::Cut { serial, config: Box::new(config), result });
            // What the thread itself still sends is of another start.
            library.control.pieces.serial += 1;
        });
        let pieces = &session.state().library.pieces;
        assert_eq!((pieces.cutting, pieces.not_cut), (None, Some(NotCut::Failed)));
        assert!(session.state().notices.iter().any(|notice| notice.text().contains("the disk is gone")));
        session.apply(LibraryCommand::Pieces(PiecesCommand::Cut));
        wait(&mut session, "pieces", |state| state.library.recordings.len() == 3);
        assert_eq!(session.state().library.pieces.not_cut, None);
    }
}
