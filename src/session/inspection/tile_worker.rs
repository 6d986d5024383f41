//! The thread that computes the visible part of a long sound.

use std::{io, ops::Range, sync::Arc};

use crate::{
    pipeline::long_sound::{LongSound, MOST_COLUMNS, Tile},
    session::{mailbox::Mailbox, worker::Worker},
};

/// A computed part of a long sound.
pub(in crate::session) struct TileEvent {
    pub(super) serial: u64,
    pub(super) tile: Arc<Tile>,
}

/// A part to compute; a newer one replaces an older one.
pub(super) struct TileRequest {
    pub(super) sound: Arc<LongSound>,
    pub(super) serial: u64,
    pub(super) frames: Range<usize>,
}

/// Starts the thread that computes parts of long sounds.
pub(super) fn spawn(mailbox: Mailbox<TileEvent>) -> io::Result<Worker<TileRequest>> {
    Worker::spawn("tiles", move |request: TileRequest| {
        let tile = Arc::new(request.sound.tile(request.frames, MOST_COLUMNS));
        mailbox.send(TileEvent { serial: request.serial, tile });
    })
}
