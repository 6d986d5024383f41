//! The data set view: four parts, one shown at a time.

mod check_words;
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
    language::{Key, key},
    session::{
        Command,
        data_set::{DataSetCommand, Tab},
    },
};

const PARTS: [(Tab, Key, Key); 4] = [
    (Tab::Overview, key!("data-set-overview"), key!("data-set-overview-help")),
    (Tab::Doctor, key!("data-set-doctor"), key!("data-set-doctor-help")),
    (Tab::Loading, key!("data-set-loading"), key!("data-set-loading-help")),
    (Tab::Parity, key!("data-set-parity"), key!("data-set-parity-help")),
];

/// Least height of a part; below, it scrolls.
const LEAST_HEIGHT: f32 = 380.0;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let open = context.state.data_set.part;
    toolbar::show(ui, |ui| {
        for (part, name, hint) in PARTS {
            let text = RichText::new(name.text());
            if ui.selectable_label(part == open, text).on_hover_text(hint.text()).clicked() {
                context.send(Command::DataSet(DataSetCommand::Show(part)));
            }
        }
    });
    ui.add_space(GAP);
    // Each tab is scrolled by itself.
    room::at_least_whole(ui, &format!("data set: {open:?}"), LEAST_HEIGHT, |ui| match open {
        Tab::Overview => overview::show(ui, context),
        Tab::Doctor => doctor::show(ui, context),
        Tab::Loading => loading::show(ui, context),
        Tab::Parity => parity::show(ui, context),
    });
}
