//! How the parameters of a fresh model start.
//!
//! Weights are Glorot uniform and biases zero, as in Keras. Unless that is asked for to the letter, two ends of the model
//! start otherwise, because it costs the first epochs there: the output begins at the mean pixel instead of at a half, and the encoder begins nearly certain of its vectors
//! instead of drowning what it says in noise of variance 1. `BENCHMARKS.md` has what that is worth.

use rand::{Rng as _, rngs::StdRng};

use super::linear_path::LinearStart;

/// Log-variance of every latent dimension at the start: a standard deviation of 0.08. A dimension that is used comes to
/// have less, one that is not goes back to 1 by itself.
const LOG_VARIANCE: f32 = -5.0;
/// Part of Glorot's width that the weights of the log-variances start with, so that all images start nearly the same.
const FAINT: f32 = 0.1;
/// A mean pixel is taken as at least this far from black and from white, whose logits are infinite.
const FROM_THE_ENDS: f64 = 1e-3;

/// The halves of a linear path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    Encoder,
    Decoder,
}

/// How a parameter starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Initial {
    /// Uniform within ±√(6 / (fan in + fan out)) (Glorot & Bengio 2010).
    Glorot {
        fan_in: usize,
        fan_out: usize,
    },
    /// A tenth of that in a fitted start.
    FaintGlorot {
        fan_in: usize,
        fan_out: usize,
    },
    /// Zeros where the linear path starts as principal components, Glorot otherwise: the last layer before both are added.
    BesideLinearPath {
        fan_in: usize,
        fan_out: usize,
    },
    /// Of the linear path: the components of the training images, Glorot where there are none.
    LinearWeight {
        half: Half,
        fan_in: usize,
        fan_out: usize,
    },
    /// Of the linear path: what belongs to the components.
    LinearBias(Half),
    /// The log-variance of an encoder that is nearly certain; zero as Keras has it.
    LogVariance,
    /// The logit of the training images' mean pixel; zero as Keras has it.
    MeanPixel,
    Zeros,
    Ones,
}

/// Where a whole model starts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start<'a> {
    /// Glorot uniform weights and zero biases.
    Keras,
    /// At the training images' mean pixel, the encoder nearly certain.
    Fitted { mean_pixel: f64 },
    /// As the training images' principal components, the encoder as certain as is best for the weight of the reconstruction.
    Components { start: &'a LinearStart, reconstruction_weight: f64 },
}

impl Initial {
    /// `count` values, drawn from `random` where there is chance in it.
    pub fn values(self, count: usize, start: Start<'_>, random: &mut StdRng) -> Vec<f32> {
        let mut glorot = |fan_in: usize, fan_out: usize, part: f32| {
            let limit = part * (6.0 / (fan_in + fan_out) as f32).sqrt();
            (0..count).map(|_| random.random_range(-limit..limit)).collect()
        };
        match (self, start) {
            (Self::FaintGlorot { fan_in, fan_out }, Start::Fitted { .. } | Start::Components { .. }) => {
                glorot(fan_in, fan_out, FAINT)
            }
            (Self::LinearWeight { half: Half::Encoder, .. }, Start::Components { start, .. }) => {
                start.encoder_weight(count)
            }
            (Self::LinearWeight { half: Half::Decoder, .. }, Start::Components { start, .. }) => {
                start.decoder_weight(count)
            }
            (
                Self::Glorot { fan_in, fan_out }
                | Self::FaintGlorot { fan_in, fan_out }
                | Self::LinearWeight { fan_in, fan_out, .. },
                _,
            )
            | (Self::BesideLinearPath { fan_in, fan_out }, Start::Keras | Start::Fitted { .. }) => {
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
                | Self::BesideLinearPath { .. },
                _,
            ) => vec![0.0; count],
        }
    }

    /// The start of a last layer whose output is added to a linear path's.
    pub fn beside_linear_path(self) -> Self {
        match self {
            Self::Glorot { fan_in, fan_out } => Self::BesideLinearPath { fan_in, fan_out },
            other => other,
        }
    }
}

/// What a sigmoid makes `mean_pixel`; 0 where it is no number, which the first step will tell.
fn logit(mean_pixel: f64) -> f32 {
    if !mean_pixel.is_finite() {
        return 0.0;
    }
    let pixel = mean_pixel.clamp(FROM_THE_ENDS, 1.0 - FROM_THE_ENDS);
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
            let keras = |initial| matches!(initial, Initial::Glorot { .. } | Initial::Zeros | Initial::Ones);
            let other: Vec<(&str, Initial)> = parameters
                .iter()
                .filter(|parameter| !keras(parameter.initial))
                .map(|parameter| (parameter.name.as_str(), parameter.initial))
                .collect();
            let [(weight, faint), (bias, certain), (output, mean)] = other.as_slice() else {
                panic!("{preset:?}: {other:?}");
            };
            assert_eq!((*weight, *bias), ("encoder.log_variance.weight", "encoder.log_variance.bias"));
            assert!(matches!(faint, Initial::FaintGlorot { .. }) && *certain == Initial::LogVariance);
            let last = parameters.last().map(|parameter| parameter.name.as_str());
            let what = output.rsplit_once('.').map(|(_, what)| what);
            assert!(last == Some(*output) && what == Some("bias") && *mean == Initial::MeanPixel);
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
            let values = Initial::MeanPixel.values(3, Start::Fitted { mean_pixel: mean }, &mut random);
            assert!(values.iter().all(|value| (sigmoid(*value) - expected).abs() < 1e-6), "{values:?}");
        }
    }

    #[test]
    fn glorot_weights_fill_their_range_and_faint_ones_a_tenth_of_it() {
        let widest = |initial: Initial, start: Start<'_>| {
            let values = initial.values(10_000, start, &mut StdRng::seed_from_u64(0));
            timbrespace_base::differences::largest(values.into_iter().map(f32::abs))
        };
        // √(6 / 150) = 0.2
        let fitted = Start::Fitted { mean_pixel: 0.5 };
        let faint = Initial::FaintGlorot { fan_in: 100, fan_out: 50 };
        assert!((0.199..0.2).contains(&widest(Initial::Glorot { fan_in: 100, fan_out: 50 }, fitted)));
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
