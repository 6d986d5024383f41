//! Settings of a training run, their limits and the presets' values.

use timbrespace_base::{
    named,
    setting::{Misfit, Settings as _, Unit},
    settings,
};

use super::{
    augmentation::{Augmentation, AugmentationChoices, DATA},
    device::DeviceChoice,
    schedule_kinds::{BetaSchedule, LearningRateSchedule},
};

/// The heading over flags that say how a run goes.
const COURSE: &str = "Course of the run";
/// Limits of everything counted in epochs.
const MOST_EPOCHS: usize = 1_000_000;

/// Factor on the learning rate for a linear path, whose weights are far smaller than those of other layers.
const LINEAR_RATE: f64 = 0.01;

settings! {
    /// Settings of a training run.
    pub struct TrainingConfig, TrainingChoices, TrainingTable, TRAINING {
        /// Epochs in total, including those before a resume: how often every recording is seen
        epochs: usize = 20, .label("Epochs").flag("epochs").count(1, MOST_EPOCHS);
        /// Images per batch
        batch_size: usize = 16, .label("Batch size").flag("batch-size").count(1, 4096);
        /// Learning rate of the Adam optimiser, before its schedule
        learning_rate: f64 = 5e-4, .label("Learning rate").flag("learning-rate").above(0.0, 1.0).group(COURSE);
        /// Schedule of the learning rate
        learning_rate_schedule: LearningRateSchedule = LearningRateSchedule::Constant,
            .label("Rate schedule").flag("learning-rate-schedule").value("SCHEDULE").group(COURSE);
        /// Warm-up: steps in which the learning rate rises linearly from zero; 0 for none
        learning_rate_warm_up_steps: usize = 0,
            .label("Rate warm-up").flag("learning-rate-warm-up").count(0, 1_000_000_000).unit(Unit::Steps).group(COURSE);
        /// Lower limit of a schedule, as a fraction of the learning rate
        learning_rate_floor: f64 = 0.01,
            .label("Rate floor").flag("learning-rate-floor").above(0.0, 1.0).unit(Unit::Fraction).group(COURSE);
        /// Epochs without a better score after which `plateau` lowers the learning rate
        plateau_patience: usize = 3,
            .label("Plateau patience").flag("plateau-patience").count(1, MOST_EPOCHS).unit(Unit::Epochs).group(COURSE);
        /// Factor on the learning rate at each plateau
        plateau_factor: f64 = 0.5, .label("Plateau factor").flag("plateau-factor").between(0.0, 1.0).group(COURSE);
        /// Weight of the KL divergence (beta) at the end of its schedule; 1 is the variational bound
        beta: f64 = 1.0, .label("KL weight").flag("beta").from_to(0.0, 1e9).group(COURSE);
        /// Factor on the learning rate for the linear path, if the model has one; 0 freezes it
        linear_rate: f64 = LINEAR_RATE, .label("Linear rate").flag("linear-rate").from_to(0.0, 1.0).group(COURSE);
        /// Decay of the running mean of the weights, which is validated and becomes the model; 0 uses the weights themselves
        weight_average: f64 = 0.0, .label("Weight average").flag("weight-average").below(0.0, 1.0).group(COURSE);
        /// Schedule of the KL weight
        beta_schedule: BetaSchedule = BetaSchedule::Constant, .label("KL schedule").flag("beta-schedule").value("SCHEDULE").group(COURSE);
        /// Length of the rise of the KL weight, or of each of its cycles
        beta_epochs: usize = 10,
            .label("Rise or cycle").flag("beta-epochs").count(1, MOST_EPOCHS).unit(Unit::Epochs).group(COURSE);
        /// Ends the run when the validation score has not improved for this many epochs
        early_stopping: Option<usize> = None,
            .label("Early stop").flag("early-stopping").count(1, MOST_EPOCHS).unit(Unit::Epochs).or_zero("never").group(COURSE);
        /// Which weights become the model when the run ends: those of the last step, or of the epoch with the lowest score
        keep: Keep = Keep::Last, .label("Keep").flag("keep").value("WHICH").group(COURSE);
        /// Never deletes the checkpoint of every N-th epoch; of the others, only the newest two and the best stay
        checkpoint_every: Option<usize> = None,
            .label("Keep every").flag("checkpoint-every").count(1, MOST_EPOCHS).unit(Unit::Epochs).or_zero("none").group(COURSE);
        /// Initialisation of the weights
        initial_weights: InitialWeights = InitialWeights::Fitted,
            .label("Initial weights").flag("initial-weights").value("START").group(COURSE);
        /// Adam's β₁, decay of the first moment
        beta_1: f64 = 0.9, .label("First decay").below(0.0, 1.0);
        /// Adam's β₂, decay of the second moment
        beta_2: f64 = 0.999, .label("Second decay").below(0.0, 1.0);
        /// Adam's ε
        epsilon: f64 = 1e-7, .label("Epsilon").above(0.0, 1.0);
        /// Fraction of the recordings used for validation
        validation_fraction: f64 = 0.1,
            .label("Validation").flag("validation").from_to(0.0, 0.5).unit(Unit::Fraction).group(DATA);
        /// Unit of the split, which stays together: with whole classes or groups, the validation error tells how the model does on what it
        /// never saw
        split_by: SplitBy = SplitBy::File, .label("Keep out").flag("split-by").value("BY").group(DATA);
        /// Recordings whose names match this pattern validate, overriding the fraction: `*` matches any characters, `?` one, `[5-9]` one
        /// of a range; names have no extension
        validate_names: Option<String> = None,
            .label("Validate names").flag("validate-names").text("PATTERN").group(DATA),
            #[serde(skip_serializing_if = "Option::is_none")];
        /// Draw every class equally often; recordings of small classes repeat
        balance_classes: bool = false, .label("Balance classes").flag("balance-classes").group(DATA);
        /// Seed of every random draw: the same seed and number of threads give the same model again
        seed: u64 = 0, .label("Seed").flag("seed");
        /// Number of threads
        threads: Option<usize> = None, .label("Threads").flag("threads").count(1, 1024).or("all cores");
        /// Device to train on
        device: DeviceChoice = DeviceChoice::Auto, .label("Device").flag("device").value("DEVICE");
        /// Number of training batches from which batch-norm statistics are re-estimated
        precise_batches: usize = 20, .label("Precise batches").count(1, 1_000_000);
        /// Gradient clipping: limit as a multiple of the usual gradient norm
        gradient_limit: Option<f64> = None,
            .label("Gradient limit").flag("gradient-limit").above(0.0, 1e9).unit(Unit::Times).or_zero("never").group(COURSE);
        nested {
            /// Augmentation of training images
            augmentation: Augmentation, AugmentationChoices;
        }
    }
}

