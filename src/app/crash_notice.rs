//! The notice about crash reports that nobody has seen yet.

use std::{io, path::Path};

use crate::{
    crash_reports::CrashReports,
    names::shown,
    regular_file::{self, NOTE_LIMIT},
    session::{
        Session,
        spoken::{Spoken, said},
        state::{NoticeFile, Severity},
    },
};

/// Shows the reports since the last start of a window, once.
pub(super) fn add(session: &mut Session, reports: &CrashReports) {
    match reports.take_new() {
        Ok(new) => {
            let Some(latest) = new.last() else { return };
            let words = words(new.len());
            match report(latest) {
                Ok(report) => session.notify_about_file(Severity::Warning, words.clone(), report),
                Err(error) => {
                    log::warn!("{}: the crash report cannot be read: {error}", shown(latest));
                    session.notify_about_file(
                        Severity::Warning,
                        words.clone(),
                        NoticeFile::Saved(latest.clone()),
                    );
                }
            }
        }
        Err(error) => log::warn!("{}: crash reports cannot be listed: {error}", shown(reports.folder())),
    }
}

/// The report at `path`, which is a few kilobytes long.
fn report(path: &Path) -> io::Result<NoticeFile> {
    let text = regular_file::read_to_string(path, NOTE_LIMIT)?;
    Ok(NoticeFile::CrashReport { path: path.to_owned(), text })
}

/// What the notice says of `count` reports.
fn words(count: usize) -> Spoken {
    if count == 1 { said!("window-crash-report") } else { said!("window-crash-reports", count = count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_says_that_nothing_was_sent() {
        let (one, two) = (words(1).text(), words(2).text());
        assert!(one.contains("an internal error") && one.contains("Nothing was sent"));
        assert!(two.contains("2 internal errors") && two.contains("Nothing was sent"));
    }

    #[test]
    fn the_notice_carries_the_report_to_be_copied() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crash-1.txt");
        std::fs::write(&path, "index out of bounds").unwrap();
        let text = "index out of bounds".to_owned();
        assert_eq!(report(&path).unwrap(), NoticeFile::CrashReport { path: path.clone(), text });
    }
}
