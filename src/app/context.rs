//! What every panel gets: the state to draw, the UI state, and the queue of commands.

use eframe::egui::Context;

use super::{dialogs::Question, kinds::figure_kind::FigureKind, memory::WindowMemory};
use crate::session::{Command, State};

/// The argument of every panel: state to draw, UI state, and the queue of commands.
pub struct PanelContext<'a> {
    /// The session's state, to draw.
    pub state: &'a State,
    /// UI state.
    pub memory: &'a mut WindowMemory,
    /// Commands of the user, in order.
    pub commands: Vec<Command>,
}

impl PanelContext<'_> {
    /// Queues a command.
    pub fn send(&mut self, command: impl Into<Command>) {
        self.commands.push(command.into());
    }

    /// Opens a file dialog.
    pub fn ask(&mut self, ctx: &Context, question: Question) {
        let start = self.state.library.root.clone().filter(|_| !self.state.library.is_demo);
        self.memory.dialogs.ask(ctx, question, start);
    }

    /// Opens the export sheet with the figure of the current view.
    pub fn open_export(&mut self) {
        if !FigureKind::is_any_there(self.state) {
            return;
        }
        self.memory.export.open = true;
        self.memory.export.height = None;
        self.memory.export.kind = FigureKind::of_view(self.state);
    }
}
