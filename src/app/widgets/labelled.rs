//! Form rows: a label and its control, linked for screen readers.

use std::cell::Cell;

use eframe::egui::{ComboBox, Grid, Id, Response, RichText, Ui, emath::Numeric};

use super::{dropdown, number_field::NumberField};
use crate::{
    app::{
        setting_words,
        theme::{ROW, palette},
    },
    language::text,
    setting::{Named, Setting, Unit},
};

/// Key in egui's memory of the reason why fields are disabled, while they are drawn.
const HELD: &str = "held fields";

/// Least width of the labels of a block, in points.
const LABELS: f32 = 92.0;

/// Draws `fields`, disabled if there is a `reason`, which the tooltips then show.
pub fn held(ui: &mut Ui, reason: Option<&str>, fields: impl FnOnce(&mut Ui)) {
    let id = Id::unique(HELD);
    if let Some(reason) = reason {
        ui.data_mut(|data| data.insert_temp(id, reason.to_owned()));
    }
    ui.add_enabled_ui(reason.is_none(), fields);
    ui.data_mut(|data| data.remove_temp::<String>(id));
}

/// A number that can be absent: a box, and the number once it is ticked. `first` is its value at first.
pub fn optional<N: Numeric>(ui: &mut Ui, setting: &Setting, value: &mut Option<N>, first: N) {
    let label = setting_words::label(setting);
    row(ui, &label, &setting_words::tooltip(setting), |ui| {
        ui.horizontal(|ui| {
            let mut on = value.is_some();
            let mut response = ui.checkbox(&mut on, "").accessible_name(&*label);
            if response.changed() {
                *value = on.then_some(first);
            }
            if let Some(number) = value {
                response |= ui.add_sized([70.0, ROW], drag(setting, number)).accessible_name(&*label);
            } else {
                ui.weak(text!("widget-off"));
            }
            response
        })
        .inner
    });
}

/// One row of a two-column grid: `label`, then `control`; `hint` is the tooltip of both.
pub fn row(ui: &mut Ui, label: &str, hint: &str, control: impl FnOnce(&mut Ui) -> Response) -> Response {
    let name = ui.label(RichText::new(label).color(palette(ui).text_weak)).on_hover_text(hint);
    let mut response = control(ui).labelled_by(name.id).on_hover_text(hint);
    if let Some(why) = ui.data(|data| data.get_temp::<String>(Id::unique(HELD))) {
        response = response.on_disabled_hover_text(text!("widget-held", help = hint, reason = why));
    }
    ui.end_row();
    response
}

/// The row of a setting: its name, and its tooltip for both.
fn setting_row(ui: &mut Ui, setting: &Setting, control: impl FnOnce(&mut Ui) -> Response) -> Response {
    row(ui, &setting_words::label(setting), &setting_words::tooltip(setting), control)
}

/// A number that is dragged or typed; `true` when it was changed to another value.
pub fn number<N: Numeric>(ui: &mut Ui, setting: &Setting, value: &mut N) -> bool {
    setting_row(ui, setting, |ui| ui.add_sized([96.0, ROW], drag(setting, value))).changed()
}

/// A field for a number of a setting. The limits hold for what is typed or dragged; a value that was beyond them before stays as it is
/// until somebody changes it.
pub fn drag<'a, N: Numeric>(setting: &Setting, value: &'a mut N) -> NumberField<'a> {
    let scale = setting.unit.form_scale();
    let (least, most) =
        setting.range().map_or((f64::MIN, f64::MAX), |(least, most)| (least * scale, most * scale));
    let suffix = setting_words::unit_suffix_after(setting.unit, value.to_f64() * scale);
    let speed = speed::<N>(setting.unit, value.to_f64() * scale, most - least);
    let field = NumberField::from_get_set(move |typed| {
        if let Some(typed) = typed {
            *value = N::from_f64(typed / scale);
        }
        value.to_f64() * scale
    });
    let field = match (N::INTEGRAL, setting.unit) {
        (true, _) => field.max_decimals(0),
        (false, Unit::Seconds) => field.max_decimals(3),
        (false, _) => field,
    };
    let field = field.range(least..=most).keeps_values_beyond_limits().speed(speed);
    field.suffix(suffix.into_owned())
}

