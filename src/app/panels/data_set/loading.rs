//! Loading speed: cached images against decoding on the fly, and log-mel item by item against batches.

use eframe::egui::{
    Align2, Button, CornerRadius, Grid, Label, Rect, RichText, ScrollArea, Sense, TextStyle, Ui, Vec2, pos2,
};

use crate::{
    app::{
        context::PanelContext,
        format,
        panels::job_bar,
        theme::{self, GAP, HALF_GAP, ROUNDING, palette},
        widgets::{
            card::{explanation, surface},
            labelled::field,
            toolbar,
        },
    },
    jobs::compare_loading::{self, LoadingMethod, Report, WRITING},
    session::{
        Command, State,
        data_set::{DataSetCommand, listed, loading::LoadingCommand},
        task::TaskStatus,
    },
};

const AGAIN: &str = "Compare again";
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
        let words = "Saved images take disk space and time to write; making them from the sounds takes time in every epoch. \
                     Which is faster depends on your files and on this machine, so both are measured here on the open \
                     folder: epochs of batches, with the files in memory (warm) and, where the system allows it, read from \
                     storage (cold). Log-mel item by item against batches is measured beside it.";
        job_bar::placeholder(ui, "Save the images first, or make them on the fly?", words);
        return;
    };
    ScrollArea::vertical().id_salt("loading").auto_shrink([false, false]).show(ui, |ui| {
        results(ui, &measured.report);
    });
}

/// Draws the results for a figure.
pub fn figure(ui: &mut Ui, state: &State) {
    if let Some(measured) = &state.data_set.loading.measured {
        results(ui, &measured.report);
    }
}

fn head(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let loading = &state.data_set.loading;
    let running = loading.status.is_running();
    toolbar::show(ui, |ui| {
        let words = if loading.measured.is_some() { AGAIN } else { "Compare" };
        let free = !running && !state.library.recordings.is_empty();
        let button = ui.add_enabled(free, Button::new(words));
        if button.on_hover_text("Saved images go to a temporary folder that is removed at the end").clicked()
        {
            send(context, LoadingCommand::Start);
        }
        let copy = ui.add_enabled(loading.measured.is_some(), Button::new("Copy as text"));
        if let (true, Some(measured)) = (copy.clicked(), &loading.measured) {
            ui.ctx().copy_text(compare_loading::text(&measured.report));
        }
        form(ui, context, !running);
    });
    if state.library.recordings.is_empty() {
        explanation(ui, "Open a folder of recordings first.");
    }
    if job_bar::progress_of(ui, &loading.status, units(&loading.status)) {
        send(context, LoadingCommand::Cancel);
    }
    job_bar::failure(ui, &loading.status);
    if let (Some(measured), false) = (&loading.measured, running) {
        // How classes are read makes no difference to speed.
        let change =
            listed::change(&state.library, &state.settings.preprocessing, &measured.root, &measured.config);
        job_bar::stale(ui, change.filter(|&change| change != listed::Change::Classes), AGAIN);
    }
}

fn form(ui: &mut Ui, context: &mut PanelContext<'_>, free: bool) {
    let was = context.state.data_set.loading.form;
    let mut form = was;
    let field = |ui: &mut Ui, name: &str, hint: &str, value: &mut usize, most: usize| {
        let label = toolbar::words(ui, name);
        ui.add_enabled(free, field(value).range(1..=most).speed(0.2))
            .on_hover_text(hint)
            .labelled_by(label.id);
    };
    let hint = "Warm, then cold, for each method; the median counts";
    field(ui, "Epochs per method", hint, &mut form.epochs, MAX_EPOCHS);
    field(ui, "Batch size", "Images loaded at a time", &mut form.batch_size, MAX_BATCH);
    if form != was {
        send(context, LoadingCommand::SetForm(form));
    }
}

fn send(context: &mut PanelContext<'_>, command: LoadingCommand) {
    context.send(Command::DataSet(DataSetCommand::Loading(command)));
}

/// The unit that the current stage counts.
fn units(status: &TaskStatus) -> &'static str {
    match status {
        TaskStatus::Running { stage, .. } if *stage == WRITING => "recordings",
        _ => "batches",
    }
}

fn results(ui: &mut Ui, report: &Report) {
    let words = format!(
        "{} in batches of {}, {} per method",
        format::counted(report.recordings, "recording"),
        format::count(report.batch_size),
        format::counted(report.epochs, "epoch"),
    );
    section(ui, "Saved images or on the fly", &words, &report.verdict, |ui| {
        bars(ui, &report.ways);
        let cache = format!(
            "Writing the cache took {} and {} of disk space.{}",
            format::seconds(report.cache_seconds),
            format::bytes(report.cache_bytes as usize),
            equality(report.images_equal)
        );
        explanation(ui, &cache);
    });
    ui.add_space(GAP);
    section(ui, "Log-mel: item by item or in batches", &words, &report.mel.verdict, |ui| {
        bars(ui, &report.mel.ways);
        explanation(ui, equality(report.mel.images_equal).trim_start());
    });
    ui.add_space(GAP);
    surface(ui, |ui| {
        ui.strong("Files and memory");
        ui.add_space(HALF_GAP);
        ScrollArea::horizontal().id_salt("loading figures").show(ui, |ui| figures(ui, report));
        if let Some(cause) = &report.cold_unavailable {
            let words = RichText::new(format!("Cold epochs were not measured: {cause}."));
            ui.add(Label::new(words.color(palette(ui).warning)).wrap());
        }
    });
}

