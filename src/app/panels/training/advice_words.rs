//! What the window says of the advice on a run: English stands where the rules are, other languages in `settings.ftl`.

use crate::{
    language::{Value, translation},
    vae::advice::{Advice, AdviceKind, DEAD_NATS, Evidence},
};

/// The headline.
pub fn title(advice: &Advice) -> String {
    let translated = match advice.kind {
        AdviceKind::PosteriorCollapse => translation("advice-posterior-collapse", &[]),
        AdviceKind::NegligibleKl => translation("advice-negligible-kl", &[]),
        AdviceKind::Overfitting => translation("advice-overfitting", &[]),
        AdviceKind::LearningRateTooHigh => translation("advice-learning-rate", &[]),
    };
    translated.unwrap_or_else(|| advice.title.to_owned())
}

/// The evidence and what to do.
pub fn explanation(advice: &Advice) -> String {
    match (evidence(advice.evidence), remedy(advice.kind)) {
        (Some(evidence), Some(remedy)) => format!("{evidence}{remedy}"),
        _ => format!("{} {}", advice.words, advice.remedy),
    }
}

fn evidence(evidence: Evidence) -> Option<String> {
    let error = |error: f64| Value::from(format!("{error:.5}"));
    match evidence {
        Evidence::DeadDimensions { alive, all } => {
            let nats = Value::from(DEAD_NATS.to_string());
            let values = [("alive", alive.into()), ("all", all.into()), ("nats", nats)];
            translation("advice-dead-dimensions", &values)
        }
        Evidence::KlShare { percent } => {
            translation("advice-kl-share", &[("percent", format!("{percent:.2}").into())])
        }
        Evidence::ValidationRose { since, validation, training } => {
            let values = [
                ("since", since.into()),
                ("validation_then", error(validation.0)),
                ("validation_now", error(validation.1)),
                ("training_then", error(training.0)),
                ("training_now", error(training.1)),
            ];
            translation("advice-validation-rose", &values)
        }
        Evidence::TrainingRose { lowest, last } => {
            translation("advice-training-rose", &[("lowest", error(lowest)), ("last", error(last))])
        }
        Evidence::Setbacks { count, window } => {
            translation("advice-setbacks", &[("count", count.into()), ("window", window.into())])
        }
        Evidence::Swings => translation("advice-swings", &[]),
        Evidence::WorseThanMean { epochs, last, mean } => {
            let values = [("epochs", epochs.into()), ("last", error(last)), ("mean", error(mean))];
            translation("advice-worse-than-mean", &values)
        }
    }
}

fn remedy(kind: AdviceKind) -> Option<String> {
    match kind {
        AdviceKind::PosteriorCollapse => translation("advice-posterior-collapse-remedy", &[]),
        AdviceKind::NegligibleKl => translation("advice-negligible-kl-remedy", &[]),
        AdviceKind::Overfitting => translation("advice-overfitting-remedy", &[]),
        AdviceKind::LearningRateTooHigh => translation("advice-learning-rate-remedy", &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, set};

    const EVIDENCE: [(AdviceKind, Evidence); 7] = [
        (AdviceKind::PosteriorCollapse, Evidence::DeadDimensions { alive: 1, all: 16 }),
        (AdviceKind::NegligibleKl, Evidence::KlShare { percent: 0.123_4 }),
        (
            AdviceKind::Overfitting,
            Evidence::ValidationRose { since: 8, validation: (0.0045, 0.0056), training: (0.0041, 0.002) },
        ),
        (AdviceKind::LearningRateTooHigh, Evidence::TrainingRose { lowest: 0.01, last: 0.02 }),
        (AdviceKind::LearningRateTooHigh, Evidence::Setbacks { count: 3, window: 5 }),
        (AdviceKind::LearningRateTooHigh, Evidence::Swings),
        (AdviceKind::LearningRateTooHigh, Evidence::WorseThanMean { epochs: 4, last: 0.03, mean: 0.011 }),
    ];

    fn advice((kind, evidence): (AdviceKind, Evidence)) -> Advice {
        Advice { kind, title: "Title", words: evidence.to_string(), evidence, remedy: "Remedy." }
    }

    #[test]
    fn english_is_that_of_the_rules() {
        for found in EVIDENCE.map(advice) {
            assert_eq!(title(&found), "Title");
            assert_eq!(explanation(&found), format!("{} Remedy.", found.words));
        }
    }

    #[test]
    fn every_finding_has_its_chinese() {
        set(Language::Chinese);
        for found in EVIDENCE.map(advice) {
            assert_ne!(title(&found), "Title", "{:?}", found.kind);
            assert!(!explanation(&found).contains("Remedy"), "{:?}", found.evidence);
        }
        assert!(explanation(&advice(EVIDENCE[2])).contains("0.00450"));
    }
}
