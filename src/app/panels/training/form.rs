//! The training form: model, settings, estimated time, and the buttons of the run.

use std::borrow::Cow;

use eframe::egui::{
    Button, CollapsingHeader, CornerRadius, Frame, Margin, RichText, Stroke, Ui, Vec2,
    containers::menu::MenuButton,
};

use super::{block::block, data, schedule, steering};
use crate::session::error_words::InWords as _;
use crate::{
    app::{
        context::PanelContext,
        format,
        panels::no_recordings,
        setting_words,
        theme::{GAP, HALF_GAP, ROUNDING, ROW, palette},
        widgets::{
            card::{explanation, explanation_height, section_title},
            labelled::{choice, choice_of, drag, exact_number, held, number, optional, row},
        },
    },
    language::text,
    names, numbers,
    session::{
        Command,
        state::{RunStatus, State, TrainingForm},
        training::{TrainingCommand, state::EndStage},
    },
    setting::Named as _,
    vae::{
        config::{MODEL, Preset, TRAINING, TrainingConfig},
        device::DeviceChoice,
        training_config::Keep,
    },
};

/// Proposed epochs without a better score that end a run early; fewer for a short run.
const EARLY_STOPPING: usize = 10;

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
        ui.strong(text!("training-form"));
        let busy = state.training.status.is_busy();
        explanation(ui, &recordings(state));
        let fixed = busy.then(|| text!("training-held"));
        let shown = state.training.shown_form(&state.settings.training);
        let mut edited = shown.clone();
        held(ui, fixed.as_deref(), |ui| {
            section_title(ui, &text!("training-model"));
            model(ui, &mut edited);
        });
        section_title(ui, &text!("training-course"));
        if busy {
            explanation(ui, &text!("training-course-busy"));
        }
        steering::show(ui, context, &mut edited);
        held(ui, fixed.as_deref(), |ui| {
            section_title(ui, &text!("training-run"));
            run_settings(ui, &mut edited);
            data::show(ui, context, &mut edited);
            foldable(ui, &mut edited, steps_per_epoch(state));
        });
        if !busy && edited != *shown {
            context.send(TrainingCommand::SetForm(Box::new(edited)));
        }
        ui.add_space(GAP);
        super::presets::buttons(ui, context);
    });
}

/// Whose recordings the form is about: those of the active run, or the open ones.
fn recordings(state: &State) -> String {
    match data::other_recordings(state) {
        Some(folder) => text!("training-form-run", folder = names::file_name(folder)),
        None => text!("training-form-help", count = state.library.used()),
    }
}

/// Steps of an epoch: of the active run, or of the form on the open recordings; `None` while these are not known.
fn steps_per_epoch(state: &State) -> Option<usize> {
    let training = &state.training;
    let steps = if training.status.is_busy() && training.steps_per_epoch > 0 {
        training.steps_per_epoch
    } else {
        let split = training.data.split.as_ref()?.as_ref().ok()?;
        split.training.div_ceil(training.shown_form(&state.settings.training).training.batch_size.max(1))
    };
    (steps > 0).then_some(steps)
}

/// Draws what a run would cost and the buttons of the run; below the form, so that they are always in sight.
pub fn start(ui: &mut Ui, context: &mut PanelContext<'_>) {
    verdict(ui, context.state);
    ui.add_space(HALF_GAP);
    buttons(ui, context);
}

fn model(ui: &mut Ui, edited: &mut TrainingForm) {
    block(ui, "model", |ui| {
        if choice(ui, &MODEL.preset, &mut edited.preset) {
            edited.choose(edited.preset);
        }
        number(ui, &MODEL.latent_size, &mut edited.latent_size);
    });
    // As high for every preset: the fields below stay where they are when another one is chosen.
    let height = |preset: &Preset| explanation_height(ui, &preset_words(*preset));
    let most = Preset::ALL.iter().map(height).fold(0.0, f32::max);
    ui.scope(|ui| {
        ui.set_min_height(most);
        explanation(ui, &preset_words(edited.preset));
    });
}

fn preset_words(preset: Preset) -> String {
    let name = preset.called();
    let label = setting_words::value_label(&MODEL.preset, name);
    let help = setting_words::value_help(&MODEL.preset, name);
    text!("training-preset", name = label, help = help)
}

