//! The form: the model that it describes and what a run of it will cost.

use super::{
    super::{
        Session,
        estimate_worker::EstimateRequest,
        state::{TrainingForm, View},
    },
    Measured,
};
use crate::{
    interrupt::Interrupt,
    jobs::{JobError, train::Choices},
    setting,
};

impl TrainingForm {
    /// The form as the training job takes it.
    pub(in crate::session) fn choices(&self) -> Choices {
        Choices {
            model: setting::Choices::all(&self.model()),
            training: setting::Choices::all(&self.training),
        }
    }

    /// Whether a step of `other` takes as long as one of this.
    fn costs_like(&self, other: &Self) -> bool {
        let cost = |form: &Self| {
            let training = &form.training;
            (form.preset, form.latent_size, training.batch_size, training.threads, training.device)
        };
        cost(self) == cost(other)
    }
}

impl Session {
    pub(in crate::session) fn set_training_form(&mut self, form: TrainingForm) {
        self.state.settings.training = form;
        self.describe_model();
        self.ask_estimate();
    }

    /// Layer table and errors of the model that the form describes.
    pub(in crate::session) fn describe_model(&mut self) {
        let training = &mut self.state.training;
        let form = &self.state.settings.training;
        let Some((bins, frames)) = self.state.settings.preprocessing.image_shape() else {
            training.layers.clear();
            training.form_error = None;
            return;
        };
        let model = form.model().model(bins, frames);
        let checked = model.validate().and_then(|()| form.training.validate());
        training.form_error = checked.err().map(|error| error.in_form(&[]));
        training.layers = if training.form_error.is_none() { model.layer_table() } else { Vec::new() };
    }

    /// Measures the speed of the form's settings, unless it is known or a run keeps the machine busy.
    pub(in crate::session) fn ask_estimate(&mut self) {
        self.describe_split();
        self.show_estimate();
        let visible = self.state.settings.view == View::Training;
        let Some(shape) = self.state.settings.preprocessing.image_shape() else {
            return;
        };
        if !visible
            || self.is_training()
            || self.state.training.form_error.is_some()
            || self.knows_speed(shape)
        {
            return;
        }
        self.training.estimating.stop();
        self.training.estimating = Interrupt::new();
        let (form, interrupt) = (self.state.settings.training.clone(), self.training.estimating.clone());
        self.training.estimates.request(EstimateRequest { form, shape, interrupt });
    }

    fn knows_speed(&self, shape: (usize, usize)) -> bool {
        let form = &self.state.settings.training;
        self.training
            .measured
            .as_ref()
            .is_some_and(|known| known.shape == shape && known.form.costs_like(form))
    }

    fn show_estimate(&mut self) {
        let form = &self.state.settings.training;
        let images = self.state.library.used() as f64 * (1.0 - form.training.validation_fraction);
        let known = self.state.settings.preprocessing.image_shape().filter(|&shape| self.knows_speed(shape));
        self.state.training.epoch_estimate_secs = match (&self.training.measured, known) {
            (Some(measured), Some(_)) => Some(measured.seconds_per_image * images),
            _ => None,
        };
    }

    pub(in crate::session) fn hear_estimate(
        &mut self,
        form: TrainingForm,
        shape: (usize, usize),
        seconds: Result<f64, JobError>,
    ) {
        match seconds {
            Ok(seconds_per_image) => {
                self.training.measured = Some(Measured { form, shape, seconds_per_image });
                self.show_estimate();
            }
            Err(error) if error.is_stopped() => {}
            Err(error) => self.state.training.form_error = Some(error.to_string()),
        }
    }
}
