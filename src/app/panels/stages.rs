//! The stages of the selected recording, side by side on one time axis.

use std::sync::Arc;

use eframe::egui::{self, Align, ComboBox, Layout, RichText, ScrollArea, Spinner, Ui, Vec2};

use super::{preprocessing, stage_cards::StageCards};
use crate::{
    app::{
        format,
        theme::{GAP, ROW, palette},
        widgets::{card::explanation, spectrogram_plot, waveform_plot::TimeAxis},
        window::PanelContext,
    },
    inspect::colour_map::ColourMap,
    pipeline::stages::{Flag, Stages},
    session::{Command, state::Source},
};

/// From this width on, cards lie beside each other.
const WIDE: f32 = 820.0;
/// Least heights of a card, in points.
const WAVE_HEIGHT: f32 = 150.0;
const IMAGE_HEIGHT: f32 = 250.0;

/// Draws the view.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    facts(ui, context);
    preprocessing::show(ui, context);
    ui.add_space(GAP / 2.0);
    let inspection = &context.state.inspection;
    match (&inspection.error, inspection.stages.clone()) {
        (Some(error), _) => placeholder(ui, "This recording cannot be shown", error),
        (None, Some((index, stages))) => cards(ui, context, index, &stages),
        (None, None) if inspection.busy => {
            placeholder(ui, "Preparing …", "Decoding the recording and computing its stages.");
        }
        (None, None) => placeholder(
            ui,
            "Select a recording",
            "Its way from sound to the model's input appears here, one card a step. ↑ and ↓ walk through the list, Space plays.",
        ),
    }
}

fn placeholder(ui: &mut Ui, title: &str, words: &str) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.35);
        ui.heading(title);
        ui.add_space(GAP);
        ui.set_max_width(480.0);
        ui.label(RichText::new(words).color(palette(ui).text_weak));
    });
}

/// Name, format and remarks of the recording; the colour map at the right.
fn facts(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            colour_map(ui, context);
            if context.state.inspection.busy {
                ui.add(Spinner::new().size(14.0)).on_hover_text("Computing the stages");
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let Some((index, stages)) = context.state.inspection.stages.as_ref() else { return };
                let Some(recording) = context.state.library.recordings.get(*index) else { return };
                ui.label(RichText::new(&recording.name).strong().color(palette(ui).text_strong));
                for flag in &stages.flags {
                    let colour = palette(ui).warning;
                    ui.label(RichText::new(flag_words(flag)).small().color(colour));
                }
                let text = RichText::new(fact_words(stages)).small().color(palette(ui).text_weak);
                ui.add(egui::Label::new(text).truncate()).on_hover_text(fact_words(stages));
            });
        });
    });
}

fn colour_map(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let mut map = context.state.settings.colour_map;
    let menu = ComboBox::from_id_salt("colour map").width(88.0).selected_text(map.name()).show_ui(ui, |ui| {
        for option in ColourMap::ALL {
            ui.selectable_value(&mut map, option, option.name());
        }
    });
    menu.response.accessible_name("Colour map").on_hover_text("Colours of the images");
    if map != context.state.settings.colour_map {
        context.send(Command::SetColourMap(map));
    }
    explanation(ui, "Colours");
}

fn fact_words(stages: &Stages) -> String {
    let channels = match stages.native_channels {
        1 => "mono".to_owned(),
        2 => "stereo".to_owned(),
        more => format!("{more} channels"),
    };
    let used = stages.signal.len() as f64 / f64::from(stages.sample_rate_hz.max(1));
    let whole = format::seconds(stages.native_duration_secs);
    let part = if used + 0.001 < stages.native_duration_secs {
        format!("first {} of {whole}", format::seconds(used))
    } else {
        format!("all of its {whole}")
    };
    format!(
        "file: {}, {channels}; {part}; shown at {}",
        format::rate(stages.native_rate_hz),
        format::rate(stages.sample_rate_hz)
    )
}

fn flag_words(flag: &Flag) -> String {
    match flag {
        Flag::Silent => "silent: its image is all zeros".to_owned(),
        Flag::Misnamed { extension, found } => format!("named .{extension}, but holds {found}"),
        Flag::Truncated => "cut off: the file ends before its header says".to_owned(),
        Flag::NonFinite { samples } => {
            format!("{} were not numbers and became 0", format::counted(*samples, "sample"))
        }
        Flag::BeyondFullScale { samples } => {
            format!("{} beyond −1..1, kept", format::counted(*samples, "sample"))
        }
    }
}

fn cards(ui: &mut Ui, context: &mut PanelContext<'_>, index: usize, stages: &Arc<Stages>) {
    let longest = stages.padded.len().max(stages.signal.len());
    let secs = longest as f64 / f64::from(stages.sample_rate_hz.max(1));
    // Another length needs another axis; the same length keeps the zoom, so that recordings can be compared.
    let reset = context.memory.stages_secs.to_bits() != secs.to_bits();
    context.memory.stages_secs = secs;
    let playhead = match context.state.playback.playing {
        Some((Source::Recording(playing), at)) if playing == index => Some(at),
        _ => None,
    };
    let time = TimeAxis { link: spectrogram_plot::link("stages"), secs, reset };
    let mut cards = StageCards { context, stages, time, playhead };
    ScrollArea::vertical().id_salt("stage cards").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        let room = ui.available_size();
        if room.x >= WIDE { wide(ui, &mut cards, room) } else { narrow(ui, &mut cards, room.x) }
    });
}

/// Two waveforms, and the filters where there are some, above three images.
fn wide(ui: &mut Ui, cards: &mut StageCards<'_, '_>, room: Vec2) {
    let wave_height = ((room.y - GAP) * 0.34).clamp(WAVE_HEIGHT, 320.0);
    let image_height = (room.y - GAP - wave_height).max(IMAGE_HEIGHT);
    let has_filters = cards.has_filters();
    let above = if has_filters { 3.0 } else { 2.0 };
    let wave = Vec2::new((room.x - (above - 1.0) * GAP) / above, wave_height);
    let third = Vec2::new((room.x - 2.0 * GAP) / 3.0, image_height);
    ui.horizontal(|ui| {
        cards.loaded(ui, wave);
        cards.padded(ui, wave);
        if has_filters {
            cards.filters(ui, wave);
        }
    });
    ui.horizontal(|ui| {
        cards.magnitude(ui, third);
        cards.feature(ui, third);
        cards.normalised(ui, third);
    });
}

/// One below the other; the view scrolls.
fn narrow(ui: &mut Ui, cards: &mut StageCards<'_, '_>, width: f32) {
    cards.loaded(ui, Vec2::new(width, WAVE_HEIGHT));
    cards.padded(ui, Vec2::new(width, WAVE_HEIGHT));
    cards.magnitude(ui, Vec2::new(width, IMAGE_HEIGHT));
    if cards.has_filters() {
        cards.filters(ui, Vec2::new(width, WAVE_HEIGHT));
    }
    cards.feature(ui, Vec2::new(width, IMAGE_HEIGHT));
    cards.normalised(ui, Vec2::new(width, IMAGE_HEIGHT));
}
