//! Past runs, as the window shows them.

use std::{path::PathBuf, sync::Arc};

use ndarray::Array3;

use crate::{
    jobs::runs::{record::RunSummary, replay::Replay},
    pipeline::config::PreprocessingConfig,
    session::training::state::StepPoint,
    vae::trainer::EpochReport,
};

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
