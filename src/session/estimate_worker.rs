//! The thread that measures how long training would take.

use std::io;

use super::{
    event::{Event, Mailbox},
    state::TrainingForm,
    worker::Worker,
};
use crate::{
    interrupt::Interrupt,
    jobs::{JobContext, estimate, guarded},
};

/// Settings whose speed is wanted.
pub(super) struct EstimateRequest {
    pub(super) form: TrainingForm,
    pub(super) shape: (usize, usize),
    pub(super) interrupt: Interrupt,
}

/// Starts the thread.
pub(super) fn spawn(mailbox: Mailbox) -> io::Result<Worker<EstimateRequest>> {
    Worker::spawn("estimate", move |EstimateRequest { form, shape, interrupt }| {
        let (bins, frames) = shape;
        let request = estimate::Request { choices: form.choices(), bins, frames };
        let seconds_per_image = guarded(|| estimate::run(&request, &JobContext::silent(&interrupt)));
        mailbox.send(Event::Estimated { form, shape, seconds_per_image });
    })
}
