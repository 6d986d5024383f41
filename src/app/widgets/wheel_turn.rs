//! Turns of the wheel: one goes on with what it began with, whatever comes under the pointer meanwhile.
//!
//! A page that scrolls brings plots and maps under the pointer. They zoom only when the turn began on them.

use eframe::egui::{Id, Ui, Vec2};

/// Seconds without movement after which the wheel is turned anew.
const PAUSE_SECS: f64 = 0.3;

/// A turn of the wheel, by egui's clock.
#[derive(Clone, Copy, Debug)]
struct Turn {
    began_secs: f64,
    last_secs: f64,
    /// What was under the pointer when it began, if that takes the wheel.
    owner: Option<Id>,
}

/// Whether the wheel is turned for `id`: the turn began while that was under the pointer. Every control that takes the wheel asks once
/// in every frame, with whether it is under the pointer now.
pub fn is_for(ui: &Ui, id: Id, is_pointed: bool) -> bool {
    let (is_turned, now) = ui.input(|input| (input.smooth_scroll_delta != Vec2::ZERO, input.time));
    if !is_turned {
        return false;
    }
    let known = Id::unique("turn of the wheel");
    ui.data_mut(|data| {
        let before: Option<Turn> = data.get_temp(known);
        let before = before.filter(|turn| now - turn.last_secs <= PAUSE_SECS);
        let mut turn = before.unwrap_or(Turn { began_secs: now, last_secs: now, owner: None });
        turn.last_secs = now;
        if is_pointed && turn.began_secs == now {
            turn.owner = Some(id);
        }
        data.insert_temp(known, turn);
        is_pointed && turn.owner == Some(id)
    })
}
