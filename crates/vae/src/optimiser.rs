//! Adam with savable moments, so that a resumed run is bit-identical.

use candle_core::{Tensor, Var, backprop::GradStore};
use rayon::prelude::*;

use super::{config::TrainingConfig, error::ModelError};

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

    /// One optimiser step: updates `variables` from `gradients`, whose global norm is `norm`.
    ///
    /// # Errors
    /// When a gradient is missing.
    pub fn apply(
        &mut self,
        settings: &TrainingConfig,
        learning_rate: f64,
        variables: &[(String, Var)],
        gradients: &GradStore,
        norm: f64,
    ) -> Result<(), ModelError> {
        // Uses the moments before this step, so that an outlier is compared with earlier gradients only.
        let scale = settings.gradient_limit.map_or(1.0, |limit| self.clipping_scale(limit, settings, norm));
        self.step += 1;
        let update = Update::new(settings, learning_rate, self.step, scale);
        self.first.par_iter_mut().zip(&mut self.second).zip(variables).try_for_each(
            |((first, second), (name, variable))| {
                let Some(gradient) = gradients.get(variable) else {
                    return Err(ModelError::Other(format!("{name} has no gradient")));
                };
                let part = if is_of_linear_path(name) { settings.linear_rate } else { 1.0 };
                update.apply(variable, gradient, part as f32, first, second)
            },
        )
    }

    /// Gradient clipping: the factor that limits `norm` to `limit` times the usual gradient norm, the root of
    /// the sum of Adam's second moments. Needs no state of its own, so a resumed run stays bit-identical.
    fn clipping_scale(&self, limit: f64, settings: &TrainingConfig, norm: f64) -> f32 {
        if self.step < UNCLIPPED_STEPS {
            return 1.0;
        }
        let sums: Vec<f64> =
            self.second.par_iter().map(|second| second.iter().map(|value| f64::from(*value)).sum()).collect();
        let exponent = i32::try_from(self.step).unwrap_or(i32::MAX);
        // Σ v / (1 − β₂ᵗ): bias-corrected mean of the squared gradient norm
        let usual = (sums.iter().sum::<f64>() / (1.0 - settings.beta_2.powi(exponent))).sqrt();
        log::trace!("step {}: gradient {:.2} times its usual size", self.step + 1, norm / usual);
        if norm > limit * usual { (limit * usual / norm) as f32 } else { 1.0 }
    }
}

/// Whether a parameter belongs to the linear path, which has its own learning rate.
fn is_of_linear_path(name: &str) -> bool {
    name.starts_with("encoder.linear.") || name.starts_with("decoder.linear.")
}

/// Global gradient norm: Euclidean over all gradients of `variables`, summed in f64 in model order.
///
/// # Errors
/// When candle fails.
pub(crate) fn norm(variables: &[(String, Var)], gradients: &GradStore) -> Result<f64, ModelError> {
    let squares = |variable: &Var| -> Result<f64, ModelError> {
        let Some(gradient) = gradients.get(variable) else { return Ok(0.0) };
        let values = gradient.flatten_all()?.to_vec1::<f32>()?;
        Ok(values.iter().map(|value| f64::from(*value).powi(2)).sum())
    };
    let sums: Result<Vec<f64>, ModelError> =
        variables.par_iter().map(|(_, variable)| squares(variable)).collect();
    Ok(sums?.iter().sum::<f64>().sqrt())
}

/// Whether Adam can take gradients of this global norm: the square of each must be finite in f32. An infinite second moment would
/// become NaN at the next step and hide in a layer whose ReLU turns NaN to 0.
pub(crate) fn can_apply(norm: f64) -> bool {
    ((norm * norm) as f32).is_finite()
}

/// Constants of one step.
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
        gradient: &Tensor,
        part: f32,
        first: &mut [f32],
        second: &mut [f32],
    ) -> Result<(), ModelError> {
        let rate = self.rate * part;
        // candle's tensors are immutable: copy out, update, and set the variable.
        let mut values = variable.flatten_all()?.to_vec1::<f32>()?;
        let gradient = gradient.flatten_all()?.to_vec1::<f32>()?;
        for ((value, gradient), (first, second)) in
            values.iter_mut().zip(gradient).zip(first.iter_mut().zip(second))
        {
            let gradient = gradient * self.scale;
            // m += (1 − β₁)(g − m) and v += (1 − β₂)(g² − v)
            *first += (gradient - *first) * self.towards_gradient;
            *second += (gradient * gradient - *second) * self.towards_square;
            *value -= rate * *first / (second.sqrt() + self.epsilon);
        }
        variable.set(&Tensor::from_vec(values, variable.shape(), variable.device())?)?;
        Ok(())
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
        gradients: &GradStore,
    ) -> Result<(), ModelError> {
        let norm = norm(variables, gradients)?;
        adam.apply(settings, settings.learning_rate, variables, gradients, norm)
    }

    #[test]
    fn gradients_whose_squares_overflow_are_not_applied() {
        assert!(can_apply(0.0) && can_apply(1e19));
        assert!(!can_apply(2e19) && !can_apply(f64::INFINITY) && !can_apply(f64::NAN));
    }

    #[test]
    fn the_norm_is_that_of_all_gradients_together() {
        let variables = [[3.0_f32, 0.0], [0.0, 4.0]]
            .map(|values| ("w".to_owned(), Var::from_slice(&values, 2, &Device::Cpu).unwrap()));
        let squares = |at: usize| (variables[at].1.sqr().unwrap().sum_all().unwrap() * 0.5).unwrap();
        let gradients = (squares(0) + squares(1)).unwrap().backward().unwrap();
        assert_eq!(norm(&variables, &gradients).unwrap(), 5.0);
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
            let gradient =
                Tensor::new(&[0.1 * (step + 1.0), 2.0 * step - 3.0, 1e-7 * (step + 1.0)], &Device::Cpu)
                    .unwrap();
            let loss = (variable.as_tensor() * gradient).unwrap().sum_all().unwrap();
            apply(&mut adam, &settings, &variables, &loss.backward().unwrap()).unwrap();
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
                let loss = variable.affine(f64::from(gradient), 0.0).unwrap().sum_all().unwrap();
                apply(&mut adam, &settings, &variables, &loss.backward().unwrap()).unwrap();
            }
            adam.first[0][0]
        };
        // Twelve gradients of 1, then 100; or 2, if clipped to twice the usual norm.
        let before = 1.0 - 0.9_f32.powi(12);
        assert!((first_moment_after(None) - (before + 0.1 * (100.0 - before))).abs() < 1e-4);
        assert!((first_moment_after(Some(2.0)) - (before + 0.1 * (2.0 - before))).abs() < 1e-4);
    }

    #[test]
    fn a_missing_gradient_is_named() {
        let variable = Var::from_slice(&[1.0_f32], 1, &Device::Cpu).unwrap();
        let other = Var::from_slice(&[1.0_f32], 1, &Device::Cpu).unwrap();
        let gradients = other.as_tensor().sum_all().unwrap().backward().unwrap();
        let variables = vec![("encoder.mu.bias".to_owned(), variable)];
        let mut adam = Adam::new(std::iter::once(1));
        let error = apply(&mut adam, &TrainingConfig::default(), &variables, &gradients).unwrap_err();
        assert_eq!(error.to_string(), "encoder.mu.bias has no gradient");
    }
}
