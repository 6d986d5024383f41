//! The state machine behind the window: commands in, state out, work on named threads.
//!
//! A [`Session`] owns the [`State`], the workers and the player. [`Session::apply`] changes the state at a
//! person's [`Command`], [`Session::poll`] at the workers' news; nothing else does. Neither waits for work:
//! a command leaves a request with a worker, and the answer arrives with a later poll.

pub mod assumed_settings;
mod background;
pub mod command;
pub mod data_set;
pub mod detail;
mod estimate_worker;
mod event;
pub mod export;
mod inspecting;
mod latent;
mod latent_model;
pub mod latent_state;
mod latent_worker;
mod left_out;
mod library;
pub mod long_view;
pub mod pieces;
pub mod playing;
mod progress;
pub mod run_history;
pub mod runs;
mod saving;
mod scan_worker;
mod sound;
pub mod space;
mod stage_worker;
pub mod state;
pub mod task;
pub mod training;
pub mod undo;
pub mod worker;

use std::{io, path::PathBuf, sync::Arc};

use crossbeam_channel::Receiver;

pub use command::Command;
pub use playing::Instruments;
pub use state::State;

use self::{
    event::{Event, Mailbox},
    latent::LatentControl,
    latent_worker::LatentInbox,
    library::LibraryControl,
    long_view::TileRequest,
    pieces::PiecesControl,
    playing::PlayingControl,
    sound::SharedSound,
    space::SpaceControl,
    stage_worker::StageRequest,
    state::{Notice, Severity, View},
    training::TrainingControl,
    worker::Worker,
};
use crate::{
    names::{self, shown},
    playback::{Backend, player::Player},
};

/// What to do where the system has no file dialog.
const NO_FILE_DIALOG: &str = "This system opened no file dialog. Install xdg-desktop-portal with a backend \
    (such as xdg-desktop-portal-gtk), or zenity, and start again. Folders, sounds and models can also be dropped on the \
    window; timbrespace --help names the commands that save.";
/// Notices kept at most; older ones make room.
const NOTICE_LIMIT: usize = 20;

/// What a session needs from its surroundings.
pub struct SessionOptions {
    /// Wakes the window when a worker has news.
    pub wake: Arc<dyn Fn() + Send + Sync>,
    /// Where sound goes.
    pub backend: Box<dyn Backend>,
    /// What plays and is played: MIDI and microphone.
    pub instruments: Instruments,
    /// The user's data directory: runs and the demo sounds lie below it.
    pub data_dir: PathBuf,
    /// What was remembered from the last start.
    pub settings: state::Settings,
}

