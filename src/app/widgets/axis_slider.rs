//! The slider of one latent axis: name, rail with the data's spread, value in fixed columns, lock, and a small picture
//! of its effect on the image.

use eframe::egui::{
    self, Align2, Color32, CornerRadius, Id, Key, Modifiers, Rect, Response, Sense, Stroke, StrokeKind,
    TextureId, Ui, Vec2, WidgetInfo, pos2,
};

use super::{
    described, drag_hint, dropdown, escape, focus_ring,
    icon_button::{self, Icon},
    room::between,
    row_menu,
};
use crate::{
    app::{
        format,
        theme::{self, HALF_GAP, palette},
    },
    explore::axes::{Axis, AxisSystem},
    language::text,
};

/// Height of a row, and side of the picture, in points.
pub const AXIS_ROW: f32 = 34.0;
const NAME_WIDTH: f32 = 38.0;
const VALUE_WIDTH: f32 = 46.0;
const LOCK_WIDTH: f32 = 28.0;
/// Radius of the handle.
const HANDLE: f32 = 7.0;
/// Half heights of the bands between the data's percentiles.
const WIDE_BAND: f32 = 3.0;
const NARROW_BAND: f32 = 5.5;
const MEDIAN: f32 = 9.0;
/// Factor on the movement of a drag with Shift.
const FINE_FACTOR: f32 = 0.1;
/// Steps of the arrow keys along the rail.
const KEY_STEPS: f32 = 100.0;

/// What an axis slider shows.
#[derive(Clone, Copy, Debug)]
pub struct AxisSlider<'a> {
    /// The axis.
    pub axis: &'a Axis,
    /// Where the vector is along it.
    pub value: f32,
    /// Whether it is locked.
    pub locked: bool,
    /// The picture of its effect, once that is measured.
    pub effect: Option<EffectPicture>,
}

/// A picture of an axis's effect on the image.
#[derive(Clone, Copy, Debug)]
pub struct EffectPicture {
    /// The texture with the pictures of all axes.
    pub texture: TextureId,
    /// The part of the texture to show.
    pub part: Rect,
    /// Mean change of the image, as a part of its range.
    pub strength: f32,
}

/// What the user did to a slider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SliderEvent {
    /// A drag began.
    Began,
    /// The value changed.
    Moved(f32),
    /// A drag ended.
    Ended,
    /// Escape ended a drag: back to where it began.
    TakenBack,
    /// It was locked or unlocked.
    Locked(bool),
    /// Assign the next MIDI control that moves.
    Learn,
    /// Remove its MIDI controls.
    ForgetControls,
    /// Assign the key pair with this index in [`KEY_PAIRS`].
    Keys(usize),
}

/// Two computer keys that move an axis.
#[derive(Clone, Copy, Debug)]
pub struct KeyPair {
    /// The key that moves it down.
    pub down: Key,
    /// The key that moves it up.
    pub up: Key,
}

/// All pairs of keys, from the left of the keyboard.
pub const KEY_PAIRS: [KeyPair; 3] = [
    KeyPair { down: Key::A, up: Key::Q },
    KeyPair { down: Key::S, up: Key::W },
    KeyPair { down: Key::D, up: Key::E },
];

