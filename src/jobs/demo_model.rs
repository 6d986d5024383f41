//! The model that is embedded in the program, trained on the demo sounds.

use super::{JobError, bundle::Bundle};

const CONFIG: &str = include_str!("../../assets/demo_model/config.json");
const WEIGHTS: &[u8] = include_bytes!("../../assets/demo_model/model.safetensors");

/// The embedded model.
///
/// # Errors
/// When the program was built with files that do not fit each other.
pub fn open() -> Result<Bundle, JobError> {
    Bundle::from_parts(CONFIG, WEIGHTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_model_knows_the_demo_sounds_and_is_small() {
        let bundle = open().unwrap();
        assert!(bundle.config.dataset.images >= 300);
        assert!(bundle.config.dataset.classes.len() >= 6);
        assert!(WEIGHTS.len() <= 3_000_000, "{} bytes", WEIGHTS.len());
    }
}
