//! The compared files, worst first, with a filter.

use std::sync::Arc;

use eframe::egui::{
    Align2, Color32, CornerRadius, FontId, Rect, Response, RichText, Role, ScrollArea, Sense, TextEdit,
    TextStyle, Ui, Vec2, WidgetInfo, pos2,
    text::{LayoutJob, TextWrapping},
};

use crate::{
    app::{
        context::PanelContext,
        format,
        memory::data_set::ParityMemory,
        panels::data_set::{check_words, selection::select},
        theme::{self, GAP, HALF_GAP, ROUNDING, ROW, palette},
        widgets::{card::explanation, focus_ring, toolbar},
    },
    jobs::parity::{FileReport, Report},
    language::text,
    names::escaped,
    pipeline::stages::MinMax,
    session::{
        Command,
        data_set::{DataSetCommand, parity::ParityCommand},
    },
};

/// Width of a column of figures, in points.
const FIGURE: f32 = 84.0;
/// Width of the file name, as a part of the row.
const NAME_PART: f32 = 0.26;
/// Least width of the table, in points; in narrower views it scrolls.
const TABLE_WIDTH: f32 = 520.0;
/// Width of the filter's field.
const FILTER: f32 = 180.0;

impl ParityMemory {
    fn lets_through(&self, file: &FileReport, tolerance: f64) -> bool {
        let words = self.filter.trim().to_lowercase();
        (!self.only_different || !file.is_within(tolerance))
            && (words.is_empty()
                || file.recording.to_lowercase().contains(&words)
                || check_words::remark(file).to_lowercase().contains(&words))
    }
}

/// Draws the files into the available space.
pub(super) fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let memory = &mut context.memory.data_set.parity;
    let mut shown: Vec<usize> = Vec::new();
    toolbar::show(ui, |ui| {
        toolbar::words(ui, RichText::new(text!("parity-files")).strong());
        let field = TextEdit::singleline(&mut memory.filter);
        ui.add(field.hint_text(text!("parity-filter")).desired_width(FILTER))
            .on_hover_text(text!("parity-filter-help"));
        let hint = text!("parity-only-differing-help", tolerance = format::tick(report.tolerance));
        ui.checkbox(&mut memory.only_different, text!("parity-only-differing")).on_hover_text(hint);
        shown = (0..report.files.len())
            .filter(|&place| {
                report.files.get(place).is_some_and(|file| memory.lets_through(file, report.tolerance))
            })
            .collect();
        let words = text!("parity-shown", shown = shown.len(), files = report.files.len());
        toolbar::words(ui, RichText::new(words).text_style(theme::small_mono()).color(palette(ui).text_weak));
    });
    if shown.is_empty() {
        explanation(ui, &text!("parity-no-match"));
    }
    ScrollArea::horizontal().id_salt("parity table").auto_shrink([false, false]).show(ui, |ui| {
        ui.set_width(ui.available_width().max(TABLE_WIDTH));
        titles(ui, report);
        rows(ui, context, report, &shown);
    });
}

fn rows(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>, shown: &[usize]) {
    let selected = context.state.data_set.parity.selected;
    let area = ScrollArea::vertical().id_salt("parity files").auto_shrink([false, false]);
    area.show_rows(ui, ROW, shown.len(), |ui, range| {
        for &place in shown.get(range).unwrap_or_default() {
            let Some(file) = report.files.get(place) else { continue };
            let response = row(ui, file, report, selected == Some(place));
            focus_ring::keep_neighbours_in_sight(ui, &response);
            if response.clicked() {
                // The recording list keeps the keyboard focus.
                response.surrender_focus();
                context.send(Command::DataSet(DataSetCommand::Parity(ParityCommand::Select(place))));
            }
            select(context, &context.state.data_set.parity.root, &file.recording, &response);
        }
    });
}

/// Rectangles of the columns: name, largest, mean, position, remark.
fn columns(rect: Rect) -> [Rect; 5] {
    let inner = rect.shrink2(Vec2::new(HALF_GAP, 0.0));
    let (name, rest) = inner.split_left_right_at_x(inner.left() + inner.width() * NAME_PART);
    let (largest, rest) = rest.split_left_right_at_x(rest.left() + FIGURE);
    let (mean, rest) = rest.split_left_right_at_x(rest.left() + FIGURE);
    let (place, remark) = rest.split_left_right_at_x(rest.left() + FIGURE);
    [name, largest, mean, place, remark].map(|column| column.with_max_x(column.right() - GAP))
}

fn titles(ui: &mut Ui, report: &Report) {
    let size = Vec2::new(ui.available_width(), ROW - HALF_GAP);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let font = TextStyle::Small.resolve(ui.style());
    let colour = palette(ui).text_weak;
    let titles = [
        text!("parity-file-column"),
        text!("parity-largest-column"),
        text!("parity-mean-column"),
        text!("parity-place-column"),
        text!("parity-cause-column"),
    ];
    for (column, title) in columns(rect).into_iter().zip(titles) {
        one_line(ui, column, &title, font.clone(), colour);
    }
    let unit = report.settings.feature.unit().symbol();
    response.on_hover_text(text!("parity-columns-help", unit = unit));
}

