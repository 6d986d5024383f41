//! Precise batch norm: statistics re-estimated with the current weights (Wu & Johnson 2021, "Rethinking Batch").
//!
//! The running statistics of Keras lag hundreds of steps behind the weights. Whatever is not training uses the mean of
//! the statistics of some training batches instead, sent through the model as in training, latent noise included.

use candle_core::Device;

use super::{
    batch_norm::Moments,
    batches::{images, noise, shuffled},
    config::TrainingConfig,
    error::ModelError,
    events::BatchSource,
    model::Vae,
    random::Purpose,
};
use timbrespace_base::interrupt::Interrupt;

/// What the statistics are estimated from.
pub(crate) struct Estimate<'a> {
    pub model: &'a Vae,
    pub device: &'a Device,
    pub latent_size: usize,
    pub settings: &'a TrainingConfig,
    pub source: &'a dyn BatchSource,
    /// Images that train.
    pub training: &'a [usize],
    /// Steps done: every snapshot draws batches of its own.
    pub step: usize,
}

impl Estimate<'_> {
    /// Mean over batches of every layer's means and variances; `None` when stopped on the way.
    ///
    /// Uses as many batches as there are where the images do not fill [`TrainingConfig::precise_batches`].
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
            if index > 0 && batch.len() == 1 && self.settings.batch_size > 1 {
                break;
            }
            if interrupt.is_some_and(Interrupt::is_stopped) {
                return Ok(None);
            }
            let purpose = Purpose::PreciseBatchNorm;
            let noise = noise(batch.len(), self.latent_size, seed, purpose, index + 1, self.step)?;
            let images = images(self.source, batch, self.device)?;
            let pass = self.model.training_pass(&images, &noise.to_device(self.device)?)?;
            total.resize_with(pass.moments.len(), MomentSums::default);
            total.iter_mut().zip(&pass.moments).for_each(|(sums, moments)| sums.add(moments));
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
