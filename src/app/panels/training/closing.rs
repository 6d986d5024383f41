//! Closing the window during a run: stop, wait or cancel.

use eframe::egui::{Button, Context, Ui};

use crate::{
    app::{context::PanelContext, theme::GAP, widgets::room},
    language::text,
    session::{
        Command,
        state::Closing,
        training::{CloseWish, TrainingCommand},
    },
};

const WIDTH: f32 = 420.0;

/// Shows the question, or that the window waits for the run.
pub fn show(ctx: &Context, context: &mut PanelContext<'_>) {
    let training = &context.state.training;
    let stops = training.status.is_ending();
    let response = match training.closing {
        Closing::Asked => room::dialog(ctx, "closing", WIDTH, ask),
        Closing::WhenEnded if stops => room::dialog(ctx, "closing", WIDTH, wait),
        _ => return,
    };
    let wish = response.inner.or_else(|| response.should_close().then_some(CloseWish::KeepOpen));
    if let Some(wish) = wish {
        context.send(Command::Training(TrainingCommand::Close(wish)));
    }
}

fn ask(ui: &mut Ui) -> Option<CloseWish> {
    ui.heading(text!("training-closing"));
    ui.add_space(GAP);
    ui.label(text!("training-closing-help"));
    ui.add_space(GAP);
    let mut wish = None;
    ui.vertical(|ui| {
        for (name, answer) in [
            (text!("training-closing-stop"), CloseWish::StopAndClose),
            (text!("training-closing-keep-training"), CloseWish::KeepOpen),
            (text!("training-closing-when-finished"), CloseWish::CloseWhenFinished),
        ] {
            if ui.add_sized([ui.available_width(), 28.0], Button::new(name)).clicked() {
                wish = Some(answer);
            }
        }
    });
    wish
}

fn wait(ui: &mut Ui) -> Option<CloseWish> {
    ui.horizontal(|ui| {
        ui.spinner();
        ui.label(text!("training-closing-saving"));
    });
    ui.add_space(GAP);
    ui.button(text!("training-closing-keep-open")).clicked().then_some(CloseWish::KeepOpen)
}
