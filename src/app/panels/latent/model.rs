//! The model in use, and buttons for the others.

use std::path::{self, Path};

use eframe::egui::{Button, RichText, Spinner, Ui};

use crate::{
    app::{context::PanelContext, dialogs::Question, format, theme::palette, widgets::card::explanation},
    language::text,
    names,
    session::{
        Command, LatentCommand,
        assumed_settings::AssumedSettingsCommand,
        state::{LoadedModel, ModelOrigin, TrainingState, View},
    },
};

/// Draws the model in use, and the buttons.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let colours = palette(ui);
    ui.horizontal(|ui| {
        ui.strong(text!("instrument-model"));
        if state.latent.is_busy() {
            ui.add(Spinner::new().size(14.0)).on_hover_text(text!("instrument-model-busy"));
        }
    });
    let Some(LoadedModel { origin, config }) = &state.latent.model else {
        explanation(ui, &text!("instrument-model-none"));
        choices(ui, context, None);
        return;
    };
    ui.label(RichText::new(origin_text(origin, &context.state.training)).color(colours.text_strong));
    let text = text!(
        "instrument-model-size",
        dimensions = config.model.latent_size,
        bins = format::count(config.model.bins),
        frames = format::count(config.model.frames),
        recordings = config.dataset.images,
        classes = config.dataset.classes.len()
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
    let text = text!("instrument-model-only-demo");
    ui.label(RichText::new(text).small().color(palette(ui).warning));
    let train = ui.button(text!("instrument-model-train"));
    if train.on_hover_text(text!("instrument-model-train-help")).clicked() {
        context.send(Command::Show(View::Training));
    }
}

fn origin_text(origin: &ModelOrigin, training: &TrainingState) -> String {
    let trains = |run: &Path| training.status.is_busy() && training.run_folder.as_deref() == Some(run);
    match origin {
        ModelOrigin::Demo => text!("instrument-model-of-demo"),
        ModelOrigin::Bundle(path) => text!("instrument-model-from-disk", name = names::file_name(path)),
        ModelOrigin::Training { run, epochs } if trains(run) => {
            text!("instrument-model-of-current-run", count = *epochs)
        }
        ModelOrigin::Training { run, epochs } => {
            text!("instrument-model-of-run", name = names::file_name(run), count = *epochs)
        }
    }
}

/// Whether the model is that of the run that the training view shows: from memory, or from its folder since the window was opened again.
fn is_of_last_run(current: Option<&ModelOrigin>, run: Option<&Path>) -> bool {
    let whole = |folder: &Path| path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    match current {
        Some(ModelOrigin::Training { .. }) => true,
        Some(ModelOrigin::Bundle(folder)) => run.is_some_and(|run| whole(run) == whole(folder)),
        None | Some(ModelOrigin::Demo) => false,
    }
}

fn choices(ui: &mut Ui, context: &mut PanelContext<'_>, current: Option<&ModelOrigin>) {
    let training = &context.state.training;
    let trained = training.files.has_model || !training.epochs.is_empty();
    let running = training.status.is_busy() && !training.status.is_starting();
    ui.horizontal_wrapped(|ui| {
        let demo = Button::new(text!("instrument-demo-model")).selected(current == Some(&ModelOrigin::Demo));
        if ui.add(demo).on_hover_text(text!("instrument-demo-model-help")).clicked() {
            context.send(LatentCommand::UseDemoModel);
        }
        let follows = is_of_last_run(current, training.run_folder.as_deref());
        let name = if running { text!("instrument-follow-run") } else { text!("instrument-trained-model") };
        let run = ui.add_enabled(trained, Button::new(name).selected(follows));
        let run = run.on_disabled_hover_text(text!("instrument-train-first"));
        if run.on_hover_text(text!("instrument-trained-model-help")).clicked() {
            context.send(LatentCommand::UseTrainingModel);
        }
        if ui
            .button(text!("instrument-open-model"))
            .on_hover_text(text!("instrument-open-model-help"))
            .clicked()
        {
            context.ask(ui.ctx(), Question::OpenFolder);
        }
        if context.state.latent.lacks_settings
            && ui
                .button(text!("instrument-assumed-settings"))
                .on_hover_text(text!("instrument-assumed-settings-help"))
                .clicked()
        {
            context.send(LatentCommand::AssumedSettings(AssumedSettingsCommand::Ask));
        }
    });
}
