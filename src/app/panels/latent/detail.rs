//! Detail: its amount, the number of recordings it comes from, and a button to make it if the model has none.

use eframe::egui::{Button, Label, RichText, Slider, Ui, Vec2};

use crate::{
    app::{
        context::PanelContext,
        panels::job_bar,
        theme::{HALF_GAP, ROW, palette},
        widgets::{drag_hint, escape, number_field::NumberField, toolbar},
    },
    explore::detail::{AMOUNTS, Mix},
    language::{Key, key, text},
    session::{
        LatentCommand,
        detail::{DetailCommand, DetailStatus},
    },
};

/// Choices of the number of recordings, with tooltips.
const CHOICES: [(usize, Key); 3] = [
    (1, key!("instrument-detail-from-1-help")),
    (4, key!("instrument-detail-from-4-help")),
    (16, key!("instrument-detail-from-16-help")),
];
/// Width of the slider, in points: number and choices still fit on one line in the smallest window.
const SLIDER: f32 = 52.0;
/// Width of its value with the gap before it.
const FIGURE: f32 = 56.0;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let Mix { mut amount, recordings } = context.state.settings.detail;
    let before = amount;
    toolbar::show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = HALF_GAP;
        let hint = text!("instrument-detail-help");
        let name = RichText::new(text!("instrument-detail")).color(palette(ui).text_weak);
        let label = ui.label(name).on_hover_text(&hint);
        let (slider, field) = toolbar::group(ui, SLIDER + FIGURE, |ui| {
            ui.spacing_mut().slider_width = SLIDER;
            let slider = ui.add(Slider::new(&mut amount, AMOUNTS).show_value(false)).labelled_by(label.id);
            let field = NumberField::new(&mut amount).range(AMOUNTS).speed(0.01).fixed_decimals(2);
            (slider, ui.add(field).labelled_by(label.id))
        });
        if slider.drag_started() {
            context.send(LatentCommand::BeginDrag);
        }
        let is_taken_back = escape::take_back(&slider, before, &mut amount);
        if slider.changed() || field.changed() || is_taken_back {
            set(context, Mix { amount, recordings });
        }
        if slider.drag_stopped() {
            context.send(if is_taken_back { LatentCommand::TakeBackDrag } else { LatentCommand::EndDrag });
        }
        for control in [slider, field] {
            drag_hint::show(control, &hint);
        }
        ui.label(RichText::new(text!("instrument-detail-of")).color(palette(ui).text_weak));
        for (count, hint) in CHOICES {
            let chosen =
                ui.add(Button::selectable(count == recordings, count.to_string()).min_size(Vec2::splat(ROW)));
            let chosen = chosen.accessible_name(text!("instrument-detail-from", count = count));
            if chosen.on_hover_text(hint.text()).clicked() {
                set(context, Mix { amount, recordings: count });
            }
        }
    });
    if context.state.settings.detail.is_on() {
        status(ui, context);
    }
    if job_bar::progress(ui, &context.state.latent.detail.making) {
        context.send(LatentCommand::Detail(DetailCommand::Cancel));
    }
}

fn set(context: &mut PanelContext<'_>, mix: Mix) {
    context.send(LatentCommand::Detail(DetailCommand::Set(mix)));
}

/// What is added, or why nothing is.
fn status(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let colours = palette(ui);
    let (text, colour, is_missing) = match &state.latent.detail.status {
        DetailStatus::Unknown => return,
        DetailStatus::Ready { recordings, of } => {
            let residuals = if recordings < of {
                text!("instrument-residuals-of-some", count = *recordings, all = *of)
            } else {
                text!("instrument-residuals", count = *recordings)
            };
            (residuals, colours.text_weak, false)
        }
        DetailStatus::None => (text!("instrument-detail-none"), colours.warning, true),
        DetailStatus::Unusable(cause) => {
            (text!("instrument-detail-unusable", cause = cause.text()), colours.warning, true)
        }
    };
    ui.add(Label::new(RichText::new(text).small().color(colour)).wrap());
    let making = &state.latent.detail.making;
    if is_missing && !making.is_running() {
        let there = state.library.root.is_some();
        let button = ui.add_enabled(there, Button::new(text!("instrument-make-detail")));
        let hint = text!("instrument-make-detail-help");
        if button.on_hover_text(&hint).on_disabled_hover_text(hint).clicked() {
            context.send(LatentCommand::Detail(DetailCommand::Make));
        }
    }
    job_bar::failure(ui, making);
}
