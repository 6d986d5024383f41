//! The text of a report.

use std::{
    backtrace::Backtrace,
    env,
    fmt::Write as _,
    panic::PanicHookInfo,
    thread,
    time::{Duration, Instant},
};

use sysinfo::System;

use super::{Program, log_lines};
use crate::{clock, names, processes};

const BYTES_OF_A_MIB: u64 = 1 << 20;

/// What is known about a panic while its hook runs.
pub(super) struct Report {
    program: Program,
    thread: String,
    place: String,
    message: String,
    running_for: Duration,
    log_lines: Vec<String>,
    backtrace: Backtrace,
}

impl Report {
    pub(super) fn new(program: Program, start: Instant, info: &PanicHookInfo<'_>) -> Self {
        Self {
            program,
            thread: thread::current().name().unwrap_or("without a name").to_owned(),
            place: info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string),
            message: info.payload_as_str().unwrap_or("a panic without a message").to_owned(),
            running_for: start.elapsed(),
            log_lines: log_lines::last(),
            backtrace: Backtrace::force_capture(),
        }
    }

    /// Plain text, for people first.
    pub(super) fn text(&self) -> String {
        let Program { name, version, issues } = self.program;
        let mut text = format!(
            "{name} met an internal error. This report stays on your computer: nothing was sent.\n\
             Please attach it to an issue at {issues}.\n\
             It can hold names of your files; take out whatever you want to keep to yourself.\n\n"
        );
        let mut line = |key: &str, value: &str| {
            // Writing to a String cannot fail.
            writeln!(text, "{key:<12}{}", names::escaped(value)).ok();
        };
        line("version", version);
        line("time", &clock::date_and_seconds(clock::now()));
        line("running for", &format!("{:.1} s", self.running_for.as_secs_f64()));
        line("system", &system());
        line("arguments", &arguments());
        line("thread", &self.thread);
        line("place", &self.place);
        line("message", &self.message);
        let lines = if self.log_lines.is_empty() { "none".to_owned() } else { self.log_lines.join("\n") };
        write!(text, "\nLast log lines\n{lines}\n\nBacktrace\n{}", self.backtrace).ok();
        text
    }
}

/// System, processor and memory in one line.
fn system() -> String {
    let name = System::long_os_version().unwrap_or_else(|| env::consts::OS.to_owned());
    let kernel = System::kernel_version().unwrap_or_default();
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let mib = |bytes: Option<u64>| bytes.map_or_else(|| "?".to_owned(), |b| (b / BYTES_OF_A_MIB).to_string());
    format!(
        "{name}, kernel {kernel}, {}, {cores} cores, {} MiB of memory in use, {} MiB available",
        env::consts::ARCH,
        mib(processes::resident_bytes()),
        mib(processes::available_bytes())
    )
}

fn arguments() -> String {
    let arguments: Vec<_> =
        env::args_os().skip(1).map(|argument| names::text_of(&argument).into_owned()).collect();
    if arguments.is_empty() { "none".to_owned() } else { arguments.join(" ") }
}
