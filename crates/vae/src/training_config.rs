//! Settings of a training run, their limits and the presets' values.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    augmentation::Augmentation,
    config::{Preset, VaeConfigError, count, first_invalid},
    device::DeviceChoice,
    schedule::{BetaSchedule, LearningRateSchedule},
};

/// Limits of everything counted in epochs.
pub const EPOCHS: RangeInclusive<usize> = 1..=1_000_000;
/// Limits of the images per batch.
pub const BATCH_SIZE: RangeInclusive<usize> = 1..=4096;
/// Limits of the learning rate's warm-up, in steps.
pub const WARM_UP_STEPS: RangeInclusive<usize> = 0..=1_000_000_000;
/// Limits of the number of threads of any job; more than any machine has cores.
pub const THREADS: RangeInclusive<usize> = 1..=1024;
/// Limits of the batches for precise batch norm.
const PRECISE_BATCHES: RangeInclusive<usize> = 1..=1_000_000;
/// Largest weight of the KL divergence.
const MAX_BETA: f64 = 1e9;

/// Settings of a training run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingConfig {
    /// Epochs in total, including those before a resume.
    pub epochs: usize,
    /// Images per batch.
    pub batch_size: usize,
    /// Adam's learning rate, before its schedule.
    pub learning_rate: f64,
    /// Schedule of the learning rate.
    pub learning_rate_schedule: LearningRateSchedule,
    /// Warm-up: steps in which the learning rate rises linearly from zero.
    pub learning_rate_warm_up_steps: usize,
    /// Lower limit of a schedule, as a factor on the learning rate.
    pub learning_rate_floor: f64,
    /// Epochs without a better score after which [`LearningRateSchedule::Plateau`] lowers the learning rate.
    pub plateau_patience: usize,
    /// Factor on the learning rate at each plateau.
    pub plateau_factor: f64,
    /// Weight of the KL divergence at the end of its schedule; 1 is the variational bound.
    pub beta: f64,
    /// Factor on the learning rate for the linear path, if the model has one; 0 freezes it.
    pub linear_rate: f64,
    /// Decay of the running mean of the weights. The mean is validated and becomes the model. 0 uses the
    /// weights themselves.
    pub weight_average: f64,
    /// Schedule of the KL weight.
    pub beta_schedule: BetaSchedule,
    /// Length of the schedule's rise or of each of its cycles, in epochs.
    pub beta_epochs: usize,
    /// Epochs without a better score after which the run ends; `None` for never.
    pub early_stopping: Option<usize>,
    /// Which weights become the model when the run ends.
    pub keep: Keep,
    /// Interval of checkpoints that are never deleted, in epochs; `None` keeps only the newest two and the
    /// best.
    pub checkpoint_every: Option<usize>,
    /// Initialisation of the weights.
    pub initial_weights: InitialWeights,
    /// Adam's β₁, decay of the first moment.
    pub beta_1: f64,
    /// Adam's β₂, decay of the second moment.
    pub beta_2: f64,
    /// Adam's ε.
    pub epsilon: f64,
    /// Fraction of the images used for validation, 0 to 0.5.
    pub validation_fraction: f64,
    /// Unit of the split: what stays together.
    pub split_by: SplitBy,
    /// Images whose names match this pattern validate, overriding the fraction. `*` matches any characters,
    /// `?` one, `[5-9]` one of a range; names have no extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validate_names: Option<String>,
    /// Whether every class is drawn equally often; images of small classes repeat.
    pub balance_classes: bool,
    /// Augmentation of training images.
    pub augmentation: Augmentation,
    /// Seed of every random draw.
    pub seed: u64,
    /// Number of threads; `None` for one per core.
    pub threads: Option<usize>,
    /// Device to train on.
    pub device: DeviceChoice,
    /// Number of training batches from which batch-norm statistics are re-estimated.
    pub precise_batches: usize,
    /// Gradient clipping: limit of the global gradient norm as a multiple of the usual one (root of Adam's
    /// second moments); `None` for no clipping, as in the tutorial.
    pub gradient_limit: Option<f64>,
}

/// Which weights become the model when a run ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Those of the last step.
    #[default]
    Last,
    /// Those of the epoch with the lowest score.
    Best,
}

/// Initialisation of a new model's weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InitialWeights {
    /// As Keras, except that the output starts at the training images' mean pixel and the encoder with a
    /// small variance. The first epochs are not spent on learning these.
    #[default]
    Fitted,
    /// Glorot uniform weights and zero biases, as in the tutorial.
    Keras,
}

/// Unit of the split into training and validation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SplitBy {
    /// Single recordings.
    #[default]
    File,
    /// Whole classes.
    Class,
    /// Whole groups, for example speakers: the field `{group}` of the file names.
    Group,
}

