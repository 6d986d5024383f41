//! The two fields above the list of recordings: search, and the pattern that reads classes from names.

use eframe::egui::{Id, Key, Label, Margin, Response, RichText, TextEdit, TextStyle, Ui};

use crate::{
    app::{
        context::PanelContext,
        memory::library::PatternEdit,
        theme::palette,
        widgets::{
            icon_button::{self, Icon},
            toolbar,
        },
    },
    language::text,
    pipeline::labels::{PatternFault, check_pattern},
    session::LibraryCommand,
};

/// Room for the text cursor after the pattern, in points.
const CURSOR: f32 = 4.0;
const MARGIN: Margin = Margin::symmetric(6, 4);

/// Whether Escape was pressed in the field; egui takes the focus from it in the same frame.
fn is_escaped(ui: &Ui, field: &Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape))
}

/// The search field; Escape and a button clear it.
pub fn search(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let mut text = context.state.library.search.clone();
    let has_button = !text.is_empty();
    ui.horizontal(|ui| {
        let room = if has_button { icon_button::WIDTH + ui.spacing().item_spacing.x } else { 0.0 };
        let field = TextEdit::singleline(&mut text)
            .id(Id::unique("search recordings"))
            .hint_text(text!("library-search-hint"))
            .desired_width(f32::INFINITY)
            .margin(MARGIN);
        let response = toolbar::group(ui, ui.available_width() - room, |ui| ui.add(field));
        let response = response.accessible_name(text!("library-search"));
        if std::mem::take(&mut context.memory.focus_search) {
            response.request_focus();
        }
        let name = text!("library-clear-search");
        let is_cleared =
            has_button && icon_button::quiet(ui, Icon::Cross, &name, false).on_hover_text(&name).clicked();
        if is_cleared || is_escaped(ui, &response) {
            text.clear();
        }
    });
    if text != context.state.library.search {
        context.send(LibraryCommand::Search(text));
    }
}

/// The pattern of classes. One that cannot be used is refused here: the classes stay, and Escape or Ctrl+Z brings the old pattern back.
pub fn pattern(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let applied = &context.state.library.label_pattern;
    let edit = &mut context.memory.list.pattern;
    if edit.applied != *applied {
        // Another folder was opened, or a pattern that was typed is in use.
        *edit =
            PatternEdit { applied: applied.clone(), before: edit.before.take(), ..PatternEdit::default() };
    }
    let mut text = edit.refused.clone().unwrap_or_else(|| applied.clone());
    let shown_text = text.clone();
    let hint = text!("library-pattern-help");
    let colour = edit.refused.is_some().then(|| palette(ui).error);
    let name = RichText::new(text!("library-pattern")).small().color(palette(ui).text_weak);
    let field = TextEdit::singleline(&mut text)
        .id(Id::unique("pattern of classes"))
        .hint_text(text!("library-pattern-hint"))
        .desired_width(f32::INFINITY)
        .font(TextStyle::Monospace)
        .text_color_opt(colour)
        .margin(MARGIN);
    let draw = |ui: &mut Ui| {
        let label = ui.label(name.clone()).on_hover_text(&hint);
        ui.add(field).labelled_by(label.id).on_hover_text(&hint)
    };
    // The whole pattern is in sight, below its name where there is no room beside it.
    let pattern_width = toolbar::width(ui, RichText::new(&shown_text).monospace()) + MARGIN.sum().x + CURSOR;
    let needed = toolbar::width(ui, name.clone()) + ui.spacing().item_spacing.x + pattern_width;
    let response =
        if needed <= ui.available_width() { ui.horizontal(draw).inner } else { ui.vertical(draw).inner };
    if response.gained_focus() {
        edit.before = Some(applied.clone());
    }
    let is_escaped = is_escaped(ui, &response);
    if is_escaped {
        text = edit.before.take().unwrap_or_else(|| applied.clone());
    }
    let fault = check_pattern(&text).err();
    if response.changed() || is_escaped {
        edit.is_told = false;
    }
    if fault.is_some() && response.lost_focus() {
        edit.is_told = true;
    }
    edit.refused = fault.is_some().then(|| text.clone());
    if let (Some(fault), true) = (fault, edit.is_told) {
        ui.add(Label::new(RichText::new(words(fault)).small().color(palette(ui).error)).wrap());
    }
    if fault.is_none() && text != *applied {
        context.send(LibraryCommand::SetLabelPattern(text));
    }
}

/// What is wrong with a pattern.
fn words(fault: PatternFault) -> String {
    match fault {
        PatternFault::Braces => text!("library-pattern-braces"),
        PatternFault::NoClass => text!("library-pattern-no-class", class = "{class}"),
    }
}
