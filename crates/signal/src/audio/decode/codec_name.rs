//! Names of codecs, for messages about unsupported ones.

use std::io::{Read as _, Seek as _, SeekFrom};

use super::sound_file::SoundFile;

use crate::audio::format::Container;

/// Bytes at the start of a file that are searched for the codec.
const HEAD: u64 = 1 << 16;

/// WAV codec numbers found in practice that are not supported, or only partly.
const WAVE_TAGS: [(u16, &str); 21] = [
    (0x0001, "PCM"),
    (0x0002, "Microsoft ADPCM"),
    (0x0003, "floating point"),
    (0x0006, "A-law"),
    (0x0007, "mu-law"),
    (0x0011, "IMA ADPCM"),
    (0x0022, "TrueSpeech"),
    (0x0031, "GSM 6.10"),
    (0x0038, "NMS VBXADPCM"),
    (0x0040, "G.721 ADPCM"),
    (0x0050, "MPEG"),
    (0x0055, "MP3"),
    (0x0064, "G.726 ADPCM"),
    (0x0092, "Dolby AC-3 SPDIF"),
    (0x00ff, "AAC"),
    (0x0160, "WMA 1"),
    (0x0161, "WMA 2"),
    (0x0162, "WMA Pro"),
    (0x0163, "WMA Lossless"),
    (0x2000, "Dolby AC-3"),
    (0x566f, "Vorbis"),
];

/// Name of the codec of a WAV file, from its number and bits per sample.
pub(super) fn of_wave(tag: u16, bits: u16) -> String {
    let name = WAVE_TAGS.iter().find(|(known, _)| *known == tag).map_or("unknown", |(_, name)| name);
    match tag {
        1 | 3 => format!("{name} of {bits} bits"),
        _ => format!("{name}, number {tag:#06x}"),
    }
}

/// Name of the codec in the header of `file`, if it can be found.
pub(super) fn in_header(file: &mut SoundFile, format: Container) -> Option<String> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(HEAD).read_to_end(&mut head).ok()?;
    match format {
        // The code follows the marker, its length and the sample rate.
        Container::Caf => four_letters(&head, position(&head, b"desc")? + 20),
        Container::Mp4 => {
            // The code follows the marker, version and count, and the length of the first entry.
            four_letters(&head, position(&head, b"stsd")? + 16)
        }
        Container::Ogg => {
            let codecs = [("OpusHead", "Opus"), ("Speex   ", "Speex"), ("theora", "Theora")];
            codecs
                .iter()
                .find(|(mark, _)| position(&head, mark.as_bytes()).is_some())
                .map(|(_, name)| (*name).to_owned())
        }
        Container::Wav | Container::Aiff | Container::Flac | Container::Mp3 | Container::Adts => None,
    }
}

fn position(head: &[u8], mark: &[u8]) -> Option<usize> {
    head.windows(mark.len()).position(|window| window == mark)
}

fn four_letters(head: &[u8], at: usize) -> Option<String> {
    let letters = head.get(at..at + 4)?;
    letters
        .iter()
        .all(|letter| letter.is_ascii_graphic() || *letter == b' ')
        .then(|| format!("\"{}\"", String::from_utf8_lossy(letters).trim_end()))
}
