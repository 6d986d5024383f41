//! State of the latent view: the model, the vector, its origin and its decoded sound.

use std::{collections::BTreeSet, sync::Arc};

use ndarray::Array2;

use super::{
    assumed_settings::AssumedSettings, detail::DetailState, latent_point::LatentPoint, origin::Origin,
};
pub use super::{
    model_origin::{LoadedModel, ModelOrigin},
    original::Original,
};
use crate::{
    audio::clip::Clip,
    explore::{
        axes::{Axis, AxisSystem},
        detail::Added,
    },
    jobs::runs::{bundle_config::BundleConfig, density::NearestRecording},
    pipeline::stages::MinMax,
    session::spoken::{Spoken, said},
};

/// A recording near the current vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearby {
    /// Its index in the library.
    pub recording: usize,
    /// Euclidean distance of its latent vector.
    pub distance: f64,
}

/// The decoded sound of the current vector.
#[derive(Debug)]
pub struct Decoded {
    /// Normalised image, `[bins, frames]`, 0..1.
    pub image: Array2<f32>,
    /// The image in dB (or natural log for log-mel), denormalised.
    pub feature: Array2<f32>,
    /// Detail that was added to the model's image; `None` for the model alone.
    pub detail: Option<Added>,
    /// The sound.
    pub clip: Clip,
    /// Factor that brought the peak down to 0.99, or 1.
    pub gain: f32,
    /// Spectral convergence of Griffin-Lim.
    pub spectral_convergence: f32,
    /// Milliseconds from the request to the finished sound.
    pub milliseconds: f64,
    /// The encoded recordings nearest to the vector, nearest first; none while nothing is encoded.
    pub nearest: Vec<Nearby>,
    /// How many of the recordings, in percent, are less surprising to the density than the vector is: 100 is unlike any. Of
    /// the model's training recordings, or of the encoded ones where the model has no density.
    pub off_manifold: Option<f64>,
    /// The training recording nearest to the vector, where the model knows them.
    pub nearest_training: Option<NearestRecording>,
    /// Position of the vector on the map.
    pub place: Option<[f32; 2]>,
}

impl Decoded {
    /// Words about detail to append to the description of a saved sound or figure; empty for the model alone.
    pub fn detail_words(&self) -> Spoken {
        let Some(Added { amount, recordings, is_itself }) = self.detail else { return "".into() };
        let amount = format!("{amount:.2}");
        match (is_itself, recordings) {
            (_, 0) => "".into(),
            (true, _) => said!("message-with-detail-of-itself", amount = amount),
            (false, _) => said!("message-with-detail", amount = amount, count = recordings),
        }
    }

    /// Whether detail was added.
    pub fn has_detail(&self) -> bool {
        self.detail.is_some_and(|added| added.recordings > 0)
    }
}

/// The latent vector.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each drawn on its own")]
pub struct LatentState {
    /// The model in use.
    pub model: Option<LoadedModel>,
    /// Assumed settings of the model, while the person is asked to confirm them.
    pub assumed: Option<AssumedSettings>,
    /// Whether the model came without settings of its own, so that they can be asked for again.
    pub lacks_settings: bool,
    /// Whether a model is being loaded.
    pub is_loading: bool,
    /// Whether a recording is being encoded.
    pub is_encoding: bool,
    /// The current vector; one value a dimension.
    pub vector: Vec<f32>,
    /// The range of its image before normalisation.
    pub min_max: MinMax,
    /// Which axes the sliders move along.
    pub axis_system: AxisSystem,
    /// The axes, those with the largest effect first.
    pub axes: Arc<Vec<Axis>>,
    /// Locked axes, by index in `axes`.
    pub locked: BTreeSet<usize>,
    /// Where the vector came from.
    pub origin: Origin,
    /// The sound it came from, if any.
    pub original: Option<Arc<Original>>,
    /// The newest decoded sound.
    pub decoded: Option<Arc<Decoded>>,
    /// Incremented whenever `decoded` changes, so that caches can tell.
    pub generation: u64,
    /// Whether a slider is being dragged.
    pub dragging: bool,
    /// Whether the model has detail.
    pub detail: DetailState,
    /// Whether the decoded sound loops.
    pub looping: bool,
    /// Whether there is something to undo.
    pub can_undo: bool,
    /// Whether there is something to redo.
    pub can_redo: bool,
}

impl LatentState {
    /// Whether a model is being loaded or a recording encoded.
    pub fn is_busy(&self) -> bool {
        self.is_loading || self.is_encoding
    }

    /// Where the model in use came from.
    pub fn model_origin(&self) -> Option<&ModelOrigin> {
        self.model.as_ref().map(|model| &model.origin)
    }

    /// Settings and statistics of the model in use.
    pub fn model_config(&self) -> Option<&Arc<BundleConfig>> {
        self.model.as_ref().map(|model| &model.config)
    }

    /// The current vector with what belongs to it.
    pub(in crate::session) fn place(&self) -> LatentPoint {
        LatentPoint {
            vector: self.vector.clone(),
            min_max: self.min_max,
            origin: self.origin.clone(),
            original: self.original.clone(),
        }
    }
}
