//! What is recorded on the way: the output to a file, and the microphone into the model.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use super::{PlayingEvent, Session};
use crate::{
    audio::encode::{BitDepth, write_wav},
    names::shown,
    playback::recorder::{Recorded, Recorder},
    session::{event::Event, state::Severity},
};

/// The folder below the user's data where recordings go.
const FOLDER: &str = "recordings";
/// Shorter takes are slips of the finger.
const SHORTEST_SECS: f64 = 0.05;

impl Session {
    pub(super) fn set_recording(&mut self, on: bool) {
        if !on {
            if let Some(recorder) = &self.playing.recorder {
                recorder.stop();
            }
            return;
        }
        if self.playing.recorder.is_some() {
            return;
        }
        let Some(tap) = self.sound.lock().player.tap() else {
            self.notify(
                Severity::Info,
                "There is no sound device to record: its state stands at the top right",
            );
            return;
        };
        let path = next_free(&self.data_dir.join(FOLDER), "session");
        let mailbox = self.mailbox.clone();
        let ended = move |result| mailbox.send(Event::Playing(PlayingEvent::Recorded(result)));
        match Recorder::start(tap, path, ended) {
            Ok(recorder) => {
                self.playing.recorder = Some(recorder);
                self.state.playing.recording_secs = Some(0.0);
            }
            Err(error) => self.notify(Severity::Error, format!("The output cannot be recorded: {error}")),
        }
    }

    pub(super) fn hear_recorded(&mut self, result: Result<Recorded, String>) {
        self.playing.recorder = None;
        self.state.playing.recording_secs = None;
        match result {
            Ok(Recorded { path, seconds, lost, cut_short }) => {
                let cause = if cut_short {
                    "; it ended with the sound device, or at the size a WAV can have"
                } else {
                    ""
                };
                let lost = if lost > 0 {
                    format!("; {lost} samples were lost, the disk was too slow")
                } else {
                    String::new()
                };
                let severity = if cut_short || !lost.is_empty() { Severity::Warning } else { Severity::Info };
                self.notify(severity, format!("Recorded {seconds:.1} s to {}{cause}{lost}", shown(&path)));
            }
            Err(cause) => self.notify(Severity::Error, cause),
        }
    }

    pub(super) fn set_take(&mut self, on: bool) {
        if on {
            self.stop_playback();
            match self.playing.instruments.microphone.record() {
                Ok(take) => {
                    self.state.playing.take = Some(take.progress());
                    self.playing.take = Some(take);
                }
                Err(cause) => self.notify(Severity::Error, cause),
            }
            return;
        }
        let Some(take) = self.playing.take.take() else { return };
        self.state.playing.take = None;
        let path = next_free(&self.data_dir.join(FOLDER), "own");
        let mailbox = self.mailbox.clone();
        // Ending waits for the device, writing for the disk: neither belongs to the window's thread.
        let written = thread::Builder::new().name("take".to_owned()).spawn(move || {
            let result = take.finish().and_then(|clip| {
                if clip.duration_secs() < SHORTEST_SECS {
                    return Err("The recording is too short: press again when you are done".to_owned());
                }
                write_wav(&path, &clip, BitDepth::Int24).map_err(|error| error.to_string())?;
                Ok(path)
            });
            mailbox.send(Event::Playing(PlayingEvent::TakeWritten(result)));
        });
        if let Err(error) = written {
            self.notify(Severity::Error, format!("The recording cannot be kept: {error}"));
        }
    }

    pub(super) fn refresh_takes(&mut self) {
        if let Some(recorder) = &self.playing.recorder {
            self.state.playing.recording_secs = Some(recorder.seconds());
        }
        let Some(progress) = self.playing.take.as_ref().map(|take| take.progress()) else { return };
        self.state.playing.take = Some(progress);
        if progress.ended {
            self.set_take(false);
        }
    }
}

/// The first of `kind 001.wav`, `kind 002.wav` ... that is not there yet.
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
