//! Named tensors of a model: initialisation, reading and writing as safetensors.

use std::collections::BTreeMap;

use candle_core::{Device, Tensor, Var};
use safetensors::{Dtype, SafeTensorError, SafeTensors, tensor::TensorView};
use timbrespace_base::{sentence, sentence::Sentence};

use super::{
    architecture::{Architecture, Parameter},
    batch_norm::Moments,
    error::ModelError,
    initial::Start,
    random::{Purpose, generator},
    tensors::Tensors,
};

/// Trainable tensors with names, in model order.
pub(crate) type Variables = Vec<(String, Var)>;

/// Initial weights, determined by `seed` and `start`.
///
/// # Errors
/// When candle fails.
pub(crate) fn fresh(
    architecture: &Architecture,
    seed: u64,
    start: Start<'_>,
    device: &Device,
) -> Result<Variables, ModelError> {
    let mut random = generator(seed, Purpose::Weights, 0, 0);
    let mut all = Vec::new();
    for Parameter { name, shape, initial } in architecture.parameters() {
        let count = shape.iter().product();
        let values = initial.values(count, start, &mut random);
        all.push((name, Var::from_vec(values, shape, device)?));
    }
    Ok(all)
}

/// Collects named values for a safetensors file.
#[derive(Default)]
pub(crate) struct Writer {
    entries: BTreeMap<String, (Vec<usize>, Vec<u8>)>,
    /// Why the file cannot be written: it could not be read again.
    fault: Option<ModelError>,
}

impl Writer {
    /// Adds a tensor.
    ///
    /// # Errors
    /// When candle fails.
    pub fn tensor(&mut self, name: &str, tensor: &Tensor) -> Result<(), ModelError> {
        let values = tensor.flatten_all()?.to_vec1::<f32>()?;
        self.values(name.to_owned(), tensor.dims().to_vec(), &values);
        Ok(())
    }

    /// Adds values.
    pub fn values(&mut self, name: String, shape: Vec<usize>, values: &[f32]) {
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            self.fault.get_or_insert_with(|| {
                invalid_values(&name, sentence!("tensor-finite", "finite values"), *value)
            });
        }
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.entries.insert(name, (shape, bytes));
    }

    /// Adds the moments of every batch norm as `<layer>.<kind>_mean` and `<layer>.<kind>_variance`.
    pub fn moments(&mut self, architecture: &Architecture, kind: &str, moments: &[Moments]) {
        for ((layer, channels), moments) in architecture.norms().into_iter().zip(moments) {
            self.values(format!("{layer}.{kind}_mean"), vec![channels], &moments.mean);
            self.values(format!("{layer}.{kind}_variance"), vec![channels], &moments.variance);
        }
    }

    /// Serialises the file.
    ///
    /// # Errors
    /// When a value is NaN or infinite (its tensor is named), or when serialisation fails.
    pub fn finish(self) -> Result<Vec<u8>, ModelError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let views = self
            .entries
            .iter()
            .map(|(name, (shape, bytes))| {
                let view = TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(other)?;
                Ok((name.as_str(), view))
            })
            .collect::<Result<Vec<_>, ModelError>>()?;
        safetensors::serialize(views, None).map_err(other)
    }
}

fn other(error: impl std::fmt::Display) -> ModelError {
    ModelError::Other(format!("the weights cannot be written as safetensors: {error}"))
}

/// Error for values that no working model has.
fn invalid_values(name: &str, expected: Sentence, value: f32) -> ModelError {
    ModelError::Tensor {
        name: name.to_owned(),
        expected,
        actual: sentence!(
            "tensor-value",
            "{value}; the file is damaged or its training failed",
            value = value
        ),
    }
}

/// What is wrong with the bytes of a safetensors file.
fn damage(error: &SafeTensorError) -> Sentence {
    use SafeTensorError as E;
    match error {
        E::InvalidHeader(_)
        | E::InvalidHeaderDeserialization(_)
        | E::InvalidHeaderLength
        | E::HeaderTooLarge
        | E::HeaderTooSmall => sentence!("safetensors-header", "its header is damaged or cut off"),
        E::MetadataIncompleteBuffer => sentence!("safetensors-cut", "it is cut off"),
        other => other.to_string().into(),
    }
}

/// A safetensors file in memory.
pub(crate) struct Reader<'a>(SafeTensors<'a>);

impl<'a> Reader<'a> {
    /// Parses the index of the file.
    ///
    /// # Errors
    /// When the bytes are not a safetensors file.
    pub fn new(bytes: &'a [u8]) -> Result<Self, ModelError> {
        SafeTensors::deserialize(bytes).map(Self).map_err(|error| {
            let cause = damage(&error);
            let whole = sentence!(
                "error-no-safetensors",
                "the weights are not an intact safetensors file: {cause}",
                cause = cause
            );
            whole.nesting("cause", cause).into()
        })
    }

