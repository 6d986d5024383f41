//! Small files that claim gigabytes, and paths that are not files.

use std::{ops::ControlFlow, path::PathBuf};

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
}

/// One chunk of a CAF file.
fn chunk(name: &[u8], body: &[u8]) -> Vec<u8> {
    [name, &(body.len() as i64).to_be_bytes(), body].concat()
}

/// A CAF description of the given codec.
fn description(codec: &[u8], numbers: [u32; 5]) -> Vec<u8> {
    let mut body = 22_050_f64.to_be_bytes().to_vec();
    body.extend(codec);
    body.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
    [&b"caff\0\x01\0\0"[..], &chunk(b"desc", &body)].concat()
}

/// A CAF file with one PCM packet that claims `frames` frames.
fn caf_bomb(channels: u32, frames: u32, bits: u32) -> Vec<u8> {
    let (flags, frame_bytes) = (if bits >= 32 { 1 } else { 2 }, channels * bits / 8);
    let data = vec![0; 4 + frame_bytes as usize];
    [description(b"lpcm", [flags, frame_bytes, frames, channels, bits]), chunk(b"data", &data)].concat()
}

#[test]
fn a_packet_of_a_size_that_no_codec_has_is_refused_before_room_is_made_for_it() {
    let folder = Folder::new();
    for channels in [1, 2, 8, 26] {
        for frames in [u32::MAX, 1 << 31, 1 << 28, (1 << 20) / channels + 1] {
            for bits in [16, 24, 32, 64] {
                let path = folder.write("bomb.caf", &caf_bomb(channels, frames, bits));
                let message = decode(&path).unwrap_err().to_string();
                assert!(
                    message.contains("bomb.caf") && message.contains("samples in a packet"),
                    "{channels} {frames} {bits}: {message}"
                );
            }
        }
    }
    assert!(decode(&folder.write("fair.caf", &caf_bomb(2, 1, 16))).is_ok());
}

/// The bits of an uncompressed ALAC packet of one channel.
fn alac_packet(samples: &[i16]) -> Vec<u8> {
    let mut bits: Vec<bool> = Vec::new();
    let mut put = |value: u32, count: u32| bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    // Fields: element, instance, unused, partial frame, shift, uncompressed.
    for (value, count) in [(0, 3), (0, 4), (0, 12), (0, 1), (0, 2), (1, 1)] {
        put(value, count);
    }
    for sample in samples {
        put(u32::from(sample.cast_unsigned()), 16);
    }
    put(7, 3);
    bits.chunks(8)
        .map(|byte| byte.iter().enumerate().map(|(n, &bit)| u8::from(bit) << (7 - n)).sum())
        .collect()
}

fn alac_caf(samples: &[i16], data_len: Option<i64>) -> Vec<u8> {
    let frames = samples.len() as u32;
    let packet = alac_packet(samples);
    let mut cookie = frames.to_be_bytes().to_vec();
    cookie.extend([0, 16, 40, 10, 14, 1, 0, 255]);
    cookie.extend([0_u32, 0, 22_050].iter().flat_map(|number| number.to_be_bytes()));
    let mut table = [1_i64.to_be_bytes(), i64::from(frames).to_be_bytes()].concat();
    table.extend([0; 8]);
    // A variable-length integer in groups of seven bits.
    table.extend([packet.len() >> 7 | 0x80, packet.len() & 0x7f].map(|byte| byte as u8));
    let mut data = chunk(b"data", &[&[0; 4][..], &packet].concat());
    if let Some(len) = data_len {
        data.splice(4..12, len.to_be_bytes());
    }
    [description(b"alac", [1, 0, frames, 1, 0]), chunk(b"kuki", &cookie), chunk(b"pakt", &table), data]
        .concat()
}

#[test]
fn alac_in_caf_is_decoded_and_its_damage_is_no_matter_of_permissions() {
    let folder = Folder::new();
    let samples: Vec<i16> = (0..1000).map(|n| n * 20).collect();
    let clip = decode(&folder.write("good.caf", &alac_caf(&samples, None))).unwrap();
    let expected: Vec<f32> = samples.iter().map(|&sample| f32::from(sample) / 32_768.0).collect();
    assert_eq!(clip.channels()[0], expected);
    for len in [i64::MAX, 1 << 62, -1] {
        let message =
            decode(&folder.write("bad.caf", &alac_caf(&samples, Some(len)))).unwrap_err().to_string();
        assert!(!message.contains("permission"), "{len}: {message}");
        assert!(
            message.contains("points outside the file") && message.contains("export it again"),
            "{message}"
        );
    }
}

