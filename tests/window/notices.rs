//! Messages: cards that go by themselves, and the list behind the bell.

use eframe::egui::{OutputCommand, Rect, accesskit::Role, pos2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use timbrespace::{
    audio::folder::{Cause, Skipped},
    session::{
        Command, State,
        notices::NoticeCommand,
        state::{About, Closing, Notice, NoticeFile, Severity, View},
    },
};

use super::{
    desk::{Desk, desk_sized, desk_with, example_state},
    input::commands,
    keyboard::{place_of, stops},
};

fn with_notices() -> State {
    let notice = |id, severity, text: &str| Notice::new(id, severity, About::Program, text.to_owned());
    let mut state = example_state();
    state.notices =
        vec![notice(7, Severity::Info, "Saved a.wav"), notice(8, Severity::Error, "The disk is full")];
    state
}

#[test]
fn messages_go_by_themselves_errors_later_than_news() {
    let mut harness = desk_with(with_notices());
    harness.get_by_label("The disk is full");
    harness.get_by_label("Close: The disk is full").click();
    assert_eq!(commands(&mut harness), [Command::Notice(NoticeCommand::Close(8))]);
    // The pointer leaves the cards, which would stay as long as it is there.
    harness.hover_at(pos2(640.0, 400.0));
    harness.run_steps(1);
    let mut secs_until = |id| {
        let begin = harness.ctx.input(|input| input.time);
        for _ in 0..400 {
            harness.run_steps(1);
            if std::mem::take(&mut harness.state_mut().commands)
                .contains(&Command::Notice(NoticeCommand::Close(id)))
            {
                return harness.ctx.input(|input| input.time) - begin;
            }
        }
        f64::INFINITY
    };
    let news = secs_until(7);
    let error = news + secs_until(8);
    assert!((4.0..7.0).contains(&news) && (8.0..11.0).contains(&error), "{news} {error}");
}

#[test]
fn without_a_message_no_room_is_taken_from_what_lies_above() {
    let bottom = |folded| {
        let mut state = example_state();
        state.settings.view = View::Latent;
        state.settings.list_folded = folded;
        // The last control of the strip, on its lowest line.
        desk_with(state).get_by_label("MIDI ▾").rect().bottom()
    };
    assert_eq!(bottom(true), bottom(false));
}

#[test]
fn what_is_unfolded_stays_so_when_messages_come_and_go() {
    let mut state = example_state();
    let cause = Cause::BrokenLink;
    state.library.skipped = vec![Skipped { path: "/sounds/gone.wav".into(), cause: cause.clone() }];
    let mut harness = desk_with(state);
    assert!(harness.query_by_label(&cause.to_string()).is_none());
    harness.get_by_label_contains("cannot be used").click();
    harness.run_steps(8);
    harness.get_by_label(&cause.to_string());
    for notices in [with_notices().notices, Vec::new()] {
        harness.state_mut().state.notices = notices;
        harness.run_steps(8);
        harness.get_by_label(&cause.to_string());
    }
}

#[test]
fn messages_stay_while_the_pointer_is_on_them_and_never_lie_over_meter_and_output() {
    let mut state = with_notices();
    state.settings.view = View::Latent;
    let mut harness = desk_with(state);
    let card = harness.get_by_label("The disk is full").rect();
    for name in ["Output ▾", "MIDI ▾", "Record output"] {
        assert!(!harness.get_by_label(name).rect().intersects(card), "{name}");
    }
    assert!(card.right() < 330.0, "{card:?}");
    harness.hover_at(card.center());
    harness.run_steps(400);
    assert!(
        !std::mem::take(&mut harness.state_mut().commands)
            .iter()
            .any(|command| matches!(command, Command::Notice(_)))
    );
    harness.get_by_label("Close all").click();
    assert_eq!(commands(&mut harness), [Command::Notice(NoticeCommand::CloseAll)]);
}

#[test]
fn closed_messages_are_kept_behind_the_bell() {
    let mut state = with_notices();
    state.notices.iter_mut().for_each(|notice| notice.is_closed = true);
    let mut harness = desk_with(state);
    assert!(harness.query_by_label("The disk is full").is_none());
    harness.get_by_label("Messages: 2").click();
    harness.run_ok();
    harness.get_by_label("The disk is full");
    harness.get_by_label("Saved a.wav");
    see_all(&mut harness);
    harness.get_by_label("Empty the list").click();
    assert_eq!(commands(&mut harness), [Command::Notice(NoticeCommand::Forget)]);
}

/// What the session does once the list was opened.
fn see_all(harness: &mut Harness<'_, Desk>) {
    let sent = commands(harness);
    assert!(sent.contains(&Command::Notice(NoticeCommand::Seen)), "{sent:?}");
    harness.state_mut().state.notices.iter_mut().for_each(|notice| notice.is_seen = true);
    commands(harness);
}

#[test]
fn the_mark_of_the_bell_goes_once_its_list_was_opened() {
    let mut state = with_notices();
    state.notices.iter_mut().for_each(|notice| notice.is_closed = true);
    let mut harness = desk_with(state);
    let dots = |harness: &Harness<'_, Desk>| {
        let bell = harness.get_by_label("Messages: 2").rect();
        let is_dot = |shape: &eframe::egui::epaint::ClippedShape| match &shape.shape {
            eframe::egui::Shape::Circle(dot) => dot.radius == 4.0 && bell.contains(dot.center),
            _ => false,
        };
        harness.output().shapes.iter().filter(|shape| is_dot(shape)).count()
    };
    assert_eq!(dots(&harness), 1);
    harness.get_by_label("Messages: 2").click();
    see_all(&mut harness);
    assert_eq!(dots(&harness), 0);
    let next = Notice::new(9, Severity::Warning, About::Program, "Another".to_owned());
    harness.state_mut().state.notices[0] = next;
    harness.run_ok();
    assert_eq!(dots(&harness), 1);
}

