//! The library part: its state and control, its events, and its news for other parts.

use std::{io, path::PathBuf};

use super::{
    cutting_worker::{self, PiecesControl, PiecesEvent},
    scan_worker::{self, InSight, ScanEvent, ScanRequest},
    state::Library,
};
use crate::{
    audio::left_out::Change,
    interrupt::Interrupt,
    session::{ctx::Ctx, mailbox::Mailbox, spoken::Spoken, undo::Undo, worker::Worker},
};

/// Events from the workers.
pub(in crate::session) enum LibraryEvent {
    /// From a scan.
    Scan(ScanEvent),
    /// From cutting recordings into pieces.
    Pieces(PiecesEvent),
}

/// News for other parts.
pub(in crate::session) enum News {
    /// A model was opened instead of a folder of recordings.
    Model(PathBuf),
    /// Other recordings are listed.
    Replaced,
    /// Another recording is selected.
    Selected,
    /// Play the selected recording from these seconds on.
    PlayFrom(f64),
    /// The list of left-out recordings has changed.
    LeftOut,
    /// The headers of all recordings are read: their lengths are known.
    HeadersRead,
}

/// Threads and undo of this part.
pub(in crate::session) struct LibraryControl {
    pub(super) scan: ScanControl,
    pub(super) pieces: PiecesControl,
    pub(super) left_out: LeftOutControl,
}

impl LibraryControl {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(in crate::session) fn new(mailbox: &Mailbox<LibraryEvent>) -> io::Result<Self> {
        Ok(Self {
            scan: ScanControl {
                worker: scan_worker::spawn(mailbox.part(LibraryEvent::Scan))?,
                interrupt: Interrupt::new(),
                serial: 0,
                opening: None,
                in_sight: InSight::default(),
                is_again: false,
                news: None,
            },
            pieces: PiecesControl::new(cutting_worker::spawn(mailbox.part(LibraryEvent::Pieces))?),
            left_out: LeftOutControl::default(),
        })
    }
}

/// The current scan.
pub(super) struct ScanControl {
    pub(super) worker: Worker<ScanRequest>,
    pub(super) interrupt: Interrupt,
    pub(super) serial: u64,
    pub(super) opening: Option<PathBuf>,
    pub(super) in_sight: InSight,
    /// Whether it reads the open folder again.
    pub(super) is_again: bool,
    /// What reading it again has found, in words.
    pub(super) news: Option<Spoken>,
}

impl Drop for ScanControl {
    fn drop(&mut self) {
        self.interrupt.stop();
    }
}

/// Undo of the list of left-out recordings.
#[derive(Default)]
pub(super) struct LeftOutControl {
    pub(super) undo: Undo<Change>,
    /// Whether the list has changed after the latent vector, so that it is undone first.
    pub(super) is_newest: bool,
    /// Whether the list was undone last, so that it is redone first.
    pub(super) is_undone: bool,
}

/// The library part with all that it may use.
pub(in crate::session) struct LibraryPart<'a> {
    pub(super) state: &'a mut Library,
    pub(super) control: &'a mut LibraryControl,
    pub(super) ctx: Ctx<'a, News>,
}

impl<'a> LibraryPart<'a> {
    pub(in crate::session) fn new(
        state: &'a mut Library,
        control: &'a mut LibraryControl,
        ctx: Ctx<'a, News>,
    ) -> Self {
        Self { state, control, ctx }
    }
}
