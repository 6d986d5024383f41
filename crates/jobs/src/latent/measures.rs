//! What a map can show of a recording beside its class: how loud and how bright it is.

use timbrespace_analysis::inspect::level;
use timbrespace_signal::pipeline::stages::Stages;

/// Measures of one recording.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// RMS level of the loaded signal in dB re full scale 1; `None` where all is zero.
    pub level_db: Option<f32>,
    /// Spectral centroid of all frames together in Hz: the mean frequency, weighted with the magnitude of the STFT; `None`
    /// where all is zero.
    pub brightness_hz: Option<f32>,
}

impl Measures {
    /// Measures a recording by its stages.
    pub fn of(stages: &Stages) -> Self {
        let level_db = level::rms_db(&stages.signal).map(|level| level as f32);
        let bins = stages.magnitude.nrows().max(1);
        let hz_per_bin = f64::from(stages.sample_rate_hz) / 2.0 / bins as f64;
        let (mut weighted, mut all) = (0.0_f64, 0.0_f64);
        for (bin, row) in stages.magnitude.outer_iter().enumerate() {
            let magnitude: f64 = row.iter().map(|&magnitude| f64::from(magnitude)).sum();
            weighted += bin as f64 * hz_per_bin * magnitude;
            all += magnitude;
        }
        Self { level_db, brightness_hz: (all > 0.0).then(|| (weighted / all) as f32) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use timbrespace_signal::{
        audio::clip::Clip,
        pipeline::{config::PreprocessingConfig, preprocessing::PreprocessingPipeline},
    };

    fn measured(sound: impl Fn(f32) -> f32) -> Measures {
        let pipeline = PreprocessingPipeline::from_config(&PreprocessingConfig::default()).unwrap();
        let samples = (0..22_050).map(|index| sound(index as f32 / 22_050.0)).collect();
        Measures::of(&pipeline.stages_of_clip(&Clip::mono(samples, 22_050)).unwrap())
    }

    #[test]
    fn a_sine_is_as_bright_as_its_frequency_and_silence_is_nothing() {
        let sine = measured(|secs| 0.5 * (std::f32::consts::TAU * 3000.0 * secs).sin());
        // The window's side lobes and both ends of the sound add a little above and below.
        assert!((sine.brightness_hz.unwrap() - 3000.0).abs() < 150.0, "{sine:?}");
        assert!((sine.level_db.unwrap() + 9.03).abs() < 0.05, "{sine:?}");
        assert_eq!(measured(|_| 0.0), Measures::default());
    }
}
