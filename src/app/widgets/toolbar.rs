//! Toolbars: controls from left to right, continued on the next line where the window is narrow.

use eframe::egui::{
    Align, Color32, Label, Layout, Response, RichText, TextStyle, TextWrapMode, Ui, Vec2, WidgetText,
};

use crate::app::theme::{ROW, palette};

/// Draws `contents` on as many lines as they need.
pub fn show<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW);
        contents(ui)
    })
    .inner
}

/// Draws what egui puts together from several controls, such as a slider with its value: it goes to the next line as a whole where
/// `width` points do not fit.
pub fn group<R>(ui: &mut Ui, width: f32, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let row = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(Vec2::new(width, ROW), row, contents).inner
}

/// A text in a toolbar. It stays in one piece: where it does not fit it goes to the next line, and only what is longer than a
/// whole line takes several.
pub fn words(ui: &mut Ui, text: impl Into<RichText>) -> Response {
    let text = text.into();
    let all = WidgetText::from(text.clone());
    let galley = all.into_galley(ui, Some(TextWrapMode::Extend), f32::INFINITY, TextStyle::Body);
    if galley.size().x <= ui.max_rect().width() {
        return ui.add(Label::new(text).extend());
    }
    ui.end_row();
    ui.add(Label::new(text).wrap())
}

/// Width of a text on one line, in points.
pub fn width(ui: &Ui, text: RichText) -> f32 {
    WidgetText::from(text)
        .into_galley(ui, Some(TextWrapMode::Extend), f32::INFINITY, TextStyle::Body)
        .size()
        .x
}

/// A small text in a toolbar, such as the name of a group of buttons.
pub fn small_words(ui: &mut Ui, text: &str, colour: Color32) -> Response {
    words(ui, RichText::new(text).small().color(colour))
}

/// A line between two groups of controls, of which the second begins with a control of `next` points; none where that goes to the
/// next line.
pub fn separator(ui: &mut Ui, next: f32) {
    // egui's separator is as wide as six points of spacing and its own gaps.
    let line = 6.0 + 2.0 * ui.spacing().item_spacing.x;
    if line + next > ui.available_size_before_wrap().x {
        ui.end_row();
    } else {
        ui.separator();
    }
}

/// Width of a button with this face.
pub fn button_width(ui: &Ui, text: &str) -> f32 {
    let galley =
        WidgetText::from(text).into_galley(ui, Some(TextWrapMode::Extend), f32::INFINITY, TextStyle::Button);
    galley.size().x + 2.0 * ui.spacing().button_padding.x
}

/// The name of a group of buttons, on one line with the first of them, whose face is `first`.
pub fn group_name(ui: &mut Ui, text: &str, first: &str) -> Response {
    let button = button_width(ui, first);
    name_before(ui, text, button)
}

/// A small text on one line with the controls behind it, which take `next` points.
pub fn name_before(ui: &mut Ui, text: &str, next: f32) -> Response {
    let own = width(ui, RichText::new(text).small()).ceil();
    if own + ui.spacing().item_spacing.x + next > ui.available_size_before_wrap().x {
        ui.end_row();
    }
    // The first of a line is not centred on what comes behind it unless it is as high.
    group(ui, own, |ui| small_words(ui, text, palette(ui).text_weak))
}
