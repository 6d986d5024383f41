//! What is to know about a run as one HTML page that needs nothing else: no network, no other file, no script.

mod curves;
mod heard;
mod html;
mod settings;

use std::path::Path;

pub use self::settings::{SettingRow, all_settings};
use self::{
    curves::{Line, bars, number, plot},
    html::{STYLE, escape, escape_lines, pairs, table},
};
use crate::{
    JobContext, JobError, Note,
    files::write_text,
    runs::{
        baselines::LocalError,
        record::{RunEnd, RunSummary, date},
        step_log::{self, StepRow},
    },
};
use timbrespace_base::names;
use timbrespace_base::{atomic_file::Durability, names::shown, setting::Named as _};
use timbrespace_vae::trainer::EpochReport;

/// The page about the run in `bundle`.
///
/// # Errors
/// When there is no run in `bundle`, or it is stopped.
pub fn page(bundle: &Path, context: &JobContext<'_>) -> Result<String, JobError> {
    let run = RunSummary::read(bundle)?;
    let note = |cause| context.note(Note::Damaged(cause));
    run.remarks.iter().cloned().for_each(note);
    let steps = step_log::read(bundle, usize::MAX, &note)?;
    let heard = heard::section(&run, context)?;
    let name = escape(&run.name());
    let notes = if run.notes.trim().is_empty() {
        String::new()
    } else {
        format!("<h2>Notes</h2>\n<pre>{}</pre>\n", escape_lines(&run.notes))
    };
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n\
         <title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n<p class=\"quiet\">{}</p>\n{notes}\
         <h2>Result</h2>\n{}<h2>Curves</h2>\n<div class=\"curves\">\n{}</div>\n{heard}<h2>Settings</h2>\n\
         <p class=\"quiet\">Marked: those that differ from the defaults.</p>\n{}<h2>Data</h2>\n{}<h2>Machine and version</h2>\n{}\
         <h2>To repeat it</h2>\n<pre>{}</pre>\n<h2>Changed under way</h2>\n{}<h2>Epochs</h2>\n{}</body>\n</html>\n",
        escape(&summary(&run)),
        result(&run),
        figures(&run, &steps),
        settings(&run),
        data(&run),
        machine(&run),
        escape_lines(&command_line(&run)),
        changes(&run.epochs),
        epochs(&run.epochs),
    ))
}

/// Writes a page.
///
/// # Errors
/// When the disk refuses.
pub fn write(page: &str, file: &Path) -> Result<(), JobError> {
    write_text(file, Durability::Renamed, page)
}

fn summary(run: &RunSummary) -> String {
    let record = &run.record;
    let cause = match &record.status {
        RunEnd::Failed(cause) => format!(": {cause}"),
        _ => String::new(),
    };
    let ended = record.ended.map_or_else(String::new, |ended| format!(", ended {}", date(ended)));
    format!(
        "Timbrespace, a training run: {}{cause}. Started {}{ended}.",
        record.status.label(),
        date(record.started)
    )
}

fn plain(name: &str, value: impl Into<String>) -> SettingRow {
    SettingRow::plain(name, value)
}

fn result(run: &RunSummary) -> String {
    let done = format!("{} of {}", run.epochs.len(), run.record.epochs_total.max(run.epochs.len()));
    let mut rows =
        vec![plain("epochs", done), plain("time", format!("{} s of training", number(run.seconds())))];
    let error = |name: &str, value: f64| {
        plain(name, format!("{} (mean squared error per pixel, images from 0 to 1)", number(value)))
    };
    if let Some(best) = run.best() {
        rows.push(plain("best epoch", best.epoch.to_string()));
        let (what, losses) =
            best.validation.map_or(("training", best.training), |losses| ("validation", losses));
        rows.push(error(&format!("{what} reconstruction there"), losses.reconstruction));
        rows.push(plain(&format!("{what} KL divergence there"), format!("{} nats", number(losses.kl))));
        rows.push(plain(&format!("{what} total there"), number(losses.total)));
    }
    if let Some(baselines) = run.record.baselines {
        rows.push(error("baseline: mean image", baselines.mean_image));
        rows.push(error(
            &format!("baseline: {} principal components", baselines.pca_components),
            baselines.pca,
        ));
        if let Some(LocalError { groups, components, error: of_groups }) = baselines.local {
            let name = format!("baseline: {groups} groups of {components} principal components");
            rows.push(error(&name, of_groups));
        }
    }
    pairs(&rows)
}

fn of_epochs(run: &RunSummary, name: &'static str, value: impl Fn(&EpochReport) -> Option<f64>) -> Line {
    let points = run.epochs.iter().filter_map(|epoch| Some((epoch.epoch as f64, value(epoch)?)));
    Line { name, points: points.collect() }
}

fn of_steps(steps: &[StepRow], name: &'static str, value: impl Fn(&StepRow) -> f64) -> Line {
    Line { name, points: steps.iter().map(|row| (row.epochs, value(row))).collect() }
}

