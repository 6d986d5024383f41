//! Long recordings in pieces: where they are cut, and which pieces are left out.
//!
//! A piece is what `librosa.load(file, offset=start, duration=length)` loads. Starts and ends are whole milliseconds, so a name
//! says all of a start ([`crate::audio::piece`]). No piece is longer than the setting `duration`; one that is shorter is padded.

pub mod measure;
pub mod settings;

use std::{borrow::Cow, ops::Range, path::Path, sync::Arc};

use self::measure::LevelCurve;
pub use self::settings::{Cutting, PIECES, PieceChoices, PieceConfig};
use super::config::{ChannelChoice, PreprocessingConfig};
use crate::{
    audio::{
        decode::{self, DecodeError},
        file_memo::FileMemo,
        piece,
    },
    dsp::onset,
};
use timbrespace_base::interrupt::Interrupt;

/// Part of a recording, in milliseconds from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins.
    pub start_ms: u64,
    /// Where it ends.
    pub end_ms: u64,
}

impl Piece {
    /// Where it begins, in seconds.
    pub fn start_secs(self) -> f64 {
        self.start_ms as f64 / 1000.0
    }

    /// Where it ends, in seconds.
    pub fn end_secs(self) -> f64 {
        self.end_ms as f64 / 1000.0
    }

    /// Its length in seconds.
    pub fn secs(self) -> f64 {
        self.end_ms.saturating_sub(self.start_ms) as f64 / 1000.0
    }
}

/// Why a piece is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is shorter than [`PieceConfig::min_piece_secs`].
    Short,
    /// All of it stays [`PieceConfig::silence_db`] below the recording's loudest frame.
    Silent,
}

/// A recording cut into pieces.
#[derive(Clone, Debug)]
pub struct Cut {
    /// What was measured of the recording.
    pub measured: Arc<LevelCurve>,
    /// All pieces by their start, with the reason of those that are left out.
    pub all: Vec<(Piece, Option<Reason>)>,
}

impl Cut {
    /// The pieces that are used, by their start.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        self.all.iter().filter(|(_, reason)| reason.is_none()).map(|(piece, _)| *piece)
    }

    /// How many pieces are left out for this reason.
    pub fn count(&self, reason: Reason) -> usize {
        self.all.iter().filter(|(_, other)| *other == Some(reason)).count()
    }

    /// Seconds from `start_ms` to the end of the piece that begins there, or else to the next piece; `None` after the last one.
    fn secs_from(&self, start_ms: u64) -> Option<f64> {
        let (piece, _) = self.all.get(self.all.partition_point(|(piece, _)| piece.start_ms < start_ms))?;
        let end_ms = if piece.start_ms == start_ms { piece.end_ms } else { piece.start_ms };
        Some((end_ms - start_ms) as f64 / 1000.0)
    }
}

/// What a cut depends on besides the file.
#[derive(Clone, Debug, PartialEq)]
struct Rule {
    channel: ChannelChoice,
    pieces: PieceConfig,
    longest_secs: f64,
}

/// Cuts that are kept: who loads a piece needs to know where it ends.
static CUTS: FileMemo<Rule, Cut> = FileMemo::new(MOST_PIECES);
/// Pieces of all cuts that are kept.
const MOST_PIECES: usize = 1 << 20;
/// Every cut counts as so many pieces more, for its name.
const PIECES_A_CUT: usize = 8;

/// Cuts the recording at `path` as `config` says; it is measured in one or two passes, block by block, if it was not yet.
/// `passed` receives the seconds measured so far.
///
/// # Errors
/// When the file cannot be decoded. Returns `None` when stopped.
pub fn cut(
    path: &Path,
    config: &PreprocessingConfig,
    passed: &mut dyn FnMut(f64),
    interrupt: &Interrupt,
) -> Result<Option<Arc<Cut>>, DecodeError> {
    let longest_secs = config.max_secs().unwrap_or(f64::INFINITY);
    let rule = Rule { channel: config.channel, pieces: config.pieces.clone(), longest_secs };
    if let Some(known) = CUTS.get(path, &rule) {
        return Ok(Some(known));
    }
    let with_onsets = rule.pieces.at == Cutting::Onsets;
    let Some(measured) = measure::measured(path, rule.channel, with_onsets, passed, interrupt)? else {
        return Ok(None);
    };
    let cut = Arc::new(pieces_of(measured, &rule));
    CUTS.keep(path, rule, Arc::clone(&cut), cut.all.len() + PIECES_A_CUT);
    Ok(Some(cut))
}

