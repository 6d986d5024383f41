//! Pictures of every view, made from the demo sounds by the real session: `scripts/screenshots.sh` runs this.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use egui_kittest::{Harness, kittest::Queryable as _};
use egui_system_font_provider::SystemFontProvider;
use timbrespace::{
    app::TimbrespaceApp,
    explore::{axes::AxisSystem, layout::LayoutKind},
    language::{Language, LanguageChoice},
    pipeline::config::PreprocessingConfig,
    session::{
        Command, InspectionCommand, LatentCommand, LibraryCommand, Session, SessionOptions, State,
        origin::Origin,
        space::{
            SpaceCommand,
            travel::{Slot, TravelCommand},
        },
        state::{ModelOrigin, RunStatus, Settings, ThemeChoice, View},
        task::TaskStatus,
        training::TrainingCommand,
    },
    vae::steering::Setting,
};

const LONG: Duration = Duration::from_mins(10);

struct Studio<'a> {
    harness: Harness<'a, TimbrespaceApp>,
    folder: PathBuf,
}

impl Studio<'_> {
    /// A window of `size` in pixels.
    fn open(size: [f32; 2], data_dir: &Path, folder: &Path) -> Self {
        let options = SessionOptions::without_devices(data_dir);
        let text = text_size();
        let builder = Harness::builder().with_size(size.map(|side| side / text)).with_pixels_per_point(text);
        let harness = builder.wgpu().build_eframe(|creation| {
            creation.egui_ctx.add_font_provider(Arc::new(SystemFontProvider::new()));
            let session = Session::new(options).unwrap();
            TimbrespaceApp::new(&creation.egui_ctx, session)
        });
        let mut studio = Self { harness, folder: folder.to_owned() };
        studio.send([Command::SetLanguage(LanguageChoice::Fixed(Language::English))]);
        studio
    }

    fn send(&mut self, commands: impl IntoIterator<Item = Command>) {
        for command in commands {
            self.harness.state_mut().session_mut().apply(command);
        }
    }

    fn wait(&mut self, what: &str, done: impl Fn(&State) -> bool) {
        let start = Instant::now();
        while !done(self.harness.state().state()) {
            assert!(start.elapsed() < LONG, "no {what}: {:?}", self.harness.state().state().notices);
            std::thread::sleep(Duration::from_millis(10));
            self.harness.step();
        }
    }

    fn has(&self, label: &str) -> bool {
        self.harness.query_by_label(label).is_some()
    }

    /// Clicks what is called `label`, scrolled into sight if need be.
    fn press(&mut self, label: &str) {
        self.harness.get_by_label(label).scroll_to_me();
        self.harness.run_steps(12);
        self.harness.get_by_label(label).click();
        self.harness.run_steps(2);
    }

    /// As [`Self::press`], for what stands beside the map: in narrow windows, in the tab of the vector.
    fn press_beside(&mut self, label: &str) {
        if !self.has(label) {
            self.press("Vector");
        }
        self.press(label);
    }

    /// Takes a picture; the pointer is away unless [`Self::shoot_pointed`] takes it.
    fn shoot(&mut self, name: &str) {
        self.harness.event(eframe::egui::Event::PointerGone);
        self.shoot_pointed(name);
    }

    fn shoot_pointed(&mut self, name: &str) {
        // Controls are pressed by their English names; another language is for the picture alone.
        self.send([Command::SetLanguage(LanguageChoice::Fixed(language()))]);
        self.harness.run_steps(12);
        let picture = self.harness.render().unwrap();
        std::fs::create_dir_all(&self.folder).unwrap();
        picture.save(self.folder.join(name).with_extension("png")).unwrap();
        self.send([Command::SetLanguage(LanguageChoice::Fixed(Language::English))]);
        // Until the layout rests: controls are pressed where they were drawn last.
        self.harness.run_steps(12);
    }
}

