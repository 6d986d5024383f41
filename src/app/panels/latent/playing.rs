//! The playing strip: modes, loudness, recording, devices and MIDI.

use eframe::egui::{Button, Frame, Margin, Popup, Response, RichText, Ui, Vec2};

use crate::{
    app::{
        context::PanelContext,
        dialogs::Question,
        format,
        theme::{GAP, HALF_GAP, ROUNDING, palette, small_mono},
        widgets::{described, dropdown, level_meter, menu_text, toolbar},
    },
    language::{Key, key, text},
    names::escaped,
    playback::microphone::{LONGEST_SECS, TakeProgress},
    session::{
        Command,
        playing::{PlayMode, PlayingCommand},
        spoken::Spoken,
    },
};

const MODES: [(PlayMode, Key, Key); 3] = [
    (PlayMode::OneShot, key!("instrument-one-shot"), key!("instrument-one-shot-help")),
    (PlayMode::Loop, key!("instrument-loop"), key!("instrument-loop-help")),
    (PlayMode::Hold, key!("instrument-hold"), key!("instrument-hold-help")),
];
/// Largest width of a device name, in points.
const NAME_WIDTH: f32 = 150.0;
/// As wide as any running time.
const WIDEST_TIME: &str = "88:88.8";

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
        // Above the buttons: the strip stands on the lower edge, and what was pressed stays where it is.
        if let Some(take) = context.state.playing.take {
            ui.horizontal_wrapped(|ui| take_in_progress(ui, context, take));
        }
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
    let running = text!("instrument-record-stop", time = WIDEST_TIME);
    let button = Button::new(text).selected(recorded.is_some());
    let button = ui.add(as_wide_as(ui, button, &[text!("instrument-record"), running]));
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

/// The button, as wide as with the wider of its texts: it stays under the pointer, and on its line.
fn as_wide_as<'a>(ui: &Ui, button: Button<'a>, texts: &[String; 2]) -> Button<'a> {
    let width = texts.iter().map(|text| toolbar::button_width(ui, text)).fold(0.0, f32::max);
    button.min_size(Vec2::new(width, 0.0))
}

fn microphone(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let is_recording = context.state.playing.take.is_some();
    let there = is_recording || context.state.latent.model.is_some();
    let (text, hint) = if is_recording {
        let most = format::seconds(LONGEST_SECS);
        (text!("instrument-use-take"), text!("instrument-use-take-help", most = most))
    } else {
        (text!("instrument-microphone"), text!("instrument-microphone-help"))
    };
    let faces = [text!("instrument-microphone"), text!("instrument-use-take")];
    let button = as_wide_as(ui, Button::new(text).selected(is_recording), &faces);
    let button = ui.add_enabled(there, button);
    described::plain_button(&button);
    if button.on_hover_text(hint).clicked() {
        send(context, PlayingCommand::SetTake(!is_recording));
    }
}

/// Length and level of a take, and the button that gives it up.
fn take_in_progress(ui: &mut Ui, context: &mut PanelContext<'_>, take: TakeProgress) {
    let db = 20.0 * take.peak.max(f32::MIN_POSITIVE).log10();
    let level = || format!("{} dBFS", format::signed(db, 1));
    let level = if take.peak > 0.0 { level() } else { text!("instrument-silent") };
    let button = ui.button(text!("instrument-discard"));
    if button.on_hover_text(text!("instrument-discard-help")).clicked() {
        send(context, PlayingCommand::CancelTake);
    }
    let text = text!("instrument-take", time = clock(take.seconds), level = level);
    toolbar::words(ui, RichText::new(text).text_style(small_mono()).color(palette(ui).text_weak));
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
    let said = context.state.playing.midi_said.as_ref();
    let said = said.map_or_else(|| text!("midi-no-message"), Spoken::text);
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
