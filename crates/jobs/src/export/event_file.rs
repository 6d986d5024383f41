//! Event files, as TensorBoard reads them: scalars by step, appended while a run goes on.
//!
//! A file is a row of records: the length of the data (8 bytes), its masked CRC-32C (4), the data, and the data's masked CRC-32C
//! (4), all little-endian (<https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details>). The data is an
//! `Event` message; numbers of fields are those of `event.proto` and `summary.proto`
//! (<https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto>). A record that a kill cut short ends a file for
//! its readers.
//!
//! TensorBoard reads the files of a folder in the order of their names, as one run. A file begins with the step at which it goes on,
//! and what earlier files have from that step on is dropped there: nothing is shown twice.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crc::{CRC_32_ISCSI, Crc};

use crate::{JobError, files::named};
use timbrespace_base::{
    clock::{now, precise_now},
    names::shown,
    processes,
    protobuf::Message,
};

/// How names of event files begin; seconds since 1970, computer and process follow.
pub(crate) const PREFIX: &str = "events.out.tfevents.";
const VERSION: &str = "brain.Event:2";
/// `SessionLog.SessionStatus`: what follows goes on at the event's step.
const SESSION_START: i64 = 1;
/// Bytes that wait in memory before they are written.
const WAITING: usize = 1 << 14;
/// Bytes that wait at most while the disk refuses.
const MOST_WAITING: usize = 1 << 24;

/// CRC-32C (Castagnoli), which iSCSI uses too.
const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);
/// Added to a checksum, so that checksums of data with checksums in it stay good ones.
const MASK: u32 = 0xa282_ead8;

/// An event file under way.
pub(crate) struct EventFile {
    path: PathBuf,
    first_step: usize,
    waiting: Vec<u8>,
    /// So many bytes may wait until the next try.
    patience: usize,
}

impl EventFile {
    /// Begins a new file in `folder`, which is made where there is none, for steps from `first_step` on.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn begin(folder: &Path, first_step: usize) -> Result<Self, JobError> {
        named(folder, fs::create_dir_all(folder))?;
        let path = folder.join(free_name(&named(folder, event_files(folder))?));
        // Another process may have taken the name since; an existing file is never written to.
        named(&path, File::create_new(&path))?;
        let mut file = Self { path, first_step, waiting: Vec::new(), patience: WAITING };
        file.flush()?;
        Ok(file)
    }

    /// Adds the values of one step; they are on disk some steps later, or after [`Self::flush`].
    ///
    /// # Errors
    /// When the disk refuses; the values are kept for the next try.
    pub(crate) fn scalars(&mut self, step: usize, values: &[(String, f64)]) -> Result<(), JobError> {
        let summary = values.iter().fold(Message::new(), |summary, (name, value)| {
            summary.message(1, &Message::new().text(1, name).float(2, *value as f32))
        });
        if self.waiting.len() > MOST_WAITING {
            self.waiting.clear();
        }
        self.waiting.extend(record(&event(step).message(5, &summary).finish()));
        if self.waiting.len() > self.patience { self.flush() } else { Ok(()) }
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn flush(&mut self) -> Result<(), JobError> {
        let appended = named(&self.path, self.append());
        if appended.is_ok() {
            self.waiting.clear();
        }
        self.patience = self.waiting.len() + WAITING;
        appended
    }

    /// Appends whole records, or nothing.
    fn append(&self) -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).open(&self.path)?;
        let length = file.metadata()?.len();
        let mut bytes = if length == 0 { self.head() } else { Vec::new() };
        bytes.extend_from_slice(&self.waiting);
        if let Err(error) = file.write_all(&bytes) {
            // Half a record would hide all that follow.
            if let Err(error) = file.set_len(length) {
                log::warn!("{} ends in half a record: {error}", shown(&self.path));
            }
            return Err(error);
        }
        Ok(())
    }

    /// The records that a file begins with: its version, and the step at which it goes on.
    fn head(&self) -> Vec<u8> {
        let version = Message::new().double(1, precise_now()).text(3, VERSION);
        let start = event(self.first_step).message(7, &Message::new().int(1, SESSION_START));
        [version, start].into_iter().flat_map(|event| record(&event.finish())).collect()
    }
}

/// An event of now, without content.
fn event(step: usize) -> Message {
    Message::new().double(1, precise_now()).int(2, step as i64)
}

/// `data` with its length and checksums.
fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &masked(&length), data, &masked(data)].concat()
}

fn masked(data: &[u8]) -> [u8; 4] {
    CRC.checksum(data).rotate_right(15).wrapping_add(MASK).to_le_bytes()
}

/// Names of the event files in `folder`.
pub(crate) fn event_files(folder: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let names = entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok());
    Ok(names.filter(|name| name.starts_with(PREFIX)).collect())
}

/// The name of a file that is read after `others`, also where a clock was set back.
fn free_name(others: &[String]) -> String {
    let seconds = |name: &String| name.strip_prefix(PREFIX)?.split('.').next()?.parse::<u64>().ok();
    let after = others.iter().filter_map(seconds).max().map_or(0, |last| last.saturating_add(1));
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' };
    let host: String = processes::host().chars().map(plain).collect();
    format!("{PREFIX}{:010}.{host}.{}", now().max(after), std::process::id())
}

