//! Loading speed: cached images against decoding on the fly, and log-mel item by item against batches.

mod copied;
mod verdict;
mod words;

use std::ops::Range;

use self::words::{COLUMNS, equality, measured, method_name, per_epoch, rows};
use eframe::egui::{
    Align2, Button, CornerRadius, Grid, Label, Rect, RichText, ScrollArea, Sense, TextStyle, Ui, Vec2, pos2,
};

use crate::{
    app::{
        context::PanelContext,
        format,
        panels::{job_bar, no_recordings},
        theme::{self, GAP, HALF_GAP, ROUNDING, palette},
        widgets::{
            card::{explanation, surface},
            number_field::NumberField,
            room::empty_cell,
            toolbar, wide,
        },
    },
    jobs::compare_loading::{LoadingMethod, Report, WRITING},
    language::{Key, key, text},
    session::{
        Command, State,
        data_set::{DataSetCommand, listed, loading::LoadingCommand},
        task::TaskStatus,
    },
};

const AGAIN: Key = key!("loading-again");
/// More epochs than this give no new information.
const MAX_EPOCHS: usize = 50;
/// The limit of the training form.
const MAX_BATCH: usize = 1024;
/// Height of a bar, in points.
const BAR: f32 = 14.0;
/// Width of the method names, left of the bars.
const NAMES: f32 = 170.0;
/// Width of the value, right of the longest bar.
const FIGURE: f32 = 150.0;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    surface(ui, |ui| head(ui, context));
    ui.add_space(GAP);
    let Some(measured) = context.state.data_set.loading.measured.clone() else {
        job_bar::placeholder(ui, &text!("loading-title"), &text!("loading-text"));
        return;
    };
    ScrollArea::vertical().id_salt("loading").auto_shrink([false, false]).show(ui, |ui| {
        results(ui, &measured.report, in_one_table);
    });
}

/// Draws the results for a figure.
pub fn figure(ui: &mut Ui, state: &State) {
    if let Some(measured) = &state.data_set.loading.measured {
        results(ui, &measured.report, in_tables_that_fit);
    }
}

fn head(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let loading = &state.data_set.loading;
    let running = loading.status.is_running();
    let why_not = no_recordings::why(&state.library);
    toolbar::show(ui, |ui| {
        let words = if loading.measured.is_some() { AGAIN.text() } else { text!("loading-compare") };
        let button = ui.add_enabled(!running && why_not.is_none(), Button::new(words));
        let button = button.on_hover_text(text!("loading-compare-help"));
        if button.on_disabled_hover_text(why_not.clone().unwrap_or_default()).clicked() {
            send(context, LoadingCommand::Start);
        }
        let copy = ui.add_enabled(loading.measured.is_some(), Button::new(text!("loading-copy")));
        if let (true, Some(measured)) = (copy.clicked(), &loading.measured) {
            ui.ctx().copy_text(copied::words(&measured.report));
        }
        form(ui, context, !running);
    });
    if let (Some(why), None) = (&why_not, &loading.measured) {
        explanation(ui, why);
    }
    if job_bar::progress_of(ui, &loading.status, &units(&loading.status)) {
        send(context, LoadingCommand::Cancel);
    }
    job_bar::failure(ui, &loading.status);
    if let (Some(measured), false) = (&loading.measured, running) {
        // How classes are read makes no difference to speed.
        let change =
            listed::change(&state.library, &state.settings.preprocessing, &measured.root, &measured.config);
        job_bar::stale(
            ui,
            &state.library,
            change.filter(|&change| change != listed::Change::Classes),
            &AGAIN.text(),
        );
    }
}

