//! `run.json`: when, where, how and how far a run went; and the list of past runs.
//!
//! What a person notes about a run lies in a file of its own, so that a note written in the window and a run that goes on
//! never overwrite each other.

use std::{
    fs,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use serde::{Deserialize, Serialize};

use crate::{
    JobError,
    files::{read_text, write_text},
    runs::{
        baselines::Baselines, bundle_config::BundleConfig, history::History, machine::Machine,
        run_files::RunFiles,
    },
};
pub use timbrespace_base::clock::{date, local_date};
use timbrespace_base::{
    atomic_file::Durability,
    clock::now,
    folder_lock::{self, LockState},
    names,
    processes::{self, ProcessId},
    regular_file::{self, NOTE_LIMIT},
    sentence,
    sentence::Sentence,
    setting::Named as _,
};
use timbrespace_vae::{
    config::{Preset, VaeConfig},
    loss::Losses,
    trainer::{EpochReport, Outcome},
};

/// Name of the record in a bundle.
pub(crate) const FILE: &str = "run.json";
/// Name of the notes in a bundle.
pub(crate) const NOTES: &str = "notes.txt";
/// A record is written at least once an epoch.
const LATELY_SECS: u64 = 3600;

/// How far a run has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunEnd {
    /// Nobody wrote it down: a run of an older program.
    #[default]
    Unknown,
    /// It goes on.
    Running,
    /// Its program ended before it did; it can go on.
    Interrupted,
    /// All epochs done.
    Finished,
    /// Early stopping ended it.
    StoppedEarly,
    /// Stopped on request.
    Stopped,
    /// Ended by an error, in words.
    Failed(String),
}

impl RunEnd {
    /// In words.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Running => "running",
            Self::Interrupted => "interrupted",
            Self::Finished => "finished",
            Self::StoppedEarly => "stopped early",
            Self::Stopped => "stopped",
            Self::Failed(_) => "failed",
        }
    }

    /// The end that `outcome` is.
    pub(crate) fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Finished => Self::Finished,
            Outcome::EarlyStopped => Self::StoppedEarly,
            Outcome::Stopped => Self::Stopped,
        }
    }
}

/// `run.json`; times are seconds since 1970, UTC.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunRecord {
    /// When it was first started.
    pub started: u64,
    /// When this was last written.
    pub updated: u64,
    /// When it ended.
    pub ended: Option<u64>,
    /// How far it has come.
    pub status: RunEnd,
    /// The number of the process that trains.
    pub process: u32,
    /// When that process was started, in seconds since 1970; numbers are reused.
    pub process_started: Option<u64>,
    /// The computer that it runs on; empty in records of older programs.
    pub host: String,
    /// Where the recordings or the preprocessed images lie, where they came from a folder.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub recordings: Option<PathBuf>,
    /// Epochs in all.
    pub epochs_total: usize,
    /// Epochs done.
    pub epochs_done: usize,
    /// Version of the program.
    pub version: String,
    /// The preset that was chosen for it; empty in records of older programs.
    pub preset: String,
    /// The machine of the last start.
    pub machine: Machine,
    /// Threads in use.
    pub threads: usize,
    /// Where it computes, in words.
    pub device: String,
    /// Trainable parameters.
    pub parameters: usize,
    /// Images that train.
    pub training_images: usize,
    /// Images that validate.
    pub validation_images: usize,
    /// Images of each class, by name.
    pub classes: Vec<(String, usize)>,
    /// Errors that any model must beat.
    pub baselines: Option<Baselines>,
    /// How often it was started again.
    pub resumes: usize,
}

