//! The export tab: sounds, vectors and the model.

use eframe::egui::{Button, ComboBox, Response, ScrollArea, Ui};

use crate::{
    app::{
        context::PanelContext,
        dialogs::{LatentExport, Question},
        format,
        panels::job_bar,
        theme::{GAP, HALF_GAP},
        widgets::{card::explanation, dropdown, number_field::NumberField},
    },
    audio::encode::BitDepth,
    language::{Key, key, text},
    session::{
        Command,
        space::{
            SpaceCommand,
            export::{LatentExportCommand, LatentExportForm, MORPH_SECS, MOST_SOUNDS},
        },
    },
};

const BITS: [(BitDepth, Key); 3] = [
    (BitDepth::Int16, key!("export-sounds-16-bit")),
    (BitDepth::Int24, key!("export-sounds-24-bit")),
    (BitDepth::Float32, key!("export-sounds-32-bit")),
];
/// Offered sample rates, in Hz.
const RATES: [u32; 5] = [16_000, 22_050, 44_100, 48_000, 96_000];
const WIDTH: f32 = 110.0;

/// Draws the tab into the available space.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ScrollArea::vertical().id_salt("latent export").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = HALF_GAP;
        let status = context.state.space.export.status.clone();
        if job_bar::progress_of(ui, &status, &text!("export-sounds-unit")) {
            context.send(Command::Space(SpaceCommand::Export(LatentExportCommand::Cancel)));
        }
        let before = context.state.space.export.form;
        let mut form = before;
        ui.strong(text!("export-sounds-title"));
        sound_format(ui, &mut form);
        sounds(ui, context, &mut form);
        ui.add_space(GAP);
        ui.strong(text!("export-sounds-vectors-title"));
        explanation(ui, &text!("export-sounds-vectors-formats"));
        let there = context.state.space.set.is_some() && context.state.space.layout.is_some();
        let vectors = Words {
            name: key!("export-sounds-vectors"),
            help: key!("export-sounds-vectors-help"),
            missing: key!("export-sounds-vectors-later"),
        };
        if button(ui, there, vectors).clicked() {
            ask(ui, context, LatentExport::Vectors);
        }
        let model = Words {
            name: key!("export-sounds-model"),
            help: key!("export-sounds-model-help"),
            missing: key!("export-sounds-no-model"),
        };
        if button(ui, context.state.latent.model.is_some(), model).clicked() {
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

/// Texts of a button.
#[derive(Clone, Copy)]
struct Words {
    name: Key,
    help: Key,
    /// Why it is disabled.
    missing: Key,
}

fn button(ui: &mut Ui, there: bool, words: Words) -> Response {
    ui.add_enabled(there, Button::new(words.name.text()))
        .on_hover_text(words.help.text())
        .on_disabled_hover_text(words.missing.text())
}

fn sound_format(ui: &mut Ui, form: &mut LatentExportForm) {
    ui.horizontal(|ui| {
        let name = BITS.iter().find(|(bits, _)| *bits == form.bits);
        let name = name.map_or_else(String::new, |(_, name)| name.text());
        let list = ComboBox::from_id_salt("bits").width(WIDTH).selected_text(name);
        let bits = dropdown::show(ui, list, |ui| {
            for (bits, name) in BITS {
                ui.selectable_value(&mut form.bits, bits, name.text());
            }
        });
        bits.response.accessible_name(text!("export-sounds-format"));
        let own = text!("export-sounds-own-rate");
        let name = form.rate_hz.map_or_else(|| own.clone(), format::rate);
        let list = ComboBox::from_id_salt("rate").width(WIDTH).selected_text(name);
        let rates = dropdown::show(ui, list, |ui| {
            ui.selectable_value(&mut form.rate_hz, None, own);
            for rate in RATES {
                ui.selectable_value(&mut form.rate_hz, Some(rate), format::rate(rate));
            }
        });
        rates.response.accessible_name(text!("export-sounds-rate"));
    });
}

fn sounds(ui: &mut Ui, context: &mut PanelContext<'_>, form: &mut LatentExportForm) {
    let decoded = context.state.latent.decoded.is_some();
    let sound = Words {
        name: key!("export-sounds-this"),
        help: key!("export-sounds-this-help"),
        missing: key!("export-sounds-nothing-decoded"),
    };
    if button(ui, decoded, sound).clicked() {
        ask(ui, context, LatentExport::Sound);
    }
    let slots = &context.state.space.travel.slots;
    let both = slots[0].is_some() && slots[1].is_some();
    let missing = key!("export-sounds-keep-first");
    ui.horizontal(|ui| {
        let (name, help) = (key!("export-sounds-morph"), key!("export-sounds-morph-help"));
        if button(ui, both, Words { name, help, missing }).clicked() {
            ask(ui, context, LatentExport::Morph);
        }
        let (least, most) = MORPH_SECS;
        let field =
            NumberField::new(&mut form.secs).range(least..=most).speed(0.05).suffix(" s").fixed_decimals(1);
        ui.add(field).accessible_name(text!("export-sounds-morph-length"));
    });
    ui.horizontal(|ui| {
        let (name, help) = (key!("export-sounds-sequence"), key!("export-sounds-sequence-help"));
        if button(ui, both, Words { name, help, missing }).clicked() {
            ask(ui, context, LatentExport::Sequence);
        }
        let suffix = text!("export-sounds-sequence-suffix");
        let field = NumberField::new(&mut form.steps).range(2..=MOST_SOUNDS).speed(0.1).suffix(suffix);
        ui.add(field).accessible_name(text!("export-sounds-sequence-length"));
    });
    ui.horizontal(|ui| {
        let there = context.state.latent.model.is_some();
        let (name, help) = (key!("export-sounds-batch"), key!("export-sounds-batch-help"));
        let missing = key!("export-sounds-no-model");
        if button(ui, there, Words { name, help, missing }).clicked() {
            ask(ui, context, LatentExport::Batch);
        }
        let suffix = text!("export-sounds-batch-suffix", count = form.count);
        let field = NumberField::new(&mut form.count).range(1..=MOST_SOUNDS).speed(0.1).suffix(suffix);
        ui.add(field).accessible_name(text!("export-sounds-batch-length"));
    });
}
