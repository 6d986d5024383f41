//! Arguments to window or headless command.

use std::process::ExitCode;

use timbrespace::{
    ISSUES, VERSION, app,
    commands::{self, Action, Arguments},
    crash_reports::Program,
};

/// Training makes and drops large buffers at every step; mimalloc hands the same pages out again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is logged to standard error unless `RUST_LOG` says otherwise. What decoders say of a damaged file is in its error.
const DEFAULT_LOG: &str = "error,symphonia=off,timbrespace=warn";

/// What crash reports say of the program.
const PROGRAM: Program = Program { name: "Timbrespace", version: VERSION, issues: ISSUES };

fn main() -> ExitCode {
    app::main_begins();
    commands::start_log(DEFAULT_LOG);
    match app::crash_reports() {
        Ok(reports) => reports.install(PROGRAM),
        Err(error) => log::info!("crashes leave no report: {error:#}"),
    }
    match Arguments::read() {
        Action::Window(path) => commands::report_window(app::run(path)),
        Action::Headless { verb, json } => commands::run(&verb, json),
    }
}
