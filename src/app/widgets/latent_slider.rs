//! One latent dimension: its number, a rail with marks, and its value in digits that keep their place.

use eframe::egui::{self, Align2, Response, Slider, Stroke, Ui, UiBuilder, Vec2, pos2};

use crate::app::theme::{self, ROW, palette};

const NUMBER_WIDTH: f32 = 40.0;
const VALUE_WIDTH: f32 = 52.0;

/// What a latent slider shows.
#[derive(Clone, Copy, Debug)]
pub struct LatentSlider {
    /// The dimension.
    pub dimension: usize,
    /// Its value.
    pub value: f32,
    /// Ends of the rail: the data's mean ± 3 standard deviations.
    pub range: (f32, f32),
    /// Mean KL divergence of the dimension in nats, where known.
    pub kl: Option<f32>,
}

/// What a person did to a slider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SliderEvent {
    /// A drag began.
    Began,
    /// The value changed.
    Moved(f32),
    /// A drag ended.
    Ended,
}

impl LatentSlider {
    /// Draws the slider over the whole width; returns what happened, in order.
    pub fn show(self, ui: &mut Ui) -> Vec<SliderEvent> {
        let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), egui::Sense::hover());
        if !ui.is_rect_visible(rect) {
            return Vec::new();
        }
        let (number, rest) = rect.split_left_right_at_x(rect.left() + NUMBER_WIDTH);
        let (rail, value) = rest.split_left_right_at_x(rest.right() - VALUE_WIDTH);
        self.paint_figures(ui, number, value);
        Self::paint_marks(ui, rail);
        let mut new_value = self.value;
        let mut child = ui.new_child(UiBuilder::new().id_salt(("latent", self.dimension)).max_rect(rail));
        let response = self.rail(&mut child, rail.width(), &mut new_value);
        events(&response, self.value, new_value, f32::midpoint(self.range.0, self.range.1))
    }

    fn name(self) -> String {
        format!("Latent {}", self.dimension)
    }

    fn rail(self, ui: &mut Ui, width: f32, value: &mut f32) -> Response {
        ui.spacing_mut().slider_width = width;
        ui.spacing_mut().interact_size.y = ROW;
        let slider = Slider::new(value, self.range.0..=self.range.1)
            .show_value(false)
            .smart_aim(false)
            .clamping(egui::SliderClamping::Never)
            .trailing_fill(false);
        let response = ui.add(slider).accessible_name(self.name());
        let kl = self
            .kl
            .map_or_else(String::new, |kl| format!("\nKL {kl:.2} nats: how much it tells about a sound."));
        response.on_hover_text(format!(
            "Latent dimension {}: {:+.3}. Marks: the data's mean and ±1, 2, 3 standard deviations.{kl}\nDrag, or focus and press ← →; double click for the mean.",
            self.dimension, self.value
        ))
    }

    fn paint_figures(self, ui: &Ui, number: egui::Rect, value: egui::Rect) {
        let colours = palette(ui);
        let font = theme::small_mono().resolve(ui.style());
        let painter = ui.painter();
        painter.text(
            pos2(number.right() - 8.0, number.center().y),
            Align2::RIGHT_CENTER,
            format!("z{}", self.dimension),
            font.clone(),
            colours.text_weak,
        );
        painter.text(
            value.right_center(),
            Align2::RIGHT_CENTER,
            format!("{:+.2}", self.value),
            font,
            colours.text,
        );
    }

    fn paint_marks(ui: &Ui, rail: egui::Rect) {
        let colours = palette(ui);
        // egui's slider keeps its handle inside the rail by half the handle's width.
        let inset = ROW / 2.5;
        for step in -3..=3i8 {
            let part = (f32::from(step) + 3.0) / 6.0;
            let x = egui::lerp(rail.left() + inset..=rail.right() - inset, part);
            let half = if step == 0 { 9.0 } else { 5.0 };
            let y = rail.center().y;
            ui.painter().vline(x, y - half..=y + half, Stroke::new(1.0, colours.grid));
        }
    }
}

/// A drag is begun and ended once; a change by the keyboard or a double click is a drag of its own, so that it can be undone.
fn events(response: &Response, before: f32, after: f32, mean: f32) -> Vec<SliderEvent> {
    if response.double_clicked() {
        return vec![SliderEvent::Began, SliderEvent::Moved(mean), SliderEvent::Ended];
    }
    let dragging = response.dragged() || response.drag_started() || response.drag_stopped();
    let mut events = Vec::new();
    let changed = response.changed() && before.to_bits() != after.to_bits();
    if response.drag_started() || (changed && !dragging) {
        events.push(SliderEvent::Began);
    }
    if changed {
        events.push(SliderEvent::Moved(after));
    }
    if response.drag_stopped() || (changed && !dragging) {
        events.push(SliderEvent::Ended);
    }
    events
}
