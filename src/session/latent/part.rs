//! The latent part: its state and control, its events, and its news for other parts.

use std::{io, path::PathBuf, sync::Arc};

use super::{
    axes::AxisOrder,
    latent_point::LatentPoint,
    original::Original,
    state::LatentState,
    worker::{self, LatentInbox, WorkerEvent},
};
use crate::{
    explore::detail::{ExactMatch, Mix},
    jobs::{
        detail::Made,
        latent::encoded_set::EncodedSet,
        runs::{
            bundle::Bundle,
            detail::{Detail, InUse},
        },
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

/// Events from the workers.
pub(in crate::session) enum LatentEvent {
    /// From the thread of models, vectors and sounds.
    Worker(WorkerEvent),
    /// From making detail.
    MakingDetail(Update<Made>),
}

/// News for other parts.
pub(in crate::session) enum News {
    /// Another model is in use; whether it is a newer one of the same run.
    Model { same_run: bool },
    /// A model on disk is in use.
    Opened(PathBuf),
    /// The axes of the sliders have changed.
    Axes,
    /// A vector was remembered for undo: it was changed last.
    Remembered,
    /// The person moves the vector.
    ByHand,
    /// A drag has begun or ended.
    Dragging(bool),
    /// Looping was switched on or off.
    Looping(bool),
    /// A sound from elsewhere was encoded.
    Guest(Arc<Original>),
}

/// The model in use.
#[derive(Default)]
pub(in crate::session) struct ModelInUse {
    pub(super) bundle: Option<Arc<Bundle>>,
    /// Serial of the request that loaded it.
    pub(super) serial: u64,
    /// Its detail, once opened or made.
    pub(super) detail: Option<Arc<Detail>>,
}

impl ModelInUse {
    /// The model.
    pub(in crate::session) fn bundle(&self) -> Option<&Arc<Bundle>> {
        self.bundle.as_ref()
    }

    /// A number that differs between models.
    pub(in crate::session) fn serial(&self) -> u64 {
        self.serial
    }

    /// Its detail, once opened or made.
    pub(in crate::session) fn detail(&self) -> Option<&Arc<Detail>> {
        self.detail.as_ref()
    }

    /// Detail with the current settings, for saved sounds; `None` if it is off or the model has none.
    pub(in crate::session) fn detail_in_use(&self, mix: Mix, exact_match: ExactMatch) -> Option<InUse> {
        let detail = self.detail.clone().filter(|_| mix.is_on())?;
        Some(InUse { detail, mix, exact_match })
    }
}

/// A model that a run has made.
#[derive(Clone)]
pub(in crate::session) struct TrainingModel {
    /// The run's folder.
    pub(in crate::session) run: PathBuf,
    /// Epochs done when it was made.
    pub(in crate::session) epochs: usize,
    pub(in crate::session) bundle: Arc<Bundle>,
}

/// Threads, jobs and undo of this part.
pub(in crate::session) struct LatentControl {
    pub(super) mailbox: Mailbox<LatentEvent>,
    pub(super) worker: Worker<LatentInbox>,
    pub(super) undo: Undo<LatentPoint>,
    pub(super) model_serial: u64,
    pub(super) encode_serial: u64,
    pub(super) decode_serial: u64,
    pub(super) model: ModelInUse,
    pub(super) making_detail: Job<Made>,
    /// Recordings that the axes are measured on: those of an earlier model of the run until a newer one has encoded them.
    pub(super) axes_set: Option<Arc<EncodedSet>>,
    /// How the axes are ordered.
    pub(super) axis_order: AxisOrder,
    /// The newest model of the run that the training view shows.
    pub(super) training_model: Option<TrainingModel>,
    /// Whether to use newer models of the run as they arrive.
    pub(super) follows_training: bool,
    /// Whether the person has given settings for the model that was requested last.
    pub(super) has_kept_settings: bool,
    /// Whether the model that was asked for last is the demo's.
    pub(super) asks_demo: bool,
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
            encode_serial: 0,
            decode_serial: 0,
            model: ModelInUse::default(),
            making_detail: Job::default(),
            axes_set: None,
            axis_order: AxisOrder::default(),
            training_model: None,
            follows_training: false,
            has_kept_settings: false,
            asks_demo: false,
        })
    }

    /// The model in use.
    pub(in crate::session) fn model(&self) -> &ModelInUse {
        &self.model
    }
}

/// The latent part with all that it may use.
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
        library: &'a Library,
        training: &'a TrainingState,
        ctx: Ctx<'a, News>,
    ) -> Self {
        Self { state, control, library, training, ctx }
    }
}
