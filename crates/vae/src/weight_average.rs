//! Running mean of the weights during training: what snapshots, validation and the finished model use.
//!
//! Single steps of Adam are noisy; the mean over recent steps is closer to where they lead (Polyak & Juditsky
//! 1992). Early in a run the mean spans a fraction of the steps so far, later a fixed number.

use candle_core::{Device, Tensor, Var};
use multiversion::multiversion;
use rayon::prelude::*;

use super::{
    error::ModelError,
    tasks::{share, try_share},
    tensors::{Tensors, with_elements},
    weights::{Reader, Variables, Writer},
};

/// Largest fraction of the steps so far that the mean may span.
const SPAN: f64 = 0.25;
/// Elements that one thread computes at a time.
const BLOCK: usize = 1 << 14;

/// The mean of every trainable tensor, in model order.
#[derive(Clone, Debug)]
pub(crate) struct WeightAverage(Vec<Vec<f32>>);

impl WeightAverage {
    /// Starts with the current weights.
    ///
    /// # Errors
    /// When candle fails.
    pub fn of(variables: &Variables) -> Result<Self, ModelError> {
        let values = variables.iter().map(|(_, variable)| values_of(variable));
        Ok(Self(values.collect::<Result<_, _>>()?))
    }

    /// Moves towards the weights after step number `step` (from 1); `decay` is the fraction of the mean that
    /// late steps keep.
    ///
    /// # Errors
    /// When candle fails.
    pub fn update(&mut self, variables: &Variables, step: usize, decay: f64) -> Result<(), ModelError> {
        // Decay grows from 0 towards `decay`: the mean spans at most SPAN · step steps.
        let kept = decay.min(1.0 - 1.0 / (1.0 + SPAN * step as f64));
        let towards = (1.0 - kept) as f32;
        try_share(self.0.par_iter_mut().zip(variables), |(average, (_, variable))| {
            let here = variable.as_tensor().to_device(&Device::Cpu)?;
            with_elements(&[here], |values| {
                let blocks = average.par_chunks_mut(BLOCK).zip(values[0].par_chunks(BLOCK));
                share(blocks, |(average, values)| move_towards(average, values, towards));
            })?;
            Ok(())
        })
    }

    /// The mean as tensors on the device of `variables`.
    ///
    /// # Errors
    /// When candle fails.
    pub fn tensors(&self, variables: &Variables) -> Result<Tensors, ModelError> {
        let named = self.0.iter().zip(variables);
        named
            .map(|(values, (name, variable))| {
                let tensor = Tensor::from_slice(values, variable.shape(), variable.device())?;
                Ok((name.clone(), tensor))
            })
            .collect()
    }

    /// Writes each mean as `<name>.average`.
    pub fn write(&self, variables: &Variables, writer: &mut Writer) {
        for (values, (name, variable)) in self.0.iter().zip(variables) {
            writer.values(format!("{name}.average"), variable.dims().to_vec(), values);
        }
    }

    /// Reads the tensors written by [`Self::write`].
    ///
    /// # Errors
    /// When a tensor is missing or damaged.
    pub fn read(variables: &Variables, reader: &Reader<'_>) -> Result<Self, ModelError> {
        let values = variables
            .iter()
            .map(|(name, variable)| reader.values(&format!("{name}.average"), variable.dims()));
        Ok(Self(values.collect::<Result<_, _>>()?))
    }
}

/// `average += (values - average) * part`.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma", "aarch64+neon"))]
fn move_towards(average: &mut [f32], values: &[f32], part: f32) {
    for (average, value) in average.iter_mut().zip(values) {
        *average += (value - *average) * part;
    }
}

fn values_of(variable: &Var) -> Result<Vec<f32>, ModelError> {
    Ok(variable.flatten_all()?.to_vec1::<f32>()?)
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn the_mean_spans_a_quarter_of_the_steps_and_later_a_fixed_number() {
        let variables = vec![("w".to_owned(), Var::from_slice(&[1.0_f32], 1, &Device::Cpu).unwrap())];
        let mut average = WeightAverage::of(&variables).unwrap();
        let mut after = |value: f32, step: usize| {
            variables[0].1.set(&Tensor::from_slice(&[value], 1, &Device::Cpu).unwrap()).unwrap();
            average.update(&variables, step, 0.9).unwrap();
            average.0[0][0]
        };
        // 1 - 1 / (1 + 4 / 4) = 0.5 is kept after step 4, 0.9 after many.
        assert_eq!(after(3.0, 4), 2.0);
        assert!((after(12.0, 1000) - 3.0).abs() < 1e-6);
    }

    #[test]
    fn a_file_brings_the_means_back() {
        let variables = vec![("w".to_owned(), Var::from_slice(&[1.0_f32, -2.5], 2, &Device::Cpu).unwrap())];
        let average = WeightAverage::of(&variables).unwrap();
        let mut writer = Writer::default();
        average.write(&variables, &mut writer);
        let bytes = writer.finish().unwrap();
        let read = WeightAverage::read(&variables, &Reader::new(&bytes).unwrap()).unwrap();
        assert_eq!(read.0, average.0);
        assert_eq!(read.tensors(&variables).unwrap()["w"].to_vec1::<f32>().unwrap(), [1.0, -2.5]);
    }
}
