//! Checkpoints on disk: `dir/step-N/`, written atomically.
//!
//! A checkpoint is a folder of files and a `manifest.json` with their SHA-256 sums. It is written under a
//! temporary name, synced and renamed, so after a crash the previous checkpoint is still the newest. Writing
//! the same step again swaps the two folders in one operation where the system supports it; elsewhere the old
//! one becomes `step-N.old` first, where readers still find it. Readers take the newest folder whose
//! checksums match and skip damaged ones. The newest two checkpoints stay, as do the one with the best score
//! (named in every manifest) and those marked `kept`.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::error::ModelError;
use timbrespace_base::{
    atomic_file::{Durability, sync_folder, write_bytes},
    names::shown,
    regular_file::{self, ARRAY_LIMIT, NOTE_LIMIT},
};

/// Newest checkpoints to keep: one more than needed, in case the newest is damaged.
const KEPT: usize = 2;
const MANIFEST: &str = "manifest.json";
const PREFIX: &str = "step-";
/// Suffix of a step's older checkpoint while the new one takes its name.
const OLD_SUFFIX: &str = ".old";
const TEMPORARY_PREFIX: &str = ".unfinished-";

/// File contents by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Why a checkpoint outlives newer ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Marks {
    /// Step of the checkpoint with the best score so far.
    pub best: Option<usize>,
    /// Whether this checkpoint is never deleted.
    pub kept: bool,
}

/// Contents of `manifest.json`.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    step: usize,
    #[serde(default, flatten)]
    marks: Marks,
    /// SHA-256 of each file by name, in hexadecimal.
    sha256: BTreeMap<String, String>,
}

/// SHA-256 in hexadecimal.
pub fn checksum(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
    Sha256::digest(bytes).iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

fn file_error(path: &Path) -> impl FnOnce(io::Error) -> ModelError {
    let path = path.to_owned();
    move |source| ModelError::File { path, source }
}

/// Writes a checkpoint below `dir` and deletes those no longer needed; returns its folder.
///
/// # Errors
/// When a file or folder cannot be written; older checkpoints are then intact.
pub(crate) fn write(dir: &Path, step: usize, files: &Files, marks: Marks) -> Result<PathBuf, ModelError> {
    if !dir.is_dir() {
        fs::create_dir_all(dir).map_err(file_error(dir))?;
        dir.parent().map_or(Ok(()), sync_folder).map_err(file_error(dir))?;
    }
    let manifest = Manifest {
        step,
        marks,
        sha256: files.iter().map(|(name, bytes)| (name.clone(), checksum(bytes))).collect(),
    };
    let manifest = serde_json::to_vec_pretty(&manifest).map_err(|error| {
        ModelError::Other(format!("the checkpoint's manifest cannot be written: {error}"))
    })?;
    let building =
        tempfile::Builder::new().prefix(TEMPORARY_PREFIX).tempdir_in(dir).map_err(file_error(dir))?;
    for (name, bytes) in
        files.iter().map(|(name, bytes)| (name.as_str(), bytes)).chain([(MANIFEST, &manifest)])
    {
        let path = building.path().join(name);
        write_bytes(&path, Durability::Synced, bytes).map_err(file_error(&path))?;
    }
    let place = place(dir, step);
    replace_folder(building, &place).map_err(file_error(&place))?;
    sync_folder(dir).map_err(file_error(dir))?;
    prune(dir);
    Ok(place)
}

/// Renames the finished folder `building` to `place`; an existing folder there stays readable until it is
/// replaced.
fn replace_folder(building: TempDir, place: &Path) -> io::Result<()> {
    if !place.exists() {
        fs::rename(building.path(), place)?;
    } else if swap(building.path(), place).is_ok() {
        // After the swap the temporary name holds the old checkpoint.
        return building.close();
    } else {
        swap_in_steps(building.path(), place)?;
    }
    // The temporary folder was renamed: nothing to clean up.
    let _renamed = building.keep();
    Ok(())
}

/// Exchanges two folders in one operation.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn swap(new: &Path, old: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn swap(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// [`swap`] in two steps, for systems without an atomic exchange; in between, the old folder is `step-N.old`.
fn swap_in_steps(new: &Path, old: &Path) -> io::Result<()> {
    let mut aside = old.as_os_str().to_owned();
    aside.push(OLD_SUFFIX);
    let aside = PathBuf::from(aside);
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    fs::rename(old, &aside)?;
    if let Err(error) = fs::rename(new, old) {
        fs::rename(&aside, old)?;
        return Err(error);
    }
    fs::remove_dir_all(&aside)
}

fn place(dir: &Path, step: usize) -> PathBuf {
    let place = dir.join(format!("{PREFIX}{step}"));
    let aside = dir.join(format!("{PREFIX}{step}{OLD_SUFFIX}"));
    if !place.exists() && aside.exists() { aside } else { place }
}

/// Steps of the checkpoints below `dir`, newest first; empty when the folder cannot be read.
fn steps(dir: &Path) -> Vec<usize> {
    listed(dir).unwrap_or_default()
}

fn listed(dir: &Path) -> io::Result<Vec<usize>> {
    let entries = fs::read_dir(dir)?.collect::<io::Result<Vec<_>>>()?;
    let mut steps: Vec<usize> =
        entries.iter().filter_map(|entry| step_of(entry.file_name().to_str()?)).collect();
    steps.sort_unstable_by(|a, b| b.cmp(a));
    steps.dedup();
    Ok(steps)
}

/// Parses the step from a checkpoint folder's name.
pub fn step_of(name: &str) -> Option<usize> {
    let step = name.strip_prefix(PREFIX)?;
    step.strip_suffix(OLD_SUFFIX).unwrap_or(step).parse().ok()
}

/// Whether a checkpoint contains a file of this name.
pub fn is_own(name: &str) -> bool {
    name == MANIFEST || super::state::FILES.contains(&name)
}

/// Whether a folder of this name is an unfinished checkpoint.
pub fn is_unfinished(name: &str) -> bool {
    name.starts_with(TEMPORARY_PREFIX)
}

fn prune(dir: &Path) {
    let steps = steps(dir);
    let manifests: Vec<Option<Manifest>> =
        steps.iter().map(|step| manifest(&place(dir, *step)).ok()).collect();
    let best: Vec<usize> = manifests.iter().take(KEPT).flatten().filter_map(|m| m.marks.best).collect();
    let old = steps.iter().zip(&manifests).skip(KEPT).filter(|(step, manifest)| {
        !best.contains(step) && !manifest.as_ref().is_some_and(|manifest| manifest.marks.kept)
    });
    let old = old.map(|(step, _)| place(dir, *step));
    let unfinished = fs::read_dir(dir).into_iter().flatten().filter_map(|entry| {
        let entry = entry.ok()?;
        let name = entry.file_name();
        let name = name.to_str()?;
        let replaced = name.strip_suffix(OLD_SUFFIX).is_some_and(|name| dir.join(name).exists());
        (name.starts_with(TEMPORARY_PREFIX) || replaced).then(|| entry.path())
    });
    for path in old.chain(unfinished) {
        if let Err(error) = fs::remove_dir_all(&path) {
            log::warn!("{} could not be removed: {error}", shown(&path));
        }
    }
}

/// The newest checkpoint below `dir` whose checksums match.
pub fn newest_valid(dir: &Path) -> Option<(PathBuf, Files)> {
    newest(dir).ok()
}

/// As [`newest_valid`], but explains why there is none.
///
/// # Errors
///
/// One cause per unusable checkpoint, or the cause why `dir` cannot be listed.
pub fn newest(dir: &Path) -> Result<(PathBuf, Files), Vec<(PathBuf, String)>> {
    let steps = listed(dir).map_err(|error| vec![(dir.to_owned(), unreadable(&error))])?;
    let mut causes = Vec::new();
    for step in steps {
        let place = place(dir, step);
        match read(&place, step) {
            Ok(files) => return Ok((place, files)),
            Err(cause) => {
                log::warn!("{} is passed over: {cause}", shown(&place));
                causes.push((place, cause));
            }
        }
    }
    if causes.is_empty() {
        causes.push((dir.to_owned(), "there is no checkpoint in this folder".to_owned()));
    }
    Err(causes)
}

fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        _ => format!("cannot be read ({error})"),
    }
}

