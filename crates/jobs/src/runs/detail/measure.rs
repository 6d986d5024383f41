//! Measuring detail: every training image minus the model's own reconstruction of it.

use std::borrow::Cow;
use timbrespace_base::{numbers, sentence};

use super::{Detail, file, weights_of};
use crate::{
    JobContext, JobError,
    data::source::{ENCODE_BATCH, batch, evenly_spread},
};
use timbrespace_vae::{snapshot::Snapshot, trainer::BatchSource};

/// The name of the work in progress news.
const STAGE: &str = "detail";

/// The residuals of the images `training` of `source`, of at most `most` of them, evenly spread; with their root mean square.
///
/// # Errors
/// When an image cannot be read, the model gives values that are not finite, memory is short, or on [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub(crate) fn residuals(
    snapshot: &Snapshot,
    source: &dyn BatchSource,
    training: &[usize],
    most: Option<usize>,
    context: &JobContext<'_>,
) -> Result<(Detail, f64), JobError> {
    context.check_stopped()?;
    let shape = file::Shape::of(snapshot.config());
    let fit = file::most_recordings(shape, file::LIMIT).min(most.unwrap_or(usize::MAX));
    let count = training.len().min(fit);
    if count == 0 {
        return Err(sentence!(
            "error-detail-of-none",
            "detail has no recording to be made of: there are {count}, and {fit} fit into the file",
            count = numbers::count(training.len()),
            fit = fit
        )
        .into());
    }
    let chosen = evenly_spread(training, count);
    let name = |&index: &usize| source.name(index).unwrap_or_default().to_owned();
    let header = file::Header {
        weights: weights_of(snapshot)?,
        of: training.len(),
        names: chosen.iter().map(name).collect(),
    };
    let mut builder = file::Builder::new(&header, shape).map_err(JobError::Other)?;
    let mut squares = 0.0;
    for (chunk, indices) in chosen.chunks(ENCODE_BATCH).enumerate() {
        context.wait_while_paused()?;
        let images = batch(source, indices)?;
        let mu = snapshot.encode(&images)?.mu;
        let residuals = images - snapshot.decode(&mu)?;
        squares += residuals.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
        builder.add(&mu, &residuals).map_err(JobError::Other)?;
        let done = chunk * ENCODE_BATCH + indices.len();
        context.progress(STAGE, done, count);
    }
    let (header, residuals) = file::parse(Cow::Owned(builder.finish()), shape).map_err(JobError::Other)?;
    let rms = (squares / (count * shape.pixels()) as f64).sqrt();
    Ok((Detail { residuals, names: header.names, of: header.of }, rms))
}
