//! Every number that was measured during a run as one table in long form, for other programs.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::{
    JobError, JobEvent, Note, Sink,
    files::write_text,
    runs::{
        history::History,
        step_log::{self, StepRow},
    },
};
use timbrespace_base::{
    atomic_file::Durability,
    names, sentence,
    table::{Table, number, text},
};
use timbrespace_vae::{loss::Losses, trainer::EpochReport};

/// Name of the table.
pub const FILE: &str = "scalars.csv";
const COLUMNS: [&str; 5] = ["step", "epochs", "seconds", "name", "value"];

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The table.
    #[serde(serialize_with = "names::serialize")]
    pub file: PathBuf,
    /// Its lines, the header not counted.
    pub values: usize,
}

/// Writes the scalars of the run in `bundle` to `file`: `step,epochs,seconds,name,value`, every step and then every epoch.
///
/// # Errors
/// When there is no run in `bundle`, or the disk refuses.
pub fn write(bundle: &Path, file: &Path, sink: &dyn Sink) -> Result<Report, JobError> {
    let note = |cause| sink.event(JobEvent::Note(Note::Damaged(cause)));
    let history = History::open(bundle, usize::MAX)?;
    history.notes().iter().cloned().for_each(note);
    let steps = step_log::read(bundle, usize::MAX, &note)?;
    if history.epochs().is_empty() && steps.is_empty() {
        return Err(JobError::file(
            bundle,
            sentence!("error-no-run", "no run is kept here; name a folder that training wrote"),
        ));
    }
    let mut table = Table::csv().with_header(COLUMNS);
    let of_steps: usize = steps.iter().map(|row| of_step(&mut table, row)).sum();
    let of_epochs: usize = history.epochs().iter().map(|report| of_epoch(&mut table, report)).sum();
    write_text(file, Durability::Renamed, &table.finish())?;
    Ok(Report { file: file.to_owned(), values: of_steps + of_epochs })
}

/// A time of the run.
#[derive(Clone, Copy)]
struct RunTime {
    step: usize,
    epochs: f64,
    /// Of training.
    seconds: f64,
}

/// Adds the values `(name, value)` of one time of the run; returns how many.
fn push(table: &mut Table, at: RunTime, values: &[(String, f64)]) -> usize {
    let RunTime { step, epochs, seconds } = at;
    for (name, value) in values {
        let place = [number(step), number(format_args!("{epochs:.6}")), number(format_args!("{seconds:.3}"))];
        table.row(place.into_iter().chain([text(name), number(value)]));
    }
    values.len()
}

/// The losses by name, `<prefix>/total` and so on.
pub(crate) fn losses(prefix: &str, losses: &Losses) -> [(String, f64); 3] {
    let named = |name: &str, value| (format!("{prefix}/{name}"), value);
    [named("total", losses.total), named("reconstruction", losses.reconstruction), named("kl", losses.kl)]
}

/// Everything that is known of one step, by name.
pub(crate) fn step_values(row: &StepRow) -> Vec<(String, f64)> {
    let mut values = losses("step", &row.losses).to_vec();
    values.extend([
        ("step/learning_rate".to_owned(), row.rates.learning_rate),
        ("step/reconstruction_weight".to_owned(), row.rates.reconstruction_weight),
        ("step/beta".to_owned(), row.rates.beta),
        ("step/batch_size".to_owned(), row.rates.batch_size as f64),
        ("step/gradient_norm".to_owned(), row.gradient_norm),
        ("step/samples_per_second".to_owned(), row.samples_per_second),
    ]);
    values
}

fn of_step(table: &mut Table, row: &StepRow) -> usize {
    push(table, RunTime { step: row.step, epochs: row.epochs, seconds: row.seconds }, &step_values(row))
}

fn of_epoch(table: &mut Table, report: &EpochReport) -> usize {
    let mut values = losses("train", &report.training).to_vec();
    values.extend(report.validation.iter().flat_map(|validation| losses("validation", validation)));
    values.extend([
        ("epoch/learning_rate".to_owned(), report.learning_rate),
        ("epoch/reconstruction_weight".to_owned(), report.reconstruction_weight),
        ("epoch/beta".to_owned(), report.beta),
        ("epoch/batch_size".to_owned(), report.batch_size as f64),
        ("epoch/gradient_norm".to_owned(), report.gradient_norm),
        ("epoch/samples_per_second".to_owned(), report.samples_per_second),
        ("epoch/is_best".to_owned(), f64::from(u8::from(report.is_best))),
    ]);
    let kl = report.kl_per_dimension.iter().enumerate();
    values.extend(kl.map(|(dimension, &kl)| (format!("kl_per_dimension/{dimension}"), kl)));
    push(table, RunTime { step: report.step, epochs: report.epoch as f64, seconds: report.seconds }, &values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scalar_of_steps_and_epochs_is_a_line() {
        let dir = tempfile::tempdir().unwrap();
        let losses = Losses { total: 12.5, reconstruction: 0.5, kl: 2.0 };
        let row = StepRow { step: 1, epochs: 0.5, losses, gradient_norm: 7.25, ..StepRow::default() };
        step_log::StepLog::begin(&dir.path().into(), &[row]).unwrap();
        let report = EpochReport {
            epoch: 1,
            step: 2,
            training: losses,
            validation: Some(losses),
            kl_per_dimension: vec![0.25, 1.75],
            seconds: 3.5,
            ..EpochReport::default()
        };
        History::default().push(dir.path(), &report).unwrap();
        let file = dir.path().join("deep/scalars.csv");
        let written = write(dir.path(), &file, &|_| ()).unwrap();
        let table = std::fs::read_to_string(&file).unwrap();
        assert_eq!(written.values, 9 + 3 + 3 + 7 + 2);
        assert!(
            table.starts_with("step,epochs,seconds,name,value\n1,0.500000,0.000,step/total,12.5\n"),
            "{table}"
        );
        for line in [
            "1,0.500000,0.000,step/gradient_norm,7.25",
            "2,1.000000,3.500,validation/kl,2",
            "2,1.000000,3.500,kl_per_dimension/1,1.75",
        ] {
            assert!(table.lines().any(|known| known == line), "{line} not in {table}");
        }
        let error = write(&dir.path().join("nothing"), &file, &|_| ()).unwrap_err().to_string();
        assert!(error.contains("no run is kept here"), "{error}");
    }
}
