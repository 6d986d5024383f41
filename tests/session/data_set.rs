//! The data set's jobs as the window starts them: by commands, with their news in the state.

use std::{fs, path::Path};

use timbrespace::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    },
    inspect::doctor::check::Check,
    pipeline::{config::PreprocessingConfig, dataset::Dataset},
    session::{
        Command, InspectionCommand, LibraryCommand, Session, SessionOptions, State,
        data_set::{
            DataSetCommand, MOST_UNASKED, Tab,
            doctor::DoctorCommand,
            listed,
            loading::{LoadingCommand, LoadingForm},
            overview::OverviewCommand,
            parity::ParityCommand,
        },
        state::{Severity, View},
        task::TaskStatus,
    },
};

use crate::waiting::wait_until;

/// A session on a folder of eight recordings of two classes, one of them silent and one a copy.
struct Place {
    session: Session,
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sounds = folder.path().join("sounds");
        for (class, hz) in [("low", 200.0_f32), ("high", 2000.0)] {
            fs::create_dir_all(sounds.join(class)).unwrap();
            for number in 0..4 {
                let hz = if number == 3 { hz } else { hz + 30.0 * number as f32 };
                let gain = if class == "low" && number == 1 { 0.0 } else { 0.4 };
                let sample = |n: usize| gain * (std::f32::consts::TAU * hz * n as f32 / 22_050.0).sin();
                let clip = Clip::mono((0..16_317).map(sample).collect(), 22_050);
                write_wav(&sounds.join(class).join(format!("{class}_{number}.wav")), &clip, BitDepth::Int16)
                    .unwrap();
            }
        }
        let session = Session::new(SessionOptions::without_devices(&folder.path().join("data")));
        let mut place = Self { session: session.unwrap(), folder };
        place.session.apply(LibraryCommand::Open(sounds));
        place.wait("list", |state| state.library.recordings.len() == 8);
        place
    }

    fn wait(&mut self, what: &str, done: impl Fn(&State) -> bool) -> &State {
        wait_until(&mut self.session, what, done);
        self.session.state()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn overview(&mut self, command: OverviewCommand) {
        self.session.apply(Command::DataSet(DataSetCommand::Overview(command)));
    }

    fn parity(&mut self, command: ParityCommand) {
        self.session.apply(Command::DataSet(DataSetCommand::Parity(command)));
    }

    fn doctor(&mut self, command: DoctorCommand) {
        self.session.apply(Command::DataSet(DataSetCommand::Doctor(command)));
    }
}

#[test]
fn the_overview_shows_every_recording_and_tells_when_it_is_out_of_date() {
    let mut place = Place::new();
    place.overview(OverviewCommand::Start);
    assert!(place.session.state().data_set.overview.status.is_running());
    let state = place.wait("overview", |state| state.data_set.overview.status == TaskStatus::Done);
    let report = state.data_set.overview.report.clone().unwrap();
    assert_eq!(report.classes, [("high".to_owned(), 0..4), ("low".to_owned(), 4..8)]);
    assert_eq!(
        listed::change(&state.library, &state.settings.preprocessing, &report.folder, &report.config),
        None
    );
    let other = PreprocessingConfig { hop_length: 128, ..PreprocessingConfig::default() };
    place.session.apply(InspectionCommand::SetPreprocessing(other));
    let state = place.session.state();
    let change =
        listed::change(&state.library, &state.settings.preprocessing, &report.folder, &report.config);
    assert_eq!(change, Some(listed::Change::Settings));
}

