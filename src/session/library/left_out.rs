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
    audio::left_out::LeftOut,
    language::text,
    names::{self, shown},
    session::{error_words::InWords as _, folder_checksum::checksum_of, notices::Severity, settings::View},
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
                let words = text!("message-left-out-unreadable", cause = error.words());
                return self.ctx.notify(Severity::Error, words);
            }
        }
        self.state.left_out_file = Some(file);
    }

    /// Leaves the recordings called `names` out, or takes them in again.
    pub(super) fn set_left_out(&mut self, names: &[String], is_left_out: bool) {
        let mut list = LeftOut::clone(&self.state.left_out);
        let change = |name: &String| if is_left_out { list.insert(name) } else { list.remove(name) };
        // Every name, not only the first that makes a difference.
        let changed = names.iter().map(change).filter(|changed| *changed).count();
        if changed == 0 {
            return;
        }
        self.control.left_out.undo.remember(Arc::clone(&self.state.left_out));
        (self.control.left_out.is_newest, self.control.left_out.is_undone) = (true, false);
        self.replace_left_out(Arc::new(list));
        if changed > 1 {
            let words = if is_left_out {
                text!("message-left-out", count = changed)
            } else {
                text!("message-taken-in-again", count = changed)
            };
            self.ctx.notify_undoable(words);
        }
    }

    /// Undoes the last change of the list, if that is newer than the vector's or the latent view is hidden; returns whether it did.
    pub(in crate::session) fn undo_left_out(&mut self) -> bool {
        let is_meant = self.control.left_out.is_newest || self.ctx.settings.view != View::Latent;
        let current = Arc::clone(&self.state.left_out);
        let Some(list) = is_meant.then(|| self.control.left_out.undo.undo(current)).flatten() else {
            return false;
        };
        (self.control.left_out.is_newest, self.control.left_out.is_undone) = (false, true);
        self.replace_left_out(list);
        true
    }

    /// Redoes what [`Self::undo_left_out`] has undone, if that was the last undo or the latent view is hidden; returns whether it did.
    pub(in crate::session) fn redo_left_out(&mut self) -> bool {
        let is_meant = self.control.left_out.is_undone || self.ctx.settings.view != View::Latent;
        let current = Arc::clone(&self.state.left_out);
        let Some(list) = is_meant.then(|| self.control.left_out.undo.redo(current)).flatten() else {
            return false;
        };
        (self.control.left_out.is_newest, self.control.left_out.is_undone) = (true, false);
        self.replace_left_out(list);
        true
    }

    /// The latent vector has changed after the list.
    pub(in crate::session) fn vector_is_newer(&mut self) {
        self.control.left_out.is_newest = false;
    }

    fn replace_left_out(&mut self, list: Arc<LeftOut>) {
        self.ctx.withdraw_undo();
        if let Some(file) = &self.state.left_out_file
            && let Err(error) = keep(&list, file)
        {
            let words =
                text!("message-left-out-unsaved", path = shown(file).to_string(), cause = error.words());
            self.ctx.notify(Severity::Error, words);
        }
        self.state.set_left_out(list);
        self.ctx.tell(News::LeftOut);
    }
}

/// Writes a list; an empty one is no file.
fn keep(list: &LeftOut, file: &Path) -> io::Result<()> {
    if list.is_empty() {
        return match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    list.write(file)
}

/// The list of the folder `root`: its name, for a person, and a checksum of its whole path.
fn list_file(data_dir: &Path, root: &Path) -> PathBuf {
    let checksum = checksum_of(root);
    let name: String = names::file_name(root).chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    data_dir.join(FOLDER).join(format!("{name}-{checksum:016x}.txt"))
}
