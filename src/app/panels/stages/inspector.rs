//! Every stage's value at the crosshair, and the spectrum of the frame there.

use eframe::egui::{self, Align, Layout, RichText, Ui, Vec2};

use super::source::StripSource;
use crate::{
    app::{
        feature_words, format,
        theme::{self, GAP, palette},
        widgets::{
            card::{Card, KeyEntry},
            filter_bank_plot::FilterBankPlot,
            spectrum_plot::SpectrumPlot,
            strip::{Crosshair, Strip},
            waveform_plot::WaveformPlot,
        },
    },
    dsp::{decibel::db_from_amplitude, pitch::Note},
    inspect::spectrum::{Peak, Spectrum},
    language::text,
    session::state::StageDisplay,
};

/// Height of a line of the values, in points.
const LINE: f32 = 17.0;
/// Room of a card around its contents, in points.
const CARD_ROOM: f32 = 82.0;
/// Least height of the spectrum's card, in points.
const SPECTRUM_HEIGHT: f32 = 190.0;
/// Greatest height of that card as a part of its width.
const TALLEST: f32 = 1.5;
/// Characters of the longest frequency and level of a peak, and of the longest note.
const PEAK_CHARS: usize = 25;
const NOTE_CHARS: usize = 10;
/// Stands where a value is not defined.
const NONE: &str = "–";

/// What a stage has at the crosshair.
pub(super) struct Value {
    /// What is measured.
    name: String,
    /// With its unit.
    text: String,
}

/// The values of all stages at `at`, in the order of the stages; names stay in their places whether or not there is a value.
pub(super) fn values(source: &StripSource<'_>, at: Option<Crosshair>) -> Vec<Value> {
    let secs = at.map(|at| at.secs);
    let cell = at.and_then(|at| source.feature.axes.cell(at.secs, at.hz?));
    let bin = at.and_then(|at| source.magnitude.axes.cell(at.secs, at.hz?));
    let frame = secs.and_then(|secs| source.magnitude.axes.column(secs));
    let hz = at.and_then(|at| at.hz);
    let own = secs.and_then(|secs| WaveformPlot::sample_at(source.padded, secs, source.rate_hz));
    let magnitude = bin.and_then(|cell| source.magnitude.image.get([cell.bin, cell.column]));
    let feature = cell.and_then(|cell| source.feature.image.get([cell.bin, cell.column]));
    let normalised = cell.and_then(|cell| source.normalised.image.get([cell.bin, cell.column]));
    let shown = |value: Option<String>| value.unwrap_or_else(|| NONE.to_owned());
    let (kind, unit) = (source.config.feature, source.config.feature.unit());
    let band = feature_words::filters(kind)
        .map(|filters| (filters.band.into_owned(), shown(cell.map(|cell| cell.bin.to_string()))));
    let values = [
        (text!("stages-value-time"), shown(secs.map(|secs| format!("{secs:.4} s")))),
        (text!("stages-value-sample"), shown(own.map(|(index, _)| format::count(index)))),
        (text!("stages-value-amplitude"), shown(own.map(|(_, sample)| format::signed(sample, 4)))),
        (text!("stages-value-frame"), shown(frame.map(|column| frame_words(source, column)))),
        (text!("stages-value-frequency"), shown(hz.map(format::hertz))),
        (text!("stages-value-note"), shown(hz.and_then(Note::nearest).map(note_words))),
        (text!("stages-value-bin"), shown(bin.map(|cell| format!("{}, {:.1} Hz", cell.bin, cell.hz)))),
    ];
    let levels = [
        (text!("stages-value-magnitude"), shown(magnitude.map(|&value| magnitude_words(value)))),
        (feature_words::values(kind).into_owned(), shown(feature.map(|&value| unit.text(value)))),
        (text!("stage-normalised"), shown(normalised.map(|&value| format::fixed(value, 4)))),
    ];
    let named = |(name, text)| Value { name, text };
    values.into_iter().chain(band).chain(levels).map(named).collect()
}

