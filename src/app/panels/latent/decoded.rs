//! The decoded sound: spectrogram, waveform, controls, and the quality of the phase recovery.

use std::sync::Arc;

use eframe::egui::{self, Button, RichText, ScrollArea, Ui, Vec2};
use ndarray::Array2;

use super::save_sound::ask_where_to_save;
use crate::{
    app::{
        context::PanelContext,
        feature_words, format,
        pictures::{
            image_axes::{Cell, ImageAxes},
            textures::{ColourScale, Colours, Display, ImageSlot, Slot},
        },
        theme::{GAP, ROW, palette, small_mono},
        widgets::{
            card::Card,
            number_field::NumberField,
            spectrogram_plot::SpectrogramPlot,
            strip::{Crosshair, Strip},
            toolbar,
            waveform_plot::WaveformPlot,
        },
    },
    explore::detail::Added,
    language::text,
    pipeline::config::PreprocessingConfig,
    session::{
        LatentCommand, PlaybackCommand,
        state::{Decoded, Source},
    },
};

/// Least heights of the cards, in points.
const MIN_PICTURE: f32 = 170.0;
const WAVE_HEIGHT: f32 = 150.0;
/// Least width of two pictures side by side.
const TWO_PICTURES: f32 = 480.0;

/// Width of the number of iterations.
const ITERATIONS_WIDTH: f32 = 112.0;
/// In toolbars narrower than this the controls are abbreviated.
const NARROW: f32 = 700.0;

/// Draws controls, spectrogram and waveform.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let latent = &context.state.latent;
    let (Some(decoded), Some(_)) = (latent.decoded.clone(), &latent.model) else {
        empty(ui, context);
        return;
    };
    quality(ui, &decoded);
    cards(ui, context);
}

/// Draws spectrogram and waveform for a figure, without what is about this computation alone.
pub fn figure(ui: &mut Ui, context: &mut PanelContext<'_>) {
    cards(ui, context);
}

/// Spectrogram and waveform of the newest decoded sound.
fn cards(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let latent = &context.state.latent;
    let (Some(decoded), Some(config)) = (latent.decoded.clone(), latent.model_config().cloned()) else {
        return;
    };
    let preprocessing = config.preprocessing.clone();
    let axes = ImageAxes::feature(&preprocessing, decoded.feature.dim());
    let mut strip = std::mem::take(&mut context.memory.decoded);
    strip.begin_frame(ui);
    strip.viewport.fit(decoded.clip.duration_secs(), axes.hz_edges(), decoded.clip.sample_rate_hz());
    ScrollArea::vertical().id_salt("decoded").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        let room = ui.available_size();
        let with_wave = room.y >= MIN_PICTURE + GAP + WAVE_HEIGHT;
        let wave = if with_wave { ((room.y - GAP) * 0.32).clamp(WAVE_HEIGHT, 300.0) } else { 0.0 };
        let image = if with_wave { room.y - GAP - wave } else { room.y.max(MIN_PICTURE) };
        pictures(ui, context, &decoded, &preprocessing, &mut strip, Vec2::new(room.x, image));
        if with_wave {
            waveform(ui, context, &decoded, &mut strip, Vec2::new(room.x, wave));
        }
    });
    // No selection in a sound that changes with every drag.
    strip.selection = None;
    context.memory.decoded = strip;
}

fn empty(ui: &mut Ui, context: &PanelContext<'_>) {
    let latent = &context.state.latent;
    let (title, words) = if latent.is_busy() {
        (text!("instrument-preparing"), text!("instrument-preparing-help"))
    } else if latent.model.is_some() {
        (text!("instrument-nothing-decoded"), text!("instrument-nothing-decoded-help"))
    } else {
        (text!("instrument-no-model"), text!("instrument-no-model-help"))
    };
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.35);
        ui.heading(title);
        ui.add_space(GAP);
        ui.label(RichText::new(words).color(palette(ui).text_weak));
    });
}

/// Width of the first of the [`controls`], in points.
pub fn first_width(ui: &Ui, context: &PanelContext<'_>) -> f32 {
    if context.state.latent.original.is_some() {
        toolbar::button_width(ui, &text!("instrument-play-original"))
    } else {
        ITERATIONS_WIDTH
    }
}

/// Original, quality of the phase recovery, save: a part of a toolbar. The button at the top plays the decoded sound.
pub fn controls(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let there = state.latent.decoded.is_some();
    let narrow = ui.max_rect().width() < NARROW;
    if state.latent.original.is_some() {
        let original = ui.button(text!("instrument-play-original"));
        if original.on_hover_text(text!("instrument-play-original-help")).clicked() {
            context.send(PlaybackCommand::PlayOriginal);
        }
    }
    iterations(ui, context, narrow);
    let save = ui.add_enabled(there, Button::new(text!("instrument-save-wav")));
    if save.on_hover_text(text!("instrument-save-wav-help")).clicked() {
        ask_where_to_save(ui.ctx(), context);
    }
}

