//! UI state of the recording list.

use eframe::egui::Rangef;

/// UI state of the list.
#[derive(Clone, Debug, Default)]
pub struct ListMemory {
    /// The selection last scrolled to.
    pub shown: Option<ShownSelection>,
    /// Visible range of the list, in points; `None` until it is drawn.
    pub view: Option<Rangef>,
    /// The pattern of classes that is being edited.
    pub pattern: PatternEdit,
    /// Whether the files that cannot be used were unfolded in the last frame.
    pub shows_skipped: bool,
}

/// An edit of the pattern of classes.
#[derive(Clone, Debug, Default)]
pub struct PatternEdit {
    /// The pattern in use.
    pub applied: String,
    /// The pattern in use when the field got the focus.
    pub before: Option<String>,
    /// What was typed, where it cannot be used.
    pub refused: Option<String>,
    /// Whether its fault is said: not while a person still types.
    pub is_told: bool,
}

/// A selection that the list was scrolled to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownSelection {
    /// The selected recording, by index in the library.
    pub recording: usize,
    /// Number of rows at that time.
    pub rows: usize,
}
