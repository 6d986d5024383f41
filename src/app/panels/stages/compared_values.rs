//! Beside a comparison: the values of both recordings at the crosshair, and the spectra of both frames there.

use eframe::egui::{self, Align, Layout, RichText, Ui, Vec2};

use super::{inspector, source::StripSource};
use crate::{
    app::{
        feature_words, format,
        theme::{self, GAP, palette},
        widgets::{card::Card, strip::Strip, waveform_plot::WaveformPlot},
    },
    dsp::{decibel::db_from_amplitude, pitch::Note},
    language::text,
    session::state::{Pin, StageDisplay},
};

/// Height of a line of the values, in points.
const LINE: f32 = 17.0;
/// Room of a card around its contents, in points.
const CARD_ROOM: f32 = 82.0;
/// Width of a column of values, in points.
const COLUMN: f32 = 74.0;
/// Least height of a spectrum's card, in points.
const SPECTRUM_HEIGHT: f32 = 170.0;
/// Stands where a value is not defined.
const NONE: &str = "–";

/// A line: its name, and the value of A and of B, or one value that both have.
struct Line {
    name: String,
    values: Vec<String>,
}

/// Draws the column beside the comparison.
pub(super) fn show(ui: &mut Ui, pins: [&Pin; 2], strip: &Strip, display: StageDisplay) {
    ui.spacing_mut().item_spacing = Vec2::splat(GAP);
    let sources = pins.map(|pin| StripSource::whole(&pin.stages, &pin.config, 0));
    let lines = lines(&sources, strip);
    let (width, height) = (ui.available_width(), ui.available_height());
    let values_height = (lines.len() + 1) as f32 * LINE + CARD_ROOM;
    values_card(ui, Vec2::new(width, values_height), &lines);
    let spectrum_height = ((height - values_height - 2.0 * GAP) / 2.0).max(SPECTRUM_HEIGHT);
    for (source, letter) in sources.iter().zip(["A", "B"]) {
        ui.push_id(letter, |ui| {
            let size = Vec2::new(width, spectrum_height);
            inspector::spectrum_card(ui, size, source, strip, display, Some(letter));
        });
    }
}

fn lines(sources: &[StripSource<'_>; 2], strip: &Strip) -> Vec<Line> {
    let at = strip.crosshair();
    let shown = |value: Option<String>| value.unwrap_or_else(|| NONE.to_owned());
    let one = |name: String, value| Line { name, values: vec![shown(value)] };
    let each = |name: String, value: &dyn Fn(&StripSource<'_>) -> Option<String>| Line {
        name,
        values: sources.iter().map(|source| shown(value(source))).collect(),
    };
    let hz = at.and_then(|at| at.hz);
    let note = |hz| Note::nearest(hz).map(inspector::note_words);
    let magnitude = |source: &StripSource<'_>| {
        let cell = source.magnitude.axes.cell(at?.secs, hz?)?;
        let value = source.magnitude.image.get([cell.bin, cell.column])?;
        Some(format::signed(db_from_amplitude(*value), 1) + " dB")
    };
    let feature = |source: &StripSource<'_>| {
        let cell = source.feature.axes.cell(at?.secs, hz?)?;
        Some(source.config.feature.unit().text(*source.feature.image.get([cell.bin, cell.column])?))
    };
    let normalised = |source: &StripSource<'_>| {
        let cell = source.normalised.axes.cell(at?.secs, hz?)?;
        Some(format::fixed(*source.normalised.image.get([cell.bin, cell.column])?, 4))
    };
    let amplitude = |source: &StripSource<'_>| {
        let (_, sample) = WaveformPlot::sample_at(source.padded, at?.secs, source.rate_hz)?;
        Some(format::signed(sample, 4))
    };
    vec![
        one(text!("stages-value-time"), at.map(|at| format!("{:.4} s", at.secs))),
        one(text!("stages-value-frequency"), hz.map(format::hertz)),
        one(text!("stages-value-note"), hz.and_then(note)),
        each(text!("stages-value-amplitude"), &amplitude),
        each(text!("stages-value-magnitude"), &magnitude),
        each(feature_words::values(sources[0].config.feature).into_owned(), &feature),
        each(text!("stage-normalised"), &normalised),
    ]
}

fn values_card(ui: &mut Ui, size: Vec2, lines: &[Line]) {
    let card = Card {
        name: "compared values",
        title: &text!("stages-crosshair"),
        explanation: &text!("stages-crosshair-both"),
        details: &text!("stages-crosshair-both-help"),
        size,
    };
    card.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let heads = Line { name: String::new(), values: vec!["A".to_owned(), "B".to_owned()] };
        for line in std::iter::once(&heads).chain(lines) {
            value_line(ui, line);
        }
        String::new()
    });
}

fn value_line(ui: &mut Ui, line: &Line) {
    let colours = palette(ui);
    let size = Vec2::new(ui.available_width(), LINE);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.label(RichText::new(&line.name).small().color(colours.text_weak));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let width = if line.values.len() == 1 { 2.0 * COLUMN } else { COLUMN };
            for value in line.values.iter().rev() {
                let text = RichText::new(value).text_style(theme::small_mono()).color(colours.text);
                let layout = Layout::right_to_left(Align::Center);
                ui.allocate_ui_with_layout(Vec2::new(width, LINE), layout, |ui| {
                    ui.set_width(width);
                    ui.add(egui::Label::new(text).truncate());
                });
            }
        });
    });
}
