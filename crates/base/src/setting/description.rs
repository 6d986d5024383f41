//! What is said about one setting.

use std::borrow::Cow;

use super::{
    limits::{End, Limits},
    named::Name,
    unit::Unit,
};

/// One setting: everything that is said about it.
#[derive(Debug)]
pub struct Setting {
    /// Its name in files, and in the struct of settings.
    pub name: &'static str,
    /// Its flag on the command line, without the dashes, where it has one.
    pub flag: Option<&'static str>,
    /// Its name in a form.
    pub label: &'static str,
    /// What it does, in one sentence or two without a full stop at the end: the help of its flag, and the tooltip of its field.
    pub help: &'static str,
    /// What a value is called in the command line's help, where it is one of several words.
    pub value: Option<&'static str>,
    /// Unit of its values.
    pub unit: Unit,
    /// The values that it may have.
    pub limits: Limits,
    /// What the absence of a value means, for a setting that may be absent.
    pub absent: Option<Absent>,
    /// Heading over its flag.
    pub group: Option<&'static str>,
    /// Whether images that were made with another value are other images.
    pub shapes_images: bool,
}

/// What the absence of a value means.
#[derive(Clone, Copy, Debug)]
pub struct Absent {
    /// In words, such as `never`.
    pub word: &'static str,
    /// Whether a 0 on the command line stands for it.
    pub is_zero: bool,
}

impl Setting {
    /// With a name in forms.
    #[must_use]
    pub const fn label(self, label: &'static str) -> Self {
        Self { label, ..self }
    }

    /// With a flag on the command line.
    #[must_use]
    pub const fn flag(self, flag: &'static str) -> Self {
        Self { flag: Some(flag), ..self }
    }

    /// With values that the command line's help calls `value`.
    #[must_use]
    pub const fn value(self, value: &'static str) -> Self {
        Self { value: Some(value), ..self }
    }

    /// With a heading over its flag.
    #[must_use]
    pub const fn group(self, group: &'static str) -> Self {
        Self { group: Some(group), ..self }
    }

    /// With a unit.
    #[must_use]
    pub const fn unit(self, unit: Unit) -> Self {
        Self { unit, ..self }
    }

    /// Whole numbers from `least` to `most`.
    #[must_use]
    pub const fn count(self, least: usize, most: usize) -> Self {
        Self { limits: Limits::Count { least: least as u64, most: most as u64 }, ..self }
    }

    /// Numbers from `low` to `high`.
    #[must_use]
    pub const fn from_to(self, low: f64, high: f64) -> Self {
        self.number((low, true), (high, true))
    }

    /// Numbers above `low` and at most `high`.
    #[must_use]
    pub const fn above(self, low: f64, high: f64) -> Self {
        self.number((low, false), (high, true))
    }

    /// Numbers of at least `low` and below `high`.
    #[must_use]
    pub const fn below(self, low: f64, high: f64) -> Self {
        self.number((low, true), (high, false))
    }

    /// Numbers above `low` and below `high`.
    #[must_use]
    pub const fn between(self, low: f64, high: f64) -> Self {
        self.number((low, false), (high, false))
    }

    const fn number(self, low: (f64, bool), high: (f64, bool)) -> Self {
        let (low, high) = (End { at: low.0, is_included: low.1 }, End { at: high.0, is_included: high.1 });
        Self { limits: Limits::Number { low, high }, ..self }
    }

    /// Text that the command line's help calls `value_name`.
    #[must_use]
    pub const fn text(self, value_name: &'static str) -> Self {
        Self { limits: Limits::Text(value_name), ..self }
    }

    /// A value that may be absent, which means `word`.
    #[must_use]
    pub const fn or(self, word: &'static str) -> Self {
        Self { absent: Some(Absent { word, is_zero: false }), ..self }
    }

    /// A value that may be absent, which means `word` and is 0 on the command line.
    #[must_use]
    pub const fn or_zero(self, word: &'static str) -> Self {
        Self { absent: Some(Absent { word, is_zero: true }), ..self }
    }

    /// Images that were made with another value are other images.
    #[must_use]
    pub const fn shapes_images(self) -> Self {
        Self { shapes_images: true, ..self }
    }

    /// The name that an error on the command line gives it: its flag, or else its name in files.
    pub fn flag_or_name(&self) -> Cow<'static, str> {
        self.flag.map_or(Cow::Borrowed(self.name), |flag| Cow::Owned(format!("--{flag}")))
    }

    /// The help, with that of each named value and with what the absence of a value means. `named` gives the name of a value that the
    /// reader sees.
    pub fn help_words(&self, named: impl Fn(&Name) -> String) -> String {
        let mut help = self.help.to_owned();
        if let Limits::Words(names) = self.limits {
            let explained = names().iter().filter(|name| !name.help.is_empty());
            let explained: Vec<String> =
                explained.map(|name| format!("{}: {}", named(name), name.help)).collect();
            if !explained.is_empty() {
                help = format!("{help}. {}", explained.join(". "));
            }
        }
        match self.absent {
            Some(Absent { word, is_zero: true }) => format!("{help}; 0 for {word}"),
            _ => help,
        }
    }

    /// What a value is called in the command line's help.
    pub fn value_name(&self) -> &'static str {
        let by_unit = self.unit.value_name();
        match self.limits {
            Limits::Text(name) => name,
            Limits::Words(_) => self.value.unwrap_or("NAME"),
            Limits::Count { .. } => by_unit.unwrap_or("N"),
            Limits::Number { .. } | Limits::Switch => by_unit.unwrap_or("X"),
        }
    }

    /// The least and the largest number that it may have, as far as it is a number.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.limits.range()
    }

    /// Whether `value` is within the limits; a NaN never is.
    pub fn allows(&self, value: f64) -> bool {
        self.limits.allow(value)
    }

    /// The limits in words, as in "must be …": `from 1 to 4096`, `above 0 and at most 1`.
    pub fn limits_words(&self) -> String {
        self.limits.words(1.0, self.unit.suffix())
    }

    /// What a field says when it is pointed at: the help, and the limits of a number as the form shows them.
    pub fn tooltip(&self) -> String {
        let help = self.help_words(|name| name.label.to_owned());
        match self.limits {
            Limits::Count { most: u64::MAX, .. } => help,
            Limits::Count { .. } | Limits::Number { .. } => {
                let (scale, unit) = (self.unit.form_scale(), self.unit.form_suffix());
                format!("{help}; {}", self.limits.words_in_form(scale, unit))
            }
            _ => help,
        }
    }
}
