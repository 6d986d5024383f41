//! Long signals, converted while they play.
//!
//! One hour at the device's rate would take most of a gigabyte and seconds to convert. A streamed sound is a
//! range of a signal already in memory. A feed resamples it block by block into a ring, at most [`RING_SECS`]
//! ahead of the voice that reads the ring on the audio thread. The output is, sample for sample, that of a
//! converted [`super::prepared::Prepared`] clip.

use std::{fmt, ops::Range, sync::Arc};

use rtrb::{Consumer, Producer, RingBuffer};

use super::{
    backend::StreamFormat,
    edges::Edges,
    prepared::{Converter, differ, finite, frame_at},
    voice::Voice,
};
use timbrespace_signal::dsp::resample::{Resampler, output_len};

/// A mono signal shared between threads.
pub type SharedSignal = Arc<dyn AsRef<[f32]> + Send + Sync>;

/// Capacity of the ring in seconds: longer than a busy machine delays a thread.
pub const RING_SECS: f64 = 1.0;

/// Frames per block, few enough that a sound starts within milliseconds.
pub(super) const BLOCK_FRAMES: usize = 1024;

/// A range of a signal.
#[derive(Clone)]
pub(super) struct Streamed {
    signal: SharedSignal,
    /// Sample rate of the signal in Hz.
    rate_hz: u32,
    /// Start and end of the range, in seconds of the signal.
    secs: (f64, f64),
}

impl fmt::Debug for Streamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streamed")
            .field("rate_hz", &self.rate_hz)
            .field("secs", &self.secs)
            .finish_non_exhaustive()
    }
}

impl Streamed {
    /// The whole `signal`.
    pub fn new(signal: SharedSignal, rate_hz: u32) -> Self {
        Self { signal, rate_hz, secs: (0.0, f64::INFINITY) }
    }

    /// The sub-range from `start_secs` to `end_secs`, clipped to this range.
    pub fn part(&self, start_secs: f64, end_secs: f64) -> Self {
        let (from, to) = self.secs;
        let start = from + start_secs.max(0.0);
        let secs = (start, to.min(from + end_secs).max(start));
        Self { signal: Arc::clone(&self.signal), rate_hz: self.rate_hz, secs }
    }

    /// Sample rate of the signal in Hz.
    pub fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// Samples of the range, at the signal's rate.
    pub fn samples(&self) -> &[f32] {
        let signal = (*self.signal).as_ref();
        let place = |secs| frame_at(secs, self.rate_hz, signal.len());
        signal.get(place(self.secs.0)..place(self.secs.1)).unwrap_or_default()
    }

    /// The range in frames of the device, counted from the beginning of the signal.
    fn frames(&self, format: StreamFormat) -> Range<usize> {
        let (len, to_hz) = ((*self.signal).as_ref().len(), format.sample_rate_hz);
        let frames = if differ(self.rate_hz, to_hz) { output_len(len, self.rate_hz, to_hz) } else { len };
        frame_at(self.secs.0, to_hz, frames)..frame_at(self.secs.1, to_hz, frames)
    }

    /// A voice at the beginning of the range, which sounds once its ring is filled, and the request to fill
    /// it.
    pub fn voice(&self, format: StreamFormat, looping: bool) -> (Voice, FeedRequest) {
        let frames = self.frames(format);
        let edges = Edges::new(frames.len(), format, looping);
        let places = (RING_SECS * f64::from(format.sample_rate_hz)) as usize;
        let (ring, voice_ring): (_, Consumer<f32>) = RingBuffer::new(places.max(2 * BLOCK_FRAMES));
        let request = FeedRequest { streamed: self.clone(), format, frames, edges, ring };
        (Voice::streamed(voice_ring, edges, format), request)
    }
}

/// A voice's ring and the range to fill it with.
pub(super) struct FeedRequest {
    streamed: Streamed,
    format: StreamFormat,
    /// The range, in frames of the device.
    frames: Range<usize>,
    edges: Edges,
    ring: Producer<f32>,
}

/// State of a [`Feed`] after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FeedState {
    /// The ring has room for more.
    HasRoom,
    /// The ring is full.
    Full,
    /// The range is complete, or the voice was dropped.
    Done,
}

/// Fills a voice's ring.
pub(super) struct Feed {
    request: FeedRequest,
    resampler: Option<Arc<Resampler>>,
    /// The first frames, which a loop mixes into its last ones.
    beginning: Vec<f32>,
    /// Next frame to convert, relative to the start of the range.
    position: usize,
    /// Input samples of a block.
    inputs: Vec<f32>,
    block: Vec<f32>,
}

