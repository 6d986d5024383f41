//! Past runs: their curves without resuming, also of the run that the window showed when it was closed.

use std::path::{Path, PathBuf};

use super::{
    form::{SettingsOfRun, TrainingForm},
    part::{News, RunNews, TrainingEvent, TrainingPart},
    run_history::RunHistory,
    state::{RunStatus, StepPoint},
};
use crate::{
    interrupt::Interrupt,
    jobs::{
        JobError, JobEvent, Note,
        runs::{
            bundle_config::BundleConfig,
            history::History,
            record::{RunEnd, RunRecord},
            run_files::RunFiles,
            step_log,
        },
    },
    session::{
        error_words::InWords as _,
        mailbox::Mailbox,
        notices::Severity,
        settings::View,
        spoken::{Spoken, said},
    },
    setting::Choices as _,
    vae::{trainer::TrainEvent, training_config::TrainingChoices},
};

impl TrainingPart<'_> {
    /// Shows the curves of a past run.
    pub(super) fn look_at_run(&mut self, folder: PathBuf) {
        if self.is_training() {
            self.ctx.notify(Severity::Info, said!("message-active-run-keeps-view"));
            return;
        }
        if self.state.run_folder.as_ref() != Some(&folder) {
            self.ctx.tell(News::OtherRun);
        }
        self.read_run(folder);
        self.ctx.show(View::Training);
    }

    /// Shows the curves of the run that was looked at when the window was closed.
    pub(in crate::session) fn look_at_last_run(&mut self) {
        if let Some(folder) = self.ctx.settings.last_run.clone() {
            self.read_run(folder);
            self.control.is_recalled = true;
        }
    }

    fn read_run(&mut self, folder: PathBuf) {
        self.show_empty_run(folder.clone());
        self.state.status = RunStatus::Stopped;
        let mailbox = self.control.mailbox.part(TrainingEvent::LookedAt);
        let started = self.control.looked_at.start("look at a run", &mailbox, move |news, interrupt| {
            reopen(&folder, &TrainingChoices::default(), news)?;
            send_end(&folder, news);
            send_epochs(&folder, news, interrupt)
        });
        if let Err(error) = started {
            self.ctx.notify(Severity::Error, said!("message-run-unreadable", cause = Spoken::from(error)));
        }
    }

    /// A past run cannot be read. The one of the last start may have been removed since: that needs no notice.
    pub(super) fn on_unreadable_run(&mut self, error: &JobError) {
        if !self.control.is_recalled {
            self.ctx.notify(Severity::Warning, error.words());
            return;
        }
        log::info!("the run of the last start is not shown: {error}");
        self.ctx.settings.last_run = None;
        (self.state.status, self.state.run_folder) = (RunStatus::Idle, None);
    }
}

/// Sends how a run ended.
fn send_end(folder: &Path, run: &Mailbox<RunNews>) {
    let record = RunRecord::read(folder).unwrap_or_default();
    let status = match record.status {
        RunEnd::Finished | RunEnd::StoppedEarly => RunStatus::Finished,
        RunEnd::Failed(cause) => RunStatus::Failed(cause.into()),
        RunEnd::Unknown | RunEnd::Running | RunEnd::Interrupted | RunEnd::Stopped => RunStatus::Stopped,
    };
    run.send(RunNews::Kept(status));
}

fn send_epochs(folder: &Path, run: &Mailbox<RunNews>, interrupt: &Interrupt) -> Result<(), JobError> {
    let history = History::open(folder, usize::MAX)?;
    for note in history.notes() {
        run.send(RunNews::Job(JobEvent::Note(Note::Damaged(note.clone()))));
    }
    for epoch in history.epochs() {
        if interrupt.is_stopped() {
            return Err(JobError::Stopped);
        }
        run.send(RunNews::Job(JobEvent::Train(TrainEvent::Epoch(epoch.clone()))));
    }
    Ok(())
}

/// Sends the files, the settings, the baselines and the curve of a past run.
///
/// `chosen` are the settings that change when it is resumed.
pub(super) fn reopen(
    folder: &Path,
    chosen: &TrainingChoices,
    run: &Mailbox<RunNews>,
) -> Result<BundleConfig, JobError> {
    run.send(RunNews::Files(RunFiles::checked(folder)));
    let config = BundleConfig::read(folder)?;
    let note = |cause| run.send(RunNews::Job(JobEvent::Note(Note::Damaged(cause))));
    let steps: Vec<StepPoint> = RunHistory::of(&step_log::read(folder, usize::MAX, &note)?).points().to_vec();
    let record = RunRecord::read(folder).unwrap_or_default();
    // A run that is resumed streams its images where they do not fit.
    let mut form = TrainingForm::of_run(&config, &record, false);
    form.training = chosen.over(&form.training);
    let settings = Box::new(SettingsOfRun { form, preprocessing: config.preprocessing.clone() });
    run.send(RunNews::Reopened { settings, steps });
    run.send(RunNews::Job(JobEvent::Architecture(Box::new(config.model.clone()))));
    if let Some(baselines) = record.baselines {
        run.send(RunNews::Job(JobEvent::Baselines(baselines)));
    }
    Ok(config)
}
