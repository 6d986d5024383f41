//! Detail: its amount, the number of recordings it comes from, and a button to make it if the model has none.

use eframe::egui::{Button, Label, RichText, Slider, Ui};

use crate::{
    app::{
        context::PanelContext,
        format,
        panels::job_bar,
        theme::{HALF_GAP, palette},
        widgets::toolbar,
    },
    explore::detail::{AMOUNTS, Mix},
    session::{
        LatentCommand,
        detail::{DetailCommand, DetailStatus},
    },
};

/// Choices of the number of recordings, with tooltips.
const CHOICES: [(usize, &str); 3] = [
    (1, "From the nearest recording: the most texture, the most foreign to this sound"),
    (4, "From the 4 nearest recordings, weighted by closeness: sounds best"),
    (16, "From the 16 nearest recordings, weighted by closeness: smooth, smallest error"),
];
/// Width of the slider, in points: number and choices still fit on one line in the smallest window.
const SLIDER: f32 = 52.0;
/// Width of its value with the gap before it.
const FIGURE: f32 = 56.0;
const HINT: &str = "Adds what the model cannot reproduce (hiss, attacks, fine partials): the residuals, image minus \
                    reconstruction, of the training recordings nearest to the vector. 0 is the model alone. No measure of the \
                    model includes it. At a training recording's own vector, 1 restores that recording.";

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let Mix { mut amount, recordings } = context.state.settings.detail;
    toolbar::show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = HALF_GAP;
        let label = ui.label(RichText::new("Detail").color(palette(ui).text_weak)).on_hover_text(HINT);
        let slider = toolbar::group(ui, SLIDER + FIGURE, |ui| {
            ui.spacing_mut().slider_width = SLIDER;
            ui.add(Slider::new(&mut amount, AMOUNTS).fixed_decimals(2)).labelled_by(label.id)
        });
        if slider.drag_started() {
            context.send(LatentCommand::BeginDrag);
        }
        if slider.changed() {
            set(context, Mix { amount, recordings });
        }
        if slider.drag_stopped() {
            context.send(LatentCommand::EndDrag);
        }
        slider.on_hover_text(HINT);
        ui.label(RichText::new("from").color(palette(ui).text_weak));
        for (count, hint) in CHOICES {
            let chosen = ui.selectable_label(count == recordings, count.to_string());
            let chosen =
                chosen.accessible_name(format!("Detail from {}", format::counted(count, "recording")));
            if chosen.on_hover_text(hint).clicked() {
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
            let chosen = if recordings < of {
                format!("{} of {}", format::count(*recordings), format::count(*of))
            } else {
                format::count(*recordings)
            };
            (format!("Residuals of {chosen} training recordings"), colours.text_weak, false)
        }
        DetailStatus::Missing(cause) => (format!("Model without detail: {cause}"), colours.warning, true),
    };
    ui.add(Label::new(RichText::new(text).small().color(colour)).wrap());
    let making = &state.latent.detail.making;
    if is_missing && !making.is_running() {
        let there = state.library.root.is_some();
        let button = ui.add_enabled(there, Button::new("Make detail from the open recordings"));
        let hint = "First open the recordings that the model was trained on: detail is made from them";
        if button.on_hover_text(hint).on_disabled_hover_text(hint).clicked() {
            context.send(LatentCommand::Detail(DetailCommand::Make));
        }
    }
    job_bar::failure(ui, making);
}
