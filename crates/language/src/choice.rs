//! The languages of the window, and a person's choice among them.

use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// A language of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All languages, in the order of a menu.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
        }
    }

    /// Its name in English.
    pub fn english_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "Simplified Chinese",
        }
    }

    /// Its BCP 47 tag, which is also the name of its folder in `assets/languages`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// Letters of its own that a font must have for it.
    pub fn sample(self) -> Option<char> {
        match self {
            Self::English => None,
            Self::Chinese => Some('录'),
        }
    }

    /// The tag for Fluent, whose plural forms depend on it.
    pub(crate) fn identifier(self) -> LanguageIdentifier {
        self.code().parse().unwrap_or_default()
    }

    /// The language for a system whose languages have these tags, first choice first: the first that the window speaks. Every kind of
    /// Chinese counts as one.
    fn of_tags(tags: impl IntoIterator<Item = String>) -> Self {
        let spoken = |tag: String| {
            let language = tag.split(['-', '_', '.']).next().unwrap_or_default().to_ascii_lowercase();
            match language.as_str() {
                "zh" => Some(Self::Chinese),
                "en" => Some(Self::English),
                _ => None,
            }
        };
        tags.into_iter().find_map(spoken).unwrap_or_default()
    }
}

/// What a person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LanguageChoice {
    /// The system's language where the window speaks it, else English.
    #[default]
    System,
    /// This language.
    Fixed(Language),
}

impl LanguageChoice {
    /// The language chosen, on a system that prefers `system`.
    pub fn language(self, system: Language) -> Language {
        match self {
            Self::System => system,
            Self::Fixed(language) => language,
        }
    }
}

/// The system's language as far as the window speaks it; asks the system each time.
pub fn system() -> Language {
    Language::of_tags(sys_locale::get_locales())
}

/// The language in whose forms a system's fonts should draw Chinese characters, which Chinese, Japanese and Korean fonts draw each in
/// their own: `None` for the system's own where it is one of these three, else that of the window's Chinese. Asks the system each time.
pub fn forms_of_chinese_characters() -> Option<&'static str> {
    forms(sys_locale::get_locales())
}

fn forms(tags: impl IntoIterator<Item = String>) -> Option<&'static str> {
    let has_own = |tag: &String| {
        ["zh", "ja", "ko"].iter().any(|language| tag.to_ascii_lowercase().starts_with(language))
    };
    if tags.into_iter().next().as_ref().is_some_and(has_own) { None } else { Some("zh-Hans") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tags: &[&str]) -> Language {
        Language::of_tags(tags.iter().map(|tag| (*tag).to_owned()))
    }

    #[test]
    fn the_first_language_that_the_window_speaks_is_taken() {
        assert_eq!(of(&["zh-CN"]), Language::Chinese);
        assert_eq!(of(&["zh_Hans_SG"]), Language::Chinese);
        assert_eq!(of(&["de-DE", "zh-CN", "en"]), Language::Chinese);
        assert_eq!(of(&["en-GB", "zh-CN"]), Language::English);
        assert_eq!(of(&["C.UTF-8"]), Language::English);
        assert_eq!(of(&[]), Language::English);
    }

    #[test]
    fn chinese_characters_look_chinese_where_the_system_has_no_form_of_its_own() {
        let of = |tags: &[&str]| forms(tags.iter().map(|tag| (*tag).to_owned()));
        assert_eq!(of(&["en-US", "ja"]), Some("zh-Hans"));
        assert_eq!(of(&["C.UTF-8"]), Some("zh-Hans"));
        assert_eq!(of(&[]), Some("zh-Hans"));
        assert_eq!(of(&["zh-TW"]), None);
        assert_eq!(of(&["ja_JP", "en"]), None);
    }

    #[test]
    fn a_choice_overrides_the_system() {
        assert_eq!(LanguageChoice::System.language(Language::Chinese), Language::Chinese);
        assert_eq!(LanguageChoice::Fixed(Language::English).language(Language::Chinese), Language::English);
    }
}
