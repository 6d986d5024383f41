//! The map: every recording as a point, the current vector, and decoded sounds at any position between.

mod axes;
mod canvas;
mod chosen;
mod drawing;
mod errors;
mod lasso;
mod legend;
mod points;

use eframe::egui::{Button, ComboBox, Rect, RichText, Ui, UiBuilder};

use super::{first_steps, nearby};
use crate::{
    app::{
        context::PanelContext,
        memory::map::ColourBy,
        panels::job_bar,
        theme::{HALF_GAP, palette},
        widgets::{card::surface, dropdown, foot::Foot, toolbar},
    },
    explore::layout::LayoutKind,
    language::{Key, key, text},
    session::{Command, space::SpaceCommand, task::TaskStatus},
};

const KINDS: [(LayoutKind, &str, Key); 2] =
    [(LayoutKind::Pca, "PCA", key!("map-pca-help")), (LayoutKind::Tsne, "t-SNE", key!("map-tsne-help"))];

/// Width of the choice of colours, in points.
const COLOUR_BY_WIDTH: f32 = 84.0;
const ERROR_WIDTH: f32 = 150.0;
/// Seconds of making the map again before the progress shows over it.
const SOON_SECS: f64 = 2.0;
/// Least height of the map, in points.
const MIN_HEIGHT: f32 = 120.0;

/// Draws map, tools and legend into the available space.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    chosen::forget_of_other_list(context);
    tools(ui, context);
    if context.state.space.layout.is_none() {
        progress(ui, context);
        placeholder(ui, context);
        return;
    }
    points::update(context, palette(ui), ui.visuals().dark_mode);
    ui.spacing_mut().item_spacing.y = HALF_GAP;
    Foot { id: "foot of the map", gap: HALF_GAP }.show(ui, context, map_itself, |ui, context| {
        stale(ui, context);
        legend::show(ui, context);
        surroundings_or_chosen(ui, context);
    });
}

/// The vector's surroundings. While recordings are chosen, their tools stand in the same place and take no less of it: the map
/// stays where it is unless they need more lines.
fn surroundings_or_chosen(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let id = ui.scope_id().with("height of the surroundings");
    let top = ui.min_rect().bottom();
    if context.memory.latent.map.chosen.is_empty() {
        nearby::show(ui, context);
        let height = ui.min_rect().bottom() - top;
        ui.data_mut(|data| data.insert_temp(id, height));
        return;
    }
    chosen::tools(ui, context);
    let height: f32 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    // The space begins one gap below the tools.
    let lack = height - (ui.min_rect().bottom() - top) - ui.spacing().item_spacing.y;
    if lack > 0.0 {
        ui.add_space(lack);
    }
}

/// The map, and over it the line that invites to drag and the progress.
fn map_itself(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let mut size = ui.available_size();
    size.y = size.y.max(MIN_HEIGHT);
    let map = Rect::from_min_size(ui.cursor().min, size);
    canvas::show(ui, context, size);
    first_steps::invitation(ui, context, map);
    // Over the map, so that it stays where it is while its recordings are encoded again.
    let above = UiBuilder::new().max_rect(map.shrink(HALF_GAP));
    progress(&mut ui.new_child(above), context);
}

/// Draws the map alone, for a figure: with a title and the names of its axes.
pub fn figure(ui: &mut Ui, context: &mut PanelContext<'_>) {
    points::update(context, palette(ui), ui.visuals().dark_mode);
    let legend = legend::height(ui, context);
    let mut size = ui.available_size();
    size.y -= legend + HALF_GAP;
    axes::framed(ui, context, size, canvas::show);
    legend::show(ui, context);
}

