//! Initial values of a model's parameters.
//!
//! Weights are Glorot uniform and biases zero, as in Keras. Unless [`Start::Keras`] is requested, two layers
//! start differently to save the first epochs: the output bias starts at the mean pixel instead of at 0.5,
//! and the encoder starts with a small variance instead of adding noise of variance 1 to every vector.
//! `BENCHMARKS.md` has the measured gain.

use rand::{Rng as _, rngs::StdRng};

use super::linear_path::LinearStart;

/// Initial log-variance of each latent dimension: a standard deviation of 0.08. Dimensions in use end up
/// lower, unused ones return to 0 (variance 1) by themselves.
const LOG_VARIANCE: f32 = -5.0;
/// Factor on the Glorot limit for the weights of the log-variances, so that all images start with nearly the
/// same.
const SMALL_FACTOR: f32 = 0.1;
/// Least distance of the mean pixel from 0 and 1, where its logit would be infinite.
const PIXEL_MARGIN: f64 = 1e-3;

/// Encoder or decoder side of a linear path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    Encoder,
    Decoder,
}

/// Initial values of one parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Initialiser {
    /// Uniform within ±√(6 / (fan in + fan out)) (Glorot & Bengio 2010).
    Glorot {
        fan_in: usize,
        fan_out: usize,
    },
    /// A tenth of the Glorot limit in a fitted start, the full limit otherwise.
    SmallGlorot {
        fan_in: usize,
        fan_out: usize,
    },
    /// Zeros where the linear path starts from principal components, Glorot otherwise: for the last layer in
    /// parallel to it.
    ParallelToLinearPath {
        fan_in: usize,
        fan_out: usize,
    },
    /// Weight of the linear path: the principal components, Glorot where there are none.
    LinearWeight {
        half: Half,
        fan_in: usize,
        fan_out: usize,
    },
    /// Bias of the linear path, matching its weight.
    LinearBias(Half),
    /// Bias of the log-variance: small in a fitted start, 0 as in Keras.
    LogVariance,
    /// Output bias: logit of the training images' mean pixel, or 0 as in Keras.
    MeanPixel,
    Zeros,
    Ones,
}

/// Initialisation of a whole model.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start<'a> {
    /// Glorot uniform weights and zero biases.
    Keras,
    /// Output at the training images' mean pixel, encoder with a small variance.
    Fitted { mean_pixel: f64 },
    /// Principal components of the training images; log-variances that minimise the loss for the
    /// reconstruction weight.
    Components { start: &'a LinearStart, reconstruction_weight: f64 },
}

impl Initialiser {
    /// `count` values; random ones are drawn from `random`.
    pub fn values(self, count: usize, start: Start<'_>, random: &mut StdRng) -> Vec<f32> {
        let mut glorot = |fan_in: usize, fan_out: usize, part: f32| {
            let limit = part * (6.0 / (fan_in + fan_out) as f32).sqrt();
            (0..count).map(|_| random.random_range(-limit..limit)).collect()
        };
        match (self, start) {
            (Self::SmallGlorot { fan_in, fan_out }, Start::Fitted { .. } | Start::Components { .. }) => {
                glorot(fan_in, fan_out, SMALL_FACTOR)
            }
            (Self::LinearWeight { half: Half::Encoder, .. }, Start::Components { start, .. }) => {
                start.encoder_weight(count)
            }
            (Self::LinearWeight { half: Half::Decoder, .. }, Start::Components { start, .. }) => {
                start.decoder_weight(count)
            }
            (
                Self::Glorot { fan_in, fan_out }
                | Self::SmallGlorot { fan_in, fan_out }
                | Self::LinearWeight { fan_in, fan_out, .. },
                _,
            )
            | (Self::ParallelToLinearPath { fan_in, fan_out }, Start::Keras | Start::Fitted { .. }) => {
                glorot(fan_in, fan_out, 1.0)
            }
            (Self::LinearBias(Half::Encoder), Start::Components { start, .. }) => start.encoder_bias(count),
            (Self::LinearBias(Half::Decoder), Start::Components { start, .. }) => start.mean.to_vec(),
            (Self::LinearBias(Half::Decoder), Start::Fitted { mean_pixel }) => vec![mean_pixel as f32; count],
            (Self::LogVariance, Start::Fitted { .. }) => vec![LOG_VARIANCE; count],
            (Self::LogVariance, Start::Components { start, reconstruction_weight }) => {
                start.log_variances(count, reconstruction_weight)
            }
            (Self::MeanPixel, Start::Fitted { mean_pixel }) => vec![logit(mean_pixel); count],
            (Self::Ones, _) => vec![1.0; count],
            (
                Self::Zeros
                | Self::LogVariance
                | Self::MeanPixel
                | Self::LinearBias(_)
                | Self::ParallelToLinearPath { .. },
                _,
            ) => vec![0.0; count],
        }
    }

    /// Initialisation of a layer whose output is added to a linear path's.
    pub fn parallel_to_linear_path(self) -> Self {
        match self {
            Self::Glorot { fan_in, fan_out } => Self::ParallelToLinearPath { fan_in, fan_out },
            other => other,
        }
    }
}

