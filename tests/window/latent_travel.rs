//! Travel in the latent view: slots, random vectors, class means, saved vectors.

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use timbrespace::{
    explore::travel::Path,
    session::{
        Command, LatentCommand,
        space::{
            SpaceCommand,
            travel::{Draw, Named, Slot, TravelCommand},
        },
        state::View,
    },
};

use super::{
    desk::{desk_sized, desk_with, example_state, in_view},
    input::{click, commands},
};

fn travel(command: TravelCommand) -> Command {
    Command::Space(SpaceCommand::Travel(command))
}

fn named(name: &str) -> Named {
    let state = example_state();
    let min_max = state.space.set.as_ref().unwrap().min_max[0];
    Named { name: name.to_owned(), vector: state.latent.vector, min_max }
}

#[test]
fn slots_are_kept_and_recalled_and_the_way_between_them_is_a_slider() {
    let mut state = in_view(View::Latent);
    let travelled = &mut state.space.travel;
    travelled.slots = [Some(named("one")), Some(named("two")), None];
    let mut harness = desk_with(state);
    click(&mut harness, "Travel");
    harness.get_by_label("one");
    let keep = harness.get_all_by_label("Keep").nth(2).unwrap();
    keep.click();
    assert_eq!(commands(&mut harness), [travel(TravelCommand::Keep(Slot::C))]);
    harness.get_all_by_label("Go").next().unwrap().click();
    assert_eq!(commands(&mut harness), [travel(TravelCommand::Recall(Slot::A))]);
    harness.get_all_by_label("List").nth(1).unwrap().click();
    assert_eq!(commands(&mut harness), [travel(TravelCommand::KeepRecording(Slot::B, 1))]);
    assert_eq!(click(&mut harness, "Spherical"), [travel(TravelCommand::SetPath(Path::Spherical))]);
    assert!(harness.get_by_label("A − B + C").accesskit_node().is_disabled());
    let slider = harness.get_by_role_and_label(Role::Slider, "From A to B").rect();
    harness.drag_at(slider.center());
    harness.run_ok();
    harness.drop_at(slider.center());
    let sent = commands(&mut harness);
    assert_eq!(
        (sent.first(), sent.last()),
        (Some(&Command::Latent(LatentCommand::BeginDrag)), Some(&Command::Latent(LatentCommand::EndDrag)))
    );
    let parts: Vec<f32> = sent
        .iter()
        .filter_map(|command| match command {
            Command::Space(SpaceCommand::Travel(TravelCommand::SetPart(part))) => Some(*part),
            _ => None,
        })
        .collect();
    assert!(parts.len() == sent.len() - 2 && parts.iter().all(|part| (part - 0.5).abs() < 0.1), "{sent:?}");
}

#[test]
fn slots_whose_vectors_are_of_an_earlier_model_say_so() {
    let mut state = in_view(View::Latent);
    state.space.travel.slots = [Some(named("one")), Some(named("two")), None];
    let mut harness = desk_with(state);
    click(&mut harness, "Travel");
    assert_eq!(harness.query_all_by_label_contains("The model has trained further since").count(), 0);
    harness.state_mut().state.space.travel.are_earlier = [true, true, false];
    harness.run_ok();
    harness.get_by_label_contains("The model has trained further since vectors were kept in A, B");
}

#[test]
fn nothing_covers_the_choices_below_the_slider_while_it_is_dragged() {
    let mut state = in_view(View::Latent);
    state.space.travel.slots = [Some(named("one")), Some(named("two")), None];
    let mut harness = desk_with(state);
    click(&mut harness, "Travel");
    let slider = harness.get_by_role_and_label(Role::Slider, "From A to B").rect();
    harness.hover_at(slider.center());
    harness.run_steps(20);
    assert_eq!(harness.query_all_by_label_contains("of the way from A to B").count(), 1);
    harness.drag_at(slider.center());
    harness.run_ok();
    harness.hover_at(slider.center() + eframe::egui::vec2(20.0, 0.0));
    harness.run_steps(20);
    assert_eq!(harness.query_all_by_label_contains("of the way from A to B").count(), 0);
}

#[test]
fn random_vectors_walks_and_class_means_are_a_press_away() {
    let mut harness = desk_with(in_view(View::Latent));
    click(&mut harness, "Travel");
    assert_eq!(click(&mut harness, "the prior"), [travel(TravelCommand::SetDraw(Draw::Prior))]);
    assert_eq!(click(&mut harness, "recordings"), [travel(TravelCommand::SetDraw(Draw::Density))]);
    assert_eq!(click(&mut harness, "Sample"), [Command::Space(SpaceCommand::Sample)]);
    assert_eq!(click(&mut harness, "Walk"), [travel(TravelCommand::SetWalking(true))]);
    harness.get_by_role_and_label(Role::Button, "drum").click();
    assert_eq!(commands(&mut harness), [travel(TravelCommand::ClassMean("drum".to_owned()))]);
}

#[test]
fn vectors_are_saved_by_name_recalled_and_forgotten() {
    let mut state = in_view(View::Latent);
    state.space.travel.saved = vec![named("low bell")];
    let mut harness = desk_sized(state, [1280.0, 1000.0]);
    click(&mut harness, "Travel");
    harness.get_by_label("Name of the vector").focus();
    harness.run_ok();
    harness.get_by_label("Name of the vector").type_text("mine");
    harness.run_ok();
    assert_eq!(click(&mut harness, "Save"), [travel(TravelCommand::Save("mine".to_owned()))]);
    assert_eq!(click(&mut harness, "low bell"), [travel(TravelCommand::RecallSaved(0))]);
    assert_eq!(click(&mut harness, "Delete low bell"), [travel(TravelCommand::Forget(0))]);
}
