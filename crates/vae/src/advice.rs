//! Advice on a training run: rules that recognise common failures from the epoch reports and say what to try.
//!
//! Rules look at finished epochs only and say nothing until there are enough of them. The thresholds are
//! chosen so that runs of the presets on speech and on the demo sounds give no advice.

mod evidence;

use serde::Serialize;

pub use self::evidence::Evidence;

use super::{events::EpochReport, loss::Losses, steering::Setting};

/// A latent dimension with a KL divergence below this, in nats, carries no information.
pub const DEAD_NATS: f64 = 0.01;
/// Epochs before the first advice: earlier ones are dominated by the initial weights.
const FIRST_EPOCHS: usize = 3;
/// The posterior counts as collapsed when at most this share of the dimensions is active.
const COLLAPSED_SHARE: f64 = 0.1;
/// The KL divergence is negligible below this share of the loss.
const NEGLIGIBLE_SHARE: f64 = 0.003;
/// Validation counts as rising when the last this many epochs since the best one are all worse than it.
const RISING_EPOCHS: usize = 3;
/// Factor by which the validation error must exceed its best value.
const RISEN: f64 = 1.05;
/// Factor below which the training error must have fallen in the same time.
const FALLEN: f64 = 0.97;
/// Epochs inspected for a learning rate that is too high.
const UNSTEADY_WINDOW: usize = 5;
/// An epoch is a setback when its error is this many times that of the epoch before.
const STEP_BACK: f64 = 1.05;
/// More setbacks than this in the window mean a learning rate that is too high.
const STEPS_BACK: usize = 2;
/// A swing is a change of the validation error by more than this factor between two epochs.
const SWING: f64 = 1.1;
/// Swings in each direction, within the window, that count as oscillation.
const SWINGS: usize = 2;
/// The training error has diverged when it exceeds its minimum in the window by this factor.
const BREAKDOWN: f64 = 1.6;
/// After this many epochs the training error must be below the mean image's error times [`AS_BAD_AS_MEAN`].
const LATE_EPOCHS: usize = 4;
const AS_BAD_AS_MEAN: f64 = 1.5;
/// The training error still falls fast where it is below that of two epochs before by this factor.
const STILL_FALLING: f64 = 0.9;

/// The failures that the rules recognise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdviceKind {
    /// The KL divergence is near 0 in almost all dimensions: the decoder ignores the latent vector.
    PosteriorCollapse,
    /// The KL divergence contributes almost nothing to the loss.
    NegligibleKl,
    /// The error falls on training recordings and rises on validation recordings.
    Overfitting,
    /// The error rises or oscillates from epoch to epoch.
    LearningRateTooHigh,
}

/// One finding and its remedy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// The rule that found it.
    pub kind: AdviceKind,
    /// Headline.
    pub title: &'static str,
    /// The evidence, with figures.
    pub words: String,
    /// The same figures, for other languages.
    #[serde(skip)]
    pub evidence: Evidence,
    /// Suggested change of the settings.
    pub remedy: &'static str,
}

impl Advice {
    fn new(kind: AdviceKind, title: &'static str, evidence: Evidence, remedy: &'static str) -> Self {
        Self { kind, title, words: evidence.to_string(), evidence, remedy }
    }
}

/// Applies all rules to the finished epochs; `mean_image` is the error of the mean training image, where it
/// is known.
pub fn advise(epochs: &[EpochReport], mean_image: Option<f64>) -> Vec<Advice> {
    if epochs.len() < FIRST_EPOCHS {
        return Vec::new();
    }
    let collapse = posterior_collapse(epochs);
    // A collapsed posterior also has a negligible divergence and the mean image's error: report the cause
    // alone.
    if let Some(collapse) = collapse {
        return vec![collapse];
    }
    let found = [negligible_kl(epochs), overfitting(epochs), learning_rate_too_high(epochs, mean_image)];
    found.into_iter().flatten().collect()
}

