//! Letters that no installed font has, and the package that brings them.

use crate::language::text;

/// What a person is told whose recordings have names with `letter`, for which there is no font.
pub(super) fn without_font(letter: char) -> String {
    let code = format!("{:04X}", u32::from(letter));
    text!(
        "letters-without-font",
        code = code,
        debian = debian_package(letter),
        fedora = fedora_package(letter)
    )
}

/// The package of Debian and Ubuntu with a font that has `letter`.
pub fn debian_package(letter: char) -> &'static str {
    if is_east_asian(letter) { "fonts-noto-cjk" } else { "fonts-noto-core" }
}

/// The package of Fedora with a font that has `letter`.
pub fn fedora_package(letter: char) -> &'static str {
    if is_east_asian(letter) { "google-noto-sans-cjk-fonts" } else { "google-noto-fonts-all" }
}

/// Whether the letter is Chinese, Japanese or Korean, by Unicode's blocks.
fn is_east_asian(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_japanese_and_korean_share_a_package() {
        for letter in "录ろ한㈱".chars() {
            assert_eq!(debian_package(letter), "fonts-noto-cjk", "{letter}");
        }
        assert_eq!(debian_package('अ'), "fonts-noto-core");
        assert!(without_font('한').contains("apt install fonts-noto-cjk"));
    }
}
