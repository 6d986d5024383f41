//! Whether the installed fonts have the letters that are to be drawn.

use std::{collections::BTreeSet, path::PathBuf};

use eframe::egui::{Context, FontId};

use crate::{language::Language, names::file_name, session::state::Library};

/// Whether a font for texts has `letter`; waits at first until the system's fonts are listed.
fn has_font(ctx: &Context, letter: char) -> bool {
    ctx.fonts_mut(|fonts| fonts.has_glyph(&FontId::proportional(13.0), letter))
}

/// Whether texts in `language` can be drawn.
pub fn can_draw(ctx: &Context, language: Language) -> bool {
    language.sample().is_none_or(|letter| has_font(ctx, letter))
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
    /// A letter of the recordings' names that no font has, if the folder was not looked through before.
    pub fn first_without_font(&mut self, ctx: &Context, library: &Library) -> Option<char> {
        let root = library.root.as_ref().filter(|_| library.scanning.is_none())?;
        let recordings = library.recordings.len();
        if self.seen.as_ref().is_some_and(|seen| seen.root == *root && seen.recordings == recordings) {
            return None;
        }
        self.seen = Some(SeenFolder { root: root.clone(), recordings });
        let mut letters = BTreeSet::new();
        for recording in &library.recordings {
            let name = file_name(&recording.path);
            letters.extend(name.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()));
        }
        letters.into_iter().find(|letter| !has_font(ctx, *letter))
    }
}
