//! What stays in sight below contents that fill the rest, and is read after them.
//!
//! egui's bottom panels are drawn before what lies above them, so the Tab key and screen readers would come to them first.

use eframe::egui::{Ui, UiBuilder};

/// A foot that is as high as it needs.
#[derive(Clone, Copy, Debug)]
pub struct Foot<'a> {
    /// Its name in egui's memory.
    pub id: &'a str,
    /// Points between it and what lies above.
    pub gap: f32,
}

impl Foot<'_> {
    /// Draws `above` into what is left of `ui` above `below`; both get `context`.
    pub fn show<C>(
        self,
        ui: &mut Ui,
        context: &mut C,
        above: impl FnOnce(&mut Ui, &mut C),
        below: impl FnOnce(&mut Ui, &mut C),
    ) {
        let id = ui.scope_id().with((self.id, "height of the foot"));
        let known: Option<f32> = ui.data(|data| data.get_temp(id));
        let whole = ui.available_rect_before_wrap();
        let top = (whole.bottom() - known.unwrap_or_default()).max(whole.top());
        let upper = whole.with_max_y((top - self.gap).max(whole.top()));
        ui.scope_builder(UiBuilder::new().max_rect(upper), |ui| above(ui, context));
        let mut foot = ui.new_child(UiBuilder::new().max_rect(whole.with_min_y(top)));
        foot.set_width(whole.width());
        below(&mut foot, context);
        let height = foot.min_rect().height();
        ui.advance_cursor_after_rect(whole);
        if known.unwrap_or_default() != height {
            ui.data_mut(|data| data.insert_temp(id, height));
            ui.ctx().request_discard("the height of a foot has changed");
        }
    }
}
