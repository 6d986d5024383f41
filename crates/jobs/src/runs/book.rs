//! Keeps the record and the replay of a run under way; what cannot be written becomes a note and ends nothing.

use std::path::Path;

use crate::{
    JobError,
    runs::{
        baselines::Baselines,
        bundle_config::BundleConfig,
        machine::Machine,
        record::{RunEnd, RunRecord},
        replay::{Candidates, Recorder},
    },
};
use timbrespace_analysis::explore::density::Density;
use timbrespace_base::{clock::now, processes::ProcessId};
use timbrespace_vae::{
    moving_folder::MovingFolder,
    snapshot::Snapshot,
    trainer::{Outcome, TrainEvent},
};

/// What is kept of a run beside its model and its history.
pub(crate) struct RunBook<'a> {
    bundle: MovingFolder,
    record: RunRecord,
    replay: Option<Recorder>,
    note: &'a (dyn Fn(String) + Sync),
}

impl<'a> RunBook<'a> {
    /// Opens the book of the run in `bundle`; `epochs_done` are those before a resume.
    pub(crate) fn open(
        bundle: &MovingFolder,
        config: &BundleConfig,
        recordings: Option<&Path>,
        candidates: &Candidates<'_>,
        epochs_done: usize,
        note: &'a (dyn Fn(String) + Sync),
    ) -> Self {
        let earlier = if epochs_done > 0 { bundle.with(RunRecord::read).ok() } else { None };
        let mut classes = std::collections::BTreeMap::new();
        for index in 0..candidates.source.len() {
            *classes.entry(candidates.source.class(index).unwrap_or_default().to_owned()).or_insert(0) += 1;
        }
        let own = ProcessId::own();
        let record = RunRecord {
            started: earlier.as_ref().map_or_else(now, |record| record.started),
            status: RunEnd::Running,
            ended: None,
            process: own.number,
            process_started: own.started,
            host: own.host,
            recordings: recordings
                .map(|folder| std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())),
            epochs_total: config.training.epochs,
            epochs_done,
            version: config.version.clone(),
            machine: Machine::here(),
            parameters: config.model.parameter_count(),
            training_images: candidates.training.len(),
            validation_images: candidates.validation.len(),
            classes: classes.into_iter().collect(),
            resumes: earlier.as_ref().map_or(0, |record| record.resumes + 1),
            baselines: earlier.and_then(|record| record.baselines),
            ..RunRecord::default()
        };
        let mut book = Self { bundle: bundle.clone(), record, replay: None, note };
        book.write();
        let replay = Recorder::begin(bundle, candidates, epochs_done);
        book.replay = book.goes_on("its replay", replay);
        book
    }

    /// Errors that any model must beat.
    pub(crate) fn keep_baselines(&mut self, baselines: Option<Baselines>) {
        self.record.baselines = baselines.or(self.record.baselines);
    }

    /// Takes the trainer's news.
    pub(crate) fn hear(&mut self, event: &TrainEvent) {
        match event {
            TrainEvent::Started { threads, device, .. } => {
                self.record.threads = *threads;
                (*device).clone_into(&mut self.record.device);
                self.write();
            }
            TrainEvent::Epoch(report) => {
                self.record.epochs_done = report.epoch;
                self.write();
            }
            TrainEvent::Preview(snapshot) => self.follow(snapshot),
            _ => {}
        }
    }

    /// Has the replay follow vectors drawn from `density`, unless it follows some already.
    pub(crate) fn draw_vectors(&mut self, density: &Density, seed: u64) {
        if let Some(replay) = &mut self.replay {
            replay.draw_vectors(density, seed);
        }
    }

    fn follow(&mut self, snapshot: &Snapshot) {
        let epoch = self.record.epochs_done;
        if let Some(replay) = &mut self.replay
            && epoch > 0
        {
            let added = replay.add(epoch, snapshot);
            self.goes_on("its replay", added);
        }
    }

    /// Writes down how the run ended.
    pub(crate) fn close(&mut self, ended: Result<Outcome, String>) {
        self.record.status = ended.map_or_else(RunEnd::Failed, RunEnd::of);
        self.record.ended = Some(now());
        self.write();
    }

    fn write(&mut self) {
        let Self { bundle, record, .. } = self;
        let written = bundle.with(|bundle| record.write(bundle));
        self.goes_on("its record", written);
    }

    fn goes_on<T>(&self, what: &str, written: Result<T, JobError>) -> Option<T> {
        written
            .map_err(|error| {
                (self.note)(format!("the run goes on, but {what} could not be written: {error}"));
            })
            .ok()
    }
}
