//! The log on standard error, in which names of files are escaped as everywhere.

use std::io::Write as _;

use crate::names::{escaped, escaped_lines};

/// Starts the log; `default_filter` says what is shown unless `RUST_LOG` does.
pub fn start_log(default_filter: &str) {
    let environment = env_logger::Env::default().default_filter_or(default_filter);
    let mut builder = env_logger::Builder::from_env(environment);
    builder.format(|buffer, record| {
        let level = buffer.default_level_style(record.level());
        let (time, target, words) = (buffer.timestamp(), record.target(), record.args().to_string());
        // Our own messages are one line each; libraries may write several.
        let is_own = target.starts_with(env!("CARGO_CRATE_NAME"));
        let words = if is_own { escaped(&words) } else { escaped_lines(&words) };
        writeln!(buffer, "[{time} {level}{:<5}{level:#} {target}] {words}", record.level())
    });
    builder.init();
}
