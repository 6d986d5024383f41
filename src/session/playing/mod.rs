//! Playing the latent space as an instrument: modes, loudness, devices, controllers, and what is recorded on the way.

mod midi;
mod takes;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use super::{Session, state::Severity};
use crate::{
    explore::axes::AxisSystem,
    playback::{
        backend::OutputDevice,
        microphone::{Microphone, NoMicrophone, SystemMicrophone, Take, TakeProgress},
        midi::{MidiConnection, MidiInput, MidiMessage, NoMidi, SystemMidi},
        recorder::{Recorded, Recorder},
    },
};

/// The note of the computer's own trigger key and of the play button: none that a MIDI keyboard has.
const OWN_NOTE: u8 = 128;
/// Time that the clip light stays on after the last limited sample.
const CLIP_LIGHT: Duration = Duration::from_secs(4);
/// Fall of the level's bar in decibels a second, as programme meters have it.
const FALL_DB: f32 = 24.0;
/// Lowest level that is shown, in dBFS.
pub const LOWEST_DB: f32 = -60.0;
/// Axes that keys of the computer move.
pub const KEY_AXES: usize = 3;
/// Movements of one hand that are farther apart are undone one by one.
const GESTURE: Duration = Duration::from_millis(900);

/// What plays and is played, beside the loudspeakers.
pub struct Instruments {
    /// MIDI.
    pub midi: Box<dyn MidiInput>,
    /// The microphone.
    pub microphone: Box<dyn Microphone>,
}

impl Instruments {
    /// Those of the system.
    pub fn of_the_system() -> Self {
        Self { midi: Box::new(SystemMidi), microphone: Box::new(SystemMicrophone) }
    }

    /// None at all.
    pub fn none() -> Self {
        Self { midi: Box::new(NoMidi), microphone: Box::new(NoMicrophone) }
    }
}

/// How a decoded sound is played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlayMode {
    /// Once, from its beginning.
    #[default]
    OneShot,
    /// Over and over.
    Loop,
    /// Over and over while a key is held.
    Hold,
}

/// What playing remembers between starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlayingSettings {
    /// The output device; `None` for the system's default one.
    pub device: Option<String>,
    /// How decoded sounds are played.
    pub mode: PlayMode,
    /// Whether every sound is brought to one loudness.
    pub matched: bool,
    /// The MIDI port.
    pub midi_port: Option<String>,
    /// Which control moves which axis: of the dimensions by number, or of the principal directions by rank.
    pub controls: BTreeMap<u8, (bool, usize)>,
    /// The axes that the keys move, by their place among the sliders; the first ones where none is given.
    pub key_axes: [Option<usize>; KEY_AXES],
}

/// How loud the output is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelState {
    /// What the bar shows, in dB re full scale.
    pub db: f32,
    /// Whether something was limited lately.
    pub is_clipped: bool,
    at: Option<Instant>,
    clipped_at: Option<Instant>,
}

impl Default for LevelState {
    fn default() -> Self {
        Self { db: LOWEST_DB, is_clipped: false, at: None, clipped_at: None }
    }
}

impl LevelState {
    /// Takes in what has been heard since the last look.
    fn hear(&mut self, peak: f32, clipped: u64, now: Instant) {
        let heard = 20.0 * peak.max(f32::MIN_POSITIVE).log10();
        let since = self.at.map_or(0.0, |at| now.duration_since(at).as_secs_f32());
        self.db = heard.max(self.db - FALL_DB * since).max(LOWEST_DB);
        self.at = Some(now);
        if clipped > 0 {
            self.clipped_at = Some(now);
        }
        self.is_clipped = self.clipped_at.is_some_and(|at| now.duration_since(at) < CLIP_LIGHT);
    }
}

/// What playing shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlayingState {
    /// How loud the output is.
    pub level: LevelState,
    /// Output devices, as far as they were asked for.
    pub devices: Vec<OutputDevice>,
    /// Seconds of the output recorded so far.
    pub recording_secs: Option<f64>,
    /// The microphone's take under way.
    pub take: Option<TakeProgress>,
    /// MIDI ports, as far as they were asked for.
    pub midi_ports: Vec<String>,
    /// The port that is open.
    pub midi_connected: Option<String>,
    /// The axis that waits for a control, by its place among the sliders.
    pub learning: Option<usize>,
    /// What MIDI said last, in words.
    pub midi_said: Option<String>,
}