fn form(ui: &mut Ui, context: &mut PanelContext<'_>, free: bool) {
    let was = context.state.data_set.loading.form;
    let mut form = was;
    let field = |ui: &mut Ui, name: Key, hint: Key, value: &mut usize, most: usize| {
        let label = toolbar::words(ui, name.text());
        ui.add_enabled(free, NumberField::new(value).range(1..=most).speed(0.2))
            .on_hover_text(hint.text())
            .labelled_by(label.id);
    };
    let (name, hint) = (key!("loading-epochs"), key!("loading-epochs-help"));
    field(ui, name, hint, &mut form.epochs, MAX_EPOCHS);
    let (name, hint) = (key!("loading-batch-size"), key!("loading-batch-size-help"));
    field(ui, name, hint, &mut form.batch_size, MAX_BATCH);
    if form != was {
        send(context, LoadingCommand::SetForm(form));
    }
}

fn send(context: &mut PanelContext<'_>, command: LoadingCommand) {
    context.send(Command::DataSet(DataSetCommand::Loading(command)));
}

/// The unit that the current stage counts.
fn units(status: &TaskStatus) -> String {
    match status {
        TaskStatus::Running { stage, .. } if *stage == WRITING => text!("loading-unit-recordings"),
        _ => text!("loading-unit-batches"),
    }
}

fn results(ui: &mut Ui, report: &Report, table: fn(&mut Ui, &Report)) {
    let words = measured(report);
    section(ui, &text!("loading-images"), &words, &verdict::of_images(report), |ui| {
        bars(ui, &report.ways);
        let cache = text!(
            "loading-cache",
            time = format::seconds(report.cache_seconds),
            size = format::bytes(report.cache_bytes as usize),
            equality = equality(report.images_equal)
        );
        explanation(ui, &cache);
    });
    ui.add_space(GAP);
    section(ui, &text!("loading-mel"), &words, &verdict::of_mel(&report.mel), |ui| {
        bars(ui, &report.mel.ways);
        explanation(ui, &equality(report.mel.images_equal));
    });
    ui.add_space(GAP);
    surface(ui, |ui| {
        ui.strong(text!("loading-figures"));
        ui.add_space(HALF_GAP);
        table(ui, report);
        if let Some(cause) = &report.cold_unavailable {
            let words = RichText::new(text!("loading-no-cold", cause = cause));
            ui.add(Label::new(words.color(palette(ui).warning)).wrap());
        }
    });
}

fn section(ui: &mut Ui, title: &str, what: &str, verdict: &str, contents: impl FnOnce(&mut Ui)) {
    surface(ui, |ui| {
        toolbar::show(ui, |ui| {
            toolbar::words(ui, RichText::new(title).strong());
            toolbar::small_words(ui, what, palette(ui).text_weak);
        });
        let words = RichText::new(verdict).color(palette(ui).text_strong);
        ui.add(Label::new(words).wrap().selectable(true));
        ui.add_space(HALF_GAP);
        contents(ui);
    });
}

/// Where the files of an epoch were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Warmth {
    /// In memory.
    Warm,
    /// In storage.
    Cold,
}

/// Seconds per epoch of each method, warm and cold, as bars on one scale.
fn bars(ui: &mut Ui, methods: &[LoadingMethod]) {
    let longest = methods
        .iter()
        .flat_map(|method| [Some(method.median_seconds), method.cold_median_seconds])
        .flatten()
        .fold(0.0, f64::max);
    for method in methods {
        let kinds = [(Warmth::Warm, Some(method.median_seconds)), (Warmth::Cold, method.cold_median_seconds)];
        for (place, (warmth, seconds)) in
            kinds.into_iter().filter_map(|(warmth, secs)| Some((warmth, secs?))).enumerate()
        {
            let name = if place == 0 { method_name(method) } else { String::new() };
            bar(ui, &name, warmth, seconds, longest, method);
        }
        ui.add_space(HALF_GAP);
    }
}

