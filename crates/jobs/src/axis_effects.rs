//! What each slider does to the image: the decoder's images on either side of the data's mean, and their difference.

use std::{ops::Range, sync::Arc};

use ndarray::{Array2, Axis as Dimension, s};

use crate::{JobContext, JobError, JobEvent, in_pool, runs::bundle::Bundle};
use timbrespace_analysis::explore::axes::Axis;

/// Half the way along the axis, in standard deviations of the data.
pub const DEVIATIONS: f32 = 2.0;
/// Axes that are decoded between two pieces of news.
const AT_ONCE: usize = 4;
/// Most pixels of a small difference image, in height and in width.
const SIDE: usize = 32;

/// How an image changes along an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Change of the normalised image from −2 to +2 standard deviations, small, `[rows, columns]`, low bins first.
    pub change: Array2<f32>,
    /// Root of the mean square of the change, over all cells of the whole image.
    pub strength: f32,
}

/// Which effects to measure.
pub struct Request {
    /// The model.
    pub bundle: Arc<Bundle>,
    /// The axes.
    pub axes: Arc<Vec<Axis>>,
    /// The data's mean vector, around which they are measured.
    pub mean: Vec<f32>,
}

/// Measures the effects in the order of the axes; they come as [`JobEvent::Effects`], some at a time. One thread works: somebody
/// may be playing meanwhile.
///
/// # Errors
/// When the axes are not of this model's vectors, or on an interrupt.
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<(), JobError> {
    in_pool(Some(1), || measure(request, context))?
}

fn measure(request: &Request, context: &JobContext<'_>) -> Result<(), JobError> {
    let Request { bundle, axes, mean } = request;
    for (chunk, axes) in axes.chunks(AT_ONCE).enumerate() {
        context.wait_while_paused()?;
        let mut vectors = Array2::<f32>::zeros((2 * axes.len(), mean.len()));
        for (index, axis) in axes.iter().enumerate() {
            for (row, sign) in [(2 * index, -1.0), (2 * index + 1, 1.0)] {
                let mut vector = mean.clone();
                axis.move_to(&mut vector, axis.mean + sign * DEVIATIONS * axis.deviation);
                vectors.row_mut(row).iter_mut().zip(vector).for_each(|(target, value)| *target = value);
            }
        }
        let images = bundle.snapshot.decode(&vectors)?;
        let effects = images.axis_chunks_iter(Dimension(0), 2).map(|pair| {
            let change = &pair.slice(s![1, .., ..]) - &pair.slice(s![0, .., ..]);
            effect(&change)
        });
        context.event(JobEvent::Effects(chunk * AT_ONCE, effects.collect()));
    }
    Ok(())
}

fn effect(change: &Array2<f32>) -> Effect {
    let (bins, frames) = change.dim();
    let (rows, columns) = (bins.min(SIDE), frames.min(SIDE));
    let part = |index: usize, count: usize, cells: usize| -> Range<usize> {
        index * cells / count..(index + 1) * cells / count
    };
    let small = Array2::from_shape_fn((rows, columns), |(row, column)| {
        change.slice(s![part(row, rows, bins), part(column, columns, frames)]).mean().unwrap_or(0.0)
    });
    let squares: f32 = change.iter().map(|value| value * value).sum();
    Effect { change: small, strength: (squares / change.len().max(1) as f32).sqrt() }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::runs::demo_model;
    use timbrespace_analysis::explore::axes::{Spread, dimensions};
    use timbrespace_base::interrupt::Interrupt;

    #[test]
    fn effects_are_the_difference_of_the_images_on_either_side() {
        let bundle = Arc::new(demo_model::open().unwrap());
        let latent = &bundle.config.latent;
        let spread = Spread { mean: &latent.mean, deviation: &latent.std, kl: &latent.kl };
        let size = bundle.config.model.latent_size;
        let axes = dimensions(size, spread, None);
        let heard = Mutex::new(Vec::new());
        let sink = |event: JobEvent| {
            let JobEvent::Effects(from, effects) = event else { panic!("{event:?}") };
            let mut heard = heard.lock().unwrap();
            assert_eq!(heard.len(), from);
            heard.extend(effects);
        };
        let request =
            Request { bundle: Arc::clone(&bundle), axes: Arc::new(axes.clone()), mean: latent.mean.clone() };
        run(&request, &JobContext::new(&sink, &Interrupt::new())).unwrap();
        let heard = heard.into_inner().unwrap();
        assert_eq!(heard.len(), size);
        assert_eq!(heard[0].change.dim(), (SIDE, SIDE));
        assert!(heard.iter().all(|effect| effect.strength > 0.0));
        // By hand for the first: the mean of its top left cell.
        let (axis, number) = (&axes[0], axes[0].number);
        let image = |sign: f32| {
            let mut vector = latent.mean.clone();
            vector[number] = axis.mean + sign * 2.0 * axis.deviation;
            bundle.snapshot.decode(&Array2::from_shape_vec((1, size), vector).unwrap()).unwrap()
        };
        let change = &image(1.0) - &image(-1.0);
        let (rows, columns) = (change.dim().1 / SIDE, change.dim().2 / SIDE);
        let cell = change.slice(s![0, ..rows, ..columns]).mean().unwrap();
        assert!((heard[0].change[(0, 0)] - cell).abs() < 1e-5);
    }

    #[test]
    fn a_stop_is_a_stop() {
        let bundle = Arc::new(demo_model::open().unwrap());
        let spread = Spread { mean: &[], deviation: &[], kl: &[] };
        let axes = dimensions(bundle.config.model.latent_size, spread, None);
        let interrupt = Interrupt::new();
        interrupt.stop();
        let mean = vec![0.0; axes.len()];
        let request = Request { bundle, axes: Arc::new(axes), mean };
        assert!(run(&request, &JobContext::silent(&interrupt)).unwrap_err().is_stopped());
    }
}
