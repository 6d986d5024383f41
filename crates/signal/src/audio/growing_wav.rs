//! WAV files that grow while sound is heard, and the repair of those that were cut off.
//!
//! A sound that was heard cannot be repeated: when the disk is full, or the program was killed, what has been written is
//! kept, with the header that belongs to it.

use std::{
    fs::File,
    io::{self, BufWriter, Read as _, Seek, SeekFrom, Write},
    path::Path,
};

use hound::{SampleFormat, WavSpec, WavWriter};

use super::encode::{EncodeError, FULL_SCALE_24, integer_sample, io_error};
use timbrespace_base::{
    atomic_file::{self, Durability},
    interrupt::UnsavedWork,
};

/// Calls its argument with each new sample; returns whether more samples will follow.
pub type SampleSource<'a> = dyn FnMut(&mut dyn FnMut(f32)) -> bool + 'a;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Number of samples, of all channels together.
    pub samples: u64,
    /// Why the file ends sooner than the sound, in words with advice; `None` if it is complete.
    pub cut: Option<String>,
}

/// Writes a 24-bit WAV file: calls `more` with a sink for interleaved samples until it returns `false`. The file appears when
/// it ends. If the disk refuses more, it ends there.
///
/// # Errors
/// When not one sample can be written, or a WAV file cannot have that many channels.
pub fn write(
    path: &Path,
    sample_rate_hz: u32,
    channels: usize,
    more: &mut SampleSource<'_>,
) -> Result<Written, EncodeError> {
    // The program must not exit before it is saved.
    let _keeping = UnsavedWork::begin();
    let mut written = Written { samples: 0, cut: None };
    let saved = atomic_file::write(path, Durability::Renamed, |file| {
        let channels = u16::try_from(channels.max(1)).map_err(io::Error::other)?;
        let spec = WavSpec {
            channels,
            sample_rate: sample_rate_hz,
            bits_per_sample: 24,
            sample_format: SampleFormat::Int,
        };
        written = write_or_cut(file.get_mut(), BufWriter::new, spec, more)?;
        Ok(())
    });
    saved.map(|()| written).map_err(|error| EncodeError { path: path.into(), cause: error.to_string() })
}

/// Writes through `wrap`; what was written when that fails is repaired.
fn write_or_cut<W: Write + Seek>(
    file: &mut File,
    wrap: impl FnOnce(File) -> W,
    spec: WavSpec,
    more: &mut SampleSource<'_>,
) -> io::Result<Written> {
    match stream(wrap(file.try_clone()?), spec, more) {
        Ok(samples) => Ok(Written { samples, cut: None }),
        Err(error) => match repair(file)? {
            Some(sound) => Ok(Written {
                samples: sound.frames * u64::from(spec.channels),
                cut: Some(atomic_file::with_advice(error).to_string()),
            }),
            None => Err(error),
        },
    }
}

fn stream(target: impl Write + Seek, spec: WavSpec, more: &mut SampleSource<'_>) -> io::Result<u64> {
    let mut writer = WavWriter::new(target, spec).map_err(io_error)?;
    let (mut samples, mut written) = (0, Ok(()));
    loop {
        let has_more = more(&mut |sample| {
            if written.is_ok() {
                written = writer.write_sample(integer_sample(sample, FULL_SCALE_24));
                samples += 1;
            }
        });
        std::mem::replace(&mut written, Ok(())).map_err(io_error)?;
        if !has_more {
            return writer.finalize().map_err(io_error).map(|()| samples);
        }
    }
}

/// A WAV file after its repair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repaired {
    /// Number of frames, one sample of every channel each.
    pub frames: u64,
    /// Length in seconds.
    pub seconds: f64,
}

/// The parts of a WAV file's header that say how long it is.
struct Layout {
    frame_bytes: u64,
    rate_hz: u32,
    /// Offset of the samples.
    start: u64,
}

/// Makes the sizes in the header of a WAV file those of its content, and drops a part of a frame at its end. `None` for a file
/// without a single frame, or another kind of file, which stays as it is.
///
/// # Errors
/// When the file cannot be read or written.
pub fn repair(file: &mut File) -> io::Result<Option<Repaired>> {
    let length = file.metadata()?.len();
    let Some(Layout { frame_bytes, rate_hz, start }) = layout(file)? else { return Ok(None) };
    let frames = length.saturating_sub(start) / frame_bytes;
    let bytes = frames * frame_bytes;
    let (Ok(riff), Ok(data)) = (u32::try_from(start + bytes - 8), u32::try_from(bytes)) else {
        return Ok(None);
    };
    if frames == 0 {
        return Ok(None);
    }
    file.set_len(start + bytes)?;
    for (place, size) in [(4, riff), (start - 4, data)] {
        file.seek(SeekFrom::Start(place))?;
        file.write_all(&size.to_le_bytes())?;
    }
    Ok(Some(Repaired { frames, seconds: frames as f64 / f64::from(rate_hz) }))
}

