//! Who takes the pressed keys: the view, or what is open in front of it.

use eframe::egui::{Context, Id, Memory, Popup};

use super::escape;

/// Key in egui's memory: whether a text field had the focus at the end of the last frame.
const TYPED: &str = "typed";

/// Whether a dialog is open in front of the view.
pub fn is_dialog_open(ctx: &Context) -> bool {
    ctx.memory(|memory| memory.top_modal_layer().is_some())
}

/// Whether a dialog or a menu is open: then neither shortcuts nor the view take keys.
pub fn are_held(ctx: &Context) -> bool {
    is_dialog_open(ctx) || Popup::is_any_open(ctx)
}

/// Whether the view takes keys: nothing is open in front of it, no control has the keyboard focus, and Escape does not just
/// leave a text field.
pub fn go_to_view(ctx: &Context) -> bool {
    let typed = ctx.data(|data| data.get_temp(Id::unique(TYPED))).unwrap_or(false);
    let leaves_field = typed && escape::is_pressed(ctx);
    !are_held(ctx) && !leaves_field && ctx.memory(Memory::focused).is_none()
}

/// Remembers whether a text field has the focus; call at the end of a frame.
pub fn end_frame(ctx: &Context) {
    let typed = ctx.text_edit_focused();
    ctx.data_mut(|data| data.insert_temp(Id::unique(TYPED), typed));
}
