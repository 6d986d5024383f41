//! The system's file dialogs, each on its own thread, so that the window keeps drawing while one is open.

use std::{
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui;
use rfd::FileDialog;

use crate::{
    jobs::export::figures::{Figure, FigureFormat, StageArray},
    language::{self, text},
    names::file_name,
    session::{
        Command, LibraryCommand,
        data_set::{DataSetCommand, doctor::DoctorCommand, overview::OverviewCommand, parity::ParityCommand},
        export::ExportCommand,
        playing::PlayingCommand,
        runs::RunsCommand,
        space::{SpaceCommand, export::LatentExportCommand},
        training::TrainingCommand,
    },
};

/// File extensions of the sound filter.
pub const SOUND_EXTENSIONS: [&str; 9] = ["wav", "flac", "ogg", "mp3", "aiff", "aif", "m4a", "caf", "aac"];

/// A dialog that ends sooner than this was not cancelled by the user: it could not be opened.
const FAILED_TO_OPEN: Duration = Duration::from_millis(250);

/// A type of files that dialogs save.
#[derive(Clone, Copy)]
struct FileKind {
    /// Its name in the dialog's filter.
    name: &'static str,
    /// The extension, without the dot.
    ending: &'static str,
}

const CSV: FileKind = FileKind { name: "CSV", ending: "csv" };
const HTML: FileKind = FileKind { name: "HTML", ending: "html" };
const NUMPY: FileKind = FileKind { name: "NumPy", ending: "npy" };
const PNG: FileKind = FileKind { name: "PNG", ending: "png" };
const SVG: FileKind = FileKind { name: "SVG", ending: "svg" };
const TOML: FileKind = FileKind { name: "TOML", ending: "toml" };
const WAV: FileKind = FileKind { name: "WAV", ending: "wav" };

/// What a file dialog is for, with its parameters.
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
    /// Where to save a figure; the suggested file name.
    SaveFigure(String, Figure),
    /// Where to save the numbers of a stage; the suggested file name.
    SaveStage(String, StageArray),
    /// Where to save the selected part of a sound; the suggested file name.
    SaveSelection(String),
    /// The folder that recordings go to.
    RecordingFolder,
    /// Where to save a copy of this file.
    SaveCopy(PathBuf),
    /// Where to save the table of differences between our images and Python's.
    SaveParity,
    /// Where to export something from the latent view.
    ExportLatent(LatentExport),
    /// Where to save the reconstructions of these recordings, by their indices in the library.
    SaveMapSounds(Vec<usize>),
    /// Where to save the form's settings.
    SaveSettings,
    /// The settings to load into the form.
    LoadSettings,
    /// Where to save the report of this run.
    SaveRunReport(PathBuf),
    /// Where to save the scalars of this run.
    SaveScalars(PathBuf),
    /// Where to save the list of these recordings, by their indices in the library.
    SaveMapList(Vec<usize>),
    /// The new folder of the recordings of the run in this folder.
    ResumeWith(PathBuf),
}

/// What can be exported from the latent view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LatentExport {
    /// The decoded sound.
    Sound,
    /// One sound from A to B.
    Morph,
    /// A folder of sounds from A to B.
    Sequence,
    /// A folder of random sounds.
    Batch,
    /// The recordings' vectors and the map.
    Vectors,
    /// The model.
    Model,
}

/// Opens dialogs and returns their answers as commands.
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
    /// Whether a dialog is open; only one can be open at a time.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Opens a dialog unless one is open; `start` is the folder it begins in.
    pub fn ask(&mut self, ctx: &egui::Context, question: Question, start: Option<PathBuf>) {
        if self.open {
            return;
        }
        let (sender, ctx, language) = (self.sender.clone(), ctx.clone(), language::current());
        let opened = thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            language::set(language);
            // The receiver is dropped only with the window: then the answer is not needed.
            let asked = Instant::now();
            let answer = answer(question, start);
            sender.send(answer.or_else(|| failure(asked.elapsed()))).ok();
            ctx.request_repaint();
        });
        match opened {
            Ok(_) => self.open = true,
            Err(error) => log::error!("could not start a thread for the file dialog: {error}"),
        }
    }

    /// The answer of a dialog that was closed, if it was not cancelled.
    pub fn take(&mut self) -> Option<Command> {
        let answer = self.receiver.try_recv().ok()?;
        self.open = false;
        answer
    }
}

