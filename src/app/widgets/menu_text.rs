//! Text in menus.

use eframe::egui::{Align, Label, Layout, Ui, WidgetText};

/// Draws `text` from the left, in lines of at most `width` points: a menu's own layout stretches every line to the menu's width.
pub fn show(ui: &mut Ui, text: impl Into<WidgetText>, width: f32) {
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.set_max_width(width);
        ui.add(Label::new(text).wrap());
    });
}
