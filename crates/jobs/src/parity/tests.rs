use std::{fs, path::Path, sync::Mutex};

use ndarray::{Array2, ShapeBuilder as _, s};
use ndarray_npy::write_npy;
use tempfile::TempDir;

use super::*;
use crate::{JobContext, JobEvent, preprocess};
use timbrespace_base::interrupt::Interrupt;
use timbrespace_signal::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    },
    pipeline::config::ClipDuration,
};

const RATE: u32 = 22_050;

/// Four recordings, and a folder of their images in the manner of Python: flat, Fortran order, no `preprocessing.json`.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(place.recordings()).unwrap();
        for (number, name) in ["0_a_0.wav", "0_a_1.wav", "1_a_0.wav", "1_a_1.wav"].iter().enumerate() {
            let hz = 200.0 + 130.0 * number as f32;
            let samples = (0..RATE as usize / 2).map(|n| 0.4 * (n as f32 * hz * 2.85e-4).sin()).collect();
            write_wav(&place.recordings().join(name), &Clip::mono(samples, RATE), BitDepth::Int16).unwrap();
        }
        let out = place.0.path().join("made");
        let request = preprocess::Request {
            left_out: LeftOut::default(),
            folder: place.recordings(),
            out: out.clone(),
            config: PreprocessingConfig::default(),
            shard: None,
            threads: None,
            replace: timbrespace_base::outputs::Replace::Own,
        };
        preprocess::run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
        fs::create_dir_all(place.images()).unwrap();
        for entry in fs::read_dir(out.join("spectrograms")).unwrap() {
            let path = entry.unwrap().path();
            let image = timbrespace_signal::pipeline::dataset::read_image(&path).unwrap();
            place.write(&path.file_name().unwrap().to_string_lossy(), &image);
        }
        fs::copy(out.join("min_max_values.pkl"), place.python().join("min_max_values.pkl")).unwrap();
        place
    }

    fn recordings(&self) -> PathBuf {
        self.0.path().join("recordings")
    }

    fn python(&self) -> PathBuf {
        self.0.path().join("python")
    }

    fn images(&self) -> PathBuf {
        self.python().join("spectrograms")
    }

    fn write(&self, name: &str, image: &Array2<f32>) {
        let mut fortran = Array2::zeros(image.dim().f());
        fortran.assign(image);
        write_npy(self.images().join(name), &fortran).unwrap();
    }

    fn change(&self, name: &str, change: impl FnOnce(Array2<f32>) -> Array2<f32>) {
        let image = timbrespace_signal::pipeline::dataset::read_image(&self.images().join(name)).unwrap();
        self.write(name, &change(image));
    }

    fn request(&self) -> Request {
        Request {
            left_out: LeftOut::default(),
            folder: self.recordings(),
            python_folder: self.python(),
            config: PreprocessingConfig::default(),
            tolerance: DEFAULT_TOLERANCE,
            threads: Some(2),
        }
    }

    fn run(&self) -> Report {
        run(&self.request(), &JobContext::silent(&Interrupt::new())).unwrap()
    }
}

#[test]
fn a_folder_that_agrees_agrees_bit_for_bit() {
    let place = Place::new();
    let report = place.run();
    let summary = &report.summary;
    assert_eq!((summary.compared, summary.within_1e4, summary.largest), (4, 4, Some(0.0)));
    assert_eq!(summary.largest_of_extremes, Some(0.0));
    assert!(summary.causes.is_empty() && report.without_image.is_empty(), "{report:?}");
    let names: Vec<&str> = report.files.iter().map(|file| file.recording.as_str()).collect();
    assert_eq!(names, ["0_a_0.wav", "0_a_1.wav", "1_a_0.wav", "1_a_1.wav"], "equally good: by name");
}

#[test]
fn one_changed_value_comes_first_with_its_exact_figures() {
    let place = Place::new();
    let mut expected = (0.0, 0.0);
    place.change("1_a_0.wav.npy", |mut image| {
        expected = (image[[100, 20]], if image[[100, 20]] < 0.5 { 0.75 } else { 0.25 });
        image[[100, 20]] = expected.1;
        image
    });
    let report = place.run();
    let (ours, theirs) = expected;
    let largest = (f64::from(ours) - f64::from(theirs)).abs();
    let worst = &report.files[0];
    let difference = worst.difference.unwrap();
    assert_eq!((worst.recording.as_str(), difference.bin, difference.frame), ("1_a_0.wav", 100, 20));
    assert_eq!((difference.ours, difference.theirs, difference.largest), (ours, theirs, largest));
    assert_eq!(difference.mean, largest / (256.0 * 64.0));
    assert_eq!((report.summary.within_1e3, report.summary.largest), (3, Some(largest)));
    let view = view(&report, worst).unwrap();
    assert_eq!(view.difference.unwrap()[[100, 20]], ours - theirs);
    assert_eq!((view.ours[[100, 20]], view.theirs[[100, 20]]), (ours, theirs));
    let table = csv(&report);
    let first = table.lines().nth(1).unwrap();
    assert!(first.starts_with(&format!("1_a_0.wav,1_a_0.wav.npy,{largest},")), "{first}");
}

