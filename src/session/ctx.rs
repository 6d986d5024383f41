//! What a part of the session may do beyond its own state: add a notice, show a view, change settings, play sound, and send
//! news to other parts.

use std::path::Path;

use super::{
    notices::{About, NoticeFile, Notices, Severity},
    settings::{Settings, View},
    sound::SharedSound,
    spoken::Spoken,
};

/// What the session does after a part has run.
pub(super) enum FollowUp<N> {
    /// Shows a view.
    Show(View),
    /// Sends news to other parts.
    News(N),
}

/// The context of a part whose news are of type `N`.
pub(super) struct Ctx<'a, N> {
    /// Settings that are kept between sessions.
    pub(in crate::session) settings: &'a mut Settings,
    /// The user's data directory.
    pub(in crate::session) data_dir: &'a Path,
    /// The player.
    pub(in crate::session) sound: &'a SharedSound,
    notices: Notices<'a>,
    about: About,
    follow_ups: &'a mut Vec<FollowUp<N>>,
}

/// What every [`Ctx`] borrows.
pub(super) struct Shared<'a> {
    pub(in crate::session) settings: &'a mut Settings,
    pub(in crate::session) data_dir: &'a Path,
    pub(in crate::session) sound: &'a SharedSound,
    pub(in crate::session) notices: Notices<'a>,
    /// What the part's notices are about.
    pub(in crate::session) about: About,
}

impl<'a, N> Ctx<'a, N> {
    /// The context of one part; its follow-ups are appended to `follow_ups`.
    pub(super) fn new(shared: Shared<'a>, follow_ups: &'a mut Vec<FollowUp<N>>) -> Self {
        let Shared { settings, data_dir, sound, notices, about } = shared;
        Self { settings, data_dir, sound, notices, about, follow_ups }
    }

    /// Adds a notice, unless the same text is shown already.
    pub(super) fn notify(&mut self, severity: Severity, words: impl Into<Spoken>) {
        self.notices.add(severity, self.about, words);
    }

    /// Adds a notice that is about the program in every part: it stays when another folder is opened.
    pub(super) fn notify_of_program(&mut self, severity: Severity, words: impl Into<Spoken>) {
        self.notices.add(severity, About::Program, words);
    }

    /// Tells the person of a change, and that undo takes it back.
    pub(super) fn notify_undoable(&mut self, words: impl Into<Spoken>) {
        self.notices.add(Severity::Info, About::Undoable, words);
    }

    /// Takes away what was told about a change that can no longer be undone.
    pub(super) fn withdraw_undo(&mut self) {
        self.notices.withdraw_undo();
    }

    /// Tells the person of a file that was saved.
    pub(super) fn notify_about_file(
        &mut self,
        severity: Severity,
        words: impl Into<Spoken>,
        file: NoticeFile,
    ) {
        self.notices.add_about_file(severity, self.about, words, Some(file));
    }

    /// Takes away what was told about the folder that was open.
    pub(super) fn leave_folder(&mut self) {
        self.notices.leave_folder();
    }

    /// Shows a view after the part has run.
    pub(super) fn show(&mut self, view: View) {
        self.follow_ups.push(FollowUp::Show(view));
    }

    /// Sends news to other parts after this one has run.
    pub(super) fn tell(&mut self, news: N) {
        self.follow_ups.push(FollowUp::News(news));
    }
}
