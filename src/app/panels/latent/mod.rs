//! The latent view: sliders, travel and export at the left; map, decoded sound and ladder at the right.

pub mod decoded;
mod detail;
mod export;
mod ladder;
pub mod map;
mod nearby;
mod playing;
mod sliders;
mod travel;

use std::path::Path;

use eframe::egui::{
    Align, Button, CentralPanel, Context, Frame, Layout, Margin, Panel, RichText, Spinner, Ui, Vec2,
};

use crate::{
    app::{
        dialogs::Question,
        format,
        theme::{GAP, HALF_GAP, ROW, palette},
        widgets::{
            card::explanation,
            icon_button::{self, Icon},
        },
        window::PanelContext,
    },
    audio::piece,
    names,
    session::{
        Command, LatentCommand,
        assumed_settings::AssumedSettingsCommand,
        space::SpaceCommand,
        state::{ModelOrigin, RunStatus},
    },
};

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let side = Frame::new()
        .fill(palette(ui).card)
        .stroke(eframe::egui::Stroke::new(1.0, palette(ui).border))
        .corner_radius(6)
        .inner_margin(Margin::same(10));
    let room = ui.available_width();
    let (width, most) = ((room * 0.36).clamp(286.0, 420.0), (room * 0.6).max(286.0));
    let panel = Panel::left("latent sliders").resizable(true).default_size(width).size_range(286.0..=most);
    panel.show_separator_line(false).frame(side).show(ui, |ui| {
        model(ui, context);
        if context.state.latent.model.is_some() {
            starting_points(ui, context);
            detail::show(ui, context);
            ui.separator();
            side_panel(ui, context);
        }
    });
    let rest = Frame::new().inner_margin(Margin { left: GAP as i8, ..Margin::ZERO });
    CentralPanel::no_frame().frame(rest).show(ui, |ui| main_panel(ui, context));
}

/// Tabs of the left panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SideTab {
    #[default]
    Sliders,
    Travel,
    Export,
}

/// Tabs of the main area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum MainTab {
    /// The map, with the decoded sound below or beside it.
    #[default]
    Map,
    /// The decoded sound alone, large.
    Sound,
    /// A recording after each step through the model and back.
    Ladder,
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

/// UI state of the view.
#[derive(Default)]
pub struct LatentMemory {
    side_tab: SideTab,
    main_tab: MainTab,
    /// Whether the play button is held.
    pub play_is_down: bool,
    sliders: sliders::SlidersMemory,
    travel: travel::TravelMemory,
    /// UI state of the map.
    pub map: map::MapMemory,
}

impl LatentMemory {
    /// A copy for a figure.
    pub fn for_figure(&self) -> Self {
        Self { map: self.map.for_figure(), ..Self::default() }
    }
}

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

/// Asks where to save the decoded sound, if there is one.
pub fn ask_where_to_save(ctx: &Context, context: &mut PanelContext<'_>) {
    if let Some(decoded) = &context.state.latent.decoded {
        let name = file_name(&context.state.latent.origin.words(), decoded.has_detail());
        context.ask(ctx, Question::SaveWav(name));
    }
}

/// A file name from the origin of a vector: `bell/bell_007.wav` gives `bell_007 decoded.wav`, or
/// `bell_007 decoded with detail.wav`.
fn file_name(origin: &str, has_detail: bool) -> String {
    let last = origin.rsplit(['/', '\\']).next().unwrap_or(origin);
    let stem = piece::stem(Path::new(last)).unwrap_or_default();
    let allowed = |c: &char| c.is_alphanumeric() || " -_@.".contains(*c);
    let clean: String = stem.to_string_lossy().chars().filter(allowed).collect();
    let clean = clean.trim();
    let with = if has_detail { " with detail" } else { "" };
    format!("{} decoded{with}.wav", if clean.is_empty() { "sound" } else { clean })
}

/// The model in use, and buttons for the others.
fn model(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let colours = palette(ui);
    ui.horizontal(|ui| {
        ui.strong("Model");
        if state.latent.busy {
            ui.add(Spinner::new().size(14.0)).on_hover_text("Loading the model or encoding the recording");
        }
    });
    let Some((origin, config)) = &state.latent.model else {
        explanation(ui, "No model is in use. Use the demo model, train one, or open a model's folder.");
        choices(ui, context, None);
        return;
    };
    ui.label(
        RichText::new(origin_text(origin, context.state.training.status.is_busy()))
            .color(colours.text_strong),
    );
    let text = format!(
        "{} dimensions; {} × {} images of {} recordings, {}",
        config.model.latent_size,
        config.model.bins,
        config.model.frames,
        format::count(config.dataset.images),
        format::classes(config.dataset.classes.len()),
    );
    explanation(ui, &text);
    choices(ui, context, Some(origin));
}

