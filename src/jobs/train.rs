//! Trains a model and keeps it as a bundle.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use serde::Serialize;

use super::{
    JobError, JobEvent, Sink,
    baselines::BaselineModel,
    bundle::{Bundle, BundleConfig, DatasetStatistics, LatentStatistics},
    history::History,
    run_plan::RunPlan,
    source::{self, DatasetSource},
};
use crate::{
    interrupt::Interrupt,
    pipeline::{config::PreprocessingConfig, dataset::Dataset},
    vae::{
        config::Preset,
        device::DeviceChoice,
        snapshot::Snapshot,
        trainer::{EpochReport, Outcome, TrainEvent, Trainer},
    },
};

/// Images that the latent statistics of a preview are measured on.
const PREVIEW_IMAGES: usize = 256;
/// Images that the latent statistics of a finished model are measured on.
const FINAL_IMAGES: usize = 2048;

/// Where the images come from.
#[derive(Clone, Debug)]
pub enum Images {
    /// A folder of recordings or a preprocessed one.
    Folder(PathBuf, PreprocessingConfig),
    /// A data set that is already in memory.
    Memory(Arc<Dataset>),
}

/// What to do with a bundle that is already there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// Refuse.
    #[default]
    Refuse,
    /// Go on from its newest valid checkpoint.
    Resume,
    /// Replace it.
    Overwrite,
}

/// What the person chose; the rest comes from the preset, or from the bundle that is resumed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Model size.
    pub preset: Option<Preset>,
    /// Latent dimensions.
    pub latent_size: Option<usize>,
    /// Weight of the reconstruction term.
    pub reconstruction_weight: Option<f64>,
    /// Epochs in all.
    pub epochs: Option<usize>,
    /// Images a step.
    pub batch_size: Option<usize>,
    /// Adam's learning rate.
    pub learning_rate: Option<f64>,
    /// Part of the images kept for validation.
    pub validation_fraction: Option<f64>,
    /// Seed of every random draw.
    pub seed: Option<u64>,
    /// Threads for training.
    pub threads: Option<usize>,
    /// Where training computes.
    pub device: Option<DeviceChoice>,
}

/// What to train.
#[derive(Clone, Debug)]
pub struct Request {
    /// The images.
    pub images: Images,
    /// The bundle's folder.
    pub out: PathBuf,
    /// Settings.
    pub choices: Choices,
    /// What to do with a bundle that is already there.
    pub existing: Existing,
}

/// How a run ended.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The bundle.
    pub out: PathBuf,
    /// Whether all epochs were done (`false`: stopped on request; the bundle is usable and resumable).
    pub finished: bool,
    /// Images in all.
    pub images: usize,
    /// Trainable parameters.
    pub parameters: usize,
    /// The last epoch's figures.
    pub last_epoch: Option<EpochReport>,
    /// Seconds of training, earlier parts of the run included.
    pub seconds: f64,
}

/// Trains.
///
/// # Errors
/// When the images or the bundle cannot be used, or the loss is no longer a number.
pub fn run(request: &Request, sink: &dyn Sink, interrupt: &Interrupt) -> Result<Report, JobError> {
    let plan = RunPlan::check(&request.out, request.existing)?;
    let dataset = match &request.images {
        Images::Folder(folder, config) => Arc::new(source::open(folder, config, sink, interrupt)?),
        Images::Memory(dataset) => Arc::clone(dataset),
    };
    let (model, training) = plan.settings(&request.choices, &dataset)?;
    sink.event(JobEvent::Layers(model.layer_table()));
    plan.make_room(&request.out)?;
    let source = Arc::new(DatasetSource(Arc::clone(&dataset)));
    let mut trainer = Trainer::new(model.clone(), training.clone(), source.clone())?
        .with_checkpoints(request.out.join(super::run_plan::CHECKPOINTS));
    let resumed = plan.resumes() && trainer.resume(&request.out.join(super::run_plan::CHECKPOINTS))?;
    let config = BundleConfig {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model,
        training,
        preprocessing: dataset.config.clone(),
        dataset: DatasetStatistics::of(&dataset),
        latent: LatentStatistics::default(),
    };
    config.write(&request.out)?;
    let history = History::open(&request.out, if resumed { trainer.step() } else { 0 })?;
    history.write(&request.out)?;
    let mut run = Run { out: &request.out, config, source: &source, history, sink };
    let outcome = run.train(&mut trainer, interrupt)?;
    run.keep(&trainer.snapshot()?, FINAL_IMAGES)?;
    Ok(Report {
        out: request.out.clone(),
        finished: outcome == Outcome::Finished,
        images: dataset.len(),
        parameters: run.config.model.parameter_count(),
        seconds: run.history.epochs().last().map_or(0.0, |epoch| epoch.seconds),
        last_epoch: run.history.epochs().last().cloned(),
    })
}

/// A run under way: keeps on disk what the trainer tells, and passes it on.
struct Run<'a> {
    out: &'a Path,
    config: BundleConfig,
    source: &'a Arc<DatasetSource>,
    history: History,
    sink: &'a dyn Sink,
}

impl Run<'_> {
    fn train(&mut self, trainer: &mut Trainer, interrupt: &Interrupt) -> Result<Outcome, JobError> {
        let (training, validation) = trainer.split();
        let (source, sink, out) = (Arc::clone(self.source), self.sink, self.out);
        let components = self.config.model.latent_size;
        for epoch in self.history.epochs() {
            sink.event(JobEvent::Train(TrainEvent::Epoch(epoch.clone())));
        }
        thread::scope(|scope| {
            let baselines =
                thread::Builder::new().name("baselines".to_owned()).spawn_scoped(scope, move || {
                    let model = BaselineModel::fit(&source, &training, components);
                    let measured = if validation.is_empty() { &training } else { &validation };
                    if let Ok(figures) = model.measure(&source, measured) {
                        sink.event(JobEvent::Baselines(figures));
                    }
                    model.save(out)
                });
            let outcome = trainer.run(&mut |event| self.hear(event), interrupt);
            let kept =
                baselines.map_err(|error| JobError::Other(format!("cannot start a thread: {error}")))?.join();
            match kept {
                Ok(kept) => kept?,
                Err(_) => self.note("the baselines could not be computed".to_owned()),
            }
            Ok(outcome?)
        })
    }

    fn hear(&mut self, event: TrainEvent) {
        match &event {
            TrainEvent::Epoch(report) => {
                if let Err(error) = self.history.push(self.out, report) {
                    self.note(format!("the run goes on, but its history could not be written: {error}"));
                }
            }
            TrainEvent::Preview(snapshot) => {
                if let Err(error) = self.keep(snapshot, PREVIEW_IMAGES) {
                    self.note(format!("the run goes on, but its model could not be written: {error}"));
                }
            }
            TrainEvent::Started { .. } | TrainEvent::Step { .. } | TrainEvent::Checkpoint(_) => {}
        }
        self.sink.event(JobEvent::Train(event));
    }

    /// Saves a usable bundle and hands it to the listener.
    fn keep(&mut self, snapshot: &Snapshot, images: usize) -> Result<(), JobError> {
        self.config.latent = LatentStatistics::measure(snapshot, self.source, images)?;
        let bundle = Bundle { config: self.config.clone(), snapshot: snapshot.clone() };
        let saved = bundle.save(self.out);
        self.sink.event(JobEvent::Model(Arc::new(bundle)));
        saved
    }

    fn note(&self, text: String) {
        self.sink.event(JobEvent::Note(text));
    }
}
