//! The open recordings in the latent space: encoded, laid out as a map, and travelled.

mod axes;
mod encoding;
pub mod ladder;
pub mod leaving;
mod map;
pub(super) mod preview;
mod saved;
pub mod travel;

use std::{path::Path, sync::Arc, time::Instant};

use self::{
    ladder::{Climbed, LadderState},
    leaving::{LeavingCommand, LeavingState},
    preview::PreviewRequest,
    saved::SavedVectors,
    travel::{TravelCommand, TravelState},
};
use super::{
    Session,
    progress::Progress,
    state::Original,
    task::{Task, TaskStatus},
    worker::Worker,
};
use crate::{
    explore::layout::{Layout, LayoutKind},
    inspect::thumbnail::Thumbnail,
    jobs::{
        JobError,
        atlas::{Atlas, Region},
        axis_effects::Effect,
        latent::encoded_set::EncodedSet,
    },
    names,
};

/// Sounds from elsewhere that stay on the map; older ones make room.
const MOST_GUESTS: usize = 20;

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

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum SpaceCommand {
    /// Encodes the open recordings.
    Encode,
    /// Stops that.
    CancelEncoding,
    /// Lays the map out in this way.
    SetLayout(LayoutKind),
    /// Stops that.
    CancelLayout,
    /// Goes to a place of the map.
    MoveTo([f32; 2]),
    /// The pointer rests on a recording, by its index in the library: shows its image, and plays it if so asked.
    Preview {
        /// The recording.
        recording: usize,
        /// Whether it is to be heard.
        heard: bool,
    },
    /// Decodes a part of the map, or forgets what was decoded.
    ShowAtlas(Option<Region>),
    /// Takes the vector of a sound that is not in the library.
    BringSound(std::path::PathBuf),
    /// Goes back to one of those, by its place.
    VisitGuest(usize),
    /// Saves a list of recordings, by their indices in the library.
    SaveList(std::path::PathBuf, Vec<usize>),
    /// Moves the vector toward the encoded recordings by a part of the way.
    PullBack(f32),
    /// Makes the ladder of the sound that the vector came from, or of the selected recording.
    Climb,
    /// Stops that.
    CancelLadder,
    /// Plays one of its rungs, counted from the original.
    PlayRung(usize),
    /// Of travelling.
    Travel(TravelCommand),
    /// Of taking away.
    Leave(LeavingCommand),
}

/// News of the threads.
pub(super) enum SpaceEvent {
    /// How far the encoding is.
    Encoding(Progress),
    /// The recordings are encoded.
    Encoded { key: Key, result: Result<Box<EncodedSet>, JobError> },
    /// What some sliders do, from this place among the axes on.
    Effects { serial: u64, from: usize, effects: Vec<Effect> },
    /// How far the map is.
    Arranging(Progress),
    /// The map is there.
    Arranged { serial: u64, result: Result<Layout, JobError> },
    /// The decoded places are there.
    AtlasMade { serial: u64, result: Result<Atlas, JobError> },
    /// How far the ladder is.
    Climbing(Progress),
    /// The ladder is there.
    Climbed(Result<Box<Climbed>, JobError>),
    /// How far the writing is.
    Leaving(Progress),
    /// What was taken away, in words.
    Left(Result<String, JobError>),
    /// The image of the recording that the pointer rests on.
    Previewed { recording: usize, result: Result<Thumbnail, JobError> },
}

/// What recordings were encoded, and with which model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Key {
    model: u64,
    library: u64,
}

/// The threads at work, and what they were asked for.
pub(super) struct SpaceControl {
    encoding: Option<(Key, Task)>,
    encoded: Option<Key>,
    library: u64,
    arranging: Option<Task>,
    effects: Option<Task>,
    atlas: Option<Task>,
    ladder: Option<Task>,
    leaving: Option<Task>,
    /// Tasks that nobody waits for any more, until their threads have ended.
    retired: Vec<Task>,
    /// Distinguish answers about these axes and this map from late ones about earlier ones.
    serial: u64,
    map_serial: u64,
    preview: Worker<PreviewRequest>,
    saved: SavedVectors,
    walk: Option<(travel::AnyWalk, Instant)>,
    rng: rand::rngs::StdRng,
}

impl SpaceControl {
    pub(super) fn new(preview: Worker<PreviewRequest>, data_dir: &Path) -> Self {
        Self {
            encoding: None,
            encoded: None,
            library: 0,
            arranging: None,
            effects: None,
            atlas: None,
            ladder: None,
            leaving: None,
            retired: Vec::new(),
            serial: 0,
            map_serial: 0,
            preview,
            saved: SavedVectors::in_folder(data_dir),
            walk: None,
            rng: rand::SeedableRng::from_os_rng(),
        }
    }
}

impl SpaceControl {
    /// Stops a task without waiting for it: the window goes on drawing.
    fn retire(&mut self, task: Option<Task>) {
        self.retired.retain(|task| !task.is_finished());
        if let Some(task) = task {
            // A paused one would never see that it is to stop.
            task.stop();
            self.retired.push(task);
        }
    }
}

