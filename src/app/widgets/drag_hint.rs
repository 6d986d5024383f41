//! Tooltips of controls that are dragged: none during a drag, in which they would cover what lies below the pointer.

use eframe::egui::{Response, WidgetText};

/// Shows `text` as the control's tooltip, unless it is pressed or dragged.
pub fn show(response: Response, text: impl Into<WidgetText>) -> Response {
    if response.is_pointer_button_down_on() || response.dragged() {
        response
    } else {
        response.on_hover_text(text)
    }
}
