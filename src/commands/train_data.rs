//! Flags of `train` that say which recordings it learns from, and how they are varied.

use clap::Args;
use serde_json::{Map, Value};

use super::choice::{count_in, number_in, one_of};
use crate::{
    jobs::train::TrainingChoices,
    vae::{augmentation::CELLS, training_config::SplitBy},
};

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
    /// Vary training images: louder or softer by at most this many dB [default: 0]
    #[arg(long, value_name = "DB", value_parser = number_in(0.0, 60.0, "0 to 60"))]
    augment_gain: Option<f64>,
    /// Vary training images: earlier or later by at most this many frames [default: 0]
    #[arg(long, value_name = "FRAMES", value_parser = count_in(CELLS))]
    augment_shift: Option<usize>,
    /// Vary what the encoder sees: noise of this standard deviation on the 0..1 values [default: 0]
    #[arg(long, value_name = "X", value_parser = number_in(0.0, 1.0, "0 to 1"))]
    augment_noise: Option<f64>,
    /// Vary what the encoder sees: a band of at most this many bins is blanked out [default: 0]
    #[arg(long, value_name = "BINS", value_parser = count_in(CELLS))]
    augment_mask_bins: Option<usize>,
    /// Vary what the encoder sees: a stretch of at most this many frames is blanked out [default: 0]
    #[arg(long, value_name = "FRAMES", value_parser = count_in(CELLS))]
    augment_mask_frames: Option<usize>,
}

impl DataArguments {
    /// The given flags.
    pub(super) fn choices(&self) -> TrainingChoices {
        TrainingChoices::default()
            .with("validation_fraction", self.validation)
            .with("split_by", self.split_by)
            .with("validate_names", self.validate_names.as_ref())
            .with("balance_classes", self.balance_classes.then_some(true))
            .and(&self.augmentation())
    }

    /// The given variations as one table.
    fn augmentation(&self) -> TrainingChoices {
        let given = [
            ("gain_db", self.augment_gain.map(Value::from)),
            ("shift_frames", self.augment_shift.map(Value::from)),
            ("noise", self.augment_noise.map(Value::from)),
            ("mask_bins", self.augment_mask_bins.map(Value::from)),
            ("mask_frames", self.augment_mask_frames.map(Value::from)),
        ];
        let table: Map<String, Value> =
            given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        TrainingChoices::default().with("augmentation", (!table.is_empty()).then_some(table))
    }
}
