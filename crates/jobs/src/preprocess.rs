//! A folder of recordings to a folder of images.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use serde::Serialize;

use crate::{
    JobContext, JobError, JobEvent,
    data::chosen::{self, Chosen},
    forward, in_pool,
};
use timbrespace_base::{
    atomic_file, folder_lock::FolderLock, interrupt::UnsavedWork, names, outputs::Replace,
};
use timbrespace_signal::{
    audio::left_out::LeftOut,
    pipeline::{
        config::PreprocessingConfig,
        preprocessing::{PreprocessingPipeline, Target, merge_shards},
        saver::{FEATURES, MAGNITUDES, SIGNALS},
    },
};

/// What to preprocess.
#[derive(Clone, Debug)]
pub struct Request {
    /// Folder of recordings.
    pub folder: PathBuf,
    /// Recordings to leave out.
    pub left_out: LeftOut,
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
    #[serde(serialize_with = "names::serialize")]
    pub out: PathBuf,
    /// Images written.
    pub saved: usize,
    /// Files left out, with causes.
    #[serde(serialize_with = "names::serialize")]
    pub skipped: Vec<(PathBuf, String)>,
    /// Files used with a remark, in words.
    #[serde(serialize_with = "names::serialize")]
    pub flagged: Vec<(PathBuf, String)>,
    /// Seconds it took.
    pub seconds: f64,
}

/// Preprocesses a folder.
///
/// # Errors
/// When no recording can be used or the disk refuses.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let start = Instant::now();
    let pipeline = PreprocessingPipeline::from_config(&request.config)?;
    let scan = chosen::scan(Chosen::new(&request.folder, &request.left_out), &request.config, context)?;
    for skipped in &scan.skipped {
        context.event(JobEvent::Skipped { path: skipped.path.clone(), cause: skipped.cause.clone() });
    }
    let _one_writer = match request.shard {
        None => alone(&request.out, "preprocess")?,
        Some((index, count)) => {
            FolderLock::part(&request.out, &format!("{index}-of-{count}"), &format!("shard {index}/{count}"))?
        }
    };
    let events = forward(context.sink, "preprocessing");
    let target = Target { out: &request.out, shard: request.shard, replace: request.replace };
    let saved = in_pool(request.threads, || pipeline.save(&scan, target, &events, context.interrupt))??;
    let before = scan.skipped.into_iter().map(|skipped| (skipped.path, skipped.cause.to_string()));
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
pub fn merge(out: &Path) -> Result<usize, JobError> {
    let _one_writer = alone(out, "preprocess --merge")?;
    // The parts are removed once the whole stands: not half of them.
    let _keeping = UnsavedWork::begin();
    Ok(merge_shards(out)?)
}

/// Locks all of `out` and removes the unfinished files of a run that was killed; no shard is at work meanwhile. Folders that
/// are not ours stay as they are: other programs may be writing to them.
fn alone(out: &Path, work: &str) -> Result<FolderLock, JobError> {
    let lock = FolderLock::whole(out, work)?;
    atomic_file::remove_unfinished(out);
    for folder in [FEATURES, SIGNALS, MAGNITUDES] {
        atomic_file::remove_unfinished_below(&out.join(folder));
    }
    Ok(lock)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, sync::atomic::AtomicBool, sync::atomic::Ordering};

    use super::*;
    use timbrespace_base::interrupt::Interrupt;
    use timbrespace_signal::{
        audio::{
            clip::Clip,
            encode::{BitDepth, write_wav},
        },
        pipeline::dataset::Dataset,
    };

    /// Folders `sounds` with three recordings and `p` for their images.
    fn request(dir: &Path) -> Request {
        let folder = dir.join("sounds");
        fs::create_dir(&folder).unwrap();
        for name in ["a.wav", "b.wav", "c.wav"] {
            let clip = Clip::mono((0..4000).map(|n| (n as f32 / 9.0).sin() / 2.0).collect(), 22_050);
            write_wav(&folder.join(name), &clip, BitDepth::Int16).unwrap();
        }
        Request {
            folder,
            left_out: LeftOut::default(),
            out: dir.join("p"),
            config: PreprocessingConfig::default(),
            shard: None,
            threads: Some(1),
            replace: Replace::Own,
        }
    }

    #[test]
    fn a_folder_that_vanishes_under_way_leaves_nothing_that_says_it_is_complete() {
        let dir = tempfile::tempdir().unwrap();
        let request = request(dir.path());
        run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        let gone = AtomicBool::new(false);
        let sink = |event: JobEvent| {
            if matches!(event, JobEvent::Progress { done: 1, .. }) && !gone.swap(true, Ordering::SeqCst) {
                fs::rename(&request.folder, dir.path().join("elsewhere")).unwrap();
            }
        };
        let message = run(&request, &JobContext::new(&sink, &Interrupt::new())).unwrap_err().to_string();
        for part in ["2 of 3 recordings vanished", "b.wav", "run it again"] {
            assert!(message.contains(part), "{part}: {message}");
        }
        let opened = Dataset::open(&request.out).unwrap_err().to_string();
        assert!(opened.contains("interrupted"), "{opened}");
        assert!(request.out.join("spectrograms/c.wav.npy").is_file(), "what an earlier run made stays");
        fs::rename(dir.path().join("elsewhere"), &request.folder).unwrap();
        assert_eq!(run(&request, &JobContext::silent(&Interrupt::new())).unwrap().saved, 3);
        assert_eq!(Dataset::open(&request.out).unwrap().len(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_a_bad_recording_and_no_vanished_one() {
        let dir = tempfile::tempdir().unwrap();
        let request = request(dir.path());
        std::os::unix::fs::symlink("nowhere", request.folder.join("d.wav")).unwrap();
        assert_eq!(run(&request, &JobContext::silent(&Interrupt::new())).unwrap().saved, 3);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_too_long_costs_its_recording_and_the_rest_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let request = request(dir.path());
        for bytes in 250..=255 {
            let name = "x".repeat(bytes - 4) + ".wav";
            fs::copy(request.folder.join("a.wav"), request.folder.join(name)).unwrap();
        }
        let report = run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        assert_eq!((report.saved, report.skipped.len()), (5, 4), "{:?}", report.skipped);
        assert!(
            report.skipped.iter().all(|(_, cause)| cause.contains("shorter name")),
            "{:?}",
            report.skipped
        );
        assert_eq!(Dataset::open(&request.out).unwrap().len(), 5);
    }
}
