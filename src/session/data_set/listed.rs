//! Input of the data set's jobs: the listed recordings with the current settings.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use crate::{
    audio::{folder::FolderScan, left_out::LeftOut},
    pipeline::config::PreprocessingConfig,
    session::library::state::Library,
};

/// The recordings of the list that are not left out, as a scan would find them; `None` without any recording.
pub(super) fn recordings(library: &Library) -> Option<FolderScan> {
    let root = library.root.clone().filter(|_| !library.recordings.is_empty())?;
    let relative = |path: &Path| path.strip_prefix(&root).unwrap_or(path).to_path_buf();
    let files = library.recordings.iter().map(|recording| relative(&recording.path)).collect();
    // A recording with a bad header is in both lists; report it once.
    let listed: HashSet<&PathBuf> = library.recordings.iter().map(|recording| &recording.path).collect();
    let skipped = library.skipped.iter().filter(|skipped| !listed.contains(&skipped.path)).cloned().collect();
    Some(library.left_out.apply(FolderScan { root, files, skipped, ..FolderScan::default() }))
}

/// The folder of the list; a single sound that was opened is a folder of one, and its own place. `None` without recordings.
pub(super) fn place(library: &Library) -> Option<PathBuf> {
    match library.recordings.as_slice() {
        [] => None,
        [only] => Some(only.path.clone()),
        _ => library.root.clone(),
    }
}

/// The current settings, with the list's label pattern.
pub(super) fn settings(library: &Library, preprocessing: &PreprocessingConfig) -> PreprocessingConfig {
    PreprocessingConfig { labels: library.label_pattern.clone(), ..preprocessing.clone() }
}

/// What has changed since something was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another folder is open.
    Folder,
    /// The settings have changed.
    Settings,
    /// The label pattern has changed.
    Classes,
    /// Other recordings are left out.
    LeftOut,
}

/// What has changed since something was computed from `folder` with `config`.
pub fn change(
    library: &Library,
    preprocessing: &PreprocessingConfig,
    folder: &Path,
    config: &PreprocessingConfig,
) -> Option<Change> {
    if library.root.as_deref() != Some(folder) {
        return Some(Change::Folder);
    }
    let now = settings(library, preprocessing);
    if now == *config {
        None
    } else if (PreprocessingConfig { labels: config.labels.clone(), ..now }) == *config {
        Some(Change::Classes)
    } else {
        Some(Change::Settings)
    }
}

/// Whether the list of left-out recordings differs from `left_out`.
pub fn change_of_list(library: &Library, left_out: &LeftOut) -> Option<Change> {
    let now = &library.left_out;
    let is_same = now.len() == left_out.len() && now.names().all(|name| left_out.contains(name));
    (!is_same).then_some(Change::LeftOut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{audio::folder::Skipped, jobs::scan::Recording, session::state::State};

    fn state() -> State {
        let mut state = State::default();
        let root = Path::new("/sounds");
        state.library.root = Some(root.to_owned());
        state.library.recordings = ["a.wav", "b/c.wav"]
            .into_iter()
            .map(|name| Recording::new(root, Path::new(name), String::new()))
            .collect();
        state
    }

    #[test]
    fn the_list_is_taken_as_it_is_and_bad_files_once() {
        let mut state = state();
        let skip = |path: &str| Skipped { path: path.into(), cause: "bad".into() };
        state.library.skipped = vec![skip("/sounds/a.wav"), skip("/sounds/x.wav")];
        let scan = recordings(&state.library).unwrap();
        assert_eq!(scan.files, [Path::new("a.wav"), Path::new("b/c.wav")]);
        assert_eq!(scan.skipped, [skip("/sounds/x.wav")]);
        assert!(recordings(&Library::default()).is_none());
        assert_eq!(place(&state.library).as_deref(), Some(Path::new("/sounds")));
        state.library.recordings.truncate(1);
        assert_eq!(place(&state.library).as_deref(), Some(Path::new("/sounds/a.wav")));
        assert_eq!(place(&Library::default()), None);
    }

    #[test]
    fn what_has_changed_is_told_apart() {
        let mut state = state();
        let made = settings(&state.library, &state.settings.preprocessing);
        assert_eq!(change(&state.library, &state.settings.preprocessing, Path::new("/sounds"), &made), None);
        assert_eq!(
            change(&state.library, &state.settings.preprocessing, Path::new("/other"), &made),
            Some(Change::Folder)
        );
        state.library.label_pattern = "{class}_{index}".to_owned();
        assert_eq!(
            change(&state.library, &state.settings.preprocessing, Path::new("/sounds"), &made),
            Some(Change::Classes)
        );
        state.settings.preprocessing.hop_length = 128;
        assert_eq!(
            change(&state.library, &state.settings.preprocessing, Path::new("/sounds"), &made),
            Some(Change::Settings)
        );
    }
}
