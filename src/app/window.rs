//! The whole window as a function of the state: where the panels lie, and what the window itself remembers.

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

/// While something moves that no thread gives news of, the session is asked this often.
const LOOK: Duration = Duration::from_millis(50);

/// What the window remembers that is nobody else's business.
#[derive(Default)]
pub(super) struct WindowMemory {
    /// Whether the sheet of shortcuts is open.
    pub sheet_open: bool,
    /// Whether the window with version, licences and notices is open.
    pub about_open: bool,
    /// Whether the search field is to get the keyboard in this frame.
    pub focus_search: bool,
    /// Settings that were typed but are not valid yet; the session has the last valid ones.
    pub draft: Option<PreprocessingConfig>,
    /// Settings that are being changed in the question about a model without settings of its own.
    pub assumed_draft: Option<PreprocessingConfig>,
    /// When each notice was first seen, in seconds of egui's clock.
    pub notices: BTreeMap<u64, f64>,
    /// The row that the list was last scrolled to, and the part of the list in sight.
    pub list: panels::library::ListMemory,
    /// What the rows of the stages share.
    pub strip: Strip,
    /// What is in sight of a file that is cut into pieces.
    pub cut_strip: Strip,
    /// The same for the decoded sound.
    pub decoded: Strip,
    /// Stages of which only the title is shown, in their order.
    pub folded_stages: [bool; 5],
    /// The difference of two pinned recordings.
    pub difference: panels::stages::Difference,
    /// Generation of the stages, and the largest magnitude in them.
    pub loudest: Option<(u64, f32)>,
    /// File dialogs.
    pub dialogs: Dialogs,
    /// Images on the graphics card.
    pub textures: Textures,
    /// Waveforms summarised for drawing.
    pub envelopes: Envelopes,
    /// Colours of classes.
    pub classes: ClassColours,
    /// What the data set's view remembers.
    pub data_set: panels::data_set::DataSetMemory,
    /// What the training view remembers.
    pub training: panels::training::TrainingMemory,
    /// What the latent view remembers.
    pub latent: panels::latent::LatentMemory,
    /// Pictures of what each slider does.
    pub effects: EffectPictures,
    /// What is chosen for taking away.
    pub export: panels::export::ExportMemory,
}

impl WindowMemory {
    /// Seconds at which a click has left the crosshair of the plots in sight.
    pub fn kept_secs(&self, state: &State) -> Option<f64> {
        let strip = if state.library.pieces.shown.is_some() { &self.cut_strip } else { &self.strip };
        strip.kept_secs()
    }

    /// What a figure of `state` needs of it: zoom, crosshair, folds and filters, with caches of its own.
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

/// What every panel gets: the state to draw, the window's memory, and the queue of commands.
pub(super) struct PanelContext<'a> {
    /// What to draw.
    pub state: &'a State,
    /// What the window remembers.
    pub memory: &'a mut WindowMemory,
    /// Wishes of the person, in order.
    pub commands: Vec<Command>,
}

impl PanelContext<'_> {
    /// Queues a command.
    pub fn send(&mut self, command: impl Into<Command>) {
        self.commands.push(command.into());
    }

    /// Asks for a folder in the system's dialog.
    pub fn ask(&mut self, ctx: &Context, question: Question) {
        let start = self.state.library.root.clone().filter(|_| !self.state.library.is_demo);
        self.memory.dialogs.ask(ctx, question, start);
    }
}

/// The window without the session behind it: tests show it any state.
#[derive(Default)]
pub struct Window {
    memory: WindowMemory,
}

impl Window {
    /// Installs the theme and returns a window that remembers nothing yet.
    pub fn new(ctx: &Context) -> Self {
        theme::install(ctx);
        Self::default()
    }

    /// The answer of a file dialog that was closed since the last call.
    pub fn dialog_answer(&mut self) -> Option<Command> {
        self.memory.dialogs.take()
    }

    /// What closing the window means while a run is under way; call once a frame, drawn or not.
    pub fn watch_closing(&self, ctx: &Context, state: &State) -> Option<Command> {
        panels::training::watch(ctx, state)
    }

    /// A figure of `state` as an SVG file of `size` points, with this window's zoom and filters.
    pub fn figure(&self, kind: FigureKind, size: Vec2, theme: ThemeChoice, state: &State) -> String {
        figure::svg_of(kind, size, theme, (state, &self.memory))
    }

    /// Draws `state` over the whole of `ui`; returns what the person asked for, in order.
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
        // A bar that falls, and a vector that walks, go on without news.
        let level_falls = state.playing.level.db > LOWEST_DB || state.playing.level.is_clipped;
        if state.space.travel.is_walking || level_falls || state.playing.take.is_some() {
            ctx.request_repaint_after(LOOK);
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
