//! The demo sounds as WAV files.

use std::{
    io::Cursor,
    path::{Path, PathBuf},
};

use serde::Serialize;

use crate::{
    JobContext, JobError,
    files::{named, write_text},
};
use timbrespace_base::{
    atomic_file::{self, Durability},
    names,
    outputs::{Outputs, Replace},
    regular_file::{self, NOTE_LIMIT, TABLE_LIMIT},
};
use timbrespace_signal::audio::{
    demo,
    encode::{BitDepth, wav_bytes},
};

/// Says which version of the program wrote the demo sounds of a folder.
const STAMP_FILE: &str = ".timbrespace-demo";

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The folder.
    #[serde(serialize_with = "names::serialize")]
    pub out: PathBuf,
    /// Sounds written.
    pub sounds: usize,
    /// Their classes.
    pub classes: Vec<String>,
}

/// Where to write the demo sounds.
pub struct Request {
    /// The folder.
    pub out: PathBuf,
    /// Which existing files are replaced.
    pub replace: Replace,
}

/// Writes the demo sounds, one folder a class. Files that hold the same sound already are left alone, so the
/// command can be given again.
///
/// # Errors
/// When another file is in the way, the disk refuses, or on interrupt.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let Request { out, replace } = request;
    let mut missing = Vec::new();
    let mut classes: Vec<String> = Vec::new();
    let mut sounds = 0;
    for sound in demo::sounds() {
        context.check_stopped()?;
        let path = out.join(sound.class).join(&sound.file_name);
        let mut bytes = Cursor::new(Vec::new());
        named(&path, wav_bytes(&mut bytes, &sound.clip, BitDepth::Int16))?;
        let bytes = bytes.into_inner();
        if regular_file::read(&path, TABLE_LIMIT).ok().as_ref() != Some(&bytes) {
            missing.push((path, bytes));
        }
        sounds += 1;
        classes.push(sound.class.to_owned());
    }
    // No list of what was written: it would lie among recordings, and the sounds are always the same.
    let planned: Vec<&PathBuf> = missing.iter().map(|(path, _)| path).collect();
    Outputs::new(*replace).check(&planned)?;
    for (path, bytes) in &missing {
        context.check_stopped()?;
        named(path, atomic_file::write_bytes(path, Durability::Renamed, bytes))?;
    }
    context.progress("writing demo sounds", sounds, sounds);
    classes.sort_unstable();
    classes.dedup();
    Ok(Report { out: out.clone(), sounds, classes })
}

/// Makes sure that the demo sounds of this version lie below `dir`, a folder of the program's own; writes them where they
/// are missing.
///
/// # Errors
/// When the disk refuses.
pub fn ensure(dir: &Path, context: &JobContext<'_>) -> Result<(), JobError> {
    let stamp = dir.join(STAMP_FILE);
    if regular_file::read_to_string(&stamp, NOTE_LIMIT)
        .is_ok_and(|version| version == env!("CARGO_PKG_VERSION"))
    {
        return Ok(());
    }
    run(&Request { out: dir.to_owned(), replace: Replace::All }, context)?;
    write_text(&stamp, Durability::Renamed, env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use timbrespace_base::{interrupt::Interrupt, outputs::OutputError};

    #[test]
    fn writing_makes_a_folder_a_class_and_may_be_repeated_but_not_over_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let write = |replace| {
            run(&Request { out: folder.path().to_owned(), replace }, &JobContext::silent(&Interrupt::new()))
        };
        assert_eq!(write(Replace::Own).unwrap().sounds, 360);
        let sound = demo::sounds().next().unwrap();
        let path = folder.path().join("bell/bell_000.wav");
        let back = timbrespace_signal::audio::decode::decode(&path).unwrap();
        assert_eq!(back, sound.clip, "16 bits hold the samples exactly");
        write(Replace::Own).unwrap();
        fs::write(&path, "a person's").unwrap();
        let error = write(Replace::Own).unwrap_err();
        assert!(
            matches!(&error, JobError::Output(OutputError::Foreign { path: at, .. }) if *at == path),
            "{error}"
        );
        assert_eq!(fs::read(&path).unwrap(), b"a person's");
        write(Replace::All).unwrap();
        assert_eq!(timbrespace_signal::audio::decode::decode(&path).unwrap(), sound.clip);
        let entries = fs::read_dir(folder.path().join("bell")).unwrap().count();
        assert_eq!(entries, 60, "nothing but recordings");
    }
}
