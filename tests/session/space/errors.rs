//! Reconstruction errors of the recordings on the map.

use std::sync::Arc;

use timbrespace::session::{LibraryCommand, space::SpaceCommand, task::TaskStatus};

use super::Place;

#[test]
fn errors_are_measured_on_request_once_and_end_with_the_set() {
    let mut place = Place::new();
    assert!(place.state().space.errors.by_row.is_none(), "nobody has asked for them");
    place.space(SpaceCommand::MeasureErrors);
    assert!(place.state().space.errors.status.is_running());
    place.wait("errors", |state| state.space.errors.by_row.is_some());
    let errors = Arc::clone(place.state().space.errors.by_row.as_ref().unwrap());
    assert_eq!(place.state().space.errors.status, TaskStatus::Done);
    assert_eq!(errors.len(), place.state().space.set.as_ref().unwrap().recordings.len());
    // The demo model was trained on these sounds.
    assert!(errors.iter().all(|error| error.is_some_and(|error| error > 1e-6 && error < 0.02)), "{errors:?}");
    place.space(SpaceCommand::MeasureErrors);
    assert!(!place.state().space.errors.status.is_running(), "they are known");
    place.space(SpaceCommand::Encode);
    place.wait("the set anew", |state| state.space.errors.by_row.is_none());
    assert_eq!(place.state().space.errors.status, TaskStatus::Idle);
}

#[test]
fn measuring_can_be_cancelled_and_stops_when_other_recordings_are_opened() {
    let mut place = Place::new();
    place.space(SpaceCommand::MeasureErrors);
    place.space(SpaceCommand::CancelErrors);
    place.wait("the end", |state| !state.space.errors.status.is_running());
    let errors = &place.state().space.errors;
    // It may have been done before it saw the stop.
    assert!(errors.status == TaskStatus::Idle || errors.by_row.is_some(), "{errors:?}");
    place.space(SpaceCommand::Encode);
    place.wait("the set anew", |state| state.space.encoding == TaskStatus::Done);
    place.space(SpaceCommand::MeasureErrors);
    let other = place.path("sounds").join("bell");
    place.session.apply(LibraryCommand::Open(other));
    place.wait("other recordings", |state| {
        state.space.set.as_ref().is_some_and(|set| set.recordings.len() == 4)
    });
    let errors = &place.state().space.errors;
    assert!(errors.by_row.is_none() && errors.status == TaskStatus::Idle, "{errors:?}");
    place.space(SpaceCommand::MeasureErrors);
    place.wait("errors of the others", |state| {
        state.space.errors.by_row.as_ref().is_some_and(|errors| errors.len() == 4)
    });
}
