//! The state that the window shows. Each part of the session changes only its own.

use super::{
    data_set::DataSetState,
    playing::state::PlayingState,
    runs::state::RunsState,
    space::state::SpaceState,
    task::TaskStatus,
    writing::{ClosingFiles, Writing},
};
pub use super::{
    inspection::state::{Inspection, Pin, PinSlot},
    latent::state::{Decoded, LatentState, LoadedModel, ModelOrigin, Nearby, Original},
    library::{pieces_state::Pieces, state::Library},
    notices::{About, Notice, NoticeFile, Severity},
    playback::PlaybackState,
    settings::{FirstSteps, Settings, StageDisplay, ThemeChoice, View},
    sound::Source,
    training::{
        form::TrainingForm,
        state::{Closing, RunStatus, StepPoint, TrainingState},
    },
};
pub use crate::{dsp::frequency_scale::FrequencyScale, inspect::colour_map::ColourMap};

/// Everything the window shows.
#[derive(Debug, Default)]
pub struct State {
    /// Settings that are kept between sessions.
    pub settings: Settings,
    /// The recordings.
    pub library: Library,
    /// The selected recording's stages.
    pub inspection: Inspection,
    /// The data set as a whole.
    pub data_set: DataSetState,
    /// The training run.
    pub training: TrainingState,
    /// Past runs.
    pub runs: RunsState,
    /// The latent vector and its sound.
    pub latent: LatentState,
    /// The open recordings in the latent space, and travel through it.
    pub space: SpaceState,
    /// Sound.
    pub playback: PlaybackState,
    /// Playing the latent space as an instrument.
    pub playing: PlayingState,
    /// Closing the window while files are written.
    pub closing: ClosingFiles,
    /// Notices, oldest first.
    pub notices: Vec<Notice>,
}

impl State {
    /// The files that are being written; `None` without any.
    pub fn writing(&self) -> Option<Writing> {
        let images = self.data_set.overview.saving.is_some().then_some(&self.data_set.overview.status);
        let export = &self.space.export;
        let mut writing = None;
        for status in [Some(&export.status), images].into_iter().flatten() {
            if let TaskStatus::Running { done, total, .. } = status {
                let sum: &mut Writing = writing.get_or_insert_default();
                sum.done += done;
                sum.total += total;
            }
        }
        writing.map(|writing| Writing { waiting: export.waiting, ..writing })
    }
}
