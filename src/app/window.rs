//! The window as a function of the session's state: layout of the panels, and shortcuts.

use std::time::Duration;

use eframe::egui::{
    self, CentralPanel, Context, Frame, Margin, Panel, Ui, Vec2, containers::scroll_area, util::IdTypeMap,
};

use super::{
    context::PanelContext,
    dialogs::Question,
    figure::{draw, export_sheet},
    focus_in_sight::FocusInSight,
    focus_return::FocusReturn,
    kinds::figure_kind::FigureKind,
    late_releases::LateReleases,
    letters::{self, NameLetters},
    memory::WindowMemory,
    panels,
    reader_tree::ReaderTree,
    shortcuts::{self, Action},
    theme::{self, GAP, palette},
    title,
    widgets::{focus_ring, keys, side_panel::SidePanel},
};
use crate::{
    language::{self, Language, text},
    session::{
        Command, State,
        playing::LOWEST_DB,
        state::{ThemeChoice, View},
    },
};

/// Interval of repaints while something changes without an event.
const REPAINT_INTERVAL: Duration = Duration::from_millis(50);

/// Widths of the list of recordings, in points.
struct ListWidths {
    least: f32,
    default_narrow: f32,
    default: f32,
    most: f32,
    /// Largest part of the window.
    part: f32,
}

const LIST_WIDTHS: ListWidths =
    ListWidths { least: 204.0, default_narrow: 248.0, default: 288.0, most: 480.0, part: 0.35 };

/// The window without a session: tests can show it any state.
#[derive(Default)]
pub struct Window {
    memory: WindowMemory,
    /// The title that the system was last told.
    title: String,
    name_letters: NameLetters,
    /// The language that was chosen and has no font, once the person was told.
    not_drawn: Option<Language>,
    focus_return: FocusReturn,
}

impl Window {
    /// Installs the theme and what mends egui's input and focus, and returns a window with default UI state.
    pub fn new(ctx: &Context) -> Self {
        theme::install(ctx);
        // Selections begin anew, so lists do, too.
        ctx.data_mut(IdTypeMap::remove_by_type::<scroll_area::State>);
        ctx.add_plugin(LateReleases::default());
        ctx.add_plugin(FocusInSight::default());
        ctx.add_plugin(ReaderTree);
        Self::default()
    }

    /// With the language that is meant by *as the system*; it is English otherwise.
    #[must_use]
    pub fn with_system_language(mut self, language: Language) -> Self {
        self.memory.system_language = language;
        self
    }

    /// Draws in the language that was chosen, or in English where no font has its letters; says so once.
    fn choose_language(&mut self, ctx: &Context, state: &State) -> Option<Command> {
        let chosen = state.settings.language.language(self.memory.system_language);
        let can_draw = letters::can_draw(ctx, chosen);
        language::set(if can_draw { chosen } else { Language::English });
        let is_new = !can_draw && self.not_drawn.replace(chosen) != Some(chosen);
        is_new.then_some(Command::NoLanguageFont(chosen))
    }

    /// The answer of a file dialog that was closed since the last call.
    pub fn dialog_answer(&mut self) -> Option<Command> {
        self.memory.dialogs.take()
    }

    /// Handles closing the window while work is in progress; call once per frame, even if nothing is drawn.
    pub fn watch_closing(&self, ctx: &Context, state: &State) -> Option<Command> {
        panels::closing::watch(ctx, state)
    }

    /// A figure of `state` as an SVG file of `size` points, with this window's zoom and filters.
    pub fn figure(&self, kind: FigureKind, size: Vec2, theme: ThemeChoice, state: &State) -> String {
        draw::svg_of(kind, size, theme, state, &self.memory)
    }

