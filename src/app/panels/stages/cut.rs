//! A file cut into pieces: the whole waveform, with used and left-out pieces marked.

use eframe::egui::{self, Color32, Label, RichText, Ui};
use egui_plot::{FilledArea, PlotUi, Span};

use super::toolbar;
use crate::{
    app::{
        context::PanelContext,
        format, setting_words,
        theme::{GAP, HALF_GAP, Palette, ROW, palette},
        widgets::{
            card::explanation,
            described, keys,
            strip::Strip,
            tail,
            time_plot::{TimePlot, Vertical},
            viewport::Range,
        },
    },
    dsp::envelope::Envelope,
    language::text,
    names::escaped,
    pipeline::pieces::{Cut, PIECES, Piece, Reason},
    session::{
        LibraryCommand, PlaybackCommand,
        pieces::{FileInPieces, PiecesCommand},
        state::Source,
    },
};

/// Vertical extent as a multiple of the largest amplitude.
const HEADROOM: f64 = 1.08;
/// Opacity of the selected piece, of alternating pieces, and of left-out ones.
const MARKED: f32 = 0.22;
const EVEN: f32 = 0.4;
const ODD: f32 = 0.26;
const LEFT_OUT: f32 = 0.25;
/// Pieces narrower than this, in points, all have the same shade.
const NARROW: f64 = 3.0;

/// The file to draw.
struct Shown<'a> {
    file: &'a FileInPieces,
    cut: &'a Cut,
    /// Duration of the whole file.
    secs: f64,
    /// Index of the selected piece among all pieces.
    selected: Option<usize>,
}

/// Draws the file with index `file`.
pub(super) fn show(ui: &mut Ui, context: &mut PanelContext<'_>, file: usize) {
    let library = &context.state.library;
    let Some(shown) = library.pieces.files.get(file) else { return };
    explanation(ui, &text!("stages-pieces-help"));
    ui.add_space(HALF_GAP);
    let Some(cut) = &shown.cut else { return };
    let secs = cut.measured.levels.len() as f64 / f64::from(cut.measured.sample_rate_hz.max(1));
    let selected = library.selected.filter(|index| shown.recordings.contains(index));
    let selected = selected.and_then(|index| nth_used(cut, index - shown.recordings.start));
    let shown = Shown { file: shown, cut, secs, selected };
    let mut strip = std::mem::take(&mut context.memory.cut_strip);
    strip.begin_frame(ui);
    strip.viewport.fit(secs, (0.0, 1.0), cut.measured.sample_rate_hz);
    if keys::go_to_view(ui.ctx()) {
        strip.take_keys(ui, 0.1);
    }
    plot(ui, context, &mut strip, &shown);
    context.memory.cut_strip = strip;
}

/// Name of the file with index `file`, number of pieces, and what is left out: in the place of a recording's facts.
pub(super) fn facts(ui: &mut Ui, context: &mut PanelContext<'_>, file: usize) {
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        tail::show(ui, context, |ui, context| words(ui, context, file), toolbar::colour_map);
    });
}

fn words(ui: &mut Ui, context: &mut PanelContext<'_>, file: usize) {
    let Some(shown) = context.state.library.pieces.files.get(file) else { return };
    let colours = palette(ui);
    let mut word = |text: String, colour: Color32| {
        ui.add(Label::new(RichText::new(&text).color(colour)).truncate()).on_hover_text(text);
    };
    word(escaped(&shown.file.name).into_owned(), colours.text_strong);
    if let Some(problem) = &shown.problem {
        word(escaped(problem).into_owned(), colours.warning);
    }
    let Some(cut) = &shown.cut else { return };
    word(text!("stages-pieces", count = shown.recordings.len()), colours.text);
    let (short, silent) = (cut.count(Reason::Short), cut.count(Reason::Silent));
    if short > 0 {
        word(text!("stages-pieces-short", count = short), colours.text_weak);
    }
    if silent > 0 {
        word(text!("stages-pieces-silent", count = silent), colours.text_weak);
    }
    if context.state.playback.playing.is_some() && ui.button(text!("stages-stop")).clicked() {
        context.send(PlaybackCommand::Stop);
    }
}

fn plot(ui: &mut Ui, context: &mut PanelContext<'_>, strip: &mut Strip, shown: &Shown<'_>) {
    let colours = palette(ui);
    let cut = shown.cut;
    let envelope = cut.measured.levels.envelope();
    let peak = cut.measured.levels.peak().max(1e-3);
    let playhead = match (context.state.playback.playing, shown.selected) {
        (Some((Source::Recording(playing), at)), Some(place)) if shown.file.recordings.contains(&playing) => {
            cut.all.get(place).map(|(piece, _)| piece.start_secs() + at)
        }
        _ => None,
    };
    let (left, right) = strip.viewport.secs();
    let width = f64::from(ui.available_width() - 2.0 * GAP).max(1.0);
    let secs_per_point = (right - left) / width;
    let row = TimePlot {
        name: "pieces of the file",
        title: text!("reader-pieces", name = escaped(&shown.file.file.name).into_owned()),
        value: described::of_waveform(shown.secs, peak),
        vertical: Vertical::Amplitude(f64::from(peak) * HEADROOM),
        has_time_labels: true,
        playhead,
    };
    let rate = f64::from(cut.measured.sample_rate_hz.max(1));
    let mut pointed = None;
    let height = (ui.available_height() - GAP).max(120.0);
    // The last label of the time axis extends beyond the plot.
    let size = egui::Vec2::new(ui.available_width() - 2.0 * GAP, height);
    let view = strip.viewport;
    let area = ui
        .allocate_ui(size, |ui| {
            row.show(ui, strip, |plot_ui: &mut PlotUi<'_>| {
                let first = cut.all.partition_point(|(piece, _)| piece.end_secs() < left);
                for (place, (piece, reason)) in cut.all.iter().enumerate().skip(first) {
                    if piece.start_secs() > right {
                        break;
                    }
                    let is_narrow = piece.secs() / secs_per_point < NARROW;
                    band(plot_ui, piece, fill(colours, *reason, place, shown.selected), is_narrow);
                }
                curve(plot_ui, envelope, rate, (left, right), secs_per_point, colours.wave);
                pointed = plot_ui.pointer_coordinate().map(|point| point.x);
            })
        })
        .inner;
    if respond(ui, context, shown, area, pointed) {
        // A double-click on a piece does not reset the zoom.
        strip.viewport = view;
    }
}

