//! Folders that hold something else than recordings, images or a model: what it is, and what to do with it.

use std::path::Path;

use crate::{
    JobError,
    fault::{FileFault, OtherContent},
};
use timbrespace_signal::{audio::folder::FolderScan, pipeline::dataset::Dataset};

/// What a folder may hold, told by a file in it, and what to do; the first that fits is said.
pub const KINDS: [OtherContent; 7] = [
    OtherContent {
        name: "saved-model",
        mark: "saved_model.pb",
        words: "a SavedModel of TensorFlow; save the model with the tutorial's `VAE.save` (parameters.pkl and weights.h5) or as a .keras file",
    },
    OtherContent {
        name: "keras-parameters",
        mark: "parameters.pkl",
        words: "the parameters of a Keras model without its weights; weights.h5 belongs beside parameters.pkl, as the tutorial's `VAE.save` writes it",
    },
    OtherContent {
        name: "keras-weights",
        mark: ".h5",
        words: "weights of Keras without parameters.pkl, so nobody knows of which layers; save the model with the tutorial's `VAE.save`, or as a .keras file",
    },
    OtherContent {
        name: "weights",
        mark: "model.safetensors",
        words: "the weights of a model without its config.json; copy the whole folder that training wrote",
    },
    OtherContent {
        name: "checkpoint",
        mark: "optimiser.safetensors",
        words: "a checkpoint of a run; open the folder that holds the run and train it further, or run `train --resume` with it",
    },
    OtherContent {
        name: "arrays",
        mark: ".npz",
        words: "an archive of arrays; save each image in a .npy file of its own, as the tutorial's Python does, and name that folder",
    },
    OtherContent {
        name: "tensorflow-checkpoint",
        mark: ".ckpt.index",
        words: "a checkpoint of TensorFlow; save the model with the tutorial's `VAE.save` (parameters.pkl and weights.h5) or as a .keras file",
    },
];

/// How the folder of each checkpoint of a run begins.
const CHECKPOINT_PREFIX: &str = "step-";

/// Refuses a folder without a single recording that holds something else.
pub(crate) fn refuse(scan: &FolderScan) -> Result<(), JobError> {
    // With recordings the folder is not read once more, which would take as long as the scan.
    if !scan.files.is_empty() {
        return Ok(());
    }
    if let Some(whole) = Dataset::whole_folder(&scan.root) {
        return Err(JobError::file(&scan.root, FileFault::ImagesOf(whole.to_owned())));
    }
    match kind(&scan.root) {
        Some(kind) => Err(JobError::file(&scan.root, FileFault::NoRecordingsBut(kind))),
        None => Ok(()),
    }
}

/// What `folder` holds, if it is one of [`KINDS`]; the folder of all checkpoints by one of them.
pub(crate) fn kind(folder: &Path) -> Option<OtherContent> {
    let names = names_in(folder);
    let own = KINDS.into_iter().find(|kind| names.iter().any(|name| fits(name, kind.mark)));
    own.or_else(|| {
        let steps = names.iter().filter(|name| name.starts_with(CHECKPOINT_PREFIX));
        let mut inside = steps.flat_map(|step| names_in(&folder.join(step)));
        let checkpoint = KINDS.into_iter().find(|kind| kind.name == "checkpoint")?;
        inside.any(|name| fits(&name, checkpoint.mark)).then_some(checkpoint)
    })
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn fits(name: &str, mark: &str) -> bool {
    name == mark || (mark.starts_with('.') && name.ends_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_base::interrupt::Interrupt;
    use timbrespace_signal::audio::folder;

    #[test]
    fn what_a_folder_holds_is_said_unless_there_are_recordings() {
        let dir = tempfile::tempdir().unwrap();
        let scan = || folder::scan(dir.path(), &Interrupt::new(), &mut |_| {}).unwrap();
        assert!(refuse(&scan()).is_ok(), "an empty folder is an empty folder");
        for (file, word) in [
            ("optimiser.safetensors", "a checkpoint of a run"),
            ("images.npz", "archive of arrays"),
            ("model.safetensors", "config.json"),
            ("weights.h5", "without parameters.pkl"),
            ("saved_model.pb", "SavedModel"),
        ] {
            std::fs::write(dir.path().join(file), "x").unwrap();
            let message = refuse(&scan()).unwrap_err().to_string();
            assert!(message.contains("holds no recordings") && message.contains(word), "{file}: {message}");
            std::fs::remove_file(dir.path().join(file)).unwrap();
        }
        let step = dir.path().join("step-140");
        std::fs::create_dir(&step).unwrap();
        std::fs::write(step.join("optimiser.safetensors"), "x").unwrap();
        let message = refuse(&scan()).unwrap_err().to_string();
        assert!(message.contains("a checkpoint of a run"), "{message}");
        let images = dir.path().join("images");
        std::fs::create_dir_all(images.join("spectrograms")).unwrap();
        let inner = folder::scan(&images.join("spectrograms"), &Interrupt::new(), &mut |_| {}).unwrap();
        let message = refuse(&inner).unwrap_err().to_string();
        assert!(message.ends_with(&format!("they belong to, {}", images.display())), "{message}");
        std::fs::write(dir.path().join("a.wav"), "x").unwrap();
        assert!(refuse(&scan()).is_ok());
    }
}
