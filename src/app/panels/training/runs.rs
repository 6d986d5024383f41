//! All saved runs: a table, and the page of the selected one.

use std::path::Path;

use eframe::egui::{
    self, Button, Grid, Id, Label, Modifiers, Rect, RichText, Role, ScrollArea, Sense, TextEdit, Ui, Vec2,
    WidgetInfo, pos2,
};

use super::{
    run_actions::{self, Action},
    run_columns::{Fitting, fitting},
    run_words,
};
use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format, reveal, setting_words,
        theme::{GAP, ROW, palette},
        widgets::{
            card::{explanation, section_title, surface},
            room::empty_cell,
        },
    },
    jobs::runs::{
        record::{RunEnd, RunSummary, date, local_date},
        report::{SettingRow, all_settings},
    },
    language::{Key, key, text},
    names::{self, shown},
    session::{Command, runs::RunsCommand, training::TrainingCommand},
    setting::Named as _,
    vae::config::MODEL,
};

/// The columns of the table, for sorting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Date,
    Status,
    Model,
    Image,
    Epochs,
    Error,
    Kl,
    Time,
}

/// How the table is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Order {
    /// By which column.
    column: Column,
    /// Whether the largest comes first.
    falls: bool,
}

pub(super) const COLUMNS: [(Column, Key, Key); 9] = [
    (Column::Name, key!("runs-name"), key!("runs-name-help")),
    (Column::Date, key!("runs-started"), key!("runs-started-help")),
    (Column::Status, key!("runs-status"), key!("runs-status-help")),
    (Column::Model, key!("runs-model"), key!("runs-model-help")),
    (Column::Image, key!("runs-image"), key!("runs-image-help")),
    (Column::Epochs, key!("runs-epochs"), key!("runs-epochs-help")),
    (Column::Error, key!("runs-best-error"), key!("runs-best-error-help")),
    (Column::Kl, key!("runs-kl"), key!("runs-kl-help")),
    (Column::Time, key!("runs-time"), key!("runs-time-help")),
];

/// Least width of names and of values on a run's page, in points, and as a part of a narrow page.
const PAIR_WIDTH: f32 = 150.0;
const PAIR_PART: f32 = 0.25;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = &context.state.runs;
    let Some(runs) = &state.runs else {
        send(context, RunsCommand::Refresh);
        return;
    };
    ScrollArea::vertical().id_salt("runs").auto_shrink([false, false]).show(ui, |ui| {
        surface(ui, |ui| {
            ui.horizontal(|ui| {
                ui.strong(if runs.is_empty() { text!("runs-none-yet") } else { text!("runs-title") });
                if ui.button(text!("runs-refresh")).on_hover_text(text!("runs-refresh-help")).clicked() {
                    send(context, RunsCommand::Refresh);
                }
            });
            explanation(ui, &text!("runs-help"));
            if !runs.is_empty() {
                table(ui, context, runs.iter().collect());
            }
            for (folder, cause) in &state.damaged {
                let folder = shown(&folder).to_string();
                explanation(ui, &text!("runs-damaged", folder = folder, cause = cause.as_str()));
            }
        });
        if let Some(run) = state.selected() {
            ui.add_space(GAP);
            surface(ui, |ui| page(ui, context, run));
        }
    });
}

fn send(context: &mut PanelContext<'_>, command: RunsCommand) {
    context.send(Command::Runs(command));
}

fn error_of(run: &RunSummary) -> f64 {
    run.best_losses().map_or(f64::INFINITY, |losses| losses.reconstruction)
}

fn kl_of(run: &RunSummary) -> f64 {
    run.best_losses().map_or(f64::INFINITY, |losses| losses.kl)
}

