//! The export sheet: figures, the array of a stage, a selection of the sound.

use std::{sync::Arc, time::Duration};

use eframe::egui::{Button, ComboBox, Context, Grid, RichText, Ui, Vec2};

use super::draw::{height_of, svg_of};
use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        feature_words, format,
        kinds::figure_kind::FigureKind,
        memory::export::{ExportMemory, FigureHeight},
        theme::{GAP, HALF_GAP, palette},
        widgets::{
            card::{explanation, section_title},
            dropdown,
            number_field::NumberField,
            room::{self, empty_cell},
        },
    },
    jobs::export::figures::{Figure, FigureFormat, StageArray},
    language::{Key, key, text},
    pipeline::config::Feature,
    session::state::ThemeChoice,
};

/// Width of the sheet, in points.
const WIDTH: f32 = 460.0;
/// Width and height of a figure, in points.
const SIDES: std::ops::RangeInclusive<u32> = 200..=8000;
/// Pixels per point of a PNG.
const SCALES: std::ops::RangeInclusive<u32> = 1..=4;
/// Seconds that the choice must be unchanged before the figure is drawn for its height.
const HEIGHT_DELAY_SECS: f64 = 0.3;
/// Suggested sizes.
const SIZES: [(Key, [u32; 2]); 4] = [
    (key!("figure-export-window"), [1280, 800]),
    (key!("figure-export-page"), [900, 600]),
    (key!("figure-export-column"), [480, 360]),
    (key!("figure-export-slide"), [1920, 1080]),
];

/// Shows the sheet while it is open; a click outside, Escape or its button closes it.
pub fn show(ctx: &Context, context: &mut PanelContext<'_>) {
    if !context.memory.export.open {
        return;
    }
    let response = room::dialog(ctx, "export", WIDTH, |ui| {
        ui.heading(text!("figure-export"));
        figure(ui, context);
        ui.add_space(GAP);
        stage(ui, context);
        ui.add_space(GAP);
        selection(ui, context);
        ui.add_space(2.0 * GAP);
        ui.button(text!("close")).clicked()
    });
    if response.inner || response.should_close() {
        context.memory.export.open = false;
    }
}

fn figure(ui: &mut Ui, context: &mut PanelContext<'_>) {
    section_title(ui, &text!("figure-export-figure"));
    let state = context.state;
    let memory = &mut context.memory.export;
    if !memory.kind.is_there(state)
        && let Some(kind) = FigureKind::all().into_iter().find(|kind| kind.is_there(state))
    {
        memory.kind = kind;
    }
    Grid::new("figure").num_columns(2).spacing([GAP, HALF_GAP]).show(ui, |ui| {
        ui.label(text!("figure-export-shows"));
        let list = ComboBox::from_id_salt("figure kind")
            .width(260.0)
            .height(400.0)
            .selected_text(memory.kind.name(state));
        let menu = dropdown::show(ui, list, |ui| {
            for kind in FigureKind::all().into_iter().filter(|kind| kind.is_there(state)) {
                ui.selectable_value(&mut memory.kind, kind, kind.name(state));
            }
        });
        menu.response
            .accessible_name(text!("figure-export-figure"))
            .on_hover_text(text!("figure-export-shows-help"));
        ui.end_row();
        ui.label(text!("figure-export-size"));
        size(ui, memory);
        ui.end_row();
        empty_cell(ui);
        ui.horizontal(|ui| {
            for (name, size) in SIZES {
                let [width, height] = size.map(|side| format::count(side as usize));
                let hint = text!("figure-export-points", width = width, height = height);
                if ui.selectable_label(memory.size == size, name.text()).on_hover_text(hint).clicked() {
                    memory.size = size;
                }
            }
        });
        ui.end_row();
        ui.label(text!("figure-export-paper"));
        ui.horizontal(|ui| {
            let is_light = &mut memory.is_light;
            ui.selectable_value(is_light, true, text!("figure-export-light"))
                .on_hover_text(text!("figure-export-light-help"));
            ui.selectable_value(is_light, false, text!("figure-export-dark"))
                .on_hover_text(text!("figure-export-dark-help"));
        });
        ui.end_row();
    });
    save_buttons(ui, context);
}

