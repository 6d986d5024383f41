//! The log on standard error, with escaped file names; its last lines are kept for a crash report.

use std::io::Write as _;

use log::{LevelFilter, Log, Metadata, Record};

use crate::{
    crash_reports,
    names::{escaped, escaped_lines},
};

/// What crash reports keep of this program's own messages, whether shown or not.
const KEPT: LevelFilter = LevelFilter::Info;

/// Shows records as `RUST_LOG` asks, and keeps those and our own for a crash report.
struct KeepingLogger {
    shown: env_logger::Logger,
}

impl Log for KeepingLogger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_kept(metadata) || self.shown.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        let is_shown = self.shown.matches(record);
        if is_shown || is_kept(record.metadata()) {
            crash_reports::remember(record.level(), record.target(), &record.args().to_string());
        }
        if is_shown {
            self.shown.log(record);
        }
    }

    fn flush(&self) {
        self.shown.flush();
    }
}

fn is_kept(metadata: &Metadata<'_>) -> bool {
    metadata.level() <= KEPT && is_own(metadata.target())
}

fn is_own(target: &str) -> bool {
    target.starts_with(env!("CARGO_CRATE_NAME"))
}

/// Starts the log, filtered by `RUST_LOG` or else by `default_filter`.
pub fn start_log(default_filter: &str) {
    let environment = env_logger::Env::default().default_filter_or(default_filter);
    let mut builder = env_logger::Builder::from_env(environment);
    builder.format(|buffer, record| {
        let level = record.level();
        let style = buffer.default_level_style(level);
        let (time, target, text) = (buffer.timestamp(), record.target(), record.args().to_string());
        // Our own messages are one line each; libraries may write several.
        let text = if is_own(target) { escaped(&text) } else { escaped_lines(&text) };
        writeln!(buffer, "[{time} {style}{level:<5}{style:#} {target}] {text}")
    });
    let shown = builder.build();
    let most = shown.filter().max(KEPT);
    if log::set_boxed_logger(Box::new(KeepingLogger { shown })).is_ok() {
        log::set_max_level(most);
    }
}
