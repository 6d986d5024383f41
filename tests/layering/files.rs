//! Which file of a crate uses which, read from `use` lines and from paths in the code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A module by its names below the crate's root, one file; what only the root itself defines is nobody's import.
pub type Module = Vec<String>;

/// For every file of a crate the files that it uses.
pub struct Graph(BTreeMap<Module, BTreeSet<Module>>);

impl Graph {
    /// Reads the crate whose sources lie in `source`; a file's unit tests, which stand last, do not count.
    pub fn read(source: &Path) -> Self {
        let files: BTreeMap<Module, String> = super::rust_files(source)
            .into_iter()
            .map(|file| (module_of(source, &file), super::program(&fs::read_to_string(file).unwrap())))
            .collect();
        let known: BTreeSet<Module> = files.keys().cloned().collect();
        let used = |module: &Module, text: &str| -> BTreeSet<Module> {
            let paths = paths(&without_visibility(text), module, &known);
            paths
                .iter()
                .filter_map(|path| resolve(path, module, &known))
                .filter(|used| used != module)
                .collect()
        };
        Self(files.iter().map(|(module, text)| (module.clone(), used(module, text))).collect())
    }

    /// The files below the folder `top` that use a file below it, as names below it.
    pub fn uses_below(&self, top: &[&str]) -> Vec<(&[String], &[String])> {
        let below = |module: &Module| module.len() > top.len() && module.iter().zip(top).all(|(a, b)| a == b);
        let pairs = self.0.iter().filter(|(module, _)| below(module));
        let pairs = pairs.flat_map(|(module, used)| used.iter().map(move |used| (module, used)));
        pairs
            .filter(|(_, used)| below(used))
            .map(|(module, used)| (&module[top.len()..], &used[top.len()..]))
            .collect()
    }

    /// Circles of more than two files: each the files that reach each other, the largest first.
    pub fn circles(&self) -> Vec<Vec<String>> {
        let reach: BTreeMap<&Module, BTreeSet<&Module>> =
            self.0.keys().map(|module| (module, self.reached_from(module))).collect();
        let mut seen = BTreeSet::new();
        let mut circles = Vec::new();
        for module in self.0.keys() {
            let reaches_back =
                |other: &&&Module| reach.get(**other).is_some_and(|back| back.contains(module));
            let circle: Vec<&&Module> = reach[module].iter().filter(reaches_back).collect();
            if circle.len() > 2 && seen.insert(circle[0]) {
                circles.push(circle.into_iter().map(|module| module.join("::")).collect());
            }
        }
        circles.sort_by_key(|circle: &Vec<String>| std::cmp::Reverse(circle.len()));
        circles
    }

    /// All files that `module` uses, and those that these use, and so on.
    fn reached_from(&self, module: &Module) -> BTreeSet<&Module> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&Module> = self.0[module].iter().collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(&self.0[next]);
            }
        }
        reached
    }
}

fn module_of(source: &Path, file: &Path) -> Module {
    let relative = file.strip_prefix(source).unwrap().with_extension("");
    let mut names: Module = relative.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|last| last == "mod") {
        names.pop();
    }
    names
}

/// `pub(in crate::session)` is no use of `session`.
fn without_visibility(text: &str) -> String {
    let mut parts = text.split("pub(in ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "pub" + part.split_once(')').map_or("", |(_, rest)| rest))
}

/// Every path of `use` declarations, groups taken apart, and every path in the code that begins at a module.
fn paths(text: &str, module: &Module, known: &BTreeSet<Module>) -> Vec<String> {
    let mut paths = Vec::new();
    let mut code = String::new();
    let mut rest = text;
    while let Some(place) = rest.find("use ") {
        let is_word = rest[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let end = rest[place..].find(';').map_or(rest.len(), |end| place + end);
        code.push_str(&rest[..place]);
        if is_word {
            code.push_str("use ");
            rest = &rest[place + 4..];
            continue;
        }
        taken_apart("", &rest[place + 4..end], &mut paths);
        rest = &rest[end..];
    }
    code.push_str(rest);
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    for path in code.split(|c| !is_part(c)).filter(|path| path.contains("::")) {
        let head = path.split("::").next().unwrap_or_default();
        let is_child = known.contains(&[module.as_slice(), &[head.to_owned()]].concat());
        if is_child || matches!(head, "crate" | "super" | "self") {
            paths.push(path.to_owned());
        }
    }
    paths
}

/// The paths of a use tree below `prefix`.
fn taken_apart(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let name = tree.split_whitespace().next().unwrap_or_default();
        paths.push(format!("{prefix}{name}"));
        return;
    };
    let prefix = format!("{prefix}{}", tree[..open].trim());
    let mut depth = 0_usize;
    let mut start = open + 1;
    for (place, c) in tree.char_indices().skip(open + 1) {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                if !tree[start..place].trim().is_empty() {
                    taken_apart(&prefix, &tree[start..place], paths);
                }
                start = place + 1;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
}

/// The file that a path in `module` leads to: as many names as are files.
fn resolve(path: &str, module: &Module, known: &BTreeSet<Module>) -> Option<Module> {
    let mut names = path.split("::").map(str::trim).peekable();
    let mut at: Module = module.clone();
    match *names.peek()? {
        "crate" => at.clear(),
        "super" => {
            while names.next_if_eq(&"super").is_some() {
                at.pop();
            }
        }
        _ => {}
    }
    if matches!(names.peek(), Some(&("crate" | "self"))) {
        names.next();
    } else if at == *module && !known.contains(&[at.as_slice(), &[(*names.peek()?).to_owned()]].concat()) {
        return None;
    }
    for name in names {
        at.push(name.to_owned());
        if !known.contains(&at) {
            at.pop();
            break;
        }
    }
    known.contains(&at).then_some(at)
}

#[test]
fn uses_are_found_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write("lib.rs", "pub mod a;\npub mod b;\n");
    write("a/mod.rs", "mod one;\nmod two;\nuse self::{\n    one::One,\n    two::{self, Two},\n};\n");
    write("a/one.rs", "use super::super::b::B;\npub(in crate::a) struct One;\n");
    write("a/two.rs", "fn two() -> crate::a::Three { unused() }\n#[cfg(test)]\nuse crate::b::B;\n");
    write("b.rs", "use crate::{a::two::Two as Other, elsewhere};\n");
    let graph = Graph::read(folder.path());
    let uses = |module: &[&str]| -> Vec<String> {
        let module: Module = module.iter().map(|name| (*name).to_owned()).collect();
        graph.0[&module].iter().map(|used| used.join("::")).collect()
    };
    assert_eq!(uses(&["a"]), ["a::one", "a::two"]);
    assert_eq!(uses(&["a", "one"]), ["b"]);
    assert_eq!(uses(&["a", "two"]), ["a"]);
    assert_eq!(uses(&["b"]), ["a::two"]);
    assert_eq!(graph.circles(), [["a", "a::one", "a::two", "b"]]);
}
