//! What is saved from the latent space: sounds, vectors, models, lists, one after another.

use std::{fs, path::PathBuf};

use timbrespace::{
    audio::{decode, encode::BitDepth},
    jobs::runs::bundle::Bundle,
    session::{
        Command, LatentCommand,
        export::ExportCommand,
        space::{
            SpaceCommand,
            export::{LatentExportCommand, LatentExportForm},
            travel::{Slot, TravelCommand},
        },
    },
};
use timbrespace_base::differences::largest_difference;

use super::{Place, RATE_HZ};

#[test]
fn a_chosen_list_is_written_as_csv() {
    let mut place = Place::new();
    let path = place.path("list.csv");
    place.space(SpaceCommand::SaveList(path.clone(), vec![2, 5]));
    place.wait("file", |state| state.notices.iter().any(|notice| notice.text().starts_with("Saved")));
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, "name,class,path,x,y"));
    assert!(lines[1].starts_with(&place.state().library.recordings[2].name));
}

#[test]
fn sounds_vectors_and_the_model_are_exported() {
    let mut place = Place::new();
    let form =
        LatentExportForm { bits: BitDepth::Float32, rate_hz: Some(48_000), steps: 3, secs: 1.5, count: 2 };
    let export = |place: &mut Place, command| {
        place.space(SpaceCommand::Export(command));
        place.wait("file", |state| !state.space.export.status.is_running());
    };
    export(&mut place, LatentExportCommand::SetForm(form));
    let sound = place.path("sound.wav");
    export(&mut place, LatentExportCommand::Sound(sound.clone()));
    assert_eq!(decode::decode(&sound).unwrap().sample_rate_hz(), 48_000);
    // Without A and B there is no way.
    let morph = place.path("morph.wav");
    export(&mut place, LatentExportCommand::Morph(morph.clone()));
    assert!(!morph.exists());
    for (slot, recording) in [(Slot::A, 0), (Slot::B, 9)] {
        place.travel(TravelCommand::KeepRecording(slot, recording));
    }
    export(&mut place, LatentExportCommand::Morph(morph.clone()));
    let whole = decode::decode(&morph).unwrap();
    assert!((whole.duration_secs() - 1.5).abs() < 0.01, "{}", whole.duration_secs());
    let samples = &whole.channels()[0];
    let largest = largest_difference(&samples[1..], &samples[..samples.len() - 1]);
    assert!(largest < 0.7, "no click: {largest}");
    let (sequence, batch, vectors, model) =
        (place.path("sequence"), place.path("batch"), place.path("vectors"), place.path("model"));
    export(&mut place, LatentExportCommand::Sequence(sequence.clone()));
    export(&mut place, LatentExportCommand::Batch(batch.clone()));
    export(&mut place, LatentExportCommand::Vectors(vectors.clone()));
    let chosen = place.path("chosen");
    export(&mut place, LatentExportCommand::Chosen(chosen.clone(), vec![4, 7, 99]));
    assert!(chosen.join("001.wav").is_file() && !chosen.join("002.wav").exists());
    export(&mut place, LatentExportCommand::Model(model.clone()));
    assert!(sequence.join("002.wav").is_file() && sequence.join("vectors.csv").is_file());
    assert!(batch.join("001.wav").is_file() && !batch.join("002.wav").exists());
    assert_eq!(fs::read_to_string(vectors.join("metadata.tsv")).unwrap().lines().count(), 25);
    let again = Bundle::open(&model).unwrap();
    assert_eq!(&again.config, &**place.state().latent.model_config().unwrap());
    // A folder that holds a model is not written over.
    export(&mut place, LatentExportCommand::Model(model));
    assert!(place.state().notices.last().unwrap().text().contains("holds a model already"));
}

#[test]
fn what_is_saved_while_something_is_being_saved_waits_its_turn() {
    let mut place = Place::new();
    let form = LatentExportForm { steps: 2, count: 2, ..LatentExportForm::default() };
    place.space(SpaceCommand::Export(LatentExportCommand::SetForm(form)));
    // The thread that decodes is busy for a while.
    place.session.apply(LatentCommand::SetIterations(512));
    let sounds = ["first.wav", "second.wav", "third.wav"].map(|name| place.path(name));
    for sound in &sounds {
        place.session.apply(Command::Export(ExportCommand::Sound(sound.clone())));
    }
    let folders = ["first", "second", "third"].map(|name| place.path(name));
    for folder in &folders {
        place.space(SpaceCommand::Export(LatentExportCommand::Batch(folder.clone())));
    }
    place.wait("the last", |state| {
        let said = |path: &PathBuf| {
            let name = path.to_string_lossy().into_owned();
            state.notices.iter().any(|notice| notice.text().ends_with(&name))
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
        place.space(SpaceCommand::Export(LatentExportCommand::Batch(folder.clone())));
    }
    place.space(SpaceCommand::Export(LatentExportCommand::Cancel));
    place.wait("the end", |state| !state.space.export.status.is_running());
    assert!(!folders[1].exists());
}
