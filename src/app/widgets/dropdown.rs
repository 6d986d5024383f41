//! Lists that drop down: egui's, in front of the dialog that they belong to, and with keys that choose and close.

use eframe::egui::{ComboBox, InnerResponse, Key, LayerId, Memory, Response, Ui};

use super::escape;

/// Shows `list` with its `entries`.
pub fn show<R>(
    ui: &mut Ui,
    list: ComboBox<'_>,
    entries: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<Option<R>> {
    let mut layer = None;
    let mut is_chosen = false;
    let shown = list.show_ui(ui, |ui| {
        layer = Some(ui.layer_id());
        let inner = entries(ui);
        is_chosen = close_once_chosen(ui);
        inner
    });
    if let Some(layer) = layer {
        keep_in_front(ui, layer);
        if is_chosen || was_left(ui, &shown.response, layer) {
            shown.response.request_focus();
        }
    }
    shown
}

/// Closes the menu of `ui` where a key has chosen one of its entries; `true` then.
pub fn close_once_chosen(ui: &Ui) -> bool {
    let is_key = ui.input(|input| input.key_pressed(Key::Enter) || input.key_pressed(Key::Space));
    let is_chosen = is_key && has_focus(ui, ui.layer_id());
    if is_chosen {
        ui.close();
    }
    is_chosen
}

/// Whether something on `layer` has the keyboard focus.
fn has_focus(ui: &Ui, layer: LayerId) -> bool {
    let focused = ui.memory(Memory::focused).and_then(|id| ui.ctx().read_response(id));
    focused.is_some_and(|focused| focused.layer_id == layer)
}

/// Keeps the list in front of the dialog: a press that opens it also raises the dialog.
fn keep_in_front(ui: &Ui, list: LayerId) {
    let below = ui.layer_id();
    if below.order == list.order {
        ui.ctx().set_sublayer(below, list);
    }
}

/// Whether Escape closes the list while it has the keyboard: the focus then goes back to its button.
fn was_left(ui: &Ui, button: &Response, list: LayerId) -> bool {
    let id = button.id.with("has the keyboard");
    if escape::is_pressed(ui.ctx()) {
        return ui.data_mut(|data| data.remove_temp(id)).unwrap_or(false);
    }
    let has_keyboard = button.has_focus() || has_focus(ui, list);
    ui.data_mut(|data| data.insert_temp(id, has_keyboard));
    false
}
