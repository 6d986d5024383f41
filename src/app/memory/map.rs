//! UI state of the map.

use std::collections::{BTreeMap, BTreeSet};

use eframe::egui::{Color32, TextureHandle, Vec2};

use crate::{app::widgets::map_view::MapView, inspect::colour_map::ColourMap};

/// UI state of the map.
pub struct MapMemory {
    /// The visible region.
    pub view: MapView,
    /// The layout's generation, and the canvas size that `view` was fitted to: `None` once the user zoomed or moved, so
    /// that a resize keeps the view.
    pub fitted: Option<(u64, Option<Vec2>)>,
    /// Colours of the points, and number of recordings per class.
    pub points: Points,
    /// Hidden classes.
    pub hidden: BTreeSet<String>,
    /// The row under the pointer, and since when.
    pub hovered: Option<(usize, f64)>,
    /// Whether its preview was requested.
    pub previewed: bool,
    /// Whether recordings play when the pointer rests on them.
    pub hears: bool,
    /// Whether the atlas is drawn behind the points.
    pub shows_atlas: bool,
    /// The lasso being drawn, in map units.
    pub lasso: Vec<[f32; 2]>,
    /// Recordings chosen with the lasso, by their indices in the library.
    pub chosen: Vec<usize>,
    /// The current drag.
    pub drag: Option<Drag>,
    /// Texture of the preview image.
    pub preview: Option<((usize, ColourMap), TextureHandle)>,
    /// Texture of the atlas.
    pub atlas: Option<((usize, ColourMap), TextureHandle)>,
    /// The visible region, and since when it is unchanged.
    pub still_since: (MapView, f64),
}

impl Default for MapMemory {
    fn default() -> Self {
        Self {
            view: MapView::default(),
            fitted: None,
            points: Points::default(),
            hidden: BTreeSet::new(),
            hovered: None,
            previewed: false,
            hears: true,
            shows_atlas: false,
            lasso: Vec::new(),
            chosen: Vec::new(),
            drag: None,
            preview: None,
            atlas: None,
            still_since: (MapView::default(), 0.0),
        }
    }
}

impl MapMemory {
    /// A copy for a figure, which shows the whole map: only the filter.
    pub fn for_figure(&self) -> Self {
        Self { hidden: self.hidden.clone(), ..Self::default() }
    }
}

/// What a drag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drag {
    /// Decodes the vector under the pointer.
    Play,
    /// Moves the visible region.
    Pan,
    /// Draws a lasso.
    Lasso,
}

/// Inputs of colours and counts; they are recomputed when these change.
#[derive(Clone, Debug, PartialEq)]
pub struct PointsKey {
    /// Of the map.
    pub generation: u64,
    /// The pattern that finds the classes.
    pub label_pattern: String,
    /// Hidden classes.
    pub hidden: BTreeSet<String>,
    /// Whether the theme is dark.
    pub dark: bool,
}

/// Colours of the points and number of recordings per class, cached by map, theme and filter: looking up the classes
/// of a hundred thousand points takes longer than drawing them.
#[derive(Default)]
pub struct Points {
    pub key: Option<PointsKey>,
    /// The colour of each row; `None` for hidden ones.
    pub colours: Vec<Option<Color32>>,
    /// Every class with its number of recordings.
    pub classes: BTreeMap<String, usize>,
}

impl Points {
    /// Whether the row is visible.
    pub fn shows(&self, row: usize) -> bool {
        self.colours.get(row).is_some_and(Option::is_some)
    }
}
