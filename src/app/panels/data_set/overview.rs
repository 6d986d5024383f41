//! Overview of the open folder: thumbnails by class, mean and spread of each class, distributions.

pub mod class_images;
pub mod distributions;
pub mod grid;

use std::sync::Arc;

use eframe::egui::{Align, Button, ComboBox, Label, Layout, RichText, Ui};

use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format,
        memory::data_set::{OverviewMemory, OverviewTab},
        panels::job_bar,
        theme::{GAP, ROW, palette},
        widgets::{
            card::{explanation, surface},
            toolbar,
        },
    },
    jobs::survey::{self, Report},
    names::shown,
    pipeline::config::{ClipDuration, PreprocessingConfig},
    session::{
        Command,
        data_set::{DataSetCommand, MOST_UNASKED, listed, overview::OverviewCommand},
    },
};

const TABS: [(OverviewTab, &str, &str); 3] = [
    (OverviewTab::Images, "Images", "A thumbnail of every recording's image, by class"),
    (
        OverviewTab::Classes,
        "Mean and spread",
        "Mean image of each class, and the standard deviation around it",
    ),
    (
        OverviewTab::Distributions,
        "Distributions",
        "Durations, levels, minimum and maximum before normalisation",
    ),
];

const AGAIN: &str = "Preprocess again";
/// Least width for the plan beside the buttons, in points; in narrower windows it goes below them.
const PLAN_WIDTH: f32 = 500.0;
/// The filter's text when it is off.
const EVERY_CLASS: &str = "All classes";

/// Draws one of the tabs for a figure with `show`; nothing if there are no results.
pub fn figure(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    show: impl FnOnce(&mut Ui, &mut PanelContext<'_>, &Arc<Report>),
) {
    if let Some(report) = context.state.data_set.overview.report.clone() {
        show(ui, context, &report);
    }
}

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    surface(ui, |ui| head(ui, context));
    ui.add_space(GAP);
    let Some(report) = context.state.data_set.overview.report.clone() else {
        let text = "“Preprocess” makes every image once with the settings of the Stages view. It then shows a thumbnail of each, \
                     by class, the mean and spread of each class, and the distributions of durations and \
                     levels.";
        let title = if context.state.library.used() > MOST_UNASKED {
            "More than 20,000 recordings: press Preprocess to begin"
        } else {
            "The whole folder at a glance"
        };
        job_bar::placeholder(ui, title, text);
        return;
    };
    tabs(ui, context, &report);
    match context.memory.data_set.overview.tab {
        OverviewTab::Images => grid::show(ui, context, &report),
        OverviewTab::Classes => class_images::show(ui, context, &report),
        OverviewTab::Distributions => distributions::show(ui, context, &report),
    }
}

fn head(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let overview = &state.data_set.overview;
    let running = overview.status.is_running();
    let free = !running && state.library.used() > 0;
    let narrow = ui.horizontal(|ui| {
        let text = if overview.report.is_some() { AGAIN } else { "Preprocess" };
        let button = ui.add_enabled(free, Button::new(text));
        if button.on_hover_text("Makes every image once for this view; writes no files").clicked() {
            send(context, OverviewCommand::Start);
        }
        let save = ui.add_enabled(free && !context.memory.dialogs.is_open(), Button::new("Save to folder…"));
        let hint = "Writes every image as .npy, as `timbrespace preprocess` does";
        if save.on_hover_text(hint).on_disabled_hover_text(hint).clicked() {
            context.ask(ui.ctx(), Question::SaveImages);
        }
        let narrow = ui.available_width() < PLAN_WIDTH;
        if !narrow {
            plan_line(ui, context);
        }
        narrow
    });
    if narrow.inner {
        plan_line(ui, context);
    }
    if let Some(folder) = &overview.saving {
        explanation(ui, &format!("Saving to {}", shown(&folder)));
    }
    if job_bar::progress(ui, &overview.status) {
        send(context, OverviewCommand::Cancel);
    }
    job_bar::failure(ui, &overview.status);
    if let (Some(report), false) = (&overview.report, running) {
        let change =
            listed::change(&state.library, &state.settings.preprocessing, &report.folder, &report.config)
                .or_else(|| listed::change_of_list(&state.library, &overview.left_out));
        job_bar::stale(ui, change, AGAIN);
    }
}

