//! Sample rate conversion beside librosa's default, `soxr_hq`, on white noise: every frequency counts alike.

use timbrespace::dsp::resample::Resampler;

use super::vectors::{self, Vectors};

/// Largest RMS of the difference, as a part of the noise's own. Below the transition band the filters agree within rounding; 5 % of the
/// lower rate's band are in it.
const MOST_DIFFERENCE: f64 = 1e-3;

fn rms(values: impl ExactSizeIterator<Item = f32>) -> f64 {
    let len = values.len() as f64;
    (values.map(|value| f64::from(value).powi(2)).sum::<f64>() / len).sqrt()
}

#[test]
fn white_noise_is_resampled_as_by_soxr() {
    let folder = Vectors::own().root.join("resample");
    for (from_hz, to_hz) in [(8000, 22_050), (44_100, 22_050), (44_100, 48_000)] {
        let noise = vectors::signal(&folder, &from_hz.to_string());
        let expected = vectors::signal(&folder, &format!("{from_hz}_{to_hz}"));
        let found = Resampler::new(from_hz, to_hz).resample(&noise);
        assert_eq!(found.len(), expected.len());
        // Where the filter lies on the noise alone
        let edge = 100 * to_hz as usize / from_hz.min(to_hz) as usize + 1;
        let inside = edge..found.len() - edge;
        let (found, expected) = (&found[inside.clone()], &expected[inside]);
        let difference = rms(found.iter().zip(expected).map(|(a, b)| a - b)) / rms(expected.iter().copied());
        println!("{from_hz} to {to_hz} Hz: {difference:.1e} of the noise");
        assert!(difference < MOST_DIFFERENCE, "{from_hz} to {to_hz} Hz: {difference}");
    }
}
