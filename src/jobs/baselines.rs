//! What costs no training: the mean image and principal components, fitted once and kept beside the model.

use std::path::Path;

use ndarray::{Array, Array2, Axis, Dimension, s};
use serde::{Deserialize, Serialize};

use super::{JobError, files::write_array};
use crate::{explore::projection::Pca, pipeline::npy, vae::trainer::BatchSource};

/// Largest number of images that the baselines are fitted to; beyond it, evenly spread ones are taken.
const FIT_LIMIT: usize = 3000;
/// Images measured at a time.
const MEASURE_BATCH: usize = 256;

/// Folder of the baselines in a bundle.
pub(super) const FOLDER: &str = "baselines";
const MEAN_FILE: &str = "baselines/mean_image.npy";
const COMPONENTS_FILE: &str = "baselines/components.npy";
const VARIANCES_FILE: &str = "baselines/variances.npy";

/// Whether a run writes a file of this name into its baselines.
pub(super) fn is_own(name: &str) -> bool {
    let names = [MEAN_FILE, COMPONENTS_FILE, VARIANCES_FILE];
    names.iter().any(|file| file.rsplit('/').next() == Some(name))
}

/// Mean squared errors a pixel that cost no training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baselines {
    /// Of the training images' mean image.
    pub mean_image: f64,
    /// Of principal components fitted to the training images.
    pub pca: f64,
    /// Components used: the latent size, or less where the data has less rank.
    pub pca_components: usize,
}

/// The mean squared error a pixel of some principal components.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PcaError {
    /// How many.
    pub components: usize,
    /// Their error.
    pub error: f64,
}

/// A mean image and principal components of training images.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineModel(Pca);

impl BaselineModel {
    /// Fits `components` directions to the images `indices` of `source`.
    ///
    /// # Errors
    /// When an image cannot be read.
    pub fn fit(source: &dyn BatchSource, indices: &[usize], components: usize) -> Result<Self, JobError> {
        let count = indices.len().min(FIT_LIMIT);
        let chosen: Vec<usize> = (0..count).map(|index| indices[index * indices.len() / count]).collect();
        Ok(Self(Pca::fit(&flat(source, &chosen)?.view(), components)))
    }

    /// The errors on the images `indices` of `source`.
    ///
    /// # Errors
    /// When the images have another size than those it was fitted to.
    pub fn measure(&self, source: &dyn BatchSource, indices: &[usize]) -> Result<Baselines, JobError> {
        let (bins, frames) = source.image_shape();
        if self.0.mean.len() != bins * frames {
            return Err(JobError::Other(format!(
                "the baselines were fitted to images of {} values, these have {}",
                self.0.mean.len(),
                bins * frames
            )));
        }
        let (mut of_mean, mut of_pca) = (0.0, 0.0);
        for chunk in indices.chunks(MEASURE_BATCH) {
            let images = flat(source, chunk)?;
            let weight = chunk.len() as f64 / indices.len() as f64;
            of_mean += weight * self.0.mean_error(&images);
            of_pca += weight * self.0.reconstruction_error(&images);
        }
        Ok(Baselines { mean_image: of_mean, pca: of_pca, pca_components: self.0.components.nrows() })
    }

    /// The same principal components, but only the first ones of the numbers asked for: what fewer dimensions would do. A
    /// number that there are not so many of is left out.
    ///
    /// # Errors
    /// When an image cannot be read.
    pub fn measure_first(
        &self,
        source: &dyn BatchSource,
        indices: &[usize],
        counts: &[usize],
    ) -> Result<Vec<PcaError>, JobError> {
        let fewer = |count: &usize| {
            let first = Pca {
                mean: self.0.mean.clone(),
                components: self.0.components.slice(s![..*count, ..]).to_owned(),
                variances: self.0.variances.slice(s![..*count]).to_owned(),
            };
            (first, 0.0)
        };
        let known = counts.iter().filter(|count| **count <= self.components());
        let mut measured: Vec<(Pca, f64)> = known.map(fewer).collect();
        for chunk in indices.chunks(MEASURE_BATCH) {
            let images = flat(source, chunk)?;
            let weight = chunk.len() as f64 / indices.len() as f64;
            for (pca, error) in &mut measured {
                *error += weight * pca.reconstruction_error(&images);
            }
        }
        let figures = measured.into_iter();
        Ok(figures.map(|(pca, error)| PcaError { components: pca.components.nrows(), error }).collect())
    }

