//! Form rows: a label and its control, linked for screen readers.

use eframe::egui::{self, DragValue, Id, Response, RichText, Ui, emath::Numeric};

use crate::app::theme::palette;

/// Key in egui's memory of the reason why fields are disabled, while they are drawn.
const HELD: &str = "held fields";

/// Draws `fields`, disabled if there is a `reason`, which the tooltips then show.
pub fn held(ui: &mut Ui, reason: Option<&'static str>, fields: impl FnOnce(&mut Ui)) {
    let id = Id::unique(HELD);
    if let Some(reason) = reason {
        ui.data_mut(|data| data.insert_temp(id, reason));
    }
    ui.add_enabled_ui(reason.is_none(), fields);
    ui.data_mut(|data| data.remove_temp::<&'static str>(id));
}

/// An optional number: a check box, and the number once it is ticked. `first` is the value it then starts with.
pub fn optional<N: Numeric>(
    ui: &mut Ui,
    (label, hint): (&str, &str),
    value: &mut Option<N>,
    (first, range, suffix): (N, std::ops::RangeInclusive<N>, &'static str),
) {
    row(ui, label, hint, |ui| {
        ui.horizontal(|ui| {
            let mut on = value.is_some();
            let mut response = ui.checkbox(&mut on, "").accessible_name(label);
            if response.changed() {
                *value = on.then_some(first);
            }
            if let Some(number) = value {
                let speed = if N::INTEGRAL { 0.1 } else { 0.01 };
                let drag = DragValue::new(number).range(range).speed(speed).suffix(suffix);
                response |= ui.add_sized([70.0, 22.0], drag.update_while_editing(false));
            } else {
                ui.weak("off");
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
    if let Some(why) = ui.data(|data| data.get_temp::<&'static str>(Id::unique(HELD))) {
        response = response.on_disabled_hover_text(format!("{hint}. {why}"));
    }
    ui.end_row();
    response
}

/// A number to drag or type; `true` when its value changed.
pub fn number<N: Numeric>(
    ui: &mut Ui,
    (label, hint): (&str, &str),
    value: &mut N,
    range: std::ops::RangeInclusive<N>,
    suffix: &'static str,
) -> bool {
    let span = range.end().to_f64() - range.start().to_f64();
    let speed = if N::INTEGRAL { (span / 400.0).clamp(0.05, 20.0) } else { span / 500.0 };
    let drag = DragValue::new(value).range(range).speed(speed).suffix(suffix).update_while_editing(false);
    row(ui, label, hint, |ui| ui.add_sized([96.0, 22.0], drag)).changed()
}

/// Seconds to drag by hundredths or type; `true` when the value changed.
pub fn seconds(
    ui: &mut Ui,
    (label, hint): (&str, &str),
    value: &mut f64,
    range: std::ops::RangeInclusive<f64>,
) -> bool {
    let drag = DragValue::new(value).range(range).speed(0.01).max_decimals(3).suffix(" s");
    let drag = drag.update_while_editing(false).clamp_existing_to_range(false);
    row(ui, label, hint, |ui| ui.add_sized([96.0, 22.0], drag)).changed()
}

/// A choice of a few named values; `true` when the choice changed.
pub fn choice<T: Copy + PartialEq>(
    ui: &mut Ui,
    (label, hint): (&str, &str),
    value: &mut T,
    options: &[(T, &str)],
) -> bool {
    let before = *value;
    row(ui, label, hint, |ui| {
        let selected = options.iter().find(|option| option.0 == *value).map_or("", |option| option.1);
        egui::ComboBox::from_id_salt(label)
            .width(96.0)
            .selected_text(selected)
            .show_ui(ui, |ui| {
                for (option, name) in options {
                    ui.selectable_value(value, *option, *name);
                }
            })
            .response
    });
    before != *value
}

/// A grid of rows with aligned labels and controls.
pub fn form(ui: &mut Ui, name: &str, rows: impl FnOnce(&mut Ui)) {
    egui::Grid::new(name).num_columns(2).min_col_width(92.0).spacing([8.0, 4.0]).show(ui, rows);
}
