//! Adam with savable moments, so that a resumed run is bit-identical.

use std::ops::Deref;

use candle_core::Var;
use multiversion::multiversion;
use rayon::prelude::*;

use super::{
    config::TrainingConfig,
    elementwise::{sum, sums_with},
    error::ModelError,
    tasks::{collect, share, try_share},
    tensors::change_elements,
};

/// Elements that one thread computes at a time. Constant, so that the order of additions does not depend on the thread
/// count.
const BLOCK: usize = 1 << 14;
/// Steps before gradient clipping starts: the usual gradient norm is not known yet.
const UNCLIPPED_STEPS: usize = 10;

/// Adam (Kingma & Ba 2015) as Keras computes it.
///
/// `w -= α √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)`: epsilon is added to the root of the *uncorrected* second
/// moment (the paper's "ε̂", section 2), whereas PyTorch adds it after the correction.
#[derive(Clone, Debug)]
pub(crate) struct Adam {
    /// Steps done, the paper's t.
    pub step: usize,
    /// First moments: decaying mean of each gradient, one vector per parameter, in model order.
    pub first: Vec<Vec<f32>>,
    /// Second moments: decaying mean of each squared gradient.
    pub second: Vec<Vec<f32>>,
}

impl Adam {
    /// Zero moments for parameters of the given `sizes`.
    pub fn new(sizes: impl Iterator<Item = usize>) -> Self {
        let first: Vec<Vec<f32>> = sizes.map(|size| vec![0.0; size]).collect();
        Self { step: 0, second: first.clone(), first }
    }

    /// One optimiser step: updates `variables` from `gradients`, in the same order, whose global norm is `norm`.
    ///
    /// # Errors
    /// When candle fails.
    pub fn apply<G: Deref<Target = [f32]> + Sync>(
        &mut self,
        settings: &TrainingConfig,
        learning_rate: f64,
        variables: &[(String, Var)],
        gradients: &[G],
        norm: f64,
    ) -> Result<(), ModelError> {
        // Uses the moments before this step, so that an outlier is compared with earlier gradients only.
        let scale = settings.gradient_limit.map_or(1.0, |limit| self.clipping_scale(limit, settings, norm));
        self.step += 1;
        let update = Update::new(settings, learning_rate, self.step, scale);
        let moments = self.first.par_iter_mut().zip(&mut self.second);
        let parameters = moments.zip(variables).zip(gradients);
        try_share(parameters, |(((first, second), (name, variable)), gradient)| {
            let part = if is_of_linear_path(name) { settings.linear_rate } else { 1.0 };
            Ok(update.apply(variable, gradient, part as f32, first, second)?)
        })
    }

    /// Gradient clipping: the factor that limits `norm` to `limit` times the usual gradient norm, the root of
    /// the sum of Adam's second moments. Needs no state of its own, so a resumed run stays bit-identical.
    fn clipping_scale(&self, limit: f64, settings: &TrainingConfig, norm: f64) -> f32 {
        if self.step < UNCLIPPED_STEPS {
            return 1.0;
        }
        let exponent = i32::try_from(self.step).unwrap_or(i32::MAX);
        // Σ v / (1 − β₂ᵗ): bias-corrected mean of the squared gradient norm
        let usual = (total(&self.second, sum) / (1.0 - settings.beta_2.powi(exponent))).sqrt();
        log::trace!("step {}: gradient {:.2} times its usual size", self.step + 1, norm / usual);
        if norm > limit * usual { (limit * usual / norm) as f32 } else { 1.0 }
    }
}

/// Whether a parameter belongs to the linear path, which has its own learning rate.
fn is_of_linear_path(name: &str) -> bool {
    name.starts_with("encoder.linear.") || name.starts_with("decoder.linear.")
}

/// Global gradient norm: Euclidean over all gradients, summed in f64.
pub(crate) fn norm<G: Deref<Target = [f32]> + Sync>(gradients: &[G]) -> f64 {
    total(gradients, |values| sums_with(values, values).1).sqrt()
}

