//! What the run calls for, in words: advice, what to do after a failure, recordings that are gone, an unfinished run.

use std::{path::Path, time::SystemTime};

use eframe::egui::{Label, RichText, Ui};

use crate::{
    app::{
        dialogs::Question,
        format,
        theme::palette,
        widgets::card::{explanation, surface},
        window::PanelContext,
    },
    names::{self, shown},
    session::{Command, state::RunStatus, training::TrainingCommand},
};

/// What a learning rate that was too high is multiplied by.
const LOWERED: f64 = 0.2;

fn send(context: &mut PanelContext<'_>, command: TrainingCommand) {
    context.send(Command::Training(command));
}

/// The name of a run.
fn name(folder: &Path) -> String {
    names::file_name(folder)
}

/// How to go on with a run that has stopped or failed.
pub fn after_the_run(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let training = &context.state.training;
    let failed = matches!(training.status, RunStatus::Failed(_));
    if !failed && training.status != RunStatus::Stopped {
        return;
    }
    if !training.has_checkpoint {
        if failed {
            explanation(ui, "No checkpoint was written yet: change what is named above and start again.");
        }
        return;
    }
    let lower = training.in_effect.map(|rates| rates.learning_rate * LOWERED).filter(|_| training.diverged);
    if failed && lower.is_some() {
        explanation(
            ui,
            "The steps were too long for this model. A lower learning rate, or a gradient limit, keeps them in bounds; \
             nothing before the last checkpoint is lost.",
        );
    }
    ui.horizontal_wrapped(|ui| {
        if let Some(rate) = lower {
            let words = format!("Go on from the last checkpoint at {}", format_rate(rate));
            let hint = "With a fifth of the learning rate";
            if ui.button(words).on_hover_text(hint).clicked() {
                send(context, TrainingCommand::GoOn(Some(rate)));
            }
        } else if ui
            .button("Go on from the last checkpoint")
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

/// Cards of advice; nothing where all is well.
pub fn advice(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    for advice in state.training.advice_to_show() {
        surface(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(advice.title).strong().color(palette(ui).warning));
                ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
                    let hint = "Not shown again for this run";
                    if ui.small_button("Dismiss").on_hover_text(hint).clicked() {
                        send(context, TrainingCommand::DismissAdvice(advice.kind));
                    }
                });
            });
            explanation(ui, &format!("{} {}", advice.words, advice.remedy));
        });
    }
}

/// A run whose recordings are not where they were.
pub fn missing(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let Some(missing) = &state.training.missing else { return };
    surface(ui, |ui| {
        let title = format!("The recordings of {} are not there", name(&missing.folder));
        ui.label(RichText::new(title).strong().color(palette(ui).warning));
        let words = match &missing.recordings {
            Some(folder) => format!(
                "They were in {}. If they were moved, choose where they are now; the run goes on only with the same recordings.",
                shown(&folder)
            ),
            None => "This run does not say where they were. Choose their folder to go on.".to_owned(),
        };
        explanation(ui, &words);
        ui.horizontal(|ui| {
            if ui.button("Choose the folder…").clicked() {
                context.ask(ui.ctx(), Question::ResumeWith(missing.folder.clone()));
            }
            if ui.button("Leave it").clicked() {
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

/// A run of an earlier start that did not end.
pub fn unfinished(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let Some(run) = &state.training.unfinished else { return };
    let (name, ago) = (name(&run.folder), format::ago(run.when, SystemTime::now()));
    let words = if run.has_checkpoint {
        format!("{name} was interrupted after epoch {} of {} ({ago})", run.epochs_done, run.epochs_total)
    } else {
        format!("{name} was interrupted before its first checkpoint ({ago})")
    };
    let (button, hint, later) = if run.has_checkpoint {
        ("Resume it", "Goes on from its newest checkpoint", "resumed")
    } else {
        ("Start it again", "Trains from the beginning with the same settings and recordings", "started again")
    };
    ui.horizontal_wrapped(|ui| {
        ui.add(Label::new(RichText::new(words).color(palette(ui).text_strong)).wrap());
        let path = shown(&run.folder).to_string();
        if ui.button(button).on_hover_text(format!("{hint}: {path}")).clicked() {
            send(context, TrainingCommand::Resume(run.folder.clone()));
        }
        if ui.button("Look at it").on_hover_text("Shows its curves without going on").clicked() {
            send(context, TrainingCommand::LookAt(run.folder.clone()));
        }
        if ui
            .button("Not now")
            .on_hover_text(format!("It stays where it is and can be {later} later"))
            .clicked()
        {
            send(context, TrainingCommand::NotNow);
        }
    });
}
