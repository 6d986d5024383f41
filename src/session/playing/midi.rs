//! MIDI: notes trigger the sound on the port's own thread, controls move the axes that they are assigned to.

use super::part::{PlayingEvent, PlayingPart};
use crate::{
    playback::midi::{MidiListener, MidiMessage},
    session::{notices::Severity, spoken::said},
};

impl PlayingPart<'_> {
    pub(super) fn ask_midi(&mut self) {
        match self.control.instruments.midi.ports() {
            Ok(ports) => self.state.midi_ports = ports,
            Err(cause) => {
                log::info!("{cause}");
                self.state.midi_ports.clear();
            }
        }
    }

    pub(super) fn connect_midi(&mut self, port: Option<String>) {
        self.control.connection = None;
        self.state.midi_connected = None;
        self.ctx.settings.playing.midi_port.clone_from(&port);
        let Some(port) = port else { return };
        let (mailbox, sound) = (self.control.mailbox.clone(), self.ctx.sound.clone());
        let listener: MidiListener = Box::new(move |message| {
            // Start the sound here and first: the window may be busy drawing.
            match message {
                MidiMessage::NoteOn { note, velocity } => sound.lock().note_on(note, velocity),
                MidiMessage::NoteOff { note } => sound.lock().note_off(note),
                MidiMessage::Control { .. } => {}
            }
            mailbox.send_latest(PlayingEvent::Midi(message));
        });
        match self.control.instruments.midi.connect(&port, listener) {
            Ok(connection) => {
                self.control.connection = Some(connection);
                self.state.midi_connected = Some(port);
            }
            Err(cause) => self.ctx.notify(Severity::Error, cause),
        }
    }

    pub(super) fn on_midi(&mut self, message: MidiMessage) {
        self.state.midi_said = Some(match message {
            MidiMessage::NoteOn { note, velocity } => {
                said!(
                    "message-midi-note",
                    note = usize::from(note),
                    velocity = format!("{:.0}", 127.0 * velocity)
                )
            }
            MidiMessage::NoteOff { note } => said!("message-midi-note-off", note = usize::from(note)),
            MidiMessage::Control { controller, value } => {
                let value = format!("{:.0}", 127.0 * value);
                said!("message-midi-control", controller = usize::from(controller), value = value)
            }
        });
        if let MidiMessage::Control { controller, value } = message {
            self.on_control(controller, value);
        }
    }

    fn on_control(&mut self, controller: u8, value: f32) {
        if let Some(key) = self.state.learning.take().and_then(|axis| self.axis_key(axis)) {
            self.ctx.settings.playing.controls.insert(controller, key);
        }
        let Some(&key) = self.ctx.settings.playing.controls.get(&controller) else { return };
        let axes = self.latent.axes.len();
        let Some(index) = (0..axes).find(|&axis| self.axis_key(axis) == Some(key)) else { return };
        let (low, high) = self.latent.axes[index].range();
        self.move_by_hand(index, low + (high - low) * value);
    }

    pub(super) fn forget_controls(&mut self, axis: usize) {
        if let Some(key) = self.axis_key(axis) {
            self.ctx.settings.playing.controls.retain(|_, taught| *taught != key);
        }
    }
}
