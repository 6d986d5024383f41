//! `steps.csv`: one line a training step, appended while a run goes on.
//!
//! A line that a kill cut short is dropped when the log is opened again.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
};

use crate::{
    JobError,
    files::{LastLine, Rows, named, read_rows, write_text},
};
use timbrespace_base::{
    atomic_file::Durability,
    names::shown,
    sentence::Sentence,
    table::{Cell, Table, number},
};
use timbrespace_vae::{moving_folder::MovingFolder, schedule::Rates, trainer::Losses};

/// Name of the log in a bundle.
pub(crate) const FILE: &str = "steps.csv";
pub(crate) const HEADER: &str = "step,epochs,total,reconstruction,kl,learning_rate,reconstruction_weight,beta,batch_size,\
                      gradient_norm,samples_per_second,seconds";
/// Lines that wait in memory before they are written.
const WAITING: usize = 64;
/// Lines that wait at most while the disk refuses.
const MOST_WAITING: usize = 65_536;

/// One training step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StepRow {
    /// Steps done, from 1.
    pub step: usize,
    /// Epochs done, with the part of the current one.
    pub epochs: f64,
    /// Losses of the batch.
    pub losses: Losses,
    /// Learning rate, weights and batch size.
    pub rates: Rates,
    /// Norm of the gradients.
    pub gradient_norm: f64,
    /// Images a second, lately.
    pub samples_per_second: f64,
    /// Seconds of training so far.
    pub seconds: f64,
}

impl StepRow {
    fn cells(&self) -> [Cell<'static>; 12] {
        let Self { step, epochs, losses, rates, gradient_norm, samples_per_second, seconds } = self;
        let Losses { total, reconstruction, kl } = losses;
        let Rates { learning_rate, reconstruction_weight, beta, batch_size } = rates;
        [
            number(step),
            number(format_args!("{epochs:.6}")),
            number(total),
            number(reconstruction),
            number(kl),
            number(learning_rate),
            number(reconstruction_weight),
            number(beta),
            number(batch_size),
            number(gradient_norm),
            number(format_args!("{samples_per_second:.2}")),
            number(format_args!("{seconds:.3}")),
        ]
    }

    fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |place: usize| fields.get(place)?.parse::<f64>().ok();
        if fields.len() != 12 {
            return None;
        }
        Some(Self {
            step: fields[0].parse().ok()?,
            epochs: number(1)?,
            losses: Losses { total: number(2)?, reconstruction: number(3)?, kl: number(4)? },
            rates: Rates {
                learning_rate: number(5)?,
                reconstruction_weight: number(6)?,
                beta: number(7)?,
                batch_size: fields[8].parse().ok()?,
            },
            gradient_norm: number(9)?,
            samples_per_second: number(10)?,
            seconds: number(11)?,
        })
    }
}

/// The steps of the run in `bundle` up to and with `last`; empty where there is no log. Rows that make no sense are left out
/// and reported to `note`.
///
/// # Errors
/// When the file cannot be read.
pub fn read(bundle: &Path, last: usize, note: &dyn Fn(Sentence)) -> Result<Vec<StepRow>, JobError> {
    let path = bundle.join(FILE);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let Rows { mut rows, note: senseless } = read_rows(&path, LastLine::MayBeCut, StepRow::parse)?;
    senseless.into_iter().for_each(note);
    rows.retain(|row| row.step <= last);
    Ok(rows)
}

/// `table` with a line a step.
fn table_of(mut table: Table, rows: &[StepRow]) -> String {
    for row in rows {
        table.row(row.cells());
    }
    table.finish()
}

/// The log of a run under way.
pub(crate) struct StepLog {
    file: MovingFolder,
    waiting: Vec<StepRow>,
}

impl StepLog {
    /// Begins a log that holds `rows`.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn begin(bundle: &MovingFolder, rows: &[StepRow]) -> Result<Self, JobError> {
        let file = bundle.child(FILE);
        let table = table_of(Table::csv().with_header(HEADER.split(',')), rows);
        file.with(|path| write_text(path, Durability::Renamed, &table))?;
        Ok(Self { file, waiting: Vec::new() })
    }

    /// Adds a step; it is on disk some steps later, or after [`Self::flush`].
    ///
    /// # Errors
    /// When the disk refuses; the newest of the steps that wait are then kept for the next try.
    pub(crate) fn push(&mut self, row: StepRow) -> Result<(), JobError> {
        if self.waiting.len() == MOST_WAITING {
            self.waiting.drain(..WAITING);
        }
        self.waiting.push(row);
        if self.waiting.len().is_multiple_of(WAITING) { self.flush() } else { Ok(()) }
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn flush(&mut self) -> Result<(), JobError> {
        self.file.with(|path| append(path, &self.waiting))?;
        self.waiting.clear();
        Ok(())
    }
}