fn run_settings(ui: &mut Ui, edited: &mut TrainingForm) {
    let training = &mut edited.training;
    block(ui, "run", |ui| {
        number(ui, &TRAINING.epochs, &mut training.epochs);
        number(ui, &TRAINING.validation_fraction, &mut training.validation_fraction);
        exact_number(ui, &TRAINING.seed, &mut training.seed);
        choice(ui, &TRAINING.initial_weights, &mut training.initial_weights);
        threads(ui, &mut training.threads);
        let devices: Vec<_> = DeviceChoice::built().collect();
        choice_of(ui, &TRAINING.device, &mut training.device, &devices);
    });
}

/// Rarely needed settings, in groups that are folded at first. Unfolded, their fields stand below all others.
fn foldable(ui: &mut Ui, edited: &mut TrainingForm, steps_per_epoch: Option<usize>) {
    let training = &mut edited.training;
    CollapsingHeader::new(text!("training-schedule")).id_salt("schedule group").show_unindented(ui, |ui| {
        schedule::show(ui, training, steps_per_epoch);
    });
    CollapsingHeader::new(text!("training-ending"))
        .id_salt("ending group")
        .show_unindented(ui, |ui| ending(ui, training));
    let title = text!("training-checkpoints");
    CollapsingHeader::new(title)
        .id_salt("checkpoint group")
        .show_unindented(ui, |ui| checkpoints(ui, training));
}

fn ending(ui: &mut Ui, training: &mut TrainingConfig) {
    block(ui, "ending", |ui| {
        let proposed = EARLY_STOPPING.min(training.epochs / 2).max(1);
        optional(ui, &TRAINING.early_stopping, &mut training.early_stopping, proposed);
        choice(ui, &TRAINING.keep, &mut training.keep);
        optional(ui, &TRAINING.gradient_limit, &mut training.gradient_limit, 0.5);
    });
    if training.early_stopping.is_some_and(|patience| patience + 1 >= training.epochs) {
        explanation(ui, &text!("training-early-stop-too-late", epochs = training.epochs));
    }
}

fn checkpoints(ui: &mut Ui, training: &mut TrainingConfig) {
    block(ui, "checkpoints", |ui| {
        optional(ui, &TRAINING.checkpoint_every, &mut training.checkpoint_every, 5);
    });
    explanation(ui, &text!("training-checkpoints-help"));
}

/// Zero stands for every core.
fn threads(ui: &mut Ui, threads: &mut Option<usize>) {
    let setting = &TRAINING.threads;
    let all = setting.absent.map_or_else(Cow::default, |absent| setting_words::absent_word(setting, absent));
    let mut value = threads.unwrap_or(0);
    let most = setting.range().map_or(f64::MAX, |(_, most)| most);
    let field = drag(setting, &mut value).range(0.0..=most).speed(0.1);
    let field = field.text(
        |value| if value < 1.0 { all.to_string() } else { format!("{value:.0}") },
        |typed| {
            if typed.contains("all") || typed.contains(&*all) {
                Some(0.0)
            } else {
                numbers::typed_count(typed)
            }
        },
    );
    let hint = text!("training-threads-help", help = setting_words::tooltip(setting), all = &*all);
    if row(ui, &setting_words::label(setting), &hint, |ui| ui.add_sized([96.0, ROW], field)).changed() {
        *threads = (value > 0).then_some(value);
    }
}

/// Errors in the settings, or the estimated time of the run.
fn verdict(ui: &mut Ui, state: &State) {
    let colours = palette(ui);
    let training = &state.training;
    if training.status.is_busy() {
        return;
    }
    if let Some(error) = &training.form_error {
        ui.label(RichText::new(names::escaped(&error.words())).color(colours.error));
        return;
    }
    if let Some(why) = not_ready(state) {
        ui.label(RichText::new(why).color(colours.warning));
        return;
    }
    if let Some(memory) = training.too_large {
        let (needed, free) = (format::bytes(memory.needed as usize), format::bytes(memory.free as usize));
        ui.label(
            RichText::new(text!("training-too-large", needed = needed, free = free)).color(colours.warning),
        );
        return;
    }
    let epochs = state.settings.training.training.epochs;
    match training.epoch_estimate_secs {
        Some(secs) => {
            ui.label(estimate(secs, epochs)).on_hover_text(text!("training-estimate-help"));
        }
        None => explanation(ui, &no_estimate(state)),
    }
}

