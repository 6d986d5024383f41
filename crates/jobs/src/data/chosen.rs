//! The recordings of a folder without those that a list leaves out.

use std::path::Path;

use crate::{
    JobContext, JobError, JobEvent, Note, Sink,
    data::{cutting, other_folders},
};

use timbrespace_signal::{
    audio::{
        folder::{self, FolderScan},
        left_out::{LeftOut, unmatched_message},
    },
    pipeline::{config::PreprocessingConfig, dataset::Dataset, preprocessing::PipelineError},
};

/// A folder of recordings, or a preprocessed one, without what a list leaves out.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// What is left out.
    pub left_out: &'a LeftOut,
}

impl<'a> Chosen<'a> {
    /// What of `folder` is not in `left_out`.
    pub fn new(folder: &'a Path, left_out: &'a LeftOut) -> Self {
        Self { folder, left_out }
    }
}

/// Scans the folder, cuts its files into pieces if `config` says so, leaves out the recordings of the list, and reports
/// their number.
///
/// # Errors
/// When the folder cannot be used or holds no sound files, or on interrupt.
pub(crate) fn scan(
    chosen: Chosen<'_>,
    config: &PreprocessingConfig,
    context: &JobContext<'_>,
) -> Result<FolderScan, JobError> {
    let Chosen { folder, left_out } = chosen;
    let scan = folder::scan(folder, context.interrupt, &mut |_| {})?;
    // A scan that was stopped has not seen every file: no conclusion from it is right.
    context.check_stopped()?;
    other_folders::refuse(&scan)?;
    let scan = left_out.apply(scan);
    let scan = cutting::applied_to(scan, config, left_out, context)?;
    report(folder, left_out, &scan.left_out, context.sink);
    if scan.files.is_empty() && scan.skipped.is_empty() {
        return Err(PipelineError::nothing_usable(&scan, &[]).into());
    }
    Ok(scan)
}

/// Tells how many images of a preprocessed folder the list leaves out.
pub(crate) fn report_dataset(chosen: Chosen<'_>, dataset: &Dataset, sink: &dyn Sink) {
    let Chosen { folder, left_out } = chosen;
    if !left_out.is_empty() || !dataset.left_out.is_empty() {
        report(folder, left_out, &dataset.left_out, sink);
    }
}

/// Tells how many recordings are left out, and which names of the list match none.
fn report(folder: &Path, left_out: &LeftOut, found: &[String], sink: &dyn Sink) {
    if left_out.is_empty() && found.is_empty() {
        return;
    }
    sink.event(JobEvent::LeftOut(found.len()));
    let missing = left_out.missing_in(found);
    if let Some(words) = unmatched_message(&missing, folder) {
        let (count, folder) = (missing.len(), folder.to_owned());
        sink.event(JobEvent::Note(Note::Unmatched { count, folder, words }));
    }
}

#[cfg(test)]
mod tests {
    use timbrespace_base::interrupt::Interrupt;

    use super::*;

    #[test]
    fn a_stopped_scan_is_stopped_and_says_nothing_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.wav"), b"RIFF").unwrap();
        let interrupt = Interrupt::new();
        interrupt.stop();
        let nothing = LeftOut::default();
        let config = PreprocessingConfig::default();
        let result = scan(Chosen::new(folder.path(), &nothing), &config, &JobContext::silent(&interrupt));
        assert!(result.is_err_and(|error| error.is_stopped()));
    }
}
