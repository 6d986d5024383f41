//! One sound that turns into another: the path between two recordings as a single piece of audio without seams.
//!
//! The steps of the path are decoded to magnitudes, freed of the pauses at their ends, laid one after the other, each fading
//! into the next ([`timbrespace_signal::dsp::crossfade`]), and Griffin-Lim finds the phases of the whole at once. So there is no joint
//! between samples at all: what could click is found together with what is around it.

mod plan;

use std::{ops::Range, path::PathBuf};

use ndarray::{Array2, s};
use serde::Serialize;

use plan::{FADE, Plan, sounding};
pub use plan::{MOST_SECS, STEPS};

use crate::{
    JobContext, JobError,
    latent::{
        decode::LatentDecoder,
        path::{LEAST_STEPS, LatentPath},
    },
    runs::{bundle::Bundle, reads},
};
use timbrespace_analysis::explore::travel::Path;
use timbrespace_base::{names, outputs::Replace, sentence};
use timbrespace_signal::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_generated},
    },
    dsp::crossfade::Crossfade,
    pipeline::sound_generator::{GeneratedSound, limit_peak},
};

/// Steps where neither their number nor a length is asked for.
pub const DEFAULT_STEPS: usize = 8;
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
    /// Sounds on the path, both ends included; `None` for as many as the length asks for, or [`DEFAULT_STEPS`].
    pub steps: Option<usize>,
    /// How the path runs.
    pub path: Path,
    /// Length of the whole; `None` for what the steps fill.
    pub secs: Option<f64>,
    /// Griffin-Lim iterations.
    pub iterations: usize,
    /// Seed of Griffin-Lim.
    pub seed: u64,
    /// How samples are stored.
    pub bits: BitDepth,
    /// Which existing files may be replaced.
    pub replace: Replace,
}

/// What was made.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The sound.
    #[serde(serialize_with = "names::serialize")]
    pub wav: PathBuf,
    /// Sounds on the path.
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
    /// Frames of every step's image that are heard.
    pub used: Range<usize>,
}

/// How vectors become one sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rendering {
    /// Length in seconds; `None` for what the steps fill when a quarter of what is heard of each fades into the next.
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
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let ends = [request.from.clone(), request.to.clone()];
    let mut outputs = reads::outputs(request.replace, &request.bundle, ends);
    outputs.check(&[&request.out])?;
    let bundle = std::sync::Arc::new(Bundle::open(&request.bundle)?.resampling(request.resample));
    let mut decoder = LatentDecoder::new(std::sync::Arc::clone(&bundle))?;
    let ends = [request.from.as_path(), request.to.as_path()];
    let steps = match (request.steps, request.secs) {
        (Some(steps), _) => steps,
        (None, None) => DEFAULT_STEPS,
        (None, Some(secs)) => {
            let both = LatentPath::between(&bundle, ends, LEAST_STEPS, request.path, context.sink)?;
            let heard = sounding(&magnitudes(&mut decoder, &both, context)?).len();
            steps_for(
                secs,
                bundle.config.preprocessing.samples_of_frames(heard),
                bundle.config.preprocessing.sample_rate_hz,
            )
        }
    };
    let path = LatentPath::between(&bundle, ends, steps, request.path, context.sink)?;
    let rendering = Rendering { secs: request.secs, iterations: request.iterations, seed: request.seed };
    let morph = render(&mut decoder, &path, rendering, context)?;
    outputs.write(&request.out, |out| {
        Ok::<_, JobError>(write_generated(out, &morph.sound.clip, request.bits)?)
    })?;
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

/// As many steps as fill `secs` when a quarter of each sound, of `len` samples, fades into the next.
fn steps_for(secs: f64, len: usize, rate_hz: u32) -> usize {
    let sound_secs = len as f64 / f64::from(rate_hz);
    let more = (secs.min(MOST_SECS) - sound_secs) / (sound_secs * (1.0 - FADE));
    1 + more.ceil().max(1.0) as usize
}

/// Decodes all vectors of `path` into one sound; for the window as for [`run`].
///
/// Where the sounds are many for their length, more than two overlap, and each frame is their mean by weight.
///
/// # Errors
/// When a vector's length is not the model's, the length does not fit the number of vectors, or on [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn render(
    decoder: &mut LatentDecoder,
    path: &LatentPath,
    rendering: Rendering,
    context: &JobContext<'_>,
) -> Result<Morph, JobError> {
    let magnitudes = magnitudes(decoder, path, context)?;
    let bins = magnitudes.first().map(Array2::nrows);
    let bins = bins.ok_or_else(|| sentence!("error-no-vector", "there is no vector to make a sound of"))?;
    let config = decoder.bundle().config.preprocessing.clone();
    let frames = decoder.bundle().config.model.frames;
    let plan = Plan::new(&config, frames, sounding(&magnitudes), magnitudes.len(), rendering.secs)?;
    let mut whole = Crossfade::new(bins, plan.total);
    for (magnitude, &start) in magnitudes.iter().zip(&plan.starts) {
        whole.add(&magnitude.slice(s![.., plan.used.clone()]), start, plan.fade);
    }
    context.note(format!("finding the phases of {} frames", plan.total));
    let recovered =
        decoder.generator().recover(&whole.finish(), plan.len, rendering.iterations, rendering.seed);
    let mut samples = recovered.signal;
    let gain = limit_peak(&mut samples);
    Ok(Morph {
        sound: GeneratedSound {
            clip: Clip::mono(samples, config.sample_rate_hz),
            gain,
            spectral_convergence: recovered.spectral_convergence,
        },
        starts: plan.starts.iter().map(|start| start * config.hop_length).collect(),
        used: plan.used,
    })
}

