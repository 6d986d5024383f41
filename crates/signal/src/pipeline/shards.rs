//! A preprocessed folder on disk: written whole or in shards, and joined again.
//!
//! The plan of a run is written first, as a `preprocessing.json` that says it is not complete. So a later run
//! knows which features are Timbrespace's own ([`super::ownership`]): those of recordings that are gone are removed, and
//! features that something else wrote are never mixed in or deleted, the run is refused instead.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    labels,
    manifest::{self, Manifest, ManifestItem, ManifestSkip, display_name},
    min_max_values::{self, MinMaxValues},
    ownership::{Ownership, Target, files_of, remove, stale},
    part_files::{manifest_files, part_name},
    preprocessing::{PipelineError, PipelineEvent, PreprocessingPipeline, SaveReport, refuse_vanished},
    saver::{Arrays, FEATURES, npy_path},
    stages::MinMax,
};
use crate::audio::folder::{FolderScan, Skipped};
use timbrespace_base::{
    interrupt::Interrupt,
    names::{self, shown},
    sentence,
};

/// Parts that the work on a folder may be shared out in.
pub const SHARDS: std::ops::RangeInclusive<usize> = 1..=100_000;

impl PreprocessingPipeline {
    /// Images of a whole folder in parallel, saved below `out` as the tutorial's Python reads them
    /// (features, `min_max_values.pkl`, `preprocessing.json`); of a sharded run only its part.
    ///
    /// An earlier run's features of recordings that are gone are removed. A folder with features that
    /// Timbrespace did not write is refused.
    ///
    /// # Errors
    /// When no recording could be used, the disk refuses, or on [`Interrupt`].
    pub fn save(
        &self,
        scan: &FolderScan,
        target: Target<'_>,
        sink: &(dyn Fn(PipelineEvent) + Sync),
        interrupt: &Interrupt,
    ) -> Result<SaveReport, PipelineError> {
        let Target { out, shard, replace } = target;
        let files = shard_files(&scan.files, shard)?;
        if scan.files.is_empty() {
            return Err(PipelineError::nothing_usable(scan, &scan.skipped));
        }
        self.check(scan, interrupt)?;
        let planned: Vec<PathBuf> =
            files.iter().flat_map(|relative| self.saver().files(out, relative)).collect();
        let owned = Ownership::read(out, replace)?;
        owned.check(&target, &planned, &scan.root, &scan.files)?;
        let padded_samples = self.common_len(scan, interrupt)?;
        let features = out.join(FEATURES);
        std::fs::create_dir_all(&features).map_err(|error| PipelineError::write(&features, error))?;
        let others = owned.others(out, &planned);
        let mut manifest =
            Manifest { earlier: others.clone(), ..self.plan(scan, files, shard, padded_samples) };
        let manifest_path = out.join(part_name(manifest::FILE_NAME, shard));
        manifest.write(&manifest_path)?;
        remove_other_kind(out, shard.is_some())?;
        stale(&others, &scan.files).into_iter().try_for_each(|name| remove(&out.join(name)))?;

        let targets = files.iter().map(|file| (file.as_path(), ())).collect();
        let stages = self.saver().wants_stages();
        let results = self.run(&scan.root, targets, sink, interrupt, |extractor, path, relative, ()| {
            let processed = self.process(extractor, path, padded_samples, stages)?;
            let arrays = Arrays {
                feature: &processed.image,
                padded: processed.padded.as_deref(),
                magnitude: processed.magnitude.as_ref(),
            };
            self.saver().save(out, relative, &arrays)?;
            Ok(((processed.min_max, processed.flags.clone()), processed.flags))
        })?;

        let skipped: Vec<Skipped> = results.iter().filter_map(|result| result.clone().err()).collect();
        // What an earlier run made of recordings that are gone now stays, under a manifest that is not complete.
        refuse_vanished(scan, &skipped)?;
        let mut outcome = Outcome::default();
        for (relative, result) in files.iter().zip(results) {
            match result {
                Ok((min_max, flags)) => {
                    outcome.keyed.push((key_of(out, relative), min_max));
                    outcome.items.push(ManifestItem { min_max: Some(min_max), flags, ..self.item(relative) });
                    outcome.paths.push(scan.root.join(relative));
                }
                Err(skip) => {
                    let files = self.saver().files(out, relative);
                    files.iter().filter(|file| owned.holds(out, file)).try_for_each(|file| remove(file))?;
                    outcome.skipped.push(skip);
                }
            }
        }
        if shard.is_none() && outcome.items.is_empty() {
            return Err(PipelineError::nothing_usable(scan, &outcome.skipped));
        }
        min_max_values::write(&out.join(part_name(min_max_values::FILE_NAME, shard)), &outcome.keyed)?;
        manifest.items.clone_from(&outcome.items);
        manifest.skipped.extend(outcome.skipped.iter().map(ManifestSkip::from));
        finish(&mut manifest, out, &manifest_path)?;
        Ok(outcome.report())
    }

