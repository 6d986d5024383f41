//! Our image, Python's image and their signed difference for one file, with a shared cursor.

use std::sync::Arc;

use eframe::egui::{Label, Rect, RichText, Spinner, Ui, UiBuilder, Vec2, pos2};

use crate::{
    app::{
        context::PanelContext,
        format,
        panels::data_set::{check_words, picture::Picture},
        pictures::textures::{ColourScale, Colours, ImageSlot, Slot},
        theme::{GAP, palette},
        widgets::{card::explanation, toolbar},
    },
    jobs::parity::{FileReport, Report, View},
    language::text,
    names::escaped,
};

/// Least range of the difference's colours, so that equal images do not show rounding errors as structure.
const MIN_DIFFERENCE: f32 = 1e-4;

/// Draws the images into the available space.
pub(super) fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    ui.set_min_height(ui.available_height());
    let parity = &context.state.data_set.parity;
    let file = parity.selected.and_then(|place| report.files.get(place));
    let Some(file) = file else {
        explanation(ui, &text!("parity-no-file"));
        return;
    };
    let remark = check_words::remark(file);
    toolbar::show(ui, |ui| {
        toolbar::words(ui, RichText::new(escaped(&file.recording)).strong());
        if !remark.is_empty() {
            toolbar::words(ui, RichText::new(escaped(&remark)).color(palette(ui).text_weak));
        }
    });
    match &parity.view {
        Some((place, Ok(view))) if parity.selected == Some(*place) => {
            let view = view.clone();
            pictures(ui, context, report, file, &view);
        }
        Some((place, Err(cause))) if parity.selected == Some(*place) => {
            ui.add(Label::new(RichText::new(cause.text()).color(palette(ui).error)).wrap());
        }
        _ => {
            ui.add(Spinner::new());
        }
    }
}

fn pictures(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Report, file: &FileReport, view: &View) {
    let room = ui.available_rect_before_wrap();
    let width = (room.width() - 2.0 * GAP) / 3.0;
    let place = |column: usize| {
        let left = room.left() + column as f32 * (width + GAP);
        Rect::from_min_size(pos2(left, room.top()), Vec2::new(width, room.height()))
    };
    let generation = context.state.data_set.parity.generation;
    let range = (report.settings.range_min, report.settings.range_max);
    let unit = format!("{}..{}", format::tick(range.0.into()), format::tick(range.1.into()));
    let [our_title, their_title] = [text!("parity-our-image"), text!("parity-their-image")];
    let difference_title = text!("parity-difference-image");
    let ours = Picture {
        title: &our_title,
        image: &view.ours,
        slot: Slot { image: ImageSlot::ParityOurs, generation },
        config: &report.settings,
        colours: Colours::Map(context.state.settings.colour_map),
        scale: ColourScale::linear(range.0, range.1),
        unit: &unit,
    };
    let theirs = Picture {
        title: &their_title,
        image: &view.theirs,
        slot: Slot { image: ImageSlot::ParityTheirs, generation },
        ..ours
    };
    let textures = &mut context.memory.textures;
    let mut cells = vec![ours.show(ui, textures, place(0)), theirs.show(ui, textures, place(1))];
    if let Some(difference) = &view.difference {
        let largest = file.difference.map_or(0.0, |difference| difference.largest as f32);
        let span = if largest.is_finite() { largest.max(MIN_DIFFERENCE) } else { 1.0 };
        let signed = Picture {
            title: &difference_title,
            image: difference,
            slot: Slot { image: ImageSlot::ParityDifference, generation },
            colours: Colours::Signed,
            scale: ColourScale::linear(-span, span),
            unit: "",
            ..ours
        };
        cells.push(signed.show(ui, textures, place(2)));
    } else {
        let mut child = ui.new_child(UiBuilder::new().max_rect(place(2)));
        child.add(Label::new(RichText::new(sizes(view)).color(palette(ui).text_weak)).wrap());
    }
    if let Some(cell) = cells.into_iter().flatten().next() {
        let values = values(view, (cell.bin, cell.frame));
        cell.show_tooltip(&values);
    }
}

/// Why there is no difference of two images.
fn sizes(view: &View) -> String {
    let [(bins, frames), (their_bins, their_frames)] = [view.ours.dim(), view.theirs.dim()];
    text!(
        "parity-no-difference",
        bins = format::count(bins),
        frames = format::count(frames),
        their_bins = format::count(their_bins),
        their_frames = format::count(their_frames)
    )
}

/// The values of both images at row and column `at`, and their difference.
fn values(view: &View, at: (usize, usize)) -> String {
    let value = |image: &ndarray::Array2<f32>| {
        image.get(at).map_or("–".to_owned(), |&value| format::fixed(value, 6))
    };
    let [ours, theirs] = [&view.ours, &view.theirs].map(value);
    match view.difference.as_ref().and_then(|image| image.get(at)) {
        None => text!("parity-values", ours = ours, theirs = theirs),
        Some(difference) => text!(
            "parity-values-and-difference",
            ours = ours,
            theirs = theirs,
            difference = format::significant((*difference).into())
        ),
    }
}
