//! Exports of single files: one thread writes them in the order of the requests.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{
    latent::state::{LatentState, ModelOrigin},
    library::state::Library,
    mailbox::Mailbox,
    training::state::TrainingState,
    worker::Worker,
};
use crate::{
    jobs::{
        JobError, guarded,
        runs::reads::{self, MODEL, RECORDING},
    },
    outputs::Outputs,
};

/// A file was written, or not.
pub(super) struct Saved {
    pub(super) path: PathBuf,
    /// Width and height of a picture in pixels.
    pub(super) pixels: Option<(u32, u32)>,
    pub(super) result: Result<(), JobError>,
}

/// Writes one file at a path.
type Write = Box<dyn FnOnce(&Path) -> Result<(), JobError> + Send>;

/// A file to write, with the files that it must not overwrite.
struct Export {
    path: PathBuf,
    outputs: Outputs,
    write: Write,
}

/// The thread that writes, with its waiting exports.
pub(super) struct ExportQueue(Worker<Vec<Export>>);

impl ExportQueue {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(super) fn new(mailbox: Mailbox<Saved>) -> io::Result<Self> {
        let write = move |exports: Vec<Export>| {
            for Export { path, mut outputs, write } in exports {
                let result = guarded(|| outputs.write(&path, write));
                let is_picture = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("png"));
                let pixels = if is_picture { image::image_dimensions(&path).ok() } else { None };
                mailbox.send(Saved { path, pixels, result });
            }
        };
        Ok(Self(Worker::spawn_finishing("export", write)?))
    }

    /// Adds a file to the end of the queue.
    pub(super) fn save(
        &self,
        path: PathBuf,
        outputs: Outputs,
        write: impl FnOnce(&Path) -> Result<(), JobError> + Send + 'static,
    ) {
        let export = Export { path, outputs, write: Box::new(write) };
        self.0.merge(|waiting| waiting.get_or_insert_default().push(export));
    }
}

/// The open recordings and models, which no export may overwrite.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) library: &'a Library,
    pub(super) latent: &'a LatentState,
    pub(super) training: &'a TrainingState,
}

impl Shown<'_> {
    /// Whether the model in use is that of the bundle in `folder`.
    pub(super) fn plays_model_of(self, folder: &Path) -> bool {
        self.latent.model_origin().and_then(ModelOrigin::folder) == Some(folder)
    }

    /// For one file chosen in a dialog, which has asked before replacing one.
    pub(super) fn chosen_output(self) -> Outputs {
        self.reading(Outputs::chosen())
    }

    /// For files in a folder chosen in a dialog.
    pub(super) fn outputs_in_chosen_folder(self) -> Outputs {
        self.reading(Outputs::in_chosen_folder())
    }

    /// Adds the open recordings and models.
    fn reading(self, outputs: Outputs) -> Outputs {
        // Protect the files that pieces are cut from.
        let files = self.library.pieces.files.iter().map(|file| &file.file);
        let recordings = self.library.recordings.iter().chain(files).map(|recording| recording.path.clone());
        let model = self.latent.model_origin().and_then(ModelOrigin::folder);
        let models = model.into_iter().chain(self.training.run_folder.as_deref()).flat_map(reads::of_model);
        outputs.reading(RECORDING, recordings).reading(MODEL, models)
    }
}
