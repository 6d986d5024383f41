//! The grid of thumbnails by class; only visible rows are drawn.

use std::{ops::Range, sync::Arc};

use eframe::egui::{
    self, Align2, Color32, Id, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, TextStyle, Ui, Vec2,
    WidgetInfo, pos2,
};

use super::{
    super::{is_selected, select},
    class_name,
    strips::{self, Strips},
};
use crate::{
    app::{
        format,
        theme::{self, HALF_GAP, palette},
        window::PanelContext,
    },
    jobs::survey::{Entry, Report},
    names::escaped,
    pipeline::config::Feature,
};

/// Least side of a thumbnail, in points.
const CELL: f32 = 72.0;
/// Height of a class's heading.
const HEADING: f32 = 30.0;

/// One row of the grid.
#[derive(Clone, Debug, PartialEq)]
enum Line {
    /// A class's name and the number of its images.
    Heading(String, usize),
    /// Images, as a range of indices.
    Images(Range<usize>),
}

impl Line {
    fn height(&self, cell: f32) -> f32 {
        match self {
            Self::Heading(..) => HEADING,
            Self::Images(_) => cell + HALF_GAP,
        }
    }
}

/// Inputs of the layout; it is recomputed when they change.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    generation: u64,
    columns: usize,
    /// Side of a thumbnail, in points.
    cell: f32,
    class: Option<String>,
}

/// The layout, cached by report, width and filter; and the textures.
#[derive(Default)]
pub struct GridMemory {
    key: Option<Key>,
    /// Every row with its top.
    lines: Vec<(f32, Line)>,
    height: f32,
    cell: f32,
    strips: Strips,
}

impl GridMemory {
    fn lay_out(&mut self, report: &Report, key: Key) {
        if self.key.as_ref() == Some(&key) {
            return;
        }
        (self.lines, self.height) = lines(report, &key);
        self.cell = key.cell;
        self.key = Some(key);
    }

    /// Rows between `top` and `bottom`.
    fn in_sight(&self, top: f32, bottom: f32) -> Range<usize> {
        let first = self.lines.partition_point(|(at, line)| at + line.height(self.cell) < top);
        let last = self.lines.partition_point(|(at, _)| *at <= bottom);
        first..last.max(first)
    }
}

fn lines(report: &Report, key: &Key) -> (Vec<(f32, Line)>, f32) {
    let columns = key.columns.max(1);
    let (mut lines, mut top) = (Vec::new(), 0.0);
    let mut push = |line: Line| {
        let height = line.height(key.cell);
        lines.push((top, line));
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

/// Draws the grid into the available space.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let bar = ui.spacing().scroll.bar_width + HALF_GAP;
    let width = ui.available_width() - bar + HALF_GAP;
    let columns = (width / (CELL + HALF_GAP)).floor().max(1.0);
    // Whole points, so that the thumbnails are sharp.
    let cell = (width / columns - HALF_GAP).floor();
    let generation = context.state.data_set.overview.generation;
    let memory = &mut context.memory.data_set.overview;
    let key = Key { generation, columns: columns as usize, cell, class: memory.class.clone() };
    memory.grid.lay_out(report, key);
    let height = memory.grid.height;
    let area = ScrollArea::vertical().id_salt("thumbnails").auto_shrink([false, false]);
    area.show_viewport(ui, |ui, sight| {
        ui.set_height(height);
        let origin = ui.max_rect().min;
        let visible = context.memory.data_set.overview.grid.in_sight(sight.top(), sight.bottom());
        for index in visible {
            let Some((top, line)) = context.memory.data_set.overview.grid.lines.get(index).cloned() else {
                continue;
            };
            let at = pos2(origin.x, origin.y + top);
            match line {
                Line::Heading(class, count) => heading(ui, context, at, (&class, count)),
                Line::Images(range) => images(ui, context, report, at, range),
            }
        }
    });
}

fn heading(ui: &Ui, context: &PanelContext<'_>, at: egui::Pos2, (class, count): (&str, usize)) {
    let colours = palette(ui);
    let colour = context.memory.classes.colour(colours, class);
    let middle = at.y + HEADING / 2.0;
    let dot = Rect::from_center_size(pos2(at.x + HALF_GAP, middle), Vec2::new(HALF_GAP, HEADING / 2.0));
    ui.painter().rect_filled(dot, 1.0, colour);
    let body = TextStyle::Body.resolve(ui.style());
    let name = pos2(dot.right() + 2.0 * HALF_GAP, middle);
    let drawn = ui.painter().text(name, Align2::LEFT_CENTER, class_name(class), body, colours.text_strong);
    let count = format::counted(count, "recording");
    let small = TextStyle::Small.resolve(ui.style());
    let beside = pos2(drawn.right() + 2.0 * HALF_GAP, middle);
    ui.painter().text(beside, Align2::LEFT_CENTER, count, small, colours.text_weak);
}

/// Draws one row of images from its strip.
fn images(
    ui: &Ui,
    context: &mut PanelContext<'_>,
    report: &Arc<Report>,
    at: egui::Pos2,
    range: Range<usize>,
) {
    let start = range.start;
    let Some(entries) = report.entries.get(range) else { return };
    let map = context.state.settings.colour_map;
    let generation = context.state.data_set.overview.generation;
    let strips = &mut context.memory.data_set.overview.grid.strips;
    let texture = strips.get(ui.ctx(), (start, entries), generation, map);
    let [width, height] = texture.size();
    let cell_side = context.memory.data_set.overview.grid.cell;
    for (index, entry) in entries.iter().enumerate() {
        let left = at.x + index as f32 * (cell_side + HALF_GAP);
        let rect = Rect::from_min_size(pos2(left, at.y), Vec2::splat(cell_side));
        let part = strips::part(index, entries.len(), (width, height));
        ui.painter().image(texture.id(), rect, part, Color32::WHITE);
        cell(ui, context, report, entry, rect);
    }
}

/// Interaction of an image: tooltip, click to select, double-click to open the stages.
fn cell(ui: &Ui, context: &mut PanelContext<'_>, report: &Report, entry: &Entry, rect: Rect) {
    let colours = palette(ui);
    let selected = is_selected(context, &entry.name);
    let response = ui.interact(rect, Id::unique(("thumbnail", &entry.name)), Sense::click());
    let label = format!("Image of {}", escaped(&entry.name));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &label));
    let outline =
        if selected { Some(colours.accent) } else { response.hovered().then_some(colours.text_strong) };
    if let Some(colour) = outline {
        ui.painter().rect_stroke(
            rect,
            f32::from(theme::ROUNDING) / 2.0,
            Stroke::new(2.0, colour),
            StrokeKind::Inside,
        );
    }
    if response.clicked() {
        response.surrender_focus();
    }
    select(context, &report.folder, &entry.name, &response);
    response.on_hover_ui(|ui| {
        ui.label(facts(entry, report.config.feature));
    });
}

