//! Which model the latent view plays: the demo's, one from disk, or the newest of a run.

use std::{path::PathBuf, sync::Arc};

use super::{
    Session,
    assumed_settings::is_without_settings,
    latent_worker::ModelRequest,
    sound::Hearing,
    state::{LatentState, ModelOrigin, Severity, View},
};
use crate::{
    jobs::{JobError, runs::bundle::Bundle},
    pipeline::config::PreprocessingConfig,
};

impl Session {
    pub(super) fn open_bundle(&mut self, folder: PathBuf) {
        let settings = self.kept_settings(&folder);
        self.open_bundle_with(folder, settings);
    }

    /// Opens the model at `path`, with these settings where it has none of its own.
    pub(super) fn open_bundle_with(&mut self, path: PathBuf, settings: Option<PreprocessingConfig>) {
        self.latent.follows_training = false;
        self.latent.has_kept_settings = settings.is_some();
        self.ask_model(match settings {
            Some(settings) => ModelRequest::WithSettings(path, Box::new(settings)),
            None => ModelRequest::Folder(path),
        });
        self.show(View::Latent);
    }

    pub(super) fn use_demo_model(&mut self) {
        self.latent.follows_training = false;
        self.ask_model(ModelRequest::Demo);
    }

    pub(super) fn use_training_model(&mut self) {
        let Some((epochs, bundle)) = self.latent.training_model.clone() else {
            self.notify(Severity::Info, "No run has made a model yet; start training first");
            return;
        };
        self.latent.follows_training = true;
        self.ask_model(ModelRequest::Ready(ModelOrigin::Training { epochs }, bundle));
    }

    fn ask_model(&mut self, request: ModelRequest) {
        self.latent.model_serial += 1;
        let serial = self.latent.model_serial;
        self.state.latent.busy = true;
        self.latent.worker.merge(|inbox| inbox.get_or_insert_default().model = Some((serial, request)));
    }

    pub(super) fn hear_model(&mut self, serial: u64, result: Result<(ModelOrigin, Arc<Bundle>), JobError>) {
        if serial != self.latent.model_serial {
            return;
        }
        self.state.latent.busy = false;
        let (origin, bundle) = match result {
            Ok(model) => model,
            Err(error) => {
                let text = format!("The model cannot be used: {error}");
                self.notify(Severity::Error, text);
                return;
            }
        };
        let config = Arc::new(bundle.config.clone());
        let size = config.model.latent_size;
        let kept = self.keeps_vector(&origin, size);
        self.latent.bundle = Some(bundle);
        self.latent.bundle_serial = serial;
        if let ModelOrigin::Bundle(folder) = &origin {
            self.remember_model(folder);
        }
        self.state.latent.model = Some((origin, Arc::clone(&config)));
        self.state.latent.assumed = None;
        let path = match &self.state.latent.model {
            Some((ModelOrigin::Bundle(path), _)) => Some(path),
            _ => None,
        };
        self.state.latent.lacks_settings = path.is_some_and(|path| is_without_settings(path));
        if !self.latent.has_kept_settings {
            self.ask_for_settings();
        }
        self.look_for_detail_anew();
        if kept {
            self.vector_of_a_newer_model(&config);
        } else {
            self.begin_at_mean(&config);
        }
        self.space_model_changed(kept);
        self.ask_decoded(Hearing::Silent);
    }

    /// A newer model of the same run keeps the vector, so that one can watch a place of the space learn.
    fn keeps_vector(&self, origin: &ModelOrigin, size: usize) -> bool {
        let LatentState { model, vector, .. } = &self.state.latent;
        let same_run = matches!(
            (origin, model),
            (ModelOrigin::Training { .. }, Some((ModelOrigin::Training { .. }, _)))
        );
        same_run && vector.len() == size
    }
}
