//! Runs of earlier starts that something other than the person ended.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use super::{
    super::{Session, event::Event},
    TrainingEvent,
    state::Unfinished,
};
use crate::jobs::{bundle::BundleConfig, history::History, run_plan};

impl Session {
    /// Looks for an unfinished run to offer.
    pub(in crate::session) fn look_for_unfinished_runs(&self) {
        let (runs, mailbox) = (self.data_dir.join("runs"), self.mailbox.clone());
        let looking = thread::Builder::new().name("unfinished runs".to_owned()).spawn(move || {
            if let Some(unfinished) = newest_unfinished(&runs) {
                mailbox.send(Event::Training(TrainingEvent::Unfinished(unfinished)));
            }
        });
        if let Err(error) = looking {
            log::warn!("unfinished runs are not looked for: {error}");
        }
    }
}

/// The newest unfinished run below `runs`.
fn newest_unfinished(runs: &Path) -> Option<Unfinished> {
    let folders = fs::read_dir(runs).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    folders.filter(|folder| folder.is_dir()).filter_map(unfinished).max_by_key(|run| run.when)
}

fn unfinished(folder: PathBuf) -> Option<Unfinished> {
    let when = fs::metadata(folder.join(run_plan::CHECKPOINTS)).and_then(|it| it.modified()).ok()?;
    if !run_plan::can_resume(&folder) || !was_interrupted(&folder) {
        return None;
    }
    let epochs_total = BundleConfig::read(&folder).ok()?.training.epochs;
    let epochs_done = History::open(&folder, usize::MAX).ok()?.epochs().len();
    (epochs_done < epochs_total).then_some(Unfinished { folder, epochs_done, epochs_total, when })
}

/// Whether the run was under way when it was last written.
fn was_interrupted(folder: &Path) -> bool {
    let record = fs::read_to_string(folder.join("run.json")).ok();
    let record: Option<serde_json::Value> = record.and_then(|text| serde_json::from_str(&text).ok());
    record.is_some_and(|record| record.get("status").is_some_and(|status| status == "running"))
}
