//! The colour bar of an image: its colours with their values, and handles that change the range.

use eframe::egui::{
    Align2, CursorIcon, EventFilter, Id, Key, Mesh, Modifiers, Rect, Response, Sense, Shape, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::{described, drag_hint, escape, marks::nice_step, room::between};
use crate::{
    app::{
        format,
        pictures::textures::Display,
        theme::{self, palette},
    },
    language::text,
};

const BAR_WIDTH: f32 = 10.0;
const STEPS: usize = 64;
/// Least distance between two value labels, in points.
const FIGURE_DISTANCE: f32 = 26.0;
/// Half the height of a value label, in points.
const HALF_FIGURE: f32 = 6.0;
/// Height of the unit above the bar, in points.
const UNIT_HEIGHT: f32 = 16.0;
/// Size of a handle, in points.
const HANDLE: Vec2 = vec2(16.0, 7.0);
/// Least distance between the two handles, as a part of the bar.
const MIN_SPAN: f32 = 0.02;

/// What the user did to the colour bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ColourChange {
    /// A new range: values of the first and last colour.
    Range(f32, f32),
    /// Back to the image's own range.
    Fit,
}

/// One end of the colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum End {
    Lowest,
    Highest,
}

/// A bar beside an image.
#[derive(Clone, Copy, Debug)]
pub struct ColourBar<'a> {
    /// Unique name of the image, the same in every language.
    pub name: &'a str,
    /// Title of the image, for screen readers.
    pub title: &'a str,
    pub rect: Rect,
    /// Colours and value range.
    pub display: Display,
    /// Unit, written above the bar.
    pub unit: &'a str,
    /// Range of the bar when it has handles; without handles the bar spans the colours' own range.
    pub limits: Option<(f32, f32)>,
}

