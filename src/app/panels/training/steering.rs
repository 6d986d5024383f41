//! The four settings that can be changed during a run: a field applies when released, not during the drag.

use eframe::egui::{DragValue, Ui};

use crate::{
    app::{
        format,
        widgets::labelled::{form, row},
        window::PanelContext,
    },
    session::{
        Command,
        state::{RunStatus, TrainingForm},
        training::TrainingCommand,
    },
    vae::steering::Setting,
};

const LABELS: [(Setting, &str, &str); 4] = [
    (
        Setting::LearningRate,
        "Learning rate",
        "Step size of the Adam optimiser, before its schedule; 1e-7 to 0.1",
    ),
    (
        Setting::ReconstructionWeight,
        "Weight",
        "Reconstruction weight: total loss = weight × mean squared error + KL weight × KL. Higher gives sharper sounds, \
         lower a smoother space; 1 to 1e9",
    ),
    (
        Setting::Beta,
        "KL weight",
        "Beta, what the KL divergence is multiplied by, before its schedule: 1 is the variational bound; 0 to 1000",
    ),
    (Setting::BatchSize, "Batch size", "Recordings a step; 1 to 512"),
];

/// Draws the fields: of the current run, else of the form.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, edited: &mut TrainingForm) {
    let training = &context.state.training;
    let acts = matches!(training.status, RunStatus::Running | RunStatus::Paused);
    let rates = training.in_effect.filter(|_| training.status.is_busy());
    form(ui, "course", |ui| {
        for (setting, label, hint) in LABELS {
            let Some(rates) = rates else {
                if let Some(value) = field(ui, (setting, label, hint), of_form(edited, setting)) {
                    set_form(edited, setting, value.0);
                }
                continue;
            };
            let draft = context.memory.training.draft.filter(|(other, _)| *other == setting);
            let now = match setting {
                Setting::LearningRate => rates.learning_rate,
                Setting::ReconstructionWeight => rates.reconstruction_weight,
                Setting::Beta => rates.beta,
                Setting::BatchSize => rates.batch_size as f64,
            };
            let hint = if acts { hint } else { "Can be changed once training starts" };
            if !acts {
                ui.disable();
            }
            let touched = field(ui, (setting, label, hint), draft.map_or(now, |(_, value)| value));
            let memory = &mut context.memory.training.draft;
            match touched {
                Some((value, true)) => *memory = Some((setting, value)),
                Some((value, false)) => {
                    *memory = None;
                    if value != now {
                        context.send(Command::Training(TrainingCommand::Steer(setting, value)));
                    }
                }
                None => {}
            }
        }
    });
}

fn of_form(form: &TrainingForm, setting: Setting) -> f64 {
    match setting {
        Setting::LearningRate => form.training.learning_rate,
        Setting::ReconstructionWeight => form.reconstruction_weight,
        Setting::Beta => form.training.beta,
        Setting::BatchSize => form.training.batch_size as f64,
    }
}

fn set_form(form: &mut TrainingForm, setting: Setting, value: f64) {
    match setting {
        Setting::LearningRate => form.training.learning_rate = value,
        Setting::ReconstructionWeight => form.reconstruction_weight = value,
        Setting::Beta => form.training.beta = value,
        Setting::BatchSize => form.training.batch_size = value as usize,
    }
}

/// Draws one field; returns a new value, and whether it is still being dragged.
fn field(ui: &mut Ui, (setting, label, hint): (Setting, &str, &str), value: f64) -> Option<(f64, bool)> {
    let mut edited = value;
    let drag = DragValue::new(&mut edited).update_while_editing(false);
    let drag = match setting {
        Setting::LearningRate => drag
            .range(1e-7..=1e-1)
            .speed(value * 0.01)
            .custom_formatter(|value, _| if value < 1e-4 { format!("{value:e}") } else { format!("{value}") })
            .custom_parser(|text| text.parse().ok()),
        Setting::ReconstructionWeight => drag
            .range(1.0..=1e9)
            .speed((value * 0.01).max(0.01))
            .custom_formatter(|value, _| format::significant(value))
            .custom_parser(|text| text.replace(',', "").parse().ok()),
        Setting::Beta => drag.range(0.0..=1000.0).speed(0.01).max_decimals(4),
        Setting::BatchSize => drag.range(1.0..=512.0).speed(0.2).max_decimals(0),
    };
    let response = row(ui, label, hint, |ui| ui.add_sized([96.0, 22.0], drag));
    let dragged = response.dragged();
    // A dragged learning rate is rounded to few digits.
    if dragged && setting == Setting::LearningRate {
        edited = rounded(edited);
    }
    (response.changed() || response.drag_stopped()).then_some((edited, dragged))
}

/// Two significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}
