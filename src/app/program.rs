//! The native program: session, stored settings and the system's window.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use anyhow::Context as _;
use eframe::egui;

use super::{
    crash_notice,
    startup::{self, Startup},
    stored::{SETTINGS_KEY, Stored},
    system_fonts,
    window::Window,
    window_size::{self, WindowSize},
};
use crate::{
    crash_reports::CrashReports,
    interrupt::has_unsaved_work,
    language,
    names::shown,
    playback::stream::CpalBackend,
    session::{
        Command, Instruments, LibraryCommand, Session, SessionOptions, State,
        spoken::said,
        state::{Settings, Severity},
        training::{CloseWish, TrainingCommand},
        writing::FilesWish,
    },
    signals::{Signals, StopSignal},
};

/// Application id for the desktop: Wayland's app id, X11's window class, and the name of `packaging/linux/*.desktop`.
const APP_ID: &str = "io.github.timbrespace.timbrespace";
/// Name of the folder with the stored settings, below the user's data directory.
const SETTINGS_FOLDER: &str = "timbrespace";
/// File of the stored settings in that folder; in a replaced data directory [`REPLACED_SETTINGS_FILE`].
const SETTINGS_FILE: &str = "app.ron";
const REPLACED_SETTINGS_FILE: &str = "window.ron";
/// Environment variable that replaces the user's data directory, for tests and screenshots.
const DATA_DIR_VARIABLE: &str = "TIMBRESPACE_DATA_DIR";

/// The eframe app: the window and its session.
pub struct TimbrespaceApp {
    session: Session,
    window: Window,
    size: WindowSize,
    startup: Startup,
    /// Where the settings are kept.
    stored: Stored,
    ctx: egui::Context,
    signals: Signals,
    /// Whether a signal has already stopped the current run.
    must_close: bool,
}

impl TimbrespaceApp {
    /// A window on `session`.
    pub fn new(ctx: &egui::Context, session: Session) -> Self {
        Self::started(ctx, session, Startup::default())
    }

    fn started(ctx: &egui::Context, session: Session, startup: Startup) -> Self {
        let window = Window::new(ctx).with_system_language(language::system());
        let (size, signals) = (WindowSize::default(), Signals::default());
        let (stored, ctx) = (Stored::default(), ctx.clone());
        Self { session, window, size, startup, stored, ctx, signals, must_close: false }
    }

    /// The session behind the window.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Mutable access to the session, to send it commands from outside.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The state on show.
    pub fn state(&self) -> &State {
        self.session.state()
    }
}

impl eframe::App for TimbrespaceApp {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.size.watch(ctx);
        self.session.poll();
        if !self.must_close && self.signals.first().is_some() {
            self.must_close = true;
            self.session.apply(Command::Training(TrainingCommand::Close(CloseWish::Must)));
            self.session.apply(Command::Close(FilesWish::Stop));
        }
        if let Some(command) = self.window.watch_closing(ctx, self.session.state()) {
            self.session.apply(command);
        }
        if let Some(command) = self.window.dialog_answer() {
            self.session.apply(command);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let commands = self.window.show(ui, self.session.state());
        if !commands.is_empty() {
            // The commands take effect in the next frame, not at the next mouse movement.
            ui.ctx().request_repaint();
        }
        for command in commands {
            self.session.apply(command);
        }
        self.startup.frame_done();
    }

    fn save(&mut self, _: &mut dyn eframe::Storage) {
        self.stored.save(&self.ctx, &self.session.state().settings);
    }

