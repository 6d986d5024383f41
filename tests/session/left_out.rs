//! Recordings that are left out in the window: what that changes, how it is undone, and where it is kept.

use std::{
    fs,
    path::{Path, PathBuf},
};

use timbrespace::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
        left_out::LeftOut,
    },
    jobs::runs::bundle_config::BundleConfig,
    pipeline::{config::PreprocessingConfig, dataset::Dataset},
    session::{
        Command, InspectionCommand, LatentCommand, LibraryCommand, Session, SessionOptions, State,
        data_set::{DataSetCommand, doctor::DoctorCommand, listed, overview::OverviewCommand},
        space::SpaceCommand,
        state::{RunStatus, Severity, View},
        task::TaskStatus,
        training::TrainingCommand,
    },
    vae::config::Preset,
};

use crate::waiting::wait_until;

/// A session on a folder of ten recordings of two classes.
struct Place {
    session: Session,
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (class, hz) in [("low", 200.0_f32), ("high", 2000.0)] {
            for number in 0..5 {
                let hz = hz + 30.0 * number as f32;
                let sample = |n: usize| 0.4 * (std::f32::consts::TAU * hz * n as f32 / 22_050.0).sin();
                let clip = Clip::mono((0..8000).map(sample).collect(), 22_050);
                let sounds = folder.path().join("sounds").join(class);
                fs::create_dir_all(&sounds).unwrap();
                write_wav(&sounds.join(format!("{number}.wav")), &clip, BitDepth::Int16).unwrap();
            }
        }
        let session = Self::start(&folder.path().join("data"));
        let mut place = Self { session, folder };
        place.open();
        place
    }

    fn start(data_dir: &Path) -> Session {
        Session::new(SessionOptions::without_devices(data_dir)).unwrap()
    }

    /// Opens the recordings in a new session, as the next start of the program does.
    fn start_again(&mut self) {
        self.session = Self::start(&self.path("data"));
        self.open();
    }

    fn open(&mut self) {
        self.session.apply(LibraryCommand::Open(self.path("sounds")));
        self.wait("list", |state| state.library.recordings.len() == 10);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn wait(&mut self, what: &str, done: impl Fn(&State) -> bool) -> &State {
        wait_until(&mut self.session, what, done);
        self.session.state()
    }

    fn leave_out(&mut self, names: &[&str]) {
        self.session.apply(LibraryCommand::LeaveOut(names.iter().map(|name| (*name).to_owned()).collect()));
    }

    fn take_in(&mut self, name: &str) {
        self.session.apply(LibraryCommand::TakeIn(vec![name.to_owned()]));
    }

    fn left_out(&self) -> Vec<&str> {
        self.session.state().library.left_out.names().collect()
    }
}

#[test]
fn what_is_left_out_stays_in_the_list_and_out_of_the_data_set_and_the_doctor() {
    let mut place = Place::new();
    place.leave_out(&["low/1.wav", "high/4.wav"]);
    let library = &place.session.state().library;
    assert_eq!((library.recordings.len(), library.used(), library.left_out_count), (10, 8, 2));
    place.session.apply(Command::DataSet(DataSetCommand::Doctor(DoctorCommand::Start)));
    let doctor =
        &place.wait("findings", |state| state.data_set.doctor.status == TaskStatus::Done).data_set.doctor;
    assert_eq!(doctor.report.as_ref().unwrap().recordings, 8);
    place.session.apply(Command::DataSet(DataSetCommand::Overview(OverviewCommand::Start)));
    let state = place.wait("overview", |state| state.data_set.overview.status == TaskStatus::Done);
    let overview = &state.data_set.overview;
    let report = overview.report.as_ref().unwrap();
    assert!(report.entries.len() == 8 && report.entries.iter().all(|entry| entry.name != "low/1.wav"));
    assert_eq!(listed::change_of_list(&state.library, &overview.left_out), None);
    let saved = place.path("images");
    place.session.apply(Command::DataSet(DataSetCommand::Overview(OverviewCommand::Save(saved.clone()))));
    place.wait("images", |state| state.data_set.overview.saving.is_none());
    let dataset = Dataset::open(&saved).unwrap();
    assert_eq!(
        (dataset.len(), &dataset.left_out[..]),
        (8, &["high/4.wav", "low/1.wav"].map(str::to_owned)[..])
    );
    place.take_in("low/1.wav");
    let state = place.session.state();
    let change = listed::change_of_list(&state.library, &state.data_set.overview.left_out);
    assert_eq!((state.library.used(), change), (9, Some(listed::Change::LeftOut)));
}

#[test]
fn leaving_out_is_undone_and_redone() {
    let mut place = Place::new();
    place.leave_out(&["low/0.wav"]);
    place.leave_out(&["low/0.wav"]);
    place.leave_out(&["low/0.wav", "low/1.wav", "low/2.wav"]);
    let notice = place.session.state().notices.last().unwrap();
    assert!(notice.severity == Severity::Info && notice.text().contains("2 recordings"), "{notice:?}");
    place.session.apply(Command::Undo);
    assert_eq!(place.left_out(), ["low/0.wav"]);
    assert!(!place.session.state().notices.iter().any(|notice| notice.text().contains("2 recordings")));
    place.session.apply(Command::Undo);
    assert!(place.left_out().is_empty(), "what changes nothing is no step back");
    place.session.apply(Command::Redo);
    place.session.apply(Command::Redo);
    assert_eq!(place.left_out().len(), 3);
    assert_eq!(place.session.state().library.used(), 7);
}

