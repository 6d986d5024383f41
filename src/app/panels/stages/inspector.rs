//! Every stage's value at the crosshair, and the spectrum of the frame there.

use eframe::egui::{self, Align, Layout, RichText, Ui, Vec2};

use super::source::StripSource;
use crate::{
    app::{
        format,
        theme::{self, GAP, palette},
        widgets::{
            card::Card,
            filter_bank_plot::FilterBankPlot,
            spectrum_plot::SpectrumPlot,
            strip::{Crosshair, Strip},
            waveform_plot::WaveformPlot,
        },
    },
    dsp::{decibel::db_from_amplitude, frequency_scale::FrequencyScale, pitch::Note},
    inspect::spectrum::{Peak, Spectrum},
};

/// Height of a line of the values, in points.
const LINE: f32 = 17.0;
/// Room of a card around its contents, in points.
const CARD_ROOM: f32 = 82.0;
/// Least height of the spectrum's card, in points.
const SPECTRUM_HEIGHT: f32 = 190.0;
/// Stands where a value is not defined.
const NONE: &str = "–";

/// What a stage has at the crosshair.
pub(super) struct Value {
    /// What is measured.
    name: &'static str,
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
    let text = |value: Option<String>| value.unwrap_or_else(|| NONE.to_owned());
    let (words, unit) = (source.config.feature.words(), source.config.feature.unit());
    let band =
        words.filters.as_ref().map(|filters| (filters.band, text(cell.map(|cell| cell.bin.to_string()))));
    let values = [
        ("Time", text(secs.map(|secs| format!("{secs:.4} s")))),
        ("Sample", text(own.map(|(index, _)| format::count(index)))),
        ("Amplitude", text(own.map(|(_, sample)| format!("{sample:+.4}")))),
        ("Frame", text(frame.map(|column| frame_words(source, column)))),
        ("Frequency", text(hz.map(format::hertz))),
        ("Note", text(hz.and_then(Note::nearest).map(note_words))),
        ("Bin", text(bin.map(|cell| format!("{}, {:.1} Hz", cell.bin, cell.hz)))),
    ];
    let levels = [
        ("Magnitude", text(magnitude.map(|&value| magnitude_words(value)))),
        (words.values, text(feature.map(|&value| unit.text(value)))),
        ("Normalised", text(normalised.map(|&value| format!("{value:.4}")))),
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
    format!("{} to {}", format::count(first), format::count(last))
}

fn note_words(note: Note) -> String {
    format!("{} {:+.0} ct", note.name(), note.cents)
}

fn magnitude_words(value: f32) -> String {
    format!("{} ({:+.1} dB)", format::significant(f64::from(value)), db_from_amplitude(value))
}

/// Draws the column beside the strip; `name` is the recording's.
pub(super) fn show(
    ui: &mut Ui,
    name: &str,
    source: &StripSource<'_>,
    strip: &Strip,
    frequency: FrequencyScale,
) {
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
    let spectrum_height = if has_filters { (left - GAP) / 2.0 } else { left }.max(SPECTRUM_HEIGHT);
    spectrum_card(ui, Vec2::new(width, spectrum_height), source, strip, frequency, None);
    if let Some(filters) = filters {
        filters.card(ui, Vec2::new(width, spectrum_height));
    }
}

fn values_card(ui: &mut Ui, size: Vec2, name: &str, values: &[Value], strip: &Strip) {
    let card = Card {
        title: "At the crosshair",
        explanation: name,
        details: "The values of every stage at the pointer. A click keeps the crosshair there; Space plays from it, comma \
                  and full stop move it by a frame, Escape takes it away.",
        size,
    };
    let resting = match (strip.is_pointed(), strip.marker) {
        (false, Some(_)) => "kept by a click; Esc releases",
        (false, None) => "point at a stage",
        (true, _) => "",
    };
    card.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let colours = palette(ui);
        for value in values {
            ui.allocate_ui_with_layout(
                Vec2::new(ui.available_width(), LINE),
                Layout::left_to_right(Align::Center),
                |ui| {
                    ui.label(RichText::new(value.name).small().color(colours.text_weak));
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        let text =
                            RichText::new(&value.text).text_style(theme::small_mono()).color(colours.text);
                        ui.add(egui::Label::new(text).truncate());
                    });
                },
            );
        }
        resting.to_owned()
    });
}

/// The spectrum of the frame under the crosshair; of the frame in the middle where there is none. `letter` names one of two
/// compared recordings.
pub(super) fn spectrum_card(
    ui: &mut Ui,
    size: Vec2,
    source: &StripSource<'_>,
    strip: &Strip,
    frequency: FrequencyScale,
    letter: Option<&str>,
) {
    let at = strip.crosshair();
    let column = at.and_then(|at| source.magnitude.axes.column(at.secs));
    let middle = source.magnitude.axes.columns / 2;
    let shown = column.unwrap_or(middle).min(source.magnitude.axes.columns.saturating_sub(1));
    let frames = frame_words(source, shown);
    let place = if column.is_some() { "under the crosshair" } else { "in the middle" };
    let (title, explanation) = if source.magnitude.axes.frames_per_column == 1 {
        (format!("Spectrum of frame {frames}"), format!("The one {place}, in dB re 1"))
    } else {
        ("Spectrum".to_owned(), format!("Strongest of frames {frames}"))
    };
    let title = letter.map_or_else(|| title.clone(), |letter| format!("{letter}  {title}"));
    let card = Card {
        title: &title,
        explanation: &explanation,
        details: "The magnitudes of one frame in dB. Point at a peak to read its frequency and level, refined between bins.",
        size,
    };
    let hz_per_bin = f64::from(source.rate_hz) / source.config.frame_size.max(1) as f64;
    let magnitudes = source.magnitude.image.columns().into_iter().nth(shown);
    let spectrum = Spectrum::new(magnitudes.into_iter().flatten().copied(), hz_per_bin);
    let plot = SpectrumPlot {
        spectrum: &spectrum,
        hz: strip.viewport.hz(),
        frequency,
        levels_db: levels(source),
        marked_hz: at.and_then(|at| at.hz),
    };
    card.show(ui, |ui| plot.show(ui).map_or_else(|| "no peak".to_owned(), peak_words));
}

/// The range of levels of the whole sound in dB, for an axis that stays still.
fn levels(source: &StripSource<'_>) -> (f32, f32) {
    let feature = source.config.feature;
    let db = |value: f32| value * feature.unit().decibels();
    // A row weighs what it adds up; single bins of a peak stand higher.
    (db(source.min_max.min), db(source.min_max.max) + feature.headroom_db(source.config))
}

fn peak_words(peak: Peak) -> String {
    let note = Note::nearest(peak.hz).map_or_else(String::new, |note| format!("  {}", note_words(note)));
    format!("peak {:.1} Hz {:+.1} dB{note}", peak.hz, peak.db)
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
        let amplitude = format!("{:+.4}", stages.padded[2560]);
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
            format!("{level:+.2} dB"),
            format!("{:.4}", stages.normalised[[23, 10]]),
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
