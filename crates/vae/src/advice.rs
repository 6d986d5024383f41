//! What the figures of a run say about it, in words, with what to try.
//!
//! Every rule looks at finished epochs alone and stays silent until there are enough of them. The thresholds are chosen so
//! that runs of the presets on speech and on the demo sounds pass without a word.

use serde::Serialize;

use super::{events::EpochReport, loss::Losses, steering::Setting};

/// Dimensions with less than this many nats say nothing.
pub const DEAD_NATS: f64 = 0.01;
/// Epochs before the first advice: the first ones belong to the beginning.
const FIRST_EPOCHS: usize = 3;
/// Part of the dimensions that are alive at most in a collapsed posterior.
const COLLAPSED_SHARE: f64 = 0.1;
/// Part of the loss that a KL divergence with any influence has.
const NEGLIGIBLE_SHARE: f64 = 0.003;
/// Epochs since the best one after which validation counts as risen.
const RISING_EPOCHS: usize = 3;
/// How much worse than its best the validation error must be, as a factor.
const RISEN: f64 = 1.05;
/// How much better the training error must have become meanwhile, as a factor.
const FALLEN: f64 = 0.97;
/// Epochs that are looked at for a learning rate that is too high.
const UNSTEADY_WINDOW: usize = 5;
/// An epoch this much worse than the one before is a step back, as a factor.
const STEP_BACK: f64 = 1.05;
/// Steps back among the last epochs that are too many.
const STEPS_BACK: usize = 2;
/// Changes of the validation error by more than this, up and down in turn, as a factor.
const SWING: f64 = 1.1;
/// Swings each way among the last epochs that are too many.
const SWINGS: usize = 2;
/// An epoch this much worse than the best before is a breakdown, as a factor.
const BREAKDOWN: f64 = 1.6;
/// Epochs after which a model must rebuild better than the mean image times this.
const LATE_EPOCHS: usize = 4;
const AS_BAD_AS_MEAN: f64 = 1.5;

/// What is wrong with a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdviceKind {
    /// The latent vector says nothing: the decoder does without it.
    PosteriorCollapse,
    /// The KL divergence has no say in the loss.
    NegligibleKl,
    /// Training recordings are learnt by heart.
    Overfitting,
    /// Steps are too long.
    LearningRateTooHigh,
}

/// A finding with what to try.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// What is wrong.
    pub kind: AdviceKind,
    /// It in a few words.
    pub title: &'static str,
    /// What it was seen by, with the figures.
    pub words: String,
    /// What to try.
    pub remedy: &'static str,
}

/// What the finished epochs of a run call for; `mean_image` is the error of the mean image, where it is known.
pub fn advise(epochs: &[EpochReport], mean_image: Option<f64>) -> Vec<Advice> {
    if epochs.len() < FIRST_EPOCHS {
        return Vec::new();
    }
    let collapse = posterior_collapse(epochs);
    // A collapsed posterior has a negligible divergence and errors like the mean image's: one word is enough.
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
    Some(Advice {
        kind: AdviceKind::PosteriorCollapse,
        title: "The posterior has collapsed",
        words: format!(
            "{alive} of {all} latent dimensions carry more than {DEAD_NATS} nats: the decoder makes nearly the same image \
             whatever the sliders say."
        ),
        remedy: "Raise the reconstruction weight (ten times is a good try), lower the KL weight, or let the KL weight warm \
                 up over the first epochs.",
    })
}

/// The losses that a rule goes by: of the validation images, or of training where none validates.
fn judged(report: &EpochReport) -> &Losses {
    report.validation.as_ref().unwrap_or(&report.training)
}

