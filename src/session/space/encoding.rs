//! Encoding the open recordings with the model in use, in the background.

use std::sync::Arc;

use super::{Key, Session, SpaceEvent};
use crate::{
    jobs::{
        JobContext, JobError, guarded,
        latent::encoded_set::{self, ENCODING, EncodedSet, Listed, Request},
    },
    session::{
        event::Event,
        latent_worker::Surroundings,
        progress::ProgressSink,
        sound::Hearing,
        state::{ModelOrigin, View},
        task::{Task, TaskStatus},
    },
};

/// While a run that goes on is followed, its recordings are encoded anew with each of its models only if that takes less
/// than this.
const QUICK_SECS: f64 = 3.0;

impl Session {
    /// Encodes the open recordings if somebody looks and it is not done.
    pub(in crate::session) fn encode_if_wanted(&mut self) {
        let key = self.space_key();
        let is_known = self.space.encoded == Some(key)
            || self.space.encoding.as_ref().is_some_and(|(running, _)| *running == key);
        if self.state.settings.view != View::Latent || is_known {
            return;
        }
        let follows =
            self.is_training() && matches!(self.state.latent.model, Some((ModelOrigin::Training { .. }, _)));
        let slow = self.state.space.set.as_ref().is_some_and(|set| set.seconds > QUICK_SECS);
        if !(follows && slow && self.state.space.is_stale) {
            self.encode_recordings();
        }
    }

    fn space_key(&self) -> Key {
        Key { model: self.latent.bundle_serial, library: self.space.library }
    }

    pub(super) fn encode_recordings(&mut self) {
        let key = self.space_key();
        if self.space.encoding.as_ref().is_some_and(|(running, _)| *running == key) {
            return;
        }
        let Some(bundle) = self.latent.bundle.clone() else { return };
        let recordings: Vec<Listed> = self
            .state
            .library
            .recordings
            .iter()
            .enumerate()
            .filter(|(_, recording)| recording.problem.is_none())
            .map(|(index, recording)| Listed {
                index,
                path: recording.path.clone(),
                name: recording.name.clone(),
                class: recording.class.clone(),
            })
            .collect();
        if recordings.is_empty() {
            return;
        }
        self.state.space.encoding = TaskStatus::Idle;
        self.state.space.encoding.advance(ENCODING, 0, recordings.len());
        let resample = self.state.settings.preprocessing.resample;
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // A pool of its own, which gives way to the window as its thread does.
        let request = Request { bundle, recordings, resample, threads: Some(threads) };
        let mailbox = self.mailbox.clone();
        let sink =
            ProgressSink::new(mailbox.clone(), |progress| Event::Space(SpaceEvent::Encoding(progress)));
        let task = Task::start("encoding", move |interrupt| {
            let result =
                guarded(|| encoded_set::run(&request, &JobContext::new(&sink, interrupt))).map(Box::new);
            mailbox.send(Event::Space(SpaceEvent::Encoded { key, result }));
        });
        match task {
            Ok(task) => {
                let before = self.space.encoding.replace((key, task));
                self.space.retire(before.map(|(_, task)| task));
            }
            Err(error) => self.state.space.encoding = TaskStatus::Failed(format!("no thread: {error}")),
        }
    }

    pub(super) fn hear_encoded_set(&mut self, key: Key, result: Result<Box<EncodedSet>, JobError>) {
        if self.space.encoding.as_ref().is_none_or(|(running, _)| *running != key) {
            return;
        }
        self.space.encoding = None;
        if key != self.space_key() {
            self.state.space.encoding = TaskStatus::Idle;
            self.encode_if_wanted();
            return;
        }
        // A run that was stopped or failed is not begun again by itself.
        self.space.encoded = Some(key);
        match result {
            Ok(set) => {
                let space = &mut self.state.space;
                space.set = Some(Arc::from(set));
                space.is_stale = false;
                space.encoding = TaskStatus::Done;
                self.refresh_axes();
                self.arrange();
            }
            Err(error) if error.is_stopped() => self.state.space.encoding = TaskStatus::Idle,
            Err(error) => self.state.space.encoding = TaskStatus::Failed(error.to_string()),
        }
    }

    /// Has vectors compared with the encoded recordings from now on, the current one first.
    pub(super) fn tell_surroundings(&mut self) {
        let space = &self.state.space;
        let fresh = !space.is_stale;
        let surroundings = Surroundings {
            set: space.set.clone().filter(|_| fresh),
            layout: space.layout.clone().filter(|_| fresh),
        };
        self.latent.worker.merge(|inbox| inbox.get_or_insert_default().surroundings = Some(surroundings));
        if self.state.latent.model.is_some() && !self.state.latent.dragging {
            self.ask_decoded(Hearing::Silent);
        }
    }
}