impl ColourBar<'_> {
    /// Draws the bar, highest value on top; returns what the user did to the handles.
    pub fn show(self, ui: &Ui) -> Option<ColourChange> {
        let colours = palette(ui);
        let top = self.rect.top() + UNIT_HEIGHT;
        let bar = Rect::from_min_max(
            pos2(self.rect.left(), top),
            pos2(self.rect.left() + BAR_WIDTH, self.rect.bottom()),
        );
        ui.painter().add(self.gradient(bar));
        self.describe(ui, bar);
        ui.painter().rect_stroke(bar, 0.0, Stroke::new(1.0, colours.border), StrokeKind::Outside);
        let font = theme::small_mono().resolve(ui.style());
        let step = self.step(bar.height());
        for value in self.figures(bar.height()) {
            let y = self.y(bar, value as f32);
            ui.painter().hline(bar.right()..=bar.right() + 3.0, y, Stroke::new(1.0, colours.text_weak));
            let y = between(y, bar.top() + HALF_FIGURE, bar.bottom() - HALF_FIGURE);
            ui.painter().text(
                pos2(bar.right() + 6.0, y),
                Align2::LEFT_CENTER,
                format::tick_in_steps(value, step),
                font.clone(),
                colours.text_weak,
            );
        }
        let small = eframe::egui::TextStyle::Small.resolve(ui.style());
        let above = pos2(self.rect.left(), top - 5.0);
        ui.painter().text(above, Align2::LEFT_BOTTOM, self.unit, small, colours.text_weak);
        self.limits.and_then(|limits| self.handles(ui, bar, limits))
    }

    /// Its range, for screen readers.
    fn describe(&self, ui: &Ui, bar: Rect) {
        let response = ui.interact(bar, ui.unique_id().with((self.name, "colours")), Sense::hover());
        let scale = self.display.scale;
        let value = described::of_range((scale.low, scale.high), self.unit);
        described::picture(&response, &text!("reader-colours", title = self.title), &value);
    }

    /// Values at the lower and upper end of the bar.
    fn ends(&self) -> (f32, f32) {
        self.limits.unwrap_or((self.display.scale.low, self.display.scale.high))
    }

    fn y(&self, bar: Rect, value: f32) -> f32 {
        bar.bottom() - self.share(value) * bar.height()
    }

    /// Position of `value` on the bar, 0 at the lower end, 1 at the upper.
    fn share(&self, value: f32) -> f32 {
        let (low, high) = self.ends();
        match self.limits {
            Some(_) if high > low => ((value - low) / (high - low)).clamp(0.0, 1.0),
            _ => self.display.scale.position(value),
        }
    }

    fn value_at(&self, share: f32) -> f32 {
        let (low, high) = self.ends();
        match self.limits {
            Some(_) => low + (high - low) * share.clamp(0.0, 1.0),
            None => self.display.scale.value(share),
        }
    }

    fn gradient(&self, bar: Rect) -> Shape {
        let mut mesh = Mesh::default();
        for step in 0..=STEPS {
            let part = step as f32 / STEPS as f32;
            let colour = self.display.colours.at(self.display.scale.position(self.value_at(part)));
            let y = bar.bottom() - part * bar.height();
            mesh.colored_vertex(pos2(bar.left(), y), colour);
            mesh.colored_vertex(pos2(bar.right(), y), colour);
            if step > 0 {
                let last = 2 * step as u32;
                mesh.add_triangle(last - 2, last - 1, last);
                mesh.add_triangle(last - 1, last, last + 1);
            }
        }
        Shape::mesh(mesh)
    }

    /// Two handles: a drag changes the range, a double-click fits it to the image again.
    fn handles(&self, ui: &Ui, bar: Rect, limits: (f32, f32)) -> Option<ColourChange> {
        let scale = self.display.scale;
        let least = (limits.1 - limits.0) * MIN_SPAN;
        let mut change = None;
        for (end, value) in [(End::Lowest, scale.low), (End::Highest, scale.high)] {
            let response = self.handle(ui, bar, end, value);
            let steps = keys(ui, &response);
            let mut range = (scale.low, scale.high);
            if escape::take_back(&response, range, &mut range) {
                change = Some(ColourChange::Range(range.0, range.1));
            } else if response.double_clicked() {
                change = Some(ColourChange::Fit);
            } else if steps != 0.0 {
                change = Some(self.moved(end, value + steps, least));
            } else if let Some(pos) = response.interact_pointer_pos().filter(|_| response.dragged()) {
                let value = self.value_at((bar.bottom() - pos.y) / bar.height().max(1.0)).round();
                change = Some(self.moved(end, value, least));
            }
        }
        change
    }

    /// The range after a handle was moved to `value`.
    fn moved(&self, end: End, value: f32, least: f32) -> ColourChange {
        let scale = self.display.scale;
        match end {
            End::Lowest => ColourChange::Range(value.min(scale.high - least), scale.high),
            End::Highest => ColourChange::Range(scale.low, value.max(scale.low + least)),
        }
    }

    fn handle(&self, ui: &Ui, bar: Rect, end: End, value: f32) -> Response {
        let colours = palette(ui);
        let number = format::fixed(value, 0);
        let (name, hint) = match end {
            End::Lowest => (
                text!("widget-lowest-colour"),
                text!("widget-lowest-colour-help", value = number, unit = self.unit),
            ),
            End::Highest => (
                text!("widget-highest-colour"),
                text!("widget-highest-colour-help", value = number, unit = self.unit),
            ),
        };
        let rect = Rect::from_center_size(pos2(bar.center().x, self.y(bar, value)), HANDLE);
        let response = ui.interact(rect.expand(2.0), Id::unique((self.name, end)), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::slider(true, f64::from(value), &name));
        let (low, high) = self.ends();
        described::range(&response, f64::from(low)..=f64::from(high));
        let fill =
            if response.hovered() || response.dragged() { colours.accent } else { colours.text_strong };
        ui.painter().rect(rect, 2.0, fill, Stroke::new(1.0, colours.well), StrokeKind::Outside);
        drag_hint::show(response.on_hover_cursor(CursorIcon::ResizeVertical), hint)
    }

    /// Distance of the values beside a bar of `height` points.
    fn step(&self, height: f32) -> f64 {
        let (low, high) = self.ends();
        let wanted = f64::from(height / FIGURE_DISTANCE).clamp(1.0, 8.0);
        nice_step((f64::from(high) - f64::from(low)) / wanted)
    }

    /// Round values to write beside a bar of `height` points, far enough apart to be readable.
    fn figures(&self, height: f32) -> Vec<f64> {
        let (low, high) = self.ends();
        let (low, high) = (f64::from(low), f64::from(high));
        if high <= low || !(high - low).is_finite() {
            return vec![low];
        }
        let step = self.step(height);
        let first = (low / step).ceil() as i64;
        let mut figures: Vec<f64> = Vec::new();
        let mut last = f32::NEG_INFINITY;
        for index in first..=(high / step).floor() as i64 {
            let value = index as f64 * step;
            // At the ends of the bar a label lies inwards of its mark.
            let room = (height - HALF_FIGURE).max(HALF_FIGURE);
            let position = (self.share(value as f32) * height).clamp(HALF_FIGURE, room);
            if position - last >= FIGURE_DISTANCE * 0.6 {
                figures.push(value);
                last = position;
            }
        }
        figures
    }
}

