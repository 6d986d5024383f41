//! A folder that the Python pipeline wrote, against ours.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    audio::left_out::LeftOut,
    jobs::{
        JobContext, JobError, guarded,
        parity::{self, Report, Request, View},
    },
    pipeline::config::PreprocessingConfig,
    session::{
        Session,
        event::Event,
        progress::{Progress, ProgressSink},
        state::Severity,
        task::{Task, TaskStatus},
    },
};

use super::{DataSetEvent, listed};

/// What is shown.
#[derive(Debug, Default)]
pub struct ParityState {
    /// How far the job is.
    pub status: TaskStatus,
    /// What Python wrote, as it was chosen.
    pub python_folder: Option<PathBuf>,
    /// The newest report; kept while the next is made.
    pub report: Option<Arc<Report>>,
    /// The folder of recordings that was open then.
    pub root: PathBuf,
    /// Whether the settings of that report lay beside the images.
    pub settings_beside: bool,
    /// The file whose images are asked for, by its place in the report.
    pub selected: Option<usize>,
    /// The images of a file, by its place in the report, or why there are none.
    pub view: Option<(usize, Result<Arc<View>, String>)>,
    /// Counts up whenever `view` changes, for caches.
    pub generation: u64,
}

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum ParityCommand {
    /// Compares with this folder.
    Compare(PathBuf),
    /// Compares with the same folder again.
    Again,
    /// Stops it.
    Cancel,
    /// Shows the images of a file, by its place in the report.
    Select(usize),
    /// Writes the report as comma-separated values.
    Export(PathBuf),
}

/// News of the threads.
pub(in crate::session) enum ParityEvent {
    /// How far the job is.
    Progress(Progress),
    /// It has ended.
    Ended(Box<Result<Compared, JobError>>),
    /// The images of one file are there.
    Seen {
        /// Of this report.
        report: Arc<Report>,
        /// Its place in it.
        file: usize,
        /// Both images.
        result: Result<Arc<View>, String>,
    },
}

/// A report, and where its settings come from.
pub(in crate::session) struct Compared {
    report: Report,
    root: PathBuf,
    settings_beside: bool,
}

impl Session {
    pub(super) fn apply_parity(&mut self, command: ParityCommand) {
        match command {
            ParityCommand::Compare(folder) => {
                if !self.state.data_set.parity.status.is_running() {
                    self.state.data_set.parity.python_folder = Some(folder);
                    self.compare_with_python();
                }
            }
            ParityCommand::Again => self.compare_with_python(),
            ParityCommand::Cancel => {
                if let Some(task) = &self.data_set.parity {
                    task.stop();
                }
            }
            ParityCommand::Select(file) => {
                self.state.data_set.parity.selected = Some(file);
                self.look_at_parity();
            }
            ParityCommand::Export(path) => self.export_parity(path),
        }
    }

    fn compare_with_python(&mut self) {
        let library = &self.state.library;
        let (Some(folder), Some(root)) = (listed::place(library), library.root.clone()) else { return };
        let config = listed::settings(&self.state);
        let parity = &mut self.state.data_set.parity;
        let Some(python_folder) = parity.python_folder.clone() else { return };
        let left_out = LeftOut::clone(&library.left_out);
        if parity.status.is_running() {
            return;
        }
        parity.status = TaskStatus::Idle;
        parity.status.advance(parity::COMPARING, 0, self.state.library.recordings.len());
        let mailbox = self.mailbox.clone();
        let task = Task::start("parity", move |interrupt| {
            let progress = |progress| Event::DataSet(DataSetEvent::Parity(ParityEvent::Progress(progress)));
            let sink = ProgressSink::new(mailbox.clone(), progress);
            let result = settings(&python_folder, config).and_then(|(config, settings_beside)| {
                let tolerance = parity::DEFAULT_TOLERANCE;
                let request = Request { folder, left_out, python_folder, config, tolerance, threads: None };
                let report = guarded(|| parity::run(&request, &JobContext::new(&sink, interrupt)))?;
                Ok(Compared { report, root, settings_beside })
            });
            mailbox.send(Event::DataSet(DataSetEvent::Parity(ParityEvent::Ended(Box::new(result)))));
        });
        match task {
            Ok(task) => self.data_set.parity = Some(task),
            Err(error) => {
                self.state.data_set.parity.status = TaskStatus::Failed(format!("no thread: {error}"));
            }
        }
    }

