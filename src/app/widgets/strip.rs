//! State shared by the rows of a strip (viewport, crosshair, selection) and how mouse and keys change it.

use eframe::egui::{Id, Key, Modifiers, PointerButton, Pos2, Response, Ui, Vec2};
use egui_plot::PlotTransform;

use super::{
    escape,
    viewport::{PAN_STEP, Range, Viewport, ZOOM_STEP},
    wheel_turn,
};
use crate::dsp::frequency_scale::FrequencyScale;

/// Zoom per point of wheel movement.
const ZOOM_PER_POINT: f64 = 0.005;
/// Shortest drag, in points: less movement is a click.
const MIN_DRAG: f32 = 4.0;

/// A time, and on images a frequency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crosshair {
    /// Seconds.
    pub secs: f64,
    /// Hz, if the pointer is on an image.
    pub hz: Option<f64>,
}

/// What a drag is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Drag {
    Pan,
    /// Selects from this time.
    Select(f64),
    /// Zooms to a rectangle from this corner, in plot coordinates.
    Box(f64, f64),
}

/// A drag since its button was pressed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct StartedDrag {
    drag: Drag,
    /// Where the button was pressed: in the frame of the release the pointer itself no longer tells.
    origin: Pos2,
    /// Selection and visible range before it, for Escape.
    before: (Option<Range>, Viewport),
}

/// A rectangle to zoom to, while it is being drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZoomRectangle {
    /// The row that it is drawn on: the value of its plot's id.
    pub row: u64,
    /// Range of time, in seconds.
    pub secs: Range,
    /// Vertical range, in plot coordinates.
    pub vertical: Range,
}

/// State shared by the rows, kept between frames.
#[derive(Debug, Default)]
pub struct Strip {
    /// The visible range of time and frequency.
    pub viewport: Viewport,
    /// Pointer position in the last frame.
    pointer: Option<Crosshair>,
    /// Pointer position in this frame, once its row is drawn.
    next_pointer: Option<Crosshair>,
    /// Crosshair kept by a click.
    pub marker: Option<Crosshair>,
    /// Selected seconds; copied from the session, changed by dragging.
    pub selection: Option<Range>,
    /// The zoom rectangle being drawn with the right button.
    pub rectangle: Option<ZoomRectangle>,
    /// The current drag.
    drag: Option<StartedDrag>,
    /// Whether it is drawn for a figure, without interaction.
    pub is_figure: bool,
}

/// A drawn row, to be checked for input.
pub struct DrawnRow<'a> {
    /// Pointer interaction.
    pub response: &'a Response,
    /// Conversion between screen and plot coordinates.
    pub transform: PlotTransform,
    /// Frequency scale of the vertical axis, for images.
    pub frequency: Option<FrequencyScale>,
}

impl Strip {
    /// A copy with viewport and crosshair, for a figure.
    #[must_use]
    pub fn for_figure(&self) -> Self {
        let marker = self.marker;
        Self {
            viewport: self.viewport,
            marker,
            selection: self.selection,
            is_figure: true,
            ..Self::default()
        }
    }

    /// Begins a frame. Rows drawn above the pointer's row follow one frame later.
    pub fn begin_frame(&mut self, ui: &Ui) {
        if self.pointer != self.next_pointer {
            ui.ctx().request_repaint();
        }
        self.pointer = self.next_pointer.take();
        // In the frame of the release the row still has to act on it.
        let is_over = ui.input(|input| !input.pointer.any_down() && !input.pointer.any_released());
        if self.drag.is_some() && is_over {
            self.drag = None;
            self.rectangle = None;
        }
    }

    /// The crosshair: at the pointer, else where a click kept it.
    pub fn crosshair(&self) -> Option<Crosshair> {
        self.pointer.or(self.marker)
    }

    /// Time of the crosshair kept by a click, in seconds.
    pub fn kept_secs(&self) -> Option<f64> {
        self.marker.map(|marker| marker.secs)
    }

    /// Whether the pointer is on a row.
    pub fn is_pointed(&self) -> bool {
        self.pointer.is_some()
    }

    /// Handles mouse and wheel input on a row.
    pub fn take(&mut self, ui: &Ui, row: &DrawnRow<'_>) {
        let response = row.response;
        let takes_wheel = wheel_turn::is_for(ui, Id::unique("strip"), response.hover_pos().is_some());
        if response.double_clicked() {
            self.viewport.reset();
            self.marker = None;
            return;
        }
        let at = |pos| {
            let point = row.transform.value_from_position(pos);
            (point.x, point.y)
        };
        if let Some(pos) = response.hover_pos() {
            let (secs, vertical) = at(pos);
            let crosshair = Crosshair { secs, hz: row.frequency.map(|scale| scale.hz(vertical)) };
            self.next_pointer = Some(crosshair);
            self.wheel(ui, crosshair, row.frequency, takes_wheel);
            if response.clicked() {
                self.marker = Some(crosshair);
            }
        }
        self.drag(ui, row, at);
    }

