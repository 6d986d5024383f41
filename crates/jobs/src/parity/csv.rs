//! The comparison as a table for other programs.

use std::path::Path;

use super::{file::FileReport, report::Report};
use crate::{JobError, files::write_text};
use timbrespace_base::{
    atomic_file::Durability,
    names::text_of,
    sentence::Sentence,
    table::{Table, known, text},
};

const COLUMNS: [&str; 18] = [
    "recording",
    "image",
    "largest_difference",
    "mean_difference",
    "bin",
    "frame",
    "ours",
    "theirs",
    "not_finite",
    "our_bins",
    "our_frames",
    "their_bins",
    "their_frames",
    "our_min",
    "their_min",
    "our_max",
    "their_max",
    "remark",
];

/// One line a file, the worst first; then recordings without an image and images without a recording. Fields that are not
/// known are empty.
pub fn csv(report: &Report) -> String {
    let mut table = Table::csv().with_header(COLUMNS);
    for file in &report.files {
        line(&mut table, file);
    }
    let alone = |recording: &str, image: &str, remark: &str| FileReport {
        recording: recording.to_owned(),
        image: image.to_owned(),
        error: Some(Sentence::from(remark).into()),
        ..FileReport::default()
    };
    for recording in &report.without_image {
        line(&mut table, &alone(&text_of(recording.as_os_str()), "", "no image of this recording"));
    }
    for image in &report.without_recording {
        line(&mut table, &alone("", &text_of(image.as_os_str()), "no recording of this image"));
    }
    table.finish()
}

fn line(table: &mut Table, file: &FileReport) {
    let difference = file.difference.as_ref();
    let (ours, theirs) = (file.our_min_max, file.their_min_max);
    table.row([
        text(&file.recording),
        text(&file.image),
        known(difference.map(|d| d.largest)),
        known(difference.map(|d| d.mean)),
        known(difference.map(|d| d.bin)),
        known(difference.map(|d| d.frame)),
        known(difference.map(|d| d.ours)),
        known(difference.map(|d| d.theirs)),
        known(difference.map(|d| d.not_finite)),
        known(file.our_shape.map(|shape| shape[0])),
        known(file.our_shape.map(|shape| shape[1])),
        known(file.their_shape.map(|shape| shape[0])),
        known(file.their_shape.map(|shape| shape[1])),
        known(ours.map(|values| values.min)),
        known(theirs.map(|values| values.min)),
        known(ours.map(|values| values.max)),
        known(theirs.map(|values| values.max)),
        text(file.remark()),
    ]);
}

/// Writes [`csv()`] to a file.
///
/// # Errors
/// When the disk refuses.
pub fn write_csv(path: &Path, report: &Report) -> Result<(), JobError> {
    write_text(path, Durability::Renamed, &csv(report))
}
