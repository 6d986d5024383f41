//! Play, volume and the output.

use eframe::egui::{Button, Label, RichText, Slider, Ui, Vec2};

use super::{
    width::{PERCENT, PLAY, Width},
    words::device_words,
};
use crate::{
    app::{
        context::PanelContext,
        format,
        theme::{GAP, HALF_GAP, ROW, palette},
        transport::{self, Offer},
        widgets::{
            described, escape,
            icon_button::{self, Icon},
        },
    },
    language::text,
    playback::player::DeviceStatus,
    session::{
        Command, PlaybackCommand,
        error_words::InWords as _,
        playing::{PlayMode, PlayingCommand},
    },
};

/// Play, volume and the output.
pub(super) fn transport(ui: &mut Ui, context: &mut PanelContext<'_>, width: Width) {
    play(ui, context);
    ui.add_space(GAP);
    if width < Width::More {
        volume(ui, context, width);
        ui.add_space(HALF_GAP);
    }
    device(ui, &context.state.playback.device, width < Width::NoRate);
}

/// The play button. In hold mode it acts as a key for the decoded sound: that plays while the button is down.
fn play(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let state = context.state;
    let crosshair = context.memory.kept_secs(state);
    let offer = transport::offer(state, crosshair).map(|(offer, _)| offer);
    let mode = state.settings.playing.mode;
    let was_down = context.memory.latent.play_is_down;
    let playing = state.playback.playing.is_some() && !was_down;
    let is_key = mode == PlayMode::Hold && offer == Some(Offer::Decoded) && !playing;
    let (symbol, name) = if playing { ("■", text!("top-stop")) } else { ("▶", text!("top-play")) };
    let command = transport::play_or_stop(state, crosshair);
    let mut button = Button::new(format!("{symbol} {name}")).min_size(Vec2::new(PLAY, ROW));
    if playing || was_down {
        button = button.selected(true);
    }
    let response = described::face(ui.add_enabled(command.is_some(), button), &name)
        .on_hover_text(match offer {
            Some(offer) if !playing => offer.help(mode),
            _ if playing => text!("play-stop-help"),
            _ => text!("top-nothing-to-play"),
        })
        .on_disabled_hover_text(text!("top-nothing-to-play"));
    let is_down = is_key && response.is_pointer_button_down_on();
    if is_down != was_down {
        context.memory.latent.play_is_down = is_down;
        let command = if is_down { PlayingCommand::Press } else { PlayingCommand::Release };
        context.send(Command::Playing(command));
    }
    if let (true, false, Some(command)) = (response.clicked(), is_key, command) {
        context.send(command);
    }
}

/// The volume, with its value where there is room.
pub(super) fn volume(ui: &mut Ui, context: &mut PanelContext<'_>, width: Width) {
    let settings = &context.state.settings;
    let (icon, name, hint) = if settings.muted {
        (Icon::Muted, text!("top-unmute"), text!("top-unmute-help"))
    } else {
        (Icon::Speaker, text!("top-mute"), text!("top-mute-help"))
    };
    if icon_button::show(ui, icon, &name, settings.muted).on_hover_text(hint).clicked() {
        context.send(PlaybackCommand::SetMuted(!settings.muted));
    }
    let mut volume = settings.volume;
    ui.spacing_mut().slider_width = width.slider();
    let slider = Slider::new(&mut volume, 0.0..=1.0).show_value(false);
    let response = ui.add(slider).accessible_name(text!("top-volume"));
    let response = response.on_hover_text(text!("top-volume-help", level = decibels(settings.volume)));
    if escape::take_back(&response, settings.volume, &mut volume) || response.changed() {
        context.commands.push(Command::Playback(PlaybackCommand::SetVolume(volume)));
    }
    if width == Width::Whole {
        let percent = format!("{:3.0} %", settings.volume * 100.0);
        let figure = if settings.muted { text!("top-muted") } else { percent };
        let figure = RichText::new(figure).monospace().color(palette(ui).text_weak);
        ui.add_sized([PERCENT, ROW], Label::new(figure));
    }
}

fn decibels(amplitude: f32) -> String {
    if amplitude <= 0.0 { text!("top-silent") } else { format::signed(20.0 * amplitude.log10(), 1) + " dB" }
}

fn device(ui: &mut Ui, status: &DeviceStatus, with_rate: bool) {
    let colours = palette(ui);
    let (colour, hint) = match status {
        DeviceStatus::Ready { name, sample_rate_hz, channels } => (
            colours.good,
            text!("top-output", name = name, rate = format::rate(*sample_rate_hz), channels = *channels),
        ),
        DeviceStatus::Opening => {
            (colours.warning, text!("top-no-sound-help", reason = text!("message-device-not-opened")))
        }
        DeviceStatus::Unavailable { error } => {
            (colours.warning, text!("top-no-sound-help", reason = error.words()))
        }
    };
    let text = device_words(status, with_rate);
    ui.label(RichText::new(text).small().color(colour)).on_hover_text(hint);
}
