//! What the person is told.

use crate::names;

/// Notices kept at most; older ones make room.
const NOTICE_LIMIT: usize = 20;

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something was left out.
    Warning,
    /// Something failed.
    Error,
}

/// A message for the person, shown until it is dismissed or, for [`Severity::Info`], for some seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Distinguishes notices.
    pub id: u64,
    /// How grave it is.
    pub severity: Severity,
    /// The words.
    pub text: String,
}

/// Adds a notice to `notices`, oldest first; the same words are not told twice.
pub(super) fn add(notices: &mut Vec<Notice>, next_id: &mut u64, severity: Severity, text: &str) {
    // Causes repeat names of files and texts from files.
    let text = names::escaped(text).into_owned();
    notices.retain(|notice| notice.text != text);
    if notices.len() == NOTICE_LIMIT {
        notices.remove(0);
    }
    notices.push(Notice { id: *next_id, severity, text });
    *next_id += 1;
}
