//! The axes that sliders move along, and what each does to the image.

use std::sync::Arc;

use super::{Session, SpaceEvent};
use crate::{
    explore::axes::{self, Axis, AxisSystem, Spread},
    jobs::{
        JobContext, JobEvent,
        axis_effects::{self, Effect},
        guarded,
    },
    session::{event::Event, task::Task},
};

impl Session {
    pub(in crate::session) fn set_axis_system(&mut self, system: AxisSystem) {
        if self.state.latent.axis_system != system {
            self.state.latent.axis_system = system;
            self.refresh_axes();
        }
    }

    /// Measures the axes anew, for another model, other recordings or another system; locks hold for the same axes only.
    pub(in crate::session) fn refresh_axes(&mut self) {
        let axes = self.measured_axes();
        let same = |a: &Axis, b: &Axis| (a.number, a.system) == (b.number, b.system);
        let before = &self.state.latent.axes;
        if before.len() != axes.len() || !before.iter().zip(&axes).all(|(a, b)| same(a, b)) {
            self.state.latent.locked.clear();
        }
        self.state.latent.axes = Arc::new(axes);
        self.measure_effects();
    }

    fn measured_axes(&self) -> Vec<Axis> {
        let Some((_, config)) = &self.state.latent.model else { return Vec::new() };
        let (size, latent) = (config.model.latent_size, &config.latent);
        let space = &self.state.space;
        let set = space.set.as_ref().filter(|set| !space.is_stale && set.vectors().vectors().ncols() == size);
        match (self.state.latent.axis_system, set) {
            (AxisSystem::Principal, Some(set)) => axes::principal(&set.principal, set.vectors().vectors()),
            (_, set) => {
                let spread = Spread { mean: &latent.mean, deviation: &latent.std, kl: &latent.kl };
                axes::dimensions(size, spread, set.map(|set| set.vectors().vectors()))
            }
        }
    }

    fn measure_effects(&mut self) {
        self.space.serial += 1;
        self.state.space.effects.clear();
        self.state.space.effects_generation += 1;
        let Some(bundle) = self.latent.bundle.clone() else { return };
        let axes = Arc::clone(&self.state.latent.axes);
        let mean = match (&self.state.space.set, self.state.latent.axis_system) {
            (Some(set), AxisSystem::Principal) => set.principal.mean.to_vec(),
            _ => bundle.config.latent.mean.clone(),
        };
        let mean = if mean.len() == bundle.config.model.latent_size {
            mean
        } else {
            vec![0.0; bundle.config.model.latent_size]
        };
        let (mailbox, serial) = (self.mailbox.clone(), self.space.serial);
        let before = self.space.effects.take();
        self.space.retire(before);
        let task = Task::start("effects", move |interrupt| {
            let sink = |event: JobEvent| {
                if let JobEvent::Effects(from, effects) = event {
                    mailbox.send(Event::Space(SpaceEvent::Effects { serial, from, effects }));
                }
            };
            let request = axis_effects::Request { bundle, axes, mean };
            if let Err(error) = guarded(|| axis_effects::run(&request, &JobContext::new(&sink, interrupt)))
                && !error.is_stopped()
            {
                log::warn!("the effects of the sliders: {error}");
            }
        });
        self.space.effects = task.inspect_err(|error| log::warn!("no thread: {error}")).ok();
    }

    pub(super) fn hear_effects(&mut self, serial: u64, from: usize, effects: Vec<Effect>) {
        let space = &mut self.state.space;
        if serial == self.space.serial && from == space.effects.len() {
            space.effects.extend(effects);
            space.effects_generation += 1;
        }
    }
}
