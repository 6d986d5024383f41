//! Which files of a preprocessed folder are this program's: those that a `preprocessing.json` of it lists.
//!
//! A run asks before it changes anything, and writes its plan, with every file of earlier runs, before it writes or removes a
//! file. So a kill at any moment leaves a folder that the next run knows for its own.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    io::ErrorKind,
    path::{Component, Path, PathBuf},
};

use super::{
    dataset::feature_files,
    error::PipelineError,
    manifest::{self, Manifest, display_name},
    min_max_values,
    part_files::{manifest_files, part_name},
    saver::{FEATURES, MAGNITUDES, SIGNALS, npy_path},
};
use timbrespace_base::{
    names::shown,
    outputs::{Asker, OutputError, Outputs, Replace},
    sentence,
};

/// How often a listing is tried again that another shard's run has changed meanwhile.
const TRIES: usize = 5;

/// Where a run saves, and how much of its folder.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The preprocessed folder.
    pub out: &'a Path,
    /// `(index, count)`, from 1: only this part.
    pub shard: Option<(usize, usize)>,
    /// Which existing files may be replaced.
    pub replace: Replace,
}

impl<'a> Target<'a> {
    /// All of `out`, over nothing but what this program wrote.
    pub fn whole(out: &'a Path) -> Self {
        Self { out, shard: None, replace: Replace::Own }
    }
}

/// What this program knows to have written into a preprocessed folder.
pub(super) struct Ownership {
    /// Whether there is any `preprocessing.json` of ours.
    has_manifest: bool,
    /// Files below the folder, with `/` between parts.
    files: BTreeSet<String>,
    /// Features that lay there before the list was read.
    features: Vec<PathBuf>,
}

impl Ownership {
    /// Reads what is known about `out`, which need not exist.
    pub(super) fn read(out: &Path, replace: Replace) -> Result<Self, PipelineError> {
        let folder = out.join(FEATURES);
        // Before the lists: another shard's run writes its plan first and its features then.
        let features = if folder.is_dir() { feature_files(&folder)? } else { Vec::new() };
        for _ in 1..TRIES {
            if let Some((has_manifest, files)) = listed(out, replace)? {
                return Ok(Self { has_manifest, files, features });
            }
        }
        let cause =
            sentence!("images-changing", "its preprocessing.json files change all the time; try again");
        Err(PipelineError::refused(out, cause))
    }

    pub(super) fn holds(&self, out: &Path, file: &Path) -> bool {
        self.files.contains(&name_in(out, file))
    }

    /// Refuses to write over recordings and over what is not ours; changes nothing.
    pub(super) fn check(
        &self,
        target: &Target<'_>,
        planned: &[PathBuf],
        root: &Path,
        names: &[PathBuf],
    ) -> Result<(), PipelineError> {
        let Target { out, shard, replace } = *target;
        let describing =
            [manifest::FILE_NAME, min_max_values::FILE_NAME].map(|name| out.join(part_name(name, shard)));
        let mut outputs = Outputs::new(Replace::All)
            .reading("one of the recordings that are read", names.iter().map(|name| root.join(name)));
        // In a folder that is not there yet nothing can be in the way.
        let planned = if out.join(FEATURES).exists() { planned } else { &[] };
        outputs.check(planned)?;
        outputs.check(&describing)?;
        let wanted: HashSet<&Path> = names.iter().map(PathBuf::as_path).collect();
        let foreign = |path: &Path| path.symlink_metadata().is_ok() && !self.holds(out, path);
        if replace == Replace::Own {
            if let Some(path) = planned.iter().find(|path| foreign(path)) {
                return Err(refused(path));
            }
            // Whoever merges the shards writes this one, too.
            let extremes = out.join(min_max_values::FILE_NAME);
            if let Some(path) = describing.iter().chain([&extremes]).find(|path| path.exists())
                && !self.has_manifest
            {
                return Err(refused(path));
            }
        }
        for recording in self.features.iter().map(|feature| feature.with_extension("")) {
            let path = npy_path(out, FEATURES, &recording);
            let is_wanted = wanted.contains(recording.as_path());
            if self.holds(out, &path) || is_wanted && replace == Replace::All {
                continue;
            }
            if is_wanted {
                return Err(refused(&path));
            }
            return Err(sentence!(
                "error-foreign-features",
                "{folder}: already holds features that Timbrespace did not write here ({path} is one), and they would be \
                 mixed with the new ones; choose another --out or empty the folder",
                folder = shown(&out),
                path = shown(&path)
            )
            .into());
        }
        Ok(())
    }

