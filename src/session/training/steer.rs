//! Steering the current run: pause, stop, change settings, use the current weights.

use super::{
    part::{News, TrainingPart},
    state::RunStatus,
};
use crate::session::error_words::InWords as _;
use crate::{
    language::text,
    session::{notices::Severity, settings::View, spoken::Spoken},
    setting::{Misfit, SettingValue as _},
    vae::{
        config::{MODEL, TrainingConfig},
        schedule::Rates,
        steering::Setting,
        training_config::Keep,
    },
};

/// `rates` with a new value, if it is within its limits.
fn steered(rates: &Rates, setting: Setting, value: f64) -> Result<Rates, Misfit> {
    let rates = match setting {
        Setting::LearningRate => Rates { learning_rate: value, ..*rates },
        Setting::ReconstructionWeight => Rates { reconstruction_weight: value, ..*rates },
        Setting::Beta => Rates { beta: value, ..*rates },
        Setting::BatchSize => Rates { batch_size: value as usize, ..*rates },
    };
    let Rates { learning_rate, reconstruction_weight, beta, batch_size } = rates;
    reconstruction_weight.check(&MODEL.reconstruction_weight)?;
    let config = TrainingConfig { batch_size, learning_rate, beta, ..TrainingConfig::default() };
    config.validate()?;
    Ok(rates)
}

/// What a person is told whose change of a setting is refused.
pub(super) fn unchanged(setting: Setting, cause: String) -> String {
    match setting {
        Setting::LearningRate => text!("message-learning-rate-unchanged", cause = cause),
        Setting::ReconstructionWeight => text!("message-reconstruction-weight-unchanged", cause = cause),
        Setting::Beta => text!("message-kl-weight-unchanged", cause = cause),
        Setting::BatchSize => text!("message-batch-size-unchanged", cause = cause),
    }
}

impl TrainingPart<'_> {
    pub(super) fn pause_training(&mut self) {
        if self.is_training() && self.state.status == RunStatus::Running {
            self.control.run.set_paused(true);
            self.state.status = RunStatus::Paused;
        }
    }

    pub(super) fn continue_training(&mut self) {
        if self.is_training() && self.state.status == RunStatus::Paused {
            self.control.run.set_paused(false);
            self.state.status = RunStatus::Running;
        }
    }

    pub(super) fn stop_training(&mut self) {
        if self.is_training() {
            self.control.run.cancel();
            if !self.state.status.is_ending() {
                self.state.status = RunStatus::Stopping;
            }
        }
    }

    pub(super) fn stop_keeping(&mut self, keep: Keep) {
        self.control.steering.set_keep(keep);
        self.stop_training();
    }

    /// Requests a new value from the run. A value beyond its limits is refused here.
    pub(super) fn steer(&mut self, setting: Setting, value: f64) {
        let Some(rates) = self.state.in_effect.as_ref().filter(|_| self.is_training()) else {
            return;
        };
        match steered(rates, setting, value) {
            Ok(rates) => {
                self.control.steering.set(setting, value);
                self.state.in_effect = Some(rates);
            }
            Err(cause) => {
                self.ctx.notify(Severity::Warning, Spoken::new(move || unchanged(setting, cause.words())));
            }
        }
    }

    /// Opens the latent view with the current weights.
    pub(super) fn use_now(&mut self) {
        if !self.is_training() {
            self.ctx.tell(News::UseModel);
            self.ctx.show(View::Latent);
            return;
        }
        self.control.steering.request_snapshot();
        self.control.run.nudge();
        self.control.wants_model = true;
        self.ctx.show(View::Latent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_makes_no_sense_is_refused_with_what_is_allowed() {
        let rates = Rates { learning_rate: 1e-3, reconstruction_weight: 1e6, beta: 1.0, batch_size: 16 };
        assert_eq!(steered(&rates, Setting::Beta, 0.25).unwrap(), Rates { beta: 0.25, ..rates });
        let wrong = |setting, value| steered(&rates, setting, value).unwrap_err().words();
        assert_eq!(wrong(Setting::BatchSize, 0.0), "Batch size is 0, but must be from 1 to 4,096");
        assert!(wrong(Setting::LearningRate, f64::NAN).contains("Learning rate is NaN"));
        assert_eq!(
            wrong(Setting::ReconstructionWeight, -1.0),
            "Reconstruction weight is -1, but must be from 1e-9 to 1e12"
        );
    }
}
