//! State of the map, of travel and of exports.

use std::sync::Arc;

use super::{export::LatentExportState, travel::TravelState};
use crate::{
    explore::layout::{Layout, LayoutKind},
    inspect::{ladder::Ladder, thumbnail::Thumbnail},
    jobs::{
        atlas::{Atlas, Region},
        axis_effects::Effect,
        latent::encoded_set::EncodedSet,
    },
    session::{latent::state::Original, task::TaskStatus},
};

/// State of the map, of travel and of exports.
#[derive(Debug, Default)]
pub struct SpaceState {
    /// Progress of encoding the recordings.
    pub encoding: TaskStatus,
    /// The encoded recordings; kept while they are encoded again.
    pub set: Option<Arc<EncodedSet>>,
    /// Whether `set` was made by an earlier model of the run, or of other recordings.
    pub is_stale: bool,
    /// Reconstruction errors of the recordings of `set`.
    pub errors: ErrorsState,
    /// Effects of the sliders in the order of the axes, as far as they are measured.
    pub effects: Vec<Effect>,
    /// Incremented whenever `effects` changes, so that caches can tell.
    pub effects_generation: u64,
    /// The chosen layout.
    pub layout_kind: LayoutKind,
    /// Progress of computing it.
    pub arranging: TaskStatus,
    /// The map.
    pub layout: Option<Arc<Layout>>,
    /// Incremented whenever `layout` changes, so that caches can tell.
    pub generation: u64,
    /// Decoded images at positions of the map.
    pub atlas: Option<Arc<Atlas>>,
    /// The part of the map that is being decoded.
    pub atlas_asked: Option<Region>,
    /// The recording under the pointer, by index in the library, with its image.
    pub preview: Option<(usize, Thumbnail)>,
    /// Sounds brought from elsewhere, oldest first.
    pub guests: Vec<Guest>,
    /// State of travel.
    pub travel: TravelState,
    /// State of the ladder.
    pub ladder: LadderState,
    /// State of exports.
    pub export: LatentExportState,
}

/// A sound brought from elsewhere.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The sound and its vector.
    pub original: Arc<Original>,
    /// Whether an earlier model of the run encoded it.
    pub is_earlier: bool,
}

/// Reconstruction errors of the encoded recordings, measured on request.
#[derive(Clone, Debug, Default)]
pub struct ErrorsState {
    /// Progress of measuring them.
    pub status: TaskStatus,
    /// The error of each row of the set; `None` before they are measured.
    pub by_row: Option<Arc<Vec<Option<f32>>>>,
}

/// State of the ladder.
#[derive(Clone, Debug, Default)]
pub struct LadderState {
    /// Progress of making it.
    pub status: TaskStatus,
    /// The recording's name, and the ladder.
    pub made: Option<(String, Arc<Ladder>)>,
    /// The recording whose phase was borrowed.
    pub phase_of: Option<String>,
    /// Whether an earlier model of the run made it.
    pub is_stale: bool,
}
