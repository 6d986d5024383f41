//! Past runs: their list, the page of one, curves laid over others, and the replay of their epochs.

mod worker;

use std::{
    path::{self, Path, PathBuf},
    sync::Arc,
};

use ndarray::Array3;

pub(super) use self::worker::{Work, spawn};
use super::{
    Session,
    state::{Severity, TrainingForm, View},
    training::{Part, state::StepPoint},
};
use crate::{
    jobs::{
        JobEvent,
        runs::{
            record::{RunList, RunSummary},
            replay::Replay,
            settings::RunSettings,
        },
    },
    names::shown,
    pipeline::config::PreprocessingConfig,
    vae::{
        config::ModelSettings,
        trainer::{EpochReport, TrainEvent},
    },
};

/// Models from elsewhere that are listed among the runs.
const MODELS_LIMIT: usize = 50;

/// A past run whose curves are laid over those of the run in sight.
#[derive(Clone, Debug, PartialEq)]
pub struct OverlaidRun {
    /// Its folder.
    pub folder: PathBuf,
    /// Its name.
    pub name: String,
    /// Which of the theme's colours it has.
    pub colour: usize,
    /// One entry an epoch.
    pub epochs: Vec<EpochReport>,
    /// Its curve in a bounded number of points.
    pub steps: Vec<StepPoint>,
}

/// A replay that is looked at.
#[derive(Clone, Debug)]
pub struct OpenReplay {
    /// The run's folder.
    pub folder: PathBuf,
    /// What is followed.
    pub replay: Arc<Replay>,
    /// The settings that made the images.
    pub config: PreprocessingConfig,
    /// The recordings in 0..1.
    pub originals: Arc<Array3<f32>>,
}

/// What is shown of a replay.
#[derive(Debug)]
pub struct ReplayState {
    /// The replay.
    pub open: Option<OpenReplay>,
    /// Why there is none.
    pub error: Option<String>,
    /// The epoch in sight.
    pub epoch: usize,
    /// Whether newer epochs come into sight by themselves.
    pub follows: bool,
    /// The set at an epoch: the newest that was read.
    pub images: Option<(usize, Arc<Array3<f32>>)>,
    /// Which of the set is chosen, recordings first.
    pub chosen: usize,
    /// Counts up whenever images change, for caches.
    pub generation: u64,
}

impl Default for ReplayState {
    fn default() -> Self {
        Self { open: None, error: None, epoch: 0, follows: true, images: None, chosen: 0, generation: 0 }
    }
}

/// What is shown of past runs.
#[derive(Debug, Default)]
pub struct RunsState {
    /// Newest first; `None` until they are asked for.
    pub runs: Option<Vec<RunSummary>>,
    /// Folders that cannot be read, with causes.
    pub damaged: Vec<(PathBuf, String)>,
    /// The run whose page is open.
    pub selected: Option<PathBuf>,
    /// Runs over the curves.
    pub overlaid: Vec<OverlaidRun>,
    /// The epochs of a run.
    pub replay: ReplayState,
}

impl RunsState {
    /// The run whose page is open.
    pub fn selected(&self) -> Option<&RunSummary> {
        let selected = self.selected.as_ref()?;
        self.runs.iter().flatten().find(|run| run.folder == *selected)
    }
}

/// What of a replay is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// What the model made of it at the epoch in sight.
    Decoded,
    /// The original, through the same way back to sound.
    Original,
}

/// Something about past runs.
#[derive(Clone, Debug, PartialEq)]
pub enum RunsCommand {
    /// Reads the list anew.
    Refresh,
    /// Opens the page of a run.
    Select(PathBuf),
    /// Lays a run over the curves, or takes it away.
    Overlay(PathBuf, bool),
    /// Keeps what a person notes about a run.
    SetNotes(PathBuf, String),
    /// Moves a run to the trash.
    Remove(PathBuf),
    /// Saves the report of a run, to a file.
    SaveReport(PathBuf, PathBuf),
    /// Saves the scalars of a run, to a file.
    SaveScalars(PathBuf, PathBuf),
    /// Plays with a run's model.
    UseModel(PathBuf),
    /// Takes a run's settings into the form.
    UseSettings(PathBuf),
    /// Saves the form's settings as TOML.
    SaveSettings(PathBuf),
    /// Loads settings into the form.
    LoadSettings(PathBuf),
    /// Opens the replay of a run.
    OpenReplay(PathBuf),
    /// Shows an epoch of the replay.
    ShowEpoch(usize),
    /// Chooses one of the replay's set.
    Choose(usize),
    /// Plays the chosen one.
    Play(Heard),
}

