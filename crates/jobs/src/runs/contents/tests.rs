use super::*;

fn put(dir: &Path, name: &str) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "x").unwrap();
}

#[test]
fn only_what_a_run_writes_is_removed_from_its_folders() {
    let dir = tempfile::tempdir().unwrap();
    let own = [
        "checkpoints/step-3/manifest.json",
        "checkpoints/step-3/weights.safetensors",
        "checkpoints/step-3/.timbrespace-aB3dE6",
        "checkpoints/.unfinished-x/optimiser.safetensors",
        "checkpoints/step-12/state.json",
        "replay/replay.json",
        "replay/epoch-12.npy",
        "baselines/mean_image.npy",
    ];
    let foreign = [
        "checkpoints/step-12/notes.md",
        "checkpoints/step-x/manifest.json",
        "checkpoints/mine.pt",
        "replay/kick.wav",
        "replay/epoch-x.npy",
        "replay/sub/replay.json",
    ];
    own.iter().chain(&foreign).for_each(|name| put(dir.path(), name));
    let stay = clear(dir.path(), &FOLDERS).unwrap();
    let mut left: Vec<String> = walkdir::WalkDir::new(dir.path())
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(dir.path()).unwrap().to_string_lossy().replace('\\', "/"))
        .collect();
    left.sort();
    let mut expected = foreign.to_vec();
    expected.sort_unstable();
    assert_eq!(left, expected);
    let mut stay = stay.iter().map(|path| name_of(path)).collect::<Vec<_>>();
    stay.sort();
    assert_eq!(stay, ["epoch-x.npy", "kick.wav", "mine.pt", "notes.md", "step-x", "sub"]);
    assert!(!dir.path().join("baselines").exists() && !dir.path().join("checkpoints/step-3").exists());
}

#[test]
fn a_bundle_with_a_persons_files_is_told_from_one_without() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["config.json", "run.json", "notes.txt", "replay/epoch-1.npy", ".written-by-timbrespace.json"]
    {
        put(dir.path(), name);
    }
    assert!(foreign_files(dir.path()).is_empty());
    put(dir.path(), "thesis.tex");
    put(dir.path(), "replay/kick.wav");
    put(dir.path(), "features/spectrograms/x.npy");
    let foreign = foreign_files(dir.path());
    assert_eq!(names(&foreign), "features, kick.wav, thesis.tex");
}
