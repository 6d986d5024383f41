//! The thread that cuts recordings into pieces.

use std::{
    io,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    interrupt::Interrupt,
    jobs::{
        JobContext, JobError, JobEvent,
        data::cutting::{self, CutFile},
        guarded,
    },
    pipeline::{
        config::{ChannelChoice, PreprocessingConfig},
        pieces::PieceConfig,
    },
    session::{mailbox::Mailbox, worker::Worker},
};

/// Minimum interval between two progress reports.
const REPORT_EVERY: Duration = Duration::from_millis(50);

/// Events from the thread that cuts.
pub(in crate::session) enum PiecesEvent {
    /// Seconds of sound processed.
    Progress { serial: u64, done: usize, total: usize },
    /// All files are cut.
    Cut { serial: u64, config: Box<PreprocessingConfig>, result: Result<Vec<CutFile>, JobError> },
}

/// The settings that a list of pieces depends on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule(PieceConfig, ChannelChoice, Option<f64>);

impl Rule {
    pub(super) fn of(config: &PreprocessingConfig) -> Option<Self> {
        config.pieces.is_on().then(|| Self(config.pieces.clone(), config.channel, config.max_secs()))
    }
}

/// Files to cut.
pub(super) struct CutRequest {
    pub(super) serial: u64,
    pub(super) root: PathBuf,
    pub(super) files: Vec<PathBuf>,
    pub(super) config: PreprocessingConfig,
    pub(super) interrupt: Interrupt,
}

/// The current cutting.
pub(super) struct PiecesControl {
    pub(super) worker: Worker<CutRequest>,
    pub(super) interrupt: Interrupt,
    pub(super) serial: u64,
    /// What the list was made with, or is being made with.
    pub(super) rule: Option<Rule>,
}

impl PiecesControl {
    pub(super) fn new(worker: Worker<CutRequest>) -> Self {
        Self { worker, interrupt: Interrupt::new(), serial: 0, rule: None }
    }
}

impl Drop for PiecesControl {
    fn drop(&mut self) {
        self.interrupt.stop();
    }
}

/// Starts the thread.
pub(super) fn spawn(mailbox: Mailbox<PiecesEvent>) -> io::Result<Worker<CutRequest>> {
    Worker::spawn("cutting", move |request: CutRequest| {
        let serial = request.serial;
        let (reported, most) = (Mutex::new(Instant::now()), AtomicUsize::new(0));
        let sink = |event: JobEvent| {
            let JobEvent::Progress { done, total, .. } = event else { return };
            let done = most.fetch_max(done, Ordering::Relaxed).max(done);
            let mut reported = reported.lock().unwrap_or_else(PoisonError::into_inner);
            if reported.elapsed() >= REPORT_EVERY {
                *reported = Instant::now();
                mailbox.send_latest(PiecesEvent::Progress { serial, done, total });
            }
        };
        let CutRequest { root, files, config, interrupt, .. } = request;
        let request = cutting::Request { root, files, config };
        let result = guarded(|| cutting::run(&request, &JobContext::new(&sink, &interrupt)));
        mailbox.send(PiecesEvent::Cut { serial, config: Box::new(request.config), result });
    })
}
