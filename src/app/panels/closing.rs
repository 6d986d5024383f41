//! Closing the window: what asks first, and the question about files that are being written.

use eframe::egui::{Button, Context, ProgressBar, Ui, ViewportCommand};

use crate::{
    app::{context::PanelContext, format, theme::GAP, widgets::room},
    language::text,
    session::{
        Command, State,
        state::Closing,
        training::{CloseWish, TrainingCommand},
        writing::{ClosingFiles, FilesWish, Writing},
    },
};

const WIDTH: f32 = 420.0;
/// Height of a button that takes the whole width, in points.
const BUTTON: f32 = 28.0;

/// Keeps the window open during a run and while files are written, and closes it once the person's choices allow.
pub fn watch(ctx: &Context, state: &State) -> Option<Command> {
    let is_writing = state.writing().is_some();
    let run_allows = state.training.closing == Closing::Now;
    if state.closing == ClosingFiles::Now || (run_allows && !is_writing) {
        ctx.send_viewport_cmd(ViewportCommand::Close);
        return None;
    }
    if run_allows && state.closing == ClosingFiles::No {
        return Some(Command::Close(FilesWish::Ask));
    }
    if !ctx.input(|input| input.viewport().close_requested()) {
        return None;
    }
    let command = if state.training.status.is_busy() {
        Command::Training(TrainingCommand::Close(CloseWish::Ask))
    } else if is_writing {
        Command::Close(FilesWish::Ask)
    } else {
        return None;
    };
    ctx.send_viewport_cmd(ViewportCommand::CancelClose);
    Some(command)
}

/// Shows the question about files that are being written, or that the window waits for them.
pub fn show(ctx: &Context, context: &mut PanelContext<'_>) {
    let Some(writing) = context.state.writing() else { return };
    let response = match context.state.closing {
        ClosingFiles::Asked => room::dialog(ctx, "closing files", WIDTH, |ui| ask(ui, writing, true)),
        ClosingFiles::WhenWritten => room::dialog(ctx, "closing files", WIDTH, |ui| ask(ui, writing, false)),
        ClosingFiles::No | ClosingFiles::Now => return,
    };
    let wish = response.inner.or_else(|| response.should_close().then_some(FilesWish::KeepOpen));
    if let Some(wish) = wish {
        context.send(Command::Close(wish));
    }
}

fn ask(ui: &mut Ui, writing: Writing, may_finish: bool) -> Option<FilesWish> {
    let Writing { done, total, waiting } = writing;
    ui.heading(text!("closing-files"));
    ui.add_space(GAP);
    ui.add(ProgressBar::new(done as f32 / total.max(1) as f32));
    let (done, total) = (format::count(done), format::count(total));
    ui.label(text!("closing-files-written", done = done, total = total));
    if waiting > 0 {
        ui.label(text!("closing-files-waiting", count = waiting));
    }
    ui.add_space(GAP);
    ui.label(if may_finish { text!("closing-files-help") } else { text!("closing-files-waits") });
    ui.add_space(GAP);
    let answers = [
        (text!("closing-files-finish"), FilesWish::Finish),
        (text!("closing-files-stop"), FilesWish::Stop),
        (text!("training-closing-keep-open"), FilesWish::KeepOpen),
    ];
    let mut wish = None;
    ui.vertical(|ui| {
        for (name, answer) in answers.into_iter().skip(usize::from(!may_finish)) {
            if ui.add_sized([ui.available_width(), BUTTON], Button::new(name)).clicked() {
                wish = Some(answer);
            }
        }
    });
    wish
}
