//! A program that panics and leaves a crash report: `crash_report FOLDER main|thread|caught`.

use std::{env, path::PathBuf, process::ExitCode, thread};

use timbrespace_base::{
    crash_reports::{self, CrashReports, Program},
    panics,
};

const PROGRAM: Program =
    Program { name: "Example", version: "1.2.3 (commit 0123456789)", issues: "https://example.org/issues" };

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let (Some(folder), Some(kind)) = (arguments.next(), arguments.next()) else {
        return ExitCode::from(2);
    };
    CrashReports::below(&PathBuf::from(folder)).install(PROGRAM);
    crash_reports::remember(log::Level::Warn, "example", "the last line before the end");
    match kind.to_str() {
        Some("thread") => {
            let worker = thread::Builder::new().name("worker".to_owned());
            match worker.spawn(|| panic!("a thread failed")).map(thread::JoinHandle::join) {
                Ok(Err(_panic)) => ExitCode::SUCCESS,
                Ok(Ok(())) | Err(_) => ExitCode::FAILURE,
            }
        }
        Some("caught") => match panics::caught(|| panic!("one job failed")) {
            Ok(()) => ExitCode::FAILURE,
            Err(_caught) => ExitCode::SUCCESS,
        },
        _ => panic!("index 7 of 3"),
    }
}
