//! Overview of the open folder: thumbnails by class, mean and spread of each class, distributions.

pub mod class_images;
pub mod distributions;
pub mod grid;

use std::{path::Path, sync::Arc};

use eframe::egui::{Align, Button, ComboBox, Label, Layout, RichText, Ui};

use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        feature_words, format,
        memory::data_set::{OverviewMemory, OverviewTab},
        panels::{job_bar, no_recordings},
        theme::{GAP, ROW, palette},
        widgets::{
            card::{explanation, surface},
            dropdown, toolbar,
        },
    },
    audio::folder::Skipped,
    jobs::survey::{self, Report},
    language::{Key, key, text},
    names::{escaped, shown},
    pipeline::config::{ClipDuration, PreprocessingConfig},
    session::{
        Command,
        data_set::{DataSetCommand, MOST_UNASKED, listed, overview::OverviewCommand},
        error_words::InWords as _,
    },
};

const TABS: [(OverviewTab, Key, Key); 3] = [
    (OverviewTab::Images, key!("data-set-images-tab"), key!("data-set-images-tab-help")),
    (OverviewTab::Classes, key!("data-set-mean-tab"), key!("data-set-mean-tab-help")),
    (OverviewTab::Distributions, key!("data-set-distributions-tab"), key!("data-set-distributions-tab-help")),
];

const AGAIN: Key = key!("data-set-preprocess-again");
/// Least width for the plan beside the buttons, in points; in narrower windows it goes below them.
const PLAN_WIDTH: f32 = 500.0;
/// Files that cannot be used and are named in the tooltip.
const MOST_NAMED: usize = 10;
/// The filter's text when it is off.
const EVERY_CLASS: Key = key!("data-set-all-classes");

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
    let report = context.state.data_set.overview.report.clone();
    let library = &context.state.library;
    if let Some(why) = report.as_ref().and_then(|report| no_recordings::instead_of(library, &report.folder)) {
        job_bar::placeholder(ui, &why, &text!("data-set-overview-text"));
        return;
    }
    let Some(report) = report else {
        let title = if context.state.library.used() > MOST_UNASKED {
            text!("data-set-overview-large", count = MOST_UNASKED)
        } else {
            text!("data-set-overview-title")
        };
        job_bar::placeholder(ui, &title, &text!("data-set-overview-text"));
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
        let text = if overview.report.is_some() { AGAIN.text() } else { text!("data-set-preprocess") };
        let button = ui.add_enabled(free, Button::new(text));
        let why_not = no_recordings::why(&state.library).unwrap_or_default();
        let button = button.on_hover_text(text!("data-set-preprocess-help"));
        if button.on_disabled_hover_text(why_not).clicked() {
            send(context, OverviewCommand::Start);
        }
        let save = Button::new(text!("data-set-save-images"));
        let save = ui.add_enabled(free && !context.memory.dialogs.is_open(), save);
        let hint = text!("data-set-save-images-help");
        if save.on_hover_text(&hint).on_disabled_hover_text(hint).clicked() {
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
        explanation(ui, &text!("data-set-saving-to", folder = shown(&folder).to_string()));
    }
    if job_bar::progress(ui, &overview.status) {
        send(context, OverviewCommand::Cancel);
    }
    job_bar::failure(ui, &overview.status);
    let report = overview.report.as_ref().filter(|_| !running);
    if let Some(report) =
        report.filter(|report| no_recordings::instead_of(&state.library, &report.folder).is_none())
    {
        let change =
            listed::change(&state.library, &state.settings.preprocessing, &report.folder, &report.config)
                .or_else(|| listed::change_of_list(&state.library, &overview.left_out));
        job_bar::stale(ui, &state.library, change, &AGAIN.text());
    }
}

fn plan_line(ui: &mut Ui, context: &PanelContext<'_>) {
    let text = RichText::new(plan(context)).color(palette(ui).text_weak);
    ui.add(Label::new(text).wrap()).on_hover_text(memory_text(context));
}

fn send(context: &mut PanelContext<'_>, command: OverviewCommand) {
    context.send(Command::DataSet(DataSetCommand::Overview(command)));
}

/// The plan: number of recordings, image size and settings.
fn plan(context: &PanelContext<'_>) -> String {
    let library = &context.state.library;
    if let Some(why) = no_recordings::why(library) {
        return why;
    }
    let config = &context.state.settings.preprocessing;
    let recordings = text!("recordings", count = library.used());
    let settings = settings_text(config);
    match config.image_shape() {
        None => text!("data-set-plan-whole", recordings = recordings, settings = settings),
        Some((bins, frames)) => text!(
            "data-set-plan",
            recordings = recordings,
            bins = format::count(bins),
            frames = format::count(frames),
            settings = settings
        ),
    }
}

