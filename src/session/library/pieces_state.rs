//! State of recordings in pieces.

use std::{ops::Range, sync::Arc};

use crate::{
    audio::piece,
    jobs::scan::Recording,
    pipeline::pieces::{Cut, Piece},
};

/// The files of the open folder, where the recordings are their pieces.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    /// The files, in the order of their names; empty where recordings are whole files.
    pub files: Vec<FileInPieces>,
    /// How many pieces there are, and how many are left out by which rule.
    pub summary: String,
    /// The file that is shown with its pieces, instead of a recording's stages.
    pub shown: Option<usize>,
    /// Seconds of sound processed and in total, while files are being cut.
    pub cutting: Option<(usize, usize)>,
    /// Why the list does not follow the settings, if the last cutting did not complete.
    pub not_cut: Option<NotCut>,
}

/// Why recordings are not cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCut {
    /// The person cancelled it.
    Cancelled,
    /// It failed.
    Failed,
}

impl Pieces {
    /// The recording at `secs` of the file that is shown, and the seconds from its start to there.
    pub fn shown_at(&self, secs: f64) -> Option<(usize, f64)> {
        let file = self.files.get(self.shown?)?;
        let pieces = file.cut.as_ref()?.pieces().zip(file.recordings.clone());
        let (piece, recording) = pieces.take_while(|(piece, _)| piece.start_secs() <= secs).last()?;
        (secs < piece.end_secs()).then_some((recording, secs - piece.start_secs()))
    }

    /// The piece that the recording with this index is, and its file.
    pub fn piece_of(&self, recording: usize) -> Option<(&FileInPieces, Piece)> {
        let file = self.files.get(self.file_of(recording)?)?;
        let piece = file.cut.as_ref()?.pieces().nth(recording - file.recordings.start)?;
        Some((file, piece))
    }

    /// The file in which the recording with this index is.
    pub fn file_of(&self, recording: usize) -> Option<usize> {
        let place = self.files.partition_point(|file| file.recordings.end <= recording);
        self.files.get(place).filter(|file| file.recordings.contains(&recording)).map(|_| place)
    }
}

/// One file and its pieces.
#[derive(Clone, Debug)]
pub struct FileInPieces {
    /// The whole file, as a scan lists it.
    pub file: Recording,
    /// Its pieces, by their place in the list of recordings.
    pub recordings: Range<usize>,
    /// Where it is cut; `None` where it could not be.
    pub cut: Option<Arc<Cut>>,
    /// Why it has no piece, where it has none.
    pub problem: Option<String>,
    /// Whether the list shows the file without its pieces.
    pub is_folded: bool,
}

/// Commands about files in pieces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PiecesCommand {
    /// Shows a file with its pieces.
    ShowFile(usize),
    /// Folds a file's pieces in the list, or shows them.
    Fold(usize, bool),
    /// Plays a recording from these seconds on without showing its stages.
    Play(usize, f64),
    /// Cancels cutting; the list stays as it is.
    Cancel,
    /// Cuts with the current settings, after that was cancelled or failed.
    Cut,
}

/// Short name of a piece, shown below the name of its file: `@12.500`.
pub fn short_name(name: &str) -> &str {
    name.get(piece::file_name_of(name).len()..).filter(|start| !start.is_empty()).unwrap_or(name)
}
