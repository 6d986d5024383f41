//! What the window says about settings: the words of their tables, or a translation of these by their names.
//!
//! English stands in the tables, where the command line reads it, too; `assets/languages/*/settings.ftl` has the rest.

use std::borrow::Cow;

use crate::{
    language::translation,
    setting::{Name, Setting},
};

/// The setting's name in a form.
pub fn label(setting: &Setting) -> Cow<'static, str> {
    of_key(&format!("setting-{}", setting.name), setting.label)
}

/// What the setting does.
pub fn help(setting: &Setting) -> Cow<'static, str> {
    of_key(&format!("setting-{}-help", setting.name), setting.help)
}

/// The tooltip of the setting's field: what it does, and its limits.
pub fn tooltip(setting: &Setting) -> String {
    setting.tooltip()
}

/// The name of one value of `setting` in a form.
pub fn value_label(setting: &Setting, name: &Name) -> Cow<'static, str> {
    of_key(&format!("setting-{}-{}", setting.name, name.word), name.label)
}

/// What one value of `setting` means.
pub fn value_help(setting: &Setting, name: &Name) -> Cow<'static, str> {
    of_key(&format!("setting-{}-{}-help", setting.name, name.word), name.help)
}

/// A setting's name in a list of a run's settings; `english` is its name with spaces, which stays where no setting is called so.
pub fn listed(english: &str) -> Cow<'_, str> {
    let key = format!("setting-{}", english.replace([' ', '_'], "-"));
    translation(&key, &[]).map_or(Cow::Borrowed(english), Cow::Owned)
}

fn of_key(key: &str, english: &'static str) -> Cow<'static, str> {
    let key = key.replace('_', "-");
    translation(&key, &[]).map_or(Cow::Borrowed(english), Cow::Owned)
}
