//! The title of the window: the open folder and the model in use, as other programs' windows name their documents.

use crate::{language::text, names::file_name, session::State};

/// The name of the program.
const PROGRAM: &str = "Timbrespace";

/// Folder, model and program, as far as they are known.
pub fn of(state: &State) -> String {
    let library = &state.library;
    let folder = match &library.root {
        Some(_) if library.is_demo => Some(text!("window-demo-sounds")),
        root => root.as_deref().map(file_name),
    };
    let model = state.latent.model_origin();
    let model = model.map(|origin| origin.folder().map_or_else(|| text!("window-demo-model"), file_name));
    let parts = [folder, model, Some(PROGRAM.to_owned())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" – ")
}
