//! Derives every layer size, tensor name and parameter of a model from its [`VaeConfig`].

use super::{
    config::{LayerRow, VaeConfig},
    conv::{Convolution, Direction, geometry::Geometry},
    initial::{Half, Initialiser},
};

/// Name, shape and initialisation of one trainable tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// Name in the saved file, for example `encoder.conv_1.weight`.
    pub name: String,
    pub shape: Vec<usize>,
    pub initial: Initialiser,
}

/// All layer sizes of a model.
#[derive(Clone, Debug)]
pub(crate) struct Architecture {
    /// Pixels of an unpadded image, for models with a linear path.
    pub linear_pixels: Option<usize>,
    /// `(bins, frames)` inside the model: the image size rounded up to multiples of the strides' products.
    pub padded: (usize, usize),
    /// Convolutions of the encoder, outermost first.
    pub encoder: Vec<Convolution>,
    /// Transposed convolutions of the decoder, innermost first; the last has no `ReLU` and batch norm.
    pub decoder: Vec<Convolution>,
    /// `(channels, bins, frames)` between the convolutions and the dense layers.
    pub bottleneck: (usize, usize, usize),
    /// Widths of the hidden dense layers of a model without convolutions, outermost first.
    pub hidden: Vec<usize>,
    pub latent_size: usize,
}

impl Architecture {
    pub fn new(config: &VaeConfig) -> Self {
        let divisor = config.strides.iter().fold((1, 1), |all, stride| (all.0 * stride.0, all.1 * stride.1));
        let padded = (
            config.bins.max(1).next_multiple_of(divisor.0.max(1)),
            config.frames.max(1).next_multiple_of(divisor.1.max(1)),
        );
        let (mut size, mut channels) = (padded, 1);
        let mut encoder = Vec::new();
        for (filters, strides) in config.filters.iter().zip(&config.strides) {
            let geometry = Geometry::same(channels, size, *filters, config.kernel_size, *strides);
            (size, channels) = (geometry.map_size, *filters);
            encoder.push(Convolution { geometry, direction: Direction::Down });
        }
        let bottleneck = (channels, size.0, size.1);
        // The decoder mirrors the encoder: the transposed convolution of encoder layer k returns to that
        // layer's input size. It keeps k's number of filters, and the outermost returns to one channel.
        let mut decoder = Vec::new();
        for (index, down) in encoder.iter().enumerate().rev() {
            let out = if index == 0 { 1 } else { down.geometry.map_channels };
            let down = &down.geometry;
            let geometry = Geometry::same(out, down.image_size, channels, down.kernel, down.strides);
            channels = out;
            decoder.push(Convolution { geometry, direction: Direction::Up });
        }
        let (hidden, latent_size) = (config.hidden.clone(), config.latent_size);
        let linear_pixels = config.linear_path.then_some(config.bins * config.frames);
        Self { linear_pixels, padded, encoder, decoder, bottleneck, hidden, latent_size }
    }

    /// Length of the feature vector from which mu and log-variance are computed.
    pub fn features(&self) -> usize {
        let (channels, bins, frames) = self.bottleneck;
        self.hidden.last().copied().unwrap_or(channels * bins * frames)
    }

    /// `(inputs, outputs)` of the encoder's hidden dense layers; empty for a convolutional model.
    pub fn encoder_dense(&self) -> Vec<(usize, usize)> {
        let widths: Vec<usize> = std::iter::once(self.pixels()).chain(self.hidden.iter().copied()).collect();
        widths.array_windows().map(|[inputs, outputs]| (*inputs, *outputs)).collect()
    }

    /// `(inputs, outputs)` of the dense layers from latent vector to image; empty for a convolutional model.
    pub fn decoder_dense(&self) -> Vec<(usize, usize)> {
        let mirrored = self.hidden.iter().rev().copied();
        let image = self.hidden.first().map(|_| self.pixels());
        let widths: Vec<usize> = std::iter::once(self.latent_size).chain(mirrored).chain(image).collect();
        widths.array_windows().map(|[inputs, outputs]| (*inputs, *outputs)).collect()
    }

    fn pixels(&self) -> usize {
        self.padded.0 * self.padded.1
    }

    /// Name and channels of every batch norm, encoder first.
    pub fn norms(&self) -> Vec<(String, usize)> {
        let of = |part: &str, layers: &[Convolution]| -> Vec<(String, usize)> {
            let channels = layers.iter().map(|layer| layer.output_shape().0);
            channels.enumerate().map(|(index, count)| (format!("{part}.norm_{}", index + 1), count)).collect()
        };
        let hidden = self.decoder.len().saturating_sub(1);
        let mut norms = of("encoder", &self.encoder);
        norms.extend(of("decoder", &self.decoder[..hidden]));
        norms
    }

    /// Every trainable tensor, in the order of the model.
    pub fn parameters(&self) -> Vec<Parameter> {
        let mut all = Vec::new();
        for (index, layer) in self.encoder.iter().enumerate() {
            push_convolution(&mut all, "encoder", index, layer, true);
        }
        push_dense_stack(&mut all, "encoder", &self.encoder_dense());
        push_dense(&mut all, "encoder.mu", self.features(), self.latent_size);
        self.zero_for_linear_path(&mut all);
        push_dense(&mut all, "encoder.log_variance", self.features(), self.latent_size);
        if let [.., weight, bias] = all.as_mut_slice() {
            weight.initial = Initialiser::SmallGlorot { fan_in: self.features(), fan_out: self.latent_size };
            bias.initial = Initialiser::LogVariance;
        }
        if let Some(pixels) = self.linear_pixels {
            let latent = self.latent_size;
            push_linear(&mut all, "encoder", Half::Encoder, pixels, latent);
            push_linear(&mut all, "decoder", Half::Decoder, latent, pixels);
        }
        if self.hidden.is_empty() {
            push_dense(&mut all, "decoder.dense", self.latent_size, self.features());
        }
        push_dense_stack(&mut all, "decoder", &self.decoder_dense());
        for (index, layer) in self.decoder.iter().enumerate() {
            push_convolution(&mut all, "decoder", index, layer, index + 1 < self.decoder.len());
        }
        if let Some(output_bias) = all.last_mut() {
            output_bias.initial = Initialiser::MeanPixel;
        }
        self.zero_for_linear_path(&mut all);
        all
    }

