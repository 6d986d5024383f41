use super::*;
use crate::runs::{bundle::Bundle, demo_model};
use timbrespace_base::atomic_file::full_disk;

fn put(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn read(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(name)).unwrap()
}

/// An old model at version `old`, and a new one at version `new` that is about to take its place.
fn both(dir: &Path) {
    let mut bundle = demo_model::open().unwrap();
    for (folder, version) in [(dir.to_owned(), "old"), (dir.join(NEW), "new")] {
        version.clone_into(&mut bundle.config.version);
        bundle.save(&folder).unwrap();
        put(&folder, "history.csv", version);
        put(&folder, "checkpoints/step-5/manifest.json", version);
        put(&folder, "replay/replay.json", version);
    }
    put(dir, "checkpoints/step-9/manifest.json", "old");
    put(dir, "epochs.json", "old");
    put(dir, "notes.txt", "mine");
    put(dir, "checkpoints/step-5/theirs", "mine");
}

fn version(dir: &Path) -> String {
    Bundle::open(dir).unwrap_or_else(|error| panic!("{error}")).config.version
}

#[test]
fn a_replacement_that_is_cut_short_anywhere_opens_as_the_new_model_and_can_be_finished() {
    let size = fs::metadata({
        let dir = tempfile::tempdir().unwrap().keep();
        both(&dir);
        dir.join(WEIGHTS_FILE)
    });
    let size = size.unwrap().len();
    let mut cut_short = 0;
    for room in [0, 1, 5000, size, size + 10, size + 5000, size + 8000, 2 * size, 1 << 40] {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path();
        both(dir);
        assert_eq!(version(dir), "old");
        let replacement = Replacement { bundle: dir.to_owned() };
        let run = MovingFolder::new(replacement.folder());
        let completed = full_disk::with_room(room, || replacement.complete(&run));
        assert_eq!(version(dir), "new", "{room}");
        assert_eq!(version(&run.path()), "new", "{room}: the run goes on where its files are");
        if completed.is_err() {
            cut_short += 1;
            finish(dir).unwrap();
        }
        assert_eq!(version(dir), "new");
        assert_eq!(read(dir, "history.csv"), "new");
        assert_eq!(read(dir, "replay/replay.json"), "new");
        assert_eq!(read(dir, "checkpoints/step-5/manifest.json"), "new");
        assert!(!dir.join("checkpoints/step-9").exists() && !dir.join("epochs.json").exists(), "mixed");
        assert_eq!(read(dir, "checkpoints/step-5.kept-1/theirs"), "mine");
        assert_eq!(read(dir, "notes.txt"), "mine");
        assert!(!dir.join(NEW).exists() && !dir.join(READY).exists());
    }
    assert!((3..9).contains(&cut_short), "{cut_short}");
}

#[test]
fn a_run_that_never_replaced_anything_is_discarded_and_the_old_one_stays() {
    let place = tempfile::tempdir().unwrap();
    both(place.path());
    assert!(discard(place.path()).unwrap());
    assert!(!discard(place.path()).unwrap());
    assert_eq!(version(place.path()), "old");
    assert_eq!(read(place.path(), "checkpoints/step-9/manifest.json"), "old");
}