fn figures(run: &RunSummary, steps: &[StepRow]) -> String {
    let training = |value: fn(&timbrespace_vae::loss::Losses) -> f64| {
        of_epochs(run, "training", move |epoch| Some(value(&epoch.training)))
    };
    let validation = |value: fn(&timbrespace_vae::loss::Losses) -> f64| {
        of_epochs(run, "validation", move |epoch| epoch.validation.as_ref().map(value))
    };
    let level = |name, value: Option<f64>| of_epochs(run, name, move |_| value);
    let baselines = run.record.baselines;
    let reconstruction = [
        training(|losses| losses.reconstruction),
        validation(|losses| losses.reconstruction),
        level("mean image", baselines.map(|errors| errors.mean_image)),
        level("PCA", baselines.map(|errors| errors.pca)),
        level("local PCA", baselines.and_then(|errors| Some(errors.local?.error))),
    ];
    let last = run.epochs.last().map_or(&[][..], |epoch| &epoch.kl_per_dimension);
    [
        plot("Total loss", "", &[training(|losses| losses.total), validation(|losses| losses.total)]),
        plot("Reconstruction error", "mean squared error per pixel", &reconstruction),
        plot("KL divergence", "nats", &[training(|losses| losses.kl), validation(|losses| losses.kl)]),
        bars("KL divergence of each dimension, last epoch", "nats", last),
        plot("Learning rate", "", &[of_steps(steps, "learning rate", |row| row.rates.learning_rate)]),
        plot("Gradient norm", "", &[of_steps(steps, "gradient norm", |row| row.gradient_norm)]),
        plot("KL weight", "beta", &[of_steps(steps, "beta", |row| row.rates.beta)]),
        plot("Speed", "images per second", &[of_steps(steps, "speed", |row| row.samples_per_second)]),
    ]
    .concat()
}

fn settings(run: &RunSummary) -> String {
    let part = |(name, rows): (&str, Vec<_>)| format!("<h3>{name}</h3>\n{}", pairs(&rows));
    all_settings(run).into_iter().map(part).collect()
}

fn data(run: &RunSummary) -> String {
    let record = &run.record;
    let folder =
        record.recordings.as_ref().map_or_else(|| "not kept".to_owned(), |folder| shown(&folder).to_string());
    let rows = [
        plain("folder", folder),
        plain("images", run.config.dataset.images.to_string()),
        plain(
            "size of an image",
            format!("{} bins × {} frames", run.config.model.bins, run.config.model.frames),
        ),
        plain("trained on", record.training_images.to_string()),
        plain("validated on", record.validation_images.to_string()),
        plain("split by", run.config.training.split_by.called().word),
    ];
    let classes: Vec<Vec<String>> = if record.classes.is_empty() {
        run.config.dataset.classes.iter().map(|class| vec![class.clone(), String::new()]).collect()
    } else {
        record.classes.iter().map(|(class, count)| vec![class.clone(), count.to_string()]).collect()
    };
    pairs(&rows) + &table(&["class", "images"], &classes)
}

fn machine(run: &RunSummary) -> String {
    let record = &run.record;
    let machine = if record.machine.cores == 0 { "not kept".to_owned() } else { record.machine.words() };
    pairs(&[
        plain("machine", machine),
        plain("computed on", if record.device.is_empty() { "not kept" } else { &record.device }),
        plain("threads", record.threads.to_string()),
        plain("seed", run.config.training.seed.to_string()),
        plain("trainable parameters", run.config.model.parameter_count().to_string()),
        plain("program", format!("timbrespace {}", run.config.version)),
        plain("started again", format!("{} times", record.resumes)),
    ])
}

/// What is to be typed to train the same again.
pub fn command_line(run: &RunSummary) -> String {
    let folder =
        run.record.recordings.as_ref().map_or_else(|| "FOLDER".to_owned(), |folder| shell_quoted(folder));
    let bundle = shell_quoted(&run.folder);
    format!(
        "timbrespace settings --of {bundle} --out settings.toml\ntimbrespace train {folder} --out again --settings settings.toml"
    )
}

/// A path as one word of a shell: bash's and zsh's `$'...'` where it holds characters that cannot be typed.
fn shell_quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    if !text.chars().any(names::is_suspect) {
        return format!("'{}'", text.replace('\'', "'\\''"));
    }
    let letters = text.chars().map(|letter| match letter {
        '\'' | '\\' => format!("\\{letter}"),
        suspect if names::is_suspect(suspect) => format!("\\U{:08x}", u32::from(suspect)),
        letter => letter.to_string(),
    });
    format!("$'{}'", letters.collect::<String>())
}

fn changes(epochs: &[EpochReport]) -> String {
    let rows: Vec<Vec<String>> = epochs
        .iter()
        .flat_map(|epoch| epoch.changes.iter().map(move |change| (epoch.epoch, change)))
        .map(|(epoch, change)| {
            vec![
                epoch.to_string(),
                change.step.to_string(),
                change.setting.label().to_owned(),
                number(change.from),
                number(change.to),
            ]
        })
        .collect();
    if rows.is_empty() {
        return "<p>Nothing.</p>\n".to_owned();
    }
    table(&["epoch", "step", "setting", "from", "to"], &rows)
}

fn epochs(epochs: &[EpochReport]) -> String {
    let head = [
        "epoch",
        "step",
        "train total",
        "train reconstruction",
        "train KL",
        "val. total",
        "val. reconstruction",
        "val. KL",
        "learning rate",
        "gradient norm",
        "images/s",
        "seconds",
        "best so far",
    ];
    let row = |epoch: &EpochReport| {
        let of = |value: Option<f64>| value.map_or_else(String::new, number);
        let EpochReport { training, validation, .. } = epoch;
        vec![
            epoch.epoch.to_string(),
            epoch.step.to_string(),
            number(training.total),
            number(training.reconstruction),
            number(training.kl),
            of(validation.map(|losses| losses.total)),
            of(validation.map(|losses| losses.reconstruction)),
            of(validation.map(|losses| losses.kl)),
            number(epoch.learning_rate),
            number(epoch.gradient_norm),
            number(epoch.samples_per_second),
            number(epoch.seconds),
            if epoch.is_best { "yes".to_owned() } else { String::new() },
        ]
    };
    table(&head, &epochs.iter().map(row).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
