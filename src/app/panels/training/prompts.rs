//! Prompts about runs: advice, resuming after a failure, missing recordings, an unfinished run.

use std::{path::Path, time::SystemTime};

use eframe::egui::{Align, Button, Layout, RichText, Ui};

use super::{
    advice_words,
    run_actions::{self, Action},
    steering,
};
use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format,
        theme::palette,
        widgets::{
            card::{explanation, surface},
            toolbar,
        },
    },
    language::text,
    names::{self, shown},
    session::{
        Command,
        runs::RunsCommand,
        state::{RunStatus, TrainingState},
        training::{Tab, TrainingCommand},
    },
    vae::config::TrainingConfig,
};

/// Factor on a learning rate that was too high.
const RATE_FACTOR: f64 = 0.2;

fn send(context: &mut PanelContext<'_>, command: TrainingCommand) {
    context.send(Command::Training(command));
}

/// The name of a run.
fn name(folder: &Path) -> String {
    names::file_name(folder)
}

/// Offers what can be done with a run that has ended.
pub fn after_the_run(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let training = &context.state.training;
    let failed = matches!(training.status, RunStatus::Failed(_));
    if !failed && !matches!(training.status, RunStatus::Finished | RunStatus::Stopped) {
        return;
    }
    if !training.files.has_checkpoint {
        if failed && !training.diverged {
            explanation(ui, &text!("training-no-checkpoint"));
        }
        start_again(ui, context);
    } else if failed {
        after_a_failure(ui, context);
    } else {
        next_steps(ui, context);
    }
}

/// Starts a run again that has left nothing to go on from.
fn start_again(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let training = &context.state.training;
    let lower = lower_rate(training);
    if lower.is_some() {
        explanation(ui, &text!("training-diverged-early"));
    }
    let (words, command, hint) = match (&training.run_folder, lower) {
        (Some(folder), Some(rate)) if training.has_settings => (
            text!("training-start-again-slower", rate = steering::learning_rate(rate)),
            TrainingCommand::StartAgain(folder.clone(), lower),
            text!("training-start-again-slower-help"),
        ),
        (Some(folder), None) if training.has_settings => (
            text!("training-start-again"),
            TrainingCommand::StartAgain(folder.clone(), None),
            text!("training-start-again-own-help"),
        ),
        _ => (text!("training-start-again"), TrainingCommand::Start, text!("training-start-again-help")),
    };
    if ui.button(words).on_hover_text(hint).clicked() {
        send(context, command);
    }
}

/// Play it, train it further, compare it with others.
fn next_steps(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let training = &state.training;
    let Some(folder) = training.run_folder.clone() else { return };
    ui.horizontal_wrapped(|ui| {
        let colours = palette(ui);
        let play = Button::new(RichText::new(text!("training-play")).strong().color(colours.on_accent))
            .fill(colours.accent);
        let why_not = run_actions::why_not(Action::Play, training.files, &folder, training);
        if run_actions::button(ui, play, text!("training-play-help"), why_not) {
            context.send(Command::Runs(RunsCommand::UseModel(folder.clone())));
        }
        let epochs = training.epochs_if_trained_more(state.settings.training.training.epochs);
        let hint = text!("training-more-help", epochs = epochs);
        if ui.button(text!("training-more")).on_hover_text(hint).clicked() {
            send(context, TrainingCommand::TrainMore);
        }
        let hint = text!("training-compare-help");
        if ui.button(text!("training-compare")).on_hover_text(hint).clicked() {
            context.send(Command::Runs(RunsCommand::Refresh));
            context.send(Command::Runs(RunsCommand::Select(folder)));
            send(context, TrainingCommand::Show(Tab::Runs));
        }
    });
}