impl AxisSlider<'_> {
    /// Draws the slider over the whole width; returns what happened, in order.
    pub fn show(self, ui: &mut Ui) -> Vec<SliderEvent> {
        let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), AXIS_ROW), Sense::hover());
        if !ui.is_rect_visible(rect) {
            return Vec::new();
        }
        let (name, rest) = rect.split_left_right_at_x(rect.left() + NAME_WIDTH);
        let (rest, picture) = rest.split_left_right_at_x(rest.right() - AXIS_ROW);
        let (rest, lock) = rest.split_left_right_at_x(rest.right() - LOCK_WIDTH - HALF_GAP);
        let (rail, value) = rest.split_left_right_at_x(rest.right() - VALUE_WIDTH);
        self.paint_text(ui, name, value);
        let mut events = self.rail(ui, rail.shrink2(Vec2::new(HANDLE, 0.0)));
        self.picture(ui, picture.shrink(1.0));
        let mut child = ui.new_child(
            egui::UiBuilder::new()
                .id_salt(("lock", self.id_parts()))
                .max_rect(Rect::from_center_size(lock.center(), Vec2::new(LOCK_WIDTH, theme::ROW))),
        );
        let axis = self.accessible_name();
        let (icon, text) = if self.locked {
            (Icon::Locked, text!("instrument-unlock", axis = axis))
        } else {
            (Icon::Unlocked, text!("instrument-lock", axis = axis))
        };
        let button = icon_button::quiet(&mut child, icon, &text, self.locked);
        if button.on_hover_text(text!("instrument-lock-help")).clicked() {
            events.push(SliderEvent::Locked(!self.locked));
        }
        events
    }

    fn id_parts(&self) -> (bool, usize) {
        (self.axis.system == AxisSystem::Principal, self.axis.number)
    }

    /// The name for screen readers.
    fn accessible_name(&self) -> String {
        match self.axis.system {
            AxisSystem::Dimensions => {
                text!("instrument-dimension-axis", number = self.axis.number.to_string())
            }
            AxisSystem::Principal => {
                text!("instrument-principal-axis", number = (self.axis.number + 1).to_string())
            }
        }
    }

    fn rail(&self, ui: &Ui, rail: Rect) -> Vec<SliderEvent> {
        let id = Id::unique(("axis", self.id_parts()));
        let sense = if self.locked { Sense::hover() } else { Sense::click_and_drag() };
        let response = ui.interact(rail.expand2(Vec2::new(HANDLE, 0.0)), id, sense);
        focus_ring::keep_neighbours_in_sight(ui, &response);
        let (low, high) = self.axis.range();
        let name = self.accessible_name();
        response.widget_info(|| WidgetInfo::slider(!self.locked, f64::from(self.value), &name));
        described::range(&response, f64::from(low)..=f64::from(high));
        let mut events = if self.locked { Vec::new() } else { self.events(ui, &response, rail) };
        events.extend(menu(&response));
        self.paint_rail(ui, &response, rail, (low, high));
        drag_hint::show(response, self.tooltip());
        events
    }

    /// A drag begins and ends once. A key press or double-click counts as a whole drag, so that it can be undone by itself.
    fn events(&self, ui: &Ui, response: &Response, rail: Rect) -> Vec<SliderEvent> {
        let (low, high) = self.axis.range();
        let step = (high - low) / rail.width().max(1.0);
        let at = |x: f32| low + (x - rail.left()) * step;
        let at_once = |value: f32| vec![SliderEvent::Began, SliderEvent::Moved(value), SliderEvent::Ended];
        if response.double_clicked() {
            return at_once(self.axis.mean);
        }
        let fine = ui.input(|input| input.modifiers.shift);
        let mut events = Vec::new();
        if response.drag_started() {
            events.push(SliderEvent::Began);
            let handle = self.handle(rail);
            let press = ui.input(|input| input.pointer.press_origin());
            // A press on the rail moves the handle there; a press on the handle does not make it jump.
            if let (Some(press), Some(now)) = (press, response.interact_pointer_pos())
                && (press.x - handle).abs() > 2.0 * HANDLE
                && !fine
            {
                events.push(SliderEvent::Moved(at(now.x)));
                return events;
            }
        }
        let by = response.drag_delta().x * step * if fine { FINE_FACTOR } else { 1.0 };
        if response.dragged() && by != 0.0 {
            events.push(SliderEvent::Moved(self.value + by));
        }
        if response.drag_stopped() {
            events.push(if escape::ends_drag(response) {
                SliderEvent::TakenBack
            } else {
                SliderEvent::Ended
            });
        }
        if response.clicked()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            response.request_focus();
            if (pointer.x - self.handle(rail)).abs() > 2.0 * HANDLE {
                return at_once(at(pointer.x));
            }
        }
        let by = keys(ui, response) * (high - low) / KEY_STEPS;
        if by == 0.0 { events } else { at_once(self.value + by) }
    }

    /// The x position of the handle, clamped to the rail.
    fn handle(&self, rail: Rect) -> f32 {
        between(self.x_of(self.value, rail), rail.left(), rail.right())
    }

    fn x_of(&self, value: f32, rail: Rect) -> f32 {
        let (low, high) = self.axis.range();
        egui::remap(value, low..=high, rail.x_range())
    }

    fn paint_rail(&self, ui: &Ui, response: &Response, rail: Rect, (low, high): (f32, f32)) {
        let colours = palette(ui);
        let painter = ui.painter();
        let y = rail.center().y;
        painter.hline(rail.x_range(), y, Stroke::new(1.0, colours.grid));
        let [_, p5, p25, p50, p75, p95, _] = self.axis.marks.map(|mark| self.x_of(mark, rail));
        let band = |from: f32, to: f32, half: f32, colour: Color32| {
            let rect = Rect::from_min_max(pos2(from, y - half), pos2(to.max(from + 1.0), y + half));
            painter.rect_filled(rect, CornerRadius::same(2), colour);
        };
        band(p5, p95, WIDE_BAND, colours.control_hovered);
        band(p25, p75, NARROW_BAND, colours.accent_soft);
        painter.vline(p50, y - MEDIAN..=y + MEDIAN, Stroke::new(1.0, colours.text_weak));
        let x = self.handle(rail);
        let colour = if self.locked {
            colours.text_weak
        } else if response.dragged() || response.hovered() {
            colours.text_strong
        } else {
            colours.accent
        };
        painter.circle(pos2(x, y), HANDLE - 1.0, colour, Stroke::new(1.5, colours.card));
        // An arrow at the end of the rail stands for a value beyond it.
        if self.value < low || self.value > high {
            let (end, by) = if self.value < low { (rail.left(), -1.0) } else { (rail.right(), 1.0) };
            let tip = |offset: f32| pos2(end + by * HANDLE, y + offset);
            painter.line_segment(
                [tip(-3.0), pos2(end + by * (HANDLE + 3.0), y)],
                Stroke::new(1.5, colours.warning),
            );
            painter.line_segment(
                [tip(3.0), pos2(end + by * (HANDLE + 3.0), y)],
                Stroke::new(1.5, colours.warning),
            );
        }
        if response.has_focus() {
            painter.circle_stroke(pos2(x, y), HANDLE + 1.5, Stroke::new(1.0, colours.text_strong));
        }
    }

    fn paint_text(&self, ui: &Ui, name: Rect, value: Rect) {
        let colours = palette(ui);
        let font = theme::small_mono().resolve(ui.style());
        let painter = ui.painter();
        let at = pos2(name.left() + HALF_GAP, name.center().y);
        let colour = if self.axis.is_dead() { colours.text_weak } else { colours.text };
        painter.text(at, Align2::LEFT_CENTER, self.axis.name(), font.clone(), colour);
        let text = format::signed(self.value, 2);
        painter.text(value.right_center(), Align2::RIGHT_CENTER, text, font, colours.text);
    }

    fn picture(&self, ui: &Ui, rect: Rect) {
        let colours = palette(ui);
        let painter = ui.painter();
        let response = ui.interact(rect, Id::unique(("effect", self.id_parts())), Sense::hover());
        let strength = self.effect.map(|effect| format!("{:.3}", effect.strength));
        let value = strength.map_or_else(
            || text!("reader-not-measured"),
            |strength| text!("reader-effect-value", strength = strength),
        );
        described::picture(&response, &text!("reader-effect", axis = self.accessible_name()), &value);
        match self.effect {
            Some(EffectPicture { texture, part, strength }) => {
                painter.image(texture, rect, part, Color32::WHITE);
                response.on_hover_text(text!(
                    "instrument-effect-help",
                    axis = self.axis.name(),
                    strength = format!("{strength:.3}")
                ));
            }
            None => {
                painter.rect_filled(rect, 2.0, colours.well);
            }
        }
        ui.painter().rect_stroke(rect, 2.0, Stroke::new(1.0, colours.border), StrokeKind::Inside);
    }

    fn tooltip(&self) -> String {
        let [p1, p5, _, p50, _, p95, p99] = self.axis.marks;
        let information = match self.axis.system {
            AxisSystem::Dimensions if self.axis.is_dead() => {
                text!("instrument-axis-unused", kl = format!("{:.3}", self.axis.information))
            }
            AxisSystem::Dimensions => {
                text!("instrument-axis-kl", kl = format!("{:.2}", self.axis.information))
            }
            AxisSystem::Principal => {
                text!("instrument-axis-variance", percent = format!("{:.1}", 100.0 * self.axis.information))
            }
        };
        let signed = |value: f32| format::signed(value, 2);
        text!(
            "instrument-axis-help",
            axis = self.accessible_name(),
            value = format::signed(self.value, 3),
            information = information,
            low = signed(p5),
            high = signed(p95),
            median = signed(p50),
            lowest = signed(p1),
            highest = signed(p99)
        )
    }
}

