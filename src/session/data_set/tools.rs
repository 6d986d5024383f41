//! What all jobs of the data set use.

use std::convert::Infallible;

use crate::session::{
    ctx::Ctx,
    export_queue::{ExportQueue, Shown},
    library::state::Library,
};

/// What all jobs of the data set use.
pub(in crate::session) struct Tools<'a> {
    pub(in crate::session) shown: Shown<'a>,
    pub(in crate::session) exports: &'a ExportQueue,
    pub(in crate::session) ctx: Ctx<'a, Infallible>,
}

impl<'a> Tools<'a> {
    /// The recordings.
    pub(super) fn library(&self) -> &'a Library {
        self.shown.library
    }
}
