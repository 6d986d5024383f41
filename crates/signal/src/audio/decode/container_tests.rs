//! WAV and AIFF files as real programs write them. Expected values are libsndfile's, where it reads the file.

use std::path::PathBuf;

use super::*;

const RATE: u32 = 22_050;
/// 16-bit samples, and their values at full scale 1.
const SAMPLES: [i16; 5] = [0, 16_384, -8192, 100, -32_768];
const VALUES: [f32; 5] = [0.0, 0.5, -0.25, 100.0 / 32_768.0, -1.0];

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn decoded(&self, name: &str, bytes: &[u8]) -> Decoded {
        let path: PathBuf = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let decoded = decode_flagged(&path, None).unwrap_or_else(|error| panic!("{error}"));
        let probed = probe(&path).unwrap();
        assert_eq!(decoded.info, probed, "{name}");
        decoded
    }

    fn error(&self, name: &str, bytes: &[u8]) -> String {
        let path: PathBuf = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        decode(&path).unwrap_err().to_string()
    }
}

fn chunk(id: &[u8], length: u32, body: &[u8]) -> Vec<u8> {
    [id, &length.to_le_bytes(), body].concat()
}

/// Contents of a format chunk.
fn format(tag: u16, bits: u16, block: u16) -> Vec<u8> {
    let mut body = tag.to_le_bytes().to_vec();
    body.extend(1_u16.to_le_bytes());
    body.extend(RATE.to_le_bytes());
    body.extend((RATE * u32::from(block)).to_le_bytes());
    body.extend(block.to_le_bytes());
    body.extend(bits.to_le_bytes());
    body
}

