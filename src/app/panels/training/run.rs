//! The current run: status, advice, folder, curves, and the layers of the model.

use eframe::egui::{Button, CollapsingHeader, Label, RichText, ScrollArea, Ui, Vec2};

use super::{curves, figures, overlaid, prompts};
use crate::{
    app::{
        context::PanelContext,
        memory::training::TrainingMemory,
        reveal,
        theme::{GAP, palette},
        widgets::{
            card::{explanation, surface},
            layer_table,
        },
    },
    language::text,
    names::shown,
    session::{
        State,
        error_words::InWords as _,
        state::{RunStatus, TrainingState},
    },
};

/// Draws the run.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let training = &state.training;
    let is_first = training.status == RunStatus::Idle && training.steps.is_empty();
    if is_first && state.runs.overlaid.is_empty() {
        before_the_first_run(ui, training);
        return;
    }
    ScrollArea::vertical().id_salt("run").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        if is_first {
            overlaid::show(ui, context);
            curves::show(ui, context.state, &mut context.memory.training);
            return;
        }
        surface(ui, |ui| {
            figures::show(ui, training);
            prompts::after_the_run(ui, context);
        });
        prompts::advice(ui, context);
        prompts::missing(ui, context);
        surface(ui, |ui| details(ui, training));
        overlaid::show(ui, context);
        curves::show(ui, context.state, &mut context.memory.training);
    });
}

/// Draws the curves for a figure.
pub fn figure(ui: &mut Ui, state: &State, memory: &mut TrainingMemory) {
    ui.spacing_mut().item_spacing = Vec2::splat(GAP);
    let room = ui.available_height();
    curves::plots(ui, state, memory, room);
}

/// The empty state: what a run does, and the layers of the form's model.
fn before_the_first_run(ui: &mut Ui, training: &TrainingState) {
    surface(ui, |ui| {
        ui.strong(text!("training-no-run"));
        explanation(ui, &text!("training-no-run-help"));
    });
    ui.add_space(GAP);
    surface(ui, |ui| {
        ui.set_min_height(ui.available_height());
        ui.strong(text!("training-model-layers"));
        ui.add_space(GAP);
        if training.layers.is_empty() {
            explanation(ui, &text!("training-model-layers-later"));
        } else {
            layer_table::show(ui, &training.layers);
        }
    });
}

/// Run folder, layers and files left out.
fn details(ui: &mut Ui, training: &TrainingState) {
    let colours = palette(ui);
    if let Some(folder) = &training.run_folder {
        ui.horizontal(|ui| {
            ui.label(RichText::new(text!("training-run-folder")).color(colours.text_weak));
            let path = shown(&folder).to_string();
            let buttons = 132.0;
            let label = Label::new(RichText::new(&path).monospace()).truncate();
            ui.scope(|ui| {
                ui.set_max_width((ui.available_width() - buttons).max(40.0));
                ui.add(label).on_hover_text(&path);
            });
            if ui
                .add(Button::new(text!("training-copy-path")))
                .on_hover_text(text!("training-copy-path-help"))
                .clicked()
            {
                ui.ctx().copy_text(path);
            }
            if ui
                .add(Button::new(text!("training-show-folder")))
                .on_hover_text(text!("training-show-folder-help"))
                .clicked()
            {
                reveal::folder(folder.clone());
            }
        });
    }
    layers(ui, training);
    if !training.skipped.is_empty() {
        let title = text!("training-unusable", count = training.skipped.len());
        let title = RichText::new(title).color(colours.warning);
        CollapsingHeader::new(title).id_salt("run skipped").show(ui, |ui| {
            for skipped in &training.skipped {
                ui.label(RichText::new(shown(&skipped.path).to_string()).small().monospace());
                explanation(ui, &skipped.cause.words());
            }
        });
    }
}

/// The layers of the run's model, folded, and what it is computed on.
fn layers(ui: &mut Ui, training: &TrainingState) {
    let layers = &training.run_layers;
    let place = training.computes_on.as_ref().map(|(device, threads)| {
        let place = text!("message-computed-on", device = *device, count = *threads);
        text!("training-computed-on", place = place)
    });
    let total: usize = layers.iter().map(|layer| layer.parameters).sum();
    let title = text!("training-layers", layers = layers.len(), parameters = total);
    if layers.is_empty() {
        return;
    }
    let folded = CollapsingHeader::new(title).id_salt("layers").show(ui, |ui| {
        if let Some(place) = &place {
            explanation(ui, place);
        }
        layer_table::show(ui, layers);
    });
    if let Some(place) = place {
        folded.header_response.on_hover_text(place);
    }
}