#[test]
fn an_unsupported_codec_is_named() {
    let folder = Folder::new();
    let caf = [description(b"ilbc", [0, 38, 160, 1, 0]), chunk(b"data", &[0; 42])].concat();
    let message = decode(&folder.write("x.caf", &caf)).unwrap_err().to_string();
    assert!(message.contains("\"ilbc\"") && message.contains("convert it to WAV"), "{message}");
    let mut wav =
        b"RIFF\x30\0\0\0WAVEfmt \x10\0\0\0\x31\0\x01\0\x22\x56\0\0\x59\x06\0\0\x41\0\0\0data\x41\0\0\0"
            .to_vec();
    wav.extend([0; 65]);
    let message = decode(&folder.write("x.wav", &wav)).unwrap_err().to_string();
    assert!(message.contains("GSM 6.10") && message.contains("convert it to WAV"), "{message}");
}

fn crc(bytes: &[u8], polynomial: u32, width: u32) -> u32 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte) << (width - 8), |crc, _| {
            let shifted = crc << 1;
            (if crc >> (width - 1) & 1 == 1 { shifted ^ polynomial } else { shifted }) & ((1 << width) - 1)
        })
    })
}

/// A FLAC file of `frames` frames with 32,768 zeros each, 11 bytes per frame.
fn flac_silence(frames: u8, promised: u64) -> Vec<u8> {
    const BLOCK: u16 = 32_768;
    let mut bytes = b"fLaC\x80\0\0\x22".to_vec();
    bytes.extend(BLOCK.to_be_bytes().repeat(2));
    bytes.extend([0; 6]);
    // 20 bits of rate, 3 of channels − 1, 5 of bits − 1, 36 of samples.
    bytes.extend((22_050_u64 << 44 | 15 << 36 | promised).to_be_bytes());
    bytes.extend([0; 16]);
    for frame in 0..frames {
        let mut part = vec![0xff, 0xf8, 0xf0, 0x08, frame];
        part.push(crc(&part, 0x07, 8) as u8);
        part.extend([0, 0, 0]);
        part.extend((crc(&part, 0x8005, 16) as u16).to_be_bytes());
        bytes.extend(part);
    }
    bytes
}

#[test]
fn silence_in_a_few_bytes_is_refused_by_its_header_or_while_it_is_decoded() {
    let folder = Folder::new();
    let request = |max_secs| DecodeRequest {
        max_secs,
        most_bytes: 1 << 20,
        channels: KeptChannels::Mean,
        ..DecodeRequest::default()
    };
    let total = 100 * 32_768;
    for (name, promised) in [("header.flac", total), ("unknown.flac", 0), ("lie.flac", 1000)] {
        let path = folder.write(name, &flac_silence(100, promised));
        let message = decode_with(&path, &request(None)).err().unwrap().to_string();
        for part in [name, "1.0 MiB", "--duration SECONDS"] {
            assert!(message.contains(part), "{part}: {message}");
        }
        // If the header states the length, the message does too (12.5 MiB); otherwise it states what was
        // decoded.
        assert_eq!(message.contains("12.5 MiB"), promised == total, "{message}");
        let start = decode_with(&path, &request(Some(2.0))).unwrap();
        assert_eq!(start.clip.len(), 44_100);
    }
    assert_eq!(decode(&folder.write("whole.flac", &flac_silence(100, total))).unwrap().len() as u64, total);
}

#[test]
fn a_whole_wav_that_is_too_long_is_refused_by_its_header() {
    let folder = Folder::new();
    let path = folder.0.path().join("x.wav");
    write_wav(&path, &Clip::from_channels(vec![vec![0.1; 3000]; 2], 8000), BitDepth::Int16).unwrap();
    let request = |channels, most_bytes| DecodeRequest { channels, most_bytes, ..DecodeRequest::default() };
    // Two channels take 24,000 bytes, one 12,000.
    assert!(decode_with(&path, &request(KeptChannels::All, 24_000)).is_ok());
    assert!(matches!(
        decode_with(&path, &request(KeptChannels::All, 23_999)),
        Err(DecodeError::TooLong { bytes: 24_000, limit: 23_999, .. })
    ));
    for channels in [KeptChannels::Mean, KeptChannels::One(1)] {
        assert_eq!(decode_with(&path, &request(channels, 12_000)).unwrap().clip.channels().len(), 1);
        assert!(decode_with(&path, &request(channels, 11_999)).is_err());
    }
}