/// The time of an epoch and of all of them.
fn estimate(secs: f64, epochs: usize) -> String {
    let all_secs = secs * epochs as f64;
    let (one, all) = (format::waiting(secs), format::waiting(all_secs));
    if format::is_instant(all_secs) {
        text!("training-estimate-instant", epochs = epochs)
    } else if format::is_instant(secs) {
        text!("training-estimate-fast", all = all, epochs = epochs)
    } else {
        text!("training-estimate", epoch = one, all = all, epochs = epochs)
    }
}

/// Why the time of an epoch is not shown yet.
fn no_estimate(state: &State) -> String {
    let library = &state.library;
    if library.training_shape(&state.settings.preprocessing).is_none() {
        text!("training-no-estimate-lengths")
    } else {
        text!("training-estimating")
    }
}

/// Why a run cannot be started.
fn not_ready(state: &State) -> Option<String> {
    if state.library.scanning.is_some() {
        Some(text!("training-not-ready-scanning"))
    } else if state.training.form_error.is_some() {
        Some(text!("training-not-ready-fault"))
    } else {
        no_recordings::why(&state.library)
    }
}

/// The buttons: start, or pause and stop.
fn buttons(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let colours = palette(ui);
    let state = context.state;
    let status = &state.training.status;
    let width = ui.available_width();
    if !status.is_busy() {
        let not_ready = not_ready(state);
        let words = RichText::new(text!("training-start")).strong().color(colours.on_accent);
        let button = Button::new(words).fill(colours.accent);
        let response = ui.add_enabled_ui(not_ready.is_none(), |ui| ui.add_sized([width, 32.0], button)).inner;
        if response.on_disabled_hover_text(not_ready.unwrap_or_default()).clicked() {
            context.send(TrainingCommand::Start);
        }
        return;
    }
    ui.horizontal(|ui| {
        let size = Vec2::new((width - GAP) / 2.0, ROW + 6.0);
        let (name, command, hint) = match status {
            RunStatus::Paused => {
                (text!("training-continue"), TrainingCommand::Continue, text!("training-continue-help"))
            }
            _ => (text!("training-pause"), TrainingCommand::Pause, text!("training-pause-help")),
        };
        // The last epoch is measured without a stop.
        let can_pause = match status {
            RunStatus::Running => !state.training.has_done_all_steps(),
            status => *status == RunStatus::Paused,
        };
        if ui.add_enabled(can_pause, Button::new(name).min_size(size)).on_hover_text(hint).clicked() {
            context.send(Command::Training(command));
        }
        match status {
            RunStatus::Ending(EndStage::Detail { .. }) => {
                let skip = ui.add(Button::new(text!("training-skip-detail")).min_size(size));
                if skip.on_hover_text(text!("training-skip-detail-help")).clicked() {
                    context.send(TrainingCommand::End);
                }
            }
            _ => stop(ui, context, size),
        }
    });
    let status = &context.state.training.status;
    let can_use = matches!(status, RunStatus::Running | RunStatus::Paused);
    let button = Button::new(text!("training-play-now"));
    let hint = text!("training-play-now-help");
    let response = ui.add_enabled_ui(can_use, |ui| ui.add_sized([width, ROW + 2.0], button)).inner;
    if response.on_hover_text(hint).clicked() {
        context.send(Command::Training(TrainingCommand::UseNow));
    }
}

/// The stop button, which asks which weights to keep.
fn stop(ui: &mut Ui, context: &mut PanelContext<'_>, size: Vec2) {
    let training = &context.state.training;
    let can_stop = !training.status.is_ending();
    let mut keep = None;
    let hint = text!("training-stop-help");
    ui.add_enabled_ui(can_stop, |ui| {
        ui.spacing_mut().interact_size = size;
        let menu = MenuButton::from_button(Button::new(text!("training-stop")).min_size(size));
        let (response, _) = menu.ui(ui, |ui| {
            ui.set_min_width(220.0);
            if ui.button(text!("training-stop-keep-last")).clicked() {
                keep = Some(Keep::Last);
            }
            let best = training.best_epoch();
            let words = best.map_or_else(
                || text!("training-stop-keep-best"),
                |epoch| text!("training-stop-keep-best-of", epoch = epoch),
            );
            let button = ui.add_enabled(best.is_some(), Button::new(words));
            if button.on_disabled_hover_text(text!("training-stop-no-epoch")).clicked() {
                keep = Some(Keep::Best);
            }
        });
        response.on_hover_text(hint);
    });
    if let Some(keep) = keep {
        context.send(Command::Training(TrainingCommand::Stop(keep)));
    }
}
