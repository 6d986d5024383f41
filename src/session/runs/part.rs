//! Past runs at work: their state, their thread, what they read, and what they ask of other parts.

use std::{io, path::PathBuf};

use super::{
    state::RunsState,
    worker::{self, RunsEvent, Work},
};
use crate::{
    pipeline::config::PreprocessingConfig,
    playback::prepared::Converter,
    session::{
        ctx::Ctx,
        export_queue::Shown,
        mailbox::Mailbox,
        sound::SharedSound,
        training::{form::TrainingForm, state::Tab},
        worker::Worker,
    },
};

/// What is asked of other parts.
pub(in crate::session) enum News {
    /// The model in this folder is to be played with.
    Open(PathBuf),
    /// The right side of the training view is to show this.
    Show(Tab),
    /// These settings are to be the window's.
    Preprocessing(PreprocessingConfig),
    /// This is to be the form.
    Form(Box<TrainingForm>),
}

/// What belongs to past runs alone: their thread.
pub(in crate::session) struct RunsControl {
    pub(super) worker: Worker<Vec<Work>>,
}

impl RunsControl {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(in crate::session) fn new(
        mailbox: Mailbox<RunsEvent>,
        converter: Converter,
        sound: SharedSound,
    ) -> io::Result<Self> {
        Ok(Self { worker: worker::spawn(mailbox, converter, sound)? })
    }
}

/// Past runs at work.
pub(in crate::session) struct RunsPart<'a> {
    pub(super) state: &'a mut RunsState,
    pub(super) control: &'a RunsControl,
    pub(super) shown: Shown<'a>,
    pub(super) ctx: Ctx<'a, News>,
}

impl<'a> RunsPart<'a> {
    pub(in crate::session) fn new(
        state: &'a mut RunsState,
        control: &'a RunsControl,
        shown: Shown<'a>,
        ctx: Ctx<'a, News>,
    ) -> Self {
        Self { state, control, shown, ctx }
    }
}