fn equality(is_equal: bool) -> &'static str {
    if is_equal {
        " All methods gave the same images, bit for bit."
    } else {
        " The methods gave different images: did a recording change meanwhile?"
    }
}

fn section(ui: &mut Ui, title: &str, what: &str, verdict: &str, contents: impl FnOnce(&mut Ui)) {
    surface(ui, |ui| {
        toolbar::show(ui, |ui| {
            toolbar::words(ui, RichText::new(title).strong());
            toolbar::small_words(ui, what, palette(ui).text_weak);
        });
        let words = RichText::new(capitalised(verdict)).color(palette(ui).text_strong);
        ui.add(Label::new(words).wrap().selectable(true));
        ui.add_space(HALF_GAP);
        contents(ui);
    });
}

/// The verdict as a sentence.
fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// Seconds per epoch of each method, warm and cold, as bars on one scale.
fn bars(ui: &mut Ui, methods: &[LoadingMethod]) {
    let longest = methods
        .iter()
        .flat_map(|method| [Some(method.median_seconds), method.cold_median_seconds])
        .flatten()
        .fold(0.0, f64::max);
    for method in methods {
        let kinds = [("warm", Some(method.median_seconds)), ("cold", method.cold_median_seconds)];
        for (place, (kind, seconds)) in
            kinds.into_iter().filter_map(|(kind, secs)| Some((kind, secs?))).enumerate()
        {
            let name = if place == 0 { method_name(method) } else { String::new() };
            bar(ui, &name, kind, seconds, longest, method);
        }
        ui.add_space(HALF_GAP);
    }
}

fn bar(ui: &mut Ui, name: &str, kind: &str, seconds: f64, longest: f64, method: &LoadingMethod) {
    let colours = palette(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), BAR + 2.0), Sense::hover());
    let body = TextStyle::Body.resolve(ui.style());
    let (names, plot) = rect.split_left_right_at_x(rect.left() + NAMES);
    ui.painter().text(names.left_center(), Align2::LEFT_CENTER, name, body, colours.text);
    let room = (plot.width() - FIGURE).max(0.0);
    let width = room * (seconds / longest.max(f64::MIN_POSITIVE)) as f32;
    let filled = Rect::from_min_size(plot.min, Vec2::new(width.max(1.0), BAR));
    let colour = if kind == "warm" { colours.accent } else { colours.wave.gamma_multiply(0.6) };
    ui.painter().rect_filled(filled, CornerRadius::same(ROUNDING / 2), colour);
    let font = theme::small_mono().resolve(ui.style());
    let words = format!("{} {kind}", per_epoch(seconds));
    let at = pos2(filled.right() + GAP, filled.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, words, font, colours.text_weak);
    response.on_hover_text(format!(
        "{}, an epoch {kind}: {}\nwarm: {} recordings/s, fastest epoch {}",
        method_name(method),
        per_epoch(seconds),
        format::count(method.recordings_per_second.round() as usize),
        per_epoch(method.fastest_seconds),
    ));
}

fn method_name(method: &LoadingMethod) -> String {
    format!("{}, {}", method.name, format::counted(method.threads, "thread"))
}

fn per_epoch(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{} ms", format::significant(seconds * 1e3))
    } else {
        format!("{} s", format::significant(seconds))
    }
}

/// Columns of the table: titles and tooltips.
const COLUMNS: [(&str, &str); 6] = [
    ("Recordings/s", "By the median of the warm epochs"),
    ("Files", "Size of the files read per epoch"),
    ("From storage", "Bytes read from storage in a cold epoch, as the system counts them"),
    ("Held", "Images in memory at a time, computed from their sizes"),
    ("Memory growth", "Growth of the program's memory while loading its first epoch"),
    ("Fastest epoch", "The fastest warm epoch"),
];

fn figures(ui: &mut Ui, report: &Report) {
    let colours = palette(ui);
    let unknown = || "not known".to_owned();
    let size = |bytes: u64| format::bytes(bytes as usize);
    let table = Grid::new("loading figures").num_columns(COLUMNS.len() + 1).striped(true);
    ScrollArea::horizontal().id_salt("loading figures").show(ui, |ui| {
        table.spacing([2.0 * GAP, HALF_GAP]).show(ui, |ui| {
            ui.label("");
            for (title, hint) in COLUMNS {
                ui.label(RichText::new(title).small().color(colours.text_weak)).on_hover_text(hint);
            }
            ui.end_row();
            for (kind, method) in report
                .ways
                .iter()
                .map(|method| ("", method))
                .chain(report.mel.ways.iter().map(|method| ("log-mel ", method)))
            {
                ui.label(format!("{kind}{}", method_name(method)));
                let cells = [
                    format::count(method.recordings_per_second.round() as usize),
                    size(method.bytes_read),
                    method.bytes_from_storage.map_or_else(unknown, size),
                    size(method.held_bytes),
                    method.memory_growth_bytes.map_or_else(unknown, size),
                    per_epoch(method.fastest_seconds),
                ];
                for cell in cells {
                    ui.label(RichText::new(cell).text_style(theme::small_mono()).color(colours.text));
                }
                ui.end_row();
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_is_given_with_three_digits_in_the_unit_that_fits() {
        assert_eq!([per_epoch(0.012_34), per_epoch(0.5), per_epoch(12.34)], ["12.3 ms", "500 ms", "12.3 s"]);
        assert_eq!(capitalised("on the fly wins"), "On the fly wins.");
    }
}
