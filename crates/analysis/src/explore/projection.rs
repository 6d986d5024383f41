//! Principal component analysis.

use nalgebra::DMatrix;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, s};
use rand::{SeedableRng as _, rngs::StdRng};
use rand_distr::{Distribution as _, StandardNormal};

/// Additional directions in the search, which let the requested ones converge.
const OVERSAMPLING: usize = 10;
/// Number of multiplications of the search space with the data's covariance.
const ITERATIONS: usize = 8;
/// Seed of the initial search space.
const SEED: u64 = 0;
/// Directions with less than this fraction of the largest variance are rounding errors of the f32 products.
const MIN_RELATIVE_VARIANCE: f64 = 1e-6;
/// Samples per block when errors are measured.
const CHUNK: usize = 256;

/// Principal components of a set of vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    /// Mean vector, `[features]`.
    pub mean: Array1<f32>,
    /// Orthonormal directions, largest variance first, `[components, features]`.
    pub components: Array2<f32>,
    /// Variance along each direction, `[components]`.
    pub variances: Array1<f32>,
}

impl Pca {
    /// Fits at most `components` directions to `data`, `[samples, features]`; fewer if the data has lower
    /// rank.
    ///
    /// Randomised subspace iteration (Halko, Martinsson & Tropp 2011, algorithm 4.4) from a fixed seed: a few
    /// directions of thousands of images take seconds, whereas a full decomposition is cubic in their number.
    /// Data that is not finite has no directions.
    pub fn fit(data: &ArrayRef2<f32>, components: usize) -> Self {
        let mean = mean_vector(data);
        let (samples, features) = data.dim();
        let width = (components + OVERSAMPLING).min(features).min(samples);
        if width == 0 || !data.iter().all(|value| value.is_finite()) {
            return Self { mean, components: Array2::zeros((0, features)), variances: Array1::zeros(0) };
        }
        // [samples, features] minus the mean; `basis` is [width, features].
        let centred = &data.view() - &mean;
        let mut random = StdRng::seed_from_u64(SEED);
        let mut basis =
            Array2::from_shape_simple_fn((width, features), || StandardNormal.sample(&mut random));
        for _ in 0..ITERATIONS {
            orthonormalise(&mut basis);
            let mut coordinates = basis.dot(&centred.t());
            orthonormalise(&mut coordinates);
            basis = coordinates.dot(&centred);
        }
        orthonormalise(&mut basis);
        let coordinates = basis.dot(&centred.t());
        // Eigenvectors of the small covariance [width, width] rotate the basis to the principal directions.
        let (eigenvalues, rotation) =
            largest_eigenvectors(&coordinates.dot(&coordinates.t()).view(), components);
        let mut directions = rotation.dot(&basis);
        orthonormalise(&mut directions);
        let degrees = samples.saturating_sub(1).max(1) as f64;
        Self {
            mean,
            components: directions,
            variances: eigenvalues.into_iter().map(|value| (value / degrees) as f32).collect(),
        }
    }

    /// Coordinates of `data` along the directions, `[samples, components]`.
    pub fn project(&self, data: &ArrayRef2<f32>) -> Array2<f32> {
        (&data.view() - &self.mean).dot(&self.components.t())
    }

    /// Vectors with the given `coordinates`, `[samples, features]`.
    pub fn unproject(&self, coordinates: &ArrayRef2<f32>) -> Array2<f32> {
        coordinates.dot(&self.components) + &self.mean
    }

    /// Mean squared error per feature of `data` reconstructed from its projection.
    pub fn reconstruction_error(&self, data: &ArrayRef2<f32>) -> f64 {
        let squares: f64 = data
            .axis_chunks_iter(Axis(0), CHUNK)
            .map(|chunk| {
                let rebuilt = self.unproject(&self.project(&chunk).view());
                chunk.iter().zip(&rebuilt).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum::<f64>()
            })
            .sum();
        squares / data.len().max(1) as f64
    }

    /// Mean squared error per feature of `data` against the fitted mean alone, the baseline of a model that
    /// ignores its input.
    pub fn mean_error(&self, data: &ArrayRef2<f32>) -> f64 {
        mean_image_error(&self.mean, data)
    }
}