fn row(ui: &mut Ui, file: &FileReport, report: &Report, selected: bool) -> Response {
    let colours = palette(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::click());
    let [largest, mean, place] = cells(file);
    let label = text!(
        "parity-row",
        name = escaped(&file.recording).into_owned(),
        largest = largest.as_str(),
        mean = mean.as_str()
    );
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &label));
    if selected || response.hovered() {
        let fill = if selected { colours.accent_soft } else { colours.control };
        ui.painter().rect_filled(rect, CornerRadius::same(ROUNDING), fill);
    }
    let strong = if file.is_within(report.tolerance) { colours.text_weak } else { colours.text };
    let (body, mono) = (TextStyle::Body.resolve(ui.style()), theme::small_mono().resolve(ui.style()));
    let [name_at, largest_at, mean_at, place_at, remark_at] = columns(rect);
    one_line(ui, name_at, &file.recording, body.clone(), strong);
    for (at, words) in [(largest_at, &largest), (mean_at, &mean), (place_at, &place)] {
        one_line(ui, at, words, mono.clone(), strong);
    }
    let remark = if file.error.is_some() { colours.error } else { colours.text_weak };
    one_line(ui, remark_at, &check_words::remark(file), body, remark);
    response.on_hover_text(tooltip(file, report))
}

/// Largest and mean difference and the position of the largest, or why there is none.
fn cells(file: &FileReport) -> [String; 3] {
    match (file.difference, file.our_shape, file.their_shape) {
        (Some(difference), ..) => [
            format::significant(difference.largest),
            format::significant(difference.mean),
            format!("{}, {}", difference.bin, difference.frame),
        ],
        (None, Some(_), Some([bins, frames])) => {
            [text!("parity-other-size"), String::new(), format!("{bins} × {frames}")]
        }
        _ => [text!("parity-unreadable"), String::new(), String::new()],
    }
}

fn tooltip(file: &FileReport, report: &Report) -> String {
    let mut lines =
        vec![text!("parity-pair", recording = file.recording.as_str(), image = file.image.as_str())];
    if let (Some([bins, frames]), Some([their_bins, their_frames])) = (file.our_shape, file.their_shape) {
        let [ours, theirs] =
            [(bins, frames), (their_bins, their_frames)].map(|(bins, frames)| format!("{bins} × {frames}"));
        lines.push(text!("parity-sizes", ours = ours, theirs = theirs));
    }
    if let Some(ours) = file.our_min_max {
        let unit = report.settings.feature.unit().symbol();
        let figure = |value: f32| format::fixed(value, 3);
        lines.push(text!("parity-ours", min = figure(ours.min), max = figure(ours.max), unit = unit));
        lines.push(match file.their_min_max {
            Some(MinMax { min, max }) => {
                text!("parity-theirs", min = figure(min), max = figure(max), unit = unit)
            }
            None => text!("parity-no-entry"),
        });
    }
    if !file.remark().is_empty() {
        lines.push(check_words::remark(file));
    }
    lines.push(text!("parity-row-help"));
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\n")
}

/// One line of text, with an ellipsis if it is too long.
fn one_line(ui: &Ui, rect: Rect, words: &str, font: FontId, colour: Color32) {
    let mut job = LayoutJob::simple_singleline(escaped(words).into_owned(), font, colour);
    job.wrap = TextWrapping::truncate_at_width(rect.width());
    let galley = ui.painter().layout_job(job);
    let at = Align2::LEFT_CENTER.anchor_size(pos2(rect.left(), rect.center().y), galley.size());
    ui.painter().galley(at.min, galley, colour);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::parity::{Difference, cause::Cause};

    fn file(largest: f64) -> FileReport {
        let difference = Difference {
            largest,
            mean: largest / 10.0,
            bin: 3,
            frame: 7,
            ours: 0.0,
            theirs: 0.0,
            not_finite: 0,
        };
        FileReport { recording: "a/B.wav".to_owned(), difference: Some(difference), ..FileReport::default() }
    }

    #[test]
    fn the_filter_looks_at_names_remarks_and_agreement() {
        let mut memory = ParityMemory { filter: "b.W".to_owned(), only_different: true };
        assert!(memory.lets_through(&file(0.5), 1e-4));
        assert!(!memory.lets_through(&file(1e-5), 1e-4), "agrees");
        memory.filter = "transposed".to_owned();
        assert!(!memory.lets_through(&file(0.5), 1e-4));
        let cause = FileReport { cause: Some(Cause::Transposed), ..file(0.5) };
        assert!(memory.lets_through(&cause, 1e-4));
    }

    #[test]
    fn a_row_shows_values_or_why_there_are_none() {
        assert_eq!(cells(&file(0.5)), ["0.500", "0.0500", "3, 7"]);
        let shapes =
            FileReport { our_shape: Some([256, 64]), their_shape: Some([257, 64]), ..FileReport::default() };
        assert_eq!(cells(&shapes), ["other size", "", "257 × 64"]);
        assert_eq!(cells(&FileReport::default())[0], "unreadable");
    }
}
