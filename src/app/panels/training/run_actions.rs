//! What can be done with a run, and why something cannot: what its folder lacks, or that another run trains.

use std::path::Path;

use eframe::egui::{Button, Ui};

use crate::{jobs::runs::run_files::RunFiles, language::text, session::state::TrainingState};

/// What a person may do with a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Play its model.
    Play,
    /// Open its replay.
    Replay,
    /// Resume it from its newest checkpoint.
    Resume,
}

/// Why `action` is impossible for the run in `folder`, which holds `files`; `None` where it is possible.
pub fn why_not(action: Action, files: RunFiles, folder: &Path, training: &TrainingState) -> Option<String> {
    match action {
        Action::Play => (!files.has_model).then(|| text!("run-lacks-model")),
        Action::Replay => (!files.has_replay).then(|| text!("run-lacks-replay")),
        Action::Resume if training.status.is_busy() => {
            let is_it = training.run_folder.as_deref() == Some(folder);
            Some(if is_it { text!("run-trains-already") } else { text!("run-other-trains") })
        }
        Action::Resume => (!files.has_checkpoint).then(|| text!("run-lacks-checkpoint")),
    }
}

/// A button with its `hint`, or with the reason why it cannot be pressed; `true` when it was clicked.
pub fn button(ui: &mut Ui, button: Button<'_>, hint: String, why_not: Option<String>) -> bool {
    let response = ui.add_enabled(why_not.is_none(), button).on_hover_text(hint);
    response.on_disabled_hover_text(why_not.unwrap_or_default()).clicked()
}
