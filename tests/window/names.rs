//! Names of files in the window: what is no visible character is shown as an escape.

use std::path::Path;

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use timbrespace::{jobs::scan::Recording, names::escaped_lines, session::state::View};

use super::desk::{desk_with, example_state};

const NAME: &str = "forged\nline\u{202e}vaw.wav";
const CLASS: &str = "be\u{1b}[31mll";

#[test]
fn hostile_names_are_shown_escaped_in_every_view() {
    for view in [View::Stages, View::DataSet, View::Training, View::Latent] {
        let mut state = example_state();
        state.settings.view = view;
        for index in 0..4 {
            let recording = Recording::new(Path::new("/sounds"), Path::new(NAME), CLASS.to_owned());
            state.library.recordings[index] =
                Recording { info: state.library.recordings[index].info, ..recording };
        }
        state.library.root = Some("/sounds\u{202e}\n/x\ny".into());
        let mut harness = desk_with(state);
        harness.run_ok();
        assert!(harness.query_all_by_label_contains(r"forged\nline\u{202e}vaw.wav").count() > 0, "{view:?}");
        for node in harness.root().children_recursive() {
            let node = node.accesskit_node();
            for text in [node.label(), node.value()].into_iter().flatten() {
                assert_eq!(escaped_lines(&text), text, "{view:?}");
                assert!(!text.contains("forged\nline"), "{view:?}: {text}");
            }
        }
    }
}

#[test]
fn a_recording_that_is_pointed_at_shows_its_name_and_class_escaped() {
    let mut state = example_state();
    let recording = Recording::new(Path::new("/sounds"), Path::new(NAME), CLASS.to_owned());
    state.library.recordings[0] = recording;
    let mut harness = desk_with(state);
    harness.get_by_label(r"forged\nline\u{202e}vaw.wav").hover();
    harness.run_steps(60);
    harness.get_by_label_contains("Class: be\\x1b[31mll");
}
