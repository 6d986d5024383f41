//! Playing the latent space as an instrument: modes, loudness, devices, controllers, and recordings of output and microphone.

mod midi;
mod takes;

pub(super) mod part;
pub mod settings;
pub mod state;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use self::part::{News, PlayingEvent, PlayingPart};
pub use self::{
    part::Instruments,
    settings::{KEY_AXES, PlayMode, PlayingSettings},
    state::{LOWEST_DB, LevelState, PlayingState},
};
use super::{notices::Severity, settings::View};
use crate::{explore::axes::AxisSystem, session::spoken::said};

/// Note of the computer's own trigger key and of the play button: beyond those of MIDI.
const OWN_NOTE: u8 = 128;
/// Movements of a key or controller that are farther apart are undone one by one.
const GESTURE: Duration = Duration::from_millis(900);

/// Commands about playing.
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
    /// Switches matched loudness on or off.
    SetMatched(bool),
    /// Looks for output devices.
    AskDevices,
    /// Plays on this device, or on the system's default one.
    ChooseDevice(Option<String>),
    /// Resets the clip light.
    ResetClip,
    /// Recordings go to this folder from now on, the one that was refused, too.
    ChooseFolder(PathBuf),
    /// Begins or ends recording the output.
    SetRecording(bool),
    /// Begins or ends a take of the microphone, which is then encoded.
    SetTake(bool),
    /// Discards the take.
    CancelTake,
    /// Looks for MIDI ports.
    AskMidi,
    /// Opens a MIDI port, or closes it.
    ConnectMidi(Option<String>),
    /// Assigns the next control that moves to this axis, by index among the sliders; `None` cancels that.
    Learn(Option<usize>),
    /// Removes the controls of an axis, by index among the sliders.
    ForgetControls(usize),
}

impl PlayingPart<'_> {
    /// Restores the settings of the last session.
    pub(super) fn begin(&mut self) {
        self.recover_recordings();
        let settings = self.ctx.settings.playing.clone();
        self.set_mode(settings.mode);
        self.ctx.sound.lock().matched = settings.matched;
        if let Some(device) = settings.device {
            self.ctx.sound.lock().player.choose_device(Some(device));
        }
        if let Some(port) = settings.midi_port {
            // A keyboard that is not connected is no error.
            self.ask_midi();
            if self.state.midi_ports.contains(&port) {
                self.connect_midi(Some(port));
            }
        }
    }

    pub(super) fn apply(&mut self, command: PlayingCommand) {
        use PlayingCommand as C;
        match command {
            C::SetMode(mode) => self.set_mode(mode),
            C::Press => self.ctx.sound.lock().note_on(OWN_NOTE, 1.0),
            C::Release => self.ctx.sound.lock().note_off(OWN_NOTE),
            C::Nudge(keys, steps) => self.nudge(keys, steps),
            C::SetKeys(keys, axis) => {
                if let Some(place) = self.ctx.settings.playing.key_axes.get_mut(keys) {
                    *place = Some(axis);
                }
            }
            C::SetMatched(matched) => {
                self.ctx.settings.playing.matched = matched;
                self.ctx.sound.lock().matched = matched;
            }
            C::AskDevices => self.ctx.sound.lock().player.request_devices(),
            C::ChooseDevice(name) => {
                self.ctx.settings.playing.device.clone_from(&name);
                self.ctx.sound.lock().player.choose_device(name);
            }
            C::ResetClip => self.state.level.clipped_at = None,
            C::ChooseFolder(folder) => self.choose_folder(folder),
            C::SetRecording(on) => self.set_recording(on),
            C::SetTake(on) => self.set_take(on),
            C::CancelTake => {
                self.control.take = None;
                self.state.take = None;
            }
            C::AskMidi => self.ask_midi(),
            C::ConnectMidi(port) => self.connect_midi(port),
            C::Learn(axis) => self.state.learning = axis,
            C::ForgetControls(axis) => self.forget_controls(axis),
        }
    }

    pub(super) fn on(&mut self, event: PlayingEvent) {
        match event {
            PlayingEvent::Midi(message) => self.on_midi(message),
            PlayingEvent::Recorded(result) => self.on_recorded(result),
            PlayingEvent::TakeWritten(result) => self.on_take(result),
            PlayingEvent::Recovered(recordings) => self.on_recovered(recordings),
        }
    }

    fn set_mode(&mut self, mode: PlayMode) {
        let was = self.ctx.settings.playing.mode;
        self.ctx.settings.playing.mode = mode;
        self.ctx.sound.lock().holding = mode == PlayMode::Hold;
        if (mode == PlayMode::Loop) != self.latent.looping || was == PlayMode::Loop {
            self.ctx.tell(News::Loop(mode == PlayMode::Loop));
        }
        if mode == PlayMode::Hold && was != mode {
            self.ctx.sound.lock().stop();
        }
    }

    /// The loop switch has changed: the mode follows.
    pub(super) fn mode_follows(&mut self, looping: bool) {
        let mode = &mut self.ctx.settings.playing.mode;
        if looping != (*mode == PlayMode::Loop) {
            *mode = if looping { PlayMode::Loop } else { PlayMode::OneShot };
            self.ctx.sound.lock().holding = false;
        }
    }

    /// The axis that keys of this number move.
    fn key_axis(&self, keys: usize) -> Option<usize> {
        let axes = self.latent.axes.len();
        let chosen = self.ctx.settings.playing.key_axes.get(keys)?.filter(|&axis| axis < axes);
        chosen.or_else(|| (keys < axes).then_some(keys))
    }

    fn nudge(&mut self, keys: usize, steps: f32) {
        let Some(index) = self.key_axis(keys) else { return };
        let Some(axis) = self.latent.axes.get(index) else { return };
        let (low, high) = axis.range();
        let now = axis.coordinate(&self.latent.vector);
        self.move_by_hand(index, now + steps * (high - low));
    }

    /// Moves an axis by a key or a controller: many small steps, heard at once and undone as one.
    fn move_by_hand(&mut self, axis: usize, value: f32) {
        let now = Instant::now();
        let is_new = self.control.moved_at.is_none_or(|at| now.duration_since(at) > GESTURE);
        self.control.moved_at = Some(now);
        self.ctx.tell(News::Move { axis, value, is_new });
    }

    pub(super) fn refresh(&mut self) {
        let mut sound = self.ctx.sound.lock();
        if !self.control.has_asked_devices && self.ctx.settings.view == View::Latent {
            self.control.has_asked_devices = true;
            sound.player.request_devices();
        }
        let level = sound.player.level();
        if self.state.devices != sound.player.devices() {
            self.state.devices = sound.player.devices().to_vec();
        }
        let missing = sound.player.take_missing();
        drop(sound);
        self.state.level.update(level.peak, level.clipped, Instant::now());
        if let Some(name) = missing {
            self.ctx.notify(Severity::Warning, said!("message-device-missing", name = name));
        }
        self.refresh_takes();
    }

    /// The key of an axis for controls, independent of its position among the sliders.
    fn axis_key(&self, axis: usize) -> Option<(bool, usize)> {
        let axis = self.latent.axes.get(axis)?;
        Some((axis.system == AxisSystem::Principal, axis.number))
    }
}