fn size(ui: &mut Ui, memory: &mut ExportMemory) {
    ui.horizontal(|ui| {
        let [width, height] = &mut memory.size;
        ui.add(NumberField::new(width).range(SIDES))
            .accessible_name(text!("figure-export-width"))
            .on_hover_text(text!("figure-export-width-help"));
        ui.label("×");
        ui.add(NumberField::new(height).range(SIDES))
            .accessible_name(text!("figure-export-height"))
            .on_hover_text(text!("figure-export-height-help"));
        ui.label(text!("figure-export-png-at"));
        ui.add(NumberField::new(&mut memory.scale).range(SCALES).suffix("×"))
            .accessible_name(text!("figure-export-scale"))
            .on_hover_text(text!("figure-export-scale-help"));
    });
}

/// The height of the figure in points: that of its contents, once the choice has been the same for a moment.
fn height(ui: &Ui, context: &mut PanelContext<'_>) -> Option<f32> {
    let (now, memory) = (ui.input(|input| input.time), &mut context.memory.export);
    let (kind, size) = (memory.kind, memory.size);
    if !kind.is_there(context.state) {
        return None;
    }
    let anew = FigureHeight { kind, size, since_secs: now, points: None };
    let known = memory.height.filter(|known| (known.kind, known.size) == (kind, size)).unwrap_or(anew);
    memory.height = Some(known);
    if known.points.is_some() {
        return known.points;
    }
    if now - known.since_secs < HEIGHT_DELAY_SECS {
        ui.request_repaint_after(Duration::from_secs_f64(HEIGHT_DELAY_SECS));
        return None;
    }
    let points = Some(height_of(kind, size.map(|side| side as f32).into(), context.state, context.memory));
    context.memory.export.height = Some(FigureHeight { points, ..known });
    points
}

fn save_buttons(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let grown = if context.memory.export.kind.may_grow() { height(ui, context) } else { None };
    let memory = &context.memory.export;
    let (kind, scale) = (memory.kind, memory.scale);
    let points = Vec2::from(memory.size.map(|side| side as f32));
    let theme = if memory.is_light { ThemeChoice::Light } else { ThemeChoice::Dark };
    let free = kind.is_there(context.state) && !context.memory.dialogs.is_open();
    let height = grown.map_or(memory.size[1], |points| points as u32);
    let [width, height] = [memory.size[0], height].map(|side| format::count((side * scale) as usize));
    let (width, height) = (width.as_str(), height.as_str());
    let (pixels, size) = if kind.may_grow() && grown.is_none() {
        (
            text!("figure-export-save-png-help-or-higher", width = width, height = height),
            text!("figure-export-png-size-or-higher", width = width, height = height),
        )
    } else {
        (
            text!("figure-export-save-png-help", width = width, height = height),
            text!("figure-export-png-size", width = width, height = height),
        )
    };
    let buttons = [
        (FigureFormat::Png, text!("figure-export-save-png"), pixels),
        (FigureFormat::Svg, text!("figure-export-save-svg"), text!("figure-export-save-svg-help")),
    ];
    ui.horizontal(|ui| {
        for (format, text, hint) in buttons {
            let button = ui.add_enabled(free, Button::new(text)).on_hover_text(hint);
            if button.on_disabled_hover_text(text!("figure-export-nothing")).clicked() {
                let svg: Arc<str> = svg_of(kind, points, theme, context.state, context.memory).into();
                let figure = Figure { svg, format, scale };
                let name = format!("{}.{}", kind.file_name(context.state), format.ending());
                context.ask(ui.ctx(), Question::SaveFigure(name, figure));
            }
        }
    });
    explanation(ui, &size);
}

