//! Messages: cards that go by themselves, and the list behind the bell.

use eframe::egui::pos2;
use egui_kittest::kittest::Queryable as _;
use timbrespace::session::{
    Command, State,
    notices::NoticeCommand,
    state::{About, Notice, Severity, View},
};

use super::{
    desk::{desk_with, example_state},
    input::commands,
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
    harness.get_by_label("Empty the list").click();
    assert_eq!(commands(&mut harness), [Command::Notice(NoticeCommand::Forget)]);
}