/// Reads event files back, for tests.
#[cfg(test)]
pub(crate) mod reader {
    use super::*;
    use timbrespace_base::protobuf::reader::{Fields, Value};

    /// `(step, name, value)` of every scalar of `folder`, as TensorBoard shows them: what a later file repeats counts once.
    pub(crate) fn scalars(folder: &Path) -> Vec<(i64, String, f32)> {
        let mut names = event_files(folder).unwrap();
        names.sort();
        let mut scalars = Vec::new();
        for name in names {
            let events = events(&fs::read(folder.join(name)).unwrap());
            assert_eq!(events[0].texts(3), [VERSION]);
            for event in &events[1..] {
                let step = event.ints(2)[0];
                if !event.messages(7).is_empty() {
                    scalars.retain(|(earlier, _, _)| *earlier < step);
                }
                for value in event.messages(5).iter().flat_map(|summary| summary.messages(1)) {
                    let Some(Value::Float(number)) = value.all(2).next() else { panic!("{value:?}") };
                    scalars.push((step, value.texts(1).remove(0), *number));
                }
            }
        }
        scalars
    }

    /// The events of a file, whose checksums are checked.
    pub(crate) fn events(mut bytes: &[u8]) -> Vec<Fields> {
        let mut events = Vec::new();
        while !bytes.is_empty() {
            let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
            assert_eq!(bytes[8..12], masked(&bytes[..8]));
            let data = &bytes[12..12 + length];
            assert_eq!(bytes[12 + length..16 + length], masked(data));
            events.push(Fields::read(data));
            bytes = &bytes[16 + length..];
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(total: f64) -> Vec<(String, f64)> {
        vec![("loss/total".to_owned(), total), ("loss/kl".to_owned(), 2.0)]
    }

    #[test]
    fn checksums_are_castagnoli_s_masked() {
        // RFC 3720, B.4: 32 bytes of zeros.
        assert_eq!(CRC.checksum(&[0; 32]), 0x8a91_36aa);
        assert_eq!(CRC.checksum(b"123456789"), 0xe306_9283);
        let rotated = 0xe306_9283_u32.rotate_right(15);
        assert_eq!(masked(b"123456789"), rotated.wrapping_add(0xa282_ead8).to_le_bytes());
    }

    #[test]
    fn a_file_begins_with_its_version_and_holds_whole_records() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("deep/events");
        let mut file = EventFile::begin(&folder, 1).unwrap();
        file.scalars(1, &values(12.5)).unwrap();
        file.flush().unwrap();
        let events = reader::events(&fs::read(&file.path).unwrap());
        assert_eq!(events.len(), 3);
        assert_eq!(events[0].texts(3), ["brain.Event:2"]);
        assert_eq!((events[1].ints(2), events[1].messages(7)[0].ints(1)), (vec![1], vec![1]));
        let expected = [(1, "loss/total".to_owned(), 12.5), (1, "loss/kl".to_owned(), 2.0)];
        assert_eq!(reader::scalars(&folder), expected);
        let name = file.path.file_name().unwrap().to_string_lossy().into_owned();
        let seconds = name.strip_prefix(PREFIX).unwrap().split('.').next().unwrap().parse::<u64>().unwrap();
        assert!(now().abs_diff(seconds) < 60, "{name}");
    }

    #[test]
    fn a_later_file_comes_after_all_others_and_takes_over_at_its_first_step() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("notes.txt"), "a person's").unwrap();
        for (first, last, total) in [(1, 4, 1.0), (3, 5, 2.0)] {
            let mut file = EventFile::begin(dir.path(), first).unwrap();
            for step in first..=last {
                file.scalars(step, &[("loss/total".to_owned(), total)]).unwrap();
            }
            file.flush().unwrap();
        }
        let totals: Vec<(i64, f32)> =
            reader::scalars(dir.path()).into_iter().map(|(step, _, value)| (step, value)).collect();
        assert_eq!(totals, [(1, 1.0), (2, 1.0), (3, 2.0), (4, 2.0), (5, 2.0)]);
        let clock_set_back = [format!("{PREFIX}9999999998.host.1"), format!("{PREFIX}senseless")];
        assert!(free_name(&clock_set_back).starts_with(&format!("{PREFIX}9999999999.")));
    }

    #[test]
    fn a_file_that_was_removed_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = EventFile::begin(dir.path(), 1).unwrap();
        fs::remove_file(&file.path).unwrap();
        file.scalars(7, &values(1.0)).unwrap();
        file.flush().unwrap();
        assert_eq!(reader::scalars(dir.path()).len(), 2);
    }

    #[test]
    fn values_wait_for_a_disk_that_refuses() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("events");
        let mut file = EventFile::begin(&folder, 1).unwrap();
        fs::rename(&folder, dir.path().join("aside")).unwrap();
        file.scalars(1, &values(1.0)).unwrap();
        assert!(file.flush().is_err());
        fs::rename(dir.path().join("aside"), &folder).unwrap();
        file.flush().unwrap();
        assert_eq!(reader::scalars(&folder).len(), 2);
    }
}
