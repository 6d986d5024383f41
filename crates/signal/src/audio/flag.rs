//! Remarks on a recording.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something about a recording that is worth knowing, but no reason to leave it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// Nothing but silence: the image is all zeros.
    Silent,
    /// The extension promises another format than the file holds.
    Misnamed {
        /// The extension.
        extension: String,
        /// The format that was found.
        found: String,
    },
    /// The file ends before its header says.
    Truncated,
    /// The file's header was never finished: it does not say where the sound ends.
    Unfinished,
    /// Several sounds in a row that do not go on with one another; only the first is used.
    FirstOfSeveral,
    /// Samples that were NaN, infinite or far beyond any sound, and were set to zero.
    NonFinite {
        /// How many.
        samples: usize,
    },
    /// Samples beyond full scale, −1..1; they are used as they are.
    BeyondFullScale {
        /// How many.
        samples: usize,
    },
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent => f.write_str("silent: every image value is the same"),
            Self::Misnamed { extension, found } => {
                write!(f, "named .{extension}, but it is a {found} file: decoded as {found}")
            }
            Self::Truncated => {
                f.write_str("truncated: the file ends before its header says; what is there is used")
            }
            Self::Unfinished => {
                f.write_str("its header was never finished, so it is read to the end of the file")
            }
            Self::FirstOfSeveral => f.write_str(
                "the first of several sounds in one file; those of another rate or number of channels are left out",
            ),
            Self::NonFinite { samples } => {
                let words = if *samples == 1 { "sample was" } else { "samples were" };
                write!(f, "{samples} {words} NaN, infinite or beyond 1e12 and set to zero")
            }
            Self::BeyondFullScale { samples } => {
                let words = if *samples == 1 { "sample is" } else { "samples are" };
                write!(f, "{samples} {words} outside -1..1, used as they are")
            }
        }
    }
}
