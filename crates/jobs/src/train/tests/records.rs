//! What the record of a run tells while it goes on and afterwards.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::*;
use crate::runs::record::{RunEnd, RunRecord, RunSummary};

#[test]
fn baselines_are_kept_while_the_run_goes_on_and_what_a_kill_left_beside_them_goes() {
    let dir = tempfile::tempdir().unwrap();
    let (measured, kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let sink = |event: JobEvent| match event {
        JobEvent::Baselines(_) => measured.store(1, Ordering::SeqCst),
        JobEvent::Train(TrainEvent::Step { step: 1, .. }) => {
            let start = Instant::now();
            while measured.load(Ordering::SeqCst) == 0 {
                assert!(start.elapsed() < Duration::from_mins(2), "no baselines");
                thread::yield_now();
            }
        }
        JobEvent::Train(TrainEvent::Epoch(_)) => {
            let record = RunRecord::read(dir.path()).unwrap();
            assert_eq!(record.status, RunEnd::Running);
            kept.fetch_add(usize::from(record.baselines.is_some()), Ordering::SeqCst);
        }
        _ => {}
    };
    run(&request(dir.path(), 2, Existing::Refuse), &JobContext::new(&sink, &Interrupt::new())).unwrap();
    assert_eq!(kept.into_inner(), 2, "a kill after any epoch leaves them");

    let left =
        ["baselines/.timbrespace-aB3dE6", "replay/.timbrespace-000000"].map(|name| dir.path().join(name));
    for path in &left {
        fs::write(path, "half").unwrap();
    }
    train(&request(dir.path(), 3, Existing::Resume)).unwrap();
    assert!(left.iter().all(|path| !path.exists()), "{left:?}");
    assert!(dir.path().join("baselines/mean_image.npy").is_file());
}

#[test]
fn a_run_is_known_by_the_preset_that_was_chosen_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut changed = request(dir.path(), 1, Existing::Refuse);
    // Clear has this learning rate, and the latent size is that of neither.
    changed.choices.training.learning_rate = Some(1e-3);
    train(&changed).unwrap();
    let summary = RunSummary::read(dir.path()).unwrap();
    assert_eq!(Preset::nearest(&summary.config.model, &summary.config.training), Preset::Clear);
    assert_eq!(summary.preset(), Preset::Small);
    train(&request(dir.path(), 2, Existing::Resume)).unwrap();
    assert_eq!(RunSummary::read(dir.path()).unwrap().preset(), Preset::Small);
    let other_layers =
        RunSummary { record: RunRecord { preset: "flat".to_owned(), ..summary.record }, ..summary };
    assert_eq!(other_layers.preset(), Preset::Clear);
}
