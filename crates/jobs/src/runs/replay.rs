//! `replay/`: what a fixed set of recordings and vectors became, epoch by epoch.
//!
//! Images are kept in 16 bits: a step is a 65,535th of the range, far below what ears or eyes tell apart, and an epoch
//! takes half the room. When epochs become many, every other one makes room, so that the first, the last and an even choice between
//! them stay.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use ndarray::{Array2, Array3, Axis, Ix3, concatenate};
use ndarray_npy::WriteNpyExt as _;
use rand_distr::{Distribution as _, StandardNormal};
use serde::{Deserialize, Serialize};

use crate::{
    JobError,
    data::source::{batch, evenly_spread, normalised_image},
    files::{named, read_text, write_text},
};
use timbrespace_analysis::explore::density::Density;
use timbrespace_base::{
    atomic_file::{self, Durability},
    names::{self, shown},
    sentence,
};
use timbrespace_signal::pipeline::{
    config::PreprocessingConfig,
    npy,
    sound_generator::{GeneratedSound, SoundGenerator},
    stages::MinMax,
};
use timbrespace_vae::{
    moving_folder::MovingFolder,
    random::{Purpose, generator},
    snapshot::Snapshot,
    trainer::BatchSource,
};

/// Folder of a replay in a bundle.
pub(crate) const FOLDER: &str = "replay";
const INDEX: &str = "replay.json";
const ORIGINALS: &str = "originals.npy";
/// Recordings that are followed.
pub const RECORDINGS: usize = 6;
/// Vectors that are followed.
pub const VECTORS: usize = 4;
/// Epochs kept.
const MOST_EPOCHS: usize = 64;

/// A recording that is followed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Followed {
    /// Its name.
    pub name: String,
    /// The file, where it is known.
    #[serde(default, serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub source: Option<PathBuf>,
    /// Before normalisation.
    pub min_max: MinMax,
}

/// What a fixed set became at one epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayEpoch {
    /// From 1.
    pub epoch: usize,
    /// Mean squared error per pixel of every recording.
    pub errors: Vec<f64>,
}

/// `replay.json`: what is followed, and the epochs that are there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    /// The recordings, first in every epoch's array.
    pub recordings: Vec<Followed>,
    /// Whether the model never trained on them.
    pub validation: bool,
    /// Seed of the run, by which a resumed run knows its own replay; earlier programs did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The vectors, after the recordings.
    pub vectors: Vec<Vec<f32>>,
    /// Minimum and maximum given to the images of vectors.
    pub vector_min_max: MinMax,
    /// `(bins, frames)`.
    pub shape: (usize, usize),
    /// Oldest first.
    pub epochs: Vec<ReplayEpoch>,
}

impl Replay {
    /// Reads the replay of a bundle.
    ///
    /// # Errors
    /// When there is none, or it is damaged.
    pub fn load(bundle: &Path) -> Result<Self, JobError> {
        let path = bundle.join(FOLDER).join(INDEX);
        serde_json::from_str(&read_text(&path)?).map_err(|error| {
            JobError::file(&path, sentence!("error-no-replay", "not a replay: {cause}", cause = error))
        })
    }

    /// Everything of one epoch in 0..1, `[recordings + vectors, bins, frames]`.
    ///
    /// # Errors
    /// When the epoch is not there or of another size.
    pub fn images(&self, bundle: &Path, epoch: usize) -> Result<Array3<f32>, JobError> {
        self.read(&bundle.join(FOLDER).join(epoch_file(epoch)), self.recordings.len() + self.vectors.len())
    }

    /// The recordings themselves in 0..1, `[recordings, bins, frames]`.
    ///
    /// # Errors
    /// When the file is missing or of another size.
    pub fn originals(&self, bundle: &Path) -> Result<Array3<f32>, JobError> {
        self.read(&bundle.join(FOLDER).join(ORIGINALS), self.recordings.len())
    }

    fn read(&self, path: &Path, count: usize) -> Result<Array3<f32>, JobError> {
        let images = npy::read_u16(path).map_err(|error| JobError::file(path, error.to_string()))?;
        let images = images
            .into_dimensionality::<Ix3>()
            .map_err(|error| JobError::file(path, format!("it must have three axes: {error}")))?;
        let expected = (count, self.shape.0, self.shape.1);
        if images.dim() != expected {
            let cause = sentence!(
                "error-replay-size",
                "its size is {actual}, but must be {expected}",
                actual = format!("{:?}", images.dim()),
                expected = format!("{expected:?}")
            );
            return Err(JobError::file(path, cause));
        }
        Ok(images.mapv(|value| f32::from(value) / f32::from(u16::MAX)))
    }

