//! Changes of settings during a run, early stopping, and schedules that react to the score.

use std::fs;

use super::*;
use crate::schedule::{BetaSchedule, LearningRateSchedule};

fn train(settings: TrainingConfig, dir: Option<&Path>) -> (Trainer, Outcome, Vec<TrainEvent>) {
    let mut trainer = Trainer::new(tiny((16, 12)), settings, source(30, (16, 12))).unwrap();
    if let Some(dir) = dir {
        trainer = trainer.with_checkpoints(dir.to_owned());
    }
    let (outcome, events) = run(&mut trainer, None);
    (trainer, outcome, events)
}

fn rates(events: &[TrainEvent]) -> Vec<Rates> {
    let rates = events.iter().filter_map(|event| match event {
        TrainEvent::Step { rates, .. } => Some(*rates),
        _ => None,
    });
    rates.collect()
}

/// Runs and asks for `requests` once `at` steps are done; stops after `stop_at`.
fn steered(
    trainer: &mut Trainer,
    at: usize,
    requests: &[(Setting, f64)],
    stop_at: Option<usize>,
) -> Vec<TrainEvent> {
    let (interrupt, steering) = (Interrupt::new(), trainer.steering.clone());
    let mut events = Vec::new();
    let mut sink = |event: TrainEvent| {
        if let TrainEvent::Step { step, .. } = &event {
            if *step == at {
                for (setting, value) in requests {
                    steering.set(*setting, *value);
                }
            }
            if Some(*step) == stop_at {
                interrupt.stop();
            }
        }
        events.push(event);
    };
    trainer.run(&mut sink, &interrupt).unwrap();
    events
}

const WISHES: [(Setting, f64); 4] = [
    (Setting::LearningRate, 1e-3),
    (Setting::ReconstructionWeight, 2e6),
    (Setting::Beta, 0.5),
    (Setting::BatchSize, 8.0),
];

#[test]
fn settings_change_from_the_next_step_on_and_every_change_is_told() {
    let mut trainer = trainer(2);
    let events = steered(&mut trainer, 3, &WISHES, None);
    let changes: Vec<Change> = events
        .iter()
        .filter_map(|event| if let TrainEvent::Changed(change) = event { Some(*change) } else { None })
        .collect();
    let expected = WISHES.map(|(setting, to)| {
        let from = match setting {
            Setting::LearningRate => 2e-3,
            Setting::ReconstructionWeight => 1e6,
            Setting::Beta => 1.0,
            Setting::BatchSize => 4.0,
        };
        Change { step: 4, setting, from, to }
    });
    assert_eq!(changes, expected);
    let rates = rates(&events);
    assert_eq!(rates[2].learning_rate, 2e-3);
    let new = Rates { learning_rate: 1e-3, reconstruction_weight: 2e6, beta: 0.5, batch_size: 8 };
    assert!(rates[3..].iter().all(|rates| *rates == new), "{rates:?}");
    // 27 images: 3 batches of 4, then 8 and 7; in the second epoch 8, 8, 8 and 3.
    assert_eq!(rates.len(), 5 + 4);
    let reports = reports(&events);
    assert_eq!(reports[0].changes, expected);
    assert!(reports[1].changes.is_empty());
    let Losses { total, reconstruction, kl } = reports[1].training;
    assert!((total - (2e6 * reconstruction + 0.5 * kl)).abs() < 1e-3 * total);
}

#[test]
fn a_steered_run_resumes_bit_for_bit() {
    let mut whole = trainer(3);
    steered(&mut whole, 3, &WISHES, None);
    let expected = weights(&mut whole);
    for stop_at in [3, 4, 5, 8] {
        let dir = tempfile::tempdir().unwrap();
        let mut first = trainer(3).with_checkpoints(dir.path().to_owned());
        steered(&mut first, 3, &WISHES, Some(stop_at));
        let mut second = trainer(3);
        assert!(second.resume(dir.path()).unwrap());
        let again: &[(Setting, f64)] = if stop_at == 3 { &WISHES } else { &[] };
        for (setting, value) in again {
            second.steering.set(*setting, *value);
        }
        run(&mut second, None);
        assert!(weights(&mut second) == expected, "stopped at step {stop_at}");
    }
}