/// `of` each block of all vectors, added in their order.
fn total<G: Deref<Target = [f32]> + Sync>(vectors: &[G], of: impl Fn(&[f32]) -> f64 + Sync) -> f64 {
    let sums: Vec<Vec<f64>> = collect(vectors.par_iter(), |vector| collect(vector.par_chunks(BLOCK), &of));
    sums.iter().flatten().sum()
}

/// Whether Adam can take gradients of this global norm: the square of each must be finite in f32. An infinite second moment would
/// become NaN at the next step and hide in a layer whose ReLU turns NaN to 0.
pub(crate) fn can_apply(norm: f64) -> bool {
    ((norm * norm) as f32).is_finite()
}

/// Constants of one step.
#[derive(Clone, Copy)]
struct Update {
    /// `1 − β₁` and `1 − β₂`, computed in f64 because f32 would lose four digits of the second.
    towards_gradient: f32,
    towards_square: f32,
    epsilon: f32,
    rate: f32,
    /// Factor on every gradient, below 1 when clipped.
    scale: f32,
}

impl Update {
    fn new(settings: &TrainingConfig, learning_rate: f64, step: usize, scale: f32) -> Self {
        let exponent = i32::try_from(step).unwrap_or(i32::MAX);
        // Bias correction of both moments, applied to the learning rate
        let correction =
            (1.0 - settings.beta_2.powi(exponent)).sqrt() / (1.0 - settings.beta_1.powi(exponent));
        Self {
            towards_gradient: (1.0 - settings.beta_1) as f32,
            towards_square: (1.0 - settings.beta_2) as f32,
            epsilon: settings.epsilon as f32,
            rate: (learning_rate * correction) as f32,
            scale,
        }
    }

    /// Updates one parameter and its moments; `part` is the parameter's factor on the learning rate.
    fn apply(
        &self,
        variable: &Var,
        gradient: &[f32],
        part: f32,
        first: &mut [f32],
        second: &mut [f32],
    ) -> candle_core::Result<()> {
        let update = Self { rate: self.rate * part, ..*self };
        change_elements(variable, |values| {
            let blocks = values.par_chunks_mut(BLOCK).zip(gradient.par_chunks(BLOCK));
            let moments = first.par_chunks_mut(BLOCK).zip(second.par_chunks_mut(BLOCK));
            share(blocks.zip(moments), |((values, gradient), (first, second))| {
                update_block(&update, values, gradient, first, second);
            });
        })
    }
}