    /// Minimum and maximum of number `which` of the set, recordings first.
    pub fn min_max(&self, which: usize) -> MinMax {
        self.recordings.get(which).map_or(self.vector_min_max, |recording| recording.min_max)
    }

    /// The sound of an image of number `which`, in 0..1, as the model's preprocessing has it.
    pub fn sound(
        &self,
        generator: &mut SoundGenerator,
        config: &PreprocessingConfig,
        which: usize,
        image: Array2<f32>,
        iterations: usize,
    ) -> GeneratedSound {
        let image = normalised_image(config, &image.insert_axis(Axis(0)));
        generator.generate(&image, self.min_max(which), iterations, 0)
    }
}

/// Whether the bundle in `folder` has a replay.
pub fn is_in(folder: &Path) -> bool {
    folder.join(FOLDER).join(INDEX).is_file()
}

/// Whether a run writes a file of this name into its replay.
pub(crate) fn is_own(name: &str) -> bool {
    let epoch = || name.strip_prefix("epoch-")?.strip_suffix(".npy")?.parse::<usize>().ok();
    [INDEX, ORIGINALS].contains(&name) || epoch().is_some()
}

fn epoch_file(epoch: usize) -> String {
    format!("epoch-{epoch}.npy")
}

/// The first, the last and an even choice of at most `most` (at least 2) epochs. Applied after every epoch it keeps the same ones:
/// a distance only ever doubles.
fn thinned(epochs: &[usize], most: usize) -> Vec<usize> {
    let (Some(&first), Some(&last)) = (epochs.first(), epochs.last()) else { return Vec::new() };
    let kept = |stride: usize| {
        let stays = |epoch: usize| epoch == last || (epoch - first).is_multiple_of(stride);
        epochs.iter().copied().filter(|&epoch| stays(epoch)).collect::<Vec<_>>()
    };
    let mut stride = 1;
    while kept(stride).len() > most.max(2) && stride <= last - first {
        stride *= 2;
    }
    kept(stride)
}

/// Images that a replay may follow.
pub(crate) struct Candidates<'a> {
    /// The images.
    pub source: &'a dyn BatchSource,
    /// What is known about each.
    pub about: &'a dyn Fn(usize) -> Followed,
    /// Images that train.
    pub training: Vec<usize>,
    /// Images that validate.
    pub validation: Vec<usize>,
    /// For vectors, which have no recording.
    pub median: MinMax,
    /// Of the run.
    pub seed: u64,
    /// Length of a vector.
    pub latent_size: usize,
}

/// The replay of a run under way.
pub(crate) struct Recorder {
    folder: MovingFolder,
    replay: Replay,
    originals: Array3<f32>,
}

impl Recorder {
    /// Begins a replay in `bundle`, or goes on with the one that is there; epochs after `last_epoch` are dropped.
    pub(crate) fn begin(
        bundle: &MovingFolder,
        candidates: &Candidates<'_>,
        last_epoch: usize,
    ) -> Result<Self, JobError> {
        let Candidates { training, validation, .. } = candidates;
        let from = if validation.is_empty() { training } else { validation };
        let chosen = evenly_spread(from, RECORDINGS);
        let mut random = generator(candidates.seed, Purpose::Replay, 0, 0);
        let mut draw = || StandardNormal.sample(&mut random);
        let mut replay = Replay {
            recordings: chosen.iter().map(|&index| (candidates.about)(index)).collect(),
            validation: !validation.is_empty(),
            seed: Some(candidates.seed),
            vectors: (0..VECTORS).map(|_| (0..candidates.latent_size).map(|_| draw()).collect()).collect(),
            vector_min_max: candidates.median,
            shape: candidates.source.image_shape(),
            epochs: Vec::new(),
        };
        let folder = bundle.child(FOLDER);
        if let Ok(earlier) = bundle.with(Replay::load) {
            let lengths = |vectors: &[Vec<f32>]| vectors.iter().map(Vec::len).collect::<Vec<_>>();
            let fits = lengths(&earlier.vectors) == lengths(&replay.vectors);
            // The vectors may be of the density; those of an earlier program are of the prior.
            let vectors = if earlier.seed.is_some() && fits { &replay.vectors } else { &earlier.vectors };
            let known = Replay {
                epochs: Vec::new(),
                seed: earlier.seed.or(replay.seed),
                vectors: vectors.clone(),
                ..earlier.clone()
            };
            let same = known == replay;
            if same && !earlier.epochs.is_empty() {
                replay.vectors.clone_from(&earlier.vectors);
            }
            let (kept, dropped): (Vec<_>, Vec<_>) =
                earlier.epochs.into_iter().partition(|epoch| same && epoch.epoch <= last_epoch);
            replay.epochs = kept;
            for epoch in &dropped {
                folder.with(|folder| forget(folder, epoch.epoch));
            }
        }
        let originals = batch(candidates.source, &chosen)?;
        let recorder = Self { folder, replay, originals };
        recorder.write(ORIGINALS, &recorder.originals)?;
        recorder.write_index()?;
        Ok(recorder)
    }

