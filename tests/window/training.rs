//! The training cockpit: form, curves, steering.

use eframe::egui::{accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    jobs::{estimate::StepMemory, split_preview::SplitSummary},
    session::{
        Command, State,
        state::{RunStatus, View},
        training::{Tab, TrainingCommand, form::SettingsOfRun},
    },
    vae::{
        advice::AdviceKind,
        config::Preset,
        schedule::LearningRateSchedule,
        steering::{Change, Setting},
        training_config::Keep,
    },
};

use super::{
    desk::{self, Desk, desk_sized, desk_with, in_view},
    input::{choose, commands, set_number},
};

pub fn training(state: State) -> Harness<'static, Desk> {
    desk_with(state)
}

/// A run in its fourth epoch.
pub fn running() -> State {
    let mut state = in_view(View::Training);
    desk::train(&mut state);
    state
}

/// The card of a plot is there.
fn card(harness: &Harness<'_, Desk>, name: &str) {
    harness.get_by_role_and_label(eframe::egui::accesskit::Role::Group, name);
}

pub fn run(command: TrainingCommand) -> Command {
    Command::Training(command)
}

#[test]
fn a_run_is_started_paused_and_stopped_as_its_state_allows() {
    let mut harness = training(in_view(View::Training));
    harness.get_by_label("Start training").click();
    assert_eq!(commands(&mut harness), [Command::Training(TrainingCommand::Start)]);
    harness.state_mut().state.training.status = RunStatus::Running;
    harness.run_ok();
    assert!(harness.query_by_label("Start training").is_none());
    harness.get_by_label("Pause").click();
    assert_eq!(commands(&mut harness), [Command::Training(TrainingCommand::Pause)]);
    harness.state_mut().state.training.status = RunStatus::Paused;
    harness.run_ok();
    harness.get_by_label("Resume").click();
    assert_eq!(commands(&mut harness), [Command::Training(TrainingCommand::Continue)]);
    harness.get_by_label("Play it now").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::UseNow)]);
}

#[test]
fn stopping_offers_the_last_weights_or_the_best_epoch() {
    let mut harness = training(running());
    harness.get_by_label("Stop training…").click();
    harness.run_ok();
    harness.get_by_label("Keep the last weights").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::Stop(Keep::Last))]);
    harness.get_by_label("Stop training…").click();
    harness.run_ok();
    harness.get_by_label("Keep the best epoch's (epoch 2)").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::Stop(Keep::Best))]);
}

#[test]
fn a_running_training_shows_its_figures_baselines_and_folder() {
    let harness = training(running());
    for words in ["4 of 20", "123.4 samples/s", "1 min 35 s", "22 s", "512 MiB", "Best epoch"] {
        harness.get_by_label(words);
    }
    harness.get_by_label_contains("/runs/example");
    harness.get_by_label_contains("mean image 0.0109");
    harness.get_by_label_contains("PCA-16 0.00510");
    for plot in ["Reconstruction loss", "Total loss", "KL divergence", "KL per dimension"] {
        card(&harness, plot);
    }
    harness.get_by_label("11 in use");
    harness.get_by_label("5 below 0.01 nats");
}

#[test]
fn a_key_too_long_for_its_card_goes_on_in_a_second_line() {
    let harness = training(running());
    let card =
        harness.get_by_role_and_label(eframe::egui::accesskit::Role::Group, "Reconstruction loss").rect();
    let keys = ["validation 0", "mean image 0.0109", "PCA-16 0.00510"];
    let keys = keys.map(|words| harness.query_all_by_label_contains(words).next().unwrap().rect());
    for key in keys {
        assert!(card.contains_rect(key), "{key:?} in {card:?}");
    }
    assert!(keys[2].top() > keys[0].top(), "{keys:?}");
}

#[test]
fn settings_that_act_on_the_run_are_sent_to_it_when_they_are_let_go_of() {
    let mut harness = training(running());
    set_number(&mut harness, "KL weight", "0.25");
    assert_eq!(commands(&mut harness), [run(TrainingCommand::Steer(Setting::Beta, 0.25))]);
    set_number(&mut harness, "Batch size", "8");
    assert_eq!(commands(&mut harness), [run(TrainingCommand::Steer(Setting::BatchSize, 8.0))]);
    set_number(&mut harness, "Learning rate", "0.0001");
    assert_eq!(commands(&mut harness), [run(TrainingCommand::Steer(Setting::LearningRate, 1e-4))]);
    set_number(&mut harness, "Reconstruction weight", "20000");
    let weight = Setting::ReconstructionWeight;
    assert_eq!(commands(&mut harness), [run(TrainingCommand::Steer(weight, 20_000.0))]);
    for held in ["Latent size", "Epochs", "Seed"] {
        let field = harness.get_by_role_and_label(eframe::egui::accesskit::Role::SpinButton, held);
        assert!(field.accesskit_node().is_disabled(), "{held}");
    }
}

