//! A row of the recording list (class, name, duration, sample rate) and the column headings.

use std::borrow::Cow;

use eframe::egui::{
    Align2, CornerRadius, Rangef, Rect, Response, Role, Sense, Stroke, TextStyle, Ui, Vec2, WidgetInfo, pos2,
};

use super::{
    class_chip::{self, ClassColours},
    described,
    list_box::{self, Place},
};
use crate::{
    app::{
        format,
        theme::{self, GAP, HALF_GAP, ROW, palette},
    },
    audio::folder::Cause,
    jobs::scan::Recording,
    language::text,
    names::escaped,
    session::{
        error_words::InWords as _,
        pieces::{self, FileInPieces},
    },
};

const RATE_WIDTH: f32 = 44.0;
const DURATION_WIDTH: f32 = 40.0;
/// Height of the column headings, in points.
pub const HEAD: f32 = 18.0;
/// Width of the arrow that folds and unfolds pieces.
const ARROW_WIDTH: f32 = ROW;
/// Rows narrower than this have no sample-rate column.
const MIN_WIDTH_WITH_RATE: f32 = 240.0;

/// Positions of the columns of a row.
struct Columns {
    chip: Rect,
    /// Left and right edge.
    name: Rangef,
    /// Right edge.
    duration: f32,
    /// Right edge; in a narrow list the rate is only in the tooltip.
    rate: Option<f32>,
}

impl Columns {
    fn of(row: Rect, chip_width: f32) -> Self {
        let row = row.shrink2(Vec2::new(HALF_GAP, 0.0));
        let chip = row.with_max_x(row.left() + chip_width);
        let right = row.right() - HALF_GAP;
        let rate = (row.width() > MIN_WIDTH_WITH_RATE).then_some(right);
        let duration = if rate.is_some() { right - RATE_WIDTH } else { right };
        Self { chip, name: Rangef::new(chip.right() + GAP, duration - DURATION_WIDTH), duration, rate }
    }
}

/// Draws the column headings with units.
pub fn head(ui: &mut Ui, classes: &ClassColours, right_margin: f32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), HEAD), Sense::hover());
    let columns = Columns::of(rect.with_max_x(rect.right() - right_margin), classes.chip_width());
    let font = TextStyle::Small.resolve(ui.style());
    let colour = palette(ui).text_weak;
    for (x, align, text) in [
        (Some(columns.name.min), Align2::LEFT_CENTER, &*text!("widget-name")),
        (Some(columns.duration), Align2::RIGHT_CENTER, "s"),
        (columns.rate, Align2::RIGHT_CENTER, "kHz"),
    ] {
        let Some(x) = x else { continue };
        ui.painter().text(pos2(x, rect.center().y), align, text, font.clone(), colour);
    }
}

/// State of the recording in a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks<'a> {
    /// It is selected.
    pub selected: bool,
    /// It is playing.
    pub playing: bool,
    /// It is left out: drawn struck through and grey.
    pub left_out: bool,
    /// Why it cannot be used, if that is known.
    pub problem: Option<&'a Cause>,
    /// Its place in the list.
    pub place: Place,
}

pub fn show(
    ui: &mut Ui,
    recording: &Recording,
    classes: &ClassColours,
    Marks { selected, playing, left_out, problem, place }: Marks<'_>,
) -> Response {
    let colours = palette(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::CLICK);
    list_box::option(&response, &label(recording, left_out), selected, place);
    described::describe(&response, &facts(recording));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    if selected || response.hovered() {
        let fill = if selected { colours.accent_soft } else { colours.control };
        ui.painter().rect_filled(rect, CornerRadius::same(theme::ROUNDING), fill);
    }
    let columns = Columns::of(rect, classes.chip_width());
    let class_colour = classes.colour(colours, &recording.class);
    let class_colour = if left_out { colours.text_weak } else { class_colour };
    class_chip::paint(ui, columns.chip, &recording.class, class_colour);
    let figures = theme::small_mono().resolve(ui.style());
    let weak = if selected { colours.text } else { colours.text_weak };
    let middle = rect.center().y;
    if problem.is_some() {
        ui.painter().text(
            pos2(columns.duration, middle),
            Align2::RIGHT_CENTER,
            "!",
            figures,
            colours.warning,
        );
    } else if let Some(info) = recording.info {
        let rate = (f64::from(info.sample_rate_hz) / 1000.0).to_string();
        let duration = info.duration_secs.map_or_else(|| "?".to_owned(), format::bare_seconds);
        for (x, text) in [(Some(columns.duration), duration), (columns.rate, rate)] {
            let Some(x) = x else { continue };
            ui.painter().text(pos2(x, middle), Align2::RIGHT_CENTER, text, figures.clone(), weak);
        }
    }
    let colour = match (left_out, selected || playing) {
        (true, _) => colours.text_weak,
        (false, true) => colours.text_strong,
        (false, false) => colours.text,
    };
    let name = escaped(short_name(recording));
    let name = if playing { format!("▶ {name}") } else { name.into_owned() };
    let mut job =
        eframe::egui::text::LayoutJob::simple_singleline(name, TextStyle::Body.resolve(ui.style()), colour);
    if left_out {
        let line = Stroke::new(1.0, colour);
        job.sections.iter_mut().for_each(|section| section.format.strikethrough = line);
    }
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(columns.name.span());
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(pos2(columns.name.min, middle - galley.size().y / 2.0), galley, colour);
    response.on_hover_text(tooltip(recording, left_out, problem))
}

