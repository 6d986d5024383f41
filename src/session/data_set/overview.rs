//! The overview: thumbnails, means and spreads, distributions; and saving the images to a folder.

use std::{path::PathBuf, sync::Arc};

use crate::{
    audio::{folder::FolderScan, left_out::LeftOut},
    jobs::{
        JobContext, JobError, preprocess,
        survey::{self, Report, Request},
    },
    names::shown,
    outputs::Replace,
    session::{
        job::{Job, Plan, Update},
        mailbox::Mailbox,
        notices::Severity,
        spoken::{Spoken, said},
        task::TaskStatus,
    },
};

use super::{
    listed,
    tools::{News, Tools},
};

/// State of the overview.
#[derive(Debug, Default)]
pub struct OverviewState {
    /// Progress of the job.
    pub status: TaskStatus,
    /// The folder that images are being saved to, if any.
    pub saving: Option<PathBuf>,
    /// The newest report; kept while the next is made.
    pub report: Option<Arc<Report>>,
    /// Recordings that were left out of it.
    pub left_out: Arc<LeftOut>,
    /// Incremented whenever `report` changes, so that caches can tell.
    pub generation: u64,
}

/// Commands of the overview.
#[derive(Clone, Debug, PartialEq)]
pub enum OverviewCommand {
    /// Preprocesses the recordings of the list and keeps thumbnails and figures.
    Start,
    /// Preprocesses them into a folder.
    Save(PathBuf),
    /// Stops the job.
    Cancel,
}

/// Result of the job.
pub(in crate::session) enum Outcome {
    /// Thumbnails and figures, and what was left out of them.
    Surveyed(Box<Report>, Arc<LeftOut>),
    /// A folder of images.
    Saved(preprocess::Report),
}

/// The current job.
pub(in crate::session) struct OverviewControl {
    mailbox: Mailbox<Update<Outcome>>,
    job: Job<Outcome>,
}

impl OverviewControl {
    pub(super) fn new(mailbox: Mailbox<Update<Outcome>>) -> Self {
        Self { mailbox, job: Job::default() }
    }

    pub(super) fn apply(
        &mut self,
        command: OverviewCommand,
        state: &mut OverviewState,
        tools: &mut Tools<'_>,
    ) {
        match command {
            OverviewCommand::Start => self.survey(state, tools),
            OverviewCommand::Save(folder) => self.save_images(folder, state, tools),
            OverviewCommand::Cancel => self.job.cancel(),
        }
    }

    /// The recordings to work on; `None` if there are none or a job is running.
    fn is_free(&self, tools: &Tools<'_>) -> Option<FolderScan> {
        if self.job.is_running() {
            return None;
        }
        listed::recordings(tools.library())
    }

    fn survey(&mut self, state: &mut OverviewState, tools: &Tools<'_>) {
        let Some(scan) = self.is_free(tools) else { return };
        let plan = Plan { thread: "survey", stage: survey::PREPROCESSING, total: scan.files.len() };
        let config = listed::settings(tools.library(), &tools.ctx.settings.preprocessing);
        let request = Request {
            folder: scan.root.clone(),
            left_out: LeftOut::default(),
            listed: Some(scan),
            config,
            threads: None,
        };
        let left_out = Arc::clone(&tools.library().left_out);
        self.begin(&plan, state, move |context| {
            let report = survey::run(&request, context)?;
            Ok(Outcome::Surveyed(Box::new(report), left_out))
        });
    }

    fn save_images(&mut self, out: PathBuf, state: &mut OverviewState, tools: &mut Tools<'_>) {
        let Some(scan) = self.is_free(tools) else { return };
        if out == scan.root {
            tools.ctx.notify(Severity::Error, said!("message-images-among-recordings"));
            return;
        }
        let Some(folder) = listed::place(tools.library()) else { return };
        let config = listed::settings(tools.library(), &tools.ctx.settings.preprocessing);
        state.saving = Some(out.clone());
        let request = preprocess::Request {
            folder,
            left_out: LeftOut::clone(&tools.library().left_out),
            out,
            config,
            shard: None,
            threads: None,
            replace: Replace::Own,
        };
        let plan = Plan { thread: "save images", stage: survey::PREPROCESSING, total: scan.files.len() };
        self.begin(&plan, state, move |context| Ok(Outcome::Saved(preprocess::run(&request, context)?)));
    }

    fn begin(
        &mut self,
        plan: &Plan,
        state: &mut OverviewState,
        work: impl FnOnce(&JobContext<'_>) -> Result<Outcome, JobError> + Send + 'static,
    ) {
        self.job.begin(plan, &mut state.status, &self.mailbox, work);
    }

    pub(super) fn on(&mut self, update: Update<Outcome>, state: &mut OverviewState, tools: &mut Tools<'_>) {
        let Some(answer) = self.job.follow(update, &mut state.status) else { return };
        state.saving = None;
        match answer {
            Ok(Outcome::Surveyed(report, left_out)) => {
                tools.ctx.tell(News::Decoded(report.skipped.clone()));
                state.report = Some(Arc::from(report));
                state.left_out = left_out;
                state.generation += 1;
            }
            Ok(Outcome::Saved(report)) => tools.ctx.notify_of_program(Severity::Info, saved_words(&report)),
            Err(_) => {}
        }
    }
}

/// The notice about a saved folder of images.
fn saved_words(report: &preprocess::Report) -> Spoken {
    let speed = report.saved as f64 / report.seconds.max(f64::MIN_POSITIVE);
    let saved = said!(
        "message-images-saved",
        count = report.saved,
        path = shown(&report.out).to_string(),
        seconds = format!("{:.1}", report.seconds),
        speed = format!("{speed:.0}")
    );
    match report.skipped.len() {
        0 => saved,
        count => saved.then(said!("message-images-unusable", count = count)),
    }
}
