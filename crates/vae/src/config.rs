//! Shape of the model: presets, limits and validation.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::architecture::Architecture;
pub use super::training_config::{BATCH_SIZE, EPOCHS, THREADS, TrainingConfig, WARM_UP_STEPS};

/// Model sizes that are known to train well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// 64 latent dimensions; few convolutions in parallel with a linear path. Starts as the principal
    /// components of the training images, so it is at least as good as they are.
    #[default]
    Clear,
    /// The tutorial's model: 512, 256, 128, 64, 32 filters, 128 latent dimensions.
    Reference,
    /// About a fifteenth of the reference's time per epoch: few filters where the image is large, many where
    /// it is small; 16 latent dimensions and a linear path as in [`Self::Clear`].
    Small,
    /// The small model with a low reconstruction weight, so that the encoder's vectors fill the prior: random
    /// vectors sound like the recordings, but with less detail.
    Explore,
    /// No convolutions: dense layers of 512 and 256 units on the flattened image; 16 latent dimensions.
    ///
    /// It has a weight for each pixel and no notion of neighbouring pixels, so its files are large (43 MB for
    /// a log-mel image of 80 × 127, three times that in a checkpoint) and it overfits unless there are many
    /// recordings.
    Flat,
}

impl Preset {
    /// Default number of latent dimensions.
    pub fn latent_size(self) -> usize {
        match self {
            Self::Clear => 64,
            Self::Reference => 128,
            Self::Small | Self::Explore | Self::Flat => 16,
        }
    }

    /// Default weight of the reconstruction term.
    pub fn reconstruction_weight(self) -> f64 {
        match self {
            Self::Clear | Self::Reference | Self::Small | Self::Flat => 1_000_000.0,
            Self::Explore => 30_000.0,
        }
    }

    /// Whether a linear path runs in parallel with the convolutions.
    pub fn has_linear_path(self) -> bool {
        matches!(self, Self::Clear | Self::Small)
    }
}

/// Shape of the model and weight of its reconstruction term.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VaeConfig {
    /// Height of an image.
    pub bins: usize,
    /// Width of an image.
    pub frames: usize,
    /// Filters of each encoder convolution, outermost first; empty for a dense model.
    pub filters: Vec<usize>,
    /// Side of the square kernel.
    pub kernel_size: usize,
    /// Strides `(bins, frames)` of each encoder convolution.
    pub strides: Vec<(usize, usize)>,
    /// Units of each hidden dense layer of the encoder, outermost first; the decoder mirrors them. Empty for
    /// a convolutional model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<usize>,
    /// Whether encoder and decoder have a linear path in parallel with their other layers: `mu = E x + e +
    /// layers(x)` and `image = clamp(B z + b + layers(z))` instead of a sigmoid.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub linear_path: bool,
    /// Latent dimensions.
    pub latent_size: usize,
    /// Weight of the reconstruction term.
    pub reconstruction_weight: f64,
}

/// One row of the layer table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LayerRow {
    /// Name as in the saved weights, for example `encoder.conv_1`.
    pub name: String,
    /// Output shape without the batch axis, for example `512 × 128 × 32`.
    pub output_shape: String,
    /// Trainable parameters.
    pub parameters: usize,
}

/// A setting outside its limits.
#[derive(Debug, thiserror::Error)]
#[error("{setting} is {actual}, but must be {expected}")]
pub struct VaeConfigError {
    /// Name of the setting.
    pub setting: &'static str,
    /// Allowed values.
    pub expected: String,
    /// Actual value.
    pub actual: String,
}

/// Limits of the latent dimensions.
pub const LATENT_SIZE: RangeInclusive<usize> = 1..=MAX_CHANNELS;
/// Limits of the reconstruction weight in forms and on the command line.
pub const RECONSTRUCTION_WEIGHT: RangeInclusive<f64> = 1e-9..=1e12;
/// Largest height or width of an image, in pixels.
pub const MAX_IMAGE_SIDE: usize = 8192;
/// Most encoder convolutions or hidden dense layers.
const MAX_LAYERS: usize = 12;
/// Most filters of a convolution; also the most latent dimensions.
const MAX_CHANNELS: usize = 4096;
/// Largest side of a kernel.
const MAX_KERNEL: usize = 15;

/// Range check of a count, as an entry for [`first_invalid`].
pub(super) fn count(
    setting: &'static str,
    value: usize,
    limits: &RangeInclusive<usize>,
) -> (&'static str, String, bool, String) {
    let expected = format!("{} to {}", limits.start(), limits.end());
    (setting, value.to_string(), limits.contains(&value), expected)
}

