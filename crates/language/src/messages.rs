//! The message files, embedded in the program.

use crate::choice::Language;

/// One message file.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its name without the ending.
    pub name: &'static str,
    /// What stands in it, in Fluent's syntax.
    pub text: &'static str,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Names of the message files of every language, without their ending `.ftl`.
        pub const FILES: &[&str] = &[$($name),*];
        const ENGLISH: &[File] = &[$(File {
            name: $name,
            text: include_str!(concat!("../../../assets/languages/en/", $name, ".ftl")),
        }),*];
        const CHINESE: &[File] = &[$(File {
            name: $name,
            text: include_str!(concat!("../../../assets/languages/zh-CN/", $name, ".ftl")),
        }),*];
    };
}

files!(
    "common",
    "language",
    "window",
    "library",
    "stages",
    "data-set",
    "training",
    "runs",
    "instrument",
    "map",
    "figures",
    "settings",
    "errors",
    "messages",
    "measures",
    "reader",
);

/// The message files of `language`.
pub fn of(language: Language) -> &'static [File] {
    match language {
        Language::English => ENGLISH,
        Language::Chinese => CHINESE,
    }
}
