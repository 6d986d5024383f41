//! The open recordings in the latent space: encoded, mapped, travelled, without a window.

mod detail;
mod errors;
mod first_start;
mod saving;
mod travel;

use std::{fs, path::PathBuf, sync::Arc};

use timbrespace::{
    audio::{
        demo,
        encode::{BitDepth, write_wav},
    },
    explore::{axes::AxisSystem, layout::LayoutKind},
    playback::test_backend::{TestBackend, TestDevice},
    session::{
        Command, LatentCommand, LibraryCommand, PlaybackCommand, Session, SessionOptions, State,
        space::{SpaceCommand, travel::TravelCommand},
        state::{ModelOrigin, RunStatus, Settings, Severity, Source, View},
        task::TaskStatus,
        training::TrainingCommand,
    },
};
use timbrespace_base::differences::largest_difference;

use crate::waiting::wait_until;

const RATE_HZ: u32 = 22_050;

/// A session on four demo sounds of each class, with the demo model in the latent view.
struct Place {
    session: Session,
    device: TestDevice,
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sounds = folder.path().join("sounds");
        let mut of_class = std::collections::BTreeMap::<&str, usize>::new();
        for sound in demo::sounds() {
            let count = of_class.entry(sound.class).or_default();
            *count += 1;
            if *count <= 4 {
                let file = sounds.join(sound.class).join(&sound.file_name);
                write_wav(&file, &sound.clip, BitDepth::Int16).unwrap();
            }
        }
        let mut place = Self::on(folder);
        place.session.apply(LibraryCommand::Open(sounds));
        place.wait("list", |state| state.library.recordings.len() == 24);
        place.session.apply(Command::Show(View::Latent));
        place.wait("map", |state| state.space.layout.is_some() && !state.space.encoding.is_running());
        place.wait("surroundings", |state| {
            state.latent.decoded.as_ref().is_some_and(|decoded| decoded.off_manifold.is_some())
        });
        place
    }

    fn on(folder: tempfile::TempDir) -> Self {
        Self::with(folder, Settings::default())
    }

    fn with(folder: tempfile::TempDir, settings: Settings) -> Self {
        let backend = TestBackend::new(RATE_HZ, 1);
        let device = backend.device();
        let session = Session::new(SessionOptions {
            backend: Box::new(backend),
            settings,
            ..SessionOptions::without_devices(&folder.path().join("data"))
        });
        let mut place = Self { session: session.unwrap(), device, folder };
        place.wait("demo model", |state| state.latent.model.is_some());
        place
    }

    fn state(&self) -> &State {
        self.session.state()
    }

    fn wait(&mut self, what: &str, done: impl Fn(&State) -> bool) {
        wait_until(&mut self.session, what, done);
    }

    fn space(&mut self, command: SpaceCommand) {
        self.session.apply(Command::Space(command));
    }

    fn travel(&mut self, command: TravelCommand) {
        self.space(SpaceCommand::Travel(command));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The encoded vector of a recording.
    fn vector(&self, recording: usize) -> Vec<f32> {
        let set = self.state().space.set.clone().unwrap();
        set.vectors().vectors().row(set.row_of(recording).unwrap()).to_vec()
    }

    fn is_at(&self, vector: &[f32]) {
        let here = &self.state().latent.vector;
        assert!(largest_difference(here, vector) < 1e-3, "{here:?} {vector:?}");
    }
}

#[test]
fn the_map_appears_by_itself_and_a_place_on_it_becomes_a_sound() {
    let mut place = Place::new();
    let layout = place.state().space.layout.clone().unwrap();
    assert_eq!((layout.kind(), layout.len()), (LayoutKind::Pca, 24));
    // Where a recording lies, the nearest one is that recording, and the sound plays.
    let there = layout.place(5);
    place.space(SpaceCommand::MoveTo(there));
    // The sound of the vector before may come first.
    let is_there = |at: [f32; 2]| (at[0] - there[0]).abs() < 1e-3 && (at[1] - there[1]).abs() < 1e-3;
    place.wait("sound", |state| {
        let decoded = state.latent.decoded.as_ref();
        decoded.and_then(|decoded| decoded.place).is_some_and(is_there) && state.playback.playing.is_some()
    });
    assert_eq!(place.state().latent.origin.words(), "a place on the map");
    let decoded = place.state().latent.decoded.clone().unwrap();
    assert_eq!(decoded.nearest.len(), 6);
    assert!(decoded.nearest.windows(2).all(|pair| pair[0].distance <= pair[1].distance));
    // While one drags, the sound loops and one step of undo leads back.
    let before = place.state().latent.vector.clone();
    place.session.apply(LatentCommand::BeginDrag);
    for step in 0..5 {
        place.space(SpaceCommand::MoveTo([there[0] + 0.1 * step as f32, there[1]]));
    }
    place.session.apply(LatentCommand::EndDrag);
    assert_ne!(place.state().latent.vector, before);
    place.session.apply(Command::Undo);
    assert_eq!(place.state().latent.vector, before);
    place.space(SpaceCommand::MoveTo([f32::NAN, 0.0]));
    assert_eq!(place.state().latent.vector, before, "no place at all");
    // A drag that is taken back leaves nothing to undo or redo.
    let could_undo = place.state().latent.can_undo;
    place.session.apply(LatentCommand::BeginDrag);
    place.space(SpaceCommand::MoveTo([there[0] + 1.0, there[1]]));
    assert_ne!(place.state().latent.vector, before);
    place.session.apply(LatentCommand::TakeBackDrag);
    assert_eq!(place.state().latent.vector, before);
    assert_eq!((place.state().latent.can_undo, place.state().latent.can_redo), (could_undo, false));
    assert!(!place.state().latent.dragging);
}

