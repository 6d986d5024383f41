//! Several sounds made equally loud without changing how loud one is against another.

use std::ops::Range;

use super::rung::Rung;
use crate::inspect::level::energy;
use timbrespace_signal::{audio::clip::Clip, pipeline::sound_generator::PEAK_LIMIT};

/// Scales every rung to the first one's root mean square over `own`, then all by one factor to a peak of at most 0.99.
pub(super) fn equally_loud(rungs: &mut [Rung], own: &Range<usize>) {
    let Some(wanted) = rungs.first().map(|rung| own_energy(&rung.clip, own)) else { return };
    for rung in rungs.iter_mut() {
        let energy = own_energy(&rung.clip, own);
        // A ratio of energies over the same samples is the square of that of root mean squares.
        let gain = if wanted > 0.0 && energy > 0.0 { (wanted / energy).sqrt() } else { 1.0 };
        scale(rung, gain);
    }
    let peak = rungs.iter().map(|rung| peak(&rung.clip)).fold(0.0, f64::max);
    if peak > f64::from(PEAK_LIMIT) {
        for rung in rungs {
            scale(rung, f64::from(PEAK_LIMIT) / peak);
        }
    }
}

fn scale(rung: &mut Rung, gain: f64) {
    let rate = rung.clip.sample_rate_hz();
    let silent = Clip::mono(Vec::new(), rate);
    let mut channels = std::mem::replace(&mut rung.clip, silent).into_channels();
    for sample in channels.iter_mut().flatten() {
        *sample = (f64::from(*sample) * gain) as f32;
    }
    rung.clip = Clip::from_channels(channels, rate);
    rung.gain *= gain;
}

fn own_energy(clip: &Clip, own: &Range<usize>) -> f64 {
    let end = own.end.min(clip.len());
    clip.channels()
        .iter()
        .map(|samples| energy(samples.get(own.start.min(end)..end).unwrap_or_default()))
        .sum()
}

fn peak(clip: &Clip) -> f64 {
    f64::from(clip.channels().iter().flatten().fold(0.0_f32, |peak, sample| peak.max(sample.abs())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::ladder::RungKind;

    fn rung(samples: Vec<f32>) -> Rung {
        Rung {
            kind: RungKind::Original,
            clip: Clip::mono(samples, 8000),
            spectral_convergence: 0.0,
            log_spectral_distance: 0.0,
            milliseconds: 0.0,
            gain: 1.0,
        }
    }

    fn samples(rung: &Rung) -> &[f32] {
        &rung.clip.channels()[0]
    }

    #[test]
    fn loudness_counts_over_the_signals_own_part_only() {
        // The second is half as loud there, and loud where the first has padding.
        let mut rungs = [rung(vec![0.2, -0.2, 0.0, 0.0]), rung(vec![0.1, -0.1, 0.3, 0.3])];
        equally_loud(&mut rungs, &(0..2));
        assert_eq!(samples(&rungs[0]), [0.2, -0.2, 0.0, 0.0]);
        assert_eq!(samples(&rungs[1]), [0.2, -0.2, 0.6, 0.6]);
        assert!((rungs[1].gain - 2.0).abs() < 1e-6);
    }

    #[test]
    fn one_high_peak_makes_all_quieter_alike() {
        let mut rungs = [rung(vec![0.5; 100]), rung([vec![1.0], vec![0.0; 99]].concat())];
        equally_loud(&mut rungs, &(0..100));
        // The click's peak would be 5.
        assert!((samples(&rungs[1])[0] - 0.99).abs() < 1e-6);
        assert!((samples(&rungs[0])[7] - 0.5 * 0.99 / 5.0).abs() < 1e-6);
    }

    #[test]
    fn silence_stays_silent_and_scales_nothing_to_infinity() {
        let mut rungs = [rung(vec![0.0; 4]), rung(vec![0.1; 4]), rung(Vec::new())];
        equally_loud(&mut rungs, &(1..9));
        assert_eq!(samples(&rungs[1]), [0.1; 4]);
        assert_eq!((samples(&rungs[0]), rungs[2].gain), (&[0.0; 4][..], 1.0));
    }
}
