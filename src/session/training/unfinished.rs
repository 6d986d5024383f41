//! Runs of earlier starts that something other than the person ended.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

use super::{
    super::{Session, event::Event},
    TrainingEvent,
    state::Unfinished,
};
use crate::jobs::runs::{
    bundle::BundleConfig,
    plan,
    record::{RunEnd, RunRecord},
};

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
    let record = RunRecord::read(&folder).ok()?;
    // Without its settings a run cannot be started again either.
    if record.status != RunEnd::Interrupted || BundleConfig::read(&folder).is_err() {
        return None;
    }
    let has_checkpoint = plan::can_resume(&folder);
    let RunRecord { epochs_done, epochs_total, updated, .. } = record;
    let when = SystemTime::UNIX_EPOCH + Duration::from_secs(updated);
    Some(Unfinished { folder, epochs_done, epochs_total, has_checkpoint, when })
}
