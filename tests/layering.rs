//! The modules are layers: this reads their imports and keeps them pointing down.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Every module of `src/`, bottom first, with the modules that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("names", &[]),
    ("interrupt", &[]),
    ("atomic_file", &[]),
    ("clock", &[]),
    ("processes", &[]),
    ("folder_lock", &["clock", "processes"]),
    ("signals", &["interrupt", "atomic_file"]),
    ("regular_file", &[]),
    ("panics", &[]),
    ("outputs", &["atomic_file"]),
    ("table", &[]),
    ("protobuf", &[]),
    // Pure mathematics: no files, no threads, and nothing to wait for.
    ("dsp", &[]),
    ("audio", &["interrupt", "atomic_file", "regular_file", "panics", "dsp"]),
    ("pipeline", &["interrupt", "atomic_file", "regular_file", "panics", "outputs", "dsp", "audio"]),
    // Tensors only, never a sound.
    ("vae", &["interrupt", "atomic_file", "regular_file", "protobuf"]),
    // Arrays only.
    ("explore", &[]),
    ("inspect", &["interrupt", "atomic_file", "table", "regular_file", "panics", "dsp", "audio", "pipeline"]),
    ("playback", &["panics", "dsp", "audio"]),
    (
        "jobs",
        &[
            "interrupt",
            "atomic_file",
            "clock",
            "processes",
            "folder_lock",
            "table",
            "protobuf",
            "regular_file",
            "panics",
            "outputs",
            "dsp",
            "audio",
            "pipeline",
            "vae",
            "explore",
            "inspect",
        ],
    ),
    (
        "session",
        &[
            "interrupt",
            "folder_lock",
            "atomic_file",
            "regular_file",
            "panics",
            "outputs",
            "dsp",
            "audio",
            "pipeline",
            "vae",
            "explore",
            "inspect",
            "playback",
            "jobs",
        ],
    ),
    (
        "app",
        &[
            "interrupt",
            "signals",
            "regular_file",
            "panics",
            "dsp",
            "audio",
            "pipeline",
            "vae",
            "explore",
            "inspect",
            "playback",
            "jobs",
            "session",
        ],
    ),
    (
        "commands",
        &[
            "interrupt",
            "signals",
            "regular_file",
            "outputs",
            "audio",
            "pipeline",
            "vae",
            "explore",
            "inspect",
            "jobs",
        ],
    ),
];

/// Modules that every layer may use: how names of files are written and shown.
const FOR_ALL: &[&str] = &["names"];

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file below `folder`.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The module of `src/` that a file belongs to: its folder, or its own name at the top.
fn module_of(file: &Path) -> String {
    let relative = file.strip_prefix(source_folder()).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The program without comments and without its unit tests, which stand last in a file.
fn program(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
    lines.map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// First names after every `crate::`, groups in braces included.
fn imported_modules(text: &str) -> BTreeSet<String> {
    let program = program(text);
    let mut modules = BTreeSet::new();
    for (place, path) in program.match_indices("crate::") {
        let is_other_word = program[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        if is_other_word {
            continue;
        }
        let rest = &program[place + path.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            modules.extend(group_heads(group));
        } else {
            modules.insert(leading_name(rest));
        }
    }
    modules
}

/// The first names of the paths in a brace group, whose opening brace was taken off.
fn group_heads(group: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let mut depth = 0_usize;
    let mut at_head = true;
    for (place, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_head = true,
            c if at_head && c.is_alphabetic() => {
                heads.push(leading_name(&group[place..]));
                at_head = false;
            }
            _ => {}
        }
    }
    heads
}

fn leading_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn imports_point_down_the_layers_only() {
    let mut complaints = Vec::new();
    for file in rust_files(&source_folder()) {
        let module = module_of(&file);
        if module == "lib" || module == "main" {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            complaints.push(format!(
                "{}: the module `{module}` has no place among the layers: give it one in LAYERS of tests/layering.rs \
                 and in ARCHITECTURE.md",
                file.display()
            ));
            continue;
        };
        let text = fs::read_to_string(&file).unwrap();
        for import in imported_modules(&text) {
            let is_layer = LAYERS.iter().any(|(name, _)| *name == import);
            let may_use = allowed.contains(&import.as_str()) || FOR_ALL.contains(&import.as_str());
            if is_layer && import != module && !may_use {
                complaints.push(format!(
                    "{}: `{module}` uses `crate::{import}`, but may only use {allowed:?}: move what both need into one \
                     of these, or pass it in from above",
                    file.display()
                ));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_layer_is_there_and_lists_only_layers_below_it() {
    for (place, (module, allowed)) in LAYERS.iter().enumerate() {
        let folder = source_folder().join(module);
        let exists = folder.is_dir() || folder.with_extension("rs").is_file();
        assert!(exists, "`{module}` of LAYERS is not in src/");
        for other in *allowed {
            let below = LAYERS[..place].iter().any(|(name, _)| name == other);
            assert!(below, "`{module}` may not use `{other}`, which is not below it");
        }
    }
}

#[test]
fn every_form_of_import_is_seen() {
    let text = "use crate::audio::clip::Clip;\n// use crate::app;\nuse crate::{\n    dsp::{stft, mel},\n    vae::{self},\n};\n\
                pub(crate) fn f() -> crate::jobs::JobError {}\nuse other_crate::session;\n#[cfg(test)]\nuse crate::commands;";
    let seen: Vec<String> = imported_modules(text).into_iter().collect();
    assert_eq!(seen, ["audio", "dsp", "jobs", "vae"]);
}
