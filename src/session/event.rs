//! News from the workers to the session.

use std::{path::PathBuf, sync::Arc};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::{
    data_set::DataSetEvent,
    detail::DetailEvent,
    long_view::LongView,
    pieces::PiecesEvent,
    playing::PlayingEvent,
    runs::RunsEvent,
    space::SpaceEvent,
    state::{Decoded, ModelOrigin, Original, PinSlot, TrainingForm},
    training::TrainingEvent,
    training::data::DataEvent,
};
use crate::{
    audio::decode::ClipInfo,
    jobs::{JobError, JobEvent, runs::bundle::Bundle, scan::Listing, train},
    pipeline::{long_sound::Tile, stages::Stages},
    playback::prepared::Prepared,
};

/// Places in the queue; half of them are kept for news that must not be lost.
const CAPACITY: usize = 1024;

/// A recording as the stage view shows it.
pub(super) enum Staged {
    /// All stages, and its signal ready to play.
    Whole(Arc<Stages>, Prepared),
    /// A long sound, part by part, and its signal to stream.
    Long(Box<LongView>, Prepared),
}

/// One piece of news.
pub(super) enum Event {
    /// A scan has found this many sound files so far.
    Scanning { serial: u64, found: usize },
    /// A scan has ended.
    Scanned { serial: u64, result: Result<Listing, JobError> },
    /// Headers of listed recordings, by their place in the list.
    Headers { serial: u64, headers: Vec<(usize, Result<ClipInfo, String>)> },
    /// News of recordings in pieces.
    Pieces(PiecesEvent),
    /// The stages of a recording are there, with its signal ready to play.
    Staged { recording: usize, serial: u64, result: Result<Staged, String> },
    /// A part of a long sound is there.
    Tiled { serial: u64, tile: Arc<Tile> },
    /// The stages of a pinned recording are there.
    PinStaged { slot: PinSlot, serial: u64, result: Result<Arc<Stages>, String> },
    /// A model is in use.
    ModelReady { serial: u64, result: Result<(ModelOrigin, Arc<Bundle>), JobError> },
    /// A sound's latent vector, its image and its signal.
    Encoded(Result<Original, JobError>),
    /// A vector was decoded, and the sound plays where that was asked for.
    Decoded(Result<Arc<Decoded>, JobError>),
    /// A sound was saved.
    Saved { path: PathBuf, result: Result<(), String> },
    /// News of the detail that is added to the decoded image.
    Detail(DetailEvent),
    /// News of what is played with.
    Playing(PlayingEvent),
    /// News of the recordings in the latent space.
    Space(SpaceEvent),
    /// News of the data set as a whole.
    DataSet(DataSetEvent),
    /// News about runs.
    Training(TrainingEvent),
    /// News about past runs.
    Runs(RunsEvent),
    /// News from the run.
    Train(JobEvent),
    /// The run has ended.
    TrainEnded(Result<train::Report, JobError>),
    /// What a run would learn from.
    TrainingData(DataEvent),
    /// Seconds that one image takes in training with these settings.
    Estimated { form: TrainingForm, shape: (usize, usize), seconds_per_image: Result<f64, JobError> },
}

/// The workers' end of the queue; wakes the window with every piece of news.
#[derive(Clone)]
pub(super) struct Mailbox {
    sender: Sender<Event>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Mailbox {
    /// Both ends of a queue.
    pub(super) fn new(wake: Arc<dyn Fn() + Send + Sync>) -> (Self, Receiver<Event>) {
        let (sender, receiver) = bounded(CAPACITY);
        (Self { sender, wake }, receiver)
    }

    /// Leaves news that must arrive; waits only when the window has not looked for hundreds of them.
    pub(super) fn send(&self, event: Event) {
        if self.sender.send(event).is_err() {
            log::debug!("the window is gone");
        }
        (self.wake)();
    }

    /// Leaves news that newer news will replace; dropped when the window lags behind.
    pub(super) fn send_latest(&self, event: Event) {
        if self.sender.len() < CAPACITY / 2 {
            match self.sender.try_send(event) {
                Ok(()) | Err(TrySendError::Full(_)) => {}
                Err(TrySendError::Disconnected(_)) => log::debug!("the window is gone"),
            }
        }
        (self.wake)();
    }
}
