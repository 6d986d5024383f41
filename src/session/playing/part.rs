//! The playing part: its state and control, its events, and its news for other parts.

use std::{path::PathBuf, time::Instant};

use super::state::PlayingState;
use crate::{
    audio::clip::Clip,
    playback::{
        microphone::{Microphone, NoMicrophone, SystemMicrophone, Take},
        midi::{MidiConnection, MidiInput, MidiMessage, NoMidi, SystemMidi},
        recorder::{Recorded, Recorder},
    },
    session::{ctx::Ctx, latent::state::LatentState, mailbox::Mailbox, spoken::Spoken, task::Task},
};

/// MIDI and microphone.
pub struct Instruments {
    /// MIDI.
    pub midi: Box<dyn MidiInput>,
    /// The microphone.
    pub microphone: Box<dyn Microphone>,
}

impl Instruments {
    /// The system's instruments.
    pub fn of_the_system() -> Self {
        Self { midi: Box::new(SystemMidi), microphone: Box::new(SystemMicrophone) }
    }

    /// No instruments.
    pub fn none() -> Self {
        Self { midi: Box::new(NoMidi), microphone: Box::new(NoMicrophone) }
    }
}

/// Events from the threads.
pub(in crate::session) enum PlayingEvent {
    /// A MIDI message; its sound has started already.
    Midi(MidiMessage),
    /// A recording of the output has ended.
    Recorded(Result<Recorded, Spoken>),
    /// A take has ended.
    TakeWritten(Result<PathBuf, LostTake>),
    /// Recordings that an earlier session could not end are kept.
    Recovered(Vec<Recovered>),
}

/// A take that is not written, with the cause and the sound, if there is one.
pub(in crate::session) struct LostTake {
    pub(super) cause: Spoken,
    pub(super) clip: Option<Clip>,
}

/// A recording that an earlier session could not end.
pub(in crate::session) struct Recovered {
    pub(super) path: PathBuf,
    pub(super) secs: f64,
}

/// News for other parts.
pub(in crate::session) enum News {
    /// An axis is moved by a key or a control; whether a new gesture begins.
    Move { axis: usize, value: f32, is_new: bool },
    /// Switch looping of the decoded sound on or off.
    Loop(bool),
    /// A take was written: encode it.
    Take(PathBuf),
}

/// Connections and recordings of this part.
pub(in crate::session) struct PlayingControl {
    pub(super) mailbox: Mailbox<PlayingEvent>,
    pub(super) instruments: Instruments,
    /// Whether the output devices were asked for, so that their menu is whole when it first opens.
    pub(super) has_asked_devices: bool,
    pub(super) connection: Option<Box<dyn MidiConnection>>,
    pub(super) recorder: Option<Recorder>,
    pub(super) take: Option<Box<dyn Take>>,
    /// Takes that are being written; closing the window waits for them.
    pub(super) writing: Vec<Task>,
    /// A take that its folder refused: it is written once another is chosen.
    pub(super) unsaved: Option<Clip>,
    pub(super) moved_at: Option<Instant>,
}

impl PlayingControl {
    pub(in crate::session) fn new(mailbox: Mailbox<PlayingEvent>, instruments: Instruments) -> Self {
        Self {
            mailbox,
            instruments,
            has_asked_devices: false,
            connection: None,
            recorder: None,
            take: None,
            writing: Vec::new(),
            unsaved: None,
            moved_at: None,
        }
    }
}

/// The playing part with all that it may use.
pub(in crate::session) struct PlayingPart<'a> {
    pub(super) state: &'a mut PlayingState,
    pub(super) control: &'a mut PlayingControl,
    pub(super) latent: &'a LatentState,
    pub(super) ctx: Ctx<'a, News>,
}

impl<'a> PlayingPart<'a> {
    pub(in crate::session) fn new(
        state: &'a mut PlayingState,
        control: &'a mut PlayingControl,
        latent: &'a LatentState,
        ctx: Ctx<'a, News>,
    ) -> Self {
        Self { state, control, latent, ctx }
    }
}
