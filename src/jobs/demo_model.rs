//! The model that is embedded in the program, trained on the demo sounds.

use super::{JobError, bundle::Bundle, detail::Detail};

const CONFIG: &str = include_str!("../../assets/demo_model/config.json");
const WEIGHTS: &[u8] = include_bytes!("../../assets/demo_model/model.safetensors");

/// The embedded model's detail: `timbrespace detail B SOUNDS --most 150` makes one of 5 MB. None is embedded yet; the window
/// makes it from the demo sounds.
pub(super) const DETAIL: Option<&[u8]> = None;

/// The embedded model.
///
/// # Errors
/// When the program was built with files that do not fit each other.
pub fn open() -> Result<Bundle, JobError> {
    Bundle::from_parts(CONFIG, WEIGHTS)
}

/// The embedded model's detail.
///
/// # Errors
/// When there is none, or the program was built with one that does not fit the model.
pub(super) fn detail(of: &Bundle) -> Result<Detail, JobError> {
    let missing = || JobError::Other("this model has no detail yet".to_owned());
    Detail::from_static(DETAIL.ok_or_else(missing)?, of)
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