    /// Files that are ours and there, and that a run which writes `planned` does not write.
    pub(super) fn others(&self, out: &Path, planned: &[PathBuf]) -> Vec<String> {
        let planned: HashSet<String> = planned.iter().map(|path| name_in(out, path)).collect();
        let others = self.files.iter().filter(|name| !planned.contains(*name) && out.join(name).exists());
        others.cloned().collect()
    }
}

/// Of `others`, those that belong to none of the `recordings`.
pub(super) fn stale<'a>(others: &'a [String], recordings: &[PathBuf]) -> Vec<&'a String> {
    let wanted: HashSet<String> = recordings.iter().map(|recording| display_name(recording)).collect();
    let recording = |name: &str| {
        let (_, below) = name.split_once('/')?;
        Some(below.strip_suffix(".npy")?.to_owned())
    };
    others
        .iter()
        .filter(|name| recording(name).is_some_and(|recording| !wanted.contains(&recording)))
        .collect()
}

/// Whether any list is there, and all files of the lists; `None` where one went away meanwhile.
fn listed(out: &Path, replace: Replace) -> Result<Option<(bool, BTreeSet<String>)>, PipelineError> {
    let (mut has_manifest, mut files) = (false, BTreeSet::new());
    if !out.is_dir() {
        return Ok(Some((has_manifest, files)));
    }
    for path in manifest_files(out)? {
        match Manifest::read(&path) {
            Ok(Some(manifest)) => {
                has_manifest = true;
                files.extend(files_of(&manifest));
            }
            Ok(None) => return Ok(None),
            Err(error) if replace == Replace::Own => return Err(error),
            Err(_) => {}
        }
    }
    Ok(Some((has_manifest, files)))
}

/// The files that a manifest lists.
pub(super) fn files_of(manifest: &Manifest) -> impl Iterator<Item = String> {
    let settings = &manifest.settings;
    let kinds = [(FEATURES, true), (SIGNALS, settings.save_signal), (MAGNITUDES, settings.save_magnitude)];
    let of_items = kinds
        .into_iter()
        .filter(|(_, written)| *written)
        .flat_map(|(kind, _)| manifest.items.iter().map(move |item| format!("{kind}/{}.npy", item.name)));
    of_items.chain(manifest.earlier.iter().cloned()).filter(|name| lies_in_own_folder(name))
}

/// Whether `name`, as a manifest has it, leads into one of our folders: a manifest may come from anywhere.
fn lies_in_own_folder(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let is_own = |part: Component<'_>| {
        let own = [FEATURES, SIGNALS, MAGNITUDES];
        matches!(part, Component::Normal(folder) if own.iter().any(|name| folder == *name))
    };
    parts.next().is_some_and(is_own) && parts.all(|part| matches!(part, Component::Normal(_)))
}

fn name_in(out: &Path, file: &Path) -> String {
    display_name(file.strip_prefix(out).unwrap_or(file))
}

fn refused(path: &Path) -> PipelineError {
    OutputError::Foreign { path: path.to_owned(), asker: Asker::CommandLine }.into()
}

/// Removes a file that may be gone already.
pub(super) fn remove(path: &Path) -> Result<(), PipelineError> {
    match fs::remove_file(path) {
        // What cannot be a name was never written.
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidFilename) => {
            Err(PipelineError::write(path, error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
