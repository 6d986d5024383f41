//! What to train: model size and settings within sane limits, and what they will cost.

use eframe::egui::{Button, CornerRadius, DragValue, Frame, Margin, RichText, Stroke, Ui, Vec2};

use crate::{
    app::{
        format,
        theme::{GAP, ROUNDING, ROW, palette},
        widgets::{
            card::{explanation, section_title},
            labelled::{choice, form, number, row},
        },
        window::PanelContext,
    },
    session::{
        Command,
        state::{RunStatus, State, TrainingForm},
    },
    vae::{config::Preset, device::DeviceChoice},
};

const PRESETS: [(Preset, &str); 3] =
    [(Preset::Small, "Small"), (Preset::Reference, "Reference"), (Preset::Flat, "Flat")];

/// Draws the form and the buttons of the run.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let colours = palette(ui);
    let frame = Frame::new()
        .fill(colours.card)
        .stroke(Stroke::new(1.0, colours.border))
        .corner_radius(CornerRadius::same(ROUNDING + 2))
        .inner_margin(Margin::same(12));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        let state = context.state;
        ui.strong("Train a model");
        let what = format!(
            "On {} of the open folder; no saving needed first.",
            format::counted(state.library.recordings.len(), "recording")
        );
        explanation(ui, &what);
        let mut edited = state.settings.training.clone();
        ui.add_enabled_ui(!is_busy(&state.training.status), |ui| {
            section_title(ui, "Model");
            model(ui, &mut edited);
            section_title(ui, "Run");
            run_settings(ui, &mut edited);
        });
        if edited != state.settings.training {
            context.send(Command::SetTrainingForm(Box::new(edited)));
        }
        ui.add_space(GAP);
        verdict(ui, state);
        ui.add_space(GAP);
        buttons(ui, context);
    });
}

/// Whether a run holds the settings.
fn is_busy(status: &RunStatus) -> bool {
    matches!(
        status,
        RunStatus::Preparing { .. } | RunStatus::Running | RunStatus::Paused | RunStatus::Stopping
    )
}

fn model(ui: &mut Ui, edited: &mut TrainingForm) {
    form(ui, "model", |ui| {
        let hint = "How large the model is";
        if choice(ui, ("Size", hint), &mut edited.preset, &PRESETS) {
            edited.latent_size = edited.preset.latent_size();
        }
        number(
            ui,
            ("Latent size", "Dimensions of the latent space: sliders that you will have"),
            &mut edited.latent_size,
            1..=512,
            "",
        );
        let weight = DragValue::new(&mut edited.reconstruction_weight)
            .range(1.0..=1e9)
            .speed(10_000.0)
            .update_while_editing(false);
        let weight = weight
            .custom_formatter(|value, _| format::significant(value))
            .custom_parser(|text| text.replace(',', "").parse().ok());
        row(
            ui,
            "Weight",
            "Reconstruction weight: total loss = weight × mean squared error + KL. Higher gives sharper sounds, lower a smoother space",
            |ui| ui.add_sized([96.0, 22.0], weight),
        );
    });
    explanation(
        ui,
        match edited.preset {
            Preset::Small => "Small: about a tenth of the reference's time, for quick results.",
            Preset::Reference => "Reference: the tutorial's five layers, 512 to 32 filters.",
            Preset::Flat => "Flat: dense layers on the flattened image, no convolution. Large files.",
        },
    );
}

fn run_settings(ui: &mut Ui, edited: &mut TrainingForm) {
    let training = &mut edited.training;
    form(ui, "run", |ui| {
        number(ui, ("Epochs", "How often every recording is seen"), &mut training.epochs, 1..=10_000, "");
        number(ui, ("Batch size", "Recordings a step"), &mut training.batch_size, 1..=512, "");
        learning_rate(ui, &mut training.learning_rate);
        let mut percent = training.validation_fraction * 100.0;
        let hint = "Part of the recordings that is kept out of training to measure on, in percent";
        if number(ui, ("Validation", hint), &mut percent, 0.0..=50.0, " %") {
            training.validation_fraction = (percent / 100.0).clamp(0.0, 0.5);
        }
        number(
            ui,
            ("Seed", "One seed and one thread count give the same model again"),
            &mut training.seed,
            0..=u64::from(u32::MAX),
            "",
        );
        threads(ui, &mut training.threads);
        let devices: Vec<_> = DeviceChoice::built().map(|choice| (choice, choice.label())).collect();
        let hint =
            "Where training computes. A graphics processor can be chosen in a program that was built for one";
        choice(ui, ("Device", hint), &mut training.device, &devices);
    });
}

