//! Reconstruction errors of the encoded recordings, measured on request in the background.

use std::sync::Arc;

use super::{
    encoding::threads,
    part::{SpaceEvent, SpacePart},
    state::ErrorsState,
};
use crate::{
    jobs::latent::reconstruction_errors::{self, RECONSTRUCTING, Request},
    session::job::{Plan, Update},
};

impl SpacePart<'_> {
    /// Measures the errors, unless they are known or being measured. A set that an earlier model of the run made has to be
    /// encoded again first.
    pub(super) fn measure_errors(&mut self) {
        let space = &mut *self.state;
        let (Some(set), Some(bundle)) = (space.set.clone(), self.model.bundle().cloned()) else { return };
        if space.is_stale || space.errors.by_row.is_some() || self.control.errors.is_running() {
            return;
        }
        let plan = Plan { thread: "errors", stage: RECONSTRUCTING, total: set.recordings.len() };
        let resample = self.ctx.settings.preprocessing.resample;
        let request = Request { bundle, set, resample, threads: Some(threads()) };
        let mailbox = self.control.mailbox.part(SpaceEvent::Errors);
        let status = &mut space.errors.status;
        self.control
            .errors
            .begin(&plan, status, &mailbox, move |context| reconstruction_errors::run(&request, context));
    }

    pub(super) fn on_errors(&mut self, update: Update<Vec<Option<f32>>>) {
        let errors = &mut self.state.errors;
        if let Some(Ok(by_row)) = self.control.errors.follow(update, &mut errors.status) {
            errors.by_row = Some(Arc::new(by_row));
        }
    }

    /// Drops the errors: the set that they belong to is replaced.
    pub(super) fn forget_errors(&mut self) {
        self.control.errors.forget();
        self.state.errors = ErrorsState::default();
    }
}
