//! Training: settings at the left, the run and its curves at the right.

use eframe::egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

use super::{training_form, training_run};
use crate::app::{theme::GAP, window::PanelContext};

/// Draws the view.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let side = Frame::new().inner_margin(Margin { right: GAP as i8, ..Margin::ZERO });
    Panel::left("training settings")
        .exact_size(288.0)
        .resizable(false)
        .show_separator_line(false)
        .frame(side)
        .show(ui, |ui| {
            ScrollArea::vertical().id_salt("training form").auto_shrink([false, false]).show(ui, |ui| {
                training_form::show(ui, context);
            });
        });
    CentralPanel::no_frame().show(ui, |ui| training_run::show(ui, context));
}
