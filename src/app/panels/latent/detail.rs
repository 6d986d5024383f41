//! Detail: a slider from the model alone to all of it, from how many recordings, and making it where there is none.

use eframe::egui::{Button, Label, RichText, Slider, Ui};

use crate::{
    app::{format, panels::job_bar, theme::palette, window::PanelContext},
    explore::detail::{AMOUNTS, Mix},
    session::{
        LatentCommand,
        detail::{DetailCommand, DetailStatus},
    },
};

/// Numbers of recordings that are offered, with what each is good for.
const CHOICES: [(usize, &str); 3] = [
    (1, "Of the nearest recording alone: most texture, and most that is not this sound's own"),
    (4, "Of the 4 nearest recordings, weighted by closeness: the best to the ear"),
    (16, "Of the 16 nearest recordings, weighted by closeness: smooth, with the smallest error"),
];
/// Width of the slider, in points: with its number and choices it fits on one line of the smallest window.
const SLIDER: f32 = 52.0;
const HINT: &str = "What a model leaves out of its images (hiss, attacks, fine partials), borrowed from the training recordings \
                    nearest to the vector: their residuals, image minus its own reconstruction. 0 is the model alone. It is not \
                    the model's work, and no measure of the model uses it. At the very place of a training recording, 1 gives \
                    that recording back.";

/// Draws it.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let Mix { mut amount, recordings } = context.state.settings.detail;
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(RichText::new("Detail").color(palette(ui).text_weak)).on_hover_text(HINT);
        ui.spacing_mut().slider_width = SLIDER;
        let slider = ui.add(Slider::new(&mut amount, AMOUNTS).fixed_decimals(2)).labelled_by(label.id);
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

/// What is added, or why nothing can be.
fn status(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let colours = palette(ui);
    let (words, colour, is_missing) = match &state.latent.detail.status {
        DetailStatus::Unknown => return,
        DetailStatus::Ready { recordings, of } => {
            let chosen = if recordings < of {
                format!("{} of {}", format::count(*recordings), format::count(*of))
            } else {
                format::count(*recordings)
            };
            (format!("Residuals of {chosen} training recordings"), colours.text_weak, false)
        }
        DetailStatus::Missing(cause) => (format!("You hear the model alone: {cause}"), colours.warning, true),
    };
    ui.add(Label::new(RichText::new(words).small().color(colour)).wrap());
    let making = &state.latent.detail.making;
    if is_missing && !making.is_running() {
        let there = state.library.root.is_some();
        let button = ui.add_enabled(there, Button::new("Make detail from the open recordings"));
        let hint =
            "Open the recordings that the model was trained on first: residuals are what it lacks of these";
        if button.on_hover_text(hint).on_disabled_hover_text(hint).clicked() {
            context.send(LatentCommand::Detail(DetailCommand::Make));
        }
    }
    job_bar::failure(ui, making);
}
