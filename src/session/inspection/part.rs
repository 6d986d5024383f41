//! The inspection part: its state and control, its events, and its news for other parts.

use std::io;

use super::{
    stage_worker::{self, Replaced, StageEvent, StageRequest},
    state::Inspection,
    tile_worker::{self, TileEvent, TileRequest},
};
use crate::{
    audio::folder::Cause,
    interrupt::Interrupt,
    playback::prepared::Converter,
    session::{ctx::Ctx, library::state::Library, mailbox::Mailbox, spoken::Spoken, worker::Worker},
};

/// Events from the workers.
pub(in crate::session) enum InspectionEvent {
    /// Stages of whole recordings.
    Stages(StageEvent),
    /// The visible part of a long sound.
    Tile(TileEvent),
}

/// News for other parts.
pub(in crate::session) enum News {
    /// The stages of a recording are computed and its sound is ready to play.
    Staged(usize),
    /// A recording cannot be decoded.
    Failed {
        recording: usize,
        /// What the stage view says.
        words: Spoken,
        cause: Cause,
    },
    /// The file of a recording was replaced after it was listed.
    Replaced(usize, Replaced),
    /// The preprocessing settings have changed.
    Preprocessing,
}

/// Threads of this part.
pub(in crate::session) struct InspectionControl {
    pub(super) stages: Worker<StageRequest>,
    pub(super) tiles: Worker<TileRequest>,
    pub(super) serial: u64,
    /// Of the newest request.
    pub(super) interrupt: Interrupt,
}

impl InspectionControl {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(in crate::session) fn new(
        mailbox: &Mailbox<InspectionEvent>,
        converter: Converter,
    ) -> io::Result<Self> {
        Ok(Self {
            stages: stage_worker::spawn(mailbox.part(InspectionEvent::Stages), converter)?,
            tiles: tile_worker::spawn(mailbox.part(InspectionEvent::Tile))?,
            serial: 0,
            interrupt: Interrupt::new(),
        })
    }
}

/// The inspection part with all that it may use.
pub(in crate::session) struct InspectionPart<'a> {
    pub(super) state: &'a mut Inspection,
    pub(super) control: &'a mut InspectionControl,
    pub(super) library: &'a Library,
    pub(super) ctx: Ctx<'a, News>,
}

impl<'a> InspectionPart<'a> {
    pub(in crate::session) fn new(
        state: &'a mut Inspection,
        control: &'a mut InspectionControl,
        library: &'a Library,
        ctx: Ctx<'a, News>,
    ) -> Self {
        Self { state, control, library, ctx }
    }
}
