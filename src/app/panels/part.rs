//! Which part of a recording is used: its first seconds, all of it, or pieces.

use eframe::egui::Ui;

use crate::{
    app::widgets::labelled::{choice, number, row, seconds},
    pipeline::{
        config::{ClipDuration, PreprocessingConfig},
        pieces::Cutting,
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

const USES: [(Use, &str); 5] = [
    (Use::Seconds, "First seconds"),
    (Use::Samples, "First samples"),
    (Use::Frames, "First frames"),
    (Use::Whole, "Whole file"),
    (Use::Pieces, "Pieces"),
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
    let hint = "How much of a recording is used, or whether it is cut into pieces that are recordings of their own; training \
                needs images of one size";
    if choice(ui, ("Use", hint), &mut chosen, &USES) {
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
    let hint = if config.pieces.is_on() {
        "No piece is longer; shorter ones are padded"
    } else {
        "What is kept of a recording; longer ones are cut, shorter ones padded"
    };
    match &mut config.duration {
        ClipDuration::Seconds(secs) => {
            number(ui, ("Duration", hint), secs, 0.05..=30.0, " s");
        }
        ClipDuration::Samples(count) => {
            number(ui, ("Samples", hint), count, 16..=2_000_000, "");
        }
        ClipDuration::Frames(count) => {
            number(ui, ("Frames", hint), count, 1..=8192, "");
        }
        ClipDuration::Full => {}
    }
}

/// Where the first seconds begin.
fn start(ui: &mut Ui, config: &mut PreprocessingConfig) {
    seconds(
        ui,
        ("Offset", "Seconds of every recording that are passed over first, as the offset of librosa.load"),
        &mut config.offset_secs,
        0.0..=360_000.0,
    );
    let hint =
        "Whether silence at the start of a recording is passed over; “Silent below” says what is silent";
    row(ui, "Trim silence", hint, |ui| ui.checkbox(&mut config.trim_silence, ""));
    if config.trim_silence {
        silent_below(ui, config);
    }
}

fn silent_below(ui: &mut Ui, config: &mut PreprocessingConfig) {
    number(
        ui,
        ("Silent below", "What stays so many dB below the loudest frame of its file is silent"),
        &mut config.pieces.silence_db,
        1.0..=100.0,
        " dB",
    );
}

fn cutting(ui: &mut Ui, config: &mut PreprocessingConfig) {
    let places = [(Cutting::Length, "Length"), (Cutting::Silences, "Silences"), (Cutting::Onsets, "Onsets")];
    let hint = "Length: after every duration. Silences: where it is silent; what sounds longer is cut on after each duration. \
                Onsets: where something begins to sound, to the next onset";
    choice(ui, ("Cut at", hint), &mut config.pieces.at, &places);
    let pieces = &mut config.pieces;
    match pieces.at {
        Cutting::Length => {
            let hint = "Seconds that a piece shares with the one before it";
            seconds(ui, ("Overlap", hint), &mut pieces.overlap_secs, 0.0..=3600.0);
        }
        Cutting::Silences => {
            let hint = "Shorter silences do not cut";
            seconds(ui, ("Shortest silence", hint), &mut pieces.min_silence_secs, 0.0..=60.0);
        }
        Cutting::Onsets => {
            let hint = "How far an onset stands out from the 0.2 s around it; the strongest is 1";
            number(ui, ("Onset threshold", hint), &mut pieces.onset_delta, 0.0..=1.0, "");
        }
        Cutting::Off => {}
    }
    let hint = "Shorter pieces are left out";
    seconds(ui, ("Shortest piece", hint), &mut pieces.min_piece_secs, 0.0..=60.0);
    silent_below(ui, config);
}
