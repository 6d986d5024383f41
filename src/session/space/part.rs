//! The space part: its state and control, its events, and its news for other parts.

use std::{collections::VecDeque, io, path::Path, path::PathBuf, time::Instant};

use ndarray::Array1;
use rand::rngs::StdRng;

use super::{
    preview::{self, PreviewRequest, Previewed},
    saved::SavedVectors,
    state::SpaceState,
};
use crate::{
    explore::{axes::AxisSystem, density::walk::DensityWalk, layout::Layout, travel::Walk},
    inspect::ladder::Ladder,
    interrupt::Interrupt,
    jobs::{
        JobContext, JobError, atlas::Atlas, axis_effects::Effect, guarded, latent::encoded_set::EncodedSet,
    },
    playback::prepared::{Converter, Prepared},
    session::{
        ctx::Ctx,
        export_queue::{ExportQueue, Shown},
        job::{Job, Update},
        latent::{latent_point::LatentPoint, part::ModelInUse, state::LatentState, worker::Surroundings},
        library::state::Library,
        mailbox::Mailbox,
        sound::SharedSound,
        spoken::Spoken,
        training::state::TrainingState,
        worker::Worker,
    },
};

/// Events from the workers.
pub(in crate::session) enum SpaceEvent {
    /// From encoding the recordings.
    Encoding(Update<EncodedSet>),
    /// Effects of some sliders, from this index of the axes on.
    Effects(Update<(), EffectsFrom>),
    /// From measuring the reconstruction errors.
    Errors(Update<Vec<Option<f32>>>),
    /// From computing the layout.
    Arranging(Update<Layout>),
    /// From decoding positions of the map.
    Atlas(Update<Atlas, ()>),
    /// From making the ladder.
    Climbing(Update<Climbed>),
    /// From an export: what was written, in words.
    Export(Update<Spoken>),
    /// The image of the recording under the pointer.
    Previewed(Previewed),
}

/// Effects of some sliders, from this index of the axes on.
pub(in crate::session) struct EffectsFrom {
    pub(super) first: usize,
    pub(super) effects: Vec<Effect>,
}

/// Identifies encoded recordings and the model that encoded them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) model: u64,
    pub(super) library: u64,
}

/// A ladder that was made.
pub(in crate::session) struct Climbed {
    /// Serial number of the model that made it.
    pub(super) model: u64,
    pub(super) name: String,
    pub(super) phase_of: Option<String>,
    pub(super) ladder: Ladder,
    /// Its sounds, ready to play.
    pub(super) prepared: Vec<Prepared>,
}

/// Work of an export; returns in words what was written.
pub(super) type Work = Box<dyn FnOnce(&JobContext<'_>) -> Result<Spoken, JobError> + Send>;

/// The current export and those that wait, in the order of the requests.
#[derive(Default)]
pub(super) struct ExportControl {
    pub(super) job: Job<Spoken>,
    pub(super) waiting: VecDeque<Work>,
}

/// Closing the window loses no export: it ends when all are written.
impl Drop for ExportControl {
    fn drop(&mut self) {
        self.job.finish();
        let interrupt = Interrupt::new();
        for work in self.waiting.drain(..) {
            if let Err(error) = guarded(|| work(&JobContext::silent(&interrupt))) {
                log::error!("an export failed after the window was closed: {error}");
            }
        }
    }
}

/// A walk through the density, or through the Gaussian of the data.
pub(super) enum AnyWalk {
    Density(Box<DensityWalk>),
    Data(Box<Walk>),
}

impl AnyWalk {
    pub(super) fn step(&mut self, stride: f32) -> Array1<f32> {
        match self {
            Self::Density(walk) => walk.step(stride),
            Self::Data(walk) => walk.step(stride),
        }
    }
}

/// News for other parts.
pub(in crate::session) enum News {
    /// Go to this vector.
    GoTo(LatentPoint),
    /// Go to this vector, as part of a drag if there is one.
    DragTo(LatentPoint),
    /// Encode this sound file, which is not in the library.
    Encode { name: String, path: PathBuf },
    /// Compare vectors with these from now on.
    Surroundings(Surroundings),
}

/// Threads and jobs of this part.
pub(in crate::session) struct SpaceControl {
    pub(super) mailbox: Mailbox<SpaceEvent>,
    pub(super) encoding: Job<EncodedSet>,
    /// Recordings that are being encoded.
    pub(super) encoding_key: Option<Key>,
    pub(super) encoded: Option<Key>,
    pub(super) library: u64,
    pub(super) errors: Job<Vec<Option<f32>>>,
    pub(super) arranging: Job<Layout>,
    pub(super) effects: Job<(), EffectsFrom>,
    /// The sliders whose effects the state has, in their order.
    pub(super) effects_of: Vec<(usize, AxisSystem)>,
    pub(super) atlas: Job<Atlas, ()>,
    pub(super) ladder: Job<Climbed>,
    pub(super) export: ExportControl,
    pub(super) preview: Worker<PreviewRequest>,
    pub(super) saved: SavedVectors,
    pub(super) walk: Option<(AnyWalk, Instant)>,
    pub(super) rng: StdRng,
}

impl SpaceControl {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(in crate::session) fn new(
        mailbox: Mailbox<SpaceEvent>,
        converter: Converter,
        sound: SharedSound,
        data_dir: &Path,
    ) -> io::Result<Self> {
        Ok(Self {
            preview: preview::spawn(mailbox.part(SpaceEvent::Previewed), converter, sound)?,
            mailbox,
            encoding: Job::default(),
            encoding_key: None,
            encoded: None,
            library: 0,
            errors: Job::default(),
            arranging: Job::default(),
            effects: Job::default(),
            effects_of: Vec::new(),
            atlas: Job::default(),
            ladder: Job::default(),
            export: ExportControl::default(),
            saved: SavedVectors::in_folder(data_dir),
            walk: None,
            rng: rand::SeedableRng::from_os_rng(),
        })
    }

    /// Pauses background jobs during a drag, or continues them.
    pub(in crate::session) fn set_paused(&self, paused: bool) {
        self.encoding.set_paused(paused);
        self.errors.set_paused(paused);
        self.effects.set_paused(paused);
        self.atlas.set_paused(paused);
        self.arranging.set_paused(paused);
    }
}

/// The space part with all that it may use.
pub(in crate::session) struct SpacePart<'a> {
    pub(super) state: &'a mut SpaceState,
    pub(super) control: &'a mut SpaceControl,
    pub(super) library: &'a Library,
    pub(super) latent: &'a LatentState,
    pub(super) model: &'a ModelInUse,
    pub(super) training: &'a TrainingState,
    pub(super) exports: &'a ExportQueue,
    pub(super) ctx: Ctx<'a, News>,
}

/// What this part reads of others.
pub(in crate::session) struct Reads<'a> {
    pub(in crate::session) shown: Shown<'a>,
    pub(in crate::session) model: &'a ModelInUse,
    pub(in crate::session) exports: &'a ExportQueue,
}

impl<'a> SpacePart<'a> {
    pub(in crate::session) fn new(
        state: &'a mut SpaceState,
        control: &'a mut SpaceControl,
        Reads { shown: Shown { library, latent, training }, model, exports }: Reads<'a>,
        ctx: Ctx<'a, News>,
    ) -> Self {
        Self { state, control, library, latent, model, training, exports, ctx }
    }

    /// Open recordings and models, which no export may overwrite.
    pub(super) fn shown(&self) -> Shown<'a> {
        Shown { library: self.library, latent: self.latent, training: self.training }
    }
}
