//! Sounds ready for the mixer: a clip in the device's rate and channels, or a long signal that is converted
//! while it plays ([`super::streamed`]).

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use super::{
    backend::StreamFormat,
    streamed::{FeedRequest, SharedSignal, Streamed},
    voice::Voice,
};
use timbrespace_signal::{audio::clip::Clip, dsp::resample::Resampler};

/// Target RMS of loudness matching: −20 dBFS, low enough that sounds with high peaks reach it.
pub const MATCHED_RMS: f32 = 0.1;
/// Highest peak after loudness matching.
pub const MATCHED_PEAK: f32 = 0.99;
/// Highest gain of loudness matching: 24 dB.
pub const MATCHED_GAIN: f32 = 16.0;
/// Loudness is measured on at most this many seconds.
const MATCHED_SECS: f32 = 30.0;

/// A sound for a device; cheap to clone.
#[derive(Clone, Debug)]
pub struct Prepared {
    sound: Sound,
    format: StreamFormat,
    /// Factor on the amplitude.
    gain: f32,
}

/// Source of the samples.
#[derive(Clone, Debug)]
enum Sound {
    /// Converted in advance, interleaved.
    Whole(Arc<[f32]>),
    /// Converted while it plays.
    Streamed(Streamed),
}

impl Prepared {
    /// Converts `clip` to the device's rate and channels. NaN and infinite samples become silence.
    pub fn new(clip: &Clip, format: StreamFormat) -> Self {
        let rates = (clip.sample_rate_hz(), format.sample_rate_hz);
        let resampler = differ(rates.0, rates.1).then(|| Resampler::new(rates.0, rates.1));
        Self::with_resampler(clip, format, resampler.as_ref())
    }

    fn with_resampler(clip: &Clip, format: StreamFormat, resampler: Option<&Resampler>) -> Self {
        let convert = |channel: &Vec<f32>| {
            // A single NaN would spread over the length of the filter.
            let finite: Vec<f32> = channel.iter().map(|&sample| finite(sample)).collect();
            match resampler {
                Some(resampler) => resampler.resample(&finite),
                None => finite,
            }
        };
        let channels: Vec<Vec<f32>> = clip.channels().iter().map(convert).collect();
        Self { sound: Sound::Whole(interleave(&channels, format.channels)), format, gain: 1.0 }
    }

    /// A long mono signal at `rate_hz`, converted while it plays: nothing is computed or copied in advance.
    pub fn streamed(signal: SharedSignal, rate_hz: u32, format: StreamFormat) -> Self {
        Self { sound: Sound::Streamed(Streamed::new(signal, rate_hz)), format, gain: 1.0 }
    }

    /// The same sound in another device format.
    #[must_use]
    pub fn for_format(&self, format: StreamFormat) -> Self {
        match &self.sound {
            _ if self.format == format => self.clone(),
            Sound::Whole(samples) => {
                Self { gain: self.gain, ..Self::new(&to_clip(samples, self.format), format) }
            }
            Sound::Streamed(_) => Self { format, ..self.clone() },
        }
    }

    /// The part from `start_secs` to `end_secs`, clipped to the sound.
    #[must_use]
    pub fn part(&self, start_secs: f64, end_secs: f64) -> Self {
        let sound = match &self.sound {
            Sound::Whole(samples) => {
                let channels = self.format.channels.max(1);
                let frames = samples.len() / channels;
                let place = |secs| frame_at(secs, self.format.sample_rate_hz, frames) * channels;
                Sound::Whole(samples.get(place(start_secs)..place(end_secs)).unwrap_or_default().into())
            }
            Sound::Streamed(streamed) => Sound::Streamed(streamed.part(start_secs, end_secs)),
        };
        Self { sound, ..*self }
    }

    /// The same sound with another amplitude factor.
    #[must_use]
    pub fn with_gain(&self, gain: f32) -> Self {
        Self { gain, ..self.clone() }
    }

    /// Factor on the amplitude.
    pub fn gain(&self) -> f32 {
        self.gain
    }

