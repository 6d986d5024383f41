//! Settings of playing that are kept between sessions.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::names;

/// Number of axes that keys of the computer move.
pub const KEY_AXES: usize = 3;

/// How a decoded sound is played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlayMode {
    /// Once, from its beginning.
    #[default]
    OneShot,
    /// Looped.
    Loop,
    /// Looped while a key is held.
    Hold,
}

/// Settings of playing that are kept between sessions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlayingSettings {
    /// The output device; `None` for the system's default one.
    pub device: Option<String>,
    /// How decoded sounds are played.
    pub mode: PlayMode,
    /// Whether loudness is matched.
    pub matched: bool,
    /// The MIDI port.
    pub midi_port: Option<String>,
    /// Which control moves which axis: of the dimensions by number, or of the principal directions by rank.
    pub controls: BTreeMap<u8, (bool, usize)>,
    /// The axes that the keys move, by index among the sliders; by default the first ones.
    pub key_axes: [Option<usize>; KEY_AXES],
    /// Where recordings go; `None` for a folder below the user's data.
    #[serde(serialize_with = "names::serialize", deserialize_with = "names::deserialize")]
    pub folder: Option<PathBuf>,
}
