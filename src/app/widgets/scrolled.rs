//! Texts and pictures that scroll and have no control in them: a stop of the Tab key of their own, with the keys of a text.

use eframe::egui::{
    EventFilter, Id, Key, Modifiers, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo,
    scroll_area::ScrollAreaOutput, style::ScrollAnimation,
};

use crate::app::theme::ROW;

/// Rows that an arrow key moves.
const ROWS: f32 = 2.0;
/// More points than any contents have.
const ALL: f32 = 1e7;

/// Shows the vertical scroll area that `area` draws, called `name`; while it has the keyboard focus, arrows, Page Up, Page Down, Home
/// and End scroll it.
pub fn show<R>(
    ui: &mut Ui,
    id_salt: &str,
    name: &str,
    area: impl FnOnce(&mut Ui) -> ScrollAreaOutput<R>,
) -> R {
    let id = ui.scope_id().with((id_salt, "scrolled"));
    let overflows = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or_default();
    let sense = if overflows { Sense::focusable_noninteractive() } else { Sense::hover() };
    let page = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or(ROW);
    let shown = ui.scope_builder(UiBuilder::new().scope_id(id).sense(sense), |ui| {
        let up = if ui.memory(|memory| memory.has_focus(id)) { by_keys(ui, id, page) } else { 0.0 };
        if up != 0.0 {
            ui.scroll_with_delta_animation(Vec2::new(0.0, up), ScrollAnimation::none());
        }
        area(ui)
    });
    if overflows {
        shown.response.widget_info(|| WidgetInfo::labeled(Role::ScrollView, true, name));
    }
    let ScrollAreaOutput { inner, content_size, inner_rect, .. } = shown.inner;
    ui.data_mut(|data| {
        data.insert_temp(id, content_size.y > inner_rect.height() + 1.0);
        data.insert_temp(id, inner_rect.height());
    });
    inner
}

/// Points that the pressed keys scroll up.
fn by_keys(ui: &Ui, id: Id, page: f32) -> f32 {
    let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
    let row = ROWS * ROW;
    let keys = [
        (Key::ArrowUp, row),
        (Key::ArrowDown, -row),
        (Key::PageUp, page),
        (Key::PageDown, -page),
        (Key::Home, ALL),
        (Key::End, -ALL),
    ];
    ui.input_mut(|input| {
        let pressed = |(key, up): (Key, f32)| up * input.count_and_consume_key(Modifiers::NONE, key) as f32;
        keys.into_iter().map(pressed).sum()
    })
}
