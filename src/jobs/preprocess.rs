//! A folder of recordings to a folder of images.

use std::{path::PathBuf, time::Instant};

use serde::Serialize;

use super::{JobError, JobEvent, Sink, forward, in_pool};
use crate::{
    audio::folder,
    interrupt::Interrupt,
    outputs::Replace,
    pipeline::{
        config::PreprocessingConfig,
        preprocessing::{PreprocessingPipeline, Target, merge_shards},
    },
};

/// What to preprocess.
#[derive(Clone, Debug)]
pub struct Request {
    /// Folder of recordings.
    pub folder: PathBuf,
    /// Preprocessed folder.
    pub out: PathBuf,
    /// Settings.
    pub config: PreprocessingConfig,
    /// `(index, count)`, from 1: only this part.
    pub shard: Option<(usize, usize)>,
    /// Threads, or `None` for every core.
    pub threads: Option<usize>,
    /// Which existing files may be replaced.
    pub replace: Replace,
}

/// What was preprocessed.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The preprocessed folder.
    pub out: PathBuf,
    /// Images written.
    pub saved: usize,
    /// Files left out, with causes.
    pub skipped: Vec<(PathBuf, String)>,
    /// Files used with a remark, in words.
    pub flagged: Vec<(PathBuf, String)>,
    /// Seconds it took.
    pub seconds: f64,
}

/// Preprocesses a folder.
///
/// # Errors
/// When no recording can be used or the disk refuses.
pub fn run(request: &Request, sink: &dyn Sink, interrupt: &Interrupt) -> Result<Report, JobError> {
    let start = Instant::now();
    let pipeline = PreprocessingPipeline::from_config(&request.config)?;
    let scan = folder::scan(&request.folder, interrupt, &mut |_| {})?;
    for skipped in &scan.skipped {
        sink.event(JobEvent::Skipped { path: skipped.path.clone(), cause: skipped.cause.clone() });
    }
    let events = forward(sink, "preprocessing");
    let target = Target { out: &request.out, shard: request.shard, replace: request.replace };
    let saved = in_pool(request.threads, || pipeline.save(&scan, target, &events, interrupt))??;
    let before = scan.skipped.into_iter().map(|skipped| (skipped.path, skipped.cause));
    Ok(Report {
        out: request.out.clone(),
        saved: saved.saved,
        skipped: before.chain(saved.skipped).collect(),
        flagged: saved.flagged.into_iter().map(|(path, flag)| (path, flag.to_string())).collect(),
        seconds: start.elapsed().as_secs_f64(),
    })
}

/// Joins the shards in `out`; returns the number of images.
///
/// # Errors
/// When a shard is missing or shards disagree.
pub fn merge(out: &std::path::Path) -> Result<usize, JobError> {
    Ok(merge_shards(out)?)
}