/// How far a point of dragging goes: with the value where the limits are wide, with the limits where they are narrow.
fn speed<N: Numeric>(unit: Unit, value: f64, span: f64) -> f64 {
    match (N::INTEGRAL, unit) {
        (true, _) => (value / 200.0).max((span / 400.0).clamp(0.05, 0.25)),
        (false, Unit::Seconds) => 0.01,
        // Whole percents show no decimals.
        (false, Unit::Fraction) => 1.0,
        (false, _) => (value.abs() / 200.0).max((span / 500.0).min(0.01)),
    }
}

/// A whole number all of whose digits count, such as a seed; `true` when it was changed to another value.
pub fn exact_number(ui: &mut Ui, setting: &Setting, value: &mut u64) -> bool {
    let before = *value;
    // A field computes with floating-point numbers, which have no more than 53 bits.
    let typed = Cell::new(None);
    let field = NumberField::from_get_set(|set| {
        if let Some(set) = set {
            *value = typed.take().unwrap_or(set as u64);
        }
        *value as f64
    });
    let write = |shown: f64| {
        if shown == before as f64 { before.to_string() } else { (shown as u64).to_string() }
    };
    let read = |text: &str| {
        let number = text.replace([',', ' '], "").parse::<u64>().ok()?;
        typed.set(Some(number));
        Some(number as f64)
    };
    let field = field.range(0.0..=u64::MAX as f64).keeps_values_beyond_limits();
    let field = field.speed(0.25).max_decimals(0).text(write, read);
    setting_row(ui, setting, |ui| ui.add_sized([96.0, ROW], field));
    before != *value
}

/// A choice of named values; `true` when another one was chosen.
pub fn choice<T: Named>(ui: &mut Ui, setting: &Setting, value: &mut T) -> bool {
    choice_of(ui, setting, value, T::ALL)
}

/// A choice of some of a setting's named values; `true` when another one was chosen.
pub fn choice_of<T: Named>(ui: &mut Ui, setting: &Setting, value: &mut T, offered: &[T]) -> bool {
    let name = |value: &T| setting_words::value_label(setting, value.called());
    let names: Vec<_> = offered.iter().map(|value| (*value, name(value))).collect();
    let options: Vec<(T, &str)> = names.iter().map(|(value, name)| (*value, &**name)).collect();
    choice_between(ui, &setting_words::label(setting), &setting_words::tooltip(setting), value, &options)
}

/// A choice of values, each with its name, that have names here alone; `hint` is the tooltip; `true` when another one was chosen.
pub fn choice_between<T: Copy + PartialEq>(
    ui: &mut Ui,
    label: &str,
    hint: &str,
    value: &mut T,
    options: &[(T, &str)],
) -> bool {
    let before = *value;
    row(ui, label, hint, |ui| {
        let selected = options.iter().find(|option| option.0 == *value).map_or("", |option| option.1);
        // Its place in the form: the label changes with the language.
        let list = ComboBox::from_id_salt(ui.next_auto_id()).width(96.0).selected_text(selected);
        let entries = |ui: &mut Ui| {
            for (option, name) in options {
                ui.selectable_value(value, *option, *name);
            }
        };
        dropdown::show(ui, list, entries).response
    });
    before != *value
}

/// A box to tick, with `words` beside it.
pub fn switch(ui: &mut Ui, setting: &Setting, value: &mut bool, words: &str) {
    setting_row(ui, setting, |ui| ui.checkbox(value, words));
}

/// A block of rows whose labels and controls line up.
pub fn form(ui: &mut Ui, name: &str, rows: impl FnOnce(&mut Ui)) {
    form_with_labels(ui, name, LABELS, rows);
}

/// A block of rows with labels of at least `width` points: several blocks with one width line up.
pub fn form_with_labels(ui: &mut Ui, name: &str, width: f32, rows: impl FnOnce(&mut Ui)) {
    Grid::new(name).num_columns(2).min_col_width(width).spacing([8.0, 4.0]).show(ui, rows);
}
