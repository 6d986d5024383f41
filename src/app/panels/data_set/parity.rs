//! Comparison with a folder of the Python pipeline: the files, worst first, and the images of one of them.

mod files;
mod images;

use std::{path::PathBuf, sync::Arc};

use eframe::egui::{Button, CentralPanel, Frame, Label, Panel, RichText, Ui, UiBuilder};

use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format,
        panels::job_bar,
        theme::{GAP, HALF_GAP, palette},
        widgets::{card::surface, toolbar},
    },
    jobs::parity::Report,
    names,
    names::shown,
    session::{
        Command,
        data_set::{DataSetCommand, listed, parity::ParityCommand},
    },
};

const AGAIN: &str = "Compare again";
/// Height of the images below the files, as a part of the available height.
const IMAGES_PART: f32 = 0.52;
/// Most notes and causes listed above the files; the rest is in the tooltip.
const MAX_REMARKS: usize = 4;
/// Most notes in windows lower than [`LOW_WINDOW`] points.
const FEW_REMARKS: usize = 2;
const LOW_WINDOW: f32 = 700.0;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    surface(ui, |ui| head(ui, context));
    ui.add_space(GAP);
    let Some(report) = context.state.data_set.parity.report.clone() else {
        let text = "Choose the folder that the Python pipeline wrote: the one with “spectrograms” and “min_max_values.pkl”, or the \
                     folder of .npy files itself. Every recording is preprocessed again with the settings of the \
                     Stages view (or of a preprocessing.json in that folder) and compared cell by cell; the worst \
                     files come first, with a likely cause.";
        job_bar::placeholder(ui, "Do these images equal Python's?", text);
        return;
    };
    let height = ui.available_height() * IMAGES_PART;
    Panel::bottom("parity images").exact_size(height).show_separator_line(false).frame(Frame::new()).show(
        ui,
        |ui| {
            surface(ui, |ui| images::show(ui, context, &report));
        },
    );
    CentralPanel::no_frame().show(ui, |ui| {
        let room = ui.available_rect_before_wrap();
        let above = UiBuilder::new().max_rect(room.with_max_y(room.bottom() - GAP));
        ui.scope_builder(above, |ui| {
            surface(ui, |ui| {
                ui.set_min_height(ui.available_height());
                files::show(ui, context, &report);
            });
        });
    });
}

/// Draws the images of the selected file for a figure.
pub fn figure(ui: &mut Ui, context: &mut PanelContext<'_>) {
    if let Some(report) = context.state.data_set.parity.report.clone() {
        surface(ui, |ui| images::show(ui, context, &report));
    }
}

fn head(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let parity = &state.data_set.parity;
    let running = parity.status.is_running();
    let free = !running && !state.library.recordings.is_empty();
    toolbar::show(ui, |ui| {
        let dialog_free = !context.memory.dialogs.is_open();
        let choose = ui.add_enabled(free && dialog_free, Button::new("Choose Python's folder…"));
        if choose.on_hover_text("The folder is only read").clicked() {
            context.ask(ui.ctx(), Question::OpenPythonFolder);
        }
        if parity.python_folder.is_some() && ui.add_enabled(free, Button::new(AGAIN)).clicked() {
            context.send(Command::DataSet(DataSetCommand::Parity(ParityCommand::Again)));
        }
        let table = ui.add_enabled(!running && parity.report.is_some(), Button::new("Export CSV…"));
        if table.on_hover_text("One row per recording, worst first, for a spreadsheet").clicked() {
            context.ask(ui.ctx(), Question::SaveParity);
        }
        let text = match &parity.python_folder {
            Some(folder) => shown(&folder).to_string(),
            None if state.library.recordings.is_empty() => "Open a folder of recordings first.".to_owned(),
            None => String::new(),
        };
        toolbar::words(ui, RichText::new(&text).color(palette(ui).text_weak));
    });
    if job_bar::progress(ui, &parity.status) {
        context.send(Command::DataSet(DataSetCommand::Parity(ParityCommand::Cancel)));
    }
    job_bar::failure(ui, &parity.status);
    let Some(report) = &parity.report else { return };
    if !running {
        let change =
            listed::change(&state.library, &state.settings.preprocessing, &parity.root, &report.settings);
        let is_stale = |change: &listed::Change| match change {
            listed::Change::Folder => true,
            listed::Change::Settings => !parity.settings_beside,
            // The class pattern does not affect the images.
            listed::Change::Classes | listed::Change::LeftOut => false,
        };
        job_bar::stale(ui, change.filter(is_stale), AGAIN);
    }
    summary(ui, report, parity.settings_beside);
}

/// A summary in a few lines.
fn summary(ui: &mut Ui, report: &Arc<Report>, settings_beside: bool) {
    let colours = palette(ui);
    let sum = &report.summary;
    let all_agree = sum.within_tolerance == sum.compared;
    ui.add_space(HALF_GAP);
    let text = format!(
        "{} of {} agree within {}",
        format::count(sum.within_tolerance),
        format::counted(sum.compared, "file"),
        format::tick(report.tolerance)
    );
    ui.horizontal(|ui| {
        let colour = if all_agree { colours.good } else { colours.warning };
        ui.label(RichText::new(text).strong().color(colour));
        ui.add(Label::new(RichText::new(figures(report)).color(colours.text_weak)).truncate());
    });
    let mut remarks: Vec<String> = sum
        .causes
        .iter()
        .map(|(cause, files)| format!("{}: {cause}", format::counted(*files, "file")))
        .collect();
    remarks.extend(alone("recording has no image", "recordings have no image", &report.without_image));
    remarks.extend(alone("image has no recording", "images have no recording", &report.without_recording));
    remarks.extend(report.notes.iter().cloned());
    if settings_beside {
        remarks.push("our images use the preprocessing.json next to Python's images".to_owned());
    }
    let shown = if ui.ctx().content_rect().height() < LOW_WINDOW { FEW_REMARKS } else { MAX_REMARKS };
    let hidden = remarks.len().saturating_sub(shown);
    let remarks: Vec<_> = remarks.iter().map(|remark| names::escaped(remark)).collect();
    let all = remarks.join("\n");
    for remark in remarks.iter().take(shown) {
        ui.add(Label::new(RichText::new(remark.as_ref()).small().color(colours.text_weak)).truncate())
            .on_hover_text(remark.as_ref());
    }
    if hidden > 0 {
        let text = RichText::new(format!("and {} more", format::counted(hidden, "remark")));
        ui.label(text.small().color(colours.text_weak)).on_hover_text(all);
    }
}

fn figures(report: &Report) -> String {
    let sum = &report.summary;
    let mut parts = Vec::new();
    if let (Some(largest), Some(mean)) = (sum.largest, sum.mean) {
        let [largest, mean] = [largest, mean].map(format::significant);
        parts.push(format!("largest difference {largest}, mean {mean} of the normalised range"));
    }
    if let Some(extremes) = sum.largest_of_extremes {
        let extremes = format::significant(extremes);
        parts.push(format!(
            "minimum and maximum at most {extremes} {} off",
            report.settings.feature.unit().symbol()
        ));
    }
    for (count, what) in [(sum.other_size, "of another size"), (sum.unreadable, "unreadable")] {
        if count > 0 {
            parts.push(format!("{} {what}", format::count(count)));
        }
    }
    parts.join(", ")
}

fn alone(one: &str, many: &str, paths: &[PathBuf]) -> Option<String> {
    let first = shown(paths.first()?);
    Some(match paths.len() {
        1 => format!("1 {one}: {first}"),
        count => format!("{} {many}, the first: {first}", format::count(count)),
    })
}