fn stage(ui: &mut Ui, context: &mut PanelContext<'_>) {
    section_title(ui, &text!("figure-export-array"));
    let state = context.state;
    let feature = state.inspection.config.feature;
    let mut stage = context.memory.export.stage;
    ui.horizontal(|ui| {
        let list = ComboBox::from_id_salt("stage array").width(180.0);
        let list = list.selected_text(stage_name(stage, feature));
        let menu = dropdown::show(ui, list, |ui| {
            for option in StageArray::ALL {
                ui.selectable_value(&mut stage, option, stage_name(option, feature));
            }
        });
        menu.response.accessible_name(text!("figure-export-stage"));
        let is_there = state.inspection.stages.is_some();
        let free = is_there && !context.memory.dialogs.is_open();
        let button = ui.add_enabled(free, Button::new(text!("figure-export-save-npy")));
        let button = button.on_hover_text(text!("figure-export-save-npy-help"));
        let why_not = if state.inspection.long.is_some() {
            text!("figure-export-long-sound")
        } else {
            text!("figure-export-no-recording")
        };
        if button.on_disabled_hover_text(why_not).clicked() {
            let name = format!("{}.npy", file_name(context, stage.word()));
            context.ask(ui.ctx(), Question::SaveStage(name, stage));
        }
    });
    context.memory.export.stage = stage;
    if let Some((_, stages)) = &state.inspection.stages {
        let (bins, frames) = stages.normalised.dim();
        let shape = match stage {
            StageArray::Loaded => format!("[{}]", stages.signal.len()),
            StageArray::Padded => format!("[{}]", stages.padded.len()),
            StageArray::Stft => format!("[2, {}, {}]", stages.stft.nrows(), stages.stft.ncols()),
            StageArray::Magnitude => format!("[{}, {}]", stages.magnitude.nrows(), stages.magnitude.ncols()),
            StageArray::Feature | StageArray::Normalised => format!("[{bins}, {frames}]"),
        };
        let words = match stage {
            StageArray::Stft => text!("figure-export-complex-shape", shape = shape),
            _ => text!("figure-export-shape", shape = shape),
        };
        explanation(ui, &words);
    }
}

fn selection(ui: &mut Ui, context: &mut PanelContext<'_>) {
    section_title(ui, &text!("figure-export-sound"));
    let inspection = &context.state.inspection;
    let is_there = inspection.stages.is_some() || inspection.long.is_some();
    let (text, what, word) = if let Some((from, to)) = inspection.selection {
        let (from, to) = (format!("{from:.3}"), format!("{to:.3}"));
        let what = text!("figure-export-save-selection-help", from = from, to = to);
        (text!("figure-export-save-selection"), what, "part")
    } else {
        let what = text!("figure-export-save-signal-help");
        (text!("figure-export-save-signal"), what, StageArray::Padded.word())
    };
    let free = is_there && !context.memory.dialogs.is_open();
    if ui.add_enabled(free, Button::new(text)).clicked() {
        let name = format!("{}.wav", file_name(context, word));
        context.ask(ui.ctx(), Question::SaveSelection(name));
    }
    ui.label(RichText::new(what).small().color(palette(ui).text_weak));
}

fn stage_name(stage: StageArray, feature: Feature) -> String {
    match stage {
        StageArray::Loaded => text!("figure-export-loaded"),
        StageArray::Padded => text!("figure-export-padded"),
        StageArray::Stft => text!("figure-export-stft"),
        StageArray::Magnitude => text!("figure-export-magnitude"),
        StageArray::Feature => feature_words::values_in_unit(feature).into_owned(),
        StageArray::Normalised => text!("figure-export-normalised"),
    }
}

/// File name without extension: the recording's name and `word`.
fn file_name(context: &PanelContext<'_>, word: &str) -> String {
    let state = context.state;
    let stages = FigureKind::Stages.file_name(state);
    stages.strip_suffix("stages").map_or_else(|| word.to_owned(), |recording| format!("{recording}{word}"))
}