fn iterations(ui: &mut Ui, context: &mut PanelContext<'_>, narrow: bool) {
    let hint = text!("instrument-iterations-help");
    let name = RichText::new("Griffin-Lim").color(palette(ui).text_weak);
    let label = (!narrow).then(|| toolbar::words(ui, name).on_hover_text(&hint));
    let mut iterations = context.state.settings.iterations;
    let suffix = text!("instrument-iterations-suffix", count = iterations);
    let drag = NumberField::new(&mut iterations).range(1..=512).speed(0.5).suffix(suffix);
    let response = ui.add_sized([ITERATIONS_WIDTH, ROW], drag).on_hover_text(hint);
    let response = match label {
        Some(label) => response.labelled_by(label.id),
        None => response.accessible_name("Griffin-Lim"),
    };
    if response.changed() {
        context.send(LatentCommand::SetIterations(iterations));
    }
}

/// Quality of the phase recovery, and the computing time.
fn quality(ui: &mut Ui, decoded: &Decoded) {
    let convergence = decoded.spectral_convergence;
    let figure = format!("{convergence:.3}");
    let verdict = match convergence {
        c if c < 0.1 => text!("instrument-phases-very-well", convergence = figure),
        c if c < 0.25 => text!("instrument-phases-well", convergence = figure),
        c if c < 0.5 => text!("instrument-phases-roughly", convergence = figure),
        _ => text!("instrument-phases-badly", convergence = figure),
    };
    let gain = (decoded.gain < 1.0).then(|| {
        let db = -20.0 * decoded.gain.max(1e-6).log10();
        text!("instrument-turned-down", db = format!("{db:.1}"))
    });
    let time = text!("instrument-made-in", milliseconds = format!("{:.0}", decoded.milliseconds));
    let parts: Vec<String> = [Some(verdict), gain, Some(time)].into_iter().flatten().collect();
    let text = RichText::new(parts.join("   ")).text_style(small_mono()).color(palette(ui).text_weak);
    ui.add(egui::Label::new(text).truncate()).on_hover_text(text!("instrument-phases-help"));
}

fn playhead(context: &PanelContext<'_>, of: Source) -> Option<f64> {
    match context.state.playback.playing {
        Some((source, at)) if source == of => Some(at),
        _ => None,
    }
}

/// What the decoder made, with how much detail.
fn explanation(decoded: &Decoded) -> String {
    match decoded.detail {
        Some(Added { amount, recordings, is_itself }) if recordings > 0 => {
            let amount = format!("{amount:.2}");
            if is_itself {
                text!("instrument-decoded-with-own-detail", amount = amount)
            } else {
                text!("instrument-decoded-with-detail", amount = amount, count = recordings)
            }
        }
        _ => text!("instrument-decoded-without-detail"),
    }
}

/// The spectrogram of the decoded sound, next to that of the original.
fn pictures(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    decoded: &Decoded,
    config: &PreprocessingConfig,
    strip: &mut Strip,
    size: Vec2,
) {
    // One scale for both, so that differences are those of the sounds.
    let original = context.state.latent.original.clone().filter(|_| size.x >= TWO_PICTURES);
    let images = std::iter::once(&decoded.feature).chain(original.as_ref().map(|original| &original.feature));
    let scale = feature_scale(images);
    let state = context.state;
    let axes = ImageAxes::feature(config, decoded.feature.dim());
    let made = Picture {
        title: text!("instrument-decoded-spectrogram"),
        explanation: explanation(decoded),
        details: text!("instrument-decoded-spectrogram-help"),
        feature: &decoded.feature,
        config,
        axes,
        slot: Slot { image: ImageSlot::Decoded, generation: state.latent.generation },
        name: "decoded spectrogram",
        playhead: playhead(context, Source::Decoded),
        scale,
    };
    let Some(original) = original else {
        picture(ui, context, strip, &made, size);
        return;
    };
    let half = Vec2::new((size.x - GAP) / 2.0, size.y);
    let own = Picture {
        title: text!("instrument-original"),
        explanation: original.name.clone(),
        details: text!("instrument-original-help"),
        feature: &original.feature,
        slot: Slot { image: ImageSlot::Original, generation: Arc::as_ptr(&original) as u64 },
        name: "original spectrogram",
        playhead: playhead(context, Source::Original),
        ..made
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        picture(ui, context, strip, &own, half);
        picture(ui, context, strip, &made, half);
    });
}