fn tools(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let there = context.state.space.layout.is_some();
    let kind = context.state.space.layout_kind;
    toolbar::show(ui, |ui| {
        for (offered, name, hint) in KINDS {
            let button = ui.add_enabled(there, Button::selectable(kind == offered, name));
            if button.on_hover_text(hint.text()).clicked() {
                context.send(Command::Space(SpaceCommand::SetLayout(offered)));
            }
        }
        ui.separator();
        let map = &mut context.memory.latent.map;
        let atlas = ui.add_enabled(there, Button::selectable(map.shows_atlas, text!("map-atlas")));
        if atlas.on_hover_text(text!("map-atlas-help")).clicked() {
            map.shows_atlas = !map.shows_atlas;
            if !map.shows_atlas {
                context.send(Command::Space(SpaceCommand::ShowAtlas(None)));
            }
        }
        let map = &mut context.memory.latent.map;
        let hear = ui.add_enabled(there, Button::selectable(map.hears, text!("map-hear")));
        if hear.on_hover_text(text!("map-hear-help")).clicked() {
            map.hears = !map.hears;
        }
        colour_by(ui, context);
        errors::tools(ui, context);
        let fit = ui.add_enabled(there, Button::new(text!("map-fit")));
        if fit.on_hover_text(text!("map-fit-help")).clicked() {
            context.memory.latent.map.fitted = None;
        }
    });
}

/// The choice of what the colours show.
fn colour_by(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let there = context.state.space.layout.is_some();
    let chosen = &mut context.memory.latent.map.coloured_by;
    let mut measures = false;
    let width = if *chosen == ColourBy::Error { ERROR_WIDTH } else { COLOUR_BY_WIDTH };
    let menu = toolbar::group(ui, width + 2.0 * HALF_GAP, |ui| {
        let list = ComboBox::from_id_salt("colour by").width(width).selected_text(chosen.words().0);
        let offer = |ui: &mut Ui| {
            for offered in ColourBy::ALL {
                let (name, _, hint) = offered.words();
                let choice = ui.selectable_value(chosen, offered, name).on_hover_text(hint);
                measures |= choice.clicked() && offered == ColourBy::Error;
            }
        };
        ui.add_enabled_ui(there, |ui| dropdown::show(ui, list, offer)).inner
    });
    menu.response.accessible_name(text!("map-colour-by")).on_hover_text(text!("map-colour-by-help"));
    if measures {
        context.send(Command::Space(SpaceCommand::MeasureErrors));
    }
}

fn progress(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let space = &context.state.space;
    let (encoding, arranging) = (space.encoding.clone(), space.arranging.clone());
    // A run makes a model every few seconds: the map on show needs no word while it is soon made anew.
    let has_map = space.layout.is_some();
    let is_slow =
        |status: &TaskStatus| status.is_running() && !(has_map && status.running_secs() < SOON_SECS);
    if is_slow(&encoding) || matches!(encoding, TaskStatus::Failed(_)) {
        surface(ui, |ui| {
            if job_bar::progress(ui, &encoding) {
                context.send(Command::Space(SpaceCommand::CancelEncoding));
            }
            job_bar::failure(ui, &encoding);
        });
    }
    if is_slow(&arranging) || matches!(arranging, TaskStatus::Failed(_)) {
        surface(ui, |ui| {
            if job_bar::progress_of(ui, &arranging, &text!("map-steps")) {
                context.send(Command::Space(SpaceCommand::CancelLayout));
            }
            job_bar::failure(ui, &arranging);
        });
    }
    errors::progress(ui, context);
}

/// Below the map, for it stays until the recordings are encoded again: says that the model has trained further since they were.
fn stale(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let space = &context.state.space;
    if space.is_stale && !space.encoding.is_running() {
        surface(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(text!("map-stale")).color(palette(ui).warning));
                if ui.button(text!("map-encode-again")).clicked() {
                    context.send(Command::Space(SpaceCommand::Encode));
                }
            });
        });
    }
}

fn placeholder(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    if state.space.encoding.is_running() {
        job_bar::placeholder(ui, &text!("map-making"), &text!("map-making-help"));
        return;
    }
    let text = if state.latent.model.is_none() {
        text!("map-needs-model")
    } else if state.library.recordings.is_empty() {
        text!("map-needs-recordings")
    } else {
        text!("map-not-encoded")
    };
    job_bar::placeholder(ui, &text!("map-none"), &text);
    if state.latent.model.is_some() && !state.library.recordings.is_empty() {
        ui.vertical_centered(|ui| {
            if ui.button(text!("map-encode")).clicked() {
                context.send(Command::Space(SpaceCommand::Encode));
            }
        });
    }
}
