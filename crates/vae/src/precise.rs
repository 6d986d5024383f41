//! Precise batch norm: statistics re-estimated with the current weights (Wu & Johnson 2021, "Rethinking Batch").
//!
//! Keras's running statistics lag hundreds of steps behind the weights. Snapshots instead use the mean of the
//! statistics of some training batches, computed as in training with latent noise included.

use super::{
    batch_norm::Moments,
    batch_source::BatchSource,
    batches::{images, noise, shuffled},
    config::TrainingConfig,
    error::ModelError,
    model::Vae,
    passes::Batch,
    random::Purpose,
};
use timbrespace_base::interrupt::Interrupt;

/// Inputs of the estimate.
pub(crate) struct Estimate<'a> {
    pub model: &'a Vae,
    pub latent_size: usize,
    pub settings: &'a TrainingConfig,
    pub source: &'a dyn BatchSource,
    /// Indices of the training images.
    pub training: &'a [usize],
    /// Steps done so far; each step draws other batches.
    pub step: usize,
}

impl Estimate<'_> {
    /// Mean over batches of each layer's means and variances; `None` if stopped before the end.
    ///
    /// Uses fewer batches than [`TrainingConfig::precise_batches`] if there are not enough images.
    ///
    /// # Errors
    /// When candle fails.
    pub fn run(&self, interrupt: Option<&Interrupt>) -> Result<Option<Vec<Moments>>, ModelError> {
        if !self.model.has_norms() {
            return Ok(Some(Vec::new()));
        }
        let seed = self.settings.seed;
        let order = shuffled(self.training, seed, Purpose::PreciseBatchNorm, 0, self.step);
        let mut total: Vec<MomentSums> = Vec::new();
        for (index, batch) in
            order.chunks(self.settings.batch_size).take(self.settings.precise_batches).enumerate()
        {
            // Statistics of a single left-over image are poor; batches of one are allowed only if the
            // settings ask for them.
            if index > 0 && batch.len() == 1 && self.settings.batch_size > 1 {
                break;
            }
            if interrupt.is_some_and(Interrupt::is_stopped) {
                return Ok(None);
            }
            let purpose = Purpose::PreciseBatchNorm;
            let noise = noise(batch.len(), self.latent_size, seed, purpose, index + 1, self.step);
            let images = images(self.source, batch)?;
            let batch = Batch { inputs: &images, targets: &images, noise: &noise };
            let moments = self.model.moments(&batch)?;
            total.resize_with(moments.len(), MomentSums::default);
            total.iter_mut().zip(&moments).for_each(|(sums, moments)| sums.add(moments));
        }
        Ok(Some(total.iter().map(MomentSums::mean).collect()))
    }
}

/// Sums of moments in f64.
#[derive(Default)]
struct MomentSums {
    batches: usize,
    mean: Vec<f64>,
    variance: Vec<f64>,
}

impl MomentSums {
    fn add(&mut self, moments: &Moments) {
        self.batches += 1;
        for (sums, values) in [(&mut self.mean, &moments.mean), (&mut self.variance, &moments.variance)] {
            sums.resize(values.len(), 0.0);
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += f64::from(*value));
        }
    }

    fn mean(&self) -> Moments {
        let mean = |sums: &[f64]| sums.iter().map(|sum| (sum / self.batches as f64) as f32).collect();
        Moments { mean: mean(&self.mean), variance: mean(&self.variance) }
    }
}