/// Fill of a piece: two alternating shades, grey if left out, marked if selected.
fn fill(colours: &Palette, reason: Option<Reason>, place: usize, selected: Option<usize>) -> Color32 {
    match reason {
        _ if selected == Some(place) => colours.playhead.gamma_multiply(MARKED),
        Some(_) => colours.text_weak.gamma_multiply(LEFT_OUT),
        None if place.is_multiple_of(2) => colours.accent.gamma_multiply(EVEN),
        None => colours.accent.gamma_multiply(ODD),
    }
}

fn band(plot_ui: &mut PlotUi<'_>, piece: &Piece, fill: Color32, is_narrow: bool) {
    let span = Span::new("", piece.start_secs()..=piece.end_secs()).fill(fill);
    plot_ui.span(if is_narrow { span.border_width(0.0) } else { span.border_color(fill).border_width(1.0) });
}

/// The waveform's outline: a step for every pixel, or for every column that is wider.
fn curve(
    plot_ui: &mut PlotUi<'_>,
    envelope: &Envelope,
    rate: f64,
    (left, right): Range,
    secs_per_point: f64,
    colour: Color32,
) {
    let columns = envelope.columns();
    let column_secs = envelope.samples_per_column() as f64 / rate;
    let first = ((left / column_secs).floor().max(0.0) as usize).min(columns.len());
    let last = ((right / column_secs).ceil().max(0.0) as usize + 1).min(columns.len());
    let step = ((secs_per_point / column_secs).round() as usize).max(1);
    let (mut at, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new());
    // Steps begin at multiples of their width, so that they stay fixed in time while panning.
    for start in (first - first % step..last).step_by(step) {
        let end = (start + step).min(columns.len());
        let joined = columns.get(start..end).unwrap_or_default();
        let joined = joined.iter().copied().reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        let Some((lowest, highest)) = joined else { continue };
        for edge in [start, end] {
            at.push(edge as f64 * column_secs);
            low.push(f64::from(lowest));
            high.push(f64::from(highest));
        }
    }
    plot_ui.add(FilledArea::new("waveform", &at, &low, &high).fill_color(colour).allow_hover(false));
}

/// Handles clicks on pieces; returns whether one was opened.
fn respond(
    ui: &Ui,
    context: &mut PanelContext<'_>,
    shown: &Shown<'_>,
    area: egui::Rect,
    pointed: Option<f64>,
) -> bool {
    let is_over = ui.rect_contains_pointer(area);
    let Some(secs) = pointed.filter(|_| is_over) else { return false };
    let ms = (secs * 1000.0).max(0.0) as u64;
    let next = shown.cut.all.partition_point(|(piece, _)| piece.start_ms <= ms);
    let found = next.checked_sub(1).and_then(|place| Some((place, shown.cut.all.get(place)?)));
    let Some((place, (piece, reason))) = found.filter(|(_, (piece, _))| ms < piece.end_ms) else {
        return false;
    };
    let words = piece_words(piece, *reason, shown);
    let layer = egui::LayerId::new(egui::Order::Tooltip, egui::Id::unique("piece under the pointer"));
    egui::Tooltip::always_open(ui.ctx().clone(), layer, layer.id, egui::PopupAnchor::Pointer)
        .gap(12.0)
        .show(|ui| ui.label(words));
    if reason.is_some() {
        return false;
    }
    let used = shown.cut.all[..place].iter().filter(|(_, reason)| reason.is_none()).count();
    let recording = shown.file.recordings.start + used;
    let (clicked, double_clicked) = ui.input(|input| {
        let pointer = &input.pointer;
        (
            pointer.button_clicked(egui::PointerButton::Primary),
            pointer.button_double_clicked(egui::PointerButton::Primary),
        )
    });
    if double_clicked {
        context.send(LibraryCommand::Select(recording));
    } else if clicked {
        context.send(LibraryCommand::Pieces(PiecesCommand::Play(recording, 0.0)));
    }
    double_clicked
}

fn piece_words(piece: &Piece, reason: Option<Reason>, shown: &Shown<'_>) -> String {
    let place = text!(
        "stages-piece",
        start = format!("{:.3}", piece.start_secs()),
        end = format!("{:.3}", piece.end_secs()),
        whole = format::seconds(shown.secs),
        length = format!("{:.3}", piece.secs())
    );
    match reason {
        None => place,
        Some(Reason::Short) => {
            let setting = setting_words::label(&PIECES.min_piece_secs);
            format!("{place}\n{}", text!("stages-piece-short", setting = setting))
        }
        Some(Reason::Silent) => {
            let setting = setting_words::label(&PIECES.silence_db);
            format!("{place}\n{}", text!("stages-piece-silent", setting = setting))
        }
    }
}

/// Index among all pieces of the used piece with this number.
fn nth_used(cut: &Cut, number: usize) -> Option<usize> {
    let used = cut.all.iter().enumerate().filter(|(_, (_, reason))| reason.is_none());
    used.map(|(place, _)| place).nth(number)
}