/// The language of the pictures: `TIMBRESPACE_LANGUAGE`, such as zh-CN, or English.
fn language() -> Language {
    let code = std::env::var("TIMBRESPACE_LANGUAGE").unwrap_or_default();
    Language::ALL.into_iter().find(|language| language.code() == code).unwrap_or_default()
}

/// How large texts are: `TIMBRESPACE_TEXT`, such as 1.3, or 1.
fn text_size() -> f32 {
    std::env::var("TIMBRESPACE_TEXT").map_or(1.0, |size| size.parse().unwrap())
}

/// Where pictures go: `TIMBRESPACE_SCREENSHOTS`, or `screenshots/` of the project.
fn folder() -> PathBuf {
    std::env::var_os("TIMBRESPACE_SCREENSHOTS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots"), PathBuf::from)
}

/// The folder to show: `TIMBRESPACE_FOLDER`, or the demo sounds.
fn first_command() -> Command {
    std::env::var_os("TIMBRESPACE_FOLDER").map_or(Command::Library(LibraryCommand::OpenDemo), |folder| {
        Command::Library(LibraryCommand::Open(folder.into()))
    })
}

#[test]
#[ignore = "makes the pictures of the project; run by scripts/screenshots.sh"]
fn pictures_of_every_view() {
    let data_dir = tempfile::tempdir().unwrap();
    let size = std::env::var("TIMBRESPACE_SIZE").map_or([1280.0, 800.0], |size| {
        let (width, height) = size.split_once('x').unwrap();
        [width.parse().unwrap(), height.parse().unwrap()]
    });
    let mut studio = Studio::open(size, data_dir.path(), &folder());
    studio.send([first_command()]);
    studio.wait("stages", |state| state.inspection.stages.is_some() && !state.inspection.busy);
    studio.send([Command::Library(LibraryCommand::MoveSelection(5))]);
    studio.wait("stages", |state| !state.inspection.busy);
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        studio.send([Command::SetTheme(theme)]);
        studio.shoot(&format!("stages-{}", word(theme)));
    }
    data_set(&mut studio);
    latent(&mut studio);
    training(&mut studio);
}

fn data_set(studio: &mut Studio<'_>) {
    use timbrespace::session::data_set::{
        DataSetCommand, Tab, doctor::DoctorCommand, overview::OverviewCommand,
    };
    let send = Command::DataSet;
    let overview = DataSetCommand::Overview(OverviewCommand::Start);
    studio.send([Command::Show(View::DataSet), send(overview)]);
    studio.wait("overview", |state| state.data_set.overview.report.is_some());
    studio.press("Mean and spread");
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        studio.send([Command::SetTheme(theme)]);
        studio.shoot(&format!("data-set-{}", word(theme)));
    }
    studio.press("Images");
    studio.shoot("data-set-images-dark");
    studio
        .send([send(DataSetCommand::Show(Tab::Doctor)), send(DataSetCommand::Doctor(DoctorCommand::Start))]);
    studio.wait("findings", |state| state.data_set.doctor.report.is_some());
    studio.shoot("doctor-dark");
}

#[test]
#[ignore = "makes pictures to look at; not run by any script"]
fn pictures_of_log_mel() {
    let data_dir = tempfile::tempdir().unwrap();
    for (size, name) in [([1280.0, 800.0], "log-mel"), ([960.0, 600.0], "log-mel-small")] {
        let mut studio = Studio::open(size, data_dir.path(), &folder());
        let settings = PreprocessingConfig { resample: true, ..PreprocessingConfig::log_mel() };
        studio.send([first_command(), Command::Inspection(InspectionCommand::SetPreprocessing(settings))]);
        studio.wait("stages", |state| state.inspection.stages.is_some() && !state.inspection.busy);
        studio.send([Command::Library(LibraryCommand::MoveSelection(5))]);
        studio.wait("stages", |state| !state.inspection.busy);
        for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
            studio.send([Command::SetTheme(theme)]);
            studio.shoot(&format!("{name}-{}", word(theme)));
        }
        let card = studio.harness.query_all_by_label("Mel filters").next().unwrap().rect();
        studio.harness.hover_at(card.center());
        studio.shoot_pointed(&format!("{name}-pointed"));
        studio.harness.get_by_label_contains("Preprocessing: log-mel").click();
        studio.shoot(&format!("{name}-settings"));
    }
}

