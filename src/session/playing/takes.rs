//! Recordings: the output to a file, and takes of the microphone, which are then encoded.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::Duration,
};

use super::part::{LostTake, News, PlayingEvent, PlayingPart, Recovered};
use crate::{
    atomic_file,
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
        growing_wav,
    },
    folder_lock::FolderLock,
    names::{self, shown},
    playback::recorder::{Recorded, Recorder},
    session::{
        notices::{NoticeFile, Severity},
        spoken::{Spoken, said},
        task::Task,
    },
};

/// The folder below the user's data where recordings go.
const FOLDER: &str = "recordings";
/// Shorter takes are discarded as accidental.
const SHORTEST_SECS: f64 = 0.05;
/// A hidden file in a folder of the person is no other program's unfinished export once it has been quiet for so long.
const QUIET: Duration = Duration::from_mins(1);

impl PlayingPart<'_> {
    pub(super) fn set_recording(&mut self, on: bool) {
        if !on {
            if let Some(recorder) = &self.control.recorder {
                recorder.stop();
            }
            return;
        }
        if self.control.recorder.is_some() {
            return;
        }
        let Some(tap) = self.ctx.sound.lock().player.tap() else {
            self.ctx.notify(Severity::Info, said!("message-no-device-to-record"));
            return;
        };
        let path = next_free(&self.folder(), "session");
        // Another window must not take the unfinished file for one that a killed program left.
        let lock = match FolderLock::file(&path, "recording") {
            Ok(lock) => lock,
            Err(error) => return self.on_recorded(Err(error.into())),
        };
        let mailbox = self.control.mailbox.clone();
        let ended = move |result: Result<Recorded, String>| {
            drop(lock);
            mailbox.send(PlayingEvent::Recorded(result.map_err(Spoken::from)));
        };
        match Recorder::start(tap, path, ended) {
            Ok(recorder) => {
                self.control.recorder = Some(recorder);
                self.state.recording_secs = Some(0.0);
            }
            Err(error) => {
                let words = said!("message-output-not-recorded", cause = Spoken::from(error));
                self.ctx.notify(Severity::Error, words);
            }
        }
    }

    pub(super) fn on_recorded(&mut self, result: Result<Recorded, Spoken>) {
        self.control.recorder = None;
        self.state.recording_secs = None;
        match result {
            Ok(Recorded { path, seconds, lost, cut_short, refused }) => {
                self.state.is_folder_refused = refused.is_some();
                let cause = match refused {
                    Some(cause) => Some(said!("message-recording-refused", cause = cause)),
                    None => cut_short.then(|| said!("message-recording-cut-short")),
                };
                let lost = (lost > 0).then(|| said!("message-recording-lost", count = lost));
                let is_whole = cause.is_none() && lost.is_none();
                let severity = if is_whole { Severity::Info } else { Severity::Warning };
                let seconds = format!("{seconds:.1}");
                let recorded = said!("message-recorded", seconds = seconds, path = shown(&path).to_string());
                let words = cause.into_iter().chain(lost).fold(recorded, Spoken::then);
                self.notify_recording(severity, words, &path);
            }
            Err(cause) => {
                self.state.is_folder_refused = true;
                self.ctx.notify(Severity::Error, said!("message-output-not-recorded", cause = cause));
            }
        }
    }

    /// Tells the person of a recording, which may be wanted elsewhere if the program chose its place.
    fn notify_recording(&mut self, severity: Severity, words: Spoken, path: &Path) {
        let is_chosen = self.ctx.settings.playing.folder.is_some();
        let path = path.to_owned();
        let file = if is_chosen { NoticeFile::Saved(path) } else { NoticeFile::InOwnPlace(path) };
        self.ctx.notify_about_file(severity, words, file);
    }

    pub(super) fn set_take(&mut self, on: bool) {
        if on {
            self.ctx.sound.lock().stop();
            match self.control.instruments.microphone.record() {
                Ok(take) => {
                    self.state.take = Some(take.progress());
                    self.control.take = Some(take);
                }
                Err(cause) => self.ctx.notify(Severity::Error, cause),
            }
            return;
        }
        let Some(take) = self.control.take.take() else { return };
        self.state.take = None;
        self.write_take(move || take.finish());
    }

    /// Writes a take on a thread: ending it waits for the device, and writing for the disk.
    fn write_take(&mut self, finish: impl FnOnce() -> Result<Clip, String> + Send + 'static) {
        let path = next_free(&self.folder(), "own");
        let mailbox = self.control.mailbox.clone();
        let written = Task::start("take", move |_| {
            let result = finish().map_err(|cause| LostTake { cause: cause.into(), clip: None });
            mailbox.send(PlayingEvent::TakeWritten(result.and_then(|clip| keep_take(clip, path))));
        });
        self.keep_task(written);
    }

    fn keep_task(&mut self, started: io::Result<Task>) {
        self.control.writing.retain(|task| !task.is_finished());
        match started {
            Ok(task) => self.control.writing.push(task),
            Err(error) => {
                self.ctx.notify(Severity::Error, said!("message-take-not-kept", cause = Spoken::from(error)));
            }
        }
    }

    pub(super) fn on_take(&mut self, result: Result<PathBuf, LostTake>) {
        match result {
            Ok(path) => {
                self.state.is_folder_refused = false;
                let words = said!("message-take-kept", path = shown(&path).to_string());
                self.notify_recording(Severity::Info, words, &path);
                self.ctx.tell(News::Take(path));
            }
            Err(LostTake { cause, clip: None }) => self.ctx.notify(Severity::Error, cause),
            Err(LostTake { cause, clip }) => {
                self.control.unsaved = clip;
                self.state.is_folder_refused = true;
                self.ctx.notify(Severity::Error, said!("message-take-not-kept", cause = cause));
            }
        }
    }

    /// Recordings go to `folder` from now on; a take that was refused is written there.
    pub(super) fn choose_folder(&mut self, folder: PathBuf) {
        self.ctx.settings.playing.folder = Some(folder);
        self.state.is_folder_refused = false;
        if let Some(clip) = self.control.unsaved.take() {
            self.write_take(move || Ok(clip));
        }
    }

    /// The folder of the recordings.
    fn folder(&self) -> PathBuf {
        self.ctx.settings.playing.folder.clone().unwrap_or_else(|| self.ctx.data_dir.join(FOLDER))
    }

    /// Looks for recordings that an earlier session could not end.
    pub(super) fn recover_recordings(&mut self) {
        let own = self.ctx.data_dir.join(FOLDER);
        let chosen = self.ctx.settings.playing.folder.clone().filter(|folder| *folder != own);
        let mailbox = self.control.mailbox.clone();
        let started = Task::start("take", move |_| {
            let mut recovered = recover(&own, Duration::ZERO);
            recovered.extend(chosen.into_iter().flat_map(|folder| recover(&folder, QUIET)));
            if !recovered.is_empty() {
                mailbox.send(PlayingEvent::Recovered(recovered));
            }
        });
        match started {
            Ok(task) => self.control.writing.push(task),
            Err(error) => log::warn!("unfinished recordings are not looked for: {error}"),
        }
    }

    pub(super) fn on_recovered(&mut self, recordings: Vec<Recovered>) {
        for Recovered { path, secs } in recordings {
            let (seconds, name) = (format!("{secs:.1}"), shown(&path).to_string());
            let words = said!("message-recording-recovered", seconds = seconds, path = name);
            self.notify_recording(Severity::Warning, words, &path);
        }
    }

    pub(super) fn refresh_takes(&mut self) {
        if let Some(recorder) = &self.control.recorder {
            self.state.recording_secs = Some(recorder.seconds());
        }
        let Some(progress) = self.control.take.as_ref().map(|take| take.progress()) else { return };
        self.state.take = Some(progress);
        if progress.ended {
            self.set_take(false);
        }
    }
}

