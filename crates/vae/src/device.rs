//! Where a model computes.

use std::fmt;

use candle_core::Device;
use serde::{Deserialize, Serialize};

use super::error::ModelError;

/// What a person chooses from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceChoice {
    /// A graphics processor where this program was built for one and one answers, the processor otherwise.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// An NVIDIA graphics processor; needs a program built with the feature `cuda`.
    Cuda,
    /// An Apple graphics processor; needs a program built with the feature `metal`.
    Metal,
}

impl DeviceChoice {
    /// All choices.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Cpu, Self::Cuda, Self::Metal];

    /// Choices that this program was built for.
    pub fn built() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|choice| match choice {
            Self::Auto | Self::Cpu => true,
            Self::Cuda => cfg!(feature = "cuda"),
            Self::Metal => cfg!(feature = "metal"),
        })
    }

    /// The name on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
            Self::Metal => "metal",
        }
    }

    /// What the person reads.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Auto => "automatic",
            Self::Cpu => "processor",
            Self::Cuda => "NVIDIA GPU (CUDA)",
            Self::Metal => "Apple GPU (Metal)",
        }
    }

    /// Opens the device.
    ///
    /// # Errors
    /// When this program was not built for it, or none answers.
    pub fn open(self) -> Result<Compute, ModelError> {
        match self {
            Self::Cpu => Ok(Compute::cpu()),
            Self::Cuda => cuda(),
            Self::Metal => metal(),
            Self::Auto => Ok(cuda().or_else(|_| metal()).unwrap_or_else(|_| Compute::cpu())),
        }
    }
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

fn unusable(what: &str, feature: &str, reason: &str) -> ModelError {
    ModelError::Other(format!(
        "{what} cannot be used: {reason}. Choose --device cpu, or a build with `--features {feature}`"
    ))
}

#[cfg(feature = "cuda")]
fn cuda() -> Result<Compute, ModelError> {
    Device::new_cuda(0)
        .map(|device| Compute { device, fused: false })
        .map_err(|error| unusable("the NVIDIA GPU", "cuda", &error.to_string()))
}

#[cfg(not(feature = "cuda"))]
fn cuda() -> Result<Compute, ModelError> {
    Err(unusable("the NVIDIA GPU", "cuda", "this program was built without CUDA"))
}

#[cfg(feature = "metal")]
fn metal() -> Result<Compute, ModelError> {
    Device::new_metal(0)
        .map(|device| Compute { device, fused: false })
        .map_err(|error| unusable("the Apple GPU", "metal", &error.to_string()))
}

#[cfg(not(feature = "metal"))]
fn metal() -> Result<Compute, ModelError> {
    Err(unusable("the Apple GPU", "metal", "this program was built without Metal"))
}

/// A device and the way a model computes on it.
#[derive(Clone, Debug)]
pub struct Compute {
    pub(crate) device: Device,
    /// Whether convolutions are our own operations, which know main memory only.
    pub(crate) fused: bool,
}

impl Compute {
    /// The processor, with our own operations.
    pub fn cpu() -> Self {
        Self { device: Device::Cpu, fused: true }
    }

    /// The processor with candle's operations, as on a graphics processor: slow, to check the one against the other.
    pub fn portable() -> Self {
        Self { device: Device::Cpu, fused: false }
    }

    /// What the person reads: where training computes.
    pub fn label(&self) -> &'static str {
        match (&self.device, self.fused) {
            (Device::Cpu, true) => "processor",
            (Device::Cpu, false) => "processor, portable operations",
            (Device::Cuda(_), _) => "NVIDIA GPU (CUDA)",
            (Device::Metal(_), _) => "Apple GPU (Metal)",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(feature = "cuda"))]
    #[test]
    fn a_device_that_this_program_was_not_built_for_is_refused_with_what_to_do() {
        let error = DeviceChoice::Cuda.open().unwrap_err().to_string();
        assert!(error.contains("built without CUDA") && error.contains("--device cpu"), "{error}");
        assert!(!DeviceChoice::built().any(|choice| choice == DeviceChoice::Cuda));
    }

    #[test]
    fn the_processor_is_always_there() {
        assert_eq!(DeviceChoice::Cpu.open().unwrap().label(), "processor");
        assert!(DeviceChoice::Auto.open().is_ok());
    }
}
