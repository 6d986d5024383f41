//! The thread that writes what a person takes away: figures, numbers, parts of sounds.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Session,
    event::{Event, Mailbox},
    state::Severity,
    worker::Worker,
};
use crate::{
    jobs::{
        JobError,
        export::{
            figures::{self, Figure, StageArray},
            map_list::List,
        },
        guarded,
    },
    outputs::Outputs,
    pipeline::{long_sound::LongSound, stages::Stages},
};

/// What a person can take away.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportCommand {
    /// A drawing of a view.
    Figure(PathBuf, Figure),
    /// The numbers of one stage of the selected recording.
    Stage(PathBuf, StageArray),
    /// What is selected of the padded signal, or all of it.
    Selection(PathBuf),
}

/// Something to write, with what it must not be written over.
pub(super) struct Job {
    pub export: Export,
    pub outputs: Outputs,
}

/// Something to write, with all that it needs.
pub(super) enum Export {
    Figure(PathBuf, Figure),
    Stage(PathBuf, StageArray, Arc<Stages>),
    Part(PathBuf, Signal, (f64, f64)),
    List(PathBuf, List),
}

/// A padded signal that somebody else owns.
pub(super) enum Signal {
    Whole(Arc<Stages>),
    Long(Arc<LongSound>),
}

impl Signal {
    fn samples(&self) -> (&[f32], u32) {
        match self {
            Self::Whole(stages) => (&stages.padded, stages.sample_rate_hz),
            Self::Long(sound) => (&sound.padded, sound.config.sample_rate_hz),
        }
    }
}

/// Starts the thread. Requests are served in their order; none replaces another.
pub(super) fn spawn(mailbox: Mailbox) -> io::Result<Worker<Vec<Job>>> {
    Worker::spawn("export", move |jobs: Vec<Job>| {
        for job in jobs {
            let (path, result) = write(job);
            mailbox.send(Event::Saved { path, result: result.map_err(|error| error.to_string()) });
        }
    })
}

fn write(Job { export, mut outputs }: Job) -> (PathBuf, Result<(), JobError>) {
    let (Export::Figure(path, _) | Export::Stage(path, ..) | Export::Part(path, ..) | Export::List(path, _)) =
        &export;
    let written = |path: &Path| match &export {
        Export::Figure(_, figure) => figures::save_figure(path, figure),
        Export::Stage(_, stage, stages) => figures::save_stage(path, stages, *stage),
        Export::Part(_, signal, secs) => {
            let (samples, rate_hz) = signal.samples();
            figures::save_part(path, samples, rate_hz, *secs)
        }
        Export::List(_, list) => list.save(path),
    };
    let result = guarded(|| outputs.write(path, written));
    (path.clone(), result)
}

impl Session {
    pub(super) fn export(&mut self, command: ExportCommand) {
        let inspection = &self.state.inspection;
        let export = match command {
            ExportCommand::Figure(path, figure) => Some(Export::Figure(path, figure)),
            ExportCommand::Stage(path, stage) => {
                inspection.stages.as_ref().map(|(_, stages)| Export::Stage(path, stage, Arc::clone(stages)))
            }
            ExportCommand::Selection(path) => {
                let signal = match (&inspection.stages, &inspection.long) {
                    (Some((_, stages)), _) => Some(Signal::Whole(Arc::clone(stages))),
                    (None, Some((_, view))) => Some(Signal::Long(Arc::clone(&view.sound))),
                    (None, None) => None,
                };
                let secs = inspection.selection.unwrap_or((0.0, f64::INFINITY));
                signal.map(|signal| Export::Part(path, signal, secs))
            }
        };
        match export {
            Some(export) => self.begin_export(export),
            None => self.notify(Severity::Info, "Select a recording first: its numbers are what is saved"),
        }
    }

    /// Hands something to the thread that writes.
    pub(super) fn begin_export(&self, export: Export) {
        let job = Job { export, outputs: self.chosen_output() };
        self.exports.merge(|waiting| waiting.get_or_insert_default().push(job));
    }
}
