//! The bar at the top: open menu, views, export, transport, theme, help.

use eframe::egui::{
    self, Align, Button, Key, Layout, Response, RichText, Role, Sense, Slider, Ui, Vec2, WidgetInfo,
};

use super::notices;
use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format, shortcuts,
        theme::{GAP, HALF_GAP, ROW, TOP_BAR, palette},
        widgets::icon_button::{self, Icon},
    },
    names::{file_name, shown},
    playback::player::DeviceStatus,
    session::{
        Command, LibraryCommand, PlaybackCommand,
        state::{ThemeChoice, View},
    },
};

/// In windows narrower than this, in points, the volume slider is short and shows its value only in the tooltip.
const NARROW: f32 = 1080.0;

const TABS: [(View, &str, &str); 4] = [
    (View::Stages, "Stages", "What every step of preprocessing does to the recording (1)"),
    (View::DataSet, "Data set", "The open folder as a whole, and its faults (2)"),
    (View::Training, "Training", "Train a model on the open folder (3)"),
    (View::Latent, "Instrument", "Play a trained model: a map of sounds, sliders, keys (4)"),
];

pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.set_height(TOP_BAR);
        ui.label(RichText::new("Timbrespace").strong().size(16.0).color(palette(ui).text_strong));
        ui.add_space(HALF_GAP);
        open_menu(ui, context);
        export_button(ui, context);
        ui.add_space(GAP);
        for (view, name, hint) in TABS {
            tab(ui, context, (view, name, hint));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            help(ui, context);
            theme_toggle(ui, context);
            notices::bell(ui, context);
            ui.add_space(GAP);
            transport(ui, context);
        });
    });
}

fn open_menu(ui: &mut Ui, context: &mut PanelContext<'_>) {
    ui.menu_button("Open ▾", |ui| {
        ui.set_min_width(240.0);
        let free = !context.memory.dialogs.is_open();
        let folder = Button::new("Folder or model…").shortcut_text("Ctrl+O");
        if ui.add_enabled(free, folder).on_hover_text("A folder of recordings, or a trained model").clicked()
        {
            context.ask(ui.ctx(), Question::OpenFolder);
            ui.close();
        }
        if ui.add_enabled(free, Button::new("Sound file…")).clicked() {
            context.ask(ui.ctx(), Question::OpenFile);
            ui.close();
        }
        if ui.button("Demo sounds").on_hover_text("The built-in sounds: nothing to download").clicked() {
            context.send(LibraryCommand::OpenDemo);
            ui.close();
        }
        if !context.state.settings.recent.is_empty() {
            ui.separator();
            ui.label(RichText::new("Recent").small().color(palette(ui).text_weak));
            for path in &context.state.settings.recent {
                if ui.button(file_name(path)).on_hover_text(shown(&path).to_string()).clicked() {
                    context.commands.push(Command::Library(LibraryCommand::Open(path.clone())));
                    ui.close();
                }
            }
        }
    })
    .response
    .on_hover_text("Open a folder, a sound or a model; or drop it on the window");
}

fn export_button(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let hint = "Save a view as PNG or SVG, a stage as .npy, the selection as WAV (Ctrl+E)";
    if ui.button("Export…").on_hover_text(hint).clicked() {
        context.open_export();
    }
}

/// The tab of a view, underlined if open.
fn tab(ui: &mut Ui, context: &mut PanelContext<'_>, (view, name, hint): (View, &str, &str)) {
    let colours = palette(ui);
    let selected = context.state.settings.view == view;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(76.0, TOP_BAR), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, name));
    let colour = if selected {
        colours.text_strong
    } else if response.hovered() {
        colours.text
    } else {
        colours.text_weak
    };
    let font = egui::TextStyle::Body.resolve(ui.style());
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, name, font, colour);
    let line = egui::Rect::from_min_max(
        egui::pos2(rect.left() + 8.0, rect.bottom() - 3.0),
        rect.max - Vec2::new(8.0, 0.0),
    );
    if selected || response.has_focus() {
        ui.painter().rect_filled(line, 1.0, colours.accent);
    }
    let activated =
        response.clicked() || (response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)));
    if response.on_hover_text(hint).clicked() || activated {
        context.send(Command::Show(view));
    }
}

