//! One sound that turns into another: the way between two recordings as a single piece of audio without seams.
//!
//! The steps of the way are decoded to magnitudes, laid one after the other, each fading into the next
//! ([`crate::dsp::crossfade`]), and Griffin-Lim finds the phases of the whole at once. So there is no joint between samples
//! at all: what could click is found together with what is around it.

use std::path::PathBuf;

use serde::Serialize;

use super::{JobError, JobEvent, Sink, bundle::Bundle, decode::LatentDecoder, way::Way};
use crate::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    },
    dsp::crossfade::{Crossfade, starts},
    explore::travel::Path,
    interrupt::Interrupt,
    pipeline::sound_generator::{GeneratedSound, limit_peak},
};

/// Steps where neither their number nor a length is asked for.
pub const DEFAULT_STEPS: usize = 8;
/// Part of a sound that fades into the next one where no length is asked for: most of every sound is heard alone.
const FADE: f64 = 0.25;
/// Least part of a sound that fades into the next one.
const LEAST_FADE: f64 = 0.125;
/// Longest sound: Griffin-Lim takes some seconds for as much at once, during which no stop is heard.
pub const MOST_SECS: f64 = 120.0;

/// What to morph.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// Whether recordings of other rates than the model's may be resampled, also where its training did not.
    pub resample: bool,
    /// The recording it begins with.
    pub from: PathBuf,
    /// The recording it ends with.
    pub to: PathBuf,
    /// The WAV file.
    pub out: PathBuf,
    /// Sounds on the way, both ends included; `None` for as many as the length asks for, or [`DEFAULT_STEPS`].
    pub steps: Option<usize>,
    /// How the way runs.
    pub path: Path,
    /// Length of the whole; `None` for what the steps fill.
    pub secs: Option<f64>,
    /// Griffin-Lim iterations.
    pub iterations: usize,
    /// Seed of Griffin-Lim.
    pub seed: u64,
    /// How samples are stored.
    pub bits: BitDepth,
}

/// What was made.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The sound.
    pub wav: PathBuf,
    /// Sounds on the way.
    pub steps: usize,
    /// Length in seconds.
    pub seconds: f64,
    /// Where each sound begins to fade in, in seconds.
    pub starts: Vec<f64>,
    /// Spectral convergence of the phase recovery.
    pub spectral_convergence: f32,
    /// Factor that brought the peak down to 0.99, or 1.
    pub gain: f32,
}

/// A sound with its joints.
#[derive(Clone, Debug)]
pub struct Morph {
    /// The sound.
    pub sound: GeneratedSound,
    /// Where each step begins to fade in, in samples.
    pub starts: Vec<usize>,
}

/// How vectors become one sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rendering {
    /// Length in seconds; `None` for what the steps fill when a quarter of each fades into the next.
    pub secs: Option<f64>,
    /// Griffin-Lim iterations.
    pub iterations: usize,
    /// Seed of Griffin-Lim.
    pub seed: u64,
}

/// Makes the sound and writes it.
///
/// # Errors
/// When a recording does not fit the model, the length does not fit the steps, or the disk refuses.
pub fn run(request: &Request, sink: &dyn Sink, interrupt: &Interrupt) -> Result<Report, JobError> {
    let bundle = std::sync::Arc::new(Bundle::open(&request.bundle)?.resampling(request.resample));
    let mut decoder = LatentDecoder::new(std::sync::Arc::clone(&bundle))?;
    let sound_secs = Piece::of(&mut decoder).secs();
    let steps = request.steps.unwrap_or_else(|| steps_for(request.secs, sound_secs));
    let ends = [request.from.as_path(), request.to.as_path()];
    let way = Way::between(&bundle, ends, steps, request.path, sink)?;
    let rendering = Rendering { secs: request.secs, iterations: request.iterations, seed: request.seed };
    let morph = render(&mut decoder, &way, rendering, sink, interrupt)?;
    write_wav(&request.out, &morph.sound.clip, request.bits)?;
    let rate = f64::from(morph.sound.clip.sample_rate_hz());
    Ok(Report {
        wav: request.out.clone(),
        steps,
        seconds: morph.sound.clip.duration_secs(),
        starts: morph.starts.iter().map(|&start| start as f64 / rate).collect(),
        spectral_convergence: morph.sound.spectral_convergence,
        gain: morph.sound.gain,
    })
}

