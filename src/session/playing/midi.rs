//! MIDI: notes trigger the sound on the port's own thread, controls move the axes they were taught.

use super::{PlayingEvent, Session};
use crate::{
    playback::midi::{MidiListener, MidiMessage},
    session::{event::Event, state::Severity},
};

impl Session {
    pub(super) fn ask_midi(&mut self) {
        match self.playing.instruments.midi.ports() {
            Ok(ports) => self.state.playing.midi_ports = ports,
            Err(cause) => {
                log::info!("{cause}");
                self.state.playing.midi_ports.clear();
            }
        }
    }

    pub(super) fn connect_midi(&mut self, port: Option<String>) {
        self.playing.connection = None;
        self.state.playing.midi_connected = None;
        self.state.settings.playing.midi_port.clone_from(&port);
        let Some(port) = port else { return };
        let (mailbox, sound) = (self.mailbox.clone(), self.sound.clone());
        let listener: MidiListener = Box::new(move |message| {
            // The sound first, and here: the window may be busy drawing.
            match message {
                MidiMessage::NoteOn { note, velocity } => sound.lock().note_on(note, velocity),
                MidiMessage::NoteOff { note } => sound.lock().note_off(note),
                MidiMessage::Control { .. } => {}
            }
            mailbox.send_latest(Event::Playing(PlayingEvent::Midi(message)));
        });
        match self.playing.instruments.midi.connect(&port, listener) {
            Ok(connection) => {
                self.playing.connection = Some(connection);
                self.state.playing.midi_connected = Some(port);
            }
            Err(cause) => self.notify(Severity::Error, cause),
        }
    }

    pub(super) fn hear_midi(&mut self, message: MidiMessage) {
        self.state.playing.midi_said = Some(match message {
            MidiMessage::NoteOn { note, velocity } => {
                format!("note {note}, velocity {:.0}", 127.0 * velocity)
            }
            MidiMessage::NoteOff { note } => format!("note {note} off"),
            MidiMessage::Control { controller, value } => {
                format!("control {controller}: {:.0}", 127.0 * value)
            }
        });
        if let MidiMessage::Control { controller, value } = message {
            self.hear_control(controller, value);
        }
    }

    fn hear_control(&mut self, controller: u8, value: f32) {
        if let Some(key) = self.state.playing.learning.take().and_then(|axis| self.axis_key(axis)) {
            self.state.settings.playing.controls.insert(controller, key);
        }
        let Some(&key) = self.state.settings.playing.controls.get(&controller) else { return };
        let axes = self.state.latent.axes.len();
        let Some(index) = (0..axes).find(|&axis| self.axis_key(axis) == Some(key)) else { return };
        let (low, high) = self.state.latent.axes[index].range();
        self.move_by_hand(index, low + (high - low) * value);
    }

    pub(super) fn forget_controls(&mut self, axis: usize) {
        if let Some(key) = self.axis_key(axis) {
            self.state.settings.playing.controls.retain(|_, taught| *taught != key);
        }
    }
}
