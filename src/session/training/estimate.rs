//! The layers of the form's model, and the estimated time of an epoch.

use std::sync::Arc;

use super::{
    estimate_worker::{Estimate, EstimateRequest},
    form::{StepCost, TrainingForm},
    part::TrainingPart,
};
use crate::{interrupt::Interrupt, jobs::estimate::Speed, session::settings::View};

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
        let wanted = self.cost().filter(|cost| self.is_to_be_measured(cost));
        let running = self.control.estimating.as_ref().map(|(cost, _)| cost);
        if running == wanted.as_ref() {
            return;
        }
        self.control.stop_estimating();
        if let Some(cost) = wanted {
            let interrupt = Interrupt::new();
            self.control.estimating = Some((cost.clone(), interrupt.clone()));
            let choices = self.ctx.settings.training.choices();
            self.control.estimates.request(EstimateRequest { choices, cost, interrupt });
        }
    }

    /// What a step with the form's settings costs, if there are images to train on.
    fn cost(&self) -> Option<StepCost> {
        let form = &self.ctx.settings.training;
        let images = self.training_images().ceil() as usize;
        self.image_shape().filter(|_| images > 0).map(|shape| form.cost(shape, images))
    }

    /// Images of an epoch, about: the split may keep out whole classes.
    fn training_images(&self) -> f64 {
        self.library.used() as f64 * (1.0 - self.ctx.settings.training.training.validation_fraction)
    }

    fn is_to_be_measured(&self, cost: &StepCost) -> bool {
        self.ctx.settings.view == View::Training
            && !self.is_training()
            && self.state.form_error.is_none()
            && self.known_speed(cost).is_none()
    }

    fn known_speed(&self, cost: &StepCost) -> Option<Speed> {
        self.control.measured.as_ref().filter(|(known, _)| known == cost).map(|(_, speed)| *speed)
    }

    fn show_estimate(&mut self) {
        let known = self.cost().and_then(|cost| self.known_speed(&cost));
        let (secs, memory) = match known {
            Some(Speed::SecondsPerImage(secs)) => (Some(secs * self.training_images()), None),
            Some(Speed::TooLarge(memory)) => (None, Some(memory)),
            None => (None, None),
        };
        (self.state.epoch_estimate_secs, self.state.too_large) = (secs, memory);
    }

    pub(super) fn on_estimate(&mut self, Estimate { cost, speed }: Estimate) {
        if self.control.estimating.as_ref().is_some_and(|(running, _)| *running == cost) {
            self.control.estimating = None;
        }
        match speed {
            Ok(speed) => {
                self.control.measured = Some((cost, speed));
                self.show_estimate();
            }
            Err(error) if error.is_stopped() => {}
            Err(error) => self.state.form_error = Some(Arc::new(error)),
        }
    }
}
