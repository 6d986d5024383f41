//! What a part of the session may do beyond its own state: tell the person, show a view, change settings, play sound, and
//! say what has happened, for other parts.

use std::path::Path;

use super::{
    notices::{About, Notices, Saved, Severity},
    settings::{Settings, View},
    sound::SharedSound,
};

/// What the session does after a part has done its work.
pub(super) enum FollowUp<N> {
    /// Shows a view.
    Show(View),
    /// Lets other parts know what has happened or what is wanted of them.
    News(N),
}

/// Everything that crosses the walls of a part whose news are of type `N`.
pub(super) struct Ctx<'a, N> {
    /// What is remembered between starts.
    pub(in crate::session) settings: &'a mut Settings,
    /// The user's data directory.
    pub(in crate::session) data_dir: &'a Path,
    /// The player.
    pub(in crate::session) sound: &'a SharedSound,
    notices: Notices<'a>,
    about: About,
    follow_ups: &'a mut Vec<FollowUp<N>>,
}

/// What a [`Ctx`] lends, for every part the same.
pub(super) struct Shared<'a> {
    pub(in crate::session) settings: &'a mut Settings,
    pub(in crate::session) data_dir: &'a Path,
    pub(in crate::session) sound: &'a SharedSound,
    pub(in crate::session) notices: Notices<'a>,
    /// What the part's notices are about.
    pub(in crate::session) about: About,
}

impl<'a, N> Ctx<'a, N> {
    /// The context of one part; what it wants done afterwards is appended to `follow_ups`.
    pub(super) fn new(shared: Shared<'a>, follow_ups: &'a mut Vec<FollowUp<N>>) -> Self {
        let Shared { settings, data_dir, sound, notices, about } = shared;
        Self { settings, data_dir, sound, notices, about, follow_ups }
    }

    /// Tells the person something; the same words are not told twice.
    pub(super) fn notify(&mut self, severity: Severity, text: impl AsRef<str>) {
        self.notices.add(severity, self.about, text.as_ref());
    }

    /// Tells the person of a file that was saved.
    pub(super) fn notify_saved(&mut self, severity: Severity, text: impl AsRef<str>, saved: Saved) {
        self.notices.add_saved(severity, self.about, text.as_ref(), Some(saved));
    }

    /// Takes away what was told about the folder that was open.
    pub(super) fn leave_folder(&mut self) {
        self.notices.leave_folder();
    }

    /// Shows a view, once the part is done.
    pub(super) fn show(&mut self, view: View) {
        self.follow_ups.push(FollowUp::Show(view));
    }

    /// Lets other parts know, once this one is done.
    pub(super) fn tell(&mut self, news: N) {
        self.follow_ups.push(FollowUp::News(news));
    }
}