#[test]
fn overview_and_doctor_fill_by_themselves_once_for_a_folder() {
    let mut place = Place::new();
    assert_eq!(place.session.state().data_set.overview.status, TaskStatus::Idle, "nobody looks");
    place.session.apply(Command::Show(View::DataSet));
    let state = place.wait("overview", |state| state.data_set.overview.status == TaskStatus::Done);
    assert_eq!(state.data_set.overview.report.as_ref().unwrap().classes.len(), 2);
    assert!(state.data_set.doctor.report.is_none() && !state.data_set.doctor.status.is_running());
    place.session.apply(Command::DataSet(DataSetCommand::Show(Tab::Doctor)));
    place.wait("findings", |state| state.data_set.doctor.report.is_some());
    let generation = place.session.state().data_set.overview.generation;
    place.session.apply(Command::DataSet(DataSetCommand::Show(Tab::Overview)));
    place.session.apply(Command::Show(View::Stages));
    place.session.apply(Command::Show(View::DataSet));
    let overview = &place.session.state().data_set.overview;
    assert!(!overview.status.is_running() && overview.generation == generation, "not again");
    // Another folder, while the view is open.
    place.session.apply(LibraryCommand::Open(place.path("sounds/low")));
    let state = place.wait("the other folder", |state| {
        state.data_set.overview.report.as_ref().is_some_and(|report| report.folder.ends_with("low"))
    });
    assert_eq!(state.library.recordings.len(), 4);
}

#[test]
fn what_was_cancelled_or_is_too_much_waits_for_the_person() {
    let mut place = Place::new();
    place.session.apply(Command::Show(View::DataSet));
    place.overview(OverviewCommand::Cancel);
    let state = place.wait("an end", |state| !state.data_set.overview.status.is_running());
    let was_cancelled = state.data_set.overview.report.is_none();
    place.session.apply(Command::Show(View::DataSet));
    assert!(!place.session.state().data_set.overview.status.is_running(), "cancelled: {was_cancelled}");

    let many = place.path("many");
    fs::create_dir(&many).unwrap();
    let sound = many.join("0.wav");
    write_wav(&sound, &Clip::mono(vec![0.5; 8], 22_050), BitDepth::Int16).unwrap();
    let bytes = fs::read(&sound).unwrap();
    for number in 1..=MOST_UNASKED {
        fs::write(many.join(format!("{number}.wav")), &bytes).unwrap();
    }
    place.session.apply(LibraryCommand::Open(many));
    place.wait("headers", |state| state.library.recordings.len() > MOST_UNASKED && state.library.unread == 0);
    assert!(!place.session.state().data_set.overview.status.is_running());
}

#[test]
fn images_are_saved_to_a_folder_but_not_among_the_recordings() {
    let mut place = Place::new();
    place.overview(OverviewCommand::Save(place.path("sounds")));
    let state = place.session.state();
    assert!(!state.data_set.overview.status.is_running());
    assert!(state.notices.iter().any(|notice| notice.severity == Severity::Error));
    let out = place.path("images");
    place.overview(OverviewCommand::Save(out.clone()));
    let state = place.wait("images", |state| state.data_set.overview.status == TaskStatus::Done);
    assert!(
        state.notices.iter().any(|notice| notice.text().starts_with("Saved 8 images")),
        "{:?}",
        state.notices
    );
    assert_eq!(state.data_set.overview.saving, None);
    assert_eq!(Dataset::open(&out).unwrap().len(), 8);
}

#[test]
fn the_doctor_finds_what_is_wrong_and_writes_a_table() {
    let mut place = Place::new();
    place.doctor(DoctorCommand::Start);
    let state = place.wait("findings", |state| state.data_set.doctor.status == TaskStatus::Done);
    let report = state.data_set.doctor.report.clone().unwrap();
    let files = |check| -> Vec<&str> { report.of(check).map(|finding| finding.file.as_str()).collect() };
    assert_eq!(files(Check::Silent), ["low/low_1.wav"]);
    assert_eq!(files(Check::Duplicate), ["high/high_3.wav", "low/low_3.wav"]);
    assert_eq!(report.findings.len(), 3, "{:?}", report.findings);
    let table = place.path("findings.csv");
    place.doctor(DoctorCommand::Export(table.clone()));
    place.wait("table", |state| state.notices.iter().any(|notice| notice.text().starts_with("Saved ")));
    assert_eq!(fs::read_to_string(table).unwrap().lines().count(), 4);
    place.doctor(DoctorCommand::Export(Path::new("/dev/null/findings.csv").to_owned()));
    place.wait("error", |state| state.notices.iter().any(|notice| notice.severity == Severity::Error));
}

