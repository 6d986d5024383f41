use super::*;
use crate::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
        folder,
    },
    dsp::normalise::{MinMax, normalise},
    pipeline::{config::ClipDuration, preprocessing::PreprocessingPipeline},
};
use timbrespace_base::interrupt::Interrupt;

/// Eight recordings of three classes, from a frame to a second long, of one rate.
fn recordings(rate_hz: u32) -> (tempfile::TempDir, FolderScan) {
    let dir = tempfile::tempdir().unwrap();
    for index in 0..8 {
        let class = ["bell", "drum", "vowel"][index % 3];
        let samples = (0..1024 + index * 6000).map(|n| {
            let time = n as f32 / rate_hz as f32;
            0.4 * (time * (200.0 + 90.0 * index as f32) * std::f32::consts::TAU).sin() * (-3.0 * time).exp()
        });
        let clip = Clip::mono(samples.collect(), rate_hz);
        write_wav(&dir.path().join(class).join(format!("{class}_{index}.wav")), &clip, BitDepth::Float32)
            .unwrap();
    }
    let scan = folder::scan(dir.path(), &Interrupt::new(), &mut |_| {}).unwrap();
    (dir, scan)
}

fn with_duration(duration: ClipDuration) -> PreprocessingConfig {
    PreprocessingConfig { duration, ..PreprocessingConfig::log_mel() }
}

#[test]
fn items_give_mel_class_id_salience_and_file_name() {
    let (_dir, scan) = recordings(44_100);
    let sounds = AudioToMel::new(&scan, &with_duration(ClipDuration::Frames(64))).unwrap();
    assert_eq!(sounds.classes(), ["bell", "drum", "vowel"]);
    assert_eq!(sounds.len(), 8);
    for index in 0..sounds.len() {
        let item = sounds.item(index).unwrap();
        assert_eq!(item.mel.dim(), (80, 64));
        assert_eq!(item.salience, 1.0);
        let class = &sounds.classes()[item.class_id];
        assert!(item.file_name.starts_with(&format!("{class}/{class}_")), "{}", item.file_name);
    }
}

#[test]
fn a_batch_has_the_same_bits_as_one_item_after_the_other_and_as_the_pipeline() {
    let (_dir, scan) = recordings(44_100);
    for duration in [ClipDuration::Seconds(0.5), ClipDuration::Samples(20_001), ClipDuration::Full] {
        let config = with_duration(duration);
        let sounds = AudioToMel::new(&scan, &config).unwrap();
        let indices = [3, 0, 7, 7, 1, 2, 6, 5, 4];
        let batch = sounds.batch(&indices).unwrap();
        for (item, &index) in batch.iter().zip(&indices) {
            let alone = sounds.item(index).unwrap();
            let bits = |mel: &Array2<f32>| mel.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&item.mel), bits(&alone.mel), "{duration:?} {index}");
            assert_eq!(item, &alone);
        }
        if duration == ClipDuration::Full {
            continue;
        }
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        let dataset = pipeline.dataset(&scan, &|_| {}, &Interrupt::new()).unwrap();
        let mut mel = batch[0].mel.clone();
        normalise(mel.as_slice_mut().unwrap(), MinMax { min: 0.0, max: 1.0 });
        assert_eq!(mel, dataset.image(3));
    }
}

#[test]
fn longer_recordings_are_cut_and_shorter_ones_padded() {
    let (_dir, scan) = recordings(44_100);
    let whole = AudioToMel::new(&scan, &with_duration(ClipDuration::Full)).unwrap();
    let cut = AudioToMel::new(&scan, &with_duration(ClipDuration::Samples(12_800))).unwrap();
    let (mut longer, mut shorter) = (0, 0);
    for index in 0..8 {
        let (whole, cut) = (whole.item(index).unwrap().mel, cut.item(index).unwrap().mel);
        assert_eq!(cut.dim(), (80, 50));
        // The last frames see the reflected end.
        let same = whole.ncols().min(50) - 2;
        assert_eq!(cut.slice(ndarray::s![.., ..same]), whole.slice(ndarray::s![.., ..same]));
        if whole.ncols() >= 50 {
            longer += 1;
        } else {
            shorter += 1;
            let silent = 1e-5_f32.ln();
            assert!(cut.column(49).iter().all(|value| (value - silent).abs() < 1e-6));
        }
    }
    assert!(longer > 2 && shorter > 1, "{longer} {shorter}");
}

#[test]
fn another_rate_names_file_and_both_rates_until_resampling_is_allowed() {
    let (_dir, scan) = recordings(8000);
    let mut config = with_duration(ClipDuration::Frames(64));
    let sounds = AudioToMel::new(&scan, &config).unwrap();
    for message in [sounds.item(0).unwrap_err().to_string(), sounds.batch(&[0, 5]).unwrap_err().to_string()] {
        for part in ["bell_0.wav", "8,000 Hz", "44,100 Hz", "--resample"] {
            assert!(message.contains(part), "{message}");
        }
    }
    config.resample = true;
    let sounds = AudioToMel::new(&scan, &config).unwrap();
    assert_eq!(sounds.batch(&[0, 5]).unwrap()[1].mel.dim(), (80, 64));
}

#[test]
fn samples_beyond_full_scale_are_reported_with_the_item() {
    let (dir, _) = recordings(44_100);
    let loud = Clip::mono([1.5, -0.5, -1.5, 0.0].repeat(500), 44_100);
    write_wav(&dir.path().join("aloud.wav"), &loud, BitDepth::Float32).unwrap();
    let scan = folder::scan(dir.path(), &Interrupt::new(), &mut |_| {}).unwrap();
    let sounds = AudioToMel::new(&scan, &with_duration(ClipDuration::Frames(8))).unwrap();
    assert_eq!(sounds.item(0).unwrap().flags, [Flag::BeyondFullScale { samples: 1000 }]);
    assert!(sounds.item(1).unwrap().flags.is_empty());
}

#[test]
fn another_feature_and_an_index_that_is_not_there_are_refused() {
    let (_dir, scan) = recordings(44_100);
    let error = AudioToMel::new(&scan, &PreprocessingConfig::default()).err().unwrap();
    assert_eq!(error.to_string(), "--feature is log-spectrogram, but must be log-mel");
    let sounds = AudioToMel::new(&scan, &PreprocessingConfig::log_mel()).unwrap();
    assert!(sounds.item(8).unwrap_err().to_string().contains("there are 8"));
}
