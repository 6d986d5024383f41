//! Travel between vectors: slots, samples, walks, saved vectors.

use std::{thread, time::Duration};

use ndarray::Array1;
use timbrespace::{
    explore::travel::Path,
    jobs::runs::demo_model,
    session::{
        Command, LatentCommand, LibraryCommand, PlaybackCommand,
        space::{
            SpaceCommand,
            travel::{Draw, Slot, TravelCommand},
        },
    },
};

use super::Place;

#[test]
fn ways_between_slots_run_as_the_formulas_say() {
    let mut place = Place::new();
    let (a, b, c) = (place.vector(0), place.vector(9), place.vector(20));
    for (slot, recording) in [(Slot::A, 0), (Slot::B, 9), (Slot::C, 20)] {
        place.travel(TravelCommand::KeepRecording(slot, recording));
    }
    place.travel(TravelCommand::SetPart(0.25));
    let mix: Vec<f32> = a.iter().zip(&b).map(|(a, b)| 0.75 * a + 0.25 * b).collect();
    place.is_at(&mix);
    place.travel(TravelCommand::SetPath(Path::Spherical));
    let length = |vector: &[f32]| vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    let wanted = 0.75 * length(&a) + 0.25 * length(&b);
    assert!((length(&place.state().latent.vector) - wanted).abs() < 1e-2);
    place.travel(TravelCommand::Analogy);
    let sum: Vec<f32> = a.iter().zip(&b).zip(&c).map(|((a, b), c)| a - b + c).collect();
    place.is_at(&sum);
    place.travel(TravelCommand::ClassMean("bell".to_owned()));
    let members: Vec<Vec<f32>> = (0..24)
        .filter(|&index| place.state().library.recordings[index].class == "bell")
        .map(|index| place.vector(index))
        .collect();
    assert_eq!(members.len(), 4);
    let size = members[0].len();
    let mean: Vec<f32> =
        (0..size).map(|i| members.iter().map(|vector| vector[i]).sum::<f32>() / 4.0).collect();
    place.is_at(&mean);
    // Pulling back ends nearer to the recordings.
    place.travel(TravelCommand::Recall(Slot::A));
    place.is_at(&a);
    place.session.apply(LatentCommand::SetLatent { dimension: 0, value: 40.0 });
    place.space(SpaceCommand::PullBack(1.0));
    assert!(place.state().latent.vector[0] < 20.0);
}

#[test]
fn samples_follow_their_distribution_and_a_walk_goes_on_by_itself() {
    let mut place = Place::new();
    let mean = place.state().space.set.clone().unwrap().principal.mean.to_vec();
    place.travel(TravelCommand::SetTemperature(0.0));
    place.travel(TravelCommand::SetClass(Some("drum".to_owned())));
    place.session.apply(SpaceCommand::Sample);
    let drawn = place.state().latent.vector.clone();
    let density = demo_model::open().unwrap().density.unwrap();
    let nearest = density.nearest(&Array1::from(drawn)).unwrap();
    assert_eq!(nearest.class, "drum");
    assert!(nearest.distance < 1e-6, "without any spread: a recording of the class, {nearest:?}");
    place.travel(TravelCommand::SetClass(None));
    place.travel(TravelCommand::SetDraw(Draw::Data));
    place.session.apply(SpaceCommand::Sample);
    place.is_at(&mean);
    place.travel(TravelCommand::SetDraw(Draw::Prior));
    place.session.apply(SpaceCommand::Sample);
    place.is_at(&vec![0.0; mean.len()]);
    place.travel(TravelCommand::SetTemperature(1.0));
    place.session.apply(SpaceCommand::Sample);
    assert!(place.state().latent.vector.iter().any(|value| value.abs() > 0.1));
    place.travel(TravelCommand::SetWalking(true));
    let first = place.state().latent.vector.clone();
    assert_eq!(place.state().latent.origin.words(), "random walk");
    place.wait("second step", |state| state.latent.vector != first);
    place.travel(TravelCommand::SetWalking(false));
    let last = place.state().latent.vector.clone();
    thread::sleep(Duration::from_millis(800));
    place.session.poll();
    assert_eq!(place.state().latent.vector, last, "it stands still");
}

#[test]
fn a_walk_ends_where_the_person_goes_elsewhere_or_listens_to_something_else() {
    let mut place = Place::new();
    let here = place.state().space.layout.as_ref().unwrap().place(3);
    let acts: [Command; 10] = [
        SpaceCommand::MoveTo(here).into(),
        LatentCommand::BeginDrag.into(),
        LatentCommand::EncodeRecording(3).into(),
        LatentCommand::SetAxis { axis: 0, value: 0.5 }.into(),
        LatentCommand::ResetLatent.into(),
        SpaceCommand::Sample.into(),
        SpaceCommand::PullBack(0.5).into(),
        Command::Undo,
        LibraryCommand::Select(7).into(),
        PlaybackCommand::TogglePlay.into(),
    ];
    for act in acts {
        place.session.apply(LatentCommand::EndDrag);
        place.travel(TravelCommand::SetWalking(true));
        assert!(place.state().space.travel.is_walking);
        let words = format!("{act:?}");
        place.session.apply(act);
        assert!(!place.state().space.travel.is_walking, "{words}");
    }
}

#[test]
fn saved_vectors_outlive_the_session() {
    let mut place = Place::new();
    place.session.apply(LatentCommand::EncodeRecording(3));
    place.wait("vector", |state| state.latent.original.is_some());
    let vector = place.state().latent.vector.clone();
    place.travel(TravelCommand::Save("  a good bell ".to_owned()));
    place.travel(TravelCommand::Save(String::new()));
    place.travel(TravelCommand::Rename(1, "second".to_owned()));
    let Place { session, folder, .. } = place;
    drop(session);
    let mut place = Place::on(folder);
    let saved = place.state().space.travel.saved.clone();
    let names: Vec<&str> = saved.iter().map(|named| named.name.as_str()).collect();
    assert_eq!(names, ["a good bell", "second"]);
    place.travel(TravelCommand::RecallSaved(0));
    place.is_at(&vector);
    place.travel(TravelCommand::Forget(1));
    assert_eq!(place.state().space.travel.saved.len(), 1);
}
