//! Leaving recordings out: the command for one, and the button that leaves recordings out, or includes them again when all of them are left out.

use eframe::egui::{Button, Ui};

use crate::{
    jobs::scan::Recording,
    language::text,
    session::{Command, LibraryCommand, state::Library},
};

/// Draws the button for the recordings called `names`; returns the command of a click.
pub fn show(ui: &mut Ui, library: &Library, names: &[&str]) -> Option<Command> {
    let within: Vec<&str> = names.iter().copied().filter(|name| !library.left_out.contains(name)).collect();
    let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    if within.is_empty() {
        let button = ui.add_enabled(!names.is_empty(), Button::new(text!("widget-include")));
        return button
            .on_hover_text(text!("widget-include-help"))
            .clicked()
            .then(|| Command::Library(LibraryCommand::TakeIn(all(names))));
    }
    let hint = text!("widget-leave-out-help", count = within.len());
    let button = ui.add(Button::new(text!("widget-leave-out"))).on_hover_text(hint);
    button.clicked().then(|| Command::Library(LibraryCommand::LeaveOut(all(&within))))
}

/// The command that leaves `recording` out, or includes it again.
pub fn toggled(library: &Library, recording: &Recording) -> Command {
    let name = vec![recording.name.clone()];
    if library.is_left_out(recording) {
        Command::Library(LibraryCommand::TakeIn(name))
    } else {
        Command::Library(LibraryCommand::LeaveOut(name))
    }
}
