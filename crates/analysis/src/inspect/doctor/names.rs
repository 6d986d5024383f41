//! Recordings whose results would overwrite each other in programs that keep only a file's name.
//!
//! Such programs differ: some drop the folder (`a/x.wav`, `b/x.wav`), some the ending (`x.wav`, `x.flac`), and on some
//! systems `X.wav` and `x.wav` are one file, or `é` as one letter and as two. All of them are safe where the names without ending
//! differ in lower case and in Unicode's composed form.

use std::{collections::BTreeMap, path::Path};

use icu_normalizer::ComposingNormalizerBorrowed;
use timbrespace_signal::audio::piece;

/// Pairs `(later, first)` of recordings that share a name, `names` being paths with `/` between parts.
pub fn find(names: &[&str]) -> Vec<(usize, usize)> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut pairs = Vec::new();
    let composed = ComposingNormalizerBorrowed::new_nfc();
    for (index, name) in names.iter().enumerate() {
        match first.entry(composed.normalize(&stem(name)).into_owned()) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(index);
            }
            std::collections::btree_map::Entry::Occupied(place) => pairs.push((index, *place.get())),
        }
    }
    pairs
}

/// The name without folder and ending, in lower case.
fn stem(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    if piece::file_name_of(file) != file {
        // What follows its point are milliseconds, no ending.
        return piece::stem(Path::new(file)).unwrap_or_default().to_string_lossy().to_lowercase();
    }
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| if stem.is_empty() { file } else { stem });
    stem.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_ending_and_case_do_not_tell_names_apart() {
        assert_eq!(find(&["a/x.wav", "a/y.wav", "b/x.wav", "b/Y.WAV", "x.flac"]), [(2, 0), (3, 1), (4, 0)]);
    }

    #[test]
    fn names_that_look_the_same_are_the_same() {
        assert_eq!(find(&["\u{e9}.wav", "e\u{301}.wav", "e.wav"]), [(1, 0)]);
    }

    #[test]
    fn different_names_are_healthy() {
        assert_eq!(find(&["a/x_1.wav", "a/x_2.wav", "x/a_1.wav", "x.1.wav", "x.2.wav"]), []);
        assert_eq!(find(&["x.wav@1.152", "x.wav@1.900", "y.wav@1.152"]), []);
        assert_eq!(find(&["a/x.wav@1.152", "b/x.flac@1.152"]), [(1, 0)]);
    }
}