fn plan_line(ui: &mut Ui, context: &PanelContext<'_>) {
    let text = RichText::new(plan(context)).color(palette(ui).text_weak);
    ui.add(Label::new(text).truncate()).on_hover_text(memory_text(context));
}

fn send(context: &mut PanelContext<'_>, command: OverviewCommand) {
    context.send(Command::DataSet(DataSetCommand::Overview(command)));
}

/// The plan: number of recordings, image size and settings.
fn plan(context: &PanelContext<'_>) -> String {
    let library = &context.state.library;
    if library.used() == 0 {
        return "Open a folder of recordings first.".to_owned();
    }
    let config = &context.state.settings.preprocessing;
    let size = config.image_shape().map_or_else(
        || "images as long as the longest recording".to_owned(),
        |(bins, frames)| format!("images of {bins} × {frames}"),
    );
    format!("{} to {size}: {}", format::counted(library.used(), "recording"), settings_text(config))
}

fn settings_text(config: &PreprocessingConfig) -> String {
    let feature = config.feature.words().noun;
    let length = match config.duration {
        ClipDuration::Full => "whole files".to_owned(),
        _ => config.max_secs().map_or_else(String::new, format::seconds),
    };
    format!("{feature}, {}, {length}", format::rate(config.sample_rate_hz))
}

/// Memory use of the overview.
fn memory_text(context: &PanelContext<'_>) -> String {
    let images = context.state.library.used();
    let mega = survey::thumbnail_bytes(images) as f64 / 1e6;
    let whole =
        context.state.settings.preprocessing.image_shape().map_or_else(String::new, |(bins, frames)| {
            let giga = (images * bins * frames * size_of::<f32>()) as f64 / 1e9;
            format!(" All images together would take {giga:.2} GB; they are made one at a time and not kept.")
        });
    format!(
        "{}\nKept in memory: a thumbnail of each, {mega:.1} MB, and two images per class.{whole}",
        plan(context)
    )
}

/// The tabs, the class filter, and what was left out.
fn tabs(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let memory = &mut context.memory.data_set.overview;
    let choose = |ui: &mut Ui, memory: &mut OverviewMemory| {
        for (tab, name, hint) in TABS {
            if ui.selectable_label(memory.tab == tab, name).on_hover_text(hint).clicked() {
                memory.tab = tab;
            }
        }
    };
    let is_narrow = ui.available_width() < PLAN_WIDTH;
    if is_narrow {
        toolbar::show(ui, |ui| choose(ui, memory));
    }
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        if !is_narrow {
            choose(ui, memory);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            class_filter(ui, memory, report);
            let left_out = match report.skipped.len() {
                0 => String::new(),
                count => format!(", {} left out", format::counted(count, "file")),
            };
            let images = format::counted(report.entries.len(), "image");
            let text = format!("{images} in {}{left_out}", format::seconds(report.seconds));
            let label = Label::new(RichText::new(&text).small().color(palette(ui).text_weak)).truncate();
            ui.add(label).on_hover_text(format!("{text}\n{}", settings_text(&report.config)));
        });
    });
}

fn class_filter(ui: &mut Ui, memory: &mut OverviewMemory, report: &Report) {
    if report.classes.len() < 2 {
        memory.class = None;
        return;
    }
    if memory.class.as_ref().is_some_and(|class| !report.classes.iter().any(|(known, _)| known == class)) {
        memory.class = None;
    }
    let name =
        |class: &Option<String>| class.as_deref().map_or(EVERY_CLASS.into(), format::class_name).into_owned();
    let filter = ComboBox::from_id_salt("class filter")
        .width(120.0)
        .selected_text(name(&memory.class))
        .show_ui(ui, |ui| {
            ui.selectable_value(&mut memory.class, None, EVERY_CLASS);
            for (class, range) in &report.classes {
                let text = format!("{} ({})", format::class_name(class), format::count(range.len()));
                ui.selectable_value(&mut memory.class, Some(class.clone()), text);
            }
        });
    filter.response.accessible_name("Class").on_hover_text("Show one class only");
}
