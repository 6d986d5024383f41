//! What headers and lengths tell of a folder before images are made of it.

use std::path::Path;

use rayon::prelude::*;

use super::{PipelineError, PreprocessingPipeline};
use crate::{
    audio::{
        decode::{self, DecodeError},
        folder::FolderScan,
    },
    pipeline::{
        loader::Loaded,
        memory::{self, Held, Padding},
    },
};
use timbrespace_base::interrupt::{Interrupt, Signal};

impl PreprocessingPipeline {
    /// Refuses a folder with a recording that the settings do not allow, by the headers and before anything is done: the
    /// settings are to be changed then, not recordings left out.
    ///
    /// # Errors
    /// Names the first such recording, or on [`Interrupt`].
    pub fn check(&self, scan: &FolderScan, interrupt: &Interrupt) -> Result<(), PipelineError> {
        let refused = scan.files.par_iter().find_map_first(|file| {
            if interrupt.wait_while_paused() == Signal::Stop {
                return Some(PipelineError::Stopped);
            }
            self.loader.check(&scan.root.join(file)).err().map(PipelineError::from)
        });
        refused.map_or(Ok(()), Err)
    }

    /// One file's signal, unless what is made of it would not fit into memory.
    pub(in crate::pipeline) fn load_for(&self, path: &Path, held: Held) -> Result<Loaded, DecodeError> {
        let loaded = self.loader.load(path)?;
        self.sizes().check_held(path, loaded.signal.len(), held)?;
        Ok(loaded)
    }

    /// The padded length of every signal of `scan`: the setting's, or the longest recording's.
    ///
    /// Whole files whose padded images would be too large are refused by their headers, before any is decoded.
    pub(in crate::pipeline) fn common_len(
        &self,
        scan: &FolderScan,
        interrupt: &Interrupt,
    ) -> Result<usize, PipelineError> {
        if let Some(len) = self.config.padded_len() {
            return Ok(len);
        }
        let in_header = |path: &Path| {
            let secs = decode::probe(path).ok()?.duration_secs?;
            Some(self.config.len_of(secs)).filter(|len| self.may_hold(path, *len))
        };
        self.padding(scan, interrupt, in_header)?.check(self.sizes(), memory::LIMIT)?;
        // A file that cannot be decoded is named when its turn comes.
        let decoded = |path: &Path| Some(self.load_for(path, Held::Image).ok()?.signal.len());
        let padding = self.padding(scan, interrupt, decoded)?;
        padding.check(self.sizes(), memory::LIMIT)?;
        Ok(self.sizes().whole_len(padding.longest()))
    }

    fn may_hold(&self, path: &Path, len: usize) -> bool {
        self.sizes().check_held(path, len, Held::Image).is_ok()
    }

    /// What padding adds, by the lengths that `len_of` gives; recordings without one are left out.
    fn padding(
        &self,
        scan: &FolderScan,
        interrupt: &Interrupt,
        len_of: impl Fn(&Path) -> Option<usize> + Sync,
    ) -> Result<Padding, PipelineError> {
        let files = scan.files.par_iter().map(|file| {
            if interrupt.wait_while_paused() == Signal::Stop {
                return Err(PipelineError::Stopped);
            }
            let path = scan.root.join(file);
            let mut padding = Padding::default();
            if let Some(len) = len_of(&path) {
                padding.add(self.sizes(), len, &path);
            }
            Ok(padding)
        });
        files.try_reduce(Padding::default, |a, b| Ok(a.join(b)))
    }
}
