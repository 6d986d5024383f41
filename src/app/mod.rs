//! The window: draws the session's [`State`](crate::session::State) and sends it
//! [`Command`](crate::session::Command)s.
//!
//! Nothing here decodes, computes or waits: panels are functions of the state, and every action of the user
//! becomes a command. Each file of `widgets` holds one widget, each file of `panels` one panel; only
//! [`theme`] defines colours and spacing.

mod context;
mod crash_notice;
mod dialogs;
mod feature_words;
mod figure;
mod focus_in_sight;
mod focus_return;
mod format;
mod kinds;
mod late_releases;
mod letters;
mod memory;
mod panels;
mod pictures;
mod program;
mod reader_tree;
mod reveal;
mod setting_words;
mod shortcuts;
mod startup;
mod stored;
mod system_fonts;
pub mod theme;
mod title;
mod transport;
mod widgets;
mod window;
mod window_size;

pub use kinds::figure_kind::FigureKind;
pub use program::{TimbrespaceApp, crash_reports, run};
pub use startup::main_begins;
pub use window::Window;
