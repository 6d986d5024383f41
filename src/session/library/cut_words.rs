//! What a person is told about recordings in pieces.

use crate::{
    jobs::data::cutting::CutFile,
    language::text,
    pipeline::{
        config::PreprocessingConfig,
        pieces::{Cut, Cutting, Reason},
    },
};

/// How many pieces `files` have, and how many are left out by which rule.
pub(super) fn summary(files: &[CutFile], config: &PreprocessingConfig) -> String {
    let cuts = || files.iter().filter_map(|file| file.cut.as_ref().ok());
    let count = |reason| cuts().map(|cut| cut.count(reason)).sum::<usize>();
    let pieces: usize = files.iter().map(|file| file.pieces.len()).sum();
    let settings = &config.pieces;
    let mut words = text!("message-pieces", pieces = pieces, files = files.len());
    let short = count(Reason::Short);
    if short > 0 {
        let seconds = settings.min_piece_secs.to_string();
        words += &text!("message-pieces-short", count = short, seconds = seconds);
    }
    let silent = count(Reason::Silent);
    if silent > 0 {
        let decibels = settings.silence_db.to_string();
        words += &text!("message-pieces-silent", count = silent, decibels = decibels);
    }
    words
}

/// Why a file has no piece, where it has none.
pub(super) fn problem(file: &CutFile, config: &PreprocessingConfig) -> Option<String> {
    match &file.cut {
        Err(cause) => Some(cause.clone()),
        Ok(_) if !file.pieces.is_empty() => None,
        Ok(cut) => Some(no_piece(cut, config)),
    }
}

/// Says why all pieces are left out.
fn no_piece(cut: &Cut, config: &PreprocessingConfig) -> String {
    let settings = &config.pieces;
    let (short, silent) = (cut.count(Reason::Short), cut.count(Reason::Silent));
    match (short, silent, settings.at) {
        (0, 0, Cutting::Onsets) => text!("message-no-piece-begins"),
        (0, 0, _) => text!("message-no-piece-sounds"),
        (0, ..) => text!("message-no-piece-is-loud", decibels = settings.silence_db.to_string()),
        _ => text!(
            "message-no-piece-is-long",
            short = short,
            seconds = settings.min_piece_secs.to_string(),
            silent = silent
        ),
    }
}
