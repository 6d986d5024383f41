//! The thread that measures how long training would take.

use std::io;

use super::form::TrainingForm;
use crate::{
    interrupt::Interrupt,
    jobs::{JobContext, JobError, estimate, guarded},
    session::{mailbox::Mailbox, worker::Worker},
};

/// Settings to measure.
pub(super) struct EstimateRequest {
    pub(super) form: TrainingForm,
    pub(super) shape: (usize, usize),
    pub(super) interrupt: Interrupt,
}

/// Measured training time per image with these settings.
pub(in crate::session) struct Estimate {
    pub(super) form: Box<TrainingForm>,
    pub(super) shape: (usize, usize),
    pub(super) seconds_per_image: Result<f64, JobError>,
}

/// Starts the thread.
pub(super) fn spawn(mailbox: Mailbox<Estimate>) -> io::Result<Worker<EstimateRequest>> {
    Worker::spawn("estimate", move |EstimateRequest { form, shape, interrupt }| {
        let (bins, frames) = shape;
        let request = estimate::Request { choices: form.choices(), bins, frames };
        let seconds_per_image = guarded(|| estimate::run(&request, &JobContext::silent(&interrupt)));
        mailbox.send(Estimate { form: Box::new(form), shape, seconds_per_image });
    })
}
