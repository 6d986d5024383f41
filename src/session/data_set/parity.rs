//! Comparison with a folder that the Python pipeline wrote.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    audio::left_out::LeftOut,
    jobs::{
        JobError, guarded,
        parity::{self, Report, Request, View},
    },
    pipeline::config::PreprocessingConfig,
    session::{
        job::{Content, Job, Plan, Update},
        mailbox::Mailbox,
        notices::Severity,
        spoken::{Spoken, said},
        task::TaskStatus,
    },
};

use super::{listed, tools::Tools};

/// State of the comparison.
#[derive(Debug, Default)]
pub struct ParityState {
    /// Progress of the job.
    pub status: TaskStatus,
    /// The folder that Python wrote, as chosen.
    pub python_folder: Option<PathBuf>,
    /// The newest report; kept while the next is made.
    pub report: Option<Arc<Report>>,
    /// The folder of recordings that was compared.
    pub root: PathBuf,
    /// Whether the settings came from a file beside the images.
    pub settings_beside: bool,
    /// The selected file, by index in the report.
    pub selected: Option<usize>,
    /// The images of a file, by index in the report, or why there are none.
    pub view: Option<(usize, Result<Arc<View>, Spoken>)>,
    /// Incremented whenever `view` changes, so that caches can tell.
    pub generation: u64,
}

/// Commands of the comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum ParityCommand {
    /// Compares with this folder.
    Compare(PathBuf),
    /// Compares with the same folder again.
    Again,
    /// Stops the job.
    Cancel,
    /// Shows the images of a file, by index in the report.
    Select(usize),
    /// Writes the report as comma-separated values.
    Export(PathBuf),
}

/// Events from the jobs.
pub(in crate::session) enum ParityEvent {
    /// The comparison.
    Compared(Update<Compared>),
    /// The images of a file.
    Viewed(Update<Viewed>),
}

/// The images of a file, by index in the report.
pub(in crate::session) struct Viewed {
    report: Arc<Report>,
    file: usize,
    result: Result<Arc<View>, Spoken>,
}

/// A report, and whether its settings came from beside the images.
pub(in crate::session) struct Compared {
    report: Report,
    root: PathBuf,
    settings_beside: bool,
}

/// The current jobs: comparing, and making the images of one file.
pub(in crate::session) struct ParityControl {
    mailbox: Mailbox<ParityEvent>,
    job: Job<Compared>,
    view: Job<Viewed>,
}

impl ParityControl {
    pub(super) fn new(mailbox: Mailbox<ParityEvent>) -> Self {
        Self { mailbox, job: Job::default(), view: Job::default() }
    }

    pub(super) fn apply(&mut self, command: ParityCommand, state: &mut ParityState, tools: &mut Tools<'_>) {
        match command {
            ParityCommand::Compare(folder) => {
                if !self.job.is_running() {
                    if state.python_folder.as_ref() != Some(&folder) {
                        state.forget_report();
                    }
                    state.python_folder = Some(folder);
                    self.compare_with_python(state, tools);
                }
            }
            ParityCommand::Again => self.compare_with_python(state, tools),
            ParityCommand::Cancel => self.job.cancel(),
            ParityCommand::Select(file) => {
                state.selected = Some(file);
                self.look(state, tools);
            }
            ParityCommand::Export(path) => export_table(path, state, tools),
        }
    }

    fn compare_with_python(&mut self, state: &mut ParityState, tools: &Tools<'_>) {
        let library = tools.library();
        let (Some(folder), Some(root)) = (listed::place(library), library.root.clone()) else { return };
        let config = listed::settings(tools.library(), &tools.ctx.settings.preprocessing);
        let Some(python_folder) = state.python_folder.clone() else { return };
        if self.job.is_running() {
            return;
        }
        let left_out = LeftOut::clone(&library.left_out);
        let plan = Plan { thread: "parity", stage: parity::COMPARING, total: library.recordings.len() };
        let mailbox = self.mailbox.part(ParityEvent::Compared);
        let status = &mut state.status;
        self.job.begin(&plan, status, &mailbox, move |context| {
            let (config, settings_beside) = settings(&python_folder, config)?;
            let tolerance = parity::DEFAULT_TOLERANCE;
            let request = Request { folder, left_out, python_folder, config, tolerance, threads: None };
            let report = parity::run(&request, context)?;
            Ok(Compared { report, root, settings_beside })
        });
    }

    /// Makes the images of the selected file; if those of another are being made, waits for them.
    fn look(&mut self, state: &ParityState, tools: &mut Tools<'_>) {
        let (Some(selected), Some(report)) = (state.selected, state.report.clone()) else { return };
        let is_shown = state.view.as_ref().is_some_and(|(file, _)| *file == selected);
        if is_shown || self.view.is_running() {
            return;
        }
        let Some(file) = report.files.get(selected).cloned() else { return };
        let mailbox = self.mailbox.part(ParityEvent::Viewed);
        let started = self.view.start("parity images", &mailbox, move |_, _| {
            let view = guarded(|| parity::view(&report, &file));
            let result = view.map(Arc::new).map_err(Spoken::from);
            Ok(Viewed { report, file: selected, result })
        });
        if let Err(error) = started {
            tools.ctx.notify(Severity::Error, said!("message-no-images", cause = error.to_string()));
        }
    }

    pub(super) fn on(&mut self, event: ParityEvent, state: &mut ParityState, tools: &mut Tools<'_>) {
        match event {
            ParityEvent::Compared(update) => {
                let answer = self.job.follow(update, &mut state.status);
                let Some(Ok(compared)) = answer else { return };
                state.show(compared);
            }
            ParityEvent::Viewed(update) => {
                let Some(Content::Ended(Ok(viewed))) = self.view.accept(update) else { return };
                state.show_view(viewed);
            }
        }
        self.look(state, tools);
    }
}

impl ParityState {
    fn show(&mut self, Compared { report, root, settings_beside }: Compared) {
        // The worst file is the first one.
        self.selected = (!report.files.is_empty()).then_some(0);
        self.report = Some(Arc::new(report));
        self.root = root;
        self.settings_beside = settings_beside;
        self.view = None;
        self.generation += 1;
    }

    /// Nothing of another folder's images stays on show.
    fn forget_report(&mut self) {
        (self.report, self.selected, self.view) = (None, None, None);
        self.generation += 1;
    }

    fn show_view(&mut self, Viewed { report, file, result }: Viewed) {
        let is_current = self.report.as_ref().is_some_and(|now| Arc::ptr_eq(now, &report));
        if is_current && self.selected == Some(file) {
            self.view = Some((file, result));
            self.generation += 1;
        }
    }
}

fn export_table(path: PathBuf, state: &ParityState, tools: &Tools<'_>) {
    let Some(report) = state.report.clone() else { return };
    let python = state.python_folder.clone();
    let outputs = tools.shown.chosen_output().reading("a file that Python wrote", python);
    tools.exports.save(path, outputs, move |path| parity::write_csv(path, &report));
}

/// The settings beside the images if there are any, else the window's; and whether they came from beside the images.
fn settings(
    python_folder: &Path,
    window: PreprocessingConfig,
) -> Result<(PreprocessingConfig, bool), JobError> {
    Ok(match parity::settings_of(python_folder)? {
        Some(beside) => (beside, true),
        None => (window, false),
    })
}
