//! A linear path in parallel with a model's other layers, initialised with principal components.
//!
//! `mu = E x + e + layers(x)` and `image = B z + b + layers(z)`, clamped to 0..1. Initially `E` holds the
//! components divided by their standard deviations, `B` the components times their standard deviations, `b`
//! the mean image and `e = -E b`; the other layers output zero. The model thus starts as a principal
//! component analysis whose mu has mean 0 and covariance 1 on the training images, like the prior.

use ndarray::{Array1, Array2};

/// Principal components of training images, the initial values of a linear path.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearStart {
    /// The mean image, `[pixels]`.
    pub mean: Array1<f32>,
    /// Orthonormal directions, `[components, pixels]`; fewer than latent dimensions if the images have lower
    /// rank.
    pub components: Array2<f32>,
    /// Variance along each component, `[components]`.
    pub variances: Array1<f32>,
}

impl LinearStart {
    /// `E`, `[latent, pixels]` row after row: components divided by their standard deviations, padded with
    /// rows of zeros.
    pub(super) fn encoder_weight(&self, count: usize) -> Vec<f32> {
        let rows = self.components.outer_iter().zip(&self.variances);
        let values = rows.flat_map(|(row, variance)| {
            let deviation = variance.sqrt();
            row.iter()
                .map(move |value| if deviation > 0.0 { value / deviation } else { 0.0 })
                .collect::<Vec<_>>()
        });
        values.chain(std::iter::repeat(0.0)).take(count).collect()
    }

    /// `e = -E b`, `[latent]`.
    pub(super) fn encoder_bias(&self, count: usize) -> Vec<f32> {
        let values = self.components.outer_iter().zip(&self.variances).map(|(row, variance)| {
            let along: f64 = row.iter().zip(&self.mean).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            if *variance > 0.0 { (-along / f64::from(*variance).sqrt()) as f32 } else { 0.0 }
        });
        values.chain(std::iter::repeat(0.0)).take(count).collect()
    }

    /// `B`, `[pixels, latent]` row after row: components times their standard deviations, padded with columns
    /// of zeros.
    pub(super) fn decoder_weight(&self, count: usize) -> Vec<f32> {
        let pixels = self.mean.len();
        let latent = count / pixels.max(1);
        let mut values = vec![0.0; count];
        for (pixel, row) in values.chunks_exact_mut(latent.max(1)).enumerate() {
            for ((value, component), variance) in
                row.iter_mut().zip(self.components.column(pixel)).zip(&self.variances)
            {
                *value = component * variance.sqrt();
            }
        }
        values
    }

    /// Log-variances `[latent]` that minimise the initial loss: `-ln(1 + 2 w v / pixels)` for the weight `w`
    /// of the mean squared error and the variance `v` of a component; 0, as in the prior, for dimensions
    /// without a component.
    pub(super) fn log_variances(&self, count: usize, reconstruction_weight: f64) -> Vec<f32> {
        let scale = 2.0 * reconstruction_weight / self.mean.len().max(1) as f64;
        let values = self.variances.iter().map(|variance| -(scale * f64::from(*variance)).ln_1p() as f32);
        values.chain(std::iter::repeat(0.0)).take(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use timbrespace_base::differences::largest_difference;

    /// Three latent dimensions for images of three pixels that lie in a plane.
    fn plane() -> LinearStart {
        LinearStart {
            mean: array![0.5, 0.25, 0.75],
            components: array![[0.6, 0.8, 0.0], [0.0, 0.0, 1.0]],
            variances: array![4.0, 0.25],
        }
    }

    /// `weight · input + bias`.
    fn dense(weight: &[f32], bias: &[f32], input: &[f32]) -> Vec<f32> {
        let rows = weight.chunks_exact(input.len()).zip(bias);
        rows.map(|(row, bias)| row.iter().zip(input).map(|(a, b)| a * b).sum::<f32>() + bias).collect()
    }

    #[test]
    fn the_start_whitens_images_and_rebuilds_those_on_its_plane() {
        let start = plane();
        // Mean + 3 x first + 0.5 x second direction: 3 / 2 and 0.5 / 0.5 standard deviations.
        let image = [0.5 + 1.8, 0.25 + 2.4, 0.75 + 0.5];
        let mu = dense(&start.encoder_weight(9), &start.encoder_bias(3), &image);
        assert!(largest_difference(&mu, &[1.5, 1.0, 0.0]) < 1e-6, "{mu:?}");
        let decoded = dense(&start.decoder_weight(9), &start.mean.to_vec(), &mu);
        assert!(largest_difference(&decoded, &image) < 1e-6, "{decoded:?}");
    }

    #[test]
    fn the_encoder_is_most_certain_where_a_direction_changes_images_most() {
        // 1 / (1 + 2 x 30 x 4 / 3) = 1 / 81, 1 / (1 + 2 x 30 x 0.25 / 3) = 1 / 6, and the prior's 1.
        let found = plane().log_variances(3, 30.0);
        assert!(largest_difference(&found, &[-81.0_f32.ln(), -6.0_f32.ln(), 0.0]) < 1e-6, "{found:?}");
    }
}
