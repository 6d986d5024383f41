//! The axes that sliders move along.

use std::sync::Arc;

use super::part::{LatentPart, News};
use crate::explore::axes::{self, Axis, AxisSystem, Spread};

/// How the axes are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum AxisOrder {
    /// Those with the most information first.
    #[default]
    ByInformation,
    /// As those of the earlier model of the same run.
    AsBefore,
}

impl LatentPart<'_> {
    pub(super) fn set_axis_system(&mut self, system: AxisSystem) {
        if self.state.axis_system != system {
            self.state.axis_system = system;
            self.refresh_axes();
        }
    }

    /// Recomputes the axes for another model, other recordings or another system. Locks stay if the axes are the same.
    pub(super) fn refresh_axes(&mut self) {
        let mut axes = self.measured_axes();
        let before = &self.state.axes;
        if self.control.axis_order == AxisOrder::AsBefore {
            axes = in_order_of(before, axes);
        }
        if before.len() != axes.len() || !before.iter().zip(&axes).all(|(a, b)| is_same(a, b)) {
            self.state.locked.clear();
        }
        self.state.axes = Arc::new(axes);
        self.ctx.tell(News::Axes);
    }

    fn measured_axes(&self) -> Vec<Axis> {
        let Some(config) = self.state.model_config() else { return Vec::new() };
        let (size, latent) = (config.model.latent_size, &config.latent);
        let measured = self.control.axes_set.as_ref();
        let set = measured.filter(|set| set.vectors().vectors().ncols() == size);
        match (self.state.axis_system, set) {
            (AxisSystem::Principal, Some(set)) => axes::principal(&set.principal, set.vectors().vectors()),
            (_, set) => {
                let spread = Spread { mean: &latent.mean, deviation: &latent.std, kl: &latent.kl };
                axes::dimensions(size, spread, set.map(|set| set.vectors().vectors()))
            }
        }
    }
}

/// Whether both are the same axis, wherever the data lie along it.
fn is_same(a: &Axis, b: &Axis) -> bool {
    (a.number, a.system) == (b.number, b.system)
}

/// `axes` in the order of those `before`, if they are the same ones: while a run goes on, no slider changes its place.
fn in_order_of(before: &[Axis], mut axes: Vec<Axis>) -> Vec<Axis> {
    let place = |axis: &Axis| before.iter().position(|known| is_same(known, axis));
    if axes.len() == before.len() && axes.iter().all(|axis| place(axis).is_some()) {
        axes.sort_by_cached_key(place);
    }
    axes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_axes_stay_in_their_places() {
        let sorted = |kl: &[f32]| axes::dimensions(kl.len(), Spread { mean: &[], deviation: &[], kl }, None);
        let numbers = |axes: &[Axis]| axes.iter().map(|axis| axis.number).collect::<Vec<_>>();
        let before = sorted(&[1.0, 3.0, 2.0]);
        assert_eq!(numbers(&before), [1, 2, 0]);
        let after = in_order_of(&before, sorted(&[5.0, 4.0, 0.0]));
        assert_eq!(numbers(&after), [1, 2, 0]);
        assert_eq!(after.iter().map(|axis| axis.information).collect::<Vec<_>>(), [4.0, 0.0, 5.0]);
        assert_eq!(numbers(&in_order_of(&before, sorted(&[1.0, 2.0]))), [1, 0], "another model");
    }
}