impl Feed {
    /// A feed for an empty ring.
    pub fn new(request: FeedRequest, converter: &Converter) -> Self {
        let resampler = converter.resampler(request.streamed.rate_hz, request.format.sample_rate_hz);
        let beginning = if request.edges.looping { request.edges.seam } else { 0 };
        let mut feed = Self {
            request,
            resampler,
            beginning: Vec::new(),
            position: 0,
            inputs: Vec::new(),
            block: Vec::new(),
        };
        feed.convert(beginning);
        feed.beginning = std::mem::take(&mut feed.block);
        feed
    }

    /// Adds one block if there is room.
    pub fn step(&mut self) -> FeedState {
        let left = self.request.edges.len.saturating_sub(self.position);
        if left == 0 || self.request.ring.is_abandoned() {
            return FeedState::Done;
        }
        let frames = left.min(BLOCK_FRAMES);
        if self.request.ring.slots() < frames {
            return FeedState::Full;
        }
        self.convert(frames);
        self.apply_edges();
        // Checked above; this is the only writer.
        self.request.ring.push_entire_slice(&self.block).ok();
        match self.request.edges.next_position(self.position + frames) {
            Some(position) => self.position = position,
            None => return FeedState::Done,
        }
        FeedState::HasRoom
    }

    /// Converts the next `frames` frames into `block`, at the device's rate.
    fn convert(&mut self, frames: usize) {
        let first = self.request.frames.start + self.position;
        let signal = (*self.request.streamed.signal).as_ref();
        self.block.clear();
        let Some(resampler) = &self.resampler else {
            let samples = signal.get(first..(first + frames).min(signal.len())).unwrap_or_default();
            self.block.extend(samples.iter().map(|&sample| finite(sample)));
            return;
        };
        let sample_at = |index: i64| usize::try_from(index).ok().and_then(|index| signal.get(index));
        let inputs = resampler.inputs(first..first + frames);
        self.inputs.clear();
        self.inputs.extend(inputs.map(|index| sample_at(index).map_or(0.0, |&sample| finite(sample))));
        self.block.resize(frames, 0.0);
        resampler.fill(first, &self.inputs, &mut self.block);
    }

