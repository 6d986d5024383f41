//! Is it faster to read saved images or to make them from the sounds each time? And is log-mel faster item by item or in
//! batches? Both are measured on a person's own folder, because the answer depends on its files and on the machine.
//!
//! Every way loads all recordings once an epoch, in batches, on the same number of threads. The ways take turns, and turns
//! change their order from round to round, so that none is always first. An epoch is warm when the files are in the
//! system's page cache, cold when they were dropped from it just before; what cannot be measured here is said and not
//! guessed.

mod cache;
mod mel;
mod method;
mod page_cache;
mod report;
mod source;
mod stopwatch;
mod text;
mod verdict;

use std::{num::NonZero, path::PathBuf};

pub use cache::WRITING;
pub use mel::MelReport;
pub use method::LoadingMethod;
pub use report::Report;
pub use text::text;
pub use verdict::{EQUAL, Standing, is_named_twice, standings};

use self::{
    cache::Cache,
    source::{Cached, OnTheFly},
    stopwatch::{Candidate, Stopwatch},
};
use crate::{
    JobContext, JobError,
    data::chosen::{self, Chosen},
};

use timbrespace_signal::{
    audio::{folder::FolderScan, left_out::LeftOut},
    pipeline::{
        config::PreprocessingConfig,
        preprocessing::{PipelineError, PreprocessingPipeline},
    },
};

/// What to compare.
#[derive(Clone, Debug)]
pub struct Request {
    /// Folder of recordings.
    pub folder: PathBuf,
    /// Recordings to leave out.
    pub left_out: LeftOut,
    /// Settings.
    pub config: PreprocessingConfig,
    /// Epochs each way, warm and again cold.
    pub epochs: usize,
    /// Images a batch.
    pub batch_size: usize,
    /// Threads that load, the same for both ways; `None` for every core.
    pub threads: Option<usize>,
}

/// Measures all ways with the recordings that can be used; the cache lies in a temporary folder.
///
/// # Errors
/// When no recording can be used or the temporary folder cannot be written to.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let pipeline = PreprocessingPipeline::from_config(&request.config)?;
    let scan = chosen::scan(Chosen::new(&request.folder, &request.left_out), &request.config, context)?;
    context.check_stopped()?;
    pipeline.check(&scan, context.interrupt)?;
    let threads = request.threads.unwrap_or_else(cores);
    let cache = Cache::write(&scan, &pipeline, threads, context)?;
    if cache.images.is_empty() {
        return Err(PipelineError::nothing_usable(&scan, &scan.skipped).into());
    }
    let (batch_size, epochs) = (request.batch_size.max(1), request.epochs.max(1));
    let recordings: Vec<PathBuf> = cache.recordings.iter().map(|file| scan.root.join(file)).collect();
    let usable =
        FolderScan { root: scan.root.clone(), files: cache.recordings.clone(), ..FolderScan::default() };
    let sounds = mel::sounds(&usable, &request.config)?;
    let mut candidates = vec![
        Candidate::new("cached .npy", threads, &cache.images, Cached { images: &cache.images })?,
        Candidate::new(
            "on the fly",
            threads,
            &recordings,
            OnTheFly { pipeline: &pipeline, recordings: &recordings },
        )?,
    ];
    candidates.extend(mel::candidates(&sounds, &recordings, threads)?);
    let measured = Stopwatch { batch_size, epochs, context }.measure(&candidates)?;
    let mut ways = measured.ways;
    let mel_ways = ways.split_off(2);
    let verdict = verdict::cached_or_on_the_fly(&ways, cache.seconds);
    Ok(Report {
        recordings: cache.images.len(),
        batch_size,
        epochs,
        threads,
        cache_seconds: cache.seconds,
        cache_bytes: ways.first().map_or(0, |way| way.bytes_read),
        pays_after_epochs: verdict::pays_after(&ways, cache.seconds),
        images_equal: method::all_equal(&ways),
        cold_unavailable: measured.cold_unavailable,
        ways,
        verdict,
        mel: MelReport::new(mel_ways),
    })
}

/// Every core of this machine.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

#[cfg(test)]
mod tests;
