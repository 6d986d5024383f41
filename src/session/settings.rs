//! Settings that are kept between sessions.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
fn merged_list(own: &[PathBuf], other: &[PathBuf], before: &[PathBuf], most: usize) -> Vec<PathBuf> {
    let added = other.iter().filter(|path| !before.contains(path) && !own.contains(path));
    own.iter().chain(added).take(most).cloned().collect()
}

/// What only `other` has changed since `before` is as it is there, all else as in `own`.
fn three_way(own: Value, other: Value, before: &Value) -> Value {
    let (mut own, mut other) = match (own, other) {
        (Value::Object(own), Value::Object(other)) => (own, other),
        (own, other) => return if own == *before { other } else { own },
    };
    let nothing = Value::Null;
    for (key, value) in &mut own {
        let before = before.get(key).unwrap_or(&nothing);
        // Of a table of settings, both have every key; of a person's table, what the other one has removed stays here.
        let others = other.remove(key).unwrap_or_else(|| value.clone());
        *value = three_way(value.take(), others, before);
    }
    // What is left has been added there, or removed here.
    own.extend(other.into_iter().filter(|(key, _)| before.get(key).is_none()));
    Value::Object(own)
}

impl Settings {
    /// These settings with what another window has changed in `other` since both were like `before`. What both have changed
    /// stays as it is here.
    #[must_use]
    pub fn merged_with(&self, other: &Self, before: &Self) -> Self {
        let [own, others, common] = [self, other, before].map(|settings| serde_json::to_value(settings).ok());
        let merged = own.zip(others).zip(common).map(|((own, other), before)| three_way(own, other, &before));
        let merged: Self =
            merged.and_then(|merged| serde_json::from_value(merged).ok()).unwrap_or_else(|| self.clone());
        Self {
            recent: merged_list(&self.recent, &other.recent, &before.recent, RECENT_LIMIT),
            models: merged_list(&self.models, &other.models, &before.models, MODELS_LIMIT),
            ..merged
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
    /// Magnitude of the last colour of the STFT, and of the highest level of the spectrum; `None` for each file's own.
    pub magnitude: Option<f32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_windows_keep_what_each_has_changed() {
        let mut before = Settings { volume: 0.3, recent: vec!["/old".into()], ..Settings::default() };
        before.playing.controls.insert(7, (true, 0));
        let mut own = Settings { volume: 0.5, view: View::Training, ..before.clone() };
        own.playing.controls.clear();
        own.recent.insert(0, "/own".into());
        let mut other = Settings { theme: ThemeChoice::Light, view: View::Latent, ..before.clone() };
        other.playing.controls.insert(9, (false, 3));
        other.recent.insert(0, "/other".into());
        let merged = own.merged_with(&other, &before);
        assert_eq!((merged.volume, merged.theme, merged.view), (0.5, ThemeChoice::Light, View::Training));
        assert_eq!(merged.playing.controls.into_iter().collect::<Vec<_>>(), [(9, (false, 3))]);
        assert_eq!(merged.recent, ["/own", "/old", "/other"].map(PathBuf::from));
        assert_eq!(own.merged_with(&before, &before), own);
    }
}