#[test]
fn a_run_of_another_preset_shows_its_own_settings_while_it_goes_on() {
    let mut state = running();
    let mut form = state.settings.training.clone();
    form.choose(Preset::Small);
    (form.latent_size, form.training.epochs) = (5, 77);
    let preprocessing = state.settings.preprocessing.clone();
    state.training.run_settings = Some(Box::new(SettingsOfRun { form, preprocessing }));
    // Before the run's rates are known, too.
    state.training.in_effect = None;
    let own = state.settings.training.latent_size;
    assert_ne!(own, 5);
    let mut harness = training(state);
    let value = |harness: &Harness<'_, Desk>, field: &str| {
        harness.get_by_role_and_label(Role::SpinButton, field).accesskit_node().numeric_value().unwrap()
    };
    assert_eq!([value(&harness, "Latent size"), value(&harness, "Epochs")], [5.0, 77.0]);
    assert_eq!(commands(&mut harness), [], "nothing of it becomes the form");
    harness.state_mut().state.training.status = RunStatus::Finished;
    harness.run_ok();
    assert_eq!(value(&harness, "Latent size"), own as f64, "the form is back");
}

#[test]
fn fields_stand_in_the_same_places_before_and_during_a_run() {
    let places = |harness: &Harness<'_, Desk>| {
        ["Learning rate", "Reconstruction weight", "KL weight", "Batch size", "Epochs"].map(|label| {
            harness.get_by_role_and_label(eframe::egui::accesskit::Role::SpinButton, label).rect().x_range()
        })
    };
    let before = places(&training(in_view(View::Training)));
    let during = places(&training(running()));
    assert_eq!(before, during);
    assert!(during.iter().all(|place| *place == during[0]), "{during:?}");
}

#[test]
fn a_dragged_setting_is_sent_once() {
    let mut harness = training(running());
    let field = harness.get_by_role_and_label(eframe::egui::accesskit::Role::SpinButton, "KL weight").rect();
    harness.drag_at(field.center());
    harness.run_ok();
    for by in [10.0, 20.0, 30.0] {
        harness.hover_at(field.center() + eframe::egui::vec2(by, 0.0));
        harness.run_ok();
    }
    assert_eq!(commands(&mut harness), [], "nothing while it is held");
    harness.drop_at(field.center() + eframe::egui::vec2(30.0, 0.0));
    let sent = commands(&mut harness);
    assert!(
        matches!(sent[..], [Command::Training(TrainingCommand::Steer(Setting::Beta, value))] if value > 1.0),
        "{sent:?}"
    );
}

#[test]
fn plots_are_chosen_and_the_axis_counts_what_is_wished_for() {
    let mut harness = training(running());
    harness.get_by_label("Gradient").click();
    harness.get_by_label("Dimensions").click();
    harness.run_ok();
    card(&harness, "Gradient norm");
    assert!(harness.query_all_by_label("KL per dimension").next().is_none());
    for words in ["Epochs", "Time", "Log", "Show all"] {
        let chip = harness.query_all_by_label(words).last().unwrap();
        chip.click();
        harness.run_ok();
    }
    card(&harness, "Total loss");
}

#[test]
fn a_group_of_the_form_stays_unfolded_in_a_window_of_another_width() {
    let mut harness = desk_sized(in_view(View::Training), [1280.0, 800.0]);
    harness.get_by_label("Schedule").click();
    harness.run_ok();
    assert!(harness.query_all_by_label("Rate warm-up").next().is_some());
    harness.set_size(vec2(700.0, 800.0));
    harness.run_ok();
    harness.get_by_label("Settings").click();
    harness.run_ok();
    assert!(harness.query_all_by_label("Rate warm-up").next().is_some(), "unfolded in the narrow one, too");
    harness.get_by_label("Schedule").scroll_to_me();
    harness.run_ok();
    harness.get_by_label("Schedule").click();
    harness.run_ok();
    harness.set_size(vec2(1280.0, 800.0));
    harness.run_ok();
    assert!(harness.query_all_by_label("Rate warm-up").next().is_none(), "folded again in both");
}

