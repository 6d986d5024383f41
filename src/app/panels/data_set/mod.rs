//! The data set view: four parts, one shown at a time.

mod doctor;
mod loading;
mod overview;
mod parity;
mod picture;
mod remedies;

use std::path::Path;

use eframe::egui::{Response, RichText, Ui};

use crate::{
    app::{
        theme::{GAP, ROW},
        window::PanelContext,
    },
    inspect::doctor::check::Check,
    session::{
        Command, LibraryCommand,
        data_set::{DataSetCommand, Tab},
        state::View,
    },
};

/// UI state of the view.
#[derive(Default)]
pub struct DataSetMemory {
    /// UI state of the overview.
    pub overview: overview::OverviewMemory,
    /// The check whose findings are listed; `None` for the first with findings.
    pub check: Option<Check>,
    /// UI state of the comparison with Python.
    pub parity: parity::ParityMemory,
}

impl DataSetMemory {
    /// A copy for a figure: only the filter.
    pub fn for_figure(&self) -> Self {
        Self { overview: self.overview.for_figure(), ..Self::default() }
    }
}

/// The part of the view that a figure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigurePart {
    /// Thumbnails by class.
    Thumbnails,
    /// Mean and spread of each class.
    ClassImages,
    /// Histograms.
    Distributions,
    /// Loading times.
    Loading,
    /// Ours, Python's, and the difference.
    Parity,
}

/// Draws a part of the view for a figure; nothing if there are no results.
pub fn figure(ui: &mut Ui, context: &mut PanelContext<'_>, part: FigurePart) {
    match part {
        FigurePart::Thumbnails | FigurePart::ClassImages | FigurePart::Distributions => {
            overview::figure(ui, context, part);
        }
        FigurePart::Loading => loading::figure(ui, context.state),
        FigurePart::Parity => parity::figure(ui, context),
    }
}

/// Selects the recording called `name` below `folder`, if it is still in the list; a double-click opens its stages.
fn select(context: &mut PanelContext<'_>, folder: &Path, name: &str, response: &Response) {
    let library = &context.state.library;
    if !response.clicked() || library.root.as_deref() != Some(folder) {
        return;
    }
    if let Some(index) = library.recordings.iter().position(|recording| recording.name == name) {
        context.send(LibraryCommand::Select(index));
        if response.double_clicked() {
            context.send(Command::Show(View::Stages));
        }
    }
}

/// Whether the recording called `name` is the selected one.
fn is_selected(context: &PanelContext<'_>, name: &str) -> bool {
    let library = &context.state.library;
    library.selected.and_then(|index| library.recordings.get(index)).is_some_and(|it| it.name == name)
}

const PARTS: [(Tab, &str, &str); 4] = [
    (Tab::Overview, "Overview", "Every image, mean and spread of each class, distributions"),
    (Tab::Doctor, "Doctor", "Recordings with faults, and why they matter"),
    (Tab::Loading, "Loading", "Which loads faster: saved images or the sounds?"),
    (Tab::Parity, "Parity", "Images of the Python pipeline, compared with ours"),
];

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let open = context.state.data_set.part;
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        for (part, name, hint) in PARTS {
            let text = RichText::new(name);
            if ui.selectable_label(part == open, text).on_hover_text(hint).clicked() {
                context.send(Command::DataSet(DataSetCommand::Show(part)));
            }
        }
    });
    ui.add_space(GAP);
    match open {
        Tab::Overview => overview::show(ui, context),
        Tab::Doctor => doctor::show(ui, context),
        Tab::Loading => loading::show(ui, context),
        Tab::Parity => parity::show(ui, context),
    }
}
