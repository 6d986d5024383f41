//! `assets/notices.txt`, which the program shows, names what the program is built from: all of it, and nothing else.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use serde_json::Value;

const RENEW: &str = "run scripts/notices.py and commit assets/notices.txt";

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// What the notices say of each package, by its `name version`.
fn notices() -> BTreeMap<String, Vec<String>> {
    let text = read("assets/notices.txt");
    let packages = text.split("\nPACKAGES\n").nth(1).unwrap().split("\nTEXTS\n").next().unwrap();
    let entries = packages.trim().split("\n\n").map(|entry| {
        let mut lines = entry.lines().map(|line| line.trim().to_owned());
        (lines.next().unwrap(), lines.collect())
    });
    entries.collect()
}

fn texts(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// Packages from a registry that this system's build reaches by normal dependencies, as `name version`.
fn normal_packages() -> BTreeSet<String> {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let about = String::from_utf8(rustc.stdout).unwrap();
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let graph: Value = serde_json::from_slice(&output.stdout).unwrap();
    let nodes: BTreeMap<String, &Value> =
        graph["resolve"]["nodes"].as_array().unwrap().iter().map(|node| (texts(node, "id"), node)).collect();
    let mut open: Vec<String> = graph["workspace_members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        for dependency in nodes[&id]["deps"].as_array().unwrap() {
            let is_normal =
                dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null());
            if is_normal {
                open.push(texts(dependency, "pkg"));
            }
        }
    }
    let packages = graph["packages"].as_array().unwrap().iter();
    let shipped =
        packages.filter(|package| seen.contains(&texts(package, "id")) && package["source"].is_string());
    shipped.map(|package| format!("{} {}", texts(package, "name"), texts(package, "version"))).collect()
}

#[test]
fn every_package_of_a_normal_build_is_named() {
    let named = notices();
    let shipped = normal_packages();
    assert!(shipped.len() > 100, "cargo metadata has only {}", shipped.len());
    let missing: Vec<_> = shipped.iter().filter(|package| !named.contains_key(*package)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in the notices: {RENEW}");
}

#[test]
fn no_package_is_named_that_cargo_lock_has_not() {
    let lock: toml::Table = toml::from_str(&read("Cargo.lock")).unwrap();
    let locked: BTreeSet<String> = lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            format!("{} {}", package["name"].as_str().unwrap(), package["version"].as_str().unwrap())
        })
        .collect();
    let stale: Vec<_> = notices().into_keys().filter(|package| !locked.contains(package)).collect();
    assert!(stale.is_empty(), "{stale:?} are no longer in Cargo.lock: {RENEW}");
}

#[test]
fn every_package_has_a_licence_someone_to_thank_and_a_text_that_is_there() {
    let text = read("assets/notices.txt");
    for (package, said) in notices() {
        let [_licence, thanked @ .., last] = said.as_slice() else {
            panic!("{package} has nothing but {said:?}: {RENEW}");
        };
        assert!(!thanked.is_empty(), "{package} names nobody");
        let numbers = last.strip_prefix("texts ").or_else(|| last.strip_prefix("text ")).unwrap();
        let numbers = numbers.split(" (").next().unwrap();
        for number in numbers.split(", ") {
            assert!(text.contains(&format!("\n--- text {number} ---\n")), "{package}: text {number}");
        }
    }
}
