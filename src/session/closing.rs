//! Closing the window while files are written that a person asked for: exports, and images saved to a folder.
//!
//! A run asks for itself (`training/closing`); this comes after it.

use super::{
    Session,
    data_set::{DataSetCommand, overview::OverviewCommand},
    space::{SpaceCommand, export::LatentExportCommand},
    training::{CloseWish, TrainingCommand},
    writing::{ClosingFiles, FilesWish},
};

impl Session {
    pub(super) fn close(&mut self, wish: FilesWish) {
        match wish {
            FilesWish::Ask if self.state.closing == ClosingFiles::No => {
                self.state.closing = ClosingFiles::Asked;
            }
            FilesWish::Ask => {}
            FilesWish::Finish => self.state.closing = ClosingFiles::WhenWritten,
            FilesWish::Stop => {
                self.state.closing = ClosingFiles::WhenWritten;
                self.route(SpaceCommand::Export(LatentExportCommand::Cancel).into());
                if self.state.data_set.overview.saving.is_some() {
                    self.route(DataSetCommand::Overview(OverviewCommand::Cancel).into());
                }
            }
            FilesWish::KeepOpen => {
                self.state.closing = ClosingFiles::No;
                self.route(TrainingCommand::Close(CloseWish::KeepOpen).into());
            }
        }
        self.close_when_written();
    }

    /// Closes the window if that was requested and nothing is written any more.
    pub(super) fn close_when_written(&mut self) {
        let closing = self.state.closing;
        if matches!(closing, ClosingFiles::Asked | ClosingFiles::WhenWritten)
            && self.state.writing().is_none()
        {
            self.state.closing = ClosingFiles::Now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{
        Command,
        space::export::{LatentExportForm, MOST_SOUNDS},
        testing::{session, wait},
    };

    #[test]
    fn closing_asks_while_sounds_are_exported_and_stops_or_finishes_them() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = session(folder.path());
        wait(&mut session, "a sound", |state| state.latent.decoded.is_some());
        let export = |command| SpaceCommand::Export(command);
        let form = LatentExportForm { count: MOST_SOUNDS, ..LatentExportForm::default() };
        session.apply(export(LatentExportCommand::SetForm(form)));
        session.apply(export(LatentExportCommand::Batch(folder.path().join("batch"))));
        session.apply(export(LatentExportCommand::Sound(folder.path().join("next.wav"))));
        let writing = session.state().writing().unwrap();
        assert_eq!((writing.done, writing.waiting), (0, 1));
        session.apply(Command::Close(FilesWish::Ask));
        assert_eq!(session.state().closing, ClosingFiles::Asked);
        session.apply(Command::Close(FilesWish::KeepOpen));
        assert_eq!(session.state().closing, ClosingFiles::No);
        assert!(session.state().writing().is_some(), "and goes on");
        session.apply(Command::Close(FilesWish::Stop));
        wait(&mut session, "the end", |state| state.closing == ClosingFiles::Now);
        drop(session);
        assert!(!folder.path().join("batch/999.wav").exists() && !folder.path().join("next.wav").exists());
    }

    #[test]
    fn the_window_closes_when_the_last_file_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = session(folder.path());
        wait(&mut session, "a sound", |state| state.latent.decoded.is_some());
        let form = LatentExportForm { count: 3, ..LatentExportForm::default() };
        let batch = folder.path().join("batch");
        session.apply(SpaceCommand::Export(LatentExportCommand::SetForm(form)));
        session.apply(SpaceCommand::Export(LatentExportCommand::Batch(batch.clone())));
        session.apply(Command::Close(FilesWish::Finish));
        assert_eq!(session.state().closing, ClosingFiles::WhenWritten);
        wait(&mut session, "the end", |state| state.closing == ClosingFiles::Now);
        assert!((0..3).all(|sound| batch.join(format!("{sound:03}.wav")).is_file()));
    }
}
