//! The choice of the window's language.

use eframe::egui::{Popup, Ui};

use crate::{
    app::{
        context::PanelContext,
        letters,
        widgets::icon_button::{self, Icon},
    },
    language::{Language, LanguageChoice, text},
    session::{
        Command,
        letters::{debian_package, fedora_package},
    },
};

/// A button with the menu of languages.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let button = icon_button::show(ui, Icon::Globe, &text!("language"), false);
    let button = button.on_hover_text(text!("language-help"));
    Popup::menu(&button).show(|ui| entries(ui, context));
}

fn entries(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let chosen = context.state.settings.language;
    let system = text!("language-system", name = context.memory.system_language.name());
    if ui.selectable_label(chosen == LanguageChoice::System, system).clicked() {
        context.send(Command::SetLanguage(LanguageChoice::System));
        ui.close();
    }
    for language in Language::ALL {
        let choice = LanguageChoice::Fixed(language);
        if !letters::can_draw(ui.ctx(), language) {
            without_font(ui, language);
        } else if ui.selectable_label(chosen == choice, language.name()).clicked() {
            context.send(Command::SetLanguage(choice));
            ui.close();
        }
    }
}

/// A language whose letters would be boxes: its name in English, and the packages with a font.
fn without_font(ui: &mut Ui, language: Language) {
    let letter = language.sample().unwrap_or_default();
    ui.set_max_width(360.0);
    ui.weak(text!(
        "language-without-font",
        name = language.english_name(),
        debian = debian_package(letter),
        fedora = fedora_package(letter)
    ));
}
