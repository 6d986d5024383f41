//! A model as the two files that the tutorial's Python loads.

use std::path::PathBuf;

use serde::Serialize;

use crate::{
    JobContext, JobError,
    export::STAGE,
    files::{named, refuse_unless_empty},
    runs::{
        bundle::Bundle,
        keras::{
            self,
            model_path::{PARAMETERS_FILE, WEIGHTS_FILE},
        },
    },
};
use timbrespace_base::{
    atomic_file::{self, Durability},
    folder_lock::FolderLock,
    names,
};

/// What to write.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// The folder for both files: one that does not exist yet, or an empty one.
    pub out: PathBuf,
}

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The folder.
    #[serde(serialize_with = "names::serialize")]
    pub out: PathBuf,
    /// Name of the file that says what the model was made with.
    pub parameters: &'static str,
    /// Name of the file with the weights.
    pub weights: &'static str,
}

/// Writes `parameters.pkl` and `weights.h5`, for the tutorial's `VAE.load`.
///
/// # Errors
/// When the bundle cannot be opened, the tutorial's class cannot be this model, the folder holds something, or on
/// [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    context.check_stopped()?;
    let Request { bundle, out } = request;
    let bundle = Bundle::open(bundle)?;
    context.wait_while_paused()?;
    let files = keras::files(&bundle.snapshot)?;
    let _one_writer = FolderLock::whole(out, "export")?;
    refuse_unless_empty(out)?;
    // Half of a model is of no use: from here on both files are written.
    context.wait_while_paused()?;
    let total = files.len();
    for (done, (name, bytes)) in files.iter().enumerate() {
        let path = out.join(name);
        named(&path, atomic_file::write_bytes(&path, Durability::Synced, bytes))?;
        context.progress(STAGE, done + 1, total);
    }
    Ok(Report { out: out.clone(), parameters: PARAMETERS_FILE, weights: WEIGHTS_FILE })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use timbrespace_base::interrupt::Interrupt;

    /// Written by `scripts/keras-vectors.py`: a small model of the tutorial's class.
    fn model() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/keras/keras2")
    }

    #[test]
    fn a_model_that_was_saved_for_the_tutorial_is_read_back_to_the_bit() {
        let dir = tempfile::tempdir().unwrap();
        let bundle = Bundle::open(&model()).unwrap();
        let out = dir.path().join("K");
        let interrupt = Interrupt::new();
        let request = Request { bundle: model(), out: out.clone() };
        let report = run(&request, &JobContext::silent(&interrupt)).unwrap();
        assert_eq!((report.parameters, report.weights), ("parameters.pkl", "weights.h5"));
        let back = keras::read(&out).unwrap();
        assert_eq!(back.config(), bundle.snapshot.config());
        assert_eq!(back.to_safetensors().unwrap(), bundle.snapshot.to_safetensors().unwrap());
        let error = run(&request, &JobContext::silent(&interrupt)).unwrap_err().to_string();
        assert!(error.contains("not empty"), "{error}");
        interrupt.stop();
        let elsewhere = Request { out: dir.path().join("L"), ..request };
        assert!(run(&elsewhere, &JobContext::silent(&interrupt)).unwrap_err().is_stopped());
        assert!(!elsewhere.out.exists());
    }
}
