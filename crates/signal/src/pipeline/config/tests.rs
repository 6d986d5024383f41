use timbrespace_base::setting::Named;

use super::*;

#[test]
fn both_presets_are_valid_and_have_the_documented_images() {
    let spectrogram = PreprocessingConfig::default();
    spectrogram.validate().unwrap();
    assert_eq!(spectrogram.padded_len(), Some(16_317));
    assert_eq!(spectrogram.image_shape(), Some((256, 64)));
    let mel = PreprocessingConfig::log_mel();
    mel.validate().unwrap();
    assert_eq!(mel.image_shape(), Some((80, 127)));
}

#[test]
fn a_wrong_setting_is_named_with_both_values() {
    let message = |change: fn(&mut PreprocessingConfig)| {
        let mut config = PreprocessingConfig::default();
        change(&mut config);
        config.validate().unwrap_err().to_string()
    };
    assert_eq!(message(|c| c.hop_length = 0), "--hop-length is 0, but must be from 1 to 65536 samples");
    assert_eq!(
        message(|c| c.hop_length = 513),
        "--hop-length is 513, but must be at most --frame-size (512)"
    );
    assert!(message(|c| c.frame_size = 511).contains("even"));
    assert!(message(|c| c.sample_rate_hz = 0).starts_with("--sample-rate"));
    assert!(message(|c| c.duration = ClipDuration::Seconds(f64::NAN)).starts_with("--duration"));
    assert!(message(|c| c.range_max = c.range_min).contains("larger than --min"));
    assert!(message(|c| c.top_db = f32::INFINITY).starts_with("--top-db"));
}

#[test]
fn a_length_in_samples_or_frames_is_kept_to_the_sample() {
    for (frame_size, hop_length) in [(1024, 256), (1024, 255), (512, 512), (16, 1)] {
        for base in [PreprocessingConfig::default(), PreprocessingConfig::log_mel()] {
            for frames in [2, 3, 64, 127] {
                let duration = ClipDuration::Frames(frames);
                let config = PreprocessingConfig { duration, frame_size, hop_length, ..base.clone() };
                config.validate().unwrap();
                assert_eq!(config.image_shape().map(|shape| shape.1), Some(frames), "{config:?}");
            }
        }
    }
    let samples = |count| PreprocessingConfig {
        duration: ClipDuration::Samples(count),
        ..PreprocessingConfig::log_mel()
    };
    assert_eq!(samples(32_768).image_shape(), Some((80, 128)));
    for count in [1024, 12_345, 44_100] {
        assert_eq!(samples(count).padded_len(), Some(count));
        assert_eq!((samples(count).max_secs().unwrap() * 44_100.0) as usize, count);
    }
    assert!(samples(0).validate().unwrap_err().to_string().starts_with("--duration is 0"));
}

#[test]
fn a_sound_shorter_than_a_frame_is_refused_where_frames_lie_inside() {
    let mut config = PreprocessingConfig::log_mel();
    config.duration = ClipDuration::Seconds(0.002);
    assert!(config.validate().unwrap_err().to_string().contains("one frame"));
}

