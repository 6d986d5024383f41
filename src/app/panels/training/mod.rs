//! Training: settings at the left; at the right the run, its epochs one by one, or all runs.

mod closing;
mod course;
mod curves;
mod data;
mod dimensions;
mod figures;
mod form;
mod overlaid;
pub mod presets;
mod replay;
mod run;
mod runs;
mod schedule;
mod shown;
mod steering;
mod words;

use eframe::egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

pub use closing::{show as show_closing, watch};
pub use run::figure;
pub use shown::{Along, Shown};
pub use words::{offers, unfinished};

use crate::{
    app::{
        theme::{GAP, ROW},
        window::PanelContext,
    },
    session::{
        Command,
        training::{Part, TrainingCommand},
    },
    vae::steering::Setting,
};

/// What the view remembers that is nobody else's business.
#[derive(Clone, Debug)]
pub struct TrainingMemory {
    /// What the horizontal axes count.
    pub along: Along,
    /// Plots in sight, in their order.
    pub shown: Vec<Shown>,
    /// Whether losses are on logarithmic axes.
    pub is_logarithmic: bool,
    /// Part of the past in the smoothed curves.
    pub smoothing: f64,
    /// Whether dimensions are in their order, and not by size.
    pub by_number: bool,
    /// Where the pointer is, on the horizontal axis that all plots share.
    pub cursor: Option<f64>,
    /// Whether the plots are to show everything again.
    pub shows_all: bool,
    /// A setting of the run that is being dragged.
    pub draft: Option<(Setting, f64)>,
}

impl Default for TrainingMemory {
    fn default() -> Self {
        Self {
            along: Along::default(),
            shown: Shown::FIRST.to_vec(),
            is_logarithmic: true,
            smoothing: 0.6,
            by_number: false,
            cursor: None,
            shows_all: false,
            draft: None,
        }
    }
}

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