#[test]
fn only_the_fields_of_the_chosen_schedule_are_shown() {
    let mut harness = training(in_view(View::Training));
    assert!(harness.query_by_label("Rate warm-up").is_none(), "the group is closed at first");
    harness.get_by_label("Schedule").click();
    harness.run_ok();
    assert!(harness.query_all_by_label("Rate warm-up").next().is_some());
    assert!(harness.query_all_by_label("Plateau patience").next().is_none());
    harness.state_mut().state.settings.training.training.learning_rate_schedule =
        LearningRateSchedule::Plateau;
    harness.run_ok();
    set_number(&mut harness, "Plateau patience", "5");
    let mut form = harness.state().state.settings.training.clone();
    form.training.plateau_patience = 5;
    assert_eq!(commands(&mut harness), [Command::Training(TrainingCommand::SetForm(Box::new(form)))]);
}

#[test]
fn advice_is_shown_until_it_is_dismissed() {
    let mut state = running();
    for report in &mut state.training.epochs {
        report.kl_per_dimension = vec![0.0; 16];
    }
    state.training.advice = timbrespace::vae::advice::advise(&state.training.epochs, None);
    let mut harness = training(state);
    harness.get_by_label("The posterior has collapsed");
    harness.get_by_label("Dismiss").click();
    let kind = AdviceKind::PosteriorCollapse;
    assert_eq!(commands(&mut harness), [run(TrainingCommand::DismissAdvice(kind))]);
    harness.state_mut().state.training.dismissed.push(kind);
    harness.run_ok();
    assert!(harness.query_by_label("The posterior has collapsed").is_none());
}

#[test]
fn the_parts_are_tabs_and_the_small_window_holds_the_cockpit() {
    let mut state = running();
    state.training.changes = vec![Change { step: 120, setting: Setting::LearningRate, from: 5e-4, to: 1e-4 }];
    state.training.computes_on = Some(("CPU", 2));
    let mut harness = desk_sized(state, [960.0, 600.0]);
    let plot = harness.get_by_role_and_label(eframe::egui::accesskit::Role::Group, "Reconstruction loss");
    assert!(plot.rect().right() <= 960.0, "{:?}", plot.rect());
    harness.get_by_label("Runs").click();
    assert_eq!(commands(&mut harness), [run(TrainingCommand::Show(Tab::Runs))]);
}

#[test]
fn a_flat_model_is_one_of_the_sizes() {
    let mut harness = desk_with(in_view(View::Training));
    choose(&mut harness, "Preset", "Flat");
    let mut form = State::default().settings.training;
    (form.preset, form.latent_size) = (Preset::Flat, 16);
    form.training = form.training.with_optimiser_of(Preset::Flat);
    assert_eq!(commands(&mut harness), [Command::Training(TrainingCommand::SetForm(Box::new(form.clone())))]);
    harness.state_mut().state.settings.training = form;
    harness.run_ok();
    harness.get_by_label_contains("dense layers on the flattened image");
}

#[test]
fn a_run_without_recordings_cannot_be_started() {
    let mut state = State::default();
    state.settings.view = View::Training;
    let mut harness = desk_with(state);
    assert!(harness.get_by_label("Start training").accesskit_node().is_disabled());
    harness.get_by_label("Start training").click();
    assert_eq!(commands(&mut harness), []);
}

#[test]
fn the_form_changes_one_setting_at_a_time() {
    let mut harness = desk_with(in_view(View::Training));
    set_number(&mut harness, "Epochs", "7");
    let mut form = State::default().settings.training;
    form.training.epochs = 7;
    assert_eq!(commands(&mut harness), [Command::Training(TrainingCommand::SetForm(Box::new(form)))]);
}

#[test]
fn the_form_of_a_run_is_about_its_own_recordings() {
    let mut state = running();
    state.training.run_recordings = Some("/home/someone/drums".into());
    (state.training.training_images, state.training.validation_images) = (800, 80);
    let mut harness = training(state);
    harness.get_by_label("This run trains on drums.");
    harness.get_by_label("800 train, 80 validate");
    assert!(harness.query_by_label_contains("On 12 recordings").is_none());
    harness.state_mut().state.training.status = RunStatus::Stopped;
    harness.run_ok();
    harness.get_by_label_contains("On 12 recordings");
    assert!(harness.query_by_label("800 train, 80 validate").is_none());
}

#[test]
fn the_card_of_a_run_tells_its_layers_and_not_the_forms() {
    let mut state = running();
    state.training.run_layers.truncate(1);
    let harness = training(state);
    harness.get_by_label("1 layer, 320 parameters");
}