#[test]
fn images_are_compared_by_every_setting_that_shapes_them() {
    let spectrogram = PreprocessingConfig::default();
    let mel = PreprocessingConfig::log_mel();
    let differs = |base: &PreprocessingConfig, change: fn(&mut PreprocessingConfig)| {
        let mut changed = base.clone();
        change(&mut changed);
        changed.image_difference(base).map(|difference| difference.setting.name)
    };
    assert_eq!(differs(&spectrogram, |c| c.channel = ChannelChoice::Index(0)), Some("channel"));
    assert_eq!(differs(&spectrogram, |c| c.pad_side = PadSide::Left), Some("pad_side"));
    assert_eq!(differs(&spectrogram, |c| c.pad_mode = PadMode::Edge), Some("pad_mode"));
    assert_eq!(differs(&mel, |c| c.mel_max_hz = 7999.0), Some("mel_max_hz"));
    assert_eq!(differs(&mel, |c| c.mel_bands = 81), Some("mel_bands"));
    assert_eq!(differs(&spectrogram, |c| c.top_db = 79.0), Some("top_db"));
    assert_eq!(differs(&spectrogram, |c| c.duration = ClipDuration::Full), Some("duration"));
    assert_eq!(differs(&spectrogram, |c| *c = PreprocessingConfig::log_mel()), Some("feature"));
    // What another feature reads, the range (a model maps any to its own), and one length in other words make no other images.
    assert_eq!(differs(&spectrogram, |c| c.mel_max_hz = 7999.0), None);
    assert_eq!(differs(&mel, |c| c.top_db = 79.0), None);
    assert_eq!(differs(&spectrogram, |c| c.range_min = -1.0), None);
    assert_eq!(differs(&spectrogram, |c| c.duration = ClipDuration::Samples(16_317)), None);
    assert_eq!(differs(&spectrogram, |c| c.labels = "{class}".to_owned()), None);
}

#[test]
fn a_duration_has_a_unit_or_is_in_seconds() {
    let parse = |text: &str| ClipDuration::parse(text, &PREPROCESSING.duration);
    assert_eq!(parse("0.5"), Ok(ClipDuration::Seconds(0.5)));
    assert_eq!(parse("full"), Ok(ClipDuration::Full));
    assert_eq!(parse("32768samples"), Ok(ClipDuration::Samples(32_768)));
    assert_eq!(parse("128 frames"), Ok(ClipDuration::Frames(128)));
    for wrong in ["0", "-1", "long", "NaN", "3601"] {
        assert!(parse(wrong).unwrap_err().contains("from 0.001 to 3600 s"), "{wrong}");
    }
    for wrong in ["frames", "1.5frames", "0samples"] {
        assert!(parse(wrong).unwrap_err().contains("a whole number from 1 to 67108864"), "{wrong}");
    }
    for duration in
        [ClipDuration::Seconds(0.74), ClipDuration::Samples(9), ClipDuration::Frames(7), ClipDuration::Full]
    {
        assert_eq!(parse(&duration.words()), Ok(duration));
    }
}

#[test]
fn names_of_values_are_the_words_of_files() {
    fn same<T: Named + serde::Serialize>() {
        for value in T::ALL {
            assert_eq!(serde_json::to_value(value).unwrap(), value.called().word);
        }
    }
    same::<Feature>();
    same::<PadSide>();
    same::<PadMode>();
    same::<Cutting>();
}

#[test]
fn another_feature_brings_its_own_frames_but_leaves_those_that_somebody_chose() {
    let changed = |config: PreprocessingConfig, feature| {
        let mut config = config;
        config.change_feature(feature);
        (config.sample_rate_hz, config.frame_size, config.hop_length)
    };
    let mel = PreprocessingConfig::log_mel();
    let of_mel = (mel.sample_rate_hz, mel.frame_size, mel.hop_length);
    assert_eq!(changed(PreprocessingConfig::default(), PreprocessingConfig::log_mel().feature), of_mel);
    let own = PreprocessingConfig {
        frame_size: 700,
        hop_length: 123,
        sample_rate_hz: 11_025,
        ..PreprocessingConfig::default()
    };
    assert_eq!(changed(own.clone(), PreprocessingConfig::log_mel().feature), (11_025, 700, 123));
    assert_eq!(
        changed(
            PreprocessingConfig { sample_rate_hz: 22_050, ..own },
            PreprocessingConfig::log_mel().feature
        ),
        (mel.sample_rate_hz, 700, 123)
    );
    let fine = Resolution::Fine.frame_and_hop(Feature::default());
    let fine =
        PreprocessingConfig { frame_size: fine.0, hop_length: fine.1, ..PreprocessingConfig::default() };
    let (_, frame, hop) = changed(fine, PreprocessingConfig::log_mel().feature);
    assert_eq!((frame, hop), Resolution::Fine.frame_and_hop(PreprocessingConfig::log_mel().feature));
}
