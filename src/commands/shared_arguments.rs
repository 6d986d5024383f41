//! Flags that several subcommands share.

use std::path::PathBuf;

use clap::Args;

use super::{choice::one_of, error::CommandError};
use crate::{
    audio::{encode::BitDepth, left_out::LeftOut},
    jobs::JobError,
    outputs::Replace,
};

/// How the result is written.
#[derive(Args, Debug)]
pub struct ResultArguments {
    /// Write the result as one JSON object; a failure becomes {"error": "..."}, besides the words on standard error
    #[arg(long)]
    pub(super) json: bool,
}

/// Which recordings of a folder are left out.
#[derive(Args, Debug)]
pub struct ExcludeArguments {
    /// Leave out the recordings that this text file lists: one path a line, relative to the folder and with `/` between parts;
    /// lines that begin with # are comments
    #[arg(long, value_name = "LIST")]
    exclude: Option<PathBuf>,
}

impl ExcludeArguments {
    /// The list; empty where none was given.
    pub(super) fn list(&self) -> Result<LeftOut, CommandError> {
        let list = self.exclude.as_deref().map(LeftOut::read).transpose();
        Ok(list.map_err(JobError::from)?.unwrap_or_default())
    }
}

/// Which existing files may be replaced.
#[derive(Args, Debug)]
pub struct OverwriteArguments {
    /// Replace files that are there already. Without it, only those are replaced that Timbrespace wrote and nobody changed
    /// since. What is read is never replaced
    #[arg(long)]
    overwrite: bool,
}

impl OverwriteArguments {
    pub(super) fn replace(&self) -> Replace {
        Replace::by_flag(self.overwrite)
    }
}

/// How sounds are written.
#[derive(Args, Debug)]
pub struct WavArguments {
    /// Sample type of the WAV files: 16-bit or 24-bit PCM, or 32-bit float
    #[arg(long, value_name = "BITS", default_value = "16", value_parser = one_of(BITS))]
    pub(super) bits: BitDepth,
}

pub(super) const BITS: &[(&str, BitDepth)] =
    &[("16", BitDepth::Int16), ("24", BitDepth::Int24), ("32f", BitDepth::Float32)];
