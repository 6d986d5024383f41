//! The system's fonts, for letters that egui's own lack, such as those of Chinese.
//!
//! Listing them takes 12 ms where 161 are installed, and hundreds where thousands are. It is done once, on a thread of its own that starts
//! before the graphics (55 ms and more): the first frame in Chinese does not wait for it. Exported figures share the list.

use std::sync::{Arc, LazyLock};

use eframe::egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use egui_system_font_provider::SystemFontProvider;

use crate::language::forms_of_chinese_characters;

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| {
    let fonts = SystemFontProvider::new();
    Arc::new(Fonts(match forms_of_chinese_characters() {
        Some(language) => fonts.with_locale(Some(language)),
        None => fonts,
    }))
});

/// The system's fonts, Chinese characters in the forms of [`forms_of_chinese_characters`] where the system's own choice does not come
/// first: fontconfig's sans-serif does, and may be a Japanese one on a system in English. A full-width mark such as `：`, which belongs to no script,
/// has the font of the characters beside it.
struct Fonts(SystemFontProvider);

/// A character whose font full-width marks take.
const CHARACTER: &str = "录";

impl FontProvider for Fonts {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let is_wide_mark = |c: char| matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}');
        if request.cluster.starts_with(is_wide_mark)
            && let Some(font) = self.0.font_for(&FallbackRequest { cluster: CHARACTER, ..*request })
        {
            return Some(font);
        }
        self.0.font_for(request)
    }
}

/// Begins to list the fonts, unless that has begun.
pub fn begin_listing() {
    LazyLock::force(&FONTS);
}

/// What egui asks for a font with a letter; it waits until the fonts are listed.
pub fn provider() -> Arc<dyn FontProvider> {
    Arc::<Fonts>::clone(&FONTS)
}

#[cfg(test)]
mod tests {
    use eframe::egui::FontFamily;

    use super::*;

    #[test]
    fn a_full_width_mark_has_the_font_of_the_characters() {
        let family = &FontFamily::Proportional;
        let font = |cluster| provider().font_for(&FallbackRequest { cluster, family }).map(|font| font.name);
        assert_eq!(font("：").is_some(), font("录").is_some());
        if let (Some(mark), Some(character)) = (font("："), font("录")) {
            assert_eq!(mark, character);
        }
    }

    #[test]
    fn the_fonts_are_listed_once() {
        begin_listing();
        assert!(Arc::ptr_eq(&provider(), &provider()));
    }
}
