//! Saving figures, numbers of stages, and sounds.

use std::{
    convert::Infallible,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    ctx::Ctx,
    export_queue::{ExportQueue, Shown},
    inspection::state::Inspection,
    notices::Severity,
};
use crate::{
    atomic_file::{self, Durability},
    audio::encode::{BitDepth, write_generated},
    jobs::{
        JobError,
        export::figures::{self, Figure, StageArray},
    },
    pipeline::{long_sound::LongSound, stages::Stages},
    session::spoken::said,
};

/// Things to export.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportCommand {
    /// A drawing of a view.
    Figure(PathBuf, Figure),
    /// The numbers of one stage of the selected recording.
    Stage(PathBuf, StageArray),
    /// What is selected of the padded signal, or all of it.
    Selection(PathBuf),
    /// The decoded sound.
    Sound(PathBuf),
    /// A copy of a file that the program has saved in a place of its own.
    Copy {
        /// The file.
        from: PathBuf,
        /// Where the copy goes.
        to: PathBuf,
    },
}

/// Writes one file at the path that it is given.
type Write = Box<dyn FnOnce(&Path) -> Result<(), JobError> + Send>;

/// A padded signal, shared with the view.
enum Signal {
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

/// The export part with all that it may use.
pub(super) struct ExportPart<'a> {
    pub(super) inspection: &'a Inspection,
    pub(super) shown: Shown<'a>,
    pub(super) exports: &'a ExportQueue,
    pub(super) ctx: Ctx<'a, Infallible>,
}

impl ExportPart<'_> {
    pub(super) fn apply(&mut self, command: ExportCommand) {
        let inspection = self.inspection;
        let (path, write): (_, Option<Write>) = match command {
            ExportCommand::Figure(path, figure) => {
                (path, Some(Box::new(move |path| figures::save_figure(path, &figure))))
            }
            ExportCommand::Stage(path, stage) => {
                let stages = inspection.stages.as_ref().map(|(_, stages)| Arc::clone(stages));
                let write = move |stages: Arc<Stages>| -> Write {
                    Box::new(move |path| figures::save_stage(path, &stages, stage))
                };
                (path, stages.map(write))
            }
            ExportCommand::Selection(path) => (path, self.selection()),
            ExportCommand::Sound(path) => return self.export_sound(path),
            ExportCommand::Copy { from, to } => (to, Some(copy_of(from))),
        };
        match write {
            Some(write) => self.exports.save(path, self.shown.chosen_output(), write),
            None => {
                self.ctx.notify(Severity::Info, said!("message-no-recording-selected"));
            }
        }
    }

    /// Writes the part of the padded signal that is selected.
    fn selection(&self) -> Option<Write> {
        let inspection = self.inspection;
        let signal = match (&inspection.stages, &inspection.long) {
            (Some((_, stages)), _) => Signal::Whole(Arc::clone(stages)),
            (None, Some((_, view))) => Signal::Long(Arc::clone(&view.sound)),
            (None, None) => return None,
        };
        let secs = inspection.selection.unwrap_or((0.0, f64::INFINITY));
        Some(Box::new(move |path| {
            let (samples, rate_hz) = signal.samples();
            figures::save_part(path, samples, rate_hz, secs)
        }))
    }

    fn export_sound(&mut self, path: PathBuf) {
        let Some(decoded) = self.shown.latent.decoded.clone() else {
            self.ctx.notify(Severity::Info, said!("message-no-decoded-sound"));
            return;
        };
        let write = move |path: &Path| Ok(write_generated(path, &decoded.clip, BitDepth::Int16)?);
        self.exports.save(path, self.shown.chosen_output(), write);
    }
}

/// Writes a copy of `from`.
fn copy_of(from: PathBuf) -> Write {
    Box::new(move |path| {
        let mut source = File::open(&from).map_err(|error| JobError::file(&from, error))?;
        let copied =
            atomic_file::write(path, Durability::Synced, |file| io::copy(&mut source, file).map(drop));
        copied.map_err(|error| JobError::file(path, error))
    })
}