/// News about past runs.
pub(super) enum RunsEvent {
    Listed(RunList),
    Overlaid(Box<OverlaidRun>),
    Replay(PathBuf, Result<Box<OpenReplay>, String>),
    Epoch(PathBuf, usize, Result<Arc<Array3<f32>>, String>),
    Settings(Result<Box<RunSettings>, String>),
    Removed(PathBuf),
    Told(Severity, String),
}

impl Session {
    pub(super) fn apply_to_runs(&mut self, command: RunsCommand) {
        use RunsCommand as C;
        match command {
            C::Refresh => self.list_runs(),
            C::Select(folder) => self.state.runs.selected = Some(folder),
            C::Overlay(folder, true) => self.work(Work::Overlay(folder)),
            C::Overlay(folder, false) => self.state.runs.overlaid.retain(|run| run.folder != folder),
            C::SetNotes(folder, notes) => self.set_notes(folder, notes),
            C::Remove(folder) => self.remove_run(folder),
            C::SaveReport(run, file) => self.work(Work::Report(run, file, self.chosen_output())),
            C::SaveScalars(run, file) => self.work(Work::Scalars(run, file, self.chosen_output())),
            C::UseModel(folder) => self.open(folder),
            C::UseSettings(folder) => self.use_settings_of(&folder),
            C::SaveSettings(file) => {
                let settings = RunSettings::new(
                    self.state.settings.training.choices(),
                    &self.state.settings.preprocessing,
                );
                self.work(Work::SaveSettings(Box::new(settings), file, self.chosen_output()));
            }
            C::LoadSettings(file) => self.work(Work::LoadSettings(file)),
            C::OpenReplay(folder) => {
                self.state.runs.replay = ReplayState {
                    generation: self.state.runs.replay.generation + 1,
                    ..ReplayState::default()
                };
                self.state.training.part = Part::Replay;
                self.show(View::Training);
                self.work(Work::OpenReplay(folder));
            }
            C::ShowEpoch(epoch) => self.show_epoch(epoch),
            C::Choose(which) => self.state.runs.replay.chosen = which,
            C::Play(heard) => self.play_replay(heard),
        }
    }

    fn work(&self, work: Work) {
        self.runs.merge(|waiting| waiting.get_or_insert_default().push(work));
    }

    fn list_runs(&mut self) {
        self.state.runs.runs.get_or_insert_default();
        self.read_list();
    }

    fn read_list(&self) {
        self.work(Work::List(self.data_dir.join("runs"), self.state.settings.models.clone()));
    }

    /// Lists the model in `folder` among the runs from now on, unless it lies among them.
    pub(super) fn remember_model(&mut self, folder: &Path) {
        let folder = path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        if folder.starts_with(self.data_dir.join("runs")) {
            return;
        }
        let models = &mut self.state.settings.models;
        models.retain(|known| *known != folder);
        models.insert(0, folder);
        models.truncate(MODELS_LIMIT);
        if self.state.runs.runs.is_some() {
            self.read_list();
        }
    }

    fn set_notes(&mut self, folder: PathBuf, notes: String) {
        if let Some(run) = self.state.runs.runs.iter_mut().flatten().find(|run| run.folder == folder) {
            run.notes.clone_from(&notes);
        }
        self.work(Work::Notes(folder, notes));
    }

    fn remove_run(&mut self, folder: PathBuf) {
        if self.state.training.run_folder.as_ref() == Some(&folder) && self.state.training.status.is_busy() {
            self.notify(Severity::Warning, "This run is under way: stop it before it is removed");
            return;
        }
        self.work(Work::Remove(folder));
    }

    fn use_settings_of(&mut self, folder: &PathBuf) {
        let Some(run) = self.state.runs.runs.iter().flatten().find(|run| run.folder == *folder) else {
            return;
        };
        let config = &run.config;
        let model = ModelSettings::of_run(&config.model, &config.training);
        let form = TrainingForm::of(&model, config.training.clone(), self.state.settings.training.stream);
        let (preprocessing, name) = (config.preprocessing.clone(), run.name());
        self.set_preprocessing(preprocessing);
        self.set_training_form(form);
        self.notify(Severity::Info, format!("The form has the settings of {name}"));
    }

    fn take_settings(&mut self, settings: &RunSettings) {
        let preprocessing = settings.preprocessing_over(&self.state.settings.preprocessing);
        let preprocessing = match preprocessing {
            Ok(preprocessing) => preprocessing,
            Err(error) => return self.notify(Severity::Error, error.to_string()),
        };
        if settings.has_preprocessing() {
            self.set_preprocessing(preprocessing);
        }
        let form = &self.state.settings.training;
        let (model, training) = settings.choices.over(&form.model(), &form.training);
        let form = TrainingForm::of(&model, training, form.stream);
        self.set_training_form(form);
        self.notify(Severity::Info, "The form has the settings of the file");
    }

