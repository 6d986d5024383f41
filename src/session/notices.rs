//! Messages for the person: shown as cards for some seconds, and kept in a list.

use std::{path::PathBuf, time::SystemTime};

use super::spoken::Spoken;
use crate::names;

/// Notices kept at most; older ones make room.
const NOTICE_LIMIT: usize = 100;

/// Severity of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// For information.
    Info,
    /// Something was left out.
    Warning,
    /// Something failed.
    Error,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The open folder: it goes when another is opened.
    Folder,
    /// A change in the open folder that undo takes back: it goes when that is undone or is no longer the last, and with its folder.
    Undoable,
    /// Anything else.
    Program,
}

/// Something to do with notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeCommand {
    /// Closes the card of this notice; it stays in the list.
    Close(u64),
    /// Closes all cards.
    CloseAll,
    /// The list was opened: its mark goes.
    Seen,
    /// Empties the list.
    Forget,
}

/// A message for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Distinguishes notices.
    pub id: u64,
    /// Severity.
    pub severity: Severity,
    /// What it says; see [`Notice::text`].
    pub words: Spoken,
    /// When it came.
    pub time: SystemTime,
    /// What it is about.
    pub about: About,
    /// Whether its card has been closed: it is in the list alone.
    pub is_closed: bool,
    /// Whether it was in the list when that was opened.
    pub is_seen: bool,
    /// The file that the message is about, if it is about one.
    pub file: Option<NoticeFile>,
}

/// The file that a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeFile {
    /// It was saved where the person chose.
    Saved(PathBuf),
    /// It was saved in a folder of the program: the person may want it elsewhere.
    InOwnPlace(PathBuf),
    /// The report of a crash.
    CrashReport {
        /// Where it is.
        path: PathBuf,
        /// What it says, to be copied.
        text: String,
    },
}

impl Notice {
    /// A notice that comes now.
    pub fn new(id: u64, severity: Severity, about: About, words: impl Into<Spoken>) -> Self {
        Self {
            id,
            severity,
            words: words.into(),
            time: SystemTime::now(),
            about,
            is_closed: false,
            is_seen: false,
            file: None,
        }
    }

    /// Its text in the current language.
    pub fn text(&self) -> String {
        // Causes repeat names of files and texts from files.
        names::escaped(&self.words.text()).into_owned()
    }
}

/// Every notice of the session, oldest first.
pub(super) struct Notices<'a> {
    /// The list that the window shows.
    pub list: &'a mut Vec<Notice>,
    /// The next notice's number.
    pub next_id: &'a mut u64,
}

impl Notices<'_> {
    /// Adds a notice; an earlier one with the same text goes.
    pub fn add(&mut self, severity: Severity, about: About, words: impl Into<Spoken>) {
        self.add_about_file(severity, about, words, None);
    }

    /// Adds a notice about a file.
    pub fn add_about_file(
        &mut self,
        severity: Severity,
        about: About,
        words: impl Into<Spoken>,
        file: Option<NoticeFile>,
    ) {
        let words = words.into();
        self.list.retain(|notice| notice.words != words);
        if self.list.len() == NOTICE_LIMIT {
            self.list.remove(0);
        }
        self.list.push(Notice { file, ..Notice::new(*self.next_id, severity, about, words) });
        *self.next_id += 1;
    }

    /// Removes the notices about a folder that is no longer open.
    pub fn leave_folder(&mut self) {
        self.list.retain(|notice| !matches!(notice.about, About::Folder | About::Undoable));
    }

    /// Removes the notice that offers to undo a change.
    pub fn withdraw_undo(&mut self) {
        self.list.retain(|notice| notice.about != About::Undoable);
    }

    pub fn apply(&mut self, command: NoticeCommand) {
        match command {
            NoticeCommand::Close(id) => {
                self.list
                    .iter_mut()
                    .filter(|notice| notice.id == id)
                    .for_each(|notice| notice.is_closed = true);
            }
            NoticeCommand::CloseAll => self.list.iter_mut().for_each(|notice| notice.is_closed = true),
            NoticeCommand::Seen => self.list.iter_mut().for_each(|notice| notice.is_seen = true),
            NoticeCommand::Forget => self.list.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(act: impl FnOnce(&mut Notices<'_>)) -> Vec<Notice> {
        let (mut list, mut next_id) = (Vec::new(), 0);
        let mut notices = Notices { list: &mut list, next_id: &mut next_id };
        notices.add(Severity::Warning, About::Folder, "1 file could not be read");
        notices.add(Severity::Info, About::Program, "Saved a.wav");
        notices.add(Severity::Error, About::Program, "The disk is full");
        act(&mut notices);
        list
    }

    #[test]
    fn a_closed_notice_stays_in_the_list() {
        let list = told(|notices| notices.apply(NoticeCommand::Close(1)));
        assert_eq!(list.iter().map(|notice| notice.is_closed).collect::<Vec<_>>(), [false, true, false]);
        assert!(told(|notices| notices.apply(NoticeCommand::CloseAll)).iter().all(|notice| notice.is_closed));
        assert!(told(|notices| notices.apply(NoticeCommand::Forget)).is_empty());
    }

    #[test]
    fn what_comes_after_the_list_was_opened_is_not_seen() {
        let list = told(|notices| {
            notices.apply(NoticeCommand::Seen);
            notices.add(Severity::Info, About::Program, "Saved a.wav");
        });
        assert_eq!(list.iter().map(|notice| notice.is_seen).collect::<Vec<_>>(), [true, true, false]);
    }

    #[test]
    fn what_is_about_a_folder_goes_with_it() {
        let mut list = told(|_| {});
        Notices { list: &mut list, next_id: &mut 3 }.leave_folder();
        assert_eq!(list.iter().map(Notice::text).collect::<Vec<_>>(), ["Saved a.wav", "The disk is full"]);
    }

    #[test]
    fn the_offer_of_undo_goes_alone_or_with_its_folder() {
        for leaves_folder in [false, true] {
            let list = told(|notices| {
                notices.leave_folder();
                notices.add(Severity::Info, About::Undoable, "18 recordings are left out; Ctrl+Z undoes it");
                if leaves_folder { notices.leave_folder() } else { notices.withdraw_undo() }
            });
            assert_eq!(
                list.iter().map(Notice::text).collect::<Vec<_>>(),
                ["Saved a.wav", "The disk is full"]
            );
        }
    }

    #[test]
    fn words_that_are_told_again_are_new_and_stand_last() {
        let list = told(|notices| {
            notices.apply(NoticeCommand::CloseAll);
            notices.add(Severity::Info, About::Program, "Saved a.wav");
        });
        assert_eq!(list.len(), 3);
        assert!(list[2].text() == "Saved a.wav" && !list[2].is_closed && list[2].id == 3);
    }

    #[test]
    fn the_oldest_of_very_many_makes_room() {
        let list = told(|notices| {
            for number in 0..NOTICE_LIMIT {
                notices.add(Severity::Info, About::Program, format!("Saved {number}.wav"));
            }
        });
        assert_eq!((list.len(), list[0].text()), (NOTICE_LIMIT, "Saved 0.wav".to_owned()));
    }
}
