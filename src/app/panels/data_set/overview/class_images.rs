//! Mean and spread of the images of each class, side by side.

use std::sync::Arc;

use eframe::egui::{ScrollArea, Ui, Vec2};

use crate::{
    app::{
        context::PanelContext,
        format,
        panels::data_set::picture::Picture,
        pictures::textures::{ColourScale, Colours, ImageSlot, Slot},
        theme::{GAP, HALF_GAP},
        widgets::{card::Card, scrolled},
    },
    jobs::survey::{ClassImages, Report},
    language::text,
};

/// Height of one class's card.
const CARD: f32 = 268.0;
/// Least upper end of the colour bar, so that identical images do not show rounding errors as structure.
const MIN_SPREAD: f32 = 0.05;

/// Draws one card per class into the available space; only the visible ones.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let class = context.memory.data_set.overview.class.clone();
    let shown: Vec<(usize, &ClassImages)> = report
        .images
        .iter()
        .enumerate()
        .filter(|(_, images)| class.is_none() || images.class == class)
        .collect();
    // One scale for all classes, so that they can be compared.
    let largest = report.images.iter().flat_map(|images| &images.spread).copied().fold(MIN_SPREAD, f32::max);
    let mut area = ScrollArea::vertical().id_salt("class images").auto_shrink([false, false]);
    if context.memory.data_set.overview.is_figure {
        // Whole cards only.
        let (row, spacing) = (CARD + ui.spacing().item_spacing.y, ui.spacing().item_spacing.y);
        let whole = row * ((ui.available_height() + spacing) / row).floor().max(1.0) - spacing;
        area = area.max_height(whole).min_scrolled_height(whole);
    }
    scrolled::show(ui, "class images", &text!("data-set-mean-tab"), |ui| {
        area.show_rows(ui, CARD, shown.len(), |ui, range| {
            for &(place, images) in shown.get(range).unwrap_or_default() {
                card(ui, context, report, place, images, largest);
            }
        })
    });
}

fn card(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    report: &Report,
    place: usize,
    images: &ClassImages,
    largest: f32,
) {
    let name = images
        .class
        .as_deref()
        .map_or_else(|| text!("data-set-all-recordings"), |class| format::class_name(class).into_owned());
    let count = text!("data-set-images", count = images.count);
    let details = text!("data-set-mean-details");
    let [mean_title, spread_title] = [text!("data-set-mean"), text!("data-set-spread")];
    let card = Card {
        name: &format!("images {place}"),
        title: &name,
        explanation: &count,
        details: &details,
        size: Vec2::new(ui.available_width(), CARD - HALF_GAP),
    };
    card.show(ui, |ui| {
        let room = ui.available_rect_before_wrap();
        let (left, right) = room.split_left_right_at_fraction(0.5);
        let generation = context.state.data_set.overview.generation;
        let colours = Colours::Map(context.state.settings.colour_map);
        let mean = Picture {
            title: &mean_title,
            image: &images.mean,
            slot: Slot { image: ImageSlot::ClassMean(place), generation },
            config: &report.config,
            colours,
            scale: ColourScale::linear(0.0, 1.0),
            unit: "0..1",
        };
        let spread = Picture {
            title: &spread_title,
            image: &images.spread,
            slot: Slot { image: ImageSlot::ClassSpread(place), generation },
            scale: ColourScale::linear(0.0, largest),
            ..mean
        };
        for (picture, room) in [
            (mean, left.with_max_x(left.right() - GAP / 2.0)),
            (spread, right.with_min_x(right.left() + GAP / 2.0)),
        ] {
            if let Some(cell) = picture.show(ui, &mut context.memory.textures, room) {
                let value = picture.image[[cell.bin, cell.frame]];
                let value = format::fixed(value, 3);
                cell.show_tooltip(&text!("data-set-cell-value", title = picture.title, value = value));
            }
        }
        text!(
            "data-set-mean-status",
            mean = format::fixed(images.mean_of_cells, 3),
            spread = format!("{:.3}", images.largest_spread)
        )
    });
}
