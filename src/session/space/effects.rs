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
        // The pictures of the same sliders stay until the new ones are there.
        let sliders: Vec<_> = self.latent.axes.iter().map(|axis| (axis.number, axis.system)).collect();
        if self.control.effects_of != sliders {
            self.forget_effects();
            self.control.effects_of = sliders;
        }
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
        let known = space.effects.len();
        if first <= known {
            space.effects.splice(first..known.min(first + effects.len()), effects);
            space.effects_generation += 1;
        }
    }

    /// Another model is in use: its sliders do something else.
    pub(super) fn forget_effects(&mut self) {
        self.state.effects.clear();
        self.state.effects_generation += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        jobs::axis_effects::Effect,
        session::testing::{session, wait},
    };

    #[test]
    fn pictures_of_the_same_sliders_stay_until_they_are_measured_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = session(folder.path());
        wait(&mut session, "effects", |state| {
            !state.space.effects.is_empty() && state.space.effects.len() == state.latent.axes.len()
        });
        let count = session.state().space.effects.len();
        session.space(|space| {
            space.measure_effects();
            assert_eq!(space.state.effects.len(), count, "the same sliders");
            let effects = vec![Effect { strength: 7.0, ..space.state.effects[0].clone() }];
            space.on_effects(EffectsFrom { first: 1, effects });
            assert_eq!((space.state.effects.len(), space.state.effects[1].strength), (count, 7.0));
            space.on_model(false);
            assert!(space.state.effects.is_empty(), "another model");
        });
    }
}
