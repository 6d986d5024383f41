//! Epochs by the clock: every way in turn, warm and cold.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use ndarray::Array2;

use super::{method::LoadingMethod, page_cache, source::Source};
use crate::{JobContext, JobError, JobEvent, Sink};
use timbrespace_analysis::inspect::distribution::median;
use timbrespace_base::{processes, sentence};

/// Least time between two pieces of news: drawing them must not take part in what is measured.
const NEWS_INTERVAL: Duration = Duration::from_millis(500);
/// Part of the files' bytes that must come from storage for an epoch to count as cold.
const COLD_PART: f64 = 0.5;

/// A way to measure.
pub(super) struct Candidate<'a> {
    name: &'static str,
    threads: usize,
    files: &'a [PathBuf],
    source: Box<dyn Source + Send + 'a>,
    pool: rayon::ThreadPool,
}

impl<'a> Candidate<'a> {
    /// A way called `name` that reads `files` once an epoch on a pool of `threads` of its own.
    pub(super) fn new(
        name: &'static str,
        threads: usize,
        files: &'a [PathBuf],
        source: impl Source + Send + 'a,
    ) -> Result<Self, JobError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("loading-{index}"))
            .build()
            .map_err(|error| {
                sentence!(
                    "error-job-threads",
                    "cannot start {count} threads: {cause}",
                    count = threads,
                    cause = error
                )
            })?;
        Ok(Self { name, threads, files, source: Box::new(source), pool })
    }

    fn file_bytes(&self) -> u64 {
        let files = page_cache::distinct(self.files);
        files.iter().filter_map(|file| fs::metadata(file).ok()).map(|meta| meta.len()).sum()
    }
}

/// The figures of all ways.
pub(super) struct LoadingTimes {
    pub ways: Vec<LoadingMethod>,
    pub cold_unavailable: Option<String>,
}

/// How to measure.
pub(super) struct Stopwatch<'a> {
    pub batch_size: usize,
    pub epochs: usize,
    pub context: &'a JobContext<'a>,
}

/// Batches done and in all, and when that was told last.
struct Count {
    stage: &'static str,
    done: usize,
    total: usize,
    told: Instant,
}

