//! A folder to run commands in, what they answered, and sounds to run them on.

use std::{
    f32::consts::TAU,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use assert_cmd::Command;
use serde_json::Value;
use timbrespace::audio::{
    clip::Clip,
    encode::{BitDepth, write_wav},
};

use timbrespace_base::differences::largest;

pub const RATE: u32 = 22_050;
/// Samples that the default settings use of a recording.
pub const USED_SAMPLES: usize = 16_317;

/// A folder of its own, gone at the end of the test.
pub struct Workplace(tempfile::TempDir);

impl Workplace {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Twelve short sounds of three classes.
    pub fn recordings(&self) -> PathBuf {
        for (class, overtones) in [("dull", 1), ("plain", 3), ("bright", 8)] {
            for number in 0..4 {
                let name = format!("recordings/{class}/{class}_{number}.wav");
                self.write(&name, &tone(150.0 + 90.0 * number as f32, overtones));
            }
        }
        self.path("recordings")
    }

    /// Writes a recording, and the folders above it.
    pub fn write(&self, name: &str, clip: &Clip) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_wav(&path, clip, BitDepth::Int16).unwrap();
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = Command::cargo_bin("timbrespace")
            .unwrap()
            .current_dir(self.0.path())
            .args(arguments)
            .output()
            .unwrap();
        Run::new(&output)
    }

    /// Trains a small model on the images in `p`, with a quarter of them held out.
    pub fn train(&self, preset: &str, out: &str, more: &[&str]) -> Run {
        let size = ["--preset", preset, "--batch-size", "4", "--latent-size", "4"];
        let draws = ["--seed", "7", "--validation", "0.25"];
        self.run(&[&["train", "p", "--out", out][..], &size, &draws, more].concat())
    }
}

pub fn tone(hz: f32, overtones: usize) -> Clip {
    let samples = (0..RATE / 2).map(|index| {
        let time = index as f32 / RATE as f32;
        let sum: f32 = (1..=overtones).map(|n| (time * hz * n as f32 * TAU).sin() / n as f32).sum();
        0.3 * sum * (-4.0 * time).exp()
    });
    Clip::mono(samples.collect(), RATE)
}

/// A steady tone, as long as the default settings use.
pub fn sine(hz: f32) -> Clip {
    let samples = (0..USED_SAMPLES).map(|n| 0.4 * (TAU * hz * n as f32 / RATE as f32).sin());
    Clip::mono(samples.collect(), RATE)
}

/// What a command did.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }

    /// The one JSON object on standard output.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    #[track_caller]
    pub fn failed(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{self:#?}");
        assert_eq!(self.stderr.matches("error:").count(), 1, "said once: {self:#?}");
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is missing in {self:#?}");
        }
    }
}

/// Samples of a WAV file, with its bits per sample.
pub fn wav(path: &Path) -> (Vec<f32>, u16) {
    let mut reader = hound::WavReader::open(path).unwrap();
    let spec = reader.spec();
    let samples = match spec.sample_format {
        hound::SampleFormat::Float => reader.samples::<f32>().map(Result::unwrap).collect(),
        hound::SampleFormat::Int => {
            let full = (1_u32 << (spec.bits_per_sample - 1)) as f32;
            reader.samples::<i32>().map(|sample| sample.unwrap() as f32 / full).collect()
        }
    };
    (samples, spec.bits_per_sample)
}

#[track_caller]
pub fn assert_sounds(path: &Path) -> Vec<f32> {
    let (samples, _) = wav(path);
    let peak = largest(samples.iter().map(|sample| sample.abs()));
    assert!(peak > 0.001 && peak <= 0.9901, "{}: peak {peak}", path.display());
    samples
}
