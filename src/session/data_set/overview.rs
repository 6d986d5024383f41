//! Thumbnails, mean and spread, distributions of the data set; and its images saved to a folder.

use std::{path::PathBuf, sync::Arc};

use crate::{
    audio::{folder::FolderScan, left_out::LeftOut},
    jobs::{
        JobContext, JobError, guarded, preprocess,
        survey::{self, Report, Request},
    },
    names::shown,
    outputs::Replace,
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
pub struct OverviewState {
    /// How far the job is.
    pub status: TaskStatus,
    /// The folder that the job saves to, while it saves.
    pub saving: Option<PathBuf>,
    /// The newest report; kept while the next is made.
    pub report: Option<Arc<Report>>,
    /// What was left out of it.
    pub left_out: Arc<LeftOut>,
    /// Counts up whenever `report` changes, for caches.
    pub generation: u64,
}

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum OverviewCommand {
    /// Preprocesses the recordings of the list and keeps thumbnails and figures.
    Start,
    /// Preprocesses them into a folder.
    Save(PathBuf),
    /// Stops either.
    Cancel,
}

/// News of the thread.
pub(in crate::session) enum OverviewEvent {
    /// How far it is.
    Progress(Progress),
    /// The look at the whole has ended.
    Seen(Box<Result<Report, JobError>>, Arc<LeftOut>),
    /// The folder is written.
    Saved(Result<preprocess::Report, JobError>),
}

impl Session {
    pub(super) fn apply_overview(&mut self, command: OverviewCommand) {
        match command {
            OverviewCommand::Start => self.survey(),
            OverviewCommand::Save(folder) => self.save_images(folder),
            OverviewCommand::Cancel => {
                if let Some(task) = &self.data_set.overview {
                    task.stop();
                }
            }
        }
    }

    /// The recordings to work on, unless there are none or work is under way.
    fn overview_is_free(&self) -> Option<FolderScan> {
        if self.state.data_set.overview.status.is_running() {
            return None;
        }
        listed::recordings(&self.state.library)
    }

    fn survey(&mut self) {
        let Some(scan) = self.overview_is_free() else { return };
        let total = scan.files.len();
        let config = listed::settings(&self.state);
        let request = Request {
            folder: scan.root.clone(),
            left_out: LeftOut::default(),
            listed: Some(scan),
            config,
            threads: None,
        };
        let left_out = Arc::clone(&self.state.library.left_out);
        let mailbox = self.mailbox.clone();
        self.begin_overview(total, "survey", move |sink, interrupt| {
            let result = guarded(|| survey::run(&request, &JobContext::new(sink, interrupt)));
            mailbox.send(Event::DataSet(DataSetEvent::Overview(OverviewEvent::Seen(
                Box::new(result),
                left_out,
            ))));
        });
    }

    fn save_images(&mut self, out: PathBuf) {
        let Some(scan) = self.overview_is_free() else { return };
        if out == scan.root {
            let words = "Images cannot be saved into the folder of the recordings: it would then open as a folder of \
                         images. Choose or make another folder.";
            self.notify(Severity::Error, words);
            return;
        }
        let Some(folder) = listed::place(&self.state.library) else { return };
        let config = listed::settings(&self.state);
        self.state.data_set.overview.saving = Some(out.clone());
        let request = preprocess::Request {
            folder,
            left_out: self.left_out(),
            out,
            config,
            shard: None,
            threads: None,
            replace: Replace::Own,
        };
        let mailbox = self.mailbox.clone();
        self.begin_overview(scan.files.len(), "save images", move |sink, interrupt| {
            let result = guarded(|| preprocess::run(&request, &JobContext::new(sink, interrupt)));
            mailbox.send(Event::DataSet(DataSetEvent::Overview(OverviewEvent::Saved(result))));
        });
    }

    fn begin_overview(
        &mut self,
        total: usize,
        name: &str,
        work: impl FnOnce(&ProgressSink, &crate::interrupt::Interrupt) + Send + 'static,
    ) {
        self.state.data_set.overview.status = TaskStatus::Idle;
        self.state.data_set.overview.status.advance(survey::PREPROCESSING, 0, total);
        let progress = |progress| Event::DataSet(DataSetEvent::Overview(OverviewEvent::Progress(progress)));
        let sink = ProgressSink::new(self.mailbox.clone(), progress);
        match Task::start(name, move |interrupt| work(&sink, interrupt)) {
            Ok(task) => self.data_set.overview = Some(task),
            Err(error) => self.overview_failed(&format!("no thread: {error}")),
        }
    }

    fn overview_failed(&mut self, cause: &str) {
        self.state.data_set.overview.saving = None;
        self.state.data_set.overview.status = TaskStatus::Failed(cause.to_owned());
    }

    pub(super) fn hear_overview(&mut self, event: OverviewEvent) {
        let overview = &mut self.state.data_set.overview;
        match event {
            OverviewEvent::Progress(Progress { stage, done, total }) => {
                if overview.status.is_running() {
                    overview.status.advance(stage, done, total);
                }
            }
            OverviewEvent::Seen(result, left_out) => match *result {
                Ok(report) => {
                    overview.report = Some(Arc::new(report));
                    overview.left_out = left_out;
                    overview.generation += 1;
                    overview.status = TaskStatus::Done;
                }
                Err(error) => self.overview_ended(&error),
            },
            OverviewEvent::Saved(Ok(report)) => {
                overview.saving = None;
                overview.status = TaskStatus::Done;
                let speed = report.saved as f64 / report.seconds.max(f64::MIN_POSITIVE);
                let left_out = match report.skipped.len() {
                    0 => String::new(),
                    1 => "; 1 file was left out".to_owned(),
                    count => format!("; {count} files were left out"),
                };
                let words = format!(
                    "Saved {} images to {} in {:.1} s ({speed:.0} a second){left_out}",
                    report.saved,
                    shown(&report.out),
                    report.seconds
                );
                self.notify(Severity::Info, words);
            }
            OverviewEvent::Saved(Err(error)) => self.overview_ended(&error),
        }
    }

    fn overview_ended(&mut self, error: &JobError) {
        if error.is_stopped() {
            self.state.data_set.overview.saving = None;
            self.state.data_set.overview.status = TaskStatus::Idle;
        } else {
            self.overview_failed(&error.to_string());
        }
    }
}
