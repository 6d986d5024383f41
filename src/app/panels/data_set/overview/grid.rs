//! The grid of thumbnails by class; only visible rows are drawn.

use std::{ops::Range, sync::Arc};

use eframe::egui::{
    self, Align2, Color32, Id, Key, Modifiers, Rect, Response, ScrollArea, Sense, Stroke, StrokeKind,
    TextStyle, Ui, Vec2, pos2,
};

use crate::{
    app::{
        context::PanelContext,
        format,
        memory::thumbnail_grid::{self, HEADING, Line, PlacedLine, Step},
        panels::data_set::{
            check_words,
            selection::{is_selected, select, select_called},
        },
        pictures::thumbnail_strips,
        theme::{self, HALF_GAP, palette},
        transport,
        widgets::{
            described, keys,
            list_box::{self, Place},
        },
    },
    jobs::survey::{Entry, Report},
    language::text,
    names::escaped,
    pipeline::config::Feature,
    session::{Command, state::View},
};

/// Least side of a thumbnail, in points.
const CELL: f32 = 72.0;
/// Most thumbnails in a row: a wider window shows larger ones.
const MOST_COLUMNS: f32 = 20.0;
/// Rows that Page Up and Page Down skip.
const PAGE: isize = 4;

/// Draws the grid into the available space: one stop of the Tab key, with the arrow keys from image to image.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>, report: &Arc<Report>) {
    let bar = ui.spacing().scroll.bar_width + HALF_GAP;
    let width = ui.available_width() - bar + HALF_GAP;
    let columns = (width / (CELL + HALF_GAP)).floor().clamp(1.0, MOST_COLUMNS);
    // Whole points, so that the thumbnails are sharp.
    let cell = (width / columns - HALF_GAP).floor();
    let generation = context.state.data_set.overview.generation;
    let memory = &mut context.memory.data_set.overview;
    let key =
        thumbnail_grid::Key { generation, columns: columns as usize, cell, class: memory.class.clone() };
    memory.grid.lay_out(report, key);
    let height = memory.grid.height;
    let mut area = ScrollArea::vertical().id_salt("thumbnails").auto_shrink([false, false]);
    if memory.is_figure {
        let whole = memory.grid.whole_rows(ui.available_height());
        area = area.max_height(whole).min_scrolled_height(whole);
    }
    let wanted = wanted(ui, context, report);
    let list = |ui: &mut Ui| {
        area.show_viewport(ui, |ui, sight| {
            ui.set_height(height);
            let origin = ui.max_rect().min;
            let row = wanted.and_then(|index| context.memory.data_set.overview.grid.row_of(index));
            if let Some(row) = row {
                let rect = ui.max_rect().with_min_y(origin.y + row.min).with_max_y(origin.y + row.max);
                ui.scroll_to_rect(rect, None);
            }
            let mut selected = None;
            let visible = context.memory.data_set.overview.grid.in_sight(sight.top(), sight.bottom());
            for index in visible {
                let Some(PlacedLine { top, line }) =
                    context.memory.data_set.overview.grid.lines.get(index).cloned()
                else {
                    continue;
                };
                let at = pos2(origin.x, origin.y + top);
                match line {
                    Line::Heading(class, count) => heading(ui, context, at, &class, count),
                    Line::Images(range) => selected = selected.or(images(ui, context, report, at, range)),
                }
            }
            selected
        })
        .inner
    };
    list_box::show(ui, list_box::thumbnails(), &text!("data-set-thumbnails"), list);
}

/// The image to scroll to, because the focus has come to the grid or a key has moved in it.
fn wanted(ui: &Ui, context: &mut PanelContext<'_>, report: &Report) -> Option<usize> {
    let id = list_box::thumbnails();
    let (is_new, has_focus) = ui.memory(|memory| (!memory.had_focus_last_frame(id), memory.has_focus(id)));
    if !has_focus || keys::are_held(ui.ctx()) {
        return None;
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Space)) {
        let crosshair = context.memory.kept_secs(context.state);
        context.commands.extend(transport::play_or_stop(context.state, crosshair));
    }
    let here = report.entries.iter().position(|entry| is_selected(context, &entry.name));
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) && here.is_some() {
        context.send(Command::Show(View::Stages));
    }
    let Some(step) = pressed(ui) else { return here.filter(|_| is_new) };
    let there = context.memory.data_set.overview.grid.stepped(here, step);
    if let Some(entry) = there.and_then(|index| report.entries.get(index)) {
        select_called(context, &report.folder, &entry.name);
    }
    there
}

