//! Settings that are kept between sessions.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{playing::settings::PlayingSettings, training::form::TrainingForm};
use crate::{
    dsp::frequency_scale::FrequencyScale, explore::detail::Mix, inspect::colour_map::ColourMap,
    language::LanguageChoice, names, pipeline::config::PreprocessingConfig,
};

/// The main views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// Stages of the selected recording.
    #[default]
    Stages,
    /// The data set as a whole.
    DataSet,
    /// Training.
    Training,
    /// The latent space.
    Latent,
}

/// Theme: dark, light, or the system's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
    /// The system's theme.
    System,
}

/// What the window says during the first minute; all of it is off for someone who knows the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FirstSteps {
    /// Whether the window was opened before.
    pub has_started: bool,
    /// Whether the cards that lead on are shown.
    pub shows_cards: bool,
    /// Whether the map says that it can be dragged.
    pub shows_drag_hint: bool,
}

/// Settings that are kept between sessions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What the window says during the first minute.
    pub first_steps: FirstSteps,
    /// The folder to open at the next start; `None` for the demo sounds.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub last_folder: Option<PathBuf>,
    /// Recently opened folders, newest first, at most ten.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub recent: Vec<PathBuf>,
    /// Models that were opened from elsewhere than the folder of runs, newest first, at most fifty: they are listed among
    /// the runs.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub models: Vec<PathBuf>,
    /// The model to open at the next start; `None` for the demo's.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub last_model: Option<PathBuf>,
    /// The run whose curves to show at the next start.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub last_run: Option<PathBuf>,
    /// Preprocessing.
    pub preprocessing: PreprocessingConfig,
    /// The training form.
    pub training: TrainingForm,
    /// Volume, 0 to 1.
    pub volume: f32,
    /// Whether sound is muted.
    pub muted: bool,
    /// Theme.
    pub theme: ThemeChoice,
    /// Language of the window.
    pub language: LanguageChoice,
    /// Colour map.
    pub colour_map: ColourMap,
    /// How stages are drawn.
    pub stage_display: StageDisplay,
    /// The view that was open.
    pub view: View,
    /// Whether the list of recordings is folded away.
    pub list_folded: bool,
    /// Griffin-Lim iterations.
    pub iterations: usize,
    /// Detail that is added to the decoded image.
    pub detail: Mix,
    /// Playing: device, mode, controllers.
    pub playing: PlayingSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            first_steps: FirstSteps::default(),
            last_folder: None,
            recent: Vec::new(),
            models: Vec::new(),
            last_model: None,
            last_run: None,
            preprocessing: PreprocessingConfig::default(),
            training: TrainingForm::default(),
            volume: 0.8,
            muted: false,
            theme: ThemeChoice::default(),
            language: LanguageChoice::default(),
            colour_map: ColourMap::default(),
            stage_display: StageDisplay::default(),
            view: View::default(),
            list_folded: false,
            iterations: crate::pipeline::sound_generator::DEFAULT_ITERATIONS,
            detail: Mix::default(),
            playing: PlayingSettings::default(),
        }
    }
}

/// Folders and models that are remembered at most.
pub(super) const RECENT_LIMIT: usize = 10;
pub(super) const MODELS_LIMIT: usize = 50;

/// The first `most` of `own`, then of what is in `other` and was not there `before`: another window has added it.
fn merged(own: &[PathBuf], other: &[PathBuf], before: &[PathBuf], most: usize) -> Vec<PathBuf> {
    let added = other.iter().filter(|path| !before.contains(path) && !own.contains(path));
    own.iter().chain(added).take(most).cloned().collect()
}

impl Settings {
    /// These settings with the folders and models that another window has added to `other` since both were like `before`.
    #[must_use]
    pub fn with_lists_of(&self, other: &Self, before: &Self) -> Self {
        Self {
            recent: merged(&self.recent, &other.recent, &before.recent, RECENT_LIMIT),
            models: merged(&self.models, &other.models, &before.models, MODELS_LIMIT),
            ..self.clone()
        }
    }

    /// Call when the window opens and nothing was named on the command line. The very first time, it shows the demo in
    /// [`View::Latent`] and where to go from there.
    pub fn begin(&mut self) {
        let is_first = !self.first_steps.has_started && self.last_folder.is_none() && self.recent.is_empty();
        self.first_steps.has_started = true;
        if is_first {
            self.view = View::Latent;
            (self.first_steps.shows_cards, self.first_steps.shows_drag_hint) = (true, true);
        }
    }
}

/// How stages are drawn. Ranges that are not fixed follow each file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StageDisplay {
    /// Spacing of the frequency axes.
    pub frequency: FrequencyScale,
    /// Values of the first and last colour of the feature, in dB or natural log; `None` for each file's own.
    pub feature_range: Option<(f32, f32)>,
    /// Largest amplitude of the waveforms' axes; `None` for each file's own.
    pub amplitude: Option<f32>,
}
