//! The undamaged files that inputs are made of: sounds of every format, a preprocessed folder, a model with its run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use timbrespace::audio::{
    clip::Clip,
    encode::{BitDepth, write_wav},
};

use super::process::{LIMIT, Line};

/// One undamaged file.
pub struct Seed {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Seed {
    fn read(path: &Path) -> Self {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        Self { name, bytes: fs::read(path).unwrap() }
    }

    pub fn extension(&self) -> &str {
        self.name.rsplit_once('.').map_or("wav", |(_, extension)| extension)
    }
}

/// Everything that is damaged, in a folder that is gone at the end.
pub struct Seeds {
    folder: tempfile::TempDir,
    pub sounds: Vec<Seed>,
}

impl Seeds {
    /// Has `program` make what it can make itself. `more` is a folder of other sounds.
    pub fn new(program: &Path, more: Option<&Path>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        recordings(&dir.join("recordings"), 12);
        recordings(&dir.join("many"), 100);
        let line = |words: &[&str]| {
            let ending = Line::new(program, words).run(dir, LIMIT * 6);
            assert!(
                ending.fault.is_none() && ending.errors.contains("error:").eq(&false),
                "{}",
                ending.errors
            );
        };
        for (from, to) in [("recordings", "P"), ("many", "Q")] {
            let size = ["--duration", "0.1", "--frame-size", "64", "--hop-length", "64"];
            line(&[&["preprocess", from, "--out", to][..], &size].concat());
        }
        line(&[
            "train",
            "P",
            "--out",
            "B",
            "--preset",
            "small",
            "--latent-size",
            "2",
            "--batch-size",
            "6",
            "--threads",
            "1",
            "--epochs",
            "2",
        ]);
        line(&["settings", "--of", "B", "--out", "settings.toml"]);
        let mut sounds = own_sounds(dir);
        let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/audio");
        for folder in [Some(vectors.as_path()), more].into_iter().flatten() {
            sounds.extend(files(folder).iter().filter(|path| is_small(path)).map(|path| Seed::read(path)));
        }
        Self { folder, sounds }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The files below a folder of the seeds whose relative paths contain `part`.
    pub fn below(&self, name: &str, part: &str) -> Vec<String> {
        let found = files(&self.path(name))
            .into_iter()
            .map(|path| path.strip_prefix(self.folder.path()).unwrap().to_str().unwrap().replace('\\', "/"));
        found.filter(|path| path.contains(part)).collect()
    }
}

/// Large seeds make few inputs.
fn is_small(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.len() < 100_000)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    found.sort();
    found
}

/// Tones of two classes.
fn recordings(folder: &Path, count: usize) {
    for class in ["low", "high"] {
        fs::create_dir_all(folder.join(class)).unwrap();
    }
    for number in 0..count {
        let class = if number.is_multiple_of(2) { "low" } else { "high" };
        let hz = 200.0 + 30.0 * number as f32;
        let path = folder.join(format!("{class}/{class}_{number}.wav"));
        write_wav(&path, &tone(hz, 1600), BitDepth::Int16).unwrap();
    }
}

fn tone(hz: f32, samples: usize) -> Clip {
    let step = hz / 16_000.0 * std::f32::consts::TAU;
    Clip::mono((0..samples).map(|n| 0.4 * (n as f32 * step).sin()).collect(), 16_000)
}

/// WAV files of several kinds by our own writer and by hand, AIFF's cousin CAF by hand.
fn own_sounds(dir: &Path) -> Vec<Seed> {
    let mut sounds = Vec::new();
    for (name, depth) in
        [("int16.wav", BitDepth::Int16), ("int24.wav", BitDepth::Int24), ("float.wav", BitDepth::Float32)]
    {
        let path = dir.join(name);
        write_wav(&path, &tone(300.0, 400), depth).unwrap();
        sounds.push(Seed::read(&path));
    }
    let data: Vec<u8> = (0..800_u32).map(|n| (n * 37 % 251) as u8).collect();
    for (name, tag, channels, bits) in [
        ("pcm8.wav", 1_u16, 1_u16, 8_u16),
        ("stereo.wav", 1, 2, 16),
        ("int32.wav", 1, 1, 32),
        ("double.wav", 3, 1, 64),
        ("alaw.wav", 6, 1, 8),
        ("mulaw.wav", 7, 1, 8),
        ("extensible.wav", 0xfffe, 2, 16),
        ("ima.wav", 0x11, 1, 4),
        ("ms_adpcm.wav", 2, 1, 4),
    ] {
        sounds.push(Seed { name: name.to_owned(), bytes: wav(tag, channels, bits, &data) });
    }
    sounds.push(Seed { name: "lpcm.caf".to_owned(), bytes: caf(&data) });
    sounds
}

fn wav(tag: u16, channels: u16, bits: u16, data: &[u8]) -> Vec<u8> {
    let block = if bits == 4 { 256 } else { channels * bits / 8 };
    let more: Vec<u8> = match tag {
        0xfffe => {
            [&[22, 0, 16, 0, 3, 0, 0, 0, 1, 0][..], b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"].concat()
        }
        0x11 => vec![2, 0, 0xf9, 1],
        2 => vec![4, 0, 0xf4, 1, 7, 0],
        _ => Vec::new(),
    };
    let format = [
        &tag.to_le_bytes()[..],
        &channels.to_le_bytes(),
        &8000_u32.to_le_bytes(),
        &(8000 * u32::from(block)).to_le_bytes(),
        &block.to_le_bytes(),
        &bits.to_le_bytes(),
        &more,
    ]
    .concat();
    let chunks =
        [chunk(*b"fmt ", &format), chunk(*b"LIST", b"INFOINAM\x02\0\0\0a\0"), chunk(*b"data", data)].concat();
    chunk(*b"RIFF", &[&b"WAVE"[..], &chunks].concat())
}

fn chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    [&name[..], &(body.len() as u32).to_le_bytes(), body].concat()
}

/// 16-bit PCM in a Core Audio file.
fn caf(data: &[u8]) -> Vec<u8> {
    let mut bytes = b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20".to_vec();
    bytes.extend(8000_f64.to_be_bytes());
    bytes.extend(b"lpcm");
    for field in [0_u32, 2, 1, 1, 16] {
        bytes.extend(field.to_be_bytes());
    }
    bytes.extend(b"data");
    bytes.extend((data.len() as u64 + 4).to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(data);
    bytes
}
