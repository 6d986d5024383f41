use std::path::PathBuf;

use serde_json::Value;

use super::*;
use crate::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
        piece,
    },
    pipeline::config::ClipDuration,
};

/// A folder with one recording of these samples at 8 kHz.
struct Recording {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Recording {
    fn at(samples: Vec<f32>, sample_rate_hz: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.wav");
        write_wav(&path, &Clip::mono(samples, sample_rate_hz), BitDepth::Float32).unwrap();
        Self { _folder: folder, path }
    }

    fn cut(&self, config: &PreprocessingConfig) -> Arc<Cut> {
        cut(&self.path, config, &mut |_| (), &Interrupt::new()).unwrap().unwrap()
    }
}

fn config(at: Cutting, secs: f64) -> PreprocessingConfig {
    PreprocessingConfig {
        duration: ClipDuration::Seconds(secs),
        pieces: PieceConfig { at, ..PieceConfig::default() },
        ..PreprocessingConfig::default()
    }
}

fn used(cut: &Cut) -> Vec<(u64, u64)> {
    cut.pieces().map(|piece| (piece.start_ms, piece.end_ms)).collect()
}

fn tone(len: usize) -> Vec<f32> {
    (0..len).map(|n| (n as f32 * 0.3).sin() * 0.5).collect()
}

/// Tones of so many samples, silences of so many between them.
fn tones(lens: &[(usize, usize)]) -> Vec<f32> {
    lens.iter().flat_map(|(sound, rest)| [tone(*sound), vec![0.0; *rest]]).flatten().collect()
}

#[test]
fn pieces_of_a_length_lie_side_by_side_or_overlap() {
    let recording = Recording::at(tone(20_000), 8000);
    assert_eq!(
        used(&recording.cut(&config(Cutting::Length, 0.74))),
        [(0, 740), (740, 1480), (1480, 2220), (2220, 2500)]
    );
    let mut overlapping = config(Cutting::Length, 1.0);
    overlapping.pieces.overlap_secs = 0.25;
    assert_eq!(used(&recording.cut(&overlapping)), [(0, 1000), (750, 1750), (1500, 2500)]);
    let short = recording.cut(&config(Cutting::Length, 0.6));
    assert_eq!((used(&short).len(), short.count(Reason::Short)), (5, 0), "0.1 s is just long enough");
    let mut longer = config(Cutting::Length, 0.6);
    longer.pieces.min_piece_secs = 0.11;
    let short = recording.cut(&longer);
    assert_eq!((used(&short).len(), short.count(Reason::Short)), (4, 1));
}

#[test]
fn silent_pieces_are_left_out_and_counted() {
    let recording = Recording::at(tones(&[(4000, 12_000), (4000, 0)]), 8000);
    let cut = recording.cut(&config(Cutting::Length, 0.5));
    assert_eq!(used(&cut), [(0, 500), (2000, 2500)]);
    assert_eq!((cut.count(Reason::Silent), cut.all.len()), (3, 5));
    let silent = Recording::at(vec![0.0; 8000], 8000);
    for at in [Cutting::Length, Cutting::Silences, Cutting::Onsets] {
        assert!(used(&silent.cut(&config(at, 0.5))).is_empty());
    }
}

#[test]
fn silences_cut_unless_they_are_short_and_long_sounds_are_cut_on() {
    let recording = Recording::at(tones(&[(4096, 8192), (16_384, 512), (2048, 8192)]), 8000);
    // A frame reaches almost 1,024 samples (128 ms) beyond each end.
    let cut = recording.cut(&config(Cutting::Silences, 1.0));
    assert_eq!(used(&cut), [(0, 640), (1472, 2472), (2472, 3472), (3472, 4032)]);
    let mut narrow = config(Cutting::Silences, 9.0);
    narrow.pieces.silence_db = 1.0;
    narrow.pieces.min_silence_secs = 0.0;
    narrow.pieces.min_piece_secs = 0.0;
    assert_eq!(used(&recording.cut(&narrow)).len(), 3);
}

#[test]
fn a_piece_is_loaded_as_librosa_loads_that_part() {
    use crate::pipeline::loader::{Loader as _, StandardLoader};
    let recording = Recording::at(tones(&[(4096, 8192), (4096, 8192)]), 8000);
    let mut config = config(Cutting::Silences, 2.0);
    config.sample_rate_hz = 8000;
    let loader = StandardLoader::new(&config);
    let all = crate::audio::decode::decode(&recording.path).unwrap().into_channels().remove(0);
    let starts: Vec<u64> = recording.cut(&config).pieces().map(|piece| piece.start_ms).collect();
    assert_eq!(starts, [0, 1472]);
    let loaded = loader.load(&piece::path_of(&recording.path, 1472, 1)).unwrap();
    // To its own end, which comes before the duration's.
    assert_eq!(loaded.signal, all[11_776..11_776 + 5632]);
    assert!((loaded.native_duration_secs - 3.072).abs() < 1e-9);
    // A start of one's own: to where the next piece begins.
    let loaded = loader.load(&piece::path_of(&recording.path, 1000, 1)).unwrap();
    assert_eq!(loaded.signal, all[8000..11_776]);
    let beyond = loader.load(&piece::path_of(&recording.path, 9000, 1)).unwrap_err().to_string();
    assert!(beyond.contains("3.072 s long"), "{beyond}");
    config.pieces.at = Cutting::Off;
    config.duration = ClipDuration::Seconds(0.5);
    let loaded = StandardLoader::new(&config).load(&piece::path_of(&recording.path, 1000, 1)).unwrap();
    assert_eq!(loaded.signal, all[8000..12_000]);
}

#[test]
fn an_offset_and_trimmed_silence_come_before_the_first_seconds() {
    use crate::pipeline::loader::{Loader as _, StandardLoader};
    let recording = Recording::at(tones(&[(0, 8192), (4096, 0)]), 8000);
    let all = crate::audio::decode::decode(&recording.path).unwrap();
    let mut config = config(Cutting::Off, 0.25);
    config.sample_rate_hz = 8000;
    config.offset_secs = 0.5;
    let both = |config: &PreprocessingConfig| {
        let loader = StandardLoader::new(config);
        let of_file = loader.load(&recording.path).unwrap().signal;
        assert_eq!(loader.load_clip(&all, Path::new("clip")).unwrap().signal, of_file);
        of_file
    };
    assert_eq!(both(&config), all.channels()[0][4000..6000]);
    config.offset_secs = 0.0;
    config.trim_silence = true;
    // The first frame that is not silent lies around sample 7,680: it reaches 1,024 samples further.
    assert_eq!(both(&config), all.channels()[0][7680..9680]);
}

#[test]
fn settings_that_cannot_be_are_refused_with_both_values() {
    let message = |change: fn(&mut PreprocessingConfig)| {
        let mut config = config(Cutting::Length, 0.74);
        change(&mut config);
        config.validate().unwrap_err().to_string()
    };
    assert!(
        message(|c| c.pieces.overlap_secs = 0.74).contains("--overlap is 0.74, but must be at least 0.01 s")
    );
    assert!(message(|c| c.duration = ClipDuration::Full).contains("--duration is full"));
    assert!(message(|c| c.offset_secs = 1.0).contains("--offset is 1, but must be 0"));
    assert!(message(|c| c.pieces.silence_db = f64::NAN).starts_with("--silence-db"));
    config(Cutting::Onsets, 0.74).validate().unwrap();
}

/// The signal that `scripts/make_vectors.py` cut with librosa.
fn vector_signal(name: &str) -> (Vec<f32>, u32, Value) {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let clip = crate::audio::decode::decode(&vectors.join(format!("audio/{name}.wav"))).unwrap();
    let rate = clip.sample_rate_hz();
    let sound = &clip.channels()[0];
    let rest = |secs: f64| vec![0.0; (secs * f64::from(rate)) as usize];
    let quiet: Vec<f32> = sound.iter().map(|sample| sample * 0.25).collect();
    let backwards: Vec<f32> = sound.iter().rev().copied().collect();
    let signal = [sound.clone(), rest(0.25), quiet, rest(0.4), backwards, rest(0.1)].concat();
    let all: Value =
        serde_json::from_str(&std::fs::read_to_string(vectors.join("pieces.json")).unwrap()).unwrap();
    (signal, rate, all[name].clone())
}

#[test]
fn silences_and_onsets_are_those_of_librosa() {
    for name in ["pluck_22k", "vowel_8k"] {
        let (signal, rate, expected) = vector_signal(name);
        let recording = Recording::at(signal, rate);
        let measured =
            measure::measured(&recording.path, ChannelChoice::Mix, true, &mut |_| (), &Interrupt::new())
                .unwrap()
                .unwrap();
        let split: Vec<[u64; 2]> = serde_json::from_value(expected["split"].clone()).unwrap();
        let stretches: Vec<[u64; 2]> =
            measured.levels.stretches(40.0).iter().map(|part| [part.start, part.end]).collect();
        assert_eq!(stretches, split, "{name}");
        let strength = measured.onset_strength.as_ref().unwrap();
        let expected_strength: Vec<f32> = serde_json::from_value(expected["strength"].clone()).unwrap();
        assert_eq!(strength.len(), expected_strength.len());
        for (frame, (ours, theirs)) in strength.iter().zip(&expected_strength).enumerate() {
            assert!((ours - theirs).abs() < 2e-3, "{name}, frame {frame}: {ours} {theirs}");
        }
        let onsets: Vec<usize> = serde_json::from_value(expected["onsets"].clone()).unwrap();
        let found: Vec<usize> =
            onset::onsets(strength, rate, 0.07).iter().map(|frame| frame * onset::HOP).collect();
        assert_eq!(found, onsets, "{name}");
    }
}
