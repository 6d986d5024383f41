//! What costs no training: the mean image and principal components, of all images and of groups, fitted once and kept beside the
//! model.

use std::path::Path;
use timbrespace_base::sentence;

use ndarray::{Array, Array1, Array2, ArrayView1, Axis, Dimension, s};
use serde::{Deserialize, Serialize};

use crate::{
    JobError,
    data::source::{evenly_spread, fill_all},
    files::write_array,
};
use timbrespace_analysis::explore::{local_components::LocalComponents, projection::Pca};
use timbrespace_signal::pipeline::npy;
use timbrespace_vae::{linear_path::LinearStart, trainer::BatchSource};

/// Largest number of images that the baselines are fitted to; beyond it, evenly spread ones are taken.
const FIT_LIMIT: usize = 3000;
/// Groups of images with principal components of their own.
pub const GROUPS: usize = 10;
/// Components of a group at most: a tenth of the images does not tell more of them.
const GROUP_COMPONENTS: usize = 16;
/// Images measured at a time.
const MEASURE_BATCH: usize = 256;

/// Folder of the baselines in a bundle.
pub(crate) const FOLDER: &str = "baselines";
const MEAN_FILE: &str = "baselines/mean_image.npy";
const COMPONENTS_FILE: &str = "baselines/components.npy";
const VARIANCES_FILE: &str = "baselines/variances.npy";
/// Mean images of the groups, `[groups, pixels]`.
const GROUP_MEANS_FILE: &str = "baselines/group_means.npy";
/// Their components one after the other, `[groups * components, pixels]`; a group of less rank has rows of zeros.
const GROUP_COMPONENTS_FILE: &str = "baselines/group_components.npy";

/// Whether a run writes a file of this name into its baselines.
pub(crate) fn is_own(name: &str) -> bool {
    let names = [MEAN_FILE, COMPONENTS_FILE, VARIANCES_FILE, GROUP_MEANS_FILE, GROUP_COMPONENTS_FILE];
    names.iter().any(|file| file.rsplit('/').next() == Some(name))
}

/// Mean squared errors per pixel that cost no training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baselines {
    /// Of the training images' mean image.
    pub mean_image: f64,
    /// Of principal components fitted to the training images.
    pub pca: f64,
    /// Components used: the latent size, or less where the data has less rank.
    pub pca_components: usize,
    /// Of the training images' groups, each with principal components of its own; `None` where an older program has fitted none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<LocalError>,
}

/// The mean squared error per pixel of groups with principal components of their own, each image rebuilt by the group that does it
/// best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalError {
    /// How many groups.
    pub groups: usize,
    /// Components of a group.
    pub components: usize,
    /// Their error.
    pub error: f64,
}

/// The mean squared error per pixel of some principal components.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PcaError {
    /// How many.
    pub components: usize,
    /// Their error.
    pub error: f64,
}

/// A mean image and principal components of training images.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineModel {
    pca: Pca,
    /// Groups of the images; none in a bundle of an older program, or before they are fitted.
    local: LocalComponents,
}

impl BaselineModel {
    /// Fits `components` directions to the images `indices` of `source`, without groups.
    ///
    /// # Errors
    /// When an image cannot be read.
    pub fn fit(source: &dyn BatchSource, indices: &[usize], components: usize) -> Result<Self, JobError> {
        let pca = Pca::fit(&flat(source, &evenly_spread(indices, FIT_LIMIT))?.view(), components);
        Ok(Self { pca, local: LocalComponents(Vec::new()) })
    }

    /// Parts the images `indices` of `source` into groups with components of their own.
    ///
    /// # Errors
    /// When an image cannot be read.
    pub fn fit_groups(&mut self, source: &dyn BatchSource, indices: &[usize]) -> Result<(), JobError> {
        let images = flat(source, &evenly_spread(indices, FIT_LIMIT))?;
        let components = self.components().min(GROUP_COMPONENTS);
        self.local = LocalComponents::fit(&images, &self.pca.project(&images), GROUPS, components);
        Ok(())
    }

    /// The errors on the images `indices` of `source`.
    ///
    /// # Errors
    /// When the images have another size than those it was fitted to.
    pub fn measure(&self, source: &dyn BatchSource, indices: &[usize]) -> Result<Baselines, JobError> {
        let (bins, frames) = source.image_shape();
        if self.pca.mean.len() != bins * frames {
            return Err(sentence!(
                "error-other-baselines",
                "the baselines were fitted to images of {theirs} values, these have {ours}",
                theirs = self.pca.mean.len(),
                ours = bins * frames
            )
            .into());
        }
        let (mut of_mean, mut of_pca, mut of_groups) = (0.0, 0.0, 0.0);
        for chunk in indices.chunks(MEASURE_BATCH) {
            let images = flat(source, chunk)?;
            let weight = chunk.len() as f64 / indices.len() as f64;
            of_mean += weight * self.pca.mean_error(&images);
            of_pca += weight * self.pca.reconstruction_error(&images);
            if !self.local.0.is_empty() {
                of_groups += weight * self.local.reconstruction_error(&images);
            }
        }
        let rows = self.local.0.iter().map(|group| group.components.nrows()).max();
        let local =
            rows.map(|components| LocalError { groups: self.local.0.len(), components, error: of_groups });
        Ok(Baselines { mean_image: of_mean, pca: of_pca, pca_components: self.components(), local })
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
                mean: self.pca.mean.clone(),
                components: self.pca.components.slice(s![..*count, ..]).to_owned(),
                variances: self.pca.variances.slice(s![..*count]).to_owned(),
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

    /// Where the linear path of a model starts.
    pub fn linear_start(&self) -> LinearStart {
        let Pca { mean, components, variances } = self.pca.clone();
        LinearStart { mean, components, variances }
    }

    /// Directions in all.
    pub fn components(&self) -> usize {
        self.pca.components.nrows()
    }

    /// Coordinates of the images `indices` of `source` along the directions, `[indices, components]`.
    ///
    /// # Errors
    /// When an image cannot be read.
    pub fn coordinates(&self, source: &dyn BatchSource, indices: &[usize]) -> Result<Array2<f32>, JobError> {
        let mut coordinates = Array2::zeros((indices.len(), self.components()));
        let rows = coordinates.axis_chunks_iter_mut(Axis(0), MEASURE_BATCH);
        for (mut rows, indices) in rows.zip(indices.chunks(MEASURE_BATCH)) {
            rows.assign(&self.pca.project(&flat(source, indices)?));
        }
        Ok(coordinates)
    }

    /// Writes the arrays below a bundle's folder, readable by NumPy.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, bundle: &Path) -> Result<(), JobError> {
        write_array(&bundle.join(MEAN_FILE), &self.pca.mean)?;
        write_array(&bundle.join(COMPONENTS_FILE), &self.pca.components)?;
        write_array(&bundle.join(VARIANCES_FILE), &self.pca.variances)?;
        self.save_groups(bundle)
    }

