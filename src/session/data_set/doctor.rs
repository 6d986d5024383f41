//! Recordings that something is wrong with.

use std::{path::PathBuf, sync::Arc};

use crate::{
    audio::left_out::LeftOut,
    jobs::{
        JobContext, JobError,
        doctor::{self, Report, Request},
        guarded,
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
pub struct DoctorState {
    /// How far the job is.
    pub status: TaskStatus,
    /// The newest report; kept while the next is made.
    pub report: Option<Arc<Report>>,
    /// The settings of that report.
    pub config: PreprocessingConfig,
    /// What was left out of it.
    pub left_out: Arc<LeftOut>,
    /// Counts up whenever `report` changes, for caches.
    pub generation: u64,
}

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum DoctorCommand {
    /// Examines the recordings of the list.
    Start,
    /// Stops it.
    Cancel,
    /// Writes the findings as comma-separated values.
    Export(PathBuf),
}

/// News of the thread.
pub(in crate::session) enum DoctorEvent {
    /// How far it is.
    Progress(Progress),
    /// It has ended.
    Ended(Box<Result<Report, JobError>>, Box<PreprocessingConfig>, Arc<LeftOut>),
}

impl Session {
    pub(super) fn apply_doctor(&mut self, command: DoctorCommand) {
        match command {
            DoctorCommand::Start => self.examine(),
            DoctorCommand::Cancel => {
                if let Some(task) = &self.data_set.doctor {
                    task.stop();
                }
            }
            DoctorCommand::Export(path) => self.export_findings(path),
        }
    }

    fn examine(&mut self) {
        let Some(scan) = listed::recordings(&self.state.library) else { return };
        if self.state.data_set.doctor.status.is_running() {
            return;
        }
        self.state.data_set.doctor.status = TaskStatus::Idle;
        self.state.data_set.doctor.status.advance(doctor::EXAMINING, 0, scan.files.len());
        let config = listed::settings(&self.state);
        let request = Request {
            folder: scan.root.clone(),
            left_out: LeftOut::default(),
            listed: Some(scan),
            config: config.clone(),
            threads: None,
        };
        let left_out = Arc::clone(&self.state.library.left_out);
        let mailbox = self.mailbox.clone();
        let task = Task::start("doctor", move |interrupt| {
            let progress = |progress| Event::DataSet(DataSetEvent::Doctor(DoctorEvent::Progress(progress)));
            let sink = ProgressSink::new(mailbox.clone(), progress);
            let result = guarded(|| doctor::run(&request, &JobContext::new(&sink, interrupt)));
            let ended = DoctorEvent::Ended(Box::new(result), Box::new(config), left_out);
            mailbox.send(Event::DataSet(DataSetEvent::Doctor(ended)));
        });
        match task {
            Ok(task) => self.data_set.doctor = Some(task),
            Err(error) => {
                self.state.data_set.doctor.status = TaskStatus::Failed(format!("no thread: {error}"));
            }
        }
    }

    fn export_findings(&mut self, path: PathBuf) {
        let Some(report) = self.state.data_set.doctor.report.clone() else { return };
        // The thread of the examination is the doctor's: a table waits until that has ended.
        if self.state.data_set.doctor.status.is_running() {
            return;
        }
        let (mailbox, mut outputs) = (self.mailbox.clone(), self.chosen_output());
        let task = Task::start("findings", move |_| {
            let result = guarded(|| outputs.write(&path, |path| doctor::save_csv(path, &report.findings)));
            let result = result.map_err(|error| error.to_string());
            mailbox.send(Event::Saved { path, result });
        });
        match task {
            Ok(task) => self.data_set.doctor = Some(task),
            Err(error) => self.notify(Severity::Error, format!("The table cannot be written: {error}")),
        }
    }

    pub(super) fn hear_doctor(&mut self, event: DoctorEvent) {
        let doctor = &mut self.state.data_set.doctor;
        match event {
            DoctorEvent::Progress(Progress { stage, done, total }) => {
                if doctor.status.is_running() {
                    doctor.status.advance(stage, done, total);
                }
            }
            DoctorEvent::Ended(result, config, left_out) => match *result {
                Ok(report) => {
                    doctor.report = Some(Arc::new(report));
                    doctor.config = *config;
                    doctor.left_out = left_out;
                    doctor.generation += 1;
                    doctor.status = TaskStatus::Done;
                }
                Err(error) if error.is_stopped() => doctor.status = TaskStatus::Idle,
                Err(error) => doctor.status = TaskStatus::Failed(error.to_string()),
            },
        }
    }
}
