//! Mean and spread of the images of each class, side by side.

use std::sync::Arc;

use eframe::egui::{Align2, Color32, Rect, ScrollArea, Sense, Stroke, StrokeKind, TextStyle, Ui, Vec2, pos2};
use ndarray::Array2;

use super::class_name;
use crate::{
    app::{
        format,
        textures::{ColourScale, Colours, Display, ImageSlot},
        theme::{self, AXIS_WIDTH, COLOUR_BAR_WIDTH, GAP, HALF_GAP, palette},
        widgets::{card::Card, colour_bar::ColourBar, image_axes::ImageAxes},
        window::PanelContext,
    },
    inspect::frequency_scale::FrequencyScale,
    jobs::survey::{ClassImages, Report},
    pipeline::config::{Feature, PreprocessingConfig},
};

/// Height of one class's card.
const CARD: f32 = 268.0;
/// Room below an image for its time axis.
const TIME_AXIS: f32 = 18.0;
/// Room above an image for its title.
const TITLE: f32 = 18.0;
/// A colour bar never ends below this, so that images that are all alike do not show rounding as structure.
const LEAST_SPREAD: f32 = 0.05;

/// One image with what stands around it.
struct Picture<'a> {
    title: &'a str,
    image: &'a Array2<f32>,
    slot: ImageSlot,
    scale: ColourScale,
}

/// Draws one card a class into the room that is left; only those in sight.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let class = context.memory.data_set.overview.class.clone();
    let shown: Vec<(usize, &ClassImages)> = report
        .images
        .iter()
        .enumerate()
        .filter(|(_, images)| class.is_none() || images.class == class)
        .collect();
    // One scale for all classes, so that they can be compared.
    let largest =
        report.images.iter().flat_map(|images| &images.spread).copied().fold(LEAST_SPREAD, f32::max);
    ScrollArea::vertical().id_salt("class images").auto_shrink([false, false]).show_rows(
        ui,
        CARD,
        shown.len(),
        |ui, range| {
            for &(place, images) in shown.get(range).unwrap_or_default() {
                card(ui, context, report, (place, images), largest);
            }
        },
    );
}

fn card(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    report: &Report,
    (place, images): (usize, &ClassImages),
    largest: f32,
) {
    let name = images.class.as_deref().map_or("All recordings", class_name);
    let count = format::counted(images.count, "image");
    let card = Card {
        title: name,
        explanation: &count,
        details: "Cell by cell: the mean of the normalised images, and their standard deviation.",
        size: Vec2::new(ui.available_width(), CARD - HALF_GAP),
    };
    card.show(ui, |ui| {
        let room = ui.available_rect_before_wrap();
        let (left, right) = room.split_left_right_at_fraction(0.5);
        let mean = Picture {
            title: "Mean",
            image: &images.mean,
            slot: ImageSlot::ClassMean(place),
            scale: ColourScale::linear(0.0, 1.0),
        };
        let spread = Picture {
            title: "Spread (standard deviation)",
            image: &images.spread,
            slot: ImageSlot::ClassSpread(place),
            scale: ColourScale::linear(0.0, largest),
        };
        picture(ui, context, &report.config, left.with_max_x(left.right() - GAP / 2.0), &mean);
        picture(ui, context, &report.config, right.with_min_x(right.left() + GAP / 2.0), &spread);
        format!(
            "mean of all cells {:.3}, largest spread {:.3}, of the normalised range 0..1",
            images.mean_of_cells, images.largest_spread
        )
    });
}

