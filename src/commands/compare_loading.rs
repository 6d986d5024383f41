//! `timbrespace compare-loading`: cached images against decoding on the fly.

use std::path::PathBuf;

use clap::Args;

use super::{
    CommandError, Context, arguments::ResultArguments, choice::at_least_one, settings::SettingsArguments,
    words,
};
use crate::{
    jobs::compare_loading::{self, Report, Request},
    vae::config::TrainingConfig,
};

/// Flags of `compare-loading`.
#[derive(Args, Debug)]
pub struct CompareLoadingArguments {
    /// The folder of recordings
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Epochs each way
    #[arg(long, value_name = "N", default_value = "3", value_parser = at_least_one)]
    epochs: usize,
    #[command(flatten)]
    pub(super) settings: SettingsArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &CompareLoadingArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        folder: arguments.folder.clone(),
        config: arguments.settings.config()?,
        epochs: arguments.epochs,
        batch_size: TrainingConfig::default().batch_size,
    };
    let report = compare_loading::run(&request, &context.progress, &context.interrupt)?;
    context.output.result(&report, &context.progress, || report_words(&report))
}

fn report_words(report: &Report) -> String {
    let summary = format!(
        "{} in batches of {}; writing the cache took {}",
        words::count(report.recordings, "recording"),
        report.batch_size,
        words::duration(report.cache_seconds)
    );
    let mut lines = vec![summary];
    for way in &report.ways {
        let epochs: Vec<String> = way.seconds_per_epoch.iter().map(|secs| format!("{secs:.3}")).collect();
        lines.push(format!(
            "{:<12}  {} an epoch; seconds of each epoch: {}",
            way.name,
            words::bytes(way.bytes_read),
            epochs.join(", ")
        ));
    }
    lines.push(report.verdict.clone());
    lines.join("\n")
}
