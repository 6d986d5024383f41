//! UI state of the recording list.

use eframe::egui::Rangef;

/// UI state of the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListMemory {
    /// The selection last scrolled to.
    pub shown: Option<ShownSelection>,
    /// Visible range of the list, in points; `None` until it is drawn.
    pub view: Option<Rangef>,
}

/// A selection that the list was scrolled to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownSelection {
    /// The selected recording, by index in the library.
    pub recording: usize,
    /// Number of rows at that time.
    pub rows: usize,
}