/// Draws the row of a file whose pieces follow; returns the responses of its arrow and of the rest.
pub fn show_file(ui: &mut Ui, file: &FileInPieces, is_shown: bool, place: Place) -> (Response, Response) {
    let colours = palette(ui);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::hover());
    let (arrow, rest) = rect.split_left_right_at_x(rect.left() + ARROW_WIDTH);
    let id = ui.scope_id().with(("file in pieces", &file.file.name));
    let fold = ui.interact(arrow, id.with("fold"), Sense::CLICK);
    let name = ui.interact(rest, id, Sense::CLICK);
    let text = escaped(&file.file.name);
    let is_open = !file.is_folded;
    fold.widget_info(|| {
        WidgetInfo::selected(Role::Button, true, is_open, text!("widget-pieces-of", name = &*text))
    });
    list_box::option(&name, &text, is_shown, place);
    if is_shown || name.hovered() {
        let fill = if is_shown { colours.accent_soft } else { colours.control };
        ui.painter().rect_filled(rest, CornerRadius::same(theme::ROUNDING), fill);
    }
    let middle = rect.center().y;
    let arrow_words = if file.is_folded { "▶" } else { "▼" };
    let body = TextStyle::Body.resolve(ui.style());
    let weak = if fold.hovered() { colours.text_strong } else { colours.text_weak };
    let small = TextStyle::Small.resolve(ui.style());
    ui.painter().text(arrow.center(), Align2::CENTER_CENTER, arrow_words, small, weak);
    let (count, colour) = match &file.problem {
        Some(_) => ("!".to_owned(), colours.warning),
        None => (text!("widget-pieces", count = file.recordings.len()), colours.text_weak),
    };
    let figures = theme::small_mono().resolve(ui.style());
    let right = rect.right() - GAP;
    let count = ui.painter().text(pos2(right, middle), Align2::RIGHT_CENTER, count, figures, colour);
    let mut job =
        eframe::egui::text::LayoutJob::simple_singleline(text.into_owned(), body, colours.text_strong);
    job.wrap =
        eframe::egui::text::TextWrapping::truncate_at_width(count.left() - GAP - rest.left() - HALF_GAP);
    let galley = ui.painter().layout_job(job);
    let at = pos2(rest.left() + HALF_GAP, middle - galley.size().y / 2.0);
    ui.painter().galley(at, galley, colours.text_strong);
    let tooltip = match &file.problem {
        Some(problem) => format!("{}\n{}", escaped(&file.file.name), escaped(problem)),
        None => text!("widget-pieces-help", name = escaped(&file.file.name)),
    };
    (fold.on_hover_text(text!("widget-fold-pieces-help")), name.on_hover_text(tooltip))
}

/// For a piece, its start, because its file is the row above; else the name, without a folder that the class chip
/// already shows.
fn short_name(recording: &Recording) -> &str {
    let piece = pieces::short_name(&recording.name);
    if piece.len() < recording.name.len() {
        return piece;
    }
    match recording.name.split_once('/') {
        Some((folder, rest)) if folder == recording.class => rest,
        _ => &recording.name,
    }
}

/// Class and duration, for screen readers.
fn facts(recording: &Recording) -> String {
    let duration = recording.info.and_then(|info| info.duration_secs);
    let duration = duration.map_or_else(|| text!("reader-unknown-length"), format::seconds);
    text!("reader-recording", class = format::class_name(&recording.class).into_owned(), duration = duration)
}

/// The accessible name of the row.
fn label(recording: &Recording, left_out: bool) -> Cow<'_, str> {
    let name = escaped(&recording.name);
    if left_out { text!("widget-left-out", name = name).into() } else { name }
}

fn tooltip(recording: &Recording, left_out: bool, problem: Option<&Cause>) -> String {
    let class = text!("widget-class", class = format::class_name(&recording.class));
    let facts = recording.info.map(|info| {
        let length = info.duration_secs.map_or_else(|| text!("widget-unknown-length"), format::seconds);
        let rate = format::rate(info.sample_rate_hz);
        text!("widget-format", length = length, rate = rate, channels = info.channels)
    });
    let problem = problem.map(|cause| escaped(&cause.words()).into_owned());
    let left_out = left_out.then(|| text!("widget-left-out-help"));
    let mut lines = vec![escaped(&recording.name).into_owned(), class];
    lines.extend([facts, problem, left_out].into_iter().flatten());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_names_the_class_is_not_repeated() {
        let path = std::path::Path::new("bell/bell_001.wav");
        let mut recording = Recording::new(std::path::Path::new(""), path, "bell".to_owned());
        assert_eq!(short_name(&recording), "bell_001.wav");
        recording.set_class("drum".to_owned());
        assert_eq!(short_name(&recording), "bell/bell_001.wav");
    }
}
