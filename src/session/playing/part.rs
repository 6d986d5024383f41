//! Playing at work: its state, what belongs to it alone, what it reads, and what it asks of other parts.

use std::{path::PathBuf, time::Instant};

use super::state::PlayingState;
use crate::{
    playback::{
        microphone::{Microphone, NoMicrophone, SystemMicrophone, Take},
        midi::{MidiConnection, MidiInput, MidiMessage, NoMidi, SystemMidi},
        recorder::{Recorded, Recorder},
    },
    session::{ctx::Ctx, latent::state::LatentState, mailbox::Mailbox},
};

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

/// News of the threads.
pub(in crate::session) enum PlayingEvent {
    /// MIDI said something; sounds are already under way.
    Midi(MidiMessage),
    /// A recording of the output has ended.
    Recorded(Result<Recorded, String>),
    /// A take was written.
    TakeWritten(Result<PathBuf, String>),
}

/// What is asked of other parts.
pub(in crate::session) enum News {
    /// An axis is moved by a key or a control; whether a new gesture begins.
    Move { axis: usize, value: f32, is_new: bool },
    /// The decoded sound is to be repeated, or no longer.
    Loop(bool),
    /// A take was written: its vector is wanted.
    Take(PathBuf),
}

/// What is open and under way.
pub(in crate::session) struct PlayingControl {
    pub(super) mailbox: Mailbox<PlayingEvent>,
    pub(super) instruments: Instruments,
    pub(super) connection: Option<Box<dyn MidiConnection>>,
    pub(super) recorder: Option<Recorder>,
    pub(super) take: Option<Box<dyn Take>>,
    pub(super) moved_at: Option<Instant>,
}

impl PlayingControl {
    pub(in crate::session) fn new(mailbox: Mailbox<PlayingEvent>, instruments: Instruments) -> Self {
        Self { mailbox, instruments, connection: None, recorder: None, take: None, moved_at: None }
    }
}

/// Playing at work.
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