/// Mean of all samples of `data`, `[samples, features]`, summed in f64.
pub fn mean_vector(data: &ArrayRef2<f32>) -> Array1<f32> {
    let mut sums = Array1::<f64>::zeros(data.ncols());
    for sample in data.outer_iter() {
        sums.zip_mut_with(&sample, |sum, value| *sum += f64::from(*value));
    }
    let count = data.nrows().max(1) as f64;
    sums.mapv(|sum| (sum / count) as f32)
}

/// Mean squared error per feature of `data`, `[samples, features]`, against one vector, such as the training
/// data's mean image.
pub fn mean_image_error(mean: &ArrayRef1<f32>, data: &ArrayRef2<f32>) -> f64 {
    let squares: f64 = data
        .outer_iter()
        .map(|sample| {
            sample.iter().zip(mean).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum::<f64>()
        })
        .sum();
    squares / data.len().max(1) as f64
}

/// The `count` largest eigenvalues of a small symmetric matrix, with eigenvectors as rows.
fn largest_eigenvectors(matrix: &ArrayRef2<f32>, count: usize) -> (Vec<f64>, Array2<f32>) {
    let size = matrix.nrows();
    let matrix = DMatrix::from_fn(size, size, |row, column| f64::from(matrix[(row, column)]));
    let decomposition = matrix.symmetric_eigen();
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&a, &b| decomposition.eigenvalues[b].total_cmp(&decomposition.eigenvalues[a]));
    let largest = order.first().map_or(0.0, |&index| decomposition.eigenvalues[index]);
    let floor = largest * MIN_RELATIVE_VARIANCE;
    order.truncate(count);
    order.retain(|&index| decomposition.eigenvalues[index] > floor.max(0.0));
    let rows = Array2::from_shape_fn((order.len(), size), |(row, column)| {
        decomposition.eigenvectors[(column, order[row])] as f32
    });
    (order.iter().map(|&index| decomposition.eigenvalues[index]).collect(), rows)
}

/// Orthonormalises the rows in order (Gram-Schmidt in f64), with the largest element of each positive, so
/// that signs are deterministic. A row that depends linearly on earlier ones becomes zero.
fn orthonormalise(rows: &mut Array2<f32>) {
    for index in 0..rows.nrows() {
        let (before, mut rest) = rows.view_mut().split_at(Axis(0), index);
        let mut row = rest.slice_mut(s![0, ..]);
        let length = dot(&row, &row).sqrt();
        // The second pass removes what rounding left after the first.
        for _ in 0..2 {
            for other in before.outer_iter() {
                let along = dot(&row, &other) as f32;
                row.zip_mut_with(&other, |value, other| *value -= along * other);
            }
        }
        let largest =
            row.iter().fold(0.0_f32, |most, value| if value.abs() > most.abs() { *value } else { most });
        let norm = dot(&row, &row).sqrt().copysign(f64::from(largest));
        if norm.abs() <= length * f64::from(f32::EPSILON) {
            row.fill(0.0);
        } else {
            row.mapv_inplace(|value| (f64::from(value) / norm) as f32);
        }
    }
}

