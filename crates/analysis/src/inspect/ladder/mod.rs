//! The reconstruction ladder: one recording several times, each time after one more step of the way through a model and
//! back, so that an ear can tell which step hurts.
//!
//! A sound out of a model has lost something three times over: its image is a rounded, cut picture of the spectrum without
//! phases; the phases that Griffin-Lim finds are not the original's; and the model's image is not the original's image. Heard
//! at once, the three cannot be told apart. [`Climber`] makes each alone and together ([`RungKind`]), [`Ladder::level`] makes
//! all equally loud, and every rung carries the two measures of [`timbrespace_signal::dsp::spectral_distance`] against the original.

mod climber;
mod loudness;
mod rung;

pub use climber::{Climber, Decoded, Given};
use loudness::equally_loud;
pub use rung::{Rung, RungKind};
use serde::Serialize;

/// All rungs of one recording, equally loud.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// From the original down.
    pub rungs: Vec<Rung>,
}

/// A step of the way that costs something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Making an image and going back from it.
    Image,
    /// Finding phases.
    Phases,
    /// The model.
    Model,
}

impl Step {
    /// What it is called, for a person.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Image => "the image: what the preprocessing does not keep",
            Self::Phases => "phase recovery",
            Self::Model => "the model",
        }
    }
}

impl Ladder {
    /// Makes all rungs equally loud, so that they are compared by how they sound and not by how loud they are.
    ///
    /// Every sound is scaled to the root mean square of the original over the signal's own part (`own`, samples of the
    /// padded signal that are not padding); then all of them by one more factor, so that the largest peak of any is at most
    /// 0.99 and none has to be limited on its own. A silent sound stays as it is. Rungs with high peaks (zero phase) can
    /// make the whole ladder quieter than the recording. The measures are of the sounds before this.
    pub fn level(mut rungs: Vec<Rung>, own: std::ops::Range<usize>) -> Self {
        equally_loud(&mut rungs, &own);
        Self { rungs }
    }

    /// The rung of a kind.
    pub fn rung(&self, kind: RungKind) -> Option<&Rung> {
        self.rungs.iter().find(|rung| rung.kind == kind)
    }

    /// The step that costs most by spectral convergence: the image's is the second rung's, phase recovery's the third's, and
    /// the model's is what the fourth has beyond the larger of both. `None` without a model, or where nothing is lost.
    pub fn hurts_most(&self) -> Option<Step> {
        let lost = |kind| self.rung(kind).map(|rung| rung.spectral_convergence);
        let (image, phases) = (lost(RungKind::OriginalPhase)?, lost(RungKind::GriffinLim)?);
        let model = lost(RungKind::Model)? - image.max(phases);
        let costs = [(Step::Image, image), (Step::Phases, phases), (Step::Model, model)];
        let most = costs.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
        most.filter(|(_, cost)| *cost > 0.0).map(|(step, _)| step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_signal::audio::clip::Clip;

    fn ladder(losses: &[(RungKind, f64)]) -> Ladder {
        let rungs = losses.iter().map(|&(kind, spectral_convergence)| Rung {
            kind,
            clip: Clip::mono(Vec::new(), 8000),
            spectral_convergence,
            log_spectral_distance: 0.0,
            milliseconds: 0.0,
            gain: 1.0,
        });
        Ladder { rungs: rungs.collect() }
    }

    #[test]
    fn the_step_that_costs_most_is_named() {
        use RungKind::{GriffinLim, Model, OriginalPhase};
        let most = |image, phases, model| {
            ladder(&[(OriginalPhase, image), (GriffinLim, phases), (Model, model)]).hurts_most()
        };
        assert_eq!(most(0.01, 0.1, 0.5), Some(Step::Model));
        assert_eq!(most(0.01, 0.3, 0.5), Some(Step::Phases), "beyond phase recovery the model adds 0.2");
        assert_eq!(most(0.4, 0.1, 0.5), Some(Step::Image));
        assert_eq!(most(0.0, 0.0, 0.0), None);
        assert_eq!(ladder(&[(OriginalPhase, 0.1)]).hurts_most(), None);
    }

    #[test]
    fn every_rung_has_a_name_and_an_explanation_of_its_own() {
        let names: std::collections::BTreeSet<_> = RungKind::ALL.iter().map(|kind| kind.name()).collect();
        let words: std::collections::BTreeSet<_> =
            RungKind::ALL.iter().map(|kind| kind.explanation()).collect();
        assert_eq!((names.len(), words.len()), (8, 8));
        assert!(RungKind::ALL.is_sorted());
    }
}
