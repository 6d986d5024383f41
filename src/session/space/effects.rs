//! What each slider does to the image.

use std::sync::Arc;

use super::part::{EffectsFrom, SpaceEvent, SpacePart};
use crate::{
    explore::axes::AxisSystem,
    jobs::{JobContext, JobEvent, axis_effects},
};

impl SpacePart<'_> {
    /// Measures the effects of the sliders again.
    pub(in crate::session) fn measure_effects(&mut self) {
        self.control.effects.forget();
        self.state.effects.clear();
        self.state.effects_generation += 1;
        let Some(bundle) = self.model.bundle().cloned() else { return };
        let axes = Arc::clone(&self.latent.axes);
        let mean = match (&self.state.set, self.latent.axis_system) {
            (Some(set), AxisSystem::Principal) => set.principal.mean.to_vec(),
            _ => bundle.config.latent.mean.clone(),
        };
        let mean = if mean.len() == bundle.config.model.latent_size {
            mean
        } else {
            vec![0.0; bundle.config.model.latent_size]
        };
        let mailbox = self.control.mailbox.part(SpaceEvent::Effects);
        let started = self.control.effects.start("effects", &mailbox, move |news, interrupt| {
            let sink = |event: JobEvent| {
                if let JobEvent::Effects(first, effects) = event {
                    news.send(EffectsFrom { first, effects });
                }
            };
            let request = axis_effects::Request { bundle, axes, mean };
            axis_effects::run(&request, &JobContext::new(&sink, interrupt))
        });
        if let Err(error) = started {
            log::warn!("could not start a worker thread: {error}");
        }
    }

    pub(super) fn on_effects(&mut self, EffectsFrom { first, effects }: EffectsFrom) {
        let space = &mut *self.state;
        if first == space.effects.len() {
            space.effects.extend(effects);
            space.effects_generation += 1;
        }
    }
}
