//! Makes text from files safe to display: no name can move the cursor, start a line, colour a terminal or
//! reverse the text.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
    path::Path,
};

/// Escapes all characters that act or hide instead of being visible: `\n`, `\x1b`, `\u{202e}`.
///
/// These are controls (line feeds, terminal sequences, C1), direction marks (embeddings, overrides,
/// isolates), line and paragraph separators, zero-width characters, deprecated format characters and
/// noncharacters. Letters of every script, combining marks, variation selectors and the joiners U+200C and
/// U+200D stay: Persian, the Indic scripts and emoji need the joiners, which only affect the shape of their
/// neighbours.
///
/// Backslashes also stay, so escaping twice changes nothing; use [`super::text_of`] for an unambiguous form.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_suspect) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut previous = None;
    for c in text.chars() {
        push(&mut shown, c, previous);
        previous = Some(c);
    }
    Cow::Owned(shown)
}

/// [`escaped`] line by line, for multi-line text whose line feeds come from the program itself.
pub fn escaped_lines(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c != '\n' && is_suspect(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split('\n').map(escaped).collect::<Vec<_>>().join("\n"))
}

/// A path for display: [`escaped`], with bytes that are not UTF-8 as `\xff`.
pub fn shown<P: AsRef<Path> + ?Sized>(path: &P) -> Shown<'_> {
    Shown(path.as_ref())
}

/// The last component of a path for display, or the whole path if it has none.
pub fn file_name(path: &Path) -> String {
    shown(path.file_name().map_or(path, Path::new)).to_string()
}

/// Displays a path, see [`shown`].
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(&'a Path);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for chunk in self.0.as_os_str().as_encoded_bytes().utf8_chunks() {
            text += &escaped(chunk.valid());
            push_bytes(&mut text, chunk.invalid());
        }
        f.pad(&text)
    }
}

/// Appends bytes that are not UTF-8 as `\xff`.
pub(super) fn push_bytes(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a string cannot fail.
        write!(text, "\\x{byte:02x}").ok();
    }
}

fn push(text: &mut String, c: char, previous: Option<char>) {
    match c {
        _ if !is_suspect(c) || is_flag_tag(c, previous) => text.push(c),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        // Writing to a string cannot fail.
        _ if c.is_ascii() => write!(text, "\\x{:02x}", u32::from(c)).unwrap_or_default(),
        _ => write!(text, "\\u{{{:x}}}", u32::from(c)).unwrap_or_default(),
    }
}

/// Whether `c` is invisible or acts on its surroundings, so that [`escaped`] escapes it.
pub fn is_suspect(c: char) -> bool {
    match u32::from(c) {
        // ASCII first, since nearly all names are ASCII.
        code @ 0..=0x7f => code < 0x20 || code == 0x7f,
        // C1 controls; soft hyphen; Arabic letter mark; Mongolian vowel separator.
        0x80..=0x9f | 0xad | 0x61c | 0x180e
        // Combining grapheme joiner; invisible fillers and vowels; musical format characters.
        | 0x34f | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x1d173..=0x1d17a
        // Zero-width space; direction marks; line and paragraph separators, embeddings and overrides.
        | 0x200b | 0x200e | 0x200f | 0x2028..=0x202e
        // Word joiner and invisible operators, isolates, deprecated format characters; invisible Hangul
        // fillers.
        | 0x2060..=0x206f | 0x3164 | 0xffa0
        // Byte order mark; interlinear annotation; noncharacters of the first plane.
        | 0xfeff | 0xfff9..=0xfffb | 0xfdd0..=0xfdef
        // Tags, which spell invisible text.
        | 0xe0000..=0xe007f => true,
        code => code & 0xfffe == 0xfffe,
    }
}

/// Tags after a black flag stay: they form the flags of England, Scotland and Wales.
fn is_flag_tag(c: char, previous: Option<char>) -> bool {
    const BLACK_FLAG: char = '\u{1f3f4}';
    let is_tag = |c: char| ('\u{e0020}'..='\u{e007f}').contains(&c);
    is_tag(c) && previous.is_some_and(|before| before == BLACK_FLAG || is_tag(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_or_hides_is_escaped() {
        for (name, expected) in [
            ("a\nb.wav", "a\\nb.wav"),
            ("a\r\tb", "a\\r\\tb"),
            ("\u{1b}[31mred\u{1b}[0m", "\\x1b[31mred\\x1b[0m"),
            ("\0\u{7f}\u{8}", "\\x00\\x7f\\x08"),
            ("\u{9b}2J\u{85}", "\\u{9b}2J\\u{85}"),
            ("gnp\u{202e}fdp.wav", "gnp\\u{202e}fdp.wav"),
            ("\u{202a}\u{202b}\u{202c}\u{202d}", "\\u{202a}\\u{202b}\\u{202c}\\u{202d}"),
            ("\u{2066}\u{2067}\u{2068}\u{2069}", "\\u{2066}\\u{2067}\\u{2068}\\u{2069}"),
            ("\u{200e}\u{200f}\u{61c}", "\\u{200e}\\u{200f}\\u{61c}"),
            ("a\u{200b}b\u{2060}c\u{feff}d\u{ad}", "a\\u{200b}b\\u{2060}c\\u{feff}d\\u{ad}"),
            ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
            ("x\u{e0041}\u{fffe}", "x\\u{e0041}\\u{fffe}"),
        ] {
            assert_eq!(escaped(name), expected, "{name:?}");
            assert_eq!(escaped(expected), expected, "escaping twice is escaping once");
        }
    }

    #[test]
    fn names_of_every_script_stay_readable() {
        for name in [
            "plain name (2).wav",
            "鈴の音.wav",
            "مرحبا.wav",
            "שָׁלוֹם.wav",
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "e\u{301}a\u{308}",
            "👩\u{200d}🎤❤\u{fe0f}.wav",
            "葛\u{e0100}飾",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            r"back\slash",
        ] {
            assert!(matches!(escaped(name), Cow::Borrowed(_)) || escaped(name) == name, "{name:?}");
        }
    }

    #[test]
    fn several_lines_keep_their_own_line_feeds() {
        assert_eq!(escaped_lines("a\nb\u{1b}c\r\nd"), "a\nb\\x1bc\\r\nd");
        assert_eq!(escaped_lines("a\nb"), "a\nb");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_shown_each() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
        let path = |bytes| Path::new(OsStr::from_bytes(bytes));
        assert_eq!(shown(path(b"a/\xff\xfe\n.wav")).to_string(), "a/\\xff\\xfe\\n.wav");
        assert_eq!(file_name(path(b"a/\xe9.wav")), "\\xe9.wav");
        assert_eq!(file_name(Path::new("/")), "/");
        assert_eq!(format!("{:>8}|{:<7}|", shown("a.wav"), shown("b")), "   a.wav|b      |");
    }
}
