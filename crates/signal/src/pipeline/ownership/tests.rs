use std::collections::BTreeMap;

use super::*;
use crate::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
        folder,
    },
    pipeline::{
        config::{ClipDuration, PreprocessingConfig},
        preprocessing::{PreprocessingPipeline, SaveReport, merge_shards},
    },
};
use timbrespace_base::interrupt::Interrupt;

const NAMES: [&str; 4] = ["a/x.wav", "a/y.wav", "b/x.wav", "b/y.wav"];

/// Four short sounds.
struct Work(tempfile::TempDir);

impl Work {
    fn new() -> Self {
        let work = Self(tempfile::tempdir().unwrap());
        for (index, name) in NAMES.into_iter().enumerate() {
            let samples = (0..800).map(|n| ((n * (index + 3)) as f32 * 0.01).sin() * 0.5).collect();
            write_wav(&work.at("in").join(name), &Clip::mono(samples, 8000), BitDepth::Int16).unwrap();
        }
        work
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn config() -> PreprocessingConfig {
        PreprocessingConfig {
            sample_rate_hz: 8000,
            frame_size: 64,
            hop_length: 64,
            duration: ClipDuration::Seconds(0.1),
            ..PreprocessingConfig::default()
        }
    }

    fn save_with(
        &self,
        config: &PreprocessingConfig,
        shard: Option<(usize, usize)>,
        replace: Replace,
    ) -> Result<SaveReport, PipelineError> {
        let scan = folder::scan(&self.at("in"), &Interrupt::new(), &mut |_| {}).unwrap();
        let out = self.at("P");
        let target = Target { out: &out, shard, replace };
        PreprocessingPipeline::from_config(config).unwrap().save(&scan, target, &|_| {}, &Interrupt::new())
    }

    fn save(&self, shard: Option<(usize, usize)>) -> Result<SaveReport, PipelineError> {
        self.save_with(&Self::config(), shard, Replace::Own)
    }

    /// Every file below `P` with its content.
    fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let files = walkdir::WalkDir::new(self.at("P")).into_iter().map(Result::unwrap);
        let files = files.filter(|entry| entry.file_type().is_file());
        files.map(|e| (name_in(&self.at("P"), e.path()), fs::read(e.path()).unwrap())).collect()
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.at("P").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, PipelineError>, name: &str) {
    let error = result.unwrap_err().to_string();
    assert!(error.contains(name) && error.contains("choose another --out"), "{error}");
}

#[test]
fn a_folder_that_python_wrote_is_refused_and_not_changed() {
    for (name, word) in [
        ("spectrograms/a/x.wav.npy", "a/x.wav.npy"),
        ("spectrograms/other.npy", "other.npy"),
        ("min_max_values.pkl", "min_max_values.pkl"),
    ] {
        let work = Work::new();
        work.put(name, "theirs");
        let before = work.contents();
        refused(work.save(None), word);
        refused(work.save(Some((1, 2))), word);
        // The second half does not write a/x.wav, but the folder is no place for it either.
        refused(work.save(Some((2, 2))), word);
        assert_eq!(work.contents(), before, "{name}");
        if name != "spectrograms/other.npy" {
            work.save_with(&Work::config(), None, Replace::All).unwrap();
            assert_ne!(work.contents()[name], b"theirs");
        }
    }
}

#[test]
fn a_run_may_be_repeated_whole_or_in_shards_also_one_after_the_other() {
    let work = Work::new();
    assert_eq!(work.save(None).unwrap().saved, 4);
    let whole = work.contents();
    for count in [1, 2, 3] {
        work.save(None).unwrap();
        assert_eq!(work.contents(), whole);
        for index in (1..=count).rev() {
            work.save(Some((index, count))).unwrap();
            work.save(Some((index, count))).unwrap();
        }
        assert_eq!(merge_shards(&work.at("P")).unwrap(), 4);
        assert_eq!(work.contents(), whole);
    }
}

#[test]
fn a_run_that_was_cut_off_is_known_at_any_moment() {
    let work = Work::new();
    work.save(None).unwrap();
    let whole = work.contents();
    // The plan is there, and some of the features.
    let path = work.at("P").join(manifest::FILE_NAME);
    let mut plan = Manifest::read(&path).unwrap().unwrap();
    plan.complete = false;
    plan.write(&path).unwrap();
    fs::remove_file(work.at("P").join(min_max_values::FILE_NAME)).unwrap();
    fs::remove_file(work.at("P/spectrograms/a/x.wav.npy")).unwrap();
    work.save(None).unwrap();
    assert_eq!(work.contents(), whole);
    // A shard that follows a whole run keeps the others' features in its list.
    work.save(Some((1, 2))).unwrap();
    let part = Manifest::read(&work.at("P").join("preprocessing.1-of-2.json")).unwrap().unwrap();
    assert_eq!(part.earlier, ["spectrograms/b/x.wav.npy", "spectrograms/b/y.wav.npy"]);
    work.save(None).unwrap();
    assert_eq!(work.contents(), whole);
}

#[test]
fn features_of_recordings_that_are_gone_go_and_other_files_stay() {
    let work = Work::new();
    let with_signals = PreprocessingConfig { save_signal: true, ..Work::config() };
    work.save_with(&with_signals, None, Replace::Own).unwrap();
    work.put("signals/a/z.wav.npy", "theirs");
    work.put("magnitudes/a/x.wav.npy", "theirs");
    work.put("spectrograms/readme.txt", "theirs");
    fs::remove_file(work.at("in/a/x.wav")).unwrap();
    // Signals are no longer written, but those of an earlier run are known.
    work.save(None).unwrap();
    let names: Vec<String> = work.contents().into_keys().collect();
    assert!(!names.iter().any(|name| name == "spectrograms/a/x.wav.npy" || name == "signals/a/x.wav.npy"));
    for kept in ["signals/a/z.wav.npy", "magnitudes/a/x.wav.npy", "spectrograms/readme.txt"] {
        assert_eq!(work.contents()[kept], b"theirs", "{kept}");
    }
    work.save_with(&with_signals, None, Replace::Own).unwrap();
    work.put("signals/new.wav.npy", "theirs");
    fs::copy(work.at("in/a/y.wav"), work.at("in/new.wav")).unwrap();
    refused(work.save_with(&with_signals, None, Replace::Own), "signals/new.wav.npy");
    assert_eq!(work.save(None).unwrap().saved, 4);
}

#[cfg(unix)]
#[test]
fn a_feature_that_is_a_recording_by_a_link_is_never_written() {
    let work = Work::new();
    fs::create_dir_all(work.at("P/spectrograms/a")).unwrap();
    fs::hard_link(work.at("in/b/y.wav"), work.at("P/spectrograms/a/x.wav.npy")).unwrap();
    let before = fs::read(work.at("in/b/y.wav")).unwrap();
    let error = work.save_with(&Work::config(), None, Replace::All).unwrap_err().to_string();
    assert!(error.contains("one of the recordings"), "{error}");
    assert_eq!(fs::read(work.at("in/b/y.wav")).unwrap(), before);
}

/// Changes the manifest of the folder of images.
fn change_manifest(work: &Work, change: impl Fn(&mut serde_json::Value)) {
    let path = work.at("P").join(manifest::FILE_NAME);
    let mut value: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut value);
    fs::write(path, value.to_string()).unwrap();
}

