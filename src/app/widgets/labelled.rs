//! A label with its control beside it, tied together for screen readers.

use eframe::egui::{self, DragValue, Response, RichText, Ui, emath::Numeric};

use crate::app::theme::palette;

/// One row of a two-column grid: `label`, then what `control` draws; `hint` shows when either is pointed at.
pub fn row(ui: &mut Ui, label: &str, hint: &str, control: impl FnOnce(&mut Ui) -> Response) -> Response {
    let name = ui.label(RichText::new(label).color(palette(ui).text_weak)).on_hover_text(hint);
    let response = control(ui).labelled_by(name.id).on_hover_text(hint);
    ui.end_row();
    response
}

/// A number that is dragged or typed; `true` when it was changed to another value.
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

/// A choice of a few named values; `true` when another one was chosen.
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

/// A block of rows whose labels and controls line up.
pub fn form(ui: &mut Ui, name: &str, rows: impl FnOnce(&mut Ui)) {
    egui::Grid::new(name).num_columns(2).min_col_width(92.0).spacing([8.0, 4.0]).show(ui, rows);
}
