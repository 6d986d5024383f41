//! How recordings are cut.

use timbrespace_base::{named, setting::Unit, settings};

named! {
    /// Where recordings are cut.
    pub enum Cutting {
        /// Nowhere: their first seconds are used, or all of them.
        #[default]
        Off = "off", "Off";
        /// After every duration, less the overlap.
        Length = "length", "Length", "after every duration";
        /// At silences. What sounds for longer than the duration is cut on after each duration.
        Silences = "silences", "Silences", "where it is silent; what sounds for longer is cut on after each duration";
        /// Where something begins to sound. A piece ends where the next begins, or after the duration.
        Onsets = "onsets", "Onsets", "where something begins to sound, to the next onset";
    }
}

settings! {
    /// How recordings are cut into pieces.
    pub struct PieceConfig, PieceChoices, PieceTable, PIECES {
        /// Cut recordings into pieces that are recordings of their own, named FILE@START; none is longer than the duration
        at: Cutting = Cutting::Off, .label("Cut at").flag("pieces").value("AT");
        /// Seconds that a piece shares with the one before it, where recordings are cut after every duration
        overlap_secs: f64 = 0.0, .label("Overlap").flag("overlap").from_to(0.0, 3600.0).unit(Unit::Seconds);
        /// What stays so many dB below a recording's loudest frame is silent: it cuts, and pieces of nothing else are left out
        silence_db: f64 = 40.0, .label("Silent below").flag("silence-db").from_to(1.0, 100.0).unit(Unit::Decibels);
        /// Shorter silences do not cut
        min_silence_secs: f64 = 0.1, .label("Shortest silence").flag("min-silence").from_to(0.0, 60.0).unit(Unit::Seconds);
        /// Shorter pieces are left out
        min_piece_secs: f64 = 0.1, .label("Shortest piece").flag("min-piece").from_to(0.0, 60.0).unit(Unit::Seconds);
        /// How far an onset stands out from the 0.2 s around it; the strongest one is 1
        // The default is librosa's.
        onset_delta: f64 = 0.07, .label("Onset threshold").flag("onset-delta").from_to(0.0, 1.0);
    }
}

impl PieceConfig {
    /// Whether recordings are cut at all.
    pub fn is_on(&self) -> bool {
        self.at != Cutting::Off
    }
}