    fn item(&self, relative: &Path) -> ManifestItem {
        ManifestItem {
            name: display_name(relative),
            class: labels::class_of(relative, &self.config().labels),
            min_max: None,
            flags: Vec::new(),
        }
    }

    /// What is about to be written.
    fn plan(
        &self,
        scan: &FolderScan,
        files: &[PathBuf],
        shard: Option<(usize, usize)>,
        padded_samples: usize,
    ) -> Manifest {
        let (bins, frames) = self.image_shape(padded_samples);
        Manifest {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            complete: false,
            shard: shard.map(|(index, count)| [index, count]),
            source: names::text_of(scan.root.as_os_str()).into_owned(),
            settings: self.config().clone(),
            image_shape: [bins, frames],
            padded_samples,
            classes: Vec::new(),
            items: files.iter().map(|file| self.item(file)).collect(),
            skipped: scan.skipped.iter().map(ManifestSkip::from).collect(),
            left_out: scan.left_out.clone(),
            earlier: Vec::new(),
        }
    }
}

/// What came of every recording of a run.
#[derive(Default)]
struct Outcome {
    /// The good ones, in order.
    items: Vec<ManifestItem>,
    /// Where these lie.
    paths: Vec<PathBuf>,
    /// Their extremes by key.
    keyed: Vec<(String, MinMax)>,
    skipped: Vec<Skipped>,
}

impl Outcome {
    fn report(self) -> SaveReport {
        let flags = |(path, item): (PathBuf, ManifestItem)| {
            item.flags.into_iter().map(move |flag| (path.clone(), flag))
        };
        SaveReport {
            saved: self.items.len(),
            flagged: self.paths.into_iter().zip(self.items).flat_map(flags).collect(),
            skipped: self.skipped.into_iter().map(|skip| (skip.path, skip.cause.to_string())).collect(),
        }
    }
}

fn finish(manifest: &mut Manifest, out: &Path, path: &Path) -> Result<(), PipelineError> {
    manifest.earlier.retain(|name| out.join(name).exists());
    manifest.skipped.sort();
    manifest.skipped.dedup();
    manifest.complete = true;
    manifest.write(path)
}

/// `--out` as typed, joined with the path: the key under which Python looks a feature up.
fn key_of(out: &Path, relative: &Path) -> String {
    names::text_of(npy_path(out, FEATURES, relative).as_os_str()).into_owned()
}

/// The files of part `index` of `count`, which are neighbours.
fn shard_files(files: &[PathBuf], shard: Option<(usize, usize)>) -> Result<&[PathBuf], PipelineError> {
    let Some((index, count)) = shard else {
        return Ok(files);
    };
    if index == 0 || index > count || !SHARDS.contains(&count) {
        return Err(PipelineError::Other(format!(
            "--shard is {index}/{count}, but must be I/N with I from 1 to N and N at most {}",
            SHARDS.end()
        )));
    }
    let edge = |n: usize| files.len() * n / count;
    Ok(files.get(edge(index - 1)..edge(index)).unwrap_or_default())
}

/// Removes the final pair before shards are written, and shards before a final pair is: never both at once.
fn remove_other_kind(out: &Path, sharded: bool) -> Result<(), PipelineError> {
    let mut paths = Vec::new();
    for manifest_path in manifest_files(out)? {
        let part = manifest_path.file_name().is_some_and(|name| name != manifest::FILE_NAME);
        if part != sharded {
            let name = manifest_path.file_name().unwrap_or_default().to_string_lossy();
            let values = name.replacen("preprocessing", "min_max_values", 1).replace(".json", ".pkl");
            paths.extend([out.join(values), manifest_path]);
        }
    }
    paths.iter().try_for_each(|path| remove(path))
}