#[test]
fn a_recording_brings_its_original_and_is_its_own_nearest() {
    let mut place = Place::new();
    place.session.apply(LatentCommand::EncodeRecording(7));
    place.wait("original", |state| state.latent.original.is_some());
    let original = place.state().latent.original.clone().unwrap();
    assert_eq!(original.recording, Some(7));
    assert_eq!(original.feature.dim(), (256, 64));
    place.is_at(&place.vector(7));
    place.wait("nearest", |state| {
        state.latent.decoded.as_ref().is_some_and(|decoded| {
            decoded.nearest.first().is_some_and(|near| near.recording == 7 && near.distance < 1e-2)
        })
    });
    place.session.apply(PlaybackCommand::PlayOriginal);
    assert!(matches!(place.state().playback.playing, Some((Source::Original, _))));
    let heard = place.device.pull(4000);
    let samples = &original.clip.channels()[0];
    let volume = Settings::default().volume;
    assert!(heard[2000..3000].iter().zip(&samples[2000..3000]).all(|(a, b)| (a - volume * b).abs() < 1e-6));
    // Another origin has no original, and undo brings it back.
    place.session.apply(LatentCommand::ResetLatent);
    assert!(place.state().latent.original.is_none());
    place.session.apply(Command::Undo);
    assert_eq!(place.state().latent.original, Some(original));
}

#[test]
fn axes_are_measured_on_the_recordings_and_a_locked_one_stays() {
    let mut place = Place::new();
    let set = place.state().space.set.clone().unwrap();
    place.session.apply(LatentCommand::SetAxisSystem(AxisSystem::Principal));
    let axes = Arc::clone(&place.state().latent.axes);
    // Twenty-four recordings span twenty-three directions of the 32 dimensions.
    assert_eq!(axes.len(), 23);
    assert!(axes.windows(2).all(|pair| pair[0].information >= pair[1].information));
    let shares: f32 = axes.iter().map(|axis| axis.information).sum();
    assert!((shares - 1.0).abs() < 1e-3);
    place.wait("effects", |state| state.space.effects.len() == 23);
    // Moving the first leaves the others where they are.
    let others = |place: &Place| -> Vec<f32> {
        axes[1..].iter().map(|axis| axis.coordinate(&place.state().latent.vector)).collect()
    };
    let before = others(&place);
    place.session.apply(LatentCommand::SetAxis { axis: 0, value: 2.0 });
    assert!((axes[0].coordinate(&place.state().latent.vector) - 2.0).abs() < 1e-4);
    assert!(largest_difference(&others(&place), &before) < 1e-4);
    // Locked: neither the slider nor a random sample moves it.
    place.session.apply(LatentCommand::LockAxis(0, true));
    place.session.apply(LatentCommand::SetAxis { axis: 0, value: -2.0 });
    place.session.apply(SpaceCommand::Sample);
    assert!((axes[0].coordinate(&place.state().latent.vector) - 2.0).abs() < 1e-3);
    place.session.apply(LatentCommand::LockAxis(0, false));
    place.session.apply(LatentCommand::ResetLatent);
    assert!((axes[0].coordinate(&place.state().latent.vector) - 2.0).abs() > 0.1);
    assert_eq!(set.recordings.len(), 24);
}

#[test]
fn after_a_model_that_does_not_open_the_one_in_use_still_sounds() {
    let mut place = Place::new();
    let broken = place.folder.path().join("broken");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("config.json"), "{}").unwrap();
    fs::write(broken.join("model.safetensors"), "damaged").unwrap();
    let before = Arc::clone(place.state().latent.decoded.as_ref().unwrap());
    place.session.apply(LibraryCommand::Open(broken));
    place.wait("a notice", |state| {
        state.notices.iter().any(|notice| notice.text().contains("The model cannot be used"))
    });
    assert!(matches!(place.state().latent.model_origin(), Some(ModelOrigin::Demo)));
    place.session.apply(LatentCommand::SetAxis { axis: 0, value: 2.0 });
    place.wait("another sound", |state| {
        state.latent.decoded.as_ref().is_some_and(|decoded| !Arc::ptr_eq(decoded, &before))
    });
}

