//! Playback: the selected recording, the decoded sound, or the original of the vector.

use std::convert::Infallible;

use super::{
    ctx::Ctx,
    inspection::state::Inspection,
    library::state::Library,
    notices::Severity,
    sound::{Awaited, PreparedRecording, Source},
};
use crate::{
    names::escaped,
    playback::player::DeviceStatus,
    session::spoken::{Spoken, said},
};

/// Sound.
#[derive(Debug)]
pub struct PlaybackState {
    /// The device, or why there is none.
    pub device: DeviceStatus,
    /// What is playing, and the seconds into it.
    pub playing: Option<(Source, f64)>,
}

impl Default for PlaybackState {
    fn default() -> Self {
        Self { device: DeviceStatus::Opening, playing: None }
    }
}

/// Commands about playback.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlaybackCommand {
    /// Plays the selected recording or the selected part of it; stops if it is playing.
    TogglePlay,
    /// As [`Self::TogglePlay`], from these seconds of the padded signal on if no part is selected.
    TogglePlayFrom(f64),
    /// Plays the decoded sound.
    PlayDecoded,
    /// Plays the sound that the latent vector came from.
    PlayOriginal,
    /// Stops all sound.
    Stop,
    /// Loudness, 0 to 1.
    SetVolume(f32),
    /// Silences.
    SetMuted(bool),
}

impl PlaybackCommand {
    /// Whether another sound than the decoded one is played, or none.
    pub(super) fn replaces_sound(self) -> bool {
        match self {
            Self::TogglePlay | Self::TogglePlayFrom(_) | Self::PlayOriginal | Self::Stop => true,
            Self::PlayDecoded | Self::SetVolume(_) | Self::SetMuted(_) => false,
        }
    }
}

/// The playback part with all that it may use.
pub(super) struct PlaybackPart<'a> {
    pub(super) state: &'a mut PlaybackState,
    pub(super) library: &'a Library,
    pub(super) inspection: &'a Inspection,
    pub(super) ctx: Ctx<'a, Infallible>,
}

