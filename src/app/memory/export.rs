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
        }
    }
}
