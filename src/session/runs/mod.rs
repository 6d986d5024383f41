//! Past runs: list, page of a run, overlaid curves, and replay of the epochs.

pub(super) mod part;
pub mod state;
pub(super) mod worker;

use std::path::{self, Path, PathBuf};

pub use self::state::{OpenReplay, OverlaidRun, ReplayState, RunsState};
use self::{
    part::{News, RunsPart},
    worker::{RunsEvent, Work},
};
use super::{
    notices::Severity,
    settings::{MODELS_LIMIT, View},
    training::{form::TrainingForm, state::Tab},
};
use crate::{
    jobs::runs::{record::RunEnd, settings::RunSettings},
    names::shown,
    session::spoken::said,
};

/// What of a replay to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The model's reconstruction at the shown epoch.
    Decoded,
    /// The original image, made audible in the same way.
    Original,
}

/// Commands about past runs.
#[derive(Clone, Debug, PartialEq)]
pub enum RunsCommand {
    /// Reads the list again.
    Refresh,
    /// Opens the page of a run.
    Select(PathBuf),
    /// Overlays the curves of a run, or removes them.
    Overlay(PathBuf, bool),
    /// Saves the notes about a run.
    SetNotes(PathBuf, String),
    /// Moves a run to the trash.
    Remove(PathBuf),
    /// Saves the report of a run, to a file.
    SaveReport(PathBuf, PathBuf),
    /// Saves the scalars of a run, to a file.
    SaveScalars(PathBuf, PathBuf),
    /// Opens the model of a run.
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
    /// Chooses an image of the replay.
    Choose(usize),
    /// Plays the chosen image.
    Play(Heard),
}

