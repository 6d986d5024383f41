//! The layers of the form's model, and the estimated time of an epoch.

use super::{
    estimate_worker::{Estimate, EstimateRequest},
    form::TrainingForm,
    part::{MeasuredSpeed, TrainingPart},
};
use std::sync::Arc;

use crate::{interrupt::Interrupt, session::settings::View};

impl TrainingPart<'_> {
    pub(in crate::session) fn set_form(&mut self, form: TrainingForm) {
        self.ctx.settings.training = form;
        self.describe();
    }

    /// The model and the cost of the form, for the recordings that are open.
    pub(in crate::session) fn describe(&mut self) {
        self.describe_model();
        self.ask_estimate();
    }

    /// `(bins, frames)` of the images to train on, if they are known.
    fn image_shape(&self) -> Option<(usize, usize)> {
        self.library.training_shape(&self.ctx.settings.preprocessing)
    }

    /// Layer table and errors of the model that the form describes.
    pub(in crate::session) fn describe_model(&mut self) {
        let shape = self.image_shape();
        let training = &mut *self.state;
        let form = &self.ctx.settings.training;
        let Some((bins, frames)) = shape else {
            training.layers.clear();
            training.form_error = None;
            return;
        };
        let model = form.model().model(bins, frames);
        let checked = model.validate().and_then(|()| form.training.validate());
        training.form_error = checked.err().map(|misfit| Arc::new(misfit.into()));
        training.layers = if training.form_error.is_none() { model.layer_table() } else { Vec::new() };
    }

    /// Measures the speed of the form's settings, unless it is known or a run is active.
    pub(in crate::session) fn ask_estimate(&mut self) {
        self.describe_split();
        self.show_estimate();
        let visible = self.ctx.settings.view == View::Training;
        let Some(shape) = self.image_shape() else {
            return;
        };
        if !visible || self.is_training() || self.state.form_error.is_some() || self.knows_speed(shape) {
            return;
        }
        self.control.estimating.stop();
        self.control.estimating = Interrupt::new();
        let (form, interrupt) = (self.ctx.settings.training.clone(), self.control.estimating.clone());
        self.control.estimates.request(EstimateRequest { form, shape, interrupt });
    }

    fn knows_speed(&self, shape: (usize, usize)) -> bool {
        let form = &self.ctx.settings.training;
        self.control
            .measured
            .as_ref()
            .is_some_and(|known| known.shape == shape && known.form.costs_like(form))
    }

    fn show_estimate(&mut self) {
        let form = &self.ctx.settings.training;
        let images = self.library.used() as f64 * (1.0 - form.training.validation_fraction);
        let known = self.image_shape().filter(|&shape| self.knows_speed(shape));
        self.state.epoch_estimate_secs = match (&self.control.measured, known) {
            (Some(measured), Some(_)) => Some(measured.seconds_per_image * images),
            _ => None,
        };
    }

    pub(super) fn on_estimate(&mut self, Estimate { form, shape, seconds_per_image }: Estimate) {
        match seconds_per_image {
            Ok(seconds_per_image) => {
                self.control.measured = Some(MeasuredSpeed { form: *form, shape, seconds_per_image });
                self.show_estimate();
            }
            Err(error) if error.is_stopped() => {}
            Err(error) => self.state.form_error = Some(Arc::new(error)),
        }
    }
}
