//! The whole journey without a screen: open, inspect, train two short epochs, drag a slider, and hear what was decoded.

use std::{path::Path, thread, time::Duration};

use timbrespace::{
    audio::{
        demo,
        encode::{BitDepth, write_wav},
    },
    pipeline::config::{ClipDuration, PreprocessingConfig},
    playback::test_backend::{TestBackend, TestDevice},
    session::{
        Command, InspectionCommand, LatentCommand, LibraryCommand, PlaybackCommand, Session, SessionOptions,
        State,
        export::ExportCommand,
        origin::Origin,
        state::{ModelOrigin, RunStatus, Settings, Source, View},
        training::TrainingCommand,
    },
    vae::config::Preset,
};

use crate::waiting::wait_until;

const RATE_HZ: u32 = 22_050;
/// Longer than any fade of the mixer.
const FADE_FRAMES: usize = 1000;

struct Journey {
    session: Session,
    device: TestDevice,
}

impl Journey {
    fn start(data_dir: &Path) -> Self {
        let backend = TestBackend::new(RATE_HZ, 1);
        let device = backend.device();
        let settings = Settings { volume: 1.0, ..Settings::default() };
        let session = Session::new(SessionOptions {
            backend: Box::new(backend),
            settings,
            ..SessionOptions::without_devices(data_dir)
        })
        .unwrap();
        Self { session, device }
    }

    fn state(&self) -> &State {
        self.session.state()
    }

    /// Polls as the window does until `done`, for at most five minutes.
    fn wait(&mut self, what: &str, done: impl Fn(&State) -> bool) {
        wait_until(&mut self.session, what, done);
    }

    fn do_all(&mut self, commands: impl IntoIterator<Item = Command>) {
        for command in commands {
            self.session.apply(command);
        }
    }
}

/// Four sounds of each class, and one file that is no sound.
fn recordings(root: &Path) {
    let mut of_class = std::collections::BTreeMap::<&str, usize>::new();
    for sound in demo::sounds() {
        let count = of_class.entry(sound.class).or_default();
        *count += 1;
        if *count <= 4 {
            write_wav(&root.join(sound.class).join(&sound.file_name), &sound.clip, BitDepth::Int16).unwrap();
        }
    }
    std::fs::write(root.join("broken.wav"), b"this is no sound").unwrap();
}

#[test]
fn a_person_opens_a_folder_looks_trains_drags_and_hears_what_was_decoded() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("sounds");
    recordings(&root);
    let mut journey = Journey::start(&dir.path().join("data"));
    opens_and_inspects(&mut journey, &root);
    trains_two_epochs(&mut journey);
    drags_and_hears(&mut journey);
    saves_what_was_heard(&mut journey, &dir.path().join("kept.wav"));
}

fn opens_and_inspects(journey: &mut Journey, root: &Path) {
    journey.session.apply(LibraryCommand::Open(root.to_owned()));
    journey.wait("stages", |state| state.inspection.stages.is_some());
    let library = &journey.state().library;
    assert!(library.recordings.len() >= 24, "{} recordings", library.recordings.len());
    assert_eq!(library.skipped.len(), 1);
    assert!(library.skipped[0].path.ends_with("broken.wav"), "{}", library.skipped[0].cause);
    assert_eq!(library.selected, Some(0));
    let (_, stages) = journey.state().inspection.stages.clone().unwrap();
    assert_eq!(stages.normalised.dim(), (256, 64));
    assert_eq!(stages.padded.len(), 16_317);

    journey.session.apply(PlaybackCommand::TogglePlay);
    assert!(matches!(journey.state().playback.playing, Some((Source::Recording(0), _))));
    let heard = journey.device.pull(stages.signal.len());
    let middle = FADE_FRAMES..stages.signal.len() - FADE_FRAMES;
    assert_eq!(heard[middle.clone()], stages.signal[middle]);

    journey.do_all([
        Command::Library(LibraryCommand::Search("bell".to_owned())),
        Command::Library(LibraryCommand::MoveSelection(1)),
    ]);
    let library = &journey.state().library;
    assert_eq!(library.visible.len(), 4);
    assert_eq!(library.recordings[library.selected.unwrap()].class, "bell");
}