named! {
    /// Which weights become the model when a run ends.
    pub enum Keep {
        /// Those of the last step.
        #[default]
        Last = "last", "Last weights";
        /// Those of the epoch with the lowest score.
        Best = "best", "Best epoch";
    }
}

named! {
    /// Initialisation of a new model's weights.
    pub enum InitialWeights {
        /// As Keras's, but that the output begins at the training images' mean pixel, and the encoder nearly certain of its
        /// vectors: the first epochs are not spent on getting there.
        #[default]
        Fitted = "fitted", "Fitted", "starts at the mean pixel with a small variance, which saves the first epochs";
        /// Glorot uniform weights and zero biases, as in the tutorial.
        Keras = "keras", "Keras", "Glorot uniform weights and zero biases, as in the tutorial";
    }
}

named! {
    /// Unit of the split into training and validation.
    pub enum SplitBy {
        /// Single recordings.
        #[default]
        File = "file", "Recordings";
        /// Whole classes.
        Class = "class", "Classes";
        /// Whole groups, for example speakers: the field `{group}` of the file names.
        Group = "group", "Groups", "the field {group} of the names, for example a speaker";
    }
}

impl TrainingConfig {
    /// Checks each setting against its limits.
    ///
    /// # Errors
    /// Names the first setting that is out of range.
    pub fn validate(&self) -> Result<(), Misfit> {
        self.check_each()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preset::Preset;

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
            "--learning-rate-floor is 0, but must be above 0 and at most 1"
        );
        assert_eq!(
            wrong(|config| config.beta_epochs = 0),
            "--beta-epochs is 0, but must be from 1 to 1000000 epochs"
        );
        assert_eq!(
            wrong(|config| config.early_stopping = Some(0)),
            "--early-stopping is 0, but must be from 1 to 1000000 epochs"
        );
        assert_eq!(
            wrong(|config| config.threads = Some(100_000)),
            "--threads is 100000, but must be from 1 to 1024"
        );
        assert_eq!(
            wrong(|config| config.epochs = usize::MAX).split(',').next_back(),
            Some(" but must be from 1 to 1000000")
        );
        assert!(wrong(|config| config.plateau_factor = 1.0).starts_with("--plateau-factor is 1,"));
        assert!(wrong(|config| config.beta = -1.0).starts_with("--beta is -1,"));
    }
}
