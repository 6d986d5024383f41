//! The recording selected in the list, from the names in this view's results.

use std::path::Path;

use eframe::egui::Response;

use crate::{
    app::context::PanelContext,
    session::{Command, LibraryCommand, state::View},
};

/// Selects the recording called `name` below `folder`, if it is still in the list; a double-click opens its stages.
pub fn select(context: &mut PanelContext<'_>, folder: &Path, name: &str, response: &Response) {
    if response.clicked() && select_called(context, folder, name) && response.double_clicked() {
        context.send(Command::Show(View::Stages));
    }
}

/// Selects the recording called `name` below `folder`; whether it is still in the list.
pub fn select_called(context: &mut PanelContext<'_>, folder: &Path, name: &str) -> bool {
    let library = &context.state.library;
    let index = library.recordings.iter().position(|recording| recording.name == name);
    let index = index.filter(|_| library.root.as_deref() == Some(folder));
    if let Some(index) = index {
        context.send(LibraryCommand::Select(index));
    }
    index.is_some()
}

/// Whether the recording called `name` is the selected one.
pub fn is_selected(context: &PanelContext<'_>, name: &str) -> bool {
    let library = &context.state.library;
    library.selected.and_then(|index| library.recordings.get(index)).is_some_and(|it| it.name == name)
}