/// Joins the parts that `--shard` runs left in `out` to the final pair of files; returns the number of images.
///
/// The joined folder equals the one that a run without `--shard` writes; the parts are removed.
///
/// # Errors
/// When a shard is missing or shards disagree on their settings.
pub fn merge_shards(out: &Path) -> Result<usize, PipelineError> {
    let mut parts = Vec::new();
    for path in manifest_files(out)? {
        if let Some(part) = Manifest::read(&path)?
            && let Some([index, count]) = part.shard
        {
            parts.push((index, count, part));
        }
    }
    parts.sort_by_key(|(index, ..)| *index);
    let count = check_parts(out, &parts)?;
    let mut all = parts.into_iter().map(|(.., part)| part);
    let Some(mut merged) = all.next() else {
        return Err(PipelineError::Other(format!("{}: has no shards to merge", shown(&out))));
    };
    for part in all {
        merged.items.extend(part.items);
        merged.skipped.extend(part.skipped);
        merged.earlier.extend(part.earlier);
    }
    let earlier: BTreeSet<String> = std::mem::take(&mut merged.earlier).into_iter().collect();
    let written: BTreeSet<String> = files_of(&merged).collect();
    merged.earlier = earlier.difference(&written).cloned().collect();
    if merged.items.is_empty() {
        return Err(PipelineError::Other(format!("{}: no shard holds an image", shown(&out))));
    }
    merged.shard = None;
    min_max_values::write(&out.join(min_max_values::FILE_NAME), &all_values(out, count)?)?;
    finish(&mut merged, out, &out.join(manifest::FILE_NAME))?;
    for index in 1..=count {
        for name in [manifest::FILE_NAME, min_max_values::FILE_NAME] {
            let path = out.join(part_name(name, Some((index, count))));
            std::fs::remove_file(&path).map_err(|error| PipelineError::write(&path, error))?;
        }
    }
    Ok(merged.items.len())
}

/// The extremes of all images, under the keys that the shards were written with.
fn all_values(out: &Path, count: usize) -> Result<Vec<(String, MinMax)>, PipelineError> {
    let mut all = Vec::new();
    for index in 1..=count {
        let path = out.join(part_name(min_max_values::FILE_NAME, Some((index, count))));
        let values = MinMaxValues::read(&path)?.ok_or_else(|| {
            let cause = sentence!("images-no-shard", "it is missing; run this shard again");
            PipelineError::refused(&path, cause)
        })?;
        all.extend(values.into_entries());
    }
    Ok(all)
}

/// Refuses parts that are missing, unfinished, or do not belong together; returns how many there are.
fn check_parts(out: &Path, parts: &[(usize, usize, Manifest)]) -> Result<usize, PipelineError> {
    let refuse = |message: String| Err(PipelineError::Other(format!("{}: {message}", shown(&out))));
    let Some((_, count, first)) = parts.first() else {
        return refuse("has no shards to merge; run preprocess with --shard I/N first".to_owned());
    };
    for (index, other, part) in parts {
        if other != count {
            return refuse(format!(
                "holds shards of {count} and of {other}; remove preprocessing.*-of-{other}.json or the others"
            ));
        }
        if part.settings != first.settings || part.image_shape != first.image_shape {
            return refuse(format!("shard {index} has other settings than shard 1; run it again"));
        }
        if part.left_out != first.left_out {
            return refuse(format!(
                "shard {index} leaves out {} recordings by a list, shard 1 {}; run it again with the same list",
                part.left_out.len(),
                first.left_out.len()
            ));
        }
        if part.source != first.source {
            return refuse(format!("shard {index} is of {}, shard 1 of {}", part.source, first.source));
        }
        if !part.complete {
            return refuse(format!("shard {index} of {count} was interrupted; run it again"));
        }
    }
    let missing: Vec<String> = (1..=*count)
        .filter(|index| !parts.iter().any(|(present, ..)| present == index))
        .map(|index| index.to_string())
        .collect();
    if missing.is_empty() {
        Ok(*count)
    } else {
        refuse(format!("shard {} of {count} is missing; run it first", missing.join(", ")))
    }
}
