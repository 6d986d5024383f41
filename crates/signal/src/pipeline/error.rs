//! Why preprocessing could not go on.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
};

use crate::audio::{
    decode::DecodeError,
    folder::{Cause, FolderScan, Skipped},
    format::FORMATS,
};
use timbrespace_base::{
    names::shown, numbers, outputs::OutputError, regular_file::format_size, sentence::Sentence,
    setting::Misfit,
};

/// Why preprocessing could not go on.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// One recording could not be decoded.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] Misfit),
    /// A file of a preprocessed folder could not be read.
    #[error("cannot read {}: {cause}", shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        cause: Sentence,
    },
    /// A file could not be written.
    #[error("cannot write {}: {cause}", shown(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        cause: String,
    },
    /// The name of a file would be longer than the system allows.
    #[error("its name has {bytes} bytes, too many to add .npy to; give the recording a shorter name")]
    NameTooLong {
        /// Bytes of the recording's name.
        bytes: usize,
    },
    /// Recordings were gone before their turn came.
    #[error(
        "{}: {} of {} recordings vanished while they were preprocessed (the first: {}), so the images are not \
         complete; check that the folder or its disk is there, and run it again",
        shown(folder),
        numbers::count(*count),
        numbers::count(*total),
        shown(first)
    )]
    Vanished {
        /// The folder of the recordings.
        folder: PathBuf,
        /// Recordings that are gone.
        count: usize,
        /// Recordings in all.
        total: usize,
        /// The first one that is gone.
        first: PathBuf,
    },
    /// Not one recording could be used.
    #[error("{}: {cause}", shown(folder))]
    NothingUsable {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with the files, or advice where there are none.
        cause: Unusable,
    },
    /// The images would not fit into memory.
    #[error(
        "{} images of {} x {} need {gib:.1} GiB, more than the {limit_gib:.0} GiB that are allowed; \
         shorten them with --duration SECONDS",
        numbers::count(*images),
        numbers::count(*bins),
        numbers::count(*frames)
    )]
    TooLarge {
        /// Number of images.
        images: usize,
        /// Rows of an image.
        bins: usize,
        /// Columns of an image.
        frames: usize,
        /// What they need.
        gib: f64,
        /// What is allowed.
        limit_gib: f64,
    },
    /// One recording is so much longer than the others that padding to its length would make most of the images.
    #[error(
        "{}: is {secs:.0} s long, and all {} recordings would be padded to that: their images would take {} instead of \
         {}, more than the {} that are allowed; use the beginnings (--duration SECONDS; in the window: Duration), or take \
         this recording out",
        shown(longest),
        numbers::count(*images),
        format_size(*bytes),
        format_size(*own_bytes),
        format_size(*limit)
    )]
    TooMuchPadding {
        /// The longest recording.
        longest: PathBuf,
        /// Its length in seconds.
        secs: f64,
        /// Number of images.
        images: usize,
        /// Bytes of all padded images.
        bytes: u64,
        /// Bytes of the images without padding.
        own_bytes: u64,
        /// What is allowed.
        limit: u64,
    },
    /// A file must not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// Something else that the window says in its language.
    #[error(transparent)]
    Said(#[from] Sentence),
    /// Something else, in words.
    #[error("{0}")]
    Other(String),
    /// Stopped on request.
    #[error("stopped")]
    Stopped,
}

/// Why no recording of a folder can be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unusable {
    /// None of the files can be used.
    #[error("none of {} sound files can be used; the first: {first}", numbers::count(*files))]
    Files {
        /// How many.
        files: usize,
        /// The first of them.
        first: Skipped,
    },
    /// None of the files can be used; the causes were told before.
    #[error("none of {} sound files can be used", numbers::count(*files))]
    Unknown {
        /// How many.
        files: usize,
    },
    /// All files are left out.
    #[error("the list of recordings to leave out names all {} of them", numbers::count(*files))]
    LeftOut {
        /// How many.
        files: usize,
    },
    /// There are no files.
    #[error("holds no sound files; choose a folder with {FORMATS} files")]
    NoFiles,
}

impl From<PipelineError> for Cause {
    fn from(error: PipelineError) -> Self {
        match error {
            PipelineError::Decode(error) => error.into(),
            PipelineError::Said(sentence) => sentence.into(),
            other => Self::Words(other.to_string()),
        }
    }
}

impl PipelineError {
    /// The error for a folder without a single good recording.
    pub fn nothing_usable(scan: &FolderScan, skipped: &[Skipped]) -> Self {
        let files = scan.files.len().max(skipped.len());
        let cause = match skipped.first() {
            Some(first) => Unusable::Files { files, first: first.clone() },
            None if files > 0 => Unusable::Unknown { files },
            None if !scan.left_out.is_empty() => Unusable::LeftOut { files: scan.left_out.len() },
            None => Unusable::NoFiles,
        };
        Self::NothingUsable { folder: scan.root.clone(), cause }
    }

    /// What this program finds wrong with the file or folder at `path`.
    pub(super) fn refused(path: &Path, cause: Sentence) -> Self {
        Self::Read { path: path.into(), cause }
    }

    /// Why the first of the images that cannot be used, which are all, cannot.
    pub(super) fn unusable(first: &Skipped) -> Self {
        match &first.cause {
            Cause::Said(sentence) => Self::refused(&first.path, sentence.clone()),
            cause => Self::read(&first.path, cause),
        }
    }

    /// What the system or a library says of reading the file or folder at `path`.
    pub(super) fn read(path: &Path, cause: impl Display) -> Self {
        Self::refused(path, cause.to_string().into())
    }

    pub(super) fn write(path: &Path, cause: impl Display) -> Self {
        Self::Write { path: path.into(), cause: cause.to_string() }
    }
}