/// Writes a take of the microphone.
fn keep_take(clip: Clip, path: PathBuf) -> Result<PathBuf, LostTake> {
    if clip.duration_secs() < SHORTEST_SECS {
        return Err(LostTake { cause: said!("message-take-too-short"), clip: None });
    }
    let written = FolderLock::file(&path, "recording")
        .map_err(Spoken::from)
        .and_then(|_lock| write_wav(&path, &clip, BitDepth::Int24).map_err(Spoken::from));
    match written {
        Ok(()) => Ok(path),
        Err(cause) => Err(LostTake { cause, clip: Some(clip) }),
    }
}

/// Repairs and names the recordings that killed programs have left in `folder`, unless another window records there now. Files
/// that were changed within `quiet` stay.
fn recover(folder: &Path, quiet: Duration) -> Vec<Recovered> {
    let age = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok()?.elapsed().ok();
    let left = |path: &PathBuf| {
        atomic_file::is_unfinished(&names::file_name(path))
            && (quiet.is_zero() || age(path).is_some_and(|age| age > quiet))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(left).collect();
    if files.is_empty() {
        return Vec::new();
    }
    let _lock = match FolderLock::whole(folder, "recovering recordings") {
        Ok(lock) => lock,
        Err(error) => {
            log::info!("unfinished recordings stay: {error}");
            return Vec::new();
        }
    };
    files.sort();
    files.into_iter().filter_map(|file| recover_file(&file)).collect()
}

/// Repairs and names one recording; removes it if it holds no sound, and leaves what is no recording.
fn recover_file(file: &Path) -> Option<Recovered> {
    if !is_recording(file) {
        return None;
    }
    let repaired = fs::File::options().read(true).write(true).open(file);
    let secs = match repaired.and_then(|mut file| growing_wav::repair(&mut file)) {
        Ok(repaired) => repaired.map_or(0.0, |sound| sound.seconds),
        Err(error) => {
            log::warn!("{}: the recording cannot be repaired: {error}", shown(file));
            return None;
        }
    };
    let path = next_free(file.parent()?, "session");
    let ended = if secs < SHORTEST_SECS { fs::remove_file(file) } else { fs::rename(file, &path) };
    match ended {
        Ok(()) => (secs >= SHORTEST_SECS).then_some(Recovered { path, secs }),
        Err(error) => {
            log::warn!("{}: {error}", shown(file));
            None
        }
    }
}

/// Whether a file begins as a WAV file does, or is empty because the program was killed before its header.
fn is_recording(file: &Path) -> bool {
    let mut start = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(4).read_to_end(&mut start));
    read.is_ok() && b"RIFF".starts_with(&start)
}