/// Cuts a recording that was measured.
fn pieces_of(measured: Arc<LevelCurve>, rule: &Rule) -> Cut {
    let (levels, settings, longest_secs) = (&measured.levels, &rule.pieces, rule.longest_secs);
    let rate = f64::from(measured.sample_rate_hz.max(1));
    let whole_ms = (levels.len() as f64 / rate * 1000.0).ceil() as u64;
    let ms = |samples: u64| (samples as f64 / rate * 1000.0) as u64;
    let candidates = match settings.at {
        Cutting::Off => vec![Piece { start_ms: 0, end_ms: whole_ms.min(after(0, longest_secs)) }],
        Cutting::Length => {
            let step_secs = (longest_secs - settings.overlap_secs).max(0.001);
            let pieces = evenly(Piece { start_ms: 0, end_ms: whole_ms }, longest_secs, step_secs);
            without_repetition(pieces)
        }
        Cutting::Silences => {
            let stretches = levels.stretches(settings.silence_db).into_iter();
            let sounding =
                stretches.map(|part| Piece { start_ms: ms(part.start), end_ms: ms(part.end).min(whole_ms) });
            joined(sounding, (settings.min_silence_secs * 1000.0).round() as u64)
                .into_iter()
                .flat_map(|sounding| evenly(sounding, longest_secs, longest_secs))
                .collect()
        }
        Cutting::Onsets => {
            let strength = measured.onset_strength.as_deref().unwrap_or_default();
            let frames = onset::onsets(strength, measured.sample_rate_hz, settings.onset_delta as f32);
            let starts: Vec<u64> = frames.iter().map(|frame| ms((frame * onset::HOP) as u64)).collect();
            let ends = starts.iter().copied().skip(1).chain([whole_ms]);
            let piece = |(start_ms, next_ms): (&u64, u64)| Piece {
                start_ms: *start_ms,
                end_ms: next_ms.min(after(*start_ms, longest_secs)),
            };
            starts.iter().zip(ends).map(piece).collect()
        }
    };
    sorted_out(measured, candidates, settings)
}

/// The pieces with the reason of those that are left out.
fn sorted_out(measured: Arc<LevelCurve>, candidates: Vec<Piece>, settings: &PieceConfig) -> Cut {
    let rate = f64::from(measured.sample_rate_hz.max(1));
    let samples = |piece: &Piece| -> Range<u64> {
        (piece.start_secs() * rate) as u64..((piece.end_secs() * rate) as u64).min(measured.levels.len())
    };
    let parts: Vec<Range<u64>> = candidates.iter().map(samples).collect();
    let silent = measured.levels.silent_parts(&parts, settings.silence_db);
    let judged = candidates.into_iter().zip(silent).map(|(piece, is_silent)| {
        let is_short = piece.secs() < settings.min_piece_secs;
        let reason = is_short.then_some(Reason::Short).or(is_silent.then_some(Reason::Silent));
        (piece, reason)
    });
    let all = judged.collect();
    Cut { measured, all }
}

/// The first whole millisecond that is `secs` after `start_ms`.
fn after(start_ms: u64, secs: f64) -> u64 {
    // Less than a microsecond beyond a millisecond is a matter of rounding.
    start_ms.saturating_add((secs * 1000.0 - 1e-3).ceil().max(0.0) as u64)
}

