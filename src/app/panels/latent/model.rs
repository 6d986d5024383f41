//! The model in use, and buttons for the others.

use eframe::egui::{Button, RichText, Spinner, Ui};

use crate::{
    app::{context::PanelContext, dialogs::Question, format, theme::palette, widgets::card::explanation},
    names,
    session::{
        Command, LatentCommand,
        assumed_settings::AssumedSettingsCommand,
        state::{LoadedModel, ModelOrigin, RunStatus, View},
    },
};

/// Draws the model in use, and the buttons.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let colours = palette(ui);
    ui.horizontal(|ui| {
        ui.strong("Model");
        if state.latent.is_busy() {
            ui.add(Spinner::new().size(14.0)).on_hover_text("Loading the model or encoding the recording");
        }
    });
    let Some(LoadedModel { origin, config }) = &state.latent.model else {
        explanation(ui, "No model is in use. Use the demo model, train one, or open a model's folder.");
        choices(ui, context, None);
        return;
    };
    ui.label(
        RichText::new(origin_text(origin, context.state.training.status.is_busy()))
            .color(colours.text_strong),
    );
    let text = format!(
        "{} dimensions; {} × {} images of {} recordings, {}",
        config.model.latent_size,
        config.model.bins,
        config.model.frames,
        format::count(config.dataset.images),
        format::classes(config.dataset.classes.len()),
    );
    explanation(ui, &text);
    choices(ui, context, Some(origin));
    if *origin == ModelOrigin::Demo {
        only_the_demo_model(ui, context);
    }
}

/// Says over one's own recordings that the model in use has learnt from others.
fn only_the_demo_model(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let library = &context.state.library;
    if library.is_demo || library.recordings.is_empty() {
        return;
    }
    let text = "This is the demo model: train one on your recordings.";
    ui.label(RichText::new(text).small().color(palette(ui).warning));
    let train = ui.button("Train a model");
    if train.on_hover_text("Opens the Training view, with the settings of a run").clicked() {
        context.send(Command::Show(View::Training));
    }
}

fn origin_text(origin: &ModelOrigin, is_busy: bool) -> String {
    match origin {
        ModelOrigin::Demo => "Trained on the demo sounds".to_owned(),
        ModelOrigin::Bundle(path) => {
            format!("{} (from disk)", names::file_name(path))
        }
        ModelOrigin::Training { epochs, .. } => {
            let run = if is_busy { "The current run" } else { "The last run" };
            format!("{run}, after {}", format::counted(*epochs, "epoch"))
        }
    }
}

fn choices(ui: &mut Ui, context: &mut PanelContext<'_>, current: Option<&ModelOrigin>) {
    let training = &context.state.training;
    let trained = training.has_model || !training.epochs.is_empty();
    let running =
        matches!(context.state.training.status, RunStatus::Running | RunStatus::Paused | RunStatus::Stopping);
    ui.horizontal_wrapped(|ui| {
        let demo = Button::new("Demo model").selected(current == Some(&ModelOrigin::Demo));
        if ui.add(demo).on_hover_text("The built-in small model").clicked() {
            context.send(LatentCommand::UseDemoModel);
        }
        let follows = matches!(current, Some(ModelOrigin::Training { .. }));
        let run = ui.add_enabled(
            trained,
            Button::new(if running { "Follow run" } else { "Trained model" }).selected(follows),
        );
        let run =
            run.on_disabled_hover_text("Train a model first: after its first epoch it can be played here");
        if run.on_hover_text("The newest model of the Training view").clicked() {
            context.send(LatentCommand::UseTrainingModel);
        }
        if ui.button("Open…").on_hover_text("Open a model's folder").clicked() {
            context.ask(ui.ctx(), Question::OpenFolder);
        }
        if context.state.latent.lacks_settings
            && ui
                .button("Settings…")
                .on_hover_text("Set how this model's images were made: the model does not say")
                .clicked()
        {
            context.send(LatentCommand::AssumedSettings(AssumedSettingsCommand::Ask));
        }
    });
}
