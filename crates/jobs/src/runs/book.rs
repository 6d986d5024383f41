//! Keeps the record and the replay of a run under way; what cannot be written becomes a note and ends nothing.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use crate::{
    JobError, Note,
    note::Part,
    runs::{
        baselines::Baselines,
        bundle_config::BundleConfig,
        machine::Machine,
        record::{RunEnd, RunRecord},
        replay::{Candidates, Recorder},
    },
};
use timbrespace_analysis::explore::density::Density;
use timbrespace_base::{clock::now, processes::ProcessId, setting::Named as _};
use timbrespace_vae::{
    config::Preset,
    moving_folder::MovingFolder,
    snapshot::Snapshot,
    trainer::{Outcome, TrainEvent},
};

/// What is kept of a run beside its model and its history.
pub(crate) struct RunBook<'a> {
    bundle: MovingFolder,
    record: RunRecord,
    replay: Option<Recorder>,
    /// Errors that any model must beat, once another thread has measured them.
    baselines: Arc<OnceLock<Baselines>>,
    note: &'a (dyn Fn(Note) + Sync),
}

impl<'a> RunBook<'a> {
    /// Opens the book of the run in `bundle`; `preset` is that of a run that begins,
    /// `epochs_done` are the epochs before a resume.
    pub(crate) fn open(
        bundle: &MovingFolder,
        config: &BundleConfig,
        recordings: Option<&Path>,
        candidates: &Candidates<'_>,
        preset: Option<Preset>,
        epochs_done: usize,
        note: &'a (dyn Fn(Note) + Sync),
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
            preset: preset.map_or_else(
                || earlier.as_ref().map_or_else(String::new, |record| record.preset.clone()),
                |preset| preset.called().word.to_owned(),
            ),
            machine: Machine::here(),
            parameters: config.model.parameter_count(),
            training_images: candidates.training.len(),
            validation_images: candidates.validation.len(),
            classes: classes.into_iter().collect(),
            resumes: earlier.as_ref().map_or(0, |record| record.resumes + 1),
            baselines: earlier.and_then(|record| record.baselines),
            ..RunRecord::default()
        };
        let baselines = Arc::new(OnceLock::new());
        let mut book = Self { bundle: bundle.clone(), record, replay: None, baselines, note };
        book.write();
        let replay = Recorder::begin(bundle, candidates, epochs_done);
        book.replay = book.goes_on(Part::Replay, replay);
        book
    }

    /// Where to put the errors that any model must beat. They are on disk from the trainer's next news on: a run that is killed
    /// keeps them.
    pub(crate) fn baselines(&self) -> Arc<OnceLock<Baselines>> {
        Arc::clone(&self.baselines)
    }

    /// Takes the trainer's news.
    pub(crate) fn hear(&mut self, event: &TrainEvent) {
        if self.baselines.get().is_some_and(|measured| self.record.baselines != Some(*measured)) {
            self.write();
        }
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
            self.goes_on(Part::Replay, added);
        }
    }

    /// Writes down how the run ended.
    pub(crate) fn close(&mut self, ended: Result<Outcome, String>) {
        self.record.status = ended.map_or_else(RunEnd::Failed, RunEnd::of);
        self.record.ended = Some(now());
        self.write();
    }

    fn write(&mut self) {
        let Self { bundle, record, baselines, .. } = self;
        record.baselines = baselines.get().copied().or(record.baselines);
        let written = bundle.with(|bundle| record.write(bundle));
        self.goes_on(Part::Record, written);
    }

    fn goes_on<T>(&self, part: Part, written: Result<T, JobError>) -> Option<T> {
        written.map_err(|error| (self.note)(Note::Unwritten(part, error.into()))).ok()
    }
}