fn trains_two_epochs(journey: &mut Journey) {
    let mut form = journey.state().settings.training.clone();
    form.training.epochs = 2;
    form.training.batch_size = 8;
    form.training.validation_fraction = 0.25;
    journey.do_all([
        Command::Show(View::Training),
        Command::Training(TrainingCommand::SetForm(Box::new(form))),
        Command::Training(TrainingCommand::Start),
    ]);
    journey.wait("end of the run", |state| {
        matches!(state.training.status, RunStatus::Finished | RunStatus::Failed(_))
            && state.training.baselines.is_some()
    });
    let training = &journey.state().training;
    assert_eq!(training.status, RunStatus::Finished);
    assert_eq!(training.epochs.len(), 2);
    assert_eq!(training.steps.last().unwrap().step, 2 * training.steps_per_epoch);
    let [first, second] = &training.epochs[..] else { panic!("two epochs") };
    // The default model starts as the principal components and is never above them.
    let components = training.baselines.unwrap().pca;
    for report in [first, second] {
        assert!(report.validation.unwrap().reconstruction < components, "{components}: {report:?}");
    }
    let folder = training.run_folder.clone().unwrap();
    let history = std::fs::read_to_string(folder.join("history.csv")).unwrap();
    assert_eq!(history.lines().count(), 1 + 2 * 2, "{history}");
}

fn drags_and_hears(journey: &mut Journey) {
    journey.do_all([Command::Latent(LatentCommand::UseTrainingModel), Command::Show(View::Latent)]);
    journey.wait("model of the run", |state| {
        matches!(state.latent.model_origin(), Some(ModelOrigin::Training { epochs: 2, .. }))
            && state.latent.decoded.is_some()
    });
    journey.session.apply(LatentCommand::EncodeRecording(3));
    let name = journey.state().library.recordings[3].name.clone();
    journey.wait("latent vector", |state| state.latent.origin.words() == name);
    let before = journey.state().latent.vector.clone();

    let dimension = journey.state().latent.axes[0].number;
    let generation = journey.state().latent.generation;
    let value = before[dimension] + 1.5;
    journey.do_all([
        Command::Latent(LatentCommand::BeginDrag),
        Command::Latent(LatentCommand::SetLatent { dimension, value }),
    ]);
    journey.wait("decoded sound", |state| {
        state.latent.generation > generation
            && state.playback.playing.is_some_and(|(source, _)| source == Source::Decoded)
    });
    journey.wait("newest decoded sound", |state| {
        state.latent.origin == Origin::Sliders && !state.latent.is_busy()
    });
    thread::sleep(Duration::from_millis(300));
    journey.session.poll();

    let decoded = journey.state().latent.decoded.clone().unwrap();
    let samples = &decoded.clip.channels()[0];
    assert!(samples.iter().all(|sample| sample.is_finite()));
    assert!(samples.iter().any(|sample| sample.abs() > 1e-3), "silent");
    let heard = journey.device.pull(samples.len());
    let middle = FADE_FRAMES..samples.len() - FADE_FRAMES;
    assert_eq!(heard[middle.clone()], samples[middle.clone()]);
    let again = journey.device.pull(samples.len());
    assert!(
        again[middle].iter().any(|sample| sample.abs() > 1e-3),
        "the sound loops while the slider is dragged"
    );

    journey.session.apply(LatentCommand::EndDrag);
    journey.device.pull(3 * samples.len());
    journey.session.poll();
    assert_eq!(journey.state().playback.playing, None, "and ends after the drag");

    journey.session.apply(Command::Undo);
    assert_eq!(journey.state().latent.vector, before);
    journey.session.apply(Command::Redo);
    assert_eq!(journey.state().latent.vector[dimension], value);
}

fn saves_what_was_heard(journey: &mut Journey, path: &Path) {
    journey.session.apply(Command::Export(ExportCommand::Sound(path.to_owned())));
    journey
        .wait("saved sound", |state| state.notices.iter().any(|notice| notice.text().starts_with("Saved")));
    let reader = hound::WavReader::open(path).unwrap();
    assert_eq!(
        (reader.spec().sample_rate, reader.spec().channels, reader.spec().bits_per_sample),
        (RATE_HZ, 1, 16)
    );
    assert_eq!(reader.len(), 16_317);
}

