//! The stages of the selected recording: one strip with a shared time axis, and the values at the crosshair beside it.

mod compare;
mod compared_values;
mod cut;
mod inspector;
mod rows;
mod source;
mod toolbar;

use eframe::egui::{
    Align, Frame, Layout, Margin, Panel, ProgressBar, RichText, ScrollArea, Ui, UiBuilder, Vec2,
};

use self::{rows::StageRows, source::StripSource};
use super::preprocessing;
use crate::session::error_words::InWords as _;
use crate::{
    app::{
        context::PanelContext,
        kinds::stage::Stage,
        theme::{GAP, HALF_GAP, palette},
        widgets::{keys, room, strip::Strip, waveform_plot::FrameSpan},
    },
    dsp::window::hann,
    language::text,
    names,
    session::{InspectionCommand, state::Source},
};

/// From this width on, the inspector has its own column.
const WIDE: f32 = 760.0;
/// Least and greatest width of that column, and the part of the room that it takes between them.
const INSPECTOR: std::ops::RangeInclusive<f32> = 250.0..=460.0;
const INSPECTOR_SHARE: f32 = 0.22;

/// Number of points of the drawn analysis window.
const WINDOW_POINTS: usize = 64;

/// Least height of the strip; what is then higher than the window scrolls.
const STRIP_HEIGHT: f32 = 250.0;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ScrollArea::vertical().id_salt("stages").auto_shrink([false, false]).show(ui, |ui| {
        contents(ui, context);
    });
}

fn contents(ui: &mut Ui, context: &mut PanelContext<'_>) {
    if let Some(file) = context.state.library.pieces.shown {
        cut::facts(ui, context, file);
        preprocessing::show(ui, context);
        ui.add_space(HALF_GAP);
        room::fill(ui, STRIP_HEIGHT, |ui| {
            surface(ui, |ui| cut::show(ui, context, file));
        });
        return;
    }
    toolbar::facts(ui, context);
    preprocessing::show(ui, context);
    ui.add_space(HALF_GAP);
    let inspection = &context.state.inspection;
    let generation = inspection.generation;
    let source = match (&inspection.stages, &inspection.long) {
        (Some((index, stages)), _) => {
            Some((*index, StripSource::whole(stages, &inspection.config, generation)))
        }
        (None, Some((index, view))) => Some((*index, StripSource::long(view, generation))),
        (None, None) => None,
    };
    match (&inspection.error, source) {
        (Some(error), _) => placeholder(ui, &text!("stages-not-shown"), &error.words()),
        (None, Some((index, source))) => {
            toolbar::display(ui, context, &source);
            ui.add_space(HALF_GAP);
            room::fill(ui, STRIP_HEIGHT, |ui| strip(ui, context, index, &source));
        }
        (None, None) if inspection.busy => {
            placeholder(ui, &text!("stages-preparing"), &text!("stages-preparing-help"));
            if let Some(done) = inspection.opening {
                ui.add_space(GAP);
                ui.vertical_centered(|ui| {
                    let bar = ProgressBar::new(done).desired_width(240.0).desired_height(8.0);
                    ui.add(bar.fill(palette(ui).accent));
                });
            }
        }
        (None, None) => placeholder(ui, &text!("stages-select"), &text!("stages-select-help")),
    }
}

fn placeholder(ui: &mut Ui, title: &str, text: &str) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.35);
        ui.heading(title);
        ui.add_space(GAP);
        ui.set_max_width(ui.available_width().min(480.0));
        ui.label(RichText::new(text).color(palette(ui).text_weak));
    });
}

fn strip(ui: &mut Ui, context: &mut PanelContext<'_>, index: usize, source: &StripSource<'_>) {
    let state = context.state;
    let mut strip = std::mem::take(&mut context.memory.strip);
    strip.begin_frame(ui);
    strip.selection = state.inspection.selection;
    strip.viewport.fit(source.secs(), source.feature.axes.hz_edges(), source.rate_hz);
    if keys::go_to_view(ui.ctx()) {
        strip.take_keys(ui, source.magnitude.axes.secs_per_frame);
    }
    let playhead = match state.playback.playing {
        Some((Source::Recording(playing), at)) if playing == index => Some(at + source.start_secs()),
        _ => None,
    };
    let window = hann(WINDOW_POINTS);
    let frame = frame_span(source, &strip, &window);
    let is_wide = ui.available_width() >= WIDE;
    let name = state.library.recordings.get(index).map_or("", |recording| recording.name.as_str());
    let name = names::escaped(name);
    if is_wide {
        let side = Frame::new().inner_margin(Margin { left: GAP as i8, ..Margin::ZERO });
        Panel::right("inspector")
            .exact_size((ui.available_width() * INSPECTOR_SHARE).clamp(*INSPECTOR.start(), *INSPECTOR.end()))
            .resizable(false)
            .show_separator_line(false)
            .frame(side)
            .show(ui, |ui| {
                ScrollArea::vertical().id_salt("inspector").auto_shrink([false, false]).show(ui, |ui| {
                    beside(ui, context, &name, source, &strip);
                });
            });
    }
    surface(ui, |ui| {
        ScrollArea::vertical().id_salt("stage rows").auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing = Vec2::new(GAP, HALF_GAP / 2.0);
            let height = ui.available_height();
            if let Some(pins) = state.inspection.compared() {
                compare::show(ui, context, &mut strip, pins, height);
            } else {
                let rows = StageRows { context, strip: &mut strip, source, playhead, frame, only: None };
                rows.show(ui, height);
            }
            if !is_wide {
                ui.add_space(GAP);
                beside(ui, context, &name, source, &strip);
            }
        });
    });
    if let Some((_, view)) = &state.inspection.long
        && view.looking != strip.viewport.secs()
    {
        let (from, to) = strip.viewport.secs();
        context.send(InspectionCommand::LookAt(from, to));
    }
    if strip.selection != state.inspection.selection {
        context.send(InspectionCommand::SetSelection(strip.selection));
    }
    context.memory.strip = strip;
}