fn latent(studio: &mut Studio<'_>) {
    studio.send([Command::Show(View::Latent), Command::Latent(LatentCommand::UseDemoModel)]);
    studio.wait("demo model", |state| matches!(state.latent.model_origin(), Some(ModelOrigin::Demo)));
    of_the_latent_view(studio);
}

/// The latent view with the model in use: map, atlas, travel, ladder.
fn of_the_latent_view(studio: &mut Studio<'_>) {
    let go = |studio: &mut Studio<'_>, command| studio.send([Command::Space(command)]);
    studio.wait("map", |state| state.space.layout.is_some() && state.space.encoding == TaskStatus::Done);
    studio.wait("effects", |state| state.space.effects.len() == state.latent.axes.len());
    let selected = studio.harness.state().state().library.selected.unwrap();
    studio.send([Command::Latent(LatentCommand::EncodeRecording(selected))]);
    studio.wait("decoded sound", |state| {
        state.latent.original.is_some()
            && state
                .latent
                .decoded
                .as_ref()
                .is_some_and(|decoded| decoded.nearest.first().is_some_and(|near| near.recording == selected))
    });
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        studio.send([Command::SetTheme(theme)]);
        studio.shoot(&format!("latent-{}", word(theme)));
    }
    studio.send([Command::Latent(LatentCommand::SetAxisSystem(AxisSystem::Principal))]);
    studio.wait("effects", |state| state.space.effects.len() == state.latent.axes.len());
    go(studio, SpaceCommand::SetLayout(LayoutKind::Tsne));
    studio.wait("t-SNE", |state| state.space.arranging == TaskStatus::Done);
    studio.press("Atlas");
    studio.wait("atlas", |state| state.space.atlas.is_some());
    studio.shoot("latent-atlas-dark");
    studio.press("Atlas");
    let count = studio.harness.state().state().library.recordings.len();
    for (slot, recording) in [(Slot::A, selected), (Slot::B, count / 2), (Slot::C, count - 1)] {
        go(studio, SpaceCommand::Travel(TravelCommand::KeepRecording(slot, recording)));
    }
    go(studio, SpaceCommand::Travel(TravelCommand::Save("before the way".to_owned())));
    go(studio, SpaceCommand::Travel(TravelCommand::SetPart(0.4)));
    studio.press_beside("Travel");
    studio.wait("way", |state| matches!(state.latent.origin, Origin::Between(_)));
    studio.shoot("latent-travel-dark");
    studio.send([Command::Latent(LatentCommand::EncodeRecording(selected))]);
    studio.wait("original", |state| state.latent.original.is_some());
    go(studio, SpaceCommand::Climb);
    studio.wait("ladder", |state| state.space.ladder.made.is_some());
    studio.press("Ladder");
    // In narrow windows the sliders' tabs are in a tab themselves, and the ladder is what is shown.
    let is_beside = studio.has("Export");
    if is_beside {
        studio.press("Export");
    }
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        studio.send([Command::SetTheme(theme)]);
        studio.shoot(&format!("latent-ladder-{}", word(theme)));
    }
    if is_beside {
        studio.press("Sliders");
    }
    studio.press("Sound");
    studio.shoot("latent-sound-dark");
    studio.press("Map");
}

