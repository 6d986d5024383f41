//! The playing strip: modes, loudness, recording, devices and MIDI.

use eframe::egui::{Button, Frame, Margin, Popup, Response, RichText, Ui, Vec2};

use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format,
        theme::{GAP, HALF_GAP, ROUNDING, palette, small_mono},
        widgets::{described, dropdown, level_meter, menu_text},
    },
    language::{Key, key, text},
    names::escaped,
    playback::microphone::LONGEST_SECS,
    session::{
        Command,
        playing::{PlayMode, PlayingCommand},
    },
};

const MODES: [(PlayMode, Key, Key); 3] = [
    (PlayMode::OneShot, key!("instrument-one-shot"), key!("instrument-one-shot-help")),
    (PlayMode::Loop, key!("instrument-loop"), key!("instrument-loop-help")),
    (PlayMode::Hold, key!("instrument-hold"), key!("instrument-hold-help")),
];
/// Largest width of a device name, in points.
const NAME_WIDTH: f32 = 150.0;

/// Draws the strip.
pub fn show(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let colours = palette(ui);
    let frame = Frame::new()
        .fill(colours.card)
        .stroke(eframe::egui::Stroke::new(1.0, colours.border))
        .corner_radius(ROUNDING + 2)
        .inner_margin(Margin::symmetric(8, 6));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = Vec2::new(GAP, HALF_GAP);
        ui.horizontal_wrapped(|ui| {
            modes(ui, context);
            loudness(ui, context);
            recording(ui, context);
            microphone(ui, context);
            devices(ui, context);
            midi(ui, context);
        });
    });
}

fn send(context: &mut PanelContext<'_>, command: PlayingCommand) {
    context.send(Command::Playing(command));
}

fn modes(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let current = context.state.settings.playing.mode;
    for (mode, name, hint) in MODES {
        if ui.selectable_label(current == mode, name.text()).on_hover_text(hint.text()).clicked() {
            send(context, PlayingCommand::SetMode(mode));
        }
    }
}

fn loudness(ui: &mut Ui, context: &mut PanelContext<'_>) {
    if level_meter::show(ui, &context.state.playing.level).clicked() {
        send(context, PlayingCommand::ResetClip);
    }
    let matched = context.state.settings.playing.matched;
    let button = Button::new(text!("instrument-match-loudness")).selected(matched);
    if ui.add(button).on_hover_text(text!("instrument-match-loudness-help")).clicked() {
        send(context, PlayingCommand::SetMatched(!matched));
    }
}

fn recording(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let recorded = context.state.playing.recording_secs;
    let text = recorded.map_or_else(
        || text!("instrument-record"),
        |secs| text!("instrument-record-stop", time = clock(secs)),
    );
    let button = ui.add(Button::new(text).selected(recorded.is_some()));
    described::plain_button(&button);
    if button.on_hover_text(text!("instrument-record-help")).clicked() {
        send(context, PlayingCommand::SetRecording(recorded.is_none()));
    }
    if context.state.playing.is_folder_refused
        && ui
            .button(text!("instrument-record-folder"))
            .on_hover_text(text!("instrument-record-folder-help"))
            .clicked()
    {
        context.ask(ui.ctx(), Question::RecordingFolder);
    }
}

fn microphone(ui: &mut Ui, context: &mut PanelContext<'_>) {
    match context.state.playing.take {
        None => {
            let there = context.state.latent.model.is_some();
            let button = ui.add_enabled(there, Button::new(text!("instrument-microphone")));
            if button.on_hover_text(text!("instrument-microphone-help")).clicked() {
                send(context, PlayingCommand::SetTake(true));
            }
        }
        Some(take) => {
            let text = text!("instrument-use-take", time = clock(take.seconds));
            let hint = text!("instrument-use-take-help", most = format::seconds(LONGEST_SECS));
            let button = ui.add(Button::new(text).selected(true));
            described::plain_button(&button);
            if button.on_hover_text(hint).clicked() {
                send(context, PlayingCommand::SetTake(false));
            }
            let db = 20.0 * take.peak.max(f32::MIN_POSITIVE).log10();
            let level = || format!("{:>6} dBFS", format::signed(db, 1));
            let text = if take.peak > 0.0 { level() } else { text!("instrument-silent") };
            ui.label(RichText::new(text).text_style(small_mono()).color(palette(ui).text_weak));
            if ui
                .button(text!("instrument-discard"))
                .on_hover_text(text!("instrument-discard-help"))
                .clicked()
            {
                send(context, PlayingCommand::CancelTake);
            }
        }
    }
}

