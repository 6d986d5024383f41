//! The ladder: one recording after each step through the model and back, all equally loud.

use eframe::egui::{Button, Grid, Label, RichText, ScrollArea, Ui, Vec2};

use super::rung_words;
use crate::{
    app::{
        context::PanelContext,
        panels::job_bar,
        theme::{GAP, HALF_GAP, palette},
        widgets::{card::surface, room::empty_cell},
    },
    inspect::ladder::{Ladder, RungKind},
    language::text,
    names,
    session::{Command, PlaybackCommand, space::SpaceCommand, state::Source, task::TaskStatus},
};

/// Least and largest width of the explanations, for lines of a readable length.
const WORDS_WIDTH: (f32, f32) = (160.0, 460.0);
/// Width of button and values beside them.
const FIGURES_WIDTH: f32 = 330.0;

/// Draws the ladder into the available space.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    head(ui, context);
    ui.add_space(GAP);
    let Some((name, ladder)) = context.state.space.ladder.made.clone() else {
        job_bar::placeholder(ui, &text!("ladder-none"), &text!("ladder-none-help"));
        return;
    };
    ScrollArea::vertical().id_salt("ladder").auto_shrink([false, false]).show(ui, |ui| {
        surface(ui, |ui| {
            ui.strong(&name);
            if let Some(step) = ladder.hurts_most() {
                let text = text!("ladder-largest-loss", step = rung_words::step(step));
                ui.add(Label::new(RichText::new(text).color(palette(ui).text)).wrap());
            }
            ui.add_space(HALF_GAP);
            table(ui, context, &ladder);
        });
    });
}

fn head(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let status = context.state.space.ladder.status.clone();
    let there = context.state.latent.original.is_some() || context.state.library.selected.is_some();
    let there = there && context.state.latent.model.is_some() && !status.is_running();
    surface(ui, |ui| {
        ui.horizontal(|ui| {
            let is_made = context.state.space.ladder.made.is_some();
            let text = if is_made { text!("ladder-make-again") } else { text!("ladder-make") };
            let climb = ui.add_enabled(there, Button::new(text));
            let climb = climb.on_hover_text(text!("ladder-make-help"));
            if climb.on_disabled_hover_text(text!("ladder-select-first")).clicked() {
                context.send(Command::Space(SpaceCommand::Climb));
            }
            let text = RichText::new(text!("ladder-equally-loud")).color(palette(ui).text_weak);
            ui.add(Label::new(text).truncate());
        });
        if job_bar::progress_of(ui, &status, &text!("ladder-rungs")) {
            context.send(Command::Space(SpaceCommand::CancelLadder));
        }
        if let TaskStatus::Failed(_) = status {
            job_bar::failure(ui, &status);
        }
    });
}

fn table(ui: &mut Ui, context: &mut PanelContext<'_>, ladder: &Ladder) {
    let colours = palette(ui);
    let width = (ui.available_width() - FIGURES_WIDTH).clamp(WORDS_WIDTH.0, WORDS_WIDTH.1);
    let playing = match context.state.playback.playing {
        Some((Source::Rung(rung), _)) => Some(rung),
        _ => None,
    };
    Grid::new("rungs").num_columns(5).spacing(Vec2::new(2.0 * GAP, GAP)).striped(true).show(ui, |ui| {
        let title = |ui: &mut Ui, text: &str, hint: &str| {
            ui.label(RichText::new(text).small().color(colours.text_weak)).on_hover_text(hint);
        };
        empty_cell(ui);
        title(ui, &text!("ladder-rung"), "");
        title(ui, &text!("ladder-convergence"), &text!("ladder-convergence-help"));
        title(ui, &text!("ladder-log-distance"), &text!("ladder-log-distance-help"));
        title(ui, &text!("ladder-time"), &text!("ladder-time-help"));
        ui.end_row();
        for (index, rung) in ladder.rungs.iter().enumerate() {
            let name = rung_words::name(rung.kind);
            let is_playing = playing == Some(index);
            let text = if is_playing { "■" } else { "▶" };
            let button = ui.add(Button::new(text).selected(is_playing));
            if button.accessible_name(text!("ladder-play", name = &*name)).clicked() {
                context.send(if is_playing {
                    Command::Playback(PlaybackCommand::Stop)
                } else {
                    Command::Space(SpaceCommand::PlayRung(index))
                });
            }
            let borrowed = context
                .state
                .space
                .ladder
                .phase_of
                .as_deref()
                .filter(|_| rung.kind == RungKind::BorrowedPhase);
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.label(RichText::new(capital(&name)).color(colours.text_strong));
                let explanation = rung_words::explanation(rung.kind);
                let text = match borrowed {
                    Some(of) => {
                        text!("ladder-phase-of", explanation = explanation, name = names::escaped(of))
                    }
                    None => explanation.into_owned(),
                };
                ui.add(Label::new(RichText::new(text).small().color(colours.text_weak)).wrap());
            });
            ui.monospace(format!("{:.3}", rung.spectral_convergence));
            ui.monospace(format!("{:.1} dB", rung.log_spectral_distance));
            ui.monospace(format!("{:.1} ms", rung.milliseconds));
            ui.end_row();
        }
    });
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
