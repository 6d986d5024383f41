//! What a folder holds of a training run: which files a run wrote, and which are a person's.
//!
//! A run begins only in a folder without any file of a bundle's names, in one whose `run.json` proves that a run of this
//! program was there and never reached a checkpoint, or, with `--overwrite`, over a bundle of this program. Only files that
//! a run writes are ever removed; `notes.txt` never is.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    JobError,
    files::{named, read_text},
    runs::{
        baselines,
        bundle::Bundle,
        bundle_config::BundleConfig,
        density, detail, history,
        model_files::{self, CONFIG_FILE, WEIGHTS_FILE},
        record::{self, RunRecord},
        replay::{self, Replay},
        run_files::{self, CHECKPOINTS},
        step_log,
    },
};
use timbrespace_base::{atomic_file, folder_lock, names::shown, outputs};
use timbrespace_vae::{checkpoint, trainer::EpochReport};

/// Folder in a bundle of the images of a run that streams what it has preprocessed itself.
pub(crate) const FEATURES: &str = "features";
/// Files that a run writes into its bundle.
pub(crate) const FILES: [&str; 8] = [
    record::FILE,
    CONFIG_FILE,
    WEIGHTS_FILE,
    density::FILE,
    history::FILE,
    history::REPORTS,
    step_log::FILE,
    detail::FILE,
];
/// Folders that a run writes into its bundle.
pub(crate) const FOLDERS: [&str; 3] = [CHECKPOINTS, replay::FOLDER, baselines::FOLDER];
/// Folders in which a run works that replaces a model.
const REPLACEMENTS: [&str; 2] = [model_files::NEW, model_files::READY];
/// Hidden files that no person misses.
const HIDDEN: [&str; 3] = [folder_lock::FILE, outputs::LIST, ".DS_Store"];
/// Foreign files that a message names.
const MOST_NAMED: usize = 3;

/// What of a bundle's names a folder holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    /// Nothing.
    Nothing,
    /// What is left of a run that never reached a checkpoint.
    Unstarted,
    /// A bundle of this program.
    Model,
    /// Files or folders that are not provably of a run.
    Foreign(Vec<PathBuf>),
}

/// Looks at `folder`, which need not exist.
pub(crate) fn examine(folder: &Path) -> Contents {
    let found: Vec<PathBuf> = FILES
        .iter()
        .chain(&FOLDERS)
        .chain(&[record::NOTES])
        .map(|name| folder.join(name))
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if found.is_empty() && model_files::current(folder) == folder {
        return Contents::Nothing;
    }
    let never_reached_a_checkpoint = RunRecord::read_strictly(folder)
        .is_some_and(|record| record.never_reached_a_checkpoint())
        && !run_files::has_checkpoint(folder);
    if never_reached_a_checkpoint {
        let foreign = foreign_in_unstarted(folder);
        return if foreign.is_empty() { Contents::Unstarted } else { Contents::Foreign(foreign) };
    }
    if BundleConfig::read(folder).is_ok() {
        // Names that bundles of earlier versions did not have: a person may have taken them.
        let newer =
            [(density::FILE, density::is_foreign(folder)), (detail::FILE, detail::is_foreign(folder))];
        let foreign: Vec<PathBuf> =
            newer.iter().filter(|(_, foreign)| *foreign).map(|(name, _)| folder.join(name)).collect();
        return if foreign.is_empty() { Contents::Model } else { Contents::Foreign(foreign) };
    }
    Contents::Foreign(found)
}

/// Files of a bundle's names in the folder of a run without a checkpoint that the run did not write.
fn foreign_in_unstarted(folder: &Path) -> Vec<PathBuf> {
    let is_own = |name: &&str| {
        let path = folder.join(name);
        let text = || read_text(&path).unwrap_or_default();
        match *name {
            record::FILE => true,
            CONFIG_FILE => BundleConfig::read(folder).is_ok(),
            WEIGHTS_FILE => Bundle::open(folder).is_ok(),
            density::FILE => density::is_own(&path),
            history::FILE => text().starts_with(history::HEADER),
            step_log::FILE => text().starts_with(step_log::HEADER),
            detail::FILE => detail::is_own(&path),
            _ => serde_json::from_str::<Vec<EpochReport>>(&text()).is_ok(),
        }
    };
    let files = FILES.iter().filter(|name| folder.join(name).symlink_metadata().is_ok());
    let mut foreign: Vec<PathBuf> =
        files.filter(|name| !is_own(name)).map(|name| folder.join(name)).collect();
    for name in FOLDERS {
        let path = folder.join(name);
        if path.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
            foreign.push(path);
        } else {
            foreign.extend(Entries::of(folder, name).foreign);
        }
    }
    let replay = folder.join(replay::FOLDER);
    if replay.is_dir() && fs::read_dir(&replay).is_ok_and(|mut all| all.next().is_some()) {
        foreign.extend(Replay::load(folder).is_err().then_some(replay));
    }
    foreign
}

