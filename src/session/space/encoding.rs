//! Encoding the open recordings with the model in use, in the background.

use std::{num::NonZero, sync::Arc, thread};

use super::part::{Key, News, SpaceEvent, SpacePart};
use crate::{
    jobs::latent::encoded_set::{self, ENCODING, EncodedSet, Listed, Request},
    session::{
        job::{Plan, Update},
        latent::{state::ModelOrigin, worker::Surroundings},
        settings::View,
        task::TaskStatus,
    },
};

/// While a run is followed, the recordings are encoded again with each of its models only if that takes less than this.
const QUICK_SECS: f64 = 3.0;

/// Threads of a job's own pool, which inherits the job's low priority.
pub(super) fn threads() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

impl SpacePart<'_> {
    /// Encodes the open recordings if the view is visible and they are not encoded yet.
    pub(in crate::session) fn encode_if_wanted(&mut self) {
        let key = self.space_key();
        let is_known = self.control.encoded == Some(key) || self.control.encoding_key == Some(key);
        if self.ctx.settings.view != View::Latent || is_known {
            return;
        }
        let follows = self.training.status.is_busy()
            && matches!(self.latent.model_origin(), Some(ModelOrigin::Training { .. }));
        let slow = self.state.set.as_ref().is_some_and(|set| set.seconds > QUICK_SECS);
        if !(follows && slow && self.state.is_stale) {
            self.encode_recordings();
        }
    }

    fn space_key(&self) -> Key {
        Key { model: self.model.serial(), library: self.control.library }
    }

    pub(super) fn encode_recordings(&mut self) {
        let key = self.space_key();
        if self.control.encoding_key == Some(key) {
            return;
        }
        let Some(bundle) = self.model.bundle().cloned() else { return };
        let recordings: Vec<Listed> = self
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
        let plan = Plan { thread: "encoding", stage: ENCODING, total: recordings.len() };
        let resample = self.ctx.settings.preprocessing.resample;
        let request = Request { bundle, recordings, resample, threads: Some(threads()) };
        let mailbox = self.control.mailbox.part(SpaceEvent::Encoding);
        let status = &mut self.state.encoding;
        self.control
            .encoding
            .begin(&plan, status, &mailbox, move |context| encoded_set::run(&request, context));
        self.control.encoding_key = Some(key);
    }

    pub(super) fn on_encoding(&mut self, update: Update<EncodedSet>) {
        let Some(answer) = self.control.encoding.follow(update, &mut self.state.encoding) else { return };
        let Some(key) = self.control.encoding_key.take() else { return };
        if key != self.space_key() {
            self.state.encoding = TaskStatus::Idle;
            self.encode_if_wanted();
            return;
        }
        // After a stop or a failure, encoding does not start again by itself.
        self.control.encoded = Some(key);
        if let Ok(set) = answer {
            let space = &mut *self.state;
            space.set = Some(Arc::new(set));
            space.is_stale = false;
            self.forget_errors();
            self.arrange();
        }
    }

    /// Compares the vector with the encoded recordings from now on.
    pub(super) fn send_surroundings(&mut self) {
        let space = &*self.state;
        let fresh = !space.is_stale;
        let surroundings = Surroundings {
            set: space.set.clone().filter(|_| fresh),
            layout: space.layout.clone().filter(|_| fresh),
            is_awaited: space.is_stale,
        };
        self.ctx.tell(News::Surroundings(surroundings));
    }
}
