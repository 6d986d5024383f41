//! The rows of the grid of thumbnails, computed when report, width or filter change.

use std::ops::Range;

use eframe::egui::Rangef;

use crate::{
    app::{pictures::thumbnail_strips::Strips, theme::HALF_GAP},
    jobs::survey::Report,
};

/// Height of a class's heading.
pub const HEADING: f32 = 30.0;

/// One row of the grid.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// A class's name and the number of its images.
    Heading(String, usize),
    /// Images, as a range of indices.
    Images(Range<usize>),
}

impl Line {
    /// Its height in points.
    pub fn height(&self, cell: f32) -> f32 {
        match self {
            Self::Heading(..) => HEADING,
            Self::Images(_) => cell + HALF_GAP,
        }
    }

    fn images(&self) -> Option<&Range<usize>> {
        match self {
            Self::Heading(..) => None,
            Self::Images(range) => Some(range),
        }
    }
}

/// A row of the grid in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedLine {
    /// Its top in points, from the top of the grid.
    pub top: f32,
    /// The row.
    pub line: Line,
}

/// Inputs of the layout; it is recomputed when they change.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Of the report.
    pub generation: u64,
    /// Thumbnails in a row.
    pub columns: usize,
    /// Side of a thumbnail, in points.
    pub cell: f32,
    /// The only class that is shown.
    pub class: Option<String>,
}

/// A step from one image to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many images on, or back.
    Along(isize),
    /// So many rows of images down, or up, in the same column where the row has it.
    Rows(isize),
}

/// The layout, cached by report, width and filter; and the textures.
#[derive(Default)]
pub struct GridMemory {
    key: Option<Key>,
    /// Every row, from the top.
    pub lines: Vec<PlacedLine>,
    /// Height of all rows, in points.
    pub height: f32,
    /// Side of a thumbnail, in points.
    pub cell: f32,
    /// Textures of the rows.
    pub strips: Strips,
}

impl GridMemory {
    /// Computes the rows again if `key` changed.
    pub fn lay_out(&mut self, report: &Report, key: Key) {
        if self.key.as_ref() == Some(&key) {
            return;
        }
        (self.lines, self.height) = lines(report, &key);
        self.cell = key.cell;
        self.key = Some(key);
    }

    /// Height of the rows that fit whole into `height` points: at least those up to the first images.
    pub fn whole_rows(&self, height: f32) -> f32 {
        let mut bottom = 0.0;
        let mut has_images = false;
        for placed in &self.lines {
            let next = placed.top + placed.line.height(self.cell);
            if has_images && next > height {
                break;
            }
            // A heading without images below it is left out.
            if matches!(placed.line, Line::Images(_)) {
                bottom = next;
                has_images = true;
            }
        }
        bottom
    }

    /// Rows between `top` and `bottom`.
    pub fn in_sight(&self, top: f32, bottom: f32) -> Range<usize> {
        let first = self.lines.partition_point(|placed| placed.top + placed.line.height(self.cell) < top);
        let last = self.lines.partition_point(|placed| placed.top <= bottom);
        first..last.max(first)
    }

    /// The image a step from `from`, or the first without one; `None` without images. Nothing goes beyond the ends.
    pub fn stepped(&self, from: Option<usize>, step: Step) -> Option<usize> {
        let rows: Vec<&Range<usize>> = self.lines.iter().filter_map(|placed| placed.line.images()).collect();
        let (first, last) = (rows.first()?.start, rows.last()?.end - 1);
        let here = from.and_then(|from| Some((from, rows.iter().position(|row| row.contains(&from))?)));
        let Some((from, row)) = here else { return Some(first) };
        Some(match step {
            Step::Along(by) => from.saturating_add_signed(by).clamp(first, last),
            Step::Rows(by) => {
                let to = rows.get(row.saturating_add_signed(by).min(rows.len() - 1))?;
                (to.start + from - rows.get(row)?.start).min(to.end - 1)
            }
        })
    }

    /// Top and bottom of the row with the image `index`.
    pub fn row_of(&self, index: usize) -> Option<Rangef> {
        let has_it = |placed: &&PlacedLine| placed.line.images().is_some_and(|row| row.contains(&index));
        let placed = self.lines.iter().find(has_it)?;
        Some(Rangef::new(placed.top, placed.top + placed.line.height(self.cell)))
    }
}

