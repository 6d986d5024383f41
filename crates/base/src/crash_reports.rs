//! Crash reports: a panic that nothing catches leaves a file that says what happened.
//!
//! [`CrashReports::install`] sets a panic hook for all threads. The file has time, version, system, arguments, the last log lines
//! ([`remember`]), the message and a backtrace; standard error says where it is. Nothing is sent. [`CrashReports::take_new`] lists
//! the reports that nobody has been shown yet, for the next start of the window. Panics inside [`crate::panics::caught`] cost one
//! job, not the program, and leave no report.

mod log_lines;
mod report;

use std::{
    collections::BTreeSet,
    fs, io,
    io::Write as _,
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

pub use log_lines::remember;

use crate::{
    atomic_file::{self, Durability},
    clock,
    names::{self, shown},
    panics,
};
use report::Report;

/// Folder of the reports in the data folder.
const FOLDER: &str = "crashes";
/// Lists the reports that the window has shown, one name a line.
const SHOWN: &str = "shown.txt";
const PREFIX: &str = "crash-";
const ENDING: &str = ".txt";
/// Reports that are kept; older ones make room.
const MOST_KEPT: usize = 20;
/// Reports of one process: a thread that panics again and again fills no disk.
const MOST_OF_ONE_PROCESS: usize = 3;

static WRITTEN: AtomicUsize = AtomicUsize::new(0);

/// The program that a report is about.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// Version and commit.
    pub version: &'static str,
    /// Where reports are welcome.
    pub issues: &'static str,
}

/// The folder of the reports.
#[derive(Clone, Debug)]
pub struct CrashReports {
    folder: PathBuf,
}

impl CrashReports {
    /// The reports in `data_dir`; creates nothing.
    pub fn below(data_dir: &Path) -> Self {
        Self { folder: data_dir.join(FOLDER) }
    }

    /// Where the reports lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// From now on, every panic that is not caught leaves a report, after what the hook before this one does. Call at the
    /// beginning of `main`.
    pub fn install(&self, program: Program) {
        let reports = self.clone();
        let start = Instant::now();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            before(info);
            if !panics::is_contained() {
                reports.on_panic(program, start, info);
            }
        }));
    }

    /// Reports that were not listed before, oldest first; they count as listed from now on.
    ///
    /// # Errors
    /// When the folder cannot be read or written; nothing counts as listed then.
    pub fn take_new(&self) -> io::Result<Vec<PathBuf>> {
        let names = self.names()?;
        let path = self.folder.join(SHOWN);
        let listed = match fs::read_to_string(&path) {
            Ok(text) => text.lines().map(str::to_owned).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeSet::new(),
            Err(error) => return Err(error),
        };
        let new: Vec<&String> = names.difference(&listed).collect();
        if !new.is_empty() {
            let text = names.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
            atomic_file::write_bytes(&path, Durability::Renamed, text.as_bytes())?;
        }
        Ok(new.into_iter().map(|name| self.folder.join(name)).collect())
    }

    /// Writes the report and says on standard error where it is.
    fn on_panic(&self, program: Program, start: Instant, info: &PanicHookInfo<'_>) {
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed) + 1;
        if number > MOST_OF_ONE_PROCESS {
            return;
        }
        let report = Report::new(program, start, info);
        let words = match self.write(&report.text(), clock::now(), number) {
            Ok(path) => format!(
                "error: {} met an internal error. A report is in {}; nothing was sent. Please read it and attach it to an issue \
                 at {}",
                program.name,
                shown(&path),
                program.issues
            ),
            Err(error) => format!(
                "error: {} met an internal error, and no report could be written in {}: {error}",
                program.name,
                shown(&self.folder)
            ),
        };
        // Whoever closed standard error does not want to know.
        writeln!(io::stderr(), "{}", names::escaped_lines(&words)).ok();
    }

    /// Writes a report under a name of its own.
    fn write(&self, text: &str, seconds: u64, number: usize) -> io::Result<PathBuf> {
        let moment = clock::date_and_seconds(seconds).replace(" UTC", "").replace(' ', "-").replace(':', "");
        let name = format!("{PREFIX}{moment}-{}-{number}{ENDING}", std::process::id());
        let path = self.folder.join(name);
        atomic_file::write_bytes(&path, Durability::Synced, text.as_bytes())?;
        self.remove_oldest();
        Ok(path)
    }

    /// Removes the oldest reports above the limit. What cannot be removed is tried again at the next report.
    fn remove_oldest(&self) {
        let names = self.names().unwrap_or_default();
        for old in names.iter().take(names.len().saturating_sub(MOST_KEPT)) {
            fs::remove_file(self.folder.join(old)).ok();
        }
    }

    /// Names of the reports, oldest first: they begin with their time. None where the folder does not exist.
    fn names(&self) -> io::Result<BTreeSet<String>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(error) => return Err(error),
        };
        let names = entries.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default()));
        let is_report = |name: &String| name.starts_with(PREFIX) && name.ends_with(ENDING);
        names.filter(|name: &io::Result<String>| name.as_ref().map_or(true, is_report)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-29 00:30:15 UTC.
    const MOMENT: u64 = 1_795_912_215;

    #[test]
    fn a_report_is_new_once() {
        let data = tempfile::tempdir().unwrap();
        let reports = CrashReports::below(data.path());
        assert!(reports.take_new().unwrap().is_empty(), "a folder that does not exist has none");
        assert!(!reports.folder().exists(), "and looking creates none");
        let first = reports.write("one", MOMENT, 1).unwrap();
        assert_eq!(first.file_name().unwrap().to_str().unwrap(), {
            format!("crash-2026-11-29-003015-{}-1.txt", std::process::id())
        });
        assert_eq!(reports.take_new().unwrap(), [first]);
        assert!(reports.take_new().unwrap().is_empty());
        let second = reports.write("two", MOMENT + 60, 2).unwrap();
        assert_eq!(fs::read_to_string(&second).unwrap(), "two");
        assert_eq!(reports.take_new().unwrap(), [second]);
    }

    #[test]
    fn the_oldest_reports_make_room() {
        let data = tempfile::tempdir().unwrap();
        let reports = CrashReports::below(data.path());
        let other = reports.folder().join("my notes.txt");
        fs::create_dir(reports.folder()).unwrap();
        fs::write(&other, "kept").unwrap();
        let paths: Vec<PathBuf> =
            (0..25).map(|minute| reports.write("text", MOMENT + 60 * minute, 1).unwrap()).collect();
        let (gone, kept) = paths.split_at(5);
        assert!(gone.iter().all(|path| !path.exists()));
        assert!(kept.iter().all(|path| path.exists()));
        assert!(other.exists(), "only reports are removed");
        assert_eq!(reports.take_new().unwrap(), kept);
    }
}
