//! The playing strip by what can be read on it.

use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    playback::{backend::OutputDevice, microphone::TakeProgress},
    session::{
        Command, PlaybackCommand, State,
        playing::{PlayMode, PlayingCommand},
        state::{Source, View},
    },
};

use super::{
    desk::{Desk, desk_sized, desk_with, in_view},
    fits,
    input::commands,
    runs,
};

fn sent(harness: &mut Harness<'_, Desk>) -> Vec<PlayingCommand> {
    harness.run_ok();
    let commands = std::mem::take(&mut harness.state_mut().commands);
    let of_playing = |command| match command {
        Command::Playing(command) => command,
        other => panic!("{other:?}"),
    };
    commands.into_iter().map(of_playing).collect()
}

fn press(harness: &mut Harness<'_, Desk>, label: &str) -> Vec<PlayingCommand> {
    harness.get_by_label(label).click();
    sent(harness)
}

#[test]
fn modes_loudness_and_recording_are_a_press_away() {
    let mut harness = desk_with(in_view(View::Latent));
    assert_eq!(press(&mut harness, "Hold"), [PlayingCommand::SetMode(PlayMode::Hold)]);
    assert_eq!(press(&mut harness, "Loop"), [PlayingCommand::SetMode(PlayMode::Loop)]);
    assert_eq!(press(&mut harness, "Match loudness"), [PlayingCommand::SetMatched(true)]);
    assert_eq!(press(&mut harness, "Record output"), [PlayingCommand::SetRecording(true)]);
    assert_eq!(press(&mut harness, "Microphone"), [PlayingCommand::SetTake(true)]);
    harness.get_by_label("Level silent");
    assert_eq!(press(&mut harness, "Clip light: off"), [PlayingCommand::ResetClip]);
}

#[test]
fn what_is_recorded_shows_its_length_and_can_be_ended() {
    let mut state = in_view(View::Latent);
    state.playing.recording_secs = Some(75.25);
    state.playing.take = Some(TakeProgress { seconds: 2.0, peak: 0.5, ended: false });
    let mut harness = desk_with(state);
    assert_eq!(press(&mut harness, "Stop 1:15.2"), [PlayingCommand::SetRecording(false)]);
    assert_eq!(press(&mut harness, "Use take"), [PlayingCommand::SetTake(false)]);
    assert_eq!(press(&mut harness, "Discard"), [PlayingCommand::CancelTake]);
    harness.get_by_label("Take of 0:02.0, −6.0 dBFS");
}

#[test]
fn what_is_pressed_to_record_stays_where_it_is() {
    // Every width of the window at which the strip has other lines.
    for width in (600..1400).step_by(20) {
        let mut harness = desk_sized(in_view(View::Latent), [width as f32, 700.0]);
        let place = |harness: &Harness<'_, Desk>, label: &str| harness.get_by_label(label).rect();
        let before = ["Record output", "Microphone"].map(|label| place(&harness, label));
        let playing = &mut harness.state_mut().state.playing;
        playing.recording_secs = Some(600.0);
        playing.take = Some(TakeProgress { seconds: 2.0, peak: 0.5, ended: false });
        harness.run_ok();
        let during = ["Stop 10:00.0", "Use take"].map(|label| place(&harness, label));
        assert_eq!(during, before, "in a window {width} points wide");
    }
}

#[test]
fn another_folder_is_offered_once_a_recording_was_refused() {
    let mut state = in_view(View::Latent);
    assert!(desk_with(in_view(View::Latent)).query_by_label("Record to another folder…").is_none());
    state.playing.is_folder_refused = true;
    desk_with(state).get_by_label("Record to another folder…");
}

#[test]
fn devices_and_midi_ports_are_chosen_from_menus() {
    let mut state = in_view(View::Latent);
    let device = |name: &str, is_default| OutputDevice { name: name.to_owned(), is_default };
    state.playing.devices = vec![device("built-in", true), device("headphones", false)];
    state.playing.midi_ports = vec!["keys".to_owned()];
    let mut harness = desk_with(state);
    assert_eq!(press(&mut harness, "Output ▾"), [PlayingCommand::AskDevices]);
    let chosen = press(&mut harness, "headphones");
    assert_eq!(chosen, [PlayingCommand::ChooseDevice(Some("headphones".to_owned()))]);
    assert_eq!(press(&mut harness, "MIDI ▾"), [PlayingCommand::AskMidi]);
    assert_eq!(press(&mut harness, "keys"), [PlayingCommand::ConnectMidi(Some("keys".to_owned()))]);
}

