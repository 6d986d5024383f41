//! Schedules of the learning rate and of the KL weight beta.
//!
//! Each depends only on the position in the run (and, on a plateau, on the scores so far), so a resumed run
//! continues with the same values.

use std::{collections::BTreeSet, f64::consts::PI};

use serde::{Deserialize, Serialize};

pub use super::schedule_kinds::{BetaSchedule, LearningRateSchedule};
use super::training_config::TrainingConfig;

/// Scheduled settings of one step, or the settings before their schedules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Adam's learning rate.
    pub learning_rate: f64,
    /// Weight of the reconstruction error.
    pub reconstruction_weight: f64,
    /// Weight of the KL divergence.
    pub beta: f64,
    /// Images per batch.
    pub batch_size: usize,
}

/// Factor on the learning rate after `step` steps and a fractional number of `epochs`; `plateau` is the
/// product of the plateau factors so far.
pub(crate) fn learning_rate_factor(config: &TrainingConfig, step: usize, epochs: f64, plateau: f64) -> f64 {
    let floor = config.learning_rate_floor;
    let scheduled = match config.learning_rate_schedule {
        LearningRateSchedule::Constant => 1.0,
        LearningRateSchedule::Cosine => {
            let place = (epochs / config.epochs.max(1) as f64).clamp(0.0, 1.0);
            floor + (1.0 - floor) * 0.5 * (1.0 + (PI * place).cos())
        }
        LearningRateSchedule::Plateau => plateau.max(floor),
    };
    let warm_up = config.learning_rate_warm_up_steps;
    if step < warm_up { scheduled * (step + 1) as f64 / warm_up as f64 } else { scheduled }
}

/// Factor on beta after a fractional number of epochs.
pub(crate) fn beta_factor(config: &TrainingConfig, epochs: f64) -> f64 {
    let length = config.beta_epochs.max(1) as f64;
    match config.beta_schedule {
        BetaSchedule::Constant => 1.0,
        BetaSchedule::WarmUp => (epochs / length).min(1.0),
        BetaSchedule::Cyclical => (2.0 * (epochs / length).fract()).min(1.0),
    }
}

/// One point of a planned schedule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planned {
    /// Epochs done, with a fraction.
    pub epochs: f64,
    /// Adam's learning rate.
    pub learning_rate: f64,
    /// Weight of the KL divergence.
    pub beta: f64,
}

/// Learning rate and beta at the steps of a whole run: at all of them, or at about `points`, among which are those where the warm-up ends
/// and where beta jumps back. Plateaus are not known in advance and left out.
pub fn plan(config: &TrainingConfig, steps_per_epoch: usize, points: usize) -> Vec<Planned> {
    let steps_per_epoch = steps_per_epoch.max(1);
    let steps = config.epochs * steps_per_epoch;
    let planned = |step: usize| {
        let epochs = step as f64 / steps_per_epoch as f64;
        Planned {
            epochs,
            learning_rate: config.learning_rate * learning_rate_factor(config, step, epochs, 1.0),
            beta: config.beta * beta_factor(config, epochs),
        }
    };
    steps_to_plan(config, steps, steps_per_epoch, points).into_iter().map(planned).collect()
}

