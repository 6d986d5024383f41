//! The spectrum of one frame and its peaks.

use timbrespace_signal::dsp::decibel::db_from_amplitude;

/// The spectrum of one frame: magnitudes of equally spaced frequencies from 0, in dB re 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// Levels in dB re 1, one a bin.
    pub levels_db: Vec<f32>,
    /// Distance of two bins in Hz.
    pub hz_per_bin: f64,
}

/// A local maximum, refined between bins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Its frequency in Hz.
    pub hz: f64,
    /// Its level in dB re 1.
    pub db: f64,
}

impl Spectrum {
    /// The spectrum of one column of magnitudes.
    pub fn new(magnitudes: impl IntoIterator<Item = f32>, hz_per_bin: f64) -> Self {
        Self { levels_db: magnitudes.into_iter().map(db_from_amplitude).collect(), hz_per_bin }
    }

    /// The strongest peak; `None` where no bin stands above its neighbours.
    pub fn strongest(&self) -> Option<Peak> {
        self.peaks()
            .max_by(|a, b| self.levels_db[*a].total_cmp(&self.levels_db[*b]))
            .map(|bin| self.refined(bin))
    }

    /// The strongest peak between two frequencies.
    pub fn strongest_between(&self, low_hz: f64, high_hz: f64) -> Option<Peak> {
        let inside = self.peaks().filter(|&bin| (low_hz..=high_hz).contains(&(bin as f64 * self.hz_per_bin)));
        inside.max_by(|a, b| self.levels_db[*a].total_cmp(&self.levels_db[*b])).map(|bin| self.refined(bin))
    }

    /// Bins above their neighbours; the first and the last have one.
    fn peaks(&self) -> impl Iterator<Item = usize> {
        let levels = &self.levels_db;
        let last = levels.len().saturating_sub(1);
        let first = levels.first().zip(levels.get(1)).is_some_and(|(a, b)| a > b).then_some(0);
        let end =
            last.checked_sub(1).and_then(|before| (levels.get(last) > levels.get(before)).then_some(last));
        let inside = levels.array_windows().enumerate().filter(|(_, [a, b, c])| b > a && b >= c);
        first.into_iter().chain(inside.map(|(bin, _)| bin + 1)).chain(end)
    }

    /// The top of the parabola through a bin and its neighbours (J. O. Smith, "Spectral Audio Signal Processing", quadratic
    /// interpolation of spectral peaks, on levels in dB).
    /// One without a neighbour on each side stays as it is.
    fn refined(&self, bin: usize) -> Peak {
        let at = |bin: usize| self.levels_db.get(bin).copied().map(f64::from);
        let middle = at(bin).unwrap_or_default();
        let (Some(left), Some(right)) = (bin.checked_sub(1).and_then(at), at(bin + 1)) else {
            return Peak { hz: bin as f64 * self.hz_per_bin, db: middle };
        };
        let curvature = left - 2.0 * middle + right;
        let shift = if curvature < 0.0 { 0.5 * (left - right) / curvature } else { 0.0 };
        let db = middle - 0.25 * (left - right) * shift;
        Peak { hz: (bin as f64 + shift) * self.hz_per_bin, db }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_signal::dsp::stft::{Framing, Stft};

    fn tones(parts: &[(f64, f64)]) -> Spectrum {
        let rate = 22_050.0;
        let samples: Vec<f32> = (0..2048)
            .map(|n| {
                let turns = |hz: f64| (f64::from(n) / rate * hz * std::f64::consts::TAU).sin();
                parts.iter().map(|&(hz, level)| level * turns(hz)).sum::<f64>() as f32
            })
            .collect();
        let stft = Stft::new(512, 256, Framing::Centred).forward(&samples);
        Spectrum::new(stft.column(4).iter().map(|value| value.norm()), rate / 512.0)
    }

    #[test]
    fn a_tone_between_bins_is_found_within_a_hundredth_of_its_pitch_and_level() {
        let peak = tones(&[(1010.0, 0.5)]).strongest().unwrap();
        assert!((peak.hz - 1010.0).abs() < 3.0, "{peak:?}");
        // A sine of amplitude a has the magnitude a/2 times the sum of the window, 256.
        let expected = 20.0 * (0.5_f64 * 128.0).log10();
        assert!((peak.db - expected).abs() < 0.3, "{peak:?}, {expected}");
    }

    #[test]
    fn the_peak_of_a_range_is_not_the_strongest_of_all() {
        let spectrum = tones(&[(1000.0, 0.5), (4000.0, 0.1)]);
        assert!((spectrum.strongest().unwrap().hz - 1000.0).abs() < 10.0);
        assert!((spectrum.strongest_between(3500.0, 4500.0).unwrap().hz - 4000.0).abs() < 10.0);
        assert_eq!(spectrum.strongest_between(20_000.0, 21_000.0), None);
    }

    #[test]
    fn the_first_and_the_last_bin_can_be_the_strongest() {
        let falling = Spectrum::new([10.0, 1.0, 0.1, 0.2, 0.1], 100.0);
        assert_eq!(falling.strongest(), Some(Peak { hz: 0.0, db: 20.0 }));
        assert_eq!(falling.strongest_between(0.0, 400.0), Some(Peak { hz: 0.0, db: 20.0 }));
        assert!((falling.strongest_between(50.0, 400.0).unwrap().hz - 300.0).abs() < 50.0);
        assert_eq!(Spectrum::new([0.1, 1.0, 10.0], 100.0).strongest(), Some(Peak { hz: 200.0, db: 20.0 }));
    }

    #[test]
    fn silence_has_no_peak() {
        assert_eq!(Spectrum::new([0.0; 257], 43.0).strongest(), None);
        assert_eq!(Spectrum::new([], 43.0).strongest(), None);
    }
}
