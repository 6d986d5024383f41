//! State of past runs.

use std::{path::PathBuf, sync::Arc};

use ndarray::Array3;

use crate::{
    jobs::runs::{record::RunSummary, replay::Replay},
    pipeline::config::PreprocessingConfig,
    session::{spoken::Spoken, training::state::StepPoint},
    vae::trainer::EpochReport,
};

/// A past run whose curves are drawn over those of the current one.
#[derive(Clone, Debug, PartialEq)]
pub struct OverlaidRun {
    /// Its folder.
    pub folder: PathBuf,
    /// Its name.
    pub name: String,
    /// Which of the theme's colours it has.
    pub colour: usize,
    /// One report per epoch.
    pub epochs: Vec<EpochReport>,
    /// Its curve in a bounded number of points.
    pub steps: Vec<StepPoint>,
}

/// An open replay.
#[derive(Clone, Debug)]
pub struct OpenReplay {
    /// The run's folder.
    pub folder: PathBuf,
    /// The replay.
    pub replay: Arc<Replay>,
    /// The settings that made the images.
    pub config: PreprocessingConfig,
    /// The recordings in 0..1.
    pub originals: Arc<Array3<f32>>,
}

/// State of the replay.
#[derive(Debug)]
pub struct ReplayState {
    /// The replay.
    pub open: Option<OpenReplay>,
    /// Error, if it could not be opened.
    pub error: Option<Spoken>,
    /// The epoch that is shown.
    pub epoch: usize,
    /// Whether newer epochs are shown as they arrive.
    pub follows: bool,
    /// The images of an epoch: the last that were read.
    pub images: Option<(usize, Arc<Array3<f32>>)>,
    /// Index of the chosen image, recordings first.
    pub chosen: usize,
    /// Incremented whenever images change, so that caches can tell.
    pub generation: u64,
}

impl Default for ReplayState {
    fn default() -> Self {
        Self { open: None, error: None, epoch: 0, follows: true, images: None, chosen: 0, generation: 0 }
    }
}

/// State of past runs.
#[derive(Debug, Default)]
pub struct RunsState {
    /// Runs, newest first; `None` until requested.
    pub runs: Option<Vec<RunSummary>>,
    /// Folders that cannot be read, with the reasons.
    pub damaged: Vec<(PathBuf, String)>,
    /// The run whose page is open.
    pub selected: Option<PathBuf>,
    /// Runs whose curves are overlaid.
    pub overlaid: Vec<OverlaidRun>,
    /// The open replay.
    pub replay: ReplayState,
}

impl RunsState {
    /// The run whose page is open.
    pub fn selected(&self) -> Option<&RunSummary> {
        let selected = self.selected.as_ref()?;
        self.runs.iter().flatten().find(|run| run.folder == *selected)
    }
}
