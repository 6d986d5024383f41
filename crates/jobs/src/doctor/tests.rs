//! A folder with one file of every fault, and healthy ones.

use std::{collections::BTreeMap, fs, sync::Mutex};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use super::*;
use crate::{JobContext, JobEvent};
use timbrespace_base::interrupt::Interrupt;
use timbrespace_signal::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    },
    dsp::resample::Resampler,
};

const RATE: u32 = 22_050;

/// Noise that no two recordings share, `secs` long.
fn noise(seed: u64, rate_hz: u32, secs: f64) -> Vec<f32> {
    let mut random = StdRng::seed_from_u64(seed);
    (0..(secs * f64::from(rate_hz)) as usize).map(|_| random.random_range(-0.3..0.3)).collect()
}

fn write(folder: &Path, name: &str, samples: Vec<f32>, rate_hz: u32) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    write_wav(&path, &Clip::mono(samples, rate_hz), BitDepth::Int16).unwrap();
}

/// Fills `folder` with twelve healthy recordings.
fn healthy(folder: &Path) {
    for number in 0..12 {
        write(folder, &format!("good/good_{number}.wav"), noise(number, RATE, 0.74), RATE);
    }
}

fn examine(folder: &Path) -> Report {
    let request = Request {
        folder: folder.to_owned(),
        listed: None,
        left_out: LeftOut::default(),
        config: PreprocessingConfig::default(),
        threads: Some(2),
    };
    run(&request, &JobContext::silent(&Interrupt::new())).unwrap()
}

fn found(report: &Report) -> BTreeMap<&str, Vec<&'static str>> {
    let mut found: BTreeMap<&str, Vec<&'static str>> = BTreeMap::new();
    for finding in &report.findings {
        found.entry(&finding.file).or_default().push(finding.check().key());
    }
    found
}

#[test]
fn every_fault_is_found_in_its_file_and_nowhere_else() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    healthy(folder);
    let loud =
        |gain: f32| noise(20, RATE, 0.74).iter().map(|s| (s * gain).clamp(-1.0, 1.0)).collect::<Vec<_>>();
    write(folder, "bad/silent.wav", vec![0.0; 16_317], RATE);
    write(
        folder,
        "bad/clipped.wav",
        Resampler::new(2000, RATE)
            .resample(&noise(21, 2000, 0.74))
            .iter()
            .map(|s| (4.0 * s).clamp(-0.9, 0.9))
            .collect(),
        RATE,
    );
    write(folder, "bad/copy.wav", noise(3, RATE, 0.74), RATE);
    write(folder, "bad/GOOD_5.wav", noise(22, RATE, 0.74), RATE);
    write(folder, "bad/short.wav", noise(23, RATE, 0.2), RATE);
    write(folder, "bad/long.wav", noise(24, RATE, 1.2), RATE);
    write(folder, "bad/rate.wav", noise(25, 44_100, 0.74), 44_100);
    write(folder, "bad/offset.wav", loud(0.5).iter().map(|s| s + 0.1).collect(), RATE);
    write(folder, "bad/narrow.wav", Resampler::new(8000, RATE).resample(&noise(26, 8000, 0.74)), RATE);
    fs::write(folder.join("bad/broken.wav"), "no sound at all").unwrap();
    let whole = folder.join("bad/truncated.wav");
    write(folder, "bad/truncated.wav", noise(27, RATE, 0.74), RATE);
    let bytes = fs::read(&whole).unwrap();
    fs::write(&whole, &bytes[..bytes.len() * 2 / 3]).unwrap();

    let report = examine(folder);
    assert_eq!(report.recordings, 23);
    let expected = BTreeMap::from([
        ("bad/broken.wav", vec!["unreadable"]),
        ("bad/clipped.wav", vec!["clipped"]),
        ("bad/long.wav", vec!["cut-off"]),
        ("bad/narrow.wav", vec!["band-limited"]),
        ("bad/offset.wav", vec!["dc-offset"]),
        ("bad/rate.wav", vec!["wrong-rate"]),
        ("bad/short.wav", vec!["mostly-padded"]),
        ("bad/silent.wav", vec!["silent"]),
        ("bad/truncated.wav", vec!["cut-off"]),
        ("good/good_3.wav", vec!["duplicate"]),
        ("good/good_5.wav", vec!["name-collision"]),
    ]);
    assert_eq!(found(&report), expected, "{:#?}", report.findings);
    assert_eq!(report.of(Check::Duplicate).next().unwrap().evidence.other(), Some("bad/copy.wav"));
}

#[test]
fn a_healthy_folder_is_passed_and_progress_reaches_its_end() {
    let place = tempfile::tempdir().unwrap();
    healthy(place.path());
    let news = Mutex::new(Vec::new());
    let request = Request {
        folder: place.path().to_owned(),
        listed: None,
        left_out: LeftOut::default(),
        config: PreprocessingConfig::default(),
        threads: None,
    };
    let hear = |event| news.lock().unwrap().push(event);
    let report = run(&request, &JobContext::new(&hear, &Interrupt::new())).unwrap();
    assert_eq!((report.recordings, report.findings.len()), (12, 0), "{:?}", report.findings);
    let news = news.into_inner().unwrap();
    let furthest = news.iter().filter_map(|event| match event {
        JobEvent::Progress { done, total, .. } => Some((*done, *total)),
        _ => None,
    });
    assert_eq!(furthest.max(), Some((12, 12)));
}

#[test]
fn listed_recordings_are_examined_and_no_others() {
    let place = tempfile::tempdir().unwrap();
    healthy(place.path());
    let broken = place.path().join("broken.wav");
    let listed = FolderScan {
        root: place.path().to_owned(),
        files: vec!["good/good_1.wav".into(), "good/gone.wav".into()],
        skipped: vec![Skipped {
            path: broken.clone(),
            cause: format!("{}: is empty", broken.display()).into(),
        }],
        ..FolderScan::default()
    };
    let request = Request {
        folder: place.path().to_owned(),
        listed: Some(listed),
        left_out: LeftOut::default(),
        config: PreprocessingConfig::default(),
        threads: None,
    };
    let report = run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
    let expected = [("broken.wav", vec!["unreadable"]), ("good/gone.wav", vec!["unreadable"])];
    assert_eq!(found(&report), BTreeMap::from(expected));
    assert_eq!(report.findings[0].words(), "is empty", "the name stands beside it");
}

#[test]
fn a_stop_ends_the_examination() {
    let place = tempfile::tempdir().unwrap();
    healthy(place.path());
    let interrupt = Interrupt::new();
    let request = Request {
        folder: place.path().to_owned(),
        listed: None,
        left_out: LeftOut::default(),
        config: PreprocessingConfig::default(),
        threads: Some(1),
    };
    let stopped = run(&request, &JobContext::new(&|_| interrupt.stop(), &interrupt));
    assert!(stopped.unwrap_err().is_stopped());
}

#[test]
fn the_table_is_written_and_a_bad_place_is_named() {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), "silent.wav", vec![0.0; 8000], RATE);
    let report = examine(place.path());
    let path = place.path().join("findings.csv");
    save_csv(&path, &report.findings).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.lines().nth(1).unwrap().starts_with("silent,fault,silent.wav,"), "{text}");
    let error = save_csv(&path.join("below a file.csv"), &report.findings).unwrap_err();
    assert!(error.to_string().contains("below a file.csv"), "{error}");
}
