//! The window as a function of the session's state: layout of the panels, and the window's own UI state.

use std::{collections::BTreeMap, time::Duration};

use eframe::egui::{self, CentralPanel, Context, Frame, Margin, Panel, Ui, Vec2};

use super::{
    dialogs::{Dialogs, Question},
    effect_pictures::EffectPictures,
    envelopes::Envelopes,
    figure::{self, FigureKind},
    panels,
    shortcuts::{self, Action},
    textures::Textures,
    theme::{self, GAP, palette},
    widgets::{class_chip::ClassColours, strip::Strip},
};
use crate::{
    pipeline::config::PreprocessingConfig,
    session::{
        Command, State,
        playing::LOWEST_DB,
        state::{ThemeChoice, View},
    },
};

/// Interval of repaints while something changes without an event.
const REPAINT_INTERVAL: Duration = Duration::from_millis(50);

/// UI state of the window: whatever the session does not need.
#[derive(Default)]
pub(super) struct WindowMemory {
    /// Whether the sheet of shortcuts is open.
    pub sheet_open: bool,
    /// Whether the window with version, licences and notices is open.
    pub about_open: bool,
    /// Whether to focus the search field in this frame.
    pub focus_search: bool,
    /// Edited settings that are not valid yet; the session has the last valid ones.
    pub draft: Option<PreprocessingConfig>,
    /// Settings in the dialog about a model without preprocessing settings.
    pub assumed_draft: Option<PreprocessingConfig>,
    /// When each notice was first seen, in seconds of egui's clock.
    pub notices: BTreeMap<u64, f64>,
    /// UI state of the recording list.
    pub list: panels::library::ListMemory,
    /// Shared state of the stages' rows.
    pub strip: Strip,
    /// Zoom of a file that is cut into pieces.
    pub cut_strip: Strip,
    /// Zoom of the decoded sound.
    pub decoded: Strip,
    /// Which stages are folded, in order.
    pub folded_stages: [bool; 5],
    /// The difference of two pinned recordings.
    pub difference: panels::stages::Difference,
    /// The largest magnitude of the stages, with their generation.
    pub loudest: Option<(u64, f32)>,
    /// File dialogs.
    pub dialogs: Dialogs,
    /// Textures of images.
    pub textures: Textures,
    /// Envelopes of waveforms.
    pub envelopes: Envelopes,
    /// Colours of classes.
    pub classes: ClassColours,
    /// UI state of the data set view.
    pub data_set: panels::data_set::DataSetMemory,
    /// UI state of the training view.
    pub training: panels::training::TrainingMemory,
    /// UI state of the latent view.
    pub latent: panels::latent::LatentMemory,
    /// Effect pictures of the latent axes.
    pub effects: EffectPictures,
    /// UI state of the export sheet.
    pub export: panels::export::ExportMemory,
}

impl WindowMemory {
    /// Time of the crosshair kept by a click in the current view, in seconds.
    pub fn kept_secs(&self, state: &State) -> Option<f64> {
        let strip = if state.library.pieces.shown.is_some() { &self.cut_strip } else { &self.strip };
        strip.kept_secs()
    }

    /// A copy for a figure of `state`: zoom, crosshair, folds and filters, with new caches.
    pub fn for_figure(&self, state: &State) -> Self {
        let mut memory = Self {
            strip: self.strip.for_figure(),
            decoded: self.decoded.for_figure(),
            folded_stages: self.folded_stages,
            data_set: self.data_set.for_figure(),
            training: panels::training::TrainingMemory { cursor: None, draft: None, ..self.training.clone() },
            latent: self.latent.for_figure(),
            ..Self::default()
        };
        memory.classes.update(&state.library);
        memory
    }
}

/// The argument of every panel: state to draw, UI state, and the queue of commands.
pub(super) struct PanelContext<'a> {
    /// The session's state, to draw.
    pub state: &'a State,
    /// UI state.
    pub memory: &'a mut WindowMemory,
    /// Commands of the user, in order.
    pub commands: Vec<Command>,
}

impl PanelContext<'_> {
    /// Queues a command.
    pub fn send(&mut self, command: impl Into<Command>) {
        self.commands.push(command.into());
    }

    /// Opens a file dialog.
    pub fn ask(&mut self, ctx: &Context, question: Question) {
        let start = self.state.library.root.clone().filter(|_| !self.state.library.is_demo);
        self.memory.dialogs.ask(ctx, question, start);
    }
}

