//! What the window shows; changed by the session alone.

use std::{path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};

pub use super::{
    latent_state::{Decoded, LatentState, ModelOrigin, Nearby, Original},
    pieces::Pieces,
    training::state::{Closing, RunStatus, StepPoint, TrainingForm, TrainingState},
};
use crate::{
    audio::{folder::Skipped, left_out::LeftOut},
    explore::detail::Mix,
    jobs::scan::Recording,
    names,
    pipeline::{config::PreprocessingConfig, stages::Stages},
    playback::player::DeviceStatus,
};
pub use crate::{dsp::frequency_scale::FrequencyScale, inspect::colour_map::ColourMap};

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

/// Dark, light, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
    /// As the system has it.
    System,
}

/// Remembered between starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The folder to open at the next start; `None` for the demo sounds.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub last_folder: Option<PathBuf>,
    /// Newest first, at most ten.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub recent: Vec<PathBuf>,
    /// Models that were opened from elsewhere than the folder of runs, newest first, at most fifty: they are listed among
    /// the runs.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub models: Vec<PathBuf>,
    /// Preprocessing.
    pub preprocessing: PreprocessingConfig,
    /// The training form.
    pub training: TrainingForm,
    /// 0 to 1.
    pub volume: f32,
    /// Silenced.
    pub muted: bool,
    /// Theme.
    pub theme: ThemeChoice,
    /// Colour map.
    pub colour_map: ColourMap,
    /// How stages are drawn.
    pub stage_display: StageDisplay,
    /// The view that was open.
    pub view: View,
    /// Griffin-Lim iterations.
    pub iterations: usize,
    /// Detail that is added to the decoded image.
    pub detail: Mix,
    /// Playing: device, mode, controllers.
    pub playing: super::playing::PlayingSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            last_folder: None,
            recent: Vec::new(),
            models: Vec::new(),
            preprocessing: PreprocessingConfig::default(),
            training: TrainingForm::default(),
            volume: 0.8,
            muted: false,
            theme: ThemeChoice::default(),
            colour_map: ColourMap::default(),
            stage_display: StageDisplay::default(),
            view: View::default(),
            iterations: crate::pipeline::sound_generator::DEFAULT_ITERATIONS,
            detail: Mix::default(),
            playing: super::playing::PlayingSettings::default(),
        }
    }
}

/// How stages are drawn; what it does not fix follows each file.
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

/// Everything the window shows.
#[derive(Debug, Default)]
pub struct State {
    /// Remembered between starts.
    pub settings: Settings,
    /// The recordings.
    pub library: Library,
    /// The selected recording's stages.
    pub inspection: Inspection,
    /// The data set as a whole.
    pub data_set: super::data_set::DataSetState,
    /// The training run.
    pub training: TrainingState,
    /// Past runs.
    pub runs: super::runs::RunsState,
    /// The latent vector and its sound.
    pub latent: LatentState,
    /// The open recordings in the latent space, and ways through it.
    pub space: super::space::SpaceState,
    /// Sound.
    pub playback: PlaybackState,
    /// Playing the latent space as an instrument.
    pub playing: super::playing::PlayingState,
    /// Things to tell the person, oldest first.
    pub notices: Vec<Notice>,
}

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something was left out.
    Warning,
    /// Something failed.
    Error,
}

/// A message for the person, shown until it is dismissed or, for [`Severity::Info`], for some seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Distinguishes notices.
    pub id: u64,
    /// How grave it is.
    pub severity: Severity,
    /// The words.
    pub text: String,
}

/// The recordings of the open folder.
#[derive(Debug, Default)]
pub struct Library {
    /// The open folder.
    pub root: Option<PathBuf>,
    /// Whether these are the built-in demo sounds.
    pub is_demo: bool,
    /// All recordings, sorted by name.
    pub recordings: Vec<Recording>,
    /// Recordings that the person left out, by name; `recordings` has them, too.
    pub left_out: Arc<LeftOut>,
    /// How many of `recordings` are left out.
    pub left_out_count: usize,
    /// Where that list is kept, for `--exclude` on the command line; the file is there while the list has a name.
    pub left_out_file: Option<PathBuf>,
    /// Files that cannot be used, with causes.
    pub skipped: Vec<Skipped>,
    /// Recordings whose headers are still to be read.
    pub unread: usize,
    /// Sound files found so far by a scan that is under way.
    pub scanning: Option<usize>,
    /// What that scan looks through, where it is not the demo sounds.
    pub opening: Option<PathBuf>,
    /// The filter.
    pub search: String,
    /// Indices into `recordings` that match the filter.
    pub visible: Vec<usize>,
    /// Index into `recordings`.
    pub selected: Option<usize>,
    /// How classes are read; empty for parent folders.
    pub label_pattern: String,
    /// The files, where recordings are pieces of them.
    pub pieces: Pieces,
}