#[test]
#[ignore = "makes pictures of a model of one's own; run by scripts/screenshots.sh with TIMBRESPACE_MODEL"]
fn pictures_of_a_model() {
    let data_dir = tempfile::tempdir().unwrap();
    let size = std::env::var("TIMBRESPACE_SIZE").map_or([1280.0, 800.0], |size| {
        let (width, height) = size.split_once('x').unwrap();
        [width.parse().unwrap(), height.parse().unwrap()]
    });
    let model = std::env::var_os("TIMBRESPACE_MODEL").unwrap();
    let mut studio = Studio::open(size, data_dir.path(), &folder());
    studio.send([first_command()]);
    studio.wait("list", |state| state.library.selected.is_some() && !state.inspection.busy);
    studio.send([Command::Library(LibraryCommand::Open(model.into()))]);
    studio.wait("model", |state| matches!(state.latent.model_origin(), Some(ModelOrigin::Bundle(_))));
    of_the_latent_view(&mut studio);
}

fn training(studio: &mut Studio<'_>) {
    let mut form = studio.harness.state().state().settings.training.clone();
    form.training.epochs = 40;
    studio.send([Command::Show(View::Training), Command::Training(TrainingCommand::SetForm(Box::new(form)))]);
    studio.wait("estimate", |state| state.training.epoch_estimate_secs.is_some());
    studio.shoot("training-before-dark");
    studio.send([Command::Training(TrainingCommand::Start)]);
    studio.wait("epochs", |state| {
        state.training.epochs.len() >= 5 || matches!(state.training.status, RunStatus::Failed(_))
    });
    // A change by hand is a line through the curves.
    studio.send([Command::Training(TrainingCommand::Steer(Setting::LearningRate, 2e-4))]);
    studio.wait("epochs", |state| {
        state.training.epochs.len() >= 30 && state.training.baselines.is_some()
            || matches!(state.training.status, RunStatus::Failed(_) | RunStatus::Finished)
    });
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        studio.send([Command::SetTheme(theme)]);
        studio.shoot(&format!("training-{}", word(theme)));
    }
    studio.send([Command::Training(TrainingCommand::End)]);
    past_runs(studio);
}

fn past_runs(studio: &mut Studio<'_>) {
    use timbrespace::session::{
        runs::RunsCommand,
        training::{Tab, TrainingCommand},
    };
    studio.wait("end", |state| !state.training.status.is_busy());
    studio.send([Command::Runs(RunsCommand::Refresh), Command::Training(TrainingCommand::Show(Tab::Runs))]);
    studio.wait("runs", |state| state.runs.runs.as_ref().is_some_and(|runs| !runs.is_empty()));
    let run = studio.harness.state().state().runs.runs.iter().flatten().next().unwrap().folder.clone();
    studio.send([
        Command::Runs(RunsCommand::Select(run.clone())),
        Command::Runs(RunsCommand::Overlay(run.clone(), true)),
    ]);
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        studio.send([Command::SetTheme(theme)]);
        studio.shoot(&format!("runs-{}", word(theme)));
    }
    studio.send([Command::Runs(RunsCommand::OpenReplay(run))]);
    studio.wait("replay", |state| state.runs.replay.images.is_some());
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        studio.send([Command::SetTheme(theme)]);
        studio.shoot(&format!("replay-{}", word(theme)));
    }
}

#[test]
#[ignore = "makes pictures to look at; not run by any script"]
fn pictures_of_past_runs() {
    let data_dir = tempfile::tempdir().unwrap();
    let mut studio = Studio::open([1280.0, 800.0], data_dir.path(), &folder());
    let mut form = Settings::default().training;
    form.training.epochs = 3;
    studio.send([
        Command::Library(LibraryCommand::OpenDemo),
        Command::Show(View::Training),
        Command::Training(TrainingCommand::SetForm(Box::new(form))),
    ]);
    studio.wait("stages", |state| state.inspection.stages.is_some() && !state.inspection.busy);
    studio.send([Command::Training(TrainingCommand::Start)]);
    studio.wait("end", |state| matches!(state.training.status, RunStatus::Finished | RunStatus::Failed(_)));
    past_runs(&mut studio);
}

