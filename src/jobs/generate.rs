//! Latent vectors to sounds.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ndarray::Array2;
use rand::{SeedableRng as _, rngs::StdRng};
use rand_distr::{Distribution as _, StandardNormal};
use serde::Serialize;

use super::{
    JobError, JobEvent, Sink,
    bundle::Bundle,
    decode::LatentDecoder,
    files::{file_in, write_array},
    recording_image::RecordingImage,
};
use crate::{
    audio::encode::{BitDepth, write_wav},
    interrupt::Interrupt,
    pipeline::{preprocessing::PreprocessingPipeline, sound_generator::DEFAULT_ITERATIONS, stages::MinMax},
};

/// Which latent vectors.
#[derive(Clone, Debug)]
pub enum Vectors {
    /// Samples of the prior.
    Prior {
        /// How many.
        count: usize,
    },
    /// Steps on the line between two recordings, both ends included.
    Between {
        /// The first recording.
        from: PathBuf,
        /// The last recording.
        to: PathBuf,
        /// Sounds in all, at least 2.
        steps: usize,
    },
}

/// What to generate.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// Whether recordings of other rates than the model's may be resampled, also where its training did not.
    pub resample: bool,
    /// Folder for `000.wav` and so on, and `latent.npy` with their vectors.
    pub out: PathBuf,
    /// Which latent vectors.
    pub vectors: Vectors,
    /// Seed of the prior samples and of phase recovery.
    pub seed: u64,
    /// How samples are stored.
    pub bits: BitDepth,
}

/// One generated sound.
#[derive(Clone, Debug, Serialize)]
pub struct Generated {
    /// The sound.
    pub wav: PathBuf,
    /// Spectral convergence of the phase recovery.
    pub spectral_convergence: f32,
    /// Factor that brought the peak down to 0.99, or 1.
    pub gain: f32,
}

/// What was generated.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// One entry a sound.
    pub sounds: Vec<Generated>,
}

/// Generates.
///
/// # Errors
/// When a recording does not fit the model or the disk refuses.
pub fn run(request: &Request, sink: &dyn Sink, interrupt: &Interrupt) -> Result<Report, JobError> {
    let bundle = Arc::new(Bundle::open(&request.bundle)?.resampling(request.resample));
    let mut decoder = LatentDecoder::new(Arc::clone(&bundle))?;
    let (latent, ranges) = vectors(request, &bundle, sink)?;
    let total = latent.nrows();
    let mut sounds = Vec::with_capacity(total);
    for (index, (vector, &min_max)) in latent.outer_iter().zip(&ranges).enumerate() {
        if interrupt.is_stopped() {
            return Err(JobError::Stopped);
        }
        let sound = decoder.decode(&vector.to_vec(), min_max, DEFAULT_ITERATIONS, request.seed)?.sound;
        let wav = file_in(&request.out, &format!("{index:03}"), "wav");
        write_wav(&wav, &sound.clip, request.bits)?;
        sounds.push(Generated { wav, spectral_convergence: sound.spectral_convergence, gain: sound.gain });
        sink.event(JobEvent::Progress { stage: "generating", done: index + 1, total });
    }
    write_array(&request.out.join("latent.npy"), &latent)?;
    Ok(Report { sounds })
}

/// Latent vectors `[sounds, latent]` and the range that each one's image is denormalised to.
fn vectors(
    request: &Request,
    bundle: &Bundle,
    sink: &dyn Sink,
) -> Result<(Array2<f32>, Vec<MinMax>), JobError> {
    match &request.vectors {
        Vectors::Prior { count } => {
            let mut rng = StdRng::seed_from_u64(request.seed);
            let size = (*count, bundle.config.model.latent_size);
            let latent = Array2::from_shape_simple_fn(size, || StandardNormal.sample(&mut rng));
            Ok((latent, vec![bundle.config.dataset.median_min_max; *count]))
        }
        Vectors::Between { from, to, steps } => between(bundle, [from.as_path(), to.as_path()], *steps, sink),
    }
}

/// A straight line in the latent space; the range of values goes straight as well, so both ends are the recordings' own.
fn between(
    bundle: &Bundle,
    ends: [&Path; 2],
    steps: usize,
    sink: &dyn Sink,
) -> Result<(Array2<f32>, Vec<MinMax>), JobError> {
    if steps < 2 {
        return Err(JobError::Other(format!(
            "--steps is {steps}, but a way between two recordings has at least 2"
        )));
    }
    let pipeline = PreprocessingPipeline::from_config(&bundle.config.preprocessing)?;
    let [from, to] = ends.map(|file| RecordingImage::open(file, &pipeline, bundle, sink));
    let (from, to) = (from?, to?);
    let (start, end) = (bundle.snapshot.encode(&from.unit)?.mu, bundle.snapshot.encode(&to.unit)?.mu);
    let mut latent = Array2::zeros((steps, start.ncols()));
    let mut ranges = Vec::with_capacity(steps);
    for (index, mut row) in latent.outer_iter_mut().enumerate() {
        let t = index as f32 / (steps - 1) as f32;
        let mix = |a: f32, b: f32| a + (b - a) * t;
        for (target, (&a, &b)) in row.iter_mut().zip(start.iter().zip(&end)) {
            *target = mix(a, b);
        }
        ranges.push(MinMax {
            min: mix(from.min_max.min, to.min_max.min),
            max: mix(from.min_max.max, to.min_max.max),
        });
    }
    Ok((latent, ranges))
}
