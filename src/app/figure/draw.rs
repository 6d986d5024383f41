//! Draws a figure with the panel that shows it in the window, and writes it as SVG.

use eframe::egui::{
    self, CentralPanel, Frame, Margin, Ui, Vec2,
    style::{ScrollFadeStyle, ScrollStyle},
};

use super::{
    offscreen::{self, Drawing},
    svg,
};
use crate::{
    app::{
        context::PanelContext,
        kinds::figure_kind::FigureKind,
        memory::WindowMemory,
        panels::{
            data_set::{loading, overview, parity},
            latent::{decoded, map},
            stages, training,
        },
        theme::{GAP, palette},
    },
    session::{State, state::ThemeChoice},
};

/// The figure as an SVG file of `size` points, with the window's zoom and filters; higher where what it shows needs more.
pub fn svg_of(
    kind: FigureKind,
    mut size: Vec2,
    theme: ThemeChoice,
    state: &State,
    window: &WindowMemory,
) -> String {
    let mut drawn = Drawn::new(kind, size, theme, state, window);
    if drawn.needed_height > size.y {
        size.y = drawn.needed_height;
        drawn = Drawn::new(kind, size, theme, state, window);
    }
    svg::svg(&drawn.drawing, drawn.background)
}

/// The height of the figure in points where `size` is chosen: more where what it shows needs more.
pub fn height_of(kind: FigureKind, size: Vec2, state: &State, window: &WindowMemory) -> f32 {
    Drawn::new(kind, size, ThemeChoice::Light, state, window).needed_height.max(size.y)
}

/// A figure once it is drawn.
struct Drawn {
    drawing: Drawing,
    background: egui::Color32,
    /// The height that its contents take, in points.
    needed_height: f32,
}

impl Drawn {
    fn new(kind: FigureKind, size: Vec2, theme: ThemeChoice, state: &State, window: &WindowMemory) -> Self {
        let (mut background, mut needed_height) = (egui::Color32::WHITE, 0.0);
        // Textures belong to the context of one drawing: their caches begin anew with it.
        let mut memory = window.for_figure(state);
        let drawing = offscreen::draw(size, theme, |ui| {
            let mut context = PanelContext { state, memory: &mut memory, commands: Vec::new() };
            background = palette(ui).card;
            let frame = Frame::new().fill(background).inner_margin(Margin::same(GAP as i8));
            CentralPanel::no_frame().frame(frame).show(ui, |ui| {
                ui.spacing_mut().scroll = hidden_scroll_bars();
                draw(kind, ui, &mut context);
                needed_height = (ui.min_rect().bottom() + GAP).ceil();
            });
        });
        Self { drawing, background, needed_height }
    }
}

/// Hides scroll bars and the fade at the edges: a figure does not scroll.
fn hidden_scroll_bars() -> ScrollStyle {
    ScrollStyle {
        dormant_background_opacity: 0.0,
        dormant_handle_opacity: 0.0,
        fade: ScrollFadeStyle { strength: 0.0, ..ScrollFadeStyle::default() },
        ..ScrollStyle::floating()
    }
}

/// Draws a figure with its panel.
fn draw(kind: FigureKind, ui: &mut Ui, context: &mut PanelContext<'_>) {
    match kind {
        FigureKind::Stages => stages::figure(ui, context, stages::FigurePart::All),
        FigureKind::Stage(stage) => stages::figure(ui, context, stages::FigurePart::One(stage)),
        FigureKind::Spectrum => stages::figure(ui, context, stages::FigurePart::Spectrum),
        FigureKind::Thumbnails => overview::figure(ui, context, overview::grid::show),
        FigureKind::ClassImages => overview::figure(ui, context, overview::class_images::show),
        FigureKind::Distributions => overview::figure(ui, context, overview::distributions::show),
        FigureKind::Loading => loading::figure(ui, context.state),
        FigureKind::Parity => parity::figure(ui, context),
        FigureKind::Training => training::figure(ui, context.state, &mut context.memory.training),
        FigureKind::Map => map::figure(ui, context),
        FigureKind::Decoded => decoded::figure(ui, context),
    }
}