#[test]
fn a_sound_from_elsewhere_gets_a_place_and_a_broken_one_an_error() {
    let mut place = Place::new();
    let sound = demo::sounds().find(|sound| sound.class == "vowel").unwrap();
    let own = place.path("own.wav");
    write_wav(&own, &sound.clip, BitDepth::Int16).unwrap();
    place.space(SpaceCommand::BringSound(own.clone()));
    place.wait("guest", |state| !state.space.guests.is_empty());
    assert!(!place.state().space.guests[0].is_earlier, "the model in use encoded it");
    let original = place.state().latent.original.clone().unwrap();
    assert_eq!((original.recording, &original.name, &original.path), (None, &"own.wav".to_owned(), &own));
    place.session.apply(LatentCommand::ResetLatent);
    place.space(SpaceCommand::VisitGuest(0));
    place.wait("guest again", |state| state.latent.origin.words() == "own.wav");
    let broken = place.path("broken.wav");
    fs::write(&broken, "no sound").unwrap();
    place.space(SpaceCommand::BringSound(broken));
    place.wait("error", |state| state.notices.iter().any(|notice| notice.severity == Severity::Error));
    let notice = place.state().notices.last().unwrap().text().clone();
    assert!(notice.contains("broken.wav"), "{notice}");
    assert_eq!(place.state().latent.origin.words(), "own.wav", "nothing is lost");
}

#[test]
fn t_sne_is_laid_out_in_the_background_and_decodes_between_points() {
    let mut place = Place::new();
    place.space(SpaceCommand::SetLayout(LayoutKind::Tsne));
    place.wait("t-SNE", |state| state.space.arranging == TaskStatus::Done);
    let layout = place.state().space.layout.clone().unwrap();
    assert_eq!(layout.kind(), LayoutKind::Tsne);
    place.space(SpaceCommand::MoveTo(layout.place(11)));
    place.is_at(&place.vector(11));
    // What the decoder makes of a part of it.
    let [low, high] = layout.bounds();
    place.space(SpaceCommand::ShowAtlas(Some([low, high])));
    place.wait("atlas", |state| state.space.atlas.is_some());
    let atlas = place.state().space.atlas.clone().unwrap();
    assert_eq!(atlas.picture.values.len(), atlas.picture.width * atlas.picture.height);
    assert!(atlas.picture.values.iter().any(|&value| value > 100));
    // Another map takes the atlas with it.
    place.space(SpaceCommand::SetLayout(LayoutKind::Pca));
    assert!(place.state().space.atlas.is_none());
}

#[test]
fn a_recording_under_the_pointer_is_seen_and_heard() {
    let mut place = Place::new();
    place.space(SpaceCommand::Preview { recording: 4, heard: true });
    place.wait("preview", |state| state.space.preview.as_ref().is_some_and(|(shown, _)| *shown == 4));
    place.session.poll();
    assert!(matches!(place.state().playback.playing, Some((Source::Preview(4), _))));
    let loud = place.device.pull(5000).iter().any(|sample| sample.abs() > 0.05);
    assert!(loud);
}

#[test]
fn other_recordings_are_encoded_anew() {
    let mut place = Place::new();
    let one = place.path("sounds/bell");
    place.session.apply(LibraryCommand::Open(one));
    place.wait("new map", |state| {
        state.library.recordings.len() == 4
            && state.space.set.as_ref().is_some_and(|set| set.recordings.len() == 4)
    });
    // t-SNE of four sounds is refused with what to do, and the map stays.
    place.space(SpaceCommand::SetLayout(LayoutKind::Tsne));
    place.wait("refusal", |state| {
        state.notices.iter().any(|notice| notice.text().contains("principal components"))
    });
    assert_eq!(place.state().space.layout_kind, LayoutKind::Pca);
    assert!(place.state().space.layout.is_some());
}

#[test]
fn another_model_forgets_the_map_of_the_one_before() {
    let mut place = Place::new();
    // A model of another size, by a short run.
    let mut form = place.state().settings.training.clone();
    form.latent_size = 5;
    form.training.epochs = 1;
    form.training.batch_size = 4;
    place.session.apply(TrainingCommand::SetForm(Box::new(form)));
    place.session.apply(TrainingCommand::Start);
    place.wait("end of the run", |state| {
        matches!(state.training.status, RunStatus::Finished | RunStatus::Failed(_))
    });
    let folder = place.state().training.run_folder.clone().unwrap();
    place.space(SpaceCommand::MoveTo([1.0, 1.0]));
    place.session.apply(LibraryCommand::Open(folder));
    place.wait("other model", |state| state.latent.vector.len() == 5);
    place.wait("its map", |state| {
        state.space.set.as_ref().is_some_and(|set| set.vectors().vectors().ncols() == 5)
            && state.space.layout.is_some()
    });
    let generation = place.state().latent.generation;
    place.space(SpaceCommand::MoveTo([0.5, 0.5]));
    place.wait("sound", |state| state.latent.generation > generation);
    assert_eq!(place.state().latent.vector.len(), 5);
}