/// The step of the key that was pressed.
fn pressed(ui: &Ui) -> Option<Step> {
    let keys = [
        (Key::ArrowLeft, Step::Along(-1)),
        (Key::ArrowRight, Step::Along(1)),
        (Key::ArrowUp, Step::Rows(-1)),
        (Key::ArrowDown, Step::Rows(1)),
        (Key::PageUp, Step::Rows(-PAGE)),
        (Key::PageDown, Step::Rows(PAGE)),
        (Key::Home, Step::Along(isize::MIN)),
        (Key::End, Step::Along(isize::MAX)),
    ];
    ui.input_mut(|input| {
        keys.into_iter().find(|(key, _)| input.consume_key(Modifiers::NONE, *key)).map(|(_, step)| step)
    })
}

fn heading(ui: &Ui, context: &PanelContext<'_>, at: egui::Pos2, class: &str, count: usize) {
    let colours = palette(ui);
    let colour = context.memory.classes.colour(colours, class);
    let middle = at.y + HEADING / 2.0;
    let dot = Rect::from_center_size(pos2(at.x + HALF_GAP, middle), Vec2::new(HALF_GAP, HEADING / 2.0));
    ui.painter().rect_filled(dot, 1.0, colour);
    let body = TextStyle::Body.resolve(ui.style());
    let name = pos2(dot.right() + 2.0 * HALF_GAP, middle);
    let drawn =
        ui.painter().text(name, Align2::LEFT_CENTER, format::class_name(class), body, colours.text_strong);
    let count = text!("recordings", count = count);
    let small = TextStyle::Small.resolve(ui.style());
    let beside = pos2(drawn.right() + 2.0 * HALF_GAP, middle);
    ui.painter().text(beside, Align2::LEFT_CENTER, count, small, colours.text_weak);
}

/// Draws one row of images from its strip; returns the selected one.
fn images(
    ui: &Ui,
    context: &mut PanelContext<'_>,
    report: &Arc<Report>,
    at: egui::Pos2,
    range: Range<usize>,
) -> Option<Response> {
    let start = range.start;
    let entries = report.entries.get(range)?;
    let map = context.state.settings.colour_map;
    let generation = context.state.data_set.overview.generation;
    let strips = &mut context.memory.data_set.overview.grid.strips;
    let texture = strips.get(ui.ctx(), start, entries, generation, map);
    let [width, height] = texture.size();
    let cell_side = context.memory.data_set.overview.grid.cell;
    let mut selected = None;
    for (index, entry) in entries.iter().enumerate() {
        let left = at.x + index as f32 * (cell_side + HALF_GAP);
        let rect = Rect::from_min_size(pos2(left, at.y), Vec2::splat(cell_side));
        let part = thumbnail_strips::part(index, entries.len(), (width, height));
        ui.painter().image(texture.id(), rect, part, Color32::WHITE);
        let place = Place { index: start + index, count: report.entries.len() };
        selected = selected.or(cell(ui, context, report, entry, rect, place));
    }
    selected
}

/// Interaction of an image: tooltip, click to select, double-click to open the stages. Returns it if it is the selected one.
fn cell(
    ui: &Ui,
    context: &mut PanelContext<'_>,
    report: &Report,
    entry: &Entry,
    rect: Rect,
    place: Place,
) -> Option<Response> {
    let colours = palette(ui);
    let selected = is_selected(context, &entry.name);
    let response = ui.interact(rect, Id::unique(("thumbnail", &entry.name)), Sense::CLICK);
    let label = text!("data-set-thumbnail", name = escaped(&entry.name).into_owned());
    list_box::option(&response, &label, selected, place);
    described::describe(&response, &facts(entry, report.config.feature));
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
    select(context, &report.folder, &entry.name, &response);
    let response = response.on_hover_ui(|ui| {
        ui.label(facts(entry, report.config.feature));
    });
    selected.then_some(response)
}

/// Name, class and figures of one recording.
fn facts(entry: &Entry, feature: Feature) -> String {
    let level =
        |db: Option<f64>| db.map_or_else(|| text!("data-set-no-level"), |db| format::fixed(db, 1) + " dB");
    let mut lines = vec![
        entry.name.clone(),
        text!("data-set-fact-class", class = format::class_name(&entry.class).into_owned()),
        text!("data-set-fact-length", length = format::seconds(entry.duration_secs)),
        text!("data-set-fact-level", level = level(entry.level_db), peak = level(entry.peak_db)),
        text!(
            "data-set-fact-image",
            low = format::fixed(entry.min_max.min, 1),
            high = format::fixed(entry.min_max.max, 1),
            unit = feature.unit().symbol()
        ),
    ];
    lines.extend(entry.flags.iter().map(check_words::flag));
    lines.push(text!("data-set-select-help"));
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\n")
}
