//! The system's fonts, for letters that egui's own lack, such as those of Chinese.
//!
//! Listing them takes 12 ms where 161 are installed, and hundreds where thousands are. It is done once, on a thread of its own that starts
//! before the graphics (55 ms and more): the first frame in Chinese does not wait for it. Exported figures share the list.

use std::sync::{Arc, LazyLock};

use eframe::egui::epaint::text::FontProvider;
use egui_system_font_provider::SystemFontProvider;

use crate::language::forms_of_chinese_characters;

static FONTS: LazyLock<Arc<SystemFontProvider>> = LazyLock::new(|| {
    let fonts = SystemFontProvider::new();
    Arc::new(match forms_of_chinese_characters() {
        Some(language) => fonts.with_locale(Some(language)),
        None => fonts,
    })
});

/// Begins to list the fonts, unless that has begun.
pub fn begin_listing() {
    LazyLock::force(&FONTS);
}

/// What egui asks for a font with a letter; it waits until the fonts are listed.
pub fn provider() -> Arc<dyn FontProvider> {
    Arc::<SystemFontProvider>::clone(&FONTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_are_listed_once() {
        begin_listing();
        assert!(Arc::ptr_eq(&provider(), &provider()));
    }
}
