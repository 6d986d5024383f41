//! The live training curve in a bounded number of points.

use super::state::StepPoint;
use crate::vae::{schedule::Rates, trainer::Losses};

/// Points kept at most; beyond it, neighbours are merged in pairs.
const CAPACITY: usize = 2048;

/// Steps of a run, each point the mean of as many steps as its resolution says.
#[derive(Clone, Debug)]
pub struct RunHistory {
    points: Vec<StepPoint>,
    steps_per_point: usize,
    waiting: Vec<StepPoint>,
}

impl Default for RunHistory {
    fn default() -> Self {
        Self { points: Vec::new(), steps_per_point: 1, waiting: Vec::new() }
    }
}

impl RunHistory {
    /// Adds one step.
    pub fn push(&mut self, point: StepPoint) {
        self.waiting.push(point);
        if self.waiting.len() < self.steps_per_point {
            return;
        }
        self.points.extend(mean(&self.waiting));
        self.waiting.clear();
        if self.points.len() == CAPACITY {
            self.points = self.points.chunks(2).filter_map(mean).collect();
            self.steps_per_point *= 2;
        }
    }

    /// The curve of a past run.
    pub fn of(points: &[StepPoint]) -> Self {
        let mut history = Self::default();
        for point in points {
            history.push(*point);
        }
        history
    }

    /// Drops the points after `step`: the run resumes from there.
    pub fn forget_after(&mut self, step: usize) {
        self.points.retain(|point| point.step <= step);
        self.waiting.clear();
    }

    /// The curve, oldest first.
    pub fn points(&self) -> &[StepPoint] {
        &self.points
    }
}

/// The mean of neighbouring points, at the last one's step and time.
fn mean(points: &[StepPoint]) -> Option<StepPoint> {
    let last = points.last()?;
    let n = points.len() as f64;
    let of = |part: fn(&StepPoint) -> f64| points.iter().map(part).sum::<f64>() / n;
    Some(StepPoint {
        losses: Losses {
            total: of(|point| point.losses.total),
            reconstruction: of(|point| point.losses.reconstruction),
            kl: of(|point| point.losses.kl),
        },
        rates: Rates {
            learning_rate: of(|point| point.rates.learning_rate),
            reconstruction_weight: of(|point| point.rates.reconstruction_weight),
            beta: of(|point| point.rates.beta),
            batch_size: last.rates.batch_size,
        },
        gradient_norm: of(|point| point.gradient_norm),
        samples_per_second: of(|point| point.samples_per_second),
        ..*last
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_keeps_its_mean_in_bounded_space() {
        let mut history = RunHistory::default();
        for step in 1..=10_000 {
            let value = step as f64;
            let losses = Losses { total: value, reconstruction: 0.0, kl: 1.0 };
            history.push(StepPoint {
                step,
                losses,
                gradient_norm: value,
                seconds: value,
                ..StepPoint::default()
            });
        }
        assert!(history.points().len() < CAPACITY);
        assert_eq!(history.steps_per_point, 8);
        assert_eq!(history.points()[0].losses.total, 4.5);
        assert_eq!((history.points()[0].step, history.points()[0].seconds), (8, 8.0));
        assert_eq!(history.points()[0].gradient_norm, 4.5);
        assert!(history.points().windows(2).all(|pair| pair[0].step < pair[1].step));
    }
}
