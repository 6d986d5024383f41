//! Asking about a model without settings of its own.

use super::{
    assumed_settings::{self, AssumedSettings, AssumedSettingsCommand, file_of, is_without_settings},
    model_origin::{LoadedModel, ModelOrigin},
    part::LatentPart,
};
use crate::{
    names::shown,
    session::notices::Severity,
    session::spoken::{Spoken, said},
};

impl LatentPart<'_> {
    pub(super) fn apply_to_assumed_settings(&mut self, command: AssumedSettingsCommand) {
        match command {
            AssumedSettingsCommand::Ask => self.ask_for_settings(),
            AssumedSettingsCommand::Later => self.state.assumed = None,
            AssumedSettingsCommand::Keep(settings) => {
                let Some(assumed) = self.state.assumed.take() else { return };
                if let Err(cause) = assumed.check(&settings) {
                    self.ctx.notify(Severity::Error, said!("message-settings-misfit", cause = cause));
                    self.state.assumed = Some(assumed);
                    return;
                }
                let file = file_of(self.ctx.data_dir, &assumed.model);
                if let Err(error) = assumed_settings::keep(&file, &settings) {
                    let (path, cause) = (shown(&file).to_string(), Spoken::from(error));
                    let words = said!("message-settings-unsaved", path = path, cause = cause);
                    self.ctx.notify(Severity::Warning, words);
                }
                self.open_model_with(assumed.model, Some(*settings));
            }
        }
    }

    /// Asks about the model in use, where it has no settings of its own.
    pub(super) fn ask_for_settings(&mut self) {
        let Some(LoadedModel { origin: ModelOrigin::Bundle(path), config }) = &self.state.model else {
            return;
        };
        if is_without_settings(path) {
            self.state.assumed = Some(AssumedSettings {
                model: path.clone(),
                image: (config.model.bins, config.model.frames),
                settings: config.preprocessing.clone(),
            });
        }
    }
}
