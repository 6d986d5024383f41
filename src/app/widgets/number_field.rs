//! A field for a number that is dragged or typed: what is typed counts from Enter on, and Escape takes back typing and dragging.
//!
//! egui's field alone applies what was typed in the frame after Escape, because it takes the focus as lost for two frames.

use std::{cell::Cell, ops::RangeInclusive, rc::Rc};

use eframe::egui::{DragValue, IntoAtoms, Key, Modifiers, Response, Ui, Widget, emath::Numeric};

use super::escape;
use crate::numbers;

/// What becomes of the changes that egui's field makes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Changes {
    #[default]
    Kept,
    Refused,
    /// This value is set in their place.
    Replaced(f64),
}

/// The value of one frame.
#[derive(Debug, Default)]
struct Course {
    changes: Cell<Changes>,
    /// The value before the field changed it.
    before: Cell<Option<f64>>,
}

/// A field for a number.
#[must_use]
pub struct NumberField<'a> {
    field: DragValue<'a>,
    course: Rc<Course>,
}

impl<'a> NumberField<'a> {
    /// A field for `value`.
    pub fn new<N: Numeric>(value: &'a mut N) -> Self {
        let field = Self::from_get_set(move |set| {
            if let Some(set) = set {
                *value = N::from_f64(set);
            }
            value.to_f64()
        });
        if N::INTEGRAL { field.max_decimals(0).range(N::MIN..=N::MAX).speed(0.25) } else { field }
    }

    /// A field for the value that `get_set` returns, after it has set the one it is given.
    pub fn from_get_set(mut get_set: impl FnMut(Option<f64>) -> f64 + 'a) -> Self {
        let course = Rc::new(Course::default());
        let known = Rc::clone(&course);
        let field = DragValue::from_get_set(move |set| {
            let value = match known.changes.get() {
                Changes::Kept => get_set(set),
                Changes::Refused => get_set(None),
                Changes::Replaced(value) => get_set(Some(value)),
            };
            known.before.set(known.before.get().or(Some(value)));
            value
        });
        Self { field: field.update_while_editing(false).custom_parser(numbers::typed), course }
    }

    fn with(self, change: impl FnOnce(DragValue<'a>) -> DragValue<'a>) -> Self {
        Self { field: change(self.field), ..self }
    }

    /// The values that can be typed and dragged.
    pub fn range<N: Numeric>(self, range: RangeInclusive<N>) -> Self {
        self.with(|field| field.range(range))
    }

    /// How far a point of dragging goes.
    pub fn speed(self, speed: impl Into<f64>) -> Self {
        self.with(|field| field.speed(speed))
    }

    /// What stands after the number.
    pub fn suffix(self, suffix: impl IntoAtoms<'a>) -> Self {
        self.with(|field| field.suffix(suffix))
    }

    /// The most decimals.
    pub fn max_decimals(self, decimals: usize) -> Self {
        self.with(|field| {
            let field = field.max_decimals(decimals);
            if decimals == 0 { field.custom_parser(numbers::typed_count) } else { field }
        })
    }

    /// The text of a number, and the number of a text.
    pub fn text(self, write: impl Fn(f64) -> String + 'a, read: impl Fn(&str) -> Option<f64> + 'a) -> Self {
        self.with(|field| field.custom_formatter(move |value, _| write(value)).custom_parser(read))
    }

    /// Whether a value beyond the limits is kept until somebody changes it.
    pub fn keeps_values_beyond_limits(self) -> Self {
        self.with(|field| field.clamp_existing_to_range(false))
    }

    /// The number of decimals.
    pub fn fixed_decimals(self, decimals: usize) -> Self {
        self.with(|field| field.fixed_decimals(decimals))
    }
}

impl Widget for NumberField<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let Self { field, course } = self;
        // As egui's field takes it.
        let id = ui.next_auto_id();
        let (left, dragged_from) = (id.with("left by Escape"), id.with("dragged from"));
        let is_escape = escape::is_pressed(ui.ctx());
        let ends_drag = is_escape && ui.ctx().read_response(id).is_some_and(|field| field.drag_stopped());
        let was_left: Option<bool> = ui.data_mut(|data| data.remove_temp(left));
        let from: Option<f64> = ui.data(|data| data.get_temp(dragged_from)).filter(|_| ends_drag);
        course.changes.set(match from {
            Some(from) => Changes::Replaced(from),
            None if is_escape || was_left.is_some() => Changes::Refused,
            None => Changes::Kept,
        });
        let mut response = field.ui(ui);
        let is_left = is_escape && response.lost_focus();
        if is_left {
            ui.data_mut(|data| data.insert_temp(left, true));
        }
        if is_left || from.is_some() {
            // A dialog around the field stays open.
            ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
        }
        if response.drag_started()
            && let Some(before) = course.before.get()
        {
            ui.data_mut(|data| data.insert_temp(dragged_from, before));
        }
        if from.is_some() {
            response.mark_changed();
        }
        response
    }
}