/// The window without a session: tests can show it any state.
#[derive(Default)]
pub struct Window {
    memory: WindowMemory,
}

impl Window {
    /// Installs the theme and returns a window with default UI state.
    pub fn new(ctx: &Context) -> Self {
        theme::install(ctx);
        Self::default()
    }

    /// The answer of a file dialog that was closed since the last call.
    pub fn dialog_answer(&mut self) -> Option<Command> {
        self.memory.dialogs.take()
    }

    /// Handles closing the window during a run; call once per frame, even if nothing is drawn.
    pub fn watch_closing(&self, ctx: &Context, state: &State) -> Option<Command> {
        panels::training::watch(ctx, state)
    }

    /// A figure of `state` as an SVG file of `size` points, with this window's zoom and filters.
    pub fn figure(&self, kind: FigureKind, size: Vec2, theme: ThemeChoice, state: &State) -> String {
        figure::svg_of(kind, size, theme, (state, &self.memory))
    }

    /// Draws `state` into `ui`; returns the user's commands, in order.
    #[must_use]
    pub fn show(&mut self, ui: &mut Ui, state: &State) -> Vec<Command> {
        theme::choose(ui.ctx(), state.settings.theme);
        let mut context = PanelContext { state, memory: &mut self.memory, commands: Vec::new() };
        context.memory.classes.update(&state.library);
        let ctx = ui.ctx().clone();
        run_shortcuts(&ctx, &mut context);
        panels::drop_overlay::take_dropped(&ctx, &mut context);
        lay_out(ui, &mut context);
        panels::notices::show(&ctx, &mut context);
        panels::shortcuts_sheet::show(&ctx, context.memory);
        panels::about::show(&ctx, &mut context.memory.about_open);
        panels::export::show(&ctx, &mut context);
        panels::training::show_closing(&ctx, &mut context);
        panels::assumed_settings::show(&ctx, &mut context);
        panels::drop_overlay::show(&ctx, state);
        if state.playback.playing.is_some() {
            ctx.request_repaint();
        }
        // A falling level meter and a random walk change without events.
        let level_falls = state.playing.level.db > LOWEST_DB || state.playing.level.is_clipped;
        if state.space.travel.is_walking || level_falls || state.playing.take.is_some() {
            ctx.request_repaint_after(REPAINT_INTERVAL);
        }
        context.commands
    }
}

fn lay_out(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let colours = palette(ui);
    let bar = Frame::new().fill(colours.panel).inner_margin(Margin::symmetric(12, 0));
    Panel::top("top bar").exact_size(theme::TOP_BAR).frame(bar).show(ui, |ui| {
        panels::top_bar::show(ui, context);
    });
    if panels::training::offers(context) {
        let strip = Frame::new().fill(colours.accent_soft).inner_margin(Margin::symmetric(12, 4));
        Panel::top("unfinished run").frame(strip).show(ui, |ui| panels::training::unfinished(ui, context));
    }
    let side = Frame::new().fill(colours.panel).inner_margin(Margin::same(GAP as i8));
    let width = if ui.available_width() < 1100.0 { 248.0 } else { 288.0 };
    Panel::left("library").resizable(true).default_size(width).size_range(220.0..=480.0).frame(side).show(
        ui,
        |ui| {
            panels::library::show(ui, context);
        },
    );
    let centre = Frame::new().fill(colours.window).inner_margin(Margin::same(GAP as i8));
    CentralPanel::no_frame().frame(centre).show(ui, |ui| match context.state.settings.view {
        View::Stages => panels::stages::show(ui, context),
        View::DataSet => panels::data_set::show(ui, context),
        View::Training => panels::training::show(ui, context),
        View::Latent => panels::latent::show(ui, context),
    });
}

fn run_shortcuts(ctx: &Context, context: &mut PanelContext<'_>) {
    let is_sheet_open = context.memory.sheet_open || context.memory.about_open;
    if is_sheet_open && ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape)) {
        context.memory.sheet_open = false;
        context.memory.about_open = false;
    }
    for action in shortcuts::pressed(ctx, context.state, context.memory.kept_secs(context.state)) {
        match action {
            Action::Do(command) => context.send(command),
            Action::OpenFolder => context.ask(ctx, Question::OpenFolder),
            Action::SaveWav => panels::latent::ask_where_to_save(ctx, context),
            Action::Export => panels::export::open(context),
            Action::FocusSearch => context.memory.focus_search = true,
            Action::ToggleSheet => context.memory.sheet_open = !context.memory.sheet_open,
        }
    }
}
