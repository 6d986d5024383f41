//! Our image, Python's image and their signed difference for one file, with a shared cursor.

use std::sync::Arc;

use eframe::egui::{Label, Rect, RichText, Spinner, Ui, UiBuilder, Vec2, pos2};

use crate::{
    app::{
        context::PanelContext,
        format,
        panels::data_set::picture::Picture,
        pictures::textures::{ColourScale, Colours, ImageSlot, Slot},
        theme::{GAP, palette},
        widgets::card::explanation,
    },
    jobs::parity::{FileReport, Report, View},
};

/// Least range of the difference's colours, so that equal images do not show rounding errors as structure.
const MIN_DIFFERENCE: f32 = 1e-4;

/// Draws the images into the available space.
pub(super) fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    ui.set_min_height(ui.available_height());
    let parity = &context.state.data_set.parity;
    let file = parity.selected.and_then(|place| report.files.get(place));
    let Some(file) = file else {
        explanation(ui, "Click a file to see both images and their difference.");
        return;
    };
    let remark = if file.remark().is_empty() { String::new() } else { format!("  {}", file.remark()) };
    ui.horizontal(|ui| {
        ui.strong(&file.recording);
        let text = RichText::new(&remark).color(palette(ui).text_weak);
        ui.add(Label::new(text).truncate()).on_hover_text(&remark);
    });
    match &parity.view {
        Some((place, Ok(view))) if parity.selected == Some(*place) => {
            let view = view.clone();
            pictures(ui, context, report, file, &view);
        }
        Some((place, Err(cause))) if parity.selected == Some(*place) => {
            ui.add(Label::new(RichText::new(cause).color(palette(ui).error)).wrap());
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
    let ours = Picture {
        title: "Ours",
        image: &view.ours,
        slot: Slot { image: ImageSlot::ParityOurs, generation },
        config: &report.settings,
        colours: Colours::Map(context.state.settings.colour_map),
        scale: ColourScale::linear(range.0, range.1),
        unit: &unit,
    };
    let theirs = Picture {
        title: "Python's",
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
            title: "Ours minus Python's",
            image: difference,
            slot: Slot { image: ImageSlot::ParityDifference, generation },
            colours: Colours::Signed,
            scale: ColourScale::linear(-span, span),
            ..ours
        };
        cells.push(signed.show(ui, textures, place(2)));
    } else {
        let mut child = ui.new_child(UiBuilder::new().max_rect(place(2)));
        let [(bins, frames), (their_bins, their_frames)] = [view.ours.dim(), view.theirs.dim()];
        let text = format!(
            "No difference: ours has {bins} bins × {frames} frames, Python's {their_bins} × {their_frames}."
        );
        child.add(Label::new(RichText::new(text).color(palette(ui).text_weak)).wrap());
    }
    let Some(cell) = cells.into_iter().flatten().next() else { return };
    let at = (cell.bin, cell.frame);
    let value =
        |image: &ndarray::Array2<f32>| image.get(at).map_or("-".to_owned(), |value| format!("{value:.6}"));
    let signed = view.difference.as_ref().and_then(|image| image.get(at));
    let difference = signed
        .map_or(String::new(), |value| format!("\ndifference {}", format::significant((*value).into())));
    cell.show_tooltip(&format!("ours {}\nPython's {}{difference}", value(&view.ours), value(&view.theirs)));
}
