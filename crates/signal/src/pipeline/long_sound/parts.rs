//! Images of parts of a long sound, by the pipeline's own extractor and normaliser.

use std::{
    fmt,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use ndarray::{Array2, s};
use rayon::prelude::*;

use super::Tile;
use crate::pipeline::{
    config::PreprocessingConfig, extractor::Extractor, normaliser::Normaliser, stages::MinMax,
};

/// Frames that one thread transforms at a time.
const FRAMES_AT_ONCE: usize = 1024;

/// Makes images of parts of one sound; clones share what it holds.
#[derive(Clone)]
pub struct PartImages {
    /// The pipeline's own extractor.
    extractor: Arc<dyn Extractor>,
    source: Source,
    normaliser: Arc<dyn Normaliser>,
}

/// Where images come from.
#[derive(Clone)]
enum Source {
    /// From the samples of a part.
    Parts(Arc<dyn Extractor>),
    /// From the whole image, where only the whole sound gives it: magnitude and feature.
    Whole(Arc<(Array2<f32>, Array2<f32>)>),
}

impl fmt::Debug for PartImages {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            Source::Parts(_) => "parts",
            Source::Whole(_) => "whole",
        };
        formatter.debug_struct("PartImages").field("source", &source).finish_non_exhaustive()
    }
}

/// Images of some frames before the sound's floor and extremes are applied, and the extremes found on the way.
pub(super) struct Raw {
    pub magnitude: Array2<f32>,
    pub feature: Array2<f32>,
    pub extremes: MinMax,
}

impl PartImages {
    /// Images of the sound `padded`. An extractor that cannot make those of parts makes the image of the whole here.
    pub fn new(mut extractor: Box<dyn Extractor>, normaliser: Arc<dyn Normaliser>, padded: &[f32]) -> Self {
        let source = if let Some(parts) = extractor.for_parts() {
            Source::Parts(Arc::from(parts))
        } else {
            let extracted = extractor.extract_stages(padded);
            Source::Whole(Arc::new((extracted.magnitude, extracted.feature)))
        };
        Self { extractor: Arc::from(extractor), source, normaliser }
    }

    /// The lowest value of a feature whose largest value is `max`.
    pub(super) fn floor(&self, max: f32) -> f32 {
        match self.source {
            Source::Parts(_) => self.extractor.floor(max),
            Source::Whole(_) => f32::NEG_INFINITY,
        }
    }

    /// Images of `frames`; every `per_column` of them give one column of their largest values. `goes_on` is told the part that is
    /// done, 0 to 1; once it is false, what is left stays empty.
    pub(super) fn raw(
        &self,
        config: &PreprocessingConfig,
        padded: &[f32],
        frames: Range<usize>,
        per_column: usize,
        goes_on: &(dyn Fn(f32) -> bool + Sync),
    ) -> Raw {
        match &self.source {
            Source::Parts(extractor) => {
                transform(extractor.as_ref(), config, padded, frames, per_column, goes_on)
            }
            Source::Whole(images) => columns_of(&images.0, &images.1, frames, per_column),
        }
    }

    /// Applies the sound's floor and normalises by its extremes.
    pub(super) fn finished(
        &self,
        raw: Raw,
        min_max: MinMax,
        first_frame: usize,
        frames_per_column: usize,
    ) -> Tile {
        let mut feature = raw.feature;
        feature.mapv_inplace(|value| value.max(min_max.min));
        let mut normalised = feature.clone();
        self.normaliser.normalise_part(&mut normalised, min_max);
        Tile { first_frame, frames_per_column, magnitude: raw.magnitude, feature, normalised }
    }
}

/// Transforms `frames` in parallel; no more of them once `goes_on`, which is told the part that is done, is false.
fn transform(
    extractor: &dyn Extractor,
    config: &PreprocessingConfig,
    padded: &[f32],
    frames: Range<usize>,
    per_column: usize,
    goes_on: &(dyn Fn(f32) -> bool + Sync),
) -> Raw {
    let columns = frames.len().div_ceil(per_column);
    let columns_at_once = FRAMES_AT_ONCE.div_ceil(per_column);
    let parts: Vec<Range<usize>> = (0..columns)
        .step_by(columns_at_once)
        .map(|column| {
            let start = frames.start + column * per_column;
            start..(start + columns_at_once * per_column).min(frames.end)
        })
        .collect();
    let (count, done) = (parts.len() as f32, AtomicUsize::new(0));
    let raws: Vec<Raw> = parts
        .into_par_iter()
        .map_init(
            || extractor.worker(),
            |extractor, part| {
                let before = done.fetch_add(1, Ordering::Relaxed);
                goes_on(before as f32 / count)
                    .then(|| part_of(extractor.as_mut(), config, padded, part, per_column))
            },
        )
        .while_some()
        .collect();
    let bins = raws.first().map_or(config.frame_size / 2, |raw| raw.magnitude.nrows());
    let mut whole = Raw {
        magnitude: Array2::zeros((bins, columns)),
        feature: Array2::zeros((extractor.image_shape(padded.len()).0, columns)),
        extremes: MinMax { min: f32::INFINITY, max: f32::NEG_INFINITY },
    };
    let mut column = 0;
    for raw in raws {
        let end = column + raw.magnitude.ncols();
        whole.magnitude.slice_mut(s![.., column..end]).assign(&raw.magnitude);
        whole.feature.slice_mut(s![.., column..end]).assign(&raw.feature);
        whole.extremes.min = whole.extremes.min.min(raw.extremes.min);
        whole.extremes.max = whole.extremes.max.max(raw.extremes.max);
        column = end;
    }
    whole
}

/// Transforms a few frames on one thread.
fn part_of(
    extractor: &mut dyn Extractor,
    config: &PreprocessingConfig,
    padded: &[f32],
    frames: Range<usize>,
    per_column: usize,
) -> Raw {
    // Frames before and after have the samples that these share with them; what the ends of the cut make of those is left out.
    let (hop, context) = (config.hop_length, config.frame_size.div_ceil(config.hop_length));
    let first = frames.start.saturating_sub(context);
    let start = (first * hop).min(padded.len());
    let end = ((frames.end + context) * hop + config.frame_size).min(padded.len());
    let extracted = extractor.extract_stages(padded.get(start..end).unwrap_or_default());
    let own = frames.start - first..frames.end - first;
    columns_of(&extracted.magnitude, &extracted.feature, own, per_column)
}

/// Columns `frames` of magnitude and feature.
fn columns_of(
    magnitude: &Array2<f32>,
    feature: &Array2<f32>,
    frames: Range<usize>,
    per_column: usize,
) -> Raw {
    let own = |image: &Array2<f32>| {
        let to = frames.end.min(image.ncols());
        image.slice(s![.., frames.start.min(to)..to]).to_owned()
    };
    let (magnitude, feature) = (own(magnitude), own(feature));
    let extremes = feature.as_slice().map_or(MinMax { min: 0.0, max: 0.0 }, MinMax::of);
    Raw { magnitude: merged(&magnitude, per_column), feature: merged(&feature, per_column), extremes }
}

/// The largest value of every `per_column` neighbours of a row.
fn merged(image: &Array2<f32>, per_column: usize) -> Array2<f32> {
    if per_column == 1 {
        return image.clone();
    }
    let columns = image.ncols().div_ceil(per_column);
    let mut largest = Array2::from_elem((image.nrows(), columns), f32::NEG_INFINITY);
    for (mut to, from) in largest.rows_mut().into_iter().zip(image.rows()) {
        for (column, value) in from.iter().enumerate() {
            let target = &mut to[column / per_column];
            *target = target.max(*value);
        }
    }
    largest
}
