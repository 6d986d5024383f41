//! Problems of recordings that do not prevent their use.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A problem worth reporting, but no reason to exclude the recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// Only silence: all image values are the same.
    Silent,
    /// The extension belongs to another format than the content.
    Misnamed {
        /// Extension of the file.
        extension: String,
        /// Format found in the file.
        found: String,
    },
    /// The file is shorter than its header states.
    Truncated,
    /// The header was never completed: it does not state where the sound ends.
    Unfinished,
    /// The file contains several unrelated sounds; only the first is used.
    FirstOfSeveral,
    /// Samples that were NaN, infinite or far out of range, and were set to zero.
    NonFinite {
        /// Number of such samples.
        samples: usize,
    },
    /// Samples outside full scale (−1..1), used unchanged.
    BeyondFullScale {
        /// Number of such samples.
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
                f.write_str("truncated: the file ends earlier than its header states; the available part is used")
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