impl RunsPart<'_> {
    pub(super) fn apply(&mut self, command: RunsCommand) {
        use RunsCommand as C;
        match command {
            C::Refresh => self.list_runs(),
            C::Select(folder) => self.state.selected = Some(folder),
            C::Overlay(folder, true) => self.work(Work::Overlay(folder)),
            C::Overlay(folder, false) => self.state.overlaid.retain(|run| run.folder != folder),
            C::SetNotes(folder, notes) => self.set_notes(folder, notes),
            C::Remove(folder) => self.remove_run(folder),
            C::SaveReport(run, file) => self.work(Work::Report(run, file, self.shown.chosen_output())),
            C::SaveScalars(run, file) => self.work(Work::Scalars(run, file, self.shown.chosen_output())),
            C::UseModel(folder) => self.ctx.tell(News::Open(folder)),
            C::UseSettings(folder) => self.use_settings_of(&folder),
            C::SaveSettings(file) => {
                // What the form shows: during a run, the run's.
                let own = &self.ctx.settings;
                let (form, preprocessing) = match self.shown.training.active_settings() {
                    Some(run) => (&run.form, &run.preprocessing),
                    None => (&own.training, &own.preprocessing),
                };
                let settings = RunSettings::new(form.choices(), preprocessing);
                self.work(Work::SaveSettings(Box::new(settings), file, self.shown.chosen_output()));
            }
            C::LoadSettings(file) => self.work(Work::LoadSettings(file)),
            C::OpenReplay(folder) => {
                self.state.replay =
                    ReplayState { generation: self.state.replay.generation + 1, ..ReplayState::default() };
                self.ctx.tell(News::Show(Tab::Replay));
                self.ctx.show(View::Training);
                self.work(Work::OpenReplay(folder));
            }
            C::ShowEpoch(epoch) => self.show_epoch(epoch),
            C::Choose(which) => self.state.replay.chosen = which,
            C::Play(heard) => self.play_replay(heard),
        }
    }

    fn work(&self, work: Work) {
        self.control.worker.merge(|waiting| waiting.get_or_insert_default().push(work));
    }

    fn list_runs(&mut self) {
        self.state.runs.get_or_insert_default();
        self.read_list();
    }

    fn read_list(&self) {
        self.work(Work::List(self.ctx.data_dir.join("runs"), self.ctx.settings.models.clone()));
    }

    /// Adds the model in `folder` to the list of runs, unless it is one of them.
    pub(super) fn remember_model(&mut self, folder: &Path) {
        let folder = path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        if folder.starts_with(self.ctx.data_dir.join("runs")) {
            return;
        }
        let models = &mut self.ctx.settings.models;
        models.retain(|known| *known != folder);
        models.insert(0, folder);
        models.truncate(MODELS_LIMIT);
        if self.state.runs.is_some() {
            self.read_list();
        }
    }

    fn set_notes(&mut self, folder: PathBuf, notes: String) {
        if let Some(run) = self.state.runs.iter_mut().flatten().find(|run| run.folder == folder) {
            run.notes.clone_from(&notes);
        }
        self.work(Work::Notes(folder, notes));
    }

    fn remove_run(&mut self, folder: PathBuf) {
        if self.shown.training.run_folder.as_ref() == Some(&folder) && self.shown.training.status.is_busy() {
            self.ctx.notify(Severity::Warning, said!("message-active-run-stays"));
            return;
        }
        self.work(Work::Remove(folder));
    }

    fn use_settings_of(&mut self, folder: &PathBuf) {
        let Some(run) = self.state.runs.iter().flatten().find(|run| run.folder == *folder) else {
            return;
        };
        let config = &run.config;
        let form = TrainingForm::of_run(config, &run.record, self.ctx.settings.training.stream);
        let (preprocessing, name) = (config.preprocessing.clone(), run.name());
        self.ctx.tell(News::Preprocessing(preprocessing));
        self.ctx.tell(News::Form(Box::new(form)));
        self.ctx.notify(Severity::Info, said!("message-settings-of-run", name = name));
    }

    fn use_settings(&mut self, settings: &RunSettings) {
        let preprocessing = match settings.preprocessing_over(&self.ctx.settings.preprocessing) {
            Ok(preprocessing) => preprocessing,
            Err(error) => return self.ctx.notify(Severity::Error, error),
        };
        if settings.has_preprocessing() {
            self.ctx.tell(News::Preprocessing(preprocessing));
        }
        let form = &self.ctx.settings.training;
        let (model, training) = settings.choices.over(&form.model(), &form.training);
        let form = TrainingForm::of(&model, training, form.stream);
        self.ctx.tell(News::Form(Box::new(form)));
        self.ctx.notify(Severity::Info, said!("message-settings-of-file"));
    }

    fn show_epoch(&mut self, epoch: usize) {
        let replay = &mut self.state.replay;
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
        let replay = &self.state.replay;
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
                iterations: self.ctx.settings.iterations,
            };
            self.work(work);
        }
    }

    /// A run that trains is listed as running: its record says so only once the run is prepared.
    pub(super) fn mark_active_run(&mut self) {
        let Some(active) =
            self.shown.training.run_folder.as_ref().filter(|_| self.shown.training.status.is_busy())
        else {
            return;
        };
        if let Some(run) = self.state.runs.iter_mut().flatten().find(|run| run.folder == *active) {
            run.record.status = RunEnd::Running;
        }
    }

    /// The current run has begun to train, has saved what it has done, or has ended.
    pub(super) fn read_shown_list(&self) {
        if self.state.runs.is_some() {
            self.read_list();
        }
    }

    /// The replay of the run on show has another epoch: opens it, unless the person looks at another run's.
    pub(super) fn follow_replay(&self) {
        let Some(folder) = &self.shown.training.run_folder else { return };
        if self.state.replay.open.as_ref().is_none_or(|open| open.folder == *folder) {
            self.work(Work::OpenReplay(folder.clone()));
        }
    }

    /// Another run is on show: its replay takes the place of the one that is open.
    pub(super) fn forget_other_replay(&mut self) {
        let replay = &mut self.state.replay;
        if replay.open.as_ref().map(|open| &open.folder) != self.shown.training.run_folder.as_ref() {
            *replay = ReplayState { generation: replay.generation + 1, ..ReplayState::default() };
        }
    }

    pub(super) fn on(&mut self, event: RunsEvent) {
        match event {
            RunsEvent::Listed(list) => {
                self.state.runs = Some(list.runs);
                self.state.damaged = list.damaged;
                self.mark_active_run();
            }
            RunsEvent::Overlaid(run) => {
                let overlaid = &mut self.state.overlaid;
                overlaid.retain(|known| known.folder != run.folder);
                let used = |colour: usize| overlaid.iter().any(|known| known.colour == colour);
                let colour = (0..=overlaid.len()).find(|colour| !used(*colour)).unwrap_or(0);
                overlaid.push(OverlaidRun { colour, ..*run });
            }
            RunsEvent::Replay(_, Ok(open)) => self.on_replay(*open),
            RunsEvent::Replay(folder, Err(cause)) => {
                let replay = &mut self.state.replay;
                if replay.open.as_ref().is_none_or(|open| open.folder != folder) {
                    replay.error = Some(cause);
                }
            }
            RunsEvent::Epoch(folder, epoch, Ok(images)) => {
                let replay = &mut self.state.replay;
                if replay.epoch == epoch && replay.open.as_ref().is_some_and(|open| open.folder == folder) {
                    replay.images = Some((epoch, images));
                    replay.generation += 1;
                }
            }
            RunsEvent::Epoch(_, _, Err(cause)) | RunsEvent::Settings(Err(cause)) => {
                self.ctx.notify(Severity::Error, cause);
            }
            RunsEvent::Settings(Ok(settings)) => self.use_settings(&settings),
            RunsEvent::Removed(folder) => {
                let runs = &mut *self.state;
                runs.overlaid.retain(|run| run.folder != folder);
                runs.selected = runs.selected.take().filter(|selected| *selected != folder);
                runs.runs.iter_mut().for_each(|runs| runs.retain(|run| run.folder != folder));
                if runs.replay.open.as_ref().is_some_and(|open| open.folder == folder) {
                    let generation = runs.replay.generation + 1;
                    runs.replay = ReplayState { generation, ..ReplayState::default() };
                }
                self.ctx.settings.models.retain(|model| *model != folder);
                let path = shown(&folder).to_string();
                let words = if self.shown.plays_model_of(&folder) {
                    said!("message-run-in-use-removed", path = path)
                } else {
                    said!("message-run-removed", path = path)
                };
                self.ctx.notify(Severity::Info, words);
            }
            RunsEvent::Told(severity, text) => self.ctx.notify(severity, text),
        }
    }

    fn on_replay(&mut self, open: OpenReplay) {
        let replay = &mut self.state.replay;
        let epoch = open.replay.epochs.last().map_or(0, |epoch| epoch.epoch);
        let other = replay.open.as_ref().is_none_or(|known| known.folder != open.folder);
        // The epoch on show made room for others.
        let is_gone = open.replay.epochs.iter().all(|known| known.epoch != replay.epoch);
        replay.error = None;
        replay.open = Some(open);
        if other {
            replay.generation += 1;
            replay.images = None;
        }
        if (other || replay.follows) && epoch > 0 {
            self.show_epoch(epoch);
        } else if is_gone {
            let nearest = replay.epoch;
            self.show_epoch(nearest);
        }
    }
}
