//! The table of a model's layers: output shapes and parameter counts.

use eframe::egui::{Align, Grid, Layout, RichText, ScrollArea, Ui, Vec2};

use super::{room::empty_cell, scrolled, toolbar};
use crate::{
    app::{
        format,
        theme::{palette, small_mono},
    },
    language::text,
    vae::config::LayerRow,
};

/// Least width of the parameters' column, and the gap between two columns.
const COUNTS: f32 = 72.0;
const GAP_X: f32 = 12.0;

/// Draws the table with a total; where there is no room for their column, shapes stand below the layers' names. It scrolls when it is taller or wider than the available space.
pub fn show(ui: &mut Ui, layers: &[LayerRow]) {
    let colours = palette(ui);
    let title = |words: String| RichText::new(words).small().color(colours.text_weak);
    let total: usize = layers.iter().map(|layer| layer.parameters).sum();
    let [names, shapes, counts] = widths(ui, layers, total);
    let table = |ui: &mut Ui| {
        let has_shapes = names + shapes + counts + 2.0 * GAP_X <= ui.available_width();
        let first = ui.available_width() - counts - GAP_X;
        let columns = if has_shapes { 3 } else { 2 };
        let grid = Grid::new(("layer table", has_shapes)).num_columns(columns);
        grid.striped(false).spacing([GAP_X, 2.0]).show(ui, |ui| {
            ui.label(title(text!("widget-layer")));
            if has_shapes {
                ui.label(title(text!("widget-output-shape")));
            }
            right(ui, counts, title(text!("widget-parameters")));
            ui.end_row();
            for layer in layers {
                let shape = RichText::new(&layer.output_shape).color(colours.text_weak);
                if has_shapes {
                    ui.label(RichText::new(&layer.name).monospace());
                    ui.label(shape.monospace());
                } else {
                    name_over_shape(ui, first, &layer.name, shape);
                }
                right(ui, counts, RichText::new(format::count(layer.parameters)).monospace());
                ui.end_row();
            }
            ui.strong(text!("widget-total"));
            if has_shapes {
                empty_cell(ui);
            }
            right(ui, counts, RichText::new(format::count(total)).monospace().strong());
            ui.end_row();
        });
    };
    scrolled::show(ui, "layers", &text!("reader-layers"), |ui| {
        ScrollArea::both().id_salt("layers").auto_shrink([false, true]).show(ui, table)
    });
}

/// The width is given: a grid begins a column as narrow as a letter, and a text that wraps leaves it so.
fn name_over_shape(ui: &mut Ui, width: f32, name: &str, shape: RichText) {
    ui.vertical(|ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.label(RichText::new(name).monospace());
        ui.label(shape.text_style(small_mono())).on_hover_text(text!("widget-output-shape"));
    });
}

/// Widths of the columns, in points.
fn widths(ui: &Ui, layers: &[LayerRow], total: usize) -> [f32; 3] {
    let mono = |text: &str| toolbar::width(ui, RichText::new(text).monospace().strong());
    let small = |title: String| toolbar::width(ui, RichText::new(title).small());
    let column = |title: String, text: fn(&LayerRow) -> &str| {
        layers.iter().map(|layer| mono(text(layer))).fold(small(title), f32::max)
    };
    [
        column(text!("widget-layer"), |layer| &layer.name),
        column(text!("widget-output-shape"), |layer| &layer.output_shape),
        mono(&format::count(total)).max(small(text!("widget-parameters"))).max(COUNTS).ceil(),
    ]
}

/// A cell of the last column. Its width is given: what fills a grid's column keeps it from becoming narrower with the window.
fn right(ui: &mut Ui, width: f32, text: RichText) {
    let size = Vec2::new(width, ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_width(width);
        ui.label(text);
    });
}