    /// Gain that brings the sound to the loudness of all matched sounds: an RMS of [`MATCHED_RMS`] over its
    /// non-silent samples (above a thousandth of the peak), limited so that the peak stays below
    /// [`MATCHED_PEAK`] and the gain below [`MATCHED_GAIN`]. 1 for silence.
    pub fn matching_gain(&self) -> f32 {
        let (samples, a_second) = match &self.sound {
            Sound::Whole(samples) => {
                (&samples[..], self.format.sample_rate_hz as f32 * self.format.channels.max(1) as f32)
            }
            Sound::Streamed(streamed) => (streamed.samples(), streamed.rate_hz() as f32),
        };
        let most = (MATCHED_SECS * a_second) as usize;
        let heard = samples.iter().take(most).map(|&sample| finite(sample));
        let peak = heard.clone().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        let (mut sum, mut count) = (0.0_f64, 0_usize);
        for sample in heard.filter(|sample| sample.abs() > peak * 1e-3) {
            sum += f64::from(sample) * f64::from(sample);
            count += 1;
        }
        if count == 0 || peak <= 0.0 {
            return 1.0;
        }
        let rms = (sum / count as f64).sqrt() as f32;
        (MATCHED_RMS / rms).min(MATCHED_PEAK / peak).min(MATCHED_GAIN)
    }

    /// A voice at the beginning of the sound and, for a streamed sound, the request to feed it.
    pub(super) fn voice(&self, looping: bool) -> (Voice, Option<FeedRequest>) {
        let (voice, request) = match &self.sound {
            Sound::Whole(samples) => (Voice::new(Arc::clone(samples), self.format, looping), None),
            Sound::Streamed(streamed) => {
                let (voice, request) = streamed.voice(self.format, looping);
                (voice, Some(request))
            }
        };
        (voice.with_gain(self.gain), request)
    }

    /// Interleaved samples in [`Self::format`]; empty for a streamed sound, which is converted while it
    /// plays.
    pub fn samples(&self) -> &[f32] {
        match &self.sound {
            Sound::Whole(samples) => samples,
            Sound::Streamed(_) => &[],
        }
    }

    /// Rate and channels.
    pub fn format(&self) -> StreamFormat {
        self.format
    }
}

/// Interleaved samples as a clip.
fn to_clip(samples: &[f32], format: StreamFormat) -> Clip {
    let channels = format.channels.max(1);
    let planar = (0..channels)
        .map(|channel| samples.iter().skip(channel).step_by(channels).copied().collect())
        .collect();
    Clip::from_channels(planar, format.sample_rate_hz)
}

/// Index of the frame at `secs`, at most `frames`.
pub(super) fn frame_at(secs: f64, rate_hz: u32, frames: usize) -> usize {
    let frame = (secs * f64::from(rate_hz)).round().max(0.0) as usize;
    frame.min(frames)
}

/// `sample`, or 0 if it is NaN or infinite.
pub(super) fn finite(sample: f32) -> f32 {
    if sample.is_finite() { sample } else { 0.0 }
}

/// Converts clips to the format of the current device; clones share the device.
///
/// Workers use a clone to prepare long clips, so that the window never waits for a resampler.
#[derive(Clone, Debug)]
pub struct Converter {
    /// Sample rate in the upper half, channels in the lower; 0 before a device was opened.
    format: Arc<AtomicU64>,
    /// The last resampler and its rates: most clips have the same rate.
    resampler: Arc<Mutex<Option<CachedResampler>>>,
}

/// A resampler with its rates `(from, to)` in Hz.
type CachedResampler = ((u32, u32), Arc<Resampler>);

impl Converter {
    pub(super) fn new() -> Self {
        Self { format: Arc::new(AtomicU64::new(0)), resampler: Arc::default() }
    }

    pub(super) fn set_format(&self, format: StreamFormat) {
        let packed = u64::from(format.sample_rate_hz) << u32::BITS | format.channels as u64;
        self.format.store(packed, Ordering::Relaxed);
    }