    /// Follows vectors drawn from `density` instead of the prior, unless an epoch has been kept already.
    pub(crate) fn draw_vectors(&mut self, density: &Density, seed: u64) {
        if !self.replay.epochs.is_empty() {
            return;
        }
        let mut random = generator(seed, Purpose::Replay, 0, 1);
        for vector in &mut self.replay.vectors {
            if let Some(drawn) =
                density.draw(None, 1.0, &mut random).filter(|drawn| drawn.len() == vector.len())
            {
                *vector = drawn.to_vec();
            }
        }
    }

    /// Adds what `snapshot` makes of the set; an epoch that is there already is replaced.
    pub(crate) fn add(&mut self, epoch: usize, snapshot: &Snapshot) -> Result<(), JobError> {
        let posterior = snapshot.encode(&self.originals)?;
        let vectors: Vec<f32> = self.replay.vectors.iter().flatten().copied().collect();
        let wrong = |error: ndarray::ShapeError| JobError::Other(format!("replay: {error}"));
        let shape = (self.replay.vectors.len(), posterior.mu.ncols());
        let vectors = Array2::from_shape_vec(shape, vectors).map_err(wrong)?;
        let latent = concatenate(Axis(0), &[posterior.mu.view(), vectors.view()]).map_err(wrong)?;
        let images = snapshot.decode(&latent)?;
        let error = |(original, decoded): (ndarray::ArrayView2<'_, f32>, ndarray::ArrayView2<'_, f32>)| {
            let squares = original.iter().zip(decoded).map(|(a, b)| f64::from(a - b).powi(2));
            squares.sum::<f64>() / original.len().max(1) as f64
        };
        let errors = self.originals.outer_iter().zip(images.outer_iter()).map(error).collect();
        self.write(&epoch_file(epoch), &images)?;
        self.replay.epochs.retain(|known| known.epoch != epoch);
        self.replay.epochs.push(ReplayEpoch { epoch, errors });
        self.replay.epochs.sort_unstable_by_key(|known| known.epoch);
        let numbers: Vec<usize> = self.replay.epochs.iter().map(|known| known.epoch).collect();
        let kept = thinned(&numbers, MOST_EPOCHS);
        self.replay.epochs.retain(|known| kept.contains(&known.epoch));
        self.write_index()?;
        for number in numbers.iter().filter(|number| !kept.contains(number)) {
            self.folder.with(|folder| forget(folder, *number));
        }
        Ok(())
    }

    fn write_index(&self) -> Result<(), JobError> {
        self.folder.child(INDEX).with(|path| {
            let text = serde_json::to_string(&self.replay)
                .map_err(|error| JobError::file(path, error.to_string()))?;
            write_text(path, Durability::Renamed, &text)
        })
    }

    fn write(&self, name: &str, images: &Array3<f32>) -> Result<(), JobError> {
        let coarse = images.mapv(|value| (value.clamp(0.0, 1.0) * f32::from(u16::MAX)).round() as u16);
        self.folder.child(name).with(|path| {
            let written = atomic_file::write(path, Durability::Renamed, |file| {
                coarse.write_npy(file).map_err(io::Error::other)
            });
            named(path, written)
        })
    }
}

/// Removes an epoch's images; what cannot be removed does no harm.
fn forget(folder: &Path, epoch: usize) {
    if let Err(error) = fs::remove_file(folder.join(epoch_file(epoch)))
        && error.kind() != io::ErrorKind::NotFound
    {
        log::warn!("{}: {error}", shown(&folder.join(epoch_file(epoch))));
    }
}

#[cfg(test)]
mod tests;
