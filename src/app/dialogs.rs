//! The system's file dialogs, each on a thread of its own: the window goes on drawing while one is open.

use std::{path::PathBuf, thread};

use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui;

use crate::session::{
    Command,
    data_set::{DataSetCommand, doctor::DoctorCommand, overview::OverviewCommand, parity::ParityCommand},
};

/// Endings that are offered for sounds.
const SOUND_EXTENSIONS: [&str; 9] = ["wav", "flac", "ogg", "mp3", "aiff", "aif", "m4a", "caf", "aac"];

/// What a dialog asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// A folder of recordings or a model bundle to open.
    OpenFolder,
    /// One sound file to open.
    OpenFile,
    /// Where to save the decoded sound; the suggested file name.
    SaveWav(String),
    /// Where to save the doctor's findings.
    SaveFindings,
    /// A folder for the images of the open recordings.
    SaveImages,
    /// The folder that the Python pipeline wrote.
    OpenPythonFolder,
    /// Where to save how ours and Python's images differ.
    SaveParity,
}

/// Opens dialogs and hands out their answers as commands.
pub struct Dialogs {
    sender: Sender<Option<Command>>,
    receiver: Receiver<Option<Command>>,
    open: bool,
}

impl Default for Dialogs {
    fn default() -> Self {
        let (sender, receiver) = bounded(1);
        Self { sender, receiver, open: false }
    }
}

impl Dialogs {
    /// Whether a dialog is open; a second one waits for it.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Opens a dialog unless one is open; `start` is the folder it begins in.
    pub fn ask(&mut self, ctx: &egui::Context, question: Question, start: Option<PathBuf>) {
        if self.open {
            return;
        }
        let (sender, ctx) = (self.sender.clone(), ctx.clone());
        let asked = thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            // The receiver is gone only when the window is: then nobody waits for the answer.
            sender.send(answer(question, start)).ok();
            ctx.request_repaint();
        });
        match asked {
            Ok(_) => self.open = true,
            Err(error) => log::error!("no thread for the file dialog: {error}"),
        }
    }

    /// The answer of a dialog that was closed, if it was not cancelled.
    pub fn take(&mut self) -> Option<Command> {
        let answer = self.receiver.try_recv().ok()?;
        self.open = false;
        answer
    }
}

fn answer(question: Question, start: Option<PathBuf>) -> Option<Command> {
    let mut dialog = rfd::FileDialog::new();
    if let Some(start) = start {
        dialog = dialog.set_directory(start);
    }
    match question {
        Question::OpenFolder => {
            let dialog = dialog.set_title("Open a folder of recordings or a model");
            dialog.pick_folder().map(Command::Open)
        }
        Question::OpenFile => {
            let dialog = dialog.set_title("Open a sound file").add_filter("Sounds", &SOUND_EXTENSIONS);
            dialog.pick_file().map(Command::Open)
        }
        Question::SaveWav(name) => {
            let dialog =
                dialog.set_title("Save the decoded sound").add_filter("WAV", &["wav"]).set_file_name(name);
            dialog.save_file().map(|path| Command::SaveWav(with_ending(path, "wav")))
        }
        Question::SaveFindings => {
            let dialog = dialog
                .set_title("Save the findings")
                .add_filter("CSV", &["csv"])
                .set_file_name("findings.csv");
            let export = |path| DoctorCommand::Export(with_ending(path, "csv"));
            dialog.save_file().map(|path| Command::DataSet(DataSetCommand::Doctor(export(path))))
        }
        Question::SaveImages => {
            let dialog = dialog.set_title("Save the images to an empty folder");
            let save = |path| Command::DataSet(DataSetCommand::Overview(OverviewCommand::Save(path)));
            dialog.pick_folder().map(save)
        }
        Question::OpenPythonFolder => {
            let dialog = dialog.set_title("Choose the folder that Python wrote");
            let compare = |path| Command::DataSet(DataSetCommand::Parity(ParityCommand::Compare(path)));
            dialog.pick_folder().map(compare)
        }
        Question::SaveParity => {
            let dialog = dialog
                .set_title("Save the differences")
                .add_filter("CSV", &["csv"])
                .set_file_name("parity.csv");
            let export = |path| ParityCommand::Export(with_ending(path, "csv"));
            dialog.save_file().map(|path| Command::DataSet(DataSetCommand::Parity(export(path))))
        }
    }
}

/// A file name typed without an ending gets one, so that other programs know what it is.
fn with_ending(path: PathBuf, ending: &str) -> PathBuf {
    if path.extension().is_some() { path } else { path.with_extension(ending) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_once_and_frees_the_way_for_the_next_dialog() {
        let mut dialogs = Dialogs { open: true, ..Dialogs::default() };
        dialogs.sender.send(Some(Command::Open("x".into()))).unwrap();
        assert_eq!(dialogs.take(), Some(Command::Open("x".into())));
        assert!(!dialogs.is_open());
        assert_eq!(dialogs.take(), None);
    }

    #[test]
    fn a_name_without_an_ending_gets_one() {
        assert_eq!(with_ending("a/take".into(), "wav"), PathBuf::from("a/take.wav"));
        assert_eq!(with_ending("a/take.WAV".into(), "wav"), PathBuf::from("a/take.WAV"));
    }
}
