//! A panic that nothing catches leaves a report, in a process of its own.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]

#[path = "examples/program.rs"]
mod program;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use program::example;
use timbrespace::crash_reports::CrashReports;

/// Lets the example of crash reports end as `kind` says, in a data folder of its own.
fn crash(data: &Path, kind: &str) -> (Output, Vec<PathBuf>) {
    let output = Command::new(example("crash_report")).arg(data).arg(kind).output().unwrap();
    (output, CrashReports::below(data).take_new().unwrap())
}

#[test]
fn a_panic_of_the_main_thread_leaves_a_report_and_says_where() {
    let data = tempfile::tempdir().unwrap();
    let (output, reports) = crash(data.path(), "main");
    assert_eq!(output.status.code(), Some(101));
    let [path] = reports.as_slice() else { panic!("{reports:?}") };
    assert_eq!(path.parent(), Some(data.path().join("crashes").as_path()));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains(&format!("A report is in {}; nothing was sent", path.display())), "{stderr}");
    assert!(stderr.contains("index 7 of 3"), "the usual message stays: {stderr}");
    let text = fs::read_to_string(path).unwrap();
    for line in [
        "version     1.2.3 (commit 0123456789)",
        "thread      main",
        "message     index 7 of 3",
        "attach it to an issue at https://example.org/issues",
        "WARN  example: the last line before the end",
    ] {
        assert!(text.contains(line), "no {line:?} in {text}");
    }
    let arguments = format!("arguments   {} main\n", data.path().display());
    assert!(text.contains(&arguments), "{text}");
    assert!(text.contains("examples/crash_report.rs:"), "the place: {text}");
    let backtrace = text.split("\nBacktrace\n").nth(1).unwrap();
    // Builds differ in how much of a function's path they name.
    assert!(backtrace.contains("main\n") && backtrace.contains("examples/crash_report.rs:"), "{backtrace}");
    let left: Vec<_> = fs::read_dir(data.path().join("crashes")).unwrap().collect();
    assert_eq!(left.len(), 2, "the report and the list of what was shown: {left:?}");
}

#[test]
fn a_panic_of_another_thread_leaves_a_report_and_the_program_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let (output, reports) = crash(data.path(), "thread");
    assert_eq!(output.status.code(), Some(0));
    let text = fs::read_to_string(&reports[0]).unwrap();
    assert!(
        text.contains("thread      worker\n") && text.contains("message     a thread failed\n"),
        "{text}"
    );
    assert_eq!(reports.len(), 1);
}

#[test]
fn a_panic_that_costs_one_job_leaves_nothing() {
    let data = tempfile::tempdir().unwrap();
    let (output, reports) = crash(data.path(), "caught");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(reports.is_empty() && !data.path().join("crashes").exists());
}

#[test]
fn without_a_folder_to_write_in_the_panic_says_so() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("crashes"), "a file is in the way").unwrap();
    let output = Command::new(example("crash_report")).arg(data.path()).arg("main").output().unwrap();
    assert_eq!(output.status.code(), Some(101));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("no report could be written in"), "{stderr}");
}