/// As many steps as fill `secs` when a quarter of each sound fades into the next.
fn steps_for(secs: Option<f64>, sound_secs: f64) -> usize {
    secs.map_or(DEFAULT_STEPS, |secs| {
        let more = (secs.min(MOST_SECS) - sound_secs) / (sound_secs * (1.0 - FADE));
        1 + more.ceil().max(1.0) as usize
    })
}

/// The sounds that a decoder makes: all of one length.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Frames of its image.
    frames: usize,
    /// Samples.
    len: usize,
    rate_hz: u32,
}

impl Piece {
    fn of(decoder: &mut LatentDecoder) -> Self {
        let config = &decoder.bundle().config;
        let (frames, rate_hz) = (config.model.frames, config.preprocessing.sample_rate_hz);
        Self { frames, len: decoder.generator().len_of(frames), rate_hz }
    }

    fn secs(self) -> f64 {
        self.len as f64 / f64::from(self.rate_hz)
    }

    /// Samples of `steps` such sounds in `secs`, or in what they fill.
    fn total_len(self, steps: usize, secs: Option<f64>) -> Result<usize, JobError> {
        let joints = steps.saturating_sub(1) as f64;
        let filled = |fade: f64| self.secs() * (1.0 + joints * (1.0 - fade));
        let secs = secs.unwrap_or_else(|| filled(FADE));
        let longest = filled(LEAST_FADE).min(MOST_SECS);
        if !(self.secs()..=longest).contains(&secs) {
            return Err(JobError::Other(format!(
                "{steps} sounds of {:.2} s each make from {:.2} s to {longest:.2} s, but {secs:.2} s were asked for; change \
                 --steps or --seconds",
                self.secs(),
                self.secs(),
            )));
        }
        Ok(((secs * f64::from(self.rate_hz)).round() as usize).max(self.len))
    }
}

