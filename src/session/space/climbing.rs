//! The reconstruction ladder of a recording with the model in use.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ndarray::Array1;

use super::part::{Climbed, SpaceEvent, SpacePart};
use crate::{
    jobs::{
        ladder::{self, Subject},
        runs::detail::InUse,
    },
    session::{
        job::{Plan, Update},
        sound::Source,
    },
};

/// Name of the stage in progress reports.
const CLIMBING: &str = "climbing";
/// Number of nearest recordings to look at: the nearest may be the file itself.
const CANDIDATES: usize = 2;

impl SpacePart<'_> {
    /// Makes the ladder of the sound that the vector came from, or of the selected recording.
    pub(super) fn climb(&mut self) {
        let Some(bundle) = self.model.bundle().cloned() else { return };
        let Some((name, path)) = self.ladder_subject() else { return };
        if self.control.ladder.is_running() {
            return;
        }
        let phase = self.nearest_other(&path);
        let resample = self.ctx.settings.preprocessing.resample;
        let iterations = self.ctx.settings.iterations;
        let model = self.model.serial();
        let converter = self.ctx.sound.lock().player.converter();
        let (loaded, origin) = (self.model.detail().cloned(), self.detail_origin());
        let from = self.ctx.settings.detail.recordings;
        let plan = Plan { thread: "ladder", stage: CLIMBING, total: 1 };
        let mailbox = self.control.mailbox.part(SpaceEvent::Climbing);
        let status = &mut self.state.ladder.status;
        self.control.ladder.begin(&plan, status, &mailbox, move |context| {
            let bundle = (*bundle).clone().resampling(resample);
            // A model without detail has no rung of it.
            let detail = loaded.or_else(|| origin.open(&bundle).ok().map(Arc::new));
            let detail = detail.map(|detail| InUse::in_ladder(detail, from));
            let phase_of = phase.as_ref().map(|(_, path)| path.as_path());
            let subject = Subject { file: &path, phase_of, detail: detail.as_ref() };
            let ladder = ladder::climb(&bundle, subject, iterations, context)?;
            let prepared = ladder.rungs.iter().map(|rung| converter.prepare(&rung.clip)).collect();
            Ok(Climbed { model, name, phase_of: phase.map(|(name, _)| name), ladder, prepared })
        });
    }

    /// The recording to make a ladder of.
    fn ladder_subject(&self) -> Option<(String, PathBuf)> {
        if let Some(original) = &self.latent.original {
            return Some((original.name.clone(), original.path.clone()));
        }
        let library = self.library;
        let recording = library.recordings.get(library.selected?)?;
        Some((recording.name.clone(), recording.path.clone()))
    }

    /// The encoded recording nearest to this one that is not the file itself.
    fn nearest_other(&self, path: &Path) -> Option<(String, PathBuf)> {
        let space = &*self.state;
        let set = space.set.as_ref().filter(|_| !space.is_stale)?;
        let original = self.latent.original.as_ref().filter(|original| original.path == path);
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

    pub(super) fn on_climbing(&mut self, update: Update<Climbed>) {
        let ladder = &mut self.state.ladder;
        if let Some(Ok(climbed)) = self.control.ladder.follow(update, &mut ladder.status) {
            self.put_ladder(climbed);
        }
    }

    fn put_ladder(&mut self, climbed: Climbed) {
        let ladder = &mut self.state.ladder;
        self.ctx.sound.lock().rungs = climbed.prepared;
        ladder.made = Some((climbed.name, Arc::new(climbed.ladder)));
        ladder.phase_of = climbed.phase_of;
        // The run may have made a newer model meanwhile.
        ladder.is_stale = climbed.model != self.model.serial();
    }

    pub(super) fn play_rung(&self, rung: usize) {
        let mut sound = self.ctx.sound.lock();
        if let Some(prepared) = sound.rungs.get(rung).cloned() {
            sound.start(Source::Rung(rung), &prepared, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{inspect::ladder::Ladder, session::testing};

    #[test]
    fn a_ladder_of_an_earlier_model_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = testing::session(folder.path());
        testing::wait(&mut session, "a model", |state| state.latent.model.is_some());
        session.space(|space| {
            let climbed = |model| Climbed {
                model,
                name: "bell.wav".to_owned(),
                phase_of: None,
                ladder: Ladder { rungs: Vec::new() },
                prepared: Vec::new(),
            };
            let now = space.model.serial();
            space.put_ladder(climbed(now));
            assert!(!space.state.ladder.is_stale);
            space.on_model(true);
            assert!(space.state.ladder.is_stale, "the run has made a newer model");
            space.put_ladder(climbed(now));
            assert!(!space.state.ladder.is_stale, "made again");
            space.put_ladder(climbed(now - 1));
            assert!(space.state.ladder.is_stale, "the model changed while it was made");
            space.on_model(false);
            assert!(space.state.ladder.made.is_none(), "of another model");
        });
    }
}
