//! UI state of the export sheet.

use crate::{app::kinds::figure_kind::FigureKind, jobs::export::figures::StageArray};

/// The choices in the sheet.
#[derive(Clone, Debug)]
pub struct ExportMemory {
    /// Whether the sheet is open.
    pub open: bool,
    /// What the figure shows.
    pub kind: FigureKind,
    /// Width and height, in points.
    pub size: [u32; 2],
    /// Pixels per point of a PNG.
    pub scale: u32,
    /// Whether it has the light theme.
    pub is_light: bool,
    /// The stage whose array is exported.
    pub stage: StageArray,
    /// The height of the figure with its contents.
    pub height: Option<FigureHeight>,
}

/// The height of a figure, which is computed once its size is no longer being changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigureHeight {
    /// Of what.
    pub kind: FigureKind,
    /// With which chosen size, in points.
    pub size: [u32; 2],
    /// Since when both are unchanged, in seconds of egui's clock.
    pub since_secs: f64,
    /// The height in points, once it is known.
    pub points: Option<f32>,
}

impl Default for ExportMemory {
    /// The window's usual size, sharp in print, light theme.
    fn default() -> Self {
        Self {
            open: false,
            kind: FigureKind::Stages,
            size: [1280, 800],
            scale: 2,
            is_light: true,
            stage: StageArray::Normalised,
            height: None,
        }
    }
}
