//! The modules are layers: this reads their imports and keeps them pointing down.
//!
//! Crates keep layers apart from outside (their `Cargo.toml` names what they may use); this reads it module by module, so that
//! several layers may share a crate.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

#[path = "layering/files.rs"]
mod files;
#[path = "layering/parts.rs"]
mod parts;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Crates below `crates/` that are one layer: its name is the crate's. All other crates have their layers as top modules.
const LAYER_CRATES: &[&str] = &["vae", "playback", "jobs", "language"];

/// Every layer, bottom first, with the layers that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("names", &[]),
    ("numbers", &[]),
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
    ("sentence", &[]),
    ("setting", &[]),
    ("protobuf", &[]),
    ("crash_reports", &["atomic_file", "clock", "processes", "panics"]),
    // Texts of the window.
    ("language", &[]),
    // Pure mathematics: no files, no threads, and nothing to wait for.
    ("dsp", &[]),
    ("audio", &["interrupt", "atomic_file", "regular_file", "panics", "dsp"]),
    ("pipeline", &["interrupt", "atomic_file", "regular_file", "panics", "outputs", "dsp", "audio"]),
    // Tensors only, never a sound.
    ("vae", &["interrupt", "atomic_file", "regular_file", "protobuf", "setting"]),
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
            "processes",
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
            "language",
        ],
    ),
    (
        "app",
        &[
            "interrupt",
            "crash_reports",
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
            "language",
        ],
    ),
    (
        "commands",
        &[
            "interrupt",
            "crash_reports",
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

/// Modules that every layer may use: how names of files and numbers are written and shown, how settings are described,
/// and sentences that other languages say, too.
const FOR_ALL: &[&str] = &["names", "numbers", "sentence", "setting"];

/// The `src` folders of the workspace: of this package, and of every crate with its short name.
fn source_folders() -> Vec<(Option<String>, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![(None, root.join("src"))];
    for entry in fs::read_dir(root.join("crates")).unwrap() {
        let entry = entry.unwrap();
        folders.push((Some(entry.file_name().into_string().unwrap()), entry.path().join("src")));
    }
    folders
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

/// The layer that a file of a crate belongs to: the crate's only one, or else its top folder or, at the top, its own name.
fn layer_of(crate_name: Option<&str>, source: &Path, file: &Path) -> String {
    if let Some(name) = crate_name.filter(|name| LAYER_CRATES.contains(name)) {
        return name.to_owned();
    }
    let relative = file.strip_prefix(source).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The program without comments and without its unit tests, which stand last in a file.
fn program(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
    lines.map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Layers named in paths: after `crate::` in a crate of several layers, and after `timbrespace_...::` anywhere.
fn imported_layers(text: &str) -> BTreeSet<String> {
    let program = program(text);
    let mut layers: BTreeSet<String> = heads_after(&program, "crate::").into_iter().collect();
    for (place, prefix) in program.match_indices("timbrespace_") {
        let name = leading_name(&program[place + prefix.len()..]);
        if LAYER_CRATES.contains(&name.as_str()) {
            layers.insert(name);
        } else {
            layers.extend(heads_after(&program[place..], &format!("timbrespace_{name}::")));
        }
    }
    layers
}

/// First names after every `prefix`, groups in braces included.
fn heads_after(program: &str, prefix: &str) -> Vec<String> {
    let mut heads = Vec::new();
    for (place, path) in program.match_indices(prefix) {
        let is_other_word = program[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        if is_other_word {
            continue;
        }
        let rest = &program[place + path.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            heads.extend(group_heads(group));
        } else {
            heads.push(leading_name(rest));
        }
    }
    heads
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
    for (crate_name, source) in source_folders() {
        for file in rust_files(&source) {
            complaints.extend(complaints_of(crate_name.as_deref(), &source, &file));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

fn complaints_of(crate_name: Option<&str>, source: &Path, file: &Path) -> Vec<String> {
    let layer = layer_of(crate_name, source, file);
    let is_crate_root = layer == "lib" || layer == "main";
    // Test data that only other crates' tests use.
    if is_crate_root || layer == "differences" {
        return Vec::new();
    }
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
        return vec![format!(
            "{}: the module `{layer}` has no place among the layers: give it one in LAYERS of tests/layering.rs and in \
             ARCHITECTURE.md",
            file.display()
        )];
    };
    let text = fs::read_to_string(file).unwrap();
    let mut imports = imported_layers(&text);
    if LAYER_CRATES.contains(&layer.as_str()) {
        // `crate::` names a module of the layer itself there.
        imports = imported_layers(&text.replace("crate::", "itself::"));
    }
    let is_wrong = |import: &String| {
        let is_layer = LAYERS.iter().any(|(name, _)| name == import);
        let may_use = allowed.contains(&import.as_str()) || FOR_ALL.contains(&import.as_str());
        is_layer && *import != layer && !may_use
    };
    let wrong = imports.iter().filter(|import| is_wrong(import));
    wrong
        .map(|import| {
            format!(
                "{}: `{layer}` uses `{import}`, but may only use {allowed:?}: move what both need into one of these, or \
                 pass it in from above",
                file.display()
            )
        })
        .collect()
}

/// Parts of the crate of jobs, bottom first, each with the other parts that it may use; all other modules are jobs, which may use all.
const PARTS_OF_JOBS: &[(&str, &[&str])] = &[
    ("note", &[]),
    ("fault", &[]),
    ("files", &["fault"]),
    ("data", &["fault", "files", "note"]),
    ("runs", &["fault", "files", "note", "data"]),
    ("latent", &["files", "data", "runs"]),
    ("export", &["files", "data", "runs", "latent"]),
];

#[test]
fn the_parts_below_the_jobs_know_no_job() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/jobs/src");
    let modules: BTreeSet<String> = fs::read_dir(&source)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().trim_end_matches(".rs").to_owned())
        .collect();
    let mut complaints = Vec::new();
    for file in rust_files(&source) {
        let part = layer_of(None, &source, &file);
        let Some((_, allowed)) = PARTS_OF_JOBS.iter().find(|(name, _)| *name == part) else { continue };
        if file.ends_with("tests.rs") {
            continue;
        }
        let used: BTreeSet<String> =
            heads_after(&program(&fs::read_to_string(&file).unwrap()), "crate::").into_iter().collect();
        let wrong =
            used.intersection(&modules).filter(|name| **name != part && !allowed.contains(&name.as_str()));
        complaints.extend(wrong.map(|name| format!("{}: `{part}` of jobs uses `{name}`", file.display())));
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_layer_is_there_and_lists_only_layers_below_it() {
    for (place, (layer, allowed)) in LAYERS.iter().enumerate() {
        let exists = source_folders().iter().any(|(crate_name, source)| {
            let folder = source.join(layer);
            let is_crate = crate_name.as_deref() == Some(layer) && LAYER_CRATES.contains(layer);
            is_crate || folder.is_dir() || folder.with_extension("rs").is_file()
        });
        assert!(exists, "`{layer}` of LAYERS is nowhere in src/ or crates/");
        for other in *allowed {
            let below = LAYERS[..place].iter().any(|(name, _)| name == other);
            assert!(below, "`{layer}` may not use `{other}`, which is not below it");
        }
    }
}

#[test]
fn every_form_of_import_is_seen() {
    let text = "use crate::audio::clip::Clip;\n// use crate::app;\nuse crate::{\n    dsp::{stft, mel},\n    vae::{self},\n};\n\
                pub(crate) fn f() -> timbrespace_jobs::JobError {}\nuse other_crate::session;\nuse timbrespace_base::{\n  \
                names::shown, outputs};\n#[cfg(test)]\nuse crate::commands;";
    let seen: Vec<String> = imported_layers(text).into_iter().collect();
    assert_eq!(seen, ["audio", "dsp", "jobs", "names", "outputs", "vae"]);
}

#[test]
fn no_crate_below_the_window_knows_a_window() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (crate_name, source) in source_folders() {
        let Some(name) = crate_name else { continue };
        let manifest = fs::read_to_string(source.with_file_name("Cargo.toml")).unwrap();
        for window in ["eframe", "egui", "rfd", "clap"] {
            assert!(!manifest.contains(window), "{}: crates/{name} depends on {window}", root.display());
        }
        let may_play = name == "playback";
        assert!(may_play || !manifest.contains("cpal"), "crates/{name} depends on cpal");
        assert!(may_play || !manifest.contains("timbrespace-playback"), "crates/{name} depends on cpal");
    }
}

/// A test file without its `mod` is no test, and cargo does not say so.
#[test]
fn every_file_beside_a_main_is_a_module_of_it() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mains: Vec<PathBuf> =
        rust_files(&tests).into_iter().filter(|file| file.ends_with("main.rs")).collect();
    assert!(!mains.is_empty(), "no test program has files of its own");
    for main in mains {
        for file in rust_files(main.parent().unwrap()).iter().filter(|file| **file != main) {
            let (module, beside) = if file.ends_with("mod.rs") {
                (file.parent().unwrap(), file.parent().unwrap().parent().unwrap())
            } else {
                (file.as_path(), file.parent().unwrap())
            };
            let name = module.file_stem().unwrap().to_str().unwrap();
            let declares = |place: &str| {
                fs::read_to_string(beside.join(place))
                    .is_ok_and(|text| text.contains(&format!("mod {name};")))
            };
            assert!(declares("main.rs") || declares("mod.rs"), "no `mod {name};` in {}", beside.display());
        }
    }
}
