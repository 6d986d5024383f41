//! The training view: the form at the left; at the right the current run, its replay, or all runs.

mod closing;
mod course;
mod curves;
mod data;
mod dimensions;
mod figures;
mod form;
mod overlaid;
mod plot_kind;
pub mod presets;
mod prompts;
mod replay;
mod run;
mod runs;
mod schedule;
mod steering;

use eframe::egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

pub use closing::{show as show_closing, watch};
pub use plot_kind::{PlotKind, XAxis};
pub use prompts::{offers, unfinished};
pub use run::figure;

use crate::{
    app::{
        theme::{GAP, ROW},
        window::PanelContext,
    },
    session::{
        Command,
        training::{Tab, TrainingCommand},
    },
    vae::steering::Setting,
};

/// UI state of the view.
#[derive(Clone, Debug)]
pub struct TrainingMemory {
    /// The quantity on the horizontal axes.
    pub along: XAxis,
    /// Visible plots, in order.
    pub shown: Vec<PlotKind>,
    /// Whether losses are on logarithmic axes.
    pub is_logarithmic: bool,
    /// Weight of the past in the smoothed curves.
    pub smoothing: f64,
    /// Whether dimensions are ordered by number instead of by size.
    pub by_number: bool,
    /// Pointer position on the shared horizontal axis.
    pub cursor: Option<f64>,
    /// Whether to reset the zoom of the plots.
    pub shows_all: bool,
    /// A setting of the run that is being dragged.
    pub draft: Option<(Setting, f64)>,
}

impl Default for TrainingMemory {
    fn default() -> Self {
        Self {
            along: XAxis::default(),
            shown: PlotKind::FIRST.to_vec(),
            is_logarithmic: true,
            smoothing: 0.6,
            by_number: false,
            cursor: None,
            shows_all: false,
            draft: None,
        }
    }
}

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