/// A running time as minutes and seconds.
fn clock(secs: f64) -> String {
    format!("{}:{:04.1}", (secs / 60.0) as u64, secs % 60.0)
}

/// A menu whose entries may come after it was opened: it is measured again when their number changes.
fn menu(ui: &mut Ui, name: String, entries: usize, contents: impl FnOnce(&mut Ui)) -> Response {
    let button = ui.button(name);
    let seen = button.id.with("entries");
    let before = ui.data_mut(|data| {
        let before = data.get_temp::<usize>(seen);
        data.insert_temp(seen, entries);
        before
    });
    Popup::menu(&button).sizing_pass(before.is_some_and(|before| before != entries)).show(|ui| {
        ui.set_min_width(NAME_WIDTH);
        contents(ui);
    });
    button
}

fn devices(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let chosen = context.state.settings.playing.device.clone();
    let devices = context.state.playing.devices.clone();
    let response = menu(ui, text!("instrument-output"), devices.len(), |ui| {
        if ui.selectable_label(chosen.is_none(), text!("instrument-output-system")).clicked() {
            send(context, PlayingCommand::ChooseDevice(None));
        }
        if devices.is_empty() {
            weak(ui, &text!("instrument-output-none"));
        }
        for device in devices {
            let text = if device.is_default {
                text!("instrument-output-default-now", name = escaped(&device.name))
            } else {
                escaped(&device.name).into_owned()
            };
            if ui.selectable_label(chosen.as_ref() == Some(&device.name), text).clicked() {
                send(context, PlayingCommand::ChooseDevice(Some(device.name)));
            }
        }
        dropdown::close_once_chosen(ui);
    });
    let hint = chosen.as_ref().map_or_else(
        || text!("instrument-output-system-help"),
        |name| text!("instrument-output-help", name = escaped(name)),
    );
    if response.on_hover_text(hint).clicked() {
        send(context, PlayingCommand::AskDevices);
    }
}

fn midi(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let playing = &context.state.playing;
    let (ports, connected, learning) =
        (playing.midi_ports.clone(), playing.midi_connected.clone(), playing.learning);
    let name = if connected.is_some() { text!("midi-on") } else { text!("midi-off") };
    let response = menu(ui, name, ports.len(), |ui| {
        if ui.selectable_label(connected.is_none(), text!("midi-none")).clicked() {
            send(context, PlayingCommand::ConnectMidi(None));
        }
        for port in ports {
            if ui.selectable_label(connected.as_ref() == Some(&port), escaped(&port)).clicked() {
                send(context, PlayingCommand::ConnectMidi(Some(port)));
            }
        }
        ui.separator();
        weak(ui, &text!("midi-menu-help"));
        dropdown::close_once_chosen(ui);
    });
    let said = context.state.playing.midi_said.clone().unwrap_or_else(|| text!("midi-no-message"));
    let hint = connected.as_ref().map_or_else(
        || text!("midi-help"),
        |port| text!("midi-port-help", port = escaped(port), message = said),
    );
    if response.on_hover_text(hint).clicked() {
        send(context, PlayingCommand::AskMidi);
    }
    if let Some(axis) = learning.and_then(|axis| context.state.latent.axes.get(axis)) {
        let text = text!("midi-learning", axis = axis.name());
        ui.label(RichText::new(text).color(palette(ui).warning));
        if ui.button(text!("midi-cancel-learning")).clicked() {
            send(context, PlayingCommand::Learn(None));
        }
    }
}

fn weak(ui: &mut Ui, text: &str) {
    menu_text::show(ui, RichText::new(text).small().color(palette(ui).text_weak), 2.0 * NAME_WIDTH);
}