#[test]
fn a_person_chooses_log_mel_trains_a_flat_model_and_hears_it() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("sounds");
    recordings(&root);
    let mut journey = Journey::start(&dir.path().join("data"));
    let refusing =
        PreprocessingConfig { duration: ClipDuration::Frames(48), ..PreprocessingConfig::log_mel() };
    let allowing = PreprocessingConfig { resample: true, ..refusing.clone() };
    journey.do_all([
        Command::Library(LibraryCommand::Open(root)),
        Command::Inspection(InspectionCommand::SetPreprocessing(refusing)),
    ]);
    journey.wait("refusal of the other rate", |state| state.inspection.error.is_some());
    let error = journey.state().inspection.error.clone().unwrap().to_string();
    assert!(
        error.contains("22,050 Hz") && error.contains("44,100 Hz") && error.contains("Other rates"),
        "{error}"
    );
    journey.session.apply(InspectionCommand::SetPreprocessing(allowing));
    journey.wait("log-mel stages", |state| {
        state.inspection.stages.as_ref().is_some_and(|(_, stages)| stages.normalised.dim() == (80, 48))
    });
    assert!(journey.state().inspection.error.is_none());

    let mut form = journey.state().settings.training.clone();
    form.preset = Preset::Flat;
    form.latent_size = 4;
    form.training.epochs = 2;
    form.training.batch_size = 8;
    journey.do_all([
        Command::Training(TrainingCommand::SetForm(Box::new(form))),
        Command::Training(TrainingCommand::Start),
    ]);
    journey.wait("end of the run", |state| {
        matches!(state.training.status, RunStatus::Finished | RunStatus::Failed(_))
    });
    assert_eq!(journey.state().training.status, RunStatus::Finished);
    journey.do_all([
        Command::Latent(LatentCommand::UseTrainingModel),
        Command::Latent(LatentCommand::EncodeRecording(3)),
    ]);
    let name = journey.state().library.recordings[3].name.clone();
    journey
        .wait("latent vector", |state| state.latent.origin.words() == name && state.latent.decoded.is_some());
    let generation = journey.state().latent.generation;
    journey.session.apply(LatentCommand::SetLatent { dimension: 0, value: 0.5 });
    journey.wait("decoded sound", |state| state.latent.generation > generation);
    let decoded = journey.state().latent.decoded.clone().unwrap();
    assert_eq!(decoded.feature.dim(), (80, 48));
    assert_eq!((decoded.clip.sample_rate_hz(), decoded.clip.len()), (44_100, 48 * 256));
    assert!(decoded.clip.channels()[0].iter().any(|sample| sample.abs() > 1e-3), "silent");
    assert!(decoded.spectral_convergence < 0.5, "{}", decoded.spectral_convergence);
}

#[test]
fn the_first_start_has_sounds_and_a_model_to_play_with() {
    let dir = tempfile::tempdir().unwrap();
    let mut journey = Journey::start(dir.path());
    journey.session.apply(LibraryCommand::OpenDemo);
    journey.wait("demo sounds", |state| state.inspection.stages.is_some() && state.latent.decoded.is_some());
    let state = journey.state();
    assert!(state.library.is_demo && state.library.recordings.len() >= 300);
    assert!(matches!(state.latent.model_origin(), Some(ModelOrigin::Demo)));
    journey.session.apply(PlaybackCommand::PlayDecoded);
    let heard = journey.device.pull(8000);
    assert!(heard.iter().any(|sample| sample.abs() > 1e-2));
}

#[test]
fn without_a_sound_card_everything_else_works_and_the_reason_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let mut journey = Journey::start(dir.path());
    journey.device.disconnect("no sound card");
    journey.session.apply(LibraryCommand::OpenDemo);
    journey.wait("demo sounds", |state| state.inspection.stages.is_some());
    journey.do_all([
        Command::Playback(PlaybackCommand::TogglePlay),
        Command::Playback(PlaybackCommand::PlayDecoded),
        Command::Playback(PlaybackCommand::Stop),
    ]);
    journey.session.poll();
    let status = format!("{:?}", journey.state().playback.device);
    assert!(status.contains("no sound card"), "{status}");
}
