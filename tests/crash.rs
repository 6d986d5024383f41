//! A training process that is killed at random moments, or whose disk is full, loses nothing.
//!
//! The suite kills five times and stops four times; `scripts/crash.sh [KILLS [STOPS]]` as often as one likes.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use timbrespace::jobs::runs::{bundle::Bundle, history::History, step_log};

const PROGRAM: &str = env!("CARGO_BIN_EXE_timbrespace");
const EPOCHS: usize = 14;

#[path = "crash/locks.rs"]
mod locks;
#[cfg(unix)]
#[path = "crash/signals.rs"]
mod signals;

/// Images small enough that an epoch takes a fraction of a second.
const SETTINGS: [&str; 20] = [
    "--preset",
    "small",
    "--duration",
    "0.2",
    "--frame-size",
    "64",
    "--hop-length",
    "64",
    "--batch-size",
    "12",
    "--threads",
    "1",
    "--seed",
    "3",
    "--checkpoint-every",
    "5",
    "--learning-rate",
    "0.001",
    "--keep",
    "best",
];

/// Some of the demo sounds of every class.
fn sounds(dir: &Path) -> PathBuf {
    let sounds = dir.join("sounds");
    let status = Command::new(PROGRAM).arg("demo").arg("--out").arg(&sounds).stderr(Stdio::null()).status();
    assert!(status.unwrap().success());
    for class in fs::read_dir(&sounds).unwrap().flatten() {
        for name in names(&class.path()).into_iter().skip(10) {
            fs::remove_file(class.path().join(name)).unwrap();
        }
    }
    sounds
}

fn train(sounds: &Path, out: &Path, resume: bool, epochs: usize) -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("train").arg(sounds).arg("--out").arg(out).args(["--epochs", &epochs.to_string()]);
    if resume {
        command.arg("--resume")
    } else {
        command.args(SETTINGS)
    };
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Whether `out` has a checkpoint to go on from.
fn has_checkpoint(out: &Path) -> bool {
    fs::read_dir(out.join("checkpoints")).is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_str().unwrap().starts_with("step-"))
    })
}

/// What must hold of `out` at any moment.
fn check(out: &Path, moment: &str) {
    for file in ["model.safetensors", "config.json", "history.csv"] {
        let path = out.join(file);
        assert!(!path.exists() || fs::metadata(&path).unwrap().len() > 0, "{moment}: {file} is empty");
    }
    if Bundle::is_bundle(out) {
        let bundle = Bundle::open(out).unwrap_or_else(|error| panic!("{moment}: {error}"));
        let zeros = ndarray::Array2::zeros((1, bundle.config.model.latent_size));
        assert!(bundle.snapshot.decode(&zeros).unwrap().iter().all(|value| value.is_finite()), "{moment}");
    }
    let history = History::open(out, usize::MAX).unwrap();
    for (place, report) in history.epochs().iter().enumerate() {
        assert_eq!(report.epoch, place + 1, "{moment}: epochs in order, none missing");
        assert!(report.training.total.is_finite());
    }
    let steps = step_log::read(out, usize::MAX, &|note| panic!("{note}")).unwrap();
    assert!(steps.windows(2).all(|pair| pair[1].step == pair[0].step + 1), "{moment}: a step is missing");
}

/// Kills without a chance to clean up, as the system does when memory is short.
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn end(command: &mut Command) {
    assert!(command.status().unwrap().success());
}

#[test]
fn a_run_that_is_killed_at_random_moments_ends_with_the_very_same_model() {
    let dir = tempfile::tempdir().unwrap();
    let sounds = sounds(dir.path());
    let (whole, out) = (dir.path().join("whole"), dir.path().join("killed"));
    let start = Instant::now();
    end(&mut train(&sounds, &whole, false, EPOCHS));
    let duration = start.elapsed();
    let kills: usize = std::env::var("TIMBRESPACE_KILLS").map_or(5, |kills| kills.parse().unwrap());
    let mut random = StdRng::seed_from_u64(11);
    let (mut killed, mut finished) = (0, 0);
    while killed < kills {
        let resume = has_checkpoint(&out);
        let mut child = train(&sounds, &out, resume, EPOCHS).spawn().unwrap();
        let moment = duration.mul_f64(random.random_range(0.05..0.9));
        thread::sleep(moment);
        let ended = child.try_wait().unwrap().is_some();
        kill(child);
        let words = format!("kill {} after {} ms", killed + 1, moment.as_millis());
        check(&out, &words);
        if ended {
            // It came to its end before the kill: judged like any other, not counted, and begun anew.
            assert_same(&whole, &out);
            fs::remove_dir_all(&out).unwrap();
            finished += 1;
        } else {
            killed += 1;
        }
        assert!(finished < 10 * kills, "nearly every process ends before it is killed");
    }
    println!(
        "{killed} processes killed while they trained, {finished} more ended before; a whole run takes {} ms",
        duration.as_millis()
    );
    let resume = has_checkpoint(&out);
    end(&mut train(&sounds, &out, resume, EPOCHS));
    check(&out, "at the end");
    assert_same(&whole, &out);
}

