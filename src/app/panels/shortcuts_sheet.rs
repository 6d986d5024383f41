//! The sheet that lists every shortcut.

use eframe::egui::{Context, Grid, Label, RichText, Ui};

use crate::{
    app::{
        memory::WindowMemory,
        shortcuts::{Line, SHEET},
        theme::palette,
        widgets::{card::section_title, room},
    },
    language::{Key, text},
};

const WIDTH: f32 = 900.0;
/// Least width for two columns, in points.
const TWO_COLUMNS_WIDTH: f32 = 860.0;

/// Shows the sheet while it is open; a click outside, Escape or its button closes it.
pub fn show(ctx: &Context, memory: &mut WindowMemory) {
    if !memory.sheet_open {
        return;
    }
    let response = room::dialog(ctx, "shortcuts", WIDTH, |ui| {
        ui.spacing_mut().item_spacing.x = 24.0;
        ui.heading(text!("shortcut-sheet"));
        let columns = if ui.available_width() < TWO_COLUMNS_WIDTH { 1 } else { 2 };
        ui.columns(columns, |columns| {
            for (index, (title, lines)) in SHEET.iter().enumerate() {
                let column = index % columns.len();
                section(&mut columns[column], *title, lines);
            }
        });
        ui.add_space(12.0);
        ui.horizontal(|ui| {
            let closed = ui.button(text!("close")).clicked();
            let about =
                ui.button(text!("shortcut-about")).on_hover_text(text!("shortcut-about-help")).clicked();
            memory.about_open = about;
            closed || about
        })
        .inner
    });
    if response.inner || response.should_close() {
        memory.sheet_open = false;
    }
}

fn section(ui: &mut Ui, title: Key, lines: &[Line]) {
    section_title(ui, &title.text());
    Grid::new(title.0).num_columns(2).spacing([12.0, 4.0]).show(ui, |ui| {
        for line in lines {
            ui.label(RichText::new(line.input.text()).monospace().color(palette(ui).accent));
            ui.add(Label::new(line.meaning.text()).wrap());
            ui.end_row();
        }
    });
}
