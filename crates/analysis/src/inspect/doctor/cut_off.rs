//! Sound that lies after the image's end.

use super::evidence::Evidence;
use crate::inspect::level;

/// Length of the parts that are judged as sound or silence, in seconds: as short as a syllable's onset.
const PART_SECS: f64 = 0.01;
/// A part this much below the recording's loudest is silence or reverberation: at a third of a word's loudness steps in
/// speech (30 dB), what follows is not missed.
const BELOW_LOUDEST_DB: f64 = -30.0;
/// Less sound than this is a matter of rounding or a click of the editor.
const LEAST_SECS: f64 = 0.02;

/// Judges `signal`, of which the image shows the first `used` samples.
pub fn find(signal: &[f32], used: usize, rate_hz: u32) -> Option<Evidence> {
    let rate = f64::from(rate_hz.max(1));
    let (shown, rest) = signal.split_at(used.min(signal.len()));
    if rest.is_empty() {
        return None;
    }
    let part = ((PART_SECS * rate) as usize).max(1);
    let power = |part: &[f32]| level::energy(part) / part.len() as f64;
    let loudest = shown.chunks(part).chain(rest.chunks(part)).map(power).fold(0.0, f64::max);
    let threshold = loudest * level::amplitude(BELOW_LOUDEST_DB).powi(2);
    if loudest == 0.0 {
        return None;
    }
    let lost: usize = rest.chunks(part).filter(|part| power(part) >= threshold).map(<[f32]>::len).sum();
    let lost_secs = lost as f64 / rate;
    (lost_secs >= LEAST_SECS).then(|| Evidence::LostSound {
        lost_secs,
        energy: level::energy(rest) / level::energy(signal),
        image_secs: shown.len() as f64 / rate,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(len: usize) -> Vec<f32> {
        (0..len).map(|n| 0.3 * (n as f32 * 0.3).sin()).collect()
    }

    #[test]
    fn sound_beyond_the_image_is_measured() {
        let Some(Evidence::LostSound { lost_secs, energy, image_secs }) = find(&tone(8000), 6000, 8000)
        else {
            panic!("not found")
        };
        assert_eq!((lost_secs, image_secs), (0.25, 0.75));
        assert!((energy - 0.25).abs() < 0.01, "{energy}");
    }

    #[test]
    fn silence_and_faint_reverberation_are_not_missed() {
        let mut signal = tone(6000);
        signal.extend(tone(2000).iter().map(|sample| 0.01 * sample));
        signal.resize(12_000, 0.0);
        assert_eq!(find(&signal, 6000, 8000), None);
        assert_eq!(find(&tone(6000), 6000, 8000), None);
        assert_eq!(find(&[0.0; 100], 10, 8000), None);
    }
}
