//! Remarks of a job for the person: what is worth knowing of its work and ends nothing.
//!
//! [`Note`] says what it is about, so that a window can word it in its language. The English here is the command line's.

use std::{
    fmt::{self, Display, Formatter},
    path::PathBuf,
    sync::Arc,
};

use serde::{Serialize, Serializer};
use timbrespace_base::{names::shown, sentence::Sentence};
use timbrespace_vae::{error::ModelError, steering::Setting};

use crate::JobError;

/// A remark.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// In words: of a job that only the command line runs.
    Words(String),
    /// A file of a run could not be read as a whole; the cause names it.
    Damaged(Sentence),
    /// What is amiss with a preprocessed folder.
    Images(Sentence),
    /// How many pieces the files were cut into.
    Pieces(String),
    /// Names on the list of recordings to leave out that match nothing.
    Unmatched {
        /// How many.
        count: usize,
        /// Where they were looked for.
        folder: PathBuf,
        /// The whole remark.
        words: String,
    },
    /// The model's start is being computed.
    FittingComponents,
    /// All recordings are pieces of one file, so none validates.
    NoneKeptOut,
    /// Classes or groups that validate.
    KeptOut(Vec<String>),
    /// Images are read from this folder while training goes on.
    Streamed(PathBuf),
    /// The run that was to replace this model left no checkpoint.
    OldModel,
    /// Files of a replaced model's folder that stay, by name.
    ForeignFiles(String),
    /// A part of the run could not be written this time.
    Unwritten(Part, Reason),
    /// A checkpoint could not be written.
    CheckpointUnwritten(Reason),
    /// The baselines could not be written.
    BaselinesUnwritten(Reason),
    /// The baselines could not be computed, with the cause where it is known.
    NoBaselines(Option<Reason>),
    /// The best epoch's checkpoint is gone.
    BestIsGone,
    /// The model is kept without its density.
    NoDensity(Reason),
    /// The same, because a foreign file of this name is in its place.
    ForeignDensity(&'static str),
    /// A foreign file of this name is where detail would be written.
    ForeignDetail(&'static str),
    /// Detail was made of some recordings only.
    DetailOfSome {
        /// Recordings that it was made of.
        made: usize,
        /// Recordings in all.
        of: usize,
    },
    /// The run was stopped before detail was made.
    DetailStopped,
    /// Detail could not be made.
    DetailFailed(Reason),
    /// A ladder has no rung with the model's detail.
    NoRungOfDetail(Reason),
    /// A change of a running run's settings is refused, and the old value stays.
    Refused(Setting, Reason),
    /// A failed run has nothing to go on from.
    NoCheckpoint,
    /// What a failed run can go on from.
    WayBack {
        /// The last good checkpoint.
        checkpoint: PathBuf,
        /// A learning rate to go on with.
        learning_rate: f64,
    },
}

/// Why something of a run went wrong, in parts that another language can say.
#[derive(Clone, Debug)]
pub enum Reason {
    /// What a job says.
    Job(Arc<JobError>),
    /// What a model or its training says.
    Model(Arc<ModelError>),
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Job(error) => error.fmt(f),
            Self::Model(error) => error.fmt(f),
        }
    }
}

/// Whether both say the same.
impl PartialEq for Reason {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

/// In English, as reports have it.
impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<JobError> for Reason {
    fn from(error: JobError) -> Self {
        Self::Job(Arc::new(error))
    }
}

impl From<Sentence> for Reason {
    fn from(sentence: Sentence) -> Self {
        JobError::Said(sentence).into()
    }
}

impl From<ModelError> for Reason {
    fn from(error: ModelError) -> Self {
        Self::Model(Arc::new(error))
    }
}

/// A part of a run on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `steps.csv`.
    Steps,
    /// `history.csv`.
    History,
    /// The model.
    Model,
    /// Event files for TensorBoard.
    Events,
    /// Files of the model that replace those before.
    NewFiles,
    /// `run.json`.
    Record,
    /// `replay`.
    Replay,
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steps => "its steps",
            Self::History => "its history",
            Self::Model => "its model",
            Self::Events => "its event files for TensorBoard",
            Self::NewFiles => "the new files of the model",
            Self::Record => "its record",
            Self::Replay => "its replay",
        })
    }
}

impl From<String> for Note {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl Display for Note {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) | Self::Pieces(words) | Self::Unmatched { words, .. } => f.write_str(words),
            Self::Damaged(sentence) | Self::Images(sentence) => sentence.fmt(f),
            Self::Refused(setting, cause) => write!(f, "the {} stays as it is: {cause}", setting.label()),
            Self::NoRungOfDetail(cause) => write!(f, "no rung with detail: {cause}"),
            Self::FittingComponents => {
                f.write_str("fitting the principal components that the model starts as")
            }
            Self::NoneKeptOut => f.write_str(
                "all recordings are pieces of one file, and one file is never on both sides of a split: none is kept out to \
                 validate",
            ),
            Self::KeptOut(kinds) => write!(f, "kept out of training: {}", kinds.join(", ")),
            Self::Streamed(folder) => {
                write!(f, "images are read from {} while training goes on", shown(folder))
            }
            Self::OldModel => f.write_str(
                "a run that was to replace this model ended before its first checkpoint; this is the old one",
            ),
            Self::ForeignFiles(names) => {
                write!(f, "Timbrespace did not write these files and leaves them where they are: {names}")
            }
            Self::Unwritten(part, cause) => {
                write!(f, "the run goes on, but {part} could not be written: {cause}")
            }
            Self::CheckpointUnwritten(cause) => write!(
                f,
                "the run goes on, but a checkpoint could not be written: {cause}. The last good one is still there, and \
                 the next one is tried again"
            ),
            other => other.at_the_end(f),
        }
    }
}

impl Note {
    /// Writes what is said at the end of a run.
    fn at_the_end(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaselinesUnwritten(cause) => write!(f, "the baselines could not be kept: {cause}"),
            Self::NoBaselines(None) => f.write_str("the baselines could not be computed"),
            Self::NoBaselines(Some(cause)) => write!(f, "the baselines could not be computed: {cause}"),
            Self::BestIsGone => {
                f.write_str("the best epoch's checkpoint is gone; the last weights are kept")
            }
            Self::ForeignDensity(file) => write!(
                f,
                "the model is kept without the density of its recordings: Timbrespace did not write the {file} that is there; \
                 move it away"
            ),
            Self::NoDensity(cause) => {
                write!(f, "the model is kept without the density of its recordings: {cause}")
            }
            Self::ForeignDetail(file) => write!(
                f,
                "the model is kept without detail: Timbrespace did not write the {file} that is there; move it away, then run \
                 `timbrespace detail`"
            ),
            Self::DetailOfSome { made, of } => write!(
                f,
                "detail was made of {made} of the {of} training recordings, evenly spread: more do not fit into its file"
            ),
            Self::DetailStopped => f.write_str(
                "the run was stopped before detail was made; `timbrespace detail` makes it from the recordings",
            ),
            Self::DetailFailed(cause) => {
                write!(f, "the model is kept, but its detail could not be: {cause}")
            }
            Self::WayBack { checkpoint, learning_rate } => write!(
                f,
                "the last good checkpoint is {}; go on from it with a lower learning rate (--resume --learning-rate \
                 {learning_rate})",
                shown(checkpoint)
            ),
            _ => f.write_str("the run has no checkpoint yet; start it anew with other settings"),
        }
    }
}