    fn persist_egui_memory(&self) -> bool {
        // `Stored` does.
        false
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// The directory for runs and demo sounds: `TIMBRESPACE_DATA_DIR`, or the user's data directory.
///
/// # Errors
/// When the system knows no home directory.
pub fn data_dir() -> anyhow::Result<PathBuf> {
    if let Some(dir) = std::env::var_os(DATA_DIR_VARIABLE) {
        return Ok(dir.into());
    }
    let dirs = directories::ProjectDirs::from("", "", "Timbrespace").with_context(|| {
        format!("no home directory is known; set {DATA_DIR_VARIABLE} to a folder for runs")
    })?;
    Ok(dirs.data_dir().to_owned())
}

/// Where crash reports go.
///
/// # Errors
/// When no home directory is known.
pub fn crash_reports() -> anyhow::Result<CrashReports> {
    Ok(CrashReports::below(&data_dir()?))
}

/// The file of the stored settings; `None` where no home directory is known.
fn settings_path() -> Option<PathBuf> {
    match std::env::var_os(DATA_DIR_VARIABLE) {
        Some(dir) => Some(Path::new(&dir).join(REPLACED_SETTINGS_FILE)),
        None => eframe::storage_dir(SETTINGS_FOLDER).map(|folder| folder.join(SETTINGS_FILE)),
    }
}

/// Opens the window and returns when it is closed, with the signal that closed it, if any; `path` is a folder, sound
/// or model bundle to open.
///
/// # Errors
/// When no window can be opened, for example without a display, or no home directory is known.
pub fn run(path: Option<PathBuf>) -> anyhow::Result<Option<StopSignal>> {
    system_fonts::begin_listing();
    let data_dir = data_dir()?;
    let reports = CrashReports::below(&data_dir);
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Timbrespace")
            .with_app_id(APP_ID)
            .with_inner_size(window_size::FIRST)
            .with_drag_and_drop(true)
            .with_icon(icon()),
        renderer: eframe::Renderer::Wgpu,
        // Read by eframe, written by `Stored`.
        persist_window: false,
        persistence_path: settings_path(),
        // Ours began before the graphics did.
        system_font_fallback: false,
        ..eframe::NativeOptions::default()
    };
    startup::before_graphics();
    let window = Arc::new(OnceLock::new());
    let signals = listen(&window);
    let heard = signals.clone();
    let start = move |creation: &eframe::CreationContext<'_>| {
        let startup = Startup::graphics_ready();
        creation.egui_ctx.add_font_provider(system_fonts::provider());
        let mut settings: Settings =
            creation.storage.and_then(|storage| eframe::get_value(storage, SETTINGS_KEY)).unwrap_or_default();
        if path.is_none() {
            settings.begin();
        }
        language::set(settings.language.language(language::system()));
        let stored = Stored::new(settings_path(), settings.clone());
        let gone = gone_folder(path.as_deref(), &settings);
        let first = first_command(path, &settings);
        let mut session = Session::new(session_options(&creation.egui_ctx, data_dir, settings))?;
        session.apply(first);
        if let Some(folder) = gone {
            session.notify(
                Severity::Warning,
                said!("window-last-folder-gone", path = shown(&folder).to_string()),
            );
        }
        crash_notice::add(&mut session, &reports);
        let mut app = TimbrespaceApp::started(&creation.egui_ctx, session, startup);
        (app.signals, app.stored) = (heard, stored);
        window.get_or_init(|| creation.egui_ctx.clone());
        Ok(Box::new(app) as Box<dyn eframe::App>)
    };
    eframe::run_native(APP_ID, options, Box::new(start))
        .map_err(|error| anyhow::anyhow!("the window could not be opened: {error}"))?;
    Ok(signals.first())
}

/// Installs signal handlers that wake the window, so that it saves the current run before it closes.
fn listen(window: &Arc<OnceLock<egui::Context>>) -> Signals {
    let window = Arc::clone(window);
    let wake = move |signal: StopSignal| {
        let first = if has_unsaved_work() { "; unsaved work is saved first" } else { "" };
        log::warn!("{}: closing the window{first}", signal.name());
        if let Some(window) = window.get() {
            window.request_repaint();
        }
    };
    Signals::listen(wake).unwrap_or_else(|error| {
        log::warn!("no signal handlers, a signal ends the program at once: {error}");
        Signals::default()
    })
}

fn session_options(ctx: &egui::Context, data_dir: PathBuf, settings: Settings) -> SessionOptions {
    let ctx = ctx.clone();
    let wake = Arc::new(move || ctx.request_repaint());
    SessionOptions {
        wake,
        backend: Box::new(CpalBackend::new()),
        instruments: Instruments::of_the_system(),
        data_dir,
        settings,
    }
}

/// What to open first: the argument, else the last folder if it still exists, else the demo sounds.
fn first_command(path: Option<PathBuf>, settings: &Settings) -> Command {
    match path.or_else(|| settings.last_folder.clone().filter(|folder| folder.exists())) {
        Some(path) => Command::Library(LibraryCommand::Open(path)),
        None => Command::Library(LibraryCommand::OpenDemo),
    }
}

/// The folder that would be opened, if nothing is named, and is not there any more.
fn gone_folder(path: Option<&Path>, settings: &Settings) -> Option<PathBuf> {
    settings.last_folder.clone().filter(|folder| path.is_none() && !folder.exists())
}

/// The program icon.
fn icon() -> egui::IconData {
    let bytes = include_bytes!("../../assets/icon.png");
    match image::load_from_memory_with_format(bytes, image::ImageFormat::Png) {
        Ok(picture) => {
            let picture = picture.into_rgba8();
            egui::IconData { width: picture.width(), height: picture.height(), rgba: picture.into_raw() }
        }
        Err(error) => {
            log::warn!("the icon cannot be read: {error}");
            egui::IconData::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_gone_gives_way_to_the_demo_sounds() {
        let mut settings = Settings { last_folder: Some("/nowhere/at/all".into()), ..Settings::default() };
        assert_eq!(first_command(None, &settings), Command::Library(LibraryCommand::OpenDemo));
        assert_eq!(gone_folder(None, &settings), Some("/nowhere/at/all".into()), "and that is said");
        assert_eq!(gone_folder(Some(Path::new("a.wav")), &settings), None);
        assert_eq!(
            first_command(Some("a.wav".into()), &settings),
            Command::Library(LibraryCommand::Open("a.wav".into()))
        );
        let here = std::env::temp_dir();
        settings.last_folder = Some(here.clone());
        assert_eq!(first_command(None, &settings), Command::Library(LibraryCommand::Open(here)));
    }

    #[test]
    fn the_icon_is_a_picture() {
        assert_eq!((icon().width, icon().height), (256, 256));
    }
}
