//! The decoded sound: spectrogram, waveform, controls, and the quality of the phase recovery.

use std::sync::Arc;

use eframe::egui::{self, Button, RichText, ScrollArea, Ui, Vec2};
use ndarray::Array2;

use super::save_sound::ask_where_to_save;
use crate::{
    app::{
        context::PanelContext,
        format,
        pictures::{
            image_axes::{Cell, ImageAxes},
            textures::{ColourScale, Colours, Display, ImageSlot, Slot},
        },
        theme::{GAP, palette},
        widgets::{
            card::Card,
            labelled::field,
            spectrogram_plot::SpectrogramPlot,
            strip::{Crosshair, Strip},
            toolbar,
            waveform_plot::WaveformPlot,
        },
    },
    pipeline::config::PreprocessingConfig,
    session::{
        Command, LatentCommand, PlaybackCommand,
        playing::{PlayMode, PlayingCommand},
        state::{Decoded, Source},
    },
};

/// Least heights of the cards, in points.
const MIN_PICTURE: f32 = 170.0;
const WAVE_HEIGHT: f32 = 150.0;
/// Least width of two pictures side by side.
const TWO_PICTURES: f32 = 480.0;

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

/// Draws spectrogram and waveform for a figure.
pub fn figure(ui: &mut Ui, context: &mut PanelContext<'_>) {
    if let Some(decoded) = context.state.latent.decoded.clone() {
        quality(ui, &decoded);
        cards(ui, context);
    }
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
        ("Preparing …", "The model is being loaded or the recording encoded.")
    } else if latent.model.is_some() {
        ("Nothing decoded yet", "Drag a slider, press R for a random sound, or start from a recording.")
    } else {
        (
            "No model",
            "The demo model plays at once; a model that you train appears here after its first epoch.",
        )
    };
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.35);
        ui.heading(title);
        ui.add_space(GAP);
        ui.label(RichText::new(words).color(palette(ui).text_weak));
    });
}

/// Play, original, quality of the phase recovery, save: a part of a toolbar.
pub fn controls(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let there = state.latent.decoded.is_some();
    let narrow = ui.max_rect().width() < NARROW;
    let play = ui.add_enabled(there, Button::new(if narrow { "▶ Play" } else { "▶ Play decoded" }));
    play_button(context, &play);
    play.on_hover_text("Play the decoded sound (Space; T holds it)");
    if state.latent.original.is_some() {
        let hint = "Play the original of this vector (O)";
        if ui.button("▶ Original").on_hover_text(hint).clicked() {
            context.send(PlaybackCommand::PlayOriginal);
        }
    }
    iterations(ui, context, narrow);
    let save = ui.add_enabled(there, Button::new("Save WAV…"));
    if save.on_hover_text("Save the decoded sound as 16-bit WAV (Ctrl+S)").clicked() {
        ask_where_to_save(ui.ctx(), context);
    }
}

/// In hold mode the button acts as a key: it plays while it is down.
fn play_button(context: &mut PanelContext<'_>, button: &egui::Response) {
    if context.state.settings.playing.mode != PlayMode::Hold {
        if button.clicked() {
            context.send(PlaybackCommand::PlayDecoded);
        }
        return;
    }
    let is_down = button.is_pointer_button_down_on();
    if is_down != context.memory.latent.play_is_down {
        context.memory.latent.play_is_down = is_down;
        let command = if is_down { PlayingCommand::Press } else { PlayingCommand::Release };
        context.send(Command::Playing(command));
    }
}

