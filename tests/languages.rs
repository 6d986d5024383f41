//! The window's texts: every key that the program uses has its text in every language, with the same arguments.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

#[path = "languages/messages.rs"]
mod messages;
#[path = "languages/uses.rs"]
mod uses;

use std::{collections::BTreeSet, fs, path::Path};

use messages::Messages;
use timbrespace::language::{FILES, Language};

/// Files of translations whose English stands in the tables of settings, checks and advice, and with the errors.
const TRANSLATIONS: [&str; 2] = ["settings", "errors"];

/// Messages whose keys are put together at run time begin with one of these; their tables test them.
const BUILT_AT_RUN_TIME: &[&str] = &["setting-", "value-"];

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_language_has_the_files_that_the_program_embeds() {
    for language in Language::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/languages").join(language.code());
        let found: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let wanted: BTreeSet<String> = FILES.iter().map(|name| format!("{name}.ftl")).collect();
        assert_eq!(found, wanted, "{}", language.code());
    }
}

#[test]
fn every_message_can_be_read_and_no_key_stands_twice() {
    for language in Language::ALL {
        assert_none(&Messages::read(language).faults);
    }
}

#[test]
fn no_translation_lacks_a_message_or_has_other_arguments() {
    let english = Messages::read(Language::English);
    let mut complaints = Vec::new();
    for language in Language::ALL {
        let translated = Messages::read(language);
        for (key, message) in &english.messages {
            match translated.messages.get(key) {
                None => {
                    complaints.push(format!("{}: {key} is missing in {}.ftl", language.code(), message.file));
                }
                Some(other) if other.file != message.file => {
                    complaints.push(format!(
                        "{}: {key} stands in {}, not in {}",
                        language.code(),
                        other.file,
                        message.file
                    ));
                }
                Some(other) if other.arguments != message.arguments => complaints.push(format!(
                    "{}: {key} has the arguments {:?}, in English {:?}",
                    language.code(),
                    other.arguments,
                    message.arguments
                )),
                Some(_) => {}
            }
        }
        let is_known = |key: &String| english.messages.contains_key(key);
        let extra = translated
            .messages
            .iter()
            .filter(|(key, message)| !is_known(key) && !TRANSLATIONS.contains(&message.file));
        complaints
            .extend(extra.map(|(key, _)| format!("{}: nothing is called {key} in English", language.code())));
    }
    assert_none(&complaints);
}

#[test]
fn every_key_in_the_program_has_its_message_and_gives_its_arguments() {
    let english = Messages::read(Language::English);
    let mut complaints = Vec::new();
    for used in uses::of_the_program() {
        let Some(message) = english.messages.get(&used.key) else {
            complaints.push(format!("{}: no message is called {}", used.file.display(), used.key));
            continue;
        };
        let is_text = used.arguments.as_ref().is_none_or(|given| *given == message.arguments);
        if !is_text {
            complaints.push(format!(
                "{}: {} is given {:?} and has {:?}",
                used.file.display(),
                used.key,
                used.arguments,
                message.arguments
            ));
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_sentence_about_what_went_wrong_has_its_translation() {
    let mut complaints = Vec::new();
    for language in Language::ALL.into_iter().filter(|language| *language != Language::English) {
        let translated = Messages::read(language);
        for used in uses::sentences() {
            let (file, code) = (used.file.display(), language.code());
            match (translated.messages.get(&used.key), &used.arguments) {
                (None, _) => complaints.push(format!("{file}: {} is missing in {code}", used.key)),
                (Some(message), Some(given)) if !message.arguments.is_subset(given) => {
                    complaints.push(format!(
                        "{file}: {} is given {given:?} and has {:?} in {code}",
                        used.key, message.arguments
                    ));
                }
                _ => {}
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_message_is_used() {
    let used: BTreeSet<String> = uses::of_the_program().into_iter().map(|used| used.key).collect();
    let english = Messages::read(Language::English);
    let unused = english.messages.keys().filter(|key| {
        let is_built = BUILT_AT_RUN_TIME.iter().any(|start| key.starts_with(start));
        !used.contains(*key) && !is_built
    });
    assert_none(&unused.map(|key| format!("{key} is used nowhere")).collect::<Vec<_>>());
}

#[test]
fn a_translation_is_no_copy_of_the_english() {
    let english = Messages::read(Language::English);
    let chinese = Messages::read(Language::Chinese);
    let is_copied = |key: &String, text: &str| {
        let has_words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 3).count() > 2;
        has_words && chinese.messages.get(key).is_some_and(|other| other.text == text)
    };
    let copied = english.messages.iter().filter(|(key, message)| is_copied(key, &message.text));
    assert_none(&copied.map(|(key, _)| format!("{key} is English in Chinese")).collect::<Vec<_>>());
}