    /// Tells the system the window's title, where it is another.
    fn name(&mut self, ctx: &Context, title: String) {
        if self.title != title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Draws `state` into `ui`; returns the user's commands, in order.
    #[must_use]
    pub fn show(&mut self, ui: &mut Ui, state: &State) -> Vec<Command> {
        theme::choose(ui.ctx(), state.settings.theme);
        let not_drawn = self.choose_language(ui.ctx(), state);
        self.name(ui.ctx(), title::of(state));
        ui.ctx().accesskit_node_builder(egui::accesskit_root_id(), |node| node.set_label(&*self.title));
        let mut context = PanelContext { state, memory: &mut self.memory, commands: Vec::new() };
        context.memory.classes.update(&state.library);
        let ctx = ui.ctx().clone();
        context.commands.extend(not_drawn);
        let missing = self.name_letters.without_font(&ctx, &state.library);
        context.commands.extend((!missing.is_empty()).then_some(Command::NoLetters(missing)));
        run_shortcuts(&ctx, &mut context);
        panels::drop_overlay::take_dropped(&ctx, &mut context);
        behind_dialogs(&ctx, || lay_out(ui, &mut context));
        panels::shortcuts_sheet::show(&ctx, context.memory);
        panels::about::show(&ctx, &mut context.memory.about_open);
        export_sheet::show(&ctx, &mut context);
        panels::training::show_closing(&ctx, &mut context);
        panels::closing::show(&ctx, &mut context);
        panels::assumed_settings::show(&ctx, &mut context);
        panels::drop_overlay::show(&ctx, state);
        self.focus_return.update(&ctx);
        focus_ring::show(ui);
        keys::end_frame(&ctx);
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

/// Draws `contents` without the pointer while a dialog is open in front of them, so that they show no tooltips.
fn behind_dialogs(ctx: &Context, contents: impl FnOnce()) {
    if !keys::is_dialog_open(ctx) {
        contents();
        return;
    }
    let pointer = ctx.input_mut(|input| std::mem::take(&mut input.pointer));
    contents();
    ctx.input_mut(|input| input.pointer = pointer);
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
    if context.state.settings.list_folded {
        panels::notices::below(ui, context, centre);
    } else {
        library(ui, context);
        centre(ui, context);
    }
}

/// The chosen view.
fn centre(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let colours = palette(ui);
    let centre = Frame::new().fill(colours.window).inner_margin(Margin::same(GAP as i8));
    CentralPanel::no_frame().frame(centre).show(ui, |ui| match context.state.settings.view {
        View::Stages => panels::stages::show(ui, context),
        View::DataSet => panels::data_set::show(ui, context),
        View::Training => panels::training::show(ui, context),
        View::Latent => panels::latent::show(ui, context),
    });
}

/// The list of recordings at the left: it gives way to the view as the window becomes narrower, and comes back as it becomes wider.
fn library(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let frame = Frame::new().fill(palette(ui).panel).inner_margin(Margin::same(GAP as i8));
    let room = ui.available_width();
    let default = if room < 1100.0 { LIST_WIDTHS.default_narrow } else { LIST_WIDTHS.default };
    let most = (LIST_WIDTHS.part * room).clamp(LIST_WIDTHS.least, LIST_WIDTHS.most);
    let panel = SidePanel {
        id: "library",
        edge: text!("reader-list-width"),
        width: default,
        widths: LIST_WIDTHS.least..=most,
        frame,
        has_line: true,
    };
    panel.show(ui, |ui| panels::notices::below(ui, context, panels::library::show));
}

fn run_shortcuts(ctx: &Context, context: &mut PanelContext<'_>) {
    for action in shortcuts::pressed(ctx, context.state, context.memory.kept_secs(context.state)) {
        match action {
            Action::Do(command) => context.send(command),
            Action::OpenFolder => context.ask(ctx, Question::OpenFolder),
            Action::SaveWav => panels::latent::save_sound::ask_where_to_save(ctx, context),
            Action::Export => context.open_export(),
            Action::FocusSearch => {
                context.memory.focus_search = true;
                if context.state.settings.list_folded {
                    context.send(Command::FoldList(false));
                }
            }
            Action::ToggleSheet => context.memory.sheet_open = !context.memory.sheet_open,
        }
    }
}
