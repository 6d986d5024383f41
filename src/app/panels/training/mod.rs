//! The training view: the form at the left; at the right the current run, its replay, or all runs. Where the window has no room
//! for both, the form is the first of the tabs.

mod advice_words;
mod block;
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
mod run_actions;
mod run_columns;
mod run_words;
mod runs;
mod schedule;
mod steering;

use eframe::egui::{CentralPanel, Frame, Id, Margin, Panel, ScrollArea, Ui, UiBuilder};

pub use closing::show as show_closing;
pub use prompts::{offers, unfinished};
pub use run::figure;

use crate::{
    app::{
        context::PanelContext,
        memory::training::FormOrRun,
        theme::GAP,
        widgets::{foot::Foot, toolbar},
    },
    language::{Key, key, text},
    session::{
        Command,
        training::{Tab, TrainingCommand},
    },
};

const PARTS: [(Tab, Key, Key); 3] = [
    (Tab::Run, key!("training-tab-run"), key!("training-tab-run-help")),
    (Tab::Replay, key!("training-tab-replay"), key!("training-tab-replay-help")),
    (Tab::Runs, key!("training-tab-runs"), key!("training-tab-runs-help")),
];

/// Width of the form, and the least that it leaves for the rest, in points.
const FORM_WIDTH: f32 = 332.0;
const REST_WIDTH: f32 = 340.0;

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let has_room = ui.available_width() >= FORM_WIDTH + GAP + REST_WIDTH;
    if has_room {
        let side = Frame::new().inner_margin(Margin { right: GAP as i8, ..Margin::ZERO });
        Panel::left("training settings")
            .exact_size(FORM_WIDTH)
            .resizable(false)
            .show_separator_line(false)
            .frame(side)
            .show(ui, |ui| settings(ui, context));
    }
    CentralPanel::no_frame().show(ui, |ui| {
        tabs(ui, context, !has_room);
        match context.state.training.part {
            _ if !has_room && context.memory.training.open == FormOrRun::Form => settings(ui, context),
            Tab::Run => run::show(ui, context),
            Tab::Replay => replay::show(ui, context),
            Tab::Runs => runs::show(ui, context),
        }
    });
}

/// The form, with the buttons of the run always in sight below it.
fn settings(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let form = |ui: &mut Ui, context: &mut PanelContext<'_>| {
        ScrollArea::vertical().id_salt("training form").auto_shrink([false, false]).show(ui, |ui| {
            form::show(ui, context);
        });
    };
    // One state of its groups and of scrolling, wherever the form stands.
    let everywhere = UiBuilder::new().scope_id(Id::unique("training form"));
    ui.scope_builder(everywhere, |ui| {
        Foot { id: "training start", gap: GAP }.show(ui, context, form, form::start);
    });
}

fn tabs(ui: &mut Ui, context: &mut PanelContext<'_>, with_form: bool) {
    let shows_form = with_form && context.memory.training.open == FormOrRun::Form;
    let open = Some(context.state.training.part).filter(|_| !shows_form);
    toolbar::show(ui, |ui| {
        if with_form {
            let hint = text!("training-tab-settings-help");
            if ui.selectable_label(shows_form, text!("training-tab-settings")).on_hover_text(hint).clicked() {
                context.memory.training.open = FormOrRun::Form;
            }
        }
        for (part, name, hint) in PARTS {
            if ui.selectable_label(open == Some(part), name.text()).on_hover_text(hint.text()).clicked() {
                context.memory.training.open = FormOrRun::Run;
                context.send(Command::Training(TrainingCommand::Show(part)));
            }
        }
    });
    ui.add_space(GAP);
}
