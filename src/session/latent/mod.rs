//! The latent vector: the model, where the vector comes from, how it changes, and the sound it makes.

pub mod assumed_settings;
mod axes;
pub mod detail;
mod detail_job;
pub(super) mod latent_point;
mod model;
mod model_origin;
mod moving;
pub mod origin;
mod original;
pub(super) mod part;
mod settings_question;
pub mod state;
pub(super) mod worker;

use std::{path::PathBuf, sync::Arc, time::Instant};

use self::{
    assumed_settings::AssumedSettingsCommand,
    detail::DetailCommand,
    latent_point::LatentPoint,
    origin::Origin,
    part::{LatentEvent, LatentPart, News},
    state::{Decoded, Original},
    worker::{DecodeRequest, EncodeRequest, Surroundings, WorkerEvent},
};
use super::{
    notices::Severity,
    sound::{DecodingRequest, Hearing},
};
use crate::{
    explore::axes::AxisSystem,
    jobs::{
        JobError,
        runs::{bundle_config::BundleConfig, statistics::LatentStatistics},
    },
    session::spoken::{Spoken, said},
};

/// Limits of the Griffin-Lim iterations.
const ITERATION_LIMITS: (usize, usize) = (1, 512);

/// Commands about the model and the latent vector.
#[derive(Clone, Debug, PartialEq)]
pub enum LatentCommand {
    /// Uses the model that is embedded in the program.
    UseDemoModel,
    /// Uses the newest model of the run that the training view shows, and follows it.
    UseTrainingModel,
    /// Answers about a model without settings of its own.
    AssumedSettings(AssumedSettingsCommand),
    /// Sets one latent dimension while a slider is dragged.
    SetLatent {
        /// The dimension.
        dimension: usize,
        /// Its new value.
        value: f32,
    },
    /// Moves along the axis of a slider.
    SetAxis {
        /// The axis, by its place among [`state::LatentState::axes`].
        axis: usize,
        /// Its new coordinate.
        value: f32,
    },
    /// Sliders along other axes.
    SetAxisSystem(AxisSystem),
    /// Locks an axis, by its place, or unlocks it.
    LockAxis(usize, bool),
    /// Commands about the detail that is added to the decoded image.
    Detail(DetailCommand),
    /// A drag began: loop the sound while it lasts, and remember the vector for undo.
    BeginDrag,
    /// The drag ended.
    EndDrag,
    /// The drag was taken back: it ends where it began.
    TakeBackDrag,
    /// Goes to the latent vector (mu) of a recording of the library.
    EncodeRecording(usize),
    /// Back to the data's mean.
    ResetLatent,
    /// Keeps the decoded sound looping.
    SetLooping(bool),
    /// Griffin-Lim iterations.
    SetIterations(usize),
}

