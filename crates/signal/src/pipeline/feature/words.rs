//! What people read about a feature.

/// Words for a feature.
#[derive(Debug)]
pub struct Words {
    /// In a menu: "Log spectrogram".
    pub choice: &'static str,
    /// In a sentence: "log spectrogram".
    pub noun: &'static str,
    /// Images of it, in a sentence: "log spectrograms".
    pub images: &'static str,
    /// The values of an image: "Log magnitude".
    pub values: &'static str,
    /// The same with their unit, where that is usual: "Log magnitude in dB".
    pub values_in_unit: &'static str,
    /// One row of an image: "bin".
    pub row: &'static str,
    /// How files with its values are called: `log_db`.
    pub file: &'static str,
    /// What the values mean, in a few words.
    pub brief: &'static str,
    /// The same at length.
    pub details: &'static str,
    /// In the Python that makes it: "log spectrogram in dB".
    pub python: &'static str,
    /// About the filters behind the rows, where rows are not single bins.
    pub filters: Option<FilterWords>,
}

/// Words for a bank of filters.
#[derive(Debug)]
pub struct FilterWords {
    /// What they are called: "Mel filters".
    pub title: &'static str,
    /// How one of them is called where it begins a line: "Mel band".
    pub band: &'static str,
    /// Its short name: "mel".
    pub short: &'static str,
    /// What they do, in a few words.
    pub brief: &'static str,
    /// The same at length.
    pub details: &'static str,
}