impl RunRecord {
    /// The record of `bundle`.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn read(bundle: &Path) -> Result<Self, JobError> {
        let path = bundle.join(FILE);
        let mut record: Self = serde_json::from_str(&read_text(&path)?).map_err(|error| {
            JobError::file(
                &path,
                sentence!("error-no-record", "not the record of a run: {cause}", cause = error),
            )
        })?;
        if record.status == RunEnd::Running && !record.goes_on(&folder_lock::state(bundle)) {
            record.status = RunEnd::Interrupted;
        }
        Ok(record)
    }

    /// The record of `bundle`, if the file is provably one that this program wrote.
    pub(crate) fn read_strictly(bundle: &Path) -> Option<Self> {
        let record = Self::read(bundle).ok()?;
        // Every field has a default, so that records of older programs open: `{}` is not enough of a proof.
        (record.started > 0 && !record.version.is_empty()).then_some(record)
    }

    /// Whether the run ended before its first checkpoint: the end of an epoch and a stop on request write one.
    pub(crate) fn never_reached_a_checkpoint(&self) -> bool {
        let cut_off = matches!(self.status, RunEnd::Running | RunEnd::Interrupted | RunEnd::Failed(_));
        cut_off && self.epochs_done == 0 && self.resumes == 0
    }

    /// Writes the record of a run that is about to begin, so that its folder is known for this run's from then on.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn announce(bundle: &Path) -> Result<(), JobError> {
        let own = ProcessId::own();
        let mut record = Self {
            started: now(),
            status: RunEnd::Running,
            process: own.number,
            process_started: own.started,
            host: own.host,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..Self::default()
        };
        record.write(bundle)
    }

    /// Whether a run that is recorded as running is, by the lock of its folder; where there are no locks, by its process.
    fn goes_on(&self, lock: &LockState) -> bool {
        let older = self.host.is_empty();
        match lock {
            LockState::Held(_) => true,
            LockState::Free => false,
            LockState::Absent if !older => false,
            LockState::Absent | LockState::Unknown => self.seems_alive(),
        }
    }

    /// A process of another computer cannot be looked for: it counts as alive while it has written lately.
    fn seems_alive(&self) -> bool {
        let mut process =
            ProcessId { number: self.process, started: self.process_started, host: self.host.clone() };
        if process.host.is_empty() {
            process.host = processes::host();
        }
        if process.is_here() { process.is_alive() } else { now().saturating_sub(self.updated) < LATELY_SECS }
    }

    /// Writes the record into `bundle`, with the time of now.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn write(&mut self, bundle: &Path) -> Result<(), JobError> {
        self.updated = now();
        let path = bundle.join(FILE);
        let text =
            serde_json::to_string_pretty(self).map_err(|error| JobError::file(&path, error.to_string()))?;
        write_text(&path, Durability::Synced, &text)
    }

    /// The preset that was chosen for the run with these settings; without a record, or where the model is of another shape, the
    /// one that it differs least from.
    pub fn preset(&self, config: &BundleConfig) -> Preset {
        let BundleConfig { model, training, .. } = config;
        let has_its_layers = |preset: &Preset| {
            let known = VaeConfig::preset(*preset, model.bins, model.frames);
            (&known.filters, &known.hidden, known.linear_path)
                == (&model.filters, &model.hidden, model.linear_path)
        };
        let chosen = Preset::of_word(&self.preset).filter(has_its_layers);
        chosen.unwrap_or_else(|| Preset::nearest(model, training))
    }
}

/// What a person noted about the run in `bundle`; empty where nothing was.
pub fn read_notes(bundle: &Path) -> String {
    regular_file::read_to_string(&bundle.join(NOTES), NOTE_LIMIT).unwrap_or_default()
}

/// Keeps what a person notes about the run in `bundle`.
///
/// # Errors
/// When the disk refuses.
pub fn write_notes(bundle: &Path, notes: &str) -> Result<(), JobError> {
    write_text(&bundle.join(NOTES), Durability::Synced, notes)
}

/// A past run, as a table lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// The bundle.
    pub folder: PathBuf,
    /// Its settings.
    pub config: BundleConfig,
    /// How it went.
    pub record: RunRecord,
    /// What a person noted.
    pub notes: String,
    /// One entry an epoch.
    pub epochs: Vec<EpochReport>,
    /// What of its history could not be read.
    pub remarks: Vec<Sentence>,
    /// Which files its folder holds.
    pub files: RunFiles,
}

impl RunSummary {
    /// The run in `folder`.
    ///
    /// # Errors
    /// When there is no readable `config.json` in it.
    pub fn read(folder: &Path) -> Result<Self, JobError> {
        let config = BundleConfig::read(folder)?;
        let history = History::open(folder, usize::MAX)?;
        let (epochs, remarks) = (history.epochs().to_vec(), history.notes().to_vec());
        let record = if folder.join(FILE).is_file() {
            RunRecord::read(folder)?
        } else {
            older_record(folder, &config, epochs.len())
        };
        let notes = read_notes(folder);
        let files = RunFiles::listed(folder);
        Ok(Self { folder: folder.to_owned(), config, record, notes, epochs, remarks, files })
    }

    /// The preset that was chosen for it.
    pub fn preset(&self) -> Preset {
        self.record.preset(&self.config)
    }

    /// The name of its folder.
    pub fn name(&self) -> String {
        names::file_name(&self.folder)
    }

    /// The epoch with the lowest score.
    pub fn best(&self) -> Option<&EpochReport> {
        self.epochs.iter().rfind(|epoch| epoch.is_best).or_else(|| {
            let score = |epoch: &EpochReport| epoch.validation.unwrap_or(epoch.training).total;
            self.epochs.iter().min_by(|a, b| score(a).total_cmp(&score(b)))
        })
    }

    /// What the best epoch has reached: on the validation images where there are any.
    pub fn best_losses(&self) -> Option<Losses> {
        self.best().map(|best| best.validation.unwrap_or(best.training))
    }