#[test]
#[ignore = "makes pictures to look at; not run by any script"]
fn pictures_of_training() {
    let data_dir = tempfile::tempdir().unwrap();
    for (size, name) in [([1280.0, 800.0], "run"), ([960.0, 600.0], "run-small")] {
        let mut studio = Studio::open(size, data_dir.path(), &folder());
        studio.send([first_command(), Command::Show(View::Training)]);
        studio.wait("recordings", |state| state.library.recordings.len() > 10);
        studio.send([Command::Training(TrainingCommand::Start)]);
        studio.wait("epochs", |state| state.training.epochs.len() >= 3);
        studio.send([Command::Training(TrainingCommand::Steer(Setting::LearningRate, 2e-4))]);
        studio.wait("epochs", |state| state.training.epochs.len() >= 5);
        for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
            studio.send([Command::SetTheme(theme)]);
            studio.shoot(&format!("{name}-{}", word(theme)));
        }
        studio.send([Command::Training(TrainingCommand::End)]);
        studio.wait("the end", |state| !state.training.status.is_busy());
    }
}

fn word(theme: ThemeChoice) -> &'static str {
    if theme == ThemeChoice::Light { "light" } else { "dark" }
}

#[test]
#[ignore = "makes pictures to look at; not run by any script"]
fn pictures_of_the_data_set() {
    use timbrespace::session::data_set::{
        DataSetCommand, Tab, doctor::DoctorCommand, loading::LoadingCommand, overview::OverviewCommand,
        parity::ParityCommand,
    };
    let data_dir = tempfile::tempdir().unwrap();
    for (size, name) in [([1280.0, 800.0], "data-set"), ([960.0, 600.0], "data-set-small")] {
        let mut studio = Studio::open(size, data_dir.path(), &folder());
        studio.send([first_command(), Command::Show(View::DataSet)]);
        studio.wait("list", |state| {
            !state.library.recordings.is_empty() && state.library.scanning.is_none() && !state.inspection.busy
        });
        studio.shoot(&format!("{name}-before"));
        let show = |part| Command::DataSet(DataSetCommand::Show(part));
        studio.send([Command::DataSet(DataSetCommand::Overview(OverviewCommand::Start))]);
        studio.wait("overview", |state| state.data_set.overview.report.is_some());
        for tab in ["Images", "Mean and spread", "Distributions"] {
            studio.harness.get_by_label(tab).click();
            for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
                studio.send([Command::SetTheme(theme)]);
                studio.shoot(&format!("{name}-{}-{}", tab.to_lowercase().replace(' ', "-"), word(theme)));
            }
        }
        studio.send([show(Tab::Doctor), Command::DataSet(DataSetCommand::Doctor(DoctorCommand::Start))]);
        studio.wait("findings", |state| state.data_set.doctor.report.is_some());
        for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
            studio.send([Command::SetTheme(theme)]);
            studio.shoot(&format!("{name}-doctor-{}", word(theme)));
        }
        let start = Command::DataSet(DataSetCommand::Loading(LoadingCommand::Start));
        studio.send([show(Tab::Loading)]);
        studio.shoot(&format!("{name}-loading-before"));
        studio.send([start]);
        studio.wait("loading times", |state| state.data_set.loading.measured.is_some());
        for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
            studio.send([Command::SetTheme(theme)]);
            studio.shoot(&format!("{name}-loading-{}", word(theme)));
        }
        studio.send([show(Tab::Parity)]);
        studio.shoot(&format!("{name}-parity-before"));
        let Some(python) = std::env::var_os("TIMBRESPACE_PYTHON_FOLDER") else { continue };
        studio.send([Command::DataSet(DataSetCommand::Parity(ParityCommand::Compare(python.into())))]);
        studio.wait("comparison", |state| state.data_set.parity.view.is_some());
        for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
            studio.send([Command::SetTheme(theme)]);
            studio.shoot(&format!("{name}-parity-{}", word(theme)));
        }
    }
}