fn iterations(ui: &mut Ui, context: &mut PanelContext<'_>, narrow: bool) {
    let hint =
        "Griffin-Lim finds the phase that a spectrogram lacks; more iterations sound cleaner and take longer";
    let name = RichText::new("Griffin-Lim").color(palette(ui).text_weak);
    let label = (!narrow).then(|| toolbar::words(ui, name).on_hover_text(hint));
    let mut iterations = context.state.settings.iterations;
    let drag =
        field(&mut iterations).range(1..=512).speed(0.5).suffix(" iterations").update_while_editing(false);
    let response = ui.add_sized([112.0, 22.0], drag).on_hover_text(hint);
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
    let verdict = match convergence {
        c if c < 0.1 => "fit very well",
        c if c < 0.25 => "fit well",
        c if c < 0.5 => "fit roughly",
        _ => "fit badly",
    };
    let gain = if decoded.gain < 1.0 {
        format!("   turned down {:.1} dB", -20.0 * decoded.gain.max(1e-6).log10())
    } else {
        String::new()
    };
    let words = format!("Phases {verdict} ({convergence:.3}){gain}   made in {:.0} ms", decoded.milliseconds);
    let text = RichText::new(&words).text_style(crate::app::theme::small_mono()).color(palette(ui).text_weak);
    ui.add(egui::Label::new(text).truncate()).on_hover_text(
        "How well the phases that were found fit the picture (spectral convergence): the distance between the picture and \
         the spectrogram of the sound, relative to the picture. 0 is perfect; below 0.1 is very good, from 0.5 on the sound \
         is hollow: more iterations help. The time is from the request to the finished sound. A sound that would clip is \
         turned down.",
    );
}

fn playhead(context: &PanelContext<'_>, of: Source) -> Option<f64> {
    match context.state.playback.playing {
        Some((source, at)) if source == of => Some(at),
        _ => None,
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
    let explanation = if decoded.has_detail() {
        format!("Decoder output for this vector,{}", decoded.detail_words())
    } else {
        "Decoder output for this vector".to_owned()
    };
    let axes = ImageAxes::feature(config, decoded.feature.dim());
    let made = Picture {
        title: "Decoded spectrogram",
        explanation: &explanation,
        details: "The decoder's output, mapped from 0..1 back to the data's own range. Detail, when its slider is above 0, \
                  is added afterwards: what the model's images of the nearest training recordings lack.",
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
        title: "Original",
        explanation: &original.name,
        details: "The sound this vector was encoded from, with the model's preprocessing.",
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
    title: &'a str,
    explanation: &'a str,
    details: &'a str,
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
        title: shown.title,
        texture: texture.id(),
        axes,
        display,
        unit: unit.symbol(),
        limits: None,
        padding_edges: [None, None],
        has_time_labels: true,
        playhead: shown.playhead,
    };
    let card = Card { title: shown.title, explanation: shown.explanation, details: shown.details, size };
    card.show(ui, |ui| {
        plot.show(ui, strip);
        let cell = strip.crosshair().and_then(|at| Some((axes.cell(at.secs, at.hz?)?, at.secs)));
        match cell {
            Some((cell, secs)) => {
                let value = feature.get([cell.bin, cell.column]).copied().unwrap_or_default();
                cell_text(&axes, cell, secs, &unit.reading(value))
            }
            None => {
                format!(
                    "{} × {}, {:.1} to {:.1} {}",
                    axes.bins, axes.columns, scale.low, scale.high, plot.unit
                )
            }
        }
    });
}

/// The status text of a cell: time, frame, frequency, row and `value`, in fixed columns.
fn cell_text(axes: &ImageAxes, cell: Cell, secs: f64, value: &str) -> String {
    let row = axes.row_name;
    format!("{secs:.3} s frame {:<3} {:>9} {row} {:<3} {value}", cell.frame, format::hertz(cell.hz), cell.bin)
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
        title: "Decoded sound",
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
        title: "Decoded sound",
        explanation: "The spectrogram with a phase found by Griffin-Lim",
        details: "A spectrogram has no phase: Griffin-Lim finds one that fits it, step by step.",
        size,
    };
    card.show(ui, |ui| {
        plot.show(ui, strip);
        if let Some(Crosshair { secs, hz: None }) = strip.crosshair()
            && let Some((_, sample)) = WaveformPlot::sample_at(samples, secs, rate_hz)
        {
            return format!("{secs:7.4} s  amplitude {sample:+.4}");
        }
        format!(
            "{} at {}, peak {:.3}",
            format::seconds(decoded.clip.duration_secs()),
            format::rate(rate_hz),
            envelope.peak()
        )
    });
}
