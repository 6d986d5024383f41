//! Interrupted runs of earlier sessions.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{
    part::{TrainingEvent, TrainingPart},
    state::Unfinished,
};
use crate::jobs::runs::{
    bundle_config::BundleConfig,
    plan,
    record::{RunEnd, RunRecord},
};

impl TrainingPart<'_> {
    /// Looks for an interrupted run to offer for resuming.
    pub(in crate::session) fn look_for_unfinished_runs(&mut self) {
        let runs = self.ctx.data_dir.join("runs");
        let mailbox = self.control.mailbox.part(TrainingEvent::Unfinished);
        let started = self
            .control
            .unfinished
            .start("unfinished runs", &mailbox, move |_, _| Ok(newest_unfinished(&runs)));
        if let Err(error) = started {
            log::warn!("unfinished runs are not looked for: {error}");
        }
    }
}

/// The newest interrupted run below `runs`.
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
