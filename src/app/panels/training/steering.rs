//! The four settings that can be changed during a run: a field applies when released, not during the drag.

use eframe::egui::Ui;

use super::block::block;
use crate::{
    app::{
        context::PanelContext,
        format,
        memory::training::SettingDraft,
        setting_words,
        theme::ROW,
        widgets::labelled::{drag, row},
    },
    language::text,
    numbers,
    session::{
        Command,
        state::{RunStatus, TrainingForm},
        training::TrainingCommand,
    },
    vae::{schedule::Rates, steering::Setting},
};

/// Draws the fields: of the run while one goes on, else of the form.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, edited: &mut TrainingForm) {
    let training = &context.state.training;
    let acts = matches!(training.status, RunStatus::Running | RunStatus::Paused);
    let (is_busy, rates) = (training.status.is_busy(), training.in_effect);
    block(ui, "course", |ui| {
        for setting in Setting::ALL {
            if !is_busy {
                if let Some(value) = field(ui, setting, None, of_form(edited, setting)) {
                    set_form(edited, setting, value.0);
                }
                continue;
            }
            let draft = context.memory.training.draft.filter(|draft| draft.setting == setting);
            let now = rates.map_or_else(|| of_form(edited, setting), |rates| of_rates(&rates, setting));
            let hint = (!acts).then(|| text!("steering-not-yet"));
            if !acts {
                ui.disable();
            }
            let touched = field(ui, setting, hint, draft.map_or(now, |draft| draft.value));
            let memory = &mut context.memory.training.draft;
            match touched {
                Some((value, true)) => *memory = Some(SettingDraft { setting, value }),
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

fn of_rates(rates: &Rates, setting: Setting) -> f64 {
    match setting {
        Setting::LearningRate => rates.learning_rate,
        Setting::ReconstructionWeight => rates.reconstruction_weight,
        Setting::Beta => rates.beta,
        Setting::BatchSize => rates.batch_size as f64,
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

/// One field, with its tooltip or `hint` in place of it; the value that it was given, and whether it is still being dragged.
fn field(ui: &mut Ui, setting: Setting, hint: Option<String>, value: f64) -> Option<(f64, bool)> {
    let table = setting.table();
    let mut edited = value;
    let field = drag(table, &mut edited);
    let field = match setting {
        Setting::LearningRate => field.speed(value * 0.01).text(learning_rate, numbers::typed),
        Setting::ReconstructionWeight => {
            field.speed((value * 0.01).max(0.01)).text(format::significant, numbers::typed)
        }
        Setting::Beta => field.speed(0.01).max_decimals(4),
        Setting::BatchSize => field.speed(0.2).max_decimals(0),
    };
    let hint = hint.unwrap_or_else(|| setting_words::tooltip(table));
    let response = row(ui, &setting_words::label(table), &hint, |ui| ui.add_sized([96.0, ROW], field));
    let dragged = response.dragged();
    // A dragged learning rate is rounded to few digits.
    if dragged && setting == Setting::LearningRate {
        edited = rounded(edited);
    }
    (response.changed() || response.drag_stopped()).then_some((edited, dragged))
}

/// A learning rate as its field shows it.
pub fn learning_rate(value: f64) -> String {
    if value < 1e-4 { format!("{value:e}") } else { format!("{value}") }
}

/// The setting's name within a sentence.
pub fn name(setting: Setting) -> String {
    match setting {
        Setting::LearningRate => text!("steering-learning-rate"),
        Setting::ReconstructionWeight => text!("steering-reconstruction-weight"),
        Setting::Beta => text!("steering-kl-weight"),
        Setting::BatchSize => text!("steering-batch-size"),
    }
}

/// Two significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}
