//! The notice about crash reports that nobody has seen yet.

use std::path::{Path, PathBuf};

use crate::{
    ISSUES,
    crash_reports::CrashReports,
    language::text,
    names::shown,
    session::{Session, state::Severity},
};

/// Shows the reports since the last start of a window, once.
pub(super) fn add(session: &mut Session, reports: &CrashReports) {
    match reports.take_new() {
        Ok(new) => {
            if let Some(words) = words(&new, reports.folder()) {
                session.notify(Severity::Warning, &words);
            }
        }
        Err(error) => log::warn!("{}: crash reports cannot be listed: {error}", shown(reports.folder())),
    }
}

/// What the notice says of the reports `new`; `None` without any.
fn words(new: &[PathBuf], folder: &Path) -> Option<String> {
    match new {
        [] => None,
        [only] => Some(text!("window-crash-report", report = shown(only).to_string(), issues = ISSUES)),
        several => Some(text!(
            "window-crash-reports",
            count = several.len(),
            folder = shown(folder).to_string(),
            issues = ISSUES
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_says_where_the_reports_are_and_that_nothing_was_sent() {
        let folder = Path::new("/data/crashes");
        let one = folder.join("crash-1.txt");
        assert_eq!(words(&[], folder), None);
        let notice = words(std::slice::from_ref(&one), folder).unwrap();
        assert!(notice.contains("/data/crashes/crash-1.txt. Nothing was sent"), "{notice}");
        let notice = words(&[one.clone(), one], folder).unwrap();
        assert!(
            notice.contains("2 internal errors") && notice.contains("/data/crashes. Nothing"),
            "{notice}"
        );
    }
}