fn picture(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    config: &PreprocessingConfig,
    room: Rect,
    picture: &Picture<'_>,
) {
    let colours = palette(ui);
    let generation = context.state.data_set.overview.generation;
    let axes_of = ImageAxes::feature(config, picture.image.dim());
    let display = Display {
        colours: Colours::Map(context.state.settings.colour_map),
        scale: picture.scale,
        // The rows as the model has them.
        frequency: if config.feature == Feature::LogMel {
            FrequencyScale::Mel
        } else {
            FrequencyScale::Linear
        },
    };
    let textures = &mut context.memory.textures;
    let texture = textures.get(ui.ctx(), (picture.slot, generation), picture.image, &axes_of, display);
    let image = Rect::from_min_max(
        pos2(room.left() + AXIS_WIDTH, room.top() + TITLE),
        pos2(room.right() - COLOUR_BAR_WIDTH - GAP, room.bottom() - TIME_AXIS),
    );
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter().image(texture.id(), image, whole, Color32::WHITE);
    ui.painter().rect_stroke(image, 0.0, Stroke::new(1.0, colours.border), StrokeKind::Outside);
    let small = TextStyle::Small.resolve(ui.style());
    ui.painter().text(pos2(image.left(), room.top()), Align2::LEFT_TOP, picture.title, small, colours.text);
    axes(ui, config, picture.image.dim(), image);
    let bar = Rect::from_min_max(pos2(image.right() + GAP, image.top()), pos2(room.right(), image.bottom()));
    ColourBar { name: picture.title, rect: bar, display, unit: "0..1", limits: None }.show(ui);
    hover(ui, config, image, picture);
}

/// Both ends of both axes, with their units.
fn axes(ui: &Ui, config: &PreprocessingConfig, (_, frames): (usize, usize), image: Rect) {
    let colour = palette(ui).text_weak;
    let font = theme::small_mono().resolve(ui.style());
    let secs = frames as f64 * config.hop_length as f64 / f64::from(config.sample_rate_hz.max(1));
    let mel = if config.feature == Feature::LogMel { " mel" } else { "" };
    let top = format!("{} kHz{mel}", format::tick((top_hz(config) / 1000.0 * 10.0).round() / 10.0));
    let write = |at, align, words: String| {
        ui.painter().text(at, align, words, font.clone(), colour);
    };
    write(pos2(image.left() - HALF_GAP, image.top()), Align2::RIGHT_TOP, top);
    write(pos2(image.left() - HALF_GAP, image.bottom()), Align2::RIGHT_BOTTOM, "0 Hz".to_owned());
    write(pos2(image.left(), image.bottom() + HALF_GAP), Align2::LEFT_TOP, "0 s".to_owned());
    write(pos2(image.right(), image.bottom() + HALF_GAP), Align2::RIGHT_TOP, format::seconds(secs));
}

/// The highest frequency of the image.
fn top_hz(config: &PreprocessingConfig) -> f64 {
    match config.feature {
        Feature::LogSpectrogram => f64::from(config.sample_rate_hz) / 2.0,
        Feature::LogMel => f64::from(config.mel_max_hz),
    }
}

/// The value under the pointer.
fn hover(ui: &mut Ui, config: &PreprocessingConfig, rect: Rect, picture: &Picture<'_>) {
    let response = ui.allocate_rect(rect, Sense::hover());
    let Some(at) = response.hover_pos() else { return };
    let (bins, frames) = picture.image.dim();
    let share = (at - rect.min) / rect.size();
    let bin = (((1.0 - share.y) * bins as f32) as usize).min(bins.saturating_sub(1));
    let frame = ((share.x * frames as f32) as usize).min(frames.saturating_sub(1));
    let Some(value) = picture.image.get((bin, frame)) else { return };
    let secs = frame as f64 * config.hop_length as f64 / f64::from(config.sample_rate_hz.max(1));
    let row = match config.feature {
        Feature::LogSpectrogram => {
            let hz = bin as f64 * f64::from(config.sample_rate_hz) / config.frame_size.max(1) as f64;
            format::hertz(hz)
        }
        Feature::LogMel => format!("mel band {bin}"),
    };
    response.on_hover_text_at_pointer(format!(
        "{}: {value:.3}\n{row}, {}",
        picture.title,
        format::seconds(secs)
    ));
}
