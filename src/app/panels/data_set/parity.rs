//! Comparison with a folder of the Python pipeline: the files, worst first, and the images of one of them.

mod files;
mod images;

use std::{path::PathBuf, sync::Arc};

use eframe::egui::{Button, RichText, Ui, UiBuilder};

use super::check_words;
use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format,
        panels::{job_bar, no_recordings},
        theme::{GAP, HALF_GAP, palette},
        widgets::{
            card::{explanation, surface},
            room, toolbar,
        },
    },
    inspect::parity::cause::Cause,
    jobs::parity::Report,
    language::{Key, key, text},
    names,
    names::shown,
    session::{
        Command,
        data_set::{DataSetCommand, listed, parity::ParityCommand},
        error_words::InWords,
    },
};

/// Least height of the files and the images together, in points: some rows, and images that show something. Where less is left, the view scrolls.
const LEAST_HEIGHT: f32 = 300.0;
/// Height of the images where the view scrolls: the words above them may take several lines.
const SCROLLED_IMAGES: f32 = 300.0;

const AGAIN: Key = key!("parity-again");
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
        job_bar::placeholder(ui, &text!("parity-title"), &text!("parity-text"));
        return;
    };
    let scrolls = ui.available_height() < LEAST_HEIGHT;
    let images = if scrolls { SCROLLED_IMAGES } else { ui.available_height() * IMAGES_PART };
    let files = LEAST_HEIGHT * (1.0 - IMAGES_PART);
    room::fill(ui, files + images, |ui| files_and_images(ui, context, &report, images));
}

/// Both in the available room, of which the images take `height`.
fn files_and_images(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>, height: f32) {
    let room = ui.available_rect_before_wrap();
    let (above, below) = room.split_top_bottom_at_y(room.bottom() - height);
    let above = UiBuilder::new().max_rect(above.with_max_y(above.bottom() - GAP));
    ui.scope_builder(above, |ui| {
        ui.shrink_clip_rect(ui.max_rect().intersect(ui.clip_rect()));
        surface(ui, |ui| {
            ui.set_min_height(ui.available_height());
            files::show(ui, context, report);
        });
    });
    ui.scope_builder(UiBuilder::new().max_rect(below), |ui| {
        surface(ui, |ui| images::show(ui, context, report));
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
    let why_not = no_recordings::why(&state.library);
    let free = !running && why_not.is_none();
    toolbar::show(ui, |ui| {
        let dialog_free = !context.memory.dialogs.is_open();
        let choose = ui.add_enabled(free && dialog_free, Button::new(text!("parity-choose")));
        if choose.on_hover_text(text!("parity-choose-help")).clicked() {
            context.ask(ui.ctx(), Question::OpenPythonFolder);
        }
        if parity.python_folder.is_some() && ui.add_enabled(free, Button::new(AGAIN.text())).clicked() {
            context.send(Command::DataSet(DataSetCommand::Parity(ParityCommand::Again)));
        }
        let table = Button::new(text!("parity-export"));
        let table = ui.add_enabled(!running && parity.report.is_some(), table);
        if table.on_hover_text(text!("parity-export-help")).clicked() {
            context.ask(ui.ctx(), Question::SaveParity);
        }
        let text = match &parity.python_folder {
            Some(folder) => shown(&folder).to_string(),
            None => why_not.clone().unwrap_or_default(),
        };
        if !text.is_empty() {
            toolbar::words(ui, RichText::new(&text).color(palette(ui).text_weak));
        }
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
        job_bar::stale(ui, &state.library, change.filter(is_stale), &AGAIN.text());
    }
    summary(ui, report, parity.settings_beside);
}

/// A summary in a few lines.
fn summary(ui: &mut Ui, report: &Arc<Report>, settings_beside: bool) {
    let colours = palette(ui);
    let sum = &report.summary;
    let all_agree = sum.within_tolerance == sum.compared;
    ui.add_space(HALF_GAP);
    let text = text!(
        "parity-agree",
        agreeing = sum.within_tolerance,
        compared = sum.compared,
        tolerance = format::tick(report.tolerance)
    );
    toolbar::show(ui, |ui| {
        let colour = if all_agree { colours.good } else { colours.warning };
        toolbar::words(ui, RichText::new(text).strong().color(colour));
        toolbar::words(ui, RichText::new(figures(report)).color(colours.text_weak));
    });
    let remarks = remarks(report, settings_beside);
    let shown = if ui.ctx().content_rect().height() < LOW_WINDOW { FEW_REMARKS } else { MAX_REMARKS };
    let hidden = remarks.len().saturating_sub(shown);
    let remarks: Vec<_> = remarks.iter().map(|remark| names::escaped(remark)).collect();
    let all = remarks.join("\n");
    for remark in remarks.iter().take(shown) {
        explanation(ui, remark);
    }
    if hidden > 0 {
        let text = RichText::new(text!("parity-more-remarks", count = hidden));
        ui.label(text.small().color(colours.text_weak)).on_hover_text(all);
    }
}

/// Causes and what else is remarkable, one line each.
fn remarks(report: &Report, settings_beside: bool) -> Vec<String> {
    let cause = |(cause, files): &(Cause, usize)| {
        text!("parity-cause", files = *files, cause = check_words::cause(*cause))
    };
    let mut remarks: Vec<String> = report.summary.causes.iter().map(cause).collect();
    remarks.extend(
        alone(&report.without_image)
            .map(|(count, first)| text!("parity-without-image", count = count, first = first)),
    );
    remarks.extend(
        alone(&report.without_recording)
            .map(|(count, first)| text!("parity-without-recording", count = count, first = first)),
    );
    remarks.extend(report.notes.iter().map(InWords::words));
    if settings_beside {
        remarks.push(text!("parity-settings-beside"));
    }
    remarks
}

/// How many files have no partner, and the name of the first.
fn alone(paths: &[PathBuf]) -> Option<(usize, String)> {
    Some((paths.len(), shown(paths.first()?).to_string()))
}

fn figures(report: &Report) -> String {
    let sum = &report.summary;
    let mut parts = Vec::new();
    if let (Some(largest), Some(mean)) = (sum.largest, sum.mean) {
        let [largest, mean] = [largest, mean].map(format::significant);
        parts.push(text!("parity-differences", largest = largest, mean = mean));
    }
    if let Some(extremes) = sum.largest_of_extremes {
        let extremes = format::significant(extremes);
        let unit = report.settings.feature.unit().symbol();
        parts.push(text!("parity-extremes", difference = extremes, unit = unit));
    }
    if sum.other_size > 0 {
        parts.push(text!("parity-of-another-size", count = sum.other_size));
    }
    if sum.unreadable > 0 {
        parts.push(text!("parity-unreadable-files", count = sum.unreadable));
    }
    parts.join(&text!("parity-comma"))
}
