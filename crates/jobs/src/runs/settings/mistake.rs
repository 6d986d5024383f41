//! What is wrong in a file of settings.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;
use timbrespace_base::setting::{Expected, Misfit, Setting};

/// The first mistake in a file of settings, with its line.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: What,
}

/// What is wrong in a line of a file of settings.
#[derive(Clone, Debug)]
pub enum What {
    /// It is not TOML, as the reader of TOML says.
    Syntax(String),
    /// An entry of this name stands before the first table.
    Outside(String),
    /// No settings have a table of this name.
    UnknownTable(String),
    /// A table has an entry that is not a setting.
    Unknown {
        /// The table.
        section: String,
        /// The entry.
        name: String,
        /// The settings of the table: the one that was probably meant, or all.
        known: Known,
    },
    /// A setting has a value that it may not have.
    Misfit {
        /// The table.
        section: String,
        /// The entry: the setting, or a group of settings that it belongs to.
        name: String,
        /// The setting and its value.
        misfit: Misfit,
    },
    /// A value that cannot be read, as the reader of values says.
    Value {
        /// The table.
        section: String,
        /// The entry.
        name: String,
        /// What the reader says.
        cause: String,
    },
}

/// Settings that could stand where an unknown one does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// One with nearly the same name.
    Similar(&'static str),
    /// None has nearly the same name: all of them.
    All(Vec<&'static str>),
}

impl Known {
    /// The setting among `names` whose name is most like `name`; all of them where none is like it.
    pub fn like(name: &str, names: Vec<&'static str>) -> Self {
        /// Jaro-Winkler similarity from which two names count as alike: `hops` and `hop_length` have 0.83.
        const ALIKE: f64 = 0.8;
        let likeness = |known: &&'static str| strsim::jaro_winkler(name, known);
        let nearest = names.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        match nearest {
            Some(nearest) if likeness(&nearest) >= ALIKE => Self::Similar(nearest),
            _ => Self::All(names),
        }
    }
}

/// `value` as a value that `setting` may not have.
pub fn misfit(setting: &'static Setting, value: &Value) -> Misfit {
    setting.misfit(value, Expected::Limits(setting))
}

impl Display for Mistake {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.what {
            What::Syntax(cause) => {
                write!(f, "is not valid TOML ({cause}); check quotes, brackets and values there")
            }
            What::Outside(name) => {
                write!(f, "`{name}` is outside of the tables [model], [training] and [preprocessing]")
            }
            What::UnknownTable(name) => {
                write!(f, "`{name}` is no table of settings; there are model, training, preprocessing")
            }
            What::Unknown { section, name, known } => {
                write!(f, "`{name}` in [{section}]: is no setting of [{section}]; ")?;
                match known {
                    Known::Similar(other) => write!(f, "did you mean `{other}`?"),
                    Known::All(names) => write!(f, "there are {}", names.join(", ")),
                }
            }
            What::Misfit { section, name, misfit } => {
                write!(f, "`{name}` in [{section}]: {}", misfit.beside(name))
            }
            What::Value { section, name, cause } => write!(f, "`{name}` in [{section}]: {cause}"),
        }
    }
}
