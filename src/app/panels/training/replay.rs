//! The replay of a run: the same recordings and vectors, decoded after every epoch.

use eframe::egui::{
    Align2, Button, Color32, Id, Key, Modifiers, Rect, RichText, Role, ScrollArea, Sense, Slider, Stroke,
    StrokeKind, TextStyle, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use ndarray::{Array3, Axis};

use crate::{
    app::{
        context::PanelContext,
        format,
        pictures::{
            image_axes::ImageAxes,
            textures::{ColourScale, Colours, Display, ImageSlot, Slot},
        },
        theme::{GAP, HALF_GAP, palette},
        widgets::{
            card::{explanation, surface},
            described, escape, keys,
        },
    },
    dsp::frequency_scale::FrequencyScale,
    language::text,
    names,
    session::{
        Command,
        runs::{Heard, OpenReplay, RunsCommand},
    },
};

/// Least size of one picture; if not all fit, they scroll.
const MIN_SIZE: Vec2 = vec2(104.0, 84.0);
/// Largest width of one picture.
const MAX_WIDTH: f32 = 360.0;
/// Height of the text below a picture.
const WORDS: f32 = 18.0;
/// Height of a title above pictures.
const TITLE: f32 = 26.0;
/// Seconds per epoch during playback of the epochs.
const SECS_PER_EPOCH: f64 = 0.35;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let Some(open) = context.state.runs.replay.open.clone() else {
        surface(ui, |ui| {
            ui.strong(text!("replay-none"));
            explanation(ui, &text!("replay-none-help"));
            if let Some(cause) = &context.state.runs.replay.error {
                explanation(ui, &cause.text());
            }
        });
        return;
    };
    head(ui, context, &open);
    ui.add_space(GAP);
    take_keys(ui, context);
    let Some((_, images)) = context.state.runs.replay.images.clone() else { return };
    let followed = open.replay.recordings.len();
    let vectors = images.len_of(Axis(0)).saturating_sub(followed);
    ScrollArea::vertical().id_salt("replay").auto_shrink([false, false]).show(ui, |ui| {
        let (columns, picture) = fitting(ui.available_size(), followed, vectors);
        ui.strong(if open.replay.validation { text!("replay-validation") } else { text!("replay-training") });
        for row in (0..followed).collect::<Vec<_>>().chunks(columns) {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = HALF_GAP;
                for which in row {
                    recording(ui, context, &open, &images, *which, picture);
                    ui.add_space(GAP - HALF_GAP);
                }
            });
        }
        ui.add_space(GAP);
        ui.strong(text!("replay-vectors"));
        for row in (0..vectors).collect::<Vec<_>>().chunks(2 * columns) {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = HALF_GAP;
                for vector in row {
                    let name = text!("replay-vector", number = vector + 1);
                    let decoded = Tile {
                        images: &images,
                        which: followed + vector,
                        heard: Heard::Decoded,
                        size: picture,
                        text: &name,
                    };
                    decoded.show(ui, context, &open);
                    if vector % 2 == 1 {
                        ui.add_space(GAP - HALF_GAP);
                    }
                }
            });
        }
    });
}

/// The number of picture pairs side by side and the size of a picture, as large as `room` allows.
fn fitting(room: Vec2, pairs: usize, singles: usize) -> (usize, Vec2) {
    let size = |columns: usize| {
        let rows = (pairs.div_ceil(columns) + singles.div_ceil(2 * columns)).max(1) as f32;
        let pair = (room.x - GAP * columns as f32) / columns as f32;
        let width = ((pair - HALF_GAP) / 2.0).min(MAX_WIDTH);
        let height = (room.y - 2.0 * TITLE - GAP) / rows - WORDS - GAP;
        vec2(width, height.min(0.85 * width))
    };
    // Width beyond 1.5 times the height does not make a picture look larger.
    let looks = |size: Vec2| size.x.min(1.5 * size.y) * size.y.max(0.0);
    let is_wide_enough =
        |columns: &usize| *columns == 1 || *columns as f32 * (2.0 * MIN_SIZE.x + HALF_GAP + GAP) <= room.x;
    let sizes = (1..=pairs.max(1)).filter(is_wide_enough).map(|columns| (columns, size(columns)));
    let best = sizes.max_by(|a, b| looks(a.1).total_cmp(&looks(b.1)));
    best.map_or((1, MIN_SIZE), |(columns, size)| (columns, size.max(vec2(0.0, MIN_SIZE.y))))
}

