//! The legend: each class with its colour, as a button that hides or shows it.

use std::collections::BTreeMap;

use eframe::egui::{Label, Layout, Mesh, RichText, Sense, Shape, TextStyle, Ui, Vec2, WidgetInfo, pos2};

use super::errors;
use crate::{
    app::{
        context::PanelContext,
        format,
        memory::map::ColourBy,
        theme::{GAP, HALF_GAP, ROW, palette},
        widgets::described,
    },
    language::text,
};

/// Height of a line, and radius of a dot.
const LINE: f32 = ROW;
const DOT: f32 = 4.0;
/// Most lines; further classes are only counted.
const MAX_LINES: usize = 2;
/// Width of a measure's colours, in points, and how many steps they are drawn in.
const SCALE_WIDTH: f32 = 160.0;
const SCALE_STEPS: u32 = 32;

fn width(ui: &Ui, words: &str) -> f32 {
    let font = TextStyle::Small.resolve(ui.style());
    let colour = palette(ui).text;
    2.0 * DOT
        + HALF_GAP
        + ui.painter().layout_no_wrap(words.to_owned(), font, colour).size().x
        + GAP
        + HALF_GAP
}

fn words(class: &str, count: usize) -> String {
    text!("class-count", class = &*format::class_name(class), count = count)
}

/// Height of the legend.
pub fn height(ui: &Ui, context: &PanelContext<'_>) -> f32 {
    if context.memory.latent.map.coloured_by != ColourBy::Class {
        return LINE;
    }
    let classes = &context.memory.latent.map.points.classes;
    if classes.len() < 2 {
        return 0.0;
    }
    let all: f32 = classes.iter().map(|(class, &count)| width(ui, &words(class, count))).sum();
    let lines = if all <= ui.available_width() { 1 } else { MAX_LINES };
    lines as f32 * LINE
}

/// Draws the legend. A click hides or shows a class; a double-click shows only it, or all again.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    if context.memory.latent.map.coloured_by != ColourBy::Class {
        scale(ui, context);
        return;
    }
    let classes = context.memory.latent.map.points.classes.clone();
    if classes.len() < 2 {
        return;
    }
    let room = ui.available_width() * MAX_LINES as f32 - width(ui, &text!("map-more-classes", count = 99));
    let mut taken = 0.0;
    let size = Vec2::new(ui.available_width(), height(ui, context));
    let layout = Layout::left_to_right(eframe::egui::Align::Min).with_main_wrap(true);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        for (place, (class, &count)) in classes.iter().enumerate() {
            let words = words(class, count);
            let width = width(ui, &words);
            taken += width;
            if taken > room {
                let rest = text!("map-more-classes", count = classes.len() - place);
                ui.add(Label::new(RichText::new(rest).small().color(palette(ui).text_weak)));
                break;
            }
            entry(ui, context, &classes, class, &words, Vec2::new(width, LINE));
        }
    });
}

/// The colours of a measure with its lowest and highest value.
fn scale(ui: &mut Ui, context: &PanelContext<'_>) {
    let map = &context.memory.latent.map;
    let (name, unit, hint) = map.coloured_by.words();
    let weak = palette(ui).text_weak;
    let Some((low, high)) = map.points.range else {
        let text = match map.coloured_by {
            ColourBy::Error if context.state.space.errors.by_row.is_none() => errors::missing(context),
            _ => text!("map-measure-unknown", measure = name),
        };
        ui.label(RichText::new(text).small().color(weak)).on_hover_text(hint);
        return;
    };
    let value = |value: f32, sign: &str| format!("{sign}{} {unit}", format::significant(f64::from(value)));
    // The colours end before the most extreme values.
    let (below, above) = map.points.exceeded;
    let (below, above) = (if below { "≤ " } else { "" }, if above { "≥ " } else { "" });
    let row = ui.horizontal(|ui| {
        ui.set_height(LINE);
        ui.label(RichText::new(&name).small());
        ui.label(RichText::new(value(low, below)).small().monospace().color(weak));
        let (rect, response) = ui.allocate_exact_size(Vec2::new(SCALE_WIDTH, 2.0 * DOT), Sense::hover());
        let title = text!("reader-measure", name = name);
        described::picture(&response, &title, &described::of_range((low, high), unit));
        let colours = map.points.scale;
        let mut mesh = Mesh::default();
        for step in 0..=SCALE_STEPS {
            let share = step as f32 / SCALE_STEPS as f32;
            let (x, colour) = (rect.left() + share * rect.width(), colours.at(share));
            mesh.colored_vertex(pos2(x, rect.top()), colour);
            mesh.colored_vertex(pos2(x, rect.bottom()), colour);
            if step > 0 {
                let last = 2 * step;
                mesh.add_triangle(last - 2, last - 1, last);
                mesh.add_triangle(last - 1, last, last + 1);
            }
        }
        ui.painter().add(Shape::mesh(mesh));
        ui.label(RichText::new(value(high, above)).small().monospace().color(weak));
    });
    row.response.on_hover_text(text!("map-scale-help", measure = hint));
}

fn entry(
    ui: &mut Ui,
    context: &mut PanelContext<'_>,
    classes: &BTreeMap<String, usize>,
    class: &str,
    words: &str,
    size: Vec2,
) {
    let colours = palette(ui);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let hidden = context.memory.latent.map.hidden.contains(class);
    let label = text!("map-class", class = words);
    response.widget_info(|| WidgetInfo::selected(eframe::egui::Role::CheckBox, true, !hidden, &label));
    let colour = context.memory.classes.colour(colours, class);
    let dot = pos2(rect.left() + DOT + HALF_GAP, rect.center().y);
    if hidden {
        ui.painter().circle_stroke(dot, DOT, eframe::egui::Stroke::new(1.0, colours.text_weak));
    } else {
        ui.painter().circle_filled(dot, DOT, colour);
    }
    let font = TextStyle::Small.resolve(ui.style());
    let text = if hidden {
        colours.text_weak
    } else if response.hovered() {
        colours.text_strong
    } else {
        colours.text
    };
    let at = pos2(dot.x + DOT + HALF_GAP, rect.center().y);
    ui.painter().text(at, eframe::egui::Align2::LEFT_CENTER, words, font, text);
    let hidden_classes = &mut context.memory.latent.map.hidden;
    if response.double_clicked() {
        let alone = classes.keys().all(|other| other == class || hidden_classes.contains(other));
        *hidden_classes = if alone {
            std::collections::BTreeSet::new()
        } else {
            classes.keys().filter(|other| *other != class).cloned().collect()
        };
    } else if response.clicked() && !hidden_classes.remove(class) {
        hidden_classes.insert(class.to_owned());
    }
    response.on_hover_text(text!("map-class-help"));
}
