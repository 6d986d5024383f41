//! Comparison of two pinned recordings on the same axes, and their difference.

use eframe::egui::Ui;

use super::{
    rows::{TIME_AXIS, least_heights, limits},
    source::StripSource,
};
use crate::{
    app::{
        context::PanelContext,
        feature_words, format,
        pictures::{
            image_axes::ImageAxes,
            textures::{ColourScale, Colours, Display, ImageSlot, Slot},
        },
        widgets::{
            colour_bar::ColourChange,
            row::{HEAD, RowHead},
            spectrogram_plot::SpectrogramPlot,
            strip::Strip,
            waveform_plot::WaveformPlot,
        },
    },
    language::text,
    session::{
        InspectionCommand,
        state::{Pin, StageDisplay},
    },
};

/// Height of an image as a multiple of a waveform's.
const IMAGE_SHARE: f32 = 1.8;

/// One of the two recordings.
struct Side<'a> {
    /// The recording as it was pinned.
    pin: &'a Pin,
    /// What is drawn of it.
    source: &'a StripSource<'a>,
    /// A or B.
    letter: &'static str,
}

/// Draws both recordings' waveforms and features, and the difference of the features.
pub(super) fn show(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    strip: &mut Strip,
    pins: [&Pin; 2],
    height: f32,
) {
    let generation = context.state.inspection.generation;
    let sources = pins.map(|pin| StripSource::whole(&pin.stages, &pin.config, generation));
    let heads = 5.0 * (HEAD + ui.spacing().item_spacing.y) + TIME_AXIS;
    let unit = (height - heads) / (2.0 + 3.0 * IMAGE_SHARE);
    let least = least_heights(strip);
    let (wave, image) = (unit.max(least.0), (IMAGE_SHARE * unit).max(least.1));
    let peak =
        sources.iter().flat_map(|source| source.padded.iter()).fold(0.0_f32, |peak, s| peak.max(s.abs()));
    let lows = sources.iter().map(|source| source.min_max.min).fold(f32::INFINITY, f32::min);
    let highs = sources.iter().map(|source| source.min_max.max).fold(f32::NEG_INFINITY, f32::max);
    let ([pin_a, pin_b], [source_a, source_b]) = (pins, &sources);
    let sides = [
        Side { pin: pin_a, source: source_a, letter: "A" },
        Side { pin: pin_b, source: source_b, letter: "B" },
    ];
    for side in &sides {
        waveform(ui, context, strip, side, peak, wave);
    }
    for side in &sides {
        feature(ui, context, strip, side, (lows, highs), image);
    }
    difference(ui, context, strip, &sources, image);
}

fn waveform(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    strip: &mut Strip,
    side: &Side<'_>,
    peak: f32,
    height: f32,
) {
    let Side { pin, source, letter } = *side;
    let title = format!("{letter}  {}", pin.name);
    let name = if letter == "A" { "waveform of A" } else { "waveform of B" };
    let head = RowHead {
        title: &title,
        explanation: &text!("stages-compared-wave"),
        details: &text!("stages-compared-wave-help"),
        figures: text!("stages-samples", count = source.padded.len()),
        folded: None,
    };
    head.show(ui, height, |ui| {
        let envelope = context.memory.envelopes.get(name, context.state.inspection.generation, source.padded);
        let plot = WaveformPlot {
            name,
            title: &title,
            samples: source.padded,
            envelope,
            rate_hz: source.rate_hz,
            start_secs: 0.0,
            peak: context.state.settings.stage_display.amplitude.unwrap_or(peak),
            own: (source.signal_start, source.signal_start + source.signal.len()),
            frame: None,
            has_time_labels: false,
            playhead: None,
        };
        plot.show(ui, strip);
    });
}

fn feature(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    strip: &mut Strip,
    side: &Side<'_>,
    both: (f32, f32),
    height: f32,
) {
    let Side { pin, source, letter } = *side;
    let display = context.state.settings.stage_display;
    let unit = source.config.feature.unit().symbol();
    let title = format!("{letter}  {}", feature_words::values(source.config.feature));
    let (image, name) = if letter == "A" {
        (ImageSlot::PinnedA, "feature of A")
    } else {
        (ImageSlot::PinnedB, "feature of B")
    };
    let head = RowHead {
        title: &title,
        explanation: &text!("stages-compared-feature"),
        details: &text!("stages-compared-feature-help"),
        figures: text!(
            "stages-compared-range",
            name = pin.name.as_str(),
            least = format::fixed(source.min_max.min, 1),
            most = format::fixed(source.min_max.max, 1),
            unit = unit
        ),
        folded: None,
    };
    head.show(ui, height, |ui| {
        let (low, high) = display.feature_range.unwrap_or(both);
        let scale = ColourScale::linear(low, high);
        let shown = Display {
            colours: Colours::Map(context.state.settings.colour_map),
            scale,
            frequency: display.frequency,
        };
        let row = &source.feature;
        let slot = Slot { image, generation: context.state.inspection.generation };
        let texture = context.memory.textures.get(ui.ctx(), slot, row.image, &row.axes, shown);
        let plot = SpectrogramPlot {
            name,
            title: &title,
            texture: texture.id(),
            axes: row.axes,
            display: shown,
            unit,
            limits: Some(limits(scale, both)),
            padding_edges: source.padding_edges(),
            has_time_labels: false,
            playhead: None,
        };
        if let Some(change) = plot.show(ui, strip) {
            let feature_range = match change {
                ColourChange::Range(low, high) => Some((low, high)),
                ColourChange::Fit => None,
            };
            context.send(InspectionCommand::SetStageDisplay(StageDisplay { feature_range, ..display }));
        }
    });
}

fn difference(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    strip: &mut Strip,
    [a, b]: &[StripSource<'_>; 2],
    height: f32,
) {
    let state = context.state;
    let generation = state.inspection.generation;
    let memory = &mut *context.memory;
    let difference = memory.difference.get(generation, a.feature.image, b.feature.image);
    let unit = a.config.feature.unit().symbol();
    let cell = strip.crosshair().and_then(|at| {
        let cell = a.feature.axes.cell(at.secs, at.hz?)?;
        difference.image.get([cell.bin, cell.column]).copied()
    });
    let figures = match cell {
        Some(value) => {
            text!("stages-difference-here", value = format::signed(value, 1), unit = unit)
        }
        None => text!(
            "stages-difference-all",
            mean = format!("{:.1}", difference.mean),
            largest = format!("{:.1}", difference.largest),
            unit = unit
        ),
    };
    let title = text!("stages-difference-title");
    let head = RowHead {
        title: &title,
        explanation: &text!("stages-difference"),
        details: &text!("stages-difference-help"),
        figures,
        folded: None,
    };
    head.show(ui, height + TIME_AXIS, |ui| {
        let shown = Display {
            colours: Colours::Signed,
            scale: ColourScale::linear(-difference.largest.max(1e-6), difference.largest.max(1e-6)),
            frequency: state.settings.stage_display.frequency,
        };
        let axes = ImageAxes::feature(a.config, difference.image.dim());
        let slot = Slot { image: ImageSlot::Difference, generation };
        let texture = memory.textures.get(ui.ctx(), slot, &difference.image, &axes, shown);
        let plot = SpectrogramPlot {
            name: "difference",
            title: &title,
            texture: texture.id(),
            axes,
            display: shown,
            unit,
            limits: None,
            padding_edges: [None, None],
            has_time_labels: true,
            playhead: None,
        };
        plot.show(ui, strip);
    });
}
