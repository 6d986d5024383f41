//! The training view: the form at the left; at the right the current run, its replay, or all runs.

mod closing;
mod course;
mod curves;
mod data;
mod dimensions;
mod figures;
mod form;
mod overlaid;
pub mod presets;
mod prompts;
mod replay;
mod run;
mod runs;
mod schedule;
mod steering;

use eframe::egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

pub use closing::{show as show_closing, watch};
pub use prompts::{offers, unfinished};
pub use run::figure;

use crate::{
    app::{
        context::PanelContext,
        theme::{GAP, ROW},
    },
    session::{
        Command,
        training::{Tab, TrainingCommand},
    },
};

const PARTS: [(Tab, &str, &str); 3] = [
    (Tab::Run, "Run", "The current or the last run: curves, figures and files"),
    (Tab::Replay, "Replay", "Recordings decoded after every epoch of a run"),
    (Tab::Runs, "Runs", "All saved runs: compare, resume, report"),
];

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let side = Frame::new().inner_margin(Margin { right: GAP as i8, ..Margin::ZERO });
    Panel::left("training settings")
        .exact_size(288.0)
        .resizable(false)
        .show_separator_line(false)
        .frame(side)
        .show(ui, |ui| {
            let below = Frame::new().inner_margin(Margin { top: GAP as i8, ..Margin::ZERO });
            Panel::bottom("training start")
                .resizable(false)
                .show_separator_line(false)
                .frame(below)
                .show(ui, |ui| form::start(ui, context));
            ScrollArea::vertical().id_salt("training form").auto_shrink([false, false]).show(ui, |ui| {
                form::show(ui, context);
            });
        });
    CentralPanel::no_frame().show(ui, |ui| {
        tabs(ui, context);
        match context.state.training.part {
            Tab::Run => run::show(ui, context),
            Tab::Replay => replay::show(ui, context),
            Tab::Runs => runs::show(ui, context),
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
