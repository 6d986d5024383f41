//! The latent vector: where it comes from, how it changes, and the sound it makes.

use std::{path::PathBuf, sync::Arc, time::Instant};

use super::{
    Session,
    latent_worker::{DecodeRequest, EncodeRequest, LatentInbox, SaveRequest},
    sound::Hearing,
    state::{Decoded, LatentState, Original, Severity},
    undo::Undo,
    worker::Worker,
};
use crate::{
    jobs::{
        JobError,
        runs::bundle::{Bundle, BundleConfig, LatentStatistics},
    },
    pipeline::stages::MinMax,
};

/// Griffin-Lim iterations that a person can ask for.
const ITERATION_LIMITS: (usize, usize) = (1, 512);

/// Where the vector of a model that was just opened comes from.
const DATA_MEAN: &str = "data mean";
/// What is said of a recording's vector once the run that encoded it has gone on.
const EARLIER: &str = ", as an earlier epoch encoded it";

/// A vector with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) vector: Vec<f32>,
    pub(super) min_max: MinMax,
    pub(super) origin: String,
    /// The sound that it came from, if any.
    pub(super) original: Option<Arc<Original>>,
}

/// The latent worker and what it was asked for.
pub(super) struct LatentControl {
    pub(super) worker: Worker<LatentInbox>,
    undo: Undo<Place>,
    min_max: MinMax,
    pub(super) model_serial: u64,
    decode_serial: u64,
    /// The model in use, and the request that brought it.
    pub(super) bundle: Option<Arc<Bundle>>,
    pub(super) bundle_serial: u64,
    /// The newest model of the run, and the epochs it has seen.
    pub(super) training_model: Option<(usize, Arc<Bundle>)>,
    /// Whether newer models of the run are to be used as they come.
    pub(super) follows_training: bool,
    /// Whether the model that was asked for last is used with settings that the person has given.
    pub(super) has_kept_settings: bool,
}

impl LatentControl {
    pub(super) fn new(worker: Worker<LatentInbox>) -> Self {
        Self {
            worker,
            undo: Undo::default(),
            min_max: MinMax { min: 0.0, max: 0.0 },
            model_serial: 0,
            decode_serial: 0,
            bundle: None,
            bundle_serial: 0,
            training_model: None,
            follows_training: false,
            has_kept_settings: false,
        }
    }
}

impl Session {
    /// Another model: its data's mean, and no past.
    pub(super) fn begin_at_mean(&mut self, config: &BundleConfig) {
        self.latent.undo.clear();
        self.latent.min_max = config.dataset.median_min_max;
        self.state.latent.vector = mean_vector(&config.latent, config.model.latent_size);
        DATA_MEAN.clone_into(&mut self.state.latent.origin);
        self.state.latent.original = None;
        self.refresh_undo();
    }

    /// The data's mean goes on being that; a recording's vector stays, and is said to be of an earlier model.
    pub(super) fn vector_of_a_newer_model(&mut self, config: &BundleConfig) {
        let latent = &mut self.state.latent;
        if latent.origin == DATA_MEAN {
            latent.vector = mean_vector(&config.latent, config.model.latent_size);
        } else if latent.original.as_ref().is_some_and(|original| original.name == latent.origin) {
            latent.origin.push_str(EARLIER);
        }
    }

    pub(super) fn set_latent(&mut self, dimension: usize, value: f32) {
        if !value.is_finite() || dimension >= self.state.latent.vector.len() {
            return;
        }
        if !self.state.latent.dragging {
            self.remember_place();
        }
        self.state.latent.vector[dimension] = value;
        self.moved_by("sliders");
    }

    /// Moves along the axis of a slider, unless it is locked.
    pub(super) fn set_axis(&mut self, axis: usize, value: f32) {
        let axes = Arc::clone(&self.state.latent.axes);
        let Some(moved) = axes.get(axis) else { return };
        if !value.is_finite()
            || self.state.latent.locked.contains(&axis)
            || moved.direction.len() != self.state.latent.vector.len()
        {
            return;
        }
        if !self.state.latent.dragging {
            self.remember_place();
        }
        moved.move_to(&mut self.state.latent.vector, value);
        self.moved_by("sliders");
    }

