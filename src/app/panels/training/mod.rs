//! Training: settings at the left; at the right the run, its epochs one by one, or all runs.

mod form;
mod replay;
mod run;
mod runs;

use eframe::egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

pub use run::figure;

use crate::{
    app::{
        theme::{GAP, ROW},
        window::PanelContext,
    },
    session::{
        Command,
        training::{Part, TrainingCommand},
    },
};

const PARTS: [(Part, &str, &str); 3] = [
    (Part::Run, "Run", "The run under way, or the last one: its curves, figures and files"),
    (Part::Replay, "Replay", "What the model made of recordings after every epoch of a run"),
    (Part::Runs, "Runs", "All runs that were kept: compare, resume, report"),
];

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
                form::show(ui, context);
            });
        });
    CentralPanel::no_frame().show(ui, |ui| {
        tabs(ui, context);
        match context.state.training.part {
            Part::Run => run::show(ui, context),
            Part::Replay => replay::show(ui, context),
            Part::Runs => runs::show(ui, context),
        }
    });
}

fn tabs(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let open = context.state.training.part;
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        for (part, name, hint) in PARTS {
            if ui.selectable_label(part == open, name).on_hover_text(hint).clicked() {
                context.send(Command::Training(TrainingCommand::Show(part)));
            }
        }
    });
    ui.add_space(GAP);
}