fn send(context: &mut PanelContext<'_>, command: RunsCommand) {
    context.send(Command::Runs(command));
}

fn head(ui: &mut Ui, context: &mut PanelContext<'_>, open: &OpenReplay) {
    let epochs: Vec<usize> = open.replay.epochs.iter().map(|epoch| epoch.epoch).collect();
    let epoch = context.state.runs.replay.epoch;
    let index = epochs.iter().position(|known| *known == epoch).unwrap_or(0);
    let last = epochs.len().saturating_sub(1);
    let passing = Id::unique("epochs of a replay pass by");
    let mut since: Option<f64> = ui.data(|data| data.get_temp(passing)).flatten();
    let now = ui.input(|input| input.time);
    surface(ui, |ui| {
        ui.horizontal(|ui| {
            let words = if since.is_some() { text!("replay-pause") } else { text!("replay-play") };
            let hint = text!("replay-play-help");
            if ui.add_enabled(last > 0, Button::new(words)).on_hover_text(hint).clicked() {
                since = if since.is_some() { None } else { Some(now) };
                if since.is_some() && index == last {
                    show_epoch(context, &epochs, 0);
                }
            }
            ui.spacing_mut().slider_width = (ui.available_width() - 220.0).max(120.0);
            let mut wanted = index;
            let slider = Slider::new(&mut wanted, 0..=last).show_value(false).text(text!("replay-epoch"));
            let slider = ui.add_enabled(last > 0, slider).on_hover_text(text!("replay-epoch-help"));
            if escape::take_back(&slider, index, &mut wanted) || slider.changed() {
                since = None;
                show_epoch(context, &epochs, wanted);
            }
            let total = epochs.last().copied().unwrap_or(0);
            ui.label(text!("replay-epoch-of", epoch = epoch, total = total));
        });
        let name = names::file_name(&open.folder);
        explanation(ui, &text!("replay-help", run = name));
    });
    if let Some(start) = since {
        if index == last {
            since = None;
        } else if now - start >= SECS_PER_EPOCH {
            show_epoch(context, &epochs, index + 1);
            since = Some(now);
        }
        ui.ctx().request_repaint();
    }
    ui.data_mut(|data| data.insert_temp(passing, since));
}

fn show_epoch(context: &mut PanelContext<'_>, epochs: &[usize], index: usize) {
    if let Some(epoch) = epochs.get(index) {
        send(context, RunsCommand::ShowEpoch(*epoch));
    }
}

