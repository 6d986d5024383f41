//! Unambiguous text form of paths, for keys, tables and JSON.

use std::{
    borrow::Cow,
    ffi::OsStr,
    path::{MAIN_SEPARATOR, Path, PathBuf},
};

use serde::{Deserialize, Deserializer, Serializer};

use super::printable::push_bytes;

/// Encodes a name as text; different names have different texts.
///
/// Names that are UTF-8 stay unchanged. Other bytes become `\xff`, and the name's backslashes are doubled. So
/// are those of a name that looks like an encoded one. [`path_from`] is the inverse.
pub fn text_of(name: &OsStr) -> Cow<'_, str> {
    if let Some(text) = name.to_str().filter(|text| !looks_encoded(text)) {
        return Cow::Borrowed(text);
    }
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        if backslash_separates() {
            text += chunk.valid();
        } else {
            text += &chunk.valid().replace('\\', r"\\");
        }
        push_bytes(&mut text, chunk.invalid());
    }
    Cow::Owned(text)
}

/// Encodes a relative path, with `/` between components on every system; see [`text_of`].
pub fn name_of(relative: &Path) -> String {
    let parts: Vec<_> = relative.components().map(|part| text_of(part.as_os_str())).collect();
    parts.join("/")
}

/// Decodes text from [`text_of`] or [`name_of`].
pub fn path_from(text: &str) -> PathBuf {
    if backslash_separates() || !looks_encoded(text) {
        return PathBuf::from(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, left) = match after {
            [b'\\', left @ ..] if first == b'\\' => (b'\\', left),
            [b'x', high, low, left @ ..] if first == b'\\' => {
                hex(*high, *low).map_or((first, after), |byte| (byte, left))
            }
            _ => (first, after),
        };
        bytes.push(byte);
        rest = left;
    }
    path_of_bytes(bytes)
}

#[cfg(unix)]
fn path_of_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};
    OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// Where `\` separates components it cannot be part of a name, so no encoding is needed.
fn backslash_separates() -> bool {
    MAIN_SEPARATOR == '\\'
}

/// Whether `text` contains an escape sequence of [`text_of`].
fn looks_encoded(text: &str) -> bool {
    !backslash_separates()
        && text.as_bytes().windows(2).enumerate().any(|(at, pair)| match pair {
            br"\\" => true,
            br"\x" => match text.as_bytes().get(at + 2..at + 4) {
                Some(&[high, low]) => hex(high, low).is_some(),
                _ => false,
            },
            _ => false,
        })
}

/// Parses two lower-case hexadecimal digits.
fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    Some(digit(high)? << 4 | digit(low)?)
}

/// Serialises paths through [`text_of`], so that a path that is not UTF-8 does not make a report fail.
///
/// # Errors
/// Errors of the serialiser.
pub fn serialize<T: Written + ?Sized, S: Serializer>(paths: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&paths.written(), serializer)
}

/// Deserialises paths written by [`serialize`].
///
/// # Errors
/// When the input has another form.
pub fn deserialize<'de, T: Read, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::Texts::deserialize(deserializer).map(T::read)
}

/// Types that [`deserialize`] can read.
pub trait Read {
    /// The same type with texts in place of paths.
    type Texts: for<'de> Deserialize<'de>;

    /// Decodes every text to a path.
    fn read(texts: Self::Texts) -> Self;
}

impl Read for PathBuf {
    type Texts = String;

    fn read(text: String) -> Self {
        path_from(&text)
    }
}

impl Read for Option<PathBuf> {
    type Texts = Option<String>;

    fn read(text: Option<String>) -> Self {
        text.as_deref().map(path_from)
    }
}

impl Read for Vec<PathBuf> {
    type Texts = Vec<String>;

    fn read(texts: Vec<String>) -> Self {
        texts.iter().map(|text| path_from(text)).collect()
    }
}

/// Types that [`serialize`] can write.
pub trait Written {
    /// The same type with texts in place of paths.
    type Texts: serde::Serialize;

    /// Encodes every path as text.
    fn written(&self) -> Self::Texts;
}

impl Written for Path {
    type Texts = String;

    fn written(&self) -> String {
        text_of(self.as_os_str()).into_owned()
    }
}

impl Written for PathBuf {
    type Texts = String;

    fn written(&self) -> String {
        self.as_path().written()
    }
}

impl<T: Written + ?Sized> Written for &T {
    type Texts = T::Texts;

    fn written(&self) -> T::Texts {
        (**self).written()
    }
}

impl<T: Written> Written for Option<T> {
    type Texts = Option<T::Texts>;

    fn written(&self) -> Self::Texts {
        self.as_ref().map(Written::written)
    }
}

impl<T: Written> Written for Vec<T> {
    type Texts = Vec<T::Texts>;

    fn written(&self) -> Self::Texts {
        self.iter().map(Written::written).collect()
    }
}

impl<T: Written, R: serde::Serialize + Clone> Written for (T, R) {
    type Texts = (T::Texts, R);

    fn written(&self) -> Self::Texts {
        (self.0.written(), self.1.clone())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{collections::HashSet, os::unix::ffi::OsStrExt as _};

    use super::*;

    #[test]
    fn every_name_has_a_text_of_its_own_and_comes_back() {
        let names: [&[u8]; 12] = [
            b"plain.wav",
            b"line\nfeed.wav",
            b"\xff.wav",
            b"\xfe.wav",
            br"\xff.wav",
            br"\\xff.wav",
            b"\\\xff.wav",
            br"a\b.wav",
            br"a\\b.wav",
            br"\x.wav",
            br"\xFF.wav",
            "é\u{fffd}.wav".as_bytes(),
        ];
        let texts: Vec<String> =
            names.iter().map(|name| text_of(OsStr::from_bytes(name)).into_owned()).collect();
        assert_eq!(texts.iter().collect::<HashSet<_>>().len(), names.len(), "{texts:?}");
        for (name, text) in names.iter().zip(&texts) {
            assert_eq!(path_from(text).as_os_str().as_bytes(), *name, "{text}");
        }
        assert_eq!(&texts[..3], ["plain.wav", "line\nfeed.wav", r"\xff.wav"]);
        assert_eq!(texts[4], r"\\xff.wav");
        assert_eq!(texts[7], r"a\b.wav", "a backslash alone is itself, as in Python");
        let relative = Path::new(OsStr::from_bytes(b"a\xff/b.wav"));
        assert_eq!(name_of(relative), r"a\xff/b.wav");
    }

    #[test]
    fn paths_that_are_no_text_are_serialised() {
        #[derive(serde::Serialize, Deserialize)]
        struct Report {
            #[serde(serialize_with = "serialize", skip_deserializing)]
            skipped: Vec<(PathBuf, String)>,
            #[serde(serialize_with = "serialize", deserialize_with = "deserialize")]
            csv: Option<PathBuf>,
        }
        let path = PathBuf::from(OsStr::from_bytes(b"\xe9.wav"));
        let report = Report { skipped: vec![(path.clone(), "empty".to_owned())], csv: Some(path.clone()) };
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json, serde_json::json!({"skipped": [["\\xe9.wav", "empty"]], "csv": "\\xe9.wav"}));
        assert_eq!(serde_json::from_value::<Report>(json).unwrap().csv, Some(path));
    }
}
