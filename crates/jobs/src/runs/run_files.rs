//! Which files of a run its folder holds: what can be done with the run depends on them.

use std::{fs, path::Path};

use crate::runs::{model_files, replay};
use timbrespace_vae::checkpoint;

/// Folder of checkpoints in a bundle.
pub const CHECKPOINTS: &str = "checkpoints";

/// Which files of a run its folder holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunFiles {
    /// A checkpoint to resume from.
    pub has_checkpoint: bool,
    /// A model to play.
    pub has_model: bool,
    /// The replay of its epochs.
    pub has_replay: bool,
}

impl RunFiles {
    /// The files in `folder` by their names, without reading them: for lists.
    pub fn listed(folder: &Path) -> Self {
        Self {
            has_checkpoint: has_checkpoint(folder),
            has_model: model_files::holds_model(&model_files::current(folder)),
            has_replay: replay::is_in(folder),
        }
    }

    /// As [`RunFiles::listed`], but a checkpoint counts only if it is valid.
    pub fn checked(folder: &Path) -> Self {
        Self { has_checkpoint: can_resume(folder), ..Self::listed(folder) }
    }
}

/// Whether `folder` has a checkpoint, by its name.
pub(crate) fn has_checkpoint(folder: &Path) -> bool {
    let entries = fs::read_dir(folder.join(CHECKPOINTS)).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .any(|name| checkpoint::step_of(&name).is_some())
}

/// Whether the run in `folder` has a valid checkpoint to go on from.
pub fn can_resume(folder: &Path) -> bool {
    checkpoint::newest_valid(&folder.join(CHECKPOINTS)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_failed_in_its_first_epoch_has_neither_checkpoint_nor_model_nor_replay() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("config.json"), "{}").unwrap();
        assert_eq!(RunFiles::listed(dir.path()), RunFiles::default());
        fs::create_dir_all(dir.path().join("checkpoints/step-12")).unwrap();
        fs::write(dir.path().join("model.safetensors"), "").unwrap();
        let listed = RunFiles { has_checkpoint: true, has_model: true, has_replay: false };
        assert_eq!(RunFiles::listed(dir.path()), listed);
        let checked = RunFiles { has_checkpoint: false, ..listed };
        assert_eq!(RunFiles::checked(dir.path()), checked, "an empty checkpoint is none to resume from");
    }
}
