//! The latent view: sliders, travel and export at the left; map, decoded sound and ladder at the right.
//!
//! As the view becomes smaller, its parts give way in this order:
//!
//! 1. the panel of the sliders becomes narrower, down to [`SIDE_WIDTH`];
//! 2. the decoded sound moves from beside the map ([`SIDE_BY_SIDE_WIDTH`]) to below it;
//! 3. the decoded sound is only in its tab (below [`STACKED_HEIGHT`]);
//! 4. the panel of the sliders moves into a tab before the map's (below [`TWO_PANELS_WIDTH`]);
//! 5. toolbars take more lines, and what is then higher than the window scrolls.

pub mod decoded;
mod detail;
mod export;
mod first_steps;
mod ladder;
pub mod map;
mod model;
mod nearby;
mod playing;
mod rung_words;
pub mod save_sound;
mod sliders;
mod starting_points;
mod travel;

use eframe::egui::{CentralPanel, Frame, Id, Margin, Ui, UiBuilder, Vec2};

use crate::{
    app::{
        context::PanelContext,
        memory::latent::{MainTab, SideTab},
        theme::{GAP, HALF_GAP, palette},
        widgets::{foot::Foot, room, side_panel::SidePanel, toolbar},
    },
    language::{Key, key, text},
};

/// Least width of the sliders' panel, and the least that it leaves for the map, in points.
const SIDE_WIDTH: f32 = 286.0;
const MAIN_WIDTH: f32 = 360.0;
/// Least width for both beside each other.
const TWO_PANELS_WIDTH: f32 = SIDE_WIDTH + MAIN_WIDTH + GAP;
/// Least heights of both; below, they scroll.
const SIDE_HEIGHT: f32 = 440.0;
const MAIN_HEIGHT: f32 = 460.0;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    first_steps::cards(ui, context);
    let room = ui.available_width();
    if room < TWO_PANELS_WIDTH {
        room::at_least(ui, "latent view", SIDE_HEIGHT.max(MAIN_HEIGHT), |ui| {
            main_panel(ui, context, SideAt::Tab);
        });
        return;
    }
    let most = room::between(room * 0.6, SIDE_WIDTH, room - MAIN_WIDTH - GAP);
    let width = (room * 0.36).clamp(SIDE_WIDTH, 420.0).min(most);
    let panel = SidePanel {
        id: "latent sliders",
        edge: text!("reader-sliders-width"),
        width,
        widths: SIDE_WIDTH..=most,
        frame: side_frame(ui),
        has_line: false,
    };
    panel.show(ui, |ui| room::at_least(ui, "latent sliders", SIDE_HEIGHT, |ui| side(ui, context)));
    let rest = Frame::new().inner_margin(Margin { left: GAP as i8, ..Margin::ZERO });
    CentralPanel::no_frame().frame(rest).show(ui, |ui| {
        room::at_least(ui, "latent main", MAIN_HEIGHT, |ui| main_panel(ui, context, SideAt::Left));
    });
}

/// Where the sliders are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SideAt {
    /// In a panel of their own.
    Left,
    /// In a tab of the main panel.
    Tab,
}

fn side_frame(ui: &Ui) -> Frame {
    Frame::new()
        .fill(palette(ui).card)
        .stroke(eframe::egui::Stroke::new(1.0, palette(ui).border))
        .corner_radius(6)
        .inner_margin(Margin::same(10))
}

/// The model, its vector, and the tabs with sliders, travel and export.
fn side(ui: &mut Ui, context: &mut PanelContext<'_>) {
    // One state of what it scrolls and folds, in its panel and in its tab.
    let everywhere = UiBuilder::new().scope_id(Id::unique("latent side"));
    ui.scope_builder(everywhere, |ui| {
        model::show(ui, context);
        if context.state.latent.model.is_some() {
            starting_points::show(ui, context);
            detail::show(ui, context);
            ui.separator();
            side_panel(ui, context);
        }
    });
}

const SIDE_TABS: [(SideTab, Key, Key); 3] = [
    (SideTab::Sliders, key!("instrument-sliders"), key!("instrument-sliders-help")),
    (SideTab::Travel, key!("instrument-travel"), key!("instrument-travel-help")),
    (SideTab::Export, key!("instrument-export"), key!("instrument-export-help")),
];
/// The first of them is there only where the sliders have no panel of their own.
const MAIN_TABS: [(MainTab, Key, Key); 4] = [
    (MainTab::Side, key!("instrument-vector"), key!("instrument-vector-help")),
    (MainTab::Map, key!("instrument-map"), key!("instrument-map-help")),
    (MainTab::Sound, key!("instrument-sound"), key!("instrument-sound-help")),
    (MainTab::Ladder, key!("instrument-ladder"), key!("instrument-ladder-help")),
];

fn side_panel(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.horizontal(|ui| {
        for (side_tab, name, hint) in SIDE_TABS {
            let chosen = context.memory.latent.side_tab == side_tab;
            if ui.selectable_label(chosen, name.text()).on_hover_text(hint.text()).clicked() {
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

fn main_panel(ui: &mut Ui, context: &mut PanelContext<'_>, side_at: SideAt) {
    let parts = |ui: &mut Ui, context: &mut PanelContext<'_>| parts(ui, context, side_at);
    Foot { id: "playing", gap: GAP }.show(ui, context, parts, playing::show);
}

/// The tabs, and what they show.
fn parts(ui: &mut Ui, context: &mut PanelContext<'_>, side_at: SideAt) {
    let open = match context.memory.latent.main_tab {
        MainTab::Side if side_at == SideAt::Left => MainTab::Map,
        tab => tab,
    };
    toolbar::show(ui, |ui| {
        let offered = MAIN_TABS.iter().filter(|(tab, ..)| *tab != MainTab::Side || side_at == SideAt::Tab);
        for &(main_tab, name, hint) in offered {
            if ui.selectable_label(open == main_tab, name.text()).on_hover_text(hint.text()).clicked() {
                context.memory.latent.main_tab = main_tab;
            }
        }
        toolbar::separator(ui, decoded::first_width(ui, context));
        decoded::controls(ui, context);
    });
    match open {
        MainTab::Side => side_frame(ui).show(ui, |ui| side(ui, context)).inner,
        MainTab::Sound => {
            ui.add_space(HALF_GAP);
            decoded::show(ui, context);
        }
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