fn take_keys(ui: &Ui, context: &mut PanelContext<'_>) {
    if !keys::go_to_view(ui.ctx()) {
        return;
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if pressed(Key::O) {
        send(context, RunsCommand::Play(Heard::Original));
    }
    let (left, right) = (pressed(Key::ArrowLeft), pressed(Key::ArrowRight));
    let replay = &context.state.runs.replay;
    let epochs: Vec<usize> =
        replay.open.iter().flat_map(|open| &open.replay.epochs).map(|epoch| epoch.epoch).collect();
    let index = epochs.iter().position(|known| *known == replay.epoch).unwrap_or(0);
    if left {
        show_epoch(context, &epochs, index.saturating_sub(1));
    }
    if right {
        show_epoch(context, &epochs, index + 1);
    }
}

/// The original and the decoded image, with the error between them.
fn recording(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    open: &OpenReplay,
    images: &Array3<f32>,
    which: usize,
    size: Vec2,
) {
    let Some(followed) = open.replay.recordings.get(which) else { return };
    let known = open.replay.epochs.iter().find(|known| known.epoch == context.state.runs.replay.epoch);
    let error = known.and_then(|known| known.errors.get(which)).copied();
    let name = names::escaped(&followed.name);
    Tile { images: &open.originals, which, heard: Heard::Original, size, text: &name }
        .show(ui, context, open);
    let text = error.map_or_else(
        || text!("replay-decoded"),
        |error| text!("replay-error", error = format::significant(error)),
    );
    Tile { images, which, heard: Heard::Decoded, size, text: &text }.show(ui, context, open);
}

/// A picture of one epoch, with a line of text below it.
struct Tile<'a> {
    /// The originals or the decoded images.
    images: &'a Array3<f32>,
    /// Which of them is shown.
    which: usize,
    /// What a click plays.
    heard: Heard,
    /// Size of the picture.
    size: Vec2,
    /// The line below it.
    text: &'a str,
}

impl Tile<'_> {
    /// Draws it; a click chooses and plays it.
    fn show(&self, ui: &mut Ui, context: &mut PanelContext<'_>, open: &OpenReplay) {
        let Self { images, which, heard, size, text } = *self;
        if which >= images.len_of(Axis(0)) {
            return;
        }
        let colours = palette(ui);
        let (rect, response) = ui.allocate_exact_size(size + vec2(0.0, WORDS), Sense::click());
        let name = match heard {
            Heard::Original => text!("replay-play-original", number = which + 1),
            Heard::Decoded => text!("replay-play-decoded", number = which + 1),
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        described::describe(&response, text);
        let image = images.index_axis(Axis(0), which);
        let axes = ImageAxes::feature(&open.config, image.dim());
        let display = Display {
            colours: Colours::Map(context.state.settings.colour_map),
            scale: ColourScale::linear(0.0, 1.0),
            frequency: FrequencyScale::Linear,
        };
        let replay = &context.state.runs.replay;
        let image_slot = ImageSlot::Replay(which, heard == Heard::Original);
        let slot = Slot { image: image_slot, generation: replay.generation };
        let texture = context.memory.textures.get(ui.ctx(), slot, &image, &axes, display);
        let picture = Rect::from_min_size(rect.min, size);
        ui.painter().image(
            texture.id(),
            picture,
            Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0)),
            Color32::WHITE,
        );
        let (width, colour) =
            if which == replay.chosen { (2.0, colours.accent) } else { (1.0, colours.border) };
        ui.painter().rect_stroke(picture, 0.0, Stroke::new(width, colour), StrokeKind::Inside);
        let small = TextStyle::Small.resolve(ui.style());
        let clipped = ui.painter().with_clip_rect(rect);
        clipped.text(
            picture.left_bottom() + vec2(0.0, HALF_GAP),
            Align2::LEFT_TOP,
            text,
            small,
            colours.text_weak,
        );
        if response.on_hover_text(RichText::new(text)).clicked() {
            send(context, RunsCommand::Choose(which));
            send(context, RunsCommand::Play(heard));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pictures_fit_where_they_can_and_none_is_cut_off_at_the_side() {
        for room in [vec2(688.0, 640.0), vec2(1900.0, 1200.0), vec2(400.0, 400.0)] {
            let (columns, size) = fitting(room, 6, 4);
            let width = columns as f32 * (2.0 * size.x + HALF_GAP + GAP);
            assert!(width <= room.x + 1.0, "{room:?}: {columns} pairs of {size:?}");
        }
        let (columns, size) = fitting(vec2(688.0, 640.0), 6, 4);
        let rows = 6_usize.div_ceil(columns) + 4_usize.div_ceil(2 * columns);
        assert!(rows as f32 * (size.y + WORDS + GAP) + 2.0 * TITLE <= 640.0, "{columns} pairs of {size:?}");
    }
}
