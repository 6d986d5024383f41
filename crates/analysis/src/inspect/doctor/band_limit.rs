//! Recordings that hold nothing above a frequency: of a low rate, or from a low-pass filter, as lossy compression and
//! upsampling leave it.
//!
//! A filter shows as a cliff in the average power spectrum: bands full of sound, and a few bands further on nothing up to
//! the Nyquist frequency. Natural sounds get weaker towards high frequencies too, but along a slope, and pure tones have
//! emptiness on both sides; so a cliff must be much steeper than the slope that leads to it, and the bands before it must
//! all be filled. A filter is also there all the time, where a sweep only passes by: the cliff must be seen in a good part of
//! the frames.

use ndarray::{Array2, Axis};
use rustfft::num_complex::Complex32;

use timbrespace_signal::dsp::stft::{Framing, Stft};

/// Samples of a frame: fine enough for 64 bands of 8 bins.
const FRAME: usize = 1024;
/// Bins of a band, which are averaged so that the gaps between the harmonics of a voice do not look like cliffs.
const BINS_A_BAND: usize = 8;
/// Bands before a cliff that must be filled.
const BEFORE: usize = 6;
/// Bands that a filter may take to fall.
const FALL: usize = 2;
/// A cliff lies at least this many bands above zero: below that, a deep sound and a filtered one look the same.
const LOWEST: usize = 12;
/// Empty bands that must follow, or it is the filter of the recording's own converter.
const EMPTY: usize = 3;
/// How deep a cliff must be, beyond the slope that leads to it: a fall to a hundredth of the power within 3 % of the
/// spectrum is no instrument's.
const DEPTH_DB: f64 = 20.0;
/// What lies above a cliff is at least this much weaker than the strongest band: a vowel falls as steeply above its
/// formants, but leaves its breath there, which the image shows.
const NOTHING_DB: f64 = -60.0;
/// Levels this far below the strongest band count as nothing: the steps of 16 bits lie there.
const FLOOR_DB: f64 = -100.0;
/// Part of the audible frames in which the cliff must be seen: consonants and strokes fill the bands before it for a
/// fraction of the time, a sweep for a moment.
const LEAST_FRAMES: f64 = 0.2;
/// How deep the cliff must be in a single frame, whose bands are less even than their average.
const FRAME_DEPTH_DB: f64 = 10.0;
/// Frames this much weaker than the strongest hold the room's noise and say nothing.
const AUDIBLE_DB: f64 = -50.0;
/// Seconds that are looked at, at most: a filter does not change with time.
const LOOKED_AT_SECS: usize = 10;

/// Measures the highest frequency of recordings; keeps its transform and scratch between them.
pub struct BandLimit {
    stft: Stft,
    spectra: Array2<Complex32>,
}

impl Default for BandLimit {
    fn default() -> Self {
        Self { stft: Stft::new(FRAME, FRAME / 2, Framing::Inside), spectra: Array2::default((0, 0)) }
    }
}

impl BandLimit {
    /// The frequency in Hz above which `signal` holds nothing: that of a cliff, or half of its rate.
    pub fn of(&mut self, signal: &[f32], rate_hz: u32) -> f64 {
        let nyquist = f64::from(rate_hz) / 2.0;
        let part = signal.get(..LOOKED_AT_SECS * rate_hz as usize).unwrap_or(signal);
        let frames = self.band_powers(part);
        let levels = mean_levels(&frames);
        let lasting = cliff(&levels).filter(|&band| lasts(&frames, band));
        lasting.map_or(nyquist, |band| nyquist * band as f64 / levels.len() as f64)
    }

    /// Power of every band in every frame, `[frames, bands]`.
    fn band_powers(&mut self, signal: &[f32]) -> Array2<f64> {
        let bands = (self.stft.bins() - 1) / BINS_A_BAND;
        let mut powers = Array2::zeros((self.stft.frames(signal.len()), bands));
        self.stft.forward_into(signal, &mut self.spectra);
        for (mut powers, frame) in powers.rows_mut().into_iter().zip(self.spectra.rows()) {
            for (index, value) in frame.iter().enumerate() {
                if let Some(power) = powers.get_mut(index / BINS_A_BAND) {
                    *power += f64::from(value.norm_sqr());
                }
            }
        }
        powers
    }
}

/// Mean power of every band in dB re the strongest; empty for silence and for less than a frame.
fn mean_levels(frames: &Array2<f64>) -> Vec<f64> {
    let sums = frames.sum_axis(Axis(0));
    let strongest = sums.iter().copied().fold(0.0, f64::max);
    if strongest == 0.0 {
        return Vec::new();
    }
    sums.iter().map(|power| level_db(power / strongest)).collect()
}

fn level_db(power: f64) -> f64 {
    (10.0 * power.log10()).max(FLOOR_DB)
}

