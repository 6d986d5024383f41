//! The thread that opens folders.

use std::{
    collections::VecDeque,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    audio::{decode::ClipInfo, folder::Cause},
    interrupt::Interrupt,
    jobs::{JobContext, JobError, JobEvent, demo, guarded, scan},
    session::{mailbox::Mailbox, worker::Worker},
};

/// Time for reading headers before the list is shown without the rest: enough for folders of usual size.
const PATIENCE: Duration = Duration::from_millis(250);
/// Minimum interval between two progress reports.
const REPORT_EVERY: Duration = Duration::from_millis(30);

/// Visible recordings without headers, by index: read first.
pub(super) type InSight = Arc<Mutex<Vec<usize>>>;

/// Events of a scan.
pub(in crate::session) enum ScanEvent {
    /// Number of sound files found so far.
    Scanning { serial: u64, found: usize },
    /// The scan has ended.
    Scanned { serial: u64, result: Result<scan::Listing, JobError> },
    /// Headers of listed recordings, by their place in the list.
    Headers { serial: u64, headers: Vec<(usize, Result<ClipInfo, Cause>)> },
}

/// What to open.
pub(super) enum Target {
    /// A folder of recordings or a sound file.
    Path(PathBuf),
    /// The demo sounds, written to this folder if they are not there yet.
    Demo(PathBuf),
}

/// A folder to open.
pub(super) struct ScanRequest {
    pub(super) serial: u64,
    pub(super) target: Target,
    pub(super) interrupt: Interrupt,
    pub(super) in_sight: InSight,
}

/// Starts the thread.
pub(super) fn spawn(mailbox: Mailbox<ScanEvent>) -> io::Result<Worker<ScanRequest>> {
    Worker::spawn("scan", move |request: ScanRequest| {
        let serial = request.serial;
        let result = guarded(|| open(&request, &mailbox));
        let unread = result.as_ref().map(unread).unwrap_or_default();
        mailbox.send(ScanEvent::Scanned { serial, result });
        read_headers(unread, &request, &mailbox);
    })
}

/// Places and paths of the recordings whose headers were not read yet.
fn unread(listing: &scan::Listing) -> Unread {
    let recordings = listing.recordings.iter().enumerate();
    let unread = recordings.filter(|(_, recording)| recording.is_unread());
    Unread {
        paths: unread.clone().map(|(index, recording)| (index, Some(recording.path.clone()))).collect(),
        order: (0..unread.count()).collect(),
    }
}

/// Headers that are still to be read, in the order of the list.
#[derive(Default)]
struct Unread {
    /// Place in the list and path; taken once it is being read.
    paths: Vec<(usize, Option<PathBuf>)>,
    order: VecDeque<usize>,
}

impl Unread {
    /// The next ones: those that are visible, else some from the front.
    fn next(&mut self, in_sight: &[usize]) -> (Vec<usize>, Vec<PathBuf>) {
        let wanted: Vec<usize> = in_sight
            .iter()
            .filter_map(|index| self.paths.binary_search_by_key(index, |(place, _)| *place).ok())
            .filter(|at| self.paths[*at].1.is_some())
            .collect();
        let chosen = if wanted.is_empty() {
            let count = scan::HEADERS_AT_ONCE.min(self.order.len());
            self.order.drain(..count).collect()
        } else {
            wanted
        };
        chosen
            .into_iter()
            .filter_map(|at| {
                let (place, path) = &mut self.paths[at];
                Some((*place, path.take()?))
            })
            .unzip()
    }
}

/// Reads the remaining headers, those of visible recordings first.
fn read_headers(mut unread: Unread, request: &ScanRequest, mailbox: &Mailbox<ScanEvent>) {
    while !unread.order.is_empty() && !request.interrupt.is_stopped() {
        let in_sight = std::mem::take(&mut *request.in_sight.lock().unwrap_or_else(PoisonError::into_inner));
        let (places, paths) = unread.next(&in_sight);
        let headers = places.into_iter().zip(scan::headers(&paths)).collect();
        mailbox.send(ScanEvent::Headers { serial: request.serial, headers });
    }
}

fn open(request: &ScanRequest, mailbox: &Mailbox<ScanEvent>) -> Result<scan::Listing, JobError> {
    let serial = request.serial;
    let reported = Mutex::new(Instant::now());
    let sink = |event: JobEvent| {
        let JobEvent::Progress { done, .. } = event else { return };
        let mut reported = reported.lock().unwrap_or_else(PoisonError::into_inner);
        if done <= 1 || reported.elapsed() >= REPORT_EVERY {
            *reported = Instant::now();
            mailbox.send_latest(ScanEvent::Scanning { serial, found: done });
        }
    };
    let context = JobContext::new(&sink, &request.interrupt);
    let root = match &request.target {
        Target::Path(path) => path.clone(),
        Target::Demo(dir) => {
            demo::ensure(dir, &context)?;
            dir.clone()
        }
    };
    scan::run(&scan::Request { root, label_pattern: None, patience: PATIENCE }, &context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_in_sight_are_read_first_and_each_once() {
        let count = 2 * scan::HEADERS_AT_ONCE;
        // Every second recording of the list is unread.
        let paths = (0..count).map(|at| (2 * at, Some(PathBuf::from(format!("{at}.wav")))));
        let mut unread = Unread { paths: paths.collect(), order: (0..count).collect() };
        let (places, paths) = unread.next(&[7, 500, 2, 9999]);
        assert_eq!(places, [500, 2], "7 was read already, 9999 is none");
        assert_eq!(paths, [PathBuf::from("250.wav"), PathBuf::from("1.wav")]);
        let (places, _) = unread.next(&[500]);
        assert_eq!(places.len(), scan::HEADERS_AT_ONCE - 2, "what was in sight is not read again");
        assert_eq!(places[..2], [0, 4]);
        let (places, _) = unread.next(&[]);
        assert_eq!(places.last(), Some(&(2 * count - 2)));
        assert!(unread.order.is_empty());
    }
}
