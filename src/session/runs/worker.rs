//! The thread that reads, writes and plays what belongs to past runs.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use ndarray::{Array2, Array3};

use super::state::{OpenReplay, OverlaidRun};
use crate::{
    folder_lock,
    interrupt::Interrupt,
    jobs::{
        JobContext, JobError, JobEvent, guarded,
        runs::{
            bundle_config::BundleConfig,
            contents, reads,
            record::{self, RunList, RunSummary},
            replay::Replay,
            report, scalars,
            settings::RunSettings,
            step_log,
        },
    },
    names::shown,
    outputs::Outputs,
    pipeline::{config::PreprocessingConfig, sound_generator::SoundGenerator},
    playback::prepared::Converter,
    sentence,
    session::{
        mailbox::Mailbox,
        notices::Severity,
        sound::{SharedSound, Source},
        spoken::{Spoken, said},
        training::run_history::RunHistory,
        worker::Worker,
    },
};

/// Events about past runs.
pub(in crate::session) enum RunsEvent {
    Listed(RunList),
    Overlaid(Box<OverlaidRun>),
    Replay(PathBuf, Result<Box<OpenReplay>, Spoken>),
    Epoch(PathBuf, usize, Result<Arc<Array3<f32>>, Spoken>),
    Settings(Result<Box<RunSettings>, Spoken>),
    Removed(PathBuf),
    Told(Severity, Spoken),
}

/// A request to the thread.
pub(super) enum Work {
    List(PathBuf, Vec<PathBuf>),
    Overlay(PathBuf),
    Notes(PathBuf, String),
    Remove(PathBuf),
    Report(PathBuf, PathBuf, Outputs),
    Scalars(PathBuf, PathBuf, Outputs),
    SaveSettings(Box<RunSettings>, PathBuf, Outputs),
    LoadSettings(PathBuf),
    OpenReplay(PathBuf),
    Epoch(OpenReplay, usize),
    Play { open: OpenReplay, which: usize, image: Array2<f32>, iterations: usize },
}

impl Work {
    /// Whether closing the window must not lose it: notes and files that a person asked for.
    fn is_kept(&self) -> bool {
        match self {
            Self::Notes(..)
            | Self::Remove(_)
            | Self::Report(..)
            | Self::Scalars(..)
            | Self::SaveSettings(..) => true,
            Self::List(..)
            | Self::Overlay(_)
            | Self::LoadSettings(_)
            | Self::OpenReplay(_)
            | Self::Epoch(..)
            | Self::Play { .. } => false,
        }
    }
}

/// Starts the thread. Once `closing` is stopped, only work that must not be lost is done.
pub(super) fn spawn(
    mailbox: Mailbox<RunsEvent>,
    mut player: Player,
    closing: Interrupt,
) -> io::Result<Worker<Vec<Work>>> {
    Worker::spawn_finishing("runs", move |waiting: Vec<Work>| {
        let newest = waiting.iter().rposition(|work| matches!(work, Work::Epoch(..)));
        for (place, work) in waiting.into_iter().enumerate() {
            match work {
                work if closing.is_stopped() && !work.is_kept() => {}
                // While a slider is dragged, only the newest epoch counts.
                Work::Epoch(..) if Some(place) != newest => {}
                Work::Play { open, which, image, iterations } => {
                    if let Err(error) = guarded(|| player.play(&open, which, image, iterations)) {
                        tell(&mailbox, RunsEvent::Told(Severity::Error, error.into()));
                    }
                }
                work => tell(&mailbox, told(guarded(|| Ok(done(work))), |event| event)),
            }
        }
    })
}

fn tell(mailbox: &Mailbox<RunsEvent>, event: RunsEvent) {
    mailbox.send(event);
}

