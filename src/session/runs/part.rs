//! The runs part: its state and thread, and its news for other parts.

use std::{io, path::PathBuf};

use super::{
    state::RunsState,
    worker::{self, Player, RunsEvent, Work},
};
use crate::{
    interrupt::Interrupt,
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

/// News for other parts.
pub(in crate::session) enum News {
    /// Open the model in this folder.
    Open(PathBuf),
    /// Show this tab of the training view.
    Show(Tab),
    /// Use these preprocessing settings.
    Preprocessing(PreprocessingConfig),
    /// Use this form.
    Form(Box<TrainingForm>),
}

/// The thread of this part.
pub(in crate::session) struct RunsControl {
    pub(super) worker: Worker<Vec<Work>>,
    /// Stopped when the window closes: the thread then only finishes what must not be lost.
    closing: Interrupt,
}

impl Drop for RunsControl {
    fn drop(&mut self) {
        self.closing.stop();
    }
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
        let closing = Interrupt::new();
        let player = Player::new(converter, sound);
        Ok(Self { worker: worker::spawn(mailbox, player, closing.clone())?, closing })
    }
}

/// The runs part with all that it may use.
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
