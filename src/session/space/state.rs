//! The open recordings in the latent space, as the window shows them.

use std::sync::Arc;

use super::{leaving::LeavingState, travel::TravelState};
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

/// The open recordings in the latent space, and ways through it.
#[derive(Debug, Default)]
pub struct SpaceState {
    /// How far the encoding of the recordings is.
    pub encoding: TaskStatus,
    /// The encoded recordings; kept while they are encoded anew.
    pub set: Option<Arc<EncodedSet>>,
    /// Whether `set` was made by an earlier model of the run, or of other recordings.
    pub is_stale: bool,
    /// What each slider does, in the order of the axes, as far as it is known.
    pub effects: Vec<Effect>,
    /// Counts up whenever `effects` changes, for caches.
    pub effects_generation: u64,
    /// The map that was asked for.
    pub layout_kind: LayoutKind,
    /// How far that map is.
    pub arranging: TaskStatus,
    /// The map.
    pub layout: Option<Arc<Layout>>,
    /// Counts up whenever `layout` changes, for caches.
    pub generation: u64,
    /// What the decoder makes at the map's places.
    pub atlas: Option<Arc<Atlas>>,
    /// The part of the map that an atlas is being made of.
    pub atlas_asked: Option<Region>,
    /// The recording that the pointer rests on, by its index in the library, with its image.
    pub preview: Option<(usize, Thumbnail)>,
    /// Sounds brought from elsewhere, oldest first.
    pub guests: Vec<Arc<Original>>,
    /// Slots, saved vectors, ways between.
    pub travel: TravelState,
    /// A recording heard after each step of the way.
    pub ladder: LadderState,
    /// What is being taken away.
    pub leaving: LeavingState,
}

/// What the ladder shows.
#[derive(Clone, Debug, Default)]
pub struct LadderState {
    /// How far it is.
    pub status: TaskStatus,
    /// The recording's name, and the ladder.
    pub made: Option<(String, Arc<Ladder>)>,
    /// The recording whose phase was borrowed.
    pub phase_of: Option<String>,
}