/// Goes on from the last checkpoint, at a lower rate where the loss diverged.
fn after_a_failure(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let training = &context.state.training;
    let lower = lower_rate(training);
    if lower.is_some() {
        explanation(ui, &text!("training-diverged"));
    }
    ui.horizontal_wrapped(|ui| {
        if let Some(rate) = lower {
            let words = text!("training-resume-slower", rate = steering::learning_rate(rate));
            let hint = text!("training-resume-slower-help");
            if ui.button(words).on_hover_text(hint).clicked() {
                send(context, TrainingCommand::GoOn(Some(rate)));
            }
        } else if ui
            .button(text!("training-resume-last"))
            .on_hover_text(text!("training-resume-last-help"))
            .clicked()
        {
            send(context, TrainingCommand::GoOn(None));
        }
    });
}

/// A learning rate to try after a run whose loss diverged; `None` for any other run. It is at most the default one, which works.
fn lower_rate(training: &TrainingState) -> Option<f64> {
    let rates = training.in_effect.filter(|_| training.diverged)?;
    let lower = (rates.learning_rate * RATE_FACTOR).min(TrainingConfig::default().learning_rate);
    // Without the error of the multiplication.
    format!("{lower:.6e}").parse().ok()
}

/// Cards of advice, if there is any.
pub fn advice(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    for advice in state.training.advice_to_show() {
        surface(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(advice_words::title(advice)).strong().color(palette(ui).warning));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let hint = text!("training-dismiss-help");
                    if ui.button(text!("training-dismiss")).on_hover_text(hint).clicked() {
                        send(context, TrainingCommand::DismissAdvice(advice.kind));
                    }
                });
            });
            explanation(ui, &advice_words::explanation(advice));
        });
    }
}

/// Asks for the recordings of a run that were moved.
pub fn missing(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let Some(missing) = &state.training.missing else { return };
    surface(ui, |ui| {
        let title = text!("training-missing", run = name(&missing.folder));
        ui.label(RichText::new(title).strong().color(palette(ui).warning));
        let words = match &missing.recordings {
            Some(folder) => text!("training-missing-moved", folder = shown(&folder).to_string()),
            None => text!("training-missing-unknown"),
        };
        explanation(ui, &words);
        ui.horizontal(|ui| {
            if ui.button(text!("training-missing-choose")).clicked() {
                context.ask(ui.ctx(), Question::ResumeWith(missing.folder.clone()));
            }
            if ui.button(text!("training-not-now")).clicked() {
                send(context, TrainingCommand::NotNow);
            }
        });
    });
}

/// Whether there is an unfinished run to offer.
pub fn offers(context: &PanelContext<'_>) -> bool {
    let training = &context.state.training;
    training.unfinished.is_some() && !training.status.is_busy()
}

/// Offers to resume a run that was interrupted in an earlier session.
pub fn unfinished(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let Some(run) = &state.training.unfinished else { return };
    let (name, ago) = (name(&run.folder), format::ago(run.when, SystemTime::now()));
    let path = shown(&run.folder).to_string();
    let (words, button, hint, later) = if run.has_checkpoint {
        let (done, total) = (run.epochs_done, run.epochs_total);
        (
            text!("training-interrupted", run = name, done = done, total = total, ago = ago),
            text!("training-interrupted-resume"),
            text!("training-interrupted-resume-help", path = path),
            text!("training-interrupted-resume-later"),
        )
    } else {
        (
            text!("training-interrupted-early", run = name, ago = ago),
            text!("training-interrupted-start"),
            text!("training-interrupted-start-help", path = path),
            text!("training-interrupted-start-later"),
        )
    };
    let folder = run.folder.clone();
    let command = if run.has_checkpoint {
        TrainingCommand::Resume(folder)
    } else {
        TrainingCommand::StartAgain(folder, None)
    };
    toolbar::show(ui, |ui| {
        toolbar::words(ui, RichText::new(words).color(palette(ui).text_strong));
        if ui.button(button).on_hover_text(hint).clicked() {
            send(context, command);
        }
        if ui
            .button(text!("training-interrupted-view"))
            .on_hover_text(text!("training-interrupted-view-help"))
            .clicked()
        {
            send(context, TrainingCommand::LookAt(run.folder.clone()));
        }
        if ui.button(text!("training-not-now")).on_hover_text(later).clicked() {
            send(context, TrainingCommand::NotNow);
        }
    });
}
