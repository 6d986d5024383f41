//! Results on standard output, errors on standard error.
//!
//! A reader that goes away (`timbrespace ... | head`) is no error and no panic.

use std::io::{ErrorKind, Write as _};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{CommandError, progress::Progress};
use crate::signals::StopSignal;

/// Where and how the result is written.
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Writes `words`, or `report` as one JSON object that also lists the files that were left out.
    pub(super) fn result(
        &self,
        report: &impl Serialize,
        progress: &Progress,
        words: impl FnOnce() -> String,
    ) -> Result<(), CommandError> {
        progress.finish();
        if !self.json {
            return Ok(to_stdout(&words())?);
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
        add_notes(&mut object, progress.notes());
        Ok(to_stdout(&Value::Object(object).to_string())?)
    }

    /// Says once what went wrong, and to programs as JSON too.
    pub(super) fn failure(&self, error: &CommandError, stopped_by: Option<StopSignal>, progress: &Progress) {
        progress.finish();
        match (error, stopped_by) {
            // What is kept was said when the signal came.
            (CommandError::Job(error), Some(signal)) if error.is_stopped() => {
                to_stderr(&format!("stopped by {}", signal.name()));
            }
            _ => to_stderr(&format!("error: {error}")),
        }
        // A run that was stopped has written its report already.
        if self.json && !matches!(error, CommandError::StoppedEarly(_)) {
            let object = json!({
                "error": error.to_string(),
                "skipped": remarks(&progress.skipped(), "cause"),
                "notes": progress.notes(),
            });
            if let Err(error) = to_stdout(&object.to_string()) {
                log::warn!("cannot write to standard output: {error}");
            }
        }
    }
}

/// Adds remarks to those that a report has of its own, under `notes`.
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
fn remarks(files: &[(String, String)], key: &str) -> Value {
    files.iter().map(|(path, text)| json!({"path": path, key: text})).collect()
}

/// Writes lines to standard output; a reader that has gone away wants no more.
fn to_stdout(text: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes lines to standard error; where that is gone, there is nobody left to tell.
pub(super) fn to_stderr(text: &str) {
    writeln!(std::io::stderr().lock(), "{text}").ok();
}
