//! One level down: the parts of the session are held apart, and no circle of files grows.

use super::{files::Graph, source_folders};

/// What the parts of the session stand on: every part may use these.
const FOUNDATION: &[&str] = &[
    "ctx",
    "folder_checksum",
    "job",
    "mailbox",
    "notices",
    "progress",
    "settings",
    "sound",
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

/// What puts the parts together, and therefore knows them all.
const TOGETHER: &[&str] = &["state", "command", "event", "routing"];

/// Parts whose remembered settings are files of their own, which `settings` puts together.
const SETTINGS_OF: &[(&str, &str)] = &[("training", "form"), ("playing", "settings")];

/// Circles that are still there, by crate (none for the package at the top), a file in them and their size: this list only
/// shrinks.
const CIRCLES: &[(Option<&str>, &str, usize, &str)] = &[
    (
        None,
        "app::window",
        47,
        "every panel needs the window's memory, which is made of every panel's: the memories want files of their own",
    ),
    (
        Some("jobs"),
        "runs::bundle",
        12,
        "what a model has beside its weights is opened and put in place by the model itself",
    ),
];

#[test]
fn the_parts_of_the_session_are_apart() {
    let (_, source) = source_folders().into_iter().find(|(name, _)| name.is_none()).unwrap();
    let graph = Graph::read(&source);
    let mut complaints = Vec::new();
    for (user, used) in graph.uses_below("session") {
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
fn the_table_of_parts_lists_only_parts_below() {
    for (place, (part, allowed)) in PARTS.iter().enumerate() {
        let below = |other: &&str| PARTS[..place].iter().any(|(name, _)| name == other);
        assert!(allowed.iter().all(below), "{part}");
    }
}

#[test]
fn no_circle_of_more_than_two_files_is_new() {
    let mut complaints = Vec::new();
    for (name, source) in source_folders() {
        let watched = |circle: &[String]| {
            let is_top = |top: &str| circle[0].split("::").next() == Some(top);
            name.as_deref() == Some("jobs")
                || name.is_none() && ["session", "app", "commands"].iter().any(|top| is_top(top))
        };
        for circle in Graph::read(&source).circles().into_iter().filter(|circle| watched(circle)) {
            let known = CIRCLES.iter().find(|(known, file, ..)| {
                *known == name.as_deref() && circle.iter().any(|other| other == file)
            });
            if known.is_none_or(|(_, _, most, _)| circle.len() > *most) {
                complaints.push(format!("{} files use each other in a circle: {circle:?}", circle.len()));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