fn settings_text(config: &PreprocessingConfig) -> String {
    let length = match config.duration {
        ClipDuration::Full => text!("data-set-whole-files"),
        _ => config.max_secs().map_or_else(String::new, format::seconds),
    };
    text!(
        "data-set-settings",
        feature = feature_words::noun(config.feature),
        rate = format::rate(config.sample_rate_hz),
        length = length
    )
}

/// Memory use of the overview.
fn memory_text(context: &PanelContext<'_>) -> String {
    let images = context.state.library.used();
    let thumbnails = format::bytes(survey::thumbnail_bytes(images));
    let memory = match context.state.settings.preprocessing.image_shape() {
        None => text!("data-set-memory", thumbnails = thumbnails),
        Some((bins, frames)) => {
            let all = format::bytes(images * bins * frames * size_of::<f32>());
            text!("data-set-memory-of-all", thumbnails = thumbnails, all = all)
        }
    };
    format!("{}\n{memory}", plan(context))
}

/// The tabs, the class filter, and how much was made.
fn tabs(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let memory = &mut context.memory.data_set.overview;
    let choose = |ui: &mut Ui, memory: &mut OverviewMemory| {
        for (tab, name, hint) in TABS {
            if ui.selectable_label(memory.tab == tab, name.text()).on_hover_text(hint.text()).clicked() {
                memory.tab = tab;
            }
        }
    };
    let is_narrow = ui.available_width() < PLAN_WIDTH;
    if is_narrow {
        toolbar::show(ui, |ui| choose(ui, memory));
    }
    let text = made(report);
    let unusable = unusable(&report.folder, &report.skipped);
    let hint = format!("{text}\n{}{unusable}", settings_text(&report.config));
    let text = RichText::new(text).small().color(palette(ui).text_weak);
    let mut has_room = true;
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        if !is_narrow {
            choose(ui, memory);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            class_filter(ui, memory, report);
            has_room = toolbar::width(ui, text.clone()) <= ui.available_width();
            if has_room {
                ui.label(text.clone()).on_hover_text(&hint);
            }
        });
    });
    if !has_room {
        ui.add(Label::new(text).wrap()).on_hover_text(hint);
    }
}

/// The first files that cannot be used, with the causes, one a line.
fn unusable(folder: &Path, skipped: &[Skipped]) -> String {
    let named = skipped.iter().take(MOST_NAMED).map(|Skipped { path, cause }| {
        let name = path.strip_prefix(folder).unwrap_or(path);
        format!("{}: {}", shown(&name), escaped(format::cause_alone(path, &cause.words())))
    });
    let more = skipped.len().saturating_sub(MOST_NAMED);
    let more = (more > 0).then(|| text!("data-set-more-files", count = more));
    named.chain(more).fold(String::new(), |lines, line| lines + "\n" + &line)
}

/// How many images were made, and how many files cannot be used.
fn made(report: &Report) -> String {
    let images = text!("data-set-images", count = report.entries.len());
    let time = format::seconds(report.seconds);
    match report.skipped.len() {
        0 => text!("data-set-made", images = images, time = time),
        count => text!("data-set-made-and-unusable", images = images, time = time, count = count),
    }
}

fn class_filter(ui: &mut Ui, memory: &mut OverviewMemory, report: &Report) {
    if report.classes.len() < 2 {
        memory.class = None;
        return;
    }
    if memory.class.as_ref().is_some_and(|class| !report.classes.iter().any(|(known, _)| known == class)) {
        memory.class = None;
    }
    let name = |class: &Option<String>| {
        class.as_deref().map_or_else(|| EVERY_CLASS.text(), |class| format::class_name(class).into_owned())
    };
    let list = ComboBox::from_id_salt("class filter").width(120.0).selected_text(name(&memory.class));
    let filter = dropdown::show(ui, list, |ui| {
        ui.selectable_value(&mut memory.class, None, EVERY_CLASS.text());
        for (class, range) in &report.classes {
            let text = text!(
                "data-set-class-option",
                class = format::class_name(class).into_owned(),
                count = range.len()
            );
            ui.selectable_value(&mut memory.class, Some(class.clone()), text);
        }
    });
    let response = filter.response.accessible_name(text!("data-set-class-filter"));
    response.on_hover_text(text!("data-set-class-filter-help"));
}