/// Decodes all vectors of `way` into one sound; for the window as for [`run`].
///
/// Where the sounds are many for their length, more than two overlap, and each frame is their mean by weight.
///
/// # Errors
/// When a vector's length is not the model's, the length does not fit the number of vectors, or on [`Interrupt`].
pub fn render(
    decoder: &mut LatentDecoder,
    way: &Way,
    rendering: Rendering,
    sink: &dyn Sink,
    interrupt: &Interrupt,
) -> Result<Morph, JobError> {
    let piece = Piece::of(decoder);
    let steps = way.vectors.nrows();
    let len = piece.total_len(steps, rendering.secs)?;
    let total = decoder.generator().frames_of(len).max(piece.frames);
    let starts = starts(steps, piece.frames, total);
    let apart = (total - piece.frames).div_ceil(steps.saturating_sub(1).max(1));
    let fade = piece.frames.saturating_sub(apart);
    let mut whole: Option<Crossfade> = None;
    for (step, ((vector, &range), &start)) in
        way.vectors.outer_iter().zip(&way.ranges).zip(&starts).enumerate()
    {
        if interrupt.is_stopped() {
            return Err(JobError::Stopped);
        }
        let magnitude = decoder.magnitude(&vector.to_vec(), range)?;
        whole.get_or_insert_with(|| Crossfade::new(magnitude.nrows(), total)).add(&magnitude, start, fade);
        sink.event(JobEvent::Progress { stage: "decoding", done: step + 1, total: steps });
    }
    let nothing = || JobError::Other("there is no vector to make a sound of".to_owned());
    let magnitude = whole.ok_or_else(nothing)?.finish();
    if interrupt.is_stopped() {
        return Err(JobError::Stopped);
    }
    sink.event(JobEvent::Note(format!("finding the phases of {total} frames")));
    let recovered = decoder.generator().recover(&magnitude, len, rendering.iterations, rendering.seed);
    let mut samples = recovered.signal;
    let gain = limit_peak(&mut samples);
    let hop = decoder.bundle().config.preprocessing.hop_length;
    Ok(Morph {
        sound: GeneratedSound {
            clip: Clip::mono(samples, piece.rate_hz),
            gain,
            spectral_convergence: recovered.spectral_convergence,
        },
        starts: starts.iter().map(|start| start * hop).collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{audio::demo, jobs::demo_model};

    const RENDERING: Rendering = Rendering { secs: None, iterations: 16, seed: 0 };

    /// A way of `steps` between two demo sounds, and the decoder for it.
    fn way(places: [usize; 2], steps: usize) -> (LatentDecoder, Way) {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = places.map(|place| {
            let sound = demo::sounds().nth(place).unwrap();
            let path = folder.path().join(sound.file_name);
            write_wav(&path, &sound.clip, BitDepth::Float32).unwrap();
            path
        });
        let bundle = Arc::new(demo_model::open().unwrap());
        let way = Way::between(&bundle, [&from, &to], steps, Path::Linear, &|_| {}).unwrap();
        (LatentDecoder::new(bundle).unwrap(), way)
    }

    fn rendered(decoder: &mut LatentDecoder, way: &Way, secs: Option<f64>) -> Result<Morph, JobError> {
        render(decoder, way, Rendering { secs, ..RENDERING }, &|_| {}, &Interrupt::new())
    }

    /// Largest change from one sample to the next within a hop of the joints, and everywhere else.
    fn jumps(morph: &Morph, hop: usize) -> (f32, f32) {
        let samples = &morph.sound.clip.channels()[0];
        let at_joint = |place: usize| morph.starts[1..].iter().any(|start| place.abs_diff(*start) <= hop);
        let mut largest = (0.0_f32, 0.0_f32);
        for (place, pair) in samples.windows(2).enumerate() {
            let jump = (pair[1] - pair[0]).abs();
            let of = if at_joint(place) { &mut largest.0 } else { &mut largest.1 };
            *of = of.max(jump);
        }
        largest
    }

    #[test]
    fn joints_jump_no_more_than_any_other_place() {
        for places in [[5, 310], [190, 250]] {
            let (mut decoder, way) = way(places, 4);
            let morph = rendered(&mut decoder, &way, None).unwrap();
            assert_eq!(morph.starts.len(), 4);
            let (joints, elsewhere) = jumps(&morph, 256);
            assert!(joints <= elsewhere, "{places:?}: {joints} {elsewhere}");
            assert!(joints > 0.0, "{places:?}: nothing is heard at a joint");
            assert!(morph.sound.spectral_convergence < 0.3, "{}", morph.sound.spectral_convergence);
        }
    }

    #[test]
    fn the_length_is_the_one_that_was_asked_for() {
        let (mut decoder, way) = way([5, 310], 3);
        for secs in [0.74, 1.0, 1.5, 2.0] {
            let morph = rendered(&mut decoder, &way, Some(secs)).unwrap();
            let asked = (secs * 22_050.0).round() as usize;
            assert_eq!(morph.sound.clip.len(), asked, "{secs}");
            assert_eq!(*morph.starts.last().unwrap(), (1 + asked / 256 - 64) * 256, "{secs}");
        }
        for secs in [0.5, 2.2, f64::NAN] {
            let error = rendered(&mut decoder, &way, Some(secs)).unwrap_err().to_string();
            assert!(error.contains("3 sounds of 0.74 s") && error.contains("--steps"), "{error}");
        }
        assert_eq!(
            (steps_for(None, 0.74), steps_for(Some(0.8), 0.74), steps_for(Some(4.0), 0.74)),
            (8, 2, 7)
        );
    }

    #[test]
    fn it_begins_as_one_recording_and_ends_as_the_other() {
        let (mut decoder, way) = way([5, 310], 3);
        let morph = rendered(&mut decoder, &way, None).unwrap();
        let samples = &morph.sound.clip.channels()[0];
        let level = |samples: &[f32]| samples.iter().map(|sample| sample * sample).sum::<f32>().sqrt();
        for (step, part) in [(0, &samples[..8000]), (2, &samples[samples.len() - 8000..])] {
            let alone = decoder.decode(&way.vectors.row(step).to_vec(), way.ranges[step], 16, 0).unwrap();
            let (gain, alone) = (alone.sound.gain, &alone.sound.clip.channels()[0]);
            let own = if step == 0 { &alone[..8000] } else { &alone[alone.len() - 8000..] };
            let ratio = (level(part) / morph.sound.gain) / (level(own) / gain);
            assert!((0.8..1.25).contains(&ratio), "{step}: {ratio}");
        }
    }

    #[test]
    fn a_stop_is_heard() {
        let (mut decoder, way) = way([0, 1], 2);
        let interrupt = Interrupt::new();
        interrupt.stop();
        assert!(render(&mut decoder, &way, RENDERING, &|_| {}, &interrupt).unwrap_err().is_stopped());
    }
}
