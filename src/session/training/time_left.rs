//! Estimated time to the end of a run.

use crate::vae::trainer::EpochReport;

/// Number of last epochs from which the duration of validation is estimated.
const RECENT: usize = 3;

/// Seconds to the end of a run: its images at the speed of the last steps, and for every epoch that has not ended what
/// validation took at the end of those before it. `None` while no speed is known.
pub(super) fn seconds(
    epochs_left: f64,
    images_per_epoch: usize,
    images_per_second: f64,
    epochs: &[EpochReport],
) -> Option<f64> {
    let images = epochs_left.max(0.0) * images_per_epoch as f64;
    let ends = epochs_left.max(0.0).ceil() * seconds_of_an_end(epochs, images_per_epoch);
    (images_per_second > 0.0).then(|| images / images_per_second + ends)
}

/// Mean seconds of an epoch outside its steps: validation, checkpoints.
fn seconds_of_an_end(epochs: &[EpochReport], images_per_epoch: usize) -> f64 {
    let (began, recent) = match &epochs[epochs.len().saturating_sub(RECENT + 1)..] {
        [first] if first.epoch == 1 => (0.0, std::slice::from_ref(first)),
        [before, recent @ ..] => (before.seconds, recent),
        [] => return 0.0,
    };
    let Some(last) = recent.last() else { return 0.0 };
    let steps = |report: &EpochReport| images_per_epoch as f64 / report.samples_per_second.max(f64::EPSILON);
    let beside = last.seconds - began - recent.iter().map(steps).sum::<f64>();
    (beside / recent.len() as f64).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vae::loss::Losses;

    /// An epoch of 300 images that took `seconds` in all, 3 of them for its steps.
    fn ended(epoch: usize, seconds: f64) -> EpochReport {
        EpochReport {
            epoch,
            step: 0,
            training: Losses::default(),
            validation: None,
            learning_rate: 1e-3,
            samples_per_second: 100.0,
            seconds,
            reconstruction_weight: 1.0,
            beta: 1.0,
            batch_size: 16,
            gradient_norm: 0.0,
            kl_per_dimension: Vec::new(),
            is_best: false,
            changes: Vec::new(),
        }
    }

    #[test]
    fn validation_of_the_epochs_to_come_is_part_of_it() {
        assert_eq!(seconds(2.5, 300, 100.0, &[]), Some(7.5));
        assert_eq!(seconds(2.5, 300, 100.0, &[ended(1, 5.0)]), Some(7.5 + 3.0 * 2.0));
        let epochs = [ended(1, 9.0), ended(2, 13.0), ended(3, 17.0), ended(4, 21.0)];
        assert_eq!(seconds(2.5, 300, 100.0, &epochs), Some(7.5 + 3.0), "one second an epoch");
        assert_eq!(seconds(2.5, 300, 50.0, &epochs), Some(15.0 + 3.0), "the steps go by their own speed");
        assert_eq!(seconds(1.0, 300, 0.0, &epochs), None);
    }
}
