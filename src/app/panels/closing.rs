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
    let files_allow = state.closing == ClosingFiles::Now || !is_writing;
    // Each may allow it first; the other is then still saved or asked about.
    let is_busy = state.training.status.is_busy();
    let may_close = if run_allows { files_allow } else { state.closing == ClosingFiles::Now && !is_busy };
    if may_close {
        ctx.send_viewport_cmd(ViewportCommand::Close);
        return None;
    }
    if run_allows && state.closing == ClosingFiles::No {
        return Some(Command::Close(FilesWish::Ask));
    }
    if !ctx.input(|input| input.viewport().close_requested()) {
        return None;
    }
    let command = if is_busy {
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

#[cfg(test)]
mod tests {
    use eframe::egui::{RawInput, ViewportId};

    use super::*;
    use crate::session::state::RunStatus;

    /// Whether the window closes with `state`.
    fn closes(state: &State) -> bool {
        let ctx = Context::default();
        let mut answer = None;
        let mut output = ctx.run_ui(RawInput::default(), |ui| answer = watch(ui.ctx(), state));
        output.textures_delta.clear();
        assert_eq!(answer, None);
        output.viewport_output[&ViewportId::ROOT].commands.contains(&ViewportCommand::Close)
    }

    #[test]
    fn a_window_that_writes_no_files_still_waits_for_its_run() {
        let mut state = State::default();
        assert!(!closes(&state));
        state.closing = ClosingFiles::Now;
        assert!(closes(&state));
        (state.training.status, state.training.closing) = (RunStatus::Stopping, Closing::WhenEnded);
        assert!(!closes(&state), "the run is being saved");
        (state.training.status, state.training.closing) = (RunStatus::Stopped, Closing::Now);
        assert!(closes(&state));
        state.space.export.status.advance("exporting", 1, 9);
        state.closing = ClosingFiles::WhenWritten;
        assert!(!closes(&state), "files are being written");
    }
}