    /// Seconds of training.
    pub fn seconds(&self) -> f64 {
        self.epochs.last().map_or(0.0, |epoch| epoch.seconds)
    }
}

/// What can be said about a run that was trained before runs were recorded.
fn older_record(folder: &Path, config: &BundleConfig, epochs_done: usize) -> RunRecord {
    let written = fs::metadata(folder.join("config.json")).and_then(|metadata| metadata.modified()).ok();
    let written =
        written.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).map_or(0, |time| time.as_secs());
    RunRecord {
        started: written,
        updated: written,
        epochs_total: config.training.epochs,
        epochs_done,
        version: config.version.clone(),
        parameters: config.model.parameter_count(),
        ..RunRecord::default()
    }
}

/// What was found in a folder of runs.
#[derive(Clone, Debug, Default)]
pub struct RunList {
    /// Newest first.
    pub runs: Vec<RunSummary>,
    /// Folders that look like runs and cannot be read, with causes.
    pub damaged: Vec<(PathBuf, String)>,
}

/// The runs in the folder `runs` and the bundles `others`.
pub fn list(runs: &Path, others: &[PathBuf]) -> RunList {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(runs).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.extend(others.iter().cloned());
    folders.sort_unstable();
    folders.dedup();
    let mut list = RunList::default();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        match RunSummary::read(&folder) {
            Ok(run) => list.runs.push(run),
            Err(error) => list.damaged.push((folder, error.to_string())),
        }
    }
    list.runs.sort_by(|a, b| (b.record.started, &b.folder).cmp(&(a.record.started, &a.folder)));
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_and_a_run_whose_program_is_gone_was_interrupted() {
        let dir = tempfile::tempdir().unwrap();
        let mut record = RunRecord {
            status: RunEnd::Failed("a <cause>".to_owned()),
            epochs_total: 7,
            classes: vec![("bell".to_owned(), 3)],
            ..RunRecord::default()
        };
        record.write(dir.path()).unwrap();
        assert_eq!(RunRecord::read(dir.path()).unwrap(), record);
        for (process, status) in [(std::process::id(), RunEnd::Running), (u32::MAX, RunEnd::Interrupted)] {
            record = RunRecord { status: RunEnd::Running, process, ..record };
            record.write(dir.path()).unwrap();
            assert_eq!(RunRecord::read(dir.path()).unwrap().status, status);
        }
    }

    #[test]
    fn a_run_goes_on_while_its_folder_is_locked_and_no_longer() {
        use timbrespace_base::folder_lock::FolderLock;
        let dir = tempfile::tempdir().unwrap();
        let own = ProcessId::own();
        let mut record = RunRecord {
            status: RunEnd::Running,
            process: own.number,
            process_started: own.started,
            host: own.host,
            ..RunRecord::default()
        };
        record.write(dir.path()).unwrap();
        let status = || RunRecord::read(dir.path()).unwrap().status;
        let lock = FolderLock::whole(dir.path(), "train").unwrap();
        assert_eq!(status(), RunEnd::Running);
        drop(lock);
        assert_eq!(status(), RunEnd::Interrupted, "the process is there, its run is not");
        fs::write(dir.path().join(folder_lock::FILE), "process 1\n").unwrap();
        assert_eq!(status(), RunEnd::Interrupted, "the lock's file alone says nothing");
    }

    #[test]
    fn without_locks_a_run_is_known_by_its_process_or_by_what_it_wrote_lately() {
        let own = ProcessId::own();
        let here = RunRecord {
            process: own.number,
            process_started: own.started,
            host: own.host,
            ..RunRecord::default()
        };
        assert!(here.goes_on(&LockState::Unknown));
        let reused = RunRecord { process_started: own.started.map(|time| time - 100), ..here.clone() };
        assert!(!reused.goes_on(&LockState::Unknown), "the process's number was given again");
        let elsewhere = RunRecord { host: "elsewhere".to_owned(), updated: now() - 60, ..here.clone() };
        assert!(elsewhere.goes_on(&LockState::Unknown));
        let long_ago = RunRecord { updated: now() - 2 * LATELY_SECS, ..elsewhere };
        assert!(!long_ago.goes_on(&LockState::Unknown), "another host's process has the same number here");
    }

    #[test]
    fn damaged_runs_are_named_and_end_nothing() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("broken-001")).unwrap();
        fs::write(dir.path().join("broken-001/config.json"), "{").unwrap();
        let list = list(dir.path(), &[dir.path().join("gone")]);
        assert!(list.runs.is_empty());
        let [(folder, cause)] = &list.damaged[..] else { panic!("{:?}", list.damaged) };
        assert!(folder.ends_with("broken-001") && cause.contains("config.json"), "{cause}");
        assert!(super::list(&dir.path().join("nowhere"), &[]).runs.is_empty());
    }
}
