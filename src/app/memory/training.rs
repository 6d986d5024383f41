//! UI state of the training view.

use crate::{
    app::kinds::plot_kind::{PlotKind, XAxis},
    vae::steering::Setting,
};

/// The two halves of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FormOrRun {
    /// The settings of the next run.
    #[default]
    Form,
    /// The run, its replay, or all runs.
    Run,
}

/// A setting of the run while its field is dragged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SettingDraft {
    /// The setting.
    pub setting: Setting,
    /// The value that the field shows.
    pub value: f64,
}

/// UI state of the view.
#[derive(Clone, Debug)]
pub struct TrainingMemory {
    /// What is open where the window has room for one of them.
    pub open: FormOrRun,
    /// The quantity on the horizontal axes.
    pub along: XAxis,
    /// Visible plots, in order.
    pub shown: Vec<PlotKind>,
    /// Whether losses are on logarithmic axes.
    pub is_logarithmic: bool,
    /// Weight of the past in the smoothed curves.
    pub smoothing: f64,
    /// Whether dimensions are ordered by number instead of by size.
    pub by_number: bool,
    /// Pointer position on the shared horizontal axis.
    pub cursor: Option<f64>,
    /// Whether to reset the zoom of the plots.
    pub shows_all: bool,
    /// A setting of the run that is being dragged.
    pub draft: Option<SettingDraft>,
}

impl Default for TrainingMemory {
    fn default() -> Self {
        Self {
            open: FormOrRun::default(),
            along: XAxis::default(),
            shown: PlotKind::FIRST.to_vec(),
            is_logarithmic: true,
            smoothing: 0.6,
            by_number: false,
            cursor: None,
            shows_all: false,
            draft: None,
        }
    }
}