fn posterior_collapse(epochs: &[EpochReport]) -> Option<Advice> {
    let last = epochs.last()?;
    let all = last.kl_per_dimension.len();
    let alive = last.kl_per_dimension.iter().filter(|kl| **kl >= DEAD_NATS).count();
    if all == 0 || alive as f64 > COLLAPSED_SHARE * all as f64 {
        return None;
    }
    Some(Advice::new(
        AdviceKind::PosteriorCollapse,
        "The posterior has collapsed",
        Evidence::DeadDimensions { alive, all },
        "Raise the reconstruction weight (for example tenfold), lower the KL weight, or let the KL weight warm \
         up over the first epochs.",
    ))
}

/// Validation losses, or training losses in a run without validation.
fn judged_losses(report: &EpochReport) -> &Losses {
    report.validation.as_ref().unwrap_or(&report.training)
}

fn negligible_kl(epochs: &[EpochReport]) -> Option<Advice> {
    let share = |report: &EpochReport| {
        let losses = judged_losses(report);
        let kl = report.beta * losses.kl;
        kl / (report.reconstruction_weight * losses.reconstruction + kl)
    };
    let last = &epochs[epochs.len() - 2..];
    // While beta still warms up, a small share is intended.
    let rising = last[1].beta > last[0].beta;
    if rising || !last.iter().all(|report| share(report) < NEGLIGIBLE_SHARE) {
        return None;
    }
    let percent = share(&last[1]) * 100.0;
    Some(Advice::new(
        AdviceKind::NegligibleKl,
        "The KL divergence is negligible",
        Evidence::KlShare { percent },
        "Lower the reconstruction weight (to a tenth, say) or raise the KL weight.",
    ))
}

fn overfitting(epochs: &[EpochReport]) -> Option<Advice> {
    let validated: Vec<(usize, f64, f64)> = epochs
        .iter()
        .filter_map(|report| {
            Some((report.epoch, report.validation?.reconstruction, report.training.reconstruction))
        })
        .collect();
    let (best_epoch, best, training_then) = *validated.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let (_, _, training_now) = *validated.last()?;
    let since: Vec<f64> =
        validated.iter().filter(|(epoch, ..)| *epoch > best_epoch).map(|(_, error, _)| *error).collect();
    let recent = &since[since.len().saturating_sub(RISING_EPOCHS)..];
    if swings(epochs) {
        return None;
    }
    let risen = recent.len() == RISING_EPOCHS && recent.iter().all(|error| *error > RISEN * best);
    if !risen || training_now >= FALLEN * training_then {
        return None;
    }
    Some(Advice::new(
        AdviceKind::Overfitting,
        "The model overfits",
        Evidence::ValidationRose {
            since: best_epoch,
            validation: (best, recent[RISING_EPOCHS - 1]),
            training: (training_then, training_now),
        },
        "Stop and keep the best epoch; then try more recordings, augmentation, a smaller model or a lower \
         reconstruction weight.",
    ))
}

/// Whether the validation error oscillates; overfitting shows as a steady rise instead.
fn swings(epochs: &[EpochReport]) -> bool {
    let errors: Vec<f64> =
        epochs.iter().filter_map(|report| Some(report.validation?.reconstruction)).collect();
    let window = &errors[errors.len().saturating_sub(UNSTEADY_WINDOW + 2)..];
    let ups = window.windows(2).filter(|pair| pair[1] > SWING * pair[0]).count();
    let downs = window.windows(2).filter(|pair| pair[0] > SWING * pair[1]).count();
    ups >= SWINGS && downs >= SWINGS
}

