//! Named vectors, kept between sessions by model.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::travel::Named;
use crate::{
    atomic_file::{self, Durability},
    folder_lock::FolderLock,
    jobs::JobError,
    names::{self, shown},
    regular_file::{self, TABLE_LIMIT},
    session::{latent::state::ModelOrigin, spoken::Spoken},
};

const FILE: &str = "vectors.json";

/// All saved vectors, by model.
pub(super) struct SavedVectors {
    file: PathBuf,
    by_model: BTreeMap<String, Vec<Named>>,
}

impl SavedVectors {
    /// Reads them from the user's data folder. A file that cannot be read is renamed, not overwritten.
    pub(super) fn in_folder(data_dir: &Path) -> Self {
        let file = data_dir.join(FILE);
        let by_model = read(&file);
        Self { file, by_model }
    }

    /// The vectors of a model, if of `size`.
    pub(super) fn of(&self, model: &str, size: usize) -> Vec<Named> {
        let all = self.by_model.get(model).cloned().unwrap_or_default();
        all.into_iter().filter(|named| named.vector.len() == size).collect()
    }

    /// Replaces those of a model and writes what has changed: the file keeps what another window has written meanwhile.
    ///
    /// # Errors
    /// When the disk refuses, or another program holds the file.
    pub(super) fn put(&mut self, model: String, vectors: Vec<Named>) -> Result<(), Spoken> {
        let before = self.by_model.insert(model.clone(), vectors.clone()).unwrap_or_default();
        let _lock = FolderLock::file(&self.file, "saved vectors").map_err(Spoken::from)?;
        let mut all = read(&self.file);
        let mut kept = all.remove(&model).unwrap_or_default();
        kept.retain(|named| !before.contains(named) || vectors.contains(named));
        let added: Vec<Named> = vectors.into_iter().filter(|named| !kept.contains(named)).collect();
        kept.extend(added);
        if !kept.is_empty() {
            all.insert(model, kept);
        }
        let text = serde_json::to_string_pretty(&all).map_err(|error| error.to_string())?;
        atomic_file::write_bytes(&self.file, Durability::Renamed, text.as_bytes())
            .map_err(|error| JobError::file(&self.file, error).into())
    }
}

/// The vectors in `file`, by model; a file that cannot be read is renamed.
fn read(file: &Path) -> BTreeMap<String, Vec<Named>> {
    let read = match regular_file::read_to_string(file, TABLE_LIMIT) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error.to_string()),
        Ok(text) => serde_json::from_str(&text).map_err(|error| error.to_string()),
    };
    read.unwrap_or_else(|cause| {
        let aside = free_name_aside(file);
        log::warn!("{}: {cause}; kept as {}", shown(file), shown(&aside));
        if let Err(error) = fs::rename(file, &aside) {
            log::warn!("{}: {error}", shown(file));
        }
        BTreeMap::new()
    })
}

/// A free name for a damaged file.
fn free_name_aside(file: &Path) -> PathBuf {
    let first = file.with_extension("json.damaged");
    let more = (2..).map(|number| file.with_extension(format!("json.damaged-{number}")));
    std::iter::once(first.clone()).chain(more).find(|name| !name.exists()).unwrap_or(first)
}

/// The name under which a model's vectors are kept.
pub(super) fn name_of(origin: &ModelOrigin) -> String {
    let of_folder = |folder: &Path| names::text_of(folder.as_os_str()).into_owned();
    origin.folder().map_or_else(|| "demo model".to_owned(), of_folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::stages::MinMax;

    #[test]
    fn vectors_outlive_the_program_and_stay_with_their_model() {
        let folder = tempfile::tempdir().unwrap();
        let named = Named {
            name: "low bell".to_owned(),
            vector: vec![0.1, -0.3],
            min_max: MinMax { min: -60.0, max: 20.0 },
        };
        let mut saved = SavedVectors::in_folder(folder.path());
        saved.put("demo model".to_owned(), vec![named.clone()]).unwrap();
        let again = SavedVectors::in_folder(folder.path());
        assert_eq!(again.of("demo model", 2), [named]);
        assert!(again.of("demo model", 3).is_empty(), "of another size");
        assert!(again.of("other", 2).is_empty());
    }

    #[test]
    fn two_windows_keep_the_vectors_of_both() {
        let folder = tempfile::tempdir().unwrap();
        let named = |name: &str| Named {
            name: name.to_owned(),
            vector: vec![0.5],
            min_max: MinMax { min: -60.0, max: 20.0 },
        };
        let mut windows = [(); 2].map(|()| SavedVectors::in_folder(folder.path()));
        let put = |window: &mut SavedVectors, names: &[&str]| {
            window.put("m".to_owned(), names.iter().map(|name| named(name)).collect()).unwrap();
        };
        put(&mut windows[0], &["a", "b"]);
        put(&mut windows[1], &["c"]);
        put(&mut windows[0], &["b"]);
        let kept = SavedVectors::in_folder(folder.path()).of("m", 1);
        assert_eq!(kept, [named("b"), named("c")]);
    }

    #[test]
    fn a_damaged_file_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{ no").unwrap();
        let mut saved = SavedVectors::in_folder(folder.path());
        saved.put("x".to_owned(), Vec::new()).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("vectors.json.damaged")).unwrap(), "{ no");
    }
}
