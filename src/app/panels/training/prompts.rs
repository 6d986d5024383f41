//! Prompts about runs: advice, resuming after a failure, missing recordings, an unfinished run.

use std::{path::Path, time::SystemTime};

use eframe::egui::{Button, RichText, Ui};

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
    names::{self, shown},
    session::{
        Command,
        runs::RunsCommand,
        state::RunStatus,
        training::{Tab, TrainingCommand},
    },
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
    if !training.has_checkpoint {
        if failed {
            explanation(ui, "No checkpoint was written yet: fix the problem above and start again.");
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
    let (command, hint) = match &training.run_folder {
        Some(folder) if training.has_settings => (
            TrainingCommand::Resume(folder.clone()),
            "Trains from the beginning with the settings and recordings of this run",
        ),
        _ => (TrainingCommand::Start, "Trains from the beginning with the settings at the left"),
    };
    if ui.button("Start again").on_hover_text(hint).clicked() {
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
        let play = Button::new(RichText::new("Play it").strong().color(colours.on_accent)).fill(colours.accent);
        let play = ui.add_enabled(training.has_model, play).on_hover_text("Opens the model in the Instrument view");
        if play.on_disabled_hover_text("This run has not saved a model yet: train more epochs first").clicked() {
            context.send(Command::Runs(RunsCommand::UseModel(folder.clone())));
        }
        let epochs = training.epochs_if_trained_more(state.settings.training.training.epochs);
        let hint = format!(
            "Continues from the newest checkpoint to epoch {epochs}, with the settings and recordings of this run. \
             How many more than a finished run has: Epochs at the left."
        );
        if ui.button("Train more epochs").on_hover_text(hint).clicked() {
            send(context, TrainingCommand::TrainMore);
        }
        let hint = "Lists all runs with their results; tick those whose curves to draw over this one";
        if ui.button("Compare").on_hover_text(hint).clicked() {
            context.send(Command::Runs(RunsCommand::Refresh));
            context.send(Command::Runs(RunsCommand::Select(folder)));
            send(context, TrainingCommand::Show(Tab::Runs));
        }
    });
}

/// Goes on from the last checkpoint, at a lower rate where the loss diverged.
fn after_a_failure(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let training = &context.state.training;
    let lower =
        training.in_effect.map(|rates| rates.learning_rate * RATE_FACTOR).filter(|_| training.diverged);
    if lower.is_some() {
        explanation(
            ui,
            "Training diverged: the steps were too large. Use a lower learning rate or a gradient limit; nothing \
             before the last checkpoint is lost.",
        );
    }
    ui.horizontal_wrapped(|ui| {
        if let Some(rate) = lower {
            let text = format!("Resume from the last checkpoint at {}", format_rate(rate));
            let hint = "With a fifth of the learning rate";
            if ui.button(text).on_hover_text(hint).clicked() {
                send(context, TrainingCommand::GoOn(Some(rate)));
            }
        } else if ui
            .button("Resume from the last checkpoint")
            .on_hover_text("With the settings and the recordings of this run")
            .clicked()
        {
            send(context, TrainingCommand::GoOn(None));
        }
    });
}

fn format_rate(rate: f64) -> String {
    format!("{:e}", (rate * 1e12).round() / 1e12)
}

/// Cards of advice, if there is any.
pub fn advice(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    for advice in state.training.advice_to_show() {
        surface(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(advice.title).strong().color(palette(ui).warning));
                ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
                    let hint = "Not shown again for this run";
                    if ui.button("Dismiss").on_hover_text(hint).clicked() {
                        send(context, TrainingCommand::DismissAdvice(advice.kind));
                    }
                });
            });
            explanation(ui, &format!("{} {}", advice.words, advice.remedy));
        });
    }
}

/// Asks for the recordings of a run that were moved.
pub fn missing(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let Some(missing) = &state.training.missing else { return };
    surface(ui, |ui| {
        let title = format!("The recordings of {} were not found", name(&missing.folder));
        ui.label(RichText::new(title).strong().color(palette(ui).warning));
        let text = match &missing.recordings {
            Some(folder) => format!(
                "They were in {}. If they were moved, choose their new folder; the run needs the same recordings.",
                shown(&folder)
            ),
            None => "This run does not record where they were. Choose their folder to resume.".to_owned(),
        };
        explanation(ui, &text);
        ui.horizontal(|ui| {
            if ui.button("Choose the folder…").clicked() {
                context.ask(ui.ctx(), Question::ResumeWith(missing.folder.clone()));
            }
            if ui.button("Not now").clicked() {
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
    let text = if run.has_checkpoint {
        format!("{name} was interrupted after epoch {} of {} ({ago})", run.epochs_done, run.epochs_total)
    } else {
        format!("{name} was interrupted before its first checkpoint ({ago})")
    };
    let (button, hint, later) = if run.has_checkpoint {
        ("Resume it", "Continues from its newest checkpoint", "resumed")
    } else {
        ("Start it again", "Trains from the beginning with the same settings and recordings", "started again")
    };
    toolbar::show(ui, |ui| {
        toolbar::words(ui, RichText::new(text).color(palette(ui).text_strong));
        let path = shown(&run.folder).to_string();
        if ui.button(button).on_hover_text(format!("{hint}: {path}")).clicked() {
            send(context, TrainingCommand::Resume(run.folder.clone()));
        }
        if ui.button("View it").on_hover_text("Shows its curves without resuming it").clicked() {
            send(context, TrainingCommand::LookAt(run.folder.clone()));
        }
        if ui.button("Not now").on_hover_text(format!("The run is kept and can be {later} later")).clicked() {
            send(context, TrainingCommand::NotNow);
        }
    });
}
