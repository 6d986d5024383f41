//! Settings of a training run.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    augmentation::Augmentation,
    config::{Preset, VaeConfigError, count, first_misfit},
    device::DeviceChoice,
    schedule::{BetaSchedule, LearningRateSchedule},
};

/// Epochs of a run, and of everything that is counted in epochs.
pub const EPOCHS: RangeInclusive<usize> = 1..=1_000_000;
/// Images a step.
pub const BATCH_SIZE: RangeInclusive<usize> = 1..=4096;
/// Steps of the learning rate's rise.
pub const WARM_UP_STEPS: RangeInclusive<usize> = 0..=1_000_000_000;
/// Threads of a run, and of every other job: more than any machine has cores.
pub const THREADS: RangeInclusive<usize> = 1..=1024;
/// Batches that re-estimate the batch-norm statistics.
const PRECISE_BATCHES: RangeInclusive<usize> = 1..=1_000_000;
/// Largest weight of the KL divergence.
const MAX_BETA: f64 = 1e9;

/// Settings of a training run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingConfig {
    /// Epochs in all, those before a resume included.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// Adam's learning rate, before its schedule.
    pub learning_rate: f64,
    /// How the learning rate changes during the run.
    pub learning_rate_schedule: LearningRateSchedule,
    /// Steps in which the learning rate rises from zero.
    pub learning_rate_warm_up_steps: usize,
    /// What a schedule leaves of the learning rate at its end, as a factor.
    pub learning_rate_floor: f64,
    /// Epochs without a better score after which [`LearningRateSchedule::Plateau`] lowers the learning rate.
    pub plateau_patience: usize,
    /// What it lowers the learning rate by, as a factor.
    pub plateau_factor: f64,
    /// Weight of the KL divergence once its schedule has ended; 1 is the variational bound.
    pub beta: f64,
    /// Factor of the learning rate for the linear path of a model that has one; 0 leaves it as it starts.
    pub linear_rate: f64,
    /// Part of the mean of the weights that a step keeps; the mean is what validates and what becomes the model. 0 for the
    /// weights themselves.
    pub weight_average: f64,
    /// How that weight changes during the run.
    pub beta_schedule: BetaSchedule,
    /// Epochs of the schedule's rise, or of each of its cycles.
    pub beta_epochs: usize,
    /// Epochs without a better score after which the run ends; `None` for never.
    pub early_stopping: Option<usize>,
    /// Which weights are left as the model when the run ends.
    pub keep: Keep,
    /// Every so many epochs a checkpoint is kept for good; `None` for the newest two and the best alone.
    pub checkpoint_every: Option<usize>,
    /// How the weights start.
    pub initial_weights: InitialWeights,
    /// Adam's first decay.
    pub beta_1: f64,
    /// Adam's second decay.
    pub beta_2: f64,
    /// Adam's epsilon.
    pub epsilon: f64,
    /// Part of the images kept for validation, 0 to 0.5.
    pub validation_fraction: f64,
    /// What is kept out of training as a whole.
    pub split_by: SplitBy,
    /// Images whose names match this pattern validate, whatever the fraction says: `*` stands for any characters, `?` for
    /// one, `[5-9]` for one of a range; extensions do not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validate_names: Option<String>,
    /// Whether every class is drawn equally often, small ones repeatedly.
    pub balance_classes: bool,
    /// How training images are varied.
    pub augmentation: Augmentation,
    /// Seed of every random draw.
    pub seed: u64,
    /// Threads; `None` for every core.
    pub threads: Option<usize>,
    /// Where training computes.
    pub device: DeviceChoice,
    /// Training batches that re-estimate the batch-norm statistics.
    pub precise_batches: usize,
    /// A gradient longer than this many times the root of Adam's second moments is shortened to that; `None` for the
    /// tutorial's Adam.
    pub gradient_limit: Option<f64>,
}