impl Default for TrainingConfig {
    fn default() -> Self {
        Self {
            epochs: 20,
            batch_size: 16,
            learning_rate: 5e-4,
            learning_rate_schedule: LearningRateSchedule::Constant,
            learning_rate_warm_up_steps: 0,
            learning_rate_floor: 0.01,
            plateau_patience: 3,
            plateau_factor: 0.5,
            beta: 1.0,
            linear_rate: LINEAR_RATE,
            weight_average: 0.0,
            beta_schedule: BetaSchedule::Constant,
            beta_epochs: 10,
            early_stopping: None,
            keep: Keep::Last,
            checkpoint_every: None,
            initial_weights: InitialWeights::Fitted,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
            validation_fraction: 0.1,
            split_by: SplitBy::File,
            validate_names: None,
            balance_classes: false,
            augmentation: Augmentation::default(),
            seed: 0,
            threads: None,
            device: DeviceChoice::Auto,
            precise_batches: 20,
            gradient_limit: None,
        }
    }
}

/// Gradient limit of the smaller models. Large gradients of the first epochs stay in the second moments, so
/// one step in ten is clipped; without clipping, an unlucky step every few epochs undid an epoch's work.
const SMALL_GRADIENT_LIMIT: f64 = 0.5;
/// Factor on the learning rate for a linear path, whose weights are far smaller than those of other layers.
const LINEAR_RATE: f64 = 0.01;
/// Peak learning rate of the small model: twice as much gave worse results.
const SMALL_LEARNING_RATE: f64 = 2e-3;
/// Warm-up of the small model, in steps.
const SMALL_WARM_UP_STEPS: usize = 50;
/// Warm-up of beta for the explore preset, in epochs: long enough that no dimension is given up early.
const EXPLORE_BETA_EPOCHS: usize = 5;

/// Learning rate of the clear model: twice as much left it worse than its initial components for the first
/// epochs.
const CLEAR_LEARNING_RATE: f64 = 1e-3;
/// Warm-up in steps of the layers in parallel to a linear path: at full rate they would disturb its initial
/// values.
const LINEAR_PATH_WARM_UP_STEPS: usize = 300;
/// Decay of the mean of the weights with a linear path: it spans 200 steps.
const LINEAR_PATH_WEIGHT_AVERAGE: f64 = 0.995;

/// Adapts optimiser settings to a model whose linear path is good from the start.
fn with_linear_path(course: TrainingConfig) -> TrainingConfig {
    TrainingConfig {
        learning_rate_warm_up_steps: LINEAR_PATH_WARM_UP_STEPS,
        weight_average: LINEAR_PATH_WEIGHT_AVERAGE,
        ..course
    }
}

impl TrainingConfig {
    /// Settings with which a preset's model is known to train well.
    pub fn preset(preset: Preset) -> Self {
        let limited = Self { gradient_limit: Some(SMALL_GRADIENT_LIMIT), ..Self::default() };
        let small = Self {
            learning_rate: SMALL_LEARNING_RATE,
            learning_rate_schedule: LearningRateSchedule::Cosine,
            learning_rate_warm_up_steps: SMALL_WARM_UP_STEPS,
            ..limited.clone()
        };
        match preset {
            Preset::Reference => Self::default(),
            Preset::Flat => limited,
            Preset::Clear => Self { learning_rate: CLEAR_LEARNING_RATE, ..with_linear_path(small) },
            Preset::Small => with_linear_path(small),
            Preset::Explore => {
                Self { beta_schedule: BetaSchedule::WarmUp, beta_epochs: EXPLORE_BETA_EPOCHS, ..small }
            }
        }
    }

    /// Replaces optimiser and schedules by a preset's; epochs, data, seed and device stay.
    #[must_use]
    pub fn with_optimiser_of(self, preset: Preset) -> Self {
        let course = Self::preset(preset);
        Self {
            learning_rate: course.learning_rate,
            learning_rate_schedule: course.learning_rate_schedule,
            learning_rate_warm_up_steps: course.learning_rate_warm_up_steps,
            learning_rate_floor: course.learning_rate_floor,
            linear_rate: course.linear_rate,
            weight_average: course.weight_average,
            beta: course.beta,
            beta_schedule: course.beta_schedule,
            beta_epochs: course.beta_epochs,
            gradient_limit: course.gradient_limit,
            ..self
        }
    }

    /// Checks each setting against its limits.
    ///
    /// # Errors
    /// Names the first setting that is out of range.
    pub fn validate(&self) -> Result<(), VaeConfigError> {
        self.validate_optimiser()?;
        self.validate_schedules()?;
        self.augmentation.validate()?;
        first_invalid(&[
            (
                "validation_fraction",
                self.validation_fraction.to_string(),
                (0.0..=0.5).contains(&self.validation_fraction),
                "0 to 0.5".to_owned(),
            ),
            count("epochs", self.epochs, &EPOCHS),
            count("threads", self.threads.unwrap_or(1), &THREADS),
            count("precise_batches", self.precise_batches, &PRECISE_BATCHES),
        ])
    }

