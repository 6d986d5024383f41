//! `history.csv`: one line an epoch and split, and `epochs.json`: the whole reports, kept through a resume.

use std::path::Path;

use crate::{
    JobError,
    files::{LastLine, Rows, read_rows, read_text, write_text},
};
use timbrespace_base::{
    atomic_file::Durability,
    names::shown,
    sentence,
    sentence::Sentence,
    table::{Table, number, text},
};
use timbrespace_vae::trainer::{EpochReport, Losses};

/// Name of the table in a bundle.
pub(crate) const FILE: &str = "history.csv";
/// Name of the file of whole reports in a bundle.
pub(crate) const REPORTS: &str = "epochs.json";
pub(crate) const HEADER: &str =
    "epoch,step,split,total,reconstruction,kl,learning_rate,samples_per_second,seconds";

/// The epochs of a run so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    epochs: Vec<EpochReport>,
    notes: Vec<Sentence>,
}

impl History {
    /// Reads the history of a bundle and drops what lies after `step`; empty where there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(bundle: &Path, step: usize) -> Result<Self, JobError> {
        let path = bundle.join(FILE);
        if !path.is_file() {
            return Ok(Self::default());
        }
        let mut epochs: Vec<EpochReport> = Vec::new();
        let Rows { rows, note } = read_rows(&path, LastLine::Whole, parse)?;
        let mut notes: Vec<Sentence> = note.into_iter().collect();
        for (split, report) in rows {
            match (split.as_str(), epochs.last_mut()) {
                _ if report.step > step => {}
                ("validation", Some(last)) if last.epoch == report.epoch => {
                    last.validation = Some(report.training);
                }
                ("train", _) => epochs.push(report),
                _ => notes.push(sentence!(
                    "history-lone-row",
                    "{path}: epoch {epoch} has a row {split} without its row train; it is left out",
                    path = shown(&path),
                    epoch = report.epoch,
                    split = split
                )),
            }
        }
        let (epochs, damaged) = completed(bundle, epochs);
        notes.extend(damaged);
        Ok(Self { epochs, notes })
    }

    /// What could not be read when the history was opened, for a person.
    pub fn notes(&self) -> &[Sentence] {
        &self.notes
    }

    /// The epochs, oldest first.
    pub fn epochs(&self) -> &[EpochReport] {
        &self.epochs
    }

    /// Adds an epoch and writes the whole file anew, by renaming a finished one.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn push(&mut self, bundle: &Path, report: &EpochReport) -> Result<(), JobError> {
        self.epochs.push(report.clone());
        self.write(bundle)
    }

    /// Writes the whole file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, bundle: &Path) -> Result<(), JobError> {
        let mut table = Table::csv().with_header(HEADER.split(','));
        for report in &self.epochs {
            line(&mut table, report, "train", &report.training);
            if let Some(validation) = &report.validation {
                line(&mut table, report, "validation", validation);
            }
        }
        let reports = serde_json::to_string(&self.epochs)
            .map_err(|error| JobError::file(&bundle.join(REPORTS), error.to_string()))?;
        write_text(&bundle.join(REPORTS), Durability::Synced, &reports)?;
        write_text(&bundle.join(FILE), Durability::Synced, &table.finish())
    }
}

/// `epochs` with what only the whole reports tell, where those are of the same run, and what is wrong with the reports.
fn completed(bundle: &Path, epochs: Vec<EpochReport>) -> (Vec<EpochReport>, Option<Sentence>) {
    let path = bundle.join(REPORTS);
    let reports: Vec<EpochReport> = match read_text(&path).map(|text| serde_json::from_str(&text)) {
        Ok(Ok(reports)) => reports,
        Ok(Err(error)) => {
            let note = sentence!(
                "history-damaged",
                "{path}: it is damaged ({cause}); the epochs have fewer figures",
                path = shown(&path),
                cause = error
            );
            return (epochs, Some(note));
        }
        Err(_) if !path.exists() => return (epochs, None),
        Err(error) => {
            let note =
                sentence!("history-unreadable", "{cause}; the epochs have fewer figures", cause = error);
            return (epochs, Some(note));
        }
    };
    let whole = |epoch: EpochReport| {
        let same = |report: &&EpochReport| {
            (report.epoch, report.step, report.training) == (epoch.epoch, epoch.step, epoch.training)
        };
        reports.iter().find(same).cloned().unwrap_or(epoch)
    };
    (epochs.into_iter().map(whole).collect(), None)
}