#[test]
fn the_plan_of_the_schedules_counts_the_steps_of_the_open_recordings() {
    let mut harness = training(in_view(View::Training));
    harness.get_by_label("Schedule").click();
    harness.run_ok();
    harness.get_by_label("The plan appears once recordings are open.");
    let split = SplitSummary { training: 800, validation: 80, ..SplitSummary::default() };
    harness.state_mut().state.training.data.split = Some(Ok(split));
    harness.run_ok();
    let config = State::default().settings.training.training;
    let plan = timbrespace::vae::schedule::plan(&config, 50, 121);
    let most = plan.iter().map(|place| place.learning_rate).fold(0.0, f64::max);
    assert!(most > 0.5 * config.learning_rate, "the warm-up ends within the run");
    harness.get_by_label_contains(&format!("Learning rate up to {most:.1e}"));
}

#[test]
fn a_time_of_less_than_a_second_is_not_about_less() {
    for (secs, words) in [
        (4.2, "About 4 s an epoch, 1 min 24 s for all 20."),
        (0.2, "Less than a second an epoch, about 4 s for all 20."),
        (0.01, "Less than a second for all 20 epochs."),
    ] {
        let mut state = in_view(View::Training);
        state.settings.training.training.epochs = 20;
        state.training.epoch_estimate_secs = Some(secs);
        training(state).get_by_label(words);
    }
}

#[test]
fn what_keeps_a_run_from_starting_stands_beside_the_button() {
    let mut all_left_out = in_view(View::Training);
    all_left_out.library.left_out_count = all_left_out.library.recordings.len();
    let mut empty = in_view(View::Training);
    empty.library.recordings.clear();
    empty.library.visible.clear();
    let mut closed = State::default();
    closed.settings.view = View::Training;
    let shows = |mut state: State, words: &str| {
        state.training.epoch_estimate_secs = Some(0.0);
        let harness = training(state);
        harness.get_by_label(words);
        assert!(harness.get_by_label("Start training").accesskit_node().is_disabled(), "{words}");
        assert!(harness.query_by_label_contains("Less than a second").is_none(), "{words}");
    };
    shows(all_left_out, "All recordings are left out.");
    shows(empty, "The open folder has no recordings.");
    shows(closed, "Open a folder of recordings first.");
}

#[test]
fn a_batch_that_takes_too_much_memory_is_said_to_in_place_of_its_time() {
    let mut state = in_view(View::Training);
    state.training.epoch_estimate_secs = None;
    state.training.too_large = Some(StepMemory { needed: 7 << 30, free: 5 << 30 });
    let harness = training(state);
    harness.get_by_label_contains("about 7 GiB of memory, and 5 GiB are free");
    assert!(!harness.get_by_label("Start training").accesskit_node().is_disabled());
}

#[test]
fn the_name_of_the_smoothing_stands_beside_its_slider_in_narrow_windows_too() {
    for width in (640..1000).step_by(40) {
        let mut state = in_view(View::Training);
        desk::train(&mut state);
        let mut harness = desk_sized(state, [width as f32, 600.0]);
        if let Some(tab) = harness.query_by_role_and_label(Role::Button, "Run") {
            tab.click();
            harness.run_ok();
        }
        let Some(name) = harness.query_by_role_and_label(Role::Label, "Smooth") else { continue };
        let slider = harness.get_by_role_and_label(Role::Slider, "Smooth").rect();
        assert!((name.rect().center().y - slider.center().y).abs() < 4.0, "{width}: {slider:?}");
        assert!(slider.left() >= name.rect().right(), "{width}");
    }
}

#[test]
fn early_stopping_that_can_never_act_says_so_and_one_epoch_is_no_epochs() {
    let mut state = in_view(View::Training);
    state.settings.training.training.epochs = 8;
    let mut harness = desk_sized(state, [1280.0, 2400.0]);
    harness.get_by_label("Ending").click();
    harness.run_ok();
    harness.get_by_role_and_label(Role::CheckBox, "Early stop").click();
    let [Command::Training(TrainingCommand::SetForm(form))] = &commands(&mut harness)[..] else {
        panic!("no form")
    };
    assert_eq!(form.training.early_stopping, Some(4), "fewer than the run has");
    let hint = "Early stop has no effect in a run of 8 epochs";
    for (patience, words, acts) in [(6, "6 epochs", true), (7, "7 epochs", false), (1, "1 epoch", true)] {
        harness.state_mut().state.settings.training.training.early_stopping = Some(patience);
        harness.run_ok();
        assert_eq!(harness.query_by_label_contains(hint).is_none(), acts, "{patience}");
        let field = harness.get_by_role_and_label(Role::SpinButton, "Early stop");
        assert_eq!(field.accesskit_node().value().as_deref(), Some(words));
    }
}