fn learning_rate_too_high(epochs: &[EpochReport], mean_image: Option<f64>) -> Option<Advice> {
    // Epochs before the last manual change of the learning rate say nothing about the current one, nor do those in which a
    // warm-up raises it: weights that begin near the data, as those of a linear path do, first leave it.
    let changed =
        |report: &EpochReport| report.changes.iter().any(|change| change.setting == Setting::LearningRate);
    let rises = |pair: &[EpochReport]| pair[1].learning_rate > pair[0].learning_rate;
    let since_change = epochs.iter().rposition(changed).map_or(0, |place| place + 1);
    let since = epochs.windows(2).rposition(rises).map_or(0, |place| place + 1).max(since_change);
    let errors: Vec<f64> = epochs[since..].iter().map(|report| report.training.reconstruction).collect();
    let window = &errors[errors.len().saturating_sub(UNSTEADY_WINDOW + 1)..];
    let back = window.windows(2).filter(|pair| pair[1] > STEP_BACK * pair[0]).count();
    let last = *window.last()?;
    let lowest = window.iter().copied().fold(f64::INFINITY, f64::min);
    // Where the error still falls fast, the rate is no obstacle: the first epochs of few steps, for example.
    let is_falling = window.len() > 2 && last < STILL_FALLING * window[window.len() - 3];
    let evidence = if last > BREAKDOWN * lowest {
        Evidence::TrainingRose { lowest, last }
    } else if back > STEPS_BACK {
        Evidence::Setbacks { count: back, window: window.len() - 1 }
    } else if is_falling {
        return None;
    } else if swings(&epochs[since..]) {
        Evidence::Swings
    } else if epochs.len() - since >= LATE_EPOCHS
        && let Some(mean) = mean_image
        && lowest > AS_BAD_AS_MEAN * mean
    {
        Evidence::WorseThanMean { epochs: epochs.len(), last, mean }
    } else {
        return None;
    };
    Some(Advice::new(
        AdviceKind::LearningRateTooHigh,
        "The learning rate is too high",
        evidence,
        "Lower the learning rate to a third, now or from the best checkpoint; a warm-up of some hundred steps or a \
         cosine schedule helps too.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steering::Change;

    /// Epoch reports with the given training and validation errors and the other values of the reference
    /// model.
    fn run(errors: &[(f64, f64)]) -> Vec<EpochReport> {
        let losses =
            |reconstruction| Losses { total: 1e6 * reconstruction + 230.0, reconstruction, kl: 230.0 };
        let report = |(place, (training, validation)): (usize, &(f64, f64))| EpochReport {
            epoch: place + 1,
            training: losses(*training),
            validation: Some(losses(*validation)),
            reconstruction_weight: 1e6,
            beta: 1.0,
            kl_per_dimension: vec![2.0; 16],
            ..EpochReport::default()
        };
        errors.iter().enumerate().map(report).collect()
    }

    /// Errors measured by `../shared/bench/torch_vae_learn.py`, continued plausibly.
    const HEALTHY: [(f64, f64); 8] = [
        (0.0381, 0.0146),
        (0.0121, 0.0088),
        (0.0075, 0.0069),
        (0.0058, 0.0052),
        (0.0049, 0.0051),
        (0.0045, 0.0046),
        (0.0046, 0.0047),
        (0.0041, 0.0045),
    ];

    fn kinds(epochs: &[EpochReport]) -> Vec<AdviceKind> {
        advise(epochs, Some(0.011)).into_iter().map(|advice| advice.kind).collect()
    }

    #[test]
    fn a_healthy_run_is_left_in_peace_at_every_epoch() {
        let epochs = run(&HEALTHY);
        for count in 0..=epochs.len() {
            assert_eq!(kinds(&epochs[..count]), [], "after {count} epochs");
        }
    }

    #[test]
    fn dimensions_that_say_nothing_are_a_collapse_and_nothing_else() {
        let mut epochs = run(&[(0.011, 0.011); 5]);
        for epoch in &mut epochs {
            epoch.kl_per_dimension = vec![0.001; 16];
            epoch.validation = Some(Losses { total: 11_000.0, reconstruction: 0.011, kl: 0.016 });
        }
        epochs[4].kl_per_dimension[3] = 1.2;
        let advice = advise(&epochs, Some(0.011));
        assert_eq!(advice.len(), 1);
        assert_eq!(advice[0].kind, AdviceKind::PosteriorCollapse);
        assert!(advice[0].words.starts_with("1 of 16 latent dimensions"), "{}", advice[0].words);
        assert_eq!(advice[0].evidence, Evidence::DeadDimensions { alive: 1, all: 16 });
        epochs[4].kl_per_dimension[4] = 0.4;
        assert!(!kinds(&epochs).contains(&AdviceKind::PosteriorCollapse), "some dead dimensions are normal");
    }

    #[test]
    fn a_divergence_without_a_say_is_told_unless_its_weight_still_rises() {
        let mut epochs = run(&HEALTHY);
        for epoch in &mut epochs {
            epoch.beta = 0.01;
        }
        assert_eq!(kinds(&epochs), [AdviceKind::NegligibleKl]);
        for (place, epoch) in epochs.iter_mut().enumerate() {
            epoch.beta = 0.001 * (place + 1) as f64;
        }
        assert_eq!(kinds(&epochs), []);
    }

    #[test]
    fn a_validation_that_rises_while_training_falls_is_overfitting() {
        let mut errors = HEALTHY.to_vec();
        errors.extend([(0.0030, 0.0049), (0.0025, 0.0052), (0.0020, 0.0056)]);
        let epochs = run(&errors);
        assert_eq!(kinds(&epochs[..10]), [], "two epochs can be chance");
        let advice = advise(&epochs, None);
        assert_eq!(advice[0].kind, AdviceKind::Overfitting);
        assert!(advice[0].words.contains("Since epoch 8") && advice[0].words.contains("0.00450 to 0.00560"));
        let both_rise =
            run(&[HEALTHY.as_slice(), &[(0.0043, 0.0049), (0.0044, 0.0052), (0.0045, 0.0053)]].concat());
        assert!(!kinds(&both_rise).contains(&AdviceKind::Overfitting));
    }

    #[test]
    fn a_warm_up_is_no_learning_rate_too_high() {
        let zigzag = [0.008, 0.0085, 0.012, 0.0128, 0.013, 0.0139, 0.0147].map(|error| (error, error));
        let mut epochs = run(&zigzag);
        assert_eq!(kinds(&epochs), [AdviceKind::LearningRateTooHigh]);
        for epoch in &mut epochs {
            epoch.learning_rate = 1e-5 * epoch.epoch as f64;
        }
        for count in 0..=epochs.len() {
            assert_eq!(kinds(&epochs[..count]), [], "after {count} epochs");
        }
        let mut after: Vec<EpochReport> = run(&zigzag);
        for epoch in &mut after {
            epoch.learning_rate = 1e-4;
        }
        epochs.extend(after);
        assert_eq!(kinds(&epochs), [AdviceKind::LearningRateTooHigh], "the same at the full rate");
    }

    #[test]
    fn an_error_that_still_falls_fast_is_no_learning_rate_too_high() {
        // One step an epoch, and one validation image.
        let falling = [
            (0.0418, 0.05),
            (0.031, 0.035),
            (0.022, 0.04),
            (0.017, 0.03),
            (0.0133, 0.036),
            (0.011, 0.028),
            (0.0095, 0.033),
        ];
        for count in 1..=falling.len() {
            assert_eq!(kinds(&run(&falling[..count])), [], "after {count} epochs");
        }
    }

    #[test]
    fn an_error_that_jumps_or_never_falls_is_a_learning_rate_too_high() {
        let jumps = run(&[(0.03, 0.03), (0.012, 0.012), (0.009, 0.01), (0.02, 0.02)]);
        assert_eq!(kinds(&jumps), [AdviceKind::LearningRateTooHigh]);
        let zigzag = [0.03, 0.012, 0.0134, 0.0115, 0.0130, 0.0117, 0.0129].map(|error| (error, error));
        assert_eq!(kinds(&run(&zigzag)), [AdviceKind::LearningRateTooHigh]);
        let stuck = run(&[(0.031, 0.03), (0.03, 0.03), (0.03, 0.03), (0.029, 0.03)]);
        assert_eq!(kinds(&stuck), [AdviceKind::LearningRateTooHigh]);
        let mut mended = jumps;
        let change = Change { step: 600, setting: Setting::LearningRate, from: 0.1, to: 5e-4 };
        mended[3].changes.push(change);
        mended.extend(run(&[(0.011, 0.011), (0.010, 0.010)]));
        assert_eq!(kinds(&mended), [], "what was before a change says nothing of the new rate");
    }
}