impl Session {
    pub(super) fn apply_to_space(&mut self, command: SpaceCommand) {
        use SpaceCommand as C;
        match command {
            C::Encode => self.encode_recordings(),
            C::CancelEncoding => {
                if let Some((_, task)) = &self.space.encoding {
                    task.stop();
                }
            }
            C::SetLayout(kind) => self.set_layout(kind),
            C::CancelLayout => {
                if let Some(task) = &self.space.arranging {
                    task.stop();
                }
            }
            C::MoveTo(place) => self.move_to_place(place),
            C::Preview { recording, heard } => self.preview(recording, heard),
            C::ShowAtlas(region) => self.show_atlas(region),
            C::BringSound(path) => self.bring_sound(path),
            C::VisitGuest(guest) => self.visit_guest(guest),
            C::SaveList(path, recordings) => self.save_list(path, &recordings),
            C::PullBack(part) => self.pull_back(part),
            C::Climb => self.climb(),
            C::CancelLadder => self.cancel_ladder(),
            C::PlayRung(rung) => self.play_rung(rung),
            C::Travel(command) => self.apply_to_travel(command),
            C::Leave(command) => self.leave(command),
        }
    }

    pub(super) fn hear_space(&mut self, event: SpaceEvent) {
        match event {
            SpaceEvent::Encoding(progress) => advance(&mut self.state.space.encoding, progress),
            SpaceEvent::Encoded { key, result } => self.hear_encoded_set(key, result),
            SpaceEvent::Effects { serial, from, effects } => self.hear_effects(serial, from, effects),
            SpaceEvent::Arranging(progress) => advance(&mut self.state.space.arranging, progress),
            SpaceEvent::Arranged { serial, result } => self.hear_layout(serial, result),
            SpaceEvent::AtlasMade { serial, result } => self.hear_atlas(serial, result),
            SpaceEvent::Climbing(progress) => advance(&mut self.state.space.ladder.status, progress),
            SpaceEvent::Climbed(result) => self.hear_climbed(result),
            SpaceEvent::Leaving(progress) => advance(&mut self.state.space.leaving.status, progress),
            SpaceEvent::Left(result) => self.hear_left(result),
            SpaceEvent::Previewed { recording, result } => {
                if let Ok(thumbnail) = result {
                    self.state.space.preview = Some((recording, thumbnail));
                }
            }
        }
    }

    /// Another model is in use; `same_run` for a newer one of the same run.
    pub(super) fn space_model_changed(&mut self, same_run: bool) {
        let space = &mut self.state.space;
        if same_run {
            space.is_stale = space.set.is_some();
        } else {
            space.set = None;
            space.layout = None;
            space.guests.clear();
            space.ladder = LadderState::default();
            space.is_stale = false;
        }
        space.atlas = None;
        space.atlas_asked = None;
        let atlas = self.space.atlas.take();
        self.space.retire(atlas);
        if !same_run {
            self.recall_saved();
        }
        // What was compared with before belongs to the model before.
        self.tell_surroundings();
        self.refresh_axes();
        self.encode_if_wanted();
    }

    /// Other recordings are open.
    pub(super) fn space_library_changed(&mut self) {
        self.space.library += 1;
        let space = &mut self.state.space;
        space.set = None;
        space.layout = None;
        space.preview = None;
        space.atlas = None;
        space.atlas_asked = None;
        space.is_stale = false;
        space.generation += 1;
        self.tell_surroundings();
        self.refresh_axes();
        self.encode_if_wanted();
    }

    /// While somebody drags, the work in the background waits: what is heard comes first.
    pub(super) fn give_hands_the_processor(&self, dragging: bool) {
        let encoding = self.space.encoding.as_ref().map(|(_, task)| task);
        self.detail.set_paused(dragging);
        let others = [&self.space.effects, &self.space.atlas, &self.space.arranging];
        for task in encoding.into_iter().chain(others.into_iter().flatten()) {
            task.set_paused(dragging);
        }
    }

    fn bring_sound(&mut self, path: std::path::PathBuf) {
        let name = names::file_name(&path);
        self.show(super::state::View::Latent);
        self.encode_file(None, name, path);
    }

    /// A sound from elsewhere has its place in the space.
    pub(super) fn welcome(&mut self, original: &Arc<Original>) {
        let guests = &mut self.state.space.guests;
        guests.retain(|guest| guest.path != original.path);
        if guests.len() == MOST_GUESTS {
            guests.remove(0);
        }
        guests.push(Arc::clone(original));
    }

    fn visit_guest(&mut self, guest: usize) {
        let Some(original) = self.state.space.guests.get(guest).cloned() else { return };
        // Encoded again, so that it can be heard: the newest original is the one that is ready to play.
        self.encode_file(None, original.name.clone(), original.path.clone());
    }
}

/// Takes progress of work that is still under way.
fn advance(status: &mut TaskStatus, Progress { stage, done, total }: Progress) {
    if status.is_running() {
        status.advance(stage, done, total);
    }
}