/// The context menu.
fn menu(response: &Response) -> Option<SliderEvent> {
    let mut chosen = None;
    let by = row_menu::Keyboard { focus: response.id, is_current: true };
    row_menu::show(response, by, |ui| {
        if ui.button(text!("midi-learn")).on_hover_text(text!("midi-learn-help")).clicked() {
            chosen = Some(SliderEvent::Learn);
        }
        if ui.button(text!("midi-forget")).clicked() {
            chosen = Some(SliderEvent::ForgetControls);
        }
        ui.separator();
        for (number, KeyPair { down, up }) in KEY_PAIRS.iter().enumerate() {
            let name = text!("instrument-use-keys", down = down.name(), up = up.name());
            if ui.button(name).clicked() {
                chosen = Some(SliderEvent::Keys(number));
            }
        }
        dropdown::close_once_chosen(ui);
    });
    chosen
}

/// Signed steps of the arrow keys while the slider has the keyboard focus.
fn keys(ui: &Ui, response: &Response) -> f32 {
    if !response.has_focus() {
        return 0.0;
    }
    ui.memory_mut(|memory| {
        let filter = egui::EventFilter { horizontal_arrows: true, ..Default::default() };
        memory.set_focus_lock_filter(response.id, filter);
    });
    ui.input_mut(|input| {
        let mut steps = 0.0;
        for (key, by) in [(Key::ArrowLeft, -1.0), (Key::ArrowRight, 1.0)] {
            steps += by * FINE_FACTOR * input.count_and_consume_key(Modifiers::SHIFT, key) as f32;
            steps += by * input.count_and_consume_key(Modifiers::NONE, key) as f32;
        }
        steps
    })
}
