//! Reconstruction errors on the map: measuring them, finding the highest, and the value of a point.

use eframe::egui::{Button, Ui};

use crate::{
    app::{context::PanelContext, format, memory::map::ColourBy, panels::job_bar, widgets::card::surface},
    language::text,
    session::{Command, space::SpaceCommand, task::TaskStatus},
};

/// How many of the highest errors are chosen at once.
const WORST: usize = 10;

/// Controls while the colours show the errors: measure them, or choose the recordings with the highest.
pub fn tools(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let space = &context.state.space;
    if context.memory.latent.map.coloured_by != ColourBy::Error || space.layout.is_none() {
        return;
    }
    if space.errors.by_row.is_some() {
        let button = ui.button(text!("measures-worst", count = WORST));
        if button.on_hover_text(text!("measures-worst-help")).clicked() {
            choose_worst(context);
        }
    } else if !space.errors.status.is_running() {
        let button = ui.add_enabled(!space.is_stale, Button::new(text!("measures-measure")));
        let button = button.on_hover_text(text!("measures-measure-help"));
        if button.on_disabled_hover_text(text!("measures-stale")).clicked() {
            context.send(Command::Space(SpaceCommand::MeasureErrors));
        }
    }
}

/// Chooses the visible recordings with the highest errors, the highest first, as the lasso would.
fn choose_worst(context: &mut PanelContext<'_>) {
    let Some(set) = &context.state.space.set else { return };
    let map = &mut context.memory.latent.map;
    let known = map.points.values.iter().enumerate().filter(|(row, _)| map.points.shows(*row));
    let mut known: Vec<(usize, f32)> = known.filter_map(|(row, value)| Some((row, (*value)?))).collect();
    known.sort_by(|a, b| b.1.total_cmp(&a.1));
    let worst = known.iter().take(WORST).filter_map(|(row, _)| set.recordings.get(*row));
    map.chosen = worst.map(|listed| listed.index).collect();
}

/// Progress of measuring, or why it failed.
pub fn progress(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let status = context.state.space.errors.status.clone();
    if status.is_running() || matches!(status, TaskStatus::Failed(_)) {
        surface(ui, |ui| {
            if job_bar::progress(ui, &status) {
                context.send(Command::Space(SpaceCommand::CancelErrors));
            }
            job_bar::failure(ui, &status);
        });
    }
}

/// What the legend says while the errors are not known.
pub fn missing(context: &PanelContext<'_>) -> String {
    if context.state.space.errors.status.is_running() {
        text!("measures-error-running")
    } else {
        text!("measures-error-missing")
    }
}

/// The measure that the colours show, with its value of this row; an error with its place among all.
pub fn measure_of(context: &PanelContext<'_>, row: usize) -> Option<String> {
    let map = &context.memory.latent.map;
    let value = (*map.points.values.get(row)?)?;
    let (name, unit, _) = map.coloured_by.words();
    let shown = format!("{} {unit}", format::significant(f64::from(value)));
    if map.coloured_by != ColourBy::Error {
        return Some(text!("measures-value", name = name, value = shown));
    }
    let known = || map.points.values.iter().flatten();
    let (above, count) = (known().filter(|other| **other > value).count(), known().count());
    Some(text!("measures-error-value", name = name, value = shown, place = above + 1, count = count))
}
