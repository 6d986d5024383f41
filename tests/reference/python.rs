//! Preprocessed folders: what is written, what Python reads, shards, and what happens the second time.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
};

use timbrespace::{
    audio::{
        clip::Clip,
        demo,
        encode::{BitDepth, write_wav},
        folder::{self, FolderScan},
    },
    interrupt::Interrupt,
    pipeline::{
        config::{ClipDuration, PreprocessingConfig},
        dataset::Dataset,
        preprocessing::{PipelineError, PipelineEvent, PreprocessingPipeline, Target, merge_shards},
        stages::Flag,
    },
};

use super::interpreter::python;

struct Work {
    folder: tempfile::TempDir,
}

impl Work {
    /// A few demo sounds in class folders, and a plain name in two of them.
    fn new() -> Self {
        let work = Self { folder: tempfile::tempdir().unwrap() };
        for (index, sound) in demo::sounds().step_by(45).enumerate() {
            work.sound(&format!("{}/{}", sound.class, sound.file_name), &sound.clip);
            if index < 2 {
                work.sound(&format!("{}{index}/same.wav", sound.class), &sound.clip);
            }
        }
        work
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn sound(&self, name: &str, clip: &Clip) {
        let path = self.path("sounds").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_wav(&path, clip, BitDepth::Float32).unwrap();
    }

    fn scan(&self) -> FolderScan {
        folder::scan(&self.path("sounds"), &Interrupt::new(), &mut |_| {}).unwrap()
    }

    fn save(&self, out: &str, shard: Option<(usize, usize)>) -> Result<usize, PipelineError> {
        self.save_with(&PreprocessingConfig::default(), out, shard)
    }

    fn save_with(
        &self,
        config: &PreprocessingConfig,
        out: &str,
        shard: Option<(usize, usize)>,
    ) -> Result<usize, PipelineError> {
        let pipeline = PreprocessingPipeline::from_config(config).unwrap();
        let out = self.path(out);
        let target = Target { shard, ..Target::whole(&out) };
        let report = pipeline.save(&self.scan(), target, &|_| {}, &Interrupt::new())?;
        Ok(report.saved)
    }
}

/// Every file below `folder` with its bytes, the folder's own name taken out.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let name = folder.to_string_lossy().into_owned();
    let mut files: Vec<(PathBuf, Vec<u8>)> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let bytes = fs::read(entry.path()).unwrap();
            let neutral =
                String::from_utf8(bytes.clone()).map_or(bytes, |text| text.replace(&name, "P").into_bytes());
            (entry.path().strip_prefix(folder).unwrap().to_path_buf(), neutral)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_saved_folder_opens_as_the_data_set_that_stays_in_memory() {
    let work = Work::new();
    let pipeline = PreprocessingPipeline::from_config(&PreprocessingConfig::default()).unwrap();
    let in_memory = pipeline.dataset(&work.scan(), &|_| {}, &Interrupt::new()).unwrap();
    assert_eq!(work.save("p", None).unwrap(), in_memory.len());
    let opened = Dataset::open(&work.path("p")).unwrap();
    assert_eq!(opened.items, in_memory.items);
    assert_eq!(opened.images, in_memory.images);
    assert_eq!(opened.config, in_memory.config);
    assert!(opened.notes.is_empty(), "{:?}", opened.notes);
    assert_eq!(opened.image_shape(), (256, 64));
    let stages = pipeline.stages(opened.items[0].source.as_deref().unwrap()).unwrap();
    assert_eq!(opened.image(0), stages.normalised);
    // Moved elsewhere, minimum and maximum are still found.
    fs::rename(work.path("p"), work.path("moved")).unwrap();
    assert_eq!(Dataset::open(&work.path("moved")).unwrap().items, in_memory.items);
}

#[test]
fn merged_shards_equal_one_run() {
    let work = Work::new();
    work.save("one/p", None).unwrap();
    for index in [3, 1, 2] {
        work.save("many/p", Some((index, 3))).unwrap();
        if index == 1 {
            let message = merge_shards(&work.path("many/p")).unwrap_err().to_string();
            assert!(message.contains("shard 2 of 3 is missing"), "{message}");
        }
    }
    assert_eq!(merge_shards(&work.path("many/p")).unwrap(), work.scan().files.len());
    let (one, many) =
        (Dataset::open(&work.path("one/p")).unwrap(), Dataset::open(&work.path("many/p")).unwrap());
    assert_eq!(one.items, many.items);
    let (one, many) = (contents(&work.path("one/p")), contents(&work.path("many/p")));
    let names = |files: &[(PathBuf, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&one), names(&many));
    for ((name, a), (_, b)) in one.iter().zip(&many) {
        // The pickle's keys carry the folder's name, which differs in length.
        assert!(a == b || name.extension().is_some_and(|e| e == "pkl"), "{} differs", name.display());
    }
}

#[test]
fn shards_with_other_settings_are_refused() {
    let work = Work::new();
    let other = PreprocessingConfig { top_db: 60.0, ..PreprocessingConfig::default() };
    work.save("p", Some((1, 2))).unwrap();
    work.save_with(&other, "p", Some((2, 2))).unwrap();
    let message = merge_shards(&work.path("p")).unwrap_err().to_string();
    assert!(message.contains("other settings"), "{message}");
    assert!(work.save("p", Some((3, 2))).unwrap_err().to_string().contains("3/2"));
}

#[test]
fn a_second_run_leaves_nothing_stale_and_touches_nothing_foreign() {
    let work = Work::new();
    let config =
        PreprocessingConfig { save_signal: true, save_magnitude: true, ..PreprocessingConfig::default() };
    work.save_with(&config, "p", None).unwrap();
    let gone = work.scan().files[0].clone();
    for kind in ["spectrograms", "signals", "magnitudes"] {
        assert!(work.path("p").join(kind).join(format!("{}.npy", gone.display())).is_file());
    }
    fs::remove_file(work.path("sounds").join(&gone)).unwrap();
    work.save("p", None).unwrap();
    for kind in ["spectrograms", "signals", "magnitudes"] {
        assert!(!work.path("p").join(kind).join(format!("{}.npy", gone.display())).exists(), "{kind}");
    }
    assert_eq!(Dataset::open(&work.path("p")).unwrap().len(), work.scan().files.len());
    let foreign = work.path("p/spectrograms/foreign.npy");
    fs::write(&foreign, b"someone else's").unwrap();
    let message = work.save("p", None).unwrap_err().to_string();
    assert!(message.contains("foreign.npy") && foreign.exists(), "{message}");
}

#[test]
fn bad_files_are_named_and_the_rest_goes_on() {
    let work = Work::new();
    let good = work.scan().files.len();
    let sounds = work.path("sounds");
    fs::write(sounds.join("empty.wav"), b"").unwrap();
    fs::write(sounds.join("text.wav"), b"This is a diary.").unwrap();
    work.sound("nan.wav", &Clip::mono(vec![f32::NAN; 100], 8000));
    work.sound("silent.wav", &Clip::mono(vec![0.0; 9000], 22_050));
    fs::copy(sounds.join(&work.scan().files[0]), sounds.join("misnamed.flac")).unwrap();
    let events = Mutex::new(Vec::new());
    let pipeline = PreprocessingPipeline::from_config(&PreprocessingConfig::default()).unwrap();
    let dataset = pipeline
        .dataset(&work.scan(), &|event| events.lock().unwrap().push(event), &Interrupt::new())
        .unwrap();
    assert_eq!(dataset.len(), good + 2);
    let skipped: Vec<String> = dataset
        .skipped
        .iter()
        .map(|skip| skip.path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(skipped, ["empty.wav", "nan.wav", "text.wav"]);
    let flags = |name: &str| dataset.items.iter().find(|item| item.name == name).unwrap().flags.clone();
    assert_eq!(flags("silent.wav"), [Flag::Silent]);
    assert!(matches!(flags("misnamed.flac")[..], [Flag::Misnamed { .. }]));
    let silent = dataset.items.iter().position(|item| item.name == "silent.wav").unwrap();
    assert!(dataset.image(silent).iter().all(|value| *value == 0.0));
    let events = events.into_inner().unwrap();
    let done = events.iter().filter(|event| matches!(event, PipelineEvent::Done { .. })).count();
    assert_eq!(done, good + 5);
}

#[test]
fn nothing_usable_and_a_stop_are_errors() {
    let work = Work { folder: tempfile::tempdir().unwrap() };
    fs::create_dir(work.path("sounds")).unwrap();
    fs::write(work.path("sounds/a.wav"), b"").unwrap();
    let message = work.save("p", None).unwrap_err().to_string();
    assert!(message.contains("none of 1 sound files") && message.contains("empty"), "{message}");
    let message = Dataset::open(&work.path("p")).unwrap_err().to_string();
    assert!(message.contains("interrupted"), "{message}");
    let interrupt = Interrupt::new();
    interrupt.stop();
    let pipeline = PreprocessingPipeline::from_config(&PreprocessingConfig::default()).unwrap();
    let stopped = pipeline.dataset(&Work::new().scan(), &|_| {}, &interrupt);
    assert!(matches!(stopped, Err(PipelineError::Stopped)));
}

#[test]
fn whole_files_are_padded_to_the_longest() {
    let work = Work::new();
    let config = PreprocessingConfig { duration: ClipDuration::Full, ..PreprocessingConfig::default() };
    let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
    let dataset = pipeline.dataset(&work.scan(), &|_| {}, &Interrupt::new()).unwrap();
    let longest = demo::sounds().step_by(45).map(|sound| sound.clip.len()).max().unwrap();
    assert_eq!(dataset.image_shape(), (256, 1 + longest / 256));
    assert_eq!(dataset.config.padded_len(), Some(longest));
    work.save_with(&config, "p", None).unwrap();
    let opened = Dataset::open(&work.path("p")).unwrap();
    assert_eq!((opened.images, opened.config), (dataset.images, dataset.config));
}

#[test]
#[cfg_attr(not(has_numpy), ignore = "needs a Python with NumPy (TIMBRESPACE_PYTHON names one) at build time")]
fn python_reads_what_was_written_and_the_other_way_round() {
    let python = python();
    let work = Work::new();
    work.save("p", None).unwrap();
    // As the tutorial does: walk the features, look each path up, and write them again in its own way.
    let script = "
import os, pickle, sys
import numpy as np
source, target = sys.argv[1:]
values = pickle.load(open(os.path.join(source, 'min_max_values.pkl'), 'rb'))
again = {}
for root, _, names in os.walk(os.path.join(source, 'spectrograms')):
    for name in names:
        path = os.path.join(root, name)
        image = np.load(path)
        entry = values[path]
        assert image.dtype == np.float32 and image.flags.c_contiguous and image.shape == (256, 64), image.shape
        assert type(entry['min']) is float and entry['min'] < entry['max'], entry
        os.makedirs(os.path.join(target, 'spectrograms'), exist_ok=True)
        copy = os.path.join(target, 'spectrograms', os.path.basename(root) + '-' + name)
        np.save(copy, np.asfortranarray(image.astype(np.float64)[..., np.newaxis]))
        again[os.path.abspath(copy)] = {'min': np.float32(entry['min']), 'max': np.float32(entry['max'])}
pickle.dump(again, open(os.path.join(target, 'min_max_values.pkl'), 'wb'))
";
    let output =
        Command::new(python).args(["-c", script]).arg(work.path("p")).arg(work.path("q")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (ours, pythons) = (Dataset::open(&work.path("p")).unwrap(), Dataset::open(&work.path("q")).unwrap());
    assert_eq!(ours.len(), pythons.len());
    for (index, item) in ours.items.iter().enumerate() {
        let name = item.name.replace('/', "-");
        let other = pythons.items.iter().position(|other| other.name == name).unwrap();
        assert_eq!(pythons.items[other].min_max, item.min_max);
        assert_eq!(pythons.image(other), ours.image(index));
    }
    assert!(
        pythons.notes.iter().any(|note| note.to_string().contains("no preprocessing.json")),
        "{:?}",
        pythons.notes
    );
    assert_eq!(pythons.notes.len(), 1, "{:?}", pythons.notes);
}