    fn wheel(&mut self, ui: &Ui, at: Crosshair, frequency: Option<FrequencyScale>, takes_wheel: bool) {
        // Consumed, so that a scroll area around the strip does not move as well.
        // egui reads the wheel with Ctrl as a pinch.
        let (wheel, pinch, is_vertical) = ui.input_mut(|input| {
            let wheel = if takes_wheel { std::mem::take(&mut input.smooth_scroll_delta) } else { Vec2::ZERO };
            let modifiers = input.modifiers;
            (wheel, f64::from(input.zoom_delta()), modifiers.alt || modifiers.command)
        });
        let zoom = (-f64::from(wheel.y) * ZOOM_PER_POINT).exp() / pinch;
        if zoom != 1.0 {
            match (is_vertical, frequency, at.hz) {
                (true, Some(scale), Some(hz)) => self.viewport.zoom_frequency(zoom, hz, scale),
                _ => self.viewport.zoom_time(zoom, at.secs),
            }
        }
        if wheel.x != 0.0 {
            let width = self.viewport.secs().1 - self.viewport.secs().0;
            let points = f64::from(ui.available_width().max(100.0));
            self.viewport.show_secs({
                let by = -f64::from(wheel.x) / points * width;
                let (left, right) = self.viewport.secs();
                (left + by, right + by)
            });
        }
    }

    fn drag(&mut self, ui: &Ui, row: &DrawnRow<'_>, at: impl Fn(eframe::egui::Pos2) -> (f64, f64)) {
        let response = row.response;
        if let Some(StartedDrag { before: (selection, viewport), .. }) = self.drag
            && escape::ends_drag(response)
        {
            self.selection = selection;
            self.viewport = viewport;
            self.rectangle = None;
            self.drag = None;
            return;
        }
        let Some(pos) = response.interact_pointer_pos() else { return };
        if response.drag_started() || (response.dragged() && self.drag.is_none()) {
            let origin = ui.input(|input| input.pointer.press_origin()).unwrap_or(pos);
            let (secs, vertical) = at(origin);
            let drag = match () {
                () if response.dragged_by(PointerButton::Secondary) => Drag::Box(secs, vertical),
                () if ui.input(|input| input.modifiers.shift) => Drag::Select(secs),
                () => Drag::Pan,
            };
            let before = (self.selection, self.viewport);
            self.drag = Some(StartedDrag { drag, origin, before });
        }
        let Some(StartedDrag { drag, origin, .. }) = self.drag else { return };
        let moved = origin.distance(pos) > MIN_DRAG;
        match drag {
            Drag::Pan if response.dragged() => self.pan(row, response.drag_delta()),
            Drag::Select(from) if moved => {
                let (low, high) = self.viewport.whole_secs();
                let to = at(pos).0.clamp(low, high);
                let from = from.clamp(low, high);
                self.selection = Some((from.min(to), from.max(to)));
            }
            Drag::Box(secs, vertical) => {
                let now = at(pos);
                let (secs, vertical) = ((secs, now.0), (vertical, now.1));
                self.rectangle = Some(ZoomRectangle { row: response.id.value(), secs, vertical });
                if response.drag_stopped() {
                    self.rectangle = None;
                    if moved {
                        self.zoom_to(row, secs, vertical);
                    }
                }
            }
            Drag::Pan | Drag::Select(_) => {}
        }
        if response.drag_stopped() {
            self.drag = None;
        }
    }

    fn pan(&mut self, row: &DrawnRow<'_>, delta: eframe::egui::Vec2) {
        let frame = row.transform.frame();
        self.viewport.pan_time(-f64::from(delta.x / frame.width().max(1.0)));
        if let Some(scale) = row.frequency {
            self.viewport.pan_frequency(f64::from(delta.y / frame.height().max(1.0)), scale);
        }
    }

    fn zoom_to(&mut self, row: &DrawnRow<'_>, secs: Range, vertical: Range) {
        self.viewport.show_secs(secs);
        if let Some(scale) = row.frequency {
            self.viewport.show_hz((scale.hz(vertical.0), scale.hz(vertical.1)));
        }
    }

    /// Handles the keys that move viewport and crosshair; `frame_secs` is one crosshair step.
    pub fn take_keys(&mut self, ui: &Ui, frame_secs: f64) {
        let around = self.crosshair().map_or_else(
            || f64::midpoint(self.viewport.secs().0, self.viewport.secs().1),
            |crosshair| crosshair.secs,
        );
        let key = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if key(Key::Plus) || key(Key::Equals) {
            self.viewport.zoom_time(ZOOM_STEP, around);
        }
        if key(Key::Minus) {
            self.viewport.zoom_time(1.0 / ZOOM_STEP, around);
        }
        if key(Key::ArrowLeft) {
            self.viewport.pan_time(-PAN_STEP);
        }
        if key(Key::ArrowRight) {
            self.viewport.pan_time(PAN_STEP);
        }
        if key(Key::Num0) {
            self.viewport.reset();
        }
        if key(Key::Z)
            && let Some(selection) = self.selection
        {
            self.viewport.show_secs(selection);
        }
        if key(Key::Comma) {
            self.move_marker(-frame_secs);
        }
        if key(Key::Period) {
            self.move_marker(frame_secs);
        }
        // Escape during a drag takes only the drag back.
        if self.drag.is_none() && key(Key::Escape) {
            self.marker = None;
            self.selection = None;
        }
    }

    fn move_marker(&mut self, by_secs: f64) {
        let (low, high) = self.viewport.whole_secs();
        let middle = f64::midpoint(self.viewport.secs().0, self.viewport.secs().1);
        let marker = self.crosshair().unwrap_or(Crosshair { secs: middle, hz: None });
        self.marker = Some(Crosshair { secs: (marker.secs + by_secs).clamp(low, high), ..marker });
    }
}
