//! The ladder: one recording after each step through the model and back, all equally loud.

use eframe::egui::{Button, Grid, Label, Response, RichText, ScrollArea, TextStyle, Ui, Vec2};

use super::rung_words;
use crate::{
    app::{
        context::PanelContext,
        panels::job_bar,
        theme::{GAP, HALF_GAP, palette},
        widgets::{card::surface, room::empty_cell, toolbar},
    },
    inspect::ladder::{Ladder, Rung, RungKind},
    language::text,
    names,
    session::{Command, PlaybackCommand, space::SpaceCommand, state::Source, task::TaskStatus},
};

/// Least and largest width of the explanations, for lines of a readable length.
const WORDS_WIDTH: (f32, f32) = (160.0, 460.0);
/// Faces of the buttons.
const PLAY: &str = "▶";
const STOP: &str = "■";

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
            if context.state.space.ladder.is_stale {
                let text = text!("ladder-stale", again = text!("ladder-make-again"));
                ui.add(Label::new(RichText::new(text).color(palette(ui).warning)).wrap());
                ui.add_space(HALF_GAP);
            }
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

/// The rungs, one below the other. Where there is no room for columns, the figures stand below the explanations.
fn table(ui: &mut Ui, context: &mut PanelContext<'_>, ladder: &Ladder) {
    let columns = Figure::ALL.map(|figure| figure.width(ui, ladder));
    let gaps = 2.0 * GAP * (columns.len() + 1) as f32;
    let button = toolbar::button_width(ui, PLAY).max(ui.spacing().interact_size.x);
    let whole = ui.available_width();
    let beside = whole - button - gaps - columns.iter().sum::<f32>();
    let has_columns = beside >= WORDS_WIDTH.0;
    let words = if has_columns { beside.min(WORDS_WIDTH.1) } else { whole - button - 2.0 * GAP };
    let playing = match context.state.playback.playing {
        Some((Source::Rung(rung), _)) => Some(rung),
        _ => None,
    };
    let grid = Grid::new(("rungs", has_columns)).spacing(Vec2::new(2.0 * GAP, GAP)).striped(true);
    grid.show(ui, |ui| {
        if has_columns {
            empty_cell(ui);
            title(ui, &text!("ladder-rung"));
            for figure in Figure::ALL {
                let (name, hint) = figure.words();
                title(ui, &name).on_hover_text(hint);
            }
            ui.end_row();
        }
        for (index, rung) in ladder.rungs.iter().enumerate() {
            play(ui, context, index, rung, playing == Some(index));
            ui.vertical(|ui| {
                ui.set_width(words);
                ui.spacing_mut().item_spacing.y = 0.0;
                explain(ui, context, rung);
                if !has_columns {
                    ui.horizontal_wrapped(|ui| {
                        for figure in Figure::ALL {
                            let (name, hint) = figure.words();
                            let text = text!("ladder-figure", name = name, value = figure.value(rung));
                            toolbar::small_words(ui, &text, palette(ui).text).on_hover_text(hint);
                        }
                    });
                }
            });
            if has_columns {
                for figure in Figure::ALL {
                    ui.monospace(figure.value(rung)).on_hover_text(figure.words().1);
                }
            }
            ui.end_row();
        }
    });
}

fn title(ui: &mut Ui, text: &str) -> Response {
    ui.label(RichText::new(text).small().color(palette(ui).text_weak))
}

/// The button that plays a rung.
fn play(ui: &mut Ui, context: &mut PanelContext<'_>, index: usize, rung: &Rung, is_playing: bool) {
    let name = rung_words::name(rung.kind);
    let text = if is_playing { STOP } else { PLAY };
    let button = ui.add(Button::new(text).selected(is_playing));
    if button.accessible_name(text!("ladder-play", name = &*name)).clicked() {
        context.send(if is_playing {
            Command::Playback(PlaybackCommand::Stop)
        } else {
            Command::Space(SpaceCommand::PlayRung(index))
        });
    }
}

/// What a rung is.
fn explain(ui: &mut Ui, context: &PanelContext<'_>, rung: &Rung) {
    let colours = palette(ui);
    let name = rung_words::name(rung.kind);
    ui.add(Label::new(RichText::new(capital(&name)).color(colours.text_strong)).wrap());
    let explanation = rung_words::explanation(rung.kind);
    let phase_of = context.state.space.ladder.phase_of.as_deref();
    let text = match phase_of.filter(|_| rung.kind == RungKind::BorrowedPhase) {
        Some(of) => text!("ladder-phase-of", explanation = explanation, name = names::escaped(of)),
        None => explanation.into_owned(),
    };
    ui.add(Label::new(RichText::new(text).small().color(colours.text_weak)).wrap());
}

/// A measure of a rung.
#[derive(Clone, Copy)]
enum Figure {
    Convergence,
    LogDistance,
    Time,
}

impl Figure {
    const ALL: [Self; 3] = [Self::Convergence, Self::LogDistance, Self::Time];

    /// Name and explanation.
    fn words(self) -> (String, String) {
        match self {
            Self::Convergence => (text!("ladder-convergence"), text!("ladder-convergence-help")),
            Self::LogDistance => (text!("ladder-log-distance"), text!("ladder-log-distance-help")),
            Self::Time => (text!("ladder-time"), text!("ladder-time-help")),
        }
    }

    fn value(self, rung: &Rung) -> String {
        match self {
            Self::Convergence => format!("{:.3}", rung.spectral_convergence),
            Self::LogDistance => format!("{:.1} dB", rung.log_spectral_distance),
            Self::Time => format!("{:.1} ms", rung.milliseconds),
        }
    }

    /// Width of its column, in points.
    fn width(self, ui: &Ui, ladder: &Ladder) -> f32 {
        let wide = |text: String, style: TextStyle| {
            let font = style.resolve(ui.style());
            ui.painter().layout_no_wrap(text, font, palette(ui).text).size().x
        };
        let values = ladder.rungs.iter().map(|rung| wide(self.value(rung), TextStyle::Monospace));
        values.fold(wide(self.words().0, TextStyle::Small), f32::max)
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
