//! The keyboard focus goes back where it was when a menu or a dialog closes.

use eframe::egui::{Context, Id, LayerId, Memory, Popup};

/// Frames from an event that closes a dialog to the one in which egui no longer counts it as open.
const FRAMES: u8 = 2;

/// Key in egui's memory: the control that a dialog took the keyboard from.
const LEFT: &str = "left for a dialog";

/// What lies over the window and takes the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overlay {
    /// A menu, a list of choices or another popup: egui keeps at most one open.
    Popup,
    /// A dialog, by its layer.
    Dialog(LayerId),
}

/// An open overlay.
#[derive(Clone, Copy, Debug)]
struct Opened {
    overlay: Overlay,
    /// What had the focus when it opened: for the keyboard, the button that opened it.
    opener: Option<Id>,
}

/// The open overlays, each with the control that had the focus before it.
#[derive(Debug, Default)]
pub struct FocusReturn {
    /// From the lowest to the uppermost.
    open: Vec<Opened>,
    /// The focus in the last frame.
    before: Option<Id>,
    /// Frames to draw until a dialog that an event closed is known to be closed.
    frames: u8,
}

impl FocusReturn {
    /// Gives the focus back to what opened the overlays that have closed; call it once a frame, after everything was drawn.
    pub fn update(&mut self, ctx: &Context) {
        let focused = ctx.memory(Memory::focused);
        let dialog = ctx.memory(Memory::top_modal_layer).map(Overlay::Dialog);
        let top = if Popup::is_any_open(ctx) { Some(Overlay::Popup) } else { dialog };
        // How many of the known ones are still open; one that is not among them lies over none of those that closed.
        let kept = top.map(|top| self.open.iter().position(|opened| opened.overlay == top));
        match (top, kept) {
            (Some(overlay), Some(None)) => {
                let left = ctx.data_mut(|data| data.remove_temp::<Option<Id>>(Id::unique(LEFT)));
                self.open.push(Opened { overlay, opener: self.before.or(left.flatten()) });
            }
            (_, kept) => {
                let closed = self.open.split_off(kept.flatten().map_or(0, |place| place + 1));
                if let Some(opener) = closed.first().and_then(|lowest| lowest.opener) {
                    give_back(ctx, focused, opener);
                }
            }
        }
        self.before = ctx.memory(Memory::focused);
        if !self.open.is_empty() && ctx.input(|input| !input.events.is_empty()) {
            self.frames = FRAMES;
        }
        if self.frames > 0 {
            self.frames -= 1;
            ctx.request_repaint();
        }
    }
}

/// Takes the keyboard from what has it, as a dialog opens.
pub fn leave(ctx: &Context) {
    let left = ctx.memory(Memory::focused);
    ctx.data_mut(|data| data.insert_temp(Id::unique(LEFT), left));
    ctx.memory_mut(Memory::stop_text_input);
}

/// Focuses `opener`, unless a click or the keyboard has chosen another control on its layer.
fn give_back(ctx: &Context, focused: Option<Id>, opener: Id) {
    let is_clicked = ctx.input(|input| input.pointer.any_click());
    let layer = |id: Id| ctx.read_response(id).map(|response| response.layer_id);
    let is_chosen = focused.is_some_and(|focused| layer(focused) == layer(opener));
    if !is_clicked && !is_chosen {
        ctx.memory_mut(|memory| memory.request_focus(opener));
        ctx.request_repaint();
    }
}
