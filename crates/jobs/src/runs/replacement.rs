//! A new run that replaces a model: the old model opens until the new one has its first checkpoint.
//!
//! The new run works in `B/.new-run`. Once that holds a checkpoint and a model, one rename to `B/.ready-run` decides: before
//! it the old model counts, after it the new one, which [`current`](super::model_files::current) finds there until its files stand in `B` itself. A kill at
//! any moment leaves one of both whole; [`finish`] completes what a kill cut short.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    JobError,
    files::named,
    runs::{
        bundle_config::BundleConfig,
        contents::{self, FILES, FOLDERS},
        model_files::{NEW, READY, WEIGHTS_FILE, is_decided},
        run_files::CHECKPOINTS,
    },
};
use timbrespace_base::{
    atomic_file::{self, Durability},
    names::shown,
    sentence,
};
use timbrespace_vae::{checkpoint, moving_folder::MovingFolder};

/// Ending of the file that says that the old run's files are gone from a folder.
const CLEARED: &str = ".cleared";

/// A run that replaces the model in a folder.
pub(crate) struct Replacement {
    bundle: PathBuf,
}

impl Replacement {
    /// Makes an empty folder for the new run below `bundle`.
    pub(crate) fn begin(bundle: &Path) -> Result<Self, JobError> {
        discard(bundle)?;
        let folder = bundle.join(NEW);
        named(&folder, fs::create_dir_all(&folder))?;
        Ok(Self { bundle: bundle.to_owned() })
    }

    /// Where the run works.
    pub(crate) fn folder(&self) -> PathBuf {
        self.bundle.join(NEW)
    }

    /// Whether the new run has a checkpoint to go on from and a model to open.
    pub(crate) fn is_ready(&self) -> bool {
        let folder = self.folder();
        // Where an earlier try was cut short, the decision has been made already.
        is_decided(&self.bundle)
            || folder.join(WEIGHTS_FILE).is_file()
                && BundleConfig::read(&folder).is_ok()
                && checkpoint::newest_valid(&folder.join(CHECKPOINTS)).is_some()
    }

    /// Puts the new run in the old one's place, for all that work in `run`; returns a person's files that stay.
    pub(crate) fn complete(&self, run: &MovingFolder) -> Result<Vec<PathBuf>, JobError> {
        let ready = self.bundle.join(READY);
        if !is_decided(&self.bundle) {
            run.relocate(&ready, || named(&ready, fs::rename(self.folder(), &ready)))?;
            sync(&self.bundle);
        }
        let mut foreign = Vec::new();
        run.relocate(&self.bundle, || finish(&self.bundle).map(|stay| foreign = stay))?;
        Ok(foreign)
    }
}

/// Removes what a run left that was to replace the model in `bundle` and never did; says whether there was one.
pub(crate) fn discard(bundle: &Path) -> Result<bool, JobError> {
    let folder = bundle.join(NEW);
    if !folder.is_dir() {
        return Ok(false);
    }
    let foreign = contents::clear(&folder, &FOLDERS)?;
    for name in FILES.iter().map(|name| (*name).to_owned()).chain(FOLDERS.map(cleared)) {
        contents::remove(&folder.join(name))?;
    }
    atomic_file::remove_unfinished(&folder);
    fs::remove_dir(&folder).map_err(|error| {
        let cause = if foreign.is_empty() {
            sentence!(
                "error-not-removed",
                "cannot be removed ({cause}); remove it yourself, then try again",
                cause = error
            )
        } else {
            let names = contents::names(&foreign);
            sentence!(
                "error-holds-foreign",
                "holds {names}, which Timbrespace did not write; move them, then try again",
                names = names
            )
        };
        JobError::file(&folder, cause)
    })?;
    Ok(true)
}

/// Moves a run that has replaced the model of `bundle` to where it belongs; does nothing where there is none. Can be cut
/// short and done again. Returns a person's files that stay.
pub(crate) fn finish(bundle: &Path) -> Result<Vec<PathBuf>, JobError> {
    let ready = bundle.join(READY);
    let mut foreign = Vec::new();
    if !is_decided(bundle) {
        return Ok(foreign);
    }
    for name in FILES {
        let (from, to) = (ready.join(name), bundle.join(name));
        match fs::read(&from) {
            // A copy: until all is done, the model opens from where it was.
            Ok(bytes) => named(&to, atomic_file::write_bytes(&to, Durability::Synced, &bytes))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => contents::remove(&to)?,
            Err(error) => return named(&from, Err(error)),
        }
    }
    for name in FOLDERS {
        foreign.extend(move_folder(bundle, &ready, name)?);
    }
    sync(bundle);
    let new = bundle.join(NEW);
    named(&new, fs::rename(&ready, &new))?;
    // The rename is durable before the files go; what cannot be removed does not undo it.
    sync(bundle);
    if let Err(error) = discard(bundle) {
        log::warn!("{error}");
    }
    Ok(foreign)
}

/// Replaces the old run's folder `name` by the new one's.
fn move_folder(bundle: &Path, ready: &Path, name: &'static str) -> Result<Vec<PathBuf>, JobError> {
    let (from, to, mark) = (ready.join(name), bundle.join(name), ready.join(cleared(name)));
    let mut foreign = Vec::new();
    if !mark.exists() {
        foreign = contents::clear(bundle, &[name])?;
        named(&mark, atomic_file::write_bytes(&mark, Durability::Synced, b""))?;
    }
    if !from.is_dir() {
        return Ok(foreign);
    }
    named(&to, fs::create_dir_all(&to))?;
    for entry in named(&from, fs::read_dir(&from))? {
        let entry = named(&from, entry)?.path();
        let target = to.join(entry.file_name().unwrap_or_default());
        if target.symlink_metadata().is_ok() {
            set_aside(&target)?;
        }
        named(&target, fs::rename(&entry, &target))?;
    }
    sync(&to);
    Ok(foreign)
}

/// Gives a person's file or folder another name, where the new run's must stand.
fn set_aside(path: &Path) -> Result<(), JobError> {
    let name = path.file_name().unwrap_or_default();
    let free = (1..).map(|number| {
        let mut kept = name.to_owned();
        kept.push(format!(".kept-{number}"));
        path.with_file_name(kept)
    });
    let mut free = free.filter(|free| free.symlink_metadata().is_err());
    free.next().map_or(Ok(()), |free| named(path, fs::rename(path, free)))
}

fn cleared(name: &'static str) -> String {
    format!("{name}{CLEARED}")
}

/// Makes renames durable; where the disk fails, the run goes on.
fn sync(folder: &Path) {
    if let Err(error) = atomic_file::sync_folder(folder) {
        log::warn!("{} was not synced: {error}", shown(folder));
    }
}

#[cfg(test)]
mod tests;