/// The message for a dialog without an answer after `elapsed`: too soon means that it could not be opened.
fn failure(elapsed: Duration) -> Option<Command> {
    (elapsed < FAILED_TO_OPEN).then_some(Command::NoFileDialog)
}

fn answer(question: Question, start: Option<PathBuf>) -> Option<Command> {
    let mut dialog = FileDialog::new();
    if let Some(start) = start {
        dialog = dialog.set_directory(start);
    }
    let data_set = Command::DataSet;
    match question {
        Question::OpenFolder => {
            let dialog = dialog.set_title(text!("dialog-open-folder"));
            dialog.pick_folder().map(|value| Command::Library(LibraryCommand::Open(value)))
        }
        Question::OpenFile => {
            let dialog = dialog
                .set_title(text!("dialog-open-file"))
                .add_filter(text!("dialog-sounds"), &SOUND_EXTENSIONS);
            dialog.pick_file().map(|value| Command::Library(LibraryCommand::Open(value)))
        }
        Question::OpenPythonFolder => {
            let dialog = dialog.set_title(text!("dialog-python-folder"));
            let compare = |path| data_set(DataSetCommand::Parity(ParityCommand::Compare(path)));
            dialog.pick_folder().map(compare)
        }
        Question::ResumeWith(folder) => {
            let dialog = dialog.set_title(text!("dialog-resume-with"));
            let resume = |recordings| TrainingCommand::ResumeWith { folder, recordings };
            dialog.pick_folder().map(resume).map(Command::Training)
        }
        Question::RecordingFolder => {
            let dialog = dialog.set_title(text!("dialog-recording-folder"));
            dialog.pick_folder().map(PlayingCommand::ChooseFolder).map(Command::Playing)
        }
        Question::SaveImages => {
            let dialog = dialog.set_title(text!("dialog-save-images"));
            let save = |path| data_set(DataSetCommand::Overview(OverviewCommand::Save(path)));
            dialog.pick_folder().map(save)
        }
        Question::SaveWav(name) => save(dialog, text!("dialog-save-decoded"), &name, WAV)
            .map(|path| Command::Export(ExportCommand::Sound(path))),
        Question::SaveFindings => save(dialog, text!("dialog-save-findings"), "findings.csv", CSV)
            .map(|path| data_set(DataSetCommand::Doctor(DoctorCommand::Export(path)))),
        Question::SaveParity => save(dialog, text!("dialog-save-differences"), "parity.csv", CSV)
            .map(|path| data_set(DataSetCommand::Parity(ParityCommand::Export(path)))),
        Question::ExportLatent(what) => of_latent(dialog, what),
        Question::SaveSettings
        | Question::LoadSettings
        | Question::SaveRunReport(_)
        | Question::SaveScalars(_) => of_runs(dialog, question).map(Command::Runs),
        Question::SaveMapSounds(recordings) => {
            let dialog = dialog.set_title(text!("dialog-save-sounds"));
            let export = |path| LatentExportCommand::Chosen(path, recordings);
            dialog.pick_folder().map(export).map(|command| Command::Space(SpaceCommand::Export(command)))
        }
        Question::SaveMapList(recordings) => save(dialog, text!("dialog-save-list"), "chosen.csv", CSV)
            .map(|path| Command::Space(SpaceCommand::SaveList(path, recordings))),
        Question::SaveFigure(..)
        | Question::SaveStage(..)
        | Question::SaveSelection(_)
        | Question::SaveCopy(_) => of_export(dialog, question).map(Command::Export),
    }
}

/// Answers about figures, stages and selections.
fn of_export(dialog: FileDialog, question: Question) -> Option<ExportCommand> {
    match question {
        Question::SaveFigure(name, figure) => {
            let kind = match figure.format {
                FigureFormat::Png => PNG,
                FigureFormat::Svg => SVG,
            };
            save(dialog, text!("dialog-save-figure"), &name, kind)
                .map(|path| ExportCommand::Figure(path, figure))
        }
        Question::SaveStage(name, stage) => save(dialog, text!("dialog-save-array"), &name, NUMPY)
            .map(|path| ExportCommand::Stage(path, stage)),
        Question::SaveSelection(name) => {
            save(dialog, text!("dialog-save-sound"), &name, WAV).map(ExportCommand::Selection)
        }
        Question::SaveCopy(from) => {
            let name = file_name(&from);
            save(dialog, text!("dialog-save-copy"), &name, WAV).map(|to| ExportCommand::Copy { from, to })
        }
        _ => None,
    }
}

