//! The open folder while its files come and go: reading it again, and files that cannot be decoded.

use std::{fs, path::PathBuf};

use timbrespace::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    },
    pipeline::config::{ClipDuration, PreprocessingConfig},
    session::{InspectionCommand, LibraryCommand, Session, SessionOptions, State},
};

use crate::waiting::wait_until;

/// A session on a folder with the recordings `a.wav`, `b.wav` and `c.wav` of half a second.
struct Place {
    session: Session,
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let session = Session::new(SessionOptions::without_devices(&folder.path().join("data"))).unwrap();
        let mut place = Self { session, folder };
        for name in ["a.wav", "b.wav", "c.wav"] {
            place.write(name, 8000, 4000);
        }
        place.session.apply(LibraryCommand::Open(place.path("")));
        place.wait("list", |state| state.library.recordings.len() == 3);
        place.wait("stages", |state| state.inspection.stages.is_some());
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("sounds").join(name)
    }

    fn write(&self, name: &str, rate_hz: u32, samples: usize) {
        let sound = (0..samples).map(|n| (n as f32 * 0.1).sin() * 0.5).collect();
        write_wav(&self.path(name), &Clip::mono(sound, rate_hz), BitDepth::Int16).unwrap();
    }

    fn wait(&mut self, what: &str, done: impl Fn(&State) -> bool) -> &State {
        wait_until(&mut self.session, what, done);
        self.session.state()
    }

    fn read_again(&mut self) {
        self.session.apply(LibraryCommand::ReadAgain);
        self.wait("end of reading", |state| state.library.scanning.is_none());
    }

    fn last_notice(&self) -> String {
        self.session.state().notices.last().unwrap().text()
    }

    fn names(&self) -> Vec<&str> {
        self.session.state().library.recordings.iter().map(|recording| &*recording.name).collect()
    }
}

#[test]
fn new_replaced_and_vanished_files_are_found_and_told() {
    let mut place = Place::new();
    place.session.apply(LibraryCommand::Select(2));
    place.session.apply(LibraryCommand::Search("wav".to_owned()));
    place.write("b.wav", 44_100, 132_300);
    fs::remove_file(place.path("a.wav")).unwrap();
    place.write("d.wav", 8000, 4000);
    place.read_again();
    assert_eq!(place.names(), ["b.wav", "c.wav", "d.wav"]);
    let notice = place.last_notice();
    assert!(notice.starts_with("Read again: 1 new, 1 changed, 1 gone"), "{notice}");
    let library = &place.session.state().library;
    let info = library.recordings[0].info.unwrap();
    assert_eq!((info.sample_rate_hz, info.duration_secs), (44_100, Some(3.0)));
    assert_eq!((library.selected, &*library.search), (Some(1), "wav"), "c.wav, as before");
    assert_eq!(library.skipped.len(), 1);
    assert!(
        library.skipped[0].path.ends_with("a.wav")
            && library.skipped[0].cause.to_string().contains("is gone")
    );
}

#[test]
fn an_unchanged_folder_keeps_what_was_computed() {
    let mut place = Place::new();
    let generation = place.session.state().inspection.generation;
    place.read_again();
    assert_eq!(place.last_notice(), "The folder has not changed");
    assert_eq!(place.session.state().inspection.generation, generation);
}

#[test]
fn a_folder_that_is_gone_leaves_the_list() {
    let mut place = Place::new();
    fs::remove_dir_all(place.path("")).unwrap();
    place.read_again();
    assert!(place.last_notice().contains("could not be read again"), "{}", place.last_notice());
    assert_eq!(place.names().len(), 3);
}

#[test]
fn a_long_file_tells_how_far_it_is_and_gives_way_to_another_choice() {
    let mut place = Place::new();
    // 100 s at another rate than the settings' 22,050 Hz, and all of it.
    place.write("long.wav", 44_100, 4_410_000);
    place.session.apply(InspectionCommand::SetPreprocessing(PreprocessingConfig {
        duration: ClipDuration::Full,
        ..PreprocessingConfig::default()
    }));
    place.read_again();
    place.session.apply(LibraryCommand::Select(3));
    place.wait("how far it is", |state| state.inspection.opening.is_some());
    place.session.apply(LibraryCommand::Select(0));
    let state = place.wait("the other", |state| !state.inspection.busy);
    assert_eq!(state.inspection.opening, None);
    assert_eq!(state.inspection.stages.as_ref().map(|(index, _)| *index), Some(0));
    place.session.apply(LibraryCommand::Select(3));
    let state = place.wait("the long one", |state| state.inspection.long.is_some());
    assert_eq!(state.inspection.opening, None);
}

#[test]
fn a_file_that_is_gone_is_marked_when_it_is_selected_and_the_message_says_so() {
    let mut place = Place::new();
    fs::remove_file(place.path("b.wav")).unwrap();
    place.session.apply(LibraryCommand::Select(1));
    let state = place.wait("error", |state| state.inspection.error.is_some());
    assert!(
        state.inspection.error.as_ref().unwrap().to_string().contains("was here when the folder was read")
    );
    let library = &state.library;
    assert!(library.problem_of(&library.recordings[1]).is_some());
    place.write("b.wav", 8000, 4000);
    place.session.apply(LibraryCommand::Select(0));
    place.wait("stages", |state| state.inspection.error.is_none() && !state.inspection.busy);
    place.session.apply(LibraryCommand::Select(1));
    place.wait("mark's end", |state| state.library.failures.is_empty());
}

#[test]
fn a_file_that_was_replaced_is_measured_anew_when_it_is_selected() {
    let mut place = Place::new();
    place.write("b.wav", 44_100, 132_300);
    place.session.apply(LibraryCommand::Select(1));
    let is_told =
        |state: &State| state.notices.iter().any(|notice| notice.text().starts_with("b.wav was replaced"));
    let info = place.wait("notice", is_told).library.recordings[1].info.unwrap();
    assert_eq!((info.sample_rate_hz, info.duration_secs), (44_100, Some(3.0)));
}

#[test]
fn a_folder_without_a_model_and_without_sounds_leaves_the_list_as_it_is() {
    let mut place = Place::new();
    let run = place.folder.path().join("run");
    let step = run.join("checkpoints").join("step-140");
    fs::create_dir_all(&step).unwrap();
    fs::create_dir_all(run.join("nothing")).unwrap();
    fs::write(step.join("optimiser.safetensors"), "x").unwrap();
    for (folder, words) in [
        (run.join("nothing"), "holds neither recordings nor a model"),
        (run.join("checkpoints"), "a checkpoint of a run; open the folder that holds the run"),
        (step, "a checkpoint of a run; open the folder that holds the run"),
    ] {
        place.session.apply(LibraryCommand::Open(folder.clone()));
        place.wait("end of the scan", |state| state.library.scanning.is_none());
        assert!(place.last_notice().contains(words), "{}: {}", folder.display(), place.last_notice());
        assert_eq!(place.names(), ["a.wav", "b.wav", "c.wav"]);
        assert_eq!(place.session.state().settings.last_folder, Some(place.path("")));
    }
}
