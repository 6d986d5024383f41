//! Which model the latent view plays: the demo's, one from disk, or the newest of a run.

use std::{
    path::{self, PathBuf},
    sync::Arc,
};

use super::{
    assumed_settings::{self, is_without_settings},
    axes::AxisOrder,
    part::{LatentPart, News, TrainingModel},
    state::{LatentState, LoadedModel, ModelOrigin},
    worker::ModelRequest,
};
use crate::{
    jobs::{JobError, runs::bundle::Bundle},
    pipeline::config::PreprocessingConfig,
    session::{
        notices::Severity,
        settings::View,
        sound::Hearing,
        spoken::{Spoken, said},
    },
};

impl LatentPart<'_> {
    pub(in crate::session) fn open_model(&mut self, folder: PathBuf) {
        let settings = assumed_settings::kept(self.ctx.data_dir, &folder);
        self.open_model_with(folder, settings);
    }

    /// Opens the model that was in use when the window was closed, or the demo's.
    pub(in crate::session) fn open_last_model(&mut self) {
        match self.ctx.settings.last_model.clone() {
            Some(path) => {
                let settings = assumed_settings::kept(self.ctx.data_dir, &path);
                self.ask_model_on_disk(path, settings);
            }
            None => self.use_demo_model(),
        }
    }

    /// Opens the model at `path`, with these settings if it has none of its own, and shows it.
    pub(super) fn open_model_with(&mut self, path: PathBuf, settings: Option<PreprocessingConfig>) {
        self.ask_model_on_disk(path, settings);
        self.ctx.show(View::Latent);
    }

    fn ask_model_on_disk(&mut self, path: PathBuf, settings: Option<PreprocessingConfig>) {
        self.control.follows_training = false;
        self.control.has_kept_settings = settings.is_some();
        self.ask_model(match settings {
            Some(settings) => ModelRequest::WithSettings(path, Box::new(settings)),
            None => ModelRequest::Folder(path),
        });
        self.control.asks_demo = false;
    }

    pub(in crate::session) fn use_demo_model(&mut self) {
        self.control.follows_training = false;
        self.ask_model(ModelRequest::Demo);
        self.control.asks_demo = true;
    }

    pub(in crate::session) fn use_training_model(&mut self) {
        let Some(TrainingModel { run, epochs, bundle }) = self.control.training_model.clone() else {
            // A run that is only looked at has its model on disk.
            let ended = self.training.run_folder.clone().filter(|_| !self.training.status.is_busy());
            match ended.filter(|folder| Bundle::is_bundle(folder)) {
                Some(folder) => self.open_model(folder),
                None => self.ctx.notify(Severity::Info, said!("message-no-trained-model")),
            }
            return;
        };
        self.control.follows_training = true;
        self.ask_model(ModelRequest::Ready(ModelOrigin::Training { run, epochs }, bundle));
    }

    /// A run has made a model. The view uses it if the person asked for it or follows the run, or instead of the demo model
    /// while the view is hidden.
    pub(in crate::session) fn on_training_model(&mut self, model: TrainingModel, wanted: bool) {
        let first = self.control.training_model.is_none();
        self.control.training_model = Some(model);
        let on_demo = matches!(self.state.model_origin(), None | Some(ModelOrigin::Demo));
        let unseen = first && on_demo && self.ctx.settings.view != View::Latent;
        if wanted || self.control.follows_training || unseen {
            self.use_training_model();
        }
    }

    /// Another run is shown: forgets the model of the earlier one.
    pub(in crate::session) fn forget_training_model(&mut self) {
        self.control.training_model = None;
    }

    /// The run has ended, and may have written detail for its last model.
    pub(in crate::session) fn on_run_end(&mut self) {
        if matches!(self.state.model_origin(), Some(ModelOrigin::Training { .. })) {
            self.look_for_detail_anew();
            if self.ctx.settings.detail.is_on() {
                self.ask_decoded(Hearing::Silent);
            }
        }
    }

    fn ask_model(&mut self, request: ModelRequest) {
        self.control.model_serial += 1;
        let serial = self.control.model_serial;
        self.state.is_loading = true;
        self.control.worker.merge(|inbox| inbox.get_or_insert_default().model = Some((serial, request)));
    }

    pub(super) fn on_model(&mut self, serial: u64, result: Result<(ModelOrigin, Arc<Bundle>), JobError>) {
        if serial != self.control.model_serial {
            return;
        }
        self.state.is_loading = false;
        let (origin, bundle) = match result {
            Ok(model) => model,
            Err(error) => {
                // The model in use stays, with its number and with what it follows.
                self.control.model_serial = self.control.model.serial;
                self.control.follows_training =
                    matches!(self.state.model_origin(), Some(ModelOrigin::Training { .. }));
                let cause = Spoken::from(error);
                if self.state.model.is_none() && !self.control.asks_demo {
                    self.ctx.notify(Severity::Warning, said!("message-demo-model-instead", cause = cause));
                    self.use_demo_model();
                } else {
                    self.ctx.notify(Severity::Error, said!("message-model-unusable", cause = cause));
                }
                return;
            }
        };
        let config = Arc::new(bundle.config.clone());
        let size = config.model.latent_size;
        let kept = self.keeps_vector(&origin, size);
        self.control.model.bundle = Some(bundle);
        self.control.model.serial = serial;
        self.control.axis_order = if kept { AxisOrder::AsBefore } else { AxisOrder::ByInformation };
        if !kept {
            self.control.axes_set = None;
        }
        self.ctx.settings.last_model = Self::on_disk(&origin);
        if let ModelOrigin::Bundle(folder) = &origin {
            self.ctx.tell(News::Opened(folder.clone()));
        }
        self.state.model = Some(LoadedModel { origin, config: Arc::clone(&config) });
        self.state.assumed = None;
        let path = match self.state.model_origin() {
            Some(ModelOrigin::Bundle(path)) => Some(path),
            _ => None,
        };
        self.state.lacks_settings = path.is_some_and(|path| is_without_settings(path));
        if !self.control.has_kept_settings {
            self.ask_for_settings();
        }
        self.stop_making_detail();
        self.look_for_detail_anew();
        if kept {
            self.vector_of_a_newer_model(&config);
        } else {
            self.begin_at_mean(&config);
        }
        self.ctx.tell(News::Model { same_run: kept });
        self.refresh_axes();
        self.ask_decoded(Hearing::Silent);
    }

    /// Where a model lies that can be opened at the next start; `None` for the demo's.
    fn on_disk(origin: &ModelOrigin) -> Option<PathBuf> {
        origin.folder().map(|folder| path::absolute(folder).unwrap_or_else(|_| folder.to_owned()))
    }

    /// Whether the vector stays: a newer model of the same run keeps it, to show how the same point changes in training.
    fn keeps_vector(&self, origin: &ModelOrigin, size: usize) -> bool {
        let LatentState { model, vector, .. } = &*self.state;
        let same_run = match (origin, model) {
            (
                ModelOrigin::Training { run, .. },
                Some(LoadedModel { origin: ModelOrigin::Training { run: before, .. }, .. }),
            ) => run == before,
            _ => false,
        };
        same_run && vector.len() == size
    }
}
