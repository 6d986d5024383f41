//! A block of settings in the training form: the fields of all blocks stand below each other.

use eframe::egui::Ui;

use crate::app::widgets::labelled::form_with_labels;

/// Width of the longest label, *Reconstruction weight*, in points.
const LABELS: f32 = 138.0;

/// Draws rows of labels and fields.
pub fn block(ui: &mut Ui, name: &str, rows: impl FnOnce(&mut Ui)) {
    form_with_labels(ui, name, LABELS, rows);
}
