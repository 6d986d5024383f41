//! Path of a run's folder, which may move once during the run.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

/// Path of a folder that several threads write to. Clones and children follow when it moves; it never moves
/// during a [`Self::with`] call.
#[derive(Clone, Debug)]
pub struct MovingFolder {
    root: Arc<RwLock<PathBuf>>,
    below: PathBuf,
}

impl MovingFolder {
    /// A folder at `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { root: Arc::new(RwLock::new(path.into())), below: PathBuf::new() }
    }

    /// A folder or file below this one; it moves along.
    #[must_use]
    pub fn child(&self, name: impl AsRef<Path>) -> Self {
        Self { root: Arc::clone(&self.root), below: self.below.join(name) }
    }

    /// Calls `work` with the current path. The folder cannot move until `work` returns.
    pub fn with<R>(&self, work: impl FnOnce(&Path) -> R) -> R {
        let root = self.root.read().unwrap_or_else(PoisonError::into_inner);
        // Joining an empty path would add a trailing separator.
        if self.below.as_os_str().is_empty() { work(&root) } else { work(&root.join(&self.below)) }
    }

    /// The current path; it may be outdated as soon as it is returned.
    pub fn path(&self) -> PathBuf {
        self.with(Path::to_owned)
    }

    /// Calls `work`, which must move the folder to `to`, while no thread is inside [`Self::with`]. If `work`
    /// fails, the path stays.
    ///
    /// # Errors
    /// When `work` fails.
    pub fn relocate<E>(&self, to: &Path, work: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        let mut root = self.root.write().unwrap_or_else(PoisonError::into_inner);
        work()?;
        to.clone_into(&mut root);
        Ok(())
    }
}

impl From<PathBuf> for MovingFolder {
    fn from(path: PathBuf) -> Self {
        Self::new(path)
    }
}

impl From<&Path> for MovingFolder {
    fn from(path: &Path) -> Self {
        Self::new(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_follow_a_move_that_succeeds() {
        let folder = MovingFolder::new("a");
        let child = folder.child("checkpoints");
        folder.relocate(Path::new("b"), || Err(())).unwrap_err();
        assert_eq!((folder.path(), child.path()), ("a".into(), Path::new("a").join("checkpoints")));
        folder.relocate::<()>(Path::new("b"), || Ok(())).unwrap();
        assert_eq!((folder.path(), child.path()), ("b".into(), Path::new("b").join("checkpoints")));
    }
}