/// Which of the `steps` of a run its plan has.
fn steps_to_plan(
    config: &TrainingConfig,
    steps: usize,
    steps_per_epoch: usize,
    points: usize,
) -> BTreeSet<usize> {
    let Some(last) = steps.checked_sub(1) else { return BTreeSet::new() };
    if steps <= points {
        return (0..steps).collect();
    }
    let even = (0..points).map(|point| point * last / points.saturating_sub(1).max(1));
    let warm = config.learning_rate_warm_up_steps.saturating_sub(1);
    let cycle = match config.beta_schedule {
        BetaSchedule::Cyclical => config.beta_epochs.max(1) * steps_per_epoch,
        BetaSchedule::Constant | BetaSchedule::WarmUp => steps,
    };
    // More cycles than points are a band anyway.
    let jumps = (cycle..steps).step_by(cycle).take(points).flat_map(|step| [step - 1, step]);
    even.chain([warm.min(last)]).chain(jumps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosine_falls_from_the_full_rate_to_the_floor() {
        let config = TrainingConfig {
            epochs: 10,
            learning_rate_schedule: LearningRateSchedule::Cosine,
            learning_rate_floor: 0.1,
            ..TrainingConfig::default()
        };
        let at = |epochs: f64| learning_rate_factor(&config, 1000, epochs, 1.0);
        assert_eq!(at(0.0), 1.0);
        assert!((at(5.0) - 0.55).abs() < 1e-12);
        // cos(pi/4) = 0.70711: 0.1 + 0.9 * 0.5 * 1.70711
        assert!((at(2.5) - 0.868_198_05).abs() < 1e-8);
        assert!((at(10.0) - 0.1).abs() < 1e-12 && (at(12.0) - 0.1).abs() < 1e-12);
    }

    #[test]
    fn a_warm_up_rises_in_equal_steps_and_a_plateau_stops_at_the_floor() {
        let config = TrainingConfig {
            learning_rate_schedule: LearningRateSchedule::Plateau,
            learning_rate_warm_up_steps: 4,
            ..TrainingConfig::default()
        };
        let factors: Vec<f64> = (0..5).map(|step| learning_rate_factor(&config, step, 0.0, 1.0)).collect();
        assert_eq!(factors, [0.25, 0.5, 0.75, 1.0, 1.0]);
        assert_eq!(learning_rate_factor(&config, 9, 3.0, 0.25), 0.25);
        assert_eq!(learning_rate_factor(&config, 9, 3.0, 0.001), 0.01);
    }

    #[test]
    fn beta_warms_up_once_or_in_every_cycle() {
        let with =
            |beta_schedule| TrainingConfig { beta_schedule, beta_epochs: 4, ..TrainingConfig::default() };
        let values =
            |config: &TrainingConfig| [0.0, 1.0, 2.0, 3.0, 4.0, 5.0].map(|at| beta_factor(config, at));
        assert_eq!(values(&with(BetaSchedule::Constant)), [1.0; 6]);
        assert_eq!(values(&with(BetaSchedule::WarmUp)), [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]);
        assert_eq!(values(&with(BetaSchedule::Cyclical)), [0.0, 0.5, 1.0, 1.0, 0.0, 0.5]);
    }

    #[test]
    fn a_plan_has_the_rates_of_every_place_of_the_run() {
        let config = TrainingConfig {
            epochs: 10,
            learning_rate: 1e-3,
            learning_rate_schedule: LearningRateSchedule::Cosine,
            learning_rate_floor: 0.1,
            beta: 2.0,
            beta_schedule: BetaSchedule::WarmUp,
            beta_epochs: 5,
            ..TrainingConfig::default()
        };
        let plan = plan(&config, 50, 5);
        let of = |value: fn(&Planned) -> f64| plan.iter().map(value).collect::<Vec<_>>();
        // The steps 0, 124, 249, 374 and the last one, 499.
        assert_eq!(of(|place| place.epochs), [0.0, 2.48, 4.98, 7.48, 9.98]);
        let beta = of(|place| place.beta);
        assert!(
            beta.iter().zip([0.0, 0.992, 1.992, 2.0, 2.0]).all(|(one, other)| (one - other).abs() < 1e-12),
            "{beta:?}"
        );
        assert!((plan[0].learning_rate - 1e-3).abs() < 1e-12 && (plan[4].learning_rate - 1e-4).abs() < 1e-7);
    }

    #[test]
    fn a_plan_has_every_step_of_a_short_run_and_no_saw_tooth() {
        let config = TrainingConfig {
            epochs: 20,
            learning_rate_schedule: LearningRateSchedule::Cosine,
            learning_rate_warm_up_steps: 10,
            ..TrainingConfig::default()
        };
        let rates: Vec<f64> = plan(&config, 1, 121).iter().map(|place| place.learning_rate).collect();
        let of_steps =
            (0..20).map(|step| config.learning_rate * learning_rate_factor(&config, step, step as f64, 1.0));
        assert_eq!(rates, of_steps.collect::<Vec<_>>());
        let highest = rates.iter().copied().fold(0.0, f64::max);
        let turns = rates.windows(3).filter(|three| (three[1] > three[0]) != (three[2] > three[1])).count();
        assert_eq!(turns, 1, "up to {highest}, then down: {rates:?}");
    }

    #[test]
    fn a_plan_has_both_sides_of_every_jump_of_beta() {
        let config = TrainingConfig {
            epochs: 100,
            beta_schedule: BetaSchedule::Cyclical,
            beta_epochs: 7,
            ..TrainingConfig::default()
        };
        let plan = plan(&config, 31, 121);
        let falls = plan.windows(2).filter(|two| two[1].beta < two[0].beta).collect::<Vec<_>>();
        assert_eq!(falls.len(), 14);
        assert!(falls.iter().all(|two| two[0].beta == config.beta && two[1].beta == 0.0), "{falls:?}");
    }
}
