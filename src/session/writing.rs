//! Files that are written for a person, and how the window closes meanwhile.

/// State of closing the window while files are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClosingFiles {
    /// Not requested.
    #[default]
    No,
    /// Asking the person what to do with the files.
    Asked,
    /// The window closes when the work has ended.
    WhenWritten,
    /// The window closes now.
    Now,
}

/// How to close the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilesWish {
    /// Close; ask first if files are being written.
    Ask,
    /// Write the rest, then close.
    Finish,
    /// Stop writing, then close.
    Stop,
    /// Stay open.
    KeepOpen,
}

/// Files that are being written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    /// Files that are written.
    pub done: usize,
    /// All files of the work that is running.
    pub total: usize,
    /// Exports that wait for it.
    pub waiting: usize,
}