/// Name, class and figures of one recording.
fn facts(entry: &Entry, feature: Feature) -> String {
    let level = |db: Option<f64>| db.map_or_else(|| "none (zeros)".to_owned(), |db| format!("{db:.1} dB"));
    let mut lines = vec![
        entry.name.clone(),
        format!("Class: {}", class_name(&entry.class)),
        format!("Length of the file: {}", format::seconds(entry.duration_secs)),
        format!("RMS level {}, peak {} re full scale", level(entry.level_db), level(entry.peak_db)),
        format!(
            "Image from {:.1} to {:.1} {} before normalisation",
            entry.min_max.min,
            entry.min_max.max,
            feature.unit().symbol()
        ),
    ];
    lines.extend(entry.flags.iter().map(ToString::to_string));
    lines.push("Click to select, double-click for its stages".to_owned());
    let (name, facts) = lines.split_at(1);
    let facts = facts.iter().map(|line| escaped(line).replace('-', "−"));
    name.iter().map(|name| escaped(name).into_owned()).chain(facts).collect::<Vec<_>>().join("\n")
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
        Key { generation: 1, columns, cell: CELL, class: class.map(str::to_owned) }
    }

    #[test]
    fn every_class_has_a_heading_and_rows_that_break_at_the_width() {
        let (lines, height) = lines(&report(&[("bell", 5), ("drum", 1)]), &key(2, None));
        let kinds: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
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
        assert_eq!(height, 2.0 * HEADING + 4.0 * (CELL + HALF_GAP));
    }

    #[test]
    fn only_lines_in_sight_are_drawn_however_many_there_are() {
        let mut memory = GridMemory::default();
        memory.lay_out(&report(&[("a", 100_000)]), key(10, None));
        assert_eq!(memory.lines.len(), 10_001);
        let sight = memory.in_sight(380_000.0, 380_600.0);
        assert!(sight.len() <= 10, "{sight:?}");
        let (top, _) = memory.lines[sight.start];
        assert!((379_900.0..=380_000.0).contains(&top), "{top}");
    }

    #[test]
    fn a_filter_leaves_one_class() {
        let (lines, _) = lines(&report(&[("bell", 5), ("drum", 1)]), &key(10, Some("drum")));
        assert_eq!(lines[1].1, Line::Images(5..6));
        assert_eq!(lines.len(), 2);
    }
}