#[test]
fn one_channel_while_decoding_has_the_bits_of_one_channel_after_it() {
    let folder = Folder::new();
    let noise = |seed: u32| -> Vec<f32> {
        let mut state = seed;
        let next = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state as f32 / u32::MAX as f32 - 0.5) * 2.4
        };
        // Longer than several blocks, and no multiple of one.
        (0..20_011).map(next).collect()
    };
    for (depth, count) in [(BitDepth::Int16, 2), (BitDepth::Int24, 3), (BitDepth::Float32, 5)] {
        let path = folder.0.path().join("x.wav");
        let mut channels: Vec<Vec<f32>> = (1..=count).map(noise).collect();
        channels[1][777] = f32::NAN;
        channels[0][778] = f32::INFINITY;
        write_wav(&path, &Clip::from_channels(channels, 22_050), depth).unwrap();
        for max_secs in [None, Some(0.5)] {
            let request = |channels| DecodeRequest { max_secs, channels, ..DecodeRequest::default() };
            let all = decode_with(&path, &request(KeptChannels::All)).unwrap();
            let planes = all.clip.channels();
            let mixed: Vec<u32> = (0..all.clip.len())
                .map(|n| {
                    let sum = planes[1..].iter().fold(planes[0][n], |sum, plane| sum + plane[n]);
                    (sum / planes.len() as f32).to_bits()
                })
                .collect();
            let bits = |decoded: &Decoded| -> Vec<u32> {
                decoded.clip.channels()[0].iter().map(|sample| sample.to_bits()).collect()
            };
            let mean = decode_with(&path, &request(KeptChannels::Mean)).unwrap();
            assert_eq!(bits(&mean), mixed, "{depth:?}");
            assert_eq!((&mean.flags, mean.info), (&all.flags, all.info));
            let one = decode_with(&path, &request(KeptChannels::One(1))).unwrap();
            assert_eq!(one.clip.channels(), &planes[1..2]);
        }
        let error = decode_with(
            &path,
            &DecodeRequest { channels: KeptChannels::One(count as usize), ..DecodeRequest::default() },
        );
        assert!(matches!(error, Err(DecodeError::NoSuchChannel { .. })));
    }
}

#[test]
fn a_part_and_a_stream_have_the_samples_of_the_whole() {
    let folder = Folder::new();
    let path = folder.0.path().join("x.wav");
    let ramp = |step: f32| (0..30_011).map(|n| (n as f32 * step).sin()).collect();
    write_wav(&path, &Clip::from_channels(vec![ramp(0.01), ramp(0.003)], 22_050), BitDepth::Int24).unwrap();
    let whole = decode(&path).unwrap();
    for (offset_secs, max_secs) in [(0.3, Some(0.5)), (0.001, None), (1.2, Some(9.0))] {
        let request = DecodeRequest { offset_secs, max_secs, ..DecodeRequest::default() };
        let part = decode_with(&path, &request).unwrap();
        let from = (offset_secs * 22_050.0) as usize;
        let len = max_secs.map_or(usize::MAX, |secs: f64| (secs * 22_050.0) as usize);
        for (part, whole) in part.clip.channels().iter().zip(whole.channels()) {
            assert_eq!(part[..], whole[from..whole.len().min(from.saturating_add(len))]);
        }
        assert_eq!(part.info.duration_secs, Some(30_011.0 / 22_050.0));
    }
    let beyond = DecodeRequest { offset_secs: 1.5, ..DecodeRequest::default() };
    let message = decode_with(&path, &beyond).unwrap_err().to_string();
    assert!(message.contains("1.361 s long") && message.contains("from 1.500 s on"), "{message}");

    let mut streamed = vec![Vec::new(); 2];
    let Streamed { info, flags } = stream(&path, KeptChannels::All, &mut |rate_hz, block| {
        assert_eq!(rate_hz, 22_050);
        streamed.iter_mut().zip(block).for_each(|(all, channel)| all.extend_from_slice(channel));
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((streamed.as_slice(), flags.len(), info.channels), (whole.channels(), 0, 2));
    let mut blocks = 0;
    let stop = |_: u32, _: &[Vec<f32>]| {
        blocks += 1;
        ControlFlow::Break(())
    };
    stream(&path, KeptChannels::Mean, &mut { stop }).unwrap();
    assert_eq!(blocks, 1);
}

#[test]
fn a_decoder_that_panics_costs_its_file() {
    let folder = Folder::new();
    let path =
        folder.write("x.ogg", include_bytes!("../../../../../tests/hostile/panic_vorbis_floor793.ogg"));
    let error = decode(&path).unwrap_err();
    assert!(matches!(error, DecodeError::Damaged { .. }));
    assert!(error.to_string().contains("copy or export it again"), "{error}");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_before_they_are_opened() {
    let folder = Folder::new();
    let pipe = folder.0.path().join("pipe.wav");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let zero = folder.0.path().join("zero.wav");
    std::os::unix::fs::symlink("/dev/zero", &zero).unwrap();
    for (path, kind) in [(&pipe, "a named pipe (FIFO)"), (&zero, "a device")] {
        for message in [decode(path).unwrap_err().to_string(), probe(path).unwrap_err().to_string()] {
            assert!(message.contains(kind) && message.contains("into a file first"), "{message}");
        }
    }
}
