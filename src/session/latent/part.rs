//! The latent vector at work: its state, what belongs to it alone, what it reads, and what it lets other parts know.

use std::{io, path::PathBuf, sync::Arc};

use super::{
    latent_point::LatentPoint,
    original::Original,
    state::LatentState,
    worker::{self, LatentInbox, Surroundings, WorkerEvent},
};
use crate::{
    explore::detail::{ExactMatch, Mix},
    jobs::runs::{
        bundle::Bundle,
        detail::{Detail, InUse, Made},
    },
    playback::prepared::Converter,
    session::{
        ctx::Ctx,
        job::{Job, Update},
        library::state::Library,
        mailbox::Mailbox,
        sound::SharedSound,
        training::state::TrainingState,
        undo::Undo,
        worker::Worker,
    },
};

/// News of the threads.
pub(in crate::session) enum LatentEvent {
    /// Of models, vectors and sounds.
    Worker(WorkerEvent),
    /// Of making detail.
    MakingDetail(Update<MadeDetail>),
}

/// Detail that was made, and the model that it is of.
pub(in crate::session) struct MadeDetail {
    pub(super) model_serial: u64,
    pub(super) made: Made,
}

/// What other parts may want to know.
pub(in crate::session) enum News {
    /// Another model is in use; whether it is a newer one of the same run.
    Model { same_run: bool },
    /// A model on disk is in use.
    Opened(PathBuf),
    /// The axes of the sliders are others.
    Axes,
    /// A place was remembered for undo: the vector is what was changed last.
    Remembered,
    /// Somebody began or ended to drag.
    Dragging(bool),
    /// The decoded sound is repeated, or no longer.
    Looping(bool),
    /// A sound from elsewhere was encoded.
    Guest(Arc<Original>),
}

/// The model in use.
#[derive(Default)]
pub(in crate::session) struct ModelInUse {
    pub(super) bundle: Option<Arc<Bundle>>,
    /// Of the request that brought it.
    pub(super) serial: u64,
    /// Its detail, once it was opened or made.
    pub(super) detail: Option<Arc<Detail>>,
}

impl ModelInUse {
    /// The model.
    pub(in crate::session) fn bundle(&self) -> Option<&Arc<Bundle>> {
        self.bundle.as_ref()
    }

    /// Another number for another model.
    pub(in crate::session) fn serial(&self) -> u64 {
        self.serial
    }

    /// Its detail, once it was opened or made.
    pub(in crate::session) fn detail(&self) -> Option<&Arc<Detail>> {
        self.detail.as_ref()
    }

    /// Detail as it is set, for sounds that are saved; `None` where it is off or the model has none.
    pub(in crate::session) fn detail_in_use(&self, mix: Mix, exact_match: ExactMatch) -> Option<InUse> {
        let detail = self.detail.clone().filter(|_| mix.is_on())?;
        Some(InUse { detail, mix, exact_match })
    }
}

/// What belongs to the latent vector alone.
pub(in crate::session) struct LatentControl {
    pub(super) mailbox: Mailbox<LatentEvent>,
    pub(super) worker: Worker<LatentInbox>,
    pub(super) undo: Undo<LatentPoint>,
    pub(super) model_serial: u64,
    pub(super) decode_serial: u64,
    pub(super) model: ModelInUse,
    pub(super) making_detail: Job<MadeDetail>,
    /// What vectors are compared with.
    pub(super) surroundings: Surroundings,
    /// The newest model of the run, and the epochs it has seen.
    pub(super) training_model: Option<(usize, Arc<Bundle>)>,
    /// Whether newer models of the run are to be used as they come.
    pub(super) follows_training: bool,
    /// Whether the model that was asked for last is used with settings that the person has given.
    pub(super) has_kept_settings: bool,
}

impl LatentControl {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(in crate::session) fn new(
        mailbox: Mailbox<LatentEvent>,
        converter: Converter,
        sound: SharedSound,
    ) -> io::Result<Self> {
        Ok(Self {
            worker: worker::spawn(mailbox.part(LatentEvent::Worker), converter, sound)?,
            mailbox,
            undo: Undo::default(),
            model_serial: 0,
            decode_serial: 0,
            model: ModelInUse::default(),
            making_detail: Job::default(),
            surroundings: Surroundings::default(),
            training_model: None,
            follows_training: false,
            has_kept_settings: false,
        })
    }

    /// The model in use.
    pub(in crate::session) fn model(&self) -> &ModelInUse {
        &self.model
    }
}

/// The latent vector at work.
pub(in crate::session) struct LatentPart<'a> {
    pub(super) state: &'a mut LatentState,
    pub(super) control: &'a mut LatentControl,
    pub(super) library: &'a Library,
    pub(super) training: &'a TrainingState,
    pub(super) ctx: Ctx<'a, News>,
}

impl<'a> LatentPart<'a> {
    pub(in crate::session) fn new(
        state: &'a mut LatentState,
        control: &'a mut LatentControl,
        (library, training): (&'a Library, &'a TrainingState),
        ctx: Ctx<'a, News>,
    ) -> Self {
        Self { state, control, library, training, ctx }
    }
}
