//! Messages of the session: which of them stay when another folder is opened.

use timbrespace::{
    audio::{
        clip::Clip,
        encode::{BitDepth, write_wav},
    },
    language::{self, Language},
    session::{
        Command, LibraryCommand, Session, SessionOptions, State,
        state::{Notice, Severity},
    },
};

use crate::waiting::wait_until;

fn has_error_of(state: &State, name: &str) -> bool {
    state.notices.iter().any(|notice| notice.severity == Severity::Error && notice.text().contains(name))
}

#[test]
fn the_error_of_a_folder_that_was_not_opened_stays_when_another_opens() {
    let place = tempfile::tempdir().unwrap();
    let good = place.path().join("good");
    std::fs::create_dir(&good).unwrap();
    write_wav(&good.join("a.wav"), &Clip::mono(vec![0.5; 8000], 8000), BitDepth::Int16).unwrap();
    let options = SessionOptions::without_devices(&place.path().join("data"));
    let mut session = Session::new(options).unwrap();
    session.apply(LibraryCommand::Open(good.clone()));
    wait_until(&mut session, "folder", |state| state.library.recordings.len() == 1);
    session.apply(LibraryCommand::Open(place.path().join("missing")));
    wait_until(&mut session, "error", |state| has_error_of(state, "missing"));
    session.apply(LibraryCommand::Open(good));
    wait_until(&mut session, "folder again", |state| {
        state.library.scanning.is_none() && state.library.recordings.len() == 1
    });
    assert!(has_error_of(session.state(), "missing"), "{:?}", session.state().notices);
}

#[test]
fn messages_are_said_in_the_language_that_is_chosen_after_they_came() {
    let place = tempfile::tempdir().unwrap();
    let options = SessionOptions::without_devices(&place.path().join("data"));
    let mut session = Session::new(options).unwrap();
    session.apply(Command::Undo);
    session.apply(LibraryCommand::Open(place.path().join("missing")));
    wait_until(&mut session, "error", |state| has_error_of(state, "missing"));
    let texts = |session: &Session| session.state().notices.iter().map(Notice::text).collect::<Vec<_>>();
    let english = texts(&session);
    language::set(Language::Chinese);
    let chinese = texts(&session);
    assert!(chinese[0].contains("没有可撤销的操作") && chinese[1].contains("missing"), "{chinese:?}");
    assert!(english.iter().zip(&chinese).all(|(before, now)| before != now), "{chinese:?}");
    language::set(Language::English);
    assert_eq!(texts(&session), english);
}
