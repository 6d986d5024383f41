//! The output level meter: a bar in dB re full scale, and a clip light that shows when the output was limited.

use eframe::egui::{
    self, Align2, CornerRadius, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    pos2,
};

use super::described;
use crate::{
    app::{
        format,
        theme::{self, HALF_GAP, ROW, palette},
    },
    language::text,
    session::playing::{LOWEST_DB, LevelState},
};

/// Size of the bar, in points.
const BAR: Vec2 = Vec2::new(120.0, 8.0);
/// Width of the value beside it.
const FIGURE: f32 = 76.0;
/// Width of the clip light.
const LIGHT: f32 = 14.0;
/// Marks on the bar, in dBFS.
const MARKS: [f32; 5] = [-48.0, -36.0, -24.0, -12.0, -6.0];
/// Level from which the bar has the warning colour, in dBFS.
const LOUD_DB: f32 = -6.0;

/// Draws bar, value and clip light; returns the light's response, whose click resets it.
pub fn show(ui: &mut Ui, level: &LevelState) -> Response {
    let colours = palette(ui);
    let size = Vec2::new(BAR.x + HALF_GAP + LIGHT + HALF_GAP + FIGURE, ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let text = if level.db <= LOWEST_DB {
        text!("instrument-silent")
    } else {
        format::signed(level.db, 1) + " dBFS"
    };
    let label = text!("instrument-level", level = &text);
    described::meter(&response, &label, f64::from(LOWEST_DB)..=0.0, f64::from(level.db), &text);
    let bar = Rect::from_min_size(pos2(rect.left(), rect.center().y - BAR.y / 2.0), BAR);
    let painter = ui.painter();
    let x = |db: f32| egui::remap_clamp(db, LOWEST_DB..=0.0, bar.x_range());
    painter.rect_filled(bar, CornerRadius::same(2), colours.well);
    let colour = if level.db > LOUD_DB { colours.warning } else { colours.good };
    painter.rect_filled(bar.with_max_x(x(level.db)), CornerRadius::same(2), colour);
    for mark in MARKS {
        painter.vline(x(mark), bar.y_range(), Stroke::new(1.0, colours.grid));
    }
    painter.rect_stroke(bar, CornerRadius::same(2), Stroke::new(1.0, colours.border), StrokeKind::Inside);
    let light = Rect::from_center_size(
        pos2(bar.right() + HALF_GAP + LIGHT / 2.0, bar.center().y),
        Vec2::new(LIGHT, BAR.y + HALF_GAP),
    );
    let colour = if level.is_clipped { colours.error } else { colours.well };
    painter.rect(light, CornerRadius::same(2), colour, Stroke::new(1.0, colours.border), StrokeKind::Inside);
    let font = theme::small_mono().resolve(ui.style());
    let at = pos2(light.right() + HALF_GAP, bar.center().y);
    painter.text(at, Align2::LEFT_CENTER, text, font, colours.text_weak);
    response.on_hover_text(text!("instrument-level-help"));
    let hit = Rect::from_center_size(light.center(), Vec2::splat(ROW));
    let response = ui.interact(hit, Id::unique("clip light"), Sense::click());
    let name = || if level.is_clipped { text!("instrument-clip-on") } else { text!("instrument-clip-off") };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name()));
    response.on_hover_text(text!("instrument-clip-help"))
}
