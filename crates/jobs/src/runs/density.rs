//! The density of a model's training recordings: fitted at the end of a run, kept in the bundle, drawn from.
//!
//! `density.safetensors` holds `mu`, f32 `[vectors, latent]`; `class`, i32 `[vectors]`, each a place in the list of classes;
//! `bandwidth`, f32 `[1]`; and as metadata (JSON texts) `names`, `classes` and `weights`, the SHA-256 of the
//! `model.safetensors` that it was fitted to: a density of other weights is not used.

pub mod fit;

use std::{collections::HashMap, path::Path, sync::Arc};

use ndarray::{Array2, ArrayRef1};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::Serialize;

use crate::{JobError, files::named};
use timbrespace_analysis::explore::density::Density;
use timbrespace_base::{
    atomic_file::{self, Durability},
    names::escaped,
    regular_file, sentence,
};
use timbrespace_vae::checkpoint::checksum;

/// Name of the density in a bundle.
pub(crate) const FILE: &str = "density.safetensors";
/// Training recordings that a density is fitted to at most; beyond it, evenly spread ones are taken.
pub const MOST_VECTORS: usize = 4096;
/// Most bytes of the file: as many vectors of the largest latent space, and their names.
const LIMIT: u64 = 160 << 20;
/// Largest value of a latent vector that is believed.
const LARGEST: f32 = 1e6;
const MU: &str = "mu";
const CLASS: &str = "class";
const BANDWIDTH: &str = "bandwidth";
const NAMES: &str = "names";
const CLASSES: &str = "classes";
const WEIGHTS: &str = "weights";

/// The density of a model's training recordings, with their names.
#[derive(Clone, Debug)]
pub struct TrainingDensity {
    /// The density; its classes are places in [`Self::classes`].
    pub density: Arc<Density>,
    /// Name of the recording of each vector.
    pub names: Vec<String>,
    /// Names of the classes, sorted; the empty one for recordings without.
    pub classes: Vec<String>,
}

/// The training recording nearest to a latent vector.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearestRecording {
    /// Its name.
    pub name: String,
    /// Its class, or empty.
    pub class: String,
    /// Euclidean distance of its latent vector.
    pub distance: f64,
    /// That distance as a part of the usual one between a training recording and its nearest other one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_distance: Option<f64>,
}

impl TrainingDensity {
    /// The place of the class `name` in the list.
    ///
    /// # Errors
    /// When no training recording has that class; the message names those that there are.
    pub fn class(&self, name: &str) -> Result<usize, JobError> {
        self.classes.iter().position(|class| class == name).ok_or_else(|| {
            let known: Vec<_> =
                self.classes.iter().filter(|class| !class.is_empty()).map(|class| escaped(class)).collect();
            JobError::Setting(if known.is_empty() {
                sentence!(
                    "error-no-classes",
                    "the model was trained on no recording of class {class}; its recordings have no classes",
                    class = escaped(name)
                )
            } else {
                sentence!(
                    "error-no-such-class",
                    "the model was trained on no recording of class {class}; its classes are {classes}",
                    class = escaped(name),
                    classes = known.join(", ")
                )
            })
        })
    }

    /// The training recording nearest to `vector`; `None` for a vector of another size.
    pub fn nearest(&self, vector: &ArrayRef1<f32>) -> Option<NearestRecording> {
        let near = *self.density.data().nearest(vector, 1).first()?;
        let class = self.classes.get(*self.density.classes().get(near.index)?)?;
        let typical = self.density.typical_distance().filter(|typical| *typical > 0.0);
        Some(NearestRecording {
            name: self.names.get(near.index)?.clone(),
            class: class.clone(),
            distance: near.distance,
            relative_distance: typical.map(|typical| near.distance / typical),
        })
    }

    /// The bytes of the file, for a model with the bytes `weights`.
    ///
    /// # Errors
    /// When the latent vectors are too large to be read again.
    pub(crate) fn to_bytes(&self, weights: &[u8]) -> Result<Vec<u8>, JobError> {
        let mu = self.density.data().vectors();
        let wrong = |error: &dyn std::fmt::Display| {
            JobError::Other(format!("the density cannot be written: {error}"))
        };
        // What could not be read again is not written.
        if !mu.iter().all(|value| value.abs() <= LARGEST) {
            return Err(wrong(&"latent vectors are NaN or beyond 1,000,000"));
        }
        let values: Vec<u8> = mu.iter().flat_map(|value| value.to_le_bytes()).collect();
        let class: Vec<u8> =
            self.density.classes().iter().flat_map(|class| (*class as i32).to_le_bytes()).collect();
        let bandwidth = self.density.bandwidth().to_le_bytes();
        let views = [
            (MU, TensorView::new(Dtype::F32, vec![mu.nrows(), mu.ncols()], &values)),
            (CLASS, TensorView::new(Dtype::I32, vec![mu.nrows()], &class)),
            (BANDWIDTH, TensorView::new(Dtype::F32, vec![1], &bandwidth)),
        ];
        let views = views
            .into_iter()
            .map(|(name, view)| Ok((name, view.map_err(|error| wrong(&error))?)))
            .collect::<Result<Vec<_>, JobError>>()?;
        let json = |texts: &[String]| serde_json::to_string(texts).map_err(|error| wrong(&error));
        let about = HashMap::from([
            (NAMES.to_owned(), json(&self.names)?),
            (CLASSES.to_owned(), json(&self.classes)?),
            (WEIGHTS.to_owned(), checksum(weights)),
        ]);
        safetensors::serialize(views, Some(about)).map_err(|error| wrong(&error))
    }

