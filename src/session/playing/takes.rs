//! Recordings: the output to a file, and takes of the microphone, which are then encoded.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::part::{PlayingEvent, PlayingPart};
use crate::{
    audio::encode::{BitDepth, write_wav},
    language::text,
    names::shown,
    playback::recorder::{Recorded, Recorder},
    session::{
        error_words::InWords as _,
        notices::{NoticeFile, Severity},
        task::Task,
    },
};

/// The folder below the user's data where recordings go.
const FOLDER: &str = "recordings";
/// Shorter takes are discarded as accidental.
const SHORTEST_SECS: f64 = 0.05;

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
            self.ctx.notify(Severity::Info, text!("message-no-device-to-record"));
            return;
        };
        let path = next_free(&self.ctx.data_dir.join(FOLDER), "session");
        let mailbox = self.control.mailbox.clone();
        let ended = move |result| mailbox.send(PlayingEvent::Recorded(result));
        match Recorder::start(tap, path, ended) {
            Ok(recorder) => {
                self.control.recorder = Some(recorder);
                self.state.recording_secs = Some(0.0);
            }
            Err(error) => {
                let words = text!("message-output-not-recorded", cause = error.words());
                self.ctx.notify(Severity::Error, words);
            }
        }
    }

    pub(super) fn on_recorded(&mut self, result: Result<Recorded, String>) {
        self.control.recorder = None;
        self.state.recording_secs = None;
        match result {
            Ok(Recorded { path, seconds, lost, cut_short }) => {
                let cause = if cut_short { text!("message-recording-cut-short") } else { String::new() };
                let lost =
                    if lost > 0 { text!("message-recording-lost", count = lost) } else { String::new() };
                let severity = if cut_short || !lost.is_empty() { Severity::Warning } else { Severity::Info };
                let seconds = format!("{seconds:.1}");
                let recorded = text!("message-recorded", seconds = seconds, path = shown(&path).to_string());
                self.ctx.notify_about_file(severity, recorded + &cause + &lost, NoticeFile::InOwnPlace(path));
            }
            Err(cause) => self.ctx.notify(Severity::Error, cause),
        }
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
        let path = next_free(&self.ctx.data_dir.join(FOLDER), "own");
        let mailbox = self.control.mailbox.clone();
        // Ending waits for the device and writing for the disk: not on the window's thread.
        let written = Task::start("take", move |_| {
            let result = take.finish().and_then(|clip| {
                if clip.duration_secs() < SHORTEST_SECS {
                    return Err(text!("message-take-too-short"));
                }
                write_wav(&path, &clip, BitDepth::Int24).map_err(|error| error.words())?;
                Ok(path)
            });
            mailbox.send(PlayingEvent::TakeWritten(result));
        });
        self.control.writing.retain(|task| !task.is_finished());
        match written {
            Ok(task) => self.control.writing.push(task),
            Err(error) => {
                self.ctx.notify(Severity::Error, text!("message-take-not-kept", cause = error.words()));
            }
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

/// The next free name of `kind 001.wav`, `kind 002.wav` ...
fn next_free(folder: &Path, kind: &str) -> PathBuf {
    let taken: Vec<usize> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
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
    fn recordings_are_numbered_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(next_free(&folder.path().join("none yet"), "own").file_name().unwrap(), "own 001.wav");
        for name in ["own 001.wav", "own 007.wav", "session 009.wav", "own x.wav"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(next_free(folder.path(), "own").file_name().unwrap(), "own 008.wav");
    }
}
