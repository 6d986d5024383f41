//! Context menus that the keyboard opens, too.

use eframe::egui::{Context, Id, Key, Memory, Modifiers, Popup, PopupAnchor, Response, SetOpenCommand, Ui};

/// How the keyboard comes to a menu.
#[derive(Clone, Copy, Debug)]
pub struct Keyboard {
    /// What has the focus then: the row itself, or the list that keeps it for its rows.
    pub focus: Id,
    /// Whether this row is the one that the focus stands for.
    pub is_current: bool,
}

/// Shows the menu of `row`: the right mouse button opens it at the pointer, the Menu key or Shift+F10 below the row.
pub fn show(row: &Response, Keyboard { focus, is_current }: Keyboard, entries: impl FnOnce(&mut Ui)) {
    let ctx = &row.ctx;
    let menu = Popup::context_menu(row);
    let id = menu.get_id();
    let has_focus = is_current && ctx.memory(Memory::focused) == Some(focus);
    let menu = if has_focus && is_asked(ctx) { menu.open_memory(SetOpenCommand::Bool(true)) } else { menu };
    // Its entries follow the focused control, so that the arrow keys come from there to the first.
    let menu = if row.secondary_clicked() || Popup::position_of_id(ctx, id).is_some() {
        menu
    } else {
        menu.anchor(PopupAnchor::from(row)).anchor_widget(focus)
    };
    menu.show(entries);
}

fn is_asked(ctx: &Context) -> bool {
    ctx.input_mut(|input| {
        input.consume_key(Modifiers::NONE, Key::Menu) || input.consume_key(Modifiers::SHIFT, Key::F10)
    })
}
