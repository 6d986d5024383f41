//! Flags of `train` that say how a run goes: learning rate, weights, schedules, its end and its checkpoints.

use std::ops::RangeInclusive;

use clap::Args;

use super::choice::{count_in, number_in, one_of};
use crate::{
    jobs::train::TrainingChoices,
    vae::{
        config::{EPOCHS, WARM_UP_STEPS},
        schedule::{BetaSchedule, LearningRateSchedule},
        training_config::{InitialWeights, Keep},
    },
};

const LEARNING_RATES: &[(&str, LearningRateSchedule)] = &[
    ("constant", LearningRateSchedule::Constant),
    ("cosine", LearningRateSchedule::Cosine),
    ("plateau", LearningRateSchedule::Plateau),
];

const BETAS: &[(&str, BetaSchedule)] = &[
    ("constant", BetaSchedule::Constant),
    ("warm-up", BetaSchedule::WarmUp),
    ("cyclical", BetaSchedule::Cyclical),
];

const STARTS: &[(&str, InitialWeights)] =
    &[("fitted", InitialWeights::Fitted), ("keras", InitialWeights::Keras)];

const KEEPS: &[(&str, Keep)] = &[("last", Keep::Last), ("best", Keep::Best)];

/// Epochs, or 0 for never.
const OR_NEVER: RangeInclusive<usize> = 0..=*EPOCHS.end();

/// How a run goes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Course of the run")]
pub(super) struct CourseArguments {
    /// How the weights start: `keras` has the tutorial's zero biases; `fitted` begins at the mean pixel with an encoder that
    /// is nearly certain, which saves the first epochs [default: fitted]
    #[arg(long, value_name = "START", value_parser = one_of(STARTS))]
    initial_weights: Option<InitialWeights>,
    /// Learning rate of the Adam optimiser, before its schedule [default: 0.0005; clear: 0.001; small, explore: 0.002]
    #[arg(long, value_name = "X", value_parser = number_in(1e-9, 1.0, "above 0 and at most 1"))]
    learning_rate: Option<f64>,
    /// Factor of the learning rate for the linear path of a model that has one; 0 leaves it as it starts [default: 0.01]
    #[arg(long, value_name = "X", value_parser = number_in(0.0, 1.0, "0 to 1"))]
    linear_rate: Option<f64>,
    /// Part of the mean of the weights that a step keeps; the mean is what validates and what becomes the model; 0 for the
    /// weights themselves [default: 0; clear, small: 0.995]
    #[arg(long, value_name = "X", value_parser = number_in(0.0, 0.999_999, "0 to below 1"))]
    weight_average: Option<f64>,
    /// How the learning rate changes: `cosine` falls to the floor at the last epoch, `plateau` is lowered whenever the
    /// score stands still [default: constant; clear, small, explore: cosine]
    #[arg(long, value_name = "SCHEDULE", value_parser = one_of(LEARNING_RATES))]
    learning_rate_schedule: Option<LearningRateSchedule>,
    /// Steps in which the learning rate rises from zero [default: 0; explore: 50; clear, small: 300]
    #[arg(long, value_name = "STEPS", value_parser = count_in(WARM_UP_STEPS))]
    learning_rate_warm_up: Option<usize>,
    /// What a schedule leaves of the learning rate at its end, as a factor [default: 0.01]
    #[arg(long, value_name = "X", value_parser = number_in(1e-9, 1.0, "above 0 and at most 1"))]
    learning_rate_floor: Option<f64>,
    /// Epochs without a better score after which `plateau` lowers the learning rate [default: 3]
    #[arg(long, value_name = "EPOCHS", value_parser = count_in(EPOCHS))]
    plateau_patience: Option<usize>,
    /// What `plateau` multiplies the learning rate with [default: 0.5]
    #[arg(long, value_name = "X", value_parser = number_in(1e-6, 0.999_999, "above 0 and below 1"))]
    plateau_factor: Option<f64>,
    /// Weight of the KL divergence; 1 is the variational bound [default: 1]
    #[arg(long, value_name = "X", value_parser = number_in(0.0, 1e9, "0 to 1e9"))]
    beta: Option<f64>,
    /// How that weight changes: `warm-up` rises once from zero, `cyclical` in every cycle
    /// [default: constant; explore: warm-up]
    #[arg(long, value_name = "SCHEDULE", value_parser = one_of(BETAS))]
    beta_schedule: Option<BetaSchedule>,
    /// Epochs of the rise, or of each cycle [default: 10; explore: 5]
    #[arg(long, value_name = "EPOCHS", value_parser = count_in(EPOCHS))]
    beta_epochs: Option<usize>,
    /// Gradients longer than this many times their usual size are shortened; 0 for never [default: 0; others than reference: 0.5]
    #[arg(long, value_name = "X", value_parser = number_in(0.0, 1e9, "0 to 1e9"))]
    gradient_limit: Option<f64>,
    /// Ends the run when the score has not improved for this many epochs; 0 for never [default: 0]
    #[arg(long, value_name = "EPOCHS", value_parser = count_in(OR_NEVER))]
    early_stopping: Option<usize>,
    /// Which weights are left as the model: those of the last step, or of the epoch with the lowest score
    /// [default: last]
    #[arg(long, value_name = "WHICH", value_parser = one_of(KEEPS))]
    keep: Option<Keep>,
    /// Keeps the checkpoint of every N-th epoch for good, besides the newest two and the best; 0 for none [default: 0]
    #[arg(long, value_name = "N", value_parser = count_in(OR_NEVER))]
    checkpoint_every: Option<usize>,
}

impl CourseArguments {
    /// The given flags.
    pub(super) fn choices(&self) -> TrainingChoices {
        let or_none = |value: Option<usize>| value.map(|value| (value > 0).then_some(value));
        TrainingChoices::default()
            .with("initial_weights", self.initial_weights)
            .with("learning_rate", self.learning_rate)
            .with("weight_average", self.weight_average)
            .with("linear_rate", self.linear_rate)
            .with("learning_rate_schedule", self.learning_rate_schedule)
            .with("learning_rate_warm_up_steps", self.learning_rate_warm_up)
            .with("learning_rate_floor", self.learning_rate_floor)
            .with("plateau_patience", self.plateau_patience)
            .with("plateau_factor", self.plateau_factor)
            .with("beta", self.beta)
            .with("beta_schedule", self.beta_schedule)
            .with("beta_epochs", self.beta_epochs)
            .with("gradient_limit", self.gradient_limit.map(|limit| (limit > 0.0).then_some(limit)))
            .with("early_stopping", or_none(self.early_stopping))
            .with("keep", self.keep)
            .with("checkpoint_every", or_none(self.checkpoint_every))
    }
}
