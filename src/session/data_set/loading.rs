//! Cached images against decoding on the fly, and log-mel item by item against batches.

use std::{path::PathBuf, sync::Arc};

use crate::{
    audio::left_out::LeftOut,
    jobs::compare_loading::{self, Report, Request},
    pipeline::config::PreprocessingConfig,
    session::{
        job::{Job, Plan, Update},
        mailbox::Mailbox,
        task::TaskStatus,
    },
    vae::config::TrainingConfig,
};

use super::{listed, tools::Tools};

/// Settings of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadingForm {
    /// Epochs of each way, warm and again cold.
    pub epochs: usize,
    /// Images per batch.
    pub batch_size: usize,
}

impl Default for LoadingForm {
    /// Three epochs: one outlier does not move their median.
    fn default() -> Self {
        Self { epochs: 3, batch_size: TrainingConfig::default().batch_size }
    }
}

/// State of the comparison.
#[derive(Debug, Default)]
pub struct LoadingState {
    /// Progress of the job.
    pub status: TaskStatus,
    /// Settings.
    pub form: LoadingForm,
    /// The newest measures; kept while the next are made.
    pub measured: Option<LoadingTimes>,
}

/// Measures, with their folder and settings.
#[derive(Clone, Debug)]
pub struct LoadingTimes {
    /// The folder.
    pub root: PathBuf,
    /// Its settings.
    pub config: PreprocessingConfig,
    /// The measures.
    pub report: Arc<Report>,
}

/// Commands of the comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LoadingCommand {
    /// Changes the settings.
    SetForm(LoadingForm),
    /// Starts the job.
    Start,
    /// Stops the job.
    Cancel,
}

/// The current job.
pub(in crate::session) struct LoadingControl {
    mailbox: Mailbox<Update<LoadingTimes>>,
    job: Job<LoadingTimes>,
}

impl LoadingControl {
    pub(super) fn new(mailbox: Mailbox<Update<LoadingTimes>>) -> Self {
        Self { mailbox, job: Job::default() }
    }

    pub(super) fn apply(&mut self, command: LoadingCommand, state: &mut LoadingState, tools: &Tools<'_>) {
        match command {
            LoadingCommand::SetForm(form) => state.form = form,
            LoadingCommand::Start => self.compare_loading(state, tools),
            LoadingCommand::Cancel => self.job.cancel(),
        }
    }

    fn compare_loading(&mut self, state: &mut LoadingState, tools: &Tools<'_>) {
        let library = tools.library();
        let (Some(folder), Some(root)) = (listed::place(library), library.root.clone()) else { return };
        let total = library.used();
        if self.job.is_running() || total == 0 {
            return;
        }
        let plan = Plan { thread: "loading", stage: compare_loading::WRITING, total };
        let LoadingForm { epochs, batch_size } = state.form;
        let config = listed::settings(tools.library(), &tools.ctx.settings.preprocessing);
        let left_out = LeftOut::clone(&tools.library().left_out);
        let request = Request { folder, left_out, config, epochs, batch_size, threads: None };
        let status = &mut state.status;
        self.job.begin(&plan, status, &self.mailbox, move |context| {
            let report = compare_loading::run(&request, context)?;
            Ok(LoadingTimes { root, config: request.config, report: Arc::new(report) })
        });
    }

    pub(super) fn on(&mut self, update: Update<LoadingTimes>, state: &mut LoadingState) {
        if let Some(Ok(measured)) = self.job.follow(update, &mut state.status) {
            state.measured = Some(measured);
        }
    }
}
