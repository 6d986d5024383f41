use std::{path::Path, sync::Mutex};

use super::*;
use crate::{JobContext, JobEvent};
use timbrespace_base::interrupt::Interrupt;
use timbrespace_signal::audio::{
    clip::Clip,
    encode::{BitDepth, write_wav},
};

/// Ten sounds at the rate of the log spectrogram's settings.
fn sounds(folder: &Path) {
    for number in 0..10 {
        let hz = 150.0 + 60.0 * number as f32;
        let samples = (0..8000).map(|n| 0.4 * (n as f32 * hz * 2.85e-4).sin()).collect();
        write_wav(&folder.join(format!("{number}.wav")), &Clip::mono(samples, 22_050), BitDepth::Int16)
            .unwrap();
    }
}

fn request(folder: &Path) -> Request {
    Request {
        left_out: LeftOut::default(),
        folder: folder.to_owned(),
        config: PreprocessingConfig::default(),
        epochs: 2,
        batch_size: 4,
        threads: Some(2),
    }
}

#[test]
fn every_way_loads_the_same_images_in_every_epoch() {
    let place = tempfile::tempdir().unwrap();
    sounds(place.path());
    let report = run(&request(place.path()), &JobContext::silent(&Interrupt::new())).unwrap();
    assert!(report.images_equal && report.mel.images_equal);
    assert_ne!(report.ways[0].checksum, report.mel.ways[0].checksum);
    let names: Vec<_> =
        report.ways.iter().chain(&report.mel.ways).map(|way| (way.name.as_str(), way.threads)).collect();
    let expected =
        [("cached .npy", 2), ("on the fly", 2), ("item by item", 1), ("in batches", 1), ("in batches", 2)];
    assert_eq!(names, expected);
    for way in report.ways.iter().chain(&report.mel.ways) {
        assert_eq!(way.seconds_per_epoch.len(), 2, "{way:?}");
        let cold = if report.cold_unavailable.is_some() { 0 } else { 2 };
        assert_eq!(way.cold_seconds_per_epoch.len(), cold, "{way:?}");
    }
    assert_eq!(report.ways[0].held_bytes, 4 * 256 * 64 * 4, "a batch of images of 256 by 64");
    assert_eq!(report.ways[1].bytes_read, 10 * (8000 * 2 + 44), "WAV files with their headers");
    assert!(report.ways[0].bytes_read >= 10 * 256 * 64 * 4, "{}", report.ways[0].bytes_read);
    assert_eq!(report.mel.ways[0].held_bytes * 4, report.mel.ways[1].held_bytes);
}

#[test]
fn a_recording_that_cannot_be_used_is_told_and_left_out_of_every_way() {
    let place = tempfile::tempdir().unwrap();
    sounds(place.path());
    std::fs::write(place.path().join("broken.wav"), b"RIFF").unwrap();
    let skipped = Mutex::new(Vec::new());
    let sink = |event| {
        if let JobEvent::Skipped { path, .. } = event {
            skipped.lock().unwrap().push(path);
        }
    };
    let report = run(&request(place.path()), &JobContext::new(&sink, &Interrupt::new())).unwrap();
    assert_eq!(report.recordings, 10);
    assert_eq!(*skipped.lock().unwrap(), [place.path().join("broken.wav")]);
}

#[test]
fn the_text_has_a_line_for_every_way_and_the_verdicts() {
    let place = tempfile::tempdir().unwrap();
    sounds(place.path());
    let report = run(&request(place.path()), &JobContext::silent(&Interrupt::new())).unwrap();
    let text = text(&report);
    for words in [&report.verdict, &report.mel.verdict] {
        assert!(text.contains(words.as_str()), "{text}");
    }
    assert!(text.starts_with("10 recordings in batches of 4, 2 epochs each way on 2 threads"), "{text}");
    assert_eq!(text.matches("the same bit for bit").count(), 2, "{text}");
    assert_eq!(text.lines().filter(|line| line.contains(" MB") || line.contains(" kB")).count(), 6, "{text}");
}

#[test]
fn a_stop_is_obeyed_and_an_empty_folder_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let error = run(&request(place.path()), &JobContext::silent(&Interrupt::new())).unwrap_err().to_string();
    assert!(error.contains("holds no sound files"), "{error}");
    sounds(place.path());
    let interrupt = Interrupt::new();
    interrupt.stop();
    assert!(run(&request(place.path()), &JobContext::silent(&interrupt)).unwrap_err().is_stopped());
}