#[test]
fn in_the_latent_view_the_newest_of_list_and_vector_is_undone() {
    let mut place = Place::new();
    place.session.apply(Command::Show(View::Latent));
    place.wait("model", |state| state.latent.model.is_some());
    place.session.apply(SpaceCommand::Sample);
    let vector = place.session.state().latent.vector.clone();
    place.leave_out(&["low/0.wav"]);
    place.session.apply(Command::Undo);
    assert!(place.left_out().is_empty());
    assert_eq!(place.session.state().latent.vector, vector, "the list was newer");
    place.session.apply(Command::Redo);
    assert_eq!(place.left_out(), ["low/0.wav"]);
    place.session.apply(LatentCommand::ResetLatent);
    place.session.apply(Command::Undo);
    assert_eq!(place.session.state().latent.vector, vector, "now the vector was");
    assert_eq!(place.left_out(), ["low/0.wav"]);
}

#[test]
fn outside_the_latent_view_the_vector_is_neither_undone_nor_redone() {
    let mut place = Place::new();
    place.session.apply(Command::Show(View::Latent));
    place.wait("model", |state| state.latent.model.is_some());
    place.session.apply(SpaceCommand::Sample);
    let vector = place.session.state().latent.vector.clone();
    for view in [View::Stages, View::DataSet, View::Training] {
        place.session.apply(Command::Show(view));
        place.session.apply(Command::Undo);
        assert_eq!(place.session.state().latent.vector, vector, "{view:?}");
        assert_eq!(place.session.state().notices.last().unwrap().text(), "There is nothing to undo here");
    }
    place.leave_out(&["low/0.wav"]);
    place.session.apply(Command::Undo);
    assert!(place.left_out().is_empty(), "what belongs there is undone");
    place.session.apply(Command::Show(View::Latent));
    place.session.apply(Command::Undo);
    let before = place.session.state().latent.vector.clone();
    assert_ne!(before, vector);
    place.session.apply(Command::Show(View::Stages));
    place.session.apply(Command::Redo);
    place.session.apply(Command::Redo);
    assert_eq!(place.session.state().latent.vector, before);
    assert_eq!(place.session.state().notices.last().unwrap().text(), "There is nothing to redo here");
}

#[test]
fn the_list_is_kept_for_its_folder_in_the_form_of_the_command_line() {
    let mut place = Place::new();
    place.leave_out(&["low/1.wav"]);
    let file = place.session.state().library.left_out_file.clone().unwrap();
    assert!(file.starts_with(place.path("data")), "nothing is written among the recordings");
    assert!(LeftOut::read(&file).unwrap().names().eq(["low/1.wav"]));
    place.start_again();
    assert_eq!((place.left_out(), place.session.state().library.used()), (vec!["low/1.wav"], 9));
    place.session.apply(LibraryCommand::Open(place.path("sounds/low")));
    place.wait("other folder", |state| state.library.recordings.len() == 5);
    assert!(place.left_out().is_empty(), "another folder has a list of its own");
    place.open();
    place.take_in("low/1.wav");
    assert!(!file.exists(), "an empty list is no file");
    place.start_again();
    assert!(place.left_out().is_empty());
}

#[test]
fn two_windows_on_one_folder_keep_what_each_has_left_out() {
    let mut place = Place::new();
    let mut other = Place::start(&place.path("data"));
    other.apply(LibraryCommand::Open(place.path("sounds")));
    wait_until(&mut other, "list", |state| state.library.recordings.len() == 10);
    place.leave_out(&["low/1.wav"]);
    other.apply(LibraryCommand::LeaveOut(vec!["high/2.wav".to_owned()]));
    let file = place.session.state().library.left_out_file.clone().unwrap();
    let kept = || LeftOut::read(&file).unwrap().names().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(kept(), ["high/2.wav", "low/1.wav"]);
    assert_eq!(other.state().library.left_out_count, 2, "the second window shows both");
    place.session.apply(Command::Undo);
    assert_eq!(kept(), ["high/2.wav"], "only the window's own change is undone");
    assert_eq!(place.left_out(), ["high/2.wav"]);
}

#[test]
fn a_list_that_cannot_be_read_is_reported_and_not_overwritten() {
    let mut place = Place::new();
    place.leave_out(&["low/1.wav"]);
    let file = place.session.state().library.left_out_file.clone().unwrap();
    fs::write(&file, b"\xff\xfe").unwrap();
    place.start_again();
    let notices = &place.session.state().notices;
    assert!(notices.iter().any(|notice| notice.text().contains("not kept")), "{notices:?}");
    place.leave_out(&["low/2.wav"]);
    assert_eq!(place.left_out(), ["low/2.wav"]);
    assert_eq!(fs::read(&file).unwrap(), b"\xff\xfe");
}

#[test]
fn a_run_trains_on_the_others_alone() {
    let mut place = Place::new();
    let mut form = place.session.state().settings.training.clone();
    form.choose(Preset::Small);
    form.latent_size = 2;
    (form.training.epochs, form.training.batch_size, form.training.threads) = (1, 4, Some(1));
    form.training.precise_batches = 1;
    place.session.apply(TrainingCommand::SetForm(Box::new(form)));
    place.session.apply(InspectionCommand::SetPreprocessing(PreprocessingConfig {
        duration: timbrespace::pipeline::config::ClipDuration::Seconds(0.2),
        ..PreprocessingConfig::default()
    }));
    place.leave_out(&["high/0.wav", "low/0.wav"]);
    place.session.apply(TrainingCommand::Start);
    let state = place.wait("end", |state| matches!(state.training.status, RunStatus::Finished));
    let bundle = BundleConfig::read(state.training.run_folder.as_ref().unwrap()).unwrap();
    assert_eq!(
        (bundle.dataset.images, &bundle.dataset.left_out[..]),
        (8, &["high/0.wav", "low/0.wav"].map(str::to_owned)[..])
    );
}