    fn save_groups(&self, bundle: &Path) -> Result<(), JobError> {
        let groups = &self.local.0;
        let Some(rows) = groups.iter().map(|group| group.components.nrows()).max() else { return Ok(()) };
        let pixels = self.pca.mean.len();
        let mut means = Array2::zeros((groups.len(), pixels));
        let mut components = Array2::zeros((groups.len() * rows, pixels));
        for (index, group) in groups.iter().enumerate() {
            means.row_mut(index).assign(&group.mean);
            let first = index * rows;
            components.slice_mut(s![first..first + group.components.nrows(), ..]).assign(&group.components);
        }
        write_array(&bundle.join(GROUP_MEANS_FILE), &means)?;
        write_array(&bundle.join(GROUP_COMPONENTS_FILE), &components)
    }

    /// Reads what [`Self::save_groups`] wrote.
    fn open_groups(bundle: &Path, pixels: usize) -> Result<LocalComponents, JobError> {
        if !bundle.join(GROUP_COMPONENTS_FILE).is_file() {
            return Ok(LocalComponents(Vec::new()));
        }
        let means: Array2<f32> = read(bundle, GROUP_MEANS_FILE)?;
        let components: Array2<f32> = read(bundle, GROUP_COMPONENTS_FILE)?;
        let (groups, all) = (means.nrows(), components.nrows());
        if groups == 0 || all % groups != 0 || means.ncols() != pixels || components.ncols() != pixels {
            let (shape, of_means) = (components.dim(), means.dim());
            let cause = format!(
                "it is {shape:?}, but the groups' means are {of_means:?} and images have {pixels} values"
            );
            return Err(JobError::file(&bundle.join(GROUP_COMPONENTS_FILE), cause));
        }
        let rows = all / groups;
        let group = |(index, mean): (usize, ArrayView1<'_, f32>)| Pca {
            mean: mean.to_owned(),
            components: components.slice(s![index * rows..(index + 1) * rows, ..]).to_owned(),
            variances: Array1::zeros(rows),
        };
        Ok(LocalComponents(means.outer_iter().enumerate().map(group).collect()))
    }

    /// Refuses arrays that do not fit each other.
    fn checked(bundle: &Path, pca: Pca) -> Result<Self, JobError> {
        let (rows, pixels) = pca.components.dim();
        if pca.mean.len() == pixels && pca.variances.len() == rows {
            return Ok(Self { local: Self::open_groups(bundle, pixels)?, pca });
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
pub(crate) fn flat(source: &dyn BatchSource, indices: &[usize]) -> Result<Array2<f32>, JobError> {
    let (bins, frames) = source.image_shape();
    let mut rows = Array2::zeros((indices.len(), bins * frames));
    fill_all(source, indices, rows.as_slice_mut().unwrap_or_default())?;
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
        let mut model = BaselineModel { pca, local: LocalComponents(Vec::new()) };
        model.save(folder.path()).unwrap();
        assert_eq!(BaselineModel::open(folder.path()).unwrap().unwrap(), model);
        let group = |mean: f32| Pca {
            mean: array![mean, 0.0, 1.0],
            components: array![[0.0, 0.6, 0.8]],
            variances: array![0.0],
        };
        model.local = LocalComponents(vec![group(0.5), group(0.25)]);
        model.save(folder.path()).unwrap();
        assert_eq!(BaselineModel::open(folder.path()).unwrap().unwrap(), model);
        let message = || BaselineModel::open(folder.path()).unwrap_err().to_string();
        write_array(&folder.path().join(VARIANCES_FILE), &array![2.0_f32]).unwrap();
        assert!(message().contains("components.npy") && message().contains("1 variances"), "{}", message());
        write_array(&folder.path().join(VARIANCES_FILE), &array![2.0_f32, f32::NAN]).unwrap();
        assert!(message().contains("variances.npy") && message().contains("NaN"), "{}", message());
        write_array(&folder.path().join(VARIANCES_FILE), &array![2.0_f32, 1.0]).unwrap();
        write_array(&folder.path().join(GROUP_MEANS_FILE), &array![[0.5_f32, 0.0]]).unwrap();
        assert!(message().contains("group_components.npy"), "{}", message());
        std::fs::write(folder.path().join(MEAN_FILE), b"\x93NUMPY").unwrap();
        assert!(message().contains("mean_image.npy"), "{}", message());
    }
}