/// Everything below one of a run's folders.
#[derive(Default)]
struct Entries {
    own: Vec<PathBuf>,
    /// Folders of own files, the innermost first.
    folders: Vec<PathBuf>,
    foreign: Vec<PathBuf>,
}

impl Entries {
    fn of(bundle: &Path, name: &str) -> Self {
        let folder = bundle.join(name);
        let mut entries = Self::default();
        let is_own: fn(&str) -> bool = match name {
            CHECKPOINTS => {
                for path in listed(&folder) {
                    let is_checkpoint =
                        |name: &str| checkpoint::step_of(name).is_some() || checkpoint::is_unfinished(name);
                    if path.is_dir() && is_checkpoint(&name_of(&path)) {
                        entries.add(&path, checkpoint::is_own);
                    }
                }
                |_| false
            }
            replay::FOLDER => replay::is_own,
            _ => baselines::is_own,
        };
        entries.add(&folder, is_own);
        entries
    }

    /// Adds the files of `folder`; its folders are foreign unless they were added before.
    fn add(&mut self, folder: &Path, is_own: fn(&str) -> bool) {
        for path in listed(folder) {
            let name = name_of(&path);
            let is_file = path.symlink_metadata().is_ok_and(|found| !found.is_dir());
            if is_file && (is_own(&name) || atomic_file::is_unfinished(&name)) {
                self.own.push(path);
            } else if !self.folders.contains(&path) {
                self.foreign.push(path);
            }
        }
        if folder.symlink_metadata().is_ok_and(|found| found.is_dir()) {
            self.folders.push(folder.to_owned());
        }
    }
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Removes what a run wrote into `bundle`'s folders `names`; returns foreign files that stay.
pub(crate) fn clear(bundle: &Path, names: &[&str]) -> Result<Vec<PathBuf>, JobError> {
    let mut foreign = Vec::new();
    for name in names {
        let entries = Entries::of(bundle, name);
        for path in &entries.own {
            remove(path)?;
        }
        for folder in &entries.folders {
            // One that still holds a person's file stays.
            if let Err(error) = fs::remove_dir(folder) {
                log::debug!("{} stays: {error}", shown(&folder));
            }
        }
        foreign.extend(entries.foreign);
    }
    Ok(foreign)
}

/// Removes a file that may be gone already.
pub(crate) fn remove(path: &Path) -> Result<(), JobError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => named(path, Err(error)),
        _ => Ok(()),
    }
}

/// Files below the bundle `folder` that no run wrote and that are not its notes; for a folder that is to go as a whole.
pub fn foreign_files(folder: &Path) -> Vec<PathBuf> {
    let mut foreign: Vec<PathBuf> = listed(folder)
        .into_iter()
        .filter(|path| {
            let name = name_of(path);
            let is_hidden = atomic_file::is_unfinished(&name) || HIDDEN.contains(&name.as_str());
            let known = FILES.contains(&name.as_str()) || name == record::NOTES || is_hidden;
            let is_file = path.symlink_metadata().is_ok_and(|found| !found.is_dir());
            !(is_file && known || FOLDERS.contains(&name.as_str()) || REPLACEMENTS.contains(&name.as_str()))
        })
        .filter(|path| !is_features(path))
        .collect();
    for name in FOLDERS {
        foreign.extend(Entries::of(folder, name).foreign);
    }
    let replacements = REPLACEMENTS.iter().map(|name| folder.join(name)).filter(|path| path.is_dir());
    foreign.extend(replacements.flat_map(|path| foreign_files(&path)));
    foreign.sort();
    foreign
}

/// Whether `path` holds the images of a streamed run.
fn is_features(path: &Path) -> bool {
    name_of(path) == FEATURES
        && timbrespace_signal::pipeline::dataset::Dataset::open_index(
            path,
            &timbrespace_signal::pipeline::config::PreprocessingConfig::default(),
            &timbrespace_signal::audio::left_out::LeftOut::default(),
        )
        .is_ok()
}

/// The first of `paths`, by name, for a message.
pub fn names(paths: &[PathBuf]) -> String {
    let mut names: Vec<String> = paths.iter().take(MOST_NAMED).map(|path| name_of(path)).collect();
    if paths.len() > MOST_NAMED {
        names.push(format!("{} more", paths.len() - MOST_NAMED));
    }
    names.join(", ")
}

#[cfg(test)]
mod tests;