    /// With a linear path, starts the layer added last at zero: the linear path alone then gives the output.
    fn zero_for_linear_path(&self, all: &mut [Parameter]) {
        if self.linear_pixels.is_none() {
            return;
        }
        if let [.., weight, bias] = all {
            weight.initial = weight.initial.parallel_to_linear_path();
            bias.initial = Initialiser::Zeros;
        }
    }

    /// Rows of the layer table: parameters grouped by layer, in model order.
    pub fn layer_table(&self) -> Vec<LayerRow> {
        let mut rows: Vec<LayerRow> = Vec::new();
        for parameter in self.parameters() {
            let layer = parameter.name.rsplit_once('.').map_or("", |(layer, _)| layer);
            let count = parameter.shape.iter().product::<usize>();
            match rows.last_mut() {
                Some(row) if row.name == layer => row.parameters += count,
                _ => rows.push(LayerRow {
                    name: layer.to_owned(),
                    output_shape: self.output_shape(layer),
                    parameters: count,
                }),
            }
        }
        rows
    }

    fn output_shape(&self, layer: &str) -> String {
        let number = layer.rsplit_once('_').and_then(|(_, number)| number.parse::<usize>().ok());
        let in_encoder = layer.starts_with("encoder");
        let layers = if in_encoder { &self.encoder } else { &self.decoder };
        let dense = if in_encoder { self.encoder_dense() } else { self.decoder_dense() };
        if let Some((_, outputs)) = number.and_then(|number| dense.get(number.checked_sub(1)?)) {
            outputs.to_string()
        } else if let Some(convolution) = number.and_then(|number| layers.get(number.checked_sub(1)?)) {
            let (channels, bins, frames) = convolution.output_shape();
            format!("{channels} × {bins} × {frames}")
        } else if layer == "decoder.linear" {
            self.linear_pixels.unwrap_or_default().to_string()
        } else if layer == "decoder.dense" {
            self.features().to_string()
        } else {
            self.latent_size.to_string()
        }
    }

    /// Multiplications and additions of one training step on one sample.
    pub fn flops_per_sample(&self) -> f64 {
        let convolutions: f64 = self.encoder.iter().chain(&self.decoder).map(Convolution::flops).sum();
        let stacks = [self.encoder_dense(), self.decoder_dense()].concat();
        let stacked: usize = stacks.iter().map(|(inputs, outputs)| inputs * outputs).sum();
        let around_latent = if self.hidden.is_empty() { 3 } else { 2 } * self.features() * self.latent_size;
        let linear = 2 * self.linear_pixels.unwrap_or_default() * self.latent_size;
        let dense = 2.0 * (stacked + around_latent + linear) as f64;
        // Forward pass, weight gradient and input gradient cost the same; the gradient of the image itself is
        // not needed.
        let unneeded = self.encoder.first().map_or(0.0, Convolution::flops);
        3.0 * (convolutions + dense) - unneeded
    }
}

fn push_convolution(all: &mut Vec<Parameter>, part: &str, index: usize, layer: &Convolution, norm: bool) {
    let number = index + 1;
    let channels = layer.output_shape().0;
    let taps = layer.geometry.kernel * layer.geometry.kernel;
    let mut push = |name: String, shape: Vec<usize>, initial| {
        all.push(Parameter { name, shape, initial });
    };
    let weight = Initialiser::Glorot { fan_in: taps * layer.input_shape().0, fan_out: taps * channels };
    push(format!("{part}.conv_{number}.weight"), layer.weight_shape().to_vec(), weight);
    push(format!("{part}.conv_{number}.bias"), vec![channels], Initialiser::Zeros);
    if norm {
        push(format!("{part}.norm_{number}.weight"), vec![channels], Initialiser::Ones);
        push(format!("{part}.norm_{number}.bias"), vec![channels], Initialiser::Zeros);
    }
}

fn push_dense_stack(all: &mut Vec<Parameter>, part: &str, layers: &[(usize, usize)]) {
    for (index, &(inputs, outputs)) in layers.iter().enumerate() {
        push_dense(all, &format!("{part}.dense_{}", index + 1), inputs, outputs);
    }
}

fn push_dense(all: &mut Vec<Parameter>, name: &str, inputs: usize, outputs: usize) {
    all.push(Parameter {
        name: format!("{name}.weight"),
        shape: vec![outputs, inputs],
        initial: Initialiser::Glorot { fan_in: inputs, fan_out: outputs },
    });
    all.push(Parameter { name: format!("{name}.bias"), shape: vec![outputs], initial: Initialiser::Zeros });
}

/// One half of the linear path, a dense layer with an initialisation of its own.
fn push_linear(all: &mut Vec<Parameter>, part: &str, half: Half, inputs: usize, outputs: usize) {
    push_dense(all, &format!("{part}.linear"), inputs, outputs);
    if let [.., weight, bias] = all.as_mut_slice() {
        weight.initial = Initialiser::LinearWeight { half, fan_in: inputs, fan_out: outputs };
        bias.initial = Initialiser::LinearBias(half);
    }
}