/// The frame of a column, or the frames whose strongest values it shows.
fn frame_words(source: &StripSource<'_>, column: usize) -> String {
    let axes = &source.magnitude.axes;
    let first = axes.first_frame + column * axes.frames_per_column;
    if axes.frames_per_column == 1 {
        return format::count(first);
    }
    let last = (first + axes.frames_per_column).min(source.frames) - 1;
    text!("stages-frame-range", first = format::count(first), last = format::count(last))
}

/// Name of a note and distance to it in cents.
pub(super) fn note_words(note: Note) -> String {
    format!("{} {} ct", note.name(), format::signed(note.cents, 0))
}

fn magnitude_words(value: f32) -> String {
    let level = format::signed(db_from_amplitude(value), 1);
    format!("{} ({level} dB)", format::significant(f64::from(value)))
}

/// Draws the column beside the strip; `name` is the recording's.
pub(super) fn show(ui: &mut Ui, name: &str, source: &StripSource<'_>, strip: &Strip, display: StageDisplay) {
    ui.spacing_mut().item_spacing = Vec2::splat(GAP);
    let at = strip.crosshair();
    let values = values(source, at);
    let width = ui.available_width();
    let height = ui.available_height();
    let values_height = values.len() as f32 * LINE + CARD_ROOM;
    values_card(ui, Vec2::new(width, values_height), name, &values, strip);
    let filters = FilterBankPlot::new(source.config);
    let has_filters = filters.is_some();
    let left = height - values_height - GAP;
    let tallest = (TALLEST * width).max(SPECTRUM_HEIGHT);
    let spectrum_height = if has_filters { (left - GAP) / 2.0 } else { left }.clamp(SPECTRUM_HEIGHT, tallest);
    spectrum_card(ui, Vec2::new(width, spectrum_height), source, strip, display, None);
    if let Some(filters) = filters {
        filters.card(ui, Vec2::new(width, spectrum_height));
    }
}

fn values_card(ui: &mut Ui, size: Vec2, name: &str, values: &[Value], strip: &Strip) {
    let card = Card {
        name: "values",
        title: &text!("stages-crosshair"),
        explanation: name,
        details: &text!("stages-crosshair-help"),
        size,
    };
    let resting = match (strip.is_pointed(), strip.marker) {
        (false, Some(_)) => text!("stages-crosshair-kept"),
        (false, None) => text!("stages-crosshair-nowhere"),
        (true, _) => String::new(),
    };
    card.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let colours = palette(ui);
        for value in values {
            ui.allocate_ui_with_layout(
                Vec2::new(ui.available_width(), LINE),
                Layout::left_to_right(Align::Center),
                |ui| {
                    ui.label(RichText::new(&value.name).small().color(colours.text_weak));
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        let text =
                            RichText::new(&value.text).text_style(theme::small_mono()).color(colours.text);
                        ui.add(egui::Label::new(text).truncate());
                    });
                },
            );
        }
        resting
    });
}

/// The spectrum of the frame under the crosshair; of the frame in the middle where there is none. `letter` names one of two
/// compared recordings.
pub(super) fn spectrum_card(
    ui: &mut Ui,
    size: Vec2,
    source: &StripSource<'_>,
    strip: &Strip,
    display: StageDisplay,
    letter: Option<&str>,
) {
    let at = strip.crosshair();
    let column = at.and_then(|at| source.magnitude.axes.column(at.secs));
    let middle = source.magnitude.axes.columns / 2;
    let shown = column.unwrap_or(middle).min(source.magnitude.axes.columns.saturating_sub(1));
    let frames = frame_words(source, shown);
    let (title, explanation) = spectrum_titles(&frames, source, column.is_some());
    let title = letter.map_or_else(|| title.clone(), |letter| format!("{letter}  {title}"));
    let card = Card {
        name: "spectrum",
        title: &title,
        explanation: &explanation,
        details: &text!("stages-spectrum-help"),
        size,
    };
    let hz_per_bin = f64::from(source.rate_hz) / source.config.frame_size.max(1) as f64;
    let magnitudes = source.magnitude.image.columns().into_iter().nth(shown);
    let spectrum = Spectrum::new(magnitudes.into_iter().flatten().copied(), hz_per_bin);
    let plot = SpectrumPlot {
        spectrum: &spectrum,
        hz: strip.viewport.hz(),
        frequency: display.frequency,
        levels_db: levels(source, display),
        marked_hz: at.and_then(|at| at.hz),
    };
    card.show_with_key(ui, |ui| plot.show(ui).map_or_else(no_peak, peak_words));
}

