//! How well the nearest latent vectors recognise recordings that were kept out of training.
//!
//! Every placeholder of the label pattern (for `{class}_{group}_{index}` of spoken digits: the digit and the speaker) is
//! recognised by a vote of the nearest known recordings ([`timbrespace_analysis::explore::vote`]), four times with the same recordings:
//! among the model's mu, among as many principal components of the known images, among the images' own pixels, and without
//! looking, by the label that most known recordings have. A model is worth its training where mu beats the components.
//!
//! Distances are Euclidean everywhere: the prior of mu is a Gaussian with one spread in all directions, lengths say something
//! in all three spaces, and one measure for all makes the comparison fair.

mod kept_out;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant,
};
use timbrespace_base::sentence;

use ndarray::{Array2, Axis};
use serde::Serialize;

use kept_out::{Fields, Parts};
pub use kept_out::{KeptOut, Values};

use crate::{
    JobContext, JobError,
    data::{chosen::Chosen, source, streamed_source::StreamedSource},
    encode::encode_all,
    runs::{
        baselines::{BaselineModel, flat},
        bundle::Bundle,
    },
};
use timbrespace_analysis::explore::{
    neighbours::{Neighbour, Neighbours},
    vote::{most_frequent, nearest_of_each, recognised},
};

use timbrespace_signal::{
    audio::left_out::LeftOut,
    pipeline::{dataset::Dataset, labels},
};
use timbrespace_vae::trainer::BatchSource as _;

/// Recordings whose neighbours are found between two looks at the interrupt.
const CHUNK: usize = 64;
/// Bytes of images or vectors that are held at a time, of each part of the recordings.
const BYTES_AT_ONCE: usize = 128 << 20;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: PathBuf,
    /// Whether recordings of other rates than the model's may be resampled, also where its training did not.
    pub resample: bool,
    /// Recordings or a preprocessed folder, those kept out and those that vote.
    pub folder: PathBuf,
    /// Recordings to leave out, besides those that the run left out where its own split is asked for.
    pub left_out: LeftOut,
    /// Which recordings were kept out.
    pub kept_out: KeptOut,
    /// How names are read; `None` for the model's pattern, else the one that fits most names.
    pub labels: Option<String>,
    /// Neighbours that vote.
    pub voters: usize,
}

/// How many of the kept-out recordings are recognised, as parts of 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recognition {
    /// Name in the pattern, for example `class`.
    pub placeholder: String,
    /// Different labels among the known recordings.
    pub labels: usize,
    /// Kept-out recordings whose label no known recording has, so that no vote can give it.
    pub new_labels: usize,
    /// Among the model's mu.
    pub mu: f64,
    /// Among principal components of the known images.
    pub pca: f64,
    /// Among the images' pixels.
    pub pixels: f64,
    /// By always saying the most frequent label of the known recordings.
    pub chance: f64,
}

/// The figures.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Recordings that vote.
    pub known: usize,
    /// Recordings that are recognised.
    pub kept_out: usize,
    /// How they were told apart, in words.
    pub split: String,
    /// Whether the split is the run's own; otherwise nobody checked that the model never saw the kept-out recordings.
    pub split_of_run: bool,
    /// Neighbours that vote.
    pub voters: usize,
    /// How near is measured.
    pub distance: &'static str,
    /// Values of mu.
    pub latent_size: usize,
    /// Principal components: as many, or fewer where the known images have less rank.
    pub pca_components: usize,
    /// Half the width of the interval in which 19 of 20 such measurements of one accuracy lie, at its widest (an accuracy of
    /// one half), as a part of 1: smaller differences say little.
    pub uncertainty: f64,
    /// One entry a placeholder of the pattern, the index left out.
    pub placeholders: Vec<Recognition>,
    /// Recordings left out because their names do not fit the pattern.
    pub unlabelled: usize,
    /// Time it took.
    pub seconds: f64,
}