fn dot(left: &ArrayRef1<f32>, right: &ArrayRef1<f32>) -> f64 {
    left.iter().zip(right).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples on a plane through `[1, 2, .., features]`, with standard deviations of about 3 and 1 along two axes.
    fn plane(samples: usize, features: usize) -> Array2<f32> {
        Array2::from_shape_fn((samples, features), |(sample, feature)| {
            let angle = sample as f32 * 2.399_963;
            let offset = match feature {
                0 => 3.0 * angle.cos(),
                1 => angle.sin(),
                _ => 0.0,
            };
            (feature + 1) as f32 + offset * std::f32::consts::SQRT_2
        })
    }

    #[test]
    fn directions_of_a_plane_are_found_from_either_side() {
        // Fewer samples than features, and more.
        for (samples, features) in [(20, 40), (200, 5)] {
            let data = plane(samples, features);
            let pca = Pca::fit(&data, 4);
            assert_eq!(pca.components.dim(), (2, features), "a plane has two directions");
            assert!((pca.variances[0] - 9.0).abs() < 0.6 && (pca.variances[1] - 1.0).abs() < 0.1, "{pca:?}");
            assert!((pca.components[(0, 0)] - 1.0).abs() < 1e-3);
            assert!((pca.components[(1, 1)] - 1.0).abs() < 1e-3);
            assert!(pca.reconstruction_error(&data) < 1e-9);
            let one = Pca::fit(&data, 1);
            assert_eq!(one.components.nrows(), 1);
            let left = one.reconstruction_error(&data) * features as f64;
            assert!(
                (left - f64::from(pca.variances[1]) * (samples - 1) as f64 / samples as f64).abs() < 1e-3
            );
        }
    }

    #[test]
    fn directions_are_orthonormal_and_coordinates_come_back() {
        let data =
            Array2::from_shape_fn((30, 50), |(i, j)| ((i * 31 + j * 17 + i * j * 7) % 101) as f32 / 50.0);
        let pca = Pca::fit(&data, 12);
        for (i, row) in pca.components.outer_iter().enumerate() {
            for (j, other) in pca.components.outer_iter().enumerate() {
                let expected = f64::from(u8::from(i == j));
                assert!((dot(&row, &other) - expected).abs() < 1e-5);
            }
        }
        assert!(pca.variances.windows(2).into_iter().all(|pair| pair[0] >= pair[1]));
        let coordinates = pca.project(&data);
        let again = pca.project(&pca.unproject(&coordinates).view());
        assert!(timbrespace_base::differences::largest_difference(&coordinates, &again) < 1e-4);
        assert_eq!(pca, Pca::fit(&data, 12));
    }

    /// Compared with `numpy.linalg.svd` (NumPy 2.4.6) of the centred data, with the same signs.
    #[test]
    fn directions_variances_and_places_are_those_of_a_singular_value_decomposition() {
        let data =
            Array2::from_shape_fn((30, 8), |(i, j)| ((i * 31 + j * 17 + i * j * 7) % 101) as f32 / 50.0);
        let pca = Pca::fit(&data, 3);
        let near = |found: &[f32], expected: &[f32]| {
            let largest = timbrespace_base::differences::largest_difference(found, expected);
            assert!(largest < 1e-5, "{found:?} {expected:?}");
        };
        near(&pca.variances.to_vec(), &[0.630_952, 0.446_315, 0.439_114]);
        let directions = [
            [-0.482_198, 0.330_815, 0.141_867, 0.144_961, 0.274_343, 0.485_331, -0.443_800, -0.330_361],
            [0.203_441, -0.329_255, 0.449_152, -0.446_213, 0.528_401, 0.083_318, -0.272_742, 0.298_031],
            [-0.121_940, 0.484_026, 0.406_878, 0.124_234, -0.314_470, -0.238_493, -0.236_706, 0.598_387],
        ];
        for (found, expected) in pca.components.outer_iter().zip(directions) {
            near(&found.to_vec(), &expected);
        }
        near(&pca.project(&data).row(7).to_vec(), &[0.744_646, 0.615_188, 0.639_718]);
    }

    #[test]
    fn degenerate_data_has_no_directions() {
        let same = Array2::from_elem((5, 3), 2.0);
        let pca = Pca::fit(&same, 2);
        assert_eq!(pca.components.dim(), (0, 3));
        assert_eq!(pca.reconstruction_error(&same), 0.0);
        assert_eq!(Pca::fit(&Array2::zeros((0, 3)).view(), 2).components.dim(), (0, 3));
        assert_eq!(Pca::fit(&Array2::from_elem((4, 3), f32::NAN).view(), 2).components.nrows(), 0);
    }

    #[test]
    fn the_mean_alone_errs_by_the_variance() {
        let data = ndarray::arr2(&[[0.0_f32, 1.0], [2.0, 1.0]]);
        let pca = Pca::fit(&data, 1);
        assert_eq!(pca.mean, ndarray::arr1(&[1.0, 1.0]));
        assert_eq!(pca.mean_error(&data), 0.5);
    }
}