    /// Format of the device, once one was opened.
    pub fn format(&self) -> Option<StreamFormat> {
        let packed = self.format.load(Ordering::Relaxed);
        (packed != 0).then_some(StreamFormat {
            sample_rate_hz: (packed >> u32::BITS) as u32,
            channels: packed as u32 as usize,
        })
    }

    /// Prepares a long mono signal at `rate_hz` for streaming: only the filter is computed in advance.
    pub fn stream(&self, signal: SharedSignal, rate_hz: u32) -> Prepared {
        let format = self.format().unwrap_or(StreamFormat { sample_rate_hz: rate_hz, channels: 1 });
        drop(self.resampler(rate_hz, format.sample_rate_hz));
        Prepared::streamed(signal, rate_hz, format)
    }

    /// Converts `clip` for the device; keeps the clip's format if no device was opened yet.
    pub fn prepare(&self, clip: &Clip) -> Prepared {
        let own =
            StreamFormat { sample_rate_hz: clip.sample_rate_hz(), channels: clip.channels().len().max(1) };
        let format = self.format().unwrap_or(own);
        let resampler = self.resampler(clip.sample_rate_hz(), format.sample_rate_hz);
        Prepared::with_resampler(clip, format, resampler.as_deref())
    }

    /// The resampler between two rates, cached from the last call; `None` if the rates are equal.
    pub(super) fn resampler(&self, from_hz: u32, to_hz: u32) -> Option<Arc<Resampler>> {
        let rates = (from_hz, to_hz);
        if !differ(from_hz, to_hz) {
            return None;
        }
        let mut cached = self.resampler.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, resampler)) = cached.as_ref().filter(|(of, _)| *of == rates) {
            return Some(resampler.clone());
        }
        let resampler = Arc::new(Resampler::new(from_hz, to_hz));
        *cached = Some((rates, resampler.clone()));
        Some(resampler)
    }
}

/// Whether resampling is needed; a clip without a rate (0) is not resampled.
pub(super) fn differ(from_hz: u32, to_hz: u32) -> bool {
    from_hz != to_hz && from_hz != 0 && to_hz != 0
}

