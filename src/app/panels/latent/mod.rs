//! The latent view: sliders, travel and export at the left; map, decoded sound and ladder at the right.

pub mod decoded;
mod detail;
mod export;
mod first_steps;
mod ladder;
pub mod map;
mod model;
mod nearby;
mod playing;
pub mod save_sound;
mod sliders;
mod starting_points;
mod travel;

use eframe::egui::{Align, CentralPanel, Frame, Layout, Margin, Panel, Ui, Vec2};

use crate::app::{
    context::PanelContext,
    memory::latent::{MainTab, SideTab},
    theme::{GAP, ROW, palette},
};

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    first_steps::cards(ui, context);
    let side = Frame::new()
        .fill(palette(ui).card)
        .stroke(eframe::egui::Stroke::new(1.0, palette(ui).border))
        .corner_radius(6)
        .inner_margin(Margin::same(10));
    let room = ui.available_width();
    let (width, most) = ((room * 0.36).clamp(286.0, 420.0), (room * 0.6).max(286.0));
    let panel = Panel::left("latent sliders").resizable(true).default_size(width).size_range(286.0..=most);
    panel.show_separator_line(false).frame(side).show(ui, |ui| {
        model::show(ui, context);
        if context.state.latent.model.is_some() {
            starting_points::show(ui, context);
            detail::show(ui, context);
            ui.separator();
            side_panel(ui, context);
        }
    });
    let rest = Frame::new().inner_margin(Margin { left: GAP as i8, ..Margin::ZERO });
    CentralPanel::no_frame().frame(rest).show(ui, |ui| main_panel(ui, context));
}

const SIDE_TABS: [(SideTab, &str, &str); 3] = [
    (SideTab::Sliders, "Sliders", "Move the vector along each axis"),
    (SideTab::Travel, "Travel", "Between sounds, by arithmetic, at random; save and recall vectors"),
    (SideTab::Export, "Export", "Sounds, morphs, vectors and the model, as files"),
];
const MAIN_TABS: [(MainTab, &str, &str); 3] = [
    (MainTab::Map, "Map", "Every recording as a point; drag to hear sounds between them"),
    (MainTab::Sound, "Sound", "The decoded sound, large"),
    (MainTab::Ladder, "Ladder", "A recording after each processing step: which one costs quality?"),
];

fn side_panel(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.horizontal(|ui| {
        for (side_tab, name, hint) in SIDE_TABS {
            let chosen = context.memory.latent.side_tab == side_tab;
            if ui.selectable_label(chosen, name).on_hover_text(hint).clicked() {
                context.memory.latent.side_tab = side_tab;
            }
        }
    });
    match context.memory.latent.side_tab {
        SideTab::Sliders => sliders::show(ui, context),
        SideTab::Travel => travel::show(ui, context),
        SideTab::Export => export::show(ui, context),
    }
}

/// Least width for map and sound side by side, and least height for one above the other, in points.
const SIDE_BY_SIDE_WIDTH: f32 = 1000.0;
const STACKED_HEIGHT: f32 = 560.0;
/// Part of the space that the map takes.
const MAP_SHARE: f32 = 0.6;

fn main_panel(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let strip = Frame::new().inner_margin(Margin { top: GAP as i8, ..Margin::ZERO });
    Panel::bottom("playing")
        .show_separator_line(false)
        .frame(strip)
        .show(ui, |ui| playing::show(ui, context));
    ui.horizontal(|ui| {
        for (main_tab, name, hint) in MAIN_TABS {
            let chosen = context.memory.latent.main_tab == main_tab;
            if ui.selectable_label(chosen, name).on_hover_text(hint).clicked() {
                context.memory.latent.main_tab = main_tab;
            }
        }
        ui.separator();
        ui.allocate_ui_with_layout(
            Vec2::new(ui.available_width(), ROW),
            Layout::left_to_right(Align::Center),
            |ui| decoded::controls(ui, context),
        );
    });
    match context.memory.latent.main_tab {
        MainTab::Sound => decoded::show(ui, context),
        MainTab::Ladder => ladder::show(ui, context),
        MainTab::Map => {
            let room = ui.available_size();
            if room.x >= SIDE_BY_SIDE_WIDTH {
                let left = Vec2::new((room.x - GAP) * MAP_SHARE, room.y);
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = GAP;
                    ui.allocate_ui(left, |ui| {
                        ui.set_min_size(left);
                        ui.vertical(|ui| map::show(ui, context));
                    });
                    ui.vertical(|ui| decoded::show(ui, context));
                });
            } else if room.y >= STACKED_HEIGHT {
                let above = Vec2::new(room.x, (room.y - GAP) * MAP_SHARE);
                ui.allocate_ui(above, |ui| {
                    ui.set_min_size(above);
                    ui.vertical(|ui| map::show(ui, context));
                });
                ui.add_space(GAP);
                decoded::show(ui, context);
            } else {
                map::show(ui, context);
            }
        }
    }
}
