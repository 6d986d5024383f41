//! Recordings without sound in the part that the image shows.

use super::evidence::Evidence;
use crate::inspect::level;

/// A peak below this is silence: 60 dB under full scale is as faint as the noise of a quiet room in a recording, and 30 dB
/// above the steps of 16 bits, so that dither does not hide it.
pub const SILENT_PEAK_DB: f64 = -60.0;

/// Judges `signal`, of which the image shows the first `used` samples.
pub fn find(signal: &[f32], used: usize, rate_hz: u32) -> Option<Evidence> {
    let (shown, rest) = signal.split_at(used.min(signal.len()));
    let peak_db = level::peak_db(shown);
    if peak_db.is_some_and(|peak| peak >= SILENT_PEAK_DB) {
        return None;
    }
    let rate = f64::from(rate_hz.max(1));
    let threshold = level::amplitude(SILENT_PEAK_DB) as f32;
    let begin = rest.iter().position(|sample| sample.abs() >= threshold);
    Some(Evidence::Silent {
        peak_db,
        used_secs: shown.len() as f64 / rate,
        sound_at_secs: begin.map(|index| (shown.len() + index) as f64 / rate),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_and_faint_hum_are_silent() {
        let zeros = find(&[0.0; 1000], 1000, 1000);
        assert_eq!(zeros, Some(Evidence::Silent { peak_db: None, used_secs: 1.0, sound_at_secs: None }));
        let hum: Vec<f32> = (0..1000).map(|n| 0.0005 * (n as f32 * 0.3).sin()).collect();
        let Some(Evidence::Silent { peak_db: Some(peak), .. }) = find(&hum, 1000, 1000) else {
            panic!("not silent")
        };
        assert!((peak + 66.0).abs() < 0.1, "{peak}");
    }

    #[test]
    fn sound_after_the_image_is_told() {
        let mut signal = vec![0.0; 2000];
        signal[1500] = 0.5;
        let found = find(&signal, 1000, 1000);
        assert_eq!(found, Some(Evidence::Silent { peak_db: None, used_secs: 1.0, sound_at_secs: Some(1.5) }));
        assert_eq!(find(&signal, 1501, 1000), None);
    }

    #[test]
    fn a_quiet_recording_is_healthy() {
        let quiet: Vec<f32> = (0..1000).map(|n| 0.01 * (n as f32 * 0.3).sin()).collect();
        assert_eq!(find(&quiet, 1000, 1000), None);
    }
}
