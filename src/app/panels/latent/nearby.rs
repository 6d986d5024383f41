//! The vector's surroundings: the nearest recordings, and how far it is from the data.

use eframe::egui::{
    Button, CornerRadius, Label, RichText, Sense, Stroke, StrokeKind, TextStyle, Ui, Vec2, pos2,
};

use crate::{
    app::{
        context::PanelContext,
        theme::{ROW, palette, small_mono},
        widgets::{described, toolbar},
    },
    explore::density::USUAL_PERCENT,
    language::text,
    names::escaped,
    session::{Command, LatentCommand, pieces, space::SpaceCommand, state::Decoded},
};

/// Size of the meter, in points.
const METER: Vec2 = Vec2::new(96.0, 10.0);
/// From this percentile on, a vector is at the edge of the data.
const EDGE: f64 = 95.0;
/// From this percentile on, a vector is unusual: random vectors from recordings are not.
const UNUSUAL: f64 = USUAL_PERCENT;
/// Part of the distance to the data that one press covers.
const PULL_PART: f32 = 0.5;

/// Below this width the recordings go on a line of their own.
const ONE_LINE: f32 = 900.0;

/// Draws meter and recordings, as many as fit.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let Some(decoded) = context.state.latent.decoded.clone() else { return };
    if decoded.off_manifold.is_none() {
        return;
    }
    let one_line = ui.available_width() >= ONE_LINE;
    toolbar::show(ui, |ui| {
        meter(ui, context, &decoded);
        if one_line {
            toolbar::separator(ui, toolbar::button_width(ui, &text!("instrument-nearest")));
            nearest(ui, context, &decoded);
        }
    });
    if !one_line {
        ui.horizontal(|ui| {
            ui.set_height(ROW);
            nearest(ui, context, &decoded);
        });
    }
}

fn nearest(ui: &mut Ui, context: &mut PanelContext<'_>, decoded: &Decoded) {
    ui.label(RichText::new(text!("instrument-nearest")).color(palette(ui).text_weak));
    if decoded.nearest.is_empty()
        && let Some(near) = &decoded.nearest_training
    {
        let (name, distance) = (escaped(&near.name), format!("{:.2}", near.distance));
        let text = format!("{name}  {distance}");
        let hint = match near.relative_distance {
            None => text!("instrument-nearest-training-help", name = name, distance = distance),
            Some(part) => text!(
                "instrument-nearest-training-relative-help",
                name = name,
                distance = distance,
                part = format!("{part:.1}")
            ),
        };
        ui.add(Label::new(RichText::new(text).small()).truncate()).on_hover_text(hint);
        return;
    }
    if let Some(near) = decoded.nearest.first() {
        let text = RichText::new(format!("{:.2}", near.distance)).text_style(small_mono());
        ui.label(text.color(palette(ui).text_weak)).on_hover_text(text!("instrument-nearest-distance-help"));
    }
    for near in &decoded.nearest {
        let Some(recording) = context.state.library.recordings.get(near.recording) else { continue };
        let file = recording.name.rsplit('/').next().unwrap_or(&recording.name);
        let stem = short_stem(file);
        let name = &*escaped(&stem);
        let colour = context.memory.classes.colour(palette(ui), &recording.class);
        let font = TextStyle::Small.resolve(ui.style());
        let width = ui.painter().layout_no_wrap(name.to_owned(), font, colour).size().x;
        if width + 2.0 * ui.spacing().button_padding.x > ui.available_width() {
            break;
        }
        let hint = text!(
            "instrument-near-help",
            name = escaped(&recording.name),
            distance = format!("{:.2}", near.distance)
        );
        let button = Button::new(RichText::new(name).small().color(colour)).frame(false);
        let button = button.min_size(Vec2::splat(ROW));
        let response =
            ui.add(button).accessible_name(text!("instrument-near", name = name)).on_hover_text(hint);
        if response.double_clicked() {
            context.send(LatentCommand::EncodeRecording(near.recording));
        } else if response.clicked() {
            let recording = near.recording;
            context.send(Command::Space(SpaceCommand::Preview { recording, heard: true }));
        }
    }
}

fn meter(ui: &mut Ui, context: &mut PanelContext<'_>, decoded: &Decoded) {
    let Some(percentile) = decoded.off_manifold else { return };
    let colours = palette(ui);
    let (verdict, colour) = match percentile {
        p if p >= 100.0 => (text!("instrument-unlike"), colours.error),
        p if p >= EDGE => (text!("instrument-hardly-like"), colours.error),
        p if p >= UNUSUAL => (text!("instrument-unusual"), colours.warning),
        _ => (text!("instrument-alike"), colours.good),
    };
    let (rect, response) = ui.allocate_exact_size(METER, Sense::hover());
    let percent = format!("{percentile:.0}");
    let name = text!("instrument-off-manifold", percent = &percent, verdict = &verdict);
    described::meter(&response, &name, 0.0..=100.0, percentile, &verdict);
    let painter = ui.painter();
    painter.rect_filled(rect, CornerRadius::same(2), colours.well);
    let part = rect.with_max_x(rect.left() + rect.width() * (percentile as f32 / 100.0));
    painter.rect_filled(part, CornerRadius::same(2), colour);
    let edge = rect.left() + rect.width() * (EDGE as f32 / 100.0);
    painter.line_segment(
        [pos2(edge, rect.top()), pos2(edge, rect.bottom())],
        Stroke::new(1.0, colours.text_weak),
    );
    painter.rect_stroke(rect, CornerRadius::same(2), Stroke::new(1.0, colours.border), StrokeKind::Inside);
    let hint = text!("instrument-off-manifold-help", percent = &percent);
    response.on_hover_text(&hint);
    // Before the words, whose length differs: it stays under the pointer.
    let pull = ui.add_enabled(percentile > 0.0, Button::new(text!("instrument-pull-back")));
    if pull.on_hover_text(text!("instrument-pull-back-help")).clicked() {
        context.send(Command::Space(SpaceCommand::PullBack(PULL_PART)));
    }
    // On a line of its own where the longest verdict needs one, and as wide for every number: nothing moves during a drag.
    let verdicts = [
        text!("instrument-unlike"),
        text!("instrument-hardly-like"),
        text!("instrument-unusual"),
        text!("instrument-alike"),
    ];
    let width = |verdict: String| {
        let words = text!("instrument-off-manifold", percent = "100", verdict = verdict);
        let font = small_mono().resolve(ui.style());
        ui.painter().layout_no_wrap(words, font, colours.text_weak).size().x
    };
    if verdicts.into_iter().map(width).fold(0.0, f32::max) > ui.available_size_before_wrap().x {
        ui.end_row();
    }
    let words = text!("instrument-off-manifold", percent = format!("{percentile:3.0}"), verdict = &verdict);
    let text = RichText::new(words).text_style(small_mono()).color(colours.text_weak);
    toolbar::words(ui, text).on_hover_text(hint);
}

/// The name without extension; for a piece, followed by its start.
fn short_stem(name: &str) -> String {
    let stem = |file: &str| file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned();
    match pieces::short_name(name) {
        piece if piece.len() < name.len() => stem(&name[..name.len() - piece.len()]) + piece,
        _ => stem(name),
    }
}
