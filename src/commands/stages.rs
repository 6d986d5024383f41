//! `timbrespace stages`: every stage of one file.

use std::path::PathBuf;

use clap::Args;

use super::{
    context::Context,
    error::CommandError,
    settings::SettingsArguments,
    shared_arguments::{OverwriteArguments, ResultArguments},
};
use crate::{
    jobs::stages::{self, Report, Request},
    names::shown,
};

/// Flags of `stages`.
#[derive(Args, Debug)]
pub struct StagesArguments {
    /// The recording
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder for the arrays and pictures
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    pub(super) settings: SettingsArguments,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

pub(super) fn run(arguments: &StagesArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        file: arguments.file.clone(),
        out: arguments.out.clone(),
        config: arguments.settings.config()?,
        replace: arguments.overwriting.replace(),
    };
    let report = stages::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || text(&report, &request))
}

fn text(report: &Report, request: &Request) -> String {
    let [bins, frames] = report.image_shape;
    let unit = request.config.feature.unit().name();
    let summary = format!(
        "{}: {} Hz, image of {bins} bins by {frames} frames, {:.2} to {:.2} {unit} before normalisation",
        shown(&report.file),
        report.native_rate_hz,
        report.min_max.min,
        report.min_max.max,
    );
    let mut lines = vec![summary];
    lines.extend(report.flags.iter().map(|flag| format!("note: {flag}")));
    lines.extend(report.written.iter().map(|path| format!("wrote {}", shown(&path))));
    lines.join("\n")
}
