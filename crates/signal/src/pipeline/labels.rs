//! Classes from file names, by a pattern such as `{class}_{group}_{index}`.

use std::{borrow::Cow, collections::HashSet, path::Path};

use crate::audio::piece;
use timbrespace_base::names::text_of;

/// Patterns that are tried on file names, in this order.
const CANDIDATES: [&str; 5] =
    ["{class}_{group}_{index}", "{class}_{index}", "{class}-{index}", "{class} {index}", "{class}{index}"];

/// The field that stands for digits only, and numbers the recordings of one kind.
pub const INDEX: &str = "index";

/// The class of `relative`: by `pattern` on the file's stem, or, where the pattern is empty or does not
/// match, the name of the parent folder; files at the top of a folder without a match have class `""`.
///
/// `{class}` and any other name in braces stand for at least one character, as few as possible, `{index}`
/// for digits only; everything else must be there literally.
///
/// ```
/// use std::path::Path;
/// use timbrespace_signal::pipeline::labels::class_of;
/// assert_eq!(class_of(Path::new("7_jackson_32.wav"), "{class}_{group}_{index}"), "7");
/// assert_eq!(class_of(Path::new("bell/soft/a.wav"), ""), "soft");
/// ```
pub fn class_of(relative: &Path, pattern: &str) -> String {
    let stem = stem_of(relative);
    class_by_pattern(&stem, pattern).map_or_else(|| parent_name(relative), str::to_owned)
}

/// Why a pattern cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternFault {
    /// A brace without its partner.
    Braces,
    /// No field is called `class`.
    NoClass,
}

/// Checks a pattern for [`class_of`]; the empty one takes parent folders and is right.
///
/// # Errors
/// When no class can be read by it.
pub fn check_pattern(pattern: &str) -> Result<(), PatternFault> {
    let mut is_open = false;
    for brace in pattern.chars().filter(|c| matches!(c, '{' | '}')) {
        if is_open != (brace == '}') {
            return Err(PatternFault::Braces);
        }
        is_open = !is_open;
    }
    let has_class = pieces(pattern).iter().any(|piece| matches!(piece, Piece::Field("class")));
    match (is_open, has_class || pattern.is_empty()) {
        (true, _) => Err(PatternFault::Braces),
        (false, false) => Err(PatternFault::NoClass),
        (false, true) => Ok(()),
    }
}

/// What `relative` has in the place of every field of `pattern`, in order: `class` is `7`, `group` is `jackson` and `index`
/// is `32` for the example of [`class_of`]. Where the pattern is empty or does not match, only the class by the parent
/// folder, or nothing for a file at the top.
pub fn fields_of(relative: &Path, pattern: &str) -> Vec<(String, String)> {
    let stem = stem_of(relative);
    let by_name = if pattern.is_empty() { None } else { matched(&stem, &pieces(pattern)) };
    if let Some(fields) = by_name {
        return fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    }
    let parent = parent_name(relative);
    if parent.is_empty() { Vec::new() } else { vec![("class".to_owned(), parent)] }
}

/// The pattern that fits most of `files` (`{class}_{group}_{index}` for `7_jackson_32.wav`), or empty when
/// the recordings lie in class folders.
pub fn guess_pattern<'a>(files: impl Iterator<Item = &'a Path>) -> String {
    let files: Vec<&Path> = files.collect();
    let folders: HashSet<String> = files.iter().map(|file| parent_name(file)).collect();
    let in_folders = files.iter().filter(|file| !parent_name(file).is_empty()).count();
    if folders.len() > 1 && in_folders * 2 > files.len() {
        return String::new();
    }
    let fits = |pattern: &&str| {
        let stems = files.iter().map(|file| stem_of(file));
        let classes: Vec<String> =
            stems.filter_map(|stem| class_by_pattern(&stem, pattern).map(str::to_owned)).collect();
        let distinct = classes.iter().collect::<HashSet<_>>().len();
        // Classes that hold one file each are names, not classes.
        classes.len() * 5 >= files.len() * 4 && distinct > 1 && distinct * 2 <= classes.len()
    };
    CANDIDATES.iter().find(|pattern| fits(pattern)).copied().unwrap_or_default().to_owned()
}

/// The name of a file, or of the one that a piece is in, without its extension.
fn stem_of(relative: &Path) -> Cow<'_, str> {
    match piece::file_of(relative) {
        Cow::Borrowed(file) => text_of(file.file_stem().unwrap_or_default()),
        Cow::Owned(file) => text_of(file.file_stem().unwrap_or_default()).into_owned().into(),
    }
}

fn parent_name(relative: &Path) -> String {
    let parent = relative.parent().and_then(Path::file_name);
    text_of(parent.unwrap_or_default()).into_owned()
}

