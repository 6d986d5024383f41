//! `timbrespace neighbours`: nearest-neighbour classification with latent vectors.

use std::path::PathBuf;

use clap::Args;

use super::{
    choice::count_in,
    context::Context,
    error::CommandError,
    settings::ResampleArguments,
    shared_arguments::{ExcludeArguments, ResultArguments},
    text,
};
use crate::{
    explore::vote::{DEFAULT_VOTERS, VOTERS},
    jobs::neighbours::{self, KeptOut, Report, Request, Values},
};

/// Flags of `neighbours`.
#[derive(Args, Debug)]
#[command(
    after_help = "Every recording that was kept out gets, for every placeholder of the label pattern, the label that most of \
                        its nearest known recordings have (Euclidean distance; of labels with as many votes, the one whose \
                        nearest voter is nearest). The same is done with as many principal components of the known images and \
                        with their pixels; chance is the most frequent label of the known recordings."
)]
pub struct NeighboursArguments {
    /// The model bundle
    #[arg(value_name = "B")]
    bundle: PathBuf,
    /// A folder of recordings, or one that `preprocess` wrote: those that vote and those that were kept out
    #[arg(value_name = "FOLDER|P")]
    folder: PathBuf,
    /// Recordings whose {index} is in this range were kept out of training [default: the run's own validation recordings,
    /// where FOLDER is the one it was trained on]
    #[arg(long, value_name = "A-B", value_parser = range)]
    kept_out_index: Option<Values>,
    /// Recordings with one of these values in a field of their name were kept out, for example group=theo,lucas
    #[arg(long, value_name = "FIELD=VALUE,...", value_parser = field, conflicts_with = "kept_out_index")]
    kept_out: Option<(String, Values)>,
    /// Neighbours that vote
    #[arg(long, value_name = "K", default_value_t = DEFAULT_VOTERS, value_parser = count_in(VOTERS))]
    neighbours: usize,
    /// How names are read [default: the model's pattern, else one that fits most names]
    #[arg(long, value_name = "PATTERN")]
    labels: Option<String>,
    #[command(flatten)]
    resampling: ResampleArguments,
    #[command(flatten)]
    exclude: ExcludeArguments,
    #[command(flatten)]
    pub(super) result: ResultArguments,
}

fn range(text: &str) -> Result<Values, String> {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(Values::Numbers(first..=last)),
        _ => Err("it must be a whole number or a range of them, such as 5-9".to_owned()),
    }
}

fn field(text: &str) -> Result<(String, Values), String> {
    match text.split_once('=') {
        Some((field, values)) if !field.is_empty() && !values.is_empty() => {
            let words = values.split(',').map(str::to_owned).collect();
            Ok((field.to_owned(), Values::Words(words)))
        }
        _ => Err("it must be the name of a field, = and its values, such as group=theo,lucas".to_owned()),
    }
}

impl NeighboursArguments {
    fn kept_out(&self) -> KeptOut {
        match (&self.kept_out, &self.kept_out_index) {
            (Some((field, values)), _) => KeptOut::Field { field: field.clone(), values: values.clone() },
            (None, Some(values)) => {
                KeptOut::Field { field: crate::pipeline::labels::INDEX.to_owned(), values: values.clone() }
            }
            (None, None) => KeptOut::Validation,
        }
    }
}

pub(super) fn run(arguments: &NeighboursArguments, context: &Context) -> Result<(), CommandError> {
    let request = Request {
        bundle: arguments.bundle.clone(),
        resample: arguments.resampling.resample,
        folder: arguments.folder.clone(),
        left_out: arguments.exclude.list()?,
        kept_out: arguments.kept_out(),
        labels: arguments.labels.clone(),
        voters: arguments.neighbours,
    };
    let report = neighbours::run(&request, &context.job())?;
    context.output.result(&report, &context.progress, || report_text(&report))
}

fn report_text(report: &Report) -> String {
    let mut lines = vec![format!(
        "{} kept out ({}), recognised by the {} nearest of {}:",
        text::count(report.kept_out, "recording"),
        report.split,
        report.voters,
        text::count(report.known, "known one"),
    )];
    let width =
        report.placeholders.iter().map(|one| one.placeholder.chars().count()).max().unwrap_or(0).max(5);
    let (mu, pca) = (format!("mu ({})", report.latent_size), format!("PCA ({})", report.pca_components));
    lines.push(format!(
        "{:<width$}  {:>6}  {mu:>9}  {pca:>9}  {:>9}  {:>9}",
        "", "labels", "pixels", "chance"
    ));
    lines.extend(report.placeholders.iter().map(|one| {
        let [mu, pca, pixels, chance] =
            [one.mu, one.pca, one.pixels, one.chance].map(|part| format!("{:.1} %", 100.0 * part));
        format!("{:<width$}  {:>6}  {mu:>9}  {pca:>9}  {pixels:>9}  {chance:>9}", one.placeholder, one.labels)
    }));
    lines.push(format!(
        "each figure is uncertain by up to {:.1} percentage points (95 %)",
        100.0 * report.uncertainty
    ));
    for one in report.placeholders.iter().filter(|one| one.new_labels > 0) {
        lines.push(format!(
            "note: {} kept out of which no known one has the {}: they cannot be recognised",
            text::count(one.new_labels, "recording"),
            one.placeholder
        ));
    }
    if !report.split_of_run {
        lines.push("note: not checked whether the model was trained without these recordings".to_owned());
    }
    if report.unlabelled > 0 {
        let left_out = text::count(report.unlabelled, "recording");
        lines.push(format!("note: {left_out} left out: their names do not match the pattern"));
    }
    lines.join("\n")
}
