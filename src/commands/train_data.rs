//! Flags of `train` that say which recordings it learns from, and how they are varied.

use clap::Args;

use super::choice::{number_in, one_of};
use crate::{jobs::train::TrainingChoices, vae::training_config::SplitBy};

const SPLITS: &[(&str, SplitBy)] =
    &[("file", SplitBy::File), ("class", SplitBy::Class), ("group", SplitBy::Group)];

/// Which recordings train.
#[derive(Args, Debug)]
#[command(next_help_heading = "Recordings that train")]
pub(super) struct DataArguments {
    /// Part of the recordings that is kept for validation, 0 to 0.5 [default: 0.1]
    #[arg(long, value_name = "FRACTION", value_parser = number_in(0.0, 0.5, "0 to 0.5"))]
    validation: Option<f64>,
    /// What is kept out as a whole: single files, classes or groups (the field {group} of the names) [default: file]
    #[arg(long, value_name = "BY", value_parser = one_of(SPLITS))]
    split_by: Option<SplitBy>,
    /// Validate on the recordings whose names match, for example '*_[5-9]', whatever the fraction says
    #[arg(long, value_name = "PATTERN")]
    validate_names: Option<String>,
    /// Draw every class equally often, small ones repeatedly
    #[arg(long)]
    balance_classes: bool,
}

impl DataArguments {
    /// What was given.
    pub(super) fn choices(&self) -> TrainingChoices {
        TrainingChoices::default()
            .with("validation_fraction", self.validation)
            .with("split_by", self.split_by)
            .with("validate_names", self.validate_names.as_ref())
            .with("balance_classes", self.balance_classes.then_some(true))
    }
}