fn bar(ui: &mut Ui, name: &str, warmth: Warmth, seconds: f64, longest: f64, method: &LoadingMethod) {
    let colours = palette(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), BAR + 2.0), Sense::hover());
    let body = TextStyle::Body.resolve(ui.style());
    let (names, plot) = rect.split_left_right_at_x(rect.left() + NAMES);
    ui.painter().text(names.left_center(), Align2::LEFT_CENTER, name, body, colours.text);
    let room = (plot.width() - FIGURE).max(0.0);
    let width = room * (seconds / longest.max(f64::MIN_POSITIVE)) as f32;
    let filled = Rect::from_min_size(plot.min, Vec2::new(width.max(1.0), BAR));
    let colour = match warmth {
        Warmth::Warm => colours.accent,
        Warmth::Cold => colours.wave.gamma_multiply(0.6),
    };
    ui.painter().rect_filled(filled, CornerRadius::same(ROUNDING / 2), colour);
    let font = theme::small_mono().resolve(ui.style());
    let words = match warmth {
        Warmth::Warm => text!("loading-warm", time = per_epoch(seconds)),
        Warmth::Cold => text!("loading-cold", time = per_epoch(seconds)),
    };
    let at = pos2(filled.right() + GAP, filled.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, words, font, colours.text_weak);
    response.on_hover_text(bar_help(warmth, seconds, method));
}

fn bar_help(warmth: Warmth, seconds: f64, method: &LoadingMethod) -> String {
    let (name, time) = (method_name(method), per_epoch(seconds));
    let epoch = match warmth {
        Warmth::Warm => text!("loading-warm-epoch", method = name, time = time),
        Warmth::Cold => text!("loading-cold-epoch", method = name, time = time),
    };
    let speed = text!(
        "loading-speed",
        speed = method.recordings_per_second.round() as usize,
        fastest = per_epoch(method.fastest_seconds)
    );
    format!("{epoch}\n{speed}")
}

/// All columns of figures side by side; they scroll where there is no room for them.
fn in_one_table(ui: &mut Ui, report: &Report) {
    wide::show(ui, "loading figures", |ui| figures(ui, report, 0..COLUMNS.len()));
}

/// As many columns of figures side by side as there is room for, the others below them: what is printed does not scroll.
fn in_tables_that_fit(ui: &mut Ui, report: &Report) {
    let rows = rows(report);
    let width = |text: &str, style: TextStyle| {
        let font = style.resolve(ui.style());
        ui.painter().layout_no_wrap(text.to_owned(), font, palette(ui).text).size().x
    };
    let names = rows.iter().map(|(name, _)| width(name, TextStyle::Body)).fold(0.0, f32::max);
    let column = |place: usize| {
        let cells = rows.iter().map(|(_, cells)| width(&cells[place], theme::small_mono()));
        2.0 * GAP + cells.fold(width(&COLUMNS[place].0.text(), TextStyle::Small), f32::max)
    };
    let room = ui.available_width() - names;
    let (mut start, mut taken) = (0, 0.0);
    let mut tables = Vec::new();
    for place in 0..COLUMNS.len() {
        let width = column(place);
        if place > start && taken + width > room {
            tables.push(start..place);
            (start, taken) = (place, 0.0);
        }
        taken += width;
    }
    tables.push(start..COLUMNS.len());
    for (place, columns) in tables.into_iter().enumerate() {
        if place > 0 {
            ui.add_space(GAP);
        }
        figures(ui, report, columns);
    }
}

/// A table of these columns of figures.
fn figures(ui: &mut Ui, report: &Report, columns: Range<usize>) {
    let colours = palette(ui);
    let table = Grid::new(("loading figures", columns.start)).num_columns(columns.len() + 1).striped(true);
    table.spacing([2.0 * GAP, HALF_GAP]).show(ui, |ui| {
        empty_cell(ui);
        for (title, hint) in COLUMNS.get(columns.clone()).unwrap_or_default() {
            let title = RichText::new(title.text()).small().color(colours.text_weak);
            ui.label(title).on_hover_text(hint.text());
        }
        ui.end_row();
        for (name, cells) in rows(report) {
            ui.label(name);
            for cell in cells.get(columns.clone()).unwrap_or_default() {
                ui.label(RichText::new(cell).text_style(theme::small_mono()).color(colours.text));
            }
            ui.end_row();
        }
    });
}
