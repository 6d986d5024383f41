//! All saved runs: a table, and the page of the selected one.

use std::path::Path;

use eframe::egui::{Button, Grid, Id, Label, RichText, Role, ScrollArea, TextEdit, Ui, Vec2, WidgetInfo};

use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format, reveal,
        theme::{GAP, ROW, palette},
        widgets::card::{explanation, section_title, surface},
    },
    jobs::runs::{
        record::{RunEnd, RunSummary, date},
        report::{SettingRow, all_settings},
    },
    names::{self, shown},
    session::{Command, runs::RunsCommand, training::TrainingCommand},
    setting::Named as _,
    vae::config::Preset,
};

/// The columns of the table, for sorting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Date,
    Status,
    Model,
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

const COLUMNS: [(Column, &str, &str); 8] = [
    (Column::Name, "Name", "The run's folder"),
    (Column::Date, "Started", "Date of its first start"),
    (Column::Status, "Status", "How it ended"),
    (Column::Model, "Model", "Size and latent dimensions"),
    (Column::Epochs, "Epochs", "Epochs done of those planned"),
    (
        Column::Error,
        "Best error",
        "Reconstruction error at the best epoch, mean squared error per pixel: on the validation images, if any",
    ),
    (Column::Kl, "KL, nats", "KL divergence at the best epoch"),
    (Column::Time, "Time", "Training time"),
];

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = &context.state.runs;
    let Some(runs) = &state.runs else {
        send(context, RunsCommand::Refresh);
        return;
    };
    ScrollArea::vertical().id_salt("runs").auto_shrink([false, false]).show(ui, |ui| {
        surface(ui, |ui| {
            ui.horizontal(|ui| {
                ui.strong(if runs.is_empty() {
                    "No runs yet. Train a model to see it here."
                } else {
                    "Runs"
                });
                if ui.button("Refresh").on_hover_text("Reads the folder of runs again").clicked() {
                    send(context, RunsCommand::Refresh);
                }
            });
            explanation(
                ui,
                "Every run has its own folder; models that were opened from elsewhere are listed too. Tick runs to \
                 overlay their curves in Run.",
            );
            if !runs.is_empty() {
                ScrollArea::horizontal().id_salt("table of runs").show(ui, |ui| {
                    table(ui, context, runs.iter().collect());
                });
            }
            for (folder, cause) in &state.damaged {
                explanation(ui, &format!("Cannot be read: {}: {cause}", shown(&folder)));
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
    let preset = Preset::nearest(&run.config.model, &run.config.training);
    format!("{}, {}", preset.called().label, run.config.model.latent_size)
}

fn table(ui: &mut Ui, context: &mut PanelContext<'_>, mut runs: Vec<&RunSummary>) {
    let sorting = Id::unique("order of the runs");
    let newest_first = Order { column: Column::Date, falls: true };
    let mut order: Order = ui.data(|data| data.get_temp(sorting)).unwrap_or(newest_first);
    sort(&mut runs, order);
    Grid::new("table of runs").striped(true).min_col_width(0.0).spacing([10.0, 4.0]).show(ui, |ui| {
        ui.label("");
        for (column, name, hint) in COLUMNS {
            let words = if order.column == column {
                format!("{name} {}", if order.falls { "▼" } else { "▲" })
            } else {
                name.to_owned()
            };
            let words = RichText::new(words).strong();
            if ui
                .add(Button::new(words).frame(false).min_size(Vec2::splat(ROW)))
                .on_hover_text(hint)
                .clicked()
            {
                order = Order { column, falls: order.column == column && !order.falls };
            }
        }
        ui.end_row();
        for run in runs {
            row(ui, context, run);
            ui.end_row();
        }
    });
    ui.data_mut(|data| data.insert_temp(sorting, order));
}

fn row(ui: &mut Ui, context: &mut PanelContext<'_>, run: &RunSummary) {
    let mut overlaid = context.state.runs.overlaid.iter().any(|known| known.folder == run.folder);
    let hint = format!("Overlays the curves of {} in Run", run.name());
    let tick = ui.checkbox(&mut overlaid, "").on_hover_text(hint);
    let name = format!("Overlay {}", run.name());
    tick.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, overlaid, &name));
    if tick.changed() {
        send(context, RunsCommand::Overlay(run.folder.clone(), overlaid));
    }
    let is_open = context.state.runs.selected.as_ref() == Some(&run.folder);
    if ui.selectable_label(is_open, run.name()).clicked() {
        send(context, RunsCommand::Select(run.folder.clone()));
    }
    let started = date(run.record.started);
    ui.label(started.trim_end_matches(" UTC")).on_hover_text("UTC");
    let status = ui.label(run.record.status.label());
    if let RunEnd::Failed(cause) = &run.record.status {
        status.on_hover_text(names::escaped(cause));
    }
    ui.label(model(run));
    ui.label(format!("{} of {}", run.epochs.len(), run.record.epochs_total));
    let number = |value: f64| if value.is_finite() { format::significant(value) } else { "none".to_owned() };
    ui.monospace(number(error_of(run)));
    ui.monospace(number(kl_of(run)));
    ui.label(format::waiting(run.seconds()));
}

fn page(ui: &mut Ui, context: &mut PanelContext<'_>, run: &RunSummary) {
    ui.heading(run.name());
    explanation(ui, &shown(&run.folder).to_string());
    buttons(ui, context, run);
    notes(ui, context, run);
    for (name, mut rows) in all_settings(run) {
        section_title(ui, name);
        rows.sort_by_key(|row| !row.differs);
        pairs(ui, name, &rows);
    }
    section_title(ui, "Data");
    let record = &run.record;
    let folder = record
        .recordings
        .as_ref()
        .map_or_else(|| "not saved".to_owned(), |folder| shown(&folder).to_string());
    let plain = |name: &str, value: String| SettingRow { name: name.to_owned(), value, differs: false };
    let classes: Vec<String> =
        record.classes.iter().map(|(class, count)| format!("{class} {}", format::count(*count))).collect();
    pairs(
        ui,
        "data",
        &[
            plain("folder", folder),
            plain(
                "images",
                format!(
                    "{} to train, {} to validate",
                    format::count(record.training_images),
                    format::count(record.validation_images)
                ),
            ),
            plain("classes", classes.join(", ")),
        ],
    );
    section_title(ui, "Machine and version");
    let machine = if record.machine.cores == 0 { "not saved".to_owned() } else { record.machine.words() };
    pairs(
        ui,
        "machine",
        &[
            plain("machine", machine),
            plain("computed on", format!("{}, {} threads", record.device, record.threads)),
            plain("program", format!("timbrespace {}", run.config.version)),
        ],
    );
}

fn pairs(ui: &mut Ui, id: &str, rows: &[SettingRow]) {
    let colours = palette(ui);
    Grid::new(("run page", id)).num_columns(2).min_col_width(150.0).spacing([14.0, 2.0]).show(ui, |ui| {
        for SettingRow { name, value, differs } in rows {
            ui.label(RichText::new(name).color(colours.text_weak));
            let value = RichText::new(names::escaped(value));
            let value = if *differs { value.strong().color(colours.accent) } else { value };
            let shown = ui.add(Label::new(value).wrap());
            if *differs {
                shown.on_hover_text("Differs from the default");
            }
            ui.end_row();
        }
    });
}

fn buttons(ui: &mut Ui, context: &mut PanelContext<'_>, run: &RunSummary) {
    let folder = || run.folder.clone();
    let button = |ui: &mut Ui, words: &str, hint: &str| ui.button(words).on_hover_text(hint).clicked();
    ui.horizontal_wrapped(|ui| {
        if button(ui, "Play it", "Opens this run's model in the Instrument view") {
            send(context, RunsCommand::UseModel(folder()));
        }
        if button(ui, "Replay", "The same recordings decoded after every epoch") {
            send(context, RunsCommand::OpenReplay(folder()));
        }
        if button(ui, "Resume", "Continues from its newest checkpoint") {
            context.send(Command::Training(TrainingCommand::Resume(folder())));
        }
        if button(ui, "Use its settings", "Copies its settings into the form") {
            send(context, RunsCommand::UseSettings(folder()));
        }
        if button(ui, "Save report…", "One HTML page with settings, curves, pictures and sounds") {
            context.ask(ui.ctx(), Question::SaveRunReport(folder()));
        }
        if button(ui, "Save scalars…", "All measured values, as CSV") {
            context.ask(ui.ctx(), Question::SaveScalars(folder()));
        }
        if button(ui, "Show folder", "Opens the run's folder in the file browser") {
            reveal::folder(folder());
        }
        remove(ui, context, &run.folder);
    });
}

/// The remove button, which asks for confirmation.
fn remove(ui: &mut Ui, context: &mut PanelContext<'_>, folder: &Path) {
    let asked = Id::unique(("remove run", folder));
    let mut asking: bool = ui.data(|data| data.get_temp(asked)).unwrap_or(false);
    if !asking
        && ui.button("Remove…").on_hover_text("Moves the run to the trash, after confirmation").clicked()
    {
        asking = true;
    } else if asking {
        ui.label(RichText::new("Remove this run?").color(palette(ui).error));
        if ui.button("Move to the trash").clicked() {
            send(context, RunsCommand::Remove(folder.to_owned()));
            asking = false;
        }
        if ui.button("Keep it").clicked() {
            asking = false;
        }
    }
    ui.data_mut(|data| data.insert_temp(asked, asking));
}

fn notes(ui: &mut Ui, context: &mut PanelContext<'_>, run: &RunSummary) {
    let title = section_title(ui, "Notes");
    let draft = Id::unique(("notes of", &run.folder));
    let mut text: String = ui.data(|data| data.get_temp(draft)).unwrap_or_else(|| run.notes.clone());
    let edit = TextEdit::multiline(&mut text)
        .desired_rows(2)
        .desired_width(f32::INFINITY)
        .hint_text("What you tried, what you heard");
    let response = ui.add(edit).labelled_by(title.id);
    if response.changed() {
        ui.data_mut(|data| data.insert_temp(draft, text.clone()));
    }
    if response.lost_focus() && text != run.notes {
        ui.data_mut(|data| data.remove::<String>(draft));
        send(context, RunsCommand::SetNotes(run.folder.clone(), text));
    }
}
