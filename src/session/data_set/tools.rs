//! What all jobs of the data set use.

use crate::{
    audio::folder::Skipped,
    session::{
        ctx::Ctx,
        export_queue::{ExportQueue, Shown},
        library::state::Library,
    },
};

/// News for other parts.
pub(in crate::session) enum News {
    /// All recordings were decoded; these could not be.
    Decoded(Vec<Skipped>),
}

/// What all jobs of the data set use.
pub(in crate::session) struct Tools<'a> {
    pub(in crate::session) shown: Shown<'a>,
    pub(in crate::session) exports: &'a ExportQueue,
    pub(in crate::session) ctx: Ctx<'a, News>,
}

impl<'a> Tools<'a> {
    /// The recordings.
    pub(super) fn library(&self) -> &'a Library {
        self.shown.library
    }
}
