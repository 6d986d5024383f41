//! A run's scalars for TensorBoard: `DIR/train` and `DIR/validation`, as Keras names them.
//!
//! Losses have the same names in both, so that TensorBoard draws training and validation into one chart. Epochs lie at their last
//! step; what every step has is below `step/`, under the names of `scalars.csv`.

use std::path::{Path, PathBuf};

use crate::{
    JobError,
    export::event_file::{self, EventFile},
    runs::{
        scalars::{losses, step_values},
        step_log::StepRow,
    },
};
use timbrespace_base::names::shown;
use timbrespace_vae::trainer::EpochReport;

const TRAIN: &str = "train";
const VALIDATION: &str = "validation";

/// The event files of a run under way.
pub(crate) struct RunEvents {
    train: EventFile,
    /// Where there are validation images.
    validation: Option<EventFile>,
}

/// Checks that event files can be written below `folder`, which is made where there is none.
///
/// # Errors
/// When the disk refuses.
pub(crate) fn check(folder: &Path) -> Result<(), JobError> {
    let [train, _] = folders(folder);
    std::fs::create_dir_all(&train).and_then(|()| tempfile::tempfile_in(&train)).map(drop).map_err(|error| {
        let cause =
            format!("event files for TensorBoard cannot be written here ({error}); choose another folder");
        JobError::file(&train, cause)
    })
}

fn folders(folder: &Path) -> [PathBuf; 2] {
    [TRAIN, VALIDATION].map(|name| folder.join(name))
}

impl RunEvents {
    /// Begins files for a run that has done `steps`; a run that begins anew where there are event files is reported to `note`.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn begin(
        folder: &Path,
        steps: usize,
        has_validation: bool,
        note: &dyn Fn(String),
    ) -> Result<Self, JobError> {
        let [train, validation] = folders(folder);
        let earlier = event_file::event_files(&train).is_ok_and(|files| !files.is_empty());
        if steps == 0 && earlier {
            note(format!(
                "{}: holds event files of an earlier run, which stay; TensorBoard shows this run in its place. Give each run \
                 a folder of its own to compare them",
                shown(folder)
            ));
        }
        let begin = |folder: &Path| EventFile::begin(folder, steps + 1);
        let validation = has_validation.then(|| begin(&validation)).transpose()?;
        Ok(Self { train: begin(&train)?, validation })
    }

    /// Adds a step.
    ///
    /// # Errors
    /// When the disk refuses; what waits is written with the next step.
    pub(crate) fn step(&mut self, row: &StepRow) -> Result<(), JobError> {
        self.train.scalars(row.step, &step_values(row))
    }

    /// Adds an epoch; all that waits is then on disk.
    ///
    /// # Errors
    /// When the disk refuses; what waits is written with the next step or epoch.
    pub(crate) fn epoch(&mut self, report: &EpochReport) -> Result<(), JobError> {
        let mut values = losses("loss", &report.training).to_vec();
        values.extend([
            ("learning_rate".to_owned(), report.learning_rate),
            ("samples_per_second".to_owned(), report.samples_per_second),
            ("beta".to_owned(), report.beta),
            ("gradient_norm".to_owned(), report.gradient_norm),
        ]);
        let trained = self.train.scalars(report.step, &values);
        let validated = match (&mut self.validation, &report.validation) {
            (Some(file), Some(validation)) => file.scalars(report.step, &losses("loss", validation)),
            _ => Ok(()),
        };
        trained.and(validated).and(self.flush())
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn flush(&mut self) -> Result<(), JobError> {
        let validated = self.validation.as_mut().map_or(Ok(()), EventFile::flush);
        self.train.flush().and(validated)
    }
}
