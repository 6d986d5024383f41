//! `timbrespace preprocess`: a folder of recordings to a folder of spectrograms.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    choice::value_of,
    context::Context,
    error::CommandError,
    settings::SettingsArguments,
    shared_arguments::{ExcludeArguments, OverwriteArguments, ResultArguments},
    text,
};
use crate::{
    jobs::preprocess::{self, Report, Request},
    names::{self, shown},
    pipeline::preprocessing::SHARDS,
    vae::config::TRAINING,
};

/// Flags of `preprocess`.
#[derive(Args, Debug)]
#[command(
    after_help = "Several machines may share the work: each runs its own --shard I/N into the same --out, \
                        and `timbrespace preprocess --merge P` then writes the files that describe the whole."
)]
pub struct PreprocessArguments {
    /// The folder of recordings; with --merge, the preprocessed folder
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// The preprocessed folder to write
    #[arg(long, value_name = "P", required_unless_present = "merge")]
    out: Option<PathBuf>,
    /// Work only on part I of N, counted from 1
    #[arg(long, value_name = "I/N", value_parser = shard, conflicts_with = "merge")]
    shard: Option<(usize, usize)>,
    /// Join what --shard runs left in the preprocessed folder
    #[arg(long)]
    merge: bool,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = value_of::<usize>(&TRAINING.threads))]
    jobs: Option<usize>,
    #[command(flatten)]
    pub(super) settings: SettingsArguments,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    exclude: ExcludeArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

fn shard(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(index, count)| {
        let (index, count) = (index.parse::<usize>().ok()?, count.parse::<usize>().ok()?);
        (SHARDS.contains(&count) && (1..=count).contains(&index)).then_some((index, count))
    });
    parts.ok_or_else(|| {
        format!("it must be I/N with I from 1 to N, for example 2/4, and N at most {}", SHARDS.end())
    })
}

/// The result of a merge.
#[derive(Serialize)]
struct Merged<'a> {
    #[serde(serialize_with = "names::serialize")]
    out: &'a Path,
    images: usize,
}

pub(super) fn run(arguments: &PreprocessArguments, context: &Context) -> Result<(), CommandError> {
    let out = arguments.out.as_ref().unwrap_or(&arguments.folder);
    if arguments.merge {
        return merge(out, context);
    }
    let request = Request {
        folder: arguments.folder.clone(),
        left_out: arguments.exclude.list()?,
        out: out.clone(),
        config: arguments.settings.config_for(&arguments.folder, &context.interrupt)?,
        shard: arguments.shard,
        threads: arguments.jobs,
        replace: arguments.overwriting.replace(),
    };
    let report = preprocess::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))
}

fn merge(out: &Path, context: &Context) -> Result<(), CommandError> {
    let images = preprocess::merge(out)?;
    let merged = Merged { out, images };
    context.output.result(&merged, &context.progress, || {
        format!("{} of all shards in {}", text::count(images, "image"), shown(&out))
    })
}

fn report_text(report: &Report) -> String {
    let rate = report.saved as f64 / report.seconds.max(f64::MIN_POSITIVE);
    format!(
        "{} in {} in {} ({rate:.0} a second), {} skipped, {} with a remark",
        text::count(report.saved, "spectrogram"),
        shown(&report.out),
        text::duration(report.seconds),
        report.skipped.len(),
        report.flagged.len(),
    )
}
