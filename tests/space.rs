//! The open recordings in the latent space: encoded, mapped, travelled, without a window.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]

use std::{
    fs,
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use ndarray::Array1;
use timbrespace::{
    audio::{
        decode, demo,
        encode::{BitDepth, write_wav},
    },
    explore::{axes::AxisSystem, detail::Mix, layout::LayoutKind, travel::Path},
    jobs::runs::{bundle::Bundle, demo_model, detail::Detail},
    playback::test_backend::{TestBackend, TestDevice},
    session::{
        Command, Instruments, LatentCommand, LibraryCommand, PlaybackCommand, Session, SessionOptions, State,
        detail::{DetailCommand, DetailStatus},
        export::ExportCommand,
        space::{
            SpaceCommand,
            leaving::{LeavingCommand, LeavingForm},
            travel::{Draw, Slot, TravelCommand},
        },
        state::{ModelOrigin, RunStatus, Settings, Severity, Source, View},
        task::TaskStatus,
        training::TrainingCommand,
    },
};

use timbrespace_base::differences::largest_difference;

const LONG: Duration = Duration::from_mins(2);
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
        let backend = TestBackend::new(RATE_HZ, 1);
        let device = backend.device();
        let session = Session::new(SessionOptions {
            wake: Arc::new(|| {}),
            backend: Box::new(backend),
            instruments: Instruments::none(),
            data_dir: folder.path().join("data"),
            settings: Settings::default(),
        });
        let mut place = Self { session: session.unwrap(), device, folder };
        place.wait("demo model", |state| state.latent.model.is_some());
        place
    }

    fn state(&self) -> &State {
        self.session.state()
    }

    fn wait(&mut self, what: &str, done: impl Fn(&State) -> bool) {
        let start = Instant::now();
        loop {
            self.session.poll();
            if done(self.session.state()) {
                return;
            }
            assert!(start.elapsed() < LONG, "no {what}: {:?}", self.session.state().notices);
            thread::sleep(Duration::from_millis(3));
        }
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
    let generation = place.state().latent.generation;
    place.space(SpaceCommand::MoveTo(there));
    place.wait("sound", |state| state.latent.generation > generation && state.playback.playing.is_some());
    assert_eq!(place.state().latent.origin.words(), "a place on the map");
    let decoded = place.state().latent.decoded.clone().unwrap();
    let at = decoded.place.unwrap();
    assert!((at[0] - there[0]).abs() < 1e-3 && (at[1] - there[1]).abs() < 1e-3, "{at:?} {there:?}");
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
        state.notices.iter().any(|notice| notice.text.contains("The model cannot be used"))
    });
    assert!(matches!(place.state().latent.model, Some((ModelOrigin::Demo, _))));
    place.session.apply(LatentCommand::SetAxis { axis: 0, value: 2.0 });
    place.wait("another sound", |state| {
        state.latent.decoded.as_ref().is_some_and(|decoded| !Arc::ptr_eq(decoded, &before))
    });
}

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

