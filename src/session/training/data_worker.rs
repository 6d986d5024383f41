//! The thread that computes the split and examples of augmentation for the form.

use std::{io, sync::Arc};

use crate::{
    interrupt::Interrupt,
    jobs::{
        JobContext,
        augmentation_example::{self, Example},
        guarded,
        split_preview::{self, SplitSummary},
    },
    session::{mailbox::Mailbox, spoken::Spoken, worker::Worker},
};

/// Requests; a newer one replaces an older one of its kind.
#[derive(Default)]
pub(super) struct DataRequest {
    pub(super) split: Option<split_preview::Request>,
    pub(super) example: Option<augmentation_example::Request>,
}

/// Results.
pub(in crate::session) enum DataEvent {
    Split(Result<SplitSummary, Spoken>),
    Example(Result<Arc<Example>, Spoken>),
}

/// Starts the thread.
pub(super) fn spawn(mailbox: Mailbox<DataEvent>) -> io::Result<Worker<DataRequest>> {
    Worker::spawn("training data", move |DataRequest { split, example }| {
        let interrupt = Interrupt::new();
        let context = JobContext::silent(&interrupt);
        if let Some(request) = split {
            let summary = guarded(|| split_preview::run(&request, &context));
            let summary = summary.map_err(Spoken::from);
            mailbox.send(DataEvent::Split(summary));
        }
        if let Some(request) = example {
            let example = guarded(|| augmentation_example::run(&request, &context));
            let example = example.map(Arc::new).map_err(Spoken::from);
            mailbox.send(DataEvent::Example(example));
        }
    })
}