impl PlaybackPart<'_> {
    pub(super) fn apply(&mut self, command: PlaybackCommand) {
        use PlaybackCommand as C;
        match command {
            C::TogglePlay => self.toggle(None),
            C::TogglePlayFrom(secs) => self.toggle(Some(secs)),
            C::PlayDecoded => {
                let mut sound = self.ctx.sound.lock();
                let looping = sound.looping;
                sound.play_decoded(looping, false);
            }
            C::PlayOriginal => {
                let mut sound = self.ctx.sound.lock();
                if let Some(original) = sound.original.clone() {
                    sound.start(Source::Original, &original, false);
                }
            }
            C::Stop => self.ctx.sound.lock().stop(),
            C::SetVolume(amplitude) => {
                let amplitude = amplitude.clamp(0.0, 1.0);
                self.ctx.settings.volume = amplitude;
                self.ctx.sound.lock().player.set_volume(amplitude);
            }
            C::SetMuted(muted) => {
                self.ctx.settings.muted = muted;
                self.ctx.sound.lock().player.set_muted(muted);
            }
        }
    }

    /// Updates the state from the player; call once a frame and after every command.
    pub(super) fn refresh(&mut self) {
        let sound = self.ctx.sound.lock();
        self.state.playing = sound.position();
        self.state.device = sound.player.status();
    }

    /// Plays a recording from these seconds of its padded signal on.
    pub(super) fn play_from(&mut self, secs: f64) {
        self.ctx.sound.lock().stop();
        self.toggle(Some(secs).filter(|secs| *secs > 0.0));
    }

    /// Plays the selected recording, from `crosshair` on (seconds of the padded signal) where nothing of it is selected; or
    /// stops what plays.
    fn toggle(&mut self, crosshair: Option<f64>) {
        let mut sound = self.ctx.sound.lock();
        if sound.is_playing() {
            sound.stop();
            return;
        }
        let Some(selected) = self.library.selected else { return };
        sound.awaited = Some(Awaited { recording: selected, crosshair });
        drop(sound);
        if let Some(cause) = self.inspection.error.clone().filter(|_| !self.inspection.busy) {
            self.refuse_awaited(selected, cause);
        }
        self.play_awaited(selected);
    }

    /// A recording that waited for its stages has none: says why it is not heard.
    pub(super) fn refuse_awaited(&mut self, recording: usize, cause: impl Into<Spoken>) {
        let is_meant = |awaited: &mut Awaited| awaited.recording == recording;
        if self.ctx.sound.lock().awaited.take_if(is_meant).is_none() {
            return;
        }
        let name = self.library.recordings.get(recording).map(|recording| escaped(&recording.name));
        let words =
            said!("message-not-played", name = name.unwrap_or_default().into_owned(), cause = cause.into());
        self.ctx.notify(Severity::Error, words);
    }

    /// Plays a recording that waited for its stages.
    pub(super) fn play_awaited(&self, recording: usize) {
        let mut sound = self.ctx.sound.lock();
        let Some(awaited) = sound.awaited.filter(|awaited| awaited.recording == recording) else {
            return;
        };
        if let Some(PreparedRecording { recording: index, prepared }) = sound.recording.clone()
            && index == recording
        {
            sound.awaited = None;
            match self.inspection.part_to_play(awaited.crosshair) {
                Some((from, to)) => {
                    sound.start_from(Source::Recording(index), &prepared.part(from, to), from);
                }
                None => sound.start(Source::Recording(index), &prepared, false),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::Arc,
        thread,
        time::{Duration, Instant},
    };

    use super::*;
    use crate::{
        audio::{
            clip::Clip,
            encode::{BitDepth, write_wav},
        },
        pipeline::config::{ClipDuration, PreprocessingConfig},
        playback::test_backend::{TestBackend, TestDevice},
        session::{
            InspectionCommand, Instruments, LibraryCommand, Session, SessionOptions,
            state::{Settings, State},
        },
    };

    const RATE_HZ: u32 = 8000;
    const LONGEST_WAIT: Duration = Duration::from_mins(2);

    /// A session on one recording of `secs` seconds, whose samples rise from 0 to nearly 1 so that each says where it is.
    fn session(folder: &std::path::Path, secs: u32) -> (Session, TestDevice) {
        let len = secs * RATE_HZ;
        let samples = (0..len).map(|n| 0.99 * n as f32 / len as f32).collect();
        write_wav(&folder.join("ramp.wav"), &Clip::mono(samples, RATE_HZ), BitDepth::Float32).unwrap();
        let preprocessing = PreprocessingConfig {
            sample_rate_hz: RATE_HZ,
            duration: ClipDuration::Full,
            mel_max_hz: 4000.0,
            ..PreprocessingConfig::default()
        };
        let backend = TestBackend::new(RATE_HZ, 1);
        let device = backend.device();
        let session = Session::new(SessionOptions {
            wake: Arc::new(|| {}),
            backend: Box::new(backend),
            instruments: Instruments::none(),
            data_dir: folder.join("data"),
            settings: Settings { volume: 1.0, preprocessing, ..Settings::default() },
        });
        let mut session = session.unwrap();
        session.apply(LibraryCommand::Open(folder.to_owned()));
        wait(&mut session, |state| state.inspection.stages.is_some() || state.inspection.long.is_some());
        (session, device)
    }

    fn wait(session: &mut Session, done: impl Fn(&State) -> bool) {
        let start = Instant::now();
        while !done(session.state()) {
            assert!(start.elapsed() < LONGEST_WAIT, "{:?}", session.state().notices);
            thread::sleep(Duration::from_millis(3));
            session.poll();
        }
    }

    /// Lets the device play until the playhead is at `secs`.
    fn play_until(session: &mut Session, device: &TestDevice, secs: f64) {
        wait_pulling(session, device, |state| state.playback.playing.is_some_and(|(_, at)| at >= secs));
    }

    fn wait_pulling(session: &mut Session, device: &TestDevice, done: impl Fn(&State) -> bool) {
        let start = Instant::now();
        while !done(session.state()) {
            assert!(start.elapsed() < LONGEST_WAIT);
            device.pull(80);
            session.poll();
        }
    }

    #[test]
    fn a_long_recording_plays_from_the_crosshair_to_its_end() {
        let place = tempfile::tempdir().unwrap();
        let (mut session, device) = session(place.path(), 90);
        assert!(session.state().inspection.long.is_some());
        session.apply(PlaybackCommand::TogglePlayFrom(60.0));
        let (source, at) = session.state().playback.playing.unwrap();
        assert_eq!(source, Source::Recording(0));
        assert!((at - 60.0).abs() < 1e-6, "{at}");
        play_until(&mut session, &device, 60.5);
        let heard = device.played();
        // The fade-in is over after a millisecond; what follows is the signal from there, until the ring may run empty.
        let begun = heard.iter().position(|&sample| sample > 0.0).unwrap() - 1;
        let expected: Vec<f32> = (0..200).map(|n| 0.99 * (480_000 + n) as f32 / 720_000.0).collect();
        assert_eq!(heard[begun + 8..begun + 200], expected[8..]);
        wait_pulling(&mut session, &device, |state| state.playback.playing.is_none());
        let last = timbrespace_base::differences::largest(device.played());
        assert!(last > 0.989, "to the end: {last}");
    }

    #[test]
    fn space_stops_a_long_recording_and_plays_what_is_selected_or_in_sight() {
        let place = tempfile::tempdir().unwrap();
        let (mut session, device) = session(place.path(), 90);
        session.apply(InspectionCommand::SetSelection(Some((30.0, 30.25))));
        session.apply(PlaybackCommand::TogglePlayFrom(60.0));
        play_until(&mut session, &device, 30.1);
        session.apply(PlaybackCommand::TogglePlay);
        assert_eq!(session.state().playback.playing, None);
        device.pull(200);
        session.apply(PlaybackCommand::TogglePlayFrom(60.0));
        play_until(&mut session, &device, 30.2);
        wait_pulling(&mut session, &device, |state| state.playback.playing.is_none());
        let last = timbrespace_base::differences::largest(device.played());
        assert!((last - 0.99 * 30.25 / 90.0).abs() < 2e-4, "not beyond the selection: {last}");
        session.apply(InspectionCommand::SetSelection(None));
        session.apply(InspectionCommand::LookAt(45.0, 50.0));
        session.apply(PlaybackCommand::TogglePlay);
        assert!((session.state().playback.playing.unwrap().1 - 45.0).abs() < 1e-6);
    }

    #[test]
    fn a_short_recording_plays_from_the_crosshair_too() {
        let place = tempfile::tempdir().unwrap();
        let (mut session, device) = session(place.path(), 2);
        assert!(session.state().inspection.stages.is_some());
        session.apply(PlaybackCommand::TogglePlayFrom(1.5));
        play_until(&mut session, &device, 1.6);
        let heard = device.played();
        assert_eq!(heard[100], 0.99 * 12_100.0 / 16_000.0);
        session.apply(PlaybackCommand::Stop);
        device.pull(200);
        device.clear();
        session.apply(PlaybackCommand::TogglePlayFrom(5.0));
        device.pull(200);
        assert_eq!(device.played()[100], 0.99 * 100.0 / 16_000.0, "nothing is there to play: all of it");
    }
}
