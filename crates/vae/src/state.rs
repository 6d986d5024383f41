//! All state that changes during training, and its serialisation in checkpoints.
//!
//! Random state needs no file: every draw derives from (seed, purpose, epoch, step).

use candle_core::Device;
use serde::{Deserialize, Serialize};
use timbrespace_base::sentence;

use super::{
    architecture::Architecture,
    batch_norm::Moments,
    checkpoint::Files,
    config::{TrainingConfig, VaeConfig},
    error::ModelError,
    initial::Start,
    loss::Losses,
    optimiser::Adam,
    schedule::Rates,
    steering::Change,
    tensors::Tensors,
    weight_average::WeightAverage,
    weights::{Reader, Variables, Writer, fresh},
};

const WEIGHTS: &str = "weights.safetensors";
const OPTIMISER: &str = "optimiser.safetensors";
const STATE: &str = "state.json";
/// The files of a checkpoint.
pub(super) const FILES: [&str; 3] = [WEIGHTS, OPTIMISER, STATE];

/// Progress of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// Epochs whose report was emitted.
    pub reported_epochs: usize,
    /// Sums over the images of the current epoch so far.
    pub epoch_sums: Losses,
    /// Images of the current epoch so far.
    pub epoch_images: usize,
    /// Seconds spent in steps of the current epoch so far.
    pub epoch_seconds: f64,
    /// Seconds of training in total, without pauses.
    pub seconds: f64,
    /// Position in the current epoch.
    #[serde(default)]
    pub place: EpochPosition,
    /// Current settings before their schedules; `None` before the first change.
    #[serde(default)]
    pub in_effect: Option<Rates>,
    /// Gradient norm of each step times its images, summed over the current epoch.
    #[serde(default)]
    pub gradient_norms: f64,
    /// Settings changed during the current epoch.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// The epoch with the lowest score.
    #[serde(default)]
    pub best: Option<Best>,
    /// Epochs without a lower score since the best one, or since the learning rate was last lowered.
    #[serde(default)]
    pub plateau_epochs: usize,
    /// Product of the plateau factors so far.
    #[serde(default = "one")]
    pub plateau_factor: f64,
}

fn one() -> f64 {
    1.0
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            reported_epochs: 0,
            epoch_sums: Losses::default(),
            epoch_images: 0,
            epoch_seconds: 0.0,
            seconds: 0.0,
            place: EpochPosition::default(),
            in_effect: None,
            gradient_norms: 0.0,
            changes: Vec::new(),
            best: None,
            plateau_epochs: 0,
            plateau_factor: 1.0,
        }
    }
}

/// A position in the order of an epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EpochPosition {
    /// Epoch, from 1; 0 in checkpoints of older versions, which did not record it.
    pub epoch: usize,
    /// Steps of the epoch done.
    pub steps: usize,
    /// Images of the epoch used.
    pub images: usize,
}

/// The epoch with the lowest score so far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Best {
    /// Epoch, from 1.
    pub epoch: usize,
    /// Steps done at its end.
    pub step: usize,
    /// The losses from which its score is computed.
    pub losses: Losses,
}

impl Progress {
    /// Adds one batch of `images` images that took `seconds`.
    pub fn add(&mut self, losses: Losses, gradient_norm: f64, images: usize, seconds: f64) {
        let weight = images as f64;
        self.gradient_norms += gradient_norm * weight;
        self.epoch_sums.total += losses.total * weight;
        self.epoch_sums.reconstruction += losses.reconstruction * weight;
        self.epoch_sums.kl += losses.kl * weight;
        self.epoch_images += images;
        self.epoch_seconds += seconds;
        self.seconds += seconds;
    }

    /// Means over the images of the current epoch.
    pub fn epoch_means(&self) -> Losses {
        let count = self.epoch_images.max(1) as f64;
        Losses {
            total: self.epoch_sums.total / count,
            reconstruction: self.epoch_sums.reconstruction / count,
            kl: self.epoch_sums.kl / count,
        }
    }
}

/// Weights, running statistics, optimiser moments and progress.
pub(crate) struct State {
    pub variables: Variables,
    pub running: Vec<Moments>,
    pub adam: Adam,
    /// Mean of the weights, if the run uses one.
    average: Option<WeightAverage>,
    pub progress: Progress,
}

/// Settings at the time of a checkpoint; resuming requires the same ones.
#[derive(Debug, Serialize, Deserialize)]
struct Settings {
    step: usize,
    images: usize,
    model: VaeConfig,
    training: TrainingConfig,
    progress: Progress,
}

impl State {
    /// A fresh model on `device`.
    ///
    /// # Errors
    /// When candle fails.
    pub fn fresh(
        architecture: &Architecture,
        seed: u64,
        start: Start<'_>,
        device: &Device,
    ) -> Result<Self, ModelError> {
        let variables = fresh(architecture, seed, start, device)?;
        let norms = architecture.norms();
        Ok(Self {
            adam: Adam::new(variables.iter().map(|(_, variable)| variable.elem_count())),
            variables,
            running: norms.iter().map(|(_, channels)| Moments::standard(*channels)).collect(),
            average: None,
            progress: Progress::default(),
        })
    }

    /// Starts averaging the weights; [`Self::copied_tensors`] then returns the mean.
    ///
    /// # Errors
    /// When candle fails.
    pub fn start_average(&mut self) -> Result<(), ModelError> {
        self.average = Some(WeightAverage::of(&self.variables)?);
        Ok(())
    }

    /// Adds the weights after a step to their mean, if there is one.
    ///
    /// # Errors
    /// When candle fails.
    pub fn update_average(&mut self, decay: f64) -> Result<(), ModelError> {
        let step = self.adam.step;
        self.average.as_mut().map_or(Ok(()), |average| average.update(&self.variables, step, decay))
    }