/// Whether the cliff at `band` is seen in enough of the audible frames.
fn lasts(frames: &Array2<f64>, band: usize) -> bool {
    let strongest = frames.rows().into_iter().map(|frame| frame.sum()).fold(0.0, f64::max);
    let audible = || frames.rows().into_iter().filter(|frame| level_db(frame.sum() / strongest) > AUDIBLE_DB);
    let steep = audible().filter(|frame| {
        let levels: Vec<f64> = frame.iter().map(|power| level_db(power / strongest)).collect();
        depth(&levels, band) >= FRAME_DEPTH_DB
    });
    steep.count() as f64 >= LEAST_FRAMES * audible().count() as f64
}

/// The band at which the deepest cliff begins.
fn cliff(levels: &[f64]) -> Option<usize> {
    let last = levels.len().checked_sub(FALL + EMPTY)?;
    let is_empty_above =
        |band: &usize| strongest(levels.get(band + FALL..).unwrap_or_default()) <= NOTHING_DB;
    let candidates =
        (LOWEST.max(BEFORE)..=last).filter(is_empty_above).map(|band| (band, depth(levels, band)));
    let (band, depth) = candidates.max_by(|one, other| one.1.total_cmp(&other.1))?;
    (depth >= DEPTH_DB).then_some(band)
}

fn strongest(levels: &[f64]) -> f64 {
    levels.iter().copied().fold(FLOOR_DB, f64::max)
}

/// How far the bands after `band` lie below the weakest of those before it, beyond the slope of these.
fn depth(levels: &[f64], band: usize) -> f64 {
    let (below, above) = levels.split_at(band);
    let below = below.get(band.saturating_sub(BEFORE)..).unwrap_or_default();
    let strongest_above = strongest(above.get(FALL..).unwrap_or_default());
    let weakest_below = below.iter().copied().fold(f64::INFINITY, f64::min);
    let (far, near) = below.split_at(below.len() / 2);
    let mean = |levels: &[f64]| levels.iter().sum::<f64>() / levels.len().max(1) as f64;
    let fall_a_band = (mean(far) - mean(near)).max(0.0) / near.len().max(1) as f64;
    weakest_below - strongest_above - fall_a_band * (FALL + 1) as f64
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

    use super::*;
    use timbrespace_signal::dsp::resample::Resampler;

    fn noise(len: usize) -> Vec<f32> {
        let mut random = StdRng::seed_from_u64(1);
        (0..len).map(|_| random.random_range(-0.3..0.3)).collect()
    }

    fn limit(signal: &[f32], rate_hz: u32) -> f64 {
        BandLimit::default().of(signal, rate_hz)
    }

    #[test]
    fn upsampled_noise_ends_where_its_own_rate_did() {
        let signal = Resampler::new(8000, 22_050).resample(&noise(8000));
        let found = limit(&signal, 22_050);
        assert!((3400.0..4300.0).contains(&found), "{found} Hz");
    }

    #[test]
    fn noise_reaches_the_top() {
        assert_eq!(limit(&noise(22_050), 22_050), 11_025.0);
    }

    #[test]
    fn tones_deep_sounds_and_gentle_slopes_have_no_cliff() {
        let tone = |hz: f32| -> Vec<f32> {
            (0..44_100).map(|n| 0.5 * (n as f32 * hz * std::f32::consts::TAU / 44_100.0).sin()).collect()
        };
        for hz in [60.0, 440.0, 3000.0, 6000.0] {
            assert_eq!(limit(&tone(hz), 44_100), 22_050.0, "{hz} Hz");
        }
        // A filter of first order, six decibels an octave, three times over.
        let mut soft = noise(44_100);
        for _ in 0..3 {
            let mut last = 0.0;
            for sample in &mut soft {
                last += 0.1 * (*sample - last);
                *sample = last;
            }
        }
        assert_eq!(limit(&soft, 44_100), 22_050.0);
    }

    #[test]
    fn a_vowel_with_breath_above_its_formants_has_no_cliff() {
        let mut voice = Resampler::new(4000, 22_050).resample(&noise(4000));
        for (sample, breath) in voice.iter_mut().zip(noise(22_050)) {
            *sample += 0.01 * breath;
        }
        assert_eq!(limit(&voice, 22_050), 11_025.0);
    }

    #[test]
    fn a_sweep_ends_somewhere_without_a_filter() {
        for top_hz in [3000.0_f32, 9000.0] {
            let sweep: Vec<f32> = (0..22_050)
                .map(|n| {
                    let time = n as f32 / 22_050.0;
                    0.5 * (std::f32::consts::PI * top_hz * time * time).sin()
                })
                .collect();
            assert_eq!(limit(&sweep, 22_050), 11_025.0, "up to {top_hz} Hz");
        }
    }

    #[test]
    fn silence_and_snippets_have_no_cliff() {
        assert_eq!(limit(&[0.0; 4000], 8000), 4000.0);
        assert_eq!(limit(&noise(100), 8000), 4000.0);
        assert_eq!(limit(&[], 8000), 4000.0);
    }
}
