//! Units of a feature's values: logarithms of magnitudes.

use timbrespace_base::numbers::signed;

/// The unit of a feature's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Decibels re 1.
    Decibels,
    /// Natural logarithm.
    NaturalLog,
}

impl Unit {
    /// Its symbol.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Decibels => "dB",
            Self::NaturalLog => "ln",
        }
    }

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decibels => "dB",
            Self::NaturalLog => "natural log",
        }
    }

    /// Decibels of a step of one unit.
    pub fn decibels(self) -> f32 {
        match self {
            Self::Decibels => 1.0,
            // 20 / ln 10
            Self::NaturalLog => 8.685_89,
        }
    }

    /// A value with sign, unit, and as many digits as mean something.
    pub fn text(self, value: f32) -> String {
        match self {
            Self::Decibels => signed(value, 2) + " dB",
            Self::NaturalLog => signed(value, 3) + " ln",
        }
    }

    /// A value with sign and unit for a line of readings.
    pub fn reading(self, value: f32) -> String {
        match self {
            Self::Decibels => signed(value, 1) + " dB",
            Self::NaturalLog => format!("ln {}", signed(value, 3)),
        }
    }

    /// The unit after the ends of a range, where natural logarithms go without one.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Decibels => " dB",
            Self::NaturalLog => "",
        }
    }
}
