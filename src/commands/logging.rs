//! The log on standard error, with escaped file names.

use std::io::Write as _;

use crate::names::{escaped, escaped_lines};

/// Starts the log, filtered by `RUST_LOG` or else by `default_filter`.
pub fn start_log(default_filter: &str) {
    let environment = env_logger::Env::default().default_filter_or(default_filter);
    let mut builder = env_logger::Builder::from_env(environment);
    builder.format(|buffer, record| {
        let level = buffer.default_level_style(record.level());
        let (time, target, text) = (buffer.timestamp(), record.target(), record.args().to_string());
        // Our own messages are one line each; libraries may write several.
        let is_own = target.starts_with(env!("CARGO_CRATE_NAME"));
        let text = if is_own { escaped(&text) } else { escaped_lines(&text) };
        writeln!(buffer, "[{time} {level}{:<5}{level:#} {target}] {text}", record.level())
    });
    builder.init();
}
