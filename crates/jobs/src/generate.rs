//! Latent vectors to sounds.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ndarray::{Array1, Array2};
use rand::{SeedableRng as _, rngs::StdRng};
use serde::Serialize;

use crate::{
    JobContext, JobError, JobEvent, Note, Sink,
    export::vector_files::{self, Labels},
    files::{file_in, write_array},
    latent::{decode::LatentDecoder, path::LatentPath},
    runs::{
        bundle::Bundle,
        density::{NearestRecording, TrainingDensity},
        detail::{InUse, Used},
        reads,
    },
};
use timbrespace_analysis::explore::{
    detail::{ExactMatch, Mix},
    travel,
};
use timbrespace_base::{
    names,
    outputs::{Outputs, Replace},
    sentence,
};
use timbrespace_signal::{
    audio::encode::{BitDepth, write_generated},
    pipeline::{sound_generator::DEFAULT_ITERATIONS, stages::MinMax},
};

/// The vectors as an array.
const ARRAY: &str = "latent.npy";
/// The vectors as a table.
const TABLE: &str = "vectors.csv";
/// Sounds of one call: their vectors are held in memory.
pub const COUNT: std::ops::RangeInclusive<usize> = 1..=10_000;

/// Which latent vectors.
#[derive(Clone, Debug)]
pub enum Vectors {
    /// Random ones.
    Random {
        /// How many.
        count: usize,
        /// Drawn from what; `None` takes the density, or the data's mean and deviation in bundles without one.
        from: Option<Distribution>,
        /// The class of the recordings that they are to sound like, of the density alone; `None` for any.
        class: Option<String>,
        /// Factor of the distribution's spread: 1 draws from it, less stays nearer to its middle.
        temperature: f32,
    },
    /// Steps on the path between two recordings, both ends included.
    Between {
        /// The first recording.
        from: PathBuf,
        /// The last recording.
        to: PathBuf,
        /// Sounds in all, at least 2.
        steps: usize,
        /// How the path runs.
        path: travel::Path,
    },
}

/// What random vectors are drawn from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Distribution {
    /// The density fitted to the training recordings' mu: what sounds like recordings.
    #[default]
    Density,
    /// The prior that training pulls towards: a standard normal in every dimension.
    Prior,
    /// Where the training recordings lie: a normal in every dimension with their mu's mean and standard deviation. Dimensions
    /// that say nothing hardly move.
    Data,
}

/// What to generate.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// Whether recordings of other rates than the model's may be resampled, also where its training did not.
    pub resample: bool,
    /// Folder for `000.wav` and so on, and their vectors as `latent.npy` and `vectors.csv`.
    pub out: PathBuf,
    /// Which latent vectors.
    pub vectors: Vectors,
    /// Seed of the prior samples and of phase recovery.
    pub seed: u64,
    /// Detail to add to each decoded image.
    pub detail: Mix,
    /// How samples are stored.
    pub bits: BitDepth,
    /// Which existing files may be replaced.
    pub replace: Replace,
}

/// One generated sound.
#[derive(Clone, Debug, Serialize)]
pub struct Generated {
    /// The sound.
    #[serde(serialize_with = "names::serialize")]
    pub wav: PathBuf,
    /// Spectral convergence of the phase recovery.
    pub spectral_convergence: f32,
    /// Factor that brought the peak down to 0.99, or 1.
    pub gain: f32,
    /// The training recording nearest to its vector, where the bundle knows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<NearestRecording>,
}

/// What was generated.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// One entry a sound.
    pub sounds: Vec<Generated>,
    /// Detail that was added to the decoded images; absent for the model alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Used>,
}

/// Generates.
///
/// # Errors
/// When a recording does not fit the model or the disk refuses.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let mut outputs = outputs(request)?;
    let bundle = Arc::new(Bundle::open(&request.bundle)?.resampling(request.resample));
    let detail = InUse::open(request.detail, ExactMatch::Included, &request.bundle, &bundle)?;
    let used = detail.as_ref().map(InUse::used);
    let mut decoder = LatentDecoder::new(Arc::clone(&bundle))?.with_detail(detail);
    let (latent, ranges) = vectors(request, &bundle, context.sink)?;
    let total = latent.nrows();
    let mut sounds = Vec::with_capacity(total);
    for (index, (vector, &min_max)) in latent.outer_iter().zip(&ranges).enumerate() {
        context.check_stopped()?;
        let sound = decoder.decode(&vector.to_vec(), min_max, DEFAULT_ITERATIONS, request.seed)?.sound;
        let wav = wav_in(&request.out, index);
        outputs.write(&wav, |wav| Ok::<_, JobError>(write_generated(wav, &sound.clip, request.bits)?))?;
        let nearest = bundle.density.as_ref().and_then(|density| density.nearest(&vector));
        let (spectral_convergence, gain) = (sound.spectral_convergence, sound.gain);
        sounds.push(Generated { wav, spectral_convergence, gain, nearest });
        context.progress("generating", index + 1, total);
    }
    outputs.write(&request.out.join(ARRAY), |path| write_array(path, &latent))?;
    let labels = labels(&sounds);
    outputs.write(&request.out.join(TABLE), |path| vector_files::write_csv(path, &labels, &latent))?;
    Ok(Report { sounds, detail: used })
}

fn wav_in(out: &Path, index: usize) -> PathBuf {
    file_in(out, format!("{index:03}"), "wav")
}