#[test]
fn a_wish_that_makes_no_sense_is_refused_by_name_and_the_run_goes_on() {
    let mut trainer = trainer(1);
    let requests = [(Setting::BatchSize, 0.0), (Setting::LearningRate, f64::NAN), (Setting::Beta, 0.5)];
    let events = steered(&mut trainer, 1, &requests, None);
    let refused: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            TrainEvent::Refused(setting, cause) => Some(format!("{}: {cause}", setting.label())),
            _ => None,
        })
        .collect();
    assert_eq!(
        refused,
        [
            "batch size: --batch-size is 0, but must be from 1 to 4096",
            "learning rate: --learning-rate is NaN, but must be above 0 and at most 1"
        ]
    );
    assert_eq!(trainer.in_effect().beta, 0.5);
    assert_eq!(trainer.state.progress.reported_epochs, 1);
}

#[test]
fn a_paused_run_hands_out_its_weights_and_stays_paused() {
    let mut trainer = trainer(2);
    let (interrupt, steering) = (Interrupt::new(), trainer.steering.clone());
    let mut previews = Vec::new();
    let mut last = 0;
    let mut sink = |event: TrainEvent| match event {
        TrainEvent::Step { step, .. } => {
            last = step;
            if step == 2 {
                steering.request_snapshot();
                interrupt.pause();
                interrupt.nudge();
            }
        }
        TrainEvent::Preview(_) => {
            previews.push(last);
            interrupt.stop();
        }
        _ => {}
    };
    assert_eq!(trainer.run(&mut sink, &interrupt).unwrap(), Outcome::Stopped);
    assert_eq!((previews, last), (vec![2], 2), "a model of the second step, and no step after it");
}

#[test]
fn schedules_are_followed_and_a_resumed_run_follows_them_too() {
    let scheduled = TrainingConfig {
        learning_rate_schedule: LearningRateSchedule::Cosine,
        learning_rate_warm_up_steps: 3,
        beta_schedule: BetaSchedule::WarmUp,
        beta_epochs: 2,
        ..settings(4)
    };
    let (mut whole, _, events) = train(scheduled.clone(), None);
    let rates = rates(&events);
    assert!((rates[0].learning_rate - 2e-3 / 3.0).abs() < 1e-9 && rates[0].beta == 0.0, "{:?}", rates[0]);
    // After two of four epochs half of the cosine is done, and beta has risen.
    let middle = 2e-3 * (0.01 + 0.99 * 0.5);
    assert!((rates[14].learning_rate - middle).abs() < 1e-9 && rates[14].beta == 1.0, "{:?}", rates[14]);
    assert!((rates[7].beta - 0.5).abs() < 1e-9);
    let expected = weights(&mut whole);
    let dir = tempfile::tempdir().unwrap();
    let mut first = Trainer::new(tiny((16, 12)), scheduled.clone(), source(30, (16, 12)))
        .unwrap()
        .with_checkpoints(dir.path().to_owned());
    run(&mut first, Some(9));
    let mut second = Trainer::new(tiny((16, 12)), scheduled, source(30, (16, 12))).unwrap();
    second.resume(dir.path()).unwrap();
    run(&mut second, None);
    assert!(weights(&mut second) == expected);
}

/// A learning rate at which the score gets worse sooner or later.
fn wild(epochs: usize) -> TrainingConfig {
    TrainingConfig { learning_rate: 0.3, ..settings(epochs) }
}

fn score(report: &EpochReport) -> f64 {
    report.validation.unwrap().total
}

#[test]
fn early_stopping_waits_for_its_patience_and_a_plateau_lowers_the_rate() {
    let stopping = TrainingConfig {
        early_stopping: Some(3),
        learning_rate_schedule: LearningRateSchedule::Plateau,
        plateau_patience: 2,
        ..wild(100)
    };
    let (trainer, outcome, events) = train(stopping, None);
    assert_eq!(outcome, Outcome::EarlyStopped);
    let reports = reports(&events);
    let scores: Vec<f64> = reports.iter().map(|report| score(report)).collect();
    let best = scores.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
    assert_eq!(reports.len(), best + 1 + 3, "{scores:?}");
    assert_eq!(trainer.state.progress.best.unwrap().epoch, best + 1);
    let mut lowest = f64::INFINITY;
    for report in &reports {
        assert_eq!(report.is_best, score(report) < lowest, "{scores:?}");
        lowest = lowest.min(score(report));
    }
    // Two epochs after the best the rate was halved; the third still ran with it.
    let last = reports.last().unwrap().learning_rate;
    let before = reports[best + 2].learning_rate;
    assert!((last - before / 2.0).abs() < 1e-9, "{before} {last}");
}

