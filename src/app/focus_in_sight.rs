//! A control that the keyboard comes to is scrolled into sight.

use eframe::egui::{
    Context, Event, Id, Key, Memory, Plugin, RawInput, Ui,
    accesskit::{Action, ActionRequest, TreeId},
};

/// Passes after a key in which the focus counts as moved by it: Shift+Tab moves it one pass later.
const PASSES: u8 = 3;
/// Points that may be cut off.
const TOLERANCE: f32 = 1.0;

/// Asks egui, as screen readers do, to scroll to a focused control that is cut off.
#[derive(Debug, Default)]
pub struct FocusInSight {
    focused: Option<Id>,
    /// Passes left in which the focus counts as moved by the keyboard.
    passes: u8,
    /// The control to scroll to in the next pass.
    hidden: Option<Id>,
}

impl Plugin for FocusInSight {
    fn debug_name(&self) -> &'static str {
        "focus in sight"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        self.passes =
            if input.events.iter().any(moves_focus) { PASSES } else { self.passes.saturating_sub(1) };
        input.events.extend(self.hidden.take().map(scroll_to));
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let focused = ui.memory(Memory::focused);
        if self.focused == focused {
            return;
        }
        self.focused = focused;
        let response = focused.filter(|_| self.passes > 0).and_then(|id| ui.ctx().read_response(id));
        let is_cut =
            |rect: eframe::egui::Rect, seen: eframe::egui::Rect| !seen.expand(TOLERANCE).contains_rect(rect);
        if let Some(response) = response.filter(|response| is_cut(response.rect, response.interact_rect)) {
            self.hidden = Some(response.id);
            ui.ctx().request_repaint();
        }
    }
}

/// Whether an event can move the focus without the pointer.
fn moves_focus(event: &Event) -> bool {
    use Key::{ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Tab};
    match event {
        Event::Key { key, pressed: true, .. } => {
            [Tab, ArrowUp, ArrowDown, ArrowLeft, ArrowRight].contains(key)
        }
        Event::AccessKitActionRequest(request) => request.action == Action::Focus,
        _ => false,
    }
}

fn scroll_to(id: Id) -> Event {
    Event::AccessKitActionRequest(ActionRequest {
        action: Action::ScrollIntoView,
        target_tree: TreeId::ROOT,
        target_node: id.accesskit_id(),
        data: None,
    })
}
