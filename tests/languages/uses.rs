//! The keys that the program uses, read from its sources.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// One `text!`, `said!` or `key!`.
#[derive(Debug, PartialEq, Eq)]
pub struct Use {
    pub file: PathBuf,
    pub key: String,
    /// Names of the arguments; `None` for `key!`, which has none here.
    pub arguments: Option<BTreeSet<String>>,
}

/// Every `text!`, `said!` and `key!` in `src`, in the order of its files.
pub fn of_the_program() -> Vec<Use> {
    in_folder("src", &[("text!(", true), ("said!(", true), ("key!(", false)])
}

/// Every `sentence!` of the program and its crates that has a key.
pub fn sentences() -> Vec<Use> {
    let all = ["src", "crates"].iter().flat_map(|folder| in_folder(folder, &[("sentence!(", true)]));
    // The English is an argument without a name.
    let named = |used: Use| Use {
        arguments: used
            .arguments
            .map(|names| names.into_iter().filter(|name| !name.starts_with('"')).collect()),
        ..used
    };
    all.filter(|used| !used.key.is_empty() && !used.file.ends_with("sentence.rs")).map(named).collect()
}

fn in_folder(folder: &str, macros: &[(&str, bool)]) -> Vec<Use> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = walkdir::WalkDir::new(&source).sort_by_file_name().into_iter();
    let files = files.map(|entry| entry.unwrap().into_path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files.flat_map(|file| of_text(&file, &fs::read_to_string(&file).unwrap(), macros)).collect()
}

fn of_text(file: &Path, source: &str, macros: &[(&str, bool)]) -> Vec<Use> {
    let mut uses = Vec::new();
    for &(name, has_arguments) in macros {
        for (place, _) in source.match_indices(name) {
            let is_other_word = source[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if is_other_word {
                continue;
            }
            let parts = parts(&source[place + name.len()..]);
            let Some(key) = parts.first().and_then(|part| part.strip_prefix('"')?.strip_suffix('"')) else {
                continue;
            };
            let names = parts[1..]
                .iter()
                .filter_map(|part| part.split('=').next())
                .map(|name| name.trim().to_owned());
            uses.push(Use {
                file: file.to_owned(),
                key: key.to_owned(),
                arguments: has_arguments.then(|| names.filter(|name| !name.is_empty()).collect()),
            });
        }
    }
    uses
}

/// What stands between the commas up to the closing parenthesis, trimmed; commas in strings and brackets part nothing.
fn parts(source: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for c in source.chars() {
        if !in_string {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth == 0 => break,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(String::new());
                    continue;
                }
                _ => {}
            }
        }
        if c == '"' && !is_escaped {
            in_string = !in_string;
        }
        is_escaped = c == '\\' && !is_escaped;
        parts.last_mut().unwrap().push(c);
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

#[test]
fn keys_and_arguments_are_found_in_every_form() {
    let source = r#"
        let a = text!("one");
        let b = text!(
            "two",
            count = list.len(),
            name = format!("{}, {}", f(1, 2), "x,)"),
        );
        const C: Key = key!("three");
        let d = context!("four");
    "#;
    let found = of_text(Path::new("a.rs"), source, &[("text!(", true), ("key!(", false)]);
    let of = |key: &str, arguments: Option<&[&str]>| Use {
        file: "a.rs".into(),
        key: key.to_owned(),
        arguments: arguments.map(|names| names.iter().map(|name| (*name).to_owned()).collect()),
    };
    assert_eq!(found, [of("one", Some(&[])), of("two", Some(&["count", "name"])), of("three", None)]);
}
