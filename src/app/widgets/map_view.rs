//! The visible region of the map, with one scale for both axes so that distances are true.

use eframe::egui::{Pos2, Rect, pos2};

/// Margin around the outermost points, as a part of the map.
const MARGIN: f32 = 0.06;
/// Least and largest zoom, relative to the fitted view.
const ZOOM: (f32, f32) = (0.2, 2000.0);

/// The visible region of the map.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MapView {
    /// Map coordinates at the centre of the canvas.
    centre: [f32; 2],
    /// Screen points per map unit.
    scale: f32,
    /// `scale` of the fitted view.
    whole: f32,
}

impl MapView {
    /// The view that fits the corners `low` and `high` into `rect`.
    pub fn fitted([low, high]: [[f32; 2]; 2], rect: Rect) -> Self {
        let extent = |axis: usize| (high[axis] - low[axis]).max(f32::MIN_POSITIVE);
        let room = 1.0 - 2.0 * MARGIN;
        let scale = (rect.width() * room / extent(0)).min(rect.height() * room / extent(1));
        let scale = if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
        let centre = [f32::midpoint(low[0], high[0]), f32::midpoint(low[1], high[1])];
        Self { centre, scale, whole: scale }
    }

    /// Screen position of map coordinates; y points up.
    pub fn to_screen(self, place: [f32; 2], rect: Rect) -> Pos2 {
        let middle = rect.center();
        pos2(
            middle.x + (place[0] - self.centre[0]) * self.scale,
            middle.y - (place[1] - self.centre[1]) * self.scale,
        )
    }

    /// Map coordinates of a screen position.
    pub fn to_map(self, at: Pos2, rect: Rect) -> [f32; 2] {
        let middle = rect.center();
        [self.centre[0] + (at.x - middle.x) / self.scale, self.centre[1] - (at.y - middle.y) / self.scale]
    }

    /// Zooms by `factor` around the screen position `at`.
    pub fn zoom(&mut self, factor: f32, at: Pos2, rect: Rect) {
        let fixed = self.to_map(at, rect);
        self.scale = (self.scale * factor).clamp(self.whole * ZOOM.0, self.whole * ZOOM.1);
        let now = self.to_map(at, rect);
        self.centre = [self.centre[0] + fixed[0] - now[0], self.centre[1] + fixed[1] - now[1]];
    }

    /// Moves the view by a pointer movement.
    pub fn pan(&mut self, by: eframe::egui::Vec2) {
        self.centre = [self.centre[0] - by.x / self.scale, self.centre[1] + by.y / self.scale];
    }

    /// The corners of the visible region, lower left and upper right.
    pub fn region(self, rect: Rect) -> [[f32; 2]; 2] {
        [self.to_map(rect.left_bottom(), rect), self.to_map(rect.right_top(), rect)]
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::vec2;

    use super::*;

    fn canvas() -> Rect {
        Rect::from_min_size(pos2(100.0, 50.0), vec2(400.0, 200.0))
    }

    #[test]
    fn everything_is_in_sight_at_one_scale_and_upward_is_more() {
        let view = MapView::fitted([[-1.0, -1.0], [1.0, 3.0]], canvas());
        let (low, high) = (view.to_screen([-1.0, -1.0], canvas()), view.to_screen([1.0, 3.0], canvas()));
        assert!(canvas().contains(low) && canvas().contains(high));
        assert!(high.y < low.y && high.x > low.x);
        assert!(((high.x - low.x) / 2.0 - (low.y - high.y) / 4.0).abs() < 1e-3, "one scale");
        let back = view.to_map(low, canvas());
        assert!((back[0] + 1.0).abs() < 1e-4 && (back[1] + 1.0).abs() < 1e-4);
    }

    #[test]
    fn a_zoom_keeps_what_is_under_the_pointer() {
        let mut view = MapView::fitted([[0.0, 0.0], [10.0, 10.0]], canvas());
        let at = pos2(150.0, 80.0);
        let before = view.to_map(at, canvas());
        view.zoom(3.0, at, canvas());
        let after = view.to_map(at, canvas());
        assert!((before[0] - after[0]).abs() < 1e-3 && (before[1] - after[1]).abs() < 1e-3);
        view.zoom(1e9, at, canvas());
        assert!(view.scale <= view.whole * ZOOM.1);
        view.pan(vec2(10.0, 0.0));
        assert!(view.to_map(at, canvas())[0] < after[0]);
    }

    #[test]
    fn a_single_point_and_nothing_do_no_harm() {
        let view = MapView::fitted([[2.0, 2.0], [2.0, 2.0]], canvas());
        assert_eq!(view.to_screen([2.0, 2.0], canvas()), canvas().center());
        assert!(view.region(canvas()).iter().flatten().all(|value| value.is_finite()));
    }
}