fn origin_text(origin: &ModelOrigin, is_busy: bool) -> String {
    match origin {
        ModelOrigin::Demo => "Trained on the demo sounds".to_owned(),
        ModelOrigin::Bundle(path) => {
            format!("{} (from disk)", names::file_name(path))
        }
        ModelOrigin::Training { epochs } => {
            let run = if is_busy { "The current run" } else { "The last run" };
            format!("{run}, after {}", format::counted(*epochs, "epoch"))
        }
    }
}

fn choices(ui: &mut Ui, context: &mut PanelContext<'_>, current: Option<&ModelOrigin>) {
    let trained = !context.state.training.epochs.is_empty();
    let running =
        matches!(context.state.training.status, RunStatus::Running | RunStatus::Paused | RunStatus::Stopping);
    ui.horizontal_wrapped(|ui| {
        let demo = Button::new("Demo model").selected(current == Some(&ModelOrigin::Demo));
        if ui.add(demo).on_hover_text("The built-in small model").clicked() {
            context.send(LatentCommand::UseDemoModel);
        }
        let follows = matches!(current, Some(ModelOrigin::Training { .. }));
        let run = ui.add_enabled(
            trained,
            Button::new(if running { "Follow run" } else { "Trained model" }).selected(follows),
        );
        let run =
            run.on_disabled_hover_text("Train a model first: after its first epoch it can be played here");
        if run.on_hover_text("The newest model of the Training view").clicked() {
            context.send(LatentCommand::UseTrainingModel);
        }
        if ui.button("Open…").on_hover_text("Open a model's folder").clicked() {
            context.ask(ui.ctx(), Question::OpenFolder);
        }
        if context.state.latent.lacks_settings
            && ui
                .button("Settings…")
                .on_hover_text("Set how this model's images were made: the model does not say")
                .clicked()
        {
            context.send(LatentCommand::AssumedSettings(AssumedSettingsCommand::Ask));
        }
    });
}

/// Starting points of the vector, undo and redo.
fn starting_points(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let colours = palette(ui);
    ui.add_space(HALF_GAP);
    ui.horizontal_wrapped(|ui| {
        let selected = state.library.selected;
        let from = ui.add_enabled(selected.is_some(), Button::new("From recording"));
        let from = from.on_disabled_hover_text("Select a recording in the list first");
        if from
            .on_hover_text(
                "Start from the selected recording's own latent vector (Enter, or double-click in the list)",
            )
            .clicked()
            && let Some(index) = selected
        {
            context.send(LatentCommand::EncodeRecording(index));
        }
        if ui.button("Random").on_hover_text("A random vector near the data (R)").clicked() {
            context.send(SpaceCommand::Sample);
        }
        if ui.button("Reset").on_hover_text("Back to the data's mean (Home)").clicked() {
            context.send(LatentCommand::ResetLatent);
        }
        let step = |ui: &mut Ui, there: bool, icon: Icon, name: &str, keys: &str| {
            ui.add_enabled_ui(there, |ui| icon_button::show(ui, icon, name, false))
                .inner
                .on_hover_text(format!("{name} ({keys})"))
                .clicked()
        };
        if step(ui, state.latent.can_undo, Icon::Undo, "Undo", "Ctrl+Z") {
            context.send(Command::Undo);
        }
        if step(ui, state.latent.can_redo, Icon::Redo, "Redo", "Ctrl+Shift+Z or Ctrl+Y") {
            context.send(Command::Redo);
        }
    });
    let origin = state.latent.origin.words();
    let origin = names::escaped(&origin);
    let words = RichText::new(format!("Vector from: {origin}")).small().color(colours.text_weak);
    ui.add(eframe::egui::Label::new(words).truncate()).on_hover_text(origin);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_sound_is_named_after_where_it_came_from() {
        assert_eq!(file_name("bell/bell_007.wav", false), "bell_007 decoded.wav");
        assert_eq!(file_name("bell/bell_007.wav", true), "bell_007 decoded with detail.wav");
        assert_eq!(file_name("random sample", false), "random sample decoded.wav");
        assert_eq!(file_name("***", false), "sound decoded.wav");
    }
}
