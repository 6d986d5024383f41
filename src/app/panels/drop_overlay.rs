//! Drag and drop of files.

use std::path::Path;

use eframe::egui::{Align2, Area, Context, CornerRadius, FontId, Id, Order, Sense, Stroke, StrokeKind};

use crate::{
    app::{context::PanelContext, dialogs::SOUND_EXTENSIONS, theme::palette},
    language::text,
    session::{Command, LibraryCommand, State, space::SpaceCommand, state::View},
};

/// Opens the first dropped file or folder, or encodes it.
pub fn take_dropped(ctx: &Context, context: &mut PanelContext<'_>) {
    let dropped = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
    let Some(path) = dropped else { return };
    let state = context.state;
    // In the latent view a dropped sound is encoded; everything else is opened.
    let brought = state.settings.view == View::Latent && state.latent.model.is_some() && is_sound(&path);
    context.send(if brought {
        Command::Space(SpaceCommand::BringSound(path))
    } else {
        Command::Library(LibraryCommand::Open(path))
    });
}

fn is_sound(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| SOUND_EXTENSIONS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Says what a drop would do while files are dragged over the window.
pub fn show(ctx: &Context, state: &State) {
    if ctx.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let text = if state.settings.view == View::Latent && state.latent.model.is_some() {
        text!("window-drop-in-instrument")
    } else {
        text!("window-drop")
    };
    let screen = ctx.content_rect();
    Area::new(Id::unique("drop hint")).order(Order::Foreground).fixed_pos(screen.min).show(ctx, |ui| {
        let colours = palette(ui);
        ui.allocate_rect(screen, Sense::hover());
        ui.painter().rect_filled(screen, 0.0, colours.veil);
        let frame = screen.shrink(24.0);
        let stroke = Stroke::new(2.0, colours.accent);
        ui.painter().rect_stroke(frame, CornerRadius::same(12), stroke, StrokeKind::Inside);
        ui.painter().text(
            frame.center(),
            Align2::CENTER_CENTER,
            text,
            FontId::proportional(22.0),
            colours.on_veil,
        );
    });
}