/// The checkpoint with the best score, as named by the newest readable manifest, if its checksums match.
pub(crate) fn best_valid(dir: &Path) -> Option<(PathBuf, Files)> {
    let best = steps(dir).into_iter().find_map(|step| manifest(&place(dir, step)).ok()?.marks.best)?;
    valid(dir, best)
}

fn valid(dir: &Path, step: usize) -> Option<(PathBuf, Files)> {
    let place = place(dir, step);
    match read(&place, step) {
        Ok(files) => Some((place, files)),
        Err(cause) => {
            log::warn!("{} is passed over: {cause}", shown(&place));
            None
        }
    }
}

fn manifest(place: &Path) -> Result<Manifest, String> {
    let bytes = regular_file::read(&place.join(MANIFEST), NOTE_LIMIT)
        .map_err(|error| format!("{MANIFEST}: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("{MANIFEST}: {error}"))
}

fn read(place: &Path, step: usize) -> Result<Files, String> {
    let manifest = manifest(place)?;
    if manifest.step != step {
        return Err(format!("{MANIFEST} is of step {}", manifest.step));
    }
    let mut files = Files::new();
    for (name, expected) in manifest.sha256 {
        let bytes = regular_file::read(&place.join(&name), ARRAY_LIMIT)
            .map_err(|error| format!("{name}: {error}"))?;
        if checksum(&bytes) != expected {
            return Err(format!("{name} is damaged (its SHA-256 differs from the manifest's)"));
        }
        files.insert(name, bytes);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_base::atomic_file::full_disk;

    fn files(text: &str) -> Files {
        Files::from([("weights".to_owned(), text.as_bytes().to_vec()), ("state".to_owned(), vec![1, 2])])
    }

    #[test]
    fn the_last_two_checkpoints_are_kept_and_the_newest_is_read() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(".unfinished-x")).unwrap();
        for step in [5, 10, 100] {
            let place = write(dir.path(), step, &files(&step.to_string()), Marks::default()).unwrap();
            assert!(place.ends_with(format!("step-{step}")));
        }
        let mut names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["step-10", "step-100"]);
        let (place, read) = newest_valid(dir.path()).unwrap();
        assert!(place.ends_with("step-100"));
        assert_eq!(read, files("100"));
    }

    #[test]
    fn a_damaged_or_unfinished_checkpoint_gives_way_to_the_older_one() {
        let dir = tempfile::tempdir().unwrap();
        assert!(newest_valid(&dir.path().join("absent")).is_none());
        write(dir.path(), 1, &files("one"), Marks::default()).unwrap();
        let newest = write(dir.path(), 2, &files("two"), Marks::default()).unwrap();
        fs::write(newest.join("weights"), "twO").unwrap();
        assert_eq!(newest_valid(dir.path()).unwrap().1, files("one"));
        fs::remove_file(newest.join("weights")).unwrap();
        assert_eq!(newest_valid(dir.path()).unwrap().1, files("one"));
        fs::remove_file(dir.path().join("step-1/manifest.json")).unwrap();
        assert!(newest_valid(dir.path()).is_none());
    }

    #[test]
    fn a_step_can_be_written_again() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), 3, &files("a"), Marks::default()).unwrap();
        write(dir.path(), 3, &files("b"), Marks::default()).unwrap();
        assert_eq!(newest_valid(dir.path()).unwrap().1, files("b"));
    }

    #[test]
    fn a_step_that_is_written_again_is_there_at_every_moment() {
        for (two_steps, times) in [(false, 500), (true, 20)] {
            let dir = tempfile::tempdir().unwrap();
            let place = write(dir.path(), 3, &files("a"), Marks::default()).unwrap();
            let building = tempfile::tempdir_in(dir.path()).unwrap();
            write(building.path(), 3, &files("b"), Marks::default()).unwrap();
            let new = building.path().join("step-3");
            let done = std::sync::atomic::AtomicBool::new(false);
            std::thread::scope(|scope| {
                let reader = scope.spawn(|| {
                    let mut reads = 0;
                    while !done.load(std::sync::atomic::Ordering::Relaxed) || reads == 0 {
                        assert!(
                            !steps(dir.path()).is_empty(),
                            "no checkpoint of the step after {reads} looks"
                        );
                        reads += 1;
                    }
                });
                for _ in 0..times {
                    if two_steps { swap_in_steps(&new, &place) } else { swap(&new, &place) }.unwrap();
                    if two_steps {
                        write(building.path(), 3, &files("b"), Marks::default()).unwrap();
                    }
                }
                done.store(true, std::sync::atomic::Ordering::Relaxed);
                reader.join().unwrap();
            });
        }
    }

    #[test]
    fn a_kill_between_the_two_steps_leaves_the_old_checkpoint() {
        let dir = tempfile::tempdir().unwrap();
        let place = write(dir.path(), 3, &files("a"), Marks::default()).unwrap();
        fs::rename(&place, dir.path().join("step-3.old")).unwrap();
        assert_eq!(newest_valid(dir.path()).unwrap().1, files("a"));
        write(dir.path(), 3, &files("b"), Marks::default()).unwrap();
        assert_eq!(newest_valid(dir.path()).unwrap().1, files("b"));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "the old one is removed");
    }

    #[test]
    fn the_best_checkpoint_and_those_to_be_kept_stay() {
        let dir = tempfile::tempdir().unwrap();
        assert!(best_valid(dir.path()).is_none());
        for step in 1..=8 {
            let marks = Marks { best: Some(if step < 7 { step.min(3) } else { 7 }), kept: step == 4 };
            write(dir.path(), step, &files(&step.to_string()), marks).unwrap();
            let best = best_valid(dir.path()).unwrap().1;
            assert_eq!(best, files(&marks.best.unwrap().to_string()), "after step {step}");
        }
        // 7 and 8 are the newest, 4 is kept; 3 was the best until 7 was.
        assert_eq!(steps(dir.path()), [8, 7, 4]);
    }

    #[test]
    fn a_disk_that_is_full_after_any_number_of_bytes_leaves_the_older_checkpoint() {
        let whole = tempfile::tempdir().unwrap();
        let place = write(whole.path(), 1, &files("one"), Marks::default()).unwrap();
        let sizes = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len());
        let bytes: u64 = sizes.sum();
        for room in 0..=bytes {
            let dir = tempfile::tempdir().unwrap();
            write(dir.path(), 1, &files("one"), Marks::default()).unwrap();
            let written =
                full_disk::with_room(room, || write(dir.path(), 2, &files("two"), Marks::default()).is_ok());
            assert_eq!(written, room == bytes, "{room} of {bytes} bytes");
            let expected = if written { "two" } else { "one" };
            assert_eq!(newest_valid(dir.path()).unwrap().1, files(expected));
            assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1 + usize::from(written), "litter");
        }
    }
}