impl LatentPart<'_> {
    pub(super) fn apply(&mut self, command: LatentCommand) {
        use LatentCommand as C;
        match command {
            C::UseDemoModel => self.use_demo_model(),
            C::UseTrainingModel => self.use_training_model(),
            C::AssumedSettings(command) => self.apply_to_assumed_settings(command),
            C::SetLatent { dimension, value } => self.set_latent(dimension, value),
            C::SetAxis { axis, value } => self.set_axis(axis, value),
            C::SetAxisSystem(system) => self.set_axis_system(system),
            C::LockAxis(axis, locked) => self.lock_axis(axis, locked),
            C::Detail(command) => self.apply_to_detail(command),
            C::BeginDrag => self.begin_drag(),
            C::EndDrag => self.end_drag(),
            C::TakeBackDrag => self.take_back_drag(),
            C::EncodeRecording(index) => self.encode_recording(index),
            C::ResetLatent => self.reset_latent(),
            C::SetLooping(looping) => self.set_looping(looping),
            C::SetIterations(iterations) => self.set_iterations(iterations),
        }
    }

    pub(super) fn on(&mut self, event: LatentEvent) {
        match event {
            LatentEvent::Worker(WorkerEvent::ModelReady { serial, result }) => self.on_model(serial, result),
            LatentEvent::Worker(WorkerEvent::Encoded { serial, result }) => self.on_encoded(serial, result),
            LatentEvent::Worker(WorkerEvent::Decoded(result)) => self.on_decoded(result),
            LatentEvent::Worker(WorkerEvent::DetailOpened { model_serial, result }) => {
                self.on_detail_opened(model_serial, result);
            }
            LatentEvent::MakingDetail(update) => self.on_making_detail(update),
        }
    }

    /// Another model: goes to the mean of its data and clears undo.
    pub(super) fn begin_at_mean(&mut self, config: &BundleConfig) {
        self.control.undo.clear();
        self.state.min_max = config.dataset.median_min_max;
        self.state.vector = mean_vector(&config.latent, config.model.latent_size);
        self.state.origin = Origin::DataMean;
        self.state.original = None;
        self.refresh_undo();
    }

    /// A newer model of the same run: the mean follows it; a recording's vector stays and is marked as of an earlier model.
    pub(super) fn vector_of_a_newer_model(&mut self, config: &BundleConfig) {
        let latent = &mut *self.state;
        match &mut latent.origin {
            Origin::DataMean => latent.vector = mean_vector(&config.latent, config.model.latent_size),
            Origin::Recording { is_earlier, .. } => *is_earlier = true,
            _ => {}
        }
    }

    pub(super) fn encode_recording(&mut self, index: usize) {
        let Some(recording) = self.library.recordings.get(index) else {
            return;
        };
        let (name, path) = (recording.name.clone(), recording.path.clone());
        self.ctx.tell(News::ByHand);
        self.encode_file(Some(index), name, path);
    }

    /// Encodes a sound file, from the library or elsewhere, and goes to its vector.
    pub(in crate::session) fn encode_file(&mut self, recording: Option<usize>, name: String, path: PathBuf) {
        let resample = recording.is_none() || self.ctx.settings.preprocessing.resample;
        self.state.is_encoding = true;
        self.control.encode_serial += 1;
        let serial = self.control.encode_serial;
        let request = EncodeRequest { serial, recording, name, path, resample };
        self.control.worker.merge(|inbox| inbox.get_or_insert_default().encode = Some(request));
    }

    fn on_encoded(&mut self, serial: u64, result: Result<Original, JobError>) {
        // A newer request is still being encoded.
        self.state.is_encoding &= serial != self.control.encode_serial;
        match result {
            Ok(original) if original.vector.len() != self.state.vector.len() => {}
            Ok(original) => {
                let original = Arc::new(original);
                if original.recording.is_none() {
                    self.ctx.tell(News::Guest(Arc::clone(&original)));
                }
                self.go_to(LatentPoint {
                    vector: original.vector.clone(),
                    min_max: original.min_max,
                    origin: Origin::Recording { name: original.name.clone(), is_earlier: false },
                    original: Some(original),
                });
            }
            Err(error) => self.ctx.notify(Severity::Error, error),
        }
    }

    pub(super) fn reset_latent(&mut self) {
        let Some(config) = self.state.model_config().cloned() else {
            return;
        };
        let vector = mean_vector(&config.latent, config.model.latent_size);
        let min_max = config.dataset.median_min_max;
        self.go_to(LatentPoint { vector, min_max, origin: Origin::DataMean, original: None });
    }

    /// Goes back to the vector before the last change; returns whether there was one.
    pub(in crate::session) fn undo(&mut self) -> bool {
        let before = self.control.undo.undo(self.state.place());
        self.put_by_hand(before)
    }

    /// Goes on to the vector that was undone last; returns whether there was one.
    pub(in crate::session) fn redo(&mut self) -> bool {
        let after = self.control.undo.redo(self.state.place());
        self.put_by_hand(after)
    }

    fn put_by_hand(&mut self, place: Option<LatentPoint>) -> bool {
        let Some(place) = place else { return false };
        self.ctx.tell(News::ByHand);
        self.put(place);
        true
    }

    fn remember_place(&mut self) {
        let place = self.state.place();
        self.control.undo.remember(place);
        self.ctx.tell(News::Remembered);
        self.refresh_undo();
    }

    fn refresh_undo(&mut self) {
        self.state.can_undo = self.control.undo.can_undo();
        self.state.can_redo = self.control.undo.can_redo();
    }

    pub(in crate::session) fn go_to(&mut self, place: LatentPoint) {
        if place.origin != Origin::Walk {
            self.ctx.tell(News::ByHand);
        }
        self.remember_place();
        let vector = self.keeping_locked(place.vector);
        self.put(LatentPoint { vector, ..place });
    }

    fn put(&mut self, place: LatentPoint) {
        self.state.vector = place.vector;
        self.state.origin = place.origin;
        self.state.original = place.original;
        self.state.min_max = place.min_max;
        self.refresh_undo();
        self.ask_decoded(Hearing::Once);
    }

    pub(super) fn ask_decoded(&mut self, hearing: Hearing) {
        self.control.decode_serial += 1;
        self.ctx.sound.lock().decoding = DecodingRequest { serial: self.control.decode_serial, hearing };
        let request = DecodeRequest {
            serial: self.control.decode_serial,
            model_serial: self.control.model_serial,
            vector: self.state.vector.clone(),
            min_max: self.state.min_max,
            iterations: self.ctx.settings.iterations,
            detail: self.ctx.settings.detail,
            asked: Instant::now(),
        };
        self.control.worker.merge(|inbox| inbox.get_or_insert_default().decode = Some(request));
    }

    /// Compares the vector with these recordings from now on.
    pub(in crate::session) fn set_surroundings(&mut self, surroundings: Surroundings) {
        let axes_set =
            if surroundings.is_awaited { self.control.axes_set.clone() } else { surroundings.set.clone() };
        let is_same = match (&self.control.axes_set, &axes_set) {
            (Some(before), Some(now)) => Arc::ptr_eq(before, now),
            (None, None) => true,
            _ => false,
        };
        self.control.axes_set = axes_set;
        self.control.worker.merge(|inbox| inbox.get_or_insert_default().surroundings = Some(surroundings));
        if !is_same {
            self.refresh_axes();
        }
        if self.state.model.is_some() && !self.state.dragging {
            self.ask_decoded(Hearing::Silent);
        }
    }

    fn on_decoded(&mut self, result: Result<Arc<Decoded>, JobError>) {
        let decoded = match result {
            Ok(decoded) => decoded,
            Err(error) => {
                let words = said!("message-vector-not-decoded", cause = Spoken::from(error));
                self.ctx.notify(Severity::Error, words);
                return;
            }
        };
        self.state.decoded = Some(decoded);
        self.state.generation += 1;
    }

    pub(in crate::session) fn set_looping(&mut self, looping: bool) {
        self.state.looping = looping;
        self.ctx.tell(News::Looping(looping));
        let mut sound = self.ctx.sound.lock();
        sound.looping = looping;
        if looping || sound.is_decoded_playing() {
            sound.play_decoded(looping, true);
        }
    }

    pub(super) fn set_iterations(&mut self, iterations: usize) {
        let (least, most) = ITERATION_LIMITS;
        self.ctx.settings.iterations = iterations.clamp(least, most);
        if self.state.model.is_some() {
            self.ask_decoded(Hearing::Once);
        }
    }
}

fn at(values: &[f32], dimension: usize, otherwise: f32) -> f32 {
    values.get(dimension).copied().unwrap_or(otherwise)
}

fn mean_vector(statistics: &LatentStatistics, size: usize) -> Vec<f32> {
    (0..size).map(|dimension| at(&statistics.mean, dimension, 0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::testing::{session, wait};

    #[test]
    fn loading_and_encoding_end_each_on_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = session(folder.path());
        wait(&mut session, "demo model", |state| state.latent.model.is_some());
        assert!(!session.state().latent.is_busy());
        let sound = folder.path().join("none.wav");
        session.latent(|latent| {
            latent.use_demo_model();
            latent.encode_file(None, "first".to_owned(), sound.clone());
            latent.encode_file(None, "second".to_owned(), sound.clone());
            let (first, second) = (latent.control.encode_serial - 1, latent.control.encode_serial);
            latent.on_encoded(first, Err(JobError::Stopped));
            assert!(latent.state.is_encoding, "the second one is awaited");
            latent.on_encoded(second, Err(JobError::Stopped));
            assert!(!latent.state.is_encoding && latent.state.is_busy(), "the model is awaited");
        });
        wait(&mut session, "end of both", |state| !state.latent.is_busy());
    }
}