/// A spectrogram with its texts.
struct Picture<'a> {
    title: String,
    explanation: String,
    details: String,
    /// `[bins, frames]`, low bins first.
    feature: &'a Array2<f32>,
    /// Settings it was made with.
    config: &'a PreprocessingConfig,
    axes: ImageAxes,
    slot: Slot,
    name: &'static str,
    playhead: Option<f64>,
    scale: ColourScale,
}

fn picture(ui: &mut Ui, context: &mut PanelContext<'_>, strip: &mut Strip, shown: &Picture<'_>, size: Vec2) {
    let state = context.state;
    let Picture { feature, axes, scale, .. } = *shown;
    let display = Display {
        colours: Colours::Map(state.settings.colour_map),
        scale,
        frequency: state.settings.stage_display.frequency,
    };
    let texture = context.memory.textures.get(ui.ctx(), shown.slot, feature, &axes, display);
    let unit = shown.config.feature.unit();
    let plot = SpectrogramPlot {
        name: shown.name,
        title: &shown.title,
        texture: texture.id(),
        axes,
        display,
        unit: unit.symbol(),
        limits: None,
        padding_edges: [None, None],
        has_time_labels: true,
        playhead: shown.playhead,
    };
    let Picture { title, explanation, details, .. } = shown;
    let card = Card { name: shown.name, title, explanation, details, size };
    card.show(ui, |ui| {
        plot.show(ui, strip);
        let cell = strip.crosshair().and_then(|at| Some((axes.cell(at.secs, at.hz?)?, at.secs)));
        match cell {
            Some((cell, secs)) => {
                let value = feature.get([cell.bin, cell.column]).copied().unwrap_or_default();
                cell_text(&axes, cell, secs, &unit.reading(value))
            }
            None => {
                text!(
                    "instrument-picture-size",
                    bins = format::count(axes.bins),
                    columns = format::count(axes.columns),
                    low = format::fixed(scale.low, 1),
                    high = format::fixed(scale.high, 1),
                    unit = plot.unit
                )
            }
        }
    });
}

/// The status text of a cell: time, frame, frequency, row and `value`, in fixed columns.
fn cell_text(axes: &ImageAxes, cell: Cell, secs: f64, value: &str) -> String {
    text!(
        "instrument-cell",
        secs = format!("{secs:.3}"),
        frame = format!("{:<3}", cell.frame),
        hertz = format!("{:>9}", format::hertz(cell.hz)),
        row = feature_words::row(axes.feature),
        bin = format!("{:<3}", cell.bin),
        value = value
    )
}

/// The colour scale of the images' range, in steps, so that colours do not jump during a drag.
fn feature_scale<'a>(images: impl Iterator<Item = &'a Array2<f32>>) -> ColourScale {
    let (low, high) = images
        .flat_map(|image| image.iter())
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &value| (low.min(value), high.max(value)));
    // Steps of 5 keep the colour bar still while a slider moves.
    ColourScale::linear((low / 5.0).floor() * 5.0, (high / 5.0).ceil() * 5.0)
}

fn waveform(ui: &mut Ui, context: &mut PanelContext<'_>, decoded: &Decoded, strip: &mut Strip, size: Vec2) {
    let playhead = playhead(context, Source::Decoded);
    let Some(samples) = decoded.clip.channels().first() else { return };
    let rate_hz = decoded.clip.sample_rate_hz();
    let envelope = context.memory.envelopes.get("decoded", context.state.latent.generation, samples);
    let plot = WaveformPlot {
        name: "decoded waveform",
        title: &text!("instrument-decoded-sound"),
        samples,
        envelope,
        rate_hz,
        start_secs: 0.0,
        peak: envelope.peak(),
        own: (0, samples.len()),
        frame: None,
        has_time_labels: true,
        playhead,
    };
    let card = Card {
        name: plot.name,
        title: &text!("instrument-decoded-sound"),
        explanation: &text!("instrument-decoded-sound-brief"),
        details: &text!("instrument-decoded-sound-help"),
        size,
    };
    card.show(ui, |ui| {
        plot.show(ui, strip);
        if let Some(Crosshair { secs, hz: None }) = strip.crosshair()
            && let Some((_, sample)) = WaveformPlot::sample_at(samples, secs, rate_hz)
        {
            return text!(
                "instrument-sample",
                secs = format!("{secs:7.4}"),
                amplitude = format::signed(sample, 4)
            );
        }
        text!(
            "instrument-sound-size",
            duration = format::seconds(decoded.clip.duration_secs()),
            rate = format::rate(rate_hz),
            peak = format!("{:.3}", envelope.peak())
        )
    });
}