/// The rows, and the height of all of them.
fn lines(report: &Report, key: &Key) -> (Vec<PlacedLine>, f32) {
    let columns = key.columns.max(1);
    let (mut lines, mut top) = (Vec::new(), 0.0);
    let mut push = |line: Line| {
        let height = line.height(key.cell);
        lines.push(PlacedLine { top, line });
        top += height;
    };
    for (name, range) in
        report.classes.iter().filter(|(name, _)| key.class.as_ref().is_none_or(|class| class == name))
    {
        push(Line::Heading(name.clone(), range.len()));
        for start in range.clone().step_by(columns) {
            push(Line::Images(start..(start + columns).min(range.end)));
        }
    }
    (lines, top)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(classes: &[(&str, usize)]) -> Report {
        let mut start = 0;
        let classes = classes.iter().map(|&(name, count)| {
            start += count;
            (name.to_owned(), start - count..start)
        });
        Report {
            folder: "/sounds".into(),
            config: crate::pipeline::config::PreprocessingConfig::default(),
            entries: Vec::new(),
            classes: classes.collect(),
            images: Vec::new(),
            image_shape: (1, 1),
            skipped: Vec::new(),
            seconds: 0.0,
        }
    }

    fn key(columns: usize, class: Option<&str>) -> Key {
        Key { generation: 1, columns, cell: 72.0, class: class.map(str::to_owned) }
    }

    #[test]
    fn every_class_has_a_heading_and_rows_that_break_at_the_width() {
        let (lines, height) = lines(&report(&[("bell", 5), ("drum", 1)]), &key(2, None));
        let kinds: Vec<Line> = lines.into_iter().map(|placed| placed.line).collect();
        assert_eq!(
            kinds,
            [
                Line::Heading("bell".to_owned(), 5),
                Line::Images(0..2),
                Line::Images(2..4),
                Line::Images(4..5),
                Line::Heading("drum".to_owned(), 1),
                Line::Images(5..6),
            ]
        );
        assert_eq!(height, 2.0 * HEADING + 4.0 * (72.0 + HALF_GAP));
    }

    #[test]
    fn only_lines_in_sight_are_drawn_however_many_there_are() {
        let mut memory = GridMemory::default();
        memory.lay_out(&report(&[("a", 100_000)]), key(10, None));
        assert_eq!(memory.lines.len(), 10_001);
        let sight = memory.in_sight(380_000.0, 380_600.0);
        assert!(sight.len() <= 10, "{sight:?}");
        let top = memory.lines[sight.start].top;
        assert!((379_900.0..=380_000.0).contains(&top), "{top}");
    }

    #[test]
    fn a_figure_ends_with_a_whole_row_of_images() {
        let mut memory = GridMemory::default();
        memory.lay_out(&report(&[("bell", 4), ("drum", 2)]), key(2, None));
        let row = 72.0 + HALF_GAP;
        assert_eq!(memory.whole_rows(HEADING + 1.5 * row), HEADING + row);
        assert_eq!(memory.whole_rows(2.0 * HEADING + 2.5 * row), HEADING + 2.0 * row, "no lonely heading");
        assert_eq!(memory.whole_rows(10.0), HEADING + row, "one row at least");
        assert_eq!(memory.whole_rows(1e6), memory.height);
    }

    #[test]
    fn steps_go_from_image_to_image_and_over_the_headings_of_classes() {
        let mut memory = GridMemory::default();
        assert_eq!(memory.stepped(None, Step::Along(1)), None);
        // 0 1 2 | 3 4 || 5 6 7 | 8
        memory.lay_out(&report(&[("bell", 5), ("drum", 4)]), key(3, None));
        let steps = |from, step| memory.stepped(Some(from), step);
        assert_eq!([steps(4, Step::Along(1)), steps(5, Step::Along(-1))], [Some(5), Some(4)]);
        assert_eq!([steps(0, Step::Along(-1)), steps(8, Step::Along(1))], [Some(0), Some(8)]);
        assert_eq!([steps(1, Step::Rows(1)), steps(2, Step::Rows(1))], [Some(4), Some(4)]);
        assert_eq!([steps(4, Step::Rows(1)), steps(7, Step::Rows(-1))], [Some(6), Some(4)]);
        assert_eq!([steps(7, Step::Rows(9)), steps(7, Step::Rows(-9))], [Some(8), Some(2)]);
        assert_eq!(
            [steps(4, Step::Along(isize::MIN)), steps(4, Step::Along(isize::MAX))],
            [Some(0), Some(8)]
        );
        assert_eq!([memory.stepped(None, Step::Rows(1)), steps(100, Step::Along(1))], [Some(0), Some(0)]);
        let top = 2.0 * HEADING + 2.0 * (72.0 + HALF_GAP);
        assert_eq!(memory.row_of(6), Some(Rangef::new(top, top + 72.0 + HALF_GAP)));
    }

    #[test]
    fn a_filter_leaves_one_class() {
        let (lines, _) = lines(&report(&[("bell", 5), ("drum", 1)]), &key(10, Some("drum")));
        assert_eq!(lines[1].line, Line::Images(5..6));
        assert_eq!(lines.len(), 2);
    }
}