fn sort(runs: &mut [&RunSummary], order: Order) {
    let cell = |run: &RunSummary| match order.column {
        Column::Name => (0.0, run.name()),
        Column::Date => (run.record.started as f64, String::new()),
        Column::Status => (0.0, run.record.status.label().to_owned()),
        Column::Model => (0.0, model(run)),
        Column::Image => ((run.config.model.bins * run.config.model.frames) as f64, String::new()),
        Column::Epochs => (run.epochs.len() as f64, String::new()),
        Column::Error => (error_of(run), String::new()),
        Column::Kl => (kl_of(run), String::new()),
        Column::Time => (run.seconds(), String::new()),
    };
    runs.sort_by(|a, b| {
        let ((a, a_words), (b, b_words)) = (cell(a), cell(b));
        let rising = a.total_cmp(&b).then(a_words.cmp(&b_words));
        if order.falls { rising.reverse() } else { rising }
    });
}

fn model(run: &RunSummary) -> String {
    let name = setting_words::value_label(&MODEL.preset, run.preset().called());
    text!("runs-model-value", name = name, dimensions = run.config.model.latent_size)
}

fn table(ui: &mut Ui, context: &mut PanelContext<'_>, mut runs: Vec<&RunSummary>) {
    let sorting = Id::unique("order of the runs");
    let newest_first = Order { column: Column::Date, falls: true };
    let mut order: Order = ui.data(|data| data.get_temp(sorting)).unwrap_or(newest_first);
    sort(&mut runs, order);
    let fitting = fitting(ui, &runs);
    let is_shown = |column: &Column| fitting.columns.contains(column);
    Grid::new("table of runs").striped(true).min_col_width(0.0).spacing([fitting.gap, 4.0]).show(ui, |ui| {
        empty_cell(ui);
        for (column, name, hint) in COLUMNS.into_iter().filter(|(column, ..)| is_shown(column)) {
            let words = if order.column == column {
                format!("{} {}", name.text(), if order.falls { "▼" } else { "▲" })
            } else {
                name.text()
            };
            let words = RichText::new(words).strong();
            let button = Button::new(words).frame(false).min_size(Vec2::splat(ROW));
            let heading = ui.horizontal(|ui| {
                if column == Column::Name {
                    // The names below are buttons with space around their text.
                    ui.add_space(ui.spacing().button_padding.x);
                }
                ui.add(button)
            });
            if heading.inner.on_hover_text(hint.text()).clicked() {
                order = Order { column, falls: order.column == column && !order.falls };
            }
        }
        ui.end_row();
        for run in runs {
            whole_row(ui, context, run, |ui, context| row(ui, context, run, &fitting));
            ui.end_row();
        }
    });
    ui.data_mut(|data| data.insert_temp(sorting, order));
}

/// Draws a row; a click anywhere on it opens the run's page.
fn whole_row(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    run: &RunSummary,
    row: impl FnOnce(&mut Ui, &mut PanelContext<'_>),
) {
    // Below the row's own controls, so where it was in the last frame. Its name is the control for the keyboard.
    let id = Id::unique(("row of a run", &run.folder));
    if let Some(rect) = ui.data(|data| data.get_temp::<Rect>(id))
        && ui.interact(rect, id, Sense::CLICK).clicked()
    {
        send(context, RunsCommand::Select(run.folder.clone()));
    }
    let left_top = ui.cursor().min;
    row(ui, context);
    let right = ui.cursor().left();
    let rect = Rect::from_min_max(left_top, pos2(right, left_top.y + ui.spacing().interact_size.y));
    ui.data_mut(|data| data.insert_temp(id, rect));
}

fn row(ui: &mut Ui, context: &mut PanelContext<'_>, run: &RunSummary, fitting: &Fitting) {
    let mut overlaid = context.state.runs.overlaid.iter().any(|known| known.folder == run.folder);
    let hint = text!("runs-overlay-help", run = run.name());
    let tick = ui.checkbox(&mut overlaid, "").on_hover_text(hint);
    let name = text!("runs-overlay", run = run.name());
    tick.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, overlaid, &name));
    if tick.changed() {
        send(context, RunsCommand::Overlay(run.folder.clone(), overlaid));
    }
    for column in &fitting.columns {
        let words = cell(run, *column);
        match column {
            Column::Name => name_button(ui, context, run, fitting),
            Column::Error | Column::Kl => {
                ui.monospace(words);
            }
            Column::Date => {
                ui.label(words).on_hover_text(date(run.record.started));
            }
            Column::Status => {
                let status = ui.label(words);
                match &run.record.status {
                    RunEnd::Failed(cause) => {
                        status.on_hover_text(names::escaped(cause));
                    }
                    RunEnd::StoppedEarly => {
                        status.on_hover_text(run_words::ended_early(&run.epochs));
                    }
                    _ => {}
                }
            }
            Column::Model | Column::Image | Column::Epochs | Column::Time => {
                ui.label(words);
            }
        }
    }
}

