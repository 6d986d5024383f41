//! Help, version and wrong arguments.

use std::process::Stdio;

use super::workplace::Workplace;

/// The subcommands that `--help` lists.
fn verbs(help: &str) -> Vec<String> {
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

#[test]
fn help_and_version_are_results() {
    let place = Workplace::new();
    let help = place.run(&["--help"]).succeeded();
    let verbs = verbs(&help.stdout);
    assert!(verbs.len() >= 20, "{verbs:?}");
    for verb in verbs {
        let own = place.run(&[&verb, "--help"]).succeeded();
        assert!(own.stdout.contains("--json"), "{verb}");
    }
    let version = place.run(&["--version"]).succeeded();
    assert_eq!(version.stdout.trim(), format!("timbrespace {}", timbrespace::VERSION));
    let number = timbrespace::VERSION.split(' ').next();
    assert_eq!(number, Some(env!("CARGO_PKG_VERSION")), "the number stands first, for scripts");
}

#[test]
fn wrong_arguments_end_with_exit_code_2() {
    let place = Workplace::new();
    place.run(&["stages"]).failed(2, &["FILE", "--out"]);
    place.run(&["nowhere"]).failed(2, &["nowhere", "--help"]);
    place.run(&["preprocess", "x", "--out", "p", "--frame-size", "0"]).failed(2, &["frame-size", "0"]);
    place.run(&["preprocess", "x", "--out", "p", "--shard", "5/4"]).failed(2, &["5/4", "2/4"]);
    place
        .run(&["train", "x", "--out", "b", "--resume", "--overwrite"])
        .failed(2, &["--resume", "--overwrite"]);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Workplace::new();
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("timbrespace"))
        .current_dir(place.folder())
        .args(["train", "--help"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{output:?}");
}