/// Interleaves channels for a device. Mono goes to all channels. Otherwise channel `i` goes to channel `i`
/// modulo the device's channels; several on one channel are averaged.
fn interleave(channels: &[Vec<f32>], device_channels: usize) -> Arc<[f32]> {
    let device_channels = device_channels.max(1);
    let len = channels.first().map_or(0, Vec::len);
    let mut samples = vec![0.0_f32; len * device_channels];
    for target in 0..device_channels {
        let sources: Vec<&Vec<f32>> = match channels {
            [only] => vec![only],
            several => several.iter().skip(target).step_by(device_channels).collect(),
        };
        for source in &sources {
            let places = samples.iter_mut().skip(target).step_by(device_channels);
            for (place, &sample) in places.zip(source.iter()) {
                *place += sample / sources.len() as f32;
            }
        }
    }
    samples.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(sample_rate_hz: u32, channels: usize) -> StreamFormat {
        StreamFormat { sample_rate_hz, channels }
    }

    #[test]
    fn mono_reaches_every_channel() {
        let prepared = Prepared::new(&Clip::mono(vec![0.25, -0.5], 48_000), format(48_000, 3));
        assert_eq!(prepared.samples()[..], [0.25, 0.25, 0.25, -0.5, -0.5, -0.5]);
    }

    #[test]
    fn stereo_keeps_its_sides_and_leaves_other_channels_silent() {
        let clip = Clip::from_channels(vec![vec![0.1, 0.2], vec![0.3, 0.4]], 48_000);
        let prepared = Prepared::new(&clip, format(48_000, 4));
        assert_eq!(prepared.samples()[..], [0.1, 0.3, 0.0, 0.0, 0.2, 0.4, 0.0, 0.0]);
    }

    #[test]
    fn stereo_on_one_loudspeaker_is_the_mean() {
        let clip = Clip::from_channels(vec![vec![0.5], vec![-0.25]], 48_000);
        assert_eq!(Prepared::new(&clip, format(48_000, 1)).samples()[..], [0.125]);
    }

    #[test]
    fn what_is_no_number_becomes_silence() {
        let clip = Clip::mono(vec![f32::NAN, f32::INFINITY, 0.5], 48_000);
        assert_eq!(Prepared::new(&clip, format(48_000, 1)).samples()[..], [0.0, 0.0, 0.5]);
    }

    #[test]
    fn a_part_is_cut_at_whole_frames() {
        let clip = Clip::from_channels(vec![vec![0.1, 0.2, 0.3, 0.4], vec![0.5, 0.6, 0.7, 0.8]], 4);
        let prepared = Prepared::new(&clip, format(4, 2));
        assert_eq!(prepared.part(0.25, 0.75).samples()[..], [0.2, 0.6, 0.3, 0.7]);
        assert_eq!(prepared.part(0.75, 9.0).samples()[..], [0.4, 0.8]);
        assert!(prepared.part(2.0, 1.0).samples().is_empty());
    }

    #[test]
    fn a_clip_is_as_long_as_before_after_conversion() {
        let clip = Clip::mono(vec![0.0; 22_050], 22_050);
        let prepared = Prepared::new(&clip, format(48_000, 2));
        // The count is rounded up from a ratio in floating point, as librosa does, so one frame may be added.
        assert!((96_000..=96_002).contains(&prepared.samples().len()), "{}", prepared.samples().len());
        let again = prepared.for_format(format(44_100, 1)).samples().len();
        assert!((44_100..=44_101).contains(&again), "{again}");
    }

    #[test]
    fn a_tone_keeps_its_pitch_and_loudness_at_another_rate() {
        let tone = |rate: u32| -> Vec<f32> {
            let step = 1000.0 * std::f64::consts::TAU / f64::from(rate);
            (0..rate / 2).map(|index| (f64::from(index) * step).sin() as f32).collect()
        };
        let prepared = Prepared::new(&Clip::mono(tone(22_050), 22_050), format(48_000, 1));
        let expected = tone(48_000);
        let compared = 1000..23_000;
        let largest = timbrespace_base::differences::largest_difference(
            &prepared.samples()[compared.clone()],
            &expected[compared],
        );
        assert!(largest < 1e-3, "{largest}");
    }

    #[test]
    fn matched_sounds_have_one_loudness_and_no_peak_beyond_full_scale() {
        let tone = |amplitude: f32, silence: usize| {
            let mut samples: Vec<f32> = (0..8000).map(|n| amplitude * (n as f32 * 0.3).sin()).collect();
            samples.resize(8000 + silence, 0.0);
            Prepared::new(&Clip::mono(samples, 8000), format(8000, 2))
        };
        for (amplitude, silence) in [(0.9, 0), (0.05, 0), (0.3, 20_000)] {
            let gain = tone(amplitude, silence).matching_gain();
            let rms = amplitude / 2.0_f32.sqrt() * gain;
            assert!((rms - MATCHED_RMS).abs() < 0.002, "{amplitude}: {rms}");
        }
        assert_eq!(tone(0.001, 0).matching_gain(), MATCHED_GAIN, "noise is not lifted without end");
        let mut peaky = vec![0.001; 1000];
        peaky[500] = 0.5;
        let peaky = Prepared::new(&Clip::mono(peaky, 8000), format(8000, 1));
        assert!(peaky.matching_gain() * 0.5 <= MATCHED_PEAK + 1e-6);
        assert_eq!(Prepared::new(&Clip::mono(vec![0.0; 100], 8000), format(8000, 1)).matching_gain(), 1.0);
    }

    #[test]
    fn a_converter_follows_the_device() {
        let converter = Converter::new();
        let clip = Clip::mono(vec![0.0; 100], 8000);
        assert_eq!(converter.prepare(&clip).format(), format(8000, 1));
        converter.clone().set_format(format(48_000, 2));
        assert_eq!(converter.prepare(&clip).format(), format(48_000, 2));
    }
}