/// Checks everything that is going to be written.
fn outputs(request: &Request) -> Result<Outputs, JobError> {
    let (count, read) = match &request.vectors {
        Vectors::Random { count, .. } => (*count, Vec::new()),
        Vectors::Between { from, to, steps, .. } => (*steps, vec![from.clone(), to.clone()]),
    };
    let mut outputs = reads::outputs(request.replace, &request.bundle, read);
    let mut planned = vec![request.out.join(ARRAY), request.out.join(TABLE)];
    planned.extend((0..count).map(|index| wav_in(&request.out, index)));
    outputs.check(&planned)?;
    Ok(outputs)
}

/// Latent vectors `[sounds, latent]` and the range that each one's image is denormalised to.
fn vectors(
    request: &Request,
    bundle: &Bundle,
    sink: &dyn Sink,
) -> Result<(Array2<f32>, Vec<MinMax>), JobError> {
    match &request.vectors {
        Vectors::Random { count, from, class, temperature } => {
            let source = source(bundle, *from, class.as_deref(), sink)?;
            let latent = random(bundle, *count, source, *temperature, request.seed)?;
            Ok((latent, vec![bundle.config.dataset.median_min_max; *count]))
        }
        Vectors::Between { from, to, steps, path } => {
            let LatentPath { vectors, ranges } =
                LatentPath::between(bundle, [from.as_path(), to.as_path()], *steps, *path, sink)?;
            Ok((vectors, ranges))
        }
    }
}

/// Where vectors are drawn from, with all that drawing needs.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// The density, of one class or of all.
    Density(&'a TrainingDensity, Option<usize>),
    Prior,
    /// A mean and a standard deviation a dimension.
    Data(&'a [f32], &'a [f32]),
}

/// Checks that the bundle has what `from` and `class` ask for.
fn source<'a>(
    bundle: &'a Bundle,
    from: Option<Distribution>,
    class: Option<&str>,
    sink: &dyn Sink,
) -> Result<Source<'a>, JobError> {
    if class.is_some() && from.is_some_and(|from| from != Distribution::Density) {
        return Err(JobError::Setting(sentence!(
            "error-class-of-density",
            "only the density knows classes: leave out --class, or the distribution"
        )));
    }
    let density = bundle.density.as_ref();
    let from = match (from, density, class) {
        (None, None, None) => {
            sink.event(JobEvent::Note(Note::Words(
                "the bundle holds no density of its recordings (an earlier version made it); the sounds are drawn from \
                 their mean and standard deviation, as with --distribution data"
                    .to_owned(),
            )));
            Distribution::Data
        }
        (from, ..) => from.unwrap_or_default(),
    };
    match (from, density) {
        (Distribution::Density, Some(density)) => {
            Ok(Source::Density(density, class.map(|class| density.class(class)).transpose()?))
        }
        (Distribution::Density, None) => Err(sentence!(
            "error-no-density",
            "the bundle holds no density of its recordings; train it anew or go on with --resume, or draw with \
             --distribution data"
        )
        .into()),
        (Distribution::Prior, _) => Ok(Source::Prior),
        (Distribution::Data, _) => {
            let (size, statistics) = (bundle.config.model.latent_size, &bundle.config.latent);
            if statistics.mean.len() != size || statistics.std.len() != size {
                return Err(sentence!(
                    "error-unfinished-statistics",
                    "the bundle says where its data lies in {known} of {all} latent dimensions; finish its training first, or \
                     draw from the prior",
                    known = statistics.mean.len().min(statistics.std.len()),
                    all = size
                )
                .into());
            }
            Ok(Source::Data(&statistics.mean, &statistics.std))
        }
    }
}

/// Draws `[count, latent]`, at a temperature and from a seed.
fn random(
    bundle: &Bundle,
    count: usize,
    source: Source<'_>,
    temperature: f32,
    seed: u64,
) -> Result<Array2<f32>, JobError> {
    let mut random = StdRng::seed_from_u64(seed);
    let size = bundle.config.model.latent_size;
    let mut latent = Array2::zeros((count, size));
    for mut row in latent.outer_iter_mut() {
        let drawn: Option<Array1<f32>> = match source {
            Source::Density(kept, class) => kept.density.draw(class, temperature, &mut random),
            Source::Prior => Some(travel::from_prior(size, temperature, &mut random)),
            Source::Data(mean, std) => Some(travel::from_dimensions(mean, std, temperature, &mut random)),
        };
        let nothing = || sentence!("error-empty-class", "the class has no recordings to draw from");
        row.assign(&drawn.ok_or_else(nothing)?);
    }
    Ok(latent)
}

/// The sounds' names, for the table of their vectors, and their nearest recordings where these are known.
fn labels(sounds: &[Generated]) -> Labels {
    let name = |sound: &Generated| names::text_of(sound.wav.file_name().unwrap_or_default()).into_owned();
    if sounds.iter().all(|sound| sound.nearest.is_none()) {
        let rows = sounds.iter().map(|sound| vec![name(sound)]).collect();
        return Labels { columns: vec!["sound".to_owned()], rows };
    }
    let columns = ["sound", "nearest", "nearest_distance"].map(str::to_owned).to_vec();
    let row = |sound: &Generated| {
        let near = sound.nearest.as_ref();
        let distance = near.map_or_else(String::new, |near| near.distance.to_string());
        vec![name(sound), near.map_or_else(String::new, |near| near.name.clone()), distance]
    };
    Labels { columns, rows: sounds.iter().map(row).collect() }
}
