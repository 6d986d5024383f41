//! What `--version` says: the version, and in a release build the commit.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// Digits of a commit's name.
const DIGITS: usize = 10;

/// Hands `TIMBRESPACE_VERSION` to the compiler.
pub fn tell() {
    println!("cargo::rerun-if-env-changed=TIMBRESPACE_COMMIT");
    let number = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let version = match env::var("TIMBRESPACE_COMMIT").ok().filter(|commit| !commit.is_empty()) {
        Some(commit) => format!("{number} (commit {commit})"),
        None if env::var("PROFILE").is_ok_and(|profile| profile == "debug") => {
            format!("{number} (debug build)")
        }
        None => commit().map_or_else(|| number.clone(), |commit| format!("{number} (commit {commit})")),
    };
    println!("cargo::rustc-env=TIMBRESPACE_VERSION={version}");
}

/// Name and day of the commit that is checked out; `None` without git, or where the repository around this folder is another one.
fn commit() -> Option<String> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
    let top = git(&root, &["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    watch_head(&root);
    git(&root, &["log", "-1", &format!("--abbrev={DIGITS}"), "--format=%h of %cs"])
}

/// Runs this script again when another commit is checked out. A file is named only where it exists: a missing one would run this
/// script, and compile the crate, at every build.
fn watch_head(root: &Path) {
    let branch = git(root, &["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        let Some(path) = git(root, &["rev-parse", "--git-path", name]) else { continue };
        let path = root.join(path);
        if path.is_file() {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
}

/// What git prints, without the end of its line.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim_end();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
