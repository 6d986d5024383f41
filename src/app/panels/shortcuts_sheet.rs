//! The sheet that lists every shortcut.

use eframe::egui::{Context, Galley, TextStyle, Ui, Vec2};

use crate::{
    app::{
        memory::WindowMemory,
        shortcuts::{self, Line, SHEET},
        theme::palette,
        widgets::{card::section_title, room},
    },
    language::{Key, text},
};

const WIDTH: f32 = 900.0;
/// Space between the lines of a section, and between keys and meaning.
const SPACING: Vec2 = Vec2::new(12.0, 4.0);
/// Least width for two columns, in points.
const TWO_COLUMNS_WIDTH: f32 = 860.0;

/// Shows the sheet while it is open; a click outside, Escape, its key or its button closes it.
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
    if response.inner || response.should_close() || shortcuts::hide_sheet(ctx) {
        memory.sheet_open = false;
    }
}

fn section(ui: &mut Ui, title: Key, lines: &[Line]) {
    section_title(ui, &title.text());
    // No grid: it needs several frames to find the heights of its rows.
    let font = TextStyle::Monospace.resolve(ui.style());
    let colour = palette(ui).accent;
    let key = |line: &Line| ui.painter().layout_no_wrap(line.input.text().into_owned(), font.clone(), colour);
    let keys: Vec<_> = lines.iter().map(key).collect();
    let width = keys.iter().map(|key| key.size().x).fold(0.0, f32::max).ceil();
    ui.spacing_mut().item_spacing = SPACING;
    let body = TextStyle::Body.resolve(ui.style());
    let text = ui.visuals().text_color();
    for (line, key) in lines.iter().zip(keys) {
        ui.horizontal_top(|ui| {
            let beside = ui.available_width() - width - SPACING.x;
            let meaning = ui.painter().layout(line.meaning.text(), body.clone(), text, beside);
            // Another font has another height: both stand on one baseline.
            let lower = baseline(&meaning) - baseline(&key);
            lowered(ui, lower, |ui| {
                ui.set_width(width);
                ui.label(key);
            });
            lowered(ui, -lower, |ui| ui.label(meaning));
        });
    }
}

/// Draws `contents` so many points lower, if at all.
fn lowered<R>(ui: &mut Ui, points: f32, contents: impl FnOnce(&mut Ui) -> R) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(points.max(0.0));
        contents(ui);
    });
}

/// Where the first line of a text stands, in points below its top.
fn baseline(galley: &Galley) -> f32 {
    let first = galley.rows.first();
    first.and_then(|row| Some(row.pos.y + row.glyphs.first()?.pos.y)).unwrap_or_default()
}