impl Stopwatch<'_> {
    /// Measures all ways: one epoch each that is not timed, for images and memory, then rounds of one cold and one warm
    /// epoch each.
    pub(super) fn measure(&self, candidates: &[Candidate<'_>]) -> Result<LoadingTimes, JobError> {
        let batches: usize = candidates.iter().map(|way| way.files.len().div_ceil(self.batch_size)).sum();
        let mut count = Count::new("checking the images", batches);
        let mut ways = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            ways.push(self.first_epoch(candidate, &mut count)?);
        }
        let cold_unavailable = self.probe(candidates)?;
        let kinds = if cold_unavailable.is_none() { 2 } else { 1 };
        let mut count = Count::new("timing epochs", batches * self.epochs * kinds);
        let mut from_storage = vec![Vec::new(); ways.len()];
        for round in 0..self.epochs {
            for turn in 0..candidates.len() {
                let place = if round % 2 == 0 { turn } else { candidates.len() - 1 - turn };
                let (Some(candidate), Some(way)) = (candidates.get(place), ways.get_mut(place)) else {
                    continue;
                };
                if cold_unavailable.is_none() {
                    page_cache::forget(candidate.files)?;
                    let before = processes::storage_bytes();
                    way.cold_seconds_per_epoch.push(self.epoch(candidate, &mut count)?);
                    if let (Some(before), Some(after)) = (before, processes::storage_bytes()) {
                        from_storage[place].push(after.saturating_sub(before) as f64);
                    }
                }
                way.seconds_per_epoch.push(self.epoch(candidate, &mut count)?);
            }
        }
        for ((way, candidate), bytes) in ways.iter_mut().zip(candidates).zip(&from_storage) {
            way.bytes_from_storage = median(bytes).map(|bytes| bytes as u64);
            way.sum_up(candidate.files.len());
        }
        Ok(LoadingTimes { ways, cold_unavailable })
    }

    /// The epoch that is not timed: what the images are, and what they take.
    fn first_epoch(&self, candidate: &Candidate<'_>, count: &mut Count) -> Result<LoadingMethod, JobError> {
        let before = processes::resident_bytes();
        let (mut checksum, mut most, mut image_bytes) = (0_u64, before, 0);
        self.batches(candidate, count, &mut |index, image| {
            checksum = checksum.wrapping_add(hash(index, image));
            image_bytes = image_bytes.max(image.len() * size_of::<f32>());
            if (index + 1).is_multiple_of(self.batch_size) || index + 1 == candidate.files.len() {
                most = most.max(processes::resident_bytes());
            }
        })?;
        let held = candidate.source.held(self.batch_size).min(candidate.files.len());
        Ok(LoadingMethod {
            name: candidate.name.to_owned(),
            threads: candidate.threads,
            bytes_read: candidate.file_bytes(),
            held_bytes: (held * image_bytes) as u64,
            memory_growth_bytes: most.zip(before).map(|(most, before)| most - before),
            checksum: format!("{checksum:016x}"),
            ..LoadingMethod::default()
        })
    }

    /// Why cold epochs cannot be measured here, or `None` when they can: tried out on the first way.
    fn probe(&self, candidates: &[Candidate<'_>]) -> Result<Option<String>, JobError> {
        let Some(candidate) = candidates.first() else { return Ok(None) };
        if let Err(error) = page_cache::forget(candidate.files) {
            return Ok(Some(error.to_string()));
        }
        let Some(before) = processes::storage_bytes() else {
            return Ok(Some("the system does not tell what came from storage".to_owned()));
        };
        self.batches(candidate, &mut Count::new("trying a cold epoch", usize::MAX), &mut |_, _| {})?;
        let came = processes::storage_bytes().unwrap_or(before).saturating_sub(before);
        let all = candidate.file_bytes();
        let is_warm = (came as f64) < COLD_PART * all as f64;
        Ok(is_warm.then(|| {
            format!(
                "the system kept the files in memory although it was asked to drop them: {came} of {all} bytes came from \
                 storage"
            )
        }))
    }

    /// Seconds of one epoch.
    fn epoch(&self, candidate: &Candidate<'_>, count: &mut Count) -> Result<f64, JobError> {
        let start = Instant::now();
        self.batches(candidate, count, &mut |_, image| {
            std::hint::black_box(image);
        })?;
        Ok(start.elapsed().as_secs_f64())
    }

    fn batches(
        &self,
        candidate: &Candidate<'_>,
        count: &mut Count,
        visit: &mut (dyn FnMut(usize, &Array2<f32>) + Send),
    ) -> Result<(), JobError> {
        candidate.pool.install(|| {
            let files = candidate.files.len();
            for start in (0..files).step_by(self.batch_size) {
                self.context.wait_while_paused()?;
                candidate.source.load(start..(start + self.batch_size).min(files), visit)?;
                count.advance(self.context.sink);
            }
            Ok(())
        })
    }
}

impl Count {
    fn new(stage: &'static str, total: usize) -> Self {
        Self { stage, done: 0, total, told: Instant::now() }
    }

    fn advance(&mut self, sink: &dyn Sink) {
        self.done += 1;
        if self.done == self.total || self.told.elapsed() >= NEWS_INTERVAL {
            self.told = Instant::now();
            sink.event(JobEvent::Progress { stage: self.stage, done: self.done, total: self.total });
        }
    }
}

/// A sum over an image's place, size and every bit (FNV-1a over whole numbers), for telling images apart.
fn hash(index: usize, image: &Array2<f32>) -> u64 {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let step = |sum: u64, value: u64| (sum ^ value).wrapping_mul(PRIME);
    let (bins, frames) = image.dim();
    let start = [index, bins, frames].iter().fold(START, |sum, &value| step(sum, value as u64));
    image.iter().fold(start, |sum, value| step(sum, u64::from(value.to_bits())))
}
