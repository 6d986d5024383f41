//! Presets: models and courses of training that are known to work.

use timbrespace_base::{named, setting::Choices as _};

use super::{
    schedule_kinds::{BetaSchedule, LearningRateSchedule},
    training_config::{TrainingChoices, TrainingConfig},
};

named! {
    /// Models and courses of training that are known to work.
    pub enum Preset is Facts {
        /// 64 latent dimensions with a linear path beside few convolutions: it starts as the principal components of the
        /// training images and is never below them.
        #[default]
        Clear = "clear", "Clear", "starts as the principal components of the recordings and adds to them. The best sound for the time"
            => Facts { latent_size: 64, linear_path: true, course: clear, ..FEW_FILTERS };
        /// About a fifteenth of the reference's time an epoch, few filters where the image is large and many where it is small;
        /// 16 latent dimensions, and a linear path as [`Self::Clear`] has it.
        Small = "small", "Small", "as Clear, with 16 sliders instead of 64"
            => Facts { linear_path: true, course: beside_path, ..FEW_FILTERS };
        /// The small model with a reconstruction weight so low that its latent space is filled as the prior has it: vectors
        /// drawn at random sound like the recordings, at the price of detail.
        Explore = "explore", "Explore",
            "small, with a latent space for random play. Less detail, but drawn vectors sound like the recordings"
            => Facts { reconstruction_weight: 30_000.0, course: explore, ..FEW_FILTERS };
        /// The tutorial's model: 512, 256, 128, 64, 32 filters, 128 latent dimensions.
        Reference = "reference", "Reference", "the tutorial's five layers, 512 to 32 filters"
            => Facts { latent_size: 128, filters: &[512, 256, 128, 64, 32], course: tutorial, ..FEW_FILTERS };
        /// No convolution: dense layers of 512 and 256 values on the flattened image; 16 latent dimensions. It knows nothing of
        /// neighbouring pixels and has weights for each, so its files are large (43 MB for a log-mel image of 80 × 127, three
        /// times that in a checkpoint) and it needs more recordings before it does more than learn by heart.
        Flat = "flat", "Flat", "dense layers on the flattened image, no convolution. Large files"
            => Facts { filters: &[], hidden: &[512, 256], course: limited, ..FEW_FILTERS };
    }
}

/// What a preset stands for.
pub struct Facts {
    /// Latent dimensions unless told otherwise.
    pub latent_size: usize,
    /// Weight of the reconstruction term unless told otherwise.
    pub reconstruction_weight: f64,
    /// Filters of each convolution, outermost first.
    pub filters: &'static [usize],
    /// Values of each hidden dense layer, outermost first.
    pub hidden: &'static [usize],
    /// Whether the model has a linear path beside its other layers.
    pub linear_path: bool,
    /// Optimiser and schedules that the model is known to train well with.
    pub course: fn() -> TrainingChoices,
}

/// Few filters where the image is large and many where it is small.
const FEW_FILTERS: Facts = Facts {
    latent_size: 16,
    reconstruction_weight: 1_000_000.0,
    filters: &[16, 16, 32, 64, 128],
    hidden: &[],
    linear_path: false,
    course: small,
};

/// Gradient limit of the smaller models. Second moments keep the long gradients of the first epochs, so one step in ten
/// is shortened; without, every few epochs a step of the unlucky kind undid an epoch's work.
const SMALL_GRADIENT_LIMIT: f64 = 0.5;
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

/// The tutorial's optimiser: everything that belongs to a course.
fn tutorial() -> TrainingChoices {
    let TrainingConfig {
        learning_rate,
        learning_rate_schedule,
        learning_rate_warm_up_steps,
        learning_rate_floor,
        linear_rate,
        weight_average,
        beta,
        beta_schedule,
        beta_epochs,
        gradient_limit,
        ..
    } = TrainingConfig::default();
    TrainingChoices {
        learning_rate: Some(learning_rate),
        learning_rate_schedule: Some(learning_rate_schedule),
        learning_rate_warm_up_steps: Some(learning_rate_warm_up_steps),
        learning_rate_floor: Some(learning_rate_floor),
        linear_rate: Some(linear_rate),
        weight_average: Some(weight_average),
        beta: Some(beta),
        beta_schedule: Some(beta_schedule),
        beta_epochs: Some(beta_epochs),
        gradient_limit: Some(gradient_limit),
        ..TrainingChoices::default()
    }
}

fn limited() -> TrainingChoices {
    TrainingChoices { gradient_limit: Some(Some(SMALL_GRADIENT_LIMIT)), ..tutorial() }
}

fn small() -> TrainingChoices {
    TrainingChoices {
        learning_rate: Some(SMALL_LEARNING_RATE),
        learning_rate_schedule: Some(LearningRateSchedule::Cosine),
        learning_rate_warm_up_steps: Some(SMALL_WARM_UP_STEPS),
        ..limited()
    }
}

/// For a model that is good before it is trained.
fn beside_path() -> TrainingChoices {
    TrainingChoices {
        learning_rate_warm_up_steps: Some(PATH_WARM_UP_STEPS),
        weight_average: Some(PATH_WEIGHT_AVERAGE),
        ..small()
    }
}

fn clear() -> TrainingChoices {
    TrainingChoices { learning_rate: Some(CLEAR_LEARNING_RATE), ..beside_path() }
}

fn explore() -> TrainingChoices {
    TrainingChoices {
        beta_schedule: Some(BetaSchedule::WarmUp),
        beta_epochs: Some(EXPLORE_BETA_EPOCHS),
        ..small()
    }
}

impl TrainingConfig {
    /// Settings with which a preset's model is known to train well.
    pub fn preset(preset: Preset) -> Self {
        Self::default().with_optimiser_of(preset)
    }

    /// Replaces optimiser and schedules by a preset's; epochs, data, seed and device stay.
    #[must_use]
    pub fn with_optimiser_of(self, preset: Preset) -> Self {
        (preset.facts().course)().over(&self)
    }
}

#[cfg(test)]
mod tests {
    use timbrespace_base::setting::Named as _;

    use super::*;
    use crate::config::VaeConfig;

    /// A model and its course, as a run of the preset has them.
    fn run(preset: Preset) -> (VaeConfig, TrainingConfig) {
        (VaeConfig::preset(preset, 256, 64), TrainingConfig::preset(preset))
    }

    #[test]
    fn every_preset_is_recognised_whatever_is_changed_of_it() {
        for preset in Preset::ALL.iter().copied() {
            let (model, training) = run(preset);
            assert_eq!(Preset::nearest(&model, &training), preset);
            for latent_size in [1, 16, 64, 128] {
                let model = VaeConfig { latent_size, ..model.clone() };
                assert_eq!(Preset::nearest(&model, &training), preset, "{preset:?} of {latent_size}");
            }
            let training = TrainingConfig { epochs: 3, seed: 9, learning_rate: 7e-4, ..training };
            assert_eq!(Preset::nearest(&model, &training), preset);
        }
    }

    #[test]
    fn layers_decide_before_settings_do() {
        let (mut model, training) = run(Preset::Explore);
        model.hidden = vec![512, 256];
        model.filters.clear();
        assert_eq!(Preset::nearest(&model, &training), Preset::Flat);
        // A small model of the time before it had a linear path: the layers of explore, and the weight of neither.
        let (model, training) = run(Preset::Small);
        let old = VaeConfig { linear_path: false, ..model };
        assert_eq!(Preset::nearest(&old, &training), Preset::Explore);
    }
}