    /// Directions in all.
    pub fn components(&self) -> usize {
        self.0.components.nrows()
    }

    /// Coordinates of the images `indices` of `source` along the directions, `[indices, components]`.
    ///
    /// # Errors
    /// When an image cannot be read.
    pub fn coordinates(&self, source: &dyn BatchSource, indices: &[usize]) -> Result<Array2<f32>, JobError> {
        Ok(self.0.project(&flat(source, indices)?))
    }

    /// Writes the arrays below a bundle's folder, readable by NumPy.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, bundle: &Path) -> Result<(), JobError> {
        write_array(&bundle.join(MEAN_FILE), &self.0.mean)?;
        write_array(&bundle.join(COMPONENTS_FILE), &self.0.components)?;
        write_array(&bundle.join(VARIANCES_FILE), &self.0.variances)
    }

    /// Refuses arrays that do not fit each other.
    fn checked(bundle: &Path, pca: Pca) -> Result<Self, JobError> {
        let (rows, pixels) = pca.components.dim();
        if pca.mean.len() == pixels && pca.variances.len() == rows {
            return Ok(Self(pca));
        }
        let cause = format!(
            "it is {rows} x {pixels}, but the mean image has {} values and there are {} variances",
            pca.mean.len(),
            pca.variances.len()
        );
        Err(JobError::file(&bundle.join(COMPONENTS_FILE), cause))
    }

    /// Reads what [`Self::save`] wrote; `None` where a bundle has no baselines.
    ///
    /// # Errors
    /// When an array is damaged.
    pub fn open(bundle: &Path) -> Result<Option<Self>, JobError> {
        if !bundle.join(COMPONENTS_FILE).is_file() {
            return Ok(None);
        }
        let (mean, components, variances) =
            (read(bundle, MEAN_FILE)?, read(bundle, COMPONENTS_FILE)?, read(bundle, VARIANCES_FILE)?);
        Self::checked(bundle, Pca { mean, components, variances }).map(Some)
    }
}

/// Mean pixels, variances and parts of unit vectors are far smaller: larger values are damage, and their products overflow.
const LARGEST: f32 = 1e6;

/// One array of the baselines, whose values must be finite and no larger than such values are.
fn read<D: Dimension>(bundle: &Path, name: &str) -> Result<Array<f32, D>, JobError> {
    let path = bundle.join(name);
    let damaged = |cause: String| JobError::file(&path, cause);
    let array = npy::read(&path).map_err(|error| damaged(error.to_string()))?;
    if !array.iter().all(|value| value.abs() <= LARGEST) {
        return Err(damaged("it holds NaN, infinity or values beyond 1,000,000".to_owned()));
    }
    let axes = array.ndim();
    array.into_dimensionality().map_err(|error| damaged(format!("it has {axes} axes: {error}")))
}

/// Images as rows, `[indices, bins * frames]`, in 0..1.
pub(super) fn flat(source: &dyn BatchSource, indices: &[usize]) -> Result<Array2<f32>, JobError> {
    let (bins, frames) = source.image_shape();
    let mut rows = Array2::zeros((indices.len(), bins * frames));
    for (mut row, &index) in rows.axis_iter_mut(Axis(0)).zip(indices) {
        if let Some(row) = row.as_slice_mut() {
            source.fill(index, row)?;
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn arrays_that_do_not_fit_each_other_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        assert!(BaselineModel::open(folder.path()).unwrap().is_none());
        let pca = Pca {
            mean: array![0.5, 0.25, 0.0],
            components: array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
            variances: array![2.0, 1.0],
        };
        let model = BaselineModel(pca);
        model.save(folder.path()).unwrap();
        assert_eq!(BaselineModel::open(folder.path()).unwrap().unwrap(), model);
        let message = || BaselineModel::open(folder.path()).unwrap_err().to_string();
        write_array(&folder.path().join(VARIANCES_FILE), &array![2.0_f32]).unwrap();
        assert!(message().contains("components.npy") && message().contains("1 variances"), "{}", message());
        write_array(&folder.path().join(VARIANCES_FILE), &array![2.0_f32, f32::NAN]).unwrap();
        assert!(message().contains("variances.npy") && message().contains("NaN"), "{}", message());
        std::fs::write(folder.path().join(MEAN_FILE), b"\x93NUMPY").unwrap();
        assert!(message().contains("mean_image.npy"), "{}", message());
    }
}
