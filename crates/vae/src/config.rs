//! Shape of the model: presets, limits and validation.

use serde::{Deserialize, Serialize};
use timbrespace_base::{
    sentence,
    setting::{Choices as _, Misfit, Named as _, Setting, SettingValue as _, Settings as _},
    settings,
};

use super::{
    architecture::Architecture,
    limits::{MAX_CHANNELS, MAX_IMAGE_SIDE, MAX_KERNEL, MAX_LAYERS},
    preset::Facts,
};
pub use super::{
    preset::Preset,
    training_config::{TRAINING, TrainingConfig},
};

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
    /// Weight of the reconstruction term of the loss.
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

settings! {
    /// What can be chosen of a model.
    pub struct ModelSettings, ModelChoices, ModelTable, MODEL {
        /// Model, and the settings that it trains well with
        preset: Preset = Preset::Clear, .label("Preset").flag("preset").value("PRESET");
        /// Dimensions of the latent space: sliders that you will have
        latent_size: usize = Preset::Clear.facts().latent_size, .label("Latent size").flag("latent-size").count(1, MAX_CHANNELS);
        /// Weight of the reconstruction error: total loss = weight × mean squared error + KL weight × KL divergence. Higher gives sharper
        /// sounds, lower a smoother space
        reconstruction_weight: f64 = Preset::Clear.facts().reconstruction_weight,
            .label("Reconstruction weight").flag("reconstruction-weight").from_to(1e-9, 1e12);
    }
}

impl ModelSettings {
    /// The model of a preset.
    pub fn preset(preset: Preset) -> Self {
        let Facts { latent_size, reconstruction_weight, .. } = preset.facts();
        Self { preset, latent_size, reconstruction_weight }
    }

    /// What was chosen for a run with `model` and `training`.
    pub fn of_run(model: &VaeConfig, training: &TrainingConfig) -> Self {
        Self {
            preset: Preset::nearest(model, training),
            latent_size: model.latent_size,
            reconstruction_weight: model.reconstruction_weight,
        }
    }

    /// The model for images of `bins` × `frames`.
    pub fn model(&self, bins: usize, frames: usize) -> VaeConfig {
        VaeConfig {
            latent_size: self.latent_size,
            reconstruction_weight: self.reconstruction_weight,
            ..VaeConfig::preset(self.preset, bins, frames)
        }
    }
}

/// Rows of an image.
static BINS: Setting = Setting::new::<usize>("bins", "Rows of an image").count(1, MAX_IMAGE_SIDE);
/// Columns of an image.
static FRAMES: Setting = Setting::new::<usize>("frames", "Columns of an image").count(1, MAX_IMAGE_SIDE);
/// Height and width of a kernel.
static KERNEL_SIZE: Setting =
    Setting::new::<usize>("kernel_size", "Height and width of a kernel").count(1, MAX_KERNEL);
/// Filters of each convolution.
static FILTERS: Setting = Setting::new::<String>("filters", "Filters of each convolution");
/// Values of each hidden dense layer.
static HIDDEN: Setting = Setting::new::<String>("hidden", "Values of each hidden dense layer");
/// Strides of each convolution.
static STRIDES: Setting = Setting::new::<String>("strides", "Strides of each convolution");

