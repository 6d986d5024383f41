//! Escape takes back what is under way: a drag, and what is typed into a number.

use eframe::egui::{Context, Event, Key, Response};

/// Whether Escape is pressed in this frame, also where another control has consumed it.
pub fn is_pressed(ctx: &Context) -> bool {
    let is_escape = |event: &Event| matches!(event, Event::Key { key: Key::Escape, pressed: true, .. });
    ctx.input(|input| input.raw.events.iter().any(is_escape))
}

/// Whether Escape ends a drag in this frame.
pub fn ends_drag(response: &Response) -> bool {
    response.drag_stopped() && is_pressed(&response.ctx)
}

/// Sets `value` to what it was when the drag began, once Escape ends the drag; `true` then. `before` is the value before this frame's
/// movement.
pub fn take_back<T>(response: &Response, before: T, value: &mut T) -> bool
where
    T: Clone + Default + Send + Sync + 'static,
{
    let id = response.id.with("before the drag");
    if response.drag_started() {
        response.ctx.data_mut(|data| data.insert_temp(id, before));
    }
    if !response.drag_stopped() {
        return false;
    }
    let began: Option<T> = response.ctx.data_mut(|data| data.remove_temp(id));
    let taken_back = began.filter(|_| is_pressed(&response.ctx));
    let is_taken_back = taken_back.is_some();
    if let Some(began) = taken_back {
        *value = began;
    }
    is_taken_back
}
