//! State and commands of travel: slots, saved vectors, random draws, walks.

use serde::{Deserialize, Serialize};

use crate::{explore::travel::Path, pipeline::stages::MinMax};

/// Limits of the temperature.
pub const TEMPERATURE_LIMITS: (f32, f32) = (0.0, 3.0);

/// A vector with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its values.
    pub vector: Vec<f32>,
    /// The range of its image before normalisation.
    pub min_max: MinMax,
}

/// Slots for vectors, which paths run between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Start of a path; minuend in arithmetic.
    A,
    /// End of a path; subtrahend in arithmetic.
    B,
    /// Addend in arithmetic.
    C,
}

impl Slot {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// Its letter.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// Where random vectors come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Draw {
    /// The density of the training recordings, or of the encoded ones if the model has none: sounds like recordings.
    #[default]
    Density,
    /// The Gaussian with the mean and the covariance of the encoded recordings.
    Data,
    /// The prior, a standard normal distribution.
    Prior,
}

/// State of travel.
#[derive(Clone, Debug, PartialEq)]
pub struct TravelState {
    /// A, B and C.
    pub slots: [Option<Named>; 3],
    /// Which of A, B and C an earlier model of the run made: the one in use decodes them to other sounds.
    pub are_earlier: [bool; 3],
    /// Last position on the path from A (0) to B (1).
    pub part: f32,
    /// Shape of the path.
    pub path: Path,
    /// Where random vectors come from.
    pub draw: Draw,
    /// The class to draw from, for the density alone; `None` for any.
    pub class: Option<String>,
    /// Temperature: factor of the distribution's spread.
    pub temperature: f32,
    /// Length of a walk's steps, from 0 to 1.
    pub stride: f32,
    /// Whether a random walk is running.
    pub is_walking: bool,
    /// Named vectors of this model.
    pub saved: Vec<Named>,
}

impl Default for TravelState {
    fn default() -> Self {
        Self {
            slots: [None, None, None],
            are_earlier: [false; 3],
            part: 0.0,
            path: Path::Linear,
            draw: Draw::Density,
            class: None,
            temperature: 1.0,
            stride: 0.3,
            is_walking: false,
            saved: Vec::new(),
        }
    }
}

impl TravelState {
    /// Puts a vector into a slot, or empties it.
    pub(super) fn keep(&mut self, slot: Slot, named: Option<Named>, is_earlier: bool) {
        self.are_earlier[slot as usize] = is_earlier && named.is_some();
        self.slots[slot as usize] = named;
    }

    /// The slots whose vectors an earlier model of the run made.
    pub fn earlier(&self) -> impl Iterator<Item = Slot> {
        Slot::ALL.into_iter().filter(|slot| self.are_earlier[*slot as usize])
    }

    /// A newer model of the run is in use.
    pub(super) fn on_newer_model(&mut self) {
        self.are_earlier = self.slots.each_ref().map(Option::is_some);
    }
}

/// Commands of travel.
#[derive(Clone, Debug, PartialEq)]
pub enum TravelCommand {
    /// Puts the current vector into a slot.
    Keep(Slot),
    /// Puts a recording's vector into a slot, by its index in the library.
    KeepRecording(Slot, usize),
    /// Puts a saved vector into a slot, by index.
    KeepSaved(Slot, usize),
    /// Empties a slot.
    Clear(Slot),
    /// Goes to what is in a slot.
    Recall(Slot),
    /// Goes to a position on the path from A to B, 0 to 1.
    SetPart(f32),
    /// Shape of the path.
    SetPath(Path),
    /// Goes to A − B + C.
    Analogy,
    /// Goes to the mean of a class.
    ClassMean(String),
    /// Where random vectors come from.
    SetDraw(Draw),
    /// The class to draw from; `None` for any.
    SetClass(Option<String>),
    /// Temperature.
    SetTemperature(f32),
    /// Starts or ends a random walk.
    SetWalking(bool),
    /// Length of its steps.
    SetStride(f32),
    /// Gives the current vector a name.
    Save(String),
    /// Goes to a saved vector, by index.
    RecallSaved(usize),
    /// Gives a saved vector another name.
    Rename(usize, String),
    /// Forgets a saved vector.
    Forget(usize),
}
