//! A class as a small coloured tag.

use std::{collections::BTreeMap, path::PathBuf};

use eframe::egui::{
    Color32, CornerRadius, Rect, Ui, Vec2,
    text::{LayoutJob, TextWrapping},
};

use crate::{
    app::theme::{self, Palette},
    names,
    session::state::Library,
};

/// Least and largest width of a chip in a row, in points.
const CHIP_WIDTH: std::ops::RangeInclusive<f32> = 26.0..=64.0;
/// Width of a letter in a chip, and horizontal padding around the text.
const LETTER: f32 = 6.7;
const PADDING: f32 = 12.0;

/// Inputs of the colours; they are computed again when these change.
#[derive(Debug, Default)]
struct Key {
    /// The open folder.
    root: Option<PathBuf>,
    /// The pattern that finds the classes.
    label_pattern: String,
    /// Number of recordings.
    count: usize,
}

/// The colour of each class, by its index in sorted order, so that neighbouring classes differ.
#[derive(Debug, Default)]
pub struct ClassColours {
    key: Key,
    places: BTreeMap<String, usize>,
    longest: usize,
}

impl ClassColours {
    /// Updates from the library, when that has changed.
    pub fn update(&mut self, library: &Library) {
        let same = self.key.count == library.recordings.len()
            && self.key.label_pattern == library.label_pattern
            && self.key.root == library.root;
        if same {
            return;
        }
        self.key = Key {
            root: library.root.clone(),
            label_pattern: library.label_pattern.clone(),
            count: library.recordings.len(),
        };
        self.places.clear();
        for recording in &library.recordings {
            if !self.places.contains_key(&recording.class) {
                self.places.insert(recording.class.clone(), 0);
            }
        }
        for (place, value) in self.places.values_mut().enumerate() {
            *value = place;
        }
        self.longest = self.places.keys().map(|class| class.chars().count()).max().unwrap_or_default();
    }

    /// Width of every chip in a row, in points: that of the longest class name.
    pub fn chip_width(&self) -> f32 {
        (self.longest as f32 * LETTER + PADDING).clamp(*CHIP_WIDTH.start(), *CHIP_WIDTH.end())
    }

    pub fn len(&self) -> usize {
        self.places.keys().filter(|class| !class.is_empty()).count()
    }

    pub fn colour(&self, palette: &Palette, class: &str) -> Color32 {
        let place = self.places.get(class).copied().unwrap_or(0);
        palette.classes[place % palette.classes.len()]
    }
}

/// Paints the chip of `class` into `rect`; a class without a name gets a dash.
pub fn paint(ui: &Ui, rect: Rect, class: &str, colour: Color32) {
    let chip = Rect::from_center_size(rect.center(), Vec2::new(rect.width(), 16.0));
    let painter = ui.painter().with_clip_rect(chip.shrink2(Vec2::new(4.0, 0.0)).intersect(ui.clip_rect()));
    ui.painter().rect_filled(chip, CornerRadius::same(3), colour.gamma_multiply(0.18));
    let text = if class.is_empty() { "–".into() } else { names::escaped(class) };
    let font = theme::small_mono().resolve(ui.style());
    let mut job = LayoutJob::simple_singleline(text.into_owned(), font, colour);
    job.wrap = TextWrapping::truncate_at_width(chip.width() - 8.0);
    let galley = painter.layout_job(job);
    let x = chip.center().x - galley.size().x / 2.0;
    painter.galley(eframe::egui::pos2(x, chip.center().y - galley.size().y / 2.0), galley, colour);
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::jobs::scan::Recording;

    #[test]
    fn neighbouring_classes_have_different_colours() {
        let recording = |class: &str| Recording::new(Path::new(""), Path::new("a.wav"), class.to_owned());
        let library = Library {
            recordings: vec![recording("bell"), recording("drum"), recording("bell")],
            ..Library::default()
        };
        let mut colours = ClassColours::default();
        colours.update(&library);
        assert_eq!(colours.len(), 2);
        assert_eq!(colours.places["bell"], 0);
        assert_eq!(colours.places["drum"], 1);
    }
}