    /// Makes the images of the selected file, unless those of another are under way: then its news starts this.
    fn look_at_parity(&mut self) {
        let parity = &self.state.data_set.parity;
        let (Some(selected), Some(report)) = (parity.selected, parity.report.clone()) else { return };
        if parity.view.as_ref().is_some_and(|(file, _)| *file == selected) || self.data_set.parity_looks {
            return;
        }
        let Some(file) = report.files.get(selected).cloned() else { return };
        let mailbox = self.mailbox.clone();
        let task = Task::start("parity images", move |_| {
            let view = guarded(|| parity::view(&report, &file));
            let result = view.map(Arc::new).map_err(|error| error.to_string());
            let seen = ParityEvent::Seen { report, file: selected, result };
            mailbox.send(Event::DataSet(DataSetEvent::Parity(seen)));
        });
        match task {
            Ok(task) => {
                self.data_set.parity_view = Some(task);
                self.data_set.parity_looks = true;
            }
            Err(error) => self.notify(Severity::Error, format!("The images cannot be made: {error}")),
        }
    }

    fn export_parity(&mut self, path: PathBuf) {
        let parity = &self.state.data_set.parity;
        let Some(report) = parity.report.clone() else { return };
        // The thread of the comparison is the table's: a table waits until that has ended.
        if parity.status.is_running() {
            return;
        }
        let python = parity.python_folder.clone();
        let mut outputs = self.chosen_output().reading("a file that Python wrote", python);
        let mailbox = self.mailbox.clone();
        let task = Task::start("parity table", move |_| {
            let result = guarded(|| outputs.write(&path, |path| parity::write_csv(path, &report)));
            let result = result.map_err(|error| error.to_string());
            mailbox.send(Event::Saved { path, result });
        });
        match task {
            Ok(task) => self.data_set.parity = Some(task),
            Err(error) => self.notify(Severity::Error, format!("The table cannot be written: {error}")),
        }
    }

    pub(super) fn hear_parity(&mut self, event: ParityEvent) {
        let parity = &mut self.state.data_set.parity;
        match event {
            ParityEvent::Progress(Progress { stage, done, total }) => {
                if parity.status.is_running() {
                    parity.status.advance(stage, done, total);
                }
            }
            ParityEvent::Ended(result) => match *result {
                Ok(Compared { report, root, settings_beside }) => {
                    // The worst file is what a person asks for first.
                    parity.selected = (!report.files.is_empty()).then_some(0);
                    parity.report = Some(Arc::new(report));
                    parity.root = root;
                    parity.settings_beside = settings_beside;
                    parity.view = None;
                    parity.generation += 1;
                    parity.status = TaskStatus::Done;
                    self.look_at_parity();
                }
                Err(error) if error.is_stopped() => parity.status = TaskStatus::Idle,
                Err(error) => parity.status = TaskStatus::Failed(error.to_string()),
            },
            ParityEvent::Seen { report, file, result } => {
                self.data_set.parity_looks = false;
                let is_current = parity.report.as_ref().is_some_and(|now| Arc::ptr_eq(now, &report));
                if is_current && parity.selected == Some(file) {
                    parity.view = Some((file, result));
                    parity.generation += 1;
                }
                self.look_at_parity();
            }
        }
    }
}

/// The settings beside the images where there are some, else those of the window; and which it was.
fn settings(
    python_folder: &Path,
    window: PreprocessingConfig,
) -> Result<(PreprocessingConfig, bool), JobError> {
    Ok(match parity::settings_of(python_folder)? {
        Some(beside) => (beside, true),
        None => (window, false),
    })
}
