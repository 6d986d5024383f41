//! Preprocessing settings of Keras models, which do not store them: the person is asked once, and the answer is kept.
//!
//! It is kept below the user's data folder, one file a model, so that nothing is written beside a model of another program.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    atomic_file::{self, Durability},
    jobs::runs::{bundle::Bundle, keras::model_path},
    pipeline::config::PreprocessingConfig,
    regular_file::{self, NOTE_LIMIT},
    session::{
        folder_checksum::checksum_of,
        spoken::{Spoken, said},
    },
};

/// Folder of the answers below the user's data folder.
const FOLDER: &str = "keras-models";

/// Settings that were assumed of a model, for the person to confirm or change.
#[derive(Clone, Debug, PartialEq)]
pub struct AssumedSettings {
    /// The model.
    pub model: PathBuf,
    /// `(bins, frames)` of its images.
    pub image: (usize, usize),
    /// What is assumed.
    pub settings: PreprocessingConfig,
}

impl AssumedSettings {
    /// Whether `settings` make images of the model's size; says why not.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn check(&self, settings: &PreprocessingConfig) -> Result<(), Spoken> {
        settings.validate().map_err(Spoken::from)?;
        match settings.image_shape() {
            Some(shape) if shape == self.image => Ok(()),
            other => {
                let (bins, frames) = other.unwrap_or_default();
                let (model_bins, model_frames) = self.image;
                Err(said!(
                    "message-images-misfit",
                    made = format!("{bins} × {frames}"),
                    wanted = format!("{model_bins} × {model_frames}")
                ))
            }
        }
    }
}

/// Commands about assumed settings.
#[derive(Clone, Debug, PartialEq)]
pub enum AssumedSettingsCommand {
    /// Uses these for the model from now on.
    Keep(Box<PreprocessingConfig>),
    /// Goes on with what is assumed, and asks again when the model is opened next.
    Later,
    /// Asks about the model in use.
    Ask,
}

/// Whether `path` is a model without settings of its own.
pub(super) fn is_without_settings(path: &Path) -> bool {
    !Bundle::is_bundle(path) && model_path::is_model(path)
}

/// The settings that were kept for the model at `path`, if it has none of its own.
pub(super) fn kept(data_dir: &Path, path: &Path) -> Option<PreprocessingConfig> {
    let file = file_of(data_dir, path);
    let bytes = regular_file::read(&file, NOTE_LIMIT).ok().filter(|_| is_without_settings(path))?;
    serde_json::from_slice(&bytes).ok()
}

/// Keeps the settings of a model in `file`.
pub(super) fn keep(file: &Path, settings: &PreprocessingConfig) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = serde_json::to_string_pretty(settings).map_err(io::Error::other)?;
    atomic_file::write_bytes(file, Durability::Renamed, text.as_bytes())
}

/// Where the settings of the model at `path` are kept.
pub(super) fn file_of(data_dir: &Path, path: &Path) -> PathBuf {
    data_dir.join(FOLDER).join(format!("{:016x}.json", checksum_of(path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{
        LatentCommand, LibraryCommand, Session,
        latent::state::ModelOrigin,
        testing::{session, wait},
    };

    /// Opens the model and waits until it is in use at this rate.
    fn open(session: &mut Session, model: &Path, rate_hz: u32) {
        session.apply(LibraryCommand::Open(model.to_owned()));
        is_used_at(session, model, rate_hz);
    }

    #[track_caller]
    fn is_used_at(session: &mut Session, model: &Path, rate_hz: u32) {
        wait(session, "model at that rate", |state| {
            let rate = state.latent.model_config().map(|config| config.preprocessing.sample_rate_hz);
            matches!(state.latent.model_origin(), Some(ModelOrigin::Bundle(path)) if path == model)
                && rate == Some(rate_hz)
        });
    }

    #[test]
    fn settings_of_a_model_of_keras_are_asked_for_once_and_kept() {
        let place = tempfile::tempdir().unwrap();
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keras/keras2");
        let mut first = session(place.path());
        open(&mut first, &model, 22_050);
        let assumed = first.state.latent.assumed.clone().unwrap();
        let mut settings = assumed.settings.clone();
        settings.frame_size *= 2;
        assert!(assumed.check(&settings).unwrap_err().text().contains("the model takes"));
        first.apply(LatentCommand::AssumedSettings(AssumedSettingsCommand::Keep(Box::new(settings))));
        assert!(first.state.latent.assumed.is_some(), "they do not fit");
        // Twice the rate and half the time: images of the same size.
        let mut settings = assumed.settings.clone();
        settings.sample_rate_hz = 44_100;
        settings.fit_duration(assumed.image.1);
        first.apply(LatentCommand::AssumedSettings(AssumedSettingsCommand::Keep(Box::new(settings))));
        is_used_at(&mut first, &model, 44_100);
        assert!(first.state.latent.assumed.is_none() && first.state.latent.lacks_settings);
        drop(first);
        let mut second = session(place.path());
        open(&mut second, &model, 44_100);
        assert!(second.state.latent.assumed.is_none(), "asked before");
        second.apply(LatentCommand::AssumedSettings(AssumedSettingsCommand::Ask));
        assert!(second.state.latent.assumed.is_some());
    }
}
