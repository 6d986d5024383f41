//! What is heard: the selected recording or the decoded sound.
//!
//! The thread that decodes plays what it has decoded itself: waiting for the window's next frame would make a slider
//! answer up to a frame later.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Session, state::Source};
use crate::playback::{player::Player, prepared::Prepared};

/// How a decoded sound is to be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hearing {
    /// Not at all.
    Silent,
    /// From its beginning.
    Once,
    /// In place of the one that sounds.
    Follow,
}

/// The sound, shared by the session and the thread that decodes. Held only for as long as it takes to say what plays.
#[derive(Clone)]
pub(super) struct SharedSound(Arc<Mutex<SoundControl>>);

impl SharedSound {
    pub(super) fn new(player: Player) -> Self {
        Self(Arc::new(Mutex::new(SoundControl::new(player))))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, SoundControl> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A recording that is to be played.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Awaited {
    /// Its place in the library.
    recording: usize,
    /// Where the crosshair is kept, in seconds of the padded signal.
    crosshair: Option<f64>,
}

/// The player and what it can play at once.
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub(super) struct SoundControl {
    pub(super) player: Player,
    /// The selected recording's signal, by its index; a long one is streamed.
    pub(super) recording: Option<(usize, Prepared)>,
    /// The newest decoded sound.
    pub(super) decoded: Option<Prepared>,
    /// The newest ladder's sounds.
    pub(super) rungs: Vec<Prepared>,
    /// The sound that was encoded last.
    pub(super) original: Option<Prepared>,
    playing: Option<(u64, Source)>,
    /// Seconds of the source before the part that plays.
    offset_secs: f64,
    next_id: u64,
    /// Play this as soon as its stages are there.
    awaited: Option<Awaited>,
    /// The newest vector that was asked to be decoded, and how it is to be heard.
    pub(super) asked: (u64, Hearing),
    /// Whether a slider is held.
    pub(super) dragging: bool,
    /// Whether decoded sounds are repeated.
    pub(super) looping: bool,
    /// Whether decoded sounds are heard only while they are held.
    pub(super) holding: bool,
    /// Whether every sound is brought to one loudness.
    pub(super) matched: bool,
    /// The note that is held, if any, and how hard it was struck.
    held: Option<(u8, f32)>,
}

impl SoundControl {
    pub(super) fn new(player: Player) -> Self {
        Self {
            player,
            recording: None,
            decoded: None,
            rungs: Vec::new(),
            original: None,
            playing: None,
            offset_secs: 0.0,
            next_id: 0,
            awaited: None,
            asked: (0, Hearing::Silent),
            dragging: false,
            looping: false,
            holding: false,
            matched: false,
            held: None,
        }
    }

    pub(super) fn start(&mut self, source: Source, prepared: &Prepared, looping: bool) {
        self.next_id += 1;
        self.playing = Some((self.next_id, source));
        self.offset_secs = 0.0;
        let prepared = self.at_its_loudness(source, prepared);
        self.player.play_prepared(self.next_id, &prepared, looping);
    }

    /// Plays a part of a source that begins `from_secs` into it.
    pub(super) fn start_from(&mut self, source: Source, part: &Prepared, from_secs: f64) {
        self.start(source, part, false);
        self.offset_secs = from_secs;
    }

    /// Takes a decoded sound and plays it as it was asked for.
    pub(super) fn hear_decoded(&mut self, serial: u64, prepared: Prepared) {
        self.decoded = Some(prepared);
        match self.asked {
            (_, Hearing::Follow) => {
                self.play_decoded(self.dragging || self.looping || self.held.is_some(), true);
            }
            // While a note is held, it goes on with the new sound; in hold mode nothing sounds otherwise.
            (_, Hearing::Once) if self.held.is_some() => self.play_decoded(true, true),
            (_, Hearing::Once) if self.holding => {}
            (newest, Hearing::Once) if serial == newest => self.play_decoded(self.looping, self.looping),
            (_, Hearing::Once | Hearing::Silent) => {}
        }
    }

    /// Plays the decoded sound: in place of an earlier one at the same position, else from its beginning.
    pub(super) fn play_decoded(&mut self, looping: bool, in_place: bool) {
        let Some(prepared) = self.decoded.clone() else {
            return;
        };
        match self.playing {
            Some((id, Source::Decoded)) if in_place && self.is_playing() => {
                let prepared = self.at_its_loudness(Source::Decoded, &prepared);
                self.player.replace_prepared(id, &prepared, looping);
            }
            _ => self.start(Source::Decoded, &prepared, looping),
        }
    }

    /// A key, a pad or a button goes down: the decoded sound, as the mode has it.
    pub(super) fn note_on(&mut self, note: u8, velocity: f32) {
        self.held = Some((note, velocity.clamp(0.0, 1.0)));
        self.play_decoded(self.looping || self.holding, false);
        if !self.holding {
            self.held = None;
        }
    }

    /// It comes up again: in hold mode the sound ends, unless another note has begun since.
    pub(super) fn note_off(&mut self, note: u8) {
        if self.held.is_some_and(|(held, _)| held == note) {
            self.held = None;
            self.playing = None;
            self.player.stop();
        }
    }

    /// With the gains of matched loudness and of the note's velocity.
    fn at_its_loudness(&self, source: Source, prepared: &Prepared) -> Prepared {
        let matched = if self.matched { prepared.matching_gain() } else { 1.0 };
        let velocity = self.held.filter(|_| source == Source::Decoded).map_or(1.0, |(_, velocity)| velocity);
        prepared.with_gain(matched * velocity)
    }

    fn is_playing(&self) -> bool {
        self.position().is_some()
    }

    fn position(&self) -> Option<(Source, f64)> {
        let (id, source) = self.playing?;
        let (playing, seconds) = self.player.position()?;
        (playing == id).then_some((source, seconds + self.offset_secs))
    }
}

impl Session {
    pub(super) fn refresh_playback(&mut self) {
        let sound = self.sound.lock();
        self.state.playback.playing = sound.position();
        self.state.playback.device = sound.player.status();
        drop(sound);
        self.refresh_playing();
    }

    /// Plays the selected recording, from `crosshair` on (seconds of the padded signal) where nothing of it is selected; or
    /// stops what plays.
    pub(super) fn toggle_play(&mut self, crosshair: Option<f64>) {
        if self.sound.lock().is_playing() {
            self.stop_playback();
            return;
        }
        let Some(selected) = self.state.library.selected else {
            return;
        };
        self.sound.lock().awaited = Some(Awaited { recording: selected, crosshair });
        self.play_awaited_recording(selected);
    }

    pub(super) fn play_awaited_recording(&mut self, recording: usize) {
        let mut sound = self.sound.lock();
        let Some(awaited) = sound.awaited.filter(|awaited| awaited.recording == recording) else {
            return;
        };
        if let Some((index, prepared)) = sound.recording.clone()
            && index == recording
        {
            sound.awaited = None;
            match self.state.inspection.part_to_play(awaited.crosshair) {
                Some((from, to)) => {
                    sound.start_from(Source::Recording(index), &prepared.part(from, to), from);
                }
                None => sound.start(Source::Recording(index), &prepared, false),
            }
            drop(sound);
            self.refresh_playback();
        }
    }

    pub(super) fn play_decoded(&mut self) {
        self.sound.lock().play_decoded(self.state.latent.looping, false);
        self.refresh_playback();
    }

    pub(super) fn play_original(&mut self) {
        let mut sound = self.sound.lock();
        if let Some(original) = sound.original.clone() {
            sound.start(Source::Original, &original, false);
        }
        drop(sound);
        self.refresh_playback();
    }

    pub(super) fn stop_playback(&mut self) {
        let mut sound = self.sound.lock();
        sound.awaited = None;
        sound.playing = None;
        sound.player.stop();
        drop(sound);
        self.refresh_playback();
    }

    pub(super) fn set_volume(&mut self, amplitude: f32) {
        let amplitude = amplitude.clamp(0.0, 1.0);
        self.state.settings.volume = amplitude;
        self.sound.lock().player.set_volume(amplitude);
    }

    pub(super) fn set_muted(&mut self, muted: bool) {
        self.state.settings.muted = muted;
        self.sound.lock().player.set_muted(muted);
    }
}

#[cfg(test)]
mod tests {
    use std::{
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
            Command, Instruments, SessionOptions,
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
        session.apply(Command::Open(folder.to_owned()));
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
        session.apply(Command::TogglePlayFrom(60.0));
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
        session.apply(Command::SetSelection(Some((30.0, 30.25))));
        session.apply(Command::TogglePlayFrom(60.0));
        play_until(&mut session, &device, 30.1);
        session.apply(Command::TogglePlay);
        assert_eq!(session.state().playback.playing, None);
        device.pull(200);
        session.apply(Command::TogglePlayFrom(60.0));
        play_until(&mut session, &device, 30.2);
        wait_pulling(&mut session, &device, |state| state.playback.playing.is_none());
        let last = timbrespace_base::differences::largest(device.played());
        assert!((last - 0.99 * 30.25 / 90.0).abs() < 2e-4, "not beyond the selection: {last}");
        session.apply(Command::SetSelection(None));
        session.apply(Command::LookAt(45.0, 50.0));
        session.apply(Command::TogglePlay);
        assert!((session.state().playback.playing.unwrap().1 - 45.0).abs() < 1e-6);
    }

    #[test]
    fn a_short_recording_plays_from_the_crosshair_too() {
        let place = tempfile::tempdir().unwrap();
        let (mut session, device) = session(place.path(), 2);
        assert!(session.state().inspection.stages.is_some());
        session.apply(Command::TogglePlayFrom(1.5));
        play_until(&mut session, &device, 1.6);
        let heard = device.played();
        assert_eq!(heard[100], 0.99 * 12_100.0 / 16_000.0);
        session.apply(Command::StopPlayback);
        device.pull(200);
        device.clear();
        session.apply(Command::TogglePlayFrom(5.0));
        device.pull(200);
        assert_eq!(device.played()[100], 0.99 * 100.0 / 16_000.0, "nothing is there to play: all of it");
    }
}
