//! Letters that no installed font has, and the packages that bring them.

use std::collections::BTreeSet;

use crate::language::{Language, text};

/// A group of letters that one package of fonts has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterGroup {
    /// Chinese, Japanese and Korean.
    EastAsian,
    /// All other writing.
    Other,
}

impl LetterGroup {
    /// The group of `letter`, by Unicode's blocks.
    pub fn of(letter: char) -> Self {
        let is_east_asian = matches!(letter, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}'
            | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}'
            | '\u{20000}'..='\u{3ffff}');
        if is_east_asian { Self::EastAsian } else { Self::Other }
    }

    /// The package of Debian and Ubuntu.
    fn debian(self) -> &'static str {
        match self {
            Self::EastAsian => "fonts-noto-cjk",
            Self::Other => "fonts-noto-core",
        }
    }

    /// The package of Fedora.
    fn fedora(self) -> &'static str {
        match self {
            Self::EastAsian => "google-noto-sans-cjk-fonts",
            Self::Other => "google-noto-fonts-all",
        }
    }
}

/// The packages with the fonts for some letters, as the arguments of an installer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packages {
    /// Of Debian and Ubuntu.
    pub debian: String,
    /// Of Fedora.
    pub fedora: String,
}

impl Packages {
    /// Those that have all of `letters`.
    pub fn with_letters(letters: impl IntoIterator<Item = char>) -> Self {
        let groups: BTreeSet<LetterGroup> = letters.into_iter().map(LetterGroup::of).collect();
        let names = |name: fn(LetterGroup) -> &'static str| {
            groups.iter().copied().map(name).collect::<Vec<_>>().join(" ")
        };
        Self { debian: names(LetterGroup::debian), fedora: names(LetterGroup::fedora) }
    }
}

/// What a person is told whose folder has names with `letters`, for which there is no font.
pub(super) fn without_font(letters: &[char]) -> String {
    let codes: Vec<String> = letters.iter().map(|letter| format!("U+{:04X}", u32::from(*letter))).collect();
    let Packages { debian, fedora } = Packages::with_letters(letters.iter().copied());
    text!(
        "letters-without-font",
        codes = codes.join(&text!("between-names")),
        debian = debian,
        fedora = fedora
    )
}

/// What a person is told whose language cannot be drawn.
pub(super) fn language_without_font(language: Language) -> String {
    let Packages { debian, fedora } = Packages::with_letters(language.sample());
    text!("language-not-drawn", name = language.english_name(), debian = debian, fedora = fedora)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_japanese_and_korean_share_a_package() {
        for letter in "录ろ한㈱".chars() {
            assert_eq!(Packages::with_letters([letter]).debian, "fonts-noto-cjk", "{letter}");
        }
        assert_eq!(Packages::with_letters(['अ']).debian, "fonts-noto-core");
        assert!(without_font(&['한']).contains("apt install fonts-noto-cjk"));
    }

    #[test]
    fn every_package_that_is_needed_is_named_once() {
        let notice = without_font(&['录', '한', 'अ']);
        assert!(notice.contains("apt install fonts-noto-cjk fonts-noto-core."), "{notice}");
        assert!(notice.contains("dnf install google-noto-sans-cjk-fonts google-noto-fonts-all."), "{notice}");
        assert!(
            notice.contains("U+5F55") && notice.contains("U+D55C") && notice.contains("U+0905"),
            "{notice}"
        );
    }

    #[test]
    fn a_language_that_cannot_be_drawn_names_its_packages() {
        let notice = language_without_font(Language::Chinese);
        assert!(notice.contains("Simplified Chinese") && notice.contains("fonts-noto-cjk."), "{notice}");
    }
}
