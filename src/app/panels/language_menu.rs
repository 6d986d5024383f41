//! The choice of the window's language.

use eframe::egui::{Popup, RichText, Ui};

use crate::{
    app::{
        context::PanelContext,
        letters,
        theme::palette,
        widgets::{
            icon_button::{self, Icon},
            menu_text,
        },
    },
    language::{Language, LanguageChoice, text},
    session::{Command, letters::Packages},
};

/// Width of the text about a missing font, in points.
const TEXT_WIDTH: f32 = 360.0;

/// A button with the menu of languages.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let button = icon_button::show(ui, Icon::Globe, &text!("language"), false);
    let button = button.on_hover_text(text!("language-help"));
    Popup::menu(&button).show(|ui| entries(ui, context));
}

/// The languages as entries of a menu that is open: egui closes a menu when another opens in it.
pub fn entries(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let chosen = context.state.settings.language;
    let system = text!("language-system", name = letters::name_of(ui.ctx(), context.memory.system_language));
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
    let Packages { debian, fedora } = Packages::with_letters(language.sample());
    let name = language.english_name();
    let words = text!("language-without-font", name = name, debian = debian, fedora = fedora);
    menu_text::show(ui, RichText::new(words).color(palette(ui).text_weak), TEXT_WIDTH);
}