impl Library {
    /// Whether `recording` is left out.
    pub fn is_left_out(&self, recording: &Recording) -> bool {
        self.left_out.contains(&recording.name)
    }

    /// Leaves the recordings of `list` out, and no others.
    pub fn set_left_out(&mut self, list: Arc<LeftOut>) {
        self.left_out = list;
        self.left_out_count = self.recordings.iter().filter(|recording| self.is_left_out(recording)).count();
    }

    /// How many recordings are not left out.
    pub fn used(&self) -> usize {
        self.recordings.len().saturating_sub(self.left_out_count)
    }
}

/// The selected recording's stages.
#[derive(Debug, Default)]
pub struct Inspection {
    /// Whether stages are being computed.
    pub busy: bool,
    /// The newest stages, and the recording's index; kept while the next are computed.
    pub stages: Option<(usize, Arc<Stages>)>,
    /// A long sound in place of `stages`, and the recording's index.
    pub long: Option<(usize, super::long_view::LongView)>,
    /// The settings that made `stages`: axes are drawn from these, also while newer ones are being applied.
    pub config: PreprocessingConfig,
    /// Why there are none.
    pub error: Option<String>,
    /// Selected seconds, counted from the beginning of the padded signal.
    pub selection: Option<(f64, f64)>,
    /// Two recordings to compare.
    pub pins: [Option<Pin>; 2],
    /// Whether the pinned recordings are shown instead of the selected one.
    pub comparing: bool,
    /// Counts up whenever `stages` changes, for caches.
    pub generation: u64,
}

impl Inspection {
    /// The two pinned recordings, while they are shown in place of the selected one.
    pub fn compared(&self) -> Option<[&Pin; 2]> {
        match &self.pins {
            [Some(a), Some(b)] if self.comparing => Some([a, b]),
            _ => None,
        }
    }

    /// The selection in seconds of the loaded signal, which begins after padding on the left; `None` where nothing of the
    /// signal is selected.
    pub fn selected_signal(&self) -> Option<(f64, f64)> {
        let (from, to) = self.selection?;
        self.part_of_signal(from, to)
    }

    /// The part of the loaded signal to play, in its seconds: what is selected, else from `crosshair` on (seconds of the
    /// padded signal), else, of a long sound, from the left edge of the window on. `None` for all of it.
    pub fn part_to_play(&self, crosshair: Option<f64>) -> Option<(f64, f64)> {
        let from = |secs| self.part_of_signal(secs, f64::INFINITY);
        let at_crosshair = || crosshair.and_then(from);
        let in_sight = || self.long.as_ref().and_then(|(_, view)| from(view.looking.0));
        self.selected_signal().or_else(at_crosshair).or_else(in_sight)
    }

    /// Seconds of the padded signal in seconds of the loaded one, as far as there is some of it.
    fn part_of_signal(&self, from: f64, to: f64) -> Option<(f64, f64)> {
        let (start, len, rate_hz) = match (&self.stages, &self.long) {
            (Some((_, stages)), _) => (stages.signal_start, stages.signal.len(), stages.sample_rate_hz),
            (None, Some((_, view))) => {
                (view.sound.signal.start, view.sound.signal.len(), view.sound.config.sample_rate_hz)
            }
            (None, None) => return None,
        };
        let rate = f64::from(rate_hz.max(1));
        let (start, secs) = (start as f64 / rate, len as f64 / rate);
        let (from, to) = ((from - start).max(0.0), (to - start).min(secs));
        (from < to).then_some((from, to))
    }
}

/// Which of two recordings that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinSlot {
    /// The first.
    A,
    /// The second.
    B,
}

/// A recording kept for comparing.
#[derive(Clone, Debug)]
pub struct Pin {
    /// Its place in the library.
    pub recording: usize,
    /// Its name.
    pub name: String,
    /// Its stages.
    pub stages: Arc<Stages>,
    /// The settings that made them.
    pub config: PreprocessingConfig,
}

/// What can be heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// The selected recording as loaded.
    Recording(usize),
    /// The decoded sound.
    Decoded,
    /// The sound that the latent vector came from.
    Original,
    /// A recording that the pointer rests on, by its index in the library.
    Preview(usize),
    /// A rung of the ladder, counted from the original.
    Rung(usize),
    /// One of a replay's set.
    Replay(usize),
}

/// Sound.
#[derive(Debug)]
pub struct PlaybackState {
    /// The device, or why there is none.
    pub device: DeviceStatus,
    /// What is playing, and the seconds into it.
    pub playing: Option<(Source, f64)>,
}

impl Default for PlaybackState {
    fn default() -> Self {
        Self { device: DeviceStatus::Unavailable { reason: "not opened yet".to_owned() }, playing: None }
    }
}