impl VaeConfig {
    /// The preset's model for images of `bins` × `frames`.
    pub fn preset(preset: Preset, bins: usize, frames: usize) -> Self {
        let Facts { latent_size, reconstruction_weight, filters, hidden, linear_path, .. } = preset.facts();
        let strides = [(2, 2), (2, 2), (2, 2), (2, 2), (2, 1)];
        Self {
            bins,
            frames,
            strides: strides.into_iter().take(filters.len()).collect(),
            filters: filters.to_vec(),
            kernel_size: 3,
            hidden: hidden.to_vec(),
            linear_path,
            latent_size,
            reconstruction_weight,
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
    pub fn validate(&self) -> Result<(), Misfit> {
        self.bins.check(&BINS)?;
        self.frames.check(&FRAMES)?;
        self.kernel_size.check(&KERNEL_SIZE)?;
        self.validate_layers()?;
        self.latent_size.check(&MODEL.latent_size)?;
        // What can be chosen is narrower; a model of an older program may have had more.
        if self.reconstruction_weight.is_finite() && self.reconstruction_weight > 0.0 {
            return Ok(());
        }
        Err(MODEL
            .reconstruction_weight
            .misfit(self.reconstruction_weight, sentence!("misfit-positive", "a positive number")))
    }

    fn validate_layers(&self) -> Result<(), Misfit> {
        let channels = |value: usize| (1..=MAX_CHANNELS).contains(&value);
        let stride = |value: usize| (1..=self.kernel_size).contains(&value);
        let widths =
            |values: &[usize]| values.len() <= MAX_LAYERS && values.iter().all(|value| channels(*value));
        if !widths(&self.filters) || self.filters.is_empty() != self.is_flat() {
            let expected = sentence!(
                "misfit-filters",
                "1 to {layers} numbers of 1 to {channels}, or none with hidden layers",
                layers = MAX_LAYERS,
                channels = MAX_CHANNELS
            );
            return Err(FILTERS.misfit(format!("{:?}", self.filters), expected));
        }
        if !widths(&self.hidden) {
            let expected = sentence!(
                "misfit-hidden",
                "at most {layers} numbers of 1 to {channels}",
                layers = MAX_LAYERS,
                channels = MAX_CHANNELS
            );
            return Err(HIDDEN.misfit(format!("{:?}", self.hidden), expected));
        }
        let fits = |(bins, frames): &(usize, usize)| stride(*bins) && stride(*frames);
        if self.strides.len() != self.filters.len() || !self.strides.iter().all(fits) {
            let expected = sentence!(
                "misfit-strides",
                "{count} pairs of 1 to the kernel size, {most}",
                count = self.filters.len(),
                most = self.kernel_size
            );
            return Err(STRIDES.misfit(format!("{:?}", self.strides), expected));
        }
        Ok(())
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

/// How much a difference in layers counts, where one in the latent size counts 1.
const LAYERS: usize = 100;
/// How much a difference in the weight or in one setting of the course counts: the latent size is what people change most.
const COURSE: usize = 2;

impl Preset {
    /// The preset that `model`, trained with `training`, differs least from: first in its layers, then in its course,
    /// last in its latent size.
    pub fn nearest(model: &VaeConfig, training: &TrainingConfig) -> Self {
        let distance = |preset: &Self| {
            let known = VaeConfig::preset(*preset, model.bins, model.frames);
            let layers = [
                known.hidden != model.hidden,
                known.filters != model.filters,
                known.linear_path != model.linear_path,
            ];
            let latent_size = usize::from(known.latent_size != model.latent_size);
            let weight = usize::from(known.reconstruction_weight != model.reconstruction_weight);
            let count = |differ: &[bool]| differ.iter().filter(|differ| **differ).count();
            let course = (preset.facts().course)().over(training).differences(training).len();
            LAYERS * count(&layers) + COURSE * (weight + course) + latent_size
        };
        Self::ALL.iter().copied().min_by_key(distance).unwrap_or_default()
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
        assert_eq!(both.validate().unwrap_err().setting.name, "filters");
        let neither = VaeConfig { hidden: Vec::new(), ..VaeConfig::preset(Preset::Flat, 16, 12) };
        assert_eq!(neither.validate().unwrap_err().setting.name, "filters");
        let zero = VaeConfig { hidden: vec![8, 0], ..VaeConfig::preset(Preset::Flat, 16, 12) };
        assert_eq!(zero.validate().unwrap_err().setting.name, "hidden");
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
        assert_eq!(wrong(|config| config.bins = 0).setting.name, "bins");
        assert_eq!(wrong(|config| config.filters[2] = 0).setting.name, "filters");
        assert_eq!(wrong(|config| config.strides[0] = (4, 1)).setting.name, "strides");
        assert_eq!(wrong(|config| config.latent_size = 0).setting.name, "latent_size");
        let weight = wrong(|config| config.reconstruction_weight = f64::NAN);
        assert_eq!(weight.to_string(), "--reconstruction-weight is NaN, but must be a positive number");
        let training = TrainingConfig { validation_fraction: 0.7, ..TrainingConfig::default() };
        assert_eq!(training.validate().unwrap_err().setting.name, "validation_fraction");
    }
}