/// The magnitude of every vector, `[bins, frames]`.
fn magnitudes(
    decoder: &mut LatentDecoder,
    path: &LatentPath,
    context: &JobContext<'_>,
) -> Result<Vec<Array2<f32>>, JobError> {
    let total = path.vectors.nrows();
    let mut magnitudes = Vec::with_capacity(total);
    for (vector, &range) in path.vectors.outer_iter().zip(&path.ranges) {
        context.check_stopped()?;
        magnitudes.push(decoder.magnitude(&vector.to_vec(), range)?);
        context.progress("decoding", magnitudes.len(), total);
    }
    Ok(magnitudes)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use timbrespace_signal::audio::encode::write_wav;

    use super::*;
    use crate::runs::demo_model;
    use timbrespace_base::interrupt::Interrupt;
    use timbrespace_signal::audio::demo;

    const RENDERING: Rendering = Rendering { secs: None, iterations: 16, seed: 0 };

    /// A path of `steps` vectors between two demo sounds, and the decoder for it.
    fn path_between(places: [usize; 2], steps: usize) -> (LatentDecoder, LatentPath) {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = places.map(|place| {
            let sound = demo::sounds().nth(place).unwrap();
            let file = folder.path().join(sound.file_name);
            write_wav(&file, &sound.clip, BitDepth::Float32).unwrap();
            file
        });
        let bundle = Arc::new(demo_model::open().unwrap());
        let path = LatentPath::between(&bundle, [&from, &to], steps, Path::Linear, &|_| {}).unwrap();
        (LatentDecoder::new(bundle).unwrap(), path)
    }

    fn rendered(
        decoder: &mut LatentDecoder,
        path: &LatentPath,
        secs: Option<f64>,
    ) -> Result<Morph, JobError> {
        render(decoder, path, Rendering { secs, ..RENDERING }, &JobContext::silent(&Interrupt::new()))
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
            let (mut decoder, path) = path_between(places, 4);
            let morph = rendered(&mut decoder, &path, None).unwrap();
            assert_eq!(morph.starts.len(), 4);
            let (joints, elsewhere) = jumps(&morph, 256);
            assert!(joints <= elsewhere, "{places:?}: {joints} {elsewhere}");
            assert!(joints > 0.0, "{places:?}: nothing is heard at a joint");
            assert!(morph.sound.spectral_convergence < 0.3, "{}", morph.sound.spectral_convergence);
        }
    }

    #[test]
    fn the_length_is_the_one_that_was_asked_for() {
        let (mut decoder, path) = path_between([5, 310], 3);
        for secs in [0.74, 1.0, 1.5, 2.0] {
            let morph = rendered(&mut decoder, &path, Some(secs)).unwrap();
            let asked = (secs * 22_050.0).round() as usize;
            assert_eq!(morph.sound.clip.len(), asked, "{secs}");
            assert_eq!(morph.starts[2], (1 + asked / 256 - morph.used.len()) * 256, "{secs}");
        }
        let error = rendered(&mut decoder, &path, Some(2.2)).unwrap_err().to_string();
        assert!(error.contains("3 sounds make from") && error.contains("2.20 s"), "{error}");
        assert_eq!((steps_for(0.8, 22_050, 22_050), steps_for(4.0, 22_050, 22_050)), (2, 5));
    }

    #[test]
    fn it_begins_as_one_recording_and_ends_as_the_other() {
        let (mut decoder, path) = path_between([5, 310], 3);
        let morph = rendered(&mut decoder, &path, None).unwrap();
        let samples = &morph.sound.clip.channels()[0];
        let level = |samples: &[f32]| samples.iter().map(|sample| sample * sample).sum::<f32>().sqrt();
        // What is heard of a step alone: before the second begins, and after the last has faded in.
        let faded_in = morph.used.len() * 256 - morph.starts[1];
        for (step, heard) in [(0, 0..morph.starts[1]), (2, faded_in..morph.used.len() * 256)] {
            let alone = decoder.decode(&path.vectors.row(step).to_vec(), path.ranges[step], 16, 0).unwrap();
            let (gain, alone) = (alone.sound.gain, &alone.sound.clip.channels()[0]);
            let offset = morph.used.start * 256;
            let own = &alone[heard.start + offset..(heard.end + offset).min(alone.len())];
            let part = &samples[morph.starts[step] + heard.start..];
            let part = &part[..heard.len().min(part.len())];
            let ratio = (level(part) / morph.sound.gain) / (level(own) / gain);
            assert!((0.8..1.25).contains(&ratio), "{step}: {ratio}");
        }
    }

    #[test]
    fn a_stop_is_heard() {
        let (mut decoder, path) = path_between([0, 1], 2);
        let interrupt = Interrupt::new();
        interrupt.stop();
        assert!(
            render(&mut decoder, &path, RENDERING, &JobContext::silent(&interrupt)).unwrap_err().is_stopped()
        );
    }
}