/// Reports the first `(setting, actual value, is valid, allowed values)` that is not valid.
pub(super) fn first_invalid(checks: &[(&'static str, String, bool, String)]) -> Result<(), VaeConfigError> {
    checks.iter().find(|check| !check.2).map_or(Ok(()), |(setting, actual, _, expected)| {
        Err(VaeConfigError { setting, expected: expected.clone(), actual: actual.clone() })
    })
}

impl VaeConfig {
    /// The preset's model for images of `bins` × `frames`.
    pub fn preset(preset: Preset, bins: usize, frames: usize) -> Self {
        let filters = match preset {
            Preset::Reference => vec![512, 256, 128, 64, 32],
            Preset::Clear | Preset::Small | Preset::Explore => vec![16, 16, 32, 64, 128],
            Preset::Flat => Vec::new(),
        };
        let strides = [(2, 2), (2, 2), (2, 2), (2, 2), (2, 1)];
        Self {
            bins,
            frames,
            strides: strides.into_iter().take(filters.len()).collect(),
            filters,
            kernel_size: 3,
            hidden: if preset == Preset::Flat { vec![512, 256] } else { Vec::new() },
            linear_path: preset.has_linear_path(),
            latent_size: preset.latent_size(),
            reconstruction_weight: preset.reconstruction_weight(),
        }
    }

    /// The preset with the same layers as this model.
    pub fn nearest_preset(&self) -> Preset {
        let layers = |preset| Self::preset(preset, self.bins, self.frames).filters;
        match self {
            _ if self.is_flat() => Preset::Flat,
            _ if self.filters == layers(Preset::Small) && self.linear_path => {
                if self.latent_size > Preset::Small.latent_size() { Preset::Clear } else { Preset::Small }
            }
            _ if self.filters == layers(Preset::Explore) => Preset::Explore,
            _ => Preset::Reference,
        }
    }

    /// Whether the model has dense layers only.
    pub fn is_flat(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// Checks each setting against its limits.
    ///
    /// # Errors
    /// Names the first setting that is out of range.
    pub fn validate(&self) -> Result<(), VaeConfigError> {
        let side = |value: usize| (1..=MAX_IMAGE_SIDE).contains(&value);
        let channels = |value: usize| (1..=MAX_CHANNELS).contains(&value);
        let stride = |value: usize| (1..=self.kernel_size).contains(&value);
        let widths =
            |values: &[usize]| values.len() <= MAX_LAYERS && values.iter().all(|value| channels(*value));
        first_invalid(&[
            ("bins", self.bins.to_string(), side(self.bins), format!("1 to {MAX_IMAGE_SIDE}")),
            ("frames", self.frames.to_string(), side(self.frames), format!("1 to {MAX_IMAGE_SIDE}")),
            (
                "kernel_size",
                self.kernel_size.to_string(),
                (1..=MAX_KERNEL).contains(&self.kernel_size),
                format!("1 to {MAX_KERNEL}"),
            ),
            (
                "filters",
                format!("{:?}", self.filters),
                widths(&self.filters) && self.filters.is_empty() == self.is_flat(),
                format!("1 to {MAX_LAYERS} numbers of 1 to {MAX_CHANNELS}, or none with hidden layers"),
            ),
            (
                "hidden",
                format!("{:?}", self.hidden),
                widths(&self.hidden),
                format!("at most {MAX_LAYERS} numbers of 1 to {MAX_CHANNELS}"),
            ),
            (
                "strides",
                format!("{:?}", self.strides),
                self.strides.len() == self.filters.len()
                    && self.strides.iter().all(|(bins, frames)| stride(*bins) && stride(*frames)),
                format!("{} pairs of 1 to the kernel size, {}", self.filters.len(), self.kernel_size),
            ),
            count("latent_size", self.latent_size, &LATENT_SIZE),
            (
                "reconstruction_weight",
                self.reconstruction_weight.to_string(),
                // Wider than RECONSTRUCTION_WEIGHT: models saved by older versions may exceed it.
                self.reconstruction_weight.is_finite() && self.reconstruction_weight > 0.0,
                "a positive number".to_owned(),
            ),
        ])
    }

    /// All layers with output shapes and parameter counts, in model order.
    pub fn layer_table(&self) -> Vec<LayerRow> {
        Architecture::new(self).layer_table()
    }

    /// Number of trainable parameters.
    pub fn parameter_count(&self) -> usize {
        self.layer_table().iter().map(|row| row.parameters).sum()
    }

    /// Floating-point operations of one training step on one sample, forward and backward, for time
    /// estimates.
    pub fn flops_per_sample(&self) -> f64 {
        Architecture::new(self).flops_per_sample()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_model_has_2_368_833_parameters() {
        let config = VaeConfig::preset(Preset::Reference, 256, 64);
        assert_eq!(config.parameter_count(), 2_368_833);
        let table = config.layer_table();
        let row = |name: &str| table.iter().find(|row| row.name == name).unwrap();
        assert_eq!(row("encoder.conv_1").output_shape, "512 × 128 × 32");
        assert_eq!(row("encoder.conv_1").parameters, 512 * 9 + 512);
        assert_eq!(row("encoder.norm_1").parameters, 1024);
        assert_eq!(row("encoder.conv_5").output_shape, "32 × 8 × 4");
        assert_eq!(row("encoder.mu").output_shape, "128");
        assert_eq!(row("encoder.mu").parameters, 1024 * 128 + 128);
        assert_eq!(row("decoder.conv_4").output_shape, "256 × 128 × 32");
        assert_eq!(row("decoder.conv_5").output_shape, "1 × 256 × 64");
        assert_eq!(row("decoder.conv_5").parameters, 256 * 9 + 1);
    }

    #[test]
    fn the_flat_model_has_dense_layers_that_mirror_each_other() {
        let config = VaeConfig::preset(Preset::Flat, 80, 127);
        config.validate().unwrap();
        let pixels = 80 * 127;
        let shapes: Vec<(String, String, usize)> = config
            .layer_table()
            .into_iter()
            .map(|row| (row.name, row.output_shape, row.parameters))
            .collect();
        let row = |name: &str, inputs: usize, outputs: usize| {
            (name.to_owned(), outputs.to_string(), inputs * outputs + outputs)
        };
        let expected = [
            row("encoder.dense_1", pixels, 512),
            row("encoder.dense_2", 512, 256),
            row("encoder.mu", 256, 16),
            row("encoder.log_variance", 256, 16),
            row("decoder.dense_1", 16, 256),
            row("decoder.dense_2", 256, 512),
            row("decoder.dense_3", 512, pixels),
        ];
        assert_eq!(shapes, expected);
        assert!(config.flops_per_sample() > 3.0 * 2.0 * 2.0 * 512.0 * pixels as f64);
    }

    #[test]
    fn a_model_is_one_of_convolutions_or_of_dense_layers() {
        let both = VaeConfig { hidden: vec![8], ..VaeConfig::preset(Preset::Small, 16, 12) };
        assert_eq!(both.validate().unwrap_err().setting, "filters");
        let neither = VaeConfig { hidden: Vec::new(), ..VaeConfig::preset(Preset::Flat, 16, 12) };
        assert_eq!(neither.validate().unwrap_err().setting, "filters");
        let zero = VaeConfig { hidden: vec![8, 0], ..VaeConfig::preset(Preset::Flat, 16, 12) };
        assert_eq!(zero.validate().unwrap_err().setting, "hidden");
        let text = serde_json::to_string(&VaeConfig::preset(Preset::Small, 16, 12)).unwrap();
        assert!(!text.contains("hidden"), "bundles of convolutions are as before: {text}");
    }

    #[test]
    fn a_setting_that_does_not_fit_is_named_with_its_value() {
        let good = VaeConfig::preset(Preset::Small, 256, 64);
        good.validate().unwrap();
        let wrong = |change: fn(&mut VaeConfig)| {
            let mut config = good.clone();
            change(&mut config);
            config.validate().unwrap_err()
        };
        assert_eq!(wrong(|config| config.bins = 0).setting, "bins");
        assert_eq!(wrong(|config| config.filters[2] = 0).setting, "filters");
        assert_eq!(wrong(|config| config.strides[0] = (4, 1)).setting, "strides");
        assert_eq!(wrong(|config| config.latent_size = 0).setting, "latent_size");
        let weight = wrong(|config| config.reconstruction_weight = f64::NAN);
        assert_eq!(weight.to_string(), "reconstruction_weight is NaN, but must be a positive number");
        let training = TrainingConfig { validation_fraction: 0.7, ..TrainingConfig::default() };
        assert_eq!(training.validate().unwrap_err().setting, "validation_fraction");
    }
}
