//! Counts, threads and figures from the command line and from files of settings: what is beyond its limits is a wrong
//! argument (exit code 2), named with its limits, and never a panic, an abort or a run without end.

use std::{fs, path::Path, time::Duration};

use assert_cmd::Command;

/// Numbers that no count may be.
const NO_COUNTS: [&str; 11] = [
    "-1",
    "NaN",
    "inf",
    "-inf",
    "1e308",
    "1e999",
    "0x10",
    "",
    "9223372036854775808",
    "18446744073709551615",
    "99999999999999999999999999",
];
/// Numbers that no figure may be.
const NO_FIGURES: [&str; 7] = ["NaN", "inf", "-inf", "1e308", "1e999", "", "many"];

fn run(place: &Path, line: &[&str]) -> (Option<i32>, String) {
    let output = Command::cargo_bin("timbrespace")
        .unwrap()
        .current_dir(place)
        .timeout(Duration::from_secs(20))
        .args(line)
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// `command --flag=value` is refused as a wrong argument that names the flag.
fn is_refused(place: &Path, command: &str, flag: &str, value: &str) {
    let given = format!("{flag}={value}");
    let line: Vec<&str> = command.split(' ').chain([given.as_str()]).collect();
    let (code, error) = run(place, &line);
    assert_eq!(code, Some(2), "{command} {given}: {error}");
    assert!(error.contains(flag), "{command} {given}: {error}");
    assert!(!error.contains("panicked"), "{command} {given}: {error}");
}

const STAGES: &str = "stages a.wav --out O";
const PREPROCESS: &str = "preprocess F --out O";
const DOCTOR: &str = "doctor F";
const TRAIN: &str = "train F --out O";
const COMPARE: &str = "compare-loading F";
const GENERATE: &str = "generate B --out O";
const WAY: &str = "generate B --out O --from a.wav --to b.wav";
const MORPH: &str = "morph B a.wav b.wav --out o.wav";
const LADDER: &str = "ladder B a.wav --out O";

/// Every flag that counts, with the first numbers beyond its limits.
const COUNTS: &[(&str, &str, &[&str])] = &[
    (PREPROCESS, "--jobs", &["0", "1025", "100000"]),
    (DOCTOR, "--jobs", &["0", "1025"]),
    (TRAIN, "--threads", &["0", "1025", "100000"]),
    (COMPARE, "--threads", &["0", "1025"]),
    (TRAIN, "--epochs", &["0", "1000001"]),
    (COMPARE, "--epochs", &["0", "1000001"]),
    (TRAIN, "--batch-size", &["0", "4097", "5000"]),
    (COMPARE, "--batch-size", &["0", "4097"]),
    (TRAIN, "--latent-size", &["0", "4097"]),
    (TRAIN, "--learning-rate-warm-up", &["1000000001"]),
    (TRAIN, "--plateau-patience", &["0", "1000001"]),
    (TRAIN, "--beta-epochs", &["0", "1000001"]),
    (TRAIN, "--early-stopping", &["1000001"]),
    (TRAIN, "--checkpoint-every", &["1000001"]),
    (TRAIN, "--augment-shift", &["8193"]),
    (TRAIN, "--augment-mask-bins", &["8193"]),
    (TRAIN, "--augment-mask-frames", &["8193"]),
    (GENERATE, "--count", &["0", "10001"]),
    (WAY, "--steps", &["0", "1", "10001"]),
    (MORPH, "--steps", &["0", "1", "1001"]),
    (MORPH, "--iterations", &["0", "10001"]),
    (LADDER, "--iterations", &["0", "10001"]),
    ("evaluate B F", "--samples", &["0", "1", "10001"]),
    ("neighbours B F", "--neighbours", &["0", "10001"]),
    (
        PREPROCESS,
        "--shard",
        &["0/0", "0/1", "2/1", "1/100001", "1/18446744073709551615", "1/-1", "-1/2", "1/NaN"],
    ),
    (STAGES, "--sample-rate", &["0", "999", "384001", "4294967296"]),
    (PREPROCESS, "--frame-size", &["0", "15", "511", "65538"]),
    (DOCTOR, "--hop-length", &["0", "513"]),
    (COMPARE, "--channel", &["64"]),
    (PREPROCESS, "--mel-bands", &["0", "1025"]),
    (PREPROCESS, "--bands", &["0", "1025"]),
    (STAGES, "--bands-per-octave", &["0", "97"]),
    (GENERATE, "--bits", &["0", "8", "17"]),
];

/// Every flag of a figure, with numbers beyond its limits.
const FIGURES: &[(&str, &str, &[&str])] = &[
    (
        STAGES,
        "--duration",
        &["0", "-1", "3601", "1e-9", "0frames", "18446744073709551615samples", "99999999999frames"],
    ),
    (STAGES, "--top-db", &["0", "-1", "201"]),
    (STAGES, "--mel-max", &["0", "99", "192001"]),
    (STAGES, "--lowest-band", &["0", "9.9", "192001"]),
    (STAGES, "--min", &["1e7", "1"]),
    (STAGES, "--max", &["-1e7", "0"]),
    (TRAIN, "--learning-rate", &["0", "-1", "1.1"]),
    (TRAIN, "--learning-rate-floor", &["0", "2"]),
    (TRAIN, "--plateau-factor", &["0", "1"]),
    (TRAIN, "--reconstruction-weight", &["0", "-1", "1e13"]),
    (TRAIN, "--beta", &["-1", "1e10"]),
    (TRAIN, "--gradient-limit", &["-1", "1e10"]),
    (TRAIN, "--validation", &["-0.1", "0.51"]),
    (TRAIN, "--augment-gain", &["-1", "61"]),
    (TRAIN, "--augment-noise", &["-1", "1.1"]),
    (GENERATE, "--temperature", &["-1", "101"]),
    (MORPH, "--seconds", &["0", "-1", "121"]),
    ("parity F P", "--tolerance", &["-1", "1e7"]),
];

#[test]
fn counts_beyond_their_limits_are_wrong_arguments() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("F")).unwrap();
    for (command, flag, beyond) in COUNTS {
        for value in NO_COUNTS.iter().chain(*beyond) {
            is_refused(place.path(), command, flag, value);
        }
    }
}