#[test]
fn a_sound_from_elsewhere_gets_a_place_and_a_broken_one_an_error() {
    let mut place = Place::new();
    let sound = demo::sounds().find(|sound| sound.class == "vowel").unwrap();
    let own = place.path("own.wav");
    write_wav(&own, &sound.clip, BitDepth::Int16).unwrap();
    place.space(SpaceCommand::BringSound(own.clone()));
    place.wait("guest", |state| !state.space.guests.is_empty());
    let original = place.state().latent.original.clone().unwrap();
    assert_eq!((original.recording, &original.name, &original.path), (None, &"own.wav".to_owned(), &own));
    place.session.apply(LatentCommand::ResetLatent);
    place.space(SpaceCommand::VisitGuest(0));
    place.wait("guest again", |state| state.latent.origin.words() == "own.wav");
    let broken = place.path("broken.wav");
    fs::write(&broken, "no sound").unwrap();
    place.space(SpaceCommand::BringSound(broken));
    place.wait("error", |state| state.notices.iter().any(|notice| notice.severity == Severity::Error));
    let notice = place.state().notices.last().unwrap().text.clone();
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
fn a_chosen_list_is_written_as_csv() {
    let mut place = Place::new();
    let path = place.path("list.csv");
    place.space(SpaceCommand::SaveList(path.clone(), vec![2, 5]));
    place.wait("file", |state| state.notices.iter().any(|notice| notice.text.starts_with("Saved")));
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, "name,class,path,x,y"));
    assert!(lines[1].starts_with(&place.state().library.recordings[2].name));
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
        state.notices.iter().any(|notice| notice.text.contains("principal components"))
    });
    assert_eq!(place.state().space.layout_kind, LayoutKind::Pca);
    assert!(place.state().space.layout.is_some());
}

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
    // The model leaves with its detail.
    let folder = place.folder.path().join("model");
    place.space(SpaceCommand::Leave(LeavingCommand::Model(folder.clone())));
    place.wait("model", |state| state.notices.iter().any(|notice| notice.text.contains("Saved the model")));
    let bundle = Bundle::open(&folder).unwrap();
    assert_eq!(Detail::open(&folder, &bundle).unwrap().recordings(), 24);
    // A model opens without its detail, which comes when it is wanted.
    place.session.apply(LibraryCommand::Open(folder));
    place.wait("bundle", |state| matches!(state.latent.model, Some((ModelOrigin::Bundle(_), _))));
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
fn sounds_vectors_and_the_model_are_taken_away() {
    let mut place = Place::new();
    let form = LeavingForm { bits: BitDepth::Float32, rate_hz: Some(48_000), steps: 3, secs: 1.5, count: 2 };
    let leave = |place: &mut Place, command| {
        place.space(SpaceCommand::Leave(command));
        place.wait("file", |state| !state.space.leaving.status.is_running());
    };
    leave(&mut place, LeavingCommand::SetForm(form));
    let sound = place.path("sound.wav");
    leave(&mut place, LeavingCommand::Sound(sound.clone()));
    assert_eq!(decode::decode(&sound).unwrap().sample_rate_hz(), 48_000);
    // Without A and B there is no way.
    let morph = place.path("morph.wav");
    leave(&mut place, LeavingCommand::Morph(morph.clone()));
    assert!(!morph.exists());
    for (slot, recording) in [(Slot::A, 0), (Slot::B, 9)] {
        place.travel(TravelCommand::KeepRecording(slot, recording));
    }
    leave(&mut place, LeavingCommand::Morph(morph.clone()));
    let whole = decode::decode(&morph).unwrap();
    assert!((whole.duration_secs() - 1.5).abs() < 0.01, "{}", whole.duration_secs());
    let samples = &whole.channels()[0];
    let largest = largest_difference(&samples[1..], &samples[..samples.len() - 1]);
    assert!(largest < 0.7, "no click: {largest}");
    let (sequence, batch, vectors, model) =
        (place.path("sequence"), place.path("batch"), place.path("vectors"), place.path("model"));
    leave(&mut place, LeavingCommand::Sequence(sequence.clone()));
    leave(&mut place, LeavingCommand::Batch(batch.clone()));
    leave(&mut place, LeavingCommand::Vectors(vectors.clone()));
    let chosen = place.path("chosen");
    leave(&mut place, LeavingCommand::Chosen(chosen.clone(), vec![4, 7, 99]));
    assert!(chosen.join("001.wav").is_file() && !chosen.join("002.wav").exists());
    leave(&mut place, LeavingCommand::Model(model.clone()));
    assert!(sequence.join("002.wav").is_file() && sequence.join("vectors.csv").is_file());
    assert!(batch.join("001.wav").is_file() && !batch.join("002.wav").exists());
    assert_eq!(fs::read_to_string(vectors.join("metadata.tsv")).unwrap().lines().count(), 25);
    let again = Bundle::open(&model).unwrap();
    assert_eq!(&again.config, &**place.state().latent.model.as_ref().map(|(_, config)| config).unwrap());
    // A folder that holds a model is not written over.
    leave(&mut place, LeavingCommand::Model(model));
    assert!(place.state().notices.last().unwrap().text.contains("holds a model already"));
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

#[test]
fn what_is_saved_while_something_is_being_saved_waits_its_turn() {
    let mut place = Place::new();
    let form = LeavingForm { steps: 2, count: 2, ..LeavingForm::default() };
    place.space(SpaceCommand::Leave(LeavingCommand::SetForm(form)));
    // The thread that decodes is busy for a while.
    place.session.apply(LatentCommand::SetIterations(512));
    let sounds = ["first.wav", "second.wav", "third.wav"].map(|name| place.path(name));
    for sound in &sounds {
        place.session.apply(Command::Export(ExportCommand::Sound(sound.clone())));
    }
    let folders = ["first", "second", "third"].map(|name| place.path(name));
    for folder in &folders {
        place.space(SpaceCommand::Leave(LeavingCommand::Batch(folder.clone())));
    }
    place.wait("the last", |state| {
        let said = |path: &PathBuf| {
            let name = path.to_string_lossy().into_owned();
            state.notices.iter().any(|notice| notice.text.ends_with(&name))
        };
        sounds.iter().chain(&folders).all(said)
    });
    for sound in &sounds {
        assert_eq!(decode::decode(sound).unwrap().sample_rate_hz(), RATE_HZ);
    }
    assert!(folders.iter().all(|folder| folder.join("001.wav").exists()));
    // Cancelling takes back what waits, too.
    let folders = ["fourth", "fifth"].map(|name| place.path(name));
    for folder in &folders {
        place.space(SpaceCommand::Leave(LeavingCommand::Batch(folder.clone())));
    }
    place.space(SpaceCommand::Leave(LeavingCommand::Cancel));
    place.wait("the end", |state| !state.space.leaving.status.is_running());
    assert!(!folders[1].exists());
}