fn learning_rate(ui: &mut Ui, rate: &mut f64) {
    let speed = *rate * 0.01;
    let drag = DragValue::new(rate).range(1e-7..=1e-1).speed(speed).update_while_editing(false);
    let drag = drag.custom_formatter(|value, _| format!("{value}")).custom_parser(|text| text.parse().ok());
    row(ui, "Learning rate", "Step size of the Adam optimiser", |ui| ui.add_sized([96.0, 22.0], drag));
}

/// Zero stands for every core.
fn threads(ui: &mut Ui, threads: &mut Option<usize>) {
    let mut value = threads.unwrap_or(0);
    let drag = DragValue::new(&mut value).range(0..=256).speed(0.1).update_while_editing(false);
    let drag = drag
        .custom_formatter(|value, _| if value < 1.0 { "all cores".to_owned() } else { format!("{value:.0}") })
        .custom_parser(|text| if text.contains("all") { Some(0.0) } else { text.parse().ok() });
    if row(ui, "Threads", "Processor cores that train; 0 for all of them", |ui| {
        ui.add_sized([96.0, 22.0], drag)
    })
    .changed()
    {
        *threads = (value > 0).then_some(value);
    }
}

/// What is wrong, or what the run will cost.
fn verdict(ui: &mut Ui, state: &State) {
    let colours = palette(ui);
    let training = &state.training;
    if let Some(error) = &training.form_error {
        ui.label(RichText::new(error).color(colours.error));
        return;
    }
    let epochs = state.settings.training.training.epochs;
    match training.epoch_estimate_secs {
        Some(secs) => {
            let all = format::waiting(secs * epochs as f64);
            ui.label(format!("About {} an epoch, {all} for all {epochs}.", format::waiting(secs)))
                .on_hover_text("Estimated from the arithmetic of the model and the speed of this machine");
        }
        None => explanation(ui, "The time of an epoch appears once recordings are open."),
    }
}

/// Start, or pause and stop, as the run allows.
fn buttons(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let colours = palette(ui);
    let state = context.state;
    let status = &state.training.status;
    let width = ui.available_width();
    if !is_busy(status) {
        let ready = !state.library.recordings.is_empty()
            && state.training.form_error.is_none()
            && state.library.scanning.is_none();
        let words = RichText::new("Start training").strong().color(colours.on_accent);
        let button = Button::new(words).fill(colours.accent);
        let response = ui.add_enabled_ui(ready, |ui| ui.add_sized([width, 32.0], button)).inner;
        if response
            .on_disabled_hover_text("Open a folder of recordings first, and mend what is marked above")
            .clicked()
        {
            context.send(Command::StartTraining);
        }
        return;
    }
    ui.horizontal(|ui| {
        let size = Vec2::new((width - GAP) / 2.0, ROW + 6.0);
        let (name, command, hint) = match status {
            RunStatus::Paused => ("Resume", Command::ResumeTraining, "Go on from where it waits"),
            _ => ("Pause", Command::PauseTraining, "Wait after the current batch"),
        };
        let can_pause = matches!(status, RunStatus::Running | RunStatus::Paused);
        if ui.add_enabled(can_pause, Button::new(name).min_size(size)).on_hover_text(hint).clicked() {
            context.send(command);
        }
        let can_stop = !matches!(status, RunStatus::Stopping);
        let stop = ui.add_enabled(can_stop, Button::new("Stop training").min_size(size));
        if stop.on_hover_text("Stop after the current batch; the model is kept and can be resumed").clicked()
        {
            context.send(Command::StopTraining);
        }
    });
}