    fn show_epoch(&mut self, epoch: usize) {
        let replay = &mut self.state.runs.replay;
        let Some(open) = &replay.open else { return };
        let Some(last) = open.replay.epochs.last() else { return };
        let distance = |known: usize| known.abs_diff(epoch);
        let nearest = open.replay.epochs.iter().map(|known| known.epoch).min_by_key(|known| distance(*known));
        replay.epoch = nearest.unwrap_or(last.epoch);
        replay.follows = replay.epoch == last.epoch;
        let work = Work::Epoch(open.clone(), replay.epoch);
        self.work(work);
    }

    fn play_replay(&self, heard: Heard) {
        let replay = &self.state.runs.replay;
        let Some(open) = &replay.open else { return };
        let images = match heard {
            Heard::Original => Some(&open.originals),
            Heard::Decoded => replay.images.as_ref().map(|(_, images)| images),
        };
        if let Some(images) = images.filter(|images| replay.chosen < images.dim().0) {
            let image = images.index_axis(ndarray::Axis(0), replay.chosen).to_owned();
            let work = Work::Play {
                open: open.clone(),
                which: replay.chosen,
                image,
                iterations: self.state.settings.iterations,
            };
            self.work(work);
        }
    }

    /// Keeps list and replay up with the run under way.
    pub(super) fn follow_run(&self, event: &JobEvent) {
        let (Some(folder), replay) = (&self.state.training.run_folder, &self.state.runs.replay) else {
            return;
        };
        let watched = replay.open.as_ref().is_none_or(|open| open.folder == *folder);
        match event {
            JobEvent::Model(_) if watched => self.work(Work::OpenReplay(folder.clone())),
            JobEvent::Train(TrainEvent::Epoch(_)) if self.state.runs.runs.is_some() => {
                self.read_list();
            }
            _ => {}
        }
    }

    pub(super) fn hear_runs(&mut self, event: RunsEvent) {
        match event {
            RunsEvent::Listed(list) => {
                self.state.runs.runs = Some(list.runs);
                self.state.runs.damaged = list.damaged;
            }
            RunsEvent::Overlaid(run) => {
                let overlaid = &mut self.state.runs.overlaid;
                overlaid.retain(|known| known.folder != run.folder);
                let used = |colour: usize| overlaid.iter().any(|known| known.colour == colour);
                let colour = (0..=overlaid.len()).find(|colour| !used(*colour)).unwrap_or(0);
                overlaid.push(OverlaidRun { colour, ..*run });
            }
            RunsEvent::Replay(_, Ok(open)) => self.hear_replay(*open),
            RunsEvent::Replay(folder, Err(cause)) => {
                let replay = &mut self.state.runs.replay;
                if replay.open.as_ref().is_none_or(|open| open.folder != folder) {
                    replay.error = Some(cause);
                }
            }
            RunsEvent::Epoch(folder, epoch, Ok(images)) => {
                let replay = &mut self.state.runs.replay;
                if replay.epoch == epoch && replay.open.as_ref().is_some_and(|open| open.folder == folder) {
                    replay.images = Some((epoch, images));
                    replay.generation += 1;
                }
            }
            RunsEvent::Epoch(_, _, Err(cause)) | RunsEvent::Settings(Err(cause)) => {
                self.notify(Severity::Error, cause);
            }
            RunsEvent::Settings(Ok(settings)) => self.take_settings(&settings),
            RunsEvent::Removed(folder) => {
                let runs = &mut self.state.runs;
                runs.overlaid.retain(|run| run.folder != folder);
                runs.selected = runs.selected.take().filter(|selected| *selected != folder);
                runs.runs.iter_mut().for_each(|runs| runs.retain(|run| run.folder != folder));
                self.state.settings.models.retain(|model| *model != folder);
                self.notify(Severity::Info, format!("Moved {} to the trash", shown(&folder)));
            }
            RunsEvent::Told(severity, text) => self.notify(severity, text),
        }
    }

    fn hear_replay(&mut self, open: OpenReplay) {
        let replay = &mut self.state.runs.replay;
        let epoch = open.replay.epochs.last().map_or(0, |epoch| epoch.epoch);
        let other = replay.open.as_ref().is_none_or(|known| known.folder != open.folder);
        replay.error = None;
        replay.open = Some(open);
        if other {
            replay.generation += 1;
            replay.images = None;
        }
        if (other || replay.follows) && epoch > 0 {
            self.show_epoch(epoch);
        }
    }
}