#[test]
fn a_run_that_was_stopped_early_goes_on_with_its_whole_patience() {
    let stopping = TrainingConfig { early_stopping: Some(3), ..wild(100) };
    let (mut trainer, outcome, _) = train(stopping, None);
    assert_eq!(outcome, Outcome::EarlyStopped);
    let before = trainer.state.progress.reported_epochs;
    let outcome = trainer.run(&mut |_| {}, &Interrupt::new()).unwrap();
    let (after, best) = (trainer.state.progress.reported_epochs, trainer.state.progress.best.unwrap().epoch);
    assert_eq!(outcome, Outcome::EarlyStopped);
    assert_eq!(after, before.max(best) + 3);
}

#[test]
fn the_best_epochs_weights_can_be_had_back_at_any_time() {
    let dir = tempfile::tempdir().unwrap();
    let patient = TrainingConfig { early_stopping: Some(3), ..wild(100) };
    let (mut trainer, _, events) = train(patient, Some(dir.path()));
    let reports = reports(&events);
    let best = reports.iter().min_by(|a, b| score(a).total_cmp(&score(b))).unwrap();
    assert_eq!(best.epoch + 3, reports.len());
    let expected = events
        .iter()
        .scan(0, |epoch, event| {
            *epoch += usize::from(matches!(event, TrainEvent::Epoch(_)));
            Some((*epoch, event))
        })
        .find_map(|(epoch, event)| match event {
            TrainEvent::Preview(snapshot) if epoch == best.epoch => Some(snapshot.to_safetensors().unwrap()),
            _ => None,
        })
        .unwrap();
    let last = weights(&mut trainer);
    let (epoch, snapshot) = trainer.best_snapshot().unwrap().unwrap();
    assert_eq!(epoch, best.epoch);
    assert!(snapshot.to_safetensors().unwrap() == expected, "other weights than those of epoch {epoch}");
    assert!(weights(&mut trainer) == last, "the run was disturbed");
    assert!(expected != last);
}

#[test]
fn every_nth_checkpoint_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    train(TrainingConfig { checkpoint_every: Some(2), ..settings(7) }, Some(dir.path()));
    let mut steps: Vec<usize> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_str().unwrap()[5..].parse().unwrap())
        .collect();
    steps.sort_unstable();
    for kept in [14, 28, 42, 49] {
        assert!(steps.contains(&kept), "{steps:?}");
    }
    assert!(!steps.contains(&7) && steps.len() <= 5, "{steps:?}");
}

#[test]
fn a_checkpoint_that_cannot_be_written_ends_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("checkpoints");
    fs::write(&blocked, "a file where the folder should be").unwrap();
    let (mut trainer, outcome, events) = train(settings(2), Some(&blocked));
    assert_eq!(outcome, Outcome::Finished);
    let failed = events.iter().filter(|event| matches!(event, TrainEvent::CheckpointFailed(_))).count();
    assert_eq!(failed, 2);
    assert!(
        events.iter().any(
            |event| matches!(event, TrainEvent::CheckpointFailed(cause) if cause.to_string().contains("checkpoints"))
        )
    );
    let (mut undisturbed, ..) = train(settings(2), None);
    assert!(weights(&mut trainer) == weights(&mut undisturbed));
}

#[test]
fn a_checkpoint_of_an_older_program_finds_its_place() {
    let mut whole = trainer(3);
    run(&mut whole, None);
    let expected = weights(&mut whole);
    for stop_at in [4, 7, 9] {
        let dir = tempfile::tempdir().unwrap();
        run(&mut trainer(3).with_checkpoints(dir.path().to_owned()), Some(stop_at));
        let mut second = trainer(3);
        second.resume(dir.path()).unwrap();
        let place = second.state.progress.place;
        second.state.progress.place = EpochPosition::default();
        second.derive_epoch_position();
        assert_eq!(second.state.progress.place, place, "step {stop_at}");
        run(&mut second, None);
        assert!(weights(&mut second) == expected);
    }
}