/// Title and explanation of the spectrum of `frames`: of one frame, or of several that a column joins.
fn spectrum_titles(frames: &str, source: &StripSource<'_>, is_under_crosshair: bool) -> (String, String) {
    if source.magnitude.axes.frames_per_column != 1 {
        return (text!("stages-spectrum"), text!("stages-spectrum-strongest", frames = frames));
    }
    let place =
        if is_under_crosshair { text!("stages-spectrum-crosshair") } else { text!("stages-spectrum-middle") };
    (text!("stages-spectrum-of-frame", frame = frames), place)
}

/// The range of levels of the whole sound in dB, or the locked one, for an axis that stays still.
fn levels(source: &StripSource<'_>, display: StageDisplay) -> (f32, f32) {
    let (min, max) = display.feature_range.unwrap_or((source.min_max.min, source.min_max.max));
    let feature = source.config.feature;
    let db = |value: f32| value * feature.unit().decibels();
    // A row weighs what it adds up; single bins of a peak stand higher.
    (db(min), db(max) + feature.headroom_db(source.config))
}

fn no_peak() -> Vec<KeyEntry> {
    vec![KeyEntry { colour: None, text: text!("stages-no-peak") }]
}

/// Frequency, level and note of a peak, as wide for every peak: the card has as many lines for all of them.
fn peak_words(peak: Peak) -> Vec<KeyEntry> {
    let (frequency, level) = (format!("{:.1}", peak.hz), format::signed(peak.db, 1));
    let words = text!("stages-peak", frequency = frequency, level = level);
    let note = Note::nearest(peak.hz).map_or_else(|| "–".to_owned(), note_words);
    let entry = |text: String, chars: usize| KeyEntry { colour: None, text: format!("{text:<chars$}") };
    vec![entry(words, PEAK_CHARS), entry(note, NOTE_CHARS)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audio::clip::Clip,
        pipeline::{config::PreprocessingConfig, preprocessing::PreprocessingPipeline},
    };

    #[test]
    fn one_instant_is_read_through_all_stages() {
        let config = PreprocessingConfig::default();
        let rate = 22_050.0_f64;
        let tone =
            (0..8000).map(|n| (f64::from(n) / rate * 990.0 * std::f64::consts::TAU).sin() as f32 * 0.5);
        let pipeline = PreprocessingPipeline::from_config(&config).unwrap();
        let stages = pipeline.stages_of_clip(&Clip::mono(tone.collect(), 22_050)).unwrap();
        let source = StripSource::whole(&stages, &config, 1);
        let read = |at| -> Vec<String> { values(&source, at).into_iter().map(|value| value.text).collect() };
        let secs = 10.0 * 256.0 / rate;
        let read_there = read(Some(Crosshair { secs, hz: Some(990.0) }));
        let amplitude = format::signed(stages.padded[2560], 4);
        let (magnitude, level) = (stages.magnitude[[23, 10]], stages.feature[[23, 10]]);
        let expected = [
            "0.1161 s".to_owned(),
            "2,560".to_owned(),
            amplitude,
            "10".to_owned(),
            "990 Hz".to_owned(),
            "B5 +4 ct".to_owned(),
            "23, 990.5 Hz".to_owned(),
            magnitude_words(magnitude),
            format::signed(level, 2) + " dB",
            format::fixed(stages.normalised[[23, 10]], 4),
        ];
        assert_eq!(read_there, expected);
        assert!((level - 36.0).abs() < 1.0, "{level}");
        assert!(read(None).iter().all(|value| value == NONE));
        // On a waveform there is no frequency.
        let on_waveform = read(Some(Crosshair { secs, hz: None }));
        assert_eq!(on_waveform[3], "10");
        assert_eq!(on_waveform[8], NONE);
    }
}
