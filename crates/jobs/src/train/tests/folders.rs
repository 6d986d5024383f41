//! Which folders a run may begin in, and what of them it replaces.

use std::{cell::RefCell, collections::BTreeMap, thread};

use super::*;
use crate::{JobContext, runs::record::RunRecord};
use timbrespace_base::interrupt::Interrupt;
use timbrespace_vae::device::DeviceChoice;

/// Every file below `dir` with its content.
fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = walkdir::WalkDir::new(dir).into_iter().flatten();
    // The lock's own file comes and goes with whoever holds it.
    let files = entries.filter(|entry| {
        entry.file_type().is_file() && entry.file_name() != timbrespace_base::folder_lock::FILE
    });
    files.map(|entry| (entry.path().to_owned(), fs::read(entry.path()).unwrap())).collect()
}

fn put(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Refused with these words, and nothing in `dir` was changed.
#[track_caller]
fn refused(dir: &Path, request: &Request, words: &[&str]) {
    let (before, existed) = (contents(dir), dir.exists());
    let error = train(request).unwrap_err().to_string();
    for word in words {
        assert!(error.contains(word), "`{word}` is missing: {error}");
    }
    assert!(contents(dir) == before, "{error}: the folder was changed");
    assert_eq!(dir.exists(), existed, "{error}");
}

#[test]
fn a_folder_of_something_else_is_refused_with_and_without_overwrite_and_not_changed() {
    let hugging_face: &[(&str, &str)] = &[
        ("config.json", "{\"architectures\": [\"LlamaForCausalLM\"], \"version\": \"1\"}"),
        ("model.safetensors", "weights"),
        ("notes.txt", "a year of work"),
    ];
    let folders: &[(&[(&str, &str)], &str)] = &[
        (hugging_face, "config.json"),
        (&[("replay/a.wav", "sound"), ("other/b.wav", "sound")], "replay"),
        (&[("checkpoints/step-7/optimiser.pt", "theirs")], "checkpoints"),
        (&[("baselines/x.txt", "theirs")], "baselines"),
        (&[("notes.txt", "mine")], "notes.txt"),
        (&[("run.json", "{}")], "run.json"),
        (&[("history.csv", "year,event")], "history.csv"),
    ];
    for (files, name) in folders {
        let dir = tempfile::tempdir().unwrap();
        files.iter().for_each(|(name, text)| put(dir.path(), name, text));
        for existing in [Existing::Refuse, Existing::Overwrite] {
            refused(dir.path(), &request(dir.path(), 1, existing), &[name, "another --out"]);
        }
        refused(
            dir.path(),
            &request(dir.path(), 1, Existing::Resume),
            &["cannot resume", "nothing was changed"],
        );
    }
}

/// What a run leaves that was killed in its first epoch.
fn unstarted(dir: &Path) {
    let killed = std::sync::atomic::AtomicBool::new(false);
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("B");
    let sink = |event: JobEvent| {
        if matches!(event, JobEvent::Train(TrainEvent::Step { .. })) && !killed.swap(true, Ordering::Relaxed)
        {
            copy(&out, dir);
        }
    };
    run(&request(&out, 1, Existing::Refuse), &JobContext::new(&sink, &Interrupt::new())).unwrap();
}

#[test]
fn a_run_of_ours_without_a_checkpoint_is_taken_over_unless_a_persons_file_lies_in_it() {
    let expected = undisturbed(1);
    let dir = tempfile::tempdir().unwrap();
    unstarted(dir.path());
    put(dir.path(), "notes.txt", "mine");
    put(dir.path(), "plan.md", "mine");
    let foreign = [
        ("replay/kick.wav", "kick.wav"),
        ("baselines/theirs.npy", "theirs.npy"),
        // Whatever it is, a checkpoint may have been there.
        ("checkpoints/step-3/theirs", "already holds a model"),
    ];
    for (name, word) in foreign {
        put(dir.path(), name, "mine");
        refused(dir.path(), &request(dir.path(), 1, Existing::Refuse), &[word]);
        fs::remove_file(dir.path().join(name)).unwrap();
    }
    fs::remove_dir(dir.path().join("checkpoints/step-3")).unwrap();
    train(&request(dir.path(), 1, Existing::Refuse)).unwrap();
    assert!(model(dir.path()) == expected);
    for name in ["notes.txt", "plan.md"] {
        assert_eq!(fs::read_to_string(dir.path().join(name)).unwrap(), "mine");
    }
}

#[test]
fn a_folder_is_known_for_ours_from_the_first_moment_on() {
    let dir = tempfile::tempdir().unwrap();
    RunRecord::announce(dir.path()).unwrap();
    train(&request(dir.path(), 1, Existing::Refuse)).unwrap();
}

#[test]
fn a_model_without_its_checkpoints_is_a_model() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    train(&request(out, 1, Existing::Refuse)).unwrap();
    fs::remove_dir_all(out.join(CHECKPOINTS)).unwrap();
    refused(out, &request(out, 1, Existing::Refuse), &["already holds a model", "--overwrite"]);
    refused(
        out,
        &request(out, 2, Existing::Resume),
        &["checkpoints", "no such folder", "nothing was changed"],
    );
    put(out, "notes.txt", "mine");
    train(&request(out, 2, Existing::Overwrite)).unwrap();
    assert!(model(out) == undisturbed(2));
    assert_eq!(fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
}

#[test]
fn resume_without_a_checkpoint_that_can_be_read_names_each_cause_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("B");
    refused(&out, &request(&out, 2, Existing::Resume), &["no such folder", "nothing was changed"]);
    train(&request(&out, 3, Existing::Refuse)).unwrap();
    let mut again = request(&out, 4, Existing::Resume);
    again.choices.model.preset = Some(Preset::Flat);
    let names: Vec<String> = fs::read_dir(out.join(CHECKPOINTS))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.len() >= 2);
    for name in &names {
        let path = out.join(CHECKPOINTS).join(name).join("weights.safetensors");
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    let mut words: Vec<&str> = names.iter().map(String::as_str).collect();
    words.extend(["weights.safetensors is damaged", "SHA-256", "nothing was changed"]);
    refused(&out, &again, &words);
    refused(&out, &request(&out, 1, Existing::Refuse), &["already holds a model"]);
}

