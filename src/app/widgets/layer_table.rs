//! The table of a model's layers: output shapes and parameter counts.

use eframe::egui::{Align, Grid, Layout, RichText, ScrollArea, Ui};

use super::{room::empty_cell, scrolled};
use crate::{
    app::{format, theme::palette},
    language::text,
    vae::config::LayerRow,
};

/// Most room of the table, in points: farther apart, the eye loses the line.
const WIDTH: f32 = 520.0;

/// Draws the table with a total; scrolls when it is taller or wider than the available space.
pub fn show(ui: &mut Ui, layers: &[LayerRow]) {
    let colours = palette(ui);
    let title = |words: String| RichText::new(words).small().color(colours.text_weak);
    let total: usize = layers.iter().map(|layer| layer.parameters).sum();
    let table = |ui: &mut Ui| {
        ui.set_max_width(ui.available_width().min(WIDTH));
        Grid::new("layer table").num_columns(3).striped(false).spacing([12.0, 2.0]).show(ui, |ui| {
            ui.label(title(text!("widget-layer")));
            ui.label(title(text!("widget-output-shape")));
            right(ui, title(text!("widget-parameters")));
            ui.end_row();
            for layer in layers {
                ui.label(RichText::new(&layer.name).monospace());
                ui.label(RichText::new(&layer.output_shape).monospace().color(colours.text_weak));
                right(ui, RichText::new(format::count(layer.parameters)).monospace());
                ui.end_row();
            }
            ui.strong(text!("widget-total"));
            empty_cell(ui);
            right(ui, RichText::new(format::count(total)).monospace().strong());
            ui.end_row();
        });
    };
    scrolled::show(ui, "layers", &text!("reader-layers"), |ui| {
        ScrollArea::both().id_salt("layers").auto_shrink([false, true]).show(ui, table)
    });
}

fn right(ui: &mut Ui, text: RichText) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_width(72.0);
        ui.label(text);
    });
}