/// Measures.
///
/// # Errors
/// When the images do not fit the model, names have no labels, or the kept-out recordings cannot be told.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Report, JobError> {
    let started = Instant::now();
    let bundle = Bundle::open(&request.bundle)?.resampling(request.resample);
    let mut left_out = request.left_out.clone();
    if request.kept_out == KeptOut::Validation {
        left_out.extend(&bundle.config.dataset.left_out);
    }
    let chosen = Chosen::new(&request.folder, &left_out);
    let source = StreamedSource::of(chosen, &bundle.config.preprocessing, context)?;
    let dataset = source.dataset();
    source::check_fits(&dataset.config, &bundle.config.preprocessing)?;
    let fields = fields(dataset, request.labels.as_deref());
    let parts = request.kept_out.parts(dataset, &fields, &bundle.config)?;
    let (names, parts, unlabelled) = labelled(&fields, parts)?;
    let mu = encode_all(&bundle.snapshot, &source, context)?.mu;
    context.note(format!(
        "fitting {} principal components to the known images",
        bundle.config.model.latent_size
    ));
    let baselines = BaselineModel::fit(&source, &parts.known, mu.ncols())?;
    let search = Search { parts: &parts, voters: request.voters, context, bytes: BYTES_AT_ONCE };
    let by_mu = search.nearest("comparing mu", mu.ncols(), |of| Ok(mu.select(Axis(0), of)))?;
    let coordinates = baselines.components();
    let by_pca =
        search.nearest("comparing components", coordinates, |of| baselines.coordinates(&source, of))?;
    let (bins, frames) = source.image_shape();
    let by_pixels = search.nearest("comparing pixels", bins * frames, |of| flat(&source, of))?;
    let placeholders = names
        .iter()
        .map(|name| {
            let labels = Labels::of(&fields, &parts, name);
            labels.recognition(name, [&by_mu, &by_pca, &by_pixels])
        })
        .collect();
    Ok(Report {
        known: parts.known.len(),
        kept_out: parts.kept_out.len(),
        split: parts.words,
        split_of_run: request.kept_out == KeptOut::Validation,
        voters: request.voters,
        distance: "Euclidean",
        latent_size: mu.ncols(),
        pca_components: baselines.components(),
        uncertainty: widest_interval(parts.kept_out.len()),
        placeholders,
        unlabelled,
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// Half of the 95 % interval of a proportion of one half among `count` (normal approximation of the binomial distribution).
fn widest_interval(count: usize) -> f64 {
    const DEVIATIONS: f64 = 1.96;
    DEVIATIONS * 0.5 / (count.max(1) as f64).sqrt()
}

/// The fields of every name, by the pattern that was given, the data set's, or the one that fits most names.
fn fields(dataset: &Dataset, given: Option<&str>) -> Vec<Fields> {
    let paths: Vec<&Path> = dataset.items.iter().map(|item| Path::new(&item.name)).collect();
    let kept = Some(dataset.config.labels.as_str()).filter(|labels| !labels.is_empty());
    let pattern = given.or(kept).map_or_else(|| labels::guess_pattern(paths.iter().copied()), str::to_owned);
    paths.into_iter().map(|path| labels::fields_of(path, &pattern)).collect()
}

/// The placeholders that are recognised, and the parts without recordings that lack one of them.
fn labelled(fields: &[Fields], parts: Parts) -> Result<(Vec<String>, Parts, usize), JobError> {
    let longest = fields.iter().max_by_key(|fields| fields.len());
    let names: Vec<String> = longest
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .filter(|name| name != labels::INDEX)
        .collect();
    if names.is_empty() {
        return Err(sentence!(
            "error-no-labels",
            "the names of the recordings have no label that could be recognised; --labels '{{class}}_{{group}}_{{index}}' says \
             how names are read"
        )
        .into());
    }
    let has_all = |place: &usize| {
        fields.get(*place).is_some_and(|fields| names.iter().all(|name| value_of(fields, name).is_some()))
    };
    let Parts { mut known, mut kept_out, words } = parts;
    let before = known.len() + kept_out.len();
    known.retain(has_all);
    kept_out.retain(has_all);
    if known.is_empty() || kept_out.is_empty() {
        return Err(sentence!(
            "error-no-voters",
            "of the recordings whose names fit the pattern, {vote} vote and {out} are kept out: both parts need one at least",
            vote = known.len(),
            out = kept_out.len()
        )
        .into());
    }
    let unlabelled = before - known.len() - kept_out.len();
    Ok((names, Parts { known, kept_out, words }, unlabelled))
}

fn value_of<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

/// Finds neighbours of the kept-out recordings among the known ones.
struct Search<'a> {
    parts: &'a Parts,
    voters: usize,
    context: &'a JobContext<'a>,
    /// Bytes of vectors of each part that are held at a time.
    bytes: usize,
}

impl Search<'_> {
    /// The nearest of the vectors of `size` values that `vectors` gives for places in the data set. It is asked for a few at a
    /// time, for the known ones anew with each few of the kept-out ones.
    fn nearest(
        &self,
        stage: &'static str,
        size: usize,
        vectors: impl Fn(&[usize]) -> Result<Array2<f32>, JobError>,
    ) -> Result<Vec<Vec<Neighbour>>, JobError> {
        let Parts { known, kept_out, .. } = self.parts;
        let at_once = (self.bytes / (size * size_of::<f32>()).max(1)).max(CHUNK);
        let (total, parts) = (kept_out.len(), known.len().div_ceil(at_once).max(1));
        let mut nearest = Vec::with_capacity(total);
        for chunk in kept_out.chunks(at_once) {
            let (places, done) = (vectors(chunk)?, nearest.len());
            let mut found = vec![Vec::new(); chunk.len()];
            for (part, some) in known.chunks(at_once).enumerate() {
                let some = Neighbours::from(vectors(some)?);
                let compared = found.chunks_mut(CHUNK).zip(places.axis_chunks_iter(Axis(0), CHUNK));
                for (index, (found, places)) in compared.enumerate() {
                    self.context.check_stopped()?;
                    let near = nearest_of_each(&some, &places, self.voters);
                    found.iter_mut().zip(near).for_each(|(found, near)| {
                        keep_nearest_of_parts(found, near, part * at_once, self.voters);
                    });
                    let now = ((index + 1) * CHUNK).min(chunk.len());
                    self.context.progress(stage, done + (part * chunk.len() + now) / parts, total);
                }
            }
            nearest.extend(found);
        }
        Ok(nearest)
    }
}

