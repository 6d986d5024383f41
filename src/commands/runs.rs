//! `timbrespace settings`, `report` and `scalars`: what a run starts from and what it leaves.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{CommandError, Context, arguments::ResultArguments, choice::one_of, words};
use crate::{
    jobs::{
        JobError,
        bundle::BundleConfig,
        run_report,
        run_settings::RunSettings,
        scalars,
        train::{Choices, TrainingChoices},
    },
    vae::config::Preset,
};

const PRESETS: &[(&str, Preset)] =
    &[("reference", Preset::Reference), ("small", Preset::Small), ("flat", Preset::Flat)];

/// Flags of `settings`.
#[derive(Args, Debug)]
pub struct SettingsFileArguments {
    /// The settings of this model size
    #[arg(long, value_name = "PRESET", value_parser = one_of(PRESETS), default_value = "reference")]
    preset: Preset,
    /// The settings of a run that was trained, instead
    #[arg(long, value_name = "B", conflicts_with = "preset")]
    of: Option<PathBuf>,
    /// The file to write
    #[arg(long, value_name = "FILE.toml")]
    out: PathBuf,
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
    pub(super) result: ResultArguments,
}

pub(super) fn settings(arguments: &SettingsFileArguments, context: &Context) -> Result<(), CommandError> {
    let settings = match &arguments.of {
        None => RunSettings::preset(arguments.preset),
        Some(bundle) => settings_of(&BundleConfig::read(bundle)?),
    };
    settings.write(&arguments.out)?;
    written(&arguments.out, context)
}

fn settings_of(config: &BundleConfig) -> RunSettings {
    let choices = Choices {
        preset: Some(config.model.nearest_preset()),
        latent_size: Some(config.model.latent_size),
        reconstruction_weight: Some(config.model.reconstruction_weight),
        training: TrainingChoices::all(&config.training),
    };
    RunSettings::new(choices, &config.preprocessing)
}

pub(super) fn report(arguments: &ReportArguments, context: &Context) -> Result<(), CommandError> {
    let page = run_report::page(&arguments.bundle, &context.progress, &context.interrupt)?;
    run_report::write(&page, &arguments.out)?;
    written(&arguments.out, context)
}

pub(super) fn scalars(arguments: &ScalarsArguments, context: &Context) -> Result<(), CommandError> {
    let report = scalars::write(&arguments.bundle, &arguments.out.join(scalars::FILE))?;
    context.output.result(&report, &context.progress, || {
        format!("{} with {}", report.file.display(), words::count(report.values, "value"))
    })
}

fn written(file: &std::path::Path, context: &Context) -> Result<(), CommandError> {
    let words = file.to_str().ok_or_else(|| JobError::file(file, "its name is no text"))?;
    context.output.result(&json!({ "file": words }), &context.progress, || words.to_owned())
}
