//! Plots, pictures and meters for screen readers, which see nothing of their curves and pixels: role, name, and a value in words.

use std::ops::RangeInclusive;

use eframe::egui::{Id, Response, Role, Ui, WidgetInfo, accesskit::Node};

use crate::{app::format, language::text};

/// A picture: `name` says what it shows, `value` sums up what can be seen on it.
pub fn picture(response: &Response, name: &str, value: &str) {
    with_role(response, Role::Image, name, value);
}

/// As [`picture`], for what has another role, such as the map.
pub fn with_role(response: &Response, role: Role, name: &str, value: &str) {
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(value.to_owned()),
        ..WidgetInfo::labeled(role, response.enabled(), name)
    });
    describe(response, value);
}

/// A meter with its value as a number and in words.
pub fn meter(response: &Response, name: &str, range: RangeInclusive<f64>, number: f64, value: &str) {
    with_role(response, Role::Meter, name, value);
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(*range.start());
        node.set_max_numeric_value(*range.end());
        node.set_numeric_value(number.clamp(*range.start(), *range.end()));
    });
}

/// Adds the ends of its range to a slider.
pub fn range(response: &Response, range: RangeInclusive<f64>) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(*range.start());
        node.set_max_numeric_value(*range.end());
    });
}

/// Says more about a control that has a name already.
pub fn describe(response: &Response, words: &str) {
    response.ctx.accesskit_node_builder(response.id, |node| node.set_description(words));
}

/// Names a button whose face is a symbol.
pub fn face(response: Response, name: &str) -> Response {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, response.enabled(), name));
    plain_button(&response);
    response
}

/// Makes a button that is drawn as pressed while something goes on a plain button: its name changes instead, from *Play* to *Stop*.
pub fn plain_button(response: &Response) {
    response.ctx.accesskit_node_builder(response.id, Node::clear_toggled);
}

/// Names the handle that resizes the panel `id_salt` of `ui`; call it after the panel was shown.
pub fn splitter(ui: &Ui, id_salt: &str, name: &str) {
    ui.ctx().accesskit_node_builder(edge_of_panel(ui, id_salt), |node| node.set_label(name));
}

/// The handle that resizes the panel `id_salt` of `ui`, as egui makes it.
pub fn edge_of_panel(ui: &Ui, id_salt: &str) -> Id {
    ui.scope_id().with(id_salt).with("__resize")
}

/// Duration and peak of a waveform.
pub fn of_waveform(secs: f64, peak: f32) -> String {
    text!("reader-waveform-value", seconds = format::seconds(secs), peak = format::fixed(peak, 2))
}

/// Size and colour range of an image, with the unit of its values.
pub fn of_image((rows, columns): (usize, usize), range: (f32, f32), unit: &str) -> String {
    text!("reader-image-value", rows = rows, columns = columns, range = of_range(range, unit))
}

/// The ends of a range of values.
pub fn of_range((low, high): (f32, f32), unit: &str) -> String {
    let [low, high] = [low, high].map(|value| format::tick(f64::from(value)));
    // Some units are ranges themselves.
    let unit = if unit.contains("..") { "" } else { unit };
    text!("reader-range", low = low, high = high, unit = unit).trim_end().to_owned()
}

/// A list of things in words.
pub fn list(words: impl IntoIterator<Item = String>) -> String {
    let joined = words.into_iter().reduce(|before, last| text!("reader-list", before = before, last = last));
    joined.unwrap_or_else(|| text!("reader-nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_summed_up_with_their_units() {
        assert_eq!(of_waveform(0.74, 0.62), "0.740 s, peak 0.62");
        assert_eq!(of_image((257, 64), (-80.0, 0.0), "dB"), "257 × 64, −80 to 0 dB");
        assert_eq!(of_image((1025, 3000), (0.0, 1.0), "0..1"), "1,025 × 3,000, 0 to 1");
    }

    #[test]
    fn a_list_may_be_empty() {
        assert_eq!(
            list(["training 0.0034".to_owned(), "validation 0.0041".to_owned()]),
            "training 0.0034, validation 0.0041"
        );
        assert_eq!(list([]), "nothing yet");
    }
}
