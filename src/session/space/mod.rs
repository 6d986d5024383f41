//! The open recordings in the latent space: encoding, map, and travel.

mod climbing;
mod effects;
mod encoding;
mod errors;
pub mod export;
mod map;
pub(super) mod part;
mod preview;
mod saved;
mod saving;
pub mod state;
pub mod travel;
mod travelling;

use std::{path::PathBuf, sync::Arc};

use self::{
    export::LatentExportCommand,
    part::{News, SpaceEvent, SpacePart},
    state::{Guest, LadderState},
    travel::TravelCommand,
};
use super::{job::Content, latent::state::Original, settings::View, task::TaskStatus};
use crate::{explore::layout::LayoutKind, jobs::atlas::Region, names};

/// Maximum number of sounds from elsewhere on the map; the oldest are dropped.
const MOST_GUESTS: usize = 20;

/// Commands of the map, of travel and of exports.
#[derive(Clone, Debug, PartialEq)]
pub enum SpaceCommand {
    /// Encodes the open recordings.
    Encode,
    /// Stops encoding.
    CancelEncoding,
    /// Measures the reconstruction errors of the encoded recordings, unless they are known.
    MeasureErrors,
    /// Stops measuring them.
    CancelErrors,
    /// Chooses the layout of the map.
    SetLayout(LayoutKind),
    /// Stops computing the layout.
    CancelLayout,
    /// Goes to a position on the map.
    MoveTo([f32; 2]),
    /// Shows the image of a recording under the pointer, and plays it if requested.
    Preview {
        /// Its index in the library.
        recording: usize,
        /// Whether to play it.
        heard: bool,
    },
    /// Decodes a part of the map, or drops the decoded images.
    ShowAtlas(Option<Region>),
    /// Encodes a sound that is not in the library and goes to its vector.
    BringSound(std::path::PathBuf),
    /// Goes back to such a sound, by index.
    VisitGuest(usize),
    /// Saves a list of recordings, by their indices in the library.
    SaveList(std::path::PathBuf, Vec<usize>),
    /// Moves the vector towards the encoded recordings by this fraction.
    PullBack(f32),
    /// Makes the ladder of the sound that the vector came from, or of the selected recording.
    Climb,
    /// Stops making the ladder.
    CancelLadder,
    /// Plays a rung of the ladder, counted from the original.
    PlayRung(usize),
    /// Commands of travel.
    Travel(TravelCommand),
    /// Exports.
    Export(LatentExportCommand),
    /// Goes to a random vector, drawn by the travel settings.
    Sample,
}

impl SpacePart<'_> {
    pub(super) fn apply(&mut self, command: SpaceCommand) {
        use SpaceCommand as C;
        match command {
            C::Encode => self.encode_recordings(),
            C::CancelEncoding => self.control.encoding.cancel(),
            C::MeasureErrors => self.measure_errors(),
            C::CancelErrors => self.control.errors.cancel(),
            C::SetLayout(kind) => self.set_layout(kind),
            C::CancelLayout => self.control.arranging.cancel(),
            C::MoveTo(place) => self.move_to_place(place),
            C::Preview { recording, heard } => self.preview(recording, heard),
            C::ShowAtlas(region) => self.show_atlas(region),
            C::BringSound(path) => self.bring_sound(path),
            C::VisitGuest(guest) => self.visit_guest(guest),
            C::SaveList(path, recordings) => self.save_list(path, &recordings),
            C::PullBack(part) => self.pull_back(part),
            C::Climb => self.climb(),
            C::CancelLadder => self.control.ladder.cancel(),
            C::PlayRung(rung) => self.play_rung(rung),
            C::Travel(command) => self.apply_to_travel(command),
            C::Export(command) => self.export(command),
            C::Sample => self.sample(),
        }
    }

    pub(super) fn on(&mut self, event: SpaceEvent) {
        match event {
            SpaceEvent::Encoding(update) => self.on_encoding(update),
            SpaceEvent::Effects(update) => {
                if let Some(Content::News(effects)) = self.control.effects.accept(update) {
                    self.on_effects(effects);
                }
            }
            SpaceEvent::Errors(update) => self.on_errors(update),
            SpaceEvent::Arranging(update) => self.on_arranging(update),
            SpaceEvent::Atlas(update) => {
                if let Some(Content::Ended(result)) = self.control.atlas.accept(update) {
                    self.on_atlas(result);
                }
            }
            SpaceEvent::Climbing(update) => self.on_climbing(update),
            SpaceEvent::Export(update) => self.on_export(update),
            SpaceEvent::Previewed(previewed) => {
                if let Ok(thumbnail) = previewed.result {
                    self.state.preview = Some((previewed.recording, thumbnail));
                }
            }
        }
    }

    /// Another model is in use; `same_run` for a newer one of the same run.
    pub(super) fn on_model(&mut self, same_run: bool) {
        let space = &mut *self.state;
        if same_run {
            space.is_stale = space.set.is_some();
            space.ladder.is_stale = space.ladder.made.is_some();
            space.travel.on_newer_model();
            for guest in &mut space.guests {
                guest.is_earlier = true;
            }
        } else {
            space.set = None;
            space.layout = None;
            space.guests.clear();
            space.ladder = LadderState::default();
            space.arranging = TaskStatus::Idle;
            space.is_stale = false;
            self.forget_effects();
            self.control.ladder.forget();
            self.control.arranging.forget();
            self.forget_errors();
        }
        let space = &mut *self.state;
        space.atlas = None;
        space.atlas_asked = None;
        self.control.atlas.forget();
        if !same_run {
            self.recall_saved();
        }
        // The recordings that it was compared with were encoded by the earlier model.
        self.send_surroundings();
        self.encode_if_wanted();
    }

    /// Other recordings are open.
    pub(super) fn on_library(&mut self) {
        self.control.library += 1;
        let space = &mut *self.state;
        space.set = None;
        space.layout = None;
        space.preview = None;
        space.atlas = None;
        space.atlas_asked = None;
        space.is_stale = false;
        space.generation += 1;
        space.arranging = TaskStatus::Idle;
        self.control.arranging.forget();
        self.control.atlas.forget();
        self.forget_errors();
        self.send_surroundings();
        self.encode_if_wanted();
    }

    pub(super) fn bring_sound(&mut self, path: PathBuf) {
        let name = names::file_name(&path);
        self.ctx.show(View::Latent);
        self.ctx.tell(News::Encode { name, path });
    }

    /// Adds an encoded sound from elsewhere to the map.
    pub(super) fn add_guest(&mut self, original: &Arc<Original>) {
        let guests = &mut self.state.guests;
        guests.retain(|guest| guest.original.path != original.path);
        if guests.len() == MOST_GUESTS {
            guests.remove(0);
        }
        guests.push(Guest { original: Arc::clone(original), is_earlier: false });
    }

    fn visit_guest(&mut self, guest: usize) {
        let Some(original) = self.state.guests.get(guest).map(|guest| &guest.original) else { return };
        // Encode it again to play it: only the newest original is ready to play.
        self.ctx.tell(News::Encode { name: original.name.clone(), path: original.path.clone() });
    }
}