    /// The vector has been moved in a way that these words name.
    pub(super) fn moved_by(&mut self, origin: &str) {
        origin.clone_into(&mut self.state.latent.origin);
        self.ask_decoded(if self.state.latent.dragging { Hearing::Follow } else { Hearing::Once });
    }

    /// Goes to `place` in the middle of a drag, which remembered where it began, or at once.
    pub(super) fn drag_to(&mut self, place: Place) {
        if !self.state.latent.dragging {
            self.go_to(place);
            return;
        }
        let vector = self.keeping_locked(place.vector);
        self.state.latent.vector = vector;
        self.state.latent.original = place.original;
        self.latent.min_max = place.min_max;
        self.moved_by(&place.origin);
    }

    /// `vector` with the coordinates of the current one along the locked axes.
    fn keeping_locked(&self, mut vector: Vec<f32>) -> Vec<f32> {
        let latent = &self.state.latent;
        for axis in latent.locked.iter().filter_map(|&axis| latent.axes.get(axis)) {
            axis.move_to(&mut vector, axis.coordinate(&latent.vector));
        }
        vector
    }

    pub(super) fn lock_axis(&mut self, axis: usize, locked: bool) {
        if locked && axis < self.state.latent.axes.len() {
            self.state.latent.locked.insert(axis);
        } else {
            self.state.latent.locked.remove(&axis);
        }
    }

    pub(super) fn begin_drag(&mut self) {
        if !self.state.latent.dragging {
            self.remember_place();
            self.state.latent.dragging = true;
            self.sound.lock().dragging = true;
            self.give_hands_the_processor(true);
        }
    }

    /// Ends a drag that moved nothing: only the place before it is remembered.
    pub(super) fn end_drag_silently(&mut self) {
        self.give_hands_the_processor(false);
        self.state.latent.dragging = false;
        self.sound.lock().dragging = false;
    }

    pub(super) fn end_drag(&mut self) {
        self.give_hands_the_processor(false);
        self.state.latent.dragging = false;
        let mut sound = self.sound.lock();
        sound.dragging = false;
        if !self.state.latent.looping {
            sound.play_decoded(false, true);
        }
    }

    pub(super) fn encode_recording(&mut self, index: usize) {
        let Some(recording) = self.state.library.recordings.get(index) else {
            return;
        };
        let (name, path) = (recording.name.clone(), recording.path.clone());
        self.encode_file(Some(index), name, path);
    }

    /// Takes the vector of a sound file, of the library or not.
    pub(super) fn encode_file(&mut self, recording: Option<usize>, name: String, path: PathBuf) {
        let resample = recording.is_none() || self.state.settings.preprocessing.resample;
        self.state.latent.busy = true;
        let request = EncodeRequest { recording, name, path, resample };
        self.latent.worker.merge(|inbox| inbox.get_or_insert_default().encode = Some(request));
    }

    pub(super) fn hear_encoded(&mut self, result: Result<Original, JobError>) {
        self.state.latent.busy = false;
        match result {
            Ok(original) if original.vector.len() != self.state.latent.vector.len() => {}
            Ok(original) => {
                let original = Arc::new(original);
                if original.recording.is_none() {
                    self.welcome(&original);
                }
                self.go_to(Place {
                    vector: original.vector.clone(),
                    min_max: original.min_max,
                    origin: original.name.clone(),
                    original: Some(original),
                });
            }
            Err(error) => self.notify(Severity::Error, error.to_string()),
        }
    }

    pub(super) fn reset_latent(&mut self) {
        let Some((_, config)) = self.state.latent.model.clone() else {
            return;
        };
        let vector = mean_vector(&config.latent, config.model.latent_size);
        let min_max = config.dataset.median_min_max;
        self.go_to(Place { vector, min_max, origin: DATA_MEAN.to_owned(), original: None });
    }

