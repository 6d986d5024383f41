//! The axes that sliders move along.

use std::sync::Arc;

use super::part::{LatentPart, News};
use crate::explore::axes::{self, Axis, AxisSystem, Spread};

impl LatentPart<'_> {
    pub(super) fn set_axis_system(&mut self, system: AxisSystem) {
        if self.state.axis_system != system {
            self.state.axis_system = system;
            self.refresh_axes();
        }
    }

    /// Recomputes the axes for another model, other recordings or another system. Locks stay if the axes are the same.
    pub(super) fn refresh_axes(&mut self) {
        let axes = self.measured_axes();
        let same = |a: &Axis, b: &Axis| (a.number, a.system) == (b.number, b.system);
        let before = &self.state.axes;
        if before.len() != axes.len() || !before.iter().zip(&axes).all(|(a, b)| same(a, b)) {
            self.state.locked.clear();
        }
        self.state.axes = Arc::new(axes);
        self.ctx.tell(News::Axes);
    }

    fn measured_axes(&self) -> Vec<Axis> {
        let Some(config) = self.state.model_config() else { return Vec::new() };
        let (size, latent) = (config.model.latent_size, &config.latent);
        let surroundings = self.control.surroundings.set.as_ref();
        let set = surroundings.filter(|set| set.vectors().vectors().ncols() == size);
        match (self.state.axis_system, set) {
            (AxisSystem::Principal, Some(set)) => axes::principal(&set.principal, set.vectors().vectors()),
            (_, set) => {
                let spread = Spread { mean: &latent.mean, deviation: &latent.std, kl: &latent.kl };
                axes::dimensions(size, spread, set.map(|set| set.vectors().vectors()))
            }
        }
    }
}
