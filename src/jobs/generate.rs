//! Latent vectors to sounds.

use std::{path::PathBuf, sync::Arc};

use ndarray::Array2;
use rand::{SeedableRng as _, rngs::StdRng};
use rand_distr::{Distribution as _, StandardNormal};
use serde::Serialize;

use super::{
    JobError, JobEvent, Sink,
    bundle::Bundle,
    decode::LatentDecoder,
    files::{file_in, write_array},
    way::Way,
};
use crate::{
    audio::encode::{BitDepth, write_wav},
    explore::travel,
    interrupt::Interrupt,
    pipeline::{sound_generator::DEFAULT_ITERATIONS, stages::MinMax},
};

/// Which latent vectors.
#[derive(Clone, Debug)]
pub enum Vectors {
    /// Samples of the prior.
    Prior {
        /// How many.
        count: usize,
    },
    /// Steps on the way between two recordings, both ends included.
    Between {
        /// The first recording.
        from: PathBuf,
        /// The last recording.
        to: PathBuf,
        /// Sounds in all, at least 2.
        steps: usize,
        /// How the way runs.
        path: travel::Path,
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
        Vectors::Between { from, to, steps, path } => {
            let way = Way::between(bundle, [from.as_path(), to.as_path()], *steps, *path, sink)?;
            Ok((way.vectors, way.ranges))
        }
    }
}