fn done(work: Work) -> RunsEvent {
    match work {
        Work::List(runs, others) => RunsEvent::Listed(record::list(&runs, &others)),
        Work::Overlay(folder) => told(overlaid(&folder), |run| RunsEvent::Overlaid(Box::new(run))),
        Work::Notes(folder, notes) => told(record::write_notes(&folder, &notes), |()| {
            RunsEvent::Told(Severity::Info, said!("message-notes-kept"))
        }),
        Work::Remove(folder) => told(remove(&folder), |()| RunsEvent::Removed(folder.clone())),
        Work::Report(run, file, outputs) => {
            let page = report::page(&run, &JobContext::silent(&Interrupt::new()));
            let mut outputs = outputs.reading(reads::MODEL, reads::of_model(&run));
            let written = page.and_then(|page| outputs.write(&file, |file| report::write(&page, file)));
            told(written, |()| saved(&file))
        }
        Work::Scalars(run, file, outputs) => {
            let mut outputs = outputs.reading(reads::MODEL, reads::of_model(&run));
            told(outputs.write(&file, |file| scalars::write(&run, file, &|_: JobEvent| {})), |_| saved(&file))
        }
        Work::SaveSettings(settings, file, mut outputs) => {
            told(outputs.write(&file, |file| settings.write(file)), |()| saved(&file))
        }
        Work::LoadSettings(file) => {
            RunsEvent::Settings(RunSettings::read(&file).map(Box::new).map_err(Spoken::from))
        }
        Work::OpenReplay(folder) => {
            let open = open_replay(&folder).map(Box::new).map_err(Spoken::from);
            RunsEvent::Replay(folder, open)
        }
        Work::Epoch(open, epoch) => {
            let images = open.replay.images(&open.folder, epoch).map(Arc::new);
            // A run that goes on makes room: what it no longer has is no fault, but the replay is another one now.
            let now = images.is_err().then(|| open_replay(&open.folder).ok()).flatten();
            match now.filter(|now| now.replay.epochs.iter().all(|known| known.epoch != epoch)) {
                Some(now) => RunsEvent::Replay(open.folder, Ok(Box::new(now))),
                None => RunsEvent::Epoch(open.folder, epoch, images.map_err(Spoken::from)),
            }
        }
        Work::Play { .. } => RunsEvent::Told(Severity::Info, "".into()),
    }
}

fn told<T>(result: Result<T, JobError>, event: impl FnOnce(T) -> RunsEvent) -> RunsEvent {
    result.map_or_else(|error| RunsEvent::Told(Severity::Error, error.into()), event)
}

fn saved(file: &Path) -> RunsEvent {
    RunsEvent::Told(Severity::Info, said!("message-saved", path = shown(file).to_string()))
}

/// Moves a run to the trash, unless its folder holds files that no run wrote.
fn remove(folder: &Path) -> Result<(), JobError> {
    let foreign = contents::foreign_files(folder);
    if !foreign.is_empty() {
        let names = contents::names(&foreign);
        return Err(JobError::file(
            folder,
            sentence!(
                "error-run-has-other-files",
                "holds files that no run wrote ({names}); move them first, or remove the folder by hand",
                names = names
            ),
        ));
    }
    folder_lock::ensure_not_held(folder)?;
    let refused = |cause| {
        sentence!(
            "error-run-not-removed",
            "could not be moved to the trash ({cause}); remove the folder by hand",
            cause = cause
        )
    };
    trash::delete(folder).map_err(|error: trash::Error| JobError::file(folder, refused(error)))
}

fn overlaid(folder: &Path) -> Result<OverlaidRun, JobError> {
    let run = RunSummary::read(folder)?;
    let mut history = RunHistory::default();
    step_log::read(folder, usize::MAX, &|note| log::warn!("{note}"))?
        .into_iter()
        .for_each(|row| history.push(row));
    Ok(OverlaidRun {
        folder: folder.to_owned(),
        name: run.name(),
        colour: 0,
        epochs: run.epochs,
        steps: history.points().to_vec(),
    })
}

fn open_replay(folder: &Path) -> Result<OpenReplay, JobError> {
    let replay = Replay::load(folder)?;
    let originals = Arc::new(replay.originals(folder)?);
    let config = BundleConfig::read(folder)?.preprocessing;
    Ok(OpenReplay { folder: folder.to_owned(), replay: Arc::new(replay), config, originals })
}

/// Makes images of replays audible.
pub(super) struct Player {
    converter: Converter,
    sound: SharedSound,
    /// For the settings of the replay that was played last.
    generator: Option<(PreprocessingConfig, SoundGenerator)>,
}

impl Player {
    pub(super) fn new(converter: Converter, sound: SharedSound) -> Self {
        Self { converter, sound, generator: None }
    }

    fn play(
        &mut self,
        open: &OpenReplay,
        which: usize,
        image: Array2<f32>,
        iterations: usize,
    ) -> Result<(), JobError> {
        if self.generator.as_ref().is_none_or(|(config, _)| *config != open.config) {
            self.generator = Some((open.config.clone(), SoundGenerator::new(&open.config)?));
        }
        if let Some((config, generator)) = &mut self.generator {
            let made = open.replay.sound(generator, config, which, image, iterations);
            let prepared = self.converter.prepare(&made.clip);
            self.sound.lock().start(Source::Replay(which), &prepared, false);
        }
        Ok(())
    }
}
