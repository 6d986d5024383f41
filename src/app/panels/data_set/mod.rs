//! The data set view: four parts, one shown at a time.

mod doctor;
pub mod loading;
pub mod overview;
pub mod parity;
mod picture;
mod remedies;
mod selection;

use eframe::egui::{RichText, Ui};

use crate::{
    app::{
        context::PanelContext,
        theme::GAP,
        widgets::{room, toolbar},
    },
    session::{
        Command,
        data_set::{DataSetCommand, Tab},
    },
};

const PARTS: [(Tab, &str, &str); 4] = [
    (Tab::Overview, "Overview", "Every image, mean and spread of each class, distributions"),
    (Tab::Doctor, "Doctor", "Recordings with faults, and why they matter"),
    (Tab::Loading, "Loading", "Which loads faster: saved images or the sounds?"),
    (Tab::Parity, "Parity", "Images of the Python pipeline, compared with ours"),
];

/// Least height of a part; below, it scrolls.
const LEAST_HEIGHT: f32 = 380.0;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let open = context.state.data_set.part;
    toolbar::show(ui, |ui| {
        for (part, name, hint) in PARTS {
            let text = RichText::new(name);
            if ui.selectable_label(part == open, text).on_hover_text(hint).clicked() {
                context.send(Command::DataSet(DataSetCommand::Show(part)));
            }
        }
    });
    ui.add_space(GAP);
    room::at_least(ui, "data set", LEAST_HEIGHT, |ui| match open {
        Tab::Overview => overview::show(ui, context),
        Tab::Doctor => doctor::show(ui, context),
        Tab::Loading => loading::show(ui, context),
        Tab::Parity => parity::show(ui, context),
    });
}
