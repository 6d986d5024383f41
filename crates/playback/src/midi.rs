//! MIDI input behind a trait: real ports through `midir`, or a scripted test double.

use std::sync::{Arc, Mutex, PoisonError};

/// The MIDI messages that the program uses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MidiMessage {
    /// A key was pressed.
    NoteOn {
        /// Note number, 0 to 127; 60 is middle C.
        note: u8,
        /// Velocity, 0 to 1.
        velocity: f32,
    },
    /// A key was released.
    NoteOff {
        /// Note number of the key.
        note: u8,
    },
    /// A knob or slider was moved.
    Control {
        /// Controller number, 0 to 127.
        controller: u8,
        /// New position, 0 to 1.
        value: f32,
    },
}

impl MidiMessage {
    /// Parses one message (MIDI 1.0 channel voice message on any channel); `None` for other messages.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let &[status, first, second] = bytes else { return None };
        if first > 127 || second > 127 {
            return None;
        }
        let part = f32::from(second) / 127.0;
        match status & 0xf0 {
            // By convention a note-on with velocity 0 is a note-off.
            0x90 if second > 0 => Some(Self::NoteOn { note: first, velocity: part }),
            0x80 | 0x90 => Some(Self::NoteOff { note: first }),
            0xb0 => Some(Self::Control { controller: first, value: part }),
            _ => None,
        }
    }
}

/// Receives messages, on a thread of the port.
pub type MidiListener = Box<dyn FnMut(MidiMessage) + Send>;

/// An open port; dropping it closes the port.
pub trait MidiConnection: Send {}

/// A source of MIDI ports.
pub trait MidiInput: Send {
    /// The names of the ports that are there now.
    /// Names of the available ports.
    /// # Errors
    /// When the system has no MIDI support; the message is for display.
    fn ports(&mut self) -> Result<Vec<String>, String>;

    /// Connects `listener` to the port of this name.
    ///
    /// # Errors
    /// When the port is gone or in use; the message is for display.
    fn connect(&mut self, port: &str, listener: MidiListener) -> Result<Box<dyn MidiConnection>, String>;
}

/// The system's ports.
#[derive(Debug, Default)]
pub struct SystemMidi;

/// Name of the program among the system's MIDI clients.
const CLIENT: &str = "Timbrespace";

struct SystemConnection(#[expect(dead_code, reason = "held open")] midir::MidiInputConnection<MidiListener>);

impl MidiConnection for SystemConnection {}

impl MidiInput for SystemMidi {
    fn ports(&mut self) -> Result<Vec<String>, String> {
        let input = midir::MidiInput::new(CLIENT).map_err(no_midi)?;
        Ok(input.ports().iter().filter_map(|port| input.port_name(port).ok()).collect())
    }

    fn connect(&mut self, name: &str, listener: MidiListener) -> Result<Box<dyn MidiConnection>, String> {
        let mut input = midir::MidiInput::new(CLIENT).map_err(no_midi)?;
        input.ignore(midir::Ignore::All);
        let ports = input.ports();
        let port = ports.iter().find(|port| input.port_name(port).is_ok_and(|known| known == name));
        let port = port
            .ok_or_else(|| format!("The MIDI port “{name}” is gone: connect it again, or choose another"))?;
        let hear = |_time: u64, bytes: &[u8], listener: &mut MidiListener| {
            if let Some(message) = MidiMessage::parse(bytes) {
                listener(message);
            }
        };
        let connection = input.connect(port, CLIENT, hear, listener).map_err(|error| {
            format!("The MIDI port “{name}” cannot be opened ({error}): close other programs that use it")
        })?;
        Ok(Box::new(SystemConnection(connection)))
    }
}

fn no_midi(error: midir::InitError) -> String {
    format!("This system has no MIDI support ({error})")
}

/// A stand-in for systems without MIDI.
#[derive(Debug, Default)]
pub struct NoMidi;

impl MidiInput for NoMidi {
    fn ports(&mut self) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }

    fn connect(&mut self, port: &str, _listener: MidiListener) -> Result<Box<dyn MidiConnection>, String> {
        Err(format!("The MIDI port “{port}” is not there"))
    }
}

/// Listeners of a scripted port with their connection numbers.
type Listeners = Arc<Mutex<Vec<(u64, MidiListener)>>>;

/// A port for tests, which sends scripted messages. Clones are the same port.
#[derive(Clone, Default)]
pub struct ScriptedMidi {
    listeners: Listeners,
    opened: Arc<Mutex<u64>>,
}

/// Name of the scripted port.
pub const SCRIPTED_PORT: &str = "scripted keys";

struct ScriptedConnection(u64, Listeners);

impl MidiConnection for ScriptedConnection {}

impl Drop for ScriptedConnection {
    fn drop(&mut self) {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).retain(|(id, _)| *id != self.0);
    }
}

impl ScriptedMidi {
    /// Sends these bytes to all listeners.
    pub fn say(&self, bytes: &[u8]) {
        let Some(message) = MidiMessage::parse(bytes) else { return };
        for (_, listener) in self.listeners.lock().unwrap_or_else(PoisonError::into_inner).iter_mut() {
            listener(message);
        }
    }

    /// Number of connected listeners.
    pub fn listeners(&self) -> usize {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl MidiInput for ScriptedMidi {
    fn ports(&mut self) -> Result<Vec<String>, String> {
        Ok(vec![SCRIPTED_PORT.to_owned()])
    }

    fn connect(&mut self, port: &str, listener: MidiListener) -> Result<Box<dyn MidiConnection>, String> {
        if port != SCRIPTED_PORT {
            return Err(format!("The MIDI port “{port}” is gone"));
        }
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        *opened += 1;
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push((*opened, listener));
        Ok(Box::new(ScriptedConnection(*opened, Arc::clone(&self.listeners))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_knobs_of_any_channel_are_read_and_the_rest_is_not() {
        assert_eq!(
            MidiMessage::parse(&[0x93, 60, 127]),
            Some(MidiMessage::NoteOn { note: 60, velocity: 1.0 })
        );
        assert_eq!(MidiMessage::parse(&[0x90, 60, 0]), Some(MidiMessage::NoteOff { note: 60 }));
        assert_eq!(MidiMessage::parse(&[0x80, 61, 64]), Some(MidiMessage::NoteOff { note: 61 }));
        assert_eq!(
            MidiMessage::parse(&[0xbf, 1, 0]),
            Some(MidiMessage::Control { controller: 1, value: 0.0 })
        );
        for other in [&[0xf8][..], &[0xe0, 0, 64], &[0xc0, 5], &[0x90, 200, 1], &[]] {
            assert_eq!(MidiMessage::parse(other), None);
        }
    }

    #[test]
    fn a_connection_that_is_dropped_hears_no_more() {
        let mut midi = ScriptedMidi::default();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&heard);
        let listener: MidiListener = Box::new(move |message| ear.lock().unwrap().push(message));
        let connection = midi.connect(SCRIPTED_PORT, listener).unwrap();
        midi.say(&[0x90, 60, 127]);
        drop(connection);
        midi.say(&[0x80, 60, 0]);
        assert_eq!(heard.lock().unwrap().len(), 1);
        assert_eq!(midi.listeners(), 0);
        assert!(midi.connect("another", Box::new(|_| {})).is_err());
    }
}