/// Inverse sigmoid of `mean_pixel`; 0 if it is not finite, which the first training step reports.
fn logit(mean_pixel: f64) -> f32 {
    if !mean_pixel.is_finite() {
        return 0.0;
    }
    let pixel = mean_pixel.clamp(PIXEL_MARGIN, 1.0 - PIXEL_MARGIN);
    (pixel / (1.0 - pixel)).ln() as f32
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;
    use crate::{
        architecture::Architecture,
        config::{Preset, VaeConfig},
    };

    #[test]
    fn only_the_two_ends_of_a_model_start_other_than_in_keras() {
        for preset in [Preset::Reference, Preset::Explore, Preset::Flat] {
            let parameters = Architecture::new(&VaeConfig::preset(preset, 16, 12)).parameters();
            let keras = |initial| {
                matches!(initial, Initialiser::Glorot { .. } | Initialiser::Zeros | Initialiser::Ones)
            };
            let other: Vec<(&str, Initialiser)> = parameters
                .iter()
                .filter(|parameter| !keras(parameter.initial))
                .map(|parameter| (parameter.name.as_str(), parameter.initial))
                .collect();
            let [(weight, faint), (bias, certain), (output, mean)] = other.as_slice() else {
                panic!("{preset:?}: {other:?}");
            };
            assert_eq!((*weight, *bias), ("encoder.log_variance.weight", "encoder.log_variance.bias"));
            assert!(matches!(faint, Initialiser::SmallGlorot { .. }) && *certain == Initialiser::LogVariance);
            let last = parameters.last().map(|parameter| parameter.name.as_str());
            let what = output.rsplit_once('.').map(|(_, what)| what);
            assert!(last == Some(*output) && what == Some("bias") && *mean == Initialiser::MeanPixel);
        }
    }

    #[test]
    fn beside_a_linear_path_both_last_layers_start_at_nothing() {
        let parameters = Architecture::new(&VaeConfig::preset(Preset::Clear, 16, 12)).parameters();
        let start = LinearStart {
            mean: ndarray::Array1::from_elem(192, 0.25),
            components: ndarray::Array2::zeros((0, 192)),
            variances: ndarray::Array1::zeros(0),
        };
        let start = Start::Components { start: &start, reconstruction_weight: 1e6 };
        let values = |name: &str| {
            let parameter = parameters.iter().find(|parameter| parameter.name == name).unwrap();
            let count = parameter.shape.iter().product();
            parameter.initial.values(count, start, &mut StdRng::seed_from_u64(0))
        };
        for name in ["encoder.mu.weight", "encoder.mu.bias", "decoder.conv_5.weight", "decoder.conv_5.bias"] {
            assert!(values(name).iter().all(|value| *value == 0.0), "{name}");
        }
        assert!(values("decoder.conv_4.weight").iter().any(|value| *value != 0.0));
        assert_eq!(values("decoder.linear.bias"), [0.25; 192]);
    }

    #[test]
    fn the_output_starts_at_the_mean_pixel_even_of_black_images() {
        let mut random = StdRng::seed_from_u64(0);
        let sigmoid = |logit: f32| 1.0 / (1.0 + (-logit).exp());
        for (mean, expected) in [(0.094, 0.094), (0.5, 0.5), (0.0, 0.001), (1.0, 0.999), (f64::NAN, 0.5)] {
            let values = Initialiser::MeanPixel.values(3, Start::Fitted { mean_pixel: mean }, &mut random);
            assert!(values.iter().all(|value| (sigmoid(*value) - expected).abs() < 1e-6), "{values:?}");
        }
    }

    #[test]
    fn glorot_weights_fill_their_range_and_faint_ones_a_tenth_of_it() {
        let widest = |initial: Initialiser, start: Start<'_>| {
            let values = initial.values(10_000, start, &mut StdRng::seed_from_u64(0));
            timbrespace_base::differences::largest(values.into_iter().map(f32::abs))
        };
        // √(6 / 150) = 0.2
        let fitted = Start::Fitted { mean_pixel: 0.5 };
        let faint = Initialiser::SmallGlorot { fan_in: 100, fan_out: 50 };
        assert!((0.199..0.2).contains(&widest(Initialiser::Glorot { fan_in: 100, fan_out: 50 }, fitted)));
        assert!((0.0199..0.02).contains(&widest(faint, fitted)));
        assert!((0.199..0.2).contains(&widest(faint, Start::Keras)));
    }

    #[test]
    fn a_start_as_in_keras_has_zero_biases() {
        let architecture = Architecture::new(&VaeConfig::preset(Preset::Small, 16, 12));
        for parameter in architecture.parameters().iter().filter(|parameter| parameter.name.ends_with("bias"))
        {
            let values = parameter.initial.values(3, Start::Keras, &mut StdRng::seed_from_u64(0));
            assert_eq!(values, [0.0; 3], "{}", parameter.name);
        }
    }
}
