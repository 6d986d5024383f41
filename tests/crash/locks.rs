//! Two processes on one folder: the second is refused, and goes on after the first was killed.

use timbrespace::folder_lock::{self, LockState};

use super::*;

/// Waits until somebody has locked `folder`; returns who.
fn wait_for_lock(folder: &Path, child: &mut Child) -> folder_lock::Holder {
    loop {
        if let LockState::Held(holder) = folder_lock::state(folder) {
            return holder;
        }
        assert!(child.try_wait().unwrap().is_none(), "it has ended without a lock");
        thread::sleep(Duration::from_millis(5));
    }
}

/// What a second run would change: the run's description and a person's file. The latent statistics are left out, because the
/// first run goes on and measures them anew at every epoch.
fn content(folder: &Path) -> (serde_json::Value, Vec<u8>) {
    let config = fs::read(folder.join("config.json")).unwrap();
    let mut config: serde_json::Value = serde_json::from_slice(&config).unwrap();
    assert!(config.as_object_mut().unwrap().remove("latent").is_some());
    (config, fs::read(folder.join("mine.txt")).unwrap())
}

#[test]
fn a_second_run_in_a_folder_is_refused_with_the_process_that_holds_it_and_goes_on_after_its_kill() {
    let dir = tempfile::tempdir().unwrap();
    let sounds = sounds(dir.path());
    let out = dir.path().join("B");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("mine.txt"), "a person's").unwrap();
    let mut first = train(&sounds, &out, false, 4000).spawn().unwrap();
    wait_for_checkpoint(&out, &mut first);
    let holder = wait_for_lock(&out, &mut first);
    assert_eq!((holder.process, holder.work.as_str()), (first.id(), "train"));
    let before = content(&out);
    for flag in [None, Some("--resume"), Some("--overwrite")] {
        let mut second = Command::new(PROGRAM);
        second.arg("train").arg(&sounds).arg("--out").arg(&out).args(flag);
        let output = second.output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{flag:?}: {words}");
        assert!(words.contains(&format!("process {} on host {}", first.id(), holder.host)), "{words}");
        assert!(words.contains(out.to_str().unwrap()) && words.contains("wait until"), "{words}");
    }
    assert!(first.try_wait().unwrap().is_none(), "the first run goes on");
    assert!(before == content(&out), "a refused run changes nothing");
    kill(first);
    assert_eq!(folder_lock::state(&out), LockState::Free, "the system has released the lock");
    let epochs = History::open(&out, usize::MAX).unwrap().epochs().len() + 2;
    end(&mut train(&sounds, &out, true, epochs));
    check(&out, "after the kill");
    assert_eq!(folder_lock::state(&out), LockState::Absent, "its file went with the run");
}

#[test]
fn a_second_preprocessing_is_refused_and_shards_work_together() {
    let dir = tempfile::tempdir().unwrap();
    let sounds = sounds(dir.path());
    let out = dir.path().join("P");
    let command = |more: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command.arg("preprocess").arg(&sounds).arg("--out").arg(&out).args(more);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    };
    let lock = folder_lock::FolderLock::whole(&out, "preprocess").unwrap();
    for more in [&[][..], &["--shard", "1/2"]] {
        let output = command(more).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{words}");
        assert!(words.contains(&format!("process {} on host", std::process::id())), "{words}");
    }
    drop(lock);
    let part = folder_lock::FolderLock::part(&out, "2-of-2", "shard 2/2").unwrap();
    assert!(command(&["--shard", "1/2"]).status().unwrap().success());
    let merge = Command::new(PROGRAM).arg("preprocess").arg("--merge").arg(&out).output().unwrap();
    let words = String::from_utf8_lossy(&merge.stderr).into_owned();
    assert!(merge.status.code() == Some(1) && words.contains("shard 2/2"), "{words}");
    assert_eq!(command(&["--shard", "2/2"]).status().unwrap().code(), Some(1));
    drop(part);
    assert!(command(&["--shard", "2/2"]).status().unwrap().success());
    let merged = Command::new(PROGRAM).arg("preprocess").arg("--merge").arg(&out).output().unwrap();
    assert!(merged.status.success());
    assert_eq!(names(&out), ["min_max_values.pkl", "preprocessing.json", "spectrograms"]);
}
