//! UI state of the recording list.

/// UI state of the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListMemory {
    /// The selection last scrolled to, and the number of rows at that time.
    pub shown: Option<(usize, usize)>,
    /// Visible range of the list, in points.
    pub view: (f32, f32),
}
