//! Releases of a button that come in one frame with its press or with the last movement.
//!
//! egui counts a press and a release in the input of one frame as no drag: sliders, number fields and the play key in hold mode
//! would miss a tap on a machine that draws slowly. It counts a drag as over in the frame of the release, too, and drops a movement
//! of that frame: whatever is dragged would stay behind the pointer. Here the release waits for the next frame.

use eframe::egui::{Event, Plugin, RawInput, Ui};

/// Holds back a release, and what follows it, for the next frame.
#[derive(Debug, Default)]
pub struct LateReleases {
    held: Vec<Event>,
}

impl Plugin for LateReleases {
    fn debug_name(&self) -> &'static str {
        "late releases"
    }

    fn input_hook(&mut self, _ctx: &eframe::egui::Context, input: &mut RawInput) {
        self.held.append(&mut input.events);
        let later = self.held.split_off(end_of_frame(&self.held));
        input.events = std::mem::replace(&mut self.held, later);
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        if !self.held.is_empty() {
            ui.ctx().request_repaint();
        }
    }
}

/// The place of the first release that follows a press of its button or a movement in `events`, or their end.
fn end_of_frame(events: &[Event]) -> usize {
    let (mut pressed, mut has_moved) = (Vec::new(), false);
    let waits = |event: &Event| match event {
        Event::PointerMoved(_) => {
            has_moved = true;
            false
        }
        Event::PointerButton { button, pressed: true, .. } => {
            pressed.push(*button);
            false
        }
        Event::PointerButton { button, pressed: false, .. } => has_moved || pressed.contains(button),
        _ => false,
    };
    events.iter().position(waits).unwrap_or(events.len())
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Modifiers, PointerButton, pos2};

    use super::*;

    fn button(button: PointerButton, pressed: bool) -> Event {
        Event::PointerButton { pos: pos2(1.0, 1.0), button, pressed, modifiers: Modifiers::NONE }
    }

    /// The events of each frame when `events` arrive in the first.
    fn frames(events: Vec<Event>) -> Vec<Vec<Event>> {
        let (ctx, mut plugin) = (eframe::egui::Context::default(), LateReleases::default());
        let mut input = RawInput { events, ..RawInput::default() };
        let mut frames = Vec::new();
        while frames.is_empty() || !plugin.held.is_empty() {
            plugin.input_hook(&ctx, &mut input);
            frames.push(std::mem::take(&mut input.events));
        }
        frames
    }

    #[test]
    fn a_release_in_the_frame_of_its_press_and_what_follows_wait_for_the_next() {
        let left = |pressed| button(PointerButton::Primary, pressed);
        let moved = Event::PointerMoved(pos2(2.0, 2.0));
        let twice = vec![left(true), left(false), left(true), left(false), moved.clone()];
        assert_eq!(
            frames(twice),
            [vec![left(true)], vec![left(false), left(true)], vec![left(false), moved]]
        );
    }

    #[test]
    fn a_release_of_an_earlier_press_does_not_wait() {
        let (left, right) = (PointerButton::Primary, PointerButton::Secondary);
        let events = vec![button(left, false), button(right, true)];
        assert_eq!(frames(events.clone()), [events]);
        let events = vec![button(right, true), button(left, false)];
        assert_eq!(frames(events.clone()), [events]);
    }

    #[test]
    fn a_release_after_a_movement_waits_so_that_the_movement_counts() {
        let left = |pressed| button(PointerButton::Primary, pressed);
        let moved = |x| Event::PointerMoved(pos2(x, 2.0));
        let drag = vec![moved(2.0), moved(9.0), left(false), moved(20.0)];
        assert_eq!(frames(drag), [vec![moved(2.0), moved(9.0)], vec![left(false), moved(20.0)]]);
        let flick = vec![left(true), moved(9.0), left(false)];
        assert_eq!(frames(flick), [vec![left(true), moved(9.0)], vec![left(false)]]);
    }
}