#[test]
fn whatever_can_fail_is_tried_before_the_old_model_is_touched() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("B");
    train(&request(&out, 1, Existing::Refuse)).unwrap();
    let with = |change: fn(&mut TrainingChoices)| {
        let mut request = request(&out, 1, Existing::Overwrite);
        change(&mut request.choices.training);
        request
    };
    if DeviceChoice::built().all(|device| device != DeviceChoice::Cuda) {
        refused(&out, &with(|chosen| chosen.device = Some(DeviceChoice::Cuda)), &["NVIDIA", "--device cpu"]);
    }
    refused(&out, &with(|chosen| chosen.batch_size = Some(0)), &[]);
    let mut unreadable = request(&out, 1, Existing::Overwrite);
    unreadable.images = Images::Folder(dir.path().join("no such folder"), Box::default());
    refused(&out, &unreadable, &["no such folder"]);
}

/// A run that replaces a model of two dimensions by one of three.
fn replacing(out: &Path) -> Request {
    let mut request = request(out, 2, Existing::Overwrite);
    request.choices.model.latent_size = Some(3);
    request
}

fn latent_size(out: &Path) -> usize {
    Bundle::open(out).unwrap_or_else(|error| panic!("{error}")).config.model.latent_size
}

#[test]
fn the_old_model_opens_until_the_new_one_has_a_checkpoint_and_a_kill_mixes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("B");
    train(&request(&out, 1, Existing::Refuse)).unwrap();
    put(&out, "notes.txt", "mine");
    put(&out, "replay/kick.wav", "mine");
    let moments = Mutex::new(Vec::new());
    let notes = Mutex::new(Vec::new());
    let training = thread::current().id();
    let sink = |event: JobEvent| {
        // Between two events of the training thread, that thread may be writing: only its own events show whole steps.
        if thread::current().id() != training {
            return;
        }
        let mut moments = moments.lock().unwrap();
        let place = dir.path().join(format!("moment {}", moments.len()));
        match event {
            JobEvent::Train(TrainEvent::Step { step, .. }) if step > 8 => return,
            JobEvent::Note(note) => return notes.lock().unwrap().push(note.to_string()),
            JobEvent::Train(TrainEvent::Checkpoint(checkpoint)) => {
                assert!(
                    checkpoint.starts_with(out.join(CHECKPOINTS)) && checkpoint.is_dir(),
                    "{checkpoint:?}"
                );
                moments.push((place.clone(), true));
            }
            _ => moments.push((place.clone(), false)),
        }
        copy(&out, &place);
    };
    run(&replacing(&out), &JobContext::new(&sink, &Interrupt::new())).unwrap();
    assert_eq!(latent_size(&out), 3);
    let left: Vec<String> = notes.into_inner().unwrap();
    assert!(left.iter().any(|note| note.contains("kick.wav")), "{left:?}");
    assert_eq!(fs::read_to_string(out.join("replay/kick.wav")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
    let hidden = fs::read_dir(&out).unwrap().flatten().filter(|e| e.path().is_dir());
    assert!(hidden.map(|e| e.file_name()).all(|name| !name.to_str().unwrap().starts_with('.')));
    let mut replaced = false;
    let moments = moments.into_inner().unwrap();
    assert!(moments.len() > 8, "{}", moments.len());
    for (place, is_checkpoint) in moments {
        replaced |= is_checkpoint;
        let expected = if replaced { 3 } else { 2 };
        assert_eq!(latent_size(&place), expected, "{}", place.display());
        let mut resumed = request(&place, 3, Existing::Resume);
        resumed.choices.model.latent_size = None;
        train(&resumed).unwrap();
        assert_eq!(latent_size(&place), expected);
        assert_eq!(History::open(&place, usize::MAX).unwrap().epochs().len(), 3);
        assert!(!place.join(".new-run").exists());
        fs::remove_dir_all(&place).unwrap();
    }
}

#[test]
fn a_run_that_is_stopped_in_its_first_epoch_replaces_the_model_at_its_end() {
    let dir = tempfile::tempdir().unwrap();
    train(&request(dir.path(), 1, Existing::Refuse)).unwrap();
    let interrupt = Interrupt::new();
    let sink = |event: JobEvent| {
        if matches!(event, JobEvent::Train(TrainEvent::Step { .. })) {
            interrupt.stop();
        }
    };
    let report = run(&replacing(dir.path()), &JobContext::new(&sink, &interrupt)).unwrap();
    assert!(!report.finished);
    assert_eq!(latent_size(dir.path()), 3);
    train(&request(dir.path(), 2, Existing::Resume)).unwrap();
}

#[test]
fn baselines_that_cannot_be_written_do_not_end_a_run_or_hide_how_it_ended() {
    let dir = tempfile::tempdir().unwrap();
    let (notes, request) = (RefCell::new(0), request(dir.path(), 2, Existing::Refuse));
    let told = Mutex::new(Vec::new());
    let block = |event: JobEvent| match event {
        // The last thing before they are written.
        JobEvent::Baselines(_) => fs::write(dir.path().join("baselines"), "in the way").unwrap(),
        JobEvent::Note(note) => told.lock().unwrap().push(note.to_string()),
        _ => {}
    };
    let report = run(&request, &JobContext::new(&block, &Interrupt::new())).unwrap();
    assert!(report.finished);
    assert!(model(dir.path()) == undisturbed(2));
    let told = told.into_inner().unwrap();
    *notes.borrow_mut() += told.iter().filter(|note| note.contains("baselines could not be kept")).count();
    assert_eq!(notes.into_inner(), 1, "{told:?}");
    assert_eq!(RunRecord::read(dir.path()).unwrap().status.label(), "finished");
    // A loss that is not finite is told, and not the baselines.
    let wild = super::request(dir.path(), 6, Existing::Resume);
    wild.steering.set(Setting::ReconstructionWeight, 1e300);
    let error = run(&wild, &JobContext::silent(&Interrupt::new())).unwrap_err().to_string();
    assert!(!error.contains("baselines"), "{error}");
}

#[test]
fn features_that_something_else_wrote_are_never_removed_for_a_streamed_run() {
    let dir = tempfile::tempdir().unwrap();
    let (sounds, config) = sounds(dir.path());
    let out = dir.path().join("B");
    let streamed = Request {
        images: Images::Folder(sounds, Box::new(config)),
        streaming: Streaming::Always,
        ..request(&out, 1, Existing::Refuse)
    };
    put(&out, "features/spectrograms/theirs.npy", "theirs");
    put(&out, "features/thesis.md", "theirs");
    refused(&out, &streamed, &["theirs.npy"]);
    fs::remove_file(out.join("features/spectrograms/theirs.npy")).unwrap();
    train(&streamed).unwrap();
    assert_eq!(fs::read_to_string(out.join("features/thesis.md")).unwrap(), "theirs");
    // Features of other settings are ours and are replaced.
    let Images::Folder(sounds, config) = streamed.images.clone() else { unreachable!() };
    let other = PreprocessingConfig { duration: ClipDuration::Seconds(0.06), ..*config };
    let again = Request {
        images: Images::Folder(sounds, Box::new(other)),
        existing: Existing::Overwrite,
        ..streamed
    };
    train(&again).unwrap();
    assert_eq!(fs::read_to_string(out.join("features/thesis.md")).unwrap(), "theirs");
}

#[test]
fn a_persons_file_of_a_name_that_older_bundles_did_not_have_is_neither_replaced_nor_removed() {
    for name in ["density.safetensors", "detail.safetensors"] {
        let dir = tempfile::tempdir().unwrap();
        train(&request(dir.path(), 1, Existing::Refuse)).unwrap();
        put(dir.path(), name, "mine");
        refused(dir.path(), &request(dir.path(), 1, Existing::Overwrite), &[name, "did not write"]);
        let notes = Mutex::new(Vec::new());
        let sink = |event: JobEvent| {
            if let JobEvent::Note(note) = event {
                notes.lock().unwrap().push(note.to_string());
            }
        };
        run(&request(dir.path(), 2, Existing::Resume), &JobContext::new(&sink, &Interrupt::new())).unwrap();
        assert_eq!(fs::read_to_string(dir.path().join(name)).unwrap(), "mine");
        assert!(notes.lock().unwrap().iter().any(|note| note.contains(name)), "{notes:?}");
    }
}
