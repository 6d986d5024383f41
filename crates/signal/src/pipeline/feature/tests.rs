//! What holds for every feature.

use ndarray::Array2;

use super::*;
use crate::{
    audio::clip::Clip,
    pipeline::{
        config::{ClipDuration, PreprocessingConfig},
        preprocessing::PreprocessingPipeline,
        sound_generator::SoundGenerator,
    },
};

#[test]
fn a_feature_is_stored_by_its_name() {
    for feature in Feature::ALL {
        let text = serde_json::to_string(&feature).unwrap();
        assert_eq!(text, format!("\"{}\"", feature.name()));
        assert_eq!(serde_json::from_str::<Feature>(&text).unwrap(), feature);
    }
    let error = serde_json::from_str::<Feature>("\"loudness\"").unwrap_err().to_string();
    for part in ["`loudness`", "`log-spectrogram`", "`log-mel`", "`log-frequency`"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert_eq!(serde_json::from_str::<PreprocessingConfig>("{}").unwrap().feature, LOG_SPECTROGRAM);
}

#[test]
fn the_defaults_of_every_feature_are_its_own_and_valid() {
    for feature in Feature::ALL {
        let config = feature.defaults();
        assert_eq!(config.feature, feature);
        config.validate().unwrap();
        let (frame_size, hop_length) = feature.fine();
        PreprocessingConfig { frame_size, hop_length, ..config.clone() }.validate().unwrap();
        let axis = feature.axis(&config);
        assert!(axis.hz(config.bins() as f64 - 1.0) <= feature.highest_hz(&config), "{feature:?}");
        assert!(feature.highest_hz(&config) <= f64::from(config.sample_rate_hz) / 2.0, "{feature:?}");
        let has_filters = feature.words().filters.is_some();
        assert_eq!(feature.triangles(&config).map(|of| of.len()), has_filters.then_some(config.bins()));
    }
}

#[test]
fn settings_follow_a_lower_sample_rate() {
    for feature in Feature::ALL {
        let mut config = PreprocessingConfig { sample_rate_hz: 8000, ..feature.defaults() };
        config.fit_to_rate();
        config.validate().unwrap();
        assert!(config.feature.highest_hz(&config) <= 4000.0, "{feature:?}");
    }
}

#[test]
fn own_settings_are_fields_of_the_configuration() {
    let fields = serde_json::to_value(PreprocessingConfig::default()).unwrap();
    for feature in Feature::ALL {
        for (name, _) in feature.own_settings(&feature.defaults()) {
            assert!(fields.get(name).is_some(), "{feature:?}: {name}");
        }
    }
}

#[test]
fn log_frequency_ends_at_the_nyquist_frequency() {
    let config = LOG_FREQUENCY.defaults();
    let message = |change: fn(&mut PreprocessingConfig)| {
        let mut config = config.clone();
        change(&mut config);
        config.validate().unwrap_err().to_string()
    };
    assert_eq!(message(|c| c.log_bands = 203), "--bands is 203, but must be from 1 to 202");
    assert_eq!(message(|c| c.bands_per_octave = 0), "--bands-per-octave is 0, but must be from 1 to 96");
    assert_eq!(
        message(|c| c.log_min_hz = 11_026.0),
        "--lowest-band is 11026, but must be at most half of --sample-rate (11025 Hz)"
    );
    assert!(message(|c| c.log_min_hz = f32::NAN).starts_with("--lowest-band"));
}

#[test]
fn settings_outside_their_limits_are_refused_before_anything_is_built() {
    for feature in Feature::ALL {
        let config = PreprocessingConfig { frame_size: 0, ..feature.defaults() };
        assert!(SoundGenerator::new(&config).is_err(), "{}", feature.name());
        assert!(PreprocessingPipeline::from_config(&config).is_err(), "{}", feature.name());
    }
}

/// Values of the features' own settings that no feature can work with.
const SENSELESS: [fn(&mut PreprocessingConfig); 4] = [
    |config| (config.mel_bands, config.log_bands, config.bands_per_octave) = (0, 0, 0),
    |config| {
        (config.mel_bands, config.log_bands, config.bands_per_octave) = (usize::MAX, usize::MAX, usize::MAX);
    },
    |config| (config.mel_max_hz, config.log_min_hz, config.top_db) = (f32::NAN, f32::NAN, f32::NAN),
    |config| (config.mel_max_hz, config.log_min_hz, config.top_db) = (-1.0, -1.0, -1.0),
];

#[test]
fn settings_of_a_feature_are_checked_when_it_is_chosen_and_not_before() {
    for feature in Feature::ALL {
        let own: Vec<_> =
            feature.own_settings(&feature.defaults()).into_iter().map(|(name, _)| name).collect();
        for (case, senseless) in SENSELESS.iter().enumerate() {
            let mut config = feature.defaults();
            senseless(&mut config);
            // What another feature alone reads may be anything.
            let mut others = config.clone();
            let keep = feature.defaults();
            if own.contains(&"mel_bands") {
                (others.mel_bands, others.mel_max_hz) = (keep.mel_bands, keep.mel_max_hz);
            }
            if own.contains(&"log_bands") {
                (others.log_bands, others.bands_per_octave) = (keep.log_bands, keep.bands_per_octave);
                others.log_min_hz = keep.log_min_hz;
            }
            if own.contains(&"top_db") {
                others.top_db = keep.top_db;
            }
            others.validate().unwrap();
            let built = PreprocessingPipeline::from_config(&others).unwrap();
            assert_eq!(built.config().image_shape(), keep.image_shape(), "{feature:?} {case}");
            // Its own are refused, by name, and nothing panics that a form asks before they are.
            let reads_any = case > 1 || feature != LOG_SPECTROGRAM;
            let refused = config.validate().err().map(|misfit| misfit.setting.name);
            let is_own = refused.is_some_and(|name| own.contains(&name));
            // Neither numbers of bands nor frequencies are read by the log spectrogram, but its range is.
            assert_eq!(is_own, reads_any, "{feature:?} {case}: {refused:?}");
            let mut fitted = config.clone();
            fitted.fit_to_rate();
            let axis = feature.axis(&config);
            let _: (usize, f64) = (config.bins(), axis.hz(0.0) + axis.row(440.0));
        }
    }
}

#[test]
fn a_bin_that_is_alone_in_its_row_stands_higher_by_the_headroom_at_most() {
    for feature in Feature::ALL {
        let config = feature.defaults();
        let rate = config.sample_rate_hz;
        let hz = feature.axis(&config).hz(config.bins() as f64 - 1.0).min(f64::from(rate) * 0.45) as f32;
        let tone = (0..rate).map(|n| (std::f32::consts::TAU * hz * n as f32 / rate as f32).sin() * 0.5);
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        let stages = pipeline.stages_of_clip(&Clip::mono(tone.collect(), rate)).unwrap();
        let column = stages.feature.ncols() / 2;
        let loudest =
            |image: &Array2<f32>| image.column(column).iter().copied().max_by(f32::total_cmp).unwrap();
        let row_db = loudest(&stages.feature) * feature.unit().decibels();
        let bin_db = 20.0 * loudest(&stages.magnitude).log10();
        let headroom_db = feature.headroom_db(&config);
        // A Hann window spreads the tone over three bins, so that its row holds twice the loudest one.
        let standing = bin_db - row_db;
        assert!(
            standing <= headroom_db + 0.1 && standing > headroom_db - 9.0,
            "{feature:?}: {standing} of {headroom_db}"
        );
    }
}

/// A chord, at the settings' rate.
fn chord(config: &PreprocessingConfig) -> Clip {
    let rate = config.sample_rate_hz;
    let tone = |hz: f32, n: u32| (std::f32::consts::TAU * hz * n as f32 / rate as f32).sin();
    let sample = |n| 0.2 * (tone(220.0, n) + tone(277.18, n) + tone(1318.5, n));
    Clip::mono((0..rate / 2).map(sample).collect(), rate)
}

#[test]
fn a_tone_is_loudest_in_its_own_row() {
    for feature in Feature::ALL {
        let config = feature.defaults();
        let rate = config.sample_rate_hz;
        let tone = (0..rate).map(|n| (std::f32::consts::TAU * 1000.0 * n as f32 / rate as f32).sin() * 0.5);
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        let stages = pipeline.stages_of_clip(&Clip::mono(tone.collect(), rate)).unwrap();
        let middle = stages.feature.column(stages.feature.ncols() / 2);
        let loudest = (0..middle.len()).max_by(|&a, &b| middle[a].total_cmp(&middle[b])).unwrap();
        let row = feature.axis(&config).row(1000.0);
        assert!((loudest as f64 - row).abs() <= 1.0, "{feature:?}: {loudest}, not {row}");
    }
}

#[test]
fn an_image_of_any_feature_sounds_like_its_sound() {
    for feature in Feature::ALL {
        let config = feature.defaults();
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        let stages = pipeline.stages_of_clip(&chord(&config)).unwrap();
        let mut generator = SoundGenerator::new(&config).unwrap();
        let sound = generator.generate(&stages.normalised, stages.min_max, 32, 1);
        assert_eq!(Some(sound.clip.len()), config.padded_len());
        let again = pipeline.stages_of_clip(&sound.clip).unwrap();
        let difference = (&again.normalised - &stages.normalised).mapv(f32::abs).mean().unwrap();
        println!("{feature:?}: {difference}");
        assert!(difference < 0.1, "{feature:?}: {difference}");
    }
}

#[test]
fn silence_and_the_shortest_sounds_give_numbers() {
    for feature in Feature::ALL {
        let config = PreprocessingConfig { duration: ClipDuration::Full, ..feature.defaults() };
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        for samples in [vec![0.5], vec![0.0; 3000]] {
            let stages = pipeline.stages_of_clip(&Clip::mono(samples, config.sample_rate_hz)).unwrap();
            assert!(stages.feature.iter().chain(&stages.normalised).all(|value| value.is_finite()));
            let mut generator = SoundGenerator::new(&config).unwrap();
            let sound = generator.generate(&stages.normalised, stages.min_max, 4, 0);
            assert!(sound.clip.channels()[0].iter().all(|sample| sample.is_finite()), "{feature:?}");
        }
    }
}
