//! A cache of values computed from files, valid while the files are unchanged.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use timbrespace_base::regular_file::FileStamp;

/// Identity of a file's content: path, length and modification time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    path: PathBuf,
    stamp: FileStamp,
}

impl State {
    fn of(path: &Path) -> Option<Self> {
        Some(Self { path: path.to_owned(), stamp: FileStamp::of(path)? })
    }
}

struct Entry<K, V> {
    state: State,
    key: K,
    value: Arc<V>,
    size: usize,
}

/// Values by file and key; drops the least recently used ones when their total size exceeds `limit`.
pub(crate) struct FileMemo<K, V> {
    /// Most recently used entry last.
    entries: Mutex<Vec<Entry<K, V>>>,
    /// Limit in the unit of the sizes given to [`Self::keep`].
    limit: usize,
}

impl<K: PartialEq, V> FileMemo<K, V> {
    pub(crate) const fn new(limit: usize) -> Self {
        Self { entries: Mutex::new(Vec::new()), limit }
    }

    /// The value of `key` for the file at `path`, if the file is unchanged.
    pub(crate) fn get(&self, path: &Path, key: &K) -> Option<Arc<V>> {
        let state = State::of(path)?;
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let place = entries.iter().position(|entry| entry.key == *key && entry.state == state)?;
        let entry = entries.remove(place);
        let value = Arc::clone(&entry.value);
        entries.push(entry);
        Some(value)
    }

    /// Stores a value of the given size.
    pub(crate) fn keep(&self, path: &Path, key: K, value: Arc<V>, size: usize) {
        let Some(state) = State::of(path).filter(|_| size <= self.limit) else { return };
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| entry.key != key || entry.state.path != state.path);
        entries.push(Entry { state, key, value, size });
        let mut total: usize = entries.iter().map(|entry| entry.size).sum();
        while total > self.limit && !entries.is_empty() {
            total -= entries.remove(0).size;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn values_are_kept_while_the_file_stays_and_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["a", "b", "c"] {
            fs::write(path(name), "x").unwrap();
        }
        let memo = FileMemo::new(10);
        let get = |name: &str, key| memo.get(&path(name), &key).map(|value| *value);
        memo.keep(&path("a"), 1, Arc::new("first"), 4);
        memo.keep(&path("b"), 1, Arc::new("second"), 4);
        assert_eq!((get("a", 1), get("a", 2), get("none", 1)), (Some("first"), None, None));
        memo.keep(&path("c"), 1, Arc::new("third"), 4);
        assert_eq!((get("a", 1), get("b", 1), get("c", 1)), (Some("first"), None, Some("third")));
        fs::write(path("a"), "xy").unwrap();
        assert_eq!(get("a", 1), None, "another length");
        memo.keep(&path("c"), 1, Arc::new("newer"), 11);
        assert_eq!(get("c", 1), Some("third"), "too large to keep");
    }
}
