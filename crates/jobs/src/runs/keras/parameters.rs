//! `parameters.pkl`: what the tutorial's `VAE` was made with.

use timbrespace_signal::pipeline::pickle::{Id, Pickle, Value};
use timbrespace_vae::config::{Preset, VaeConfig};

/// The model that the pickled list `[input_shape, conv_filters, conv_kernels, conv_strides, latent_space_dim]` means.
pub(super) fn from_pickle(bytes: &[u8]) -> Result<VaeConfig, String> {
    let pickle = Pickle::read(bytes).map_err(|error| error.to_string())?;
    let expected = "is not what the tutorial's `VAE.save` writes: a list of input shape, filters, kernels, strides and the size \
                    of the latent space";
    let [shape, filters, kernels, strides, latent] = pickle.elements(pickle.root()) else {
        return Err(expected.to_owned());
    };
    let whole = |id: Id| match pickle.get(id) {
        Value::Int(number) => usize::try_from(*number).ok(),
        _ => None,
    };
    let numbers = |id: Id| pickle.elements(id).iter().map(|id| whole(*id)).collect::<Option<Vec<usize>>>();
    let pair = |id: &Id| match numbers(*id).as_deref() {
        Some([bins, frames]) => Some((*bins, *frames)),
        _ => whole(*id).map(|stride| (stride, stride)),
    };
    let pairs = |id: Id| pickle.elements(id).iter().map(pair).collect::<Option<Vec<_>>>();
    let (Some(shape), Some(filters), Some(kernels), Some(strides), Some(latent)) =
        (numbers(*shape), numbers(*filters), pairs(*kernels), pairs(*strides), whole(*latent))
    else {
        return Err(expected.to_owned());
    };
    config(&shape, filters, &kernels, strides, latent)
}

/// The model of these parameters, if this program can be it.
pub(super) fn config(
    shape: &[usize],
    filters: Vec<usize>,
    kernels: &[(usize, usize)],
    strides: Vec<(usize, usize)>,
    latent_size: usize,
) -> Result<VaeConfig, String> {
    let (bins, frames) = match shape {
        [bins, frames, 1] => (*bins, *frames),
        _ => return Err(format!("its input is {shape:?}, but only images of one channel can be used")),
    };
    let kernel_size = match kernels.split_first() {
        Some((first, others)) if first.0 == first.1 && others.iter().all(|other| other == first) => first.0,
        _ => {
            return Err(format!("its kernels are {kernels:?}, but only square ones of one size can be used"));
        }
    };
    if filters.len() != kernels.len() || filters.len() != strides.len() {
        return Err(format!(
            "it has {} filters, {} kernels and {} strides, which do not belong together",
            filters.len(),
            kernels.len(),
            strides.len()
        ));
    }
    let reference = VaeConfig::preset(Preset::Reference, bins, frames);
    Ok(VaeConfig { filters, kernel_size, strides, latent_size, ..reference })
}

/// The pickle of a model.
pub(super) fn to_pickle(model: &VaeConfig) -> Result<Vec<u8>, String> {
    let kernels = vec![model.kernel_size; model.filters.len()];
    let shape = (model.bins, model.frames, 1);
    let parameters = (shape, &model.filters, kernels, &model.strides, model.latent_size);
    let value = serde_pickle::to_value(&parameters).map_err(|error| error.to_string())?;
    // `VAE(*parameters)` takes any sequence, as the tutorial writes a list.
    let value = match value {
        serde_pickle::Value::Tuple(values) => serde_pickle::Value::List(values),
        other => other,
    };
    serde_pickle::value_to_vec(&value, serde_pickle::SerOptions::new()).map_err(|error| error.to_string())
}
