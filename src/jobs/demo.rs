//! The demo sounds as WAV files.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{JobError, JobEvent, Sink, files::write_text};
use crate::{
    atomic_file::Durability,
    audio::demo,
    regular_file::{self, NOTE_LIMIT},
};

/// Says which version of the program wrote the demo sounds of a folder.
const STAMP_FILE: &str = ".timbrespace-demo";

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The folder.
    pub out: PathBuf,
    /// Sounds written.
    pub sounds: usize,
    /// Their classes.
    pub classes: Vec<String>,
}

/// Writes the demo sounds below `out`, one folder a class.
///
/// # Errors
/// When the disk refuses.
pub fn run(out: &Path, sink: &dyn Sink) -> Result<Report, JobError> {
    let sounds = demo::write(out)?;
    sink.event(JobEvent::Progress { stage: "writing demo sounds", done: sounds, total: sounds });
    let mut classes: Vec<String> = demo::sounds().map(|sound| sound.class.to_owned()).collect();
    classes.sort_unstable();
    classes.dedup();
    Ok(Report { out: out.to_owned(), sounds, classes })
}

/// Makes sure that the demo sounds of this version lie below `dir`; writes them where they are missing.
///
/// # Errors
/// When the disk refuses.
pub fn ensure(dir: &Path, sink: &dyn Sink) -> Result<(), JobError> {
    let stamp = dir.join(STAMP_FILE);
    if regular_file::read_to_string(&stamp, NOTE_LIMIT)
        .is_ok_and(|version| version == env!("CARGO_PKG_VERSION"))
    {
        return Ok(());
    }
    run(dir, sink)?;
    write_text(&stamp, Durability::Renamed, env!("CARGO_PKG_VERSION"))
}
