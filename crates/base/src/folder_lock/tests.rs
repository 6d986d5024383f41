//! Locks within one process; `tests/crash.rs` has those between processes.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::*;

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_second_writer_is_refused_with_process_and_host_and_may_go_on_afterwards() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(state(dir.path()), LockState::Absent);
    let first = FolderLock::whole(dir.path(), "train").unwrap();
    let LockState::Held(holder) = state(dir.path()) else { panic!("{:?}", state(dir.path())) };
    assert_eq!((holder.process, holder.work.as_str()), (std::process::id(), "train"));
    let refused = FolderLock::whole(dir.path(), "train").unwrap_err().to_string();
    let who = format!("process {} on host {}", std::process::id(), crate::processes::host());
    assert!(refused.contains(&who) && refused.contains("wait until"), "{refused}");
    assert!(refused.starts_with(dir.path().to_str().unwrap()), "{refused}");
    drop(first);
    assert_eq!((state(dir.path()), count(dir.path())), (LockState::Absent, 0));
    drop(FolderLock::whole(dir.path(), "train").unwrap());
}

#[test]
fn parts_are_written_together_and_the_whole_excludes_them() {
    let dir = tempfile::tempdir().unwrap();
    let first = FolderLock::part(dir.path(), "1-of-2", "shard 1").unwrap();
    let second = FolderLock::part(dir.path(), "2-of-2", "shard 2").unwrap();
    let same = FolderLock::part(dir.path(), "1-of-2", "again").unwrap_err().to_string();
    assert!(same.contains("shard 1"), "{same}");
    let whole = FolderLock::whole(dir.path(), "merge").unwrap_err().to_string();
    assert!(whole.contains("shard 1") && whole.contains(&std::process::id().to_string()), "{whole}");
    drop(first);
    let whole = FolderLock::whole(dir.path(), "merge").unwrap_err().to_string();
    assert!(whole.contains("shard 2"), "{whole}");
    drop(second);
    let whole = FolderLock::whole(dir.path(), "merge").unwrap();
    let part = FolderLock::part(dir.path(), "1-of-2", "late").unwrap_err().to_string();
    assert!(part.contains("merge"), "{part}");
    drop(whole);
    assert_eq!(count(dir.path()), 0);
}

#[test]
fn a_file_that_a_killed_process_left_blocks_nothing() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(FILE), "process 1\nhost elsewhere\nsince long ago\nwork train\n").unwrap();
    assert_eq!(state(dir.path()), LockState::Free);
    let lock = FolderLock::whole(dir.path(), "train").unwrap();
    let LockState::Held(holder) = state(dir.path()) else { panic!("free") };
    assert_eq!(holder.process, std::process::id(), "the old text is replaced");
    drop(lock);
}

#[test]
fn a_folder_that_was_made_for_a_lock_goes_with_it_unless_something_was_put_there() {
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("a/b");
    drop(FolderLock::whole(&deep, "train").unwrap());
    assert_eq!(count(dir.path()), 0);
    let lock = FolderLock::whole(&deep, "train").unwrap();
    fs::write(deep.join("model"), "").unwrap();
    drop(lock);
    assert_eq!(count(&deep), 1);
}

#[test]
fn what_can_hold_no_lock_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "mine").unwrap();
    let error = FolderLock::whole(&file, "train").unwrap_err().to_string();
    assert!(error.starts_with(file.to_str().unwrap()), "{error}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&file, dir.path().join(FILE)).unwrap();
        assert!(FolderLock::whole(dir.path(), "train").is_err());
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

/// Many threads take and remove a lock; it is never held twice.
#[test]
fn a_removed_file_never_gives_two_locks() {
    let dir = tempfile::tempdir().unwrap();
    let (inside, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..4 {
            let work = || {
                while start.elapsed() < Duration::from_millis(400) {
                    let Ok(lock) = FolderLock::whole(dir.path(), "race") else { continue };
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two writers at once");
                    taken.fetch_add(1, Ordering::SeqCst);
                    inside.fetch_sub(1, Ordering::SeqCst);
                    drop(lock);
                }
            };
            thread::Builder::new().spawn_scoped(scope, work).unwrap();
        }
    });
    assert!(taken.into_inner() > 10);
}