    pub(super) fn undo(&mut self) {
        if self.undo_left_out() {
            return;
        }
        let current = self.place();
        if let Some(place) = self.latent.undo.undo(current) {
            self.put(place);
        }
    }

    pub(super) fn redo(&mut self) {
        if self.redo_left_out() {
            return;
        }
        let current = self.place();
        if let Some(place) = self.latent.undo.redo(current) {
            self.put(place);
        }
    }

    pub(super) fn place(&self) -> Place {
        let LatentState { vector, origin, original, .. } = &self.state.latent;
        Place {
            vector: vector.clone(),
            min_max: self.latent.min_max,
            origin: origin.clone(),
            original: original.clone(),
        }
    }

    fn remember_place(&mut self) {
        let place = self.place();
        self.latent.undo.remember(place);
        self.left_out.is_newest = false;
        self.refresh_undo();
    }

    fn refresh_undo(&mut self) {
        self.state.latent.can_undo = self.latent.undo.can_undo();
        self.state.latent.can_redo = self.latent.undo.can_redo();
    }

    pub(super) fn go_to(&mut self, place: Place) {
        self.remember_place();
        let vector = self.keeping_locked(place.vector);
        self.put(Place { vector, ..place });
    }

    fn put(&mut self, place: Place) {
        self.state.latent.vector = place.vector;
        self.state.latent.origin = place.origin;
        self.state.latent.original = place.original;
        self.latent.min_max = place.min_max;
        self.refresh_undo();
        self.ask_decoded(Hearing::Once);
    }

    pub(super) fn ask_decoded(&mut self, hearing: Hearing) {
        self.latent.decode_serial += 1;
        self.sound.lock().asked = (self.latent.decode_serial, hearing);
        let request = DecodeRequest {
            serial: self.latent.decode_serial,
            model_serial: self.latent.model_serial,
            vector: self.state.latent.vector.clone(),
            min_max: self.latent.min_max,
            iterations: self.state.settings.iterations,
            detail: self.state.settings.detail,
            asked: Instant::now(),
        };
        self.latent.worker.merge(|inbox| inbox.get_or_insert_default().decode = Some(request));
    }

    pub(super) fn hear_decoded(&mut self, result: Result<Arc<Decoded>, JobError>) {
        let decoded = match result {
            Ok(decoded) => decoded,
            Err(error) => {
                let text = format!("The vector cannot be decoded: {error}");
                self.notify(Severity::Error, text);
                return;
            }
        };
        self.state.latent.decoded = Some(decoded);
        self.state.latent.generation += 1;
        self.refresh_playback();
    }

    pub(super) fn set_looping(&mut self, looping: bool) {
        self.state.latent.looping = looping;
        self.sound.lock().looping = looping;
        self.mode_follows(looping);
        if looping || matches!(self.state.playback.playing, Some((super::state::Source::Decoded, _))) {
            self.sound.lock().play_decoded(looping, true);
            self.refresh_playback();
        }
    }

    pub(super) fn set_iterations(&mut self, iterations: usize) {
        let (least, most) = ITERATION_LIMITS;
        self.state.settings.iterations = iterations.clamp(least, most);
        if self.state.latent.model.is_some() {
            self.ask_decoded(Hearing::Once);
        }
    }

    pub(super) fn save_wav(&mut self, path: PathBuf) {
        let Some(decoded) = self.state.latent.decoded.clone() else {
            self.notify(Severity::Info, "There is no decoded sound to save yet");
            return;
        };
        let request = SaveRequest { path, decoded, outputs: self.chosen_output() };
        self.latent.worker.merge(|inbox| inbox.get_or_insert_default().save = Some(request));
    }
}

fn at(values: &[f32], dimension: usize, otherwise: f32) -> f32 {
    values.get(dimension).copied().unwrap_or(otherwise)
}

fn mean_vector(statistics: &LatentStatistics, size: usize) -> Vec<f32> {
    (0..size).map(|dimension| at(&statistics.mean, dimension, 0.0)).collect()
}
