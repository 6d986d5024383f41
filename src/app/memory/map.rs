//! UI state of the map.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use eframe::egui::{Color32, TextureHandle, Vec2};

use crate::{
    app::{pictures::visible_colours::VisibleColours, widgets::map_view::MapView},
    inspect::colour_map::ColourMap,
    language::text,
};

/// UI state of the map.
pub struct MapMemory {
    /// The visible region.
    pub view: MapView,
    /// What `view` was fitted to.
    pub fitted: Option<FittedView>,
    /// What the colours of the points show.
    pub coloured_by: ColourBy,
    /// Colours of the points, and number of recordings per class.
    pub points: Points,
    /// Hidden classes.
    pub hidden: BTreeSet<String>,
    /// The row under the pointer.
    pub hovered: Option<HoveredRow>,
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
    /// The list of recordings in which they were chosen.
    pub chosen_in: ChosenIn,
    /// The current drag.
    pub drag: Option<Drag>,
    /// Texture of the preview image.
    pub preview: Option<MapTexture>,
    /// Texture of the atlas.
    pub atlas: Option<MapTexture>,
    /// The visible region while it is unchanged.
    pub still: StillView,
}

impl Default for MapMemory {
    fn default() -> Self {
        Self {
            view: MapView::default(),
            fitted: None,
            coloured_by: ColourBy::default(),
            points: Points::default(),
            hidden: BTreeSet::new(),
            hovered: None,
            previewed: false,
            hears: true,
            shows_atlas: false,
            lasso: Vec::new(),
            chosen: Vec::new(),
            chosen_in: ChosenIn::default(),
            drag: None,
            preview: None,
            atlas: None,
            still: StillView::default(),
        }
    }
}

impl MapMemory {
    /// A copy for a figure, which shows the whole map: only the filter, what the colours show, and whether the atlas is on.
    pub fn for_figure(&self) -> Self {
        Self {
            hidden: self.hidden.clone(),
            coloured_by: self.coloured_by,
            shows_atlas: self.shows_atlas,
            ..Self::default()
        }
    }
}

/// A list of recordings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChosenIn {
    /// Its folder.
    pub root: Option<PathBuf>,
    /// How many there are.
    pub recordings: usize,
}

/// What the visible region was fitted to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FittedView {
    /// Of the layout.
    pub generation: u64,
    /// Size of the canvas; `None` once the user zoomed or moved, so that a resize keeps the view.
    pub canvas: Option<Vec2>,
}

/// The row under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HoveredRow {
    /// The row.
    pub row: usize,
    /// When the pointer came to it, in seconds of egui's clock.
    pub since_secs: f64,
}

/// A visible region.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StillView {
    /// The region.
    pub view: MapView,
    /// Since when it is unchanged, in seconds of egui's clock.
    pub since_secs: f64,
}

/// A cached texture of an image on the map.
pub struct MapTexture {
    /// The image: the index of a recording, or the address of an atlas.
    pub source: usize,
    /// The colour map that it is drawn with.
    pub colour_map: ColourMap,
    /// The texture.
    pub texture: TextureHandle,
}

impl MapTexture {
    /// Whether it shows this image with this colour map.
    pub fn shows(&self, source: usize, colour_map: ColourMap) -> bool {
        self.source == source && self.colour_map == colour_map
    }
}

/// What the colours of the points show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourBy {
    /// The class.
    #[default]
    Class,
    /// Seconds of the recording.
    Duration,
    /// How loud it is.
    Level,
    /// How bright it is.
    Brightness,
    /// How far its image is from what the model makes of it.
    Error,
}

impl ColourBy {
    /// All, in the order of the menu.
    pub const ALL: [Self; 5] = [Self::Class, Self::Duration, Self::Level, Self::Brightness, Self::Error];

    /// Name, unit of the values, and explanation.
    pub fn words(self) -> (String, &'static str, String) {
        match self {
            Self::Class => (text!("map-by-class"), "", text!("map-by-class-help")),
            Self::Duration => (text!("map-by-duration"), "s", text!("map-by-duration-help")),
            Self::Level => (text!("map-by-level"), "dB", text!("map-by-level-help")),
            Self::Brightness => (text!("map-by-brightness"), "Hz", text!("map-by-brightness-help")),
            Self::Error => (text!("measures-error"), "MSE", text!("measures-error-help")),
        }
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
    /// What the colours show.
    pub coloured_by: ColourBy,
    /// The colour map of measures.
    pub colour_map: ColourMap,
    /// Whether the reconstruction errors are known, where the colours show them.
    pub has_errors: bool,
    /// How many recordings' headers are still to be read: durations come with them.
    pub unread: usize,
}

/// Colours of the points and number of recordings per class, cached by map, theme and filter: looking up the classes
/// of a hundred thousand points takes longer than drawing them.
#[derive(Default)]
pub struct Points {
    pub key: Option<PointsKey>,
    /// The colour of each row; `None` for hidden ones.
    pub colours: Vec<Option<Color32>>,
    /// The rows in the order in which they are drawn: random, the same each time, so that no class covers the others.
    pub order: Vec<usize>,
    /// The values of a measure, by row; empty for classes and before they are known.
    pub values: Vec<Option<f32>>,
    /// The range of a measure's colours.
    pub range: Option<(f32, f32)>,
    /// Whether values lie below and above it.
    pub exceeded: (bool, bool),
    /// The colours of a measure.
    pub scale: VisibleColours,
    /// Every class with its number of recordings.
    pub classes: BTreeMap<String, usize>,
}

impl Points {
    /// Whether the row is visible.
    pub fn shows(&self, row: usize) -> bool {
        self.colours.get(row).is_some_and(Option::is_some)
    }
}
