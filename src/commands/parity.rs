//! `timbrespace parity`: compares a folder of the Python pipeline with ours.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    choice::number_in,
    context::Context,
    error::CommandError,
    settings::SettingsArguments,
    shared_arguments::{ExcludeArguments, OverwriteArguments, ResultArguments},
    text,
};
use crate::{
    audio::left_out::LeftOut,
    jobs::{
        JobError,
        parity::{self, FileReport, Report, Request},
        runs::reads,
    },
    names::{self, escaped, shown},
    outputs::Outputs,
};

/// Flags of `parity`.
#[derive(Args, Debug)]
#[command(
    after_help = "The images are paired by name: x.wav with x.wav.npy or x.npy, in the same subfolder or in none.\n\
                        Differences are of the normalised images, in their range (0..1 unless --min and --max say otherwise); \
                        those of minimum and maximum are in dB, for log-mel in natural log.\n\
                        The exit code is 0 whenever the comparison was made, however large the differences are."
)]
pub struct ParityArguments {
    /// The folder of recordings
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// What Python wrote: the folder with `spectrograms` and `min_max_values.pkl`, or the folder of .npy files itself;
    /// where it holds a preprocessing.json, its settings serve unless others are given
    #[arg(value_name = "PYTHON_FOLDER")]
    python_folder: PathBuf,
    /// Largest difference that counts as equal
    #[arg(long, value_name = "X", default_value_t = parity::DEFAULT_TOLERANCE,
          value_parser = number_in(0.0, 1e6, "a difference of at least 0"))]
    tolerance: f64,
    /// Files in the table, the worst first; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Also write every file as a line of this table
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    pub(super) settings: SettingsArguments,
    #[command(flatten)]
    overwriting: OverwriteArguments,
    #[command(flatten)]
    exclude: ExcludeArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

/// The comparison, and the path of its table.
#[derive(Serialize)]
struct Outcome<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(serialize_with = "names::serialize")]
    csv: Option<PathBuf>,
}

pub(super) fn run(arguments: &ParityArguments, context: &Context) -> Result<(), CommandError> {
    let config = match parity::settings_of(&arguments.python_folder)? {
        Some(made_with) => arguments.settings.config_over(made_with)?,
        None => arguments.settings.config()?,
    };
    let request = Request {
        folder: arguments.folder.clone(),
        left_out: arguments.exclude.list()?,
        python_folder: arguments.python_folder.clone(),
        config,
        tolerance: arguments.tolerance,
        threads: None,
    };
    let mut outputs = outputs(arguments, &request.left_out, context)?;
    let report = parity::run(&request, &context.job())?;
    if let Some(path) = &arguments.csv {
        outputs.write(path, |path| parity::write_csv(path, &report))?;
    }
    let result = Outcome { report: &report, csv: arguments.csv.clone() };
    context.output.result(&result, &context.progress, || report_text(&report, arguments))
}

/// Checks that the table can be written.
fn outputs(arguments: &ParityArguments, left_out: &LeftOut, context: &Context) -> Result<Outputs, JobError> {
    let mut outputs = Outputs::new(arguments.overwriting.replace())
        .reading(reads::RECORDING, reads::of_folder(&arguments.folder, &context.interrupt)?)
        .reading(reads::LIST, left_out.file().map(Path::to_owned))
        .reading("a file that Python wrote and that is read", [arguments.python_folder.clone()]);
    outputs.check(arguments.csv.as_slice())?;
    Ok(outputs)
}

fn report_text(report: &Report, arguments: &ParityArguments) -> String {
    let limit = if arguments.limit == 0 { usize::MAX } else { arguments.limit };
    let mut lines = table(&report.files, limit);
    let hidden = report.files.len().saturating_sub(limit);
    if hidden > 0 {
        lines.push(format!("... and {} that differ less; --limit 0 shows all", text::count(hidden, "file")));
    }
    lines.extend(alone("recording without an image", &report.without_image, limit));
    lines.extend(alone("image without a recording", &report.without_recording, limit));
    lines.push(String::new());
    lines.extend(report.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(summary(report));
    if let Some(path) = &arguments.csv {
        lines.push(format!("wrote {}", shown(&path)));
    }
    lines.join("\n")
}

/// The worst files as aligned lines.
fn table(files: &[FileReport], limit: usize) -> Vec<String> {
    let shown = files.get(..limit.min(files.len())).unwrap_or_default();
    let width = shown
        .iter()
        .map(|file| escaped(&file.recording).chars().count())
        .max()
        .unwrap_or(0)
        .max("file".len());
    let line = |name: &str, [largest, mean, cell, min, max]: [&str; 5], remark: &str| {
        format!("{name:<width$}  {largest:>9}  {mean:>9}  {cell:>11}  {min:>9}  {max:>9}  {remark}")
            .trim_end()
            .to_owned()
    };
    let mut lines = vec![line("file", ["largest", "mean", "bin, frame", "min off", "max off"], "remark")];
    for file in shown {
        let signed = |value: Option<f64>| value.map_or("-".to_owned(), levels);
        let (largest, mean, cell) = match (file.difference, file.our_shape, file.their_shape) {
            (Some(d), ..) => {
                (format!("{:.3e}", d.largest), format!("{:.3e}", d.mean), format!("{}, {}", d.bin, d.frame))
            }
            (None, Some(ours), Some(theirs)) => {
                let [ours, theirs] = [ours, theirs].map(|[bins, frames]| format!("{bins}x{frames}"));
                (ours, theirs, "other size".to_owned())
            }
            _ => ("-".to_owned(), "-".to_owned(), "unreadable".to_owned()),
        };
        let (min, max) = (signed(file.min_difference), signed(file.max_difference));
        let name = escaped(&file.recording);
        lines.push(line(&name, [&largest, &mean, &cell, &min, &max], &escaped(&file.remark())));
    }
    lines
}

/// A level difference with its sign; zero after rounding has none.
fn levels(difference: f64) -> String {
    let text = format!("{difference:+.4}");
    if text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) { text } else { "0.0000".to_owned() }
}

fn alone(what: &str, paths: &[PathBuf], limit: usize) -> Vec<String> {
    let mut lines: Vec<String> =
        paths.iter().take(limit).map(|path| format!("{what}: {}", shown(&path))).collect();
    if paths.len() > limit {
        lines.push(format!("{what}: {} more", paths.len() - limit));
    }
    lines
}

fn summary(report: &Report) -> Vec<String> {
    let sum = &report.summary;
    let asked = if report.tolerance.to_bits() == parity::DEFAULT_TOLERANCE.to_bits() {
        String::new()
    } else {
        format!("{} within {}, ", sum.within_tolerance, report.tolerance)
    };
    let mut lines = vec![format!(
        "{} compared in {}: {asked}{} within 1e-4, {} within 1e-3; {} of another size, {} unreadable; {} without an image, {} \
         without a recording",
        text::count(sum.compared, "file"),
        text::duration(report.seconds),
        sum.within_1e4,
        sum.within_1e3,
        sum.other_size,
        sum.unreadable,
        text::count(report.without_image.len(), "recording"),
        text::count(report.without_recording.len(), "image"),
    )];
    if let (Some(largest), Some(mean)) = (sum.largest, sum.mean) {
        let extremes = sum.largest_of_extremes.map_or("not known".to_owned(), |value| format!("{value:.4}"));
        lines.push(format!(
            "largest difference {largest:.3e}, mean of all {mean:.3e}; of minimum and maximum at most {extremes}"
        ));
    }
    lines.extend(sum.causes.iter().map(|(cause, files)| format!("{}: {cause}", text::count(*files, "file"))));
    lines
}
