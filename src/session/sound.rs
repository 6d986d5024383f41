//! The player and the sounds that it can start at once.
//!
//! The thread that decodes plays what it has decoded itself: waiting for the window's next frame would make a slider
//! answer up to a frame later.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::playback::{player::Player, prepared::Prepared};

/// Sources of sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// The selected recording as loaded.
    Recording(usize),
    /// The decoded sound.
    Decoded,
    /// The sound that the latent vector came from.
    Original,
    /// A recording that the pointer rests on, by its index in the library.
    Preview(usize),
    /// A rung of the ladder, counted from the original.
    Rung(usize),
    /// An image of a replay, by its index.
    Replay(usize),
}

/// How to play a decoded sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hearing {
    /// Not at all.
    Silent,
    /// From its beginning.
    Once,
    /// In place of the current sound, at the same position.
    Follow,
}

/// The player, shared by the session and the thread that decodes. Lock it briefly: the other side waits.
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

/// A recording to play.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Awaited {
    /// Its index in the library.
    pub(super) recording: usize,
    /// Where the crosshair is kept, in seconds of the padded signal.
    pub(super) crosshair: Option<f64>,
}

/// A request to decode a vector.
#[derive(Clone, Copy)]
pub(super) struct DecodingRequest {
    pub(super) serial: u64,
    /// How its sound is played.
    pub(super) hearing: Hearing,
}

/// A recording's signal, ready to play.
#[derive(Clone)]
pub(super) struct PreparedRecording {
    /// Its index in the library.
    pub(super) recording: usize,
    /// The signal; a long one is streamed.
    pub(super) prepared: Prepared,
}

/// A sound that was given to the player.
#[derive(Clone, Copy)]
struct Playing {
    /// Its number in the player.
    id: u64,
    source: Source,
}

/// A note that is held.
#[derive(Clone, Copy)]
struct HeldNote {
    /// Its MIDI number.
    note: u8,
    /// How hard it was struck, 0 to 1.
    velocity: f32,
}

/// The player and prepared sounds.
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub(super) struct SoundControl {
    pub(super) player: Player,
    /// The selected recording's signal.
    pub(super) recording: Option<PreparedRecording>,
    /// The newest decoded sound.
    pub(super) decoded: Option<Prepared>,
    /// The newest ladder's sounds.
    pub(super) rungs: Vec<Prepared>,
    /// The sound that was encoded last.
    pub(super) original: Option<Prepared>,
    playing: Option<Playing>,
    /// Seconds of the source before the part that plays.
    offset_secs: f64,
    next_id: u64,
    /// Recording to play as soon as its stages are computed.
    pub(super) awaited: Option<Awaited>,
    /// The newest request to decode.
    pub(super) decoding: DecodingRequest,
    /// Whether a slider is held.
    pub(super) dragging: bool,
    /// Whether decoded sounds are repeated.
    pub(super) looping: bool,
    /// Whether decoded sounds are heard only while they are held.
    pub(super) holding: bool,
    /// Whether loudness is matched.
    pub(super) matched: bool,
    /// The note that is held.
    held: Option<HeldNote>,
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
            decoding: DecodingRequest { serial: 0, hearing: Hearing::Silent },
            dragging: false,
            looping: false,
            holding: false,
            matched: false,
            held: None,
        }
    }

    pub(super) fn start(&mut self, source: Source, prepared: &Prepared, looping: bool) {
        self.next_id += 1;
        self.playing = Some(Playing { id: self.next_id, source });
        self.offset_secs = 0.0;
        let prepared = self.at_its_loudness(source, prepared);
        self.player.play_prepared(self.next_id, &prepared, looping);
    }

    /// Plays a part of a source that begins `from_secs` into it.
    pub(super) fn start_from(&mut self, source: Source, part: &Prepared, from_secs: f64) {
        self.start(source, part, false);
        self.offset_secs = from_secs;
    }

    /// Takes a decoded sound and plays it as requested.
    pub(super) fn on_decoded(&mut self, serial: u64, prepared: Prepared) {
        self.decoded = Some(prepared);
        let newest = self.decoding;
        match newest.hearing {
            Hearing::Follow => {
                self.play_decoded(self.dragging || self.looping || self.held.is_some(), true);
            }
            // While a note is held, it goes on with the new sound; in hold mode nothing sounds otherwise.
            Hearing::Once if self.held.is_some() => self.play_decoded(true, true),
            Hearing::Once if self.holding => {}
            Hearing::Once if serial == newest.serial => self.play_decoded(self.looping, self.looping),
            Hearing::Once | Hearing::Silent => {}
        }
    }

    /// Plays the decoded sound: in place of an earlier one at the same position, else from its beginning.
    pub(super) fn play_decoded(&mut self, looping: bool, in_place: bool) {
        let Some(prepared) = self.decoded.clone() else {
            return;
        };
        match self.playing {
            Some(Playing { id, source: Source::Decoded }) if in_place && self.is_playing() => {
                let prepared = self.at_its_loudness(Source::Decoded, &prepared);
                self.player.replace_prepared(id, &prepared, looping);
            }
            _ => self.start(Source::Decoded, &prepared, looping),
        }
    }

    /// A key, a pad or a button goes down: plays the decoded sound in the current mode.
    pub(super) fn note_on(&mut self, note: u8, velocity: f32) {
        self.held = Some(HeldNote { note, velocity: velocity.clamp(0.0, 1.0) });
        self.play_decoded(self.looping || self.holding, false);
        if !self.holding {
            self.held = None;
        }
    }

    /// The key comes up: in hold mode the sound ends, unless another note has begun since.
    pub(super) fn note_off(&mut self, note: u8) {
        if self.held.is_some_and(|held| held.note == note) {
            self.held = None;
            self.playing = None;
            self.player.stop();
        }
    }

    /// Applies the gains of matched loudness and of the note's velocity.
    fn at_its_loudness(&self, source: Source, prepared: &Prepared) -> Prepared {
        let matched = if self.matched { prepared.matching_gain() } else { 1.0 };
        let velocity = self.held.filter(|_| source == Source::Decoded).map_or(1.0, |held| held.velocity);
        prepared.with_gain(matched * velocity)
    }

    pub(super) fn is_playing(&self) -> bool {
        self.position().is_some()
    }

    /// Stops all sound and forgets the recording that waits to be played.
    pub(super) fn stop(&mut self) {
        self.awaited = None;
        self.playing = None;
        self.player.stop();
    }

    /// Whether the decoded sound plays.
    pub(super) fn is_decoded_playing(&self) -> bool {
        matches!(self.position(), Some((Source::Decoded, _)))
    }

    /// What plays, and the seconds into it.
    pub(super) fn position(&self) -> Option<(Source, f64)> {
        let Playing { id, source } = self.playing?;
        let (playing, seconds) = self.player.position()?;
        (playing == id).then_some((source, seconds + self.offset_secs))
    }
}