#[test]
fn the_output_menu_fits_devices_that_come_after_it_was_opened() {
    let mut harness = desk_sized(in_view(View::Latent), [960.0, 600.0]);
    assert_eq!(press(&mut harness, "Output ▾"), [PlayingCommand::AskDevices]);
    harness.get_by_label("No output device was found.");
    let names = ["HDA Intel PCH, ALC3246 Analog, front speakers", "USB Audio Device", "HDMI 0", "HDMI 1"];
    let device = |name: &&str| OutputDevice { name: (*name).to_owned(), is_default: false };
    harness.state_mut().state.playing.devices = names.iter().map(device).collect();
    harness.run_steps(4);
    for name in names {
        let rect = harness.get_by_label(name).rect();
        assert!(harness.ctx.content_rect().contains_rect(rect), "{name}: {rect:?}");
        assert!(rect.height() < 40.0, "{name} is broken into lines: {rect:?}");
    }
}

#[test]
fn the_trigger_key_goes_down_and_comes_up_and_others_move_axes() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.key_down(Key::T);
    assert_eq!(sent(&mut harness), [PlayingCommand::Press]);
    harness.key_up(Key::T);
    assert_eq!(sent(&mut harness), [PlayingCommand::Release]);
    harness.key_press(Key::Q);
    assert_eq!(sent(&mut harness), [PlayingCommand::Nudge(0, 0.02)]);
    harness.key_press(Key::D);
    assert_eq!(sent(&mut harness), [PlayingCommand::Nudge(2, -0.02)]);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::S);
    let fine = sent(&mut harness);
    assert!(
        matches!(fine[..], [PlayingCommand::Nudge(1, steps)] if (steps + 0.002).abs() < 1e-6),
        "{fine:?}"
    );
}

#[test]
fn keys_are_letters_while_a_name_is_typed() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.get_by_label("Find an axis").focus();
    harness.run_ok();
    harness.event(Event::Text("t".to_owned()));
    harness.key_down(Key::T);
    assert_eq!(sent(&mut harness), []);
}

#[test]
fn in_hold_mode_the_play_button_is_a_key() {
    let mut state = in_view(View::Latent);
    state.settings.playing.mode = PlayMode::Hold;
    let mut harness = desk_with(state);
    let button = harness.get_by_label("Play");
    let help = "Hold to play the decoded sound (T holds it too; Space plays it once)";
    assert_eq!(button.accesskit_node().description().as_deref(), Some(help));
    let at = button.rect().center();
    harness.drag_at(at);
    assert_eq!(sent(&mut harness), [PlayingCommand::Press]);
    harness.state_mut().state.playback.playing = Some((Source::Decoded, 0.1));
    harness.run_ok();
    harness.drop_at(at);
    assert_eq!(sent(&mut harness), [PlayingCommand::Release]);
    // What plays otherwise is stopped.
    harness.run_ok();
    harness.get_by_label("Stop").click();
    assert_eq!(commands(&mut harness), [Command::Playback(PlaybackCommand::Stop)]);
}

#[test]
fn there_is_one_play_button_and_it_says_what_it_plays() {
    let says = |state: State, help: &str| {
        let harness = desk_with(state);
        assert_eq!(harness.query_all_by_label_contains("▶ Play").count(), 0, "its name is Play");
        let button = harness.get_all_by_label("Play").next().unwrap();
        assert_eq!(button.accesskit_node().description().as_deref(), Some(help));
    };
    says(in_view(View::Latent), "Play the decoded sound (Space; T holds it)");
    says(in_view(View::Stages), "Play the recording (Space)");
    let mut state = in_view(View::Stages);
    state.inspection.selection = Some((0.1, 0.2));
    says(state, "Play the selection (Space)");
    says(in_view(View::DataSet), "Play the recording (Space)");
    says(runs::replay(), "Play the decoded sound of the replayed epoch (Space)");
    says(fits::in_pieces(), "Play the piece (Space)");
}

#[test]
fn a_slider_offers_to_learn_a_control_and_says_that_it_waits() {
    let mut harness = desk_with(in_view(View::Latent));
    harness.get_by_label("Latent 3").click_secondary();
    harness.run_ok();
    assert_eq!(press(&mut harness, "Learn MIDI control"), [PlayingCommand::Learn(Some(3))]);
    let mut state = in_view(View::Latent);
    state.playing.learning = Some(3);
    let mut harness = desk_with(state);
    harness.get_by_label("Move a knob for z3");
    assert_eq!(press(&mut harness, "Cancel learning"), [PlayingCommand::Learn(None)]);
}

#[test]
fn the_strip_fits_the_smallest_window() {
    let harness = desk_sized(in_view(View::Latent), [960.0, 600.0]);
    for label in ["One-shot", "Match loudness", "Record output", "Microphone", "Output ▾", "MIDI ▾"] {
        let rect = harness.get_by_label(label).rect();
        assert!(rect.right() <= 960.0 && rect.bottom() <= 600.0, "{label}: {rect:?}");
    }
}
