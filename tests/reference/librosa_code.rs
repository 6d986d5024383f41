//! The Python that the settings are copied as, run where librosa is installed.

use std::{path::Path, process::Command};

use ndarray::Array2;
use ndarray_npy::ReadNpyExt as _;
use timbrespace::{
    audio::{
        clip::Clip,
        demo,
        encode::{BitDepth, write_wav},
        piece,
    },
    interrupt::Interrupt,
    pipeline::{
        config::{ChannelChoice, ClipDuration, PadMode, PadSide, PreprocessingConfig},
        feature::LOG_FREQUENCY,
        librosa_code::librosa_code,
        pieces::{self, Cutting, PieceConfig},
        preprocessing::PreprocessingPipeline,
    },
};

use super::interpreter::python;
use timbrespace_base::differences::largest_difference;

/// Largest difference of a normalised value: librosa's resampler and ours differ by this much at most.
const TOLERANCE: f32 = 5e-4;

fn settings() -> Vec<(&'static str, PreprocessingConfig)> {
    let at_silences = PieceConfig { at: Cutting::Silences, ..PieceConfig::default() };
    let base = PreprocessingConfig::default();
    let mel = PreprocessingConfig { resample: true, ..PreprocessingConfig::log_mel() };
    vec![
        ("defaults", base.clone()),
        (
            "one channel, padded before, another range",
            PreprocessingConfig {
                channel: ChannelChoice::Index(1),
                pad_side: PadSide::Left,
                pad_mode: PadMode::Reflect,
                range_min: -1.0,
                top_db: 60.0,
                ..base.clone()
            },
        ),
        (
            "whole file, other frames",
            PreprocessingConfig {
                duration: ClipDuration::Full,
                frame_size: 1024,
                hop_length: 200,
                ..base.clone()
            },
        ),
        ("an offset", PreprocessingConfig { offset_secs: 0.123, ..base.clone() }),
        ("silence at the start", PreprocessingConfig { trim_silence: true, ..base.clone() }),
        ("a piece", PreprocessingConfig { pieces: at_silences, ..base }),
        (
            "log-mel of a number of samples",
            PreprocessingConfig { duration: ClipDuration::Samples(32_768), ..mel },
        ),
        ("log-frequency", LOG_FREQUENCY.defaults()),
        (
            "log-frequency of semitones from C2 on",
            PreprocessingConfig {
                log_bands: 84,
                bands_per_octave: 12,
                log_min_hz: 65.406,
                top_db: 60.0,
                ..LOG_FREQUENCY.defaults()
            },
        ),
    ]
}

/// A demo sound in stereo, its second channel half as loud.
fn recording(folder: &Path) -> std::path::PathBuf {
    let clip = demo::sounds().nth(50).unwrap().clip;
    let first = clip.channels()[0].clone();
    let second = first.iter().map(|sample| sample * 0.5).collect();
    let path = folder.join("sound.wav");
    let silence = vec![0.0; 9000];
    let with_silence = |sound: Vec<f32>| [silence.clone(), sound, silence.clone()].concat();
    let channels = vec![with_silence(first), with_silence(second)];
    let stereo = Clip::from_channels(channels, clip.sample_rate_hz());
    write_wav(&path, &stereo, BitDepth::Float32).unwrap();
    path
}

#[test]
#[cfg_attr(
    not(has_librosa),
    ignore = "needs a Python with librosa (TIMBRESPACE_PYTHON names one) at build time"
)]
fn the_copied_code_makes_the_same_image() {
    let python = python();
    let folder = tempfile::tempdir().unwrap();
    let file = recording(folder.path());
    for (name, config) in settings() {
        let cut = pieces::cut(&file, &config, &mut |_| (), &Interrupt::new()).unwrap().unwrap();
        let path = if config.pieces.is_on() {
            piece::path_of(&file, cut.pieces().next().unwrap().start_ms, 1)
        } else {
            file.clone()
        };
        let code = librosa_code(&config, &pieces::part_of(&path, &config).unwrap());
        let out = folder.path().join("image.npy");
        let save =
            format!("{code}    np.save({out:?}, np.ascontiguousarray(image({file:?}), dtype=np.float32))\n");
        let script = folder.path().join("copied.py");
        std::fs::write(&script, save).unwrap();
        let output = Command::new(&python).arg(&script).output().unwrap();
        assert!(output.status.success(), "{name}: {}\n{code}", String::from_utf8_lossy(&output.stderr));
        let theirs = Array2::<f32>::read_npy(std::fs::File::open(&out).unwrap()).unwrap();
        let ours = PreprocessingPipeline::from_config(&config).unwrap().stages(&path).unwrap().normalised;
        assert_eq!(theirs.dim(), ours.dim(), "{name}");
        let largest = largest_difference(&theirs, &ours);
        println!("{name}: largest difference {largest:.1e}");
        assert!(largest < TOLERANCE, "{name}: {largest}");
    }
}
