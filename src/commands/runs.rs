//! `timbrespace settings`, `report` and `scalars`: files about a run.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{
    choice::named,
    context::Context,
    error::CommandError,
    shared_arguments::{OverwriteArguments, ResultArguments},
    text,
};
use crate::{
    jobs::{
        JobError,
        runs::{bundle_config::BundleConfig, reads, report, scalars, settings::RunSettings},
    },
    names::{self, shown},
    outputs::Outputs,
    setting::Named as _,
    vae::config::Preset,
};

/// Flags of `settings`.
#[derive(Args, Debug)]
pub struct SettingsFileArguments {
    /// The settings of this model size
    #[arg(long, value_name = "PRESET", value_parser = named::<Preset>(), default_value = Preset::default().called().word)]
    preset: Preset,
    /// The settings of a run that was trained, instead
    #[arg(long, value_name = "B", conflicts_with = "preset")]
    of: Option<PathBuf>,
    /// The file to write
    #[arg(long, value_name = "FILE.toml")]
    out: PathBuf,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

/// Flags of `report`.
#[derive(Args, Debug)]
pub struct ReportArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// The page to write; it needs no other file and no network
    #[arg(long, value_name = "FILE.html")]
    out: PathBuf,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

/// Flags of `scalars`.
#[derive(Args, Debug)]
pub struct ScalarsArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// The folder for scalars.csv
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn settings(arguments: &SettingsFileArguments, context: &Context) -> Result<(), CommandError> {
    let settings = match &arguments.of {
        None => RunSettings::preset(arguments.preset),
        Some(bundle) => RunSettings::of_run(&BundleConfig::read(bundle)?),
    };
    let read = arguments.of.iter().flat_map(|bundle| reads::of_model(bundle));
    let mut outputs = Outputs::new(arguments.overwriting.replace()).reading(reads::MODEL, read);
    outputs.write(&arguments.out, |out| settings.write(out))?;
    written(&arguments.out, context)
}

pub(super) fn report(arguments: &ReportArguments, context: &Context) -> Result<(), CommandError> {
    let mut outputs = outputs(&arguments.overwriting, &arguments.bundle, &arguments.out)?;
    let page = report::page(&arguments.bundle, &context.job())?;
    outputs.write(&arguments.out, |out| report::write(&page, out))?;
    written(&arguments.out, context)
}

pub(super) fn scalars(arguments: &ScalarsArguments, context: &Context) -> Result<(), CommandError> {
    let file = arguments.out.join(scalars::FILE);
    let mut outputs = outputs(&arguments.overwriting, &arguments.bundle, &file)?;
    let report = outputs.write(&file, |file| scalars::write(&arguments.bundle, file, &context.progress))?;
    context.output.result(&report, &context.progress, || {
        format!("{} with {}", shown(&report.file), text::count(report.values, "value"))
    })
}

/// The outputs of a command that reads the run in `bundle`; checks that it may write `file`.
fn outputs(overwriting: &OverwriteArguments, bundle: &Path, file: &Path) -> Result<Outputs, JobError> {
    let mut outputs = Outputs::new(overwriting.replace()).reading(reads::MODEL, reads::of_model(bundle));
    outputs.check(&[file])?;
    Ok(outputs)
}

fn written(file: &Path, context: &Context) -> Result<(), CommandError> {
    let report = json!({ "file": names::text_of(file.as_os_str()) });
    context.output.result(&report, &context.progress, || shown(file).to_string())
}
