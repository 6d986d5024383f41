//! Choice of the device that a model computes on.

use std::fmt;

use candle_core::Device;
use timbrespace_base::{named, sentence, setting::Named as _};

use super::error::ModelError;

named! {
    /// The devices offered in forms and on the command line.
    pub enum DeviceChoice {
        /// A GPU that this build supports and that is present, otherwise the CPU.
        #[default]
        Auto = "auto", "automatic", "a GPU that this build supports and that is present, otherwise the CPU";
        /// The CPU.
        Cpu = "cpu", "CPU";
        /// An NVIDIA GPU; needs a build with the feature `cuda`.
        Cuda = "cuda", "NVIDIA GPU (CUDA)";
        /// An Apple GPU; needs a build with the feature `metal`.
        Metal = "metal", "Apple GPU (Metal)";
    }
}

impl DeviceChoice {
    /// Choices supported by this build.
    pub fn built() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|choice| match choice {
            Self::Auto | Self::Cpu => true,
            Self::Cuda => cfg!(feature = "cuda"),
            Self::Metal => cfg!(feature = "metal"),
        })
    }

    /// Opens the device.
    ///
    /// # Errors
    /// When this build does not support the device, or the device is not present.
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
        formatter.write_str(self.called().word)
    }
}

fn unusable(what: &str, feature: &str, reason: &str, key: &str) -> ModelError {
    sentence!(
        "error-device",
        "{what} cannot be used: {reason}. Choose --device cpu, or a build with `--features {feature}`",
        what = what,
        reason = reason,
        feature = feature
    )
    .naming("what", format!("what-{feature}"))
    .naming("reason", key)
    .into()
}

#[cfg(feature = "cuda")]
fn cuda() -> Result<Compute, ModelError> {
    Device::new_cuda(0)
        .map(|device| Compute { device, fused: false })
        .map_err(|error| unusable("the NVIDIA GPU", "cuda", &error.to_string(), ""))
}

#[cfg(not(feature = "cuda"))]
fn cuda() -> Result<Compute, ModelError> {
    Err(unusable("the NVIDIA GPU", "cuda", "this program was built without CUDA", "what-without-cuda"))
}

#[cfg(feature = "metal")]
fn metal() -> Result<Compute, ModelError> {
    Device::new_metal(0)
        .map(|device| Compute { device, fused: false })
        .map_err(|error| unusable("the Apple GPU", "metal", &error.to_string(), ""))
}

#[cfg(not(feature = "metal"))]
fn metal() -> Result<Compute, ModelError> {
    Err(unusable("the Apple GPU", "metal", "this program was built without Metal", "what-without-metal"))
}

/// A device and the implementation of convolutions on it.
#[derive(Clone, Debug)]
pub struct Compute {
    pub(crate) device: Device,
    /// Whether convolutions use this crate's own operations, which work in main memory only.
    pub(crate) fused: bool,
}

impl Compute {
    /// The CPU with this crate's fused operations.
    pub fn cpu() -> Self {
        Self { device: Device::Cpu, fused: true }
    }

    /// The CPU with candle's operations, as on a GPU: slow; for checking one implementation against the
    /// other.
    pub fn portable() -> Self {
        Self { device: Device::Cpu, fused: false }
    }

    /// Label of the device, for forms and reports.
    pub fn label(&self) -> &'static str {
        match (&self.device, self.fused) {
            (Device::Cpu, true) => "CPU",
            (Device::Cpu, false) => "CPU, portable operations",
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
        assert_eq!(DeviceChoice::Cpu.open().unwrap().label(), "CPU");
        assert!(DeviceChoice::Auto.open().is_ok());
    }
}
