//! The doctor: recordings with faults.

use std::{path::PathBuf, sync::Arc};

use crate::{
    audio::left_out::LeftOut,
    jobs::doctor::{self, Report, Request},
    pipeline::config::PreprocessingConfig,
    session::{
        job::{Job, Plan, Update},
        mailbox::Mailbox,
        task::TaskStatus,
    },
};

use super::{listed, tools::Tools};

/// State of the doctor.
#[derive(Debug, Default)]
pub struct DoctorState {
    /// Progress of the job.
    pub status: TaskStatus,
    /// The newest report; kept while the next is made.
    pub report: Option<Arc<Report>>,
    /// The settings that the report was made with.
    pub config: PreprocessingConfig,
    /// Recordings that were left out of it.
    pub left_out: Arc<LeftOut>,
    /// Incremented whenever `report` changes, so that caches can tell.
    pub generation: u64,
}

/// Commands of the doctor.
#[derive(Clone, Debug, PartialEq)]
pub enum DoctorCommand {
    /// Examines the recordings of the list.
    Start,
    /// Stops the job.
    Cancel,
    /// Writes the findings as comma-separated values.
    Export(PathBuf),
}

/// A report, with its settings and left-out recordings.
pub(in crate::session) struct Examined {
    report: Report,
    config: PreprocessingConfig,
    left_out: Arc<LeftOut>,
}

/// The current job.
pub(in crate::session) struct DoctorControl {
    mailbox: Mailbox<Update<Examined>>,
    job: Job<Examined>,
}

impl DoctorControl {
    pub(super) fn new(mailbox: Mailbox<Update<Examined>>) -> Self {
        Self { mailbox, job: Job::default() }
    }

    pub(super) fn apply(&mut self, command: DoctorCommand, state: &mut DoctorState, tools: &Tools<'_>) {
        match command {
            DoctorCommand::Start => self.examine(state, tools),
            DoctorCommand::Cancel => self.job.cancel(),
            DoctorCommand::Export(path) => export_findings(path, state, tools),
        }
    }

    fn examine(&mut self, state: &mut DoctorState, tools: &Tools<'_>) {
        let Some(scan) = listed::recordings(tools.library()) else { return };
        if self.job.is_running() {
            return;
        }
        let plan = Plan { thread: "doctor", stage: doctor::EXAMINING, total: scan.files.len() };
        let config = listed::settings(tools.library(), &tools.ctx.settings.preprocessing);
        let request = Request {
            folder: scan.root.clone(),
            left_out: LeftOut::default(),
            listed: Some(scan),
            config: config.clone(),
            threads: None,
        };
        let left_out = Arc::clone(&tools.library().left_out);
        let status = &mut state.status;
        self.job.begin(&plan, status, &self.mailbox, move |context| {
            let report = doctor::run(&request, context)?;
            Ok(Examined { report, config, left_out })
        });
    }

    pub(super) fn on(&mut self, update: Update<Examined>, state: &mut DoctorState) {
        let answer = self.job.follow(update, &mut state.status);
        if let Some(Ok(Examined { report, config, left_out })) = answer {
            state.report = Some(Arc::new(report));
            state.config = config;
            state.left_out = left_out;
            state.generation += 1;
        }
    }
}

fn export_findings(path: PathBuf, state: &DoctorState, tools: &Tools<'_>) {
    let Some(report) = state.report.clone() else { return };
    let outputs = tools.shown.chosen_output();
    tools.exports.save(path, outputs, move |path| doctor::save_csv(path, &report.findings));
}
