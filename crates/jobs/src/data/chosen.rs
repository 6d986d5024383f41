//! The recordings of a folder without those that a list leaves out.

use std::path::Path;

use crate::{
    JobContext, JobError, JobEvent, Sink,
    data::{cutting, other_folders},
};

use timbrespace_signal::{
    audio::{
        folder::{self, FolderScan},
        left_out::{LeftOut, unmatched_message},
    },
    pipeline::{config::PreprocessingConfig, dataset::Dataset},
};

/// Scans `folder`, cuts its files into pieces where `config` says so, leaves out the recordings of `left_out`, and tells how many
/// these are.
pub(crate) fn scan(
    (folder, left_out): (&Path, &LeftOut),
    config: &PreprocessingConfig,
    context: &JobContext<'_>,
) -> Result<FolderScan, JobError> {
    let scan = folder::scan(folder, context.interrupt, &mut |_| {})?;
    other_folders::refuse(&scan)?;
    let scan = left_out.apply(scan);
    let scan = cutting::applied_to(scan, (config, left_out), context)?;
    // A scan that was stopped has not seen every name.
    if !context.interrupt.is_stopped() {
        report(folder, left_out, &scan.left_out, context.sink);
    }
    Ok(scan)
}

/// Tells how many images of the preprocessed `folder` the list leaves out.
pub(crate) fn report_dataset(folder: &Path, left_out: &LeftOut, dataset: &Dataset, sink: &dyn Sink) {
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
    if let Some(words) = unmatched_message(&left_out.missing_in(found), folder) {
        sink.event(JobEvent::Note(words));
    }
}
