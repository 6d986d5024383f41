use super::*;

type Result<T = ()> = std::result::Result<T, OutputError>;

fn put(outputs: &mut Outputs, path: &Path, text: &str) -> Result {
    outputs.write(path, |path| {
        fs::write(path, text).unwrap();
        Ok(())
    })
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn an_output_that_is_an_input_is_refused_even_with_overwrite() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("in")).unwrap();
    fs::write(at("in/a.wav"), "sound").unwrap();
    fs::hard_link(at("in/a.wav"), at("hard.wav")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(at("in/a.wav"), at("soft.wav")).unwrap();
        std::os::unix::fs::symlink(at("in"), at("folder")).unwrap();
    }
    let names: &[&str] = if cfg!(unix) {
        &["in/a.wav", "in/../in/a.wav", "hard.wav", "soft.wav", "folder/a.wav"]
    } else {
        &["in/a.wav", "in/../in/a.wav"]
    };
    for name in names {
        for input in [at("in/a.wav"), at("in")] {
            let mut outputs = Outputs::new(Replace::All).reading("one of the recordings", [input]);
            let error = put(&mut outputs, &at(name), "new").unwrap_err();
            let words = error.to_string();
            assert!(words.contains(name) && words.contains("one of the recordings"), "{words}");
            assert_eq!(read(&at("in/a.wav")), "sound");
        }
    }
}

#[test]
fn a_file_of_something_else_is_replaced_only_with_overwrite() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.txt");
    fs::write(&path, "theirs").unwrap();
    let error = put(&mut Outputs::default(), &path, "ours").unwrap_err().to_string();
    assert!(error.contains("a.txt") && error.contains("--overwrite"), "{error}");
    assert_eq!(read(&path), "theirs");
    put(&mut Outputs::new(Replace::All), &path, "ours").unwrap();
    assert_eq!(read(&path), "ours");
}

#[test]
fn what_was_written_here_may_be_written_again_until_a_person_changes_it() {
    let dir = tempfile::tempdir().unwrap();
    let (path, other) = (dir.path().join("a.txt"), dir.path().join("b.txt"));
    for text in ["first", "second"] {
        put(&mut Outputs::default(), &path, text).unwrap();
        put(&mut Outputs::default(), &other, text).unwrap();
    }
    let mut twice = Outputs::default();
    put(&mut twice, &path, "third").unwrap();
    put(&mut twice, &path, "fourth").unwrap();
    drop(twice);
    fs::write(&path, "edited").unwrap();
    let mut outputs = Outputs::default();
    assert!(outputs.check(&[&other]).is_ok());
    assert!(matches!(outputs.check(&[&other, &path]).unwrap_err(), OutputError::Foreign { .. }));
    assert_eq!(read(&path), "edited");
}

#[test]
fn the_list_drops_files_that_are_gone_and_a_file_of_its_name_stays() {
    let dir = tempfile::tempdir().unwrap();
    let list = dir.path().join(".written-by-timbrespace.json");
    put(&mut Outputs::default(), &dir.path().join("a.txt"), "a").unwrap();
    fs::remove_file(dir.path().join("a.txt")).unwrap();
    put(&mut Outputs::default(), &dir.path().join("b.txt"), "b").unwrap();
    let text = read(&list);
    assert!(text.contains("b.txt") && !text.contains("a.txt"), "{text}");
    fs::write(&list, "a person's").unwrap();
    put(&mut Outputs::default(), &dir.path().join("c.txt"), "c").unwrap();
    assert_eq!(read(&list), "a person's");
    assert!(put(&mut Outputs::default(), &dir.path().join("b.txt"), "again").is_err(), "nothing proves it");
}

#[test]
fn a_chosen_file_is_replaced_and_leaves_no_list() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("figure.svg");
    fs::write(&path, "theirs").unwrap();
    put(&mut Outputs::chosen(), &path, "ours").unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    let mut outputs = Outputs::chosen().reading("the model", [path.clone()]);
    assert!(put(&mut outputs, &path, "again").is_err());
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_kept_apart() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let dir = tempfile::tempdir().unwrap();
    let [one, other] = [b"\xff", b"\xfe"].map(|name: &[u8; 1]| dir.path().join(OsStr::from_bytes(name)));
    put(&mut Outputs::default(), &one, "one").unwrap();
    fs::write(&other, "one").unwrap();
    put(&mut Outputs::default(), &one, "again").unwrap();
    assert!(put(&mut Outputs::default(), &other, "ours").is_err());
}

#[cfg(unix)]
#[test]
fn a_folder_is_refused_and_a_device_is_left_to_the_writer() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Outputs::default().check(&[dir.path()]), Err(OutputError::Folder { .. })));
    Outputs::default().check(&["/dev/null"]).unwrap();
}
