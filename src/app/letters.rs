//! Whether the installed fonts have the letters that are to be drawn.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use eframe::egui::{Context, FontId};

use crate::{
    language::Language,
    names::{file_name, shown},
    session::{letters::LetterGroup, state::Library},
};

/// Whether a font for texts has `letter`; waits at first until the system's fonts are listed.
fn has_font(ctx: &Context, letter: char) -> bool {
    ctx.fonts_mut(|fonts| fonts.has_glyph(&FontId::proportional(13.0), letter))
}

/// Whether texts in `language` can be drawn.
pub fn can_draw(ctx: &Context, language: Language) -> bool {
    language.sample().is_none_or(|letter| has_font(ctx, letter))
}

/// The name of `language` in itself, or in English where its letters would be boxes.
pub fn name_of(ctx: &Context, language: Language) -> &'static str {
    if can_draw(ctx, language) { language.name() } else { language.english_name() }
}

/// Looks once through the names of every folder.
#[derive(Debug, Default)]
pub struct NameLetters {
    /// The folder that was looked through last.
    seen: Option<SeenFolder>,
}

#[derive(Debug, PartialEq, Eq)]
struct SeenFolder {
    root: PathBuf,
    recordings: usize,
}

impl NameLetters {
    /// Letters of the folder's names that no font has, one of each group, if the folder was not looked through before.
    pub fn without_font(&mut self, ctx: &Context, library: &Library) -> Vec<char> {
        let Some(root) = library.root.as_ref().filter(|_| library.scanning.is_none()) else {
            return Vec::new();
        };
        let recordings = library.recordings.len();
        if self.seen.as_ref().is_some_and(|seen| seen.root == *root && seen.recordings == recordings) {
            return Vec::new();
        }
        self.seen = Some(SeenFolder { root: root.clone(), recordings });
        let mut missing = BTreeMap::new();
        for letter in letters_of(library) {
            let group = LetterGroup::of(letter);
            if !missing.contains_key(&group) && !has_font(ctx, letter) {
                missing.insert(group, letter);
            }
        }
        missing.into_values().collect()
    }
}

/// Letters beyond ASCII of all names that the window shows: of the folder, of the folders in it and of the files.
fn letters_of(library: &Library) -> BTreeSet<char> {
    let mut letters = BTreeSet::new();
    let mut add = |name: &str| letters.extend(name.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()));
    if let Some(root) = &library.root {
        add(&file_name(root));
    }
    for recording in &library.recordings {
        add(&recording.name);
    }
    let root = library.root.clone().unwrap_or_default();
    for skipped in &library.skipped {
        add(&shown(&skipped.path.strip_prefix(&root).unwrap_or(&skipped.path)).to_string());
    }
    letters
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use eframe::egui::RawInput;

    use super::*;
    use crate::{audio::folder::Skipped, jobs::scan::Recording};

    #[test]
    fn a_language_without_a_font_has_its_name_in_english() {
        let ctx = Context::default();
        ctx.begin_pass(RawInput::default());
        assert_eq!(name_of(&ctx, Language::English), "English");
        assert_eq!(name_of(&ctx, Language::Chinese), "Simplified Chinese");
    }

    #[test]
    fn letters_come_from_files_from_folders_and_from_the_root() {
        let root = Path::new("/家/录音");
        let name = Path::new("鼓/हिन्दी_1.wav");
        let library = Library {
            root: Some(root.into()),
            recordings: vec![Recording::new(root, name, String::new())],
            skipped: vec![Skipped { path: root.join("坏.wav"), cause: "bad".into() }],
            ..Library::default()
        };
        let letters = letters_of(&library);
        for letter in "录音鼓ह坏".chars() {
            assert!(letters.contains(&letter), "{letter}");
        }
        assert!(!letters.contains(&'家') && !letters.contains(&'w'), "{letters:?}");
    }
}