/// Draws the values beside the rows: of the selected recording, or of both that are compared.
fn beside(ui: &mut Ui, context: &PanelContext<'_>, name: &str, source: &StripSource<'_>, strip: &Strip) {
    let display = context.state.settings.stage_display;
    match context.state.inspection.compared() {
        Some(pins) => compared_values::show(ui, pins, strip, display),
        None => inspector::show(ui, name, source, strip, display),
    }
}

/// The part of the view that a figure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigurePart {
    /// The unfolded rows, or those of the comparison.
    All,
    /// One row.
    One(Stage),
    /// The spectrum of the frame under the crosshair.
    Spectrum,
}

/// Draws a part of the view for a figure, below the recording's name and format.
pub fn figure(ui: &mut Ui, context: &mut PanelContext<'_>, part: FigurePart) {
    let inspection = &context.state.inspection;
    let generation = inspection.generation;
    let source = match (&inspection.stages, &inspection.long) {
        (Some((_, stages)), _) => StripSource::whole(stages, &inspection.config, generation),
        (None, Some((_, view))) => StripSource::long(view, generation),
        (None, None) => return,
    };
    let mut strip = std::mem::take(&mut context.memory.strip);
    strip.begin_frame(ui);
    strip.viewport.fit(source.secs(), source.feature.axes.hz_edges(), source.rate_hz);
    let compared = inspection.compared().filter(|_| part == FigurePart::All);
    if compared.is_none() {
        toolbar::names(ui, context.state);
    }
    if part == FigurePart::Spectrum {
        let display = context.state.settings.stage_display;
        inspector::spectrum_card(ui, ui.available_size(), &source, &strip, display, None);
        context.memory.strip = strip;
        return;
    }
    surface(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::new(GAP, HALF_GAP / 2.0);
        let height = ui.available_height();
        if let Some(pins) = compared {
            compare::show(ui, context, &mut strip, pins, height);
            return;
        }
        let window = hann(WINDOW_POINTS);
        let frame = frame_span(&source, &strip, &window);
        let only = match part {
            FigurePart::One(stage) => Some(stage),
            FigurePart::All | FigurePart::Spectrum => None,
        };
        let rows = StageRows { context, strip: &mut strip, source: &source, playhead: None, frame, only };
        rows.show(ui, height);
    });
    context.memory.strip = strip;
}

/// The card behind the rows.
fn surface(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let colours = palette(ui);
    let rect = ui.available_rect_before_wrap();
    let shape = eframe::egui::epaint::RectShape::new(
        rect,
        crate::app::theme::ROUNDING + 2,
        colours.card,
        (1.0, colours.border),
        eframe::egui::StrokeKind::Inside,
    );
    ui.painter().add(shape);
    let mut child =
        ui.new_child(UiBuilder::new().max_rect(rect.shrink(GAP)).layout(Layout::top_down(Align::Min)));
    contents(&mut child);
    // What needs more room is told to whoever draws a figure.
    let needed = child.min_rect().bottom() + GAP;
    let taken = rect.with_max_y(rect.bottom().max(needed));
    ui.allocate_rect(taken, eframe::egui::Sense::hover());
}

/// The analysis frame at the crosshair.
fn frame_span<'a>(source: &StripSource<'_>, strip: &Strip, window: &'a [f32]) -> Option<FrameSpan<'a>> {
    let axes = &source.magnitude.axes;
    let column = axes.column(strip.crosshair()?.secs)?;
    let frame = axes.first_frame + column * axes.frames_per_column;
    Some(FrameSpan { secs: source.frame_span(frame), window })
}
