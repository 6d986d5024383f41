//! Which part of a recording is used: its first seconds, all of it, or pieces.

use eframe::egui::Ui;

use crate::{
    app::widgets::labelled::{choice_between, choice_of, number, switch},
    language::{Key, key, text},
    pipeline::{
        config::{ClipDuration, FRAMES, PREPROCESSING, PreprocessingConfig, SAMPLES, SECONDS},
        pieces::{Cutting, PIECES},
    },
};

/// Lengths to begin with where the whole file was used before.
const DEFAULT_SAMPLES: usize = 32_768;
const DEFAULT_FRAMES: usize = 128;

/// What the choice *Use* says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Seconds,
    Samples,
    Frames,
    Whole,
    Pieces,
}

const USES: [(Use, Key); 5] = [
    (Use::Seconds, key!("window-use-first-seconds")),
    (Use::Samples, key!("window-use-first-samples")),
    (Use::Frames, key!("window-use-first-frames")),
    (Use::Whole, key!("window-use-whole-file")),
    (Use::Pieces, key!("window-use-pieces")),
];

impl Use {
    fn of(config: &PreprocessingConfig) -> Self {
        match config.duration {
            _ if config.pieces.is_on() => Self::Pieces,
            ClipDuration::Seconds(_) => Self::Seconds,
            ClipDuration::Samples(_) => Self::Samples,
            ClipDuration::Frames(_) => Self::Frames,
            ClipDuration::Full => Self::Whole,
        }
    }

    fn apply_to(self, config: &mut PreprocessingConfig) {
        let seconds = PreprocessingConfig::default().duration;
        config.duration = match self {
            Self::Seconds => seconds,
            Self::Samples => ClipDuration::Samples(config.padded_len().unwrap_or(DEFAULT_SAMPLES)),
            Self::Frames => {
                ClipDuration::Frames(config.image_shape().map_or(DEFAULT_FRAMES, |shape| shape.1))
            }
            Self::Whole => ClipDuration::Full,
            Self::Pieces if config.duration == ClipDuration::Full => seconds,
            Self::Pieces => config.duration,
        };
        config.pieces.at = if self == Self::Pieces { Cutting::Silences } else { Cutting::Off };
        if self == Self::Pieces {
            config.offset_secs = 0.0;
        }
    }
}

/// Draws the rows.
pub(super) fn show(ui: &mut Ui, config: &mut PreprocessingConfig) {
    let mut chosen = Use::of(config);
    let names = USES.map(|(chosen, name)| (chosen, name.text()));
    let options = names.each_ref().map(|(chosen, name)| (*chosen, name.as_str()));
    if choice_between(ui, &text!("window-use"), &text!("window-use-help"), &mut chosen, &options) {
        chosen.apply_to(config);
    }
    length(ui, config);
    if chosen == Use::Pieces {
        cutting(ui, config);
    } else {
        start(ui, config);
    }
}

/// How many seconds, samples or frames.
fn length(ui: &mut Ui, config: &mut PreprocessingConfig) {
    match &mut config.duration {
        ClipDuration::Seconds(secs) => {
            number(ui, &SECONDS, secs);
        }
        ClipDuration::Samples(count) => {
            number(ui, &SAMPLES, count);
        }
        ClipDuration::Frames(count) => {
            number(ui, &FRAMES, count);
        }
        ClipDuration::Full => {}
    }
}

/// Where the first seconds begin.
fn start(ui: &mut Ui, config: &mut PreprocessingConfig) {
    number(ui, &PREPROCESSING.offset_secs, &mut config.offset_secs);
    switch(ui, &PREPROCESSING.trim_silence, &mut config.trim_silence, "");
    if config.trim_silence {
        number(ui, &PIECES.silence_db, &mut config.pieces.silence_db);
    }
}

fn cutting(ui: &mut Ui, config: &mut PreprocessingConfig) {
    let pieces = &mut config.pieces;
    choice_of(ui, &PIECES.at, &mut pieces.at, &[Cutting::Length, Cutting::Silences, Cutting::Onsets]);
    match pieces.at {
        Cutting::Length => {
            number(ui, &PIECES.overlap_secs, &mut pieces.overlap_secs);
        }
        Cutting::Silences => {
            number(ui, &PIECES.min_silence_secs, &mut pieces.min_silence_secs);
        }
        Cutting::Onsets => {
            number(ui, &PIECES.onset_delta, &mut pieces.onset_delta);
        }
        Cutting::Off => {}
    }
    number(ui, &PIECES.min_piece_secs, &mut pieces.min_piece_secs);
    number(ui, &PIECES.silence_db, &mut pieces.silence_db);
}
