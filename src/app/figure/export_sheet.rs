//! The export sheet: figures, the array of a stage, a selection of the sound.

use std::sync::Arc;

use eframe::egui::{Button, ComboBox, Context, Grid, RichText, Ui, Vec2};

use super::draw::svg_of;
use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format,
        kinds::figure_kind::FigureKind,
        memory::export::ExportMemory,
        theme::{GAP, HALF_GAP, palette},
        widgets::{
            card::{explanation, section_title},
            labelled::field,
            room,
        },
    },
    jobs::export::figures::{Figure, FigureFormat, StageArray},
    pipeline::config::Feature,
    session::state::ThemeChoice,
};

/// Width of the sheet, in points.
const WIDTH: f32 = 460.0;
/// Width and height of a figure, in points.
const SIDES: std::ops::RangeInclusive<u32> = 200..=8000;
/// Pixels per point of a PNG.
const SCALES: std::ops::RangeInclusive<u32> = 1..=4;
/// Suggested sizes.
const SIZES: [(&str, [u32; 2]); 4] =
    [("Window", [1280, 800]), ("Page", [900, 600]), ("Column", [480, 360]), ("Slide", [1920, 1080])];

/// Shows the sheet while it is open; a click outside, Escape or its button closes it.
pub fn show(ctx: &Context, context: &mut PanelContext<'_>) {
    if !context.memory.export.open {
        return;
    }
    let response = room::dialog(ctx, "export", WIDTH, |ui| {
        ui.heading("Export");
        figure(ui, context);
        ui.add_space(GAP);
        stage(ui, context);
        ui.add_space(GAP);
        selection(ui, context);
        ui.add_space(2.0 * GAP);
        ui.button("Close").clicked()
    });
    if response.inner || response.should_close() {
        context.memory.export.open = false;
    }
}

fn figure(ui: &mut Ui, context: &mut PanelContext<'_>) {
    section_title(ui, "Figure");
    let state = context.state;
    let memory = &mut context.memory.export;
    if !memory.kind.is_there(state)
        && let Some(kind) = FigureKind::all().into_iter().find(|kind| kind.is_there(state))
    {
        memory.kind = kind;
    }
    Grid::new("figure").num_columns(2).spacing([GAP, HALF_GAP]).show(ui, |ui| {
        ui.label("Shows");
        let menu = ComboBox::from_id_salt("figure kind")
            .width(260.0)
            .height(400.0)
            .selected_text(memory.kind.name(state))
            .show_ui(ui, |ui| {
                for kind in FigureKind::all().into_iter().filter(|kind| kind.is_there(state)) {
                    ui.selectable_value(&mut memory.kind, kind, kind.name(state));
                }
            });
        menu.response
            .accessible_name("Figure")
            .on_hover_text("Uses the window's zoom, crosshair and filters");
        ui.end_row();
        ui.label("Size");
        size(ui, memory);
        ui.end_row();
        ui.label("");
        ui.horizontal(|ui| {
            for (name, size) in SIZES {
                let hint = format!("{} × {} points", size[0], size[1]);
                if ui.selectable_label(memory.size == size, name).on_hover_text(hint).clicked() {
                    memory.size = size;
                }
            }
        });
        ui.end_row();
        ui.label("Paper");
        ui.horizontal(|ui| {
            ui.selectable_value(&mut memory.is_light, true, "Light").on_hover_text("For print");
            ui.selectable_value(&mut memory.is_light, false, "Dark").on_hover_text("For dark slides");
        });
        ui.end_row();
    });
    save_buttons(ui, context);
}

fn size(ui: &mut Ui, memory: &mut ExportMemory) {
    ui.horizontal(|ui| {
        let [width, height] = &mut memory.size;
        let side = |ui: &mut Ui, name: &str, value: &mut u32| {
            ui.add(field(value).range(SIDES))
                .accessible_name(name)
                .on_hover_text(format!(
                    "{name} in points: text keeps its size, plots fill the rest. A figure that needs more height gets it"
                ));
        };
        side(ui, "Width", width);
        ui.label("×");
        side(ui, "Height", height);
        ui.label("points, PNG at");
        ui.add(field(&mut memory.scale).range(SCALES).suffix("×"))
            .accessible_name("Scale")
            .on_hover_text("Pixels per point: 2 or more is sharp in print");
    });
}

