//! Texts about the image size of the settings: what the model does with it, and the memory of a whole folder.

use crate::{
    app::format,
    language::text,
    pipeline::{config::PreprocessingConfig, preprocessing::MOST_BYTES},
    session::state::State,
    vae::config::VaeConfig,
};

/// A text, possibly a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageWords {
    /// One or two sentences.
    pub text: String,
    /// Whether training is impossible with these settings.
    pub is_warning: bool,
}

/// Describes the images of the open folder with `config`.
pub fn image_words(state: &State, config: &PreprocessingConfig) -> ImageWords {
    let recordings = state.library.recordings.len();
    let (len, lead) = match config.padded_len() {
        Some(len) => (len, None),
        None => match state.library.longest_secs().filter(|secs| *secs > 0.0) {
            Some(secs) => (
                config.whole_len(config.len_of(secs)),
                Some(text!("preprocessing-whole-files-padded", duration = format::seconds(secs))),
            ),
            None => {
                return ImageWords { text: text!("preprocessing-whole-files"), is_warning: false };
            }
        },
    };
    let shape = config.image_shape_of(len);
    let (bins, frames) = shape;
    let bytes = bins * frames * size_of::<f32>();
    let all = bytes.saturating_mul(recordings);
    let form = &state.settings.training;
    let inside = padded_for_model(&VaeConfig::preset(form.preset, bins, frames));
    let (bins, frames, values) = (format::count(bins), format::count(frames), format::count(bins * frames));
    let size = format::bytes(bytes);
    let image = if inside == shape {
        text!("preprocessing-image", bins = bins, frames = frames, values = values, size = size)
    } else {
        text!(
            "preprocessing-image-padded",
            bins = bins,
            frames = frames,
            values = values,
            size = size,
            inner_bins = format::count(inside.0),
            inner_frames = format::count(inside.1)
        )
    };
    let image = match lead {
        Some(lead) => text!("preprocessing-sentences", first = lead, second = image),
        None => image,
    };
    if recordings == 0 {
        return ImageWords { text: image, is_warning: false };
    }
    let (is_warning, size) = (all > MOST_BYTES, format::bytes(all));
    let folder = if is_warning {
        let limit = format::bytes(MOST_BYTES);
        text!("preprocessing-folder-too-large", count = recordings, size = size, limit = limit)
    } else {
        text!("preprocessing-folder", count = recordings, size = size)
    };
    ImageWords { text: text!("preprocessing-sentences", first = image, second = folder), is_warning }
}

/// The size inside the model: rounded up to multiples of its total stride.
fn padded_for_model(model: &VaeConfig) -> (usize, usize) {
    if model.is_flat() {
        return (model.bins, model.frames);
    }
    let factors =
        model.strides.iter().fold((1, 1), |(down, across), stride| (down * stride.0, across * stride.1));
    (model.bins.next_multiple_of(factors.0.max(1)), model.frames.next_multiple_of(factors.1.max(1)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{audio::decode::ClipInfo, jobs::scan::Recording, pipeline::config::ClipDuration};

    fn state(recordings: usize, secs: f64) -> State {
        let mut state = State::default();
        state.library.recordings = (0..recordings)
            .map(|index| {
                let name = format!("{index}.wav");
                let mut recording = Recording::new(Path::new("/x"), Path::new(&name), String::new());
                recording.info =
                    Some(ClipInfo { sample_rate_hz: 8000, channels: 1, duration_secs: Some(secs) });
                recording
            })
            .collect();
        state
    }

    #[test]
    fn the_tutorials_image_is_taken_as_it_is_and_its_folder_is_counted() {
        let words = image_words(&state(2700, 0.5), &PreprocessingConfig::default());
        assert_eq!(
            words.text,
            "An image of 256 × 64 has 16,384 values, 64 KiB; the model uses it unchanged. 2,700 recordings need 169 MiB of \
             memory in training."
        );
        assert!(!words.is_warning);
    }

    #[test]
    fn an_odd_size_says_what_the_model_makes_of_it() {
        let config =
            PreprocessingConfig { duration: ClipDuration::Frames(61), ..PreprocessingConfig::default() };
        let words = image_words(&state(0, 1.0), &config);
        assert!(
            words.text.ends_with("the model pads it to 256 × 64 and crops its output."),
            "{}",
            words.text
        );
    }

    #[test]
    fn whole_files_that_would_not_fit_are_a_warning() {
        let config = PreprocessingConfig { duration: ClipDuration::Full, ..PreprocessingConfig::default() };
        let words = image_words(&state(2700, 200.0), &config);
        assert!(
            words.text.starts_with("Whole files: for training, all are padded to the longest one, 3:20 min."),
            "{}",
            words.text
        );
        assert!(words.is_warning && words.text.contains("more than the 16 GiB"), "{}", words.text);
        assert!(!image_words(&state(0, 1.0), &config).is_warning);
    }
}
