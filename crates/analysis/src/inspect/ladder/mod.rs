//! The reconstruction ladder: one recording several times, each time after one more step of the way through a model and
//! back, so that an ear can tell which step hurts.
//!
//! A sound out of a model has lost something three times over: its image is a rounded, cut picture of the spectrum without
//! phases; the phases that Griffin-Lim finds are not the original's; and the model's image is not the original's image. Heard
//! at once, the three cannot be told apart. [`Climber`] makes each alone and together ([`RungKind`]), [`Ladder::level`] makes
//! all equally loud, and every rung carries the two measures of [`timbrespace_signal::dsp::spectral_distance`] against the original.

mod climber;
mod loudness;

pub use climber::{Climber, Decoded, Given};
use loudness::equally_loud;
use serde::{Serialize, Serializer};

use timbrespace_signal::audio::clip::Clip;

/// A way of hearing one recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RungKind {
    /// The loaded, padded signal.
    Original,
    /// The normalised image brought back to a magnitude, with the original's phase.
    OriginalPhase,
    /// The original's whole magnitude, with phases by Griffin-Lim.
    GriffinLim,
    /// The model's image of it, with phases by Griffin-Lim.
    Model,
    /// The model's image of it, every phase zero.
    ZeroPhase,
    /// The model's image of it, with the phase of another recording.
    BorrowedPhase,
    /// The original's whole magnitude, with Griffin-Lim's phases from its earlier start; for comparison.
    SinglePass,
    /// The model's image of it with the detail of other recordings, with phases by Griffin-Lim. Last, so that the files of
    /// the rungs above keep their numbers.
    Detail,
}

impl RungKind {
    /// Every rung from the original down.
    pub const ALL: [Self; 8] = [
        Self::Original,
        Self::OriginalPhase,
        Self::GriffinLim,
        Self::Model,
        Self::ZeroPhase,
        Self::BorrowedPhase,
        Self::SinglePass,
        Self::Detail,
    ];

    /// Its name, for a person.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::OriginalPhase => "original phase",
            Self::GriffinLim => "Griffin-Lim",
            Self::SinglePass => "single-pass phases",
            Self::Model => "model",
            Self::Detail => "model with detail",
            Self::ZeroPhase => "zero phase",
            Self::BorrowedPhase => "borrowed phase",
        }
    }

    /// What is heard, and what it tells, for a person.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Original => "the recording as the model's settings load it: cut, resampled and padded",
            Self::OriginalPhase => {
                "its image brought back to sound with the original's own phase: what is lost here, the image cannot hold \
                 (what is below its floor, the Nyquist row; where rows are bands, everything finer than a band)"
            }
            Self::GriffinLim => {
                "the original's own magnitude with phases found by Griffin-Lim: what is lost here, finding phases costs"
            }
            Self::Model => {
                "the model's image of it with phases found by Griffin-Lim, as every sound of this program is made: what is \
                 lost here and not above, the model loses"
            }
            Self::ZeroPhase => {
                "the model's image straight into the inverse transform, every phase zero: it buzzes at the hop rate, and is \
                 here only to show why phases have to be found"
            }
            Self::BorrowedPhase => {
                "the model's image of it with the phase of another recording: how far a similar sound's phase carries"
            }
            Self::SinglePass => {
                "the original's own magnitude as above, but with phases that begin from sinusoids and chance instead of the \
                 magnitude's own gradient: what the better start is worth"
            }
            Self::Detail => {
                "the model's image of it as above, with the residuals of other recordings added, never its own: this is not the                  model's work, and no measure of the model holds it"
            }
        }
    }
}

impl Serialize for RungKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One way of hearing the recording.
#[derive(Clone, Debug)]
pub struct Rung {
    /// Which way.
    pub kind: RungKind,
    /// The sound, mono, at the settings' rate; as made, or after [`Ladder::level`] as loud as all others.
    pub clip: Clip,
    /// `norm(S - |STFT(y)|) / norm(S)` of the sound as made; S is the original's magnitude.
    pub spectral_convergence: f64,
    /// Mean over frames of the root mean square level difference over bins, in dB, of the sound as made; levels stand on the
    /// floor of the original's own image (`top_db` below its loudest value).
    pub log_spectral_distance: f64,
    /// Time it took to make, in milliseconds, the model's part included; 0 for the original.
    pub milliseconds: f64,
    /// The factor that [`Ladder::level`] has brought to the sound.
    pub gain: f64,
}

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
