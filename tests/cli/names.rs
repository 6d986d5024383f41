//! Names of files are data: nothing that a file is called reaches a terminal as anything but visible characters, and no two
//! files are taken for one.

#![cfg(unix)]
use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fs,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use assert_cmd::Command;
use serde_json::Value;
use timbrespace::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    },
    names::{escaped_lines, name_of},
    pipeline::dataset::Dataset,
    table::unguarded,
};

/// Names that forge a line, colour a terminal, clear it, turn text around, hide, begin a formula, or are no text.
const HOSTILE: [&[u8]; 9] = [
    b"line\nerror: forged.wav",
    b"red\x1b[31m\x1b[2J.wav",
    "c1\u{9b}31m.wav".as_bytes(),
    "gnp\u{202e}vaw.wav".as_bytes(),
    "zero\u{200b}\u{2066}.wav".as_bytes(),
    b"=1+1, \"quoted\".wav",
    b"\xff.wav",
    b"\xfe.wav",
    br"\xff.wav",
];

fn path_of(folder: &Path, name: &[u8]) -> PathBuf {
    folder.join(OsStr::from_bytes(name))
}

/// A sound of each hostile name, and a broken file beside each.
fn recordings(place: &Path) -> PathBuf {
    let folder = place.join("sounds");
    fs::create_dir_all(folder.join("broken")).unwrap();
    for (index, name) in HOSTILE.iter().enumerate() {
        let level = 0.1 + 0.05 * index as f32;
        let samples = (0..2000).map(|n| level * (n as f32 * (0.05 + 0.03 * index as f32)).sin()).collect();
        write_wav(&path_of(&folder, name), &Clip::mono(samples, 8000), BitDepth::Int16).unwrap();
        fs::write(path_of(&folder.join("broken"), name), b"").unwrap();
    }
    folder
}

/// Runs the program and checks that nothing it wrote acts on a terminal.
fn run(place: &Path, arguments: &[&OsStr]) -> (i32, String, String) {
    let output =
        Command::cargo_bin("timbrespace").unwrap().current_dir(place).args(arguments).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    for text in [&out, &err] {
        assert_eq!(&escaped_lines(text), text, "{arguments:?}");
        assert!(!text.lines().any(|line| line.starts_with("error: forged")), "{text}");
    }
    (output.status.code().unwrap(), out, err)
}

fn words(line: &str) -> Vec<&OsStr> {
    line.split(' ').map(OsStr::new).collect()
}

const SETTINGS: &str = "--sample-rate 8000 --duration 0.2 --frame-size 64 --hop-length 64";

