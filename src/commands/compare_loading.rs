//! `timbrespace compare-loading`: cached images against decoding on the fly, and log-mel item by item against batches.

use std::path::PathBuf;

use clap::Args;

use super::{
    choice::value_of,
    context::Context,
    error::CommandError,
    settings::SettingsArguments,
    shared_arguments::{ExcludeArguments, ResultArguments},
};
use crate::{
    jobs::compare_loading::{self, Request},
    vae::config::{TRAINING, TrainingConfig},
};

/// Flags of `compare-loading`.
#[derive(Args, Debug)]
pub struct CompareLoadingArguments {
    /// The folder of recordings
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Epochs each way, with the files in memory and, where the system allows it, again from storage
    #[arg(long, value_name = "N", default_value = "3", value_parser = value_of::<usize>(&TRAINING.epochs))]
    epochs: usize,
    /// Images a batch
    #[arg(long, value_name = "N", default_value_t = TrainingConfig::default().batch_size, value_parser = value_of::<usize>(&TRAINING.batch_size))]
    batch_size: usize,
    /// Threads that load, the same for both ways [default: all cores]
    #[arg(long, value_name = "N", value_parser = value_of::<usize>(&TRAINING.threads))]
    threads: Option<usize>,
    #[command(flatten)]
    pub(super) settings: SettingsArguments,
    #[command(flatten)]
    exclude: ExcludeArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &CompareLoadingArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        folder: arguments.folder.clone(),
        left_out: arguments.exclude.list()?,
        config: arguments.settings.config()?,
        epochs: arguments.epochs,
        batch_size: arguments.batch_size,
        threads: arguments.threads,
    };
    let report = compare_loading::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || compare_loading::text(&report))
}