    /// Reads what [`Self::to_bytes`] wrote, for a model of `latent_size` dimensions; `None` where it was fitted to other
    /// weights than `weights`.
    ///
    /// # Errors
    /// When the bytes are damaged or do not fit each other or the model, in words.
    pub(crate) fn from_bytes(
        bytes: &[u8],
        latent_size: usize,
        weights: &[u8],
    ) -> Result<Option<Self>, String> {
        let not = |error: &dyn std::fmt::Display| format!("it is no intact safetensors file: {error}");
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| not(&error))?;
        let tensors = SafeTensors::deserialize(bytes).map_err(|error| not(&error))?;
        let about = header.metadata().as_ref().ok_or("it has no names of recordings")?;
        let text = |name: &str| about.get(name).ok_or_else(|| format!("it has no `{name}`"));
        if *text(WEIGHTS)? != checksum(weights) {
            return Ok(None);
        }
        let list = |name: &str| -> Result<Vec<String>, String> {
            serde_json::from_str(text(name)?)
                .map_err(|error| format!("`{name}` is no list of texts: {error}"))
        };
        let (names, classes) = (list(NAMES)?, list(CLASSES)?);
        let words = |name: &str, dtype: Dtype, shape: &[usize]| -> Result<Vec<[u8; 4]>, String> {
            let view = tensors.tensor(name).map_err(|error| format!("`{name}`: {error}"))?;
            if view.dtype() != dtype || view.shape() != shape {
                let (found, has) = (view.dtype(), view.shape());
                return Err(format!("`{name}` is {found:?} {has:?}, but must be {dtype:?} {shape:?}"));
            }
            Ok(view.data().as_chunks::<4>().0.to_vec())
        };
        let count = names.len();
        let mu: Vec<f32> =
            words(MU, Dtype::F32, &[count, latent_size])?.into_iter().map(f32::from_le_bytes).collect();
        if count > MOST_VECTORS || !mu.iter().all(|value| value.abs() <= LARGEST) {
            return Err(format!(
                "`{MU}` holds NaN, values beyond 1,000,000, or more than {MOST_VECTORS} vectors"
            ));
        }
        let class = words(CLASS, Dtype::I32, &[count])?.into_iter().map(|word| {
            usize::try_from(i32::from_le_bytes(word)).ok().filter(|class| *class < classes.len())
        });
        let class: Vec<usize> = class
            .collect::<Option<_>>()
            .ok_or_else(|| format!("`{CLASS}` names a class that is not in the list"))?;
        let bandwidth =
            words(BANDWIDTH, Dtype::F32, &[1])?.first().map_or(f32::NAN, |word| f32::from_le_bytes(*word));
        let mu = Array2::from_shape_vec((count, latent_size), mu).map_err(|error| error.to_string())?;
        let density = Density::new(mu, class, bandwidth).ok_or_else(|| {
            format!("with its {count} vectors and a bandwidth of {bandwidth} nothing can be drawn")
        })?;
        Ok(Some(Self { density: Arc::new(density), names, classes }))
    }

    /// Writes the file into a bundle's folder.
    ///
    /// # Errors
    /// When the disk refuses, or the latent vectors are too large to be read again.
    pub(crate) fn save(&self, folder: &Path, weights: &[u8]) -> Result<(), JobError> {
        let path = folder.join(FILE);
        named(&path, atomic_file::write_bytes(&path, Durability::Synced, &self.to_bytes(weights)?))
    }

    /// Reads the file of a bundle's folder; `None` where there is none, or it is of other weights.
    ///
    /// # Errors
    /// When the file is damaged or does not fit the model.
    pub(crate) fn open(folder: &Path, latent_size: usize, weights: &[u8]) -> Result<Option<Self>, JobError> {
        let path = folder.join(FILE);
        if path.symlink_metadata().is_err() {
            return Ok(None);
        }
        let bytes = named(&path, regular_file::read(&path, LIMIT))?;
        Self::from_bytes(&bytes, latent_size, weights).map_err(|cause| {
            JobError::file(
                &path,
                sentence!(
                    "error-damaged-density",
                    "{cause}; move it away to use the model without its density",
                    cause = cause
                ),
            )
        })
    }
}

/// Whether `path` is a density that this program wrote, of whatever weights.
pub(crate) fn is_own(path: &Path) -> bool {
    let Ok(bytes) = regular_file::read(path, LIMIT) else { return false };
    let Ok((_, header)) = SafeTensors::read_metadata(&bytes) else { return false };
    header
        .metadata()
        .as_ref()
        .is_some_and(|about| [WEIGHTS, NAMES, CLASSES].iter().all(|key| about.contains_key(*key)))
}

/// Whether a file of a density's name stands in `folder` that this program did not write.
pub(crate) fn is_foreign(folder: &Path) -> bool {
    let path = folder.join(FILE);
    path.symlink_metadata().is_ok() && !is_own(&path)
}

#[cfg(test)]
mod tests;
