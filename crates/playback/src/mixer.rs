//! The mixer on the audio thread: receives voices, mixes them and returns finished ones.
//!
//! [`Mixer::fill`] does not allocate, lock, log or free. Requests arrive and voices leave through wait-free
//! queues; volume and playhead are atomics. A finished voice keeps its slot while the return queue is full,
//! and a request waits while no slot is free: both queues are bounded and nothing is lost.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
};

use rtrb::{Consumer, Producer, RingBuffer};

use super::{
    level::{Level, Meter},
    stream_format::StreamFormat,
    tap::{Tap, TapWriter},
    voice::Voice,
};

/// Voices that can sound at once: the current one and those fading out.
const MAX_VOICES: usize = 8;

/// Capacity of the queues between window and mixer.
const QUEUE_LEN: usize = 64;

/// Frames per block; requests are processed between blocks.
const BLOCK_FRAMES: usize = 64;

/// Time for a volume change from silent to full.
const VOLUME_RAMP_SECS: f32 = 0.01;

/// Requests are numbered with 24 bits, which share an atomic with the playhead.
pub(super) const GENERATION_MASK: u32 = (1 << GENERATION_BITS) - 1;
const GENERATION_BITS: u32 = 24;
const FRAME_BITS: u32 = u64::BITS - GENERATION_BITS - 1;

/// Requests to the mixer.
#[derive(Debug)]
pub(super) enum Request {
    /// Play this voice from its beginning.
    Play { generation: u32, voice: Voice },
    /// Play this voice from the position of the current one.
    Replace { generation: u32, voice: Voice },
    /// Fade out the current voice.
    Stop { generation: u32 },
}

/// State of the mixer after its last block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Playhead {
    /// Number of the newest request processed.
    pub generation: u32,
    /// Position in the current voice; `None` when nothing plays.
    pub frame: Option<u64>,
}

impl Playhead {
    fn pack(self) -> u64 {
        let frame = self.frame.map_or(0, |frame| (1 << FRAME_BITS) | (frame & ((1 << FRAME_BITS) - 1)));
        (u64::from(self.generation) << (FRAME_BITS + 1)) | frame
    }

    fn unpack(packed: u64) -> Self {
        let playing = packed & (1 << FRAME_BITS) != 0;
        Self {
            generation: (packed >> (FRAME_BITS + 1)) as u32,
            frame: playing.then_some(packed & ((1 << FRAME_BITS) - 1)),
        }
    }
}

/// State shared by window and mixer.
#[derive(Debug)]
pub(super) struct Shared {
    playhead: AtomicU64,
    /// Bits of the target amplitude.
    volume: AtomicU32,
    muted: AtomicBool,
    /// Level of the output.
    pub meter: Meter,
}

impl Shared {
    pub fn new() -> Self {
        Self {
            playhead: AtomicU64::new(0),
            volume: AtomicU32::new(1.0_f32.to_bits()),
            muted: AtomicBool::new(false),
            meter: Meter::default(),
        }
    }

    pub fn set_volume(&self, amplitude: f32) {
        self.volume.store(amplitude.to_bits(), Ordering::Relaxed);
    }

    pub fn set_muted(&self, muted: bool) {
        self.muted.store(muted, Ordering::Relaxed);
    }

    pub fn playhead(&self) -> Playhead {
        Playhead::unpack(self.playhead.load(Ordering::Acquire))
    }

    pub fn set_playhead(&self, playhead: Playhead) {
        self.playhead.store(playhead.pack(), Ordering::Release);
    }

    fn wanted_gain(&self) -> f32 {
        if self.muted.load(Ordering::Relaxed) {
            0.0
        } else {
            f32::from_bits(self.volume.load(Ordering::Relaxed))
        }
    }
}

/// The window's ends of the queues.
pub(super) struct MixerLink {
    pub requests: Producer<Request>,
    pub used: Consumer<Voice>,
    /// Output samples.
    pub tap: Tap,
}

/// The mixer's ends of the queues, until the device's format is known.
pub(super) struct MixerParts {
    requests: Consumer<Request>,
    used: Producer<Voice>,
    tap: TapWriter,
    shared: Arc<Shared>,
}

/// Creates both ends of a connection between window and mixer.
pub(super) fn connect(shared: Arc<Shared>) -> (MixerLink, MixerParts) {
    let (requests_in, requests) = RingBuffer::new(QUEUE_LEN);
    let (used, used_out) = RingBuffer::new(QUEUE_LEN);
    let (tap_writer, tap) = Tap::new();
    let link = MixerLink { requests: requests_in, used: used_out, tap };
    let parts = MixerParts { requests, used, tap: tap_writer, shared };
    (link, parts)
}