fn negligible_kl(epochs: &[EpochReport]) -> Option<Advice> {
    let share = |report: &EpochReport| {
        let losses = judged(report);
        let kl = report.beta * losses.kl;
        kl / (report.reconstruction_weight * losses.reconstruction + kl)
    };
    let last = &epochs[epochs.len() - 2..];
    // While the weight of the divergence still rises, a small part is meant.
    let rising = last[1].beta > last[0].beta;
    if rising || !last.iter().all(|report| share(report) < NEGLIGIBLE_SHARE) {
        return None;
    }
    let percent = share(&last[1]) * 100.0;
    Some(Advice {
        kind: AdviceKind::NegligibleKl,
        title: "The KL divergence is negligible",
        words: format!(
            "It makes {percent:.2} % of the loss: the latent space is left as it falls, and random vectors or places between \
             recordings need not sound like anything."
        ),
        remedy: "Lower the reconstruction weight (to a tenth, say) or raise the KL weight.",
    })
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
    Some(Advice {
        kind: AdviceKind::Overfitting,
        title: "The model learns by heart",
        words: format!(
            "Since epoch {best_epoch} the error on recordings kept out has risen from {best:.5} to {:.5}, while that on the \
             training recordings fell from {training_then:.5} to {training_now:.5}.",
            recent[RISING_EPOCHS - 1]
        ),
        remedy: "Stop and keep the best epoch; then try more recordings, augmentation, a smaller model or a lower \
                 reconstruction weight.",
    })
}

/// Whether the validation error goes up and down by turns: no single course, as overfitting has one.
fn swings(epochs: &[EpochReport]) -> bool {
    let errors: Vec<f64> =
        epochs.iter().filter_map(|report| Some(report.validation?.reconstruction)).collect();
    let window = &errors[errors.len().saturating_sub(UNSTEADY_WINDOW + 2)..];
    let ups = window.windows(2).filter(|pair| pair[1] > SWING * pair[0]).count();
    let downs = window.windows(2).filter(|pair| pair[0] > SWING * pair[1]).count();
    ups >= SWINGS && downs >= SWINGS
}

fn learning_rate_too_high(epochs: &[EpochReport], mean_image: Option<f64>) -> Option<Advice> {
    // What was before the learning rate was last changed by hand says nothing of the one in use.
    let changed =
        |report: &EpochReport| report.changes.iter().any(|change| change.setting == Setting::LearningRate);
    let since = epochs.iter().rposition(changed).map_or(0, |place| place + 1);
    let errors: Vec<f64> = epochs[since..].iter().map(|report| report.training.reconstruction).collect();
    let window = &errors[errors.len().saturating_sub(UNSTEADY_WINDOW + 1)..];
    let back = window.windows(2).filter(|pair| pair[1] > STEP_BACK * pair[0]).count();
    let last = *window.last()?;
    let lowest = window.iter().copied().fold(f64::INFINITY, f64::min);
    let words = if last > BREAKDOWN * lowest {
        format!("The training error has gone from {lowest:.5} back up to {last:.5}.")
    } else if back > STEPS_BACK {
        format!("In {back} of the last {} epochs the training error rose by more than 5 %.", window.len() - 1)
    } else if swings(&epochs[since..]) {
        "From epoch to epoch the error on recordings kept out swings by more than 10 %, up and down by turns."
            .to_owned()
    } else if epochs.len() >= LATE_EPOCHS
        && let Some(mean) = mean_image
        && lowest > AS_BAD_AS_MEAN * mean
    {
        format!(
            "After {} epochs the training error is {last:.5}, worse than the {mean:.5} of the mean image.",
            epochs.len()
        )
    } else {
        return None;
    };
    Some(Advice {
        kind: AdviceKind::LearningRateTooHigh,
        title: "The learning rate is too high",
        words,
        remedy: "Lower the learning rate to a third, now or from the best checkpoint; a warm-up of some hundred steps or a \
                 cosine schedule helps too.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steering::Change;

    /// A run of epochs with these training and validation errors, like those of the reference model.
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

    /// What `../shared/bench/torch_vae_learn.py` saw, and how such a run goes on.
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