/// What a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum PlayingCommand {
    /// How decoded sounds are played.
    SetMode(PlayMode),
    /// The trigger goes down.
    Press,
    /// The trigger comes up.
    Release,
    /// Moves one of the axes that have keys, by a number of steps.
    Nudge(usize, f32),
    /// Gives the keys of this number to an axis, by its place among the sliders.
    SetKeys(usize, usize),
    /// Brings every sound to one loudness, or not.
    SetMatched(bool),
    /// Looks for output devices.
    AskDevices,
    /// Plays on this device, or on the system's default one.
    ChooseDevice(Option<String>),
    /// Takes the clip light back.
    ResetClip,
    /// Begins or ends recording the output.
    SetRecording(bool),
    /// Begins or ends a take of the microphone, which is then encoded.
    SetTake(bool),
    /// Throws the take away.
    CancelTake,
    /// Looks for MIDI ports.
    AskMidi,
    /// Opens a MIDI port, or closes it.
    ConnectMidi(Option<String>),
    /// The next control that is moved belongs to this axis, by its place among the sliders; or to none after all.
    Learn(Option<usize>),
    /// Takes the controls of an axis away, by its place.
    ForgetControls(usize),
}

/// News of the threads.
pub(super) enum PlayingEvent {
    /// MIDI said something; sounds are already under way.
    Midi(MidiMessage),
    /// A recording of the output has ended.
    Recorded(Result<Recorded, String>),
    /// A take was written.
    TakeWritten(Result<PathBuf, String>),
}

/// What is open and under way.
pub(super) struct PlayingControl {
    instruments: Instruments,
    connection: Option<Box<dyn MidiConnection>>,
    recorder: Option<Recorder>,
    take: Option<Box<dyn Take>>,
    moved_at: Option<Instant>,
}

impl PlayingControl {
    pub(super) fn new(instruments: Instruments) -> Self {
        Self { instruments, connection: None, recorder: None, take: None, moved_at: None }
    }
}

impl Session {
    /// Brings back what was set at the last start.
    pub(super) fn begin_playing(&mut self) {
        let settings = self.state.settings.playing.clone();
        self.set_mode(settings.mode);
        self.sound.lock().matched = settings.matched;
        if let Some(device) = settings.device {
            self.sound.lock().player.choose_device(Some(device));
        }
        if let Some(port) = settings.midi_port {
            // A keyboard that is not plugged in today is no news.
            self.ask_midi();
            if self.state.playing.midi_ports.contains(&port) {
                self.connect_midi(Some(port));
            }
        }
    }

    pub(super) fn apply_to_playing(&mut self, command: PlayingCommand) {
        use PlayingCommand as C;
        match command {
            C::SetMode(mode) => self.set_mode(mode),
            C::Press => self.press(),
            C::Release => self.sound.lock().note_off(OWN_NOTE),
            C::Nudge(keys, steps) => self.nudge(keys, steps),
            C::SetKeys(keys, axis) => {
                if let Some(place) = self.state.settings.playing.key_axes.get_mut(keys) {
                    *place = Some(axis);
                }
            }
            C::SetMatched(matched) => {
                self.state.settings.playing.matched = matched;
                self.sound.lock().matched = matched;
            }
            C::AskDevices => self.sound.lock().player.request_devices(),
            C::ChooseDevice(name) => {
                self.state.settings.playing.device.clone_from(&name);
                self.sound.lock().player.choose_device(name);
            }
            C::ResetClip => self.state.playing.level.clipped_at = None,
            C::SetRecording(on) => self.set_recording(on),
            C::SetTake(on) => self.set_take(on),
            C::CancelTake => {
                self.playing.take = None;
                self.state.playing.take = None;
            }
            C::AskMidi => self.ask_midi(),
            C::ConnectMidi(port) => self.connect_midi(port),
            C::Learn(axis) => self.state.playing.learning = axis,
            C::ForgetControls(axis) => self.forget_controls(axis),
        }
    }

