//! Tables of settings: the two traits of what [`settings!`](crate::settings) makes, and the defaults in words.

use serde::Deserializer;

use super::{
    description::Setting,
    misfit::Misfit,
    value::{NONE, SettingValue},
};

/// Settings that are described by a table.
pub trait Settings: Clone + Sized {
    /// What can be chosen of them.
    type Choices: Choices<Config = Self>;

    /// Every setting, those of nested structs included, in the order of the struct.
    fn table() -> Vec<&'static Setting>;

    /// Names of the struct's fields: of its settings, and of nested structs.
    fn names() -> Vec<&'static str>;

    /// Setting and value of each.
    fn rows(&self) -> Vec<Row>;

    /// The settings whose values differ from those of `other`.
    fn differences(&self, other: &Self) -> Vec<Difference>;

    /// Checks the value of each setting for which `is_in_use` is true against its own limits.
    ///
    /// # Errors
    /// Names the first one beyond its limits.
    fn check_those(&self, is_in_use: &dyn Fn(&Setting) -> bool) -> Result<(), Misfit>;

    /// Checks each value against its own limits.
    ///
    /// # Errors
    /// Names the first one beyond its limits.
    fn check_each(&self) -> Result<(), Misfit> {
        self.check_those(&|_| true)
    }
}

/// What was chosen of some settings.
pub trait Choices: Clone + Default + PartialEq {
    /// The settings.
    type Config: Settings<Choices = Self>;

    /// Every setting of `config`.
    fn all(config: &Self::Config) -> Self;

    /// `base` with what was chosen.
    #[must_use]
    fn over(&self, base: &Self::Config) -> Self::Config;

    /// What was chosen with what `newer` has; its values win.
    #[must_use]
    fn and(self, newer: &Self) -> Self;

    /// The settings that have a value here.
    fn chosen(&self) -> Vec<&'static Setting>;

    /// Whether nothing was chosen.
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks what was chosen against the settings' own limits.
    ///
    /// # Errors
    /// Names the first value beyond its limits.
    fn check(&self) -> Result<(), Misfit>;

    /// Takes the value of a flag; `false` where there is no such flag.
    ///
    /// # Errors
    /// Says what it must be.
    fn take_flag(&mut self, flag: &str, text: &str) -> Result<bool, String>;

    /// Takes the value of the setting called `name` from a file; `false` where there is no such setting.
    ///
    /// # Errors
    /// When the value is of another kind.
    fn take_field<'de, D: Deserializer<'de>>(&mut self, name: &str, value: D) -> Result<bool, D::Error>;

    /// Makes the setting called `name` absent; `false` where it cannot be.
    fn take_none(&mut self, name: &str) -> bool;
}

/// A setting with a value.
#[derive(Clone, Debug)]
pub struct Row {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value as it is typed on the command line.
    pub typed: String,
    /// Its value as people read it.
    pub words: String,
}

impl Row {
    /// The row of `setting` with `value`.
    pub fn new(setting: &'static Setting, value: &impl SettingValue) -> Self {
        Self { setting, typed: value.words(), words: value.read_words(setting) }
    }
}

/// A setting that has two values.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The setting.
    pub setting: &'static Setting,
    /// One value.
    pub ours: Row,
    /// The other one.
    pub theirs: Row,
}

impl Difference {
    /// The difference of two values of `setting`, if they differ.
    pub fn of<T: SettingValue>(setting: &'static Setting, ours: &T, theirs: &T) -> Option<Self> {
        (ours != theirs).then(|| Self {
            setting,
            ours: Row::new(setting, ours),
            theirs: Row::new(setting, theirs),
        })
    }
}

/// The default of `setting` in words: that of the first of `cases`, then those that differ from it. `None` where there is nothing to say.
///
/// A case is a name, such as that of a preset, with the values of all settings.
pub fn default_words(setting: &Setting, cases: &[(String, Vec<Row>)]) -> Option<String> {
    let value = |rows: &[Row]| {
        let row = rows.iter().find(|row| std::ptr::eq(row.setting, setting))?;
        Some(row.words.clone())
    };
    let (_, first) = cases.first()?;
    let first = value(first).filter(|words| !words.is_empty() && words != NONE)?;
    let mut others: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, rows) in cases {
        let Some(words) = value(rows).filter(|words| *words != first && words != name) else { continue };
        match others.iter_mut().find(|other| other.0 == words) {
            Some(other) => other.1.push(name),
            None => others.push((words, vec![name])),
        }
    }
    let others = others.into_iter().map(|(words, names)| format!("; {}: {words}", names.join(", ")));
    Some(first + &others.collect::<String>())
}