/// Adds `near`, the nearest of the part that begins with vector `first`, to the nearest of all parts before it.
fn keep_nearest_of_parts(found: &mut Vec<Neighbour>, near: Vec<Neighbour>, first: usize, count: usize) {
    found.extend(near.into_iter().map(|near| Neighbour { index: first + near.index, ..near }));
    // Stable: of equal distances the earlier vector stays first, as in one search among all.
    found.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    found.truncate(count);
}

/// The labels of one placeholder as numbers.
struct Labels {
    known: Vec<usize>,
    kept_out: Vec<usize>,
}

impl Labels {
    fn of(fields: &[Fields], parts: &Parts, name: &str) -> Self {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut number = |places: &[usize]| -> Vec<usize> {
            let values = places.iter().filter_map(|&place| value_of(fields.get(place)?, name));
            values
                .map(|value| {
                    let next = numbers.len();
                    *numbers.entry(value).or_insert(next)
                })
                .collect()
        };
        Self { known: number(&parts.known), kept_out: number(&parts.kept_out) }
    }

    fn recognition(&self, name: &str, [mu, pca, pixels]: [&Vec<Vec<Neighbour>>; 3]) -> Recognition {
        let part = |right: usize| right as f64 / self.kept_out.len().max(1) as f64;
        let voted = |nearest: &[Vec<Neighbour>]| part(recognised(nearest, &self.known, &self.kept_out));
        // Known recordings were numbered first.
        let labels = self.known.iter().max().map_or(0, |most| most + 1);
        let guess = most_frequent(&self.known);
        Recognition {
            placeholder: name.to_owned(),
            labels,
            new_labels: self.kept_out.iter().filter(|label| **label >= labels).count(),
            mu: voted(mu),
            pca: voted(pca),
            pixels: voted(pixels),
            chance: part(self.kept_out.iter().filter(|label| Some(**label) == guess).count()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use timbrespace_base::interrupt::Interrupt;

    #[test]
    fn neighbours_are_those_of_one_search_while_few_vectors_are_held() {
        // Three classes of equal vectors each, so that many distances are equal.
        let all = Array2::from_shape_fn((1000, 8), |(row, column)| (row % 37 * (column + 3) % 11) as f32);
        let (kept_out, known): (Vec<usize>, Vec<usize>) = (0..1000).partition(|row| row % 4 == 1);
        let whole = nearest_of_each(
            &Neighbours::from(all.select(Axis(0), &known)),
            &all.select(Axis(0), &kept_out),
            20,
        );
        let parts = Parts { known, kept_out, words: String::new() };
        let (interrupt, done) = (Interrupt::new(), std::sync::Mutex::new(Vec::new()));
        let sink = |event: crate::JobEvent| {
            if let crate::JobEvent::Progress { done: now, total, .. } = event {
                assert_eq!(total, 250);
                done.lock().unwrap().push(now);
            }
        };
        let context = JobContext::new(&sink, &interrupt);
        for bytes in [0, 100 * 8 * size_of::<f32>(), 1 << 20] {
            let (most, asked) = (Cell::new(0), Cell::new(0));
            let search = Search { parts: &parts, voters: 20, context: &context, bytes };
            let found = search.nearest("comparing", 8, |of| {
                most.set(most.get().max(of.len()));
                asked.set(asked.get() + of.len());
                Ok(all.select(Axis(0), of))
            });
            assert_eq!(found.unwrap(), whole);
            let at_once = [64, 100, 750].into_iter().find(|count| *count >= bytes / 32).unwrap_or(750);
            assert_eq!(most.get(), at_once);
            assert_eq!(asked.get(), 250 + 750 * 250_usize.div_ceil(at_once));
            let done = std::mem::take(&mut *done.lock().unwrap());
            assert!(done.is_sorted() && done.last() == Some(&250), "{done:?}");
        }
    }
}