/// Mixes voices; owned by the audio thread.
pub struct Mixer {
    channels: usize,
    requests: Consumer<Request>,
    used: Producer<Voice>,
    tap: TapWriter,
    shared: Arc<Shared>,
    voices: [Option<Voice>; MAX_VOICES],
    /// Slot of the voice that the playhead follows; all others are fading out.
    current: Option<usize>,
    /// Number of the newest request processed.
    generation: u32,
    /// Current amplitude, ramping to the target.
    gain: f32,
    /// Largest change of `gain` per frame.
    gain_step: f32,
}

impl Mixer {
    pub(super) fn new(parts: MixerParts, format: StreamFormat) -> Self {
        Self {
            channels: format.channels.max(1),
            gain: parts.shared.wanted_gain(),
            gain_step: 1.0 / (VOLUME_RAMP_SECS * format.sample_rate_hz as f32).max(1.0),
            requests: parts.requests,
            used: parts.used,
            tap: parts.tap,
            shared: parts.shared,
            voices: [const { None }; MAX_VOICES],
            current: None,
            generation: 0,
        }
    }

    /// Writes the next samples to `out` (interleaved frames, full scale −1..1).
    pub fn fill(&mut self, out: &mut [f32]) {
        out.fill(0.0);
        for block in out.chunks_mut(BLOCK_FRAMES * self.channels) {
            self.take_requests();
            for voice in self.voices.iter_mut().flatten() {
                voice.add_to(block);
            }
            self.apply_gain(block);
            self.tap.write(block);
        }
        self.retire_finished();
        let frame = self.current_voice().map(|voice| voice.position() as u64);
        self.shared.set_playhead(Playhead { generation: self.generation, frame });
    }

    fn current_voice(&mut self) -> Option<&mut Voice> {
        self.voices.get_mut(self.current?)?.as_mut()
    }

    /// Processes requests until none is left or no slot is free.
    fn take_requests(&mut self) {
        loop {
            self.retire_finished();
            let Some(place) = self.voices.iter().position(Option::is_none) else {
                return;
            };
            let Ok(request) = self.requests.pop() else {
                return;
            };
            let last_position = self.release_current();
            match request {
                Request::Play { generation, voice } => self.start(generation, place, voice),
                Request::Replace { generation, mut voice } => {
                    if let Some(position) = last_position {
                        voice.take_over(position);
                    }
                    self.start(generation, place, voice);
                }
                Request::Stop { generation } => self.generation = generation,
            }
        }
    }

    /// Starts the fade-out of the current voice; returns its position.
    fn release_current(&mut self) -> Option<usize> {
        let voice = self.current_voice()?;
        let position = voice.position();
        voice.release();
        self.current = None;
        Some(position)
    }

    fn start(&mut self, generation: u32, place: usize, voice: Voice) {
        self.generation = generation;
        if let Some(slot) = self.voices.get_mut(place) {
            *slot = Some(voice);
            self.current = Some(place);
        }
    }

    /// Returns finished voices to the window, which frees them.
    fn retire_finished(&mut self) {
        for (place, slot) in self.voices.iter_mut().enumerate() {
            if !slot.as_ref().is_some_and(Voice::is_finished) {
                continue;
            }
            if self.current == Some(place) {
                self.current = None;
            }
            if self.used.is_full() {
                continue;
            }
            if let Some(voice) = slot.take()
                && let Err(rtrb::PushError::Full(voice)) = self.used.push(voice)
            {
                *slot = Some(voice);
            }
        }
    }

