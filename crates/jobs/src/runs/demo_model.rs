//! The model that is embedded in the program, trained on the demo sounds (`scripts/train-demo-model.sh`).

use crate::{
    JobError,
    runs::{bundle::Bundle, detail::Detail},
};

const CONFIG: &str = include_str!("../../../../assets/demo_model/config.json");
/// In half precision.
const WEIGHTS: &[u8] = include_bytes!("../../../../assets/demo_model/model.safetensors");
const DENSITY: &[u8] = include_bytes!("../../../../assets/demo_model/density.safetensors");
/// Of an even choice of the demo sounds.
const DETAIL: &[u8] = include_bytes!("../../../../assets/demo_model/detail.safetensors");

/// The embedded model.
///
/// # Errors
/// When the program was built with files that do not fit each other.
pub fn open() -> Result<Bundle, JobError> {
    Bundle::from_parts(CONFIG, WEIGHTS)?.with_density(WEIGHTS, DENSITY)
}

/// The embedded model's detail.
///
/// # Errors
/// When the program was built with one that does not fit the model.
pub(crate) fn detail(of: &Bundle) -> Result<Detail, JobError> {
    Detail::from_static(DETAIL, of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_model_knows_the_demo_sounds_and_is_small() {
        let bundle = open().unwrap();
        assert!(bundle.config.dataset.images >= 300);
        assert!(bundle.config.dataset.classes.len() >= 6);
        let density = bundle.density.as_ref().unwrap();
        assert!(density.classes.len() >= 6 && density.names.len() >= 300);
        assert!(detail(&bundle).unwrap().recordings() >= 60);
        let bytes = CONFIG.len() + WEIGHTS.len() + DENSITY.len() + DETAIL.len();
        assert!(bytes <= 6_000_000, "{bytes} bytes");
    }
}
