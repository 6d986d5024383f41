//! A map of encoded recordings.

use std::sync::Arc;

use ndarray::Axis;

use crate::{JobContext, JobError, in_pool, latent::encoded_set::EncodedSet};
use timbrespace_analysis::explore::{
    layout::{Layout, LayoutKind},
    tsne,
};
use timbrespace_base::{interrupt::Signal, sentence};

/// The name of the work in progress news.
pub const ARRANGING: &str = "arranging";
/// Most vectors that t-SNE arranges; of more, evenly spread ones, and the others are put between their neighbours.
pub const MOST_ARRANGED: usize = 10_000;

/// What to lay out.
pub struct Request {
    /// The encoded recordings.
    pub set: Arc<EncodedSet>,
    /// How.
    pub kind: LayoutKind,
}

/// Lays out the vectors of the set. The same vectors give the same map.
///
/// # Errors
/// When there are too few or only equal vectors for t-SNE, or on [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Layout, JobError> {
    let Request { set, kind } = request;
    let vectors = set.vectors();
    if *kind == LayoutKind::Pca {
        return Ok(Layout::by_pca(&set.principal, vectors));
    }
    let count = vectors.len().min(MOST_ARRANGED);
    let embedded: Vec<usize> = (0..count).map(|place| place * vectors.len() / count.max(1)).collect();
    let sample = vectors.vectors().select(Axis(0), &embedded);
    let mut go_on = |done, total| {
        context.progress(ARRANGING, done, total);
        context.interrupt.wait_while_paused() != Signal::Stop
    };
    // One thread: its sums are added in one order, and the map repeats.
    let places = in_pool(Some(1), || tsne::embed(&sample, &mut go_on))?;
    match places {
        Some(places) => Ok(Layout::by_tsne(&set.principal, vectors, &embedded, &places)),
        None if context.interrupt.is_stopped() => Err(JobError::Stopped),
        None => Err(sentence!(
            "error-tsne-few",
            "t-SNE needs at least {least} different sounds, here are {count}: use the map by principal components",
            least = tsne::FEWEST,
            count = vectors.len()
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::{JobEvent, latent::encoded_set::Listed};
    use timbrespace_base::interrupt::Interrupt;
    use timbrespace_signal::pipeline::stages::MinMax;

    fn set(count: usize) -> Arc<EncodedSet> {
        let vectors =
            Array2::from_shape_fn((count, 4), |(row, column)| ((row * 7 + column * 13) % 31) as f32);
        let listed = |index: usize| Listed {
            index,
            path: format!("{index}.wav").into(),
            name: index.to_string(),
            class: String::new(),
        };
        let min_max = vec![MinMax { min: -60.0, max: 20.0 }; count];
        Arc::new(EncodedSet::of((0..count).map(listed).collect(), &vectors, min_max))
    }

    #[test]
    fn beyond_the_limit_the_rest_is_placed_between_its_neighbours() {
        let set = set(MOST_ARRANGED + 500);
        let layout = run(
            &Request { set: Arc::clone(&set), kind: LayoutKind::Pca },
            &JobContext::silent(&Interrupt::new()),
        )
        .unwrap();
        assert_eq!(layout.len(), MOST_ARRANGED + 500);
        let interrupt = Interrupt::new();
        let stop_soon = interrupt.clone();
        let sink = move |event: JobEvent| {
            if let JobEvent::Progress { done, .. } = event
                && done >= 25
            {
                stop_soon.stop();
            }
        };
        assert!(
            run(
                &Request { set: Arc::clone(&set), kind: LayoutKind::Tsne },
                &JobContext::new(&sink, &interrupt)
            )
            .unwrap_err()
            .is_stopped()
        );
    }

    #[test]
    fn few_sounds_are_refused_with_what_to_do() {
        let error =
            run(&Request { set: set(5), kind: LayoutKind::Tsne }, &JobContext::silent(&Interrupt::new()))
                .unwrap_err();
        assert!(error.to_string().contains("principal components"), "{error}");
        let layout =
            run(&Request { set: set(40), kind: LayoutKind::Tsne }, &JobContext::silent(&Interrupt::new()))
                .unwrap();
        assert_eq!((layout.kind(), layout.len()), (LayoutKind::Tsne, 40));
    }
}
