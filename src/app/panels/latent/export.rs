//! The export tab: sounds, vectors and the model.

use eframe::egui::{Button, ComboBox, Response, ScrollArea, Ui};

use crate::{
    app::{
        context::PanelContext,
        dialogs::{LatentExport, Question},
        format,
        panels::job_bar,
        theme::{GAP, HALF_GAP},
        widgets::{card::explanation, labelled::field},
    },
    audio::encode::BitDepth,
    session::{
        Command,
        space::{
            SpaceCommand,
            export::{LatentExportCommand, LatentExportForm, MORPH_SECS, MOST_SOUNDS},
        },
    },
};

const BITS: [(BitDepth, &str); 3] =
    [(BitDepth::Int16, "16 bit"), (BitDepth::Int24, "24 bit"), (BitDepth::Float32, "32 bit float")];
/// Offered sample rates, in Hz.
const RATES: [u32; 5] = [16_000, 22_050, 44_100, 48_000, 96_000];
const WIDTH: f32 = 110.0;

/// Draws the tab into the available space.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ScrollArea::vertical().id_salt("latent export").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = HALF_GAP;
        let status = context.state.space.export.status.clone();
        if job_bar::progress_of(ui, &status, "sounds") {
            context.send(Command::Space(SpaceCommand::Export(LatentExportCommand::Cancel)));
        }
        let before = context.state.space.export.form;
        let mut form = before;
        ui.strong("Sounds");
        sound_format(ui, &mut form);
        sounds(ui, context, &mut form);
        ui.add_space(GAP);
        ui.strong("Vectors and model");
        explanation(ui, "NumPy arrays, CSV tables and the Embedding Projector's files; weights as safetensors.");
        let there = context.state.space.set.is_some() && context.state.space.layout.is_some();
        let hint = "Vectors of the encoded recordings, the current map, and files for projector.tensorflow.org";
        if button(ui, there, "Vectors and map…", hint, "Available once the recordings are encoded").clicked() {
            ask(ui, context, LatentExport::Vectors);
        }
        let hint = "The model's folder: weights, config and statistics, to open here, on the command line, or in Python";
        if button(ui, context.state.latent.model.is_some(), "Model…", hint, "No model is in use").clicked() {
            ask(ui, context, LatentExport::Model);
        }
        if form != before {
            context.send(Command::Space(SpaceCommand::Export(LatentExportCommand::SetForm(form))));
        }
    });
}

fn ask(ui: &Ui, context: &mut PanelContext<'_>, what: LatentExport) {
    context.ask(ui.ctx(), Question::ExportLatent(what));
}

fn button(ui: &mut Ui, there: bool, text: &str, hint: &str, missing: &str) -> Response {
    ui.add_enabled(there, Button::new(text)).on_hover_text(hint).on_disabled_hover_text(missing)
}

fn sound_format(ui: &mut Ui, form: &mut LatentExportForm) {
    ui.horizontal(|ui| {
        let name = BITS.iter().find(|(bits, _)| *bits == form.bits).map_or("", |(_, name)| name);
        let bits = ComboBox::from_id_salt("bits").width(WIDTH).selected_text(name).show_ui(ui, |ui| {
            for (bits, name) in BITS {
                ui.selectable_value(&mut form.bits, bits, name);
            }
        });
        bits.response.accessible_name("Sample format");
        let own = "the model's rate".to_owned();
        let name = form.rate_hz.map_or_else(|| own.clone(), format::rate);
        let rates = ComboBox::from_id_salt("rate").width(WIDTH).selected_text(name).show_ui(ui, |ui| {
            ui.selectable_value(&mut form.rate_hz, None, own);
            for rate in RATES {
                ui.selectable_value(&mut form.rate_hz, Some(rate), format::rate(rate));
            }
        });
        rates.response.accessible_name("Sample rate");
    });
}

fn sounds(ui: &mut Ui, context: &mut PanelContext<'_>, form: &mut LatentExportForm) {
    let decoded = context.state.latent.decoded.is_some();
    if button(ui, decoded, "This sound…", "The decoded sound in this format", "Nothing is decoded yet")
        .clicked()
    {
        ask(ui, context, LatentExport::Sound);
    }
    let slots = &context.state.space.travel.slots;
    let both = slots[0].is_some() && slots[1].is_some();
    let missing = "First keep a vector in A and one in B (Travel)";
    ui.horizontal(|ui| {
        let hint = "From A to B as one continuous sound";
        if button(ui, both, "Morph A to B…", hint, missing).clicked() {
            ask(ui, context, LatentExport::Morph);
        }
        let (least, most) = MORPH_SECS;
        let field = field(&mut form.secs).range(least..=most).speed(0.05).suffix(" s").fixed_decimals(1);
        ui.add(field).accessible_name("Length of the morph");
    });
    ui.horizontal(|ui| {
        let hint = "From A to B as a folder of sounds with their vectors";
        if button(ui, both, "Sequence A to B…", hint, missing).clicked() {
            ask(ui, context, LatentExport::Sequence);
        }
        let field = field(&mut form.steps).range(2..=MOST_SOUNDS).speed(0.1).suffix(" steps");
        ui.add(field).accessible_name("Steps of the sequence");
    });
    ui.horizontal(|ui| {
        let there = context.state.latent.model.is_some();
        let hint = "Random sounds with the settings in Travel, as a folder with a table of their vectors";
        if button(ui, there, "Random batch…", hint, "No model is in use").clicked() {
            ask(ui, context, LatentExport::Batch);
        }
        let field = field(&mut form.count).range(1..=MOST_SOUNDS).speed(0.1).suffix(" sounds");
        ui.add(field).accessible_name("Sounds of the batch");
    });
}
