//! Recordings that the person leaves out of training, of the data set's views and of the doctor; one list per folder.
//!
//! Each folder has a list of its own below the user's data folder, in the form that `--exclude` reads: nothing is written
//! among a person's recordings. The recordings stay in the list of the window, so that they can be heard and taken in again.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::part::{LeftOutControl, LibraryPart, News};
use crate::{
    audio::left_out::{Change, LeftOut},
    folder_lock::FolderLock,
    names::{self, shown},
    session::{
        folder_checksum::checksum_of,
        notices::Severity,
        settings::View,
        spoken::{Spoken, said},
    },
};

/// Folder of the lists below the user's data folder.
const FOLDER: &str = "left-out";

impl LibraryPart<'_> {
    /// Opens the list of the folder that was just opened.
    pub(super) fn read_left_out(&mut self) {
        self.control.left_out = LeftOutControl::default();
        let library = &mut *self.state;
        library.set_left_out(Arc::default());
        library.left_out_file = None;
        let Some(root) = &library.root else { return };
        let file = list_file(self.ctx.data_dir, root);
        match LeftOut::read(&file) {
            Ok(list) => library.set_left_out(Arc::new(list)),
            Err(error) if error.cause.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let words = said!("message-left-out-unreadable", cause = Spoken::from(error));
                return self.ctx.notify(Severity::Error, words);
            }
        }
        self.state.left_out_file = Some(file);
    }

    /// Leaves the recordings called `names` out, or takes them in again.
    pub(super) fn set_left_out(&mut self, names: &[String], is_left_out: bool) {
        let names = names.to_vec();
        let wish = if is_left_out {
            Change { inserted: names, ..Change::default() }
        } else {
            Change { removed: names, ..Change::default() }
        };
        let made = LeftOut::clone(&self.state.left_out).apply_change(&wish);
        if made.is_empty() {
            return;
        }
        self.control.left_out.undo.remember(made.inverse());
        (self.control.left_out.is_newest, self.control.left_out.is_undone) = (true, false);
        self.change_left_out(&made);
        let changed = made.len();
        if changed > 1 {
            let words = if is_left_out {
                said!("message-left-out", count = changed)
            } else {
                said!("message-taken-in-again", count = changed)
            };
            self.ctx.notify_undoable(words);
        }
    }

    /// Undoes the last change of the list, if that is newer than the vector's or the latent view is hidden; returns whether it did.
    pub(in crate::session) fn undo_left_out(&mut self) -> bool {
        let left_out = &mut self.control.left_out;
        let is_meant = left_out.is_newest || self.ctx.settings.view != View::Latent;
        let again = left_out.undo.last().filter(|_| is_meant).map(Change::inverse);
        let Some(change) = again.and_then(|again| left_out.undo.undo(again)) else { return false };
        (left_out.is_newest, left_out.is_undone) = (false, true);
        self.change_left_out(&change);
        true
    }

    /// Redoes what [`Self::undo_left_out`] has undone, if that was the last undo or the latent view is hidden; returns whether it did.
    pub(in crate::session) fn redo_left_out(&mut self) -> bool {
        let left_out = &mut self.control.left_out;
        let is_meant = left_out.is_undone || self.ctx.settings.view != View::Latent;
        let back = left_out.undo.last_undone().filter(|_| is_meant).map(Change::inverse);
        let Some(change) = back.and_then(|back| left_out.undo.redo(back)) else { return false };
        (left_out.is_newest, left_out.is_undone) = (true, false);
        self.change_left_out(&change);
        true
    }

    /// The latent vector has changed after the list.
    pub(in crate::session) fn vector_is_newer(&mut self) {
        self.control.left_out.is_newest = false;
    }

    /// Changes the list in its file, which another window may have changed, and shows what the file then holds.
    fn change_left_out(&mut self, change: &Change) {
        self.ctx.withdraw_undo();
        let kept = self.state.left_out_file.as_deref().map(|file| (file, change_file(file, change)));
        let list = match kept {
            Some((_, Ok(list))) => list,
            unsaved => {
                if let Some((file, Err(cause))) = unsaved {
                    let path = shown(file).to_string();
                    let words = said!("message-left-out-unsaved", path = path, cause = cause);
                    self.ctx.notify(Severity::Error, words);
                }
                let mut list = LeftOut::clone(&self.state.left_out);
                list.apply_change(change);
                list
            }
        };
        self.state.set_left_out(Arc::new(list));
        self.ctx.tell(News::LeftOut);
    }
}

/// Changes the list in `file` under a lock, so that no window loses what another one has changed. Returns the list.
fn change_file(file: &Path, change: &Change) -> Result<LeftOut, Spoken> {
    let _lock = FolderLock::file(file, "the list of left-out recordings").map_err(Spoken::from)?;
    let mut list = match LeftOut::read(file) {
        Ok(list) => list,
        Err(error) if error.cause.kind() == io::ErrorKind::NotFound => LeftOut::default(),
        Err(error) => return Err(error.into()),
    };
    list.apply_change(change);
    keep(&list, file).map_err(Spoken::from)?;
    Ok(list)
}

/// Writes a list; an empty one is no file.
fn keep(list: &LeftOut, file: &Path) -> io::Result<()> {
    if !list.is_empty() {
        return list.write(file);
    }
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The list of the folder `root`: its name, for a person, and a checksum of its whole path.
fn list_file(data_dir: &Path, root: &Path) -> PathBuf {
    let checksum = checksum_of(root);
    let name: String = names::file_name(root).chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    data_dir.join(FOLDER).join(format!("{name}-{checksum:016x}.txt"))
}
