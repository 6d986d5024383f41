//! Settings whose values have names.

/// How one value of a setting is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// In files and on the command line.
    pub word: &'static str,
    /// In a form.
    pub label: &'static str,
    /// What is meant, where the setting's help does not say it.
    pub help: &'static str,
}

/// A type of few values, each with a name.
pub trait Named: Copy + PartialEq + 'static {
    /// Every value, in the order of a form.
    const ALL: &'static [Self];
    /// Their names, in the same order.
    fn names() -> &'static [Name];

    /// How this value is called.
    fn called(self) -> &'static Name {
        const UNNAMED: &Name = &Name { word: "", label: "", help: "" };
        Self::ALL.iter().position(|value| *value == self).map_or(UNNAMED, |place| &Self::names()[place])
    }

    /// The value that is called `word` in files and on the command line.
    fn of_word(word: &str) -> Option<Self> {
        Self::names().iter().position(|name| name.word == word).map(|place| Self::ALL[place])
    }
}