/// Signed steps of the arrow keys while a handle has the keyboard focus.
fn keys(ui: &Ui, response: &Response) -> f32 {
    if !response.has_focus() {
        return 0.0;
    }
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    ui.input_mut(|input| {
        let mut count = |key| input.count_and_consume_key(Modifiers::NONE, key) as f32;
        count(Key::ArrowUp) - count(Key::ArrowDown)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::pictures::textures::{ColourScale, Colours},
        dsp::frequency_scale::FrequencyScale,
        inspect::colour_map::ColourMap,
    };

    fn bar(low: f32, high: f32, limits: Option<(f32, f32)>) -> ColourBar<'static> {
        let display = Display {
            colours: Colours::Map(ColourMap::Magma),
            scale: ColourScale::linear(low, high),
            frequency: FrequencyScale::Linear,
        };
        ColourBar { name: "bar", title: "bar", rect: Rect::ZERO, display, unit: "dB", limits }
    }

    #[test]
    fn figures_are_round_and_inside_the_scale() {
        assert_eq!(bar(-60.3, 19.7, None).figures(120.0), [-60.0, -40.0, -20.0, 0.0]);
        assert_eq!(bar(0.0, 1.0, None).figures(60.0), [0.0, 0.5, 1.0]);
        assert_eq!(bar(0.0, 0.0, None).figures(60.0), [0.0]);
    }

    #[test]
    fn figures_at_the_ends_of_the_bar_do_not_touch_their_neighbours() {
        // −1 lies 16 points above −1.5, whose label is drawn 6 points higher than its mark.
        let bar = bar(-1.5, 0.0, Some((-1.5, 0.0)));
        for height in 30..160 {
            let place = |value: &f64| {
                let (height, at) = (height as f32, bar.share(*value as f32) * height as f32);
                at.clamp(HALF_FIGURE, height - HALF_FIGURE)
            };
            let places: Vec<f32> = bar.figures(height as f32).iter().map(place).collect();
            assert!(
                places.windows(2).all(|pair| pair[1] - pair[0] >= 2.0 * HALF_FIGURE),
                "{height}: {places:?}"
            );
        }
    }

    #[test]
    fn a_bar_with_handles_reaches_beyond_the_colours() {
        let bar = bar(-40.0, 0.0, Some((-80.0, 40.0)));
        assert_eq!(bar.share(-80.0), 0.0);
        assert_eq!(bar.value_at(0.5), -20.0);
        assert_eq!(bar.figures(120.0), [-50.0, 0.0]);
    }
}