/// From the right: device, mute, volume, play.
fn transport(ui: &mut Ui, context: &mut PanelContext<'_>) {
    device(ui, &context.state.playback.device);
    ui.add_space(HALF_GAP);
    volume(ui, context);
    ui.add_space(GAP);
    let playing = context.state.playback.playing.is_some();
    let (icon, name) = if playing { ("■ Stop", "Stop") } else { ("▶ Play", "Play") };
    let command = shortcuts::play_or_stop(context.state, context.memory.kept_secs(context.state));
    let mut button = Button::new(icon).min_size(Vec2::new(68.0, ROW));
    if playing {
        button = button.selected(true);
    }
    let response = named(ui.add_enabled(command.is_some(), button), name)
        .on_hover_text(
            "Plays the recording, from the kept crosshair or within the selection; in the Instrument view \
             the decoded sound (Space)",
        )
        .on_disabled_hover_text("Nothing to play yet: select a recording");
    if let (true, Some(command)) = (response.clicked(), command) {
        context.send(command);
    }
}

fn volume(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let settings = &context.state.settings;
    let colours = palette(ui);
    let percent = format!("{:3.0} %", settings.volume * 100.0);
    let figure = if settings.muted { "muted".to_owned() } else { percent };
    let is_narrow = ui.ctx().content_rect().width() < NARROW;
    if !is_narrow {
        let figure = RichText::new(figure).monospace().color(colours.text_weak);
        ui.add_sized([44.0, ROW], egui::Label::new(figure));
    }
    let mut volume = settings.volume;
    ui.spacing_mut().slider_width = if is_narrow { 56.0 } else { 88.0 };
    let slider = Slider::new(&mut volume, 0.0..=1.0).show_value(false);
    let response = ui.add(slider).accessible_name("Volume");
    if response.on_hover_text(format!("Volume {}", decibels(settings.volume))).changed() {
        context.commands.push(Command::Playback(PlaybackCommand::SetVolume(volume)));
    }
    let (icon, name) = if settings.muted { (Icon::Muted, "Unmute") } else { (Icon::Speaker, "Mute") };
    if icon_button::show(ui, icon, name, settings.muted).on_hover_text(format!("{name} (M)")).clicked() {
        context.send(PlaybackCommand::SetMuted(!settings.muted));
    }
}

fn decibels(amplitude: f32) -> String {
    if amplitude <= 0.0 { "silent".to_owned() } else { format!("{:+.1} dB", 20.0 * amplitude.log10()) }
}

fn device(ui: &mut Ui, status: &DeviceStatus) {
    let colours = palette(ui);
    let (colour, text, hint) = match status {
        DeviceStatus::Ready { name, sample_rate_hz, channels } => (
            colours.good,
            format::rate(*sample_rate_hz),
            format!(
                "Output: {name}, {}, {}",
                format::rate(*sample_rate_hz),
                format::counted(*channels, "channel")
            ),
        ),
        DeviceStatus::Unavailable { reason } => {
            (colours.warning, "No sound".to_owned(), format!("No sound: {reason}\nEverything else works."))
        }
    };
    ui.label(RichText::new(format!("● {text}")).small().color(colour)).on_hover_text(hint);
}

fn theme_toggle(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let (icon, next, name) = match context.state.settings.theme {
        ThemeChoice::Dark => (Icon::Moon, ThemeChoice::Light, "Theme: dark"),
        ThemeChoice::Light => (Icon::Sun, ThemeChoice::System, "Theme: light"),
        ThemeChoice::System => (Icon::Screen, ThemeChoice::Dark, "Theme: as the system"),
    };
    if icon_button::show(ui, icon, name, false)
        .on_hover_text(format!("{name}. Click for the next: dark, light, system"))
        .clicked()
    {
        context.send(Command::SetTheme(next));
    }
}

fn help(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let button = Button::new("?").selected(context.memory.sheet_open).min_size(Vec2::new(30.0, ROW));
    if named(ui.add(button), "Shortcuts").on_hover_text("Keyboard and mouse (F1)").clicked() {
        context.memory.sheet_open = !context.memory.sheet_open;
    }
}

/// Sets the accessible name of a button whose face is a symbol.
fn named(response: Response, name: &str) -> Response {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, response.enabled(), name));
    response
}
