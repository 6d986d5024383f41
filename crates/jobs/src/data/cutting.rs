//! Long recordings cut into pieces, each of which is a recording from here on.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rayon::prelude::*;

use crate::{JobContext, JobError, Note};

use timbrespace_signal::{
    audio::{
        folder::{FolderScan, Skipped},
        left_out::LeftOut,
        piece,
    },
    pipeline::{
        config::PreprocessingConfig,
        pieces::{self, Cut, Cutting, Reason},
    },
};

/// What [`run`] calls its progress; it counts seconds of sound.
pub const CUTTING: &str = "cutting, seconds";

/// One file in pieces.
#[derive(Clone, Debug)]
pub struct CutFile {
    /// Its path below the folder.
    pub file: PathBuf,
    /// Paths of its pieces, by their start.
    pub pieces: Vec<PathBuf>,
    /// Where it was cut, or why it could not be.
    pub cut: Result<Arc<Cut>, String>,
}

impl CutFile {
    fn new(file: PathBuf, cut: Result<Arc<Cut>, String>) -> Self {
        let pieces = cut.as_ref().map(|cut| paths_of(&file, cut)).unwrap_or_default();
        Self { file, pieces, cut }
    }

    /// Why the file has no piece, where it has none.
    pub fn problem(&self, config: &PreprocessingConfig) -> Option<String> {
        match &self.cut {
            Err(cause) => Some(cause.clone()),
            Ok(_) if !self.pieces.is_empty() => None,
            Ok(cut) => Some(no_piece(cut, config)),
        }
    }
}

/// Paths of the pieces that `file` is cut into.
fn paths_of(file: &Path, cut: &Cut) -> Vec<PathBuf> {
    let last_ms = cut.pieces().last().map_or(0, |piece| piece.start_ms);
    let digits = piece::digits_for(last_ms);
    cut.pieces().map(|piece| piece::path_of(file, piece.start_ms, digits)).collect()
}

/// Says why all pieces are left out.
fn no_piece(cut: &Cut, config: &PreprocessingConfig) -> String {
    let settings = &config.pieces;
    let (short, silent) = (cut.count(Reason::Short), cut.count(Reason::Silent));
    match (short, silent, settings.at) {
        (0, 0, Cutting::Onsets) => {
            "no piece: nothing begins to sound in it; lower the onset threshold (--onset-delta)".to_owned()
        }
        (0, 0, _) => "no piece: all of it is silent".to_owned(),
        (0, ..) => format!("no piece: all of it stays {} dB below its loudest frame", settings.silence_db),
        _ => format!(
            "no piece: {short} are shorter than {} s (--min-piece), {silent} are silent",
            settings.min_piece_secs
        ),
    }
}

/// What to cut.
pub struct Request {
    /// The folder.
    pub root: PathBuf,
    /// Files below it.
    pub files: Vec<PathBuf>,
    /// How.
    pub config: PreprocessingConfig,
}

/// Cuts the files, several at once, in their order.
///
/// # Errors
/// On [`Interrupt`](timbrespace_base::interrupt::Interrupt).
pub fn run(request: &Request, context: &JobContext<'_>) -> Result<Vec<CutFile>, JobError> {
    let Request { root, files, config } = request;
    let total_ms: u64 = files.par_iter().map(|file| pieces::header_ms(&root.join(file))).sum();
    let total = (total_ms / 1000) as usize;
    let passed_ms = AtomicU64::new(0);
    let passes = if config.pieces.at == Cutting::Onsets { 2.0 } else { 1.0 };
    let cut = |file: &PathBuf| {
        let mut passed = |secs: f64| {
            let own_ms = (secs * 1000.0 / passes).round() as u64;
            let done = passed_ms.fetch_add(own_ms, Ordering::Relaxed) + own_ms;
            context.progress(CUTTING, (done / 1000) as usize, total);
        };
        match pieces::cut(&root.join(file), config, &mut passed, context.interrupt) {
            Ok(Some(cut)) => Ok(CutFile::new(file.clone(), Ok(cut))),
            Ok(None) => Err(JobError::Stopped),
            Err(error) => Ok(CutFile::new(file.clone(), Err(error.cause()))),
        }
    };
    files.par_iter().map(cut).collect()
}

/// Replaces the files of `scan` by their pieces, except those in `left_out`, and reports their number. Returns `scan`
/// unchanged if `config` does not cut.
pub(crate) fn applied_to(
    scan: FolderScan,
    config: &PreprocessingConfig,
    left_out: &LeftOut,
    context: &JobContext<'_>,
) -> Result<FolderScan, JobError> {
    if !config.pieces.is_on() {
        return Ok(scan);
    }
    let is_piece = |file: &PathBuf| piece::found_at(&scan.root.join(file)).is_some();
    let (named, whole): (Vec<PathBuf>, Vec<PathBuf>) = scan.files.into_iter().partition(is_piece);
    let request = Request { root: scan.root.clone(), files: whole, config: config.clone() };
    let files = run(&request, context)?;
    if !files.is_empty() {
        context.note(Note::Pieces(summary(&files, config)));
    }
    let mut result = FolderScan { files: named, ..scan };
    for file in files {
        match file.problem(config) {
            Some(cause) => {
                result.skipped.push(Skipped { path: result.root.join(&file.file), cause: cause.into() });
            }
            None => result.files.extend(file.pieces),
        }
    }
    result.skipped.sort();
    Ok(left_out.apply(result))
}

/// How many pieces there are, and how many are left out by which rule.
pub fn summary(files: &[CutFile], config: &PreprocessingConfig) -> String {
    let cuts = || files.iter().filter_map(|file| file.cut.as_ref().ok());
    let count = |reason| cuts().map(|cut| cut.count(reason)).sum::<usize>();
    let pieces: usize = files.iter().map(|file| file.pieces.len()).sum();
    let settings = &config.pieces;
    let rules = [
        (count(Reason::Short), format!("shorter than {} s", settings.min_piece_secs)),
        (
            count(Reason::Silent),
            format!("silent ({} dB below the loudest frame of the file)", settings.silence_db),
        ),
    ];
    let left_out = rules.into_iter().filter(|(count, _)| *count > 0).map(|(count, rule)| {
        let are = if count == 1 { "is" } else { "are" };
        format!("; {count} {are} left out: {rule}")
    });
    let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let all = format!("{} of {}", counted(pieces, "piece"), counted(files.len(), "file"));
    all + &left_out.collect::<String>()
}
