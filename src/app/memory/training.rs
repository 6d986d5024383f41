//! UI state of the training view.

use crate::{
    app::kinds::plot_kind::{PlotKind, XAxis},
    vae::steering::Setting,
};

/// UI state of the view.
#[derive(Clone, Debug)]
pub struct TrainingMemory {
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
    pub draft: Option<(Setting, f64)>,
}

impl Default for TrainingMemory {
    fn default() -> Self {
        Self {
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