    /// Applies the fade-out or cross-fade to the frames of `block` at the end of the range.
    fn apply_edges(&mut self) {
        let first_of_seam = self.request.edges.len - self.request.edges.seam;
        let before = first_of_seam.saturating_sub(self.position);
        for (offset, sample) in self.block.iter_mut().enumerate().skip(before) {
            let mix = self.request.edges.mix(self.position + offset);
            *sample *= mix.own;
            if let Some((index, factor)) = mix.beginning {
                *sample += self.beginning.get(index).copied().unwrap_or_default() * factor;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        allocations,
        mixer::{Mixer, Request, Shared, connect},
        prepared::Prepared,
    };
    use timbrespace_base::differences::largest_difference;
    use timbrespace_signal::audio::clip::Clip;

    const DEVICE: StreamFormat = StreamFormat { sample_rate_hz: 48_000, channels: 2 };

    /// Rising and falling tones at `rate_hz`.
    fn signal(secs: f64, rate_hz: u32) -> Vec<f32> {
        let len = (secs * f64::from(rate_hz)) as usize;
        (0..len).map(|n| 0.5 * (n as f32 * 0.02 + (n as f32 * 0.0001).sin() * 40.0).sin()).collect()
    }

    /// The same sound, converted in advance and streamed.
    fn whole_and_streamed(secs: f64, rate_hz: u32, format: StreamFormat) -> [Prepared; 2] {
        let signal = signal(secs, rate_hz);
        let whole = Prepared::new(&Clip::mono(signal.clone(), rate_hz), format);
        [whole, Prepared::streamed(Arc::new(signal), rate_hz, format)]
    }

    /// Output of a voice and its feed for `frames` frames; the ring is refilled before every `at_once` of
    /// them.
    fn heard(prepared: &Prepared, looping: bool, frames: usize, at_once: usize) -> Vec<f32> {
        let (mut voice, request) = prepared.voice(looping);
        let converter = Converter::new();
        let mut feed = request.map(|request| Feed::new(request, &converter));
        let mut out = vec![0.0; frames * prepared.format().channels];
        for block in out.chunks_mut(at_once * prepared.format().channels) {
            while feed.as_mut().is_some_and(|feed| feed.step() == FeedState::HasRoom) {}
            voice.add_to(block);
        }
        out
    }

    #[test]
    fn a_streamed_sound_gives_sample_for_sample_what_the_prepared_one_gives() {
        for rate_hz in [44_100, 48_000, 22_050] {
            let sounds = whole_and_streamed(3.0, rate_hz, DEVICE);
            let [whole, streamed] = sounds.each_ref().map(|sound| heard(sound, false, 3 * 48_000 + 900, 512));
            assert!(whole.iter().any(|sample| sample.abs() > 0.4));
            assert!(whole == streamed, "{rate_hz}: {}", largest_difference(&whole, &streamed));
        }
    }

    #[test]
    fn a_part_from_anywhere_in_three_minutes_is_the_same_part() {
        let format = StreamFormat { sample_rate_hz: 4000, channels: 2 };
        let sounds = whole_and_streamed(180.0, 5513, format);
        for (from, to) in
            [(100.123, 103.0), (178.5, f64::INFINITY), (0.0, 0.004), (90.0, 90.0), (500.0, 600.0)]
        {
            let of_part = |sound: &Prepared| heard(&sound.part(from, to), false, 15_000, 700);
            let [whole, streamed] = sounds.each_ref().map(of_part);
            assert!(whole == streamed, "{from} to {to}: {}", largest_difference(&whole, &streamed));
            assert_eq!(
                whole.iter().any(|sample| sample.abs() > 0.3),
                to > from && from < 180.0 && to != 0.004
            );
        }
    }

    #[test]
    fn a_part_that_is_repeated_comes_round_in_the_same_way() {
        let sounds = whole_and_streamed(3.0, 44_100, DEVICE);
        for (from, to) in [(1.5, 2.25), (2.0, 2.001)] {
            let of_part = |sound: &Prepared| heard(&sound.part(from, to), true, 100_000, 333);
            let [whole, streamed] = sounds.each_ref().map(of_part);
            // During a fade-in over a seam, both factors are rounded in a different order.
            assert!(largest_difference(&whole[..200], &streamed[..200]) < 1e-6);
            assert!(whole[200..] == streamed[200..], "{from} to {to}");
        }
    }

    #[test]
    fn the_first_block_is_there_after_one_step_and_the_ring_is_all_that_is_taken() {
        let signal = Arc::new(signal(180.0, 44_100));
        let streamed = Prepared::streamed(signal, 44_100, DEVICE).part(120.0, f64::INFINITY);
        let (mut voice, request) = streamed.voice(false);
        let mut feed = Feed::new(request.unwrap(), &Converter::new());
        assert_eq!(feed.step(), FeedState::HasRoom);
        let mut out = [0.0; 512];
        voice.add_to(&mut out);
        assert_eq!(voice.position(), 256);
        assert!(out.iter().any(|sample| sample.abs() > 0.1));
        let steps = (0..1000).take_while(|_| feed.step() == FeedState::HasRoom).count();
        assert!((1 + steps) * BLOCK_FRAMES <= (RING_SECS * 48_000.0) as usize + 256, "{steps}");
        assert!(feed.inputs.capacity() + feed.block.capacity() < 8 * BLOCK_FRAMES);
        drop(voice);
        assert_eq!(feed.step(), FeedState::Done, "nobody listens");
    }

    #[test]
    fn the_audio_thread_neither_allocates_nor_frees_while_rings_are_fed_and_run_empty() {
        let (mut link, parts) = connect(Arc::new(Shared::new()));
        let mut mixer = Mixer::new(parts, DEVICE);
        let sound = Prepared::streamed(Arc::new(vec![0.5; 100_000]), 44_100, DEVICE);
        let converter = Converter::new();
        let mut feed: Option<Feed> = None;
        let mut out = [0.0; 1024];
        let mut heard = 0;
        for round in 0..200_u32 {
            if round.is_multiple_of(20) {
                let (voice, request) = sound.voice(round.is_multiple_of(40));
                feed = request.map(|request| Feed::new(request, &converter));
                link.requests.push(Request::Play { generation: round, voice }).unwrap();
            }
            if round % 20 < 5 {
                feed.as_mut().map(Feed::step);
            }
            let count = allocations::in_this_thread(|| mixer.fill(&mut out));
            assert_eq!(count, 0, "round {round}");
            heard += usize::from(out.iter().any(|&sample| sample > 0.4));
            while round % 7 == 0 && link.used.pop().is_ok() {}
        }
        assert!((60..160).contains(&heard), "some of it, then silence: {heard}");
    }

    #[test]
    fn what_is_no_number_becomes_silence() {
        let samples: Vec<f32> = vec![f32::NAN, f32::INFINITY, 0.5, 0.5];
        let prepared = Prepared::streamed(Arc::new(samples), 48_000, DEVICE);
        assert_eq!(prepared.matching_gain(), 0.2);
        assert!(heard(&prepared, true, 400, 64).iter().all(|sample| sample.is_finite()));
    }
}