/// Reads the header up to the samples; `None` if it is not that of a WAV file.
fn layout(file: &mut File) -> io::Result<Option<Layout>> {
    file.seek(SeekFrom::Start(0))?;
    let Some(riff) = take::<12>(file)? else { return Ok(None) };
    if !riff.starts_with(b"RIFF") || !riff.ends_with(b"WAVE") {
        return Ok(None);
    }
    let mut format = None;
    loop {
        let Some([a, b, c, d, length @ ..]) = take::<8>(file)? else { return Ok(None) };
        let length = i64::from(u32::from_le_bytes(length));
        match (&[a, b, c, d], format) {
            (b"data", Some((rate_hz, frame_bytes))) => {
                return Ok(Some(Layout { frame_bytes, rate_hz, start: file.stream_position()? }));
            }
            (b"fmt ", _) => {
                let Some(bytes) = take::<14>(file)? else { return Ok(None) };
                let [_, _, _, _, r0, r1, r2, r3, _, _, _, _, f0, f1] = bytes;
                let (rate_hz, frame_bytes) =
                    (u32::from_le_bytes([r0, r1, r2, r3]), u64::from(u16::from_le_bytes([f0, f1])));
                if rate_hz == 0 || frame_bytes == 0 {
                    return Ok(None);
                }
                format = Some((rate_hz, frame_bytes));
                file.seek(SeekFrom::Current(length + length % 2 - 14))?;
            }
            _ => {
                file.seek(SeekFrom::Current(length + length % 2))?;
            }
        }
    }
}

/// The next `N` bytes; `None` at the end of the file.
fn take<const N: usize>(file: &mut File) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{decode, encode::BitDepth};

    const SPEC: WavSpec =
        WavSpec { channels: 2, sample_rate: 8000, bits_per_sample: 24, sample_format: SampleFormat::Int };

    /// A disk with room for this many bytes.
    struct Full(File, u64);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let room = self.1.saturating_sub(self.0.stream_position()?) as usize;
            if room == 0 {
                return Err(io::Error::from_raw_os_error(28));
            }
            self.0.write(&bytes[..bytes.len().min(room)])
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Full {
        fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
            self.0.seek(place)
        }
    }

    fn opened(path: &Path) -> File {
        File::options().read(true).write(true).create(true).truncate(false).open(path).unwrap()
    }

    #[test]
    fn a_full_disk_ends_the_file_and_keeps_what_there_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.wav");
        let mut blocks = 0;
        let mut more = |put: &mut dyn FnMut(f32)| {
            (0..100).for_each(|_| put(0.25));
            blocks += 1;
            blocks < 50
        };
        let written = write_or_cut(&mut opened(&path), |file| Full(file, 1000), SPEC, &mut more).unwrap();
        let cut = written.cut.unwrap();
        assert!(cut.contains("make room on the disk"), "{cut}");
        let sound = decode::decode(&path).unwrap();
        // 1,000 bytes less a header of 68 are 155 frames of six bytes.
        assert_eq!((sound.len(), written.samples), (155, 310));
        assert!(sound.channels().iter().flatten().all(|sample| (sample - 0.25).abs() < 1e-6));
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 68 + 155 * 6);
        let nothing = write_or_cut(&mut opened(&path), |file| Full(file, 20), SPEC, &mut |_| true);
        assert!(nothing.is_err(), "no header, no file");
    }

    #[test]
    fn the_header_of_a_file_that_was_cut_off_becomes_that_of_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.wav");
        let clip = crate::audio::clip::Clip::mono(vec![0.5; 1000], 8000);
        crate::audio::encode::write_wav(&path, &clip, BitDepth::Int24).unwrap();
        let whole = std::fs::read(&path).unwrap();
        // As a killed program leaves it: no sizes yet, and a part of a frame at the end.
        let mut cut = whole[..whole.len() - 601].to_vec();
        cut[4..8].fill(0);
        let data = whole.windows(4).position(|four| four == b"data").unwrap();
        cut[data + 4..data + 8].fill(0);
        std::fs::write(&path, &cut).unwrap();
        let repaired = repair(&mut opened(&path)).unwrap();
        assert_eq!(repaired, Some(Repaired { frames: 799, seconds: 799.0 / 8000.0 }));
        let read = hound::WavReader::open(&path).unwrap();
        assert_eq!((read.duration(), read.spec().sample_rate), (799, 8000));
        assert_eq!(std::fs::read(&path).unwrap()[4..8], (cut.len() as u32 - 8 - 2).to_le_bytes());
        for other in [&whole[..data + 8], &b"no sound at all"[..], &[]] {
            std::fs::write(&path, other).unwrap();
            assert_eq!(repair(&mut opened(&path)).unwrap(), None);
            assert_eq!(std::fs::read(&path).unwrap(), other);
        }
    }
}