    /// The variables themselves, for the model that trains.
    pub fn tracked_tensors(&self) -> Tensors {
        let tensors = self.variables.iter();
        tensors.map(|(name, variable)| (name.clone(), variable.as_tensor().clone())).collect()
    }

    /// Copies of the current weights, or of their mean if there is one.
    ///
    /// # Errors
    /// When candle fails.
    pub fn copied_tensors(&self) -> Result<Tensors, ModelError> {
        if let Some(average) = &self.average {
            return average.tensors(&self.variables);
        }
        let tensors = self.variables.iter();
        tensors.map(|(name, variable)| Ok((name.clone(), variable.as_detached_tensor().copy()?))).collect()
    }

    /// Serialises the state as files of a checkpoint.
    ///
    /// # Errors
    /// When serialisation fails.
    pub fn to_files(
        &self,
        model: &VaeConfig,
        training: &TrainingConfig,
        images: usize,
    ) -> Result<Files, ModelError> {
        let architecture = Architecture::new(model);
        let (mut weights, mut optimiser) = (Writer::default(), Writer::default());
        for ((name, variable), (first, second)) in
            self.variables.iter().zip(self.adam.first.iter().zip(&self.adam.second))
        {
            weights.tensor(name, variable)?;
            optimiser.values(format!("{name}.first_moment"), variable.dims().to_vec(), first);
            optimiser.values(format!("{name}.second_moment"), variable.dims().to_vec(), second);
        }
        weights.moments(&architecture, "running", &self.running);
        if let Some(average) = &self.average {
            average.write(&self.variables, &mut optimiser);
        }
        let settings = Settings {
            step: self.adam.step,
            images,
            model: model.clone(),
            training: training.clone(),
            progress: self.progress.clone(),
        };
        let settings = serde_json::to_vec_pretty(&settings)
            .map_err(|error| ModelError::Other(format!("the training state cannot be written: {error}")))?;
        Ok(Files::from([
            (WEIGHTS.to_owned(), weights.finish()?),
            (OPTIMISER.to_owned(), optimiser.finish()?),
            (STATE.to_owned(), settings),
        ]))
    }

    /// Restores the state from [`Self::to_files`].
    ///
    /// # Errors
    /// When the checkpoint belongs to another model or another run; both values are named.
    pub fn restore(
        &mut self,
        files: &Files,
        model: &VaeConfig,
        training: &TrainingConfig,
        images: usize,
    ) -> Result<(), ModelError> {
        let file = |name: &str| {
            files.get(name).ok_or_else(|| ModelError::Other(format!("the checkpoint has no {name}")))
        };
        let settings: Settings = serde_json::from_slice(file(STATE)?)
            .map_err(|error| ModelError::Other(format!("{STATE} of the checkpoint: {error}")))?;
        settings.check(model, training, images)?;
        let architecture = Architecture::new(model);
        let (weights, optimiser) = (Reader::new(file(WEIGHTS)?)?, Reader::new(file(OPTIMISER)?)?);
        let tensors = weights.tensors(&architecture)?;
        let running = weights.moments(&architecture, "running")?;
        let kept_average = settings.training.weight_average > 0.0;
        let average = match &self.average {
            Some(_) if kept_average => Some(WeightAverage::read(&self.variables, &optimiser)?),
            _ => None,
        };
        let mut adam = Adam::new(std::iter::empty());
        adam.step = settings.step;
        for (name, variable) in &self.variables {
            adam.first.push(optimiser.values(&format!("{name}.first_moment"), variable.dims())?);
            adam.second.push(optimiser.values(&format!("{name}.second_moment"), variable.dims())?);
        }
        for (name, variable) in &self.variables {
            variable.set(&super::tensors::tensor(&tensors, name)?.to_device(variable.device())?)?;
        }
        self.running = running;
        self.adam = adam;
        // A resumed run that starts averaging only now begins with the restored weights.
        self.average = match (&self.average, average) {
            (Some(_), None) => Some(WeightAverage::of(&self.variables)?),
            (_, average) => average,
        };
        self.progress = settings.progress;
        Ok(())
    }
}

impl Settings {
    fn check(&self, model: &VaeConfig, training: &TrainingConfig, images: usize) -> Result<(), ModelError> {
        let sides = [
            (
                sentence!("what-images", "images (the run, the checkpoint)"),
                images.to_string(),
                self.images.to_string(),
            ),
            (
                sentence!("what-model", "model (the run's, the checkpoint's)"),
                describe(model),
                describe(&self.model),
            ),
            (sentence!("what-seed", "seed"), training.seed.to_string(), self.training.seed.to_string()),
            (
                sentence!("what-batch-size", "batch size"),
                training.batch_size.to_string(),
                self.training.batch_size.to_string(),
            ),
            (
                sentence!("what-validation-fraction", "validation fraction"),
                format!("{:.6}", training.validation_fraction),
                format!("{:.6}", self.training.validation_fraction),
            ),
        ];
        for (what, expected, actual) in sides {
            if expected != actual {
                return Err(ModelError::Mismatch { what, expected, actual });
            }
        }
        Ok(())
    }
}

fn describe(model: &VaeConfig) -> String {
    if model.is_flat() {
        return format!(
            "{} × {}, dense layers {:?}, latent {}, reconstruction weight {:.6}",
            model.bins, model.frames, model.hidden, model.latent_size, model.reconstruction_weight
        );
    }
    let path = if model.linear_path { "a linear path, " } else { "" };
    format!(
        "{} × {}, {path}filters {:?}, kernel {}, strides {:?}, latent {}, reconstruction weight {:.6}",
        model.bins,
        model.frames,
        model.filters,
        model.kernel_size,
        model.strides,
        model.latent_size,
        model.reconstruction_weight
    )
}
