//! The thread that measures how long training would take.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use super::form::StepCost;
use crate::{
    interrupt::Interrupt,
    jobs::{
        JobContext, JobError,
        estimate::{self, Speed},
        guarded,
        train::Choices,
    },
    processes::available_bytes,
    session::{mailbox::Mailbox, worker::Worker},
};

/// Held by whoever takes training steps: a measurement beside a run would slow it down and be wrong.
pub(super) type Calculating = Arc<Mutex<()>>;

/// Settings to measure.
pub(super) struct EstimateRequest {
    pub(super) choices: Choices,
    pub(super) cost: StepCost,
    pub(super) interrupt: Interrupt,
}

/// Measured training time per image with these settings.
pub(in crate::session) struct Estimate {
    pub(super) cost: StepCost,
    pub(super) speed: Result<Speed, JobError>,
}

/// Starts the thread.
pub(super) fn spawn(
    mailbox: Mailbox<Estimate>,
    calculating: Calculating,
) -> io::Result<Worker<EstimateRequest>> {
    Worker::spawn("estimate", move |EstimateRequest { choices, cost, interrupt }| {
        let alone = calculating.lock().unwrap_or_else(PoisonError::into_inner);
        let StepCost { shape: (bins, frames), batch: images, .. } = cost;
        let request = estimate::Request { choices, bins, frames, images, free_bytes: available_bytes() };
        let speed = guarded(|| estimate::run(&request, &JobContext::silent(&interrupt)));
        drop(alone);
        mailbox.send(Estimate { cost, speed });
    })
}
