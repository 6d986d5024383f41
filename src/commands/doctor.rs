//! `timbrespace doctor`: faults in a folder of recordings, and why they matter.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    choice::value_of,
    context::Context,
    error::CommandError,
    settings::SettingsArguments,
    shared_arguments::{ExcludeArguments, OverwriteArguments, ResultArguments},
    text,
};
use crate::{
    inspect::doctor::{check::Check, finding::Finding},
    jobs::{
        JobError,
        doctor::{self, Report, Request},
        runs::reads,
    },
    names::{escaped, shown},
    outputs::Outputs,
    vae::config::TRAINING,
};

/// Flags of `doctor`.
#[derive(Args, Debug)]
#[command(
    after_help = "Some checks depend on the settings: what is cut off, padded, resampled or band-limited is so in images of \
                  that rate and duration. What most recordings share is said once, about the folder.\n\
                  The exit code is 0 whatever is found."
)]
pub struct DoctorArguments {
    /// The folder of recordings
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Also write the findings as comma-separated values, one line a recording
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
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

pub(super) fn run(arguments: &DoctorArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        folder: arguments.folder.clone(),
        left_out: arguments.exclude.list()?,
        listed: None,
        config: arguments.settings.config()?,
        threads: arguments.jobs,
    };
    let mut outputs = Outputs::new(arguments.overwriting.replace())
        .reading(reads::RECORDING, reads::of_folder(&arguments.folder, &context.interrupt)?)
        .reading(reads::LIST, request.left_out.file().map(Path::to_owned));
    outputs.check(arguments.csv.as_slice()).map_err(JobError::from)?;
    let report = doctor::run(&request, &context.job())?;
    if let Some(path) = &arguments.csv {
        outputs.write(path, |path| doctor::save_csv(path, &report.findings))?;
    }
    context.output.result(&report, &context.progress, || report_text(&report, arguments))
}

fn report_text(report: &Report, arguments: &DoctorArguments) -> String {
    let mut blocks: Vec<String> = Check::ALL.into_iter().filter_map(|check| block(report, check)).collect();
    blocks.push(summary(report));
    if let Some(path) = &arguments.csv {
        blocks.push(format!("wrote {}", shown(&path)));
    }
    blocks.join("\n\n")
}

/// The findings of one check: heading, reason and advice, then one line per finding.
fn block(report: &Report, check: Check) -> Option<String> {
    let findings: Vec<&Finding> = report.of(check).collect();
    if findings.is_empty() {
        return None;
    }
    let title = format!("{} ({}, {})", check.title(), check.gravity().name(), recordings(&findings));
    let mut lines = vec![title, format!("  {}", check.why()), format!("  {}", check.advice())];
    let width = findings.iter().map(|finding| subject(finding).chars().count()).max().unwrap_or(0);
    lines.extend(
        findings
            .iter()
            .map(|finding| format!("    {:<width$}  {}", subject(finding), escaped(&finding.words()))),
    );
    Some(lines.join("\n"))
}

/// The subject of a line: a file or the folder.
fn subject(finding: &Finding) -> Cow<'_, str> {
    if finding.is_about_many() { "the folder".into() } else { escaped(&finding.file) }
}

fn recordings(findings: &[&Finding]) -> String {
    text::count(findings.iter().map(|finding| finding.recordings()).sum(), "recording")
}

fn summary(report: &Report) -> String {
    let examined = format!(
        "{} examined in {}",
        text::count(report.recordings, "recording"),
        text::duration(report.seconds)
    );
    let counts: Vec<String> = Check::ALL
        .into_iter()
        .filter_map(|check| {
            let count: usize = report.of(check).map(Finding::recordings).sum();
            (count > 0).then(|| format!("{count} {}", check.key()))
        })
        .collect();
    if counts.is_empty() {
        return format!("{examined}: nothing found");
    }
    format!("{examined}: {}", counts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::doctor::evidence::Evidence;

    #[test]
    fn findings_stand_under_their_check_with_the_reason() {
        let report = Report {
            folder: "f".into(),
            recordings: 3,
            findings: vec![
                Finding::of_one("a.wav", Evidence::DcOffset { mean: 0.1 }),
                Finding::of_one("long name.wav", Evidence::DcOffset { mean: -0.2 }),
            ],
            seconds: 0.5,
        };
        let block = block(&report, Check::DcOffset).unwrap();
        let lines: Vec<&str> = block.lines().collect();
        assert_eq!(lines[0], "DC offset (warning, 2 recordings)");
        assert_eq!(lines[3], "    a.wav          mean +0.1000 of full scale");
        assert_eq!(summary(&report), "3 recordings examined in 0.50 s: 2 dc-offset");
    }

    #[test]
    fn a_healthy_folder_is_reported_as_such() {
        let report = Report { recordings: 1, seconds: 2.0, ..Report::default() };
        assert_eq!(summary(&report), "1 recording examined in 2.0 s: nothing found");
    }
}
