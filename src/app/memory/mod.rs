//! UI state of the window, one file a panel: what a panel remembers from frame to frame and the session does not need.
//!
//! It lies below the panels, because every panel gets all of it.

pub mod charts;
pub mod data_set;
pub mod export;
pub mod latent;
pub mod library;
pub mod map;
pub mod thumbnail_grid;
pub mod training;

use std::collections::BTreeMap;

use super::{
    dialogs::Dialogs,
    pictures::{
        difference::Difference, effect_pictures::EffectPictures, envelopes::Envelopes, textures::Textures,
    },
    widgets::{class_chip::ClassColours, strip::Strip},
};
use crate::{language::Language, pipeline::config::PreprocessingConfig, session::State};

/// The largest magnitude of the stages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudest {
    /// Of the stages.
    pub generation: u64,
    /// The largest magnitude.
    pub magnitude: f32,
}

/// UI state of the window: whatever the session does not need.
#[derive(Default)]
pub struct WindowMemory {
    /// Whether the sheet of shortcuts is open.
    pub sheet_open: bool,
    /// Whether the window with version, licences and notices is open.
    pub about_open: bool,
    /// What *as the system* means in the choice of the language.
    pub system_language: Language,
    /// Whether to focus the search field in this frame.
    pub focus_search: bool,
    /// Edited settings that are not valid yet; the session has the last valid ones.
    pub draft: Option<PreprocessingConfig>,
    /// Settings in the dialog about a model without preprocessing settings.
    pub assumed_draft: Option<PreprocessingConfig>,
    /// When each notice was first seen, in seconds of egui's clock.
    pub notices: BTreeMap<u64, f64>,
    /// UI state of the recording list.
    pub list: library::ListMemory,
    /// Shared state of the stages' rows.
    pub strip: Strip,
    /// Zoom of a file that is cut into pieces.
    pub cut_strip: Strip,
    /// Zoom of the decoded sound.
    pub decoded: Strip,
    /// Which stages are folded, in order.
    pub folded_stages: [bool; 5],
    /// The difference of two pinned recordings.
    pub difference: Difference,
    /// The largest magnitude of the stages.
    pub loudest: Option<Loudest>,
    /// File dialogs.
    pub dialogs: Dialogs,
    /// Textures of images.
    pub textures: Textures,
    /// Envelopes of waveforms.
    pub envelopes: Envelopes,
    /// Colours of classes.
    pub classes: ClassColours,
    /// UI state of the data set view.
    pub data_set: data_set::DataSetMemory,
    /// UI state of the training view.
    pub training: training::TrainingMemory,
    /// UI state of the latent view.
    pub latent: latent::LatentMemory,
    /// Effect pictures of the latent axes.
    pub effects: EffectPictures,
    /// UI state of the export sheet.
    pub export: export::ExportMemory,
}

impl WindowMemory {
    /// Time of the crosshair kept by a click in the current view, in seconds.
    pub fn kept_secs(&self, state: &State) -> Option<f64> {
        let strip = if state.library.pieces.shown.is_some() { &self.cut_strip } else { &self.strip };
        strip.kept_secs()
    }

    /// A copy for a figure of `state`: zoom, crosshair, folds and filters, with new caches.
    pub fn for_figure(&self, state: &State) -> Self {
        let mut memory = Self {
            strip: self.strip.for_figure(),
            decoded: self.decoded.for_figure(),
            folded_stages: self.folded_stages,
            data_set: self.data_set.for_figure(),
            training: training::TrainingMemory { cursor: None, draft: None, ..self.training.clone() },
            latent: self.latent.for_figure(),
            ..Self::default()
        };
        memory.classes.update(&state.library);
        memory
    }
}
