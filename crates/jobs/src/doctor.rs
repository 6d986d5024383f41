//! Examines a folder of recordings for what is wrong with them.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use rayon::prelude::*;
use serde::Serialize;

use crate::{
    JobContext, JobError,
    data::chosen::{self, Chosen},
    files, in_pool,
    scan::name_of,
};
use timbrespace_analysis::inspect::doctor::{
    check::Check,
    csv, duplicates,
    examiner::{Examination, Examiner},
    finding::Finding,
    folder::{Examined, conclude},
};
use timbrespace_base::{
    atomic_file::Durability,
    interrupt::{Interrupt, Signal},
    names::{self, shown},
};
use timbrespace_signal::{
    audio::{
        decode::{self, DecodeError, DecodeRequest, Decoded},
        folder::{Cause, FolderScan, Skipped},
        left_out::LeftOut,
    },
    pipeline::{
        config::PreprocessingConfig,
        pieces::{self, FileSpan},
    },
};

/// The name of the work in progress news.
pub const EXAMINING: &str = "examining";

/// Seconds of a recording that are decoded, beyond those that the image shows: what lies after five minutes is not
/// listened to, so that a folder of concerts takes bounded memory.
const LISTENED_SECS: f64 = 300.0;

/// What to examine.
#[derive(Clone, Debug)]
pub struct Request {
    /// Folder of recordings.
    pub folder: PathBuf,
    /// Recordings to leave out; `listed` has none of them.
    pub left_out: LeftOut,
    /// Its recordings, where they are listed already.
    pub listed: Option<FolderScan>,
    /// The settings that images are made with.
    pub config: PreprocessingConfig,
    /// Threads, or `None` for every core.
    pub threads: Option<usize>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// The folder.
    #[serde(serialize_with = "names::serialize")]
    pub folder: PathBuf,
    /// Recordings that were examined, unreadable ones included.
    pub recordings: usize,
    /// The findings, the gravest first.
    pub findings: Vec<Finding>,
    /// Seconds it took.
    pub seconds: f64,
}

impl Report {
    /// Recordings that `check` found, and its findings.
    pub fn of(&self, check: Check) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.check() == check)
    }
}

/// Examines a folder.
///
/// # Errors
/// When the folder cannot be read, or on [`Interrupt`].
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let start = Instant::now();
    request.config.validate()?;
    let scan = match &request.listed {
        Some(scan) => scan.clone(),
        None => chosen::scan(Chosen::new(&request.folder, &request.left_out), &request.config, context)?,
    };
    let findings = in_pool(request.threads, || findings(&scan, &request.config, context))??;
    Ok(Report {
        folder: scan.root,
        recordings: scan.files.len() + scan.skipped.len(),
        findings,
        seconds: start.elapsed().as_secs_f64(),
    })
}

/// Writes `findings` as comma-separated values.
///
/// # Errors
/// When the file cannot be written.
pub fn save_csv(path: &Path, findings: &[Finding]) -> Result<(), JobError> {
    files::write_text(path, Durability::Renamed, &csv::of(findings))
}

fn findings(
    scan: &FolderScan,
    config: &PreprocessingConfig,
    context: &JobContext<'_>,
) -> Result<Vec<Finding>, JobError> {
    let total = scan.files.len();
    let finished = AtomicUsize::new(0);
    let mut examined: Vec<Examined> = scan
        .files
        .par_iter()
        .map_init(
            || Examiner::new(config),
            |examiner, file| {
                context.wait_while_paused()?;
                let result = examine(examiner, &scan.root.join(file), config);
                let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
                context.progress(EXAMINING, done, total);
                Ok::<_, JobError>(Examined { name: name_of(file), result })
            },
        )
        .collect::<Result<_, _>>()?;
    let copies = copies(scan, &examined, config, context.interrupt).ok_or(JobError::Stopped)?;
    examined.extend(scan.skipped.iter().map(|skipped| unreadable(&scan.root, skipped)));
    Ok(conclude(&examined, &copies, config))
}

/// A file that the listing left out already.
fn unreadable(root: &Path, Skipped { path, cause }: &Skipped) -> Examined {
    // The name stands beside the cause.
    let prefix = format!("{}: ", shown(&path));
    let cause = match cause.to_string().strip_prefix(&prefix) {
        Some(words) => words.into(),
        None => cause.clone(),
    };
    Examined { name: name_of(path.strip_prefix(root).unwrap_or(path)), result: Err(cause) }
}

fn examine(examiner: &mut Examiner, path: &Path, config: &PreprocessingConfig) -> Result<Examination, Cause> {
    Ok(examiner.examine(&listen(path, config)?, path)?)
}

fn listen(path: &Path, config: &PreprocessingConfig) -> Result<Decoded, DecodeError> {
    let FileSpan { file, offset_secs, max_secs } = pieces::part_of(path, config)?;
    let is_piece = *file != *path;
    let max_secs = max_secs.map(|shown| if is_piece { shown } else { shown.max(LISTENED_SECS) });
    let max_secs = Some(max_secs.unwrap_or(LISTENED_SECS));
    decode::decode_with(&file, &DecodeRequest { offset_secs, max_secs, ..DecodeRequest::default() })
}

/// Pairs `(copy, original)`: recordings of equal fingerprints are decoded again and compared.
fn copies(
    scan: &FolderScan,
    examined: &[Examined],
    config: &PreprocessingConfig,
    interrupt: &Interrupt,
) -> Option<Vec<(usize, usize)>> {
    let fingerprint = |recording: &Examined| recording.result.as_ref().ok()?.fingerprint;
    let fingerprints: Vec<Option<u64>> = examined.iter().map(fingerprint).collect();
    let clip = |index: usize| {
        let decoded = listen(&scan.root.join(scan.files.get(index)?), config).ok()?;
        Some((decoded.clip, decoded.info.duration_secs))
    };
    duplicates::find(&fingerprints, |one, other| {
        if interrupt.wait_while_paused() == Signal::Stop {
            return None;
        }
        // A file that has gone since is nobody's copy.
        Some(clip(one).zip(clip(other)).is_some_and(|(one, other)| one == other))
    })
}

#[cfg(test)]
mod tests;