#[test]
fn a_manifest_that_names_files_elsewhere_removes_none_of_them() {
    let work = Work::new();
    work.save(None).unwrap();
    let outside = [work.at("mine.npy"), work.at("P/notes/mine.npy")];
    for path in &outside {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
    }
    let names = [
        "spectrograms/../../mine.npy".to_owned(),
        "spectrograms/../notes/mine.npy".to_owned(),
        "notes/mine.npy".to_owned(),
        outside[0].display().to_string(),
        format!("spectrograms/{}", outside[0].display()),
    ];
    change_manifest(&work, |manifest| manifest["earlier"] = names.to_vec().into());
    work.save(None).unwrap();
    for path in outside {
        assert_eq!(fs::read(path).unwrap(), b"mine");
    }
}

#[test]
fn a_persons_copy_of_a_manifest_is_no_part_and_stays() {
    let work = Work::new();
    work.save(None).unwrap();
    let copies = ["preprocessing.backup.json", "preprocessing.1-of-x.json", "min_max_values.backup.pkl"];
    for name in copies {
        fs::copy(work.at("P").join(manifest::FILE_NAME), work.at("P").join(name)).unwrap();
    }
    for shard in [None, Some((1, 2)), Some((2, 2)), None] {
        work.save(shard).unwrap();
        assert!(copies.iter().all(|name| work.at("P").join(name).is_file()), "{shard:?}");
    }
}
