//! The thread that opens folders.

use std::{io, path::PathBuf};

use super::{
    event::{Event, Mailbox},
    worker::Worker,
};
use crate::{
    interrupt::Interrupt,
    jobs::{JobError, JobEvent, demo, scan},
};

/// What to open.
pub(super) enum Target {
    /// A folder of recordings or a sound file.
    Path(PathBuf),
    /// The demo sounds, written to this folder if they are not there yet.
    Demo(PathBuf),
}

/// A folder to open.
pub(super) struct ScanRequest {
    pub(super) serial: u64,
    pub(super) target: Target,
    pub(super) interrupt: Interrupt,
}

/// Starts the thread.
pub(super) fn spawn(mailbox: Mailbox) -> io::Result<Worker<ScanRequest>> {
    Worker::spawn("scan", move |request: ScanRequest| {
        let serial = request.serial;
        let result = open(&request, &mailbox);
        mailbox.send(Event::Scanned { serial, result });
    })
}

fn open(request: &ScanRequest, mailbox: &Mailbox) -> Result<scan::Listing, JobError> {
    let serial = request.serial;
    let sink = |event: JobEvent| {
        if let JobEvent::Progress { done, .. } = event {
            mailbox.send_latest(Event::Scanning { serial, found: done });
        }
    };
    let root = match &request.target {
        Target::Path(path) => path.clone(),
        Target::Demo(dir) => {
            demo::ensure(dir, &sink)?;
            dir.clone()
        }
    };
    scan::run(&root, None, &sink, &request.interrupt)
}