/// Contents of an extensible format chunk.
fn extensible(tag: u16, bits: u16, used: u16) -> Vec<u8> {
    let mut body = format(0xfffe, bits, bits / 8);
    body.extend(22_u16.to_le_bytes());
    body.extend(used.to_le_bytes());
    body.extend(4_u32.to_le_bytes());
    body.extend(tag.to_le_bytes());
    body.extend([0, 0, 0, 0, 16, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
    body
}

fn sound() -> Vec<u8> {
    SAMPLES.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

fn riff(magic: &[u8], length: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
    [magic, &length.to_le_bytes(), b"WAVE", &chunks.concat()].concat()
}

/// A file with one format chunk and one data chunk.
fn plain(format: &[u8], sound: &[u8]) -> Vec<u8> {
    let chunks = [chunk(b"fmt ", format.len() as u32, format), chunk(b"data", sound.len() as u32, sound)];
    riff(b"RIFF", 0, &chunks)
}

#[test]
fn the_wav_family_in_all_its_sizes_has_the_same_samples() {
    let folder = Folder::new();
    let (fmt, data) = (chunk(b"fmt ", 16, &format(1, 16, 2)), sound());
    let length = data.len() as u32;
    let mut ds64 = [0_u64, 10, 5].iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    ds64.extend([0; 4]);
    let ds64 = chunk(b"ds64", 28, &ds64);
    for magic in [&b"RF64"[..], b"BW64"] {
        let file = riff(magic, u32::MAX, &[ds64.clone(), fmt.clone(), chunk(b"data", u32::MAX, &data)]);
        let decoded = folder.decoded("x.wav", &[&file[..], b"LIST\x04\0\0\0abcd"].concat());
        assert_eq!(decoded.clip.channels()[0], VALUES);
        assert!(decoded.flags.is_empty(), "{:?}", decoded.flags);
    }
    // Big-endian.
    let numbers = |swapped: &[u8]| swapped.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect::<Vec<u8>>();
    let mut file =
        b"RIFX\0\0\0\0WAVEfmt \0\0\0\x10\0\x01\0\x01\0\0\x56\x22\0\0\xac\x44\0\x02\0\x10data\0\0\0\x0a"
            .to_vec();
    file.extend(numbers(&data));
    assert_eq!(folder.decoded("x.wav", &file).clip.channels()[0], VALUES);
    // Wave64: 16-byte names, lengths that include the header, chunks aligned to 8 bytes.
    let tail = b"\xf3\xac\xd3\x11\x8c\xd1\0\xc0\x4f\x8e\xdb\x8a";
    let part = |id: &[u8; 4], length: u64, body: &[u8]| {
        [
            &id[..],
            tail,
            &(length + 24).to_le_bytes(),
            body,
            &[0; 8][..body.len().next_multiple_of(8) - body.len()],
        ]
        .concat()
    };
    for (stated, flags) in [(u64::from(length), vec![]), (i64::MAX as u64 - 24, vec![Flag::Unfinished])] {
        let mut file = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0".to_vec();
        file.extend(0_u64.to_le_bytes());
        file.extend(b"wave");
        file.extend(tail);
        file.extend(part(b"junk", 3, b"abc"));
        file.extend(part(b"fmt ", 16, &format(1, 16, 2)));
        let whole = part(b"data", stated, &data);
        // The last chunk is not padded.
        file.extend(&whole[..24 + data.len()]);
        let decoded = folder.decoded("x.w64", &file);
        assert_eq!((&decoded.clip.channels()[0][..], decoded.flags), (&VALUES[..], flags));
    }
}

#[test]
fn a_header_that_was_never_finished_is_read_to_the_end_with_a_remark() {
    let folder = Folder::new();
    let fmt = chunk(b"fmt ", 16, &format(1, 16, 2));
    for length in [0, 0x7fff_ffff, 0x8000_0000, u32::MAX, 0x7fff_f000] {
        let file = riff(b"RIFF", length, &[fmt.clone(), chunk(b"data", length, &sound())]);
        let decoded = folder.decoded("x.wav", &file);
        assert_eq!((&decoded.clip.channels()[0][..], decoded.flags), (&VALUES[..], vec![Flag::Unfinished]));
        // The length of the whole file is ignored.
        let file = riff(b"RIFF", length, &[fmt.clone(), chunk(b"data", 10, &sound())]);
        assert!(folder.decoded("x.wav", &file).flags.is_empty());
    }
    // A zero-length sound followed by chunks is really empty.
    let file = riff(b"RIFF", 0, &[fmt, chunk(b"data", 0, b""), chunk(b"LIST", 4, b"abcd")]);
    assert!(folder.error("x.wav", &file).contains("zero length"));
}

#[test]
fn packets_in_a_wave64_file_are_those_of_a_wav_file() {
    let folder = Folder::new();
    // IMA ADPCM in blocks of 36 bytes: 65 samples.
    let mut format = format(0x11, 4, 36);
    format.extend([2, 0, 65, 0]);
    let blocks: Vec<u8> = (0..72).map(|n| if n % 36 < 4 { 0 } else { (n * 7) as u8 }).collect();
    let wav = folder.decoded("x.wav", &plain(&format, &blocks)).clip;
    assert_eq!(wav.len(), 130);
    let tail = b"\xf3\xac\xd3\x11\x8c\xd1\0\xc0\x4f\x8e\xdb\x8a";
    let part = |id: &[u8], body: &[u8]| {
        let length = body.len() as u64 + 24;
        [id, tail, &length.to_le_bytes(), body].concat()
    };
    // libsndfile pads chunks and includes the padding in their length.
    format.extend([0; 4]);
    let start = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0\0\0\0\0\0\0\0\0wave";
    let frames = 130_u64.to_le_bytes();
    let file = [&start[..], tail, &part(b"fmt ", &format), &part(b"fact", &frames), &part(b"data", &blocks)]
        .concat();
    assert_eq!(folder.decoded("x.w64", &file).clip, wav);
}

#[test]
fn chunks_that_are_not_the_sounds_do_not_hide_it() {
    let folder = Folder::new();
    let (fmt, data) = (chunk(b"fmt ", 16, &format(1, 16, 2)), chunk(b"data", 10, &sound()));
    let odd = [
        chunk(b"LIST", 5, b"abcde\0"),
        chunk(b"LIST", 5, b"abcde"),
        chunk(b"LIST", 0x00ff_ffff, b"abcd"),
        chunk(b"junk", 0x7fff_ffff, b"abc"),
        chunk(b"bext", 0, b""),
        chunk(b"LIST", 3, b"\0\0\0\xff"),
    ];
    for list in odd {
        for chunks in [[fmt.clone(), list.clone(), data.clone()], [list.clone(), fmt.clone(), data.clone()]] {
            let decoded = folder.decoded("x.wav", &riff(b"RIFF", 0, &chunks));
            assert_eq!((&decoded.clip.channels()[0][..], decoded.flags), (&VALUES[..], vec![]), "{list:?}");
        }
    }
    let decoded = folder.decoded("x.wav", &riff(b"RIFF", 0, &[data, fmt]));
    assert_eq!(decoded.clip.channels()[0], VALUES);
}

#[test]
fn bits_that_are_used_lie_on_the_left_of_their_bytes() {
    let folder = Folder::new();
    let shifted = |bytes: usize| -> Vec<u8> {
        let sample = |sample: &i16| (i32::from(*sample) << 16).to_le_bytes()[4 - bytes..].to_vec();
        SAMPLES.iter().flat_map(sample).collect()
    };
    for (bits, used) in [(16, 12), (24, 16), (24, 20), (32, 16), (32, 20), (32, 24), (32, 32)] {
        let file = plain(&extensible(1, bits, used), &shifted(usize::from(bits / 8)));
        assert_eq!(folder.decoded("x.wav", &file).clip.channels()[0], VALUES, "{used} of {bits} bits");
    }
    // The bits per sample decide, not the block size; libsndfile does the same.
    for (bits, block, bytes) in [(16, 16, 2), (16, 0, 2), (20, 3, 3), (24, 24, 3), (12, 2, 2)] {
        let file = plain(&format(1, bits, block), &shifted(bytes));
        assert_eq!(folder.decoded("x.wav", &file).clip.channels()[0], VALUES, "{bits} bits, block {block}");
    }
}

#[test]
fn floats_of_both_sizes_and_the_telephones_codecs_are_read() {
    let folder = Folder::new();
    let singles: Vec<u8> = VALUES.iter().flat_map(|value| value.to_le_bytes()).collect();
    let doubles: Vec<u8> = VALUES.iter().flat_map(|value| f64::from(*value).to_le_bytes()).collect();
    for file in [
        plain(&format(3, 32, 4), &singles),
        plain(&extensible(3, 32, 32), &singles),
        plain(&format(3, 64, 8), &doubles),
        plain(&extensible(3, 64, 64), &doubles),
    ] {
        assert_eq!(folder.decoded("x.wav", &file).clip.channels()[0], VALUES);
    }
    // The tables of ITU-T G.711.
    let alaw = folder.decoded("x.wav", &plain(&format(6, 8, 1), &[0xd5, 0x55, 0x2a, 0xaa]));
    assert_eq!(alaw.clip.channels()[0], [8.0, -8.0, -32_256.0, 32_256.0].map(|value| value / 32_768.0));
    let mulaw = folder.decoded("x.wav", &plain(&format(7, 8, 1), &[0xff, 0x7f, 0x00, 0x80]));
    assert_eq!(mulaw.clip.channels()[0], [0.0, 0.0, -32_124.0, 32_124.0].map(|value| value / 32_768.0));
    let words = folder.error("x.wav", &plain(&format(3, 16, 2), &singles));
    assert!(words.contains("floating point of 16 bits") && words.contains("convert it to WAV"), "{words}");
}

/// An AIFF-C file, or an AIFF file if the codec is `NONE`.
fn aiff(codec: &[u8], bits: u16, sound: &[u8], stated: u32) -> Vec<u8> {
    let mut common = b"\0\x01\0\0\0\x05".to_vec();
    common.extend(bits.to_be_bytes());
    // 22,050 as an 80-bit float.
    common.extend(b"\x40\x0d\xac\x44\0\0\0\0\0\0");
    let is_plain = codec == b"NONE";
    if !is_plain {
        common.extend(codec);
        common.extend([0, 0]);
    }
    let magic: &[u8] = if is_plain { b"AIFF" } else { b"AIFC" };
    let length = common.len() as u32;
    [
        &b"FORM\0\0\0\0"[..],
        magic,
        b"NAME\0\0\0\x03abc\0COMM",
        &length.to_be_bytes(),
        &common,
        b"SSND",
        &stated.to_be_bytes(),
        &[0; 8],
        sound,
    ]
    .concat()
}

#[test]
fn aiff_is_read_in_both_byte_orders_as_far_as_it_goes() {
    let folder = Folder::new();
    let bytes = |width: usize, is_little: bool| -> Vec<u8> {
        let sample = |sample: &i16| {
            let mut bytes = (i32::from(*sample) << 16).to_be_bytes()[..width].to_vec();
            if is_little {
                bytes.reverse();
            }
            bytes
        };
        SAMPLES.iter().flat_map(sample).collect()
    };
    let singles: Vec<u8> = VALUES.iter().flat_map(|value| value.to_be_bytes()).collect();
    let doubles: Vec<u8> = VALUES.iter().flat_map(|value| f64::from(*value).to_be_bytes()).collect();
    for (codec, bits, sound) in [
        (&b"NONE"[..], 16, bytes(2, false)),
        (b"NONE", 24, bytes(3, false)),
        (b"NONE", 20, bytes(3, false)),
        (b"twos", 32, bytes(4, false)),
        (b"sowt", 16, bytes(2, true)),
        (b"sowt", 24, bytes(3, true)),
        (b"in24", 24, bytes(3, false)),
        (b"23ni", 32, bytes(4, true)),
        (b"fl32", 32, singles.clone()),
        (b"FL64", 64, doubles),
    ] {
        let length = sound.len() as u32 + 8;
        let decoded = folder.decoded("x.aiff", &aiff(codec, bits, &sound, length));
        assert_eq!(
            (&decoded.clip.channels()[0][..], decoded.flags),
            (&VALUES[..], vec![]),
            "{codec:?} {bits}"
        );
    }
    let whole = bytes(2, false);
    let cut = folder.decoded("x.aiff", &aiff(b"NONE", 16, &whole[..7], 18));
    assert_eq!((&cut.clip.channels()[0][..], cut.flags), (&VALUES[..3], vec![Flag::Truncated]));
    for stated in [0, u32::MAX] {
        let decoded = folder.decoded("x.aiff", &aiff(b"NONE", 16, &whole, stated));
        assert_eq!((&decoded.clip.channels()[0][..], decoded.flags), (&VALUES[..], vec![Flag::Unfinished]));
    }
    let words = folder.error("x.aiff", &aiff(b"MAC3", 8, &whole, 18));
    assert!(words.contains("MAC3") && words.contains("convert it to WAV"), "{words}");
}

#[test]
fn a_wav_file_after_a_tag_is_no_mpeg_audio() {
    let folder = Folder::new();
    let tag = [&b"ID3\x03\0\0\0\0\x02\0"[..], &[0xff, 0xfb, 0x90, 0x64].repeat(64)].concat();
    let decoded = folder.decoded("x.wav", &[tag, plain(&format(1, 16, 2), &sound())].concat());
    assert_eq!((&decoded.clip.channels()[0][..], decoded.flags), (&VALUES[..], vec![]));
}