/// What `detail` makes at the end of a run.
const DETAIL: &str = timbrespace::jobs::runs::detail::FILE;

/// The same weights bit for bit, the same losses, and nothing left lying about.
fn assert_same(whole: &Path, killed: &Path) {
    assert_same_model(whole, killed);
    assert_eq!(whole.join(DETAIL).exists(), killed.join(DETAIL).exists());
    assert_eq!(names(&whole.join("checkpoints")), names(&killed.join("checkpoints")));
}

/// [`assert_same`] where another checkpoint may be left, of the moment of a stop, and detail may be missing: a stop while it is
/// made costs only the detail, as the run says.
fn assert_same_model(whole: &Path, killed: &Path) {
    let model = |dir: &Path| fs::read(dir.join("model.safetensors")).unwrap();
    assert!(model(whole) == model(killed), "another model");
    let weights = |dir: &Path| {
        let newest =
            names(&dir.join("checkpoints")).into_iter().map(|name| name[5..].parse::<usize>().unwrap()).max();
        let place = dir.join(format!("checkpoints/step-{}", newest.unwrap()));
        ["weights.safetensors", "optimiser.safetensors"].map(|file| fs::read(place.join(file)).unwrap())
    };
    assert!(weights(whole) == weights(killed), "another last checkpoint");
    let losses = |dir: &Path| -> Vec<_> {
        let history = History::open(dir, usize::MAX).unwrap();
        history.epochs().iter().map(|report| (report.epoch, report.step, report.validation)).collect()
    };
    assert_eq!(losses(whole), losses(killed));
    let without_lock = |dir: &Path| {
        let mut names = names(dir);
        names.retain(|name| name != timbrespace::folder_lock::FILE && name != DETAIL);
        names
    };
    assert_eq!(without_lock(whole), without_lock(killed), "something is missing or left lying about");
    let steps = |dir: &Path| {
        step_log::read(dir, usize::MAX, &|note| panic!("{note}"))
            .unwrap()
            .iter()
            .map(|row| row.losses)
            .collect::<Vec<_>>()
    };
    assert_eq!(steps(whole), steps(killed));
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The shell's file size limit stands for a disk that is full: a write beyond it fails.
#[cfg(unix)]
#[test]
fn a_process_that_may_write_no_more_leaves_the_last_good_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    let sounds = sounds(dir.path());
    let (whole, out) = (dir.path().join("whole"), dir.path().join("full"));
    // Whatever the number of epochs, the rates are the same.
    let constant = ["--learning-rate-schedule", "constant"];
    end(train(&sounds, &whole, false, 4).args(constant));
    end(train(&sounds, &out, false, 2).args(constant));
    let before = names(&out.join("checkpoints"));
    for blocks in [0, 8, 300] {
        let script = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" train \"$1\" --out \"$2\" --epochs 4 --resume"
        );
        let output =
            Command::new("bash").arg("-c").arg(script).arg(PROGRAM).arg(&sounds).arg(&out).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{blocks} blocks: {words}");
        assert!(words.contains(out.to_str().unwrap()) && words.contains("large"), "{blocks} blocks: {words}");
        assert!(!words.contains("panicked"), "{words}");
        check(&out, &format!("{blocks} blocks"));
        assert_eq!(names(&out.join("checkpoints")), before);
    }
    end(&mut train(&sounds, &out, true, 4));
    let model = |dir: &Path| fs::read(dir.join("model.safetensors")).unwrap();
    assert!(model(&whole) == model(&out), "another model");
}

/// Waits until `out` has a checkpoint.
fn wait_for_checkpoint(out: &Path, child: &mut Child) {
    while !has_checkpoint(out) {
        assert!(child.try_wait().unwrap().is_none(), "the run has ended without a checkpoint");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn recordings_that_are_removed_under_way_do_not_end_a_run() {
    let dir = tempfile::tempdir().unwrap();
    let sounds = sounds(dir.path());
    let out = dir.path().join("B");
    let mut child = train(&sounds, &out, false, 4).spawn().unwrap();
    wait_for_checkpoint(&out, &mut child);
    fs::remove_dir_all(&sounds).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(History::open(&out, usize::MAX).unwrap().epochs().len(), 4);
}