/// Which weights are left as the model when a run ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Those of the last step.
    #[default]
    Last,
    /// Those of the epoch with the lowest score.
    Best,
}

/// How the weights of a fresh model start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InitialWeights {
    /// As Keras's, but that the output begins at the training images' mean pixel, and the encoder nearly certain of its
    /// vectors: the first epochs are not spent on getting there.
    #[default]
    Fitted,
    /// Glorot uniform weights and zero biases, as the tutorial's.
    Keras,
}

/// What is kept out of training as a whole, so that nothing of it is known before it is measured.
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

/// Gradient limit of the smaller models. Second moments keep the long gradients of the first epochs, so one step in ten
/// is shortened; without, every few epochs a step of the unlucky kind undid an epoch's work.
const SMALL_GRADIENT_LIMIT: f64 = 0.5;
/// Factor of the learning rate for a linear path: its weights are far smaller than those of other layers.
const LINEAR_RATE: f64 = 0.01;
/// Learning rate of the small model at the top of its cosine: twice as much left it worse.
const SMALL_LEARNING_RATE: f64 = 2e-3;
/// Steps until it is there.
const SMALL_WARM_UP_STEPS: usize = 50;
/// Epochs in which the explorable model's KL divergence gains its weight, so that no dimension is given up early.
const EXPLORE_BETA_EPOCHS: usize = 5;

/// Learning rate of the clear model: twice as much left it above its components for the first epochs.
const CLEAR_LEARNING_RATE: f64 = 1e-3;
/// Steps until the layers beside a linear path are at their full learning rate: at once, they would disturb what it starts as.
const PATH_WARM_UP_STEPS: usize = 300;
/// What a step keeps of the mean of the weights beside a linear path: it spans two hundred steps.
const PATH_WEIGHT_AVERAGE: f64 = 0.995;

/// A course for a model that is good before it is trained.
fn beside_path(course: TrainingConfig) -> TrainingConfig {
    TrainingConfig {
        learning_rate_warm_up_steps: PATH_WARM_UP_STEPS,
        weight_average: PATH_WEIGHT_AVERAGE,
        ..course
    }
}

impl TrainingConfig {
    /// Settings that a preset's model is known to train well with.
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
            Preset::Clear => Self { learning_rate: CLEAR_LEARNING_RATE, ..beside_path(small) },
            Preset::Small => beside_path(small),
            Preset::Explore => {
                Self { beta_schedule: BetaSchedule::WarmUp, beta_epochs: EXPLORE_BETA_EPOCHS, ..small }
            }
        }
    }

    /// These settings with a preset's optimiser and schedules; epochs, recordings, seed and machine stay as they are.
    #[must_use]
    pub fn with_course_of(self, preset: Preset) -> Self {
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

    /// Checks that a run can start.
    ///
    /// # Errors
    /// Names the first setting that does not fit.
    pub fn validate(&self) -> Result<(), VaeConfigError> {
        self.validate_optimiser()?;
        self.validate_schedules()?;
        self.augmentation.validate()?;
        first_misfit(&[
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
        first_misfit(&[
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
        first_misfit(&[
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
        let small = own.clone().with_course_of(Preset::Small);
        small.validate().unwrap();
        assert_eq!((small.epochs, small.seed, small.threads), (7, 5, Some(1)));
        assert_eq!(small.learning_rate_schedule, LearningRateSchedule::Cosine);
        assert_eq!(small.clone().with_course_of(Preset::Explore).beta_schedule, BetaSchedule::WarmUp);
        assert_eq!(small.with_course_of(Preset::Reference), own, "the reference's course is the tutorial's");
        for preset in [Preset::Reference, Preset::Small, Preset::Explore, Preset::Flat] {
            let settings = TrainingConfig::preset(preset);
            settings.validate().unwrap();
            assert_eq!(TrainingConfig::default().with_course_of(preset), settings, "{preset:?}");
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