/// Adam on one block of a parameter.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn update_block(
    update: &Update,
    values: &mut [f32],
    gradient: &[f32],
    first: &mut [f32],
    second: &mut [f32],
) {
    let moments = first.iter_mut().zip(second);
    for ((value, gradient), (first, second)) in values.iter_mut().zip(gradient).zip(moments) {
        let gradient = gradient * update.scale;
        // m += (1 − β₁)(g − m) and v += (1 − β₂)(g² − v)
        *first += (gradient - *first) * update.towards_gradient;
        *second += (gradient * gradient - *second) * update.towards_square;
        *value -= update.rate * *first / (second.sqrt() + update.epsilon);
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    fn apply(
        adam: &mut Adam,
        settings: &TrainingConfig,
        variables: &[(String, Var)],
        gradient: &[f32],
    ) -> Result<(), ModelError> {
        let gradients = [gradient.to_vec()];
        adam.apply(settings, settings.learning_rate, variables, &gradients, norm(&gradients))
    }

    #[test]
    fn gradients_whose_squares_overflow_are_not_applied() {
        assert!(can_apply(0.0) && can_apply(1e19));
        assert!(!can_apply(2e19) && !can_apply(f64::INFINITY) && !can_apply(f64::NAN));
    }

    #[test]
    fn the_norm_is_that_of_all_gradients_together() {
        assert_eq!(norm(&[vec![3.0, 0.0], vec![0.0, 4.0]]), 5.0);
        // More than one block each
        assert_eq!(norm(&[vec![0.5; 4 * BLOCK], vec![1.0; 3 * BLOCK]]), (4.0 * BLOCK as f64).sqrt());
        assert!(norm(&[vec![f32::NAN]]).is_nan() && norm(&[vec![1.0], vec![f32::INFINITY]]).is_infinite());
    }

    #[test]
    fn steps_follow_keras() {
        // Expected: Keras 3.15, Adam(learning_rate=5e-4, epsilon=1e-7) on the gradients below, starting at
        // [1, -2, 0.5].
        let expected = [
            [0.999_500_04, -1.999_5, 0.499_984_68],
            [0.999_017_5, -1.999_064_6, 0.499_952_82],
            [0.998_538_5, -1.998_84, 0.499_902_16],
            [0.998_058_3, -1.998_898_7, 0.499_831_3],
        ];
        let variable = Var::from_slice(&[1.0_f32, -2.0, 0.5], 3, &Device::Cpu).unwrap();
        let variables = vec![("w".to_owned(), variable.clone())];
        let mut adam = Adam::new(std::iter::once(3));
        let settings = TrainingConfig::default();
        for (index, expected) in expected.into_iter().enumerate() {
            let step = index as f32;
            let gradient = [0.1 * (step + 1.0), 2.0 * step - 3.0, 1e-7 * (step + 1.0)];
            apply(&mut adam, &settings, &variables, &gradient).unwrap();
            for (value, expected) in variable.to_vec1::<f32>().unwrap().into_iter().zip(expected) {
                assert!((value - expected).abs() < 5e-7, "step {}: {value}, not {expected}", index + 1);
            }
        }
    }

    #[test]
    fn a_gradient_far_longer_than_usual_is_shortened_where_there_is_a_limit() {
        let first_moment_after = |gradient_limit: Option<f64>| {
            let variable = Var::from_slice(&[0.0_f32], 1, &Device::Cpu).unwrap();
            let variables = vec![("w".to_owned(), variable.clone())];
            let settings = TrainingConfig { gradient_limit, ..TrainingConfig::default() };
            let mut adam = Adam::new(std::iter::once(1));
            for gradient in [[1.0_f32; UNCLIPPED_STEPS + 2].as_slice(), &[100.0]].concat() {
                apply(&mut adam, &settings, &variables, &[gradient]).unwrap();
            }
            adam.first[0][0]
        };
        // Twelve gradients of 1, then 100; or 2, if clipped to twice the usual norm.
        let before = 1.0 - 0.9_f32.powi(12);
        assert!((first_moment_after(None) - (before + 0.1 * (100.0 - before))).abs() < 1e-4);
        assert!((first_moment_after(Some(2.0)) - (before + 0.1 * (2.0 - before))).abs() < 1e-4);
    }

    #[test]
    fn every_block_of_a_long_parameter_is_updated_with_its_own_gradient() {
        let count = 2 * BLOCK + 5;
        let variable = Var::from_slice(&vec![0.0_f32; count], count, &Device::Cpu).unwrap();
        let gradient: Vec<f32> = (0..count).map(|index| if index % 3 == 0 { 1.0 } else { -1.0 }).collect();
        let mut adam = Adam::new(std::iter::once(count));
        let settings = TrainingConfig { epsilon: 1e-12, learning_rate: 0.25, ..TrainingConfig::default() };
        apply(&mut adam, &settings, &[("w".to_owned(), variable.clone())], &gradient).unwrap();
        // The first step of Adam goes the learning rate against the gradient's sign.
        for (value, gradient) in variable.to_vec1::<f32>().unwrap().into_iter().zip(gradient) {
            assert!((value + 0.25 * gradient).abs() < 1e-4, "{value}");
        }
    }
}
