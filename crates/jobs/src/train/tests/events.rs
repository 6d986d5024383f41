//! TensorBoard's event files of a run: what is in them, what a resume adds, and that they never harm the run.

use super::*;
use crate::{
    JobContext,
    export::event_file::reader::scalars,
    runs::{history::History, step_log},
};
use timbrespace_base::interrupt::Interrupt;

/// `(step, value)` of the scalar `name`.
fn of(folder: &Path, name: &str) -> Vec<(i64, f32)> {
    let all = scalars(folder).into_iter().filter(|(_, other, _)| other == name);
    all.map(|(step, _, value)| (step, value)).collect()
}

/// What the run's own history and log have.
fn expected(out: &Path) -> [Vec<(i64, f32)>; 3] {
    let history = History::open(out, usize::MAX).unwrap();
    let epochs = || history.epochs().iter();
    let steps = step_log::read(out, usize::MAX, &|note| panic!("{note}")).unwrap();
    [
        epochs().map(|epoch| (epoch.step as i64, epoch.training.total as f32)).collect(),
        epochs().filter_map(|epoch| Some((epoch.step as i64, epoch.validation?.kl as f32))).collect(),
        steps.iter().map(|row| (row.step as i64, row.losses.reconstruction as f32)).collect(),
    ]
}

#[test]
fn events_are_those_of_the_run_and_a_resume_repeats_none() {
    let dir = tempfile::tempdir().unwrap();
    let (out, events) = (dir.path().join("B"), dir.path().join("events"));
    for (epochs, existing) in [(2, Existing::Refuse), (4, Existing::Resume)] {
        let request = Request { tensorboard: Some(events.clone()), ..request(&out, epochs, existing) };
        train(&request).unwrap();
        let [training, validation, steps] = expected(&out);
        assert_eq!((training.len(), validation.len()), (epochs, epochs));
        assert_eq!(of(&events.join("train"), "loss/total"), training);
        assert_eq!(of(&events.join("validation"), "loss/kl"), validation);
        assert_eq!(of(&events.join("train"), "step/reconstruction"), steps);
        for name in ["learning_rate", "samples_per_second"] {
            assert_eq!(of(&events.join("train"), name).len(), epochs);
        }
    }
    assert_eq!(fs::read_dir(events.join("train")).unwrap().count(), 2, "one file a part of the run");
}

#[test]
fn a_run_that_begins_anew_takes_the_place_of_an_earlier_one_whose_files_stay() {
    let dir = tempfile::tempdir().unwrap();
    let (out, events) = (dir.path().join("B"), dir.path().join("events"));
    let with_events =
        |epochs, existing| Request { tensorboard: Some(events.clone()), ..request(&out, epochs, existing) };
    train(&with_events(3, Existing::Refuse)).unwrap();
    let notes = Mutex::new(Vec::new());
    let sink = |event: JobEvent| {
        if let JobEvent::Note(note) = event {
            notes.lock().unwrap().push(note.to_string());
        }
    };
    run(&with_events(1, Existing::Overwrite), &JobContext::new(&sink, &Interrupt::new())).unwrap();
    assert_eq!(of(&events.join("train"), "loss/total"), expected(&out)[0]);
    assert_eq!(fs::read_dir(events.join("train")).unwrap().count(), 2);
    let notes = notes.into_inner().unwrap();
    assert!(notes.iter().any(|note| note.contains("event files of an earlier run")), "{notes:?}");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_an_error_before_anything_is_trained() {
    let dir = tempfile::tempdir().unwrap();
    let (out, events) = (dir.path().join("B"), dir.path().join("events"));
    fs::write(&events, "a person's").unwrap();
    let request = Request { tensorboard: Some(events.clone()), ..request(&out, 1, Existing::Refuse) };
    let error = train(&request).unwrap_err().to_string();
    assert!(error.contains("event files for TensorBoard cannot be written here"), "{error}");
    assert_eq!(fs::read(&events).unwrap(), b"a person's");
    assert!(!out.join("config.json").exists() && !out.join("run.json").exists());
}

#[test]
fn a_folder_that_goes_away_under_way_costs_its_events_and_not_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let (out, events) = (dir.path().join("B"), dir.path().join("events"));
    let request = Request { tensorboard: Some(events.clone()), ..request(&out, 3, Existing::Refuse) };
    let notes = Mutex::new(Vec::new());
    let sink = |event: JobEvent| match event {
        JobEvent::Train(TrainEvent::Epoch(report)) if report.epoch == 1 => {
            fs::remove_dir_all(&events).unwrap();
            fs::write(&events, "a person's").unwrap();
        }
        JobEvent::Note(note) => notes.lock().unwrap().push(note.to_string()),
        _ => {}
    };
    assert!(run(&request, &JobContext::new(&sink, &Interrupt::new())).unwrap().finished);
    assert_eq!(History::open(&out, usize::MAX).unwrap().epochs().len(), 3);
    let notes = notes.into_inner().unwrap();
    let told = |note: &&String| note.contains("the run goes on, but its event files for TensorBoard");
    assert!(notes.iter().any(|note| told(&note)), "{notes:?}");
}

#[test]
fn after_the_last_step_the_model_is_measured_then_saved_and_both_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let said = Mutex::new(Vec::new());
    let sink = |event: JobEvent| {
        let word = match event {
            JobEvent::Train(TrainEvent::Checkpoint(_)) => "checkpoint",
            JobEvent::Ending(Ending::Measuring) => "measuring",
            JobEvent::Ending(Ending::Saving { .. }) => "saving",
            JobEvent::Progress { stage: "detail", .. } => "detail",
            _ => return,
        };
        said.lock().unwrap().push(word);
    };
    run(&request(dir.path(), 1, Existing::Refuse), &JobContext::new(&sink, &Interrupt::new())).unwrap();
    let mut said = said.into_inner().unwrap();
    said.dedup();
    assert_eq!(said, ["checkpoint", "measuring", "saving", "detail"]);
}