/// The next free name of `kind 001.wav`, `kind 002.wav` ... A name that another window writes now, which has a lock, is not
/// free.
fn next_free(folder: &Path, kind: &str) -> PathBuf {
    let taken: Vec<usize> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let locked = name.strip_prefix(".timbrespace.").and_then(|name| name.strip_suffix(".lock"));
            let name = locked.unwrap_or(&name);
            name.strip_prefix(kind)?.strip_suffix(".wav")?.trim().parse().ok()
        })
        .collect();
    let number = taken.into_iter().max().map_or(1, |number| number + 1);
    folder.join(format!("{kind} {number:03}.wav"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_file_of_another_kind_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (array, empty) =
            (folder.path().join(".timbrespace-aaaaaa"), folder.path().join(".timbrespace-bbbbbb"));
        fs::write(&array, b"\x93NUMPY of an export under way").unwrap();
        fs::write(&empty, b"").unwrap();
        assert_eq!(recover(folder.path(), Duration::ZERO).len(), 0);
        assert!(array.exists() && !empty.exists(), "only the recording without sound goes");
    }

    #[test]
    fn recordings_are_numbered_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(next_free(&folder.path().join("none yet"), "own").file_name().unwrap(), "own 001.wav");
        let locked = ".timbrespace.own 008.wav.lock";
        for name in [locked, "own 001.wav", "own 007.wav", "session 009.wav", "own x.wav"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(next_free(folder.path(), "own").file_name().unwrap(), "own 009.wav");
    }
}