#[test]
fn flags_in_a_message_stand_in_the_font_of_code() {
    let mut state = with_notices();
    let text = "Nothing was written; run timbrespace --help, or --overwrite.";
    state.notices = vec![Notice::new(1, Severity::Error, About::Program, text.to_owned())];
    let harness = desk_with(state);
    let sections = harness.output().shapes.iter().find_map(|shape| match &shape.shape {
        eframe::egui::Shape::Text(shown) if shown.galley.text() == text => {
            Some(shown.galley.job.sections.clone())
        }
        _ => None,
    });
    let is_mono = |section: &&eframe::egui::text::LayoutSection| {
        section.format.font_id.family == eframe::egui::FontFamily::Monospace
    };
    let sections = sections.unwrap();
    let mono: Vec<&str> = sections
        .iter()
        .filter(is_mono)
        .map(|section| &text[section.byte_range.start.0..section.byte_range.end.0])
        .collect();
    assert_eq!(mono, ["--help", "--overwrite"]);
}

/// The card of a message: its text and its button to close it.
fn card(harness: &Harness<'_, Desk>, text: &str) -> Rect {
    harness.get_by_label(text).rect().union(harness.get_by_label(&format!("Close: {text}")).rect())
}

#[test]
fn cards_lie_over_no_button_whether_the_list_is_open_or_folded_away() {
    for (list_folded, size) in [(false, [600.0, 375.0]), (false, [1280.0, 800.0]), (true, [600.0, 375.0])] {
        let mut state = with_notices();
        state.settings.view = View::Training;
        state.settings.list_folded = list_folded;
        let mut harness = desk_sized(state, size);
        let start = harness.get_by_label("Start training").rect();
        let card = card(&harness, "The disk is full");
        assert!(!card.intersects(start), "{size:?} folded {list_folded}: {card:?} on {start:?}");
        assert!(card.left() >= 0.0 && card.bottom() <= size[1], "{card:?}");
        if !list_folded {
            let list = harness.get_by_role_and_label(Role::ListBox, "Recordings").rect();
            assert!(card.right() <= list.right() + 1.0, "{card:?} is wider than its place {list:?}");
            assert!(list.bottom() <= card.top(), "{card:?} lies over the list {list:?}");
        }
        harness.run_ok();
    }
}

