//! How a frequency axis is spaced.

use serde::{Deserialize, Serialize};

use super::mel::{hz_from_mel, mel_from_hz};

/// The lowest frequency that a logarithmic axis shows where nothing else says so, in Hz: the threshold of hearing lies above it.
pub const LOWEST_HZ: f64 = 10.0;

/// The spacing of a frequency axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrequencyScale {
    /// Equal distances for equal Hz.
    #[default]
    Linear,
    /// Equal distances for equal ratios, such as octaves.
    Log,
    /// Equal distances for equal steps of heard pitch (Slaney's mel, as librosa's).
    Mel,
}

impl FrequencyScale {
    /// Every scale, in the order of a menu.
    pub const ALL: [Self; 3] = [Self::Linear, Self::Log, Self::Mel];

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "Linear",
            Self::Log => "Log",
            Self::Mel => "Mel",
        }
    }

    /// Where `hz` lies on a drawn axis: in Hz, octaves above 1 Hz, or mel. A logarithmic axis begins at [`LOWEST_HZ`].
    pub fn position(self, hz: f64) -> f64 {
        self.position_above(hz, LOWEST_HZ)
    }

    /// As [`Self::position`], for a logarithmic axis that begins at `least_hz`.
    pub fn position_above(self, hz: f64, least_hz: f64) -> f64 {
        match self {
            Self::Linear => hz,
            Self::Log => hz.max(least_hz).log2(),
            Self::Mel => mel_from_hz(hz.max(0.0)),
        }
    }

    /// The frequency at `position`, in Hz.
    pub fn hz(self, position: f64) -> f64 {
        match self {
            Self::Linear => position,
            Self::Log => position.exp2(),
            Self::Mel => hz_from_mel(position),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_leads_back_to_its_frequency() {
        for scale in FrequencyScale::ALL {
            for hz in [12.0, 440.0, 999.0, 1001.0, 11_025.0] {
                assert!((scale.hz(scale.position(hz)) - hz).abs() < 1e-6 * hz, "{} {hz}", scale.name());
            }
        }
    }

    #[test]
    fn octaves_are_equally_far_apart_on_the_logarithmic_axis_alone() {
        let step = |scale: FrequencyScale, hz: f64| scale.position(2.0 * hz) - scale.position(hz);
        assert!((step(FrequencyScale::Log, 100.0) - step(FrequencyScale::Log, 5000.0)).abs() < 1e-9);
        assert!(step(FrequencyScale::Linear, 100.0) < step(FrequencyScale::Linear, 5000.0));
        // librosa.hz_to_mel([1000, 2000]) is 15 and 25.08.
        assert!((step(FrequencyScale::Mel, 1000.0) - 10.081_881).abs() < 1e-5);
    }
}
