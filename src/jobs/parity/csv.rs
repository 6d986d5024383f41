//! The comparison as a table for other programs.

use std::{fmt::Write as _, path::Path};

use super::{FileReport, Report};
use crate::{
    atomic_file::Durability,
    jobs::{
        JobError,
        files::{csv_field, write_text},
    },
};

const HEADER: &str = "recording,image,largest_difference,mean_difference,bin,frame,ours,theirs,not_finite,our_bins,our_frames,\
                      their_bins,their_frames,our_min,their_min,our_max,their_max,remark";

/// One line a file, the worst first; then recordings without an image and images without a recording. Fields that are not
/// known are empty.
pub fn csv(report: &Report) -> String {
    let mut text = format!("{HEADER}\n");
    for file in &report.files {
        line(&mut text, file);
    }
    let alone = |recording: &str, image: &str, remark: &str| FileReport {
        recording: recording.to_owned(),
        image: image.to_owned(),
        error: Some(remark.to_owned()),
        ..FileReport::default()
    };
    for recording in &report.without_image {
        line(&mut text, &alone(&recording.to_string_lossy(), "", "no image of this recording"));
    }
    for image in &report.without_recording {
        line(&mut text, &alone("", &image.to_string_lossy(), "no recording of this image"));
    }
    text
}

fn line(text: &mut String, file: &FileReport) {
    fn field<T: ToString>(value: Option<T>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let difference = file.difference.as_ref();
    let (ours, theirs) = (file.our_min_max, file.their_min_max);
    let fields = [
        csv_field(&file.recording),
        csv_field(&file.image),
        field(difference.map(|d| d.largest)),
        field(difference.map(|d| d.mean)),
        field(difference.map(|d| d.bin)),
        field(difference.map(|d| d.frame)),
        field(difference.map(|d| d.ours)),
        field(difference.map(|d| d.theirs)),
        field(difference.map(|d| d.not_finite)),
        field(file.our_shape.map(|shape| shape[0])),
        field(file.our_shape.map(|shape| shape[1])),
        field(file.their_shape.map(|shape| shape[0])),
        field(file.their_shape.map(|shape| shape[1])),
        field(ours.map(|values| values.min)),
        field(theirs.map(|values| values.min)),
        field(ours.map(|values| values.max)),
        field(theirs.map(|values| values.max)),
        csv_field(file.remark()),
    ];
    // Writing to a string cannot fail.
    writeln!(text, "{}", fields.join(",")).ok();
}

/// Writes [`csv`] to a file.
///
/// # Errors
/// When the disk refuses.
pub fn write_csv(path: &Path, report: &Report) -> Result<(), JobError> {
    write_text(path, Durability::Renamed, &csv(report))
}
