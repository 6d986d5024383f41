//! One level down: the parts of the session and of the window are held apart, and no circle of files grows.

use super::{files::Graph, source_folders};

/// What the parts of the session stand on: every part may use these.
const FOUNDATION: &[&str] = &[
    "ctx",
    "error_words",
    "folder_checksum",
    "job",
    "mailbox",
    "notices",
    "progress",
    "setting_words",
    "settings",
    "sound",
    "spoken",
    "stage_words",
    "task",
    "undo",
    "worker",
];

/// The parts of `src/session`, bottom first, with the parts that each may use.
const PARTS: &[(&str, &[&str])] = &[
    ("library", &[]),
    ("inspection", &["library"]),
    ("playback", &["library", "inspection"]),
    ("training", &["library"]),
    ("latent", &["library", "training"]),
    // Files that a person saves must not overwrite what the window shows.
    ("export_queue", &["library", "training", "latent"]),
    ("space", &["library", "training", "latent", "export_queue"]),
    ("playing", &["latent"]),
    ("runs", &["training", "export_queue"]),
    ("data_set", &["library", "export_queue"]),
    ("export", &["inspection", "export_queue"]),
];

/// What puts the parts together, and therefore knows them all; `testing` does so for tests.
const TOGETHER: &[&str] = &["state", "command", "event", "routing", "closing", "testing"];

/// Parts whose remembered settings are files of their own, which `settings` puts together.
const SETTINGS_OF: &[(&str, &str)] = &[("training", "form"), ("playing", "settings")];

/// The parts of `src/app`, bottom first, with the parts that each may use.
const PARTS_OF_APP: &[(&str, &[&str])] = &[
    ("format", &[]),
    ("setting_words", &[]),
    ("feature_words", &[]),
    ("theme", &[]),
    ("letters", &[]),
    ("system_fonts", &[]),
    ("focus_in_sight", &[]),
    ("focus_return", &[]),
    ("reader_tree", &[]),
    ("late_releases", &[]),
    ("reveal", &[]),
    ("startup", &[]),
    ("stored", &[]),
    ("title", &[]),
    ("transport", &[]),
    ("window_size", &[]),
    ("crash_notice", &[]),
    ("dialogs", &[]),
    ("kinds", &["feature_words"]),
    ("pictures", &["theme"]),
    ("widgets", &["format", "setting_words", "feature_words", "theme", "focus_return", "pictures"]),
    ("shortcuts", &["transport", "widgets"]),
    // What a panel remembers lies below all panels, because every panel gets all of it.
    ("memory", &["format", "theme", "dialogs", "kinds", "pictures", "widgets"]),
    ("context", &["dialogs", "kinds", "memory"]),
    (
        "panels",
        &[
            "format",
            "setting_words",
            "feature_words",
            "theme",
            "reveal",
            "transport",
            "letters",
            "dialogs",
            "kinds",
            "pictures",
            "widgets",
            "shortcuts",
            "memory",
            "context",
        ],
    ),
    (
        "figure",
        &[
            "format",
            "feature_words",
            "theme",
            "system_fonts",
            "dialogs",
            "kinds",
            "widgets",
            "memory",
            "context",
            "panels",
        ],
    ),
    (
        "window",
        &[
            "theme",
            "letters",
            "title",
            "focus_in_sight",
            "focus_return",
            "reader_tree",
            "late_releases",
            "dialogs",
            "kinds",
            "shortcuts",
            "memory",
            "context",
            "panels",
            "widgets",
            "figure",
        ],
    ),
    ("program", &["startup", "stored", "crash_notice", "system_fonts", "window", "window_size"]),
];

/// The panels that are views: only the window puts them together.
const VIEWS: &[&str] = &["stages", "data_set", "training", "latent"];

#[test]
fn the_parts_of_the_session_are_apart() {
    let graph = graph_of_the_package();
    let mut complaints = Vec::new();
    for (user, used) in graph.uses_below(&["session"]) {
        let (part, other) = (user[0].as_str(), used[0].as_str());
        let is_setting = SETTINGS_OF.iter().any(|(part, file)| used == [*part, *file]);
        let may = match PARTS.iter().find(|(name, _)| *name == part) {
            _ if part == other || TOGETHER.contains(&part) => true,
            Some((_, allowed)) => allowed.contains(&other) || FOUNDATION.contains(&other),
            None => {
                let is_known = FOUNDATION.contains(&part) || part == "background";
                is_known && (FOUNDATION.contains(&other) || other == "background" || is_setting)
            }
        };
        if !may {
            complaints.push(format!(
                "session/{} uses session/{}: let the part tell its news, and Session's routing pass them on",
                user.join("/"),
                used.join("/")
            ));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn the_parts_of_the_window_are_apart() {
    let graph = graph_of_the_package();
    let mut complaints = Vec::new();
    for (user, used) in graph.uses_below(&["app"]) {
        let (part, other) = (user[0].as_str(), used[0].as_str());
        let allowed = PARTS_OF_APP.iter().find(|(name, _)| *name == part);
        if part != other && !allowed.is_some_and(|(_, allowed)| allowed.contains(&other)) {
            complaints.push(format!(
                "app/{} uses app/{}: move what both need into a part below, or add the part to PARTS_OF_APP",
                user.join("/"),
                used.join("/")
            ));
        }
    }
    for (user, used) in graph.uses_below(&["app", "panels"]) {
        if user[0] != used[0] && VIEWS.contains(&used[0].as_str()) {
            complaints.push(format!("the panel {} uses the view {}", user.join("/"), used.join("/")));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// A file's unit tests in a file of their own are a part of it.
#[test]
fn no_file_of_the_window_uses_the_file_that_declares_it() {
    let graph = graph_of_the_package();
    let uses = graph.uses_below(&["app"]);
    let is_upward =
        |(user, used): &&(&[String], &[String])| user.len() > used.len() && user.starts_with(used);
    let upward: Vec<_> =
        uses.iter().filter(|(user, _)| user[user.len() - 1] != "tests").filter(is_upward).collect();
    assert!(upward.is_empty(), "move what the file needs into one beside it: {upward:?}");
}

#[test]
fn the_tables_of_parts_list_only_parts_below() {
    for parts in [PARTS, PARTS_OF_APP] {
        for (place, (part, allowed)) in parts.iter().enumerate() {
            let below = |other: &&str| parts[..place].iter().any(|(name, _)| name == other);
            assert!(allowed.iter().all(below), "{part}");
        }
    }
}

/// The files of the package at the top, which has session and window.
fn graph_of_the_package() -> Graph {
    let (_, source) = source_folders().into_iter().find(|(name, _)| name.is_none()).unwrap();
    Graph::read(&source)
}

#[test]
fn no_files_of_a_crate_use_each_other_in_a_circle_of_more_than_two() {
    let mut complaints = Vec::new();
    for (_, source) in source_folders() {
        for circle in Graph::read(&source).circles() {
            complaints.push(format!("{} files use each other in a circle: {circle:?}", circle.len()));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
