//! The recording selected in the list, from the names in this view's results.

use std::path::Path;

use eframe::egui::Response;

use crate::{
    app::context::PanelContext,
    session::{Command, LibraryCommand, state::View},
};

/// Selects the recording called `name` below `folder`, if it is still in the list; a double-click opens its stages.
pub fn select(context: &mut PanelContext<'_>, folder: &Path, name: &str, response: &Response) {
    let library = &context.state.library;
    if !response.clicked() || library.root.as_deref() != Some(folder) {
        return;
    }
    if let Some(index) = library.recordings.iter().position(|recording| recording.name == name) {
        context.send(LibraryCommand::Select(index));
        if response.double_clicked() {
            context.send(Command::Show(View::Stages));
        }
    }
}

/// Whether the recording called `name` is the selected one.
pub fn is_selected(context: &PanelContext<'_>, name: &str) -> bool {
    let library = &context.state.library;
    library.selected.and_then(|index| library.recordings.get(index)).is_some_and(|it| it.name == name)
}