#[test]
fn work_that_is_cancelled_leaves_nothing_and_can_begin_again() {
    let mut place = Place::new();
    place.overview(OverviewCommand::Start);
    place.overview(OverviewCommand::Cancel);
    place.wait("end", |state| !state.data_set.overview.status.is_running());
    place.overview(OverviewCommand::Start);
    place.wait("overview", |state| state.data_set.overview.status == TaskStatus::Done);
    let generation = place.session.state().data_set.overview.generation;
    assert!((1..=2).contains(&generation), "the first may have ended before it heard the stop: {generation}");
}

#[test]
fn loading_is_measured_both_ways_with_the_chosen_epochs() {
    let mut place = Place::new();
    for command in [LoadingCommand::SetForm(LoadingForm { epochs: 2, batch_size: 3 }), LoadingCommand::Start]
    {
        place.session.apply(Command::DataSet(DataSetCommand::Loading(command)));
    }
    let state = place.wait("figures", |state| state.data_set.loading.status == TaskStatus::Done);
    let measured = state.data_set.loading.measured.clone().unwrap();
    let report = &measured.report;
    assert_eq!((report.recordings, report.batch_size), (8, 3));
    assert!(report.images_equal && report.mel.images_equal, "{report:?}");
    for way in report.ways.iter().chain(&report.mel.ways) {
        assert_eq!(way.seconds_per_epoch.len(), 2, "{way:?}");
        assert!(way.median_seconds > 0.0 && way.bytes_read > 0, "{way:?}");
    }
    assert_eq!(
        listed::change(&state.library, &state.settings.preprocessing, &measured.root, &measured.config),
        None
    );
}

#[test]
fn pythons_images_are_compared_shown_and_written_as_a_table() {
    let mut place = Place::new();
    let images = place.path("images");
    place.overview(OverviewCommand::Save(images.clone()));
    place.wait("images", |state| state.data_set.overview.status == TaskStatus::Done);
    place.parity(ParityCommand::Compare(images));
    let state = place.wait("comparison", |state| state.data_set.parity.view.is_some());
    let parity = &state.data_set.parity;
    let report = parity.report.clone().unwrap();
    assert_eq!((report.summary.compared, report.summary.largest), (8, Some(0.0)));
    assert!(parity.settings_beside, "the folder holds its settings");
    assert_eq!(parity.selected, Some(0));
    place.parity(ParityCommand::Select(5));
    let seen = |state: &State| state.data_set.parity.view.as_ref().is_some_and(|(file, _)| *file == 5);
    let state = place.wait("images of the sixth file", seen);
    let (_, view) = state.data_set.parity.view.clone().unwrap();
    let view = view.unwrap();
    assert_eq!((view.ours.dim(), view.difference.clone().unwrap().sum()), ((256, 64), 0.0));
    let table = place.path("parity.csv");
    place.parity(ParityCommand::Export(table.clone()));
    place.wait("table", |state| state.notices.iter().any(|notice| notice.text().contains("parity.csv")));
    assert_eq!(fs::read_to_string(table).unwrap().lines().count(), 9);
}

#[test]
fn a_folder_without_images_is_refused_with_its_name_and_can_be_chosen_anew() {
    let mut place = Place::new();
    let empty = place.path("empty");
    fs::create_dir(&empty).unwrap();
    place.parity(ParityCommand::Compare(empty.clone()));
    let state = place.wait("end", |state| !state.data_set.parity.status.is_running());
    let TaskStatus::Failed(cause) = &state.data_set.parity.status else { panic!("not failed") };
    assert!(cause.text().contains(&empty.display().to_string()), "{cause}");
    assert!(state.data_set.parity.report.is_none());
}
