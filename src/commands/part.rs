//! The flags that say which part of every recording is used.

use clap::Args;

use super::choice::one_of;
use crate::pipeline::pieces::{Cutting, PieceConfig};

const CUTTINGS: &[(&str, Cutting)] = &[
    ("off", Cutting::Off),
    ("length", Cutting::Length),
    ("silences", Cutting::Silences),
    ("onsets", Cutting::Onsets),
];

/// Which part of a recording becomes an image, or which parts do.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct PartArguments {
    /// Seconds of every recording that are passed over before its first seconds are used [default: 0]
    #[arg(long, value_name = "SECONDS")]
    pub(super) offset: Option<f64>,
    /// Pass over silence at the start of every recording
    #[arg(long)]
    pub(super) trim_silence: bool,
    /// Cut recordings into pieces that are recordings of their own, named FILE@START: after every --duration (`length`), at
    /// silences, or at onsets; no piece is longer than --duration [default: off]
    #[arg(long, value_name = "AT", value_parser = one_of(CUTTINGS))]
    pieces: Option<Cutting>,
    /// Seconds that a piece shares with the one before it, for --pieces length [default: 0]
    #[arg(long, value_name = "SECONDS")]
    overlap: Option<f64>,
    /// What stays so many dB below a recording's loudest frame is silent: it cuts, and pieces of nothing else are left out
    /// [default: 40]
    #[arg(long, value_name = "DB")]
    silence_db: Option<f64>,
    /// Shorter silences do not cut, in seconds [default: 0.1]
    #[arg(long, value_name = "SECONDS")]
    min_silence: Option<f64>,
    /// Shorter pieces are left out, in seconds [default: 0.1]
    #[arg(long, value_name = "SECONDS")]
    min_piece: Option<f64>,
    /// How far an onset stands out from its surroundings, from 0 to 1, the strongest one [default: 0.07]
    #[arg(long, value_name = "X")]
    onset_delta: Option<f64>,
}

impl PartArguments {
    /// `base` with the given flags applied.
    pub(super) fn pieces_over(&self, base: &PieceConfig) -> PieceConfig {
        PieceConfig {
            at: self.pieces.unwrap_or(base.at),
            overlap_secs: self.overlap.unwrap_or(base.overlap_secs),
            silence_db: self.silence_db.unwrap_or(base.silence_db),
            min_silence_secs: self.min_silence.unwrap_or(base.min_silence_secs),
            min_piece_secs: self.min_piece.unwrap_or(base.min_piece_secs),
            onset_delta: self.onset_delta.unwrap_or(base.onset_delta),
        }
    }

    /// Whether any flag was given.
    pub(super) fn is_given(&self) -> bool {
        let Self { offset, trim_silence, pieces, overlap, silence_db, min_silence, min_piece, onset_delta } =
            self;
        let seconds = [offset, overlap, min_silence, min_piece].into_iter().any(Option::is_some);
        seconds || *trim_silence || pieces.is_some() || silence_db.is_some() || onset_delta.is_some()
    }
}