    fn validate_optimiser(&self) -> Result<(), VaeConfigError> {
        let decay = |value: f64| (0.0..1.0).contains(&value);
        let positive = |value: f64| value.is_finite() && value > 0.0;
        first_invalid(&[
            count("batch_size", self.batch_size, &BATCH_SIZE),
            (
                "learning_rate",
                self.learning_rate.to_string(),
                positive(self.learning_rate) && self.learning_rate <= 1.0,
                "above 0, at most 1".to_owned(),
            ),
            (
                "linear_rate",
                self.linear_rate.to_string(),
                (0.0..=1.0).contains(&self.linear_rate),
                "0 to 1".to_owned(),
            ),
            (
                "weight_average",
                self.weight_average.to_string(),
                decay(self.weight_average),
                "0 to below 1".to_owned(),
            ),
            ("beta_1", self.beta_1.to_string(), decay(self.beta_1), "0 to below 1".to_owned()),
            ("beta_2", self.beta_2.to_string(), decay(self.beta_2), "0 to below 1".to_owned()),
            ("epsilon", self.epsilon.to_string(), positive(self.epsilon), "a positive number".to_owned()),
            (
                "gradient_limit",
                format!("{:?}", self.gradient_limit),
                self.gradient_limit.is_none_or(positive),
                "none, or a positive number".to_owned(),
            ),
        ])
    }

    fn validate_schedules(&self) -> Result<(), VaeConfigError> {
        let factor = |value: f64| value > 0.0 && value <= 1.0;
        let epochs = |name, value: usize| count(name, value, &EPOCHS);
        first_invalid(&[
            (
                "learning_rate_floor",
                self.learning_rate_floor.to_string(),
                factor(self.learning_rate_floor),
                "above 0, at most 1".to_owned(),
            ),
            count("learning_rate_warm_up_steps", self.learning_rate_warm_up_steps, &WARM_UP_STEPS),
            epochs("plateau_patience", self.plateau_patience),
            (
                "plateau_factor",
                self.plateau_factor.to_string(),
                factor(self.plateau_factor) && self.plateau_factor < 1.0,
                "above 0, below 1".to_owned(),
            ),
            (
                "beta",
                self.beta.to_string(),
                (0.0..=MAX_BETA).contains(&self.beta),
                format!("0 to {MAX_BETA:e}"),
            ),
            epochs("beta_epochs", self.beta_epochs),
            epochs("early_stopping", self.early_stopping.unwrap_or(1)),
            epochs("checkpoint_every", self.checkpoint_every.unwrap_or(1)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_an_older_program_wrote_are_completed() {
        let old = r#"{"epochs": 7, "batch_size": 4, "learning_rate": 0.001, "seed": 3}"#;
        let config: TrainingConfig = serde_json::from_str(old).unwrap();
        let expected = TrainingConfig {
            epochs: 7,
            batch_size: 4,
            learning_rate: 0.001,
            seed: 3,
            ..TrainingConfig::default()
        };
        assert_eq!(config, expected);
    }

    #[test]
    fn a_preset_changes_how_a_run_goes_and_not_what_it_learns_from() {
        let own = TrainingConfig { epochs: 7, seed: 5, threads: Some(1), ..TrainingConfig::default() };
        let small = own.clone().with_optimiser_of(Preset::Small);
        small.validate().unwrap();
        assert_eq!((small.epochs, small.seed, small.threads), (7, 5, Some(1)));
        assert_eq!(small.learning_rate_schedule, LearningRateSchedule::Cosine);
        assert_eq!(small.clone().with_optimiser_of(Preset::Explore).beta_schedule, BetaSchedule::WarmUp);
        assert_eq!(
            small.with_optimiser_of(Preset::Reference),
            own,
            "the reference's course is the tutorial's"
        );
        for preset in [Preset::Reference, Preset::Small, Preset::Explore, Preset::Flat] {
            let settings = TrainingConfig::preset(preset);
            settings.validate().unwrap();
            assert_eq!(TrainingConfig::default().with_optimiser_of(preset), settings, "{preset:?}");
        }
    }

    #[test]
    fn a_schedule_that_makes_no_sense_is_refused_with_its_value() {
        let wrong = |change: fn(&mut TrainingConfig)| {
            let mut config = TrainingConfig::default();
            config.validate().unwrap();
            change(&mut config);
            config.validate().unwrap_err().to_string()
        };
        assert_eq!(
            wrong(|config| config.learning_rate_floor = 0.0),
            "learning_rate_floor is 0, but must be above 0, at most 1"
        );
        assert_eq!(wrong(|config| config.beta_epochs = 0), "beta_epochs is 0, but must be 1 to 1000000");
        assert_eq!(
            wrong(|config| config.early_stopping = Some(0)),
            "early_stopping is 0, but must be 1 to 1000000"
        );
        assert_eq!(
            wrong(|config| config.threads = Some(100_000)),
            "threads is 100000, but must be 1 to 1024"
        );
        assert_eq!(
            wrong(|config| config.epochs = usize::MAX).split(',').next_back(),
            Some(" but must be 1 to 1000000")
        );
        assert!(wrong(|config| config.plateau_factor = 1.0).starts_with("plateau_factor is 1"));
        assert!(wrong(|config| config.beta = -1.0).starts_with("beta is -1"));
    }
}