    fn apply_gain(&mut self, block: &mut [f32]) {
        let wanted = self.shared.wanted_gain();
        let mut level = Level::default();
        for frame in block.chunks_mut(self.channels) {
            let change = (wanted - self.gain).clamp(-self.gain_step, self.gain_step);
            self.gain = if change.abs() < self.gain_step { wanted } else { self.gain + change };
            for sample in frame {
                let loud = *sample * self.gain;
                level.peak = level.peak.max(loud.abs());
                level.clipped += u64::from(loud.abs() > 1.0);
                *sample = loud.clamp(-1.0, 1.0);
            }
        }
        self.shared.meter.add(level);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocations;

    const FORMAT: StreamFormat = StreamFormat { sample_rate_hz: 48_000, channels: 2 };

    fn mixer() -> (MixerLink, Arc<Shared>, Mixer) {
        let shared = Arc::new(Shared::new());
        let (link, parts) = connect(shared.clone());
        (link, shared, Mixer::new(parts, FORMAT))
    }

    fn constant(value: f32, frames: usize, looping: bool) -> Voice {
        Voice::new(vec![value; frames * 2].into(), FORMAT, looping)
    }

    #[test]
    fn the_audio_thread_neither_allocates_nor_frees() {
        let (mut link, shared, mut mixer) = mixer();
        let tap = link.tap.clone();
        let mut out = [0.0; 1024];
        let requests = |link: &mut MixerLink, round: u32| {
            let voice = constant(0.1, 300, round.is_multiple_of(2));
            let request = match round % 3 {
                0 => Request::Play { generation: round, voice },
                1 => Request::Replace { generation: round, voice },
                _ => Request::Stop { generation: round },
            };
            link.requests.push(request).ok();
        };
        for round in 0..200 {
            requests(&mut link, round);
            shared.set_volume(0.1 * (round % 10) as f32);
            if round == 50 {
                tap.open();
            }
            let count = allocations::in_this_thread(|| mixer.fill(&mut out));
            assert_eq!(count, 0, "round {round}");
            // The window's side frees returned voices, sometimes late.
            while round % 7 == 0 && link.used.pop().is_ok() {}
        }
        let mut heard = 0;
        tap.drain(|sample| heard += usize::from(sample != 0.0));
        assert!(heard > 10_000, "{heard}");
    }

    #[test]
    fn nothing_is_silence() {
        let (_link, shared, mut mixer) = mixer();
        let mut out = [1.0; 256];
        mixer.fill(&mut out);
        assert!(out.iter().all(|&sample| sample == 0.0));
        assert_eq!(shared.playhead().frame, None);
    }

    #[test]
    fn the_playhead_packs_request_and_frame() {
        for playhead in [
            Playhead { generation: 0, frame: None },
            Playhead { generation: GENERATION_MASK, frame: Some(0) },
            Playhead { generation: 5, frame: Some((1 << FRAME_BITS) - 1) },
        ] {
            assert_eq!(Playhead::unpack(playhead.pack()), playhead);
        }
    }

    #[test]
    fn every_voice_comes_back_when_nobody_listens_for_a_while() {
        let (mut link, _shared, mut mixer) = mixer();
        let mut out = [0.0; 512];
        let mut sent = 0_u32;
        let mut returned = 0;
        for _ in 0..1000 {
            for _ in 0..3 {
                let request = Request::Play { generation: sent, voice: constant(0.1, 4800, true) };
                sent += u32::from(link.requests.push(request).is_ok());
            }
            mixer.fill(&mut out);
        }
        while link.used.pop().is_ok() {
            returned += 1;
        }
        // All bounded: a full return queue, all slots taken, and a full request queue.
        assert_eq!(returned, QUEUE_LEN);
        assert_eq!(sent as usize, 2 * QUEUE_LEN + MAX_VOICES);
        for _ in 0..1000 {
            mixer.fill(&mut out);
            while link.used.pop().is_ok() {
                returned += 1;
            }
        }
        assert_eq!(returned, sent as usize - 1, "all but the one that still loops");
    }

    #[test]
    fn a_replacement_goes_on_where_the_old_sound_was() {
        let (mut link, shared, mut mixer) = mixer();
        let mut out = [0.0; 2000];
        link.requests.push(Request::Play { generation: 1, voice: constant(0.5, 4800, true) }).unwrap();
        mixer.fill(&mut out);
        assert_eq!(shared.playhead().frame, Some(1000));
        link.requests.push(Request::Replace { generation: 2, voice: constant(0.25, 4800, true) }).unwrap();
        mixer.fill(&mut out);
        assert_eq!(shared.playhead(), Playhead { generation: 2, frame: Some(2000) });
        assert_eq!(out[1999], 0.25);
        let left = out.chunks(2).map(|frame| frame[0]).collect::<Vec<_>>();
        let largest = timbrespace_base::differences::largest_difference(&left[1..], &left[..left.len() - 1]);
        // A quarter sine over 240 frames is nowhere steeper than pi / 480 a frame.
        assert!(largest < 0.5 * std::f32::consts::PI / 480.0 + 1e-4, "{largest}");
    }

    #[test]
    fn the_volume_changes_in_small_steps_and_arrives_exactly() {
        let (mut link, shared, mut mixer) = mixer();
        let mut out = [0.0; 2000];
        link.requests.push(Request::Play { generation: 1, voice: constant(1.0, 48_000, true) }).unwrap();
        mixer.fill(&mut out);
        assert_eq!(out[1999], 1.0);
        shared.set_volume(0.3);
        mixer.fill(&mut out);
        assert!(out.windows(3).all(|w| (w[2] - w[0]).abs() < 0.0022));
        assert_eq!(out[1999], 0.3);
        shared.set_muted(true);
        mixer.fill(&mut out);
        assert_eq!(out[1999], 0.0);
    }

    #[test]
    fn too_loud_a_sum_is_held_at_full_scale() {
        let (mut link, _shared, mut mixer) = mixer();
        let mut out = [0.0; 2000];
        link.requests.push(Request::Play { generation: 1, voice: constant(3.0, 48_000, true) }).unwrap();
        mixer.fill(&mut out);
        assert_eq!(out[1999], 1.0);
    }
}
