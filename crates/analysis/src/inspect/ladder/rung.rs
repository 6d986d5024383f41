//! One rung: a way of hearing a recording.

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
                "the model's image of it as above, with the residuals of other recordings added, never its own: this is not the model's work, and no measure of the model holds it"
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
    /// The sound, mono, at the settings' rate; as made, or after [`Ladder::level`](super::Ladder::level) as loud as all others.
    pub clip: Clip,
    /// `norm(S - |STFT(y)|) / norm(S)` of the sound as made; S is the original's magnitude.
    pub spectral_convergence: f64,
    /// Mean over frames of the root mean square level difference over bins, in dB, of the sound as made; levels stand on the
    /// floor of the original's own image (`top_db` below its loudest value).
    pub log_spectral_distance: f64,
    /// Time it took to make, in milliseconds, the model's part included; 0 for the original.
    pub milliseconds: f64,
    /// The factor that [`Ladder::level`](super::Ladder::level) has brought to the sound.
    pub gain: f64,
}
