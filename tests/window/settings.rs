//! Forms of settings have the limits of the tables, and looking at a form changes nothing.

use eframe::egui::accesskit::Role;
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use serde_json::json;
use timbrespace::{
    pipeline::{
        config::{ClipDuration, Feature, PreprocessingChoices, PreprocessingConfig},
        pieces::Cutting,
    },
    session::{
        Command,
        state::{TrainingForm, View},
        training::TrainingCommand,
    },
    setting::{Choices, Limits, Named as _, Setting, Settings},
    vae::{
        config::{ModelSettings, TrainingConfig},
        schedule::{BetaSchedule, LearningRateSchedule},
        training_config::TrainingChoices,
    },
};

use super::{
    desk::{Desk, desk_sized, desk_with, example_state, in_view},
    input::{commands, set_number},
};

/// The least and the most number that a setting may have.
fn ends(setting: &Setting) -> Option<[serde_json::Value; 2]> {
    match setting.limits {
        Limits::Count { least, most } => Some([json!(least), json!(most)]),
        Limits::Number { low, high } => {
            // Just inside of an end that does not count itself.
            let low = if low.is_included { low.at } else { low.at + 1e-9 };
            let high = if high.is_included { high.at } else { high.at - 1e-9 };
            Some([json!(low), json!(high)])
        }
        _ => None,
    }
}

/// `C` with every number at one end of its limits; `nested` is the name of the settings within.
fn at_end<C: Choices>(end: usize, nested: &str) -> C {
    let mut choices = C::default();
    for setting in C::Config::table() {
        let Some(value) = ends(setting).map(|ends| ends[end].clone()) else { continue };
        if !choices.take_field(setting.name, value.clone()).unwrap() {
            assert!(choices.take_field(nested, json!({ setting.name: value })).unwrap());
        }
    }
    choices
}

/// What the field of a setting allows, if the form has one; in the unit of the form.
fn limits_of_field(harness: &Harness<'_, Desk>, setting: &Setting) -> Option<(f64, f64)> {
    let mut fields = harness.query_all_by_label(setting.label);
    let field = fields.find(|node| node.accesskit_node().role() == Role::SpinButton)?;
    let node = field.accesskit_node();
    Some((node.min_numeric_value()?, node.max_numeric_value()?))
}

/// The settings of `table` that have no number field; the limits of all others are compared.
fn without_field<'a>(harness: &Harness<'_, Desk>, table: &[&'a Setting]) -> Vec<&'a str> {
    let numbers = table.iter().filter(|setting| ends(setting).is_some());
    let missing = numbers.filter(|setting| {
        let Some(field) = limits_of_field(harness, setting) else { return true };
        let (least, most) = setting.range().unwrap();
        let scale = setting.unit.form_scale();
        // The field of the threads has 0 for all of them.
        let least = if setting.name == "threads" { 0.0 } else { least * scale };
        assert_eq!(field, (least, most * scale), "{}", setting.name);
        false
    });
    missing.map(|setting| setting.name).collect()
}

#[test]
fn the_training_form_has_the_tables_limits_and_changes_nothing_by_being_looked_at() {
    for end in [0, 1] {
        let mut model: ModelSettings =
            at_end::<<ModelSettings as Settings>::Choices>(end, "").over(&ModelSettings::default());
        model.preset = timbrespace::vae::config::Preset::Explore;
        let training = TrainingConfig {
            learning_rate_schedule: LearningRateSchedule::Plateau,
            beta_schedule: BetaSchedule::Cyclical,
            ..at_end::<TrainingChoices>(end, "augmentation").over(&TrainingConfig::default())
        };
        training.validate().unwrap();
        let mut state = in_view(View::Training);
        state.settings.training = TrainingForm::of(&model, training, false);
        // High enough for all groups to lie in sight.
        let mut harness = desk_sized(state, [1280.0, 2400.0]);
        for group in ["Schedule", "Ending", "Checkpoints", "Data"] {
            harness.get_by_label(group).click();
            harness.run_ok();
        }
        assert_eq!(commands(&mut harness), [], "end {end}");
        assert!(without_field(&harness, &ModelSettings::table()).is_empty());
        assert_eq!(
            without_field(&harness, &TrainingConfig::table()),
            ["linear_rate", "weight_average", "beta_1", "beta_2", "epsilon", "precise_batches"],
            "settings that files and flags have alone"
        );
    }
}

#[test]
fn a_seed_is_shown_and_taken_with_all_of_its_digits() {
    let mut state = in_view(View::Training);
    state.settings.training.training.seed = u64::MAX - 1;
    let mut harness = desk_with(state);
    assert_eq!(commands(&mut harness), []);
    set_number(&mut harness, "Seed", "9007199254740993");
    let mut form = harness.state().state.settings.training.clone();
    form.training.seed = 9_007_199_254_740_993;
    assert_eq!(commands(&mut harness), [Command::Training(TrainingCommand::SetForm(Box::new(form)))]);
}

/// The desk with these preprocessing settings in its open form.
fn with_form(config: &PreprocessingConfig) -> Harness<'static, Desk> {
    let mut state = example_state();
    state.settings.preprocessing = config.clone();
    state.inspection.config = config.clone();
    let mut harness = desk_with(state);
    harness.get_by_label_contains("Preprocessing: ").click();
    harness.run_ok();
    harness
}

#[test]
fn the_preprocessing_form_has_the_tables_limits_and_changes_nothing_by_being_looked_at() {
    let mut unseen: Vec<&str> = PreprocessingConfig::table().iter().map(|setting| setting.name).collect();
    for feature in &Feature::ALL {
        for at in Cutting::ALL {
            let mut config = PreprocessingConfig { resample: true, ..feature.defaults() };
            config.pieces.at = *at;
            let mut harness = with_form(&config);
            let table = PreprocessingConfig::table();
            let missing = without_field(&harness, &table);
            unseen.retain(|name| missing.contains(name));
            for setting in table {
                for value in ends(setting).into_iter().flatten() {
                    let mut chosen = PreprocessingChoices::default();
                    if !chosen.take_field(setting.name, value.clone()).unwrap() {
                        assert!(chosen.take_field("pieces", json!({ setting.name: value })).unwrap());
                    }
                    let extreme = chosen.over(&config);
                    if extreme.validate().is_ok() {
                        harness.state_mut().state.settings.preprocessing = extreme;
                        assert_eq!(commands(&mut harness), [], "{} of {value}", setting.name);
                    }
                }
            }
        }
    }
    assert!(unseen.is_empty(), "numbers without a field: {unseen:?}");
    let lengths = [ClipDuration::Seconds(3600.0), ClipDuration::Samples(1), ClipDuration::Frames(8192)];
    for duration in lengths {
        let config = PreprocessingConfig { duration, sample_rate_hz: 1000, ..PreprocessingConfig::default() };
        config.validate().unwrap();
        assert_eq!(commands(&mut with_form(&config)), [], "{duration:?}");
    }
}
