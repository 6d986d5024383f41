//! The stages of the selected recording at work: their state, what belongs to them alone, and what they read.

use std::io;

use super::{
    stage_worker::{self, StageEvent, StageRequest},
    state::Inspection,
    tile_worker::{self, TileEvent, TileRequest},
};
use crate::{
    playback::prepared::Converter,
    session::{ctx::Ctx, library::state::Library, mailbox::Mailbox, worker::Worker},
};

/// News of the threads.
pub(in crate::session) enum InspectionEvent {
    /// Of whole recordings.
    Stages(StageEvent),
    /// Of the part in sight of a long sound.
    Tile(TileEvent),
}

/// What other parts may want to know.
#[derive(Clone, Copy)]
pub(in crate::session) enum News {
    /// A recording's stages are there, and its sound is ready to play.
    Staged(usize),
    /// The preprocessing settings are others.
    Preprocessing,
}

/// What belongs to this part alone.
pub(in crate::session) struct InspectionControl {
    pub(super) stages: Worker<StageRequest>,
    pub(super) tiles: Worker<TileRequest>,
    pub(super) serial: u64,
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
        })
    }
}

/// The part at work.
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
