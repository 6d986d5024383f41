//! The size of the system's window: on the screen with its title bar, and no smaller than the views allow.
//!
//! The system creates a window by its *inner* size, which eframe limits to the screen's. Title bar and borders come on top and are
//! known only once the window is shown, so what is too large then is made smaller, a stored size of a larger screen too.

use eframe::egui::{Context, Rect, Vec2, ViewportCommand, vec2};

/// Smallest window in points at normal text; with larger text it is as many pixels.
pub const LEAST: Vec2 = vec2(960.0, 600.0);
/// The window of the first start.
pub const FIRST: Vec2 = vec2(1280.0, 800.0);
/// Seconds after the first frame in which the title bar may still appear.
const SETTLING_SECS: f64 = 2.0;

/// What was last asked of the system.
#[derive(Debug, Default)]
pub struct WindowSize {
    /// The zoom that the least size was set for.
    zoom: Option<f32>,
    /// The clock of egui in the first frame.
    since: Option<f64>,
    /// The last size that was asked for.
    asked: Option<Vec2>,
}

impl WindowSize {
    /// Asks the system for another size where the present one does not fit; call once per frame.
    pub fn watch(&mut self, ctx: &Context) {
        let zoom = ctx.zoom_factor();
        let (now, viewport) = ctx.input(|input| (input.time, input.viewport().clone()));
        if self.zoom != Some(zoom) {
            self.zoom = Some(zoom);
            let least = viewport.monitor_size.map_or(LEAST / zoom, |monitor| (LEAST / zoom).min(monitor));
            ctx.send_viewport_cmd(ViewportCommand::MinInnerSize(least));
        }
        let since = *self.since.get_or_insert(now);
        let is_whole_screen = viewport.maximized == Some(true) || viewport.fullscreen == Some(true);
        if now - since > SETTLING_SECS || is_whole_screen {
            return;
        }
        let (Some(outer), Some(inner), Some(monitor)) =
            (viewport.outer_rect, viewport.inner_rect, viewport.monitor_size)
        else {
            return;
        };
        if let Some(size) = fitting(outer, inner, monitor).filter(|size| self.asked != Some(*size)) {
            self.asked = Some(size);
            ctx.send_viewport_cmd(ViewportCommand::InnerSize(size));
        }
    }
}

/// The inner size with which the window and its decorations are no larger than the screen; `None` if it is already.
fn fitting(outer: Rect, inner: Rect, monitor: Vec2) -> Option<Vec2> {
    let decorations = (outer.size() - inner.size()).max(Vec2::ZERO);
    let most = monitor - decorations;
    let is_too_large = inner.width() > most.x + 0.5 || inner.height() > most.y + 0.5;
    (is_too_large && most.min_elem() > 0.0).then(|| inner.size().min(most))
}

#[cfg(test)]
mod tests {
    use eframe::egui::pos2;

    use super::*;

    fn rect(left: f32, top: f32, width: f32, height: f32) -> Rect {
        Rect::from_min_size(pos2(left, top), vec2(width, height))
    }

    #[test]
    fn a_window_as_large_as_the_screen_gives_way_to_its_title_bar() {
        let (outer, inner) = (rect(0.0, 0.0, 1282.0, 825.0), rect(1.0, 24.0, 1280.0, 800.0));
        assert_eq!(fitting(outer, inner, vec2(1280.0, 800.0)), Some(vec2(1278.0, 775.0)));
        assert_eq!(fitting(outer, inner, vec2(1920.0, 1080.0)), None);
        assert_eq!(fitting(outer, inner, vec2(1920.0, 800.0)), Some(vec2(1280.0, 775.0)));
    }

    #[test]
    fn a_screen_of_unknown_size_changes_nothing() {
        let window = rect(0.0, 0.0, 1280.0, 800.0);
        assert_eq!(fitting(window, window, Vec2::ZERO), None);
        assert_eq!(fitting(window, window, vec2(1280.0, 800.0)), None);
    }
}