fn line(table: &mut Table, report: &EpochReport, split: &str, losses: &Losses) {
    let EpochReport { epoch, step, learning_rate, samples_per_second, seconds, .. } = report;
    let Losses { total, reconstruction, kl } = losses;
    table.row([
        number(epoch),
        number(step),
        text(split),
        number(total),
        number(reconstruction),
        number(kl),
        number(learning_rate),
        number(format_args!("{samples_per_second:.2}")),
        number(format_args!("{seconds:.3}")),
    ]);
}

/// The split of a line and its figures, put where training figures go.
fn parse(line: &str) -> Option<(String, EpochReport)> {
    let fields: Vec<&str> = line.split(',').collect();
    let [epoch, step, split, total, reconstruction, kl, learning_rate, samples_per_second, seconds] =
        fields[..]
    else {
        return None;
    };
    let training = Losses {
        total: total.parse().ok()?,
        reconstruction: reconstruction.parse().ok()?,
        kl: kl.parse().ok()?,
    };
    let report = EpochReport {
        epoch: epoch.parse().ok()?,
        step: step.parse().ok()?,
        training,
        validation: None,
        learning_rate: learning_rate.parse().ok()?,
        samples_per_second: samples_per_second.parse().ok()?,
        seconds: seconds.parse().ok()?,
        ..EpochReport::default()
    };
    Some((split.to_owned(), report))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(epoch: usize, validation: bool) -> EpochReport {
        let losses = |scale: f64| Losses { total: 1234.5 * scale, reconstruction: 0.001 * scale, kl: 234.5 };
        EpochReport {
            epoch,
            step: epoch * 10,
            training: losses(1.0 / epoch as f64),
            validation: validation.then(|| losses(2.0)),
            learning_rate: 5e-4,
            samples_per_second: 12.25,
            seconds: 3.5,
            kl_per_dimension: vec![0.25, epoch as f64],
            beta: 0.5,
            ..EpochReport::default()
        }
    }

    #[test]
    fn a_resumed_history_drops_the_epochs_after_its_checkpoint() {
        let dir = tempfile::tempdir().unwrap();
        let mut history = History::default();
        for epoch in 1..=3 {
            history.push(dir.path(), &report(epoch, epoch != 2)).unwrap();
        }
        assert_eq!(History::open(dir.path(), usize::MAX).unwrap(), history);
        let resumed = History::open(dir.path(), 20).unwrap();
        assert_eq!(resumed.epochs(), &[report(1, true), report(2, false)]);
        // A bundle of an older program, or one whose reports are damaged, has the contract's columns.
        std::fs::write(dir.path().join(REPORTS), "[{").unwrap();
        let plain = History::open(dir.path(), 20).unwrap();
        assert_eq!(plain.epochs()[0].validation, report(1, true).validation);
        assert!(plain.epochs()[0].kl_per_dimension.is_empty());
        assert!(plain.notes()[0].to_string().contains(REPORTS), "{:?}", plain.notes());
    }

    #[test]
    fn a_row_that_makes_no_sense_costs_itself_and_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let mut history = History::default();
        for epoch in 1..=3 {
            history.push(dir.path(), &report(epoch, false)).unwrap();
        }
        let path = dir.path().join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("2,20,train", "2,twenty,train")).unwrap();
        let opened = History::open(dir.path(), usize::MAX).unwrap();
        assert_eq!(opened.epochs(), [report(1, false), report(3, false)]);
        assert!(
            opened.notes()[0].to_string().contains("history.csv")
                && opened.notes()[0].to_string().contains("line 3")
        );
    }

    #[test]
    fn validation_losses_are_never_taken_for_those_of_training() {
        let dir = tempfile::tempdir().unwrap();
        let mut history = History::default();
        for epoch in 1..=2 {
            history.push(dir.path(), &report(epoch, true)).unwrap();
        }
        let path = dir.path().join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("2,20,train", "2,twenty,train")).unwrap();
        let opened = History::open(dir.path(), usize::MAX).unwrap();
        assert_eq!(opened.epochs(), [report(1, true)]);
        assert_eq!(opened.notes().len(), 2, "{:?}", opened.notes());
        assert!(
            opened.notes()[1].to_string().contains("epoch 2 has a row validation without"),
            "{:?}",
            opened.notes()
        );
    }
}
