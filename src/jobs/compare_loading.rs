//! Cached images against decoding on the fly: the time of an epoch each way.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use serde::Serialize;

use super::{
    JobError, JobEvent, Sink,
    files::{named, write_array},
};
use crate::{
    audio::folder,
    interrupt::Interrupt,
    pipeline::{config::PreprocessingConfig, dataset, preprocessing::PreprocessingPipeline},
};

/// What to compare.
#[derive(Clone, Debug)]
pub struct Request {
    /// Folder of recordings.
    pub folder: PathBuf,
    /// Settings.
    pub config: PreprocessingConfig,
    /// Epochs each way.
    pub epochs: usize,
    /// Images a batch.
    pub batch_size: usize,
}

/// One way's figures.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// `cached .npy` or `on the fly`.
    pub name: String,
    /// Seconds of each epoch.
    pub seconds_per_epoch: Vec<f64>,
    /// Bytes of the files read in one epoch.
    pub bytes_read: u64,
}

impl Way {
    fn fastest(&self) -> f64 {
        self.seconds_per_epoch.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// Both ways.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Recordings used.
    pub recordings: usize,
    /// Images a batch.
    pub batch_size: usize,
    /// Seconds spent once on writing the cache.
    pub cache_seconds: f64,
    /// The two ways.
    pub ways: Vec<Way>,
    /// Which won, and by which factor, in words.
    pub verdict: String,
}

/// Compares, on one thread, with the files that can be used; the cache lies in a temporary folder.
///
/// # Errors
/// When no recording can be used or the temporary folder cannot be written to.
pub fn run(request: &Request, sink: &dyn Sink, interrupt: &Interrupt) -> Result<Report, JobError> {
    let pipeline = PreprocessingPipeline::from_config(&request.config)?;
    let scan = folder::scan(&request.folder, interrupt, &mut |_| {})?;
    pipeline.check(&scan, interrupt)?;
    let cache = named(&std::env::temp_dir(), tempfile::tempdir())?;
    let start = Instant::now();
    let pairs = write_cache(&scan.root, &scan.files, cache.path(), &pipeline, sink, interrupt)?;
    let cache_seconds = start.elapsed().as_secs_f64();
    if pairs.is_empty() {
        return Err(JobError::file(&request.folder, "holds no recording that can be used"));
    }
    let epochs =
        Epochs { batch_size: request.batch_size.max(1), count: request.epochs.max(1), sink, interrupt };
    let cached = epochs.time("cached .npy", pairs.iter().map(|(_, npy)| npy.as_path()), |path| {
        let image = dataset::read_image(path)?;
        Ok(image.sum())
    })?;
    let on_the_fly = epochs.time("on the fly", pairs.iter().map(|(sound, _)| sound.as_path()), |path| {
        Ok(pipeline.stages(path)?.normalised.sum())
    })?;
    let verdict = verdict(&cached, &on_the_fly, cache_seconds);
    Ok(Report {
        recordings: pairs.len(),
        batch_size: epochs.batch_size,
        cache_seconds,
        ways: vec![cached, on_the_fly],
        verdict,
    })
}

/// Writes an image of every usable recording; returns the paths of recordings and images.
fn write_cache(
    root: &Path,
    files: &[PathBuf],
    cache: &Path,
    pipeline: &PreprocessingPipeline,
    sink: &dyn Sink,
    interrupt: &Interrupt,
) -> Result<Vec<(PathBuf, PathBuf)>, JobError> {
    let mut pairs = Vec::with_capacity(files.len());
    for (index, file) in files.iter().enumerate() {
        if interrupt.is_stopped() {
            return Err(JobError::Stopped);
        }
        let path = root.join(file);
        match pipeline.stages(&path) {
            Ok(stages) => {
                let npy = cache.join(format!("{index}.npy"));
                write_array(&npy, &stages.normalised)?;
                pairs.push((path, npy));
            }
            Err(error) => sink.event(JobEvent::Skipped { path, cause: error.to_string() }),
        }
        sink.event(JobEvent::Progress { stage: "writing the cache", done: index + 1, total: files.len() });
    }
    Ok(pairs)
}

struct Epochs<'a> {
    batch_size: usize,
    count: usize,
    sink: &'a dyn Sink,
    interrupt: &'a Interrupt,
}

impl Epochs<'_> {
    /// Loads every file once an epoch, in batches; `load` returns something that depends on every value.
    fn time<'p>(
        &self,
        name: &'static str,
        files: impl Iterator<Item = &'p Path>,
        mut load: impl FnMut(&Path) -> Result<f32, JobError>,
    ) -> Result<Way, JobError> {
        let files: Vec<&Path> = files.collect();
        let bytes_read = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|meta| meta.len()).sum();
        let mut seconds_per_epoch = Vec::with_capacity(self.count);
        for epoch in 0..self.count {
            let start = Instant::now();
            for batch in files.chunks(self.batch_size) {
                if self.interrupt.is_stopped() {
                    return Err(JobError::Stopped);
                }
                for file in batch {
                    std::hint::black_box(load(file)?);
                }
            }
            seconds_per_epoch.push(start.elapsed().as_secs_f64());
            self.sink.event(JobEvent::Progress { stage: name, done: epoch + 1, total: self.count });
        }
        Ok(Way { name: name.to_owned(), seconds_per_epoch, bytes_read })
    }
}

fn verdict(cached: &Way, on_the_fly: &Way, cache_seconds: f64) -> String {
    let (cached_seconds, fly_seconds) = (cached.fastest(), on_the_fly.fastest());
    if cached_seconds < fly_seconds {
        let saved = fly_seconds - cached_seconds;
        format!(
            "cached .npy wins: an epoch takes {cached_seconds:.3} s instead of {fly_seconds:.3} s, {:.1} times faster; \
             writing the cache pays after {} epochs",
            fly_seconds / cached_seconds,
            (cache_seconds / saved).ceil()
        )
    } else {
        format!(
            "on the fly wins: an epoch takes {fly_seconds:.3} s instead of {cached_seconds:.3} s, {:.1} times faster, \
             and needs no cache",
            cached_seconds / fly_seconds
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(seconds: &[f64]) -> Way {
        Way { name: String::new(), seconds_per_epoch: seconds.to_vec(), bytes_read: 0 }
    }

    #[test]
    fn the_verdict_names_the_winner_by_its_fastest_epoch() {
        let words = verdict(&way(&[9.0, 1.0]), &way(&[4.0, 3.0]), 5.0);
        assert!(words.starts_with("cached .npy wins") && words.contains("3.0 times"), "{words}");
        assert!(words.ends_with("after 3 epochs"), "{words}");
        assert!(verdict(&way(&[2.0]), &way(&[1.0]), 5.0).starts_with("on the fly wins"));
    }
}
