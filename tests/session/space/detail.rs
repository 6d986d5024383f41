//! Detail added to decoded sounds, and the ladder of a recording.

use timbrespace::{
    explore::detail::Mix,
    jobs::runs::{bundle::Bundle, detail::Detail},
    session::{
        LatentCommand, LibraryCommand,
        detail::{DetailCommand, DetailStatus},
        space::{SpaceCommand, export::LatentExportCommand},
        state::{ModelOrigin, Source},
        task::TaskStatus,
    },
};
use timbrespace_base::differences::largest_difference;

use super::Place;

#[test]
fn detail_is_made_from_the_open_recordings_and_heard_by_its_slider() {
    let mut place = Place::new();
    place.session.apply(LatentCommand::EncodeRecording(6));
    place.wait("alone", |state| {
        let near = state.latent.decoded.as_ref().and_then(|decoded| decoded.nearest.first().copied());
        // The vector before it may be nearest to the same recording, but not at its place.
        state.latent.original.is_some()
            && near.is_some_and(|near| near.recording == 6 && near.distance < 1e-3)
    });
    let alone = place.state().latent.decoded.clone().unwrap();
    assert!(alone.detail.is_none() && place.state().latent.detail.status == DetailStatus::Unknown);
    let mix = Mix { amount: 1.0, recordings: 4 };
    place.session.apply(LatentCommand::Detail(DetailCommand::Set(mix)));
    let embedded = DetailStatus::Ready { recordings: 68, of: 324 };
    place.wait("the embedded detail", |state| state.latent.detail.status == embedded);
    assert_eq!(place.state().settings.detail, mix, "what is set is remembered");
    place.session.apply(LatentCommand::Detail(DetailCommand::Make));
    let made = DetailStatus::Ready { recordings: 24, of: 24 };
    place.wait("detail of the open recordings", |state| {
        let decoded = state.latent.decoded.as_ref();
        let itself =
            decoded.and_then(|decoded| decoded.detail.as_ref()).is_some_and(|detail| detail.is_itself);
        state.latent.detail.status == made && itself
    });
    assert_eq!(place.state().latent.detail.making, TaskStatus::Done);
    // At the place of a recording all of its detail is the recording itself.
    let with = place.state().latent.decoded.clone().unwrap();
    assert!(with.detail.unwrap().is_itself);
    let original = place.state().latent.original.clone().unwrap();
    let off = |feature: &ndarray::Array2<f32>| largest_difference(feature, &original.feature);
    assert!(off(&with.feature) < 0.1 && off(&alone.feature) > 1.0, "{}", off(&with.feature));
    place.session.apply(LatentCommand::Detail(DetailCommand::Set(Mix { amount: 0.0, ..mix })));
    place.wait("model alone", |state| {
        state.latent.decoded.as_ref().is_some_and(|decoded| decoded.detail.is_none())
    });
    assert_eq!(place.state().latent.decoded.as_ref().unwrap().image, alone.image);
    // The model is exported with its detail.
    let folder = place.folder.path().join("model");
    place.space(SpaceCommand::Export(LatentExportCommand::Model(folder.clone())));
    place.wait("model", |state| state.notices.iter().any(|notice| notice.text().contains("Saved the model")));
    let bundle = Bundle::open(&folder).unwrap();
    assert_eq!(Detail::open(&folder, &bundle).unwrap().recordings(), 24);
    // A model opens without its detail, which comes when it is wanted.
    place.session.apply(LibraryCommand::Open(folder));
    place.wait("bundle", |state| matches!(state.latent.model_origin(), Some(ModelOrigin::Bundle(_))));
    assert_eq!(place.state().latent.detail.status, DetailStatus::Unknown);
    place.session.apply(LatentCommand::Detail(DetailCommand::Set(mix)));
    place.wait("detail of the bundle", |state| {
        state.latent.decoded.as_ref().is_some_and(|decoded| decoded.has_detail())
    });
}

#[test]
fn the_ladder_of_a_recording_is_made_and_each_rung_is_heard() {
    let mut place = Place::new();
    place.session.apply(LatentCommand::EncodeRecording(6));
    place.wait("nearest", |state| {
        let near = state.latent.decoded.as_ref().and_then(|decoded| decoded.nearest.first().copied());
        state.latent.original.is_some() && near.is_some_and(|near| near.recording == 6)
    });
    place.space(SpaceCommand::Climb);
    place.wait("ladder", |state| state.space.ladder.made.is_some());
    let (name, ladder) = place.state().space.ladder.made.clone().unwrap();
    assert_eq!(name, place.state().library.recordings[6].name);
    assert_eq!(ladder.rungs.len(), 8, "with the phase of the nearest other recording, and detail");
    let phase_of = place.state().space.ladder.phase_of.clone().unwrap();
    assert_ne!(phase_of, name);
    assert!(ladder.rungs[0].spectral_convergence < 1e-6);
    assert!(ladder.rungs[3].spectral_convergence > ladder.rungs[1].spectral_convergence);
    place.space(SpaceCommand::PlayRung(4));
    assert!(matches!(place.state().playback.playing, Some((Source::Rung(4), _))));
    assert!(place.device.pull(8000).iter().any(|sample| sample.abs() > 1e-3));
    place.space(SpaceCommand::PlayRung(9));
    assert!(matches!(place.state().playback.playing, Some((Source::Rung(4), _))), "there is no tenth");
}

#[test]
fn making_detail_ends_with_its_model_and_does_not_hold_up_the_next_one() {
    let mut place = Place::new();
    let demo = place.path("demo");
    place.space(SpaceCommand::Export(LatentExportCommand::Model(demo.clone())));
    place.wait("model", |state| state.notices.iter().any(|notice| notice.text().contains("Saved the model")));
    place.session.apply(LatentCommand::Detail(DetailCommand::Make));
    assert!(place.state().latent.detail.making.is_running());
    place.session.apply(LibraryCommand::Open(demo.clone()));
    place.wait(
        "model in use",
        |state| matches!(state.latent.model_origin(), Some(ModelOrigin::Bundle(folder)) if *folder == demo),
    );
    let detail = &place.state().latent.detail;
    assert_eq!((&detail.making, &detail.status), (&TaskStatus::Idle, &DetailStatus::Unknown));
    place.session.apply(LatentCommand::Detail(DetailCommand::Make));
    place.wait("detail of the second model", |state| state.latent.detail.making == TaskStatus::Done);
    assert_eq!(place.state().latent.detail.status, DetailStatus::Ready { recordings: 24, of: 24 });
}
