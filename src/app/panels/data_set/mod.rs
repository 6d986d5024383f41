//! The data set as a whole: four parts, one at a time.

mod doctor;
mod loading;
mod overview;
mod parity;

use eframe::egui::{RichText, Ui};

use crate::{
    app::{
        theme::{GAP, ROW},
        window::PanelContext,
    },
    session::{
        Command,
        data_set::{DataSetCommand, Part},
    },
};

const PARTS: [(Part, &str, &str); 4] = [
    (Part::Overview, "Overview", "Every image, mean and spread of each class, distributions"),
    (Part::Doctor, "Doctor", "Recordings that something is wrong with, and why it matters"),
    (Part::Loading, "Loading", "Are saved images or the sounds themselves read faster?"),
    (Part::Parity, "Parity", "A folder that the Python pipeline wrote, compared with ours"),
];

/// Draws the view.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let open = context.state.data_set.part;
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        for (part, name, hint) in PARTS {
            let words = RichText::new(name);
            if ui.selectable_label(part == open, words).on_hover_text(hint).clicked() {
                context.send(Command::DataSet(DataSetCommand::Show(part)));
            }
        }
    });
    ui.add_space(GAP);
    match open {
        Part::Overview => overview::show(ui, context),
        Part::Doctor => doctor::show(ui, context),
        Part::Loading => loading::show(ui, context),
        Part::Parity => parity::show(ui, context),
    }
}
