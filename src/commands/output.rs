//! Results on standard output, errors on standard error.
//!
//! A closed pipe (`timbrespace ... | head`) is neither an error nor a panic. Text from files (names, messages) is escaped
//! here at the latest, so that only visible characters reach a terminal.

use std::{
    fmt::Write as _,
    io::{ErrorKind, Write as _},
    path::PathBuf,
};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{error::CommandError, progress::Progress};
use crate::{
    names::{escaped, escaped_lines, is_suspect, text_of},
    signals::StopSignal,
};

/// Writes the result, as text or JSON.
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Writes `words`, or `report` as one JSON object with the skipped files.
    pub(super) fn result(
        &self,
        report: &impl Serialize,
        progress: &Progress,
        words: impl FnOnce() -> String,
    ) -> Result<(), CommandError> {
        progress.finish();
        if !self.json {
            return Ok(to_stdout(&escaped_lines(&words()))?);
        }
        let mut object = match serde_json::to_value(report).map_err(std::io::Error::from)? {
            Value::Object(object) => object,
            other => Map::from_iter([("result".to_owned(), other)]),
        };
        object.insert("skipped".to_owned(), remarks(&progress.skipped(), "cause"));
        let flagged = progress.flagged();
        if object.contains_key("flagged") || !flagged.is_empty() {
            object.insert("flagged".to_owned(), remarks(&flagged, "remark"));
        }
        if let Some(count) = progress.left_out() {
            object.insert("left_out".to_owned(), count.into());
        }
        add_notes(&mut object, progress.notes());
        Ok(to_stdout(&json_text(&Value::Object(object)))?)
    }

    /// Prints the error, also as JSON if requested.
    pub(super) fn failure(&self, error: &CommandError, stopped_by: Option<StopSignal>, progress: &Progress) {
        progress.finish();
        match (error, stopped_by) {
            // The signal handler has already printed what is kept.
            (CommandError::Job(error), Some(signal)) if error.is_stopped() => {
                to_stderr(&format!("stopped by {}", signal.name()));
            }
            _ => line_to_stderr(&format!("error: {error}")),
        }
        // A stopped run has already written its report.
        if self.json && !matches!(error, CommandError::StoppedEarly(_)) {
            let object = json!({
                "error": error.to_string(),
                "skipped": remarks(&progress.skipped(), "cause"),
                "notes": progress.notes(),
            });
            if let Err(error) = to_stdout(&json_text(&object)) {
                log::warn!("cannot write to standard output: {error}");
            }
        }
    }
}

/// Appends to the report's `notes`.
fn add_notes(object: &mut Map<String, Value>, notes: Vec<String>) {
    let known = object.entry("notes").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(known) = known {
        for note in notes.into_iter().map(Value::String) {
            if !known.contains(&note) {
                known.push(note);
            }
        }
    }
}

/// `[{"path": ..., key: ...}, ...]`
fn remarks(files: &[(PathBuf, String)], key: &str) -> Value {
    files.iter().map(|(path, text)| json!({"path": text_of(path.as_os_str()), key: text})).collect()
}

/// JSON on one line, with the characters that [`escaped`] would escape as `\u202e`: equal for programs, safe on terminals.
fn json_text(value: &Value) -> String {
    let text = value.to_string();
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_suspect(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                write!(safe, "\\u{unit:04x}").ok();
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Writes lines to standard output; ignores a closed pipe.
fn to_stdout(text: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes lines to standard error; ignores failures.
pub(super) fn to_stderr(text: &str) {
    writeln!(std::io::stderr().lock(), "{}", escaped_lines(text)).ok();
}

/// Writes one line to standard error; line feeds in `text`, from a name or a file, are escaped.
pub(super) fn line_to_stderr(text: &str) {
    to_stderr(&escaped(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_safe_on_a_terminal_and_the_same_to_a_program() {
        let value = json!({"name": "gnp\u{202e}.wav\n\u{1b}[2J\u{9b}", "tag": "\u{e0041}", "plain": "鈴 é"});
        let text = json_text(&value);
        assert!(
            text.contains("\\u202e") && text.contains("\\udb40\\udc41") && text.contains("鈴 é"),
            "{text}"
        );
        assert_eq!(escaped(&text), text);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
