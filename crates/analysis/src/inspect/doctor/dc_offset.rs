//! Waveforms that do not swing around zero.
//!
//! A mean alone proves little: a short, low or lopsided sound has one too. An offset of the recording equipment is there
//! all the time, so the recording is cut into parts and the middle one of their means is taken.

use super::evidence::Evidence;

/// Parts whose means are compared.
const PARTS: usize = 8;
/// Parts whose mean must have the same sign.
const SAME_SIGN: usize = 7;
/// An offset below this is nothing: a few steps of 16 bits, as any converter has.
const LEAST_MEAN: f64 = 0.001;
/// Least offset relative to the sound's own RMS: below 5 % (−26 dB) the lowest rows of the image hardly show it.
const LEAST_OF_SOUND: f64 = 0.05;

/// Judges `signal`.
pub fn find(signal: &[f32]) -> Option<Evidence> {
    let mean = offset(signal)?;
    let about: f64 =
        signal.iter().map(|&sample| (f64::from(sample) - mean).powi(2)).sum::<f64>() / signal.len() as f64;
    (mean.abs() >= LEAST_MEAN && mean.abs() >= LEAST_OF_SOUND * about.sqrt())
        .then_some(Evidence::DcOffset { mean })
}

/// The middle one of the means of the parts, where nearly all have its sign.
fn offset(signal: &[f32]) -> Option<f64> {
    let len = signal.len().div_ceil(PARTS).max(1);
    let mut means: Vec<f64> = signal
        .chunks(len)
        .map(|part| part.iter().map(|&sample| f64::from(sample)).sum::<f64>() / part.len() as f64)
        .collect();
    if means.len() < PARTS {
        return None;
    }
    means.sort_by(f64::total_cmp);
    let middle = *means.get(PARTS / 2)?;
    let same = means.iter().filter(|mean| mean.signum() == middle.signum()).count();
    (same >= SAME_SIGN).then_some(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(offset: f32) -> Vec<f32> {
        (0..22_050).map(|n| offset + 0.2 * (n as f32 * 0.05).sin()).collect()
    }

    #[test]
    fn an_offset_under_a_tone_is_found_with_its_sign() {
        for offset in [0.05, -0.02] {
            let Some(Evidence::DcOffset { mean }) = find(&tone(offset)) else {
                panic!("{offset}: not found")
            };
            assert!((mean - f64::from(offset)).abs() < 2e-3, "{mean}");
        }
    }

    #[test]
    fn a_tone_and_a_lopsided_stroke_are_healthy() {
        assert_eq!(find(&tone(0.0)), None);
        // A pulse that dies away has a mean, but only where it is.
        let stroke: Vec<f32> = (0..22_050).map(|n| (-(n as f32) / 800.0).exp()).collect();
        assert_eq!(find(&stroke), None);
        assert_eq!(find(&[0.0; 100]), None);
        assert_eq!(find(&[0.1; 3]), None);
    }
}