/// `sounding` in pieces of `longest_secs`, one every `step_secs`.
fn evenly(sounding: Piece, longest_secs: f64, step_secs: f64) -> Vec<Piece> {
    if !step_secs.is_finite() {
        return vec![sounding];
    }
    let start = |index: usize| sounding.start_ms + (index as f64 * step_secs * 1000.0).round() as u64;
    let most = (sounding.end_ms - sounding.start_ms) as f64 / (step_secs * 1000.0);
    (0..=most as usize)
        .map(start)
        .take_while(|start_ms| *start_ms < sounding.end_ms)
        .map(|start_ms| Piece { start_ms, end_ms: sounding.end_ms.min(after(start_ms, longest_secs)) })
        .collect()
}

/// Overlapping pieces without those at the end that hold nothing which the one before has not.
fn without_repetition(mut pieces: Vec<Piece>) -> Vec<Piece> {
    while let [.., before, last] = pieces.as_slice()
        && last.end_ms <= before.end_ms
    {
        pieces.pop();
    }
    pieces
}

/// Pieces without the gaps between them that are shorter than `least_ms`.
fn joined(pieces: impl Iterator<Item = Piece>, least_ms: u64) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if piece.start_ms < last.end_ms + least_ms => last.end_ms = piece.end_ms,
            _ => joined.push(piece),
        }
    }
    joined
}

/// What of a file is used for a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct FileSpan<'a> {
    /// The file.
    pub file: Cow<'a, Path>,
    /// Where the recording begins in it, in seconds.
    pub offset_secs: f64,
    /// Seconds from there on, or all.
    pub max_secs: Option<f64>,
}

/// What is used for the recording at `path`, a file or a piece of one.
///
/// # Errors
/// When the file has to be decoded to know that, and cannot be.
pub fn part_of<'a>(path: &'a Path, config: &PreprocessingConfig) -> Result<FileSpan<'a>, DecodeError> {
    let max_secs = config.max_secs();
    if let Some((file, start_ms)) = piece::found_at(path) {
        let to_its_end = secs_from(&file, start_ms, config)?;
        let max_secs = match (max_secs, to_its_end) {
            (Some(longest), Some(own)) => Some(longest.min(own)),
            (longest, own) => longest.or(own),
        };
        return Ok(FileSpan { file: file.into(), offset_secs: start_ms as f64 / 1000.0, max_secs });
    }
    let silence_secs = if config.trim_silence { leading_silence_secs(path, config)? } else { 0.0 };
    Ok(FileSpan { file: path.into(), offset_secs: config.offset_secs.max(silence_secs), max_secs })
}

/// Seconds of the file at `path` from `start_ms` on that a piece there uses: to the end of the piece that the cut has there, if
/// it has one, else to its next start; `None` where the duration alone decides.
///
/// # Errors
/// When the file cannot be decoded.
fn secs_from(path: &Path, start_ms: u64, config: &PreprocessingConfig) -> Result<Option<f64>, DecodeError> {
    if matches!(config.pieces.at, Cutting::Off | Cutting::Length) {
        return Ok(None);
    }
    let cut = cut(path, config, &mut |_| (), &Interrupt::new())?;
    Ok(cut.and_then(|cut| cut.secs_from(start_ms)))
}

/// Seconds of silence at the start of the file at `path`; none where all of it is silent.
///
/// # Errors
/// When the file cannot be decoded.
fn leading_silence_secs(path: &Path, config: &PreprocessingConfig) -> Result<f64, DecodeError> {
    let measured = measure::measured(path, config.channel, false, &mut |_| (), &Interrupt::new())?;
    Ok(measured.map_or(0.0, |measured| {
        let first = measured.levels.stretches(config.pieces.silence_db).first().map_or(0, |part| part.start);
        first as f64 / f64::from(measured.sample_rate_hz.max(1))
    }))
}

/// The length of the file at `path` in whole milliseconds, by its header; 0 where that does not tell.
pub fn header_ms(path: &Path) -> u64 {
    let secs = decode::probe(path).ok().and_then(|info| info.duration_secs);
    secs.map_or(0, |secs| (secs * 1000.0).ceil() as u64)
}

#[cfg(test)]
mod tests;
