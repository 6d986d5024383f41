//! Names of the files that describe a preprocessed folder, or a part of one.

use std::path::{Path, PathBuf};

use super::{error::PipelineError, manifest};

/// `min_max_values.pkl`, or `min_max_values.2-of-3.pkl` for a part.
pub(super) fn part_name(file_name: &str, shard: Option<(usize, usize)>) -> String {
    match (shard, file_name.rsplit_once('.')) {
        (Some((index, count)), Some((stem, extension))) => format!("{stem}.{index}-of-{count}.{extension}"),
        _ => file_name.to_owned(),
    }
}

/// `preprocessing.json` and its parts, as far as they exist, sorted.
pub(super) fn manifest_files(out: &Path) -> Result<Vec<PathBuf>, PipelineError> {
    let entries = std::fs::read_dir(out).map_err(|error| PipelineError::read(out, error))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| {
            entry.file_name().to_str().is_some_and(|name| name == manifest::FILE_NAME || is_part(name))
        })
        .map(|entry| entry.path())
        .collect();
    files.sort();
    Ok(files)
}

/// Whether `name` is `preprocessing.2-of-3.json` or alike; a person's copy of a manifest has another name.
fn is_part(name: &str) -> bool {
    let part = name.strip_prefix("preprocessing.").and_then(|name| name.strip_suffix(".json"));
    let numbers = part.and_then(|part| part.split_once("-of-"));
    numbers.is_some_and(|(index, count)| index.parse::<usize>().is_ok() && count.parse::<usize>().is_ok())
}
