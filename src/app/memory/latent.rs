//! UI state of the latent view.

use super::map::MapMemory;

/// UI state of the view.
#[derive(Default)]
pub struct LatentMemory {
    /// The open tab of the left panel.
    pub side_tab: SideTab,
    /// The open tab of the main area.
    pub main_tab: MainTab,
    /// Whether the play button is held.
    pub play_is_down: bool,
    /// UI state of the sliders.
    pub sliders: SlidersMemory,
    /// UI state of the travel tab.
    pub travel: TravelMemory,
    /// UI state of the map.
    pub map: MapMemory,
}

impl LatentMemory {
    /// A copy for a figure.
    pub fn for_figure(&self) -> Self {
        Self { map: self.map.for_figure(), ..Self::default() }
    }
}

/// Tabs of the left panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SideTab {
    #[default]
    Sliders,
    Travel,
    Export,
}

/// Tabs of the main area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MainTab {
    /// What the left panel has, where the window has no room for that.
    Side,
    /// The map, with the decoded sound below or beside it.
    #[default]
    Map,
    /// The decoded sound alone, large.
    Sound,
    /// A recording after each step through the model and back.
    Ladder,
}

/// UI state of the sliders.
#[derive(Default)]
pub struct SlidersMemory {
    /// The typed name or number of an axis.
    pub search: String,
    /// Whether unused axes show.
    pub shows_dead: bool,
}

/// UI state of the travel tab.
#[derive(Default)]
pub struct TravelMemory {
    /// The typed name of the current vector.
    pub name: String,
}
