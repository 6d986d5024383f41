//! The very first start: the demo is there to be dragged, and what was said about that is not said again.

use timbrespace::session::{
    Command, LatentCommand, LibraryCommand,
    space::{SpaceCommand, travel::TravelCommand},
    state::{FirstSteps, ModelOrigin, Settings, View},
};

use super::Place;

/// Longer than the fade at the beginning of a sound.
const HEARD: usize = 4000;

#[test]
fn the_first_start_opens_the_instrument_and_a_drag_on_its_map_is_heard() {
    let mut settings = Settings::default();
    settings.begin();
    assert_eq!(settings.view, View::Latent);
    let mut place = Place::with(tempfile::tempdir().unwrap(), settings);
    place.session.apply(LibraryCommand::OpenDemo);
    // Map and sound need no click.
    place.wait("map and sound", |state| state.space.layout.is_some() && state.latent.decoded.is_some());
    assert!(matches!(place.state().latent.model_origin(), Some(ModelOrigin::Demo)));
    let all = FirstSteps { has_started: true, shows_cards: true, shows_drag_hint: true };
    assert_eq!(place.state().settings.first_steps, all);
    let at = place.state().space.layout.as_ref().unwrap().place(3);
    place.space(SpaceCommand::MoveTo(at));
    assert!(place.state().settings.first_steps.shows_drag_hint, "a click is no drag");
    let generation = place.state().latent.generation;
    place.session.apply(LatentCommand::BeginDrag);
    place.space(SpaceCommand::MoveTo(at));
    assert!(!place.state().settings.first_steps.shows_drag_hint);
    place.wait("the sound", move |state| {
        state.latent.generation > generation && state.playback.playing.is_some()
    });
    let heard = place.device.pull(HEARD);
    assert!(heard.iter().any(|sample| sample.abs() > 1e-3), "silence");
    place.session.apply(LatentCommand::EndDrag);
    place.travel(TravelCommand::SetWalking(true));
    assert!(place.state().space.travel.is_walking);
    place.session.apply(Command::DismissCards);

    // Later starts say neither again.
    let mut settings = place.state().settings.clone();
    settings.view = View::Training;
    settings.begin();
    let known = FirstSteps { has_started: true, ..FirstSteps::default() };
    assert_eq!((settings.view, settings.first_steps), (View::Training, known));
}

#[test]
fn someone_with_a_folder_of_their_own_is_no_newcomer() {
    let mut settings = Settings { last_folder: Some("/sounds".into()), ..Settings::default() };
    settings.begin();
    assert_eq!((settings.view, settings.first_steps.shows_cards), (View::Stages, false));
}
