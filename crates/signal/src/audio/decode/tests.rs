use std::path::PathBuf;

use super::*;
use crate::audio::encode::{BitDepth, write_wav};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn wav(&self, name: &str, samples: Vec<f32>) -> PathBuf {
        let path = self.0.path().join(name);
        write_wav(&path, &Clip::mono(samples, 8000), BitDepth::Float32).unwrap();
        path
    }
}

/// A WAV header with these values, followed by `data`.
fn wav_bytes(tag: u16, channels: u16, rate: u32, bits: u16, data_len: u32, data: &[u8]) -> Vec<u8> {
    let block = channels.wrapping_mul(bits / 8);
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36_u32.wrapping_add(data_len)).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend(tag.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend(rate.wrapping_mul(block.into()).to_le_bytes());
    bytes.extend(block.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(data_len.to_le_bytes());
    bytes.extend(data);
    bytes
}

#[test]
fn every_integer_depth_has_the_same_full_scale() {
    let folder = Folder::new();
    for (bits, data) in [
        (8, vec![0_u8, 128, 192]),
        (16, [i16::MIN, 0, 1 << 14].iter().flat_map(|s| s.to_le_bytes()).collect()),
        (24, vec![0, 0, 0x80, 0, 0, 0, 0, 0, 0x40]),
        (32, [i32::MIN, 0, 1 << 30].iter().flat_map(|s| s.to_le_bytes()).collect()),
    ] {
        let path = folder.write("x.wav", &wav_bytes(1, 1, 8000, bits, data.len() as u32, &data));
        assert_eq!(decode(&path).unwrap().channels()[0], [-1.0, 0.0, 0.5], "{bits} bits");
    }
}

#[test]
fn only_the_start_is_decoded_and_cut_at_the_files_own_rate() {
    let folder = Folder::new();
    let path = folder.wav("x.wav", vec![0.25; 8000]);
    let start = decode_flagged(&path, Some(0.0501)).unwrap();
    assert_eq!(start.clip.len(), 400);
    assert_eq!(start.info, probe(&path).unwrap());
    assert_eq!(start.info.duration_secs, Some(1.0));
    assert!(start.flags.is_empty());
}

#[test]
fn a_truncated_file_is_used_as_far_as_it_goes_and_flagged() {
    let folder = Folder::new();
    let path = folder.write("x.wav", &wav_bytes(1, 1, 8000, 16, 4000, &[1; 501]));
    let decoded = decode_flagged(&path, None).unwrap();
    assert_eq!(decoded.clip.len(), 250);
    assert_eq!(decoded.flags, [Flag::Truncated]);
    let path = folder.write("y.wav", &wav_bytes(1, 1, 8000, 16, 4000, &[]));
    assert!(matches!(decode(&path), Err(DecodeError::Truncated { .. })));
}

#[test]
fn a_frame_that_is_cut_between_its_channels_is_no_frame() {
    let folder = Folder::new();
    for (tag, bits, frame) in [(1, 16, 4), (1, 24, 6), (1, 32, 8), (3, 32, 8)] {
        let sample: Vec<u8> = if tag == 3 { 0.5_f32.to_le_bytes().to_vec() } else { vec![1; bits / 8] };
        // Ten frames of two channels, and an incomplete one.
        let data = sample.repeat(21);
        let header = wav_bytes(tag, 2, 8000, bits as u16, 4000, &data);
        let decoded = decode_flagged(&folder.write("x.wav", &header), None).unwrap();
        assert_eq!((decoded.clip.len(), data.len() / frame), (10, 10), "{bits} bits, tag {tag}");
        assert!(decoded.clip.channels().iter().flatten().all(|sample| *sample != 0.0));
    }
}

#[test]
fn a_stream_that_never_got_its_length_is_read_to_its_end() {
    let folder = Folder::new();
    let path = folder.write("x.wav", &wav_bytes(1, 1, 8000, 16, u32::MAX, &[1; 500]));
    assert_eq!(decode(&path).unwrap().len(), 250);
}

#[test]
fn nan_is_set_to_zero_and_counted_unless_there_is_nothing_else() {
    let folder = Folder::new();
    let path = folder.wav("x.wav", vec![0.5, f32::NAN, f32::INFINITY, -0.5]);
    let decoded = decode_flagged(&path, None).unwrap();
    assert_eq!(decoded.clip.channels()[0], [0.5, 0.0, 0.0, -0.5]);
    assert_eq!(decoded.flags, [Flag::NonFinite { samples: 2 }]);
    let error = decode(&folder.wav("y.wav", vec![f32::NAN; 9])).unwrap_err();
    assert!(error.to_string().contains("all 9 samples are NaN"), "{error}");
}

#[test]
fn samples_whose_squares_overflow_are_no_sound_and_integers_stored_as_floats_are() {
    let folder = Folder::new();
    let path = folder.wav("x.wav", vec![0.5, 3e38, -1e13, 2_147_483_648.0]);
    let decoded = decode_flagged(&path, None).unwrap();
    assert_eq!(decoded.clip.channels()[0], [0.5, 0.0, 0.0, 2_147_483_648.0]);
    assert_eq!(decoded.flags, [Flag::NonFinite { samples: 2 }, Flag::BeyondFullScale { samples: 1 }]);
    assert!(decode(&folder.wav("y.wav", vec![1e20; 9])).is_err());
}

#[test]
fn samples_beyond_full_scale_are_kept_and_counted() {
    let folder = Folder::new();
    let path = folder.wav("x.wav", vec![1.0, -1.0, 1.25, -3.0, 0.5]);
    let decoded = decode_flagged(&path, None).unwrap();
    assert_eq!(decoded.clip.channels()[0], [1.0, -1.0, 1.25, -3.0, 0.5]);
    assert_eq!(decoded.flags, [Flag::BeyondFullScale { samples: 2 }]);
    assert_eq!(decoded.flags[0].to_string(), "2 samples are outside -1..1, used as they are");
    let one = decode_flagged(&folder.wav("y.wav", vec![0.0, 1.01]), None).unwrap();
    assert!(one.flags[0].to_string().starts_with("1 sample is outside -1..1"));
    assert!(decode_flagged(&folder.wav("z.wav", vec![1.0, -1.0]), None).unwrap().flags.is_empty());
}

#[test]
fn a_misnamed_file_is_decoded_by_its_content() {
    let folder = Folder::new();
    let path = folder.wav("x.mp3", vec![0.5; 10]);
    let decoded = decode_flagged(&path, None).unwrap();
    assert_eq!(decoded.flags, [Flag::Misnamed { extension: "mp3".into(), found: "WAV".into() }]);
    assert_eq!(decoded.clip.channels()[0], [0.5; 10]);
}

#[test]
fn each_useless_file_has_its_own_cause() {
    let folder = Folder::new();
    let cause = |path: &Path| decode(path).unwrap_err().cause();
    assert!(cause(Path::new("/no/such.wav")).contains("no such file"));
    assert!(cause(folder.0.path()).contains("folder"));
    assert!(cause(&folder.write("a.wav", b"")).contains("empty"));
    assert!(cause(&folder.write("b.wav", b"Dear diary, today ...")).contains("not a sound file"));
    assert!(cause(&folder.wav("c.wav", Vec::new())).contains("zero length"));
    let error = decode(&folder.write("d.wav", b"RIFF\x10\0\0\0WAVE")).unwrap_err();
    assert!(error.to_string().contains("d.wav"), "{error}");
    assert!(decode(&folder.write("e.flac", b"fLaC\0\0\0\x22 nothing here")).is_err());
    assert!(decode(&folder.write("f.ogg", b"OggS\0\x02\0\0\0\0\0\0\0\0")).is_err());
    assert!(decode(&folder.write("g.mp3", &[0; 5000])).is_err());
}

#[test]
fn hostile_headers_are_refused_without_believing_them() {
    let folder = Folder::new();
    for (tag, channels, rate, bits, len) in [
        (1, u16::MAX, 8000, 16, 100),
        (1, 0, 8000, 16, 100),
        (1, 1, 0, 16, 100),
        (1, 1, u32::MAX, 16, 100),
        (1, 1, 8000, 0, 100),
        (1, 1, 8000, u16::MAX, 100),
        (3, 1, 8000, 64, 100),
        (0x55, 1, 8000, 16, 100),
        (u16::MAX, 2, 44_100, 16, u32::MAX - 3),
    ] {
        let path = folder.write("x.wav", &wav_bytes(tag, channels, rate, bits, len, &[7; 100]));
        let result = decode(&path);
        if let Ok(clip) = &result {
            assert!(clip.len() <= 100, "{tag} {channels} {rate} {bits}");
        }
        assert_eq!(probe(&path).is_ok(), result.is_ok(), "{tag} {channels} {rate} {bits}: {result:?}");
    }
}

#[test]
fn no_byte_of_a_header_can_bring_the_decoder_down() {
    let folder = Folder::new();
    let sound = wav_bytes(1, 2, 8000, 16, 400, &[3; 400]);
    for position in 0..44 {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bytes = sound.clone();
            bytes[position] = value;
            let path = folder.write("x.wav", &bytes);
            if let Ok(clip) = decode(&path) {
                assert!(clip.len() * clip.channels().len() <= 444, "byte {position} = {value}");
            }
        }
    }
}