/// A piece of a pattern.
enum Piece<'p> {
    Literal(&'p str),
    Field(&'p str),
}

fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        pieces.push(Piece::Field(name));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

fn class_by_pattern<'s>(stem: &'s str, pattern: &str) -> Option<&'s str> {
    let pieces = pieces(pattern);
    if !pieces.iter().any(|piece| matches!(piece, Piece::Field("class"))) {
        return None;
    }
    matched(stem, &pieces)?.into_iter().find(|(name, _)| *name == "class").map(|(_, value)| value)
}

/// What a text that fits `pieces` whole has in the place of each field, in order.
///
/// The shortest field that lets the rest fit wins, so the work is bounded by the length to the power of the
/// number of fields; names are short.
fn matched<'s, 'p>(text: &'s str, pieces: &[Piece<'p>]) -> Option<Vec<(&'p str, &'s str)>> {
    let Some((first, rest)) = pieces.split_first() else {
        return text.is_empty().then(Vec::new);
    };
    match *first {
        Piece::Literal(literal) => matched(text.strip_prefix(literal)?, rest),
        Piece::Field(name) => {
            let ends = text.char_indices().skip(1).map(|(n, _)| n).chain([text.len()]);
            ends.filter(|end| *end > 0).find_map(|end| {
                let (value, after) = text.split_at_checked(end)?;
                if name == INDEX && !value.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                let mut fields = matched(after, rest)?;
                fields.insert(0, (name, value));
                Some(fields)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(names: &[&str]) -> String {
        guess_pattern(names.iter().map(Path::new))
    }

    #[test]
    fn a_class_may_hold_the_separator_when_the_index_is_a_number() {
        assert_eq!(class_of(Path::new("plucked_string_007.wav"), "{class}_{index}"), "plucked_string");
        assert_eq!(class_of(Path::new("鐘_弱_1.wav"), "{class}_{group}_{index}"), "鐘");
    }

    #[test]
    fn a_piece_has_the_labels_of_its_file() {
        let piece = Path::new("x/7_jackson_32.wav@12.500");
        assert_eq!(class_of(piece, "{class}_{group}_{index}"), "7");
        assert_eq!(fields_of(piece, "{class}_{group}_{index}")[2].1, "32");
        assert_eq!(class_of(piece, ""), "x");
    }

    #[test]
    fn without_a_match_the_folder_names_the_class() {
        assert_eq!(class_of(Path::new("bell/strange.wav"), "{class}_{index}"), "bell");
        assert_eq!(class_of(Path::new("strange.wav"), "{class}_{index}"), "");
        assert_eq!(class_of(Path::new("a/b_1.wav"), "{group}_{index}"), "a");
        assert_eq!(class_of(Path::new("a/b_1.wav"), "{broken"), "a");
    }

    #[test]
    fn a_pattern_needs_a_class_and_braces_in_pairs() {
        for pattern in ["", "{class}", "x{class}_{index}", "{group}-{class}"] {
            assert_eq!(check_pattern(pattern), Ok(()), "{pattern}");
        }
        for pattern in ["{class", "class}", "{class}_{", "{{class}}", "}{class}"] {
            assert_eq!(check_pattern(pattern), Err(PatternFault::Braces), "{pattern}");
        }
        for pattern in ["_", "{group}_{index}", "{}"] {
            assert_eq!(check_pattern(pattern), Err(PatternFault::NoClass), "{pattern}");
        }
    }

    #[test]
    fn every_field_of_a_name_is_read_in_order() {
        let fields = |name: &str, pattern| fields_of(Path::new(name), pattern);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            fields("7_jackson_32.wav", "{class}_{group}_{index}"),
            [pair("class", "7"), pair("group", "jackson"), pair("index", "32")]
        );
        assert_eq!(fields("take 3.wav", "take {index}"), [pair("index", "3")]);
        assert_eq!(fields("bell/a.wav", ""), [pair("class", "bell")]);
        assert_eq!(fields("bell/a.wav", "{class}_{index}"), [pair("class", "bell")]);
        assert!(fields("a.wav", "{class}_{index}").is_empty());
    }

    #[test]
    fn patterns_are_guessed_from_names_unless_folders_tell() {
        let digits = ["0_george_1.wav", "0_jackson_2.wav", "1_george_1.wav", "1_theo_4.wav"];
        assert_eq!(guess(&digits), "{class}_{group}_{index}");
        assert_eq!(guess(&["kick_1.wav", "kick_2.wav", "snare_1.wav", "snare_2.wav"]), "{class}_{index}");
        assert_eq!(guess(&["a/x_1.wav", "a/x_2.wav", "b/x_1.wav", "b/y_2.wav"]), "");
        assert_eq!(guess(&["one.wav", "two.wav", "three.wav"]), "");
        assert_eq!(guess(&[]), "");
    }
}