#[test]
fn the_tab_key_comes_to_the_list_then_to_the_cards_below_it_by_name() {
    for is_folded in [false, true] {
        let mut state = with_notices();
        state.settings.list_folded = is_folded;
        let mut harness = desk_with(state);
        let stops = stops(&mut harness);
        let place = |name: &str| place_of(&stops, name);
        let close = place("Close: The disk is full");
        if is_folded {
            assert!(stops[..close].len() > 10 && close + 1 == stops.len(), "the view first: {stops:?}");
        } else {
            let order = [place("Search"), place("Class from"), place("Recordings"), place("Close all")];
            assert!(order.is_sorted(), "{order:?} in {stops:?}");
            assert!(place("Close all") < place("Close: Saved a.wav"), "{stops:?}");
            assert!(place("Close: Saved a.wav") < close, "{stops:?}");
        }
    }
}

#[test]
fn cards_wait_behind_a_dialog() {
    let mut state = with_notices();
    state.training.closing = Closing::Asked;
    let mut harness = desk_with(state);
    harness.run_steps(400);
    let closed = |command: &Command| matches!(command, Command::Notice(NoticeCommand::Close(_)));
    assert!(!std::mem::take(&mut harness.state_mut().commands).iter().any(closed));
}

#[test]
fn the_list_behind_the_bell_is_set_from_the_left() {
    let mut state = with_notices();
    let long = "drum_002.wav: the file ends in its header and cannot be read to its end; copy or export it again from \
                where it was made";
    state.notices.push(Notice::new(9, Severity::Warning, About::Program, long.to_owned()));
    state.notices.iter_mut().for_each(|notice| notice.is_closed = true);
    let mut harness = desk_with(state);
    harness.get_by_label("Messages: 3").click();
    harness.run_ok();
    let is_justified = |shape: &eframe::egui::epaint::ClippedShape| match &shape.shape {
        eframe::egui::Shape::Text(text) => text.galley.text() == long && text.galley.job.justify,
        _ => false,
    };
    assert!(!harness.output().shapes.iter().any(is_justified));
    assert!(harness.output().shapes.iter().any(|shape| {
        matches!(&shape.shape, eframe::egui::Shape::Text(text) if text.galley.text() == long)
    }));
}

#[test]
fn a_message_longer_than_its_place_opens_at_its_beginning() {
    let long = |word: &str| format!("{word} begins. {} It ends.", "The file ends in its header. ".repeat(60));
    let notice = |id, text: String| Notice::new(id, Severity::Error, About::Program, text);
    let mut state = example_state();
    state.notices = vec![notice(1, long("First"))];
    let mut harness = desk_sized(state, [960.0, 600.0]);
    let top = |harness: &Harness<'_, Desk>, word: &str| {
        let mut nodes = harness.query_all_by_label_contains(word);
        nodes.find(|node| node.accesskit_node().role() == Role::Label).unwrap().rect().top()
    };
    let list = |harness: &Harness<'_, Desk>| {
        harness.get_by_role_and_label(Role::ListBox, "Recordings").rect().bottom()
    };
    harness.run_steps(3);
    assert!(top(&harness, "First begins") >= list(&harness), "the first one");
    harness.state_mut().state.notices.push(notice(2, long("Second")));
    harness.run_steps(3);
    assert!(top(&harness, "Second begins") >= list(&harness), "a newer one is scrolled to");
    assert!(top(&harness, "Second begins") < 600.0 - 100.0);
    harness.state_mut().state.notices.push(notice(3, "Short".to_owned()));
    harness.run_steps(3);
    let short = harness.get_by_label("Short").rect();
    assert!(short.top() > list(&harness) && short.bottom() <= 600.0, "{short:?}");
}

#[test]
fn the_report_of_a_crash_can_be_copied_and_shown() {
    let mut state = example_state();
    let text = "the report".to_owned();
    let file = NoticeFile::CrashReport { path: "/data/crashes/crash-2026-11-29.txt".into(), text };
    state.notices = vec![Notice {
        file: Some(file),
        ..Notice::new(1, Severity::Warning, About::Program, "An internal error".to_owned())
    }];
    let mut harness = desk_with(state);
    harness.get_by_label("Open an issue");
    harness.get_by_label("Show").hover();
    harness.run_steps(60);
    harness.get_by_label_contains("/data/crashes/crash-2026-11-29.txt");
    harness.get_by_label("Copy").click();
    harness.step();
    let copied =
        |command: &OutputCommand| matches!(command, OutputCommand::CopyText(text) if text == "the report");
    assert!(harness.output().platform_output.commands.iter().any(copied));
}
