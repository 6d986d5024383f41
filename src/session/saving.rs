//! What the window must not write over: what it shows.

use super::{
    Session,
    state::{ModelOrigin, State},
};
use crate::{
    jobs::runs::reads::{self, MODEL, RECORDING},
    outputs::Outputs,
};

impl Session {
    /// One file that was chosen in a dialog, which has asked before it replaces one.
    pub(super) fn chosen_output(&self) -> Outputs {
        reading(&self.state, Outputs::chosen())
    }

    /// Files in a folder that was chosen in a dialog.
    pub(super) fn outputs_in_chosen_folder(&self) -> Outputs {
        reading(&self.state, Outputs::in_chosen_folder())
    }
}

/// Adds the open recordings and models.
fn reading(state: &State, outputs: Outputs) -> Outputs {
    // Pieces are no files: what they are cut from is.
    let files = state.library.pieces.files.iter().map(|file| &file.file);
    let recordings = state.library.recordings.iter().chain(files).map(|recording| recording.path.clone());
    let bundle = match &state.latent.model {
        Some((ModelOrigin::Bundle(folder), _)) => Some(folder),
        _ => None,
    };
    let models =
        bundle.into_iter().chain(&state.training.run_folder).flat_map(|folder| reads::of_model(folder));
    outputs.reading(RECORDING, recordings).reading(MODEL, models)
}
