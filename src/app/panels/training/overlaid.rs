//! The table of overlaid runs: progress, differing settings, and notes.

use std::path::PathBuf;

use eframe::egui::{Grid, Label, RichText, Sense, Ui, Vec2};

use super::{course::colour_of, run_words};
use crate::{
    app::{
        context::PanelContext,
        format, setting_words,
        theme::palette,
        widgets::{
            card::{explanation, surface},
            icon_button::{self, Icon},
            room::empty_cell,
            wide,
        },
    },
    jobs::runs::{
        record::RunSummary,
        report::{SettingRow, all_settings},
    },
    language::text,
    names::escaped_lines,
    session::{
        Command,
        runs::{OverlaidRun, RunsCommand},
        state::State,
    },
    vae::config::TRAINING,
};

/// Width of a run's column.
const COLUMN: f32 = 190.0;
/// Radius of the dot in a run's colour.
const DOT: f32 = 4.0;

/// A column of the table.
struct Column<'a> {
    /// Its curves; `None` for the run on show.
    overlaid: Option<&'a OverlaidRun>,
    /// Its record.
    run: &'a RunSummary,
}

/// A setting in which the runs differ.
struct Difference {
    /// Of the setting.
    name: String,
    /// One for each run.
    values: Vec<String>,
}

/// Draws the table, if any run is overlaid.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    if state.runs.overlaid.is_empty() {
        return;
    }
    let columns = columns(state);
    let settings = differing(&columns.iter().map(|column| column.run).collect::<Vec<_>>());
    surface(ui, |ui| {
        ui.strong(text!("runs-overlaid"));
        if settings.is_empty() && columns.len() > 1 {
            explanation(ui, &text!("runs-overlaid-same"));
        }
        wide::show(ui, "runs over each other", |ui| {
            Grid::new("runs over each other").striped(true).spacing([14.0, 4.0]).show(ui, |ui| {
                empty_cell(ui);
                for column in &columns {
                    head(ui, context, column);
                }
                ui.end_row();
                row(ui, &text!("runs-best-error"), columns.iter().map(|column| error_of(column.run)));
                row(ui, &text!("runs-image"), columns.iter().map(|column| run_words::image_size(column.run)));
                row(ui, &text!("runs-epochs"), columns.iter().map(|column| epochs_of(column.run)));
                row(
                    ui,
                    &text!("runs-time"),
                    columns.iter().map(|column| format::waiting(column.run.seconds())),
                );
                for Difference { name, values } in settings {
                    row(ui, &name, values.into_iter());
                }
                if columns.iter().any(|column| !column.run.notes.is_empty()) {
                    row(ui, &text!("runs-notes"), columns.iter().map(|column| column.run.notes.clone()));
                }
            });
        });
    });
}

/// The run on show, if listed, and those overlaid on it.
fn columns(state: &State) -> Vec<Column<'_>> {
    let listed = |folder: &PathBuf| state.runs.runs.iter().flatten().find(|run| run.folder == *folder);
    let own = state.training.run_folder.as_ref().and_then(listed);
    let laid = state
        .runs
        .overlaid
        .iter()
        .filter_map(|over| Some(Column { overlaid: Some(over), run: listed(&over.folder)? }));
    let is_laid = |run: &RunSummary| state.runs.overlaid.iter().any(|over| over.folder == run.folder);
    let own = own.filter(|run| !state.training.steps.is_empty() && !is_laid(run));
    own.map(|run| Column { overlaid: None, run }).into_iter().chain(laid).collect()
}

/// Whether the curves on show are those of this run.
fn is_on_show(state: &State, run: &RunSummary) -> bool {
    !state.training.steps.is_empty() && state.training.run_folder.as_ref() == Some(&run.folder)
}

fn error_of(run: &RunSummary) -> String {
    run.best_losses().map_or_else(|| text!("runs-none"), |losses| format::significant(losses.reconstruction))
}

fn epochs_of(run: &RunSummary) -> String {
    text!("runs-epochs-of", done = run.epochs.len(), total = run.record.epochs_total)
}

/// Settings in which the runs differ, with each run's value; the epochs have a row of their own.
fn differing(runs: &[&RunSummary]) -> Vec<Difference> {
    let of = |run: &&RunSummary| -> Vec<SettingRow> {
        let rows = all_settings(run).into_iter().flat_map(|(_, rows)| rows);
        rows.filter(|row| row.name != TRAINING.epochs.name).collect()
    };
    let all: Vec<Vec<SettingRow>> = runs.iter().map(of).collect();
    let mut names: Vec<&SettingRow> = Vec::new();
    for row in all.iter().flatten() {
        if !names.iter().any(|known| known.name == row.name) {
            names.push(row);
        }
    }
    let value = |run: &Vec<SettingRow>, name: &String| {
        run.iter()
            .find(|row| row.name == *name)
            .map_or_else(|| "–".to_owned(), |row| setting_words::listed_value(row).into_owned())
    };
    // The size of the images has a row of its own.
    let names = names.into_iter().filter(|row| !["bins", "frames"].contains(&row.name.as_str()));
    let rows = names.map(|row| Difference {
        name: setting_words::listed_name(row).into_owned(),
        values: all.iter().map(|run| value(run, &row.name)).collect(),
    });
    rows.filter(|row| row.values.windows(2).any(|pair| pair[0] != pair[1])).collect()
}

fn head(ui: &mut Ui, context: &mut PanelContext<'_>, column: &Column<'_>) {
    let Column { overlaid, run } = *column;
    let colours = palette(ui);
    // A run that is on show, too, is drawn once.
    let is_open = is_on_show(context.state, run);
    let own = overlaid.filter(|_| !is_open);
    let colour = own.map_or(colours.curve_training, |over| colour_of(over, colours));
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(2.0 * DOT + 2.0), Sense::hover());
        ui.painter().circle_filled(rect.center(), DOT, colour);
        ui.add(Label::new(RichText::new(run.name()).strong()).truncate());
        if is_open {
            ui.weak(text!("runs-on-show"));
        }
        if overlaid.is_some() {
            let words = text!("runs-overlaid-remove", name = run.name());
            if icon_button::quiet(ui, Icon::Cross, &words, false).on_hover_text(&words).clicked() {
                context.send(Command::Runs(RunsCommand::Overlay(run.folder.clone(), false)));
            }
        }
    });
}

fn row(ui: &mut Ui, name: &str, values: impl Iterator<Item = String>) {
    let weak = palette(ui).text_weak;
    ui.label(RichText::new(name).color(weak));
    for value in values {
        ui.allocate_ui(Vec2::new(COLUMN, ui.spacing().interact_size.y), |ui| {
            ui.add(Label::new(escaped_lines(&value)).wrap());
        });
    }
    ui.end_row();
}