    /// Values of one tensor, stored as f32 or, in the embedded model, as f16.
    ///
    /// # Errors
    /// When it is missing, has another type or shape (both are named), or contains NaN or infinity.
    pub fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let mismatch = |actual: Sentence| ModelError::Tensor {
            name: name.to_owned(),
            expected: format!("f32 {shape:?}").into(),
            actual,
        };
        let Ok(view) = self.0.tensor(name) else {
            return Err(mismatch(sentence!("tensor-nothing", "nothing")));
        };
        if !matches!(view.dtype(), Dtype::F32 | Dtype::F16) || view.shape() != shape {
            let dtype = format!("{:?}", view.dtype()).to_lowercase();
            return Err(mismatch(format!("{dtype} {:?}", view.shape()).into()));
        }
        let values: Vec<f32> = if view.dtype() == Dtype::F16 {
            let (words, _) = view.data().as_chunks::<2>();
            words.iter().map(|word| half::f16::from_le_bytes(*word).to_f32()).collect()
        } else {
            let (words, _) = view.data().as_chunks::<4>();
            words.iter().map(|word| f32::from_le_bytes(*word)).collect()
        };
        match values.iter().find(|value| !value.is_finite()) {
            Some(value) => Err(invalid_values(name, sentence!("tensor-finite", "finite values"), *value)),
            None => Ok(values),
        }
    }

    /// All trainable tensors of a model.
    ///
    /// # Errors
    /// As [`Self::values`].
    pub fn tensors(&self, architecture: &Architecture) -> Result<Tensors, ModelError> {
        let mut tensors = Tensors::new();
        for Parameter { name, shape, .. } in architecture.parameters() {
            let values = self.values(&name, &shape)?;
            tensors.insert(name, Tensor::from_vec(values, shape, &Device::Cpu)?);
        }
        Ok(tensors)
    }

    /// Moments of every batch norm, of the given kind (`running` or `precise`).
    ///
    /// # Errors
    /// As [`Self::values`].
    pub fn moments(&self, architecture: &Architecture, kind: &str) -> Result<Vec<Moments>, ModelError> {
        let read = |(layer, channels): (String, usize)| {
            let name = format!("{layer}.{kind}_variance");
            let variance = self.values(&name, &[channels])?;
            if let Some(value) = variance.iter().find(|value| **value < 0.0) {
                return Err(invalid_values(
                    &name,
                    sentence!("tensor-variance", "variances of at least 0"),
                    *value,
                ));
            }
            Ok(Moments { mean: self.values(&format!("{layer}.{kind}_mean"), &[channels])?, variance })
        };
        architecture.norms().into_iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Preset, VaeConfig};

    #[test]
    fn what_could_not_be_read_is_not_written() {
        let mut writer = Writer::default();
        writer.values("encoder.bias".to_owned(), vec![2], &[1.0, f32::NAN]);
        writer.values("decoder.bias".to_owned(), vec![1], &[f32::INFINITY]);
        let message = writer.finish().unwrap_err().to_string();
        assert!(message.contains("encoder.bias") && message.contains("finite"), "{message}");
    }

    #[test]
    fn values_that_are_not_finite_are_refused_by_the_name_of_their_tensor() {
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let values = [1.0_f32, value, 2.0].map(f32::to_le_bytes).concat();
            let view = TensorView::new(Dtype::F32, vec![3], &values).unwrap();
            let bytes = safetensors::serialize(vec![("decoder.weight", view)], None).unwrap();
            let message =
                Reader::new(&bytes).unwrap().values("decoder.weight", &[3]).unwrap_err().to_string();
            assert!(message.contains("decoder.weight") && message.contains("finite"), "{message}");
        }
    }

    #[test]
    fn half_precision_is_read_and_other_types_are_refused() {
        let file = |dtype, bytes: &[u8]| {
            let view = TensorView::new(dtype, vec![2], bytes).unwrap();
            safetensors::serialize(vec![("w", view)], None).unwrap()
        };
        // 1.5 and -0.25.
        let half = file(Dtype::F16, &[0x00, 0x3e, 0x00, 0xb4]);
        assert_eq!(Reader::new(&half).unwrap().values("w", &[2]).unwrap(), [1.5, -0.25]);
        let infinite = file(Dtype::F16, &[0x00, 0x7c, 0x00, 0x00]);
        assert!(Reader::new(&infinite).unwrap().values("w", &[2]).is_err());
        let integers = file(Dtype::I16, &[0; 4]);
        let message = Reader::new(&integers).unwrap().values("w", &[2]).unwrap_err().to_string();
        assert!(message.contains("i16"), "{message}");
    }

    #[test]
    fn a_negative_variance_is_refused_by_the_name_of_its_tensor() {
        let architecture = Architecture::new(&VaeConfig::preset(Preset::Small, 256, 64));
        let norms = architecture.norms();
        let mut moments: Vec<Moments> =
            norms.iter().map(|(_, channels)| Moments::standard(*channels)).collect();
        let read = |moments: &[Moments]| {
            let mut writer = Writer::default();
            writer.moments(&architecture, "running", moments);
            let bytes = writer.finish().unwrap();
            Reader::new(&bytes).unwrap().moments(&architecture, "running").map(|read| read.len())
        };
        moments[1].variance[0] = 0.0;
        assert_eq!(read(&moments).unwrap(), norms.len());
        moments[1].variance[0] = -1e-6;
        let message = read(&moments).unwrap_err().to_string();
        assert!(message.contains(&format!("{}.running_variance", norms[1].0)), "{message}");
    }
}
