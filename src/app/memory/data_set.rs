//! UI state of the data set view.

use super::{charts::ChartMemory, thumbnail_grid::GridMemory};
use crate::inspect::doctor::check::Check;

/// UI state of the view.
#[derive(Default)]
pub struct DataSetMemory {
    /// UI state of the overview.
    pub overview: OverviewMemory,
    /// The check whose findings are listed; `None` for the first with findings.
    pub check: Option<Check>,
    /// The check that was scrolled to last.
    pub check_in_sight: Option<Check>,
    /// UI state of the comparison with Python.
    pub parity: ParityMemory,
}

impl DataSetMemory {
    /// A copy for a figure: only the filter.
    pub fn for_figure(&self) -> Self {
        Self { overview: self.overview.for_figure(), ..Self::default() }
    }
}

/// The tabs of the overview.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OverviewTab {
    #[default]
    Images,
    Classes,
    Distributions,
}

/// UI state of the overview.
#[derive(Default)]
pub struct OverviewMemory {
    /// The open tab.
    pub tab: OverviewTab,
    /// The class that is shown; `None` for all.
    pub class: Option<String>,
    /// The thumbnails.
    pub grid: GridMemory,
    /// The histograms.
    pub charts: ChartMemory,
    /// Whether it is drawn for a figure, which does not scroll.
    pub is_figure: bool,
}

impl OverviewMemory {
    /// A copy for a figure: only the filter.
    pub fn for_figure(&self) -> Self {
        Self { class: self.class.clone(), is_figure: true, ..Self::default() }
    }
}

/// UI state of the comparison with Python.
#[derive(Default)]
pub struct ParityMemory {
    /// Text to find in names and remarks.
    pub filter: String,
    /// Whether files that agree are hidden.
    pub only_different: bool,
}
