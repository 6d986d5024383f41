//! Where each layer's parameters lie in the list of a model's parameters.

use rayon::prelude::*;

use crate::{
    architecture::Architecture, conv::Convolution, error::ModelError, stack::layer::Layer, tasks::share,
};

/// All layers of a model with the places of their parameters.
#[derive(Debug)]
pub(super) struct Network {
    /// `(bins, frames)` of an image.
    pub image: (usize, usize),
    /// `(bins, frames)` inside the model: those of an image and the zeros behind them.
    pub padded: (usize, usize),
    pub latent: usize,
    /// Image to features.
    pub encoder: Layers,
    pub mu: DensePlace,
    pub log_variance: DensePlace,
    pub linear: Option<LinearPlaces>,
    /// Latent vector to the decoder's first convolution; none where all layers are dense.
    pub expansion: Option<DensePlace>,
    /// Features to image, before the sigmoid.
    pub decoder: Layers,
}

/// The two dense layers of a linear path.
#[derive(Debug)]
pub(super) struct LinearPlaces {
    pub encoder: DensePlace,
    pub decoder: DensePlace,
}

/// The layers of one half of a model.
#[derive(Debug)]
pub(super) enum Layers {
    /// Convolutions; `at` is the place of the first parameter, the others follow.
    Convolutions { layers: Vec<Layer>, at: usize },
    /// Dense layers with a `ReLU` between them.
    Dense(Vec<DensePlace>),
}

/// A dense layer: its weight `[outputs, inputs]` lies at `at`, its bias behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct DensePlace {
    pub at: usize,
    pub inputs: usize,
    pub outputs: usize,
}

impl Layers {
    /// Number of batch norms.
    pub fn norms(&self) -> usize {
        match self {
            Self::Convolutions { layers, .. } => layers.iter().filter(|layer| layer.normalised).count(),
            Self::Dense(_) => 0,
        }
    }
}

impl Network {
    /// Finds the layers' parameters among `names`, the model's in their order.
    ///
    /// # Errors
    /// When a name is missing.
    pub fn new(
        architecture: &Architecture,
        image: (usize, usize),
        names: &[String],
    ) -> Result<Self, ModelError> {
        let place = |name: &str| {
            let found = names.iter().position(|other| other.strip_suffix(".weight") == Some(name));
            found.ok_or_else(|| ModelError::Other(format!("the model has no tensor {name}.weight")))
        };
        let dense = |name: &str, inputs: usize, outputs: usize| -> Result<DensePlace, ModelError> {
            Ok(DensePlace { at: place(name)?, inputs, outputs })
        };
        let layers = |part: &str, convolutions: &[Convolution], sizes: &[(usize, usize)], plain_end: bool| {
            if convolutions.is_empty() {
                let numbered = sizes.iter().enumerate();
                let layers = numbered.map(|(index, (inputs, outputs))| {
                    dense(&format!("{part}.dense_{}", index + 1), *inputs, *outputs)
                });
                return Ok::<_, ModelError>(Layers::Dense(layers.collect::<Result<_, _>>()?));
            }
            let normalised = convolutions.len() - usize::from(plain_end);
            let layers = convolutions.iter().cloned().enumerate();
            Ok(Layers::Convolutions {
                layers: layers
                    .map(|(index, convolution)| Layer { convolution, normalised: index < normalised })
                    .collect(),
                at: place(&format!("{part}.conv_1"))?,
            })
        };
        let (features, latent) = (architecture.features(), architecture.latent_size);
        let linear = |pixels: usize| -> Result<LinearPlaces, ModelError> {
            Ok(LinearPlaces {
                encoder: dense("encoder.linear", pixels, latent)?,
                decoder: dense("decoder.linear", latent, pixels)?,
            })
        };
        let convolutional = architecture.hidden.is_empty();
        Ok(Self {
            image,
            padded: architecture.padded,
            latent,
            encoder: layers("encoder", &architecture.encoder, &architecture.encoder_dense(), false)?,
            mu: dense("encoder.mu", features, latent)?,
            log_variance: dense("encoder.log_variance", features, latent)?,
            linear: architecture.linear_pixels.map(linear).transpose()?,
            expansion: convolutional.then(|| dense("decoder.dense", latent, features)).transpose()?,
            decoder: layers("decoder", &architecture.decoder, &architecture.decoder_dense(), true)?,
        })
    }

    /// Pixels of an image.
    pub fn pixels(&self) -> usize {
        self.image.0 * self.image.1
    }

    /// Pixels of an image inside the model.
    pub fn padded_pixels(&self) -> usize {
        self.padded.0 * self.padded.1
    }

    /// Copies images `[batch, bins, frames]` to the model's inner size, with zeros behind the last bin and frame.
    pub fn pad(&self, images: &[f32], out: &mut [f32]) {
        let frames = self.image.1;
        let images = images.par_chunks_exact(self.pixels());
        share(images.zip(out.par_chunks_exact_mut(self.padded_pixels())), |(image, out)| {
            let (inside, behind) = out.split_at_mut(self.image.0 * self.padded.1);
            for (row, out) in image.chunks_exact(frames).zip(inside.chunks_exact_mut(self.padded.1)) {
                let (own, gap) = out.split_at_mut(frames);
                own.copy_from_slice(row);
                gap.fill(0.0);
            }
            behind.fill(0.0);
        });
    }
}
