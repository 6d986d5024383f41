//! The system's fonts, for letters that egui's own lack, such as those of Chinese.
//!
//! Listing them takes 12 ms where 161 are installed, and hundreds where thousands are. It is done once for each of two queries, on threads that start
//! before the graphics (55 ms and more): the first frame in Chinese does not wait for it. Exported figures share the list.

use std::{
    sync::{Arc, LazyLock},
    thread,
};

use eframe::egui::{
    epaint::text::{FallbackRequest, FontInsert, FontPriority, FontProvider, InsertFontFamily},
    mutex::Mutex,
};
use egui_system_font_provider::SystemFontProvider;
use fontique::{
    Collection, CollectionOptions, FallbackKey, Language, QueryFamily, QueryFont, QueryStatus, Script,
    SourceCache, SourceCacheOptions,
};

use crate::language::forms_of_chinese_characters;

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts(SystemFontProvider::new())));

/// Fonts of Chinese characters in the forms of [`forms_of_chinese_characters`]; `None` where the system's own choice has the right forms.
static CHINESE: LazyLock<Option<Mutex<ChineseFonts>>> =
    LazyLock::new(|| forms_of_chinese_characters().map(|forms| Mutex::new(ChineseFonts::new(forms))));

/// The system's fonts; all letters that [`CHINESE`] has no font for are left to the provider.
struct Fonts(SystemFontProvider);

/// A character whose font full-width marks take: a mark such as `：` belongs to no script.
const CHARACTER: char = '录';

impl FontProvider for Fonts {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let first = request.cluster.chars().next()?;
        let is_mark = is_full_width_mark(first);
        if is_mark || is_chinese_character(first) {
            let wanted = if is_mark { CHARACTER } else { first };
            if let Some(chinese) = &*CHINESE
                && let Some(font) = chinese.lock().font_for(wanted, request)
            {
                return Some(font);
            }
            let cluster = wanted.to_string();
            if let Some(font) = self.0.font_for(&FallbackRequest { cluster: &cluster, ..*request }) {
                return Some(font);
            }
        }
        self.0.font_for(request)
    }
}

fn is_full_width_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}

fn is_chinese_character(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Fonts of Chinese characters in the forms of one language.
///
/// A query for a script and a language alone: [`SystemFontProvider`] asks for the system's sans-serif first, which fontconfig completes with a
/// Japanese font on a system in English.
struct ChineseFonts {
    collection: Collection,
    sources: SourceCache,
    language: Option<Language>,
}

impl ChineseFonts {
    fn new(forms: &str) -> Self {
        let options = CollectionOptions { shared: false, system_fonts: true };
        Self {
            collection: Collection::new(options),
            sources: SourceCache::new(SourceCacheOptions::default()),
            language: Language::parse(forms).ok(),
        }
    }

    /// The first font with `character`; sans-serif, as fonts of this language are by default.
    fn font_for(&mut self, character: char, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let mut query = self.collection.query(&mut self.sources);
        query.set_families(std::iter::empty::<QueryFamily<'_>>());
        query.set_fallbacks(FallbackKey::new(Script::from_bytes(*b"Hani"), self.language.as_ref()));
        let mut found: Option<QueryFont> = None;
        query.matches_with(|font| {
            let glyph = font.charmap().and_then(|glyphs| glyphs.map(character));
            if glyph.is_none_or(|glyph| glyph == 0) {
                return QueryStatus::Continue;
            }
            found = Some(font.clone());
            QueryStatus::Stop
        });
        drop(query);
        let font = found?;
        let name = self.collection.family_name(font.family.0).unwrap_or("unknown");
        let name = format!("system:{name}:{}:{}", font.family.1, font.index);
        log::debug!("{name:?} has {character:?}");
        Some(FontInsert {
            name,
            data: eframe::egui::FontData::from_blob(font.blob.into_raw_parts().0, font.index),
            families: vec![InsertFontFamily {
                family: request.family.clone(),
                priority: FontPriority::Lowest,
            }],
        })
    }
}

/// Begins to list the fonts, unless that has begun; does not wait for it.
pub fn begin_listing() {
    // The provider lists them on a thread of its own.
    LazyLock::force(&FONTS);
    let listing = thread::Builder::new().name("Chinese fonts".to_owned()).spawn(|| {
        LazyLock::force(&CHINESE);
    });
    if let Err(error) = listing {
        log::warn!(
            "could not start a thread for the list of fonts: {error}; the first Chinese character waits for it"
        );
    }
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
    fn chinese_characters_have_the_forms_asked_for() {
        let family = &FontFamily::Proportional;
        let name = |forms| {
            let request = FallbackRequest { cluster: "录", family };
            ChineseFonts::new(forms).font_for(CHARACTER, &request).map(|font| font.name)
        };
        // Noto and Source Han have one family for each of the four forms.
        let (chinese, japanese) = (name("zh-Hans"), name("ja"));
        assert_eq!(chinese.is_some(), japanese.is_some());
        if let (Some(chinese), Some(japanese)) = (chinese, japanese)
            && japanese.contains(" JP")
        {
            assert!(chinese.contains(" SC"), "{chinese}");
        }
    }

    #[test]
    fn the_fonts_are_listed_once() {
        begin_listing();
        assert!(Arc::ptr_eq(&provider(), &provider()));
    }
}