/// Appends whole lines, or nothing.
fn append(path: &Path, rows: &[StepRow]) -> Result<(), JobError> {
    let file: Result<File, _> = OpenOptions::new().append(true).create(true).open(path);
    let mut file = named(path, file)?;
    let length = named(path, file.metadata())?.len();
    let table = if length == 0 { Table::csv().with_header(HEADER.split(',')) } else { Table::csv() };
    if let Err(error) = file.write_all(table_of(table, rows).as_bytes()) {
        // Half a line would spoil the next one.
        if let Err(error) = file.set_len(length) {
            log::warn!("{} ends in half a line: {error}", shown(&path));
        }
        return named(path, Err(error));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bundle: &Path, last: usize) -> Result<Vec<StepRow>, JobError> {
        super::read(bundle, last, &|note| panic!("{note}"))
    }

    fn row(step: usize) -> StepRow {
        StepRow {
            step,
            epochs: step as f64 / 10.0,
            losses: Losses { total: 0.1 + step as f64, reconstruction: 1e-7, kl: 3.0 },
            rates: Rates { learning_rate: 5e-4, reconstruction_weight: 1e6, beta: 0.5, batch_size: 16 },
            gradient_norm: 12.5,
            samples_per_second: 3.25,
            seconds: 0.125,
        }
    }

    #[test]
    fn steps_are_appended_and_a_resumed_log_ends_at_its_checkpoint() {
        let dir = tempfile::tempdir().unwrap();
        assert!(read(dir.path(), 9).unwrap().is_empty());
        let mut log = StepLog::begin(&dir.path().into(), &[]).unwrap();
        for step in 1..=70 {
            log.push(row(step)).unwrap();
        }
        assert_eq!(read(dir.path(), usize::MAX).unwrap().len(), 64);
        log.flush().unwrap();
        let rows = read(dir.path(), usize::MAX).unwrap();
        assert_eq!(rows, (1..=70).map(row).collect::<Vec<_>>());
        let text = std::fs::read_to_string(dir.path().join(FILE)).unwrap();
        // The last field, or only a part of its digits: what is left is a number, but not the one that was written.
        for cut in [9, 2, 1] {
            std::fs::write(dir.path().join(FILE), &text[..text.len() - cut]).unwrap();
            assert_eq!(read(dir.path(), usize::MAX).unwrap().len(), 69, "half a line is no step");
        }
        let mut log = StepLog::begin(&dir.path().into(), &read(dir.path(), 30).unwrap()).unwrap();
        log.push(row(31)).unwrap();
        log.flush().unwrap();
        assert_eq!(read(dir.path(), usize::MAX).unwrap(), (1..=31).map(row).collect::<Vec<_>>());
    }

    #[test]
    fn a_row_that_is_no_text_costs_itself_and_is_named() {
        let dir = tempfile::tempdir().unwrap();
        StepLog::begin(&dir.path().into(), &[row(1), row(2), row(3)]).unwrap();
        let path = dir.path().join(FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        let second = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0 + 1;
        bytes[second] = 0xff;
        std::fs::write(&path, bytes).unwrap();
        let notes = std::cell::RefCell::new(Vec::new());
        let rows = super::read(dir.path(), usize::MAX, &|note| notes.borrow_mut().push(note)).unwrap();
        assert_eq!(rows, [row(1), row(3)]);
        let notes = notes.into_inner();
        assert!(
            notes.len() == 1
                && notes[0].to_string().contains("steps.csv")
                && notes[0].to_string().contains("line 3"),
            "{notes:?}"
        );
    }

    #[test]
    fn a_log_that_was_removed_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = StepLog::begin(&dir.path().into(), &[row(1)]).unwrap();
        std::fs::remove_file(dir.path().join(FILE)).unwrap();
        log.push(row(2)).unwrap();
        log.flush().unwrap();
        assert_eq!(read(dir.path(), usize::MAX).unwrap(), [row(2)]);
    }
}
