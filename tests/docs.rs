//! The pages for people: every link in them leads somewhere, and every module that they name is there.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, helpers included")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The Markdown pages at the top and in `docs`.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [root.to_owned(), root.join("docs")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = files.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// Targets of links and pictures: what stands between `](` and `)`.
fn targets(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

/// The anchors that GitHub gives to the headings of a page.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let words = headings.map(|line| line.trim_start_matches('#').trim().to_lowercase());
    words
        .map(|words| {
            let kept = words.chars().filter(|&c| c.is_alphanumeric() || c == ' ' || c == '-' || c == '_');
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

#[test]
fn every_link_leads_to_a_file_or_a_heading_that_is_there() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for target in targets(&text).into_iter().filter(|target| !target.contains("://")) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let is_there = path.exists()
                && (anchor.is_empty()
                    || anchors(&fs::read_to_string(&path).unwrap()).contains(&anchor.to_owned()));
            if !is_there {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_page_of_docs_is_in_the_list_of_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    for page in fs::read_dir(root.join("docs")).unwrap() {
        let link = format!("(docs/{})", page.unwrap().file_name().to_str().unwrap());
        assert!(readme.contains(&link), "README.md has no link to {link}");
    }
}

/// Where the modules of each layer lie.
const LAYERS: &[(&str, &str)] = &[
    ("app", "src"),
    ("commands", "src"),
    ("session", "src"),
    ("jobs", "crates"),
    ("playback", "crates"),
    ("vae", "crates"),
    ("explore", "crates/analysis/src"),
    ("inspect", "crates/analysis/src"),
    ("audio", "crates/signal/src"),
    ("dsp", "crates/signal/src"),
    ("pipeline", "crates/signal/src"),
];

/// What stands in backticks, with `a/{b,c}` as `a/b` and `a/c`.
fn spans(text: &str) -> Vec<String> {
    let spans = text.split('`').skip(1).step_by(2);
    spans
        .flat_map(|span| match span.split_once('{') {
            Some((head, rest)) if rest.ends_with('}') => {
                rest.trim_end_matches('}').split(',').map(|name| format!("{head}{name}")).collect()
            }
            _ => vec![span.to_owned()],
        })
        .collect()
}

/// The path, without its ending, of a module that a span like `vae/stack` names; `None` where it names none.
fn module(span: &str) -> Option<PathBuf> {
    let (layer, rest) = span.split_once('/')?;
    let is_module =
        rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '/');
    let (_, folder) = LAYERS.iter().find(|(name, _)| *name == layer).filter(|_| is_module)?;
    let source =
        if *folder == "crates" { format!("crates/{layer}/src") } else { format!("{folder}/{layer}") };
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join(source).join(rest))
}

#[test]
fn every_module_that_architecture_names_is_there() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let named: Vec<String> = spans(&text).into_iter().filter(|span| module(span).is_some()).collect();
    assert!(named.len() > 50, "only {} modules are named", named.len());
    let is_missing = |span: &&String| {
        let path = module(span).unwrap();
        !path.is_dir() && !path.with_extension("rs").is_file()
    };
    let missing: Vec<_> = named.iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names modules that are gone: {missing:?}");
}