    pub(super) fn hear_playing(&mut self, event: PlayingEvent) {
        match event {
            PlayingEvent::Midi(message) => self.hear_midi(message),
            PlayingEvent::Recorded(result) => self.hear_recorded(result),
            PlayingEvent::TakeWritten(Ok(path)) => {
                self.apply_to_space(super::space::SpaceCommand::BringSound(path));
            }
            PlayingEvent::TakeWritten(Err(cause)) => self.notify(Severity::Error, cause),
        }
    }

    fn set_mode(&mut self, mode: PlayMode) {
        let was = self.state.settings.playing.mode;
        self.state.settings.playing.mode = mode;
        self.sound.lock().holding = mode == PlayMode::Hold;
        if (mode == PlayMode::Loop) != self.state.latent.looping || was == PlayMode::Loop {
            self.set_looping(mode == PlayMode::Loop);
        }
        if mode == PlayMode::Hold && was != mode {
            self.stop_playback();
        }
    }

    /// The mode belongs to the loop switch as well.
    pub(super) fn mode_follows(&mut self, looping: bool) {
        let mode = &mut self.state.settings.playing.mode;
        if looping != (*mode == PlayMode::Loop) {
            *mode = if looping { PlayMode::Loop } else { PlayMode::OneShot };
            self.sound.lock().holding = false;
        }
    }

    fn press(&mut self) {
        self.sound.lock().note_on(OWN_NOTE, 1.0);
        self.refresh_playback();
    }

    /// The axis that keys of this number move.
    fn key_axis(&self, keys: usize) -> Option<usize> {
        let axes = self.state.latent.axes.len();
        let chosen = self.state.settings.playing.key_axes.get(keys)?.filter(|&axis| axis < axes);
        chosen.or_else(|| (keys < axes).then_some(keys))
    }

    fn nudge(&mut self, keys: usize, steps: f32) {
        let Some(index) = self.key_axis(keys) else { return };
        let Some(axis) = self.state.latent.axes.get(index) else { return };
        let (low, high) = axis.range();
        let now = axis.coordinate(&self.state.latent.vector);
        self.move_by_hand(index, now + steps * (high - low));
    }

    /// Moves an axis as a hand on a key or a knob does: many small steps that are one to undo, and heard at once.
    fn move_by_hand(&mut self, axis: usize, value: f32) {
        let now = Instant::now();
        let is_new = self.playing.moved_at.is_none_or(|at| now.duration_since(at) > GESTURE);
        self.playing.moved_at = Some(now);
        let was_dragging = self.state.latent.dragging;
        if is_new && !was_dragging {
            self.begin_drag();
            self.end_drag_silently();
        }
        self.state.latent.dragging = true;
        self.set_axis(axis, value);
        self.state.latent.dragging = was_dragging;
    }

    pub(super) fn refresh_playing(&mut self) {
        let mut sound = self.sound.lock();
        let level = sound.player.level();
        if self.state.playing.devices != sound.player.devices() {
            self.state.playing.devices = sound.player.devices().to_vec();
        }
        let missing = sound.player.take_missing();
        drop(sound);
        self.state.playing.level.hear(level.peak, level.clipped, Instant::now());
        if let Some(name) = missing {
            let words = format!("“{name}” is not there: the system's default device plays instead");
            self.notify(Severity::Warning, words);
        }
        self.refresh_takes();
    }

    /// How an axis is known to controls, whatever its place among the sliders.
    fn axis_key(&self, axis: usize) -> Option<(bool, usize)> {
        let axis = self.state.latent.axes.get(axis)?;
        Some((axis.system == AxisSystem::Principal, axis.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_rises_at_once_and_falls_slowly_and_the_light_stays_a_while() {
        let mut level = LevelState::default();
        let start = Instant::now();
        level.hear(0.5, 0, start);
        assert!((level.db + 6.02).abs() < 0.01);
        level.hear(0.0, 2, start + Duration::from_millis(500));
        assert!((level.db + 18.02).abs() < 0.01, "{}", level.db);
        assert!(level.is_clipped);
        level.hear(0.0, 0, start + Duration::from_secs(4));
        assert_eq!(level.db, LOWEST_DB);
        assert!(level.is_clipped);
        level.hear(0.0, 0, start + Duration::from_secs(5));
        assert!(!level.is_clipped);
    }
}