#[test]
fn preprocess_escapes_names_and_keeps_every_two_apart() {
    let place = tempfile::tempdir().unwrap();
    recordings(place.path());
    let line = format!("preprocess sounds --out P {SETTINGS} --json");
    let (code, out, err) = run(place.path(), &words(&line));
    assert_eq!(code, 0, "{err}");
    let skipped = err.lines().filter(|line| line.starts_with("skipped ")).count();
    assert_eq!(skipped, HOSTILE.len(), "one line a file: {err}");
    for part in [r"\xff.wav", r"line\nerror: forged.wav", r"\x1b[31m", r"\u{202e}", r"\u{9b}"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    let json: Value = serde_json::from_str(&out).unwrap();
    let paths: BTreeSet<&str> =
        json["skipped"].as_array().unwrap().iter().map(|skip| skip["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), HOSTILE.len(), "{paths:?}");
    assert!(paths.contains("sounds/broken/line\nerror: forged.wav"), "a program gets the name itself");

    let dataset = Dataset::open(&place.path().join("P")).unwrap();
    assert!(dataset.notes.is_empty(), "{:?}", dataset.notes);
    let names: BTreeSet<&str> = dataset.items.iter().map(|item| item.name.as_str()).collect();
    let expected: Vec<String> =
        HOSTILE.iter().map(|name| name_of(Path::new(OsStr::from_bytes(name)))).collect();
    assert_eq!(names, expected.iter().map(String::as_str).collect());
    let levels: BTreeSet<u32> = dataset.items.iter().map(|item| item.min_max.max.to_bits()).collect();
    assert_eq!(levels.len(), HOSTILE.len(), "each has its own extremes: {levels:?}");
    assert!(
        dataset
            .items
            .iter()
            .all(|item| item.source.as_ref().is_some_and(|file| { place.path().join(file).is_file() }))
    );
}

#[test]
fn doctor_escapes_names_in_words_and_guards_them_in_tables() {
    let place = tempfile::tempdir().unwrap();
    recordings(place.path());
    let (code, out, _) = run(place.path(), &words("doctor sounds --csv findings.csv"));
    assert_eq!(code, 0);
    assert!(out.contains(r"line\nerror: forged.wav"), "{out}");
    let table = fs::read_to_string(place.path().join("findings.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let files: BTreeSet<String> =
        reader.records().map(|row| unguarded(&row.unwrap()[2]).to_owned()).collect();
    for name in HOSTILE {
        let broken = name_of(&path_of(Path::new("broken"), name));
        assert!(
            files.contains(&broken) || files.contains(&name_of(Path::new(OsStr::from_bytes(name)))),
            "{broken:?}"
        );
    }
    assert!(table.contains("\"'=1+1, \"\"quoted\"\".wav\""), "{table}");
}

#[test]
fn errors_about_hostile_names_are_one_visible_line() {
    let place = tempfile::tempdir().unwrap();
    for name in HOSTILE {
        let missing = OsString::from(OsStr::from_bytes(name));
        for arguments in [
            vec![OsStr::new("stages"), &missing, OsStr::new("--out"), OsStr::new("o")],
            vec![OsStr::new("preprocess"), &missing, OsStr::new("--out"), OsStr::new("o")],
            vec![OsStr::new("evaluate"), &missing, OsStr::new("x")],
            vec![OsStr::new("report"), &missing, OsStr::new("--out"), OsStr::new("o.html")],
            vec![OsStr::new("encode"), OsStr::new("a"), OsStr::new("b"), OsStr::new("c"), &missing],
            vec![OsStr::new("doctor"), OsStr::new("a"), OsStr::new("--jobs"), &missing],
            vec![&missing],
        ] {
            let (code, _, err) = run(place.path(), &arguments);
            assert!(code == 1 || code == 2, "{arguments:?}: {code} {err}");
            assert!(err.starts_with("error: "), "{err}");
        }
    }
}

#[test]
fn arguments_act_on_no_terminal_where_messages_are_coloured() {
    let place = tempfile::tempdir().unwrap();
    for typed in ["\u{1b}[31mred\u{1b}[2J", "--epochs=\u{1b}[2J", "a\nerror: forged", "\n"] {
        for arguments in
            [vec!["train", "x", "--out", "y", "--epochs", typed], vec!["doctor", typed, "--bogus"]]
        {
            let output = Command::cargo_bin("timbrespace")
                .unwrap()
                .current_dir(place.path())
                .env("CLICOLOR_FORCE", "1")
                .args(&arguments)
                .output()
                .unwrap();
            let err = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {err:?}");
            assert!(!err.contains("\u{1b}[2J") && !err.contains("\u{1b}[31mred"), "{err:?}");
            assert!(!err.contains("\nerror: forged"), "{err:?}");
            assert!(err.lines().count() > 2, "clap's own lines stay lines: {err:?}");
        }
    }
}

#[test]
fn encode_writes_names_that_come_back_and_begin_no_formula() {
    let place = tempfile::tempdir().unwrap();
    let folder = recordings(place.path());
    fs::remove_dir_all(folder.join("broken")).unwrap();
    let train =
        format!("train sounds --out B --preset flat --latent-size 2 --epochs 1 --validation 0 {SETTINGS}");
    let (code, _, err) = run(place.path(), &words(&train));
    assert_eq!(code, 0, "{err}");
    let encode = "encode B sounds --out E --csv --projection --projector";
    let (code, _, err) = run(place.path(), &words(encode));
    assert_eq!(code, 0, "{err}");
    let expected: BTreeSet<String> =
        HOSTILE.iter().map(|name| name_of(Path::new(OsStr::from_bytes(name)))).collect();
    for (table, column) in [("names.csv", 1), ("mu.csv", 0), ("projection.csv", 0)] {
        let text = fs::read_to_string(place.path().join("E").join(table)).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let names: BTreeSet<String> = rows.iter().map(|row| unguarded(&row[column]).to_owned()).collect();
        assert_eq!(names, expected, "{table}: {text}");
        assert!(rows.iter().all(|row| !row[column].starts_with('=')), "{text}");
    }
    let metadata = fs::read_to_string(place.path().join("E/metadata.tsv")).unwrap();
    assert_eq!(
        metadata.lines().count() - usize::from(metadata.starts_with("name\t")),
        HOSTILE.len(),
        "{metadata}"
    );
    assert_eq!(escaped_lines(&metadata.replace('\t', " ")), metadata.replace('\t', " "));
    let (code, _, err) = run(place.path(), &words("report B --out report.html"));
    assert_eq!(code, 0, "{err}");
    let page = fs::read_to_string(place.path().join("report.html")).unwrap();
    assert_eq!(escaped_lines(&page), page, "a page shows names escaped, too");
}