fn save_buttons(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let memory = &context.memory.export;
    let (kind, scale) = (memory.kind, memory.scale);
    let points = Vec2::from(memory.size.map(|side| side as f32));
    let theme = if memory.is_light { ThemeChoice::Light } else { ThemeChoice::Dark };
    let free = kind.is_there(context.state) && !context.memory.dialogs.is_open();
    let [width, height] = memory.size.map(|side| format::count((side * scale) as usize));
    let buttons = [
        (FigureFormat::Png, "Save PNG…", format!("{width} × {height} pixels")),
        (FigureFormat::Svg, "Save SVG…", "Scalable, for papers and for editing; text stays text".to_owned()),
    ];
    ui.horizontal(|ui| {
        for (format, text, hint) in buttons {
            let button = ui.add_enabled(free, Button::new(text)).on_hover_text(hint);
            if button.on_disabled_hover_text("Nothing to draw yet").clicked() {
                let svg: Arc<str> = svg_of(kind, points, theme, context.state, context.memory).into();
                let figure = Figure { svg, format, scale };
                let name = format!("{}.{}", kind.file_name(context.state), format.ending());
                context.ask(ui.ctx(), Question::SaveFigure(name, figure));
            }
        }
        explanation(ui, &format!("PNG: {width} × {height} pixels"));
    });
}

fn stage(ui: &mut Ui, context: &mut PanelContext<'_>) {
    section_title(ui, "Array of a stage");
    let state = context.state;
    let feature = state.inspection.config.feature;
    let mut stage = context.memory.export.stage;
    ui.horizontal(|ui| {
        let menu = ComboBox::from_id_salt("stage array")
            .width(180.0)
            .selected_text(stage_name(stage, feature))
            .show_ui(ui, |ui| {
                for option in StageArray::ALL {
                    ui.selectable_value(&mut stage, option, stage_name(option, feature));
                }
            });
        menu.response.accessible_name("Stage");
        let is_there = state.inspection.stages.is_some();
        let free = is_there && !context.memory.dialogs.is_open();
        let button = ui.add_enabled(free, Button::new("Save .npy…"));
        let button = button.on_hover_text("32-bit floats, as numpy.load reads them");
        let why_not = if state.inspection.long.is_some() {
            "Sounds over a minute are computed in parts: `timbrespace stages FILE --out FOLDER` saves them whole"
        } else {
            "Select a recording first"
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
            StageArray::Stft => {
                format!("[2, {}, {}], real and imaginary parts", stages.stft.nrows(), stages.stft.ncols())
            }
            StageArray::Magnitude => format!("[{}, {}]", stages.magnitude.nrows(), stages.magnitude.ncols()),
            StageArray::Feature | StageArray::Normalised => format!("[{bins}, {frames}]"),
        };
        explanation(ui, &format!("Shape {shape}"));
    }
}

fn selection(ui: &mut Ui, context: &mut PanelContext<'_>) {
    section_title(ui, "Sound");
    let inspection = &context.state.inspection;
    let is_there = inspection.stages.is_some() || inspection.long.is_some();
    let (text, what) = match inspection.selection {
        Some((from, to)) => {
            ("Save selection as WAV…", format!("{from:.3} to {to:.3} s of the padded signal, 24 bit"))
        }
        None => (
            "Save padded signal as WAV…",
            "Shift+drag in a stage to select a part; without a selection, saves the whole padded signal, 24 bit"
                .to_owned(),
        ),
    };
    let free = is_there && !context.memory.dialogs.is_open();
    if ui.add_enabled(free, Button::new(text)).clicked() {
        let name = format!("{}.wav", file_name(context, "part"));
        context.ask(ui.ctx(), Question::SaveSelection(name));
    }
    ui.label(RichText::new(what).small().color(palette(ui).text_weak));
}

fn stage_name(stage: StageArray, feature: Feature) -> &'static str {
    match stage {
        StageArray::Loaded => "Loaded signal",
        StageArray::Padded => "Padded signal",
        StageArray::Stft => "STFT, complex",
        StageArray::Magnitude => "STFT magnitude",
        StageArray::Feature => feature.words().values_in_unit,
        StageArray::Normalised => "Normalised image",
    }
}

/// File name without extension: the recording's name and `word`.
fn file_name(context: &PanelContext<'_>, word: &str) -> String {
    let state = context.state;
    let stages = FigureKind::Stages.file_name(state);
    stages.strip_suffix("stages").map_or_else(|| word.to_owned(), |recording| format!("{recording}{word}"))
}
