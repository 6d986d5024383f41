//! The state machine behind the window: commands in, state out, work on named threads.
//!
//! A [`Session`] owns the [`State`], the player, and the parts: library, inspection, training, latent, space, playing, data
//! set, runs, export. Only a part changes its own state, on a [`Command`] or an event of its workers. It reads only what its
//! `...Part` struct names, and reaches other parts through news that [`Session`] routes (`routing`). Nothing blocks: a command
//! leaves a request with a worker, and the answer arrives in a later poll.

mod background;
mod closing;
pub mod command;
mod ctx;
pub mod data_set;
pub mod error_words;
mod event;
pub mod export;
mod export_queue;
mod folder_checksum;
pub mod inspection;
mod job;
pub mod latent;
pub mod letters;
pub mod library;
mod mailbox;
pub mod notices;
pub mod playback;
pub mod playing;
mod progress;
mod routing;
pub mod runs;
pub mod setting_words;
mod settings;
pub mod settings_file;
mod sound;
pub mod space;
pub mod spoken;
mod stage_words;
pub mod state;
pub mod task;
#[cfg(test)]
mod testing;
pub mod training;
pub mod undo;
pub mod worker;
pub mod writing;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crossbeam_channel::Receiver;

pub use self::{
    command::Command,
    inspection::{InspectionCommand, long_view},
    latent::{LatentCommand, assumed_settings, detail, origin},
    library::{LibraryCommand, pieces_state as pieces},
    playback::PlaybackCommand,
    playing::Instruments,
    state::State,
};
use self::{
    data_set::DataSetControl, event::Event, export_queue::ExportQueue, inspection::part::InspectionControl,
    latent::part::LatentControl, library::part::LibraryControl, mailbox::Mailbox,
    playing::part::PlayingControl, runs::part::RunsControl, settings::Settings, sound::SharedSound,
    space::part::SpaceControl, training::part::TrainingControl,
};
use crate::playback::{Backend, player::Player, test_backend::TestBackend};

/// What a session needs to start.
pub struct SessionOptions {
    /// Wakes the window when a worker has sent an event.
    pub wake: Arc<dyn Fn() + Send + Sync>,
    /// Audio output.
    pub backend: Box<dyn Backend>,
    /// MIDI and microphone.
    pub instruments: Instruments,
    /// The user's data directory: runs and the demo sounds lie below it.
    pub data_dir: PathBuf,
    /// Settings of the last session.
    pub settings: Settings,
}

impl SessionOptions {
    /// For tests and benchmarks: default settings, output that is calculated but never heard, no instruments.
    pub fn without_devices(data_dir: &Path) -> Self {
        Self {
            wake: Arc::new(|| {}),
            backend: Box::new(TestBackend::new(48_000, 2)),
            instruments: Instruments::none(),
            data_dir: data_dir.to_owned(),
            settings: Settings::default(),
        }
    }
}

/// The running session.
pub struct Session {
    state: State,
    data_dir: PathBuf,
    events: Receiver<Event>,
    sound: SharedSound,
    library: LibraryControl,
    inspection: InspectionControl,
    training: TrainingControl,
    latent: LatentControl,
    space: SpaceControl,
    playing: PlayingControl,
    data_set: DataSetControl,
    runs: RunsControl,
    exports: ExportQueue,
    next_notice: u64,
}

impl Session {
    /// Starts the workers; opens nothing yet.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn new(options: SessionOptions) -> io::Result<Self> {
        let (mailbox, events) = Mailbox::new(options.wake);
        let mut player = Player::new(options.backend);
        player.set_volume(options.settings.volume);
        player.set_muted(options.settings.muted);
        let converter = player.converter();
        let sound = SharedSound::new(player);
        let (latent, space) = (mailbox.part(Event::Latent), mailbox.part(Event::Space));
        let mut session = Self {
            state: State { settings: options.settings, ..State::default() },
            events,
            library: LibraryControl::new(&mailbox.part(Event::Library))?,
            inspection: InspectionControl::new(&mailbox.part(Event::Inspection), converter.clone())?,
            training: TrainingControl::new(mailbox.part(Event::Training))?,
            latent: LatentControl::new(latent, converter.clone(), sound.clone())?,
            space: SpaceControl::new(space, converter.clone(), sound.clone(), &options.data_dir)?,
            playing: PlayingControl::new(mailbox.part(Event::Playing), options.instruments),
            data_set: DataSetControl::new(&mailbox.part(Event::DataSet)),
            runs: RunsControl::new(mailbox.part(Event::Runs), converter, sound.clone())?,
            exports: ExportQueue::new(mailbox.part(Event::Saved))?,
            data_dir: options.data_dir,
            sound,
            next_notice: 0,
        };
        session.begin();
        session.poll();
        Ok(session)
    }

    /// The state to draw.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Applies one command.
    pub fn apply(&mut self, command: impl Into<Command>) {
        self.route(command.into());
        self.refresh();
    }

    /// Handles the workers' events; call once before each frame.
    pub fn poll(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            self.on(event);
        }
        self.close_when_written();
        self.go_on_walking();
        self.sound.lock().player.poll();
        self.refresh();
    }
}
