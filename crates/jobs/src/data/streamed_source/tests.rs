use std::{fs, time::Duration};

use super::*;
use crate::{
    data::source::{self, batch},
    demo, preprocess,
};
use timbrespace_base::{interrupt::Interrupt, outputs::Replace};
use timbrespace_signal::pipeline::config::ClipDuration;

/// A few demo sounds, preprocessed to small images.
fn folder(dir: &Path) -> PathBuf {
    let sounds = dir.join("sounds");
    demo::ensure(&sounds, &JobContext::silent(&Interrupt::new())).unwrap();
    for class in fs::read_dir(&sounds).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        for sound in fs::read_dir(class.path()).unwrap().flatten().skip(3) {
            fs::remove_file(sound.path()).unwrap();
        }
    }
    let config = PreprocessingConfig {
        duration: ClipDuration::Seconds(0.1),
        frame_size: 64,
        hop_length: 64,
        range_max: 2.0,
        ..PreprocessingConfig::default()
    };
    let out = dir.join("P");
    let request = preprocess::Request {
        left_out: LeftOut::default(),
        folder: sounds,
        out: out.clone(),
        config,
        shard: None,
        threads: Some(1),
        replace: Replace::Own,
    };
    preprocess::run(&request, &JobContext::silent(&Interrupt::new())).unwrap();
    out
}

#[test]
fn images_from_disk_are_those_from_memory_whatever_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let folder = folder(dir.path());
    let memory = DatasetSource(Arc::new(Dataset::open(&folder).unwrap()));
    let (bins, frames) = memory.image_shape();
    let pixels = bins * frames;
    for bytes in [0, 3 * pixels * 4, 1 << 20] {
        let streamed =
            StreamedSource::with_store(&folder, &PreprocessingConfig::default(), &LeftOut::default(), bytes)
                .unwrap();
        assert_eq!((streamed.len(), streamed.image_shape()), (memory.len(), memory.image_shape()));
        assert!(streamed.dataset().images.is_empty());
        assert_eq!(streamed.dataset().items, memory.0.items);
        streamed.prefetch(&[5, 1, 4, 1]);
        let (mut expected, mut actual) = (vec![0.0; pixels], vec![0.0; pixels]);
        for index in (0..memory.len()).chain([0, memory.len() - 1]) {
            memory.fill(index, &mut expected).unwrap();
            streamed.fill(index, &mut actual).unwrap();
            assert_eq!(actual, expected, "image {index} with room for {bytes} bytes");
            assert_eq!(streamed.class(index), memory.class(index));
        }
        assert!(streamed.shared.store().images.len() <= streamed.shared.capacity);
    }
}

#[test]
fn recordings_and_images_of_a_folder_are_those_from_memory_and_few_are_held() {
    let dir = tempfile::tempdir().unwrap();
    let (images, sounds) = (folder(dir.path()), dir.path().join("sounds"));
    fs::write(sounds.join("a_broken.wav"), b"RIFF\x04\0\0\0WAVE").unwrap();
    let (nothing, interrupt) = (LeftOut::default(), Interrupt::new());
    let context = JobContext::silent(&interrupt);
    let config = Dataset::open(&images).unwrap().config;
    let whole = PreprocessingConfig { duration: ClipDuration::Full, ..config.clone() };
    for (folder, config) in [(&images, &config), (&sounds, &config), (&sounds, &whole)] {
        let chosen = Chosen::new(folder, &nothing);
        let memory = source::open(chosen, config, &context).unwrap();
        let (bins, frames) = memory.image_shape();
        let all: Vec<usize> = (0..memory.len()).rev().collect();
        let expected = batch(&DatasetSource(Arc::new(memory.clone())), &all).unwrap();
        for held in [1, 4, memory.len()] {
            let bytes = held * bins * frames * size_of::<f32>();
            let streamed = StreamedSource::of_with_store(chosen, config, &context, bytes).unwrap();
            let dataset = streamed.dataset();
            assert_eq!((&dataset.items, &dataset.skipped), (&memory.items, &memory.skipped));
            assert_eq!(dataset.images.dim(), (0, bins, frames));
            for _ in 0..2 {
                assert_eq!(batch(&streamed, &all).unwrap(), expected);
                assert!(streamed.shared.store().images.len() <= held);
            }
        }
    }
}

#[test]
fn a_recording_that_is_gone_later_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (images, sounds) = (folder(dir.path()), dir.path().join("sounds"));
    let (nothing, interrupt) = (LeftOut::default(), Interrupt::new());
    let config = Dataset::open(&images).unwrap().config;
    let chosen = Chosen::new(&sounds, &nothing);
    let source = StreamedSource::of_with_store(chosen, &config, &JobContext::silent(&interrupt), 0).unwrap();
    let file = source.dataset().items[2].source.clone().unwrap();
    fs::remove_file(&file).unwrap();
    let error = batch(&source, &[0, 2]).unwrap_err().to_string();
    assert!(error.contains(file.to_str().unwrap()) && !error.contains("training"), "{error}");
}

#[test]
fn a_damaged_image_is_left_out_before_the_run_and_the_others_keep_their_places() {
    let dir = tempfile::tempdir().unwrap();
    let folder = folder(dir.path());
    let whole = Dataset::open(&folder).unwrap();
    let path = folder.join("spectrograms").join(format!("{}.npy", whole.items[3].name));
    let mut bytes = fs::read(&path).unwrap();
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    fs::write(&path, bytes).unwrap();
    let streamed =
        StreamedSource::open(&folder, &PreprocessingConfig::default(), &LeftOut::default()).unwrap();
    assert_eq!(streamed.len(), whole.len() - 1);
    assert!(streamed.dataset().unreadable[0].cause.to_string().contains("NaN"));
    let whole = DatasetSource(Arc::new(whole));
    let (bins, frames) = whole.image_shape();
    let (mut expected, mut actual) = (vec![0.0; bins * frames], vec![0.0; bins * frames]);
    for index in 0..streamed.len() {
        let of_whole = if index < 3 { index } else { index + 1 };
        whole.fill(of_whole, &mut expected).unwrap();
        streamed.fill(index, &mut actual).unwrap();
        assert_eq!((&actual, streamed.name(index)), (&expected, whole.name(of_whole)));
    }
}

#[test]
fn expected_images_are_read_ahead() {
    let dir = tempfile::tempdir().unwrap();
    let streamed =
        StreamedSource::open(&folder(dir.path()), &PreprocessingConfig::default(), &LeftOut::default())
            .unwrap();
    streamed.prefetch(&[2, 0, 7]);
    while ![0, 2, 7].iter().all(|index| streamed.shared.has(*index)) {
        thread::sleep(Duration::from_millis(1));
    }
    assert!(!streamed.shared.has(1));
    // What was read ahead is there even when its file is gone; another is named.
    let Images::Training(files) = &streamed.shared.images else { panic!("not for training") };
    for file in files {
        fs::remove_file(file).unwrap();
    }
    let (bins, frames) = streamed.image_shape();
    let mut image = vec![0.0; bins * frames];
    streamed.fill(7, &mut image).unwrap();
    let error = streamed.fill(1, &mut image).unwrap_err().to_string();
    assert!(error.contains(files[1].to_str().unwrap()), "{error}");
    assert!(error.contains("resume"), "{error}");
}
