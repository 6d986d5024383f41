//! Title and names of the axes around the map, for a figure: on its own it says what it shows.

use std::f32::consts::FRAC_PI_2;

use eframe::egui::{Color32, Rect, TextStyle, Ui, UiBuilder, Vec2, epaint::TextShape, pos2};

use crate::{
    app::{
        context::PanelContext,
        theme::{ROW, palette},
    },
    explore::layout::LayoutKind,
    language::text,
};

/// Draws `map` into what title and names leave of `size` points.
pub fn framed(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    size: Vec2,
    map: impl FnOnce(&mut Ui, &mut PanelContext<'_>, Vec2),
) {
    let space = &context.state.space;
    let method = match space.layout_kind {
        LayoutKind::Pca => "PCA",
        LayoutKind::Tsne => "t-SNE",
    };
    let count = space.set.as_ref().map_or(0, |set| set.recordings.len());
    let whole = Rect::from_min_size(ui.cursor().min, size);
    let mut inner = whole.with_min_y(whole.top() + ROW).with_min_x(whole.left() + ROW);
    inner.max.y -= ROW;
    let colours = palette(ui);
    let heading = text!("map-figure-title", count = count, method = method);
    write(
        ui,
        pos2(inner.center().x, whole.top() + ROW / 2.0),
        &heading,
        (TextStyle::Body, colours.text_strong),
        0.0,
    );
    let [across, up] = ["1", "2"].map(|number| text!("map-figure-axis", method = method, number = number));
    let small = || (TextStyle::Small, colours.text_weak);
    write(ui, pos2(inner.center().x, whole.bottom() - ROW / 2.0), &across, small(), 0.0);
    write(ui, pos2(whole.left() + ROW / 2.0, inner.center().y), &up, small(), -FRAC_PI_2);
    map(&mut ui.new_child(UiBuilder::new().max_rect(inner)), context, inner.size());
    ui.advance_cursor_after_rect(whole);
}

/// Writes `text` around `centre`, turned by `angle`.
fn write(ui: &Ui, centre: eframe::egui::Pos2, text: &str, (style, colour): (TextStyle, Color32), angle: f32) {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), style.resolve(ui.style()), colour);
    let middle = galley.size() / 2.0;
    // Text is turned around its upper left corner.
    let (sin, cos) = angle.sin_cos();
    let corner = centre - Vec2::new(cos * middle.x - sin * middle.y, sin * middle.x + cos * middle.y);
    ui.painter().add(TextShape::new(corner, galley, colour).with_angle(angle));
}