#[test]
fn files_on_one_side_only_are_listed() {
    let place = Place::new();
    fs::remove_file(place.images().join("0_a_1.wav.npy")).unwrap();
    fs::rename(place.images().join("1_a_1.wav.npy"), place.images().join("9_z_0.wav.npy")).unwrap();
    let report = place.run();
    assert_eq!(report.without_image, [Path::new("0_a_1.wav"), Path::new("1_a_1.wav")]);
    assert_eq!(report.without_recording, [Path::new("9_z_0.wav.npy")]);
    assert_eq!(report.summary.compared, 2);
    let table = csv(&report);
    assert_eq!(table.lines().count(), 1 + 2 + 2 + 1);
    assert!(table.contains("0_a_1.wav,,,"), "{table}");
}

#[test]
fn images_of_another_size_come_before_all_with_their_cause() {
    let place = Place::new();
    place.change("1_a_1.wav.npy", |image| image.slice(s![.., ..63]).to_owned());
    fs::write(place.images().join("0_a_0.wav.npy"), b"no array").unwrap();
    let report = place.run();
    let [broken, shorter, ..] = report.files.as_slice() else { panic!("{report:?}") };
    assert!(broken.error.as_ref().unwrap().to_string().contains("0_a_0.wav.npy"), "{broken:?}");
    assert_eq!((shorter.our_shape, shorter.their_shape), (Some([256, 64]), Some([256, 63])));
    assert!(shorter.remark().starts_with("63 frames instead of 64"), "{shorter:?}");
    assert_eq!((report.summary.other_size, report.summary.unreadable), (1, 1));
    assert!(view(&report, shorter).unwrap().difference.is_none());
    assert!(view(&report, broken).is_err());
}

#[test]
fn a_pickle_with_one_nameless_entry_is_explained() {
    let place = Place::new();
    // pickle.dumps({None: {"min": -55.0, "max": 25.0}}, 0)
    let pickle = b"(dp0\nN(dp1\nVmin\np2\nF-55.0\nsVmax\np3\nF25.0\nss.";
    fs::write(place.python().join("min_max_values.pkl"), pickle).unwrap();
    let report = place.run();
    assert!(
        report.notes[0].to_string().contains("under the key None")
            && report.notes[0].to_string().contains("(-55.00 to 25.00)"),
        "{:?}",
        report.notes
    );
    assert_eq!((report.summary.within_1e4, report.summary.largest_of_extremes), (4, None));
}

#[test]
fn another_reference_level_shows_in_the_extremes_alone() {
    let place = Place::new();
    let path = place.python().join("min_max_values.pkl");
    let value: std::collections::BTreeMap<String, std::collections::BTreeMap<String, f64>> =
        serde_pickle::from_slice(&fs::read(&path).unwrap(), serde_pickle::DeOptions::new()).unwrap();
    let shifted: std::collections::BTreeMap<_, _> = value
        .into_iter()
        .map(|(key, entry)| {
            (
                key,
                entry
                    .into_iter()
                    .map(|(name, level)| (name, level - 3.0))
                    .collect::<std::collections::BTreeMap<_, _>>(),
            )
        })
        .collect();
    fs::write(&path, serde_pickle::to_vec(&shifted, serde_pickle::SerOptions::new()).unwrap()).unwrap();
    let report = place.run();
    assert_eq!((report.summary.within_1e4, report.summary.causes.len()), (4, 1), "{:?}", report.summary);
    assert!(report.summary.causes[0].0.to_string().contains("−3.00 dB throughout"), "{:?}", report.summary);
    assert_eq!(report.summary.causes[0].1, 4);
    assert!((report.summary.largest_of_extremes.unwrap() - 3.0).abs() < 1e-4);
}

#[test]
fn settings_beside_the_images_are_found() {
    let place = Place::new();
    assert_eq!(settings_of(&place.python()).unwrap(), None);
    let made = settings_of(&place.0.path().join("made")).unwrap().unwrap();
    assert_eq!(made.duration, ClipDuration::Seconds(0.74));
}

#[test]
fn progress_reaches_its_end_and_a_stop_is_obeyed() {
    let place = Place::new();
    let heard = Mutex::new(Vec::new());
    let sink = |event| {
        if let JobEvent::Progress { done, total, .. } = event {
            heard.lock().unwrap().push((done, total));
        }
    };
    run(&place.request(), &JobContext::new(&sink, &Interrupt::new())).unwrap();
    assert!(heard.lock().unwrap().contains(&(4, 4)));
    let stopped = Interrupt::new();
    stopped.stop();
    assert!(run(&place.request(), &JobContext::silent(&stopped)).unwrap_err().is_stopped());
}

#[test]
fn folders_without_a_common_name_say_what_was_looked_for() {
    let place = Place::new();
    fs::remove_dir_all(place.images()).unwrap();
    fs::create_dir_all(place.images()).unwrap();
    place.write("other.npy", &Array2::zeros((256, 64)));
    let error = run(&place.request(), &JobContext::silent(&Interrupt::new())).unwrap_err().to_string();
    assert!(error.contains("first image: other.npy; first recording: 0_a_0.wav"), "{error}");
}