/// Answers about runs and settings files.
fn of_runs(dialog: FileDialog, question: Question) -> Option<RunsCommand> {
    match question {
        Question::SaveSettings => {
            save(dialog, text!("dialog-save-settings"), "settings.toml", TOML).map(RunsCommand::SaveSettings)
        }
        Question::LoadSettings => {
            let dialog =
                dialog.set_title(text!("dialog-load-settings")).add_filter(TOML.name, &[TOML.ending]);
            dialog.pick_file().map(RunsCommand::LoadSettings)
        }
        Question::SaveRunReport(run) => save(dialog, text!("dialog-save-report"), "report.html", HTML)
            .map(|file| RunsCommand::SaveReport(run, file)),
        Question::SaveScalars(run) => save(dialog, text!("dialog-save-scalars"), "scalars.csv", CSV)
            .map(|file| RunsCommand::SaveScalars(run, file)),
        _ => None,
    }
}

fn of_latent(dialog: FileDialog, what: LatentExport) -> Option<Command> {
    let folder = |title: String| dialog.clone().set_title(title).pick_folder();
    let command = match what {
        LatentExport::Sound => {
            LatentExportCommand::Sound(save(dialog, text!("dialog-save-decoded"), "decoded.wav", WAV)?)
        }
        LatentExport::Morph => {
            LatentExportCommand::Morph(save(dialog, text!("dialog-save-morph"), "morph.wav", WAV)?)
        }
        LatentExport::Sequence => LatentExportCommand::Sequence(folder(text!("dialog-save-sequence"))?),
        LatentExport::Batch => LatentExportCommand::Batch(folder(text!("dialog-save-sounds"))?),
        LatentExport::Vectors => LatentExportCommand::Vectors(folder(text!("dialog-save-vectors"))?),
        LatentExport::Model => LatentExportCommand::Model(folder(text!("dialog-save-model"))?),
    };
    Some(Command::Space(SpaceCommand::Export(command)))
}

/// Asks where to save a file; `name` is the suggested file name.
fn save(dialog: FileDialog, title: String, name: &str, kind: FileKind) -> Option<PathBuf> {
    let dialog = dialog.set_title(title).add_filter(kind.name, &[kind.ending]).set_file_name(name);
    dialog.save_file().map(|path| with_ending(path, kind.ending))
}

/// Adds the extension to a name typed without one. The dialog has not asked about overwriting that name, so if the file
/// exists, the new name gets a number.
fn with_ending(path: PathBuf, ending: &str) -> PathBuf {
    if path.extension().is_some() {
        return path;
    }
    let numbered = (2..).map(|number| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(" {number}.{ending}"));
        path.with_file_name(name)
    });
    let mut names = std::iter::once(path.with_extension(ending)).chain(numbered);
    names.find(|name| name.symlink_metadata().is_err()).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_once_and_allows_the_next_dialog() {
        let mut dialogs = Dialogs { open: true, ..Dialogs::default() };
        dialogs.sender.send(Some(Command::Library(LibraryCommand::Open("x".into())))).unwrap();
        assert_eq!(dialogs.take(), Some(Command::Library(LibraryCommand::Open("x".into()))));
        assert!(!dialogs.is_open());
        assert_eq!(dialogs.take(), None);
    }

    #[test]
    fn a_dialog_that_never_opened_is_reported_and_a_cancelled_one_is_not() {
        assert_eq!(failure(Duration::from_millis(20)), Some(Command::NoFileDialog));
        assert_eq!(failure(Duration::from_secs(1)), None);
    }

    #[test]
    fn a_name_without_an_ending_gets_one() {
        assert_eq!(with_ending("a/take".into(), "wav"), PathBuf::from("a/take.wav"));
        assert_eq!(with_ending("a/take.WAV".into(), "wav"), PathBuf::from("a/take.WAV"));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("take.wav"), "theirs").unwrap();
        assert_eq!(with_ending(folder.path().join("take"), "wav"), folder.path().join("take 2.wav"));
    }
}