/// The run's name, which opens its page; the tooltip has what no column shows.
fn name_button(ui: &mut Ui, context: &mut PanelContext<'_>, run: &RunSummary, fitting: &Fitting) {
    let is_open = context.state.runs.selected.as_ref() == Some(&run.folder);
    let button = Button::selectable(is_open, run.name()).truncate();
    let response = ui.scope(|ui| {
        ui.set_max_width(fitting.name_width);
        ui.add(button)
    });
    let left_out = COLUMNS.iter().filter(|(column, ..)| !fitting.columns.contains(column));
    let line = |(column, name, _): &(Column, Key, Key)| {
        text!("runs-left-out", column = name.text(), value = cell(run, *column))
    };
    let lines: Vec<String> = left_out.map(line).collect();
    if response.inner.on_hover_text(format!("{}\n{}", run.name(), lines.join("\n")).trim_end()).clicked() {
        send(context, RunsCommand::Select(run.folder.clone()));
    }
}

/// What a column says of a run.
pub(super) fn cell(run: &RunSummary, column: Column) -> String {
    let number = |value: f64| if value.is_finite() { format::significant(value) } else { text!("runs-none") };
    match column {
        Column::Name => run.name(),
        Column::Date => local_date(run.record.started),
        Column::Status => run_words::status(&run.record.status),
        Column::Model => model(run),
        Column::Image => run_words::image_size(run),
        Column::Epochs => text!("runs-epochs-of", done = run.epochs.len(), total = run.record.epochs_total),
        Column::Error => number(error_of(run)),
        Column::Kl => number(kl_of(run)),
        Column::Time => format::waiting(run.seconds()),
    }
}

fn page(ui: &mut Ui, context: &mut PanelContext<'_>, run: &RunSummary) {
    ui.heading(run.name());
    explanation(ui, &shown(&run.folder).to_string());
    buttons(ui, context, run);
    notes(ui, context, run);
    let titles =
        [text!("runs-settings-model"), text!("runs-settings-training"), text!("runs-settings-preprocessing")];
    for ((name, mut rows), title) in all_settings(run).into_iter().zip(titles) {
        section_title(ui, &title);
        rows.sort_by_key(|row| !row.differs);
        for row in &mut rows {
            row.value = setting_words::listed_value(row).into_owned();
            row.name = setting_words::listed_name(row).into_owned();
        }
        pairs(ui, name, &rows);
    }
    section_title(ui, &text!("runs-data"));
    pairs(ui, "data", &run_words::data(run));
    section_title(ui, &text!("runs-machine"));
    pairs(ui, "machine", &run_words::machine(run));
}

fn pairs(ui: &mut Ui, id: &str, rows: &[SettingRow]) {
    let colours = palette(ui);
    let least = PAIR_WIDTH.min(PAIR_PART * ui.available_width());
    Grid::new(("run page", id)).num_columns(2).min_col_width(least).spacing([14.0, 2.0]).show(ui, |ui| {
        for SettingRow { name, value, differs, .. } in rows {
            ui.label(RichText::new(name).color(colours.text_weak));
            if value.is_empty() {
                empty_cell(ui);
                ui.end_row();
                continue;
            }
            let value = RichText::new(names::escaped(value));
            let value = if *differs { value.strong().color(colours.accent) } else { value };
            let shown = ui.add(Label::new(value).wrap());
            if *differs {
                shown.on_hover_text(text!("runs-differs"));
            }
            ui.end_row();
        }
    });
}

