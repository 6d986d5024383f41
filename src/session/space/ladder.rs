//! The reconstruction ladder of a recording with the model in use.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ndarray::Array1;

use super::{Session, SpaceEvent};
use crate::{
    inspect::ladder::Ladder,
    interrupt::Interrupt,
    jobs::{
        JobContext, JobError, guarded,
        ladder::{self, Subject},
        runs::detail::InUse,
    },
    playback::prepared::Prepared,
    session::{
        event::Event,
        progress::ProgressSink,
        state::Source,
        task::{Task, TaskStatus},
    },
};

/// The name of the work in progress news.
const CLIMBING: &str = "climbing";
/// Nearest recordings among which one is another file: copies under other names count as others.
const CANDIDATES: usize = 2;

/// What the ladder shows.
#[derive(Clone, Debug, Default)]
pub struct LadderState {
    /// How far it is.
    pub status: TaskStatus,
    /// The recording's name, and the ladder.
    pub made: Option<(String, Arc<Ladder>)>,
    /// The recording whose phase was borrowed.
    pub phase_of: Option<String>,
}

/// A ladder that was made.
pub(in crate::session) struct Climbed {
    name: String,
    phase_of: Option<String>,
    ladder: Ladder,
    /// Its sounds, ready to play.
    prepared: Vec<Prepared>,
}

impl Session {
    /// Makes the ladder of the sound that the vector came from, or of the selected recording.
    pub(super) fn climb(&mut self) {
        let Some(bundle) = self.latent.bundle.clone() else { return };
        let Some((name, path)) = self.ladder_subject() else { return };
        if self.state.space.ladder.status.is_running() {
            return;
        }
        let phase = self.nearest_other(&path);
        let resample = self.state.settings.preprocessing.resample;
        let iterations = self.state.settings.iterations;
        let (mailbox, converter) = (self.mailbox.clone(), self.sound.lock().player.converter());
        let sink =
            ProgressSink::new(mailbox.clone(), |progress| Event::Space(SpaceEvent::Climbing(progress)));
        self.state.space.ladder.status = TaskStatus::Idle;
        self.state.space.ladder.status.advance(CLIMBING, 0, 1);
        let (loaded, origin) = (self.loaded_detail(), self.detail_origin());
        let from = self.state.settings.detail.recordings;
        let work = move |interrupt: &Interrupt| {
            let bundle = (*bundle).clone().resampling(resample);
            // A model without detail has no rung of it.
            let detail = loaded.or_else(|| origin.open(&bundle).ok().map(Arc::new));
            let detail = detail.map(|detail| InUse::in_ladder(detail, from));
            let phase_of = phase.as_ref().map(|(_, path)| path.as_path());
            let subject = Subject { file: &path, phase_of, detail: detail.as_ref() };
            let ladder = ladder::climb(&bundle, subject, iterations, &JobContext::new(&sink, interrupt))?;
            let prepared = ladder.rungs.iter().map(|rung| converter.prepare(&rung.clip)).collect();
            Ok(Box::new(Climbed { name, phase_of: phase.map(|(name, _)| name), ladder, prepared }))
        };
        let task = Task::start("ladder", move |interrupt| {
            mailbox.send(Event::Space(SpaceEvent::Climbed(guarded(|| work(interrupt)))));
        });
        match task {
            Ok(task) => self.space.ladder = Some(task),
            Err(error) => self.state.space.ladder.status = TaskStatus::Failed(format!("no thread: {error}")),
        }
    }

    /// The recording that a ladder would be made of.
    fn ladder_subject(&self) -> Option<(String, PathBuf)> {
        if let Some(original) = &self.state.latent.original {
            return Some((original.name.clone(), original.path.clone()));
        }
        let library = &self.state.library;
        let recording = library.recordings.get(library.selected?)?;
        Some((recording.name.clone(), recording.path.clone()))
    }

    /// The encoded recording nearest to this one that is not the file itself.
    fn nearest_other(&self, path: &Path) -> Option<(String, PathBuf)> {
        let space = &self.state.space;
        let set = space.set.as_ref().filter(|_| !space.is_stale)?;
        let original = self.state.latent.original.as_ref().filter(|original| original.path == path);
        let own = || {
            let row = set.recordings.iter().position(|listed| listed.path == path)?;
            Some(set.vectors().vectors().row(row).to_owned())
        };
        let vector = original.map(|original| Array1::from(original.vector.clone())).or_else(own)?;
        let near = set.vectors().nearest(&vector, CANDIDATES);
        let near = near.iter().filter_map(|neighbour| set.recordings.get(neighbour.index));
        near.filter(|listed| listed.path != path)
            .map(|listed| (listed.name.clone(), listed.path.clone()))
            .next()
    }

    pub(super) fn hear_climbed(&mut self, result: Result<Box<Climbed>, JobError>) {
        match result {
            Ok(climbed) => {
                let Climbed { name, phase_of, ladder, prepared } = *climbed;
                self.sound.lock().rungs = prepared;
                self.state.space.ladder =
                    LadderState { status: TaskStatus::Done, made: Some((name, Arc::new(ladder))), phase_of };
            }
            Err(error) if error.is_stopped() => self.state.space.ladder.status = TaskStatus::Idle,
            Err(error) => self.state.space.ladder.status = TaskStatus::Failed(error.to_string()),
        }
    }

    pub(super) fn cancel_ladder(&self) {
        if let Some(task) = &self.space.ladder {
            task.stop();
        }
    }

    pub(super) fn play_rung(&mut self, rung: usize) {
        let mut sound = self.sound.lock();
        if let Some(prepared) = sound.rungs.get(rung).cloned() {
            sound.start(Source::Rung(rung), &prepared, false);
        }
        drop(sound);
        self.refresh_playback();
    }
}
