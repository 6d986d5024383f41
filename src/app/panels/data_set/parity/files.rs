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
        panels::data_set::selection::select,
        theme::{self, GAP, HALF_GAP, ROUNDING, ROW, palette},
        widgets::{card::explanation, toolbar},
    },
    jobs::parity::{FileReport, Report},
    names::escaped,
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
                || file.remark().to_lowercase().contains(&words))
    }
}

/// Draws the files into the available space.
pub(super) fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let memory = &mut context.memory.data_set.parity;
    let mut shown: Vec<usize> = Vec::new();
    toolbar::show(ui, |ui| {
        toolbar::words(ui, RichText::new("Files, worst first").strong());
        let field = TextEdit::singleline(&mut memory.filter).hint_text("Filter").desired_width(FILTER);
        ui.add(field).on_hover_text("By name or remark");
        ui.checkbox(&mut memory.only_different, "Only differing files")
            .on_hover_text(format!("By more than {}", format::tick(report.tolerance)));
        shown = (0..report.files.len())
            .filter(|&place| {
                report.files.get(place).is_some_and(|file| memory.lets_through(file, report.tolerance))
            })
            .collect();
        let words = format!("{} of {}", format::count(shown.len()), format::count(report.files.len()));
        toolbar::words(ui, RichText::new(words).text_style(theme::small_mono()).color(palette(ui).text_weak));
    });
    if shown.is_empty() {
        explanation(ui, "No file matches the filter.");
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
    let titles = ["File", "Largest", "Mean", "Bin, frame", "Likely cause"];
    for (column, title) in columns(rect).into_iter().zip(titles) {
        text(ui, column, title, font.clone(), colour);
    }
    response.on_hover_text(format!(
        "Largest and mean absolute difference of the normalised images, in their range; position of the largest.\n\
         Minimum and maximum before normalisation, in {}, are in each row's tooltip.",
        report.settings.feature.unit().symbol()
    ));
}

fn row(ui: &mut Ui, file: &FileReport, report: &Report, selected: bool) -> Response {
    let colours = palette(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::click());
    let [largest, mean, place] = cells(file);
    let label = format!("{}: largest difference {largest}, mean {mean}", escaped(&file.recording));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &label));
    if selected || response.hovered() {
        let fill = if selected { colours.accent_soft } else { colours.control };
        ui.painter().rect_filled(rect, CornerRadius::same(ROUNDING), fill);
    }
    let strong = if file.is_within(report.tolerance) { colours.text_weak } else { colours.text };
    let (body, mono) = (TextStyle::Body.resolve(ui.style()), theme::small_mono().resolve(ui.style()));
    let [name_at, largest_at, mean_at, place_at, remark_at] = columns(rect);
    text(ui, name_at, &file.recording, body.clone(), strong);
    for (at, words) in [(largest_at, &largest), (mean_at, &mean), (place_at, &place)] {
        text(ui, at, words, mono.clone(), strong);
    }
    let remark = if file.error.is_some() { colours.error } else { colours.text_weak };
    text(ui, remark_at, file.remark(), body, remark);
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
            ["other size".to_owned(), String::new(), format!("{bins} × {frames}")]
        }
        _ => ["unreadable".to_owned(), String::new(), String::new()],
    }
}

fn tooltip(file: &FileReport, report: &Report) -> String {
    let mut lines = vec![format!("{}  against  {}", file.recording, file.image)];
    if let (Some([bins, frames]), Some([their_bins, their_frames])) = (file.our_shape, file.their_shape) {
        lines.push(format!("ours {bins} × {frames}, Python's {their_bins} × {their_frames} (bins × frames)"));
    }
    if let Some(ours) = file.our_min_max {
        let unit = report.settings.feature.unit().symbol();
        lines.push(format!("ours before normalisation: {:.3} to {:.3} {unit}", ours.min, ours.max));
        lines.push(match file.their_min_max {
            Some(theirs) => {
                format!("Python's, from the pickle: {:.3} to {:.3} {unit}", theirs.min, theirs.max)
            }
            None => "the pickle has no entry for this file".to_owned(),
        });
    }
    if !file.remark().is_empty() {
        lines.push(file.remark().to_owned());
    }
    lines.push("Click to see both images, double-click for the recording's stages".to_owned());
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\n")
}

/// One line of text, with an ellipsis if it is too long.
fn text(ui: &Ui, rect: Rect, words: &str, font: FontId, colour: Color32) {
    let mut job = LayoutJob::simple_singleline(escaped(words).into_owned(), font, colour);
    job.wrap = TextWrapping::truncate_at_width(rect.width());
    let galley = ui.painter().layout_job(job);
    let at = Align2::LEFT_CENTER.anchor_size(pos2(rect.left(), rect.center().y), galley.size());
    ui.painter().galley(at.min, galley, colour);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::parity::Difference;

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
        let cause = FileReport { cause: Some("Transposed: …".to_owned()), ..file(0.5) };
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