/// The running session.
pub struct Session {
    state: State,
    data_dir: PathBuf,
    mailbox: Mailbox,
    events: Receiver<Event>,
    sound: SharedSound,
    library: LibraryControl,
    pieces: PiecesControl,
    left_out: left_out::LeftOutControl,
    stages: Worker<StageRequest>,
    tiles: Worker<TileRequest>,
    stage_serial: u64,
    latent: LatentControl,
    detail: detail::DetailControl,
    space: SpaceControl,
    playing: PlayingControl,
    data_set: data_set::DataSetControl,
    training: TrainingControl,
    runs: Worker<Vec<runs::Work>>,
    exports: Worker<Vec<export::Job>>,
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
        let latent: Worker<LatentInbox> =
            latent_worker::spawn(mailbox.clone(), converter.clone(), sound.clone())?;
        let runs = runs::spawn(mailbox.clone(), converter.clone(), sound.clone())?;
        let preview = space::preview::spawn(mailbox.clone(), converter.clone(), sound.clone())?;
        let space = SpaceControl::new(preview, &options.data_dir);
        let mut session = Self {
            state: State { settings: options.settings, ..State::default() },
            data_dir: options.data_dir,
            events,
            sound,
            library: LibraryControl::new(scan_worker::spawn(mailbox.clone())?),
            pieces: PiecesControl::new(pieces::spawn(mailbox.clone())?),
            left_out: left_out::LeftOutControl::default(),
            stages: stage_worker::spawn(mailbox.clone(), converter)?,
            tiles: long_view::spawn(mailbox.clone())?,
            stage_serial: 0,
            latent: LatentControl::new(latent),
            detail: detail::DetailControl::default(),
            space,
            playing: PlayingControl::new(options.instruments),
            data_set: data_set::DataSetControl::default(),
            runs,
            training: TrainingControl::new(
                estimate_worker::spawn(mailbox.clone())?,
                training::data::spawn(mailbox.clone())?,
            ),
            exports: export::spawn(mailbox.clone())?,
            mailbox,
            next_notice: 0,
        };
        session.begin_playing();
        session.describe_model();
        session.use_demo_model();
        session.look_for_unfinished_runs();
        session.poll();
        Ok(session)
    }

    /// What the window draws.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Applies one command.
    pub fn apply(&mut self, command: Command) {
        match command {
            Command::Show(view) => self.show(view),
            Command::NoFileDialog => self.notify(Severity::Error, NO_FILE_DIALOG),
            Command::DismissNotice(id) => self.state.notices.retain(|notice| notice.id != id),
            Command::SetTheme(theme) => self.state.settings.theme = theme,
            Command::SetColourMap(map) => self.state.settings.colour_map = map,
            command => self.apply_to_part(command),
        }
    }

    fn apply_to_part(&mut self, command: Command) {
        use Command as C;
        match command {
            C::Open(path) => self.open(path),
            C::OpenDemo => self.open_demo(),
            C::CancelScan => self.library.interrupt.stop(),
            C::RowsInSight(rows) => self.library.look_at(rows),
            C::Search(words) => self.search(words),
            C::SetLabelPattern(pattern) => self.set_label_pattern(pattern),
            C::Select(index) => self.select(index),
            C::MoveSelection(by) => self.move_selection(by),
            C::AssumedSettings(command) => self.apply_to_assumed_settings(command),
            C::Pieces(command) => self.apply_to_pieces(command),
            C::LeaveOut(names) => self.set_left_out(&names, true),
            C::TakeIn(names) => self.set_left_out(&names, false),
            C::SetStageDisplay(display) => self.state.settings.stage_display = display,
            C::SetSelection(selection) => self.state.inspection.selection = selection,
            C::LookAt(from, to) => self.look_at((from, to)),
            C::Pin(slot) => self.pin(slot),
            C::Unpin(slot) => self.unpin(slot),
            C::SetComparing(comparing) => self.set_comparing(comparing),
            C::SetPreprocessing(config) => self.set_preprocessing(config),
            C::TogglePlay => self.toggle_play(None),
            C::TogglePlayFrom(secs) => self.toggle_play(Some(secs)),
            C::PlayDecoded => self.play_decoded(),
            C::PlayOriginal => self.play_original(),
            C::StopPlayback => self.stop_playback(),
            C::SetVolume(amplitude) => self.set_volume(amplitude),
            C::SetMuted(muted) => self.set_muted(muted),
            C::DataSet(command) => self.apply_to_data_set(command),
            C::Runs(command) => self.apply_to_runs(command),
            C::Training(command) => self.apply_to_training(command),
            C::SetTrainingForm(form) => self.set_training_form(*form),
            C::StartTraining => self.start_training(),
            C::PauseTraining => self.pause_training(),
            C::ResumeTraining => self.resume_training(),
            C::StopTraining => self.stop_training(),
            C::UseDemoModel => self.use_demo_model(),
            C::UseTrainingModel => self.use_training_model(),
            C::SetLatent { dimension, value } => self.set_latent(dimension, value),
            C::SetAxis { axis, value } => self.set_axis(axis, value),
            C::SetAxisSystem(system) => self.set_axis_system(system),
            C::LockAxis(axis, locked) => self.lock_axis(axis, locked),
            C::Detail(command) => self.apply_to_detail(command),
            C::Space(command) => self.apply_to_space(command),
            C::Playing(command) => self.apply_to_playing(command),
            C::BeginDrag => self.begin_drag(),
            C::EndDrag => self.end_drag(),
            C::EncodeRecording(index) => self.encode_recording(index),
            C::SampleLatent => self.sample_latent(),
            C::ResetLatent => self.reset_latent(),
            C::Undo => self.undo(),
            C::Redo => self.redo(),
            C::SetLooping(looping) => self.set_looping(looping),
            C::SetIterations(iterations) => self.set_iterations(iterations),
            C::SaveWav(path) => self.save_wav(path),
            C::Export(command) => self.export(command),
            C::Show(_) | C::NoFileDialog | C::DismissNotice(_) | C::SetTheme(_) | C::SetColourMap(_) => {}
        }
    }

    fn show(&mut self, view: View) {
        self.state.settings.view = view;
        match view {
            View::Training => self.ask_estimate(),
            View::Latent => self.encode_if_wanted(),
            View::Stages | View::DataSet => {}
        }
    }

    /// Takes the workers' news; call once before each frame.
    pub fn poll(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            self.hear(event);
        }
        self.walk_on();
        self.sound.lock().player.poll();
        self.refresh_playback();
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Scanning { serial, found } => self.hear_scanning(serial, found),
            Event::Scanned { serial, result } => self.hear_scanned(serial, result),
            Event::Headers { serial, headers } => self.hear_headers(serial, headers),
            Event::Pieces(event) => self.on_pieces_event(event),
            Event::Staged { recording, serial, result } => self.hear_stages(recording, serial, result),
            Event::Tiled { serial, tile } => self.hear_tile(serial, tile),
            Event::PinStaged { slot, serial, result } => self.hear_pin(slot, serial, result),
            Event::ModelReady { serial, result } => self.hear_model(serial, result),
            Event::Encoded(result) => self.hear_encoded(result),
            Event::Detail(event) => self.on_detail_event(event),
            Event::Space(event) => self.hear_space(event),
            Event::Playing(event) => self.hear_playing(event),
            Event::Decoded(result) => self.hear_decoded(result),
            Event::Saved { path, result: Ok(()) } => {
                self.notify(Severity::Info, format!("Saved {}", shown(&path)));
            }
            Event::Saved { result: Err(cause), .. } => self.notify(Severity::Error, cause),
            Event::DataSet(event) => self.hear_data_set(event),
            Event::Training(event) => self.hear_about_training(event),
            Event::Train(event) => {
                self.follow_run(&event);
                self.hear_training(event);
            }
            Event::Runs(event) => self.hear_runs(event),
            Event::TrainEnded(result) => self.hear_training_end(result),
            Event::TrainingData(event) => self.hear_training_data(event),
            Event::Estimated { form, shape, seconds_per_image } => {
                self.hear_estimate(form, shape, seconds_per_image);
            }
        }
    }

    /// Tells the person something; the same words are not told twice.
    fn notify(&mut self, severity: Severity, text: impl Into<String>) {
        // Causes repeat names of files and texts from files.
        let text = names::escaped(&text.into()).into_owned();
        self.state.notices.retain(|notice| notice.text != text);
        if self.state.notices.len() == NOTICE_LIMIT {
            self.state.notices.remove(0);
        }
        self.state.notices.push(Notice { id: self.next_notice, severity, text });
        self.next_notice += 1;
    }
}
