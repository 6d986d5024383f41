//! What a run learns from: the fold `Data` of the form.

use std::sync::Arc;

use egui_kittest::{Harness, kittest::Queryable as _};
use ndarray::Array2;
use timbrespace::{
    jobs::{augmentation_example::Example, split_preview::SplitSummary},
    session::{Command, state::View, training::TrainingCommand},
    vae::training_config::SplitBy,
};

use super::{
    desk::{Desk, desk_with, example_state},
    input::commands,
};

/// Clicks on what may have to be scrolled to.
fn click(harness: &mut Harness<'_, Desk>, label: &str) {
    harness.get_by_label(label).scroll_to_me();
    harness.run();
    harness.get_by_label(label).click();
}

fn summary() -> SplitSummary {
    SplitSummary {
        training: 2_250,
        validation: 450,
        held_out: vec!["theo".to_owned()],
        classes: vec![("7".to_owned(), 225, 45)],
    }
}

#[test]
fn the_split_is_shown_in_numbers_or_why_there_is_none() {
    let mut state = example_state();
    state.settings.view = View::Training;
    state.training.data.split = Some(Ok(summary()));
    let mut harness = desk_with(state);
    harness.run();
    harness.get_by_label("2,250 train, 450 validate; kept out: theo");
    let mut state = example_state();
    state.settings.view = View::Training;
    state.training.data.split = Some(Err("cannot split by group: names tell none".into()));
    let mut harness = desk_with(state);
    harness.run();
    harness.get_by_label("cannot split by group: names tell none");
}

#[test]
fn balance_and_streaming_are_a_tick_away_in_the_fold() {
    let mut state = example_state();
    state.settings.view = View::Training;
    let mut harness = desk_with(state);
    harness.run();
    assert!(harness.query_by_label("Balance classes").is_none(), "the fold is closed at first");
    click(&mut harness, "Data");
    harness.run();
    click(&mut harness, "Balance classes");
    harness.run();
    let sent = commands(&mut harness);
    let Some(Command::Training(TrainingCommand::SetForm(form))) = sent.last() else { panic!("{sent:?}") };
    assert!(form.training.balance_classes);
    assert_eq!(form.training.split_by, SplitBy::File);
    click(&mut harness, "Stream");
    harness.run();
    let sent = commands(&mut harness);
    let Some(Command::Training(TrainingCommand::SetForm(form))) = sent.last() else { panic!("{sent:?}") };
    assert!(form.stream);
}

#[test]
fn an_example_of_the_variations_is_shown_and_drawn_again() {
    let mut state = example_state();
    state.settings.view = View::Training;
    state.settings.training.training.augmentation.gain_db = 6.0;
    let plain = Array2::from_shape_fn((16, 8), |(row, column)| (row + column) as f32 / 24.0);
    let example = Example { input: plain.clone(), target: plain.clone(), plain };
    state.training.data.example = Some(Ok(Arc::new(example)));
    let mut harness = desk_with(state);
    harness.run();
    click(&mut harness, "Data");
    harness.run();
    click(&mut harness, "Show an example");
    harness.run();
    let asked = |number| Command::Training(TrainingCommand::ShowExample(number));
    let sent = commands(&mut harness);
    assert!(sent.contains(&asked(1)), "{sent:?}");
    harness.get_by_label("Encoder input");
    harness.get_by_label("Another").click();
    harness.run();
    assert!(commands(&mut harness).contains(&asked(2)));
}