#[test]
fn figures_beyond_their_limits_are_wrong_arguments() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("F")).unwrap();
    fs::create_dir(place.path().join("P")).unwrap();
    for (command, flag, beyond) in FIGURES {
        for value in NO_FIGURES.iter().chain(*beyond) {
            is_refused(place.path(), command, flag, value);
        }
    }
}

#[test]
fn a_limit_is_named_where_it_is_passed() {
    let place = tempfile::tempdir().unwrap();
    for (line, limit) in [
        ("train F --out O --threads 100000", "from 1 to 1024"),
        ("train F --out O --batch-size 5000", "from 1 to 4096"),
        ("train F --out O --latent-size 4097", "from 1 to 4096"),
        ("generate B --out O --count 18446744073709551615", "from 1 to 10000"),
        ("evaluate B F --samples 4294967296", "from 2 to 10000"),
    ] {
        let (code, error) = run(place.path(), &line.split(' ').collect::<Vec<_>>());
        assert_eq!(code, Some(2), "{line}: {error}");
        assert!(error.contains(limit), "{line}: {error}");
    }
}

#[test]
fn settings_of_a_file_beyond_their_limits_name_file_setting_and_limit() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("F")).unwrap();
    for (text, parts) in [
        ("[training]\nthreads = 100000\n", ["line 2", "threads", "1 to 1024"]),
        ("[training]\nepochs = 9223372036854775807\n", ["line 2", "epochs", "1 to 1000000"]),
        ("[training]\nbatch_size = 0\n", ["line 2", "batch_size", "1 to 4096"]),
        ("[training]\nlearning_rate = inf\n", ["line 2", "learning_rate", ""]),
        ("[training]\naugmentation = { shift_frames = 100000 }\n", ["line 2", "shift_frames", "0 to 8192"]),
        ("[model]\nlatent_size = 4097\n", ["line 2", "latent_size", "1 to 4096"]),
        ("[model]\nreconstruction_weight = nan\n", ["line 2", "reconstruction_weight", ""]),
        ("[preprocessing]\nframe_size = 1048576\n", ["line 2", "frame_size", "from 16 to 65536 samples"]),
        ("[preprocessing]\nhop_length = 1024\n", ["", "--hop-length", "at most --frame-size (512)"]),
        ("[preprocessing]\nhop_length = 0\n", ["line 2", "hop_length", "from 1 to 65536 samples"]),
    ] {
        fs::write(place.path().join("wrong.toml"), text).unwrap();
        let line = ["train", "F", "--out", "O", "--settings", "wrong.toml"];
        let (code, error) = run(place.path(), &line);
        assert_eq!(code, Some(2), "{text}: {error}");
        assert!(error.contains("wrong.toml"), "{text}: {error}");
        assert!(parts.iter().all(|part| error.contains(part)), "{text}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn seeds_and_numbers_of_lines_may_be_as_large_as_they_are_stored() {
    let place = tempfile::tempdir().unwrap();
    for line in [
        "generate B --out O --seed 18446744073709551615",
        "parity F P --limit 18446744073709551615",
        "neighbours B F --kept-out-index 0-18446744073709551615",
    ] {
        let (code, error) = run(place.path(), &line.split(' ').collect::<Vec<_>>());
        assert_eq!(code, Some(1), "the folders are missing, the numbers are fine: {line}: {error}");
    }
}