fn buttons(ui: &mut Ui, context: &mut PanelContext<'_>, run: &RunSummary) {
    let folder = || run.folder.clone();
    let button = |ui: &mut Ui, words: String, hint: String| ui.button(words).on_hover_text(hint).clicked();
    let training = &context.state.training;
    let offered = |ui: &mut Ui, action: Action, words: String, hint: String| {
        let why_not = run_actions::why_not(action, run.files, &run.folder, training);
        run_actions::button(ui, Button::new(words), hint, why_not)
    };
    ui.horizontal_wrapped(|ui| {
        if offered(ui, Action::Play, text!("runs-play"), text!("runs-play-help")) {
            send(context, RunsCommand::UseModel(folder()));
        }
        if offered(ui, Action::Replay, text!("runs-replay"), text!("runs-replay-help")) {
            send(context, RunsCommand::OpenReplay(folder()));
        }
        if offered(ui, Action::Resume, text!("runs-resume"), text!("runs-resume-help")) {
            context.send(Command::Training(TrainingCommand::Resume(folder())));
        }
        if button(ui, text!("runs-use-settings"), text!("runs-use-settings-help")) {
            send(context, RunsCommand::UseSettings(folder()));
        }
        if button(ui, text!("runs-save-report"), text!("runs-save-report-help")) {
            context.ask(ui.ctx(), Question::SaveRunReport(folder()));
        }
        if button(ui, text!("runs-save-scalars"), text!("runs-save-scalars-help")) {
            context.ask(ui.ctx(), Question::SaveScalars(folder()));
        }
        if button(ui, text!("runs-show-folder"), text!("runs-show-folder-help")) {
            reveal::folder(folder());
        }
        remove(ui, context, &run.folder);
    });
}

/// The remove button, which asks for confirmation.
fn remove(ui: &mut Ui, context: &mut PanelContext<'_>, folder: &Path) {
    let asked = Id::unique(("remove run", folder));
    let mut asking: bool = ui.data(|data| data.get_temp(asked)).unwrap_or(false);
    if !asking && ui.button(text!("runs-remove")).on_hover_text(text!("runs-remove-help")).clicked() {
        asking = true;
    } else if asking {
        ui.label(RichText::new(text!("runs-remove-question")).color(palette(ui).error));
        if ui.button(text!("runs-remove-confirm")).clicked() {
            send(context, RunsCommand::Remove(folder.to_owned()));
            asking = false;
        }
        let escapes = ui.input_mut(|input| input.consume_key(Modifiers::NONE, egui::Key::Escape));
        if ui.button(text!("runs-remove-keep")).clicked() || escapes {
            asking = false;
        }
    }
    ui.data_mut(|data| data.insert_temp(asked, asking));
}

fn notes(ui: &mut Ui, context: &mut PanelContext<'_>, run: &RunSummary) {
    let title = section_title(ui, &text!("runs-notes"));
    let draft = Id::unique(("notes of", &run.folder));
    let mut notes: String = ui.data(|data| data.get_temp(draft)).unwrap_or_else(|| run.notes.clone());
    let edit = TextEdit::multiline(&mut notes)
        .desired_rows(2)
        .desired_width(f32::INFINITY)
        .hint_text(text!("runs-notes-hint"));
    let response = ui.add(edit).labelled_by(title.id);
    if response.changed() {
        ui.data_mut(|data| data.insert_temp(draft, notes.clone()));
    }
    if response.lost_focus() && notes != run.notes {
        ui.data_mut(|data| data.remove::<String>(draft));
        send(context, RunsCommand::SetNotes(run.folder.clone(), notes));
    }
}
